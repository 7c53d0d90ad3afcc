"""A web application inside a running event loop, on a port of this process."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

import uvicorn

_CLOSES_WITHIN: Final = 2


class PortTaken(Exception):
    """Another program uses this port."""


@contextlib.asynccontextmanager
async def serving(app: Any, host: str, port: int = 0) -> AsyncIterator[int]:
    """Serves an ASGI application as long as the context lasts, and gives the port. Raises PortTaken."""
    with _listening(host, port) as listener:
        options = uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=_CLOSES_WITHIN
        )
        server = _Server(options)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        started = asyncio.create_task(server.ready.wait())
        try:
            await asyncio.wait({task, started}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                await task
            yield int(listener.getsockname()[1])
        finally:
            started.cancel()
            server.should_exit = True
            await task


class _Server(uvicorn.Server):
    """A web server that leaves this process's signals to the process."""

    def __init__(self, options: uvicorn.Config) -> None:
        super().__init__(options)
        self.ready = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # only with the protocol named does asyncio send small answers at once; else each waits 40 ms
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as failure:
            raise PortTaken(f"{host}:{port} can't be used: {failure.strerror}.") from None
        yield listener
