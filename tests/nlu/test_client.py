"""The client of the NLU server says plainly when the server is not there or answers nonsense."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from nlu_data.client import NLU, NLUDown


@asynccontextmanager
async def answering(body: str, delay: float = 0, status: str = "200 OK") -> AsyncIterator[str]:
    """A server that says the same to everything."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(delay)
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
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


async def test_a_server_that_trickles_is_given_up() -> None:
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            while not writer.is_closing():
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.05)

    server = await asyncio.start_server(trickle, "127.0.0.1", 0)
    nlu = NLU(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", "token", timeout=0.3)
    started = time.monotonic()
    with pytest.raises(NLUDown):
        await nlu.parse("help")
    assert time.monotonic() - started < 1
    await nlu.aclose()
    server.close()


async def test_no_proxy_ever_reads_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    async with answering('{"intent_ranking": [{"name": "a", "confidence": 1}]}') as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        nlu = NLU(closed_port(), "token")
        with pytest.raises(NLUDown):
            await nlu.parse("help")
        await nlu.aclose()


@pytest.mark.parametrize("text", ["", "   ", "...", "?", "😀", "\u200b", "!!!"])
async def test_a_text_without_a_letter_means_nothing_and_asks_nobody(text: str) -> None:
    nlu = NLU(closed_port(), "token")
    assert (await nlu.parse(text)).intents == ()
    await nlu.aclose()


async def test_the_token_is_refused() -> None:
    async with answering('{"status": "failure"}', status="401 Unauthorized") as url:
        nlu = NLU(url, "wrong")
        with pytest.raises(NLUDown):
            await nlu.parse("help")
        with pytest.raises(NLUDown):
            await nlu.status()
        await nlu.aclose()


async def test_the_model_that_answers() -> None:
    async with answering('{"model_file": "/models/0123456789abcdef.tar.gz"}') as url:
        nlu = NLU(url, "token")
        assert await nlu.status() == "0123456789abcdef"
        await nlu.aclose()


async def test_the_likeliest_comes_first() -> None:
    body = '{"intent_ranking": [{"name": "a", "confidence": 0.2}, {"name": "b", "confidence": 0.8}], "model_id": "m"}'
    async with answering(body) as url:
        nlu = NLU(url, "token")
        understood = await nlu.parse("help")
        assert [one.name for one in understood.intents] == ["b", "a"]
        assert understood.model == "m"
        await nlu.aclose()
