"""The server of the simulated Telegram: the Bot API for the bot, the chat page for people."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, Final

import uvicorn
from litestar import HttpMethod, Litestar, Request, Response, route
from litestar.di import Provide
from litestar.enums import MediaType
from litestar.exceptions import HTTPException
from litestar.types import Scope

from bot.simulator import api, page
from bot.simulator.chats import Telegram
from bot.simulator.connections import Cuttable
from bot.simulator.files import MAX_UPLOAD

_LOG: Final = logging.getLogger(__name__)
HOST: Final = "127.0.0.1"
_LOCAL_NAMES: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
_MAX_BODY: Final = MAX_UPLOAD + 1024 * 1024


def create_app(telegram: Telegram) -> Litestar:
    """The web application of one simulated Telegram."""

    @route(
        "/{path:path}",
        http_method=[HttpMethod.GET, HttpMethod.POST],
        status_code=200,
        request_max_body_size=_MAX_BODY,
    )
    async def bot_api(request: Request[Any, Any, Any]) -> Response[bytes]:
        return await api.respond(telegram, request)

    def the_telegram() -> Telegram:
        return telegram

    return Litestar(
        route_handlers=[page.shell, page.static, page.People, page.Orders, bot_api],
        dependencies={"telegram": Provide(the_telegram, sync_to_thread=False)},
        before_request=_only_from_here,
        after_exception=[_noted],
        on_shutdown=[telegram.webhook.closed],
        logging_config=None,
        openapi_config=None,
        request_max_body_size=_MAX_BODY,
        signature_types=[Telegram],
    )


def _noted(problem: Exception, scope: Scope) -> None:
    """Litestar answers 500 to what nobody foresaw; the log says where, never with what content."""
    if not isinstance(problem, HTTPException):
        _LOG.error("unforeseen %s in the simulated Telegram", type(problem).__name__, exc_info=problem)


def _only_from_here(request: Request[Any, Any, Any]) -> Response[str] | None:
    """Refuses what another web page sent: by its name for us (Host), its origin, or what the browser says."""
    host = request.headers.get("host", "")
    name = host if host.endswith("]") else host.rsplit(":", 1)[0]
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "none")
    if (
        name not in _LOCAL_NAMES
        or (origin is not None and origin != f"http://{host}")
        or site not in {"none", "same-origin"}
    ):
        return Response("This address is for this computer alone.", status_code=403, media_type=MediaType.TEXT)
    return None


@dataclass(frozen=True, slots=True)
class Serving:
    """A simulated Telegram that answers on a port."""

    telegram: Telegram
    port: int

    @property
    def url(self) -> str:
        """The chat page; also HELPLINE_TELEGRAM_API_URL."""
        return f"http://{HOST}:{self.port}"

    @property
    def base_url(self) -> str:
        """For `telegram.Bot(base_url=…)`."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """For `telegram.Bot(base_file_url=…)`."""
        return f"{self.url}/file/bot"


class _Embedded(uvicorn.Server):
    """A uvicorn server inside somebody else's event loop: it leaves the process's signals alone."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self.stopped = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        # instead of looking ten times a second whether to stop: a test's server ends at once
        await self.stopped.wait()


def _config(telegram: Telegram) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(telegram),
        http=Cuttable,
        log_level="warning",
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=2,
        server_header=False,
    )


def bound(port: int = 0) -> socket.socket:
    """A socket on 127.0.0.1; port 0 is any free one. Raises OSError when the port is taken."""
    # only with the protocol named does asyncio send small answers at once; else each waits 40 ms
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((str(ipaddress.ip_address(HOST)), port))
    except OSError:
        listener.close()
        raise
    return listener


@contextlib.asynccontextmanager
async def serving(telegram: Telegram | None = None, port: int = 0) -> AsyncIterator[Serving]:
    """Serves in the running event loop as long as the context lasts."""
    telegram = telegram or Telegram()
    listener = bound(port)
    server = _Embedded(_config(telegram))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    started = asyncio.create_task(server.ready.wait())
    try:
        await asyncio.wait({task, started}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            await task
        yield Serving(telegram, listener.getsockname()[1])
    finally:
        started.cancel()
        telegram.close()
        server.stopped.set()
        await task
        listener.close()


def run(telegram: Telegram, port: int) -> None:
    """Serves until the process is told to stop (Ctrl-C, SIGTERM)."""
    listener = bound(port)
    server = _Closing(_config(telegram), telegram)
    print(f"Chat page and Bot API: http://{HOST}:{listener.getsockname()[1]}", flush=True)
    server.run(sockets=[listener])


class _Closing(uvicorn.Server):
    """A uvicorn server that ends open event streams and long polls when it is told to stop."""

    def __init__(self, config: uvicorn.Config, telegram: Telegram) -> None:
        super().__init__(config)
        self._telegram = telegram

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._telegram.close()
        await super().shutdown(sockets)
