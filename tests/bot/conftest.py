"""A simulated Telegram, a real PostgreSQL, and the bot's parts between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from bot.simulator import Serving, Telegram, serving
from bot.telegram.connection import Connection
from handoff.store import database
from handoff.vault import ServerKeys
from nlu_data.lexicon import Lexicon
from responses.content import Content
from tests.bot import wire as wires
from tests.bot.clock import Clock
from tests.bot.parts import Parts, closed_port, put_together
from tests.bot.words import Counsellor, Person
from tests.conftest import Team


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Serving]:
    async with serving() as running:
        yield running


@pytest.fixture
def world(server: Serving) -> Telegram:
    return server.telegram


@pytest.fixture
def wire() -> wires.Wire:
    return wires.Wire()


@pytest_asyncio.fixture
async def bot(server: Serving, wire: wires.Wire) -> AsyncIterator[Connection]:
    connection = wires.connection(server, wire)
    yield connection
    await connection.close_connections()


@pytest_asyncio.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    made = database.create_engine(database_url)
    yield made
    await made.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def content() -> Content:
    return Content.load()


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return Lexicon.load()


@pytest.fixture
def nlu_url() -> str:
    """Where the NLU would be: nobody listens there."""
    return f"http://127.0.0.1:{closed_port()}"


@pytest_asyncio.fixture
async def helpline(
    database_url: str,
    server_keys: ServerKeys,
    bot: Connection,
    clock: Clock,
    content: Content,
    lexicon: Lexicon,
    nlu_url: str,
) -> AsyncIterator[Parts]:
    """Receiver, answering and sending, running in the test's own loop; the NLU is down."""
    stop = asyncio.Event()
    async with put_together(database_url, server_keys, bot, clock, content, lexicon, nlu_url) as parts:
        running = asyncio.create_task(parts.run(stop))
        yield parts
        stop.set()
        await running


@pytest.fixture
def person(helpline: Parts, world: Telegram) -> Person:
    """Somebody whose phone speaks English."""
    return Person(world.person("en"))


@pytest.fixture
def counsellor(
    sessions: async_sessionmaker[AsyncSession], database_url: str, server_keys: ServerKeys, atina: Team, clock: Clock
) -> Counsellor:
    """A counsellor of Atina, on duty."""
    return Counsellor(sessions, database_url, server_keys, atina.counsellor, clock)
