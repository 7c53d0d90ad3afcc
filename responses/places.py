"""Places: what a person calls them, on which side they lie, and which ones are near a position."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from rapidfuzz import fuzz, process

from nlu_data.normalise import fold
from responses.languages import written
from responses.script import to_cyrillic

NEAR_LINE_KM = 10.0
_FUZZY = 85.0  # of 100: one wrong or swapped letter in a name of seven
_ENDINGS = (
    *("", "a", "e", "i", "o", "u", "om", "em", "oj", "og", "im", "ih"),  # Serbian cases
    *("in", "it", "n", "ne", "ni", "es", "s", "se", "ve", "ut", "un", "je", "ja"),  # Albanian forms
)
_LEADING = {*"u iz kod blizu pored na do za iz od in from near at to ne nga te afer prej afër nder".split()}
_VOWELS = "aeiou"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A municipality or larger place. `side`: serbia or kosovo; names in the written languages; degrees."""

    id: str
    side: str
    names: Mapping[str, str]
    latitude: float
    longitude: float
    population: int
    aliases: tuple[str, ...]

    def name(self, language: str) -> str:
        name = self.names[written(language)]
        return to_cyrillic(name) if language == "sr-Cyrl" else name


@dataclass(frozen=True, slots=True)
class Nearest:
    """The places nearest to a position. `near_line`: the other side is so near that only the person knows."""

    places: tuple[Place, ...]
    near_line: bool


def _stem(word: str) -> str:
    return word[:-1] if len(word) >= 4 and word[-1] in _VOWELS else word


def _same(token: str, word: str) -> bool:
    """Whether a word of a text is a form of a word of a name; both folded."""
    if len(word) <= 3:
        return token == word or (token[: len(word)] == word and token[len(word) :] in {"u", "a", "i", "it"})
    stem = _stem(word)
    if token.startswith(stem) and token[len(stem) :] in _ENDINGS:
        return True
    # the vowel that comes and goes: Gnjilane, Šabac – u Šapcu, Leskovac – u Leskovcu
    return len(word) > 5 and word[-2:] == "ac" and token.startswith(word[:-2]) and token[len(word) - 2 :][:1] == "c"


@dataclass(frozen=True, slots=True)
class Places:
    """All places we know; how a place is found in what somebody writes."""

    _all: tuple[Place, ...]
    _names: tuple[tuple[tuple[str, ...], Place], ...]

    @classmethod
    def load(cls, path: Path) -> Self:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
        places = []
        for line in lines[1:]:
            id_, side, sr, sq, en, latitude, longitude, population, aliases = line.split("\t")
            names = {"sr": sr, "sq": sq, "en": en}
            others = tuple(alias for alias in aliases.split("|") if alias)
            places.append(Place(id_, side, names, float(latitude), float(longitude), int(population), others))
        named = {
            (tuple(_WORD.findall(fold(name))), place)
            for place in places
            for name in (*place.names.values(), *place.aliases)
        }
        longest_first = sorted(named, key=lambda one: (-len(one[0]), -one[1].population, one[1].id))
        return cls(tuple(places), tuple(longest_first))

    def get(self, place_id: str) -> Place | None:
        return next((place for place in self._all if place.id == place_id), None)

    def name(self, place_id: str, language: str) -> str:
        """The place's name in a language; the id itself for a place that is no longer known."""
        place = self.get(place_id)
        return place_id if place is None else place.name(language)

    def find(self, text: str) -> tuple[Place, ...]:
        """The places that a text names, in any case form, script and without marks; () when it names none."""
        tokens = _WORD.findall(fold(text))
        found: dict[str, Place] = {}
        used: set[int] = set()
        for words, place in self._names:
            for start in range(len(tokens) - len(words) + 1):
                span = range(start, start + len(words))
                if used.intersection(span) and place.id not in found:
                    continue
                if not all(_same(tokens[start + i], word) for i, word in enumerate(words)):
                    continue
                if len(words) == 1 and len(words[0]) <= 4 and not self._stands_as_place(tokens, start):
                    continue
                found[place.id] = place
                used.update(span)
        return tuple(found.values()) or self._misspelt(tokens)

    @staticmethod
    def _stands_as_place(tokens: list[str], index: int) -> bool:
        """A short name (Bor, Niš, Mol) is a place when it stands alone or after "in", "from", "near"."""
        return len(tokens) == 1 or (index > 0 and tokens[index - 1] in _LEADING)

    def _misspelt(self, tokens: list[str]) -> tuple[Place, ...]:
        candidates = {" ".join(words): place for words, place in self._names if len("".join(words)) >= 5}
        best: dict[str, Place] = {}
        for index, token in enumerate(tokens):
            if len(token) < 5 or not self._stands_as_place(tokens, index):
                continue
            hit = process.extractOne(token, candidates.keys(), scorer=fuzz.ratio, score_cutoff=_FUZZY)
            if hit is not None:
                place = candidates[hit[0]]
                best[place.id] = place
        return tuple(best.values())

    def nearest(self, latitude: float, longitude: float) -> Nearest:
        """The nearest places, at most 60 km away; near the line when both sides are within 10 km of each other here."""
        by_distance = sorted(
            (_kilometres(latitude, longitude, place.latitude, place.longitude), place.id, place) for place in self._all
        )
        around = [(distance, place) for distance, _, place in by_distance if distance <= 60][:4]
        if not around:
            return Nearest((), False)
        first, side = around[0][0], around[0][1].side
        other = next((distance for distance, _, place in by_distance if place.side != side), math.inf)
        near_line = other - first <= 2 * NEAR_LINE_KM
        return Nearest(tuple(place for _, place in around), near_line)


def _kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """The distance on the globe."""
    a, b = math.radians(lat1), math.radians(lat2)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 12742.0 * math.asin(math.sqrt(half))
