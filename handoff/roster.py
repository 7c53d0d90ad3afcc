"""Shifts, who is on duty, and when the next one starts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.store.tables import Member, Organisation, Shift

LOCAL_TIME = ZoneInfo("Europe/Belgrade")  # Prishtina keeps the same time


@dataclass(frozen=True, slots=True)
class WeeklyShift:
    """A time in each week; `ends` at or before `starts` means the next day. Weekday 0 is Monday."""

    weekday: int
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class Duty:
    """Whether somebody of an organisation is on duty now, and when the next one starts if not."""

    now: bool
    next_at: datetime | None


def duty(shifts: Iterable[WeeklyShift], now: datetime) -> Duty:
    """Looks a week ahead in local time, so that the clock's change in spring and autumn falls where people live it."""
    local = now.astimezone(LOCAL_TIME)
    upcoming: list[datetime] = []
    for shift in shifts:
        for offset in range(-1, 8):
            day = local.date() + timedelta(days=offset)
            if day.weekday() != shift.weekday:
                continue
            starts = datetime.combine(day, shift.starts, LOCAL_TIME).astimezone(UTC)
            last_day = day if shift.ends > shift.starts else day + timedelta(days=1)
            ends = datetime.combine(last_day, shift.ends, LOCAL_TIME).astimezone(UTC)
            if starts <= now < ends:
                return Duty(True, None)
            if starts > now:
                upcoming.append(starts)
    return Duty(False, min(upcoming, default=None))


async def on_duty(session: AsyncSession, now: datetime) -> dict[str, Duty]:
    """Each routable organisation (one with an admitted member) by code."""
    rows = await session.execute(
        select(Organisation.code, Shift.weekday, Shift.starts, Shift.ends)
        .join(Member, Member.organisation_id == Organisation.id)
        .outerjoin(Shift, Shift.member_id == Member.id)
        .where(Member.sealed_organisation_key.is_not(None))
    )
    shifts: dict[str, list[WeeklyShift]] = {}
    for code, weekday, starts, ends in rows:
        own = shifts.setdefault(code, [])
        if weekday is not None:
            own.append(WeeklyShift(weekday, starts, ends))
    return {code: duty(own, now) for code, own in shifts.items()}
