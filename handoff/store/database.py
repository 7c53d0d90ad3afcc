"""The database: how it is reached, brought up to date, and listened to."""

from __future__ import annotations

import asyncio
import contextlib
import weakref
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self, cast

import psycopg
import structlog
from alembic import command
from alembic.config import Config
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

CHANNELS: Final = ("conversation", "queue", "understanding")
_RETRY_SECONDS: Final = 0.5
_MOST_UNREAD: Final = 1000
_LOG: Final = structlog.get_logger(__name__)


def _url(url: str) -> URL:
    return make_url(url).set(drivername="postgresql+psycopg")


def conninfo(url: str) -> str:
    """The same address as psycopg reads it."""
    given = make_url(url)
    parts: dict[str, Any] = given.translate_connect_args(username="user", database="dbname")
    options = {name: value if isinstance(value, str) else ",".join(value) for name, value in given.query.items()}
    return make_conninfo("", **parts, **options)


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
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
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
        self._subscribers: weakref.WeakSet[asyncio.Queue[Notice]] = weakref.WeakSet()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def subscribe(self) -> AsyncIterator[Notice]:
        """All that changes from this call on, for as long as the iterator is kept."""
        unread: asyncio.Queue[Notice] = asyncio.Queue(_MOST_UNREAD)
        self._subscribers.add(unread)
        return _read(unread)

    def _tell(self, notice: Notice) -> None:
        for unread in self._subscribers:
            if unread.full():  # who lags so far behind looks at everything again
                while not unread.empty():
                    unread.get_nowait()
                unread.put_nowait(Notice("reconnected", ""))
            unread.put_nowait(notice)

    async def _listen(self) -> None:
        while True:
            try:
                await self._listen_once()
            except (psycopg.Error, OSError) as lost:
                _LOG.warning("listener_lost", failure=type(lost).__name__)
            await asyncio.sleep(_RETRY_SECONDS)

    async def _listen_once(self) -> None:
        connecting = psycopg.AsyncConnection.connect(
            self._conninfo,
            autocommit=True,
            # a server that vanished without a word is missed within half a minute
            keepalives_idle=10,
            keepalives_interval=5,
            keepalives_count=4,
        )
        async with await connecting as connection:
            for channel in CHANNELS:
                await connection.execute(f"LISTEN {channel}")
            self._tell(Notice("reconnected", ""))
            async for heard in connection.notifies():
                self._tell(Notice(heard.channel, heard.payload))


async def _read(unread: asyncio.Queue[Notice]) -> AsyncIterator[Notice]:
    while True:
        yield await unread.get()
