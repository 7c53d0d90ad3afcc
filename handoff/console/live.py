"""Live updates: one stream a page, which says only that something changed; the page then fetches what it may see."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage

from handoff import access, desk
from handoff.console.gate import LoggedIn, Sessions
from handoff.store.database import Listener

HEARTBEAT_SECONDS = 20.0


@get("/events")
async def events(
    reader: LoggedIn,
    listener: NamedDependency[Listener],
    sessions: Sessions,
    conversation: FromQuery[UUID | None] = None,
) -> ServerSentEvent:
    """`changed` whenever what the reader may see has: their queue and this page's conversation, or what is trained."""
    if conversation is not None:
        async with sessions() as session, session.begin():
            await desk.about(session, reader, conversation)
    wanted = {("reconnected", "")}
    if access.reads(reader):
        wanted.add(("queue", str(reader.organisation_id)))
    if access.edits(reader):
        wanted.add(("understanding", ""))
    if conversation is not None:
        wanted.add(("conversation", str(conversation)))
    return ServerSentEvent(_changes(listener, wanted))


async def _changes(listener: Listener, wanted: set[tuple[str, str]]) -> AsyncIterator[ServerSentEventMessage]:
    notices = listener.subscribe()  # before the first look, so that nothing falls between the two
    yield ServerSentEventMessage(event="changed", data="", retry=1000)
    upcoming = asyncio.ensure_future(anext(notices))
    try:
        while True:
            done, _ = await asyncio.wait({upcoming}, timeout=HEARTBEAT_SECONDS)
            if not done:
                yield ServerSentEventMessage(comment="still here")
                continue
            notice = upcoming.result()
            upcoming = asyncio.ensure_future(anext(notices))
            if (notice.channel, notice.id) in wanted:
                yield ServerSentEventMessage(event="changed", data="")
    finally:
        upcoming.cancel()
