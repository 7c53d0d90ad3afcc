"""Places: on which side they lie, what they are called, and which ones are near a position."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from responses.languages import WRITTEN
from responses.mentions import Mentions, Name
from responses.script import in_language
from responses.sides import Sides, kilometres

NEAR_LINE_KM = 10.0
_FAR_KM = 60.0
_ABROAD_KM = 5.0
_CHOICES = 5


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A municipality or a town. `side`: serbia or kosovo; names in the written languages; 0 people: not known."""

    id: str
    side: str
    names: Mapping[str, str]
    latitude: float
    longitude: float
    population: int
    aliases: tuple[str, ...]

    def name(self, language: str) -> str:
        return in_language(self.names, language)


@dataclass(frozen=True, slots=True)
class Nearest:
    """The places nearest to a position. `near_line`: the other side is so near that only the person knows."""

    places: tuple[Place, ...]
    near_line: bool


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Places:
    """All places we know."""

    by_id: Mapping[str, Place]
    sides: Sides
    mentions: Mentions

    @classmethod
    def load(cls, path: Path, outlines: Path) -> Self:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
        places: dict[str, Place] = {}
        for row in csv.DictReader(lines, dialect="excel-tab"):
            if row["id"] in places:
                raise ValueError(f"{path.name}: {row['id']} is there twice")
            places[row["id"]] = Place(
                id=row["id"],
                side=row["side"],
                names={language: row[language] for language in WRITTEN},
                latitude=float(row["latitude"]),
                longitude=float(row["longitude"]),
                population=int(row["population"]),
                aliases=tuple(alias for alias in row["aliases"].split("|") if alias),
            )
        return cls(places, Sides.load(outlines), Mentions.of(tuple(_all_names(places.values()))))

    def __iter__(self) -> Iterator[Place]:
        return iter(self.by_id.values())

    def get(self, place_id: str) -> Place | None:
        return self.by_id.get(place_id)

    def name(self, place_id: str, language: str) -> str:
        """The place's name in a language; the id itself for a place that is no longer known."""
        place = self.get(place_id)
        return place_id if place is None else place.name(language)

    def find(self, text: str) -> tuple[Place, ...]:
        """The places that a text names, the likeliest to be where somebody is first; () when it names none.

        Any case form, script and spelling; a name that several places share gives them all.
        """
        return tuple(self.by_id[one] for one in self.mentions.find(text))

    def nearest(self, latitude: float, longitude: float) -> Nearest:
        """The places nearest to a position, at most 60 km away; none abroad.

        Near the line (10 km, or where the nearest two places lie on different sides) places of both sides are given.
        """
        here = (latitude, longitude)
        by_distance = sorted(
            ((kilometres(here, (place.latitude, place.longitude)), place.id, place) for place in self),
            key=lambda one: one[:2],
        )
        around = [place for distance, _, place in by_distance if distance <= _FAR_KM]
        side = self.sides.side(here)
        if not around or (side is None and self.sides.to_edge(here) > _ABROAD_KM):
            return Nearest((), False)
        side = side or around[0].side
        near_line = self.sides.to_line(here) <= NEAR_LINE_KM or {place.side for place in around[:2]} != {side}
        if not near_line:
            return Nearest(tuple(place for place in around if place.side == side)[:_CHOICES], False)
        ours = [place for place in around if place.side == side][: _CHOICES - 2]
        theirs = [place for place in around if place.side != side][:2]
        return Nearest((*ours, *theirs), True)


def _all_names(places: Iterable[Place]) -> Iterator[Name]:
    for place in places:
        rank = (0, -place.population)
        for language, name in place.names.items():
            yield Name(name, language, place.id, rank)
        for alias in place.aliases:
            yield Name(alias, None, place.id, (1, -place.population))
