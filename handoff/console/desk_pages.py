"""The counsellor's pages: the desk and one conversation, with all that can be done there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from handoff import access, desk, silence
from handoff.access import Reader
from handoff.console import pages
from handoff.console.gate import ConsoleRequest, Keys, LoggedIn, NotACounsellor, Sessions
from handoff.console.login import Form
from handoff.silence import NotSilent

MAX_REPLY = 4000


async def _desk(request: ConsoleRequest, reader: Reader, sessions: Sessions, template: str, **values: Any) -> Template:
    async with sessions() as session, session.begin():
        waiting = await desk.queue(session, reader)
        mine = await desk.mine(session, reader)
        silent = await silence.listed(session, reader, datetime.now(UTC))
    return pages.page(request, template, reader, waiting=waiting, mine=mine, silent=silent, **values)


def _notice(request: ConsoleRequest, reader: Reader, notice: str | None) -> str | None:
    """What the page must say about the click that led here; the address carries only a code."""
    gettext = pages.gettext_of(request, reader)
    return {
        "gone": gettext("Somebody else has just taken that conversation. Nobody else is waiting."),
        "spoke": gettext("That person has written meanwhile, or was offered a talk a short while ago."),
        "other": gettext("Somebody else has just taken the first one. This is the next."),
    }.get(notice or "")


@get("/")
async def desk_page(
    request: ConsoleRequest,
    reader: LoggedIn,
    sessions: Sessions,
    notice: FromQuery[str | None] = None,
) -> Response[Any]:
    """The desk; an admin, who has none, is brought to the pages that they have."""
    if access.edits(reader):
        return Redirect("/intents", status_code=303)
    if not access.reads(reader):
        raise NotACounsellor
    return await _desk(request, reader, sessions, "desk.html", problem=_notice(request, reader, notice))


@get("/desk/now")
async def desk_now(request: ConsoleRequest, reader: LoggedIn, sessions: Sessions) -> Template:
    return await _desk(request, reader, sessions, "_desk.html")


@post("/take-next", status_code=303)
async def take_next(data: Form, reader: LoggedIn, sessions: Sessions, keys: Keys) -> Redirect:
    """Takes the most urgent conversation; `seen` is the one that the counsellor saw first in the queue."""
    async with sessions() as session, session.begin():
        taken = await desk.take_next(session, keys, reader, datetime.now(UTC))
    if taken is None:
        return Redirect("/?notice=gone", status_code=303)
    other = data.get("seen") not in {None, "", str(taken)}
    return Redirect(f"/conversations/{taken}" + ("?notice=other" if other else ""), status_code=303)


@post("/silent/{conversation_id:uuid}/offer", status_code=303)
async def offer_contact(conversation_id: FromPath[UUID], reader: LoggedIn, sessions: Sessions, keys: Keys) -> Redirect:
    """Lets the bot tell somebody who fell silent that a counsellor is there."""
    try:
        async with sessions() as session, session.begin():
            await silence.offer(session, keys, reader, conversation_id, datetime.now(UTC))
    except NotSilent:
        return Redirect("/?notice=spoke", status_code=303)
    return Redirect("/", status_code=303)


@post("/conversations/{conversation_id:uuid}/take", status_code=303)
async def take(
    conversation_id: FromPath[UUID],
    reader: LoggedIn,
    sessions: Sessions,
    keys: Keys,
) -> Redirect:
    async with sessions() as session, session.begin():
        await desk.take(session, keys, reader, conversation_id, datetime.now(UTC))
    return Redirect(f"/conversations/{conversation_id}", status_code=303)


async def _conversation(
    request: ConsoleRequest,
    reader: Reader,
    sessions: Sessions,
    keys: Keys,
    conversation_id: UUID,
    template: str,
    *,
    after: int = 0,
    **values: Any,
) -> Template:
    async with sessions() as session, session.begin():
        about = await desk.about(session, reader, conversation_id)
        lines = await desk.transcript(session, keys, reader, conversation_id, after_seq=after)
    return pages.page(request, template, reader, one=about, lines=lines, **values)


@get("/conversations/{conversation_id:uuid}")
async def conversation_page(
    request: ConsoleRequest,
    conversation_id: FromPath[UUID],
    reader: LoggedIn,
    sessions: Sessions,
    keys: Keys,
    notice: FromQuery[str | None] = None,
) -> Template:
    told = _notice(request, reader, notice)
    return await _conversation(request, reader, sessions, keys, conversation_id, "conversation.html", problem=told)


@get("/conversations/{conversation_id:uuid}/lines")
async def lines(
    request: ConsoleRequest,
    conversation_id: FromPath[UUID],
    reader: LoggedIn,
    sessions: Sessions,
    keys: Keys,
    after: FromQuery[int] = 0,
) -> Template:
    return await _conversation(request, reader, sessions, keys, conversation_id, "_lines.html", after=after)


@get("/conversations/{conversation_id:uuid}/about")
async def about(
    request: ConsoleRequest,
    conversation_id: FromPath[UUID],
    reader: LoggedIn,
    sessions: Sessions,
) -> Template:
    async with sessions() as session, session.begin():
        one = await desk.about(session, reader, conversation_id)
    return pages.page(request, "_about.html", reader, one=one)


@post("/conversations/{conversation_id:uuid}/reply", status_code=303)
async def reply(
    request: ConsoleRequest,
    conversation_id: FromPath[UUID],
    data: Form,
    reader: LoggedIn,
    sessions: Sessions,
    keys: Keys,
) -> Response[Any]:
    text = data.get("text", "").strip()
    if not text or len(text) > MAX_REPLY:
        gettext = pages.gettext_of(request, reader)
        return await _conversation(
            request,
            reader,
            sessions,
            keys,
            conversation_id,
            "conversation.html",
            draft=data.get("text", ""),
            problem=gettext("A reply has between 1 and 4000 characters. Please shorten it or write two."),
        )
    async with sessions() as session, session.begin():
        await desk.reply(session, keys, reader, conversation_id, text)
    return Redirect(f"/conversations/{conversation_id}", status_code=303)


@post("/conversations/{conversation_id:uuid}/send-again/{outbox_id:int}", status_code=303)
async def send_again(
    conversation_id: FromPath[UUID],
    outbox_id: FromPath[int],
    reader: LoggedIn,
    sessions: Sessions,
) -> Redirect:
    async with sessions() as session, session.begin():
        await desk.send_again(session, reader, outbox_id)
    return Redirect(f"/conversations/{conversation_id}", status_code=303)


@post("/conversations/{conversation_id:uuid}/put-back", status_code=303)
async def put_back(
    conversation_id: FromPath[UUID],
    reader: LoggedIn,
    sessions: Sessions,
    keys: Keys,
) -> Redirect:
    async with sessions() as session, session.begin():
        await desk.put_back(session, keys, reader, conversation_id, datetime.now(UTC))
    return Redirect("/", status_code=303)


@post("/conversations/{conversation_id:uuid}/close", status_code=303)
async def close(
    conversation_id: FromPath[UUID],
    reader: LoggedIn,
    sessions: Sessions,
    keys: Keys,
) -> Redirect:
    async with sessions() as session, session.begin():
        await desk.close(session, keys, reader, conversation_id, datetime.now(UTC))
    return Redirect("/", status_code=303)
