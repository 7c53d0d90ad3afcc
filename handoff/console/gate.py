"""The gate of the console: who is asking, and does the request come from our own pages?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast
from urllib.parse import urlsplit

from litestar import Request
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from handoff import organisations
from handoff.access import Reader
from handoff.vault import ServerKeys

COOKIE = "helpline_session"
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}

ConsoleRequest = Request[Reader | None, str | None, State]
# What a page can ask for by these names.
LoggedIn = NamedDependency[Reader]
Sessions = NamedDependency[async_sessionmaker[AsyncSession]]
Keys = NamedDependency[ServerKeys]


async def reader_of(
    connection: ConsoleRequest,
) -> Reader | None:
    """Who is logged in on this connection, with their keys opened by the cookie; None for nobody."""
    token = connection.cookies.get(COOKIE)
    if not token:
        return None
    sessions = cast("async_sessionmaker[AsyncSession]", connection.app.state.sessions)
    async with sessions() as session, session.begin():
        return await organisations.resume(session, token, datetime.now(UTC))


async def provide_reader(request: ConsoleRequest) -> Reader:
    """The reader a page needs; without one the visitor is asked to log in."""
    reader = await reader_of(request)
    if reader is None:
        raise NotAuthorizedException
    return reader


def same_origin(request: ConsoleRequest) -> None:
    """Refuses a change that another web page asks for in the counsellor's name.

    Browsers say where a request comes from (Sec-Fetch-Site, Origin); a program that says nothing has no cookie of a
    counsellor's browser and still needs the form's token.
    """
    if request.method in _SAFE_METHODS:
        return
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:  # our own forms come with "Origin: null", since the pages send no referrer
        foreign = site not in {"same-origin", "none"}
    else:
        foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if foreign:
        raise PermissionDeniedException
