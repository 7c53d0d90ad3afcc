"""What an operator does for organisations and their members from the command line, one transaction each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.commands import production
from bot.settings import Settings
from handoff import organisations
from handoff.routing import OF_SIDE
from handoff.store.tables import Member, Organisation, Shift

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WAITS: Final = "waits to be admitted by a lead"
READ: Final = frozenset({"counsellor", "lead"})
ROLES: Final = ("counsellor", "lead", "admin", "auditor")


class Unknown(Exception):
    """There is no such organisation, member, role or weekday."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A member as the list shows them; `stage` says what is still to be done until they can read."""

    organisation: str
    login: str
    name: str
    role: str
    stage: str


async def create(chosen: Settings, code: str, login: str, name: str, password: str) -> str:
    """An organisation with its first lead; the recovery words, which are shown once."""
    known = tuple(OF_SIDE.values())
    if code not in known:
        raise Unknown(f"There is no organisation {code} in routing and texts; there are: {', '.join(known)}.")
    async with production.transaction(chosen) as session:
        if await session.scalar(select(Organisation.id).where(Organisation.code == code)) is not None:
            raise Unknown(f"{code} is there already. Members are added with: helpline organisation invite")
        _, words = await organisations.create_organisation(session, code, login, name, password)
        return words


async def invite(chosen: Settings, code: str, login: str, name: str, role: str) -> str:
    """The one-time code by which the new member sets their password."""
    if role not in ROLES:
        raise Unknown(f"There is no role {role}; there are: {', '.join(ROLES)}.")
    async with production.transaction(chosen) as session:
        organisation = await session.scalar(select(Organisation).where(Organisation.code == code))
        if organisation is None:
            raise Unknown(f"{code} is not there yet: helpline organisation create")
        return await organisations.invite(session, organisation, login, name, role)


async def accept(chosen: Settings, login: str, code: str, password: str) -> str:
    """Sets the member's password, by which their key is made; says how far they are now."""
    async with production.transaction(chosen) as session:
        return _stage(await organisations.accept(session, login, code, password))


async def admit(chosen: Settings, lead: str, password: str, login: str) -> None:
    """A lead gives a member the organisation's key."""
    async with production.transaction(chosen) as session:
        reader = await organisations.reader(session, await organisations.log_in(session, lead, password))
        await organisations.admit(session, reader, (await _member(session, login)).id)


async def plan_shift(chosen: Settings, login: str, weekdays: Sequence[str], starts: time, ends: time) -> None:
    """The same time on each of these weekdays, every week; the local time of Belgrade and Prishtina."""
    for day in weekdays:
        if day not in WEEKDAYS:
            raise Unknown(f"There is no weekday {day}; there are: {', '.join(WEEKDAYS)}.")
    async with production.transaction(chosen) as session:
        member = await _member(session, login)
        for day in weekdays:
            session.add(Shift(member_id=member.id, weekday=WEEKDAYS.index(day), starts=starts, ends=ends))


async def members(chosen: Settings) -> list[Listed]:
    """Everybody, with how far they are on the way to the organisation's key."""
    async with production.transaction(chosen) as session:
        rows = await session.execute(
            select(Organisation.code, Member)
            .join(Member, Member.organisation_id == Organisation.id)
            .order_by(Organisation.code, Member.login)
        )
        return [Listed(code, one.login, one.name, one.role, _stage(one)) for code, one in rows]


def _stage(member: Member) -> str:
    if member.public_key is None:
        return "has not set a password"
    if member.role not in READ or member.sealed_organisation_key is not None:
        return "admitted" if member.role in READ else "can log in, reads no conversation"
    return WAITS


async def _member(session: AsyncSession, login: str) -> Member:
    found = await session.scalar(select(Member).where(Member.login == login))
    if found is None:
        raise Unknown(f"There is no member {login}: helpline organisation list")
    return found
