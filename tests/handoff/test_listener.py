"""What the console hears of, whatever becomes of its connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from handoff.store.database import Listener, Notice, notify

Sessions = async_sessionmaker[AsyncSession]
RECONNECTED = Notice("reconnected", "")


@pytest_asyncio.fixture
async def listener(database_url: str) -> AsyncIterator[Listener]:
    async with Listener(database_url) as running:
        heard = running.subscribe()
        assert await soon(heard) == RECONNECTED
        yield running


async def soon(notices: AsyncIterator[Notice]) -> Notice:
    async with asyncio.timeout(10):
        return await anext(notices)


async def tell(sessions: Sessions, *ids: str) -> None:
    async with sessions.begin() as session:
        for one in ids:
            await notify(session, "conversation", one)


async def end_the_listening(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE query LIKE 'LISTEN%' AND datname = current_database()"
            )
        )


async def test_it_comes_back_when_its_connection_is_ended(sessions: Sessions, listener: Listener) -> None:
    heard = listener.subscribe()
    for number in range(2):
        await end_the_listening(sessions)
        assert await soon(heard) == RECONNECTED
        await tell(sessions, f"after {number}")
        assert await soon(heard) == Notice("conversation", f"after {number}")


async def test_everybody_hears_everything_and_only_what_was_committed(sessions: Sessions, listener: Listener) -> None:
    first, second = listener.subscribe(), listener.subscribe()
    async with sessions() as session:
        await notify(session, "queue", 1)
        await session.rollback()
    async with sessions.begin() as session:
        await notify(session, "queue", 2)
    assert await soon(first) == await soon(second) == Notice("queue", "2")


async def test_nothing_is_missed_between_subscribing_and_reading(sessions: Sessions, listener: Listener) -> None:
    early, late = listener.subscribe(), listener.subscribe()
    await tell(sessions, "one", "two")
    assert [(await soon(late)).id, (await soon(late)).id] == ["one", "two"]
    assert [(await soon(early)).id, (await soon(early)).id] == ["one", "two"]


async def test_who_reads_nothing_for_long_is_told_to_look_at_everything(sessions: Sessions, listener: Listener) -> None:
    asleep, awake = listener.subscribe(), listener.subscribe()
    await tell(sessions, *(str(number) for number in range(1001)))
    while (await soon(awake)).id != "1000":
        pass
    assert await soon(asleep) == RECONNECTED
    assert await soon(asleep) == Notice("conversation", "1000")
