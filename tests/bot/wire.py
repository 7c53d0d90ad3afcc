"""The wire between bot and Telegram, on which a test can let things go wrong."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
from telegram.error import NetworkError, TimedOut

from bot.simulator import Serving
from bot.telegram.connection import Connection, Request
from bot.telegram.errors import Answered

Answer = tuple[int, bytes]


class Wire(Request):
    """A real request to the local Bot API server; each fault in `faults` spoils one call of `method`."""

    def __init__(self, method: str = "sendMessage") -> None:
        super().__init__(24, read_timeout=20)
        self.method = method
        self.faults: list[Callable[[], Answer | None]] = []
        self.lost_answers = 0
        self.spoiled = asyncio.Event()

    async def do_request(self, *args: Any, **kwargs: Any) -> Answer:
        url = str(kwargs.get("url") or args[0])
        if not url.endswith(f"/{self.method}"):
            return await super().do_request(*args, **kwargs)
        if self.lost_answers:
            self.lost_answers -= 1
            await super().do_request(*args, **kwargs)
            raise NetworkError("the answer was lost") from httpx.ReadError("")
        if self.faults:
            self.spoiled.set()
            answer = self.faults.pop(0)()
            if answer is not None:
                return answer
        return await super().do_request(*args, **kwargs)


def no_connection() -> Answer:
    raise NetworkError("no connection") from httpx.ConnectError("")


def no_answer() -> Answer:
    raise TimedOut from httpx.ReadTimeout("")


def bad_gateway() -> Answer:
    raise Answered(502)


def too_many(seconds: int) -> Callable[[], Answer]:
    body = {"ok": False, "error_code": 429, "description": f"Too Many Requests: retry after {seconds}"}
    return lambda: (429, json.dumps({**body, "parameters": {"retry_after": seconds}}).encode())


def connection(server: Serving, wire: Wire) -> Connection:
    return Connection(
        server.telegram.token,
        base_url=server.base_url,
        base_file_url=server.base_file_url,
        request=wire,
        get_updates_request=Request(2, read_timeout=40),
    )
