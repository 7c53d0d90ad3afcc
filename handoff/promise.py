"""What can honestly be promised to somebody who waits."""

from __future__ import annotations

from datetime import datetime, timedelta

FIRST_ANSWER = timedelta(minutes=10)
EACH_AHEAD = timedelta(minutes=10)
_ROUNDED_UP_TO = timedelta(minutes=5)


def promised_at(now: datetime, ahead: int, *, on_duty: bool, next_at: datetime | None) -> datetime | None:
    """By when a counsellor will have answered, in whole five minutes; None when nobody is planned to."""
    start = now if on_duty else next_at
    if start is None:
        return None
    promise = start + FIRST_ANSWER + ahead * EACH_AHEAD
    whole = promise.replace(minute=0, second=0, microsecond=0)
    return promise + (whole - promise) % _ROUNDED_UP_TO
