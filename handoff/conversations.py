"""What the bot's side may do to a conversation. Every function works in the caller's transaction."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from handoff import pseudonyms
from handoff.store import database
from handoff.store.tables import (
    Conversation,
    Entry,
    Holder,
    Inbox,
    IntakeKey,
    Member,
    Organisation,
    Outbox,
    Person,
    Tombstone,
)
from handoff.vault import EntryPlace, KeyPair, ServerKeys, seal, unseal

STALE_AFTER = timedelta(hours=72)
_TRIES = 20


class NotRoutable(Exception):
    """This organisation has nobody who could read the conversation."""


class OutOfReach(Exception):
    """The server cannot open this conversation any more: a counsellor has taken it, or it was closed."""


async def intake_key(session: AsyncSession, keys: ServerKeys, day: date) -> IntakeKey:
    """The server's key of a day, made when it is first needed."""
    # held until the end of the transaction: a key is not destroyed while something is being sealed to it
    held = select(IntakeKey).where(IntakeKey.day == day).with_for_update(read=True, key_share=True)
    found = await session.scalar(held)
    if found is not None:
        return found
    pair = KeyPair.new()
    made = insert(IntakeKey).values(day=day, public_key=pair.public, private_locked=keys.lock(pair.private, "intake"))
    await session.execute(made.on_conflict_do_nothing(index_elements=["day"]))
    return (await session.scalars(held)).one()


async def open_conversation(
    session: AsyncSession, keys: ServerKeys, person_id: uuid.UUID, language: str | None, now: datetime
) -> Conversation:
    """A new conversation with a key pair of its own, which at first only the day's intake key opens."""
    pair = KeyPair.new()
    intake = await intake_key(session, keys, now.date())
    conversation = Conversation(
        id=uuid.uuid4(),
        person_id=person_id,
        public_key=pair.public,
        status="bot",
        level="none",
        language=language,
        pseudonym=pseudonyms.new(),
        last_seq=0,
        opened_at=now,
        heard_at=now,
    )
    session.add(conversation)
    await session.flush()
    session.add(
        Holder(
            conversation_id=conversation.id,
            kind="intake",
            holder_id=intake.id,
            sealed_key=seal(intake.public_key, pair.private),
        )
    )
    await session.flush()
    return conversation


async def current(session: AsyncSession, person_id: uuid.UUID) -> Conversation | None:
    """The person's open conversation."""
    return await session.scalar(
        select(Conversation).where(Conversation.person_id == person_id, Conversation.status != "closed")
    )


async def append(
    session: AsyncSession,
    keys: ServerKeys,
    conversation: Conversation,
    direction: str,
    content: Mapping[str, Any],
    author_id: int | None = None,
) -> int:
    """Seals one line into the transcript and tells the consoles; returns its number."""
    seq = (
        await session.execute(
            update(Conversation)
            .where(Conversation.id == conversation.id)
            .values(last_seq=Conversation.last_seq + 1)
            .returning(Conversation.last_seq)
            .execution_options(synchronize_session=False)
        )
    ).scalar_one()
    place = EntryPlace(str(conversation.id), seq, direction)
    sealed = keys.seal_entry(conversation.public_key, place, json.dumps(content, ensure_ascii=False).encode())
    session.add(
        Entry(conversation_id=conversation.id, seq=seq, direction=direction, sealed=sealed, author_id=author_id)
    )
    await session.flush()
    await database.notify(session, "conversation", conversation.id)
    return int(seq)


async def _private_key(session: AsyncSession, keys: ServerKeys, conversation: Conversation) -> bytes:
    """The conversation's private key, while the server still holds it."""
    row = (
        await session.execute(
            select(Holder.sealed_key, IntakeKey.private_locked)
            .join(IntakeKey, IntakeKey.id == Holder.holder_id)
            .where(Holder.conversation_id == conversation.id, Holder.kind == "intake")
        )
    ).one_or_none()
    if row is None:
        raise OutOfReach
    return unseal(keys.unlock(row.private_locked, "intake"), row.sealed_key)


async def request_handoff(
    session: AsyncSession,
    keys: ServerKeys,
    conversation: Conversation,
    organisation_code: str,
    note: Mapping[str, Any],
    promised_at: datetime | None,
    now: datetime,
) -> None:
    """Opens the conversation to one organisation and puts it into that organisation's queue.

    Another organisation that was asked before and has not taken it loses its key. Raises NotRoutable; OutOfReach
    after the first take.
    """
    reads = exists().where(Member.organisation_id == Organisation.id, Member.sealed_organisation_key.is_not(None))
    organisation = await session.scalar(select(Organisation).where(Organisation.code == organisation_code, reads))
    if organisation is None:
        raise NotRoutable(organisation_code)
    private = await _private_key(session, keys, conversation)
    before = conversation.organisation_id
    await session.execute(
        delete(Holder).where(Holder.conversation_id == conversation.id, Holder.kind == "organisation")
    )
    session.add(
        Holder(
            conversation_id=conversation.id,
            kind="organisation",
            holder_id=organisation.id,
            sealed_key=seal(organisation.public_key, private),
        )
    )
    if before != organisation.id:
        conversation.pseudonym = await _free_pseudonym(session, organisation.id)
    conversation.organisation_id = organisation.id
    conversation.status = "waiting"
    conversation.requested_at = now
    conversation.promised_at = promised_at
    conversation.promise_broken_at = None
    await append(session, keys, conversation, "note", note)
    for one in {organisation.id, before} - {None}:
        await database.notify(session, "queue", one)


async def _free_pseudonym(session: AsyncSession, organisation_id: int) -> str:
    """One that no other open conversation of this organisation bears: two people must not be taken for one."""
    borne = set(
        await session.scalars(
            select(Conversation.pseudonym).where(
                Conversation.organisation_id == organisation_id, Conversation.status.in_(("waiting", "taken"))
            )
        )
    )
    for _ in range(_TRIES):
        found = pseudonyms.new()
        if found not in borne:
            break
    return found


async def start_fresh(
    session: AsyncSession, keys: ServerKeys, conversation: Conversation, now: datetime
) -> Conversation:
    """Closes a conversation and opens a new one for the same person.

    Nobody will ever read the old one, unless a counsellor had it before: then it stays with their organisation.
    """
    conversation.status = "closed"
    conversation.closed_at = now
    conversation.state_locked = None
    if conversation.taken_at is None:
        await session.execute(delete(Holder).where(Holder.conversation_id == conversation.id))
    await session.flush()
    await database.notify(session, "conversation", conversation.id)
    if conversation.organisation_id is not None:
        await database.notify(session, "queue", conversation.organisation_id)
    assert conversation.person_id is not None
    fresh = await open_conversation(session, keys, conversation.person_id, conversation.language, now)
    fresh.level = conversation.level
    return fresh


def read_state(keys: ServerKeys, conversation: Conversation) -> dict[str, Any]:
    """The bot's working state; empty when it was wiped at the take."""
    if conversation.state_locked is None:
        return {}
    state: dict[str, Any] = json.loads(keys.unlock(conversation.state_locked, f"state|{conversation.id}"))
    return state


def write_state(keys: ServerKeys, conversation: Conversation, state: Mapping[str, Any]) -> None:
    """Keeps the working state, unless a counsellor has taken the conversation: then the bot remembers nothing."""
    if conversation.status == "taken":
        conversation.state_locked = None
    else:
        conversation.state_locked = keys.lock(json.dumps(state).encode(), f"state|{conversation.id}")


async def forget(session: AsyncSession, person_id: uuid.UUID, now: datetime) -> None:
    """Destroys all that is known of a person; the contact itself goes when the last message to them has left."""
    own = Conversation.person_id == person_id
    # locked first: a reply that is being written at this moment is seen below, and dropped
    held = select(Conversation.id, Conversation.organisation_id).where(own).with_for_update()
    known = (await session.execute(held)).all()
    to_them = update(Outbox).where(Outbox.person_id == person_id)
    await session.execute(to_them.values(conversation_id=None, seq=None))
    await session.execute(
        to_them.where(Outbox.status == "waiting", Outbox.action == "send").values(
            status="dropped", payload_locked=None, ended_at=now
        )
    )
    await session.execute(to_them.where(Outbox.status.in_(("uncertain", "failed"))).values(payload_locked=None))
    await session.execute(delete(Conversation).where(own))
    await session.execute(
        update(Inbox)
        .where(Inbox.person_id == person_id)
        .values(payload_locked=None, message_id=None, handled_at=func.coalesce(Inbox.handled_at, now))
    )
    await session.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(forgotten_at=now, language=None, paused=False, discreet_locked=None, quiet_at=None, resumes_at=None)
    )
    await session.execute(
        insert(Tombstone).values(person_id=person_id, at=now).on_conflict_do_nothing(index_elements=["person_id"])
    )
    for conversation_id, _ in known:
        await database.notify(session, "conversation", conversation_id)
    for organisation_id in {organisation_id for _, organisation_id in known} - {None}:
        await database.notify(session, "queue", organisation_id)


async def destroy_old_intake_keys(session: AsyncSession, today: date) -> None:
    """Destroys the keys of past days that no conversation needs any more."""
    past = select(IntakeKey.id).where(IntakeKey.day < today).with_for_update(skip_locked=True)
    unused = (await session.scalars(past)).all()
    # asked only now that they are locked: nothing can be sealed to them any more
    needed = select(Holder.holder_id).where(Holder.kind == "intake")
    await session.execute(delete(IntakeKey).where(IntakeKey.id.in_(unused), IntakeKey.id.not_in(needed)))


async def close_stale(session: AsyncSession, now: datetime) -> None:
    """Closes conversations that nobody asked to hand over and that were silent for 72 hours; their keys go."""
    closed = (
        await session.scalars(
            update(Conversation)
            .where(Conversation.status == "bot", Conversation.heard_at < now - STALE_AFTER)
            .values(status="closed", closed_at=now, state_locked=None)
            .returning(Conversation.id)
        )
    ).all()
    if closed:
        await session.execute(delete(Holder).where(Holder.conversation_id.in_(closed)))
