"""The helpline's time, which a test can move on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """The wall clock plus what has been added to it."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def advance(self, **delta: float) -> None:
        self._ahead += timedelta(**delta)
