"""The desk: all that a counsellor can do to a conversation. Every function works in the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, case, delete, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from handoff import access, conversations
from handoff import queue as order
from handoff.access import NotYours, Reader
from handoff.store import database, jobs
from handoff.store.tables import Audit, Conversation, Entry, Holder, Inbox, Member, Outbox, Person
from handoff.vault import EntryPlace, ServerKeys


class AlreadyTaken(Exception):
    """Somebody else has taken this conversation."""

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by


class NotTaken(Exception):
    """This conversation is not in your hands now."""


class NotSendable(NotTaken):
    """This message cannot be sent again: it arrived, was sent again already, or is no longer kept."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation as a list shows it: nothing of what was written."""

    id: UUID
    pseudonym: str
    language: str | None
    level: str
    requested_at: datetime
    promised_at: datetime | None


@dataclass(frozen=True, slots=True)
class About:
    """What stands over a conversation."""

    id: UUID
    pseudonym: str
    level: str
    language: str | None
    status: str
    taken_by: int | None
    taken_by_name: str | None
    left_at: datetime | None
    paused: bool
    blocked: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a transcript, opened; `delivery` is how far an outgoing one got.

    `outbox_id` is there when the counsellor may send it again.
    """

    seq: int
    direction: str
    content: Mapping[str, Any]
    written_at: datetime
    author: str | None
    delivery: str | None
    outbox_id: int | None


_UNSURE: Final = ("failed", "uncertain")
_sendable = and_(Outbox.origin == "counsellor", Outbox.status.in_(_UNSURE), Outbox.payload_locked.is_not(None))


def _listed(one: Conversation) -> Listed:
    assert one.requested_at is not None
    return Listed(one.id, one.pseudonym, one.language, one.level, one.requested_at, one.promised_at)


def _counsellor_only(reader: Reader) -> None:
    if not access.reads(reader):
        raise NotYours


async def queue(session: AsyncSession, reader: Reader) -> tuple[Listed, ...]:
    """Who waits for this organisation: by risk, then promise, then waiting time."""
    _counsellor_only(reader)
    return tuple(_listed(one) for one in await session.scalars(order.waiting(reader.organisation_id)))


async def mine(session: AsyncSession, reader: Reader) -> tuple[Listed, ...]:
    """The conversations that the reader has taken."""
    _counsellor_only(reader)
    found = await session.scalars(
        select(Conversation)
        .where(Conversation.taken_by == reader.member_id, Conversation.status == "taken")
        .order_by(order.URGENCY.desc(), Conversation.taken_at)
    )
    return tuple(_listed(one) for one in found)


async def take_next(session: AsyncSession, keys: ServerKeys, reader: Reader, now: datetime) -> UUID | None:
    """Takes the most urgent one that nobody else is taking at this moment; None when nobody waits."""
    _counsellor_only(reader)
    first = order.waiting(reader.organisation_id).limit(1)
    found = await session.scalar(first.with_for_update(skip_locked=True, key_share=True))
    if found is None:  # perhaps one is only being written to at this moment
        found = await session.scalar(first.with_for_update(key_share=True))
    if found is None:
        return None
    await _take(session, keys, reader, found, now)
    return found.id


async def take(session: AsyncSession, keys: ServerKeys, reader: Reader, conversation_id: UUID, now: datetime) -> None:
    """Takes a certain conversation; raises AlreadyTaken with the name of who was faster."""
    found = await access.find(session, reader, conversation_id, lock=True)
    if found.status == "taken" and found.taken_by != reader.member_id:
        other = await session.get_one(Member, found.taken_by)
        raise AlreadyTaken(other.name)
    if found.status == "closed":
        raise NotTaken
    if found.status == "waiting":
        await _take(session, keys, reader, found, now)


async def _take(session: AsyncSession, keys: ServerKeys, reader: Reader, one: Conversation, now: datetime) -> None:
    """From here on the organisation alone can read it: the server's own way in is destroyed."""
    if await session.get(Holder, (one.id, "organisation", reader.organisation_id)) is None:
        raise NotYours  # it would be lost to everybody
    one.status = "taken"
    one.taken_at, one.taken_by = now, reader.member_id
    one.state_locked = None
    await session.execute(delete(Holder).where(Holder.conversation_id == one.id, Holder.kind == "intake"))
    session.add(Audit(member_id=reader.member_id, act="took", conversation_id=one.id))
    await _tell_dialogue(session, keys, one, "took")


async def _own(session: AsyncSession, reader: Reader, conversation_id: UUID) -> Conversation:
    """The conversation, locked, if it is in the reader's hands."""
    one = await access.find(session, reader, conversation_id, lock=True)
    if one.status != "taken" or one.taken_by != reader.member_id:
        raise NotTaken
    return one


async def about(session: AsyncSession, reader: Reader, conversation_id: UUID) -> About:
    one = await access.find(session, reader, conversation_id)
    person = None if one.person_id is None else await session.get(Person, one.person_id)
    taker = None if one.taken_by is None else await session.get(Member, one.taken_by)
    return About(
        id=one.id,
        pseudonym=one.pseudonym,
        level=one.level,
        language=one.language,
        status=one.status,
        taken_by=one.taken_by,
        taken_by_name=None if taker is None else taker.name,
        left_at=one.left_at,
        paused=person is not None and person.paused,
        blocked=person is not None and person.blocked_at is not None,
    )


async def transcript(
    session: AsyncSession, keys: ServerKeys, reader: Reader, conversation_id: UUID, after_seq: int = 0
) -> tuple[Line, ...]:
    """The lines after a number, opened with the organisation's key."""
    opened = await access.unlock(session, reader, conversation_id)
    latest = (
        select(Outbox.seq, Outbox.status, case((_sendable, Outbox.id)).label("again"))
        .ext(distinct_on(Outbox.seq))
        .where(Outbox.conversation_id == conversation_id, Outbox.action == "send")
        .order_by(Outbox.seq, Outbox.id.desc())
        .subquery()
    )
    rows = await session.execute(
        select(Entry, Member.name, latest.c.status, latest.c.again)
        .outerjoin(Member, Member.id == Entry.author_id)
        .outerjoin(latest, latest.c.seq == Entry.seq)
        .where(Entry.conversation_id == conversation_id, Entry.seq > after_seq)
        .order_by(Entry.seq)
    )
    return tuple(
        Line(
            seq=entry.seq,
            direction=entry.direction,
            content=json.loads(
                keys.open_entry(
                    opened.private, EntryPlace(str(conversation_id), entry.seq, entry.direction), entry.sealed
                )
            ),
            written_at=entry.written_at,
            author=author,
            delivery=delivery,
            outbox_id=outbox_id,
        )
        for entry, author, delivery, outbox_id in rows
    )


async def reply(session: AsyncSession, keys: ServerKeys, reader: Reader, conversation_id: UUID, text: str) -> int:
    """Writes to the person; the words are in the transcript and on their way in one transaction."""
    one = await _own(session, reader, conversation_id)
    if one.person_id is None:
        raise NotTaken
    seq = await conversations.append(session, keys, one, "counsellor", {"text": text}, reader.member_id)
    payload = keys.lock(json.dumps({"text": text, "buttons": [], "keyboard": None}).encode(), "outbox")
    session.add(
        Outbox(
            person_id=one.person_id,
            conversation_id=one.id,
            seq=seq,
            action="send",
            origin="counsellor",
            payload_locked=payload,
        )
    )
    await session.flush()
    await jobs.defer(session, "send", f"send:{one.person_id}", "send", person_id=str(one.person_id))
    return seq


async def send_again(session: AsyncSession, reader: Reader, outbox_id: int) -> None:
    """Sends a message once more that failed or perhaps did not arrive; a counsellor decides that, nobody else."""
    row = await session.get(Outbox, outbox_id)
    if row is None or row.conversation_id is None:
        raise NotYours
    await _own(session, reader, row.conversation_id)
    await session.refresh(row)  # two clicks must not send it twice
    if row.payload_locked is None or row.origin != "counsellor" or row.status not in _UNSURE:
        raise NotSendable
    session.add(
        Outbox(
            person_id=row.person_id,
            conversation_id=row.conversation_id,
            seq=row.seq,
            action="send",
            origin="counsellor",
            payload_locked=row.payload_locked,
        )
    )
    row.payload_locked = None
    session.add(Audit(member_id=reader.member_id, act="sent again", conversation_id=row.conversation_id))
    await session.flush()
    await jobs.defer(session, "send", f"send:{row.person_id}", "send", person_id=str(row.person_id))


async def put_back(
    session: AsyncSession, keys: ServerKeys, reader: Reader, conversation_id: UUID, now: datetime
) -> None:
    """Back into the same organisation's queue: since the take nobody else can read it."""
    one = await _own(session, reader, conversation_id)
    one.status = "waiting"
    one.taken_by = None
    if one.promised_at is not None and one.promised_at <= now:
        one.promise_broken_at = one.promise_broken_at or now  # the person is told that it is put back, and not both
    session.add(Audit(member_id=reader.member_id, act="put back", conversation_id=one.id))
    await _tell_dialogue(session, keys, one, "gave_back")


async def close(session: AsyncSession, keys: ServerKeys, reader: Reader, conversation_id: UUID, now: datetime) -> None:
    """Ends the conversation; the person is told, and may write again at any time."""
    one = await _own(session, reader, conversation_id)
    one.status = "closed"
    one.closed_at = now
    session.add(Audit(member_id=reader.member_id, act="closed", conversation_id=one.id))
    await _tell_dialogue(session, keys, one, "closed")


async def _tell_dialogue(session: AsyncSession, keys: ServerKeys, one: Conversation, what: str) -> None:
    """Puts the act into the person's inbox, from where the dialogue goes on, and tells the consoles."""
    await database.notify(session, "conversation", one.id)
    await database.notify(session, "queue", one.organisation_id)
    if one.person_id is None:
        return
    payload = json.dumps({"type": what, "conversation": str(one.id)}).encode()
    session.add(Inbox(person_id=one.person_id, kind="desk", payload_locked=keys.lock(payload, "inbox")))
    await session.flush()
    await jobs.defer(session, "answer", f"answer:{one.person_id}", "answer", person_id=str(one.person_id))
