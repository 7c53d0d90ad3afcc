"""What is wrong with the training data: repeated, contradicting, misplaced or missing examples."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from nlu_data import examples, judgement
from nlu_data.evaluation import Case
from nlu_data.examples import Example, Examples
from nlu_data.normalise import fold

LEAST: Final = 60
LEAST_OF_RISK: Final = 150
# Cosines of centred vectors; see README.md, "Looking through the data".
NEAR: Final = 0.97
NEAR_OTHER: Final = 0.93
NEAR_TEST: Final = 0.95
_CYRILLIC: Final = frozenset({"sr"})

Kind = Literal["bad", "duplicate", "contradiction", "near", "near_contradiction", "script", "test_too_near", "thin"]
Pair = tuple[int, int, float]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that somebody should look at. Without `grave` it is advice."""

    kind: Kind
    grave: bool
    words: str


def problems(known: Examples, cases: Sequence[Case], near: Mapping[str, Sequence[Pair]]) -> tuple[Problem, ...]:
    """All problems, the grave ones first. `near`: what nlu_data/nearness says about these examples and cases."""
    listed = tuple(known)
    found = [*_single(listed), *_repeated(listed), *_near(listed, near["among"])]
    found += [*_tested(listed, cases, near["between"]), *_thin(known)]
    return tuple(sorted(found, key=lambda one: (not one.grave, one.kind, one.words)))


def _named(one: Example) -> str:
    return f"{one.language}/{one.intent}: {one.text}"


def _single(listed: Sequence[Example]) -> Iterator[Problem]:
    for one in listed:
        if (reason := examples.problem(one.text)) is not None:
            yield Problem("bad", True, f"{_named(one)} ({reason})")
        scripts = {unicodedata.name(letter, "?").split()[0] for letter in one.text if letter.isalpha()}
        if "CYRILLIC" in scripts and one.language not in _CYRILLIC:
            yield Problem("script", True, f"{_named(one)} (Cyrillic)")
        if strange := scripts - {"LATIN", "CYRILLIC", "MODIFIER"}:
            yield Problem("script", True, f"{_named(one)} ({', '.join(sorted(strange)).lower()})")


def _repeated(listed: Sequence[Example]) -> Iterator[Problem]:
    first: dict[str, Example] = {}
    for one in listed:
        other = first.setdefault(fold(one.text), one)
        if other.intent != one.intent:
            yield Problem("contradiction", True, f"{_named(one)} = {_named(other)}")
        elif other is not one and other.language == one.language:  # "ok" is said in every language
            yield Problem("duplicate", True, f"{_named(one)} = {_named(other)}")


def _near(listed: Sequence[Example], pairs: Sequence[Pair]) -> Iterator[Problem]:
    for first, second, cosine in pairs:
        one, other = listed[first], listed[second]
        if fold(one.text) == fold(other.text):
            continue
        words = f"{_named(one)} ~ {_named(other)} ({cosine:.2f})"
        if one.intent != other.intent and cosine >= NEAR_OTHER:
            yield Problem("near_contradiction", False, words)
        elif one.intent == other.intent and one.language == other.language and cosine >= NEAR:
            yield Problem("near", False, words)


def _tested(listed: Sequence[Example], cases: Sequence[Case], pairs: Sequence[Pair]) -> Iterator[Problem]:
    """The evaluation must not ask what was learnt."""
    learnt = {fold(one.text): one for one in listed}
    for case in cases:
        if (one := learnt.get(fold(case.text))) is not None and len(case.text.split()) > 2:
            yield Problem("test_too_near", True, f"{case.language}: {case.text} = {_named(one)}")
    for number, example, cosine in pairs:
        case, one = cases[number], listed[example]
        if cosine >= NEAR_TEST and fold(case.text) != fold(one.text) and len(case.text.split()) > 2:
            yield Problem("test_too_near", False, f"{case.language}: {case.text} ~ {_named(one)} ({cosine:.2f})")


def _thin(known: Examples) -> Iterator[Problem]:
    for language in known.languages:
        for intent in known.groups:
            number, least = len(known.of(language, intent)), LEAST_OF_RISK if judgement.is_risk(intent) else LEAST
            if number < least:
                yield Problem("thin", True, f"{language}/{intent}: {number} examples, {least} are needed")
