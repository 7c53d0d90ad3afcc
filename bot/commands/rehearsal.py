"""Two organisations for a demo: made by the real key ceremony, with invented members and passwords that are printed."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import time
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from handoff import organisations, pseudonyms
from handoff.access import Reader
from handoff.store.tables import Organisation, Shift
from handoff.vault import WrongPassword


class NotTheDemos(Exception):
    """The database has organisations that this demo didn't make."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who logs in to the demo's console. `shift` is the time of each day at which they are on duty."""

    organisation: str
    login: str
    name: str
    role: str
    shift: tuple[time, time] | None
    password: str


_DAY: Final = (time(7), time(19))
_NIGHT: Final = (time(19), time(7))
# Together they cover the week: somebody is always on duty.
_MEMBERS: Final[tuple[tuple[str, str, str, str, tuple[time, time] | None], ...]] = (
    ("atina", "milica", "Milica", "lead", None),
    ("atina", "jovana", "Jovana", "counsellor", _DAY),
    ("atina", "sanja", "Sanja", "counsellor", _NIGHT),
    ("atina", "dragana", "Dragana", "admin", None),
    ("pvpt", "teuta", "Teuta", "lead", None),
    ("pvpt", "arta", "Arta", "counsellor", _DAY),
    ("pvpt", "besa", "Besa", "counsellor", _NIGHT),
)


async def ensure(sessions: async_sessionmaker[AsyncSession], path: Path) -> tuple[Member, ...]:
    """The demo's members, made at the first start; `path` keeps their passwords so that the next one prints the same.

    Raises NotTheDemos when somebody else's organisations are in the database.
    """
    async with sessions.begin() as session:
        there = (await session.scalars(select(Organisation.code))).all()
        kept = read(path)
        if not there:
            members = tuple(Member(*one, _password()) for one in _MEMBERS)
            _write(path, members)  # first: a password that is lost opens nothing ever again
            for code in dict.fromkeys(member.organisation for member in members):
                await _found(session, [member for member in members if member.organisation == code])
            return members
        if kept is None or not await _fits(session, kept):
            raise NotTheDemos(
                "This database has organisations that the demo didn't make, or the demo's passwords "
                f"({path}) are gone. Nothing was changed. Start with an empty database: another DATABASE_URL, or move "
                "the data directory's folder postgres/ away."
            )
        new = tuple(Member(*one, _password()) for one in _MEMBERS if one[1] not in {member.login for member in kept})
        if new:  # an earlier version's demo
            _write(path, (*kept, *new))
            await _join(session, kept, new)
        return (*kept, *new)


async def _join(session: AsyncSession, there: Sequence[Member], new: Sequence[Member]) -> None:
    for one in new:
        lead = next(other for other in there if (other.organisation, other.role) == (one.organisation, "lead"))
        organisation = await session.scalar(select(Organisation).where(Organisation.code == one.organisation))
        assert organisation is not None
        await _add(session, organisation, await _reader(session, lead), one)


async def _found(session: AsyncSession, members: Sequence[Member]) -> None:
    """One organisation: its key and lead, then each of the others invited and keyed, and who reads also admitted."""
    lead, *others = members
    organisation, _ = await organisations.create_organisation(
        session, lead.organisation, lead.login, lead.name, lead.password
    )
    reader = await _reader(session, lead)
    for one in others:
        await _add(session, organisation, reader, one)


async def _add(session: AsyncSession, organisation: Organisation, lead: Reader, one: Member) -> None:
    code = await organisations.invite(session, organisation, one.login, one.name, one.role)
    member = await organisations.accept(session, one.login, code, one.password)
    if one.role == "counsellor":
        await organisations.admit(session, lead, member.id)
    if one.shift is not None:
        starts, ends = one.shift
        session.add_all(Shift(member_id=member.id, weekday=day, starts=starts, ends=ends) for day in range(7))


async def _reader(session: AsyncSession, one: Member) -> Reader:
    return await organisations.reader(session, await organisations.log_in(session, one.login, one.password))


async def _fits(session: AsyncSession, members: Sequence[Member]) -> bool:
    try:
        await organisations.log_in(session, members[0].login, members[0].password)
    except WrongPassword:
        return False
    return True


def _password() -> str:
    return f"{pseudonyms.new()} {pseudonyms.new()}".lower().replace(" ", "-")


def _write(path: Path, members: Sequence[Member]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(member) for member in members], indent=1, default=time.isoformat)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def path(data_dir: Path) -> Path:
    """Where the demo of a data directory keeps its members."""
    return data_dir / "demo" / "logins.json"


def read(path: Path) -> tuple[Member, ...] | None:
    """The members that a demo kept; None when there is no such file, or it can't be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return tuple(Member(**{**one, "shift": _shift(one["shift"])}) for one in found)


def _shift(kept: list[str] | None) -> tuple[time, time] | None:
    return None if kept is None else (time.fromisoformat(kept[0]), time.fromisoformat(kept[1]))
