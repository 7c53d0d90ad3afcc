"""The desk: the order of waiting, taking, replying, putting back, closing."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from handoff import desk, organisations, roster
from handoff.store.tables import Audit, Conversation, Inbox, Member, Organisation, Outbox, Shift
from handoff.vault import ServerKeys
from tests.conftest import Team
from tests.handoff.conftest import NOW, Writes

Sessions = async_sessionmaker[AsyncSession]


async def test_the_queue_is_ordered_by_risk_then_promise(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, writes: Writes
) -> None:
    late = await writes("late", to="atina", promised_at=NOW + timedelta(hours=1))
    soon = await writes("soon", to="atina", promised_at=NOW + timedelta(minutes=10))
    danger = await writes("danger", to="atina", level="immediate", promised_at=NOW + timedelta(hours=2))
    async with sessions() as session, session.begin():
        assert [one.id for one in await desk.queue(session, atina.counsellor)] == [danger, soon, late]
        assert await desk.take_next(session, server_keys, atina.counsellor, NOW) == danger
        assert [one.id for one in await desk.mine(session, atina.counsellor)] == [danger]


async def test_a_reply_is_in_the_transcript_and_on_its_way_and_the_job_carries_no_word(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, writes: Writes
) -> None:
    one = await writes("help", to="atina")
    async with sessions() as session, session.begin():
        await desk.take(session, server_keys, atina.counsellor, one, NOW)
        await desk.reply(session, server_keys, atina.counsellor, one, "I am here with you")
    async with sessions() as session, session.begin():
        lines = await desk.transcript(session, server_keys, atina.counsellor, one)
        assert lines[-1].content == {"text": "I am here with you"}
        assert lines[-1].delivery == "waiting"
        assert lines[-1].author == atina.counsellor.name
        assert [line.seq for line in await desk.transcript(session, server_keys, atina.counsellor, one, 2)] == [3]
        jobs = (await session.execute(text("SELECT task_name, lock, args::text FROM procrastinate_jobs"))).all()
        assert {job.task_name for job in jobs} == {"answer", "send"}
        assert not any("here" in job.args for job in jobs)


async def test_only_who_has_it_can_reply_close_or_put_it_back(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, writes: Writes
) -> None:
    one = await writes("help", to="atina")
    async with sessions() as session, session.begin():
        await desk.take(session, server_keys, atina.counsellor, one, NOW)
    async with sessions() as session:
        with pytest.raises(desk.NotTaken):
            await desk.reply(session, server_keys, atina.lead, one, "me too")
        with pytest.raises(desk.NotTaken):
            await desk.close(session, server_keys, atina.lead, one, NOW)
        await session.rollback()
    async with sessions() as session, session.begin():
        await desk.put_back(session, server_keys, atina.counsellor, one, NOW)
        assert [waiting.id for waiting in await desk.queue(session, atina.lead)] == [one]
    async with sessions() as session, session.begin():
        with pytest.raises(desk.NotTaken):
            await desk.reply(session, server_keys, atina.counsellor, one, "still me")


async def test_closing_tells_the_dialogue_and_nothing_more_can_be_sent(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, writes: Writes
) -> None:
    one = await writes("help", to="atina")
    async with sessions() as session, session.begin():
        await desk.take(session, server_keys, atina.counsellor, one, NOW)
        await desk.close(session, server_keys, atina.counsellor, one, NOW)
    async with sessions() as session:
        rows = (await session.scalars(select(Inbox).order_by(Inbox.id))).all()
        assert [row.kind for row in rows] == ["desk", "desk"]
        told = [server_keys.unlock(row.payload_locked or b"", "inbox") for row in rows]
        assert b'"took"' in told[0]
        assert b'"closed"' in told[1]
        assert (await session.get_one(Conversation, one)).status == "closed"
        with pytest.raises(desk.NotTaken):
            await desk.reply(session, server_keys, atina.counsellor, one, "one more thing")


async def test_an_uncertain_message_is_sent_again_only_by_a_click(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, writes: Writes
) -> None:
    one = await writes("help", to="atina")
    async with sessions() as session, session.begin():
        await desk.take(session, server_keys, atina.counsellor, one, NOW)
        await desk.reply(session, server_keys, atina.counsellor, one, "hello")
        row = (await session.scalars(select(Outbox))).one()
        with pytest.raises(desk.NotTaken):
            await desk.send_again(session, atina.counsellor, row.id)
        row.status = "uncertain"
    async with sessions() as session, session.begin():
        await desk.send_again(session, atina.counsellor, row.id)
        assert (await desk.transcript(session, server_keys, atina.counsellor, one))[-1].delivery == "waiting"
        assert await session.scalar(select(func.count()).select_from(Outbox)) == 2
    async with sessions() as session:
        with pytest.raises(desk.NotTaken):
            await desk.send_again(session, atina.counsellor, row.id)


async def test_reading_is_written_down(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, writes: Writes
) -> None:
    one = await writes("help", to="atina")
    async with sessions() as session, session.begin():
        await desk.take(session, server_keys, atina.counsellor, one, NOW)
        await desk.transcript(session, server_keys, atina.counsellor, one)
    async with sessions() as session:
        acts = (await session.scalars(select(Audit.act).where(Audit.conversation_id == one))).all()
    assert acts == ["took", "read"]


async def test_only_admitted_members_are_on_duty_and_make_their_organisation_routable(
    sessions: Sessions, pvpt: Team
) -> None:
    async with sessions.begin() as session:
        empty = Organisation(code="empty", public_key=b"", recovery_locked=b"")
        session.add(empty)
        await session.flush()
        await organisations.invite(session, empty, "later", "Later", "counsellor")
        later = (await session.scalars(select(Member).where(Member.login == "later"))).one()
        session.add_all(Shift(member_id=later.id, weekday=day, starts=time(0), ends=time(0)) for day in range(7))
        duties = await roster.on_duty(session, NOW)
        assert set(duties) == {"pvpt"}
        assert duties["pvpt"].now
        await session.execute(delete(Shift).where(Shift.member_id == pvpt.counsellor.member_id))
        assert await roster.on_duty(session, NOW) == {"pvpt": roster.Duty(False, None)}
