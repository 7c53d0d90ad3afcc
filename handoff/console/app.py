"""The console: the web application in which counsellors answer and admins change what the bot understands."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import structlog
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Litestar, Response, Router, get
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException, NotAuthorizedException
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Redirect
from litestar.static_files import create_static_files_router
from litestar.template.config import TemplateConfig
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from handoff import access, desk
from handoff.console import desk_pages, example_pages, gate, history_pages, live, login, model_pages, pages
from handoff.console.gate import ConsoleRequest
from handoff.store.database import Listener
from handoff.vault import ServerKeys
from nlu_data.client import NLU
from responses.content import Content

_LOG = structlog.stdlib.get_logger("handoff.console")
_HERE = Path(__file__).parent
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


# Each page of these two is closed to all others by its router, so none can forget it.
_DESK = Router(
    path="/",
    guards=[gate.counsellors_only],
    route_handlers=[
        desk_pages.desk_now,
        desk_pages.take_next,
        desk_pages.take,
        desk_pages.offer_contact,
        desk_pages.conversation_page,
        desk_pages.lines,
        desk_pages.about,
        desk_pages.reply,
        desk_pages.send_again,
        desk_pages.put_back,
        desk_pages.close,
    ],
)
_ADMIN = Router(
    path="/",
    guards=[gate.admins_only],
    route_handlers=[
        example_pages.topics_page,
        example_pages.topics_now,
        example_pages.topic_page,
        example_pages.edit,
        example_pages.check,
        example_pages.save,
        model_pages.training_page,
        model_pages.training_now,
        model_pages.train,
        model_pages.cancel,
        model_pages.publish,
        model_pages.back,
        history_pages.history_page,
        history_pages.history_now,
    ],
)


@get("/health")
async def health(sessions: NamedDependency[async_sessionmaker[AsyncSession]]) -> str:
    """Answers "well" when the console reaches its database."""
    async with sessions() as session:
        await session.execute(text("SELECT 1"))
    return "well"


def create_app(
    sessions: async_sessionmaker[AsyncSession],
    keys: ServerKeys,
    content: Content,
    database_url: str,
    nlu: NLU | None = None,
) -> Litestar:
    """The console on a database; its listener for live updates lives as long as the application.

    `nlu` is asked what it makes of an admin's example and which model it serves; without it the pages say so.
    """
    listener = Listener(database_url)

    @asynccontextmanager
    async def listening(_: Litestar) -> AsyncIterator[None]:
        async with listener:
            yield

    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    return Litestar(
        route_handlers=[
            health,
            login.login_page,
            login.log_in,
            login.log_out,
            login.change_language,
            desk_pages.desk_page,
            _DESK,
            _ADMIN,
            live.events,
            create_static_files_router(path="/static", directories=[_HERE / "static"]),
        ],
        dependencies={
            "reader": Provide(gate.provide_reader),
            "sessions": Provide(lambda: sessions, sync_to_thread=False),
            "keys": Provide(lambda: keys, sync_to_thread=False),
            "listener": Provide(lambda: listener, sync_to_thread=False),
            "nlu": Provide(lambda: nlu, sync_to_thread=False),
        },
        state=State({"sessions": sessions, "content": content}),
        lifespan=[listening],
        before_request=gate.same_origin,
        csrf_config=CSRFConfig(
            secret=hmac.digest(keys.authenticity, b"console forms", hashlib.sha256).hex(),
            cookie_name="helpline_form",
            cookie_httponly=True,
            cookie_samesite="strict",
        ),
        template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment)),
        response_headers=_HEADERS,
        exception_handlers={
            NotAuthorizedException: _ask_to_log_in,
            access.NotYours: _not_yours,
            access.NotAnAdmin: _not_an_admin,
            gate.NotACounsellor: _not_a_counsellor,
            desk.AlreadyTaken: _already_taken,
            desk.NotTaken: _not_taken,
            HTTPException: _refused,
            Exception: _failed,
        },
        openapi_config=None,
        logging_config=None,
    )


def _ask_to_log_in(request: ConsoleRequest, _: Exception) -> Response[Any]:
    if request.headers.get("x-fragment"):
        return Response(content="", status_code=401)
    return Redirect("/login", status_code=303)


def _not_yours(request: ConsoleRequest, _: Exception) -> Response[Any]:
    return pages.problem(
        request,
        None,
        404,
        "This conversation is not here",
        "It belongs to somebody else, was deleted at the person's wish, or never was. Nothing was changed.",
    )


def _not_an_admin(request: ConsoleRequest, _: Exception) -> Response[Any]:
    return pages.problem(
        request,
        None,
        403,
        "Only an admin can open this page",
        "What the bot understands is changed here. If that is your task, ask for an admin's log-in.",
    )


def _not_a_counsellor(request: ConsoleRequest, _: Exception) -> Response[Any]:
    return pages.problem(
        request,
        None,
        403,
        "Only counsellors can open this page",
        "Conversations are read by counsellors whom their lead has admitted, and by nobody else.",
    )


def _already_taken(request: ConsoleRequest, error: desk.AlreadyTaken) -> Response[Any]:
    reader = gate.known_reader(request)
    gettext = pages.gettext_of(request, reader)
    return pages.page(
        request,
        "problem.html",
        reader,
        status=409,
        title=gettext("Somebody else has taken this conversation"),
        advice=gettext("%(name)s is answering. You need not do anything.") % {"name": error.by},
    )


def _not_taken(request: ConsoleRequest, _: Exception) -> Response[Any]:
    return pages.problem(
        request,
        None,
        409,
        "This conversation is not yours now",
        "It was closed, put back or taken over meanwhile, so nothing was sent. Look at the desk who has it.",
    )


def _refused(request: ConsoleRequest, error: HTTPException) -> Response[Any]:
    if error.status_code == 404:
        return pages.problem(request, None, 404, "There is no such page", "The address may be mistyped or old.")
    if error.status_code == 429:
        return pages.problem(request, None, 429, "Too many log-ins from here", "Wait a minute, then try it again.")
    if error.status_code == 403:
        return pages.problem(
            request,
            None,
            403,
            "The form was too old or came from another page",
            "Nothing was changed. Go back to the desk, load it again and repeat what you wanted to do.",
        )
    return pages.problem(
        request, None, error.status_code, "This did not work", "Nothing was changed. Please try it again."
    )


def _failed(request: ConsoleRequest, error: Exception) -> Response[Any]:
    """Something of ours broke: the log gets its class and place, the counsellor a way on."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    where = "" if last is None else f"{Path(last.tb_frame.f_code.co_filename).name}:{last.tb_lineno}"
    _LOG.error("page_failed", failure=type(error).__name__, where=where, handler=str(request.route_handler.name or ""))
    return pages.problem(request, None, 500, "This did not work", "Nothing was changed. Please try it again.")
