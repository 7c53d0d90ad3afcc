"""The way to the Bot API: time limits, and no token or content in any log."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any, Final

from telegram import Bot
from telegram.request import HTTPXRequest

from bot.telegram.errors import Answered

# The answers whose body says what they mean. Any other body isn't read, so it can't be logged either.
_SPEAKING: Final = frozenset(
    {
        *(HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND),
        *(HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS),
    }
)
POLL_SECONDS: Final = 25
_SLACK_SECONDS: Final = 10


class Request(HTTPXRequest):
    """A request that says the status of answers which are not Telegram's own (a proxy's 502, say)."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        status, body = await super().do_request(*args, **kwargs)
        if not 200 <= status < 300 and status not in _SPEAKING:
            raise Answered(status)
        if status == HTTPStatus.TOO_MANY_REQUESTS and b"retry_after" not in body:
            raise Answered(status)
        return status, body


class Connection(Bot):
    """A bot that gives updates as they came: one that the library can't read doesn't hold up the others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        keep_quiet()
        super().__init__(*args, **kwargs)

    async def updates(self, offset: int | None, allowed: tuple[str, ...], wait: int) -> list[dict[str, Any]]:
        """The updates from `offset` on, up to a hundred, waiting `wait` seconds for the first."""
        data: dict[str, Any] = {"timeout": wait, "allowed_updates": list(allowed)}
        if offset is not None:
            data["offset"] = offset
        answer = await self._post("getUpdates", data, read_timeout=wait + _SLACK_SECONDS)
        return [update for update in answer if isinstance(update, dict)] if isinstance(answer, list) else []

    async def close_connections(self) -> None:
        """Closes what was opened, also when the bot was never asked who it is."""
        for request in self._request:
            await request.shutdown()


def connect(token: str, api_url: str, at_once: int = 24) -> Connection:
    """A connection for this token to the Bot API at this address, with `at_once` calls at the same time."""
    base = api_url.rstrip("/")
    return Connection(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=Request(at_once, connect_timeout=5, read_timeout=15, write_timeout=10, pool_timeout=5),
        get_updates_request=Request(2, connect_timeout=5, read_timeout=POLL_SECONDS + _SLACK_SECONDS),
    )


def keep_quiet() -> None:
    """Silences the libraries that would write the token (in an address) or a message into the log."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)
