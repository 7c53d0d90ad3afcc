"""Centres for social work: one row for each municipality and system, and what is known of it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Self

from responses.evidence import Page, year_after
from responses.languages import written
from responses.script import in_language

WORKS: Final = "works"
RELOCATED: Final = "relocated"
CLOSED: Final = "closed"
NOT_KNOWN: Final = "not_known"
STATUSES: Final = (WORKS, RELOCATED, CLOSED, NOT_KNOWN)


@dataclass(frozen=True, slots=True)
class Centre:
    """The centre of one system that serves one municipality. Empty is what nobody knows.

    `system`: serbia or kosovo; `names`: its own name, for the languages in which a page gives it; `seat`: an id of
    places.tsv, perhaps elsewhere. `status`: works, relocated, closed (its office was, and nothing newer is known) or
    not_known. `page`: what carries the status; `checked`: when it was read.
    """

    municipality: str
    system: str
    names: Mapping[str, str]
    seat: str | None
    status: str
    phone: str | None
    address: str | None
    page: Page | None
    checked: date | None

    def name(self, language: str) -> str | None:
        """Its own name, None where no page gives it in this language."""
        return in_language(self.names, language) if written(language) in self.names else None

    def status_on(self, today: date) -> str:
        """Its status on a day: what was read more than 12 months ago is not known any more."""
        if self.checked is None or year_after(self.checked) < today:
            return NOT_KNOWN
        return self.status

    def is_expired(self, today: date) -> bool:
        """Whether something was known and is too old."""
        return self.status != self.status_on(today)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Centres:
    """All centres of both systems."""

    rows: tuple[Centre, ...]

    @classmethod
    def load(cls, path: Path) -> Self:
        """All rows of a file. ValueError for a municipality that is there twice in one system."""
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
        rows = tuple(map(_centre, csv.DictReader(lines, dialect="excel-tab", quoting=csv.QUOTE_NONE)))
        if len({(one.municipality, one.system) for one in rows}) < len(rows):
            raise ValueError(f"{path.name}: a municipality is there twice in one system")
        return cls(rows)

    def __iter__(self) -> Iterator[Centre]:
        return iter(self.rows)

    def of(self, municipality: str) -> tuple[Centre, ...]:
        """The rows of a municipality, in the file's order; () for one that is not known."""
        return tuple(one for one in self.rows if one.municipality == municipality)


def _centre(row: Mapping[str, str]) -> Centre:
    languages = {"sr": row["name_sr"], "sq": row["name_sq"], "en": row["name_en"]}
    page = Page(row["source"], row["passage"], row["dated"] or None) if row["source"] else None
    return Centre(
        municipality=row["municipality"],
        system=row["system"],
        names={language: name for language, name in languages.items() if name},
        seat=row["seat"] or None,
        status=row["status"],
        phone=row["phone"] or None,
        address=row["address"] or None,
        page=page,
        checked=date.fromisoformat(row["checked"]) if row["checked"] else None,
    )
