"""The demo's organisations: the real ceremony, the same passwords at each start, somebody on duty at every hour."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.commands import rehearsal
from bot.commands.rehearsal import NotTheDemos
from handoff import access, organisations, roster
from handoff.store.tables import Member
from tests.conftest import Team

Sessions = async_sessionmaker[AsyncSession]


@pytest.mark.slow
async def test_everybody_logs_in_with_what_is_printed_and_reads_unless_admin(
    sessions: Sessions, tmp_path: Path
) -> None:
    members = await rehearsal.ensure(sessions, tmp_path / "logins.json")
    assert {member.organisation for member in members} == {"atina", "pvpt"}
    async with sessions.begin() as session:
        for member in members:
            login = await organisations.log_in(session, member.login, member.password)
            reader = await organisations.reader(session, login)
            assert (reader.organisation, reader.role) == (member.organisation, member.role)
            assert access.edits(reader) == (member.role == "admin")
            assert (reader.organisation_private is None) == (member.role == "admin")
    assert [member.login for member in members if member.role == "admin"] == ["dragana"]


@pytest.mark.slow
async def test_a_demo_of_an_earlier_version_gets_the_members_that_are_new(sessions: Sessions, tmp_path: Path) -> None:
    path = tmp_path / "logins.json"
    first = await rehearsal.ensure(sessions, path)
    earlier = [one for one in json.loads(path.read_text()) if one["login"] != "dragana"]
    path.write_text(json.dumps(earlier))
    async with sessions.begin() as session:
        await session.execute(delete(Member).where(Member.login == "dragana"))
    after = await rehearsal.ensure(sessions, path)
    assert {member.login for member in after} == {member.login for member in first}
    assert [member for member in after if member.login != "dragana"] == [one for one in first if one.login != "dragana"]
    assert await rehearsal.ensure(sessions, path) == after
    async with sessions.begin() as session:
        login = await organisations.log_in(session, after[-1].login, after[-1].password)
        assert (await organisations.reader(session, login)).role == "admin"


@pytest.mark.slow
async def test_the_next_start_prints_the_same_passwords(sessions: Sessions, tmp_path: Path) -> None:
    path = tmp_path / "logins.json"
    first = await rehearsal.ensure(sessions, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert await rehearsal.ensure(sessions, path) == first


@pytest.mark.slow
async def test_somebody_is_on_duty_at_every_hour_of_the_week(sessions: Sessions, tmp_path: Path) -> None:
    await rehearsal.ensure(sessions, tmp_path / "logins.json")
    begin = datetime(2026, 3, 28, tzinfo=UTC)  # the night in which summer time begins is in it
    async with sessions() as session:
        for hours in range(7 * 24):
            duties = await roster.on_duty(session, begin + timedelta(hours=hours))
            assert {code: duty.now for code, duty in duties.items()} == {"atina": True, "pvpt": True}


async def test_other_organisations_are_left_alone(sessions: Sessions, atina: Team, tmp_path: Path) -> None:
    path = tmp_path / "logins.json"
    with pytest.raises(NotTheDemos):
        await rehearsal.ensure(sessions, path)
    assert atina.code == "atina"
    assert not path.exists()


async def test_lost_passwords_are_said(sessions: Sessions, tmp_path: Path) -> None:
    path = tmp_path / "logins.json"
    await rehearsal.ensure(sessions, path)
    path.unlink()
    with pytest.raises(NotTheDemos, match="passwords"):
        await rehearsal.ensure(sessions, path)
