"""Resources: lines and services with their numbers, and where these are known from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from responses import source
from responses.evidence import Page, pages, year_after
from responses.script import in_language

ABROAD = "abroad"
SIDES = ("serbia", "kosovo")
CHECKED: Final = "checked"
UNVERIFIED: Final = "unverified"
NOT_KNOWN: Final = "not_known"
STATUSES: Final = (CHECKED, UNVERIFIED, NOT_KNOWN)


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a resource on one side, and from where. Empty is what nobody knows.

    `status`: checked (a page carries it), unverified, not_known. `checked`: when the page was read; `expires`: until
    when that holds; `confirmed`: when the organisation itself said that it is so. `languages`: codes of those that
    are spoken there; `place`: an id of places.tsv.
    """

    status: str
    checked: date | None
    expires: date | None
    confirmed: date | None
    hours: Mapping[str, str] | None
    languages: tuple[str, ...]
    web: str | None
    place: str | None
    evidence: tuple[Page, ...]

    def standing(self, today: date) -> str:
        """Its status on a day: checked, expired, unverified or not_known."""
        if self.status == CHECKED and (self.expires is None or self.expires < today):
            return "expired"
        return self.status

    def unfit(self, today: date) -> str | None:
        """Why people may not be given this yet, in words; None where they may."""
        match self.standing(today):
            case "checked":
                return None if self.confirmed else "not confirmed with the organisation itself"
            case "expired":
                return f"expired on {self.expires}"
            case "not_known":
                return None  # nothing is claimed: the text says that we do not know
            case _:
                return "unverified"


@dataclass(frozen=True, slots=True)
class Resource:
    """Somebody who helps. A number that is not known is None: nothing is ever made up.

    `abroad`: what is shown instead to somebody in another country; `reach`: how to get there without a number, or that
    no number is known. `records`: by side, like `numbers`.
    """

    id: str
    names: Mapping[str, str]
    numbers: Mapping[str, str | None]
    abroad: Mapping[str, str] | None
    reach: Mapping[str, str] | None
    what_for: Mapping[str, str]
    for_whom: Mapping[str, str]
    source: str
    records: Mapping[str, Record]

    @property
    def sides(self) -> frozenset[str]:
        """Where this is: one side or both."""
        return frozenset(self.numbers)

    def name(self, language: str) -> str:
        return in_language(self.names, language)

    def known(self) -> Mapping[str, str]:
        """The numbers by side, as far as they are known."""
        return {side: number for side, number in self.numbers.items() if number}

    def unfit(self, today: date) -> Mapping[str, str]:
        """Why people may not be given this yet, by side; empty where they may."""
        reasons = {side: record.unfit(today) for side, record in self.records.items()}
        return {side: reason for side, reason in reasons.items() if reason is not None}

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
            one["what_for"],
            one["for_whom"],
            one["source"],
            {side: _record(record) for side, record in one["records"].items()},
        )
        for id_, one in source.read(path).items()
    }


def _record(one: Mapping[str, Any]) -> Record:
    checked = one.get("checked")
    return Record(
        status=one["status"],
        checked=checked,
        expires=one.get("expires") or (year_after(checked) if checked else None),
        confirmed=one.get("confirmed"),
        hours=one.get("hours"),
        languages=tuple(one.get("languages", ())),
        web=one.get("web"),
        place=one.get("place"),
        evidence=pages(one.get("evidence", ())),
    )
