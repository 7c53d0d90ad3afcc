"""The client of the NLU server says plainly when the server is not there or answers nonsense."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from nlu_data.client import NLU, NLUDown


@asynccontextmanager
async def answering(body: str, delay: float = 0) -> AsyncIterator[str]:
    """A server that says the same to everything."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(delay)
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def closed_port() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


async def test_a_server_that_is_not_there() -> None:
    nlu = NLU(closed_port(), "token")
    with pytest.raises(NLUDown):
        await nlu.parse("help")
    await nlu.aclose()


@pytest.mark.parametrize("body", ["", "not json", "[]", "{}", '{"intent_ranking": []}', '{"intent_ranking": [{}]}'])
async def test_an_answer_that_makes_no_sense(body: str) -> None:
    async with answering(body) as url:
        nlu = NLU(url, "token")
        with pytest.raises(NLUDown):
            await nlu.parse("help")
        await nlu.aclose()


async def test_a_slow_server_is_given_up() -> None:
    async with answering("{}", delay=5) as url:
        nlu = NLU(url, "token", timeout=0.2)
        started = time.monotonic()
        with pytest.raises(NLUDown):
            await nlu.parse("help")
        assert time.monotonic() - started < 2
        await nlu.aclose()


async def test_the_likeliest_comes_first() -> None:
    body = '{"intent_ranking": [{"name": "a", "confidence": 0.2}, {"name": "b", "confidence": 0.8}], "model_id": "m"}'
    async with answering(body) as url:
        nlu = NLU(url, "token")
        understood = await nlu.parse("help")
        assert [one.name for one in understood.intents] == ["b", "a"]
        assert understood.model == "m"
        await nlu.aclose()
