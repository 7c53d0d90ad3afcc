"""A phrase is how a rule of danger writes what people say: words, stems, alternatives and gaps.

    locked        the word                          kill*      any word that begins so ("killing")
    (in|inside)   one of these                      (my|the)?  perhaps one of these
    <he>          one of the words named "he"       don't      also "dont" and "don t"
    ...           up to four words in between       ...2       up to two; never across the end of a sentence

Capitals, diacritics, script and doubled letters don't matter, in the phrase as in the text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from nlu_data.normalise import fold

GAP = 4
_TOKEN = re.compile(r"\s*(?:<(?P<group>[\w-]+)>|(?P<gap>\.\.\.\d*)|(?P<mark>[()|?])|(?P<word>[\w'’*]+))")
_INNER_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_END = re.compile(r"[.!?;]+")
_DOUBLED = re.compile(r"([^\W\d_])\1+")
_NO_WORD = re.compile(r"[^\w|]+|_")


class PhraseError(ValueError):
    """A phrase of the lexicon can't be read."""


def bare(text: str) -> str:
    """Return the text as phrases see it: "word word | word ", the bar where a sentence ends.

    On top of folding, what people write one way and another is made one: doubled letters, apostrophes,
    dj for d (izadjem, izadem), q for ç (qka, cka).
    """
    text = _INNER_APOSTROPHE.sub("", fold(text))
    text = _NO_WORD.sub(" ", _END.sub(" | ", text))
    return " ".join(map(_plain, text.split())) + " "


def _plain(word: str) -> str:
    return _DOUBLED.sub(r"\1", word.replace("dj", "d").replace("q", "c"))


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that can be looked for in a bare text.

    `expression`: as a regular expression, which is made ready when it is first needed: most never are.
    `anchors`: a text without any of these can't hold the phrase. "word " is a whole word, "stem" a beginning.
    """

    source: str
    expression: str
    anchors: frozenset[str]

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield every place in the bare text where the phrase stands, also overlapping ones."""
        pattern = _ready(self.expression)
        found = pattern.search(text)
        while found:
            yield found.span()
            found = pattern.search(text, found.start() + 1)


@cache
def _ready(expression: str) -> re.Pattern[str]:
    return re.compile(f"(?<![^ ]){expression}")


def read(source: str, groups: Mapping[str, Sequence[str]]) -> Phrase:
    """Read one phrase; `groups` are the named words it may use. Raises `PhraseError`."""
    expression, anchors = _Reader(source, groups).whole()
    if not anchors:
        raise PhraseError(f"{source!r} has no word that must be there")
    return Phrase(source, expression, anchors)


Part = tuple[str, frozenset[str]]
_NOTHING: frozenset[str] = frozenset()


class _Reader:
    def __init__(self, source: str, groups: Mapping[str, Sequence[str]], within: tuple[str, ...] = ()) -> None:
        self.source = source
        self.groups = groups
        self.within = within
        self.tokens = list(self._tokens())
        self.at = 0

    def _tokens(self) -> Iterator[tuple[str, str]]:
        end = 0
        while self.source[end:].strip():
            found = _TOKEN.match(self.source, end)
            if not found or not found.lastgroup:
                raise PhraseError(f"{self.source!r}: can't read {self.source[end:]!r}")
            yield found.lastgroup, found[found.lastgroup]
            end = found.end()

    def whole(self) -> Part:
        part = self._alternatives()
        if self.at < len(self.tokens):
            raise PhraseError(f"{self.source!r}: a bracket too many")
        return part

    def _alternatives(self) -> Part:
        parts = [self._sequence()]
        while self._next() == ("mark", "|"):
            self.at += 1
            parts.append(self._sequence())
        return _either(parts)

    def _next(self) -> tuple[str, str] | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def _sequence(self) -> Part:
        parts: list[Part] = []
        while (token := self._next()) and token not in {("mark", "|"), ("mark", ")")}:
            self.at += 1
            expression, anchors = self._one(*token)
            if self._next() == ("mark", "?"):
                self.at += 1
                expression, anchors = f"(?:{expression})?", _NOTHING
            parts.append((expression, anchors))
        if not parts:
            raise PhraseError(f"{self.source!r}: nothing between two marks")
        # The rarest word makes the best anchor; the longest is the best guess at it.
        best = max((anchors for _, anchors in parts if anchors), key=_rarity, default=_NOTHING)
        return "".join(expression for expression, _ in parts), best

    def _one(self, kind: str, value: str) -> Part:
        if kind == "gap":
            return rf"(?:[^ |]+ ){{0,{int(value[3:] or GAP)}}}?", _NOTHING
        if kind == "group":
            return self._group(value)
        if kind == "word":
            return _word(value)
        if value != "(":
            raise PhraseError(f"{self.source!r}: {value!r} out of place")
        expression, anchors = self._alternatives()
        if self._next() != ("mark", ")"):
            raise PhraseError(f"{self.source!r}: a bracket isn't closed")
        self.at += 1
        return f"(?:{expression})", anchors

    def _group(self, name: str) -> Part:
        if name not in self.groups or name in self.within:
            raise PhraseError(f"{self.source!r}: there are no words named <{name}>")
        within = (*self.within, name)
        return _either([_Reader(source, self.groups, within).whole() for source in self.groups[name]])


def _either(parts: list[Part]) -> Part:
    if len(parts) == 1:
        return parts[0]
    anchors = [anchors for _, anchors in parts]
    joined = "|".join(expression for expression, _ in parts)
    return f"(?:{joined})", frozenset().union(*anchors) if all(anchors) else _NOTHING


@cache  # words of the lexicon only, never of a message: they come again and again in groups
def _word(word: str) -> Part:
    head, star, _ = word.partition("*")
    pieces = [bare(piece).strip() for piece in re.split("['’]", fold(head))]
    if not any(pieces):
        if "*" in word[1:]:
            rest = bare(word.strip("*")).strip()
            return f"[^ |]*{rest}{'[^ |]*' if word.endswith('*') else ''} ", _NOTHING
        raise PhraseError(f"{word!r} is no word")
    expression = " ?".join(map(re.escape, pieces))
    whole = bare("".join(pieces)).strip()
    if star:
        return f"{expression}[^ |]* ", frozenset({whole, *({f"{pieces[0]} "} if len(pieces) > 1 else ())})
    return f"{expression} ", frozenset({f"{whole} ", *({f"{pieces[0]} "} if len(pieces) > 1 else ())})


def _rarity(anchors: frozenset[str]) -> tuple[int, int]:
    return min(map(len, anchors)), -len(anchors)
