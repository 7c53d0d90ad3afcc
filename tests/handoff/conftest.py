"""A person who writes, as the bot's side stores it: without Telegram, with the real database and the real keys."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from handoff import conversations
from handoff.store.tables import Person
from handoff.vault import ServerKeys

NOW = datetime(2026, 11, 25, 21, 30, tzinfo=UTC)
Writes = Callable[..., Awaitable[uuid.UUID]]


@pytest.fixture
def writes(sessions: async_sessionmaker[AsyncSession], server_keys: ServerKeys) -> Writes:
    """`await writes("words", to="atina", level="high")`: somebody wrote that and said yes to a handoff."""

    async def write(
        words: str, to: str | None = None, level: str = "none", promised_at: datetime | None = None
    ) -> uuid.UUID:
        async with sessions() as session, session.begin():
            person = Person(
                id=uuid.uuid4(), handle=uuid.uuid4().bytes, chat_locked=server_keys.lock(b"1", "chat"), language="en"
            )
            session.add(person)
            await session.flush()
            conversation = await conversations.open_conversation(session, server_keys, person.id, "en", NOW)
            conversation.level = level
            conversations.write_state(server_keys, conversation, {"step": words})
            await conversations.append(session, server_keys, conversation, "person", {"text": words})
            if to is not None:
                await conversations.request_handoff(
                    session, server_keys, conversation, to, {"consent": "history"}, promised_at, NOW
                )
            return conversation.id

    return write


async def until_somebody_waits(sessions: async_sessionmaker[AsyncSession]) -> None:
    """Until a statement of this database waits for a row that somebody else holds."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    async with asyncio.timeout(10), sessions() as session:
        while not await session.scalar(waiting):
            await session.rollback()  # within one transaction the answer stays the same
            await asyncio.sleep(0.01)
