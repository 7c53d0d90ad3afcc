"""The console, served on a free port in the test's own loop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, async_playwright
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.setup import chromium_path
from handoff.console.app import create_app
from handoff.vault import ServerKeys
from responses.content import Content
from tests.handoff.conftest import writes  # noqa: F401 - a fixture

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture(scope="session")
def content() -> Content:
    return Content.load()


@pytest_asyncio.fixture
async def console(
    sessions: async_sessionmaker[AsyncSession], server_keys: ServerKeys, content: Content, database_url: str
) -> AsyncIterator[str]:
    """The address of a running console."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        app = create_app(sessions, server_keys, content, database_url)
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


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=str(chromium_path()), args=FLAGS)
        yield running
        await running.close()
