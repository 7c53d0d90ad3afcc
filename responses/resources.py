"""Lines and services: their names and numbers, with where they are known from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from responses.languages import written
from responses.script import to_cyrillic

SIDES = ("serbia", "kosovo")


@dataclass(frozen=True, slots=True)
class Resource:
    """Somebody who helps. A number that is not known is None: nothing is ever made up."""

    id: str
    names: Mapping[str, str]
    numbers: Mapping[str, str | None]
    source: str
    checked: date | None
    status: str

    def name(self, language: str) -> str:
        name = self.names[written(language)]
        return to_cyrillic(name) if language == "sr-Cyrl" else name

    def shown(self, language: str, side: str | None) -> str:
        """Name and number for a place; both sides' numbers where the place is unknown and they differ."""
        known = {place: number for place, number in self.numbers.items() if number}
        numbers = [known[side]] if side in known else list(dict.fromkeys(known.values()))
        return " ".join([self.name(language), " / ".join(numbers)]).strip()


def load(path: Path) -> Mapping[str, Resource]:
    return {
        id_: Resource(id_, one["name"], one["numbers"], one["source"], one["checked"], one["status"])
        for id_, one in yaml.safe_load(path.read_text(encoding="utf-8")).items()
    }
