"""When a person may be written to: hours in which their phone is safe, and a sign by which they show that it is them.

Outside the hours nothing at all is sent. What waits is let go by the sign alone: a mere "hi" may come from somebody
else who holds the phone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

LOCAL_TIME: Final = ZoneInfo("Europe/Belgrade")  # Prishtina keeps the same time
# Who wrote a moment ago still holds the phone.
STAYS: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Discretion:
    """`hours`: from and to, local time, perhaps across midnight; None: any. `sign`: as `words.sign` makes it."""

    hours: tuple[time, time] | None = None
    sign: str | None = None

    def allows(self, now: datetime) -> bool:
        """Whether the hours let the bot write now."""
        if self.hours is None:
            return True
        at, (begins, ends) = now.astimezone(LOCAL_TIME).time(), self.hours
        return begins <= at < ends if begins < ends else at >= begins or at < ends

    def falls_silent_at(self, now: datetime) -> datetime | None:
        """Until when the bot may write, if the person did something just now; None: always.

        With a sign it is a few minutes from now, else the end of the hours.
        """
        if self.sign is not None:
            return now + STAYS
        if self.hours is None:
            return None
        return _next(self.hours[1], now) if self.allows(now) else now + STAYS

    def speaks_again_at(self, now: datetime) -> datetime | None:
        """When the silence ends by itself: at the next beginning of the hours, never where there is a sign."""
        return None if self.hours is None or self.sign is not None else _next(self.hours[0], now)

    def to_json(self) -> dict[str, Any]:
        return {"hours": [one.isoformat() for one in self.hours] if self.hours else None, "sign": self.sign}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        hours = kept.get("hours")
        return cls((time.fromisoformat(hours[0]), time.fromisoformat(hours[1])) if hours else None, kept.get("sign"))


NONE: Final = Discretion()


def _next(at: time, now: datetime) -> datetime:
    """The next time that it is so late, in local time; where the clock jumps, the moment after."""
    local = now.astimezone(LOCAL_TIME)
    for days in (0, 1):
        found = datetime.combine(local.date() + timedelta(days=days), at, LOCAL_TIME).astimezone(UTC)
        if found > now:
            return found
    return found
