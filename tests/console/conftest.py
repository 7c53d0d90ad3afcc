"""The console, served on a free port in the test's own loop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx
import pytest
import pytest_asyncio
import uvicorn
from litestar import Litestar
from playwright.async_api import Browser, async_playwright
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.setup import chromium_path
from handoff import models, organisations, wording
from handoff.access import Reader
from handoff.console import gate
from handoff.console.app import create_app
from handoff.organisations import Login
from handoff.store.tables import Organisation
from handoff.vault import ServerKeys
from nlu_data.client import NLU
from responses.content import Content
from tests.bot.parts import closed_port
from tests.conftest import PASSWORD, Team
from tests.console.nlu import Understanding
from tests.console.trained import SEEN, figures
from tests.console.visitor import Visitor
from tests.handoff.conftest import writes  # noqa: F401 - a fixture

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture(scope="session")
def content() -> Content:
    return Content.load()


@asynccontextmanager
async def serving(app: Litestar) -> AsyncIterator[str]:
    """The address of a console that runs in the test's own loop."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
        running = asyncio.create_task(server.serve(sockets=[listening]))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        async with httpx.AsyncClient() as client:
            while True:
                try:
                    assert (await client.get(f"{address}/health")).text == "well"
                    break
                except httpx.ConnectError:
                    assert not running.done()
        yield address
        server.should_exit = True
        await running


@pytest.fixture
def nlu_url() -> str:
    """Where the NLU server would be: nobody listens there."""
    return f"http://127.0.0.1:{closed_port()}"


@pytest_asyncio.fixture
async def nlu() -> AsyncIterator[Understanding]:
    """A server in the place of Rasa that serves the shipped model."""
    understanding = Understanding(wording.base())
    async with serving(understanding.app()) as understanding.url:
        yield understanding


@pytest_asyncio.fixture
async def console(
    sessions: async_sessionmaker[AsyncSession],
    server_keys: ServerKeys,
    content: Content,
    database_url: str,
    nlu_url: str,
) -> AsyncIterator[str]:
    """The address of a running console."""
    nlu = NLU(nlu_url, "token")
    async with serving(create_app(sessions, server_keys, content, database_url, nlu)) as address:
        yield address
    await nlu.aclose()


@pytest_asyncio.fixture
async def admin_login(sessions: async_sessionmaker[AsyncSession], atina: Team) -> Login:
    return await joins(sessions, atina, "atina-admin", "Dragana", "admin")


@pytest_asyncio.fixture
async def admin(sessions: async_sessionmaker[AsyncSession], admin_login: Login) -> Reader:
    """An admin of Atina."""
    async with sessions() as session:
        return await organisations.reader(session, admin_login)


@pytest_asyncio.fixture
async def measured(sessions: async_sessionmaker[AsyncSession]) -> None:
    """The shipped model was measured."""
    async with sessions.begin() as session:
        await models.keep(session, wording.base(), None, None, figures(SEEN))


async def joins(sessions: async_sessionmaker[AsyncSession], team: Team, login: str, name: str, role: str) -> Login:
    """A member whom no lead admits to the key."""
    async with sessions.begin() as session:
        organisation = await session.get_one(Organisation, team.lead.organisation_id)
        code = await organisations.invite(session, organisation, login, name, role)
        await organisations.accept(session, login, code, PASSWORD)
        return await organisations.log_in(session, login, PASSWORD)


@pytest.fixture
def visitor(console: str) -> Visitor:
    return Visitor(console)


@pytest_asyncio.fixture
async def editor(visitor: Visitor, sessions: async_sessionmaker[AsyncSession], admin_login: Login) -> Visitor:
    """The admin, logged in."""
    async with sessions.begin() as session:
        token = await organisations.start_session(session, admin_login, datetime.now(UTC))
    visitor.http.cookies.set(gate.COOKIE, token)
    await visitor.opens("/")
    return visitor


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=str(chromium_path()), args=FLAGS)
        yield running
        await running.close()
