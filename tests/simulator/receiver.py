"""A little HTTP server to which a webhook delivers, and which can be told to answer badly."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.server import bound

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
FAILED = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"
CUT = b""


@dataclass(frozen=True, slots=True)
class Post:
    """One delivery as it came."""

    line: str
    headers: dict[str, str]
    update: dict[str, Any]
    at: float

    @property
    def text(self) -> str:
        """The message's text; of a press its data."""
        press = self.update.get("callback_query")
        return str(press["data"] if press else self.update["message"]["text"])


@dataclass
class Receiver:
    """Notes what comes. `answers` are given one by one before OK; while `open` is not set, none is given."""

    port: int
    answers: list[bytes] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    at_once: int = 0
    most_at_once: int = 0
    _posts: asyncio.Queue[Post] = field(default_factory=asyncio.Queue)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?a=b"

    async def gets(self, number: int = 1) -> list[Post]:
        """The next deliveries, waited for."""
        async with asyncio.timeout(5):
            return [await self._posts.get() for _ in range(number)]

    async def gets_texts(self, number: int) -> list[str]:
        return [post.text for post in await self.gets(number)]

    def has_no_more(self) -> bool:
        return self._posts.empty()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while answer := await self._answer(reader):
                writer.write(answer)
                await writer.drain()

    async def _answer(self, reader: asyncio.StreamReader) -> bytes:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line, *rest = head.rstrip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in rest)}
        body = await reader.readexactly(int(headers["content-length"]))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self._posts.put_nowait(Post(line, headers, json.loads(body), asyncio.get_running_loop().time()))
        try:
            await self.open.wait()
            return self.answers.pop(0) if self.answers else OK
        finally:
            self.at_once -= 1


@contextlib.asynccontextmanager
async def receiving(port: int = 0) -> AsyncIterator[Receiver]:
    """A receiver on a port of 127.0.0.1, which answers from the start."""
    listener = bound(port)
    receiver = Receiver(listener.getsockname()[1])
    receiver.open.set()
    server = await asyncio.start_server(receiver.serve, sock=listener)
    try:
        yield receiver
    finally:
        receiver.open.set()
        server.close()
