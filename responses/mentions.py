"""Mentions: where a sentence names a place, whatever its case form, script and spelling.

Serbian and Albanian change a name's ending ("u Nišu", "nga Prizreni"), people leave out marks and letters
("ne prishtin"), and many names are words too (Istok: east; viti: the year). So all forms of every name are laid out
once, and a name that is short or a word counts only alone or after the preposition that fits its form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple, Self

from rapidfuzz.distance import OSA

from nlu_data.normalise import fold

_WORD = re.compile(r"\w+")
_AT, _FROM, _ALBANIAN, _PLAIN = "at", "from", "albanian", "plain"

# Prepositions by the form that they want. "na" and "te" are left out: "na istoku" is a direction, "te" mostly "you".
_BEFORE: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("u", "prema"), (_AT,)),
    **dict.fromkeys(("iz", "od", "do", "kod", "blizu", "oko", "pored", "kraj", "pokraj", "izvan"), (_FROM,)),
    **dict.fromkeys(("ne", "n", "nga", "prej", "afer", "deri", "drejt", "rreth"), (_ALBANIAN, _PLAIN)),
    **dict.fromkeys(("in", "from", "near", "at", "to", "around", "outside", "inside"), (_PLAIN,)),
}
_INSIDE = frozenset("u na ne n in at inside ovde ketu here".split())
_AWAY = frozenset("iz od do nga prej deri from to prema drejt".split())
_PREPOSITIONS = frozenset(_BEFORE) | {"na", "za", "te", "per", "by"}

# What may stand beside a name that stands alone.
_BESIDE = _PREPOSITIONS | frozenset(
    "ja sam sada sad ovde tu zivim grad opstina opstini selo trenutno nalazim se"
    " une jam jom tash tani ketu jetoj qytet qyteti komuna komunen e"
    " i am m now here live town city municipality"
    " srbija srbiji serbia serbi serbise kosovo kosovu kosove kosova kosoven".split()
)
# Names that are also words or first names, in one of the languages: careful with them, however long.
_ALSO_WORDS = frozenset(
    "istok istog viti vitina klina kline kula topola padina majur zvecka kovilj shtime klokot razanj sopot borca burim"
    " besiana besiane kastriot dardane artane albanik mol pazar palanka sharr sonta stari_grad".split()
)
# Albanian prepositions that come before these words when they are words: "nga viti 2020", "nga Besiana".
_NOT_AFTER = frozenset("nga prej deri rreth".split())
_WORDS_AFTER_FROM = frozenset("viti besiana besiane kastrioti burimi dardana".split())
# Near a name by a letter, or one of its forms, and something else: countries, cities elsewhere, words of this field.
_NO_PLACE = frozenset(
    "srbija srbiji srbije srbiju serbia serbi serbine serbise kosovo kosova kosove kosoven kosovu kosovska"
    " indija indiji indije indiju india grcka grcku grckoj bosna bosni bosne podgorica podgorici skoplje skopje tirana"
    " tirane sarajevo sarajevu zagreb zagrebu subotu subotom sonte polici policia policija policiji policine police"
    " trgovina trgovine trgovinu trgovini baraci vraca vrata raste ubicu ubice zubara kafani kuce posle sutra".split()
)
# By these a text is Albanian, where "u nis" is "set off" and not Niš.
_ALBANIAN_WORDS = frozenset("nga per dhe eshte osht jam jom kam une cdo qe nje pune tash burri cka si".split())
_SHORT = 4
_FEW_WORDS = 4
# How long a word must be before a wrong letter is forgiven: in a few words, and in a sentence after a sure preposition.
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
    """A name, taken apart: for each of its words the forms by kind."""

    name: Name
    words: tuple[Mapping[str, frozenset[str]], ...]
    careful: bool


def _serbian(word: str) -> Iterator[tuple[str, str]]:
    """The forms of a Serbian name's word with the kind of preposition before them."""
    yield _PLAIN, word
    yield _AT, word
    stem, last = word[:-1], word[-1]
    if last == "a":
        yield from _with(stem, at="i oj u om", of="e oj om")
        if stem[-1:] in _SOFTENED:
            yield from _with(stem[:-1] + _SOFTENED[stem[-1]], at="i")
    elif last in "eo":
        yield from _with(stem, at="u om im", of="a og")
    elif last == "i":
        yield from _with(stem, at="ima om e im", of="a og ih")
    elif word in {"pec", "varos"}:
        yield from _with(word, at="i ju", of="i e")
    else:
        yield from _with(word, at="u om", of="a")
        if word[-2:] in {"ac", "ak"} and len(word) > _SHORT:  # Šabac, u Šapcu; Čačak, u Čačku
            yield from _with(word[:-3] + _HARDENED.get(word[-3], word[-3]) + word[-1], at="u om", of="a")


def _with(stem: str, at: str, of: str = "") -> Iterator[tuple[str, str]]:
    yield from ((_AT, stem + ending) for ending in at.split())
    yield from ((_FROM, stem + ending) for ending in of.split())


_SOFTENED = {"k": "c", "g": "z", "h": "s"}
_HARDENED = {"b": "p", "d": "t"}


def _albanian(word: str, gheg: bool) -> Iterator[tuple[str, str]]:
    """The forms of an Albanian name's word, with and without the article. `gheg`: its last letter, an ë, may go."""
    yield _PLAIN, word
    stem, last = word[:-1], word[-1]
    if word in {"i", "e"}:  # Hani i Elezit, në Hanin e Elezit
        stem, endings = "", "i e te se"
    elif word == "hani":
        yield _ALBANIAN, "han"
        stem, endings = "han", "in it"
    elif last in "ea":
        endings = "e a en es n s ne se" if len(stem) > 2 else ""
        if gheg:
            yield _ALBANIAN, stem
    elif last == "i":
        stem, endings = word, "a ne se s"
    elif last == "o":
        stem, endings = word, "n s ja se"
    else:
        stem, endings = word, "i in it u un ut t n ve"
    yield from ((_ALBANIAN, stem + ending) for ending in endings.split())


def _forms(name: Name, word: str, gheg: bool) -> Mapping[str, frozenset[str]]:
    kinds: dict[str, set[str]] = {}
    if name.language != "sq":
        for kind, form in _serbian(word):
            kinds.setdefault(kind, set()).add(form)
    if name.language != "sr":
        for kind, form in _albanian(word, gheg):
            kinds.setdefault(kind, set()).add(form)
    return {kind: frozenset(found) for kind, found in kinds.items()}


def _spellings(text: str) -> Iterator[tuple[str, ...]]:
    """A name's words as people write them: folded; "đ" as "d" too; in one word too."""
    for spelt in dict.fromkeys((text, text.replace("đ", "d").replace("Đ", "D"))):
        words = tuple(_WORD.findall(fold(spelt)))
        yield words
        if len(words) == 2:
            yield ("".join(words),)


class _Mention(NamedTuple):
    start: int
    end: int
    known: tuple[_Known, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Mentions:
    """All names, by their length and the forms of their first word."""

    starting: Mapping[int, Mapping[str, tuple[_Known, ...]]]
    misspellable: Mapping[str, tuple[_Known, ...]]
    initials: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, names: Iterable[Name]) -> Self:
        starting: dict[int, dict[str, list[_Known]]] = {}
        misspellable: dict[str, list[_Known]] = {}
        for name in names:
            gheg = name.text.endswith("ë")
            for words in _spellings(name.text):
                if len(words) == 1 and words[0] in _NO_PLACE:
                    continue
                careful = "_".join(words) in _ALSO_WORDS or (len(words) == 1 and len(words[0]) <= _SHORT)
                known = _Known(name, tuple(_forms(name, word, gheg) for word in words), careful)
                for form in _every(known.words[0]):
                    starting.setdefault(len(words), {}).setdefault(form, []).append(known)
                if not careful and len(words) <= 2:
                    for forms in product(*map(_every, known.words)):
                        misspellable.setdefault(" ".join(forms), []).append(known)
        initials: dict[str, list[str]] = {}
        for spelt in misspellable:
            initials.setdefault(_initials(spelt), []).append(spelt)
        return cls(
            {length: {form: tuple(ones) for form, ones in forms.items()} for length, forms in starting.items()},
            {spelt: tuple(ones) for spelt, ones in misspellable.items()},
            {key: tuple(ones) for key, ones in initials.items()},
        )

    def find(self, text: str) -> tuple[str, ...]:
        """The ids of the places that a text names: where somebody is before where somebody comes from."""
        tokens = self._tokens(text)
        found = list(self._named(tokens)) or list(self._misspelt(tokens))
        found.sort(key=lambda one: (_order(tokens, one.start), one.start))
        ids = (
            known.name.place
            for mention in found
            for known in sorted(mention.known, key=lambda one: (one.name.rank, one.name.place))
        )
        return tuple(dict.fromkeys(ids))

    def _tokens(self, text: str) -> list[str]:
        """The words of a text, folded; "nprishtin" is "n prishtin"."""
        tokens: list[str] = []
        for token in _WORD.findall(fold(text)):
            glued = token[0] == "n" and len(token) > _FORGIVEN_FROM and token not in self.starting[1]
            named = self.starting[1].get(token[1:], ()) if glued else ()
            tokens += ["n", token[1:]] if any(not one.careful for one in named) else [token]
        return tokens

    def _named(self, tokens: list[str]) -> Iterator[_Mention]:
        """Names as they are known; a longer one hides the shorter within."""
        used: set[int] = set()
        for length in sorted(self.starting, reverse=True):
            for start in range(len(tokens) - length + 1):
                end = start + length
                if used.intersection(range(start, end)) or (length == 1 and tokens[start] in _NO_PLACE):
                    continue
                known = tuple(
                    one
                    for one in self.starting[length].get(tokens[start], ())
                    if all(tokens[start + at] in _every(forms) for at, forms in enumerate(one.words))
                    and (not one.careful or _fits(tokens, start, end, one))
                )
                if known:
                    used.update(range(start, end))
                    yield _Mention(start, end, known)

    def _misspelt(self, tokens: list[str]) -> Iterator[_Mention]:
        """Names with a wrong letter, where a place is likely: in a few words, or long and after a preposition."""
        few = len(tokens) <= _FEW_WORDS
        for start in range(len(tokens)):
            sure = start > 0 and tokens[start - 1] in _BEFORE and tokens[start - 1] != "ne"
            long_enough = _FORGIVEN_FROM if few else _FORGIVEN_IN_SENTENCE_FROM
            for end in (start + 2, start + 1):
                words = tokens[start:end]
                if not (few or sure) or len(words) < end - start or not _NO_PLACE.isdisjoint(words):
                    continue
                known = self._nearly(" ".join(words)) if max(map(len, words)) >= long_enough else ()
                if known:
                    yield _Mention(start, end, known)
                    break

    def _nearly(self, spelt: str) -> tuple[_Known, ...]:
        allowed = 1 if len(spelt) < _TWICE_FORGIVEN_FROM else 2
        near: dict[int, list[_Known]] = {}
        for other in self.initials.get(_initials(spelt), ()):
            away = OSA.distance(spelt, other, score_cutoff=allowed)
            if away <= allowed:
                near.setdefault(away, []).extend(self.misspellable[other])
        return tuple(near[min(near)]) if near else ()


def _initials(spelt: str) -> str:
    """The first letter of every word: people get these right."""
    return "".join(word[0] for word in spelt.split())


def _every(forms: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*forms.values())


def _fits(tokens: list[str], start: int, end: int, known: _Known) -> bool:
    """Whether a careful name is meant as a place: it stands alone, or after a preposition that wants its form."""
    first = known.words[0]
    beside = (*tokens[:start], *tokens[end:])
    before = tokens[start - 1] if start else ""
    if before in _NOT_AFTER and tokens[start] in _WORDS_AFTER_FROM:
        return False
    if (before, tokens[start]) == ("u", "nis") and not _ALBANIAN_WORDS.isdisjoint(tokens):
        return False
    wanted = _BEFORE.get(before, ())
    if any(tokens[start] in first.get(kind, ()) for kind in wanted):
        return True
    if _FROM in wanted and known.name.language in {"sr", None} and tokens[start] in first[_PLAIN]:  # "iz Klina"
        return True
    if not beside and known.name.language == "sq" and tokens[start] in first.get(_ALBANIAN, ()):
        return True
    return tokens[start] in first[_PLAIN] and all(token in _BESIDE for token in beside)


def _order(tokens: list[str], start: int) -> int:
    before = tokens[start - 1] if start else ""
    return 0 if before in _INSIDE else 2 if before in _AWAY else 1
