"""Places: on which side they lie, what they are called, and which ones are near a position."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from responses.languages import WRITTEN, written
from responses.mentions import Mentions, Name
from responses.script import in_language
from responses.sides import Point, Sides, kilometres

NEAR_LINE_KM = 10.0
_FAR_KM = 60.0
_ABROAD_KM = 5.0
_CHOICES = 5
_TOWN = "town"
_SURE = "!"
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A municipality, and the towns and villages that belong to it.

    `side`: serbia or kosovo; `kind`: municipality, city, or part (a city municipality of Belgrade, which is `within`
    rs-beograd); names in the written languages; 0 people: not known. `aliases`: other names, and those of towns;
    those of them that are `sure` mean nothing else; `points`: positions (degrees) of its seat and of its towns.
    """

    id: str
    side: str
    kind: str
    within: str | None
    names: Mapping[str, str]
    latitude: float
    longitude: float
    population: int
    aliases: tuple[str, ...]
    sure: frozenset[str]
    points: tuple[Point, ...]

    def name(self, language: str) -> str:
        """The official name; the English one in a language that has none of its own here."""
        return in_language(self.names, language if written(language) in self.names else "en")


@dataclass(frozen=True, slots=True)
class Nearest:
    """The places nearest to a position. `near_line`: the other side is so near that only the person knows."""

    places: tuple[Place, ...]
    near_line: bool


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Places:
    """All municipalities of both sides."""

    by_id: Mapping[str, Place]
    sides: Sides
    mentions: Mentions

    @classmethod
    def load(cls, path: Path, outlines: Path) -> Self:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
        rows = list(csv.DictReader(lines, dialect="excel-tab"))
        if len({row["id"] for row in rows}) < len(rows):
            raise ValueError(f"{path.name}: an id is there twice")
        towns: dict[str, list[dict[str, str]]] = {}
        for row in rows:
            if row["kind"] == _TOWN:
                towns.setdefault(row["within"], []).append(row)
        places = {row["id"]: _place(row, towns.pop(row["id"], [])) for row in rows if row["kind"] != _TOWN}
        if towns:
            raise ValueError(f"{path.name}: {', '.join(towns)} is no municipality")
        return cls(places, Sides.load(outlines), Mentions.of(tuple(_all_names(places.values()))))

    @classmethod
    def load_shipped(cls) -> Self:
        """The places in this folder."""
        return cls.load(_FOLDER / "places.tsv", _FOLDER / "outlines.tsv")

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
        return tuple(dict.fromkeys(place for place, _ in self.named(text)))

    def named(self, text: str) -> tuple[tuple[Place, str], ...]:
        """The same, each with the name or alias of ours by which it was found; a city gives way to its parts."""
        found = [(self.by_id[name.place], name.text) for name in self.mentions.find(text)]
        wider = {place.within for place, _ in found}
        return tuple((place, name) for place, name in found if place.id not in wider)

    def nearest(self, latitude: float, longitude: float) -> Nearest:
        """The places nearest to a position, by their seats and towns, at most 60 km away; none abroad.

        Near the line (10 km, or where the nearest two places lie on different sides) places of both sides are given.
        """
        here = (latitude, longitude)
        by_distance = sorted(
            ((min(kilometres(here, point) for point in place.points), place.id, place) for place in self),
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


def _place(row: Mapping[str, str], towns: Iterable[Mapping[str, str]]) -> Place:
    seat = _point(row)
    aliases = row["aliases"].split("|")
    for town in towns:
        aliases += [*(town[language] + _SURE for language in WRITTEN), *town["aliases"].split("|")]
    sure = frozenset(alias.removesuffix(_SURE) for alias in aliases if alias.endswith(_SURE))
    return Place(
        id=row["id"],
        side=row["side"],
        kind=row["kind"],
        within=row["within"] or None,
        names={language: row[language] for language in WRITTEN},
        latitude=seat[0],
        longitude=seat[1],
        population=int(row["population"]),
        aliases=tuple(dict.fromkeys(alias.removesuffix(_SURE) for alias in aliases if alias)),
        sure=sure,
        points=(seat, *map(_point, towns)),
    )


def _point(row: Mapping[str, str]) -> Point:
    return float(row["latitude"]), float(row["longitude"])


def _all_names(places: Iterable[Place]) -> Iterator[Name]:
    for place in places:
        for name in dict.fromkeys(place.names.values()):
            languages = [language for language, other in place.names.items() if other == name]
            common = None if "sr" in languages else "en"  # a name of several languages has the forms of all
            yield Name(name, languages[0] if len(languages) == 1 else common, place.id, (0, -place.population))
        for alias in place.aliases:
            yield Name(alias, None, place.id, (1 if alias in place.sure else 2, -place.population))
