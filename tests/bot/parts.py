"""The bot's parts put together for one test, in its own event loop or in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from bot.answer import Answering
from bot.receive import Receiving
from bot.send import Sending
from bot.sweep import Sweeping
from bot.telegram.connection import Connection
from bot.worker import Working
from handoff.store import database
from handoff.vault import ServerKeys
from nlu_data.client import NLU
from nlu_data.lexicon import Lexicon
from responses.content import Content


def closed_port() -> int:
    """A port of this machine on which nobody listens: how an NLU server that is down looks."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything between Telegram and the database."""

    engine: AsyncEngine
    sessions: async_sessionmaker[AsyncSession]
    receiving: Receiving
    answering: Answering
    sending: Sending
    sweeping: Sweeping
    working: Working

    async def run(self, stop: asyncio.Event, only: Sequence[str] = ("receive", "work")) -> None:
        runs = {"receive": self.receiving.run, "work": self.working.run}
        await asyncio.gather(*(runs[name](stop) for name in only))


@contextlib.asynccontextmanager
async def put_together(
    url: str,
    keys: ServerKeys,
    bot: Connection,
    clock: Callable[[], datetime],
    content: Content,
    lexicon: Lexicon,
    nlu_url: str,
    *,
    heartbeat: float = 2.0,
    stalled_after: float = 10.0,
) -> AsyncIterator[Parts]:
    """All parts on one database."""
    engine = database.create_engine(url)
    sessions = database.sessions(engine)
    nlu = NLU(nlu_url, "no token")
    answering = Answering(sessions, keys, content, lexicon, nlu, clock)
    sending = Sending(engine, keys, bot, clock)
    sweeping = Sweeping(sessions, keys, clock, stalled_after)
    hands = {"answer": answering.drain, "send": sending.drain}
    working = Working(url, hands, sweeping, heartbeat)
    try:
        yield Parts(engine, sessions, Receiving(bot, sessions, keys, content), answering, sending, sweeping, working)
    finally:
        await engine.dispose()
