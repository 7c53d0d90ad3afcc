"""A conversation's life on the bot's side: its keys, its request, its end."""

from __future__ import annotations

import asyncio
import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from handoff import access, conversations, desk, pseudonyms
from handoff.store.database import Listener
from handoff.store.tables import Conversation, Entry, Holder, Inbox, IntakeKey, Organisation, Outbox, Tombstone
from handoff.vault import KeyPair, ServerKeys
from tests.conftest import Team
from tests.handoff.conftest import NOW, Writes, until_somebody_waits

Sessions = async_sessionmaker[AsyncSession]


async def holders(sessions: Sessions, one: uuid.UUID) -> set[str]:
    async with sessions() as session:
        return set(await session.scalars(select(Holder.kind).where(Holder.conversation_id == one)))


async def person_of(sessions: Sessions, one: uuid.UUID) -> uuid.UUID:
    async with sessions() as session:
        found = (await session.get_one(Conversation, one)).person_id
        assert found is not None
        return found


async def takes(sessions: Sessions, keys: ServerKeys, team: Team, one: uuid.UUID) -> None:
    async with sessions.begin() as session:
        await desk.take(session, keys, team.counsellor, one, NOW)


async def test_it_is_the_intakes_then_the_organisations_too_then_the_organisations_alone(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, writes: Writes
) -> None:
    one = await writes("help")
    assert await holders(sessions, one) == {"intake"}
    async with sessions.begin() as session:
        conversation = await session.get_one(Conversation, one)
        await conversations.request_handoff(session, server_keys, conversation, "atina", {}, None, NOW)
    assert await holders(sessions, one) == {"intake", "organisation"}
    await takes(sessions, server_keys, atina, one)
    assert await holders(sessions, one) == {"organisation"}


async def test_lines_keep_their_order_when_many_write_at_once(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, writes: Writes
) -> None:
    one = await writes("0", to="atina")

    async def append(words: str) -> int:
        async with sessions.begin() as session:
            conversation = await session.get_one(Conversation, one)
            return await conversations.append(session, server_keys, conversation, "person", {"text": words})

    numbers = await asyncio.gather(*(append(str(number)) for number in range(20)))
    assert sorted(numbers) == list(range(3, 23))
    await takes(sessions, server_keys, atina, one)
    async with sessions.begin() as session:
        lines = await desk.transcript(session, server_keys, atina.counsellor, one)
    written = {line.seq: line.content["text"] for line in lines if line.direction == "person"}
    assert {written[seq] for seq in numbers} == {str(number) for number in range(20)}
    assert [written[seq] for seq in numbers] == [str(number) for number in range(20)]


async def test_nobody_is_handed_to_an_organisation_where_nobody_could_read_it(
    sessions: Sessions, server_keys: ServerKeys, writes: Writes
) -> None:
    one = await writes("help")
    async with sessions.begin() as session:
        session.add(Organisation(code="empty", public_key=KeyPair.new().public, recovery_locked=b""))
        conversation = await session.get_one(Conversation, one)
        for code in ("empty", "unknown"):
            with pytest.raises(conversations.NotRoutable):
                await conversations.request_handoff(session, server_keys, conversation, code, {}, None, NOW)
    assert await holders(sessions, one) == {"intake"}


async def test_asking_another_organisation_takes_the_key_and_the_name_from_the_first(
    sessions: Sessions,
    server_keys: ServerKeys,
    atina: Team,
    pvpt: Team,
    writes: Writes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn = iter(["Calm Heron", "Mild Linden", "Quiet Otter"])
    monkeypatch.setattr(pseudonyms, "new", lambda: next(drawn))
    one = await writes("help", to="atina")
    async with sessions.begin() as session:
        conversation = await session.get_one(Conversation, one)
        assert conversation.pseudonym == "Mild Linden"
        await conversations.request_handoff(session, server_keys, conversation, "pvpt", {}, None, NOW)
        assert conversation.pseudonym == "Quiet Otter"
        assert await desk.queue(session, atina.counsellor) == ()
        assert [waiting.id for waiting in await desk.queue(session, pvpt.counsellor)] == [one]
        found = await session.scalars(select(Holder.holder_id).where(Holder.kind == "organisation"))
        assert found.all() == [pvpt.lead.organisation_id]


async def test_two_people_at_one_desk_never_bear_the_same_name(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, writes: Writes, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await writes("one", to="atina")
    async with sessions() as session:
        taken = (await session.get_one(Conversation, first)).pseudonym
    drawn = iter(["only for now", taken, taken, "Quiet Otter"])
    monkeypatch.setattr(pseudonyms, "new", lambda: next(drawn))
    second = await writes("two", to="atina")
    async with sessions() as session:
        assert (await session.get_one(Conversation, second)).pseudonym == "Quiet Otter"


def test_a_pseudonym_is_two_words() -> None:
    assert all(len(pseudonyms.new().split()) == 2 for _ in range(50))


async def test_put_back_it_waits_in_the_same_organisation_and_the_server_cannot_send_it_elsewhere(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, pvpt: Team, writes: Writes
) -> None:
    one = await writes("help", to="atina", promised_at=NOW - timedelta(minutes=1))
    await takes(sessions, server_keys, atina, one)
    async with sessions.begin() as session:
        await desk.put_back(session, server_keys, atina.counsellor, one, NOW)
    assert await holders(sessions, one) == {"organisation"}
    async with sessions.begin() as session:
        conversation = await session.get_one(Conversation, one)
        assert conversation.status == "waiting"
        assert conversation.promise_broken_at == NOW  # told that it was put back; not that the promise was missed too
        assert [waiting.id for waiting in await desk.queue(session, atina.lead)] == [one]
        with pytest.raises(conversations.OutOfReach):
            await conversations.request_handoff(session, server_keys, conversation, "pvpt", {}, None, NOW)
    async with sessions.begin() as session:
        assert await desk.take_next(session, server_keys, atina.lead, NOW) == one
        assert (await desk.transcript(session, server_keys, atina.lead, one))[0].content == {"text": "help"}


async def test_what_a_counsellor_has_read_stays_with_their_organisation_when_the_person_starts_afresh(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, pvpt: Team, writes: Writes
) -> None:
    one = await writes("for Atina", to="atina")
    await takes(sessions, server_keys, atina, one)
    async with sessions.begin() as session:
        await desk.put_back(session, server_keys, atina.counsellor, one, NOW)
        conversation = await session.get_one(Conversation, one)
        fresh = await conversations.start_fresh(session, server_keys, conversation, NOW)
        await conversations.request_handoff(session, server_keys, fresh, "pvpt", {"consent": "fresh"}, None, NOW)
    async with sessions.begin() as session:
        lines = await desk.transcript(session, server_keys, atina.counsellor, one)
        assert lines[0].content == {"text": "for Atina"}
        assert await desk.queue(session, atina.counsellor) == ()
        with pytest.raises(access.NotYours):
            await desk.about(session, pvpt.counsellor, one)
        assert await desk.take_next(session, server_keys, pvpt.counsellor, NOW) == fresh.id
        assert len(await desk.transcript(session, server_keys, pvpt.counsellor, fresh.id)) == 1


async def test_the_working_state_is_kept_locked_and_is_gone_after_the_take(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, writes: Writes
) -> None:
    one = await writes("where I am", to="atina")
    async with sessions() as session:
        conversation = await session.get_one(Conversation, one)
        assert conversations.read_state(server_keys, conversation) == {"step": "where I am"}
        assert b"where" not in (conversation.state_locked or b"")
    await takes(sessions, server_keys, atina, one)
    async with sessions.begin() as session:
        conversation = await session.get_one(Conversation, one)
        assert conversations.read_state(server_keys, conversation) == {}
        conversations.write_state(server_keys, conversation, {"step": "again"})
        assert conversations.read_state(server_keys, conversation) == {}


async def test_a_silent_conversation_that_nobody_was_asked_to_read_ends_after_72_hours(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, writes: Writes
) -> None:
    silent, waiting = await writes("silent"), await writes("waiting", to="atina")
    async with sessions.begin() as session:
        await conversations.close_stale(session, NOW + timedelta(hours=72))
    assert await holders(sessions, silent) == {"intake"}
    async with sessions.begin() as session:
        await conversations.close_stale(session, NOW + timedelta(hours=72, seconds=1))
    assert await holders(sessions, silent) == set()
    assert await holders(sessions, waiting) == {"intake", "organisation"}
    person_id = await person_of(sessions, silent)
    async with sessions() as session:
        assert await conversations.current(session, person_id) is None
        closed = await session.get_one(Conversation, silent)
        assert (closed.status, closed.state_locked) == ("closed", None)


async def test_a_key_is_not_destroyed_while_something_is_sealed_to_it(
    sessions: Sessions, server_keys: ServerKeys, writes: Writes
) -> None:
    today, tomorrow = NOW.date(), NOW.date() + timedelta(days=1)
    old = await writes("yesterday")
    async with sessions.begin() as session:
        await conversations.forget(session, await person_of(sessions, old), NOW)

    async def keys_left() -> int | None:
        async with sessions.begin() as session:
            await conversations.destroy_old_intake_keys(session, tomorrow)
            return await session.scalar(select(func.count()).select_from(IntakeKey))

    async with sessions() as sealing:
        await conversations.intake_key(sealing, server_keys, today)
        assert await keys_left() == 1
        await sealing.commit()
    assert await keys_left() == 0


async def test_everybody_who_comes_first_on_a_day_gets_the_same_key(
    sessions: Sessions, server_keys: ServerKeys
) -> None:
    async def first() -> int:
        async with sessions.begin() as session:
            return (await conversations.intake_key(session, server_keys, date(2026, 11, 25))).id

    assert len(set(await asyncio.gather(*(first() for _ in range(10))))) == 1


async def test_forgetting_leaves_nothing_to_send_or_to_handle_but_what_deletes(
    sessions: Sessions, server_keys: ServerKeys, database_url: str, atina: Team, writes: Writes
) -> None:
    one = await writes("forget me", to="atina")
    await takes(sessions, server_keys, atina, one)
    person_id = await person_of(sessions, one)
    async with sessions.begin() as session:
        await desk.reply(session, server_keys, atina.counsellor, one, "I am here")
        for action, status in (("send", "uncertain"), ("send", "failed"), ("delete", "waiting"), ("press", "waiting")):
            session.add(
                Outbox(
                    person_id=person_id,
                    conversation_id=one,
                    action=action,
                    status=status,
                    payload_locked=server_keys.lock(b"{}", "outbox"),
                )
            )
    async with Listener(database_url) as listener:
        heard = listener.subscribe()
        async with asyncio.timeout(10):
            await anext(heard)
            async with sessions.begin() as session:
                await conversations.forget(session, person_id, NOW)
                await conversations.forget(session, person_id, NOW)
            told = {(await anext(heard)).channel, (await anext(heard)).channel}
    assert told == {"conversation", "queue"}
    async with sessions() as session:
        rows = (await session.scalars(select(Outbox).order_by(Outbox.id))).all()
        kept = [(row.action, row.status) for row in rows if row.payload_locked is not None]
        assert kept == [("delete", "waiting"), ("press", "waiting")]
        assert {row.conversation_id for row in rows} == {None}
        assert {row.status for row in rows if row.action == "send"} == {"dropped", "uncertain", "failed"}
        for row in await session.scalars(select(Inbox)):
            assert (row.payload_locked, row.message_id) == (None, None)
            assert row.handled_at is not None
        for table in (Conversation, Entry, Holder):
            assert await session.scalar(select(func.count()).select_from(table)) == 0
        assert await session.scalar(select(func.count()).select_from(Tombstone)) == 1
        left = (await session.scalars(text("SELECT person::text FROM person"))).one()
        assert "forget me" not in left


async def test_a_reply_that_is_written_while_the_person_is_forgotten_does_not_leave(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, writes: Writes
) -> None:
    one = await writes("forget me", to="atina")
    await takes(sessions, server_keys, atina, one)
    person_id = await person_of(sessions, one)

    async def forgets() -> None:
        async with sessions.begin() as session:
            await conversations.forget(session, person_id, NOW)

    async with sessions() as replying:
        await desk.reply(replying, server_keys, atina.counsellor, one, "are you there?")
        forgetting = asyncio.create_task(forgets())
        await until_somebody_waits(sessions)
        await replying.commit()
    await forgetting
    async with sessions() as session:
        row = (await session.scalars(select(Outbox))).one()
        assert (row.status, row.payload_locked, row.conversation_id) == ("dropped", None, None)
    with pytest.raises(access.NotYours):
        async with sessions.begin() as session:
            await desk.reply(session, server_keys, atina.counsellor, one, "hello?")
