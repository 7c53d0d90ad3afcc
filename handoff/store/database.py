"""The database: how it is reached, brought up to date, and listened to."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, cast

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import URL, make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

CHANNELS = ("conversation", "queue")
_RETRY_SECONDS = 0.5


def _url(url: str) -> URL:
    return make_url(url).set(drivername="postgresql+psycopg")


def conninfo(url: str) -> str:
    """The same address as psycopg reads it."""
    return _url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def create_engine(url: str) -> AsyncEngine:
    return create_async_engine(_url(url), pool_size=10, max_overflow=20, pool_pre_ping=True)


def sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    return async_sessionmaker(engine, expire_on_commit=False)


async def raw_connection(session: AsyncSession) -> psycopg.AsyncConnection[Any]:
    """The psycopg connection under a session: what runs on it belongs to the session's transaction."""
    connection = await session.connection()
    return cast("psycopg.AsyncConnection[Any]", (await connection.get_raw_connection()).driver_connection)


def migrate(url: str, revision: str = "head") -> None:
    """Brings the database to a revision; two that start at once wait for each other (migrations/env.py)."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["url"] = _url(url)
    if revision == "base":
        command.downgrade(config, "base")
    else:
        command.upgrade(config, revision)


async def notify(session: AsyncSession, channel: str, about: object) -> None:
    """Tells every listening console, when this transaction commits, that something changed; ids only."""
    await session.execute(text("SELECT pg_notify(:channel, :about)"), {"channel": channel, "about": str(about)})


@dataclass(frozen=True, slots=True)
class Notice:
    """Something changed: a conversation, an organisation's queue; or "reconnected": look at everything again."""

    channel: str
    id: str


class Listener:
    """One connection a process that hears what changed, and comes back by itself when it is lost."""

    def __init__(self, url: str) -> None:
        self._conninfo = conninfo(url)
        self._subscribers: set[asyncio.Queue[Notice]] = set()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def subscribe(self) -> AsyncIterator[Notice]:
        """All that changes from now on."""
        queue: asyncio.Queue[Notice] = asyncio.Queue()
        self._subscribers.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._subscribers.discard(queue)

    def _tell(self, notice: Notice) -> None:
        for queue in self._subscribers:
            queue.put_nowait(notice)

    async def _listen(self) -> None:
        while True:
            with contextlib.suppress(psycopg.OperationalError):
                async with await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True) as connection:
                    for channel in CHANNELS:
                        await connection.execute(f"LISTEN {channel}")
                    self._tell(Notice("reconnected", ""))
                    async for heard in connection.notifies():
                        self._tell(Notice(heard.channel, heard.payload))
            await asyncio.sleep(_RETRY_SECONDS)
