"""Resources: lines and services with their numbers, and where these are known from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from responses import source
from responses.script import in_language

ABROAD = "abroad"
SIDES = ("serbia", "kosovo")


@dataclass(frozen=True, slots=True)
class Resource:
    """Somebody who helps. A number that is not known is None: nothing is ever made up.

    `abroad`: what is shown instead to somebody in another country; `reach`: how to get there without a number.
    """

    id: str
    names: Mapping[str, str]
    numbers: Mapping[str, str | None]
    abroad: Mapping[str, str] | None
    reach: Mapping[str, str] | None
    source: str
    checked: date | None
    status: str

    @property
    def sides(self) -> frozenset[str]:
        """Where this is: one side or both."""
        return frozenset(self.numbers)

    def name(self, language: str) -> str:
        return in_language(self.names, language)

    def known(self) -> Mapping[str, str]:
        """The numbers by side, as far as they are known."""
        return {side: number for side, number in self.numbers.items() if number}

    def callable_from(self, side: str | None) -> bool:
        """Whether what is shown can be called from there; from abroad only with a country's prefix."""
        if side != ABROAD:
            return bool(self.known())
        return self.abroad is not None or any(number.startswith("+") for number in self.known().values())

    def shown(self, language: str, side: str | None) -> str:
        """Name and number for a place; both sides' numbers where the place is unknown and they differ."""
        if side == ABROAD and self.abroad is not None:
            return in_language(self.abroad, language)
        known = self.known()
        numbers = list(dict.fromkeys(number for at, number in known.items() if at == side or side not in known))
        if not numbers:
            return self.name(language) if self.reach is None else f"{self.name(language)}, {self._reach(language)}"
        return f"{self.name(language)} {' / '.join(numbers)}"

    def _reach(self, language: str) -> str:
        return in_language(self.reach or {}, language)


def load(path: Path) -> Mapping[str, Resource]:
    """All resources of the file, by id."""
    return {
        id_: Resource(
            id_,
            one["name"],
            one["numbers"],
            one.get("abroad"),
            one.get("reach"),
            one["source"],
            one["checked"],
            one["status"],
        )
        for id_, one in source.read(path).items()
    }
