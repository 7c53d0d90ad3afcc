"""The second way in: Telegram brings each update to an address of ours, with a token that only it was told."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from litestar import Litestar, Request, Response, get, post

from bot import outermost
from handoff.vault import ServerKeys

_LOG: Final = structlog.get_logger(__name__)
HEADER: Final = "x-telegram-bot-api-secret-token"
# One after the other: what a person writes is to be stored in the order in which it was written.
AT_ONCE: Final = 1
_MAX_BYTES: Final = 1_000_000

Take = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram is to bring updates (`url`), and where this process waits for them."""

    url: str
    host: str
    port: int

    @property
    def path(self) -> str:
        """The part of the address that a reverse proxy passes on."""
        return urlsplit(self.url).path or "/"


def secret(keys: ServerKeys) -> str:
    """The token: it follows from the server's keys, so every receiver knows it and nobody has to keep it."""
    return hmac.digest(keys.authenticity, b"telegram webhook", hashlib.sha256).hex()


def create_app(path: str, token: str, take: Take) -> Litestar:
    """Answers 200 only when `take` has stored the update; with anything else Telegram brings it again."""

    @get("/health")
    async def health() -> str:
        return "well"

    @post(path, status_code=200, request_max_body_size=_MAX_BYTES)
    async def update(request: Request[Any, Any, Any]) -> Response[None]:
        if not hmac.compare_digest(request.headers.get(HEADER, "").encode(), token.encode()):
            return Response(None, status_code=403)
        try:
            brought = json.loads(await request.body())
        except ValueError:
            return Response(None, status_code=400)
        if not isinstance(brought, dict) or not isinstance(brought.get("update_id"), int):
            return Response(None, status_code=400)
        stored = await outermost.attempt("webhook", lambda: take(brought))
        return Response(None, status_code=200 if stored else 503)

    return Litestar(route_handlers=[health, update], openapi_config=None, logging_config=None)
