"""What the tour looks up in the database itself, since a promise about keys can't be seen in a chat."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.tour.chat import Broken
from handoff.store.tables import Conversation, Entry, Holder, Person

_WITHIN: Final = 15.0
_LOOKS_EVERY: Final = 0.2


async def is_paused(engine: AsyncEngine, handle: bytes) -> bool:
    """Whether nothing is sent to this person now."""
    async with engine.connect() as connection:
        return bool(await connection.scalar(sa.select(Person.paused).where(Person.handle == handle)))


async def conversation_of(engine: AsyncEngine, handle: bytes) -> uuid.UUID | None:
    """The person's open conversation."""
    async with engine.connect() as connection:
        return await connection.scalar(
            sa.select(Conversation.id)
            .join(Person, Person.id == Conversation.person_id)
            .where(Person.handle == handle, Conversation.status != "closed")
        )


async def holders(engine: AsyncEngine, conversation: uuid.UUID) -> int:
    """How many can open this conversation."""
    return await _count(engine, Holder, Holder.conversation_id == conversation)


async def wait_until_forgotten(engine: AsyncEngine, conversation: uuid.UUID, handle: bytes) -> None:
    """Raises Broken if a key, a line or the contact is still there after a while: the last word must leave first."""
    last = time.monotonic() + _WITHIN
    while True:
        left = {
            "keys": await holders(engine, conversation),
            "lines": await _count(engine, Entry, Entry.conversation_id == conversation),
            "contact": await _count(engine, Person, Person.handle == handle),
        }
        if not any(left.values()):
            return
        if time.monotonic() > last:
            raise Broken(f"after /forget there are still {left}")
        await asyncio.sleep(_LOOKS_EVERY)


async def _count(engine: AsyncEngine, table: type[Holder | Entry | Person], which: sa.ColumnElement[bool]) -> int:
    async with engine.connect() as connection:
        return int(await connection.scalar(sa.select(sa.func.count()).select_from(table).where(which)) or 0)
