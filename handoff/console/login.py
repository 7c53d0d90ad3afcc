"""Logging in and out, and the console's own language."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.enums import RequestEncodingType
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.params import Body
from litestar.response import Redirect, Template

from handoff import organisations
from handoff.console import gate, pages
from handoff.console.gate import ConsoleRequest, Sessions
from handoff.vault import WrongPassword
from responses import languages

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
LOGINS_A_MINUTE = 30
"""From one address and for each console: a guessing program is stopped, an office behind one address is not."""


@get("/login")
async def login_page(request: ConsoleRequest) -> Response[Any]:
    if await gate.reader_of(request) is not None:
        return Redirect("/")
    return pages.page(request, "login.html", None)


@post("/login", status_code=200, middleware=[RateLimitConfig(("minute", LOGINS_A_MINUTE)).middleware])
async def log_in(request: ConsoleRequest, data: Form, sessions: Sessions) -> Response[Any]:
    login = data.get("login", "").strip()
    try:
        async with sessions() as session, session.begin():
            opened = await organisations.log_in(session, login, data.get("password", ""))
            token = await organisations.start_session(session, opened, datetime.now(UTC))
    except WrongPassword:
        content = request.app.state.content
        text = content.console(pages.language_of(request, None)).gettext(
            "That login name and password do not fit. Please try again; if you forgot the password, ask your lead."
        )
        return pages.page(request, "login.html", None, status=401, problem=text, login=login)
    cookie = Cookie(
        key=gate.COOKIE,
        value=token,
        max_age=int(organisations.LOGGED_IN_FOR.total_seconds()),
        httponly=True,
        secure=request.url.scheme == "https",
        samesite="strict",
    )
    return Redirect("/", status_code=303, cookies=[cookie])


@post("/logout", status_code=303)
async def log_out(request: ConsoleRequest, sessions: Sessions) -> Redirect:
    if token := request.cookies.get(gate.COOKIE):
        async with sessions() as session, session.begin():
            await organisations.end_session(session, token)
    answer = Redirect("/login", status_code=303)
    answer.delete_cookie(gate.COOKIE)
    return answer


@post("/language", status_code=303)
async def change_language(request: ConsoleRequest, data: Form, sessions: Sessions) -> Redirect | Template:
    language = data.get("language", "en")
    back = data.get("back", "/")
    if not back.startswith("/") or back.startswith("//"):
        back = "/"
    answer = Redirect(back, status_code=303)
    if language in languages.LANGUAGES:
        reader = await gate.reader_of(request)
        if reader is not None:
            async with sessions() as session, session.begin():
                await organisations.speak(session, reader, language)
        answer.set_cookie(
            Cookie(key=pages.LANGUAGE_COOKIE, value=language, max_age=365 * 86400, samesite="lax", httponly=True)
        )
    return answer
