"""The gate of the console: who is asking, is it their page, and does the request come from our own pages?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlsplit

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from handoff import access, organisations
from handoff.access import Reader
from handoff.vault import ServerKeys
from nlu_data.client import NLU

COOKIE = "helpline_session"
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}

ConsoleRequest = Request[Reader | None, str | None, State]
Connection = ASGIConnection[Any, Any, Any, Any]
# What a page can ask for by these names.
LoggedIn = NamedDependency[Reader]
Sessions = NamedDependency[async_sessionmaker[AsyncSession]]
Keys = NamedDependency[ServerKeys]
Understanding = NamedDependency[NLU | None]


class NotACounsellor(Exception):
    """Only a counsellor or lead whom the organisation has admitted sees the desk and its conversations."""


async def reader_of(connection: Connection) -> Reader | None:
    """Who is logged in on this connection, with their keys opened by the cookie; None for nobody."""
    kept = connection.scope["state"]
    if "reader" not in kept:
        token = connection.cookies.get(COOKIE)
        kept["reader"] = None
        if token:
            sessions = cast("async_sessionmaker[AsyncSession]", connection.app.state.sessions)
            async with sessions() as session, session.begin():
                kept["reader"] = await organisations.resume(session, token, datetime.now(UTC))
    return known_reader(connection)


def known_reader(connection: Connection) -> Reader | None:
    """Who is logged in, if this request has already been asked that."""
    return cast("Reader | None", connection.scope["state"].get("reader"))


async def provide_reader(request: ConsoleRequest) -> Reader:
    """The reader a page needs; without one the visitor is asked to log in."""
    reader = await reader_of(request)
    if reader is None:
        raise NotAuthorizedException
    return reader


async def counsellors_only(connection: Connection, _: BaseRouteHandler) -> None:
    """Guards the desk: raises NotACounsellor, or NotAuthorizedException for nobody."""
    if not access.reads(await provide_reader(cast("ConsoleRequest", connection))):
        raise NotACounsellor


async def admins_only(connection: Connection, _: BaseRouteHandler) -> None:
    """Guards the admin's pages: raises access.NotAnAdmin, or NotAuthorizedException for nobody."""
    access.require_admin(await provide_reader(cast("ConsoleRequest", connection)))


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
