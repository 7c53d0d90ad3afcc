"""Persons as the bot's side meets them: found again by a keyed hash of their chat, and by nothing else."""

from __future__ import annotations

import json
import secrets
import uuid
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.discretion import NONE, Discretion
from handoff.store.tables import Inbox, Person
from handoff.vault import ServerKeys

_PURPOSE: Final = "chat"
_DISCRETION: Final = "discretion"
_HANDLE_BYTES: Final = 32


async def of_chat(session: AsyncSession, keys: ServerKeys, bot_id: int, chat_id: int) -> uuid.UUID:
    """The id of the person in this chat, who is made if they are new.

    Somebody who was forgotten and writes again is somebody new: nothing leads from one to the other.
    """
    handle = keys.handle(bot_id, chat_id)
    known = sa.select(Person.id, Person.forgotten_at).where(Person.handle == handle)
    found = (await session.execute(known)).one_or_none()
    if found is not None and found.forgotten_at is None:
        return uuid.UUID(str(found.id))
    if found is not None:
        await session.execute(
            sa.update(Person)
            .where(Person.id == found.id, Person.handle == handle)
            .values(handle=secrets.token_bytes(_HANDLE_BYTES))
        )
    made = await session.scalar(
        insert(Person)
        .values(id=uuid.uuid4(), handle=handle, chat_locked=lock_chat(keys, chat_id))
        .on_conflict_do_nothing(index_elements=[Person.handle])
        .returning(Person.id)
    )
    # None: another receiver was faster, and has committed
    if made is None:
        made = (await session.execute(known)).one().id
    return uuid.UUID(str(made))


async def hand_over(session: AsyncSession, keys: ServerKeys, person: Person) -> uuid.UUID | None:
    """Gives what a forgotten person wrote since to the new person that they are; None if there is nothing."""
    waiting = (Inbox.person_id == person.id, Inbox.kind == "telegram", Inbox.handled_at.is_(None))
    bot_id = await session.scalar(sa.select(Inbox.bot_id).where(*waiting).limit(1))
    if bot_id is None:
        return None
    successor = await of_chat(session, keys, bot_id, unlock_chat(keys, person.chat_locked))
    await session.execute(sa.update(Inbox).where(*waiting).values(person_id=successor))
    return successor


def discretion(keys: ServerKeys, person: Person) -> Discretion:
    """When this person may be written to. Raises Unreadable."""
    if person.discreet_locked is None:
        return NONE
    return Discretion.from_json(json.loads(keys.unlock(person.discreet_locked, _DISCRETION)))


def set_discretion(keys: ServerKeys, person: Person, chosen: Discretion) -> None:
    """Keeps when this person may be written to."""
    kept = None if chosen == NONE else keys.lock(json.dumps(chosen.to_json()).encode(), _DISCRETION)
    person.discreet_locked = kept
    if chosen == NONE:
        person.quiet_at = None


def keep_quiet(keys: ServerKeys, person: Person, now: datetime) -> None:
    """Pauses a person, or ends the pause, as their safe hours and their sign say."""
    _fall_silent(keys, person, now)
    _speak_again(keys, person, now)


def _fall_silent(keys: ServerKeys, person: Person, now: datetime) -> None:
    """Pauses a person whose safe hours are over, or who with a sign has not written for a while."""
    if person.paused or person.quiet_at is None or person.quiet_at > now:
        return
    person.paused, person.quiet_at = True, None
    person.resumes_at = discretion(keys, person).speaks_again_at(now)


def _speak_again(keys: ServerKeys, person: Person, now: datetime) -> None:
    """Ends a pause that the beginning of the safe hours ends."""
    if not person.paused or person.resumes_at is None or person.resumes_at > now:
        return
    person.paused, person.resumes_at = False, None
    person.quiet_at = discretion(keys, person).falls_silent_at(now)


def lock_chat(keys: ServerKeys, chat_id: int) -> bytes:
    return keys.lock(str(chat_id).encode(), _PURPOSE)


def unlock_chat(keys: ServerKeys, locked: bytes) -> int:
    """The chat's id; raises Unreadable."""
    return int(keys.unlock(locked, _PURPOSE))
