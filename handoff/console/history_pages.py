"""The admin's page about what was done: revisions of the examples and publications, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from litestar import get
from litestar.response import Template
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff import wording
from handoff.access import Reader
from handoff.console import admin_words, pages
from handoff.console.gate import ConsoleRequest, LoggedIn, Sessions
from handoff.store.tables import Member, Organisation, Publication
from handoff.wording import Revised

_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Published:
    """A model was put into service, by a member or (without one) by the helpline itself."""

    at: datetime
    by: str | None
    organisation: str | None
    fingerprint: str


async def happened(session: AsyncSession) -> Sequence[Revised | Published]:
    """The newest revisions and publications, in the order of time."""
    query = (
        select(Publication, Member.name, Organisation.code)
        .outerjoin(Member, Member.id == Publication.member_id)
        .outerjoin(Organisation, Organisation.id == Member.organisation_id)
        .order_by(Publication.id.desc())
        .limit(_SHOWN)
    )
    found = (await session.execute(query)).all()
    publications = [Published(one.at, name, code, one.fingerprint) for one, name, code in found]
    both: list[Revised | Published] = [*await wording.revisions(session, _SHOWN), *publications]
    return sorted(both, key=lambda one: one.at, reverse=True)[:_SHOWN]


async def _history(request: ConsoleRequest, reader: Reader, sessions: Sessions, template: str) -> Template:
    async with sessions() as session:
        acts = await happened(session)
    organisations = request.app.state.content.organisations
    language = pages.language_of(request, reader)
    return pages.page(
        request,
        template,
        reader,
        acts=acts,
        written=admin_words.written_languages(),
        shipped=wording.base(),
        houses={code: one.name(language) for code, one in organisations.items()},
    )


@get("/history")
async def history_page(request: ConsoleRequest, reader: LoggedIn, sessions: Sessions) -> Template:
    return await _history(request, reader, sessions, "history.html")


@get("/history/now")
async def history_now(request: ConsoleRequest, reader: LoggedIn, sessions: Sessions) -> Template:
    return await _history(request, reader, sessions, "_history.html")
