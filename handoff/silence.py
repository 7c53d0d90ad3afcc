"""Who was shown the emergency numbers, was asked for a yes, and fell silent.

Those on duty on both sides see that there is somebody: a pseudonym, a language, minutes. Nothing that was written can
be read without the person's yes; a counsellor may offer to talk, and the bot says it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from handoff import access
from handoff.access import NotYours, Reader
from handoff.store import database, jobs
from handoff.store.tables import Audit, Conversation, Inbox, Member, Organisation
from handoff.vault import ServerKeys

AFTER: Final = timedelta(seconds=60)
# A second offer could come to a phone that somebody else holds by now.
OFFERS_AGAIN_AFTER: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Silent:
    """Somebody who fell silent. `offered_by`: the organisation whose counsellor offered to talk last."""

    id: UUID
    pseudonym: str
    language: str | None
    level: str
    last_heard_at: datetime
    left: bool
    offered_at: datetime | None
    offered_by: str | None
    may_offer: bool


class NotSilent(Exception):
    """The person has written meanwhile, or was offered a talk a short while ago."""


async def notice(session: AsyncSession, now: datetime) -> None:
    """Marks those who have been silent for a minute since the emergency message, and tells every desk."""
    last = sa.func.greatest(Conversation.heard_at, Conversation.alarmed_at)
    marked = await session.scalars(
        sa.update(Conversation)
        .where(
            Conversation.status == "bot",
            Conversation.alarmed_at.is_not(None),
            Conversation.silent_at.is_(None),
            Conversation.person_id.is_not(None),
            last <= now - AFTER,
        )
        .values(silent_at=now)
        .returning(Conversation.id)
        .execution_options(synchronize_session=False)
    )
    if marked.all():
        await tell(session)


async def tell(session: AsyncSession) -> None:
    """Tells every desk that somebody fell silent, or is silent no longer."""
    for organisation in await session.scalars(sa.select(Organisation.id)):
        await database.notify(session, "queue", organisation)


async def listed(session: AsyncSession, reader: Reader, now: datetime) -> tuple[Silent, ...]:
    """Everybody who is silent, those whom nobody has offered a talk yet first; the same for both organisations."""
    if not access.reads(reader):
        raise NotYours
    rows = await session.execute(
        sa.select(Conversation, Organisation.code)
        .outerjoin(Member, Member.id == Conversation.contact_offered_by)
        .outerjoin(Organisation, Organisation.id == Member.organisation_id)
        .where(Conversation.status == "bot", Conversation.silent_at.is_not(None))
        .order_by(Conversation.contact_offered_at.asc().nulls_first(), Conversation.heard_at)
    )
    return tuple(
        Silent(
            one.id,
            one.pseudonym,
            one.language,
            one.level,
            one.heard_at,
            one.left_at is not None,
            one.contact_offered_at,
            code,
            _may_offer(one, now),
        )
        for one, code in rows
    )


async def offer(session: AsyncSession, keys: ServerKeys, reader: Reader, conversation_id: UUID, now: datetime) -> None:
    """Lets the bot say that a counsellor of the reader's organisation is there. Raises NotYours or NotSilent."""
    if not access.reads(reader):
        raise NotYours
    one = await session.get(Conversation, conversation_id, with_for_update={"key_share": True}, populate_existing=True)
    if one is None or one.status != "bot" or one.silent_at is None or one.person_id is None:
        raise NotSilent
    if not _may_offer(one, now):
        raise NotSilent
    one.contact_offered_at, one.contact_offered_by = now, reader.member_id
    session.add(Audit(member_id=reader.member_id, act="offered contact", conversation_id=one.id))
    payload = {"type": "contact_offered", "conversation": str(one.id), "organisation": reader.organisation}
    locked = keys.lock(json.dumps(payload).encode(), "inbox")
    session.add(Inbox(person_id=one.person_id, kind="desk", payload_locked=locked))
    await session.flush()
    await tell(session)
    await jobs.defer(session, "answer", f"answer:{one.person_id}", "answer", person_id=str(one.person_id))


def _may_offer(one: Conversation, now: datetime) -> bool:
    return one.contact_offered_at is None or now >= one.contact_offered_at + OFFERS_AGAIN_AFTER
