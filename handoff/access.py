"""Who may read a conversation: the one place that decides, and it fails closed."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.selectable import ForUpdateParameter

from handoff.store.tables import Audit, Conversation, Holder
from handoff.vault import unseal


class NotYours(Exception):
    """This conversation is not for this reader."""


class NotAnAdmin(Exception):
    """Only an admin changes what the bot understands and says."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A member who is logged in. `organisation_private` is there only if a lead admitted them to read."""

    member_id: int
    organisation_id: int
    organisation: str
    role: str
    name: str
    language: str
    organisation_private: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation and its private key, in the hands of somebody who may have it."""

    conversation: Conversation
    private: bytes = field(repr=False)


def reads(reader: Reader) -> bool:
    """Whether this member reads conversations at all."""
    return reader.role in {"counsellor", "lead"} and reader.organisation_private is not None


def edits(reader: Reader) -> bool:
    """Whether this member changes what the bot understands and says; such a member reads no conversation."""
    return reader.role == "admin"


def require_admin(reader: Reader) -> None:
    """Raises NotAnAdmin for everybody else."""
    if not edits(reader):
        raise NotAnAdmin


async def find(session: AsyncSession, reader: Reader, conversation_id: UUID, *, lock: bool = False) -> Conversation:
    """The conversation's plain columns, for a counsellor or lead of the organisation that it was handed to.

    With `lock` nobody else changes it until the end of the transaction.
    """
    if not reads(reader):
        raise NotYours
    held: ForUpdateParameter = {"key_share": True} if lock else False
    conversation = await session.get(Conversation, conversation_id, with_for_update=held, populate_existing=lock)
    if conversation is None or conversation.organisation_id != reader.organisation_id:
        raise NotYours
    if conversation.status == "bot":
        raise NotYours
    return conversation


async def unlock(session: AsyncSession, reader: Reader, conversation_id: UUID) -> Opened:
    """Opens a conversation that was taken; raises NotYours for everything else. Each reading is audited."""
    conversation = await find(session, reader, conversation_id)
    if conversation.taken_at is None:
        raise NotYours
    sealed = await session.scalar(
        select(Holder.sealed_key).where(
            Holder.conversation_id == conversation_id,
            Holder.kind == "organisation",
            Holder.holder_id == reader.organisation_id,
        )
    )
    if sealed is None or reader.organisation_private is None:
        raise NotYours
    session.add(Audit(member_id=reader.member_id, act="read", conversation_id=conversation_id))
    return Opened(conversation, unseal(reader.organisation_private, sealed))
