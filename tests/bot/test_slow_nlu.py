"""An NLU server that takes the question and never answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from responses.content import Content
from tests.bot.words import Person


class Silence:
    """A server that only listens. `asked` is set as soon as somebody asks."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.port = 0

    async def meets(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        self.asked.set()
        await reader.read()
        writer.close()


@pytest_asyncio.fixture
async def silence() -> AsyncIterator[Silence]:
    silence = Silence()
    async with await asyncio.start_server(silence.meets, "127.0.0.1", 0) as server:
        silence.port = server.sockets[0].getsockname()[1]
        yield silence


@pytest.fixture
def nlu_url(silence: Silence) -> str:
    return f"http://127.0.0.1:{silence.port}"


async def test_a_silent_nlu_keeps_no_message_from_being_stored_and_none_from_being_answered(
    person: Person, content: Content, silence: Silence
) -> None:
    person.writes("one")
    await asyncio.wait_for(silence.asked.wait(), 5)
    message = person.writes("two")
    await person.account.until(lambda: person.account.has_read(message), 1.0)
    assert content.text("understanding.down", "en") not in person.screen
    await person.sees(content.text("understanding.down", "en"))
