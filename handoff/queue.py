"""The order of waiting, and what can honestly be promised."""

from __future__ import annotations

from datetime import datetime, timedelta

LEVELS = ("none", "elevated", "high", "immediate")
FIRST_ANSWER = timedelta(minutes=10)
EACH_AHEAD = timedelta(minutes=10)


def rank(level: str) -> int:
    """How urgent a level is: 0 (none) to 3 (immediate)."""
    return LEVELS.index(level)


def promised_at(now: datetime, ahead: int, *, on_duty: bool, next_at: datetime | None) -> datetime | None:
    """By when a counsellor will have answered; None when nobody is planned, so nothing can be promised."""
    start = now if on_duty else next_at
    if start is None:
        return None
    promise = start + FIRST_ANSWER + ahead * EACH_AHEAD
    return promise.replace(second=0, microsecond=0) + timedelta(minutes=-promise.minute % 5)
