"""The simulated Telegram's time, which a test can move on."""

from __future__ import annotations

import time
from datetime import timedelta


class Clock:
    """The wall clock plus what has been added to it."""

    __slots__ = ("_ahead",)

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> int:
        """Seconds since 1970, as Telegram's `date` fields count them."""
        return int(time.time() + self._ahead.total_seconds())

    def advance(self, delta: timedelta) -> None:
        """Moves the simulated time on (only Telegram's; long polling still waits in real seconds)."""
        self._ahead += delta
