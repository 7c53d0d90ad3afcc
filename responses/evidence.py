"""Evidence: the page that carries a fact, and the words in it that do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

_SHORT: Final = 4  # digits; such a number must stand alone in a passage, a longer one may be grouped in any way
_DATED: Final = re.compile(r"\d{4}(-\d\d){0,2}")


@dataclass(frozen=True, slots=True)
class Page:
    """A page and its passage.

    `dated`: the day, month or year that the page itself names (ISO), None where it names none. What was read is the
    page as an archive keeps it; that nobody answers there any more, it can't tell.
    """

    address: str
    passage: str
    dated: str | None = None

    @property
    def year(self) -> str | None:
        """The year of the page's own date."""
        return self.dated and self.dated[:4]

    @property
    def is_whole(self) -> bool:
        """Whether it has an address and a passage, and its date can be read."""
        readable = self.dated is None or _DATED.fullmatch(self.dated) is not None
        return self.address.startswith(("https://", "http://")) and bool(self.passage.strip()) and readable

    def carries(self, number: str) -> bool:
        """Whether a telephone number stands in the passage, with whatever spaces and dashes."""
        digits = _digits(number)
        if len(digits) <= _SHORT:
            return re.search(rf"(?<!\d){digits}(?!\d)", self.passage) is not None
        return digits in _digits(self.passage)


def pages(entries: Iterable[Mapping[str, Any]]) -> tuple[Page, ...]:
    """The pages of a list in a YAML file."""
    return tuple(Page(one["page"], one["passage"], _text(one.get("dated"))) for one in entries)


def year_after(day: date) -> date:
    """Twelve months later: until then a fact is trusted, if nothing else is said."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year + 1, day=28)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
