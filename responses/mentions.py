"""Mentions: where a sentence names a place, whatever its case form, script and spelling.

Serbian and Albanian change a name's ending ("u Nišu", "nga Prizreni"), people leave out marks and letters
("ne prishtin"), and many names are words too (Istok: east; viti: the year) or are borne by people (Ada, Senta). So
a text's words are compared with all forms of the names that begin alike, and a name counts by how sure it is:

* a municipality's name or a town's anywhere, and with a wrong letter where a place is likely;
* a village's or a quarter's only in a few words, or after a word that leads to a place;
* one that is short or a word only alone, or after the preposition that fits its form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import NamedTuple, Self

from rapidfuzz import process
from rapidfuzz.distance import OSA

from nlu_data.normalise import fold
from responses import cues

_WORD = re.compile(r"\w+")
_SHORT = 4
_TWO_LETTERS_UP_TO = 5  # u Šapcu, u Luci: the third letter of these may change
# How who has no marks, or writes for foreigners, spells these letters.
_TWO_LETTERS = str.maketrans({"š": "sh", "Š": "Sh", "č": "ch", "Č": "Ch", "ž": "zh", "Ž": "Zh", "ć": "ch", "Ć": "Ch"})
_ALBANIAN_LETTERS = re.compile(r"(?i)[ëçq]|xh|gj|sh|zh|ll|rr")
_SERBIAN_LETTERS = re.compile(r"(?i)[šžčćđ]|[lnd]j")
_ALIAS = 2
_FEW_WORDS = 4
# How long a word must be before a wrong letter is forgiven: in a few words, and in a sentence after a sure preposition;
# and before two are, in a few words.
_FORGIVEN_FROM = 5
_FORGIVEN_IN_SENTENCE_FROM = 7
_TWICE_FORGIVEN_FROM = 9


class Name(NamedTuple):
    """One name of a place. `language` is None where it may be any; the lowest rank is meant first."""

    text: str
    language: str | None
    place: str
    rank: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Known:
    """A name, taken apart, in one of its spellings. `minor`: a village's or a quarter's."""

    name: Name
    words: tuple[str, ...]
    serbian: bool
    albanian: bool
    careful: bool
    minor: bool

    def forms(self, at: int) -> _Forms:
        return _forms(self.words[at], self.serbian, self.albanian, self.name.text.endswith("ë"))


class _Forms(NamedTuple):
    kinds: Mapping[str, frozenset[str]]
    every: frozenset[str]


def _serbian(word: str) -> Iterator[tuple[str, str]]:
    """The forms of a Serbian name's word with the kind of preposition before them."""
    yield cues.PLAIN, word
    yield cues.AT, word
    stem, last = word[:-1], word[-1]
    if last == "a":
        yield from _with(stem, at="i oj u om", of="e oj om")
        if stem[-1:] in _SOFTENED:
            yield from _with(stem[:-1] + _SOFTENED[stem[-1]], at="i")
    elif last in "eo":
        yield from _with(stem, at="u om em im ima" if word.endswith("ane") else "u om em im", of="a og eg")
    elif last == "i":
        yield from _with(stem, at="ima om e im", of="a og ih")
    elif word in {"pec", "varos"}:
        yield from _with(word, at="i ju", of="i e")
    else:
        yield from _with(word, at="u om", of="a og" if word.endswith("in") else "a")  # iz Zubinog Potoka
        if word[-2:] in {"ac", "ak"} and len(word) > _SHORT:  # Šabac, u Šapcu; Čačak, u Čačku
            yield from _with(word[:-3] + _HARDENED.get(word[-3], word[-3]) + word[-1], at="u om", of="a")
        elif word[-3:] in {"anj", "alj"} and len(word) > _SHORT:  # Ražanj, u Ražnju
            yield from _with(word[:-3] + word[-2:], at="u em", of="a")


def _with(stem: str, at: str, of: str = "") -> Iterator[tuple[str, str]]:
    yield from ((cues.AT, stem + ending) for ending in at.split())
    yield from ((cues.FROM, stem + ending) for ending in of.split())


_SOFTENED = {"k": "c", "g": "z", "h": "s"}
_HARDENED = {"b": "p", "d": "t"}


def _albanian(word: str, gheg: bool) -> Iterator[tuple[str, str]]:
    """The forms of an Albanian name's word, with and without the article. `gheg`: its last letter, an ë, may go."""
    yield cues.PLAIN, word
    stem, last = word[:-1], word[-1]
    if word in {"i", "e"}:  # Hani i Elezit, në Hanin e Elezit
        stem, endings = "", "i e te se"
    elif word == "hani":
        yield cues.ALBANIAN, "han"
        stem, endings = "han", "in it"
    elif last in "ea":
        endings = "e a en es n s ne se" if len(stem) > 2 else ""
        if gheg:
            yield cues.ALBANIAN, stem
    elif last == "i":
        stem, endings = word, "a ne se s"
    elif last == "o":
        stem, endings = word, "n s ja se"
    else:
        stem, endings = word, "i in it u un ut t n ve"
    yield from ((cues.ALBANIAN, stem + ending) for ending in endings.split())


@cache
def _forms(word: str, serbian: bool, albanian: bool, gheg: bool) -> _Forms:
    """All forms of a name's word; kept, for there are only as many as there are names."""
    kinds: dict[str, set[str]] = {}
    for kind, form in (*(_serbian(word) if serbian else ()), *(_albanian(word, gheg) if albanian else ())):
        kinds.setdefault(kind, set()).add(form)
    return _Forms({kind: frozenset(found) for kind, found in kinds.items()}, frozenset().union(*kinds.values()))


def _languages(name: Name) -> tuple[bool, bool]:
    """Whether a name has Serbian forms and Albanian ones: by its language, else by letters that only one has."""
    if name.rank[0] < _ALIAS or name.language is not None:
        return name.language != "sq", name.language != "sr"
    only_albanian, only_serbian = _ALBANIAN_LETTERS.search(name.text), _SERBIAN_LETTERS.search(name.text)
    return not only_albanian or bool(only_serbian), not only_serbian or bool(only_albanian)


def _spellings(name: Name, folded: str) -> Iterator[tuple[str, ...]]:
    """A name's words as people write them: folded; "đ" as "d"; "š" as "sh" and so on; in one word too."""
    spelt = [folded]
    if "đ" in name.text.lower():
        spelt.append(fold(name.text.replace("đ", "d").replace("Đ", "D")))
    if name.rank[0] < _ALIAS and name.language != "sq" and name.text != name.text.translate(_TWO_LETTERS):
        spelt.append(fold(name.text.translate(_TWO_LETTERS)))
    for text in spelt:
        words = tuple(_WORD.findall(text))
        yield words
        if len(words) == 2:
            yield ("".join(words),)


def _key(word: str) -> str:
    """What all forms of a word begin with."""
    return word[:2] if len(word) <= _TWO_LETTERS_UP_TO else word[:3]


class _Mention(NamedTuple):
    start: int
    end: int
    known: tuple[_Known, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Mentions:
    """All names: by their number of words and how they begin; those that may be misspelt by their initials.

    `spelt` fills itself by initials: every form of the names that begin so.
    """

    starting: Mapping[int, Mapping[str, tuple[_Known, ...]]]
    misspellable: Mapping[str, tuple[_Known, ...]]
    spelt: dict[str, dict[str, tuple[_Known, ...]]] = field(default_factory=dict)

    @classmethod
    def of(cls, names: Iterable[Name]) -> Self:
        names = tuple(names)
        starting: dict[int, dict[str, list[_Known]]] = {}
        misspellable: dict[str, list[_Known]] = {}
        # In one go, since folding one by one takes a third of the time of loading.
        for name, folded in zip(names, fold(" ; ".join(name.text for name in names)).split(" ; "), strict=True):
            for words in dict.fromkeys(_spellings(name, folded)):
                if len(words) == 1 and words[0] in cues.NO_PLACE:
                    continue
                short = len(words) == 1 and len(words[0]) <= _SHORT + (words[0] != folded)  # another spelling: "choke"
                careful = short or "_".join(words) in cues.ALSO_WORDS
                minor = name.rank[0] == _ALIAS and len(words) == 1
                known = _Known(name, words, *_languages(name), careful, minor)
                starting.setdefault(len(words), {}).setdefault(_key(words[0]), []).append(known)
                if not careful and len(words) <= 2 and name.rank[0] < _ALIAS:
                    misspellable.setdefault(_initials(words), []).append(known)
        return cls(
            {length: {key: tuple(ones) for key, ones in keys.items()} for length, keys in starting.items()},
            {key: tuple(ones) for key, ones in misspellable.items()},
        )

    def find(self, text: str) -> tuple[Name, ...]:
        """The names that a text contains: where somebody is before where somebody comes from."""
        tokens = self._tokens(text)
        found = list(self._named(tokens))
        used = frozenset(at for one in found for at in range(one.start, one.end))
        found += self._misspelt(tokens, used)
        found.sort(key=lambda one: (_order(tokens, one.start), one.start))
        names = (
            known.name
            for mention in found
            for known in sorted(mention.known, key=lambda one: (one.name.rank, one.name.place))
        )
        return tuple(dict.fromkeys(names))

    def _tokens(self, text: str) -> list[str]:
        """The words of a text, folded; "nprishtin" is "n prishtin"."""
        tokens: list[str] = []
        for token in _WORD.findall(fold(text)):
            glued = token[0] == "n" and len(token) > _FORGIVEN_FROM and not self._known(1, [token], 0)
            named = self._known(1, [token[1:]], 0) if glued else ()
            tokens += ["n", token[1:]] if any(not one.careful for one in named) else [token]
        return tokens

    def _known(self, length: int, tokens: list[str], start: int) -> tuple[_Known, ...]:
        """The names of so many words that stand there in any form."""
        first, keys = tokens[start], self.starting[length]
        found = tuple(one for key in (first[:2], first[:3]) for one in keys.get(key, ()) if first in one.forms(0).every)
        return tuple(one for one in found if all(tokens[start + at] in one.forms(at).every for at in range(1, length)))

    def _named(self, tokens: list[str]) -> Iterator[_Mention]:
        """Names as they are known; a longer one hides the shorter within."""
        used: set[int] = set()
        for length in sorted(self.starting, reverse=True):
            for start in range(len(tokens) - length + 1):
                end = start + length
                if used.intersection(range(start, end)) or (length == 1 and tokens[start] in cues.NO_PLACE):
                    continue
                known = tuple(one for one in self._known(length, tokens, start) if _fits(tokens, start, end, one))
                if known:
                    used.update(range(start, end))
                    yield _Mention(start, end, known)

    def _misspelt(self, tokens: list[str], used: frozenset[int]) -> Iterator[_Mention]:
        """Names with a wrong letter, where a place is likely: in a few words, or long and after a preposition."""
        for start in range(len(tokens)):
            sure = start > 0 and tokens[start - 1] in cues.BEFORE and tokens[start - 1] != "ne"
            for end in (start + 2, start + 1):
                words = tokens[start:end]
                few = len(tokens) <= _FEW_WORDS and cues.BESIDE.issuperset((*tokens[:start], *tokens[end:]))
                long_enough = _FORGIVEN_FROM if few else _FORGIVEN_IN_SENTENCE_FROM
                if not (few or sure) or len(words) < end - start or not cues.NO_PLACE.isdisjoint(words):
                    continue
                if not used.isdisjoint(range(start, end)):
                    continue
                known = self._nearly(words, few) if max(map(len, words)) >= long_enough else ()
                if known:
                    yield _Mention(start, end, known)
                    break

    def _nearly(self, words: list[str], few: bool) -> tuple[_Known, ...]:
        text, initials = " ".join(words), _initials(words)
        allowed = 2 if few and len(text) >= _TWICE_FORGIVEN_FROM else 1
        spelt = self._spelt(initials)
        near = process.extract(text, spelt.keys(), scorer=OSA.distance, score_cutoff=allowed, limit=None)
        best = min((away for _, away, _ in near), default=0)
        return tuple(one for form, away, _ in near if away == best for one in spelt[form])

    def _spelt(self, initials: str) -> Mapping[str, tuple[_Known, ...]]:
        if initials not in self.spelt and initials in self.misspellable:
            spelt: dict[str, list[_Known]] = {}
            for known in self.misspellable[initials]:
                for forms in product(*(known.forms(at).every for at in range(len(known.words)))):
                    spelt.setdefault(" ".join(forms), []).append(known)
            self.spelt[initials] = {form: tuple(ones) for form, ones in spelt.items()}
        return self.spelt.get(initials, {})


def _initials(words: Iterable[str]) -> str:
    """The first letter of every word: people get these right."""
    return "".join(word[0] for word in words)


def _fits(tokens: list[str], start: int, end: int, known: _Known) -> bool:
    """Whether a name is meant as a place, by what stands around it."""
    before = tokens[start - 1] if start else ""
    if end == start + 1 and _is_a_persons(tokens, start, before):
        return False
    if known.careful:
        return _fits_carefully(tokens, start, end, known)
    if not known.minor or len(tokens) < _FEW_WORDS or before in cues.PREPOSITIONS or before in cues.LEADS:
        return True
    return before in cues.LINKS and tokens[start] in known.forms(0).kinds.get(cues.ALBANIAN, ())


def _is_a_persons(tokens: list[str], start: int, before: str) -> bool:
    if before in cues.PREPOSITIONS or not cues.A_PLACE_CALLED.isdisjoint(tokens):
        return False
    after = tokens[start + 1 : start + 4]
    return (
        before in cues.PEOPLE
        or not cues.CALLED.isdisjoint(tokens[max(0, start - 2) : start])
        or (bool(after) and not cues.NAMED_AFTER.get(after[0], set()).isdisjoint(after[1:]))
    )


def _fits_carefully(tokens: list[str], start: int, end: int, known: _Known) -> bool:
    """Whether a careful name is meant as a place: it stands alone, or after a preposition that wants its form."""
    first = known.forms(0).kinds
    beside = (*tokens[:start], *tokens[end:])
    before = tokens[start - 1] if start else ""
    if before in cues.NOT_AFTER and tokens[start] in cues.WORDS_AFTER_FROM:
        return False
    if (before, tokens[start]) in cues.SELDOM and len(tokens) > _FEW_WORDS:
        return False
    if (before, tokens[start]) == ("u", "nis") and not cues.ALBANIAN_WORDS.isdisjoint(tokens):
        return False
    wanted = cues.BEFORE.get(before, ())
    if before == "za" and end == start + 1 and "_".join(known.words) not in cues.ALSO_WORDS:
        wanted = (cues.AT,)
    if any(tokens[start] in first.get(kind, ()) for kind in wanted) or before in cues.KINDS:
        return True
    if cues.FROM in wanted and known.name.language in {"sr", None} and tokens[start] in first[cues.PLAIN]:  # "iz Klina"
        return True
    albanian = tokens[start] in first.get(cues.ALBANIAN, ())
    if albanian and known.name.language in {"sq", "en"} and not beside:
        return True
    if albanian and before in cues.LINKS and known.name.language == "sq" and tokens[start] not in first[cues.PLAIN]:
        return True  # "komuna e Pejës"; not "motra e Adës", who has the same name in every language
    if (before, end - start) == ("na", 2) and tokens[start] in first[cues.AT]:  # na Starom gradu
        return True
    return tokens[start] in first[cues.PLAIN] and all(token in cues.BESIDE for token in beside)


def _order(tokens: list[str], start: int) -> int:
    before = tokens[start - 1] if start else ""
    return 0 if before in cues.INSIDE else 2 if before in cues.AWAY else 1
