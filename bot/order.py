"""Which waiting message of a person may leave next, and when one that failed is tried again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

HOLDS: Final = timedelta(seconds=10)
_FIRST_PAUSE: Final = timedelta(seconds=1)
_LONGEST_PAUSE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row of the outbox that has not left yet."""

    id: int
    due_at: datetime
    urgent: bool = False
    while_paused: bool = False
    first_tried_at: datetime | None = None


def next_to_leave(rows: Iterable[Waiting], now: datetime, *, paused: bool) -> int | None:
    """The id of the row that may leave now.

    Urgent ones first, then in the order in which they were made. One that is being tried again holds up those
    behind it for ten seconds since its first try, and no longer. A person who paused gets what says so only.
    """
    for row in sorted(rows, key=lambda row: (not row.urgent, row.id)):
        if paused and not row.while_paused:
            continue
        if row.due_at <= now:
            return row.id
        if row.first_tried_at is not None and now < row.first_tried_at + HOLDS:
            return None
    return None


def next_try(tries: int, now: datetime, after: timedelta | None = None) -> datetime:
    """When a message that was not accepted is tried again: 1, 2, 4 … 60 s later, or when Telegram said."""
    pause: timedelta = min(_FIRST_PAUSE * 2 ** min(max(tries - 1, 0), 10), _LONGEST_PAUSE)
    return now + max(pause, after or timedelta())
