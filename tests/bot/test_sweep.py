"""What was left lying is taken up again."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import procrastinate
import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot import persons
from bot.sweep import Sweeping
from handoff import conversations
from handoff.store import jobs
from handoff.store.tables import Inbox, Outbox, Person
from handoff.vault import ServerKeys
from tests.bot.clock import Clock

Sessions = async_sessionmaker[AsyncSession]
CHAT = 4242


@pytest.fixture
def sweeping(sessions: Sessions, server_keys: ServerKeys, clock: Clock) -> Sweeping:
    return Sweeping(sessions, server_keys, clock)


@pytest_asyncio.fixture
async def app(database_url: str) -> AsyncIterator[procrastinate.App]:
    app = jobs.jobs_app(database_url)
    async with app.open_async():
        yield app


@pytest_asyncio.fixture
async def person_id(sessions: Sessions, server_keys: ServerKeys) -> uuid.UUID:
    async with sessions.begin() as session:
        return await persons.of_chat(session, server_keys, 1, CHAT)


async def put(sessions: Sessions, row: Any) -> int:
    async with sessions.begin() as session:
        session.add(row)
        await session.flush()
        return int(row.id)


async def get(sessions: Sessions, table: Any, key: Any) -> Any:
    async with sessions() as session:
        return await session.get(table, key)


async def nudges(sessions: Sessions) -> list[str]:
    """The locks of the jobs that wait."""
    async with sessions() as session:
        found = await session.execute(sa.text("SELECT lock FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id"))
        return [row.lock for row in found]


async def test_an_event_without_a_job_gets_one_and_no_second(
    sweeping: Sweeping, app: procrastinate.App, sessions: Sessions, person_id: uuid.UUID
) -> None:
    await put(sessions, Inbox(person_id=person_id, kind="desk", payload_locked=b"-"))
    await sweeping.sweep(app)
    await sweeping.sweep(app)
    assert await nudges(sessions) == [f"answer:{person_id}"]


async def test_a_message_is_sent_when_it_is_due(
    sweeping: Sweeping, app: procrastinate.App, sessions: Sessions, person_id: uuid.UUID, clock: Clock
) -> None:
    await put(sessions, Outbox(person_id=person_id, payload_locked=b"-", due_at=clock() + timedelta(minutes=1)))
    await sweeping.sweep(app)
    assert await nudges(sessions) == []
    clock.advance(minutes=1)
    await sweeping.sweep(app)
    assert await nudges(sessions) == [f"send:{person_id}"]


async def test_in_a_pause_only_the_pauses_own_words_are_due(
    sweeping: Sweeping, app: procrastinate.App, sessions: Sessions, person_id: uuid.UUID
) -> None:
    async with sessions.begin() as session:
        await session.execute(sa.update(Person).values(paused=True))
    await put(sessions, Outbox(person_id=person_id, payload_locked=b"-"))
    await sweeping.sweep(app)
    assert await nudges(sessions) == []
    await put(sessions, Outbox(person_id=person_id, payload_locked=b"-", while_paused=True))
    await sweeping.sweep(app)
    assert await nudges(sessions) == [f"send:{person_id}"]


async def test_a_message_whose_sender_died_is_uncertain(
    sweeping: Sweeping, app: procrastinate.App, sessions: Sessions, person_id: uuid.UUID
) -> None:
    row_id = await put(sessions, Outbox(person_id=person_id, payload_locked=b"-", status="sending", tries=1))
    await sweeping.sweep(app)
    assert (await get(sessions, Outbox, row_id)).status == "uncertain"


async def test_a_dead_workers_job_is_done_again(
    sweeping: Sweeping, app: procrastinate.App, sessions: Sessions, person_id: uuid.UUID
) -> None:
    async with sessions.begin() as session:
        await jobs.defer(session, "answer", f"answer:{person_id}", "answer", person_id=str(person_id))
    worker = await app.job_manager.register_worker()
    assert await app.job_manager.fetch_job(queues=["answer"], worker_id=worker) is not None
    await sweeping.sweep(app)
    assert await nudges(sessions) == []
    async with sessions.begin() as session:
        await session.execute(
            sa.text("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '11 seconds'")
        )
    await sweeping.sweep(app)
    assert await nudges(sessions) == [f"answer:{person_id}"]


async def test_a_missed_promise_is_an_event_once(
    sweeping: Sweeping,
    app: procrastinate.App,
    sessions: Sessions,
    person_id: uuid.UUID,
    server_keys: ServerKeys,
    clock: Clock,
) -> None:
    async with sessions.begin() as session:
        one = await conversations.open_conversation(session, server_keys, person_id, "sq", clock())
        one.status, one.promised_at = "waiting", clock() + timedelta(minutes=10)
    await sweeping.sweep(app)
    assert await nudges(sessions) == []
    clock.advance(minutes=11)
    await sweeping.sweep(app)
    await sweeping.sweep(app)
    async with sessions() as session:
        row = (await session.scalars(sa.select(Inbox))).one()
    assert row.kind == "timer"
    assert server_keys.unlock(row.payload_locked or b"", "inbox") == b'{"type": "promise_missed"}'
    assert await nudges(sessions) == [f"answer:{person_id}"]


async def test_a_forgotten_person_goes_when_the_last_word_has_left(
    sweeping: Sweeping, app: procrastinate.App, sessions: Sessions, person_id: uuid.UUID, clock: Clock
) -> None:
    async with sessions.begin() as session:
        await session.execute(sa.update(Person).values(forgotten_at=clock()))
    row_id = await put(sessions, Outbox(person_id=person_id, payload_locked=b"-"))
    await sweeping.sweep(app)
    assert await get(sessions, Person, person_id) is not None
    async with sessions.begin() as session:
        await session.execute(sa.update(Outbox).where(Outbox.id == row_id).values(status="sent"))
    await sweeping.sweep(app)
    assert await get(sessions, Person, person_id) is None


async def test_what_was_written_after_forgetting_is_not_lost_with_the_person(
    sweeping: Sweeping, app: procrastinate.App, sessions: Sessions, person_id: uuid.UUID, clock: Clock
) -> None:
    async with sessions.begin() as session:
        await session.execute(sa.update(Person).values(forgotten_at=clock()))
    await put(sessions, Inbox(person_id=person_id, kind="telegram", bot_id=1, update_id=1, payload_locked=b"-"))
    await sweeping.sweep(app)
    assert await get(sessions, Person, person_id) is not None


async def test_who_writes_again_after_forgetting_is_somebody_new(
    sessions: Sessions, server_keys: ServerKeys, person_id: uuid.UUID, clock: Clock
) -> None:
    async with sessions.begin() as session:
        assert await persons.of_chat(session, server_keys, 1, CHAT) == person_id
        await session.execute(sa.update(Person).values(forgotten_at=clock()))
    async with sessions.begin() as session:
        again = await persons.of_chat(session, server_keys, 1, CHAT)
        assert again != person_id
        assert await persons.of_chat(session, server_keys, 1, CHAT) == again


async def test_what_has_served_its_time_goes(
    sweeping: Sweeping, app: procrastinate.App, sessions: Sessions, person_id: uuid.UUID, clock: Clock
) -> None:
    now = clock()
    handled = await put(
        sessions,
        Inbox(
            person_id=person_id, kind="telegram", bot_id=1, update_id=1, message_id=9, handled_at=now, received_at=now
        ),
    )
    said = await put(
        sessions, Outbox(person_id=person_id, status="uncertain", message_id=10, payload_locked=b"-", ended_at=now)
    )
    await sweeping.sweep(app)
    assert (await get(sessions, Inbox, handled)).message_id == 9
    clock.advance(hours=49)
    await sweeping.sweep(app)
    row = await get(sessions, Outbox, said)
    assert ((await get(sessions, Inbox, handled)).message_id, row.message_id, row.payload_locked) == (None, None, None)
    clock.advance(days=6)
    await sweeping.sweep(app)
    assert await get(sessions, Inbox, handled) is None


async def test_only_one_process_sweeps_at_a_time(
    sweeping: Sweeping, app: procrastinate.App, sessions: Sessions, person_id: uuid.UUID
) -> None:
    await put(sessions, Inbox(person_id=person_id, kind="desk", payload_locked=b"-"))
    async with sessions.begin() as session:
        await session.execute(sa.text("SELECT pg_advisory_xact_lock(1398228304, 0)"))
        await sweeping.sweep(app)
        assert await nudges(sessions) == []
    await sweeping.sweep(app)
    assert await nudges(sessions) == [f"answer:{person_id}"]
