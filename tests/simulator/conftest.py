"""A simulated Telegram for each test, and a real python-telegram-bot Bot that talks to it."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.simulator import Account, Serving, Telegram, serving


class Wire(HTTPXRequest):
    """A request that remembers the description of the last refusal as it came (the library alters it)."""

    description = ""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        code, payload = await super().do_request(*args, **kwargs)
        speaks = code >= 400 and payload.startswith(b"{")
        self.description = json.loads(payload).get("description", "") if speaks else ""
        return code, payload


@pytest.fixture
async def server() -> AsyncIterator[Serving]:
    async with serving() as running:
        yield running


@pytest.fixture
def world(server: Serving) -> Telegram:
    return server.telegram


@pytest.fixture
def wire() -> Wire:
    return Wire(read_timeout=20)


@pytest.fixture
async def bot(server: Serving, wire: Wire) -> AsyncIterator[Bot]:
    async with Bot(
        server.telegram.token,
        base_url=server.base_url,
        base_file_url=server.base_file_url,
        request=wire,
        get_updates_request=HTTPXRequest(connection_pool_size=3, read_timeout=20),
    ) as running:
        yield running


@pytest.fixture
def person(world: Telegram) -> Account:
    """Somebody who pressed Start, of which the bot knows."""
    someone = world.person("sr")
    someone.starts()
    return someone
