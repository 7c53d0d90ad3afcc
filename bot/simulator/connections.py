"""The server's connections, which a fault can cut."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from litestar import Request
from uvicorn.protocols.http.h11_impl import H11Protocol

AnyRequest = Request[Any, Any, Any]
_CUT: Final = "helpline.cut"


class Cuttable(H11Protocol):
    """A connection that the application can cut without a byte of an answer, as when a cable is pulled.

    ASGI knows no word for that; so each request's scope brings one, as an extension.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        app = self.app

        async def with_cut(scope: Any, receive: Any, send: Any) -> None:
            scope.setdefault("extensions", {})[_CUT] = {"now": transport.abort}
            await app(scope, receive, send)

        self.app = with_cut


async def cut(request: AnyRequest) -> None:
    """Cuts the connection on which this request came; whatever is answered afterwards goes nowhere."""
    extensions: Any = request.scope["extensions"]
    extensions[_CUT]["now"]()
    await gone(request)


async def gone(request: AnyRequest) -> None:
    """Waits until the connection is no more. The request's body must have been read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
