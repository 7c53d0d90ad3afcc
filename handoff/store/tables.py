"""Every table of the helpline.

Plain columns hold what work needs to be found and ordered by; columns `…_locked` are encrypted with the server's
keys, `sealed…` to a conversation's, organisation's or member's key. Names, usernames, phone numbers and coordinates
of people who write have no column, on purpose.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    type_annotation_map = {datetime: TIMESTAMP(timezone=True), int: BigInteger}  # noqa: RUF012


def _one_of(column: str, *values: str) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(value) for value in values)})", name=f"{column}_known")


_serial = Identity(always=True)


class Person(Base):
    """Somebody who writes: known by a keyed hash, reachable by a locked chat id, and by nothing else.

    `discreet_locked`: their safe hours and safe sign. `quiet_at`: when the bot pauses by itself, since the safe hours
    are over or nobody has written for a while; `resumes_at`: when such a pause ends by itself.
    """

    __tablename__ = "person"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    handle: Mapped[bytes] = mapped_column(unique=True)
    chat_locked: Mapped[bytes]
    language: Mapped[str | None]
    paused: Mapped[bool] = mapped_column(server_default=text("false"))
    resumes_at: Mapped[datetime | None]
    discreet_locked: Mapped[bytes | None]
    quiet_at: Mapped[datetime | None]
    blocked_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class Tombstone(Base):
    """A person who asked to be forgotten: a restored backup deletes them again before it opens."""

    __tablename__ = "tombstone"

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class Organisation(Base):
    """An organisation whose counsellors answer; its private key exists only sealed to its members."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(_serial, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    recovery_locked: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class Member(Base):
    """Somebody who logs in to the console. `sealed_organisation_key` is there once a lead admitted them."""

    __tablename__ = "member"
    __table_args__ = (_one_of("role", "counsellor", "lead", "admin", "auditor"),)

    id: Mapped[int] = mapped_column(_serial, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    language: Mapped[str] = mapped_column(server_default=text("'en'"))
    invitation_hash: Mapped[bytes | None]
    salt: Mapped[bytes | None]
    private_locked: Mapped[bytes | None]
    public_key: Mapped[bytes | None]
    sealed_organisation_key: Mapped[bytes | None]
    admitted_at: Mapped[datetime | None]
    admitted_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))


class ConsoleSession(Base):
    """A log-in: the member's private key, locked with a key that only the cookie carries."""

    __tablename__ = "console_session"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    private_locked: Mapped[bytes]
    expires_at: Mapped[datetime]


class Shift(Base):
    """A time in each week in which a counsellor has promised to answer (local time of the two organisations).

    `ends` at or before `starts` means the next day.
    """

    __tablename__ = "shift"
    __table_args__ = (CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_known"),)

    id: Mapped[int] = mapped_column(_serial, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    weekday: Mapped[int]
    starts: Mapped[time]
    ends: Mapped[time]


class IntakeKey(Base):
    """The server's key of one day, by which the bot can open conversations that nobody has taken."""

    __tablename__ = "intake_key"

    id: Mapped[int] = mapped_column(_serial, primary_key=True)
    day: Mapped[date] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    private_locked: Mapped[bytes]


class Conversation(Base):
    """One exchange with a person, from the first message to its closing, under one key pair.

    `alarmed_at`: the emergency message was shown and nothing came of it yet; `silent_at`: since when, after it, the
    person has been seen to be silent.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        _one_of("status", "bot", "waiting", "taken", "closed"),
        _one_of("level", "none", "elevated", "high", "immediate"),
        Index("one_open_conversation", "person_id", unique=True, postgresql_where=text("status <> 'closed'")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    public_key: Mapped[bytes]
    status: Mapped[str] = mapped_column(server_default=text("'bot'"))
    level: Mapped[str] = mapped_column(server_default=text("'none'"))
    language: Mapped[str | None]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    pseudonym: Mapped[str]
    state_locked: Mapped[bytes | None]
    last_seq: Mapped[int] = mapped_column(server_default=text("0"))
    opened_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    heard_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    requested_at: Mapped[datetime | None]
    promised_at: Mapped[datetime | None]
    promise_broken_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    left_at: Mapped[datetime | None]
    alarmed_at: Mapped[datetime | None]
    silent_at: Mapped[datetime | None]
    contact_offered_at: Mapped[datetime | None]
    contact_offered_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    closed_at: Mapped[datetime | None]


class Holder(Base):
    """Who can read a conversation: its private key, sealed to an intake key or to an organisation."""

    __tablename__ = "holder"
    __table_args__ = (_one_of("kind", "intake", "organisation"),)

    conversation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(primary_key=True)
    holder_id: Mapped[int] = mapped_column(primary_key=True)
    sealed_key: Mapped[bytes]


class Entry(Base):
    """One line of a transcript. `direction`: person, bot, counsellor, or note (the handoff note)."""

    __tablename__ = "entry"
    __table_args__ = (_one_of("direction", "person", "bot", "counsellor", "note"),)

    conversation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(primary_key=True)
    direction: Mapped[str]
    sealed: Mapped[bytes]
    written_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))


class Inbox(Base):
    """Something that moves a conversation on: an update of Telegram, a counsellor's act, a timer.

    The payload is wiped in the transaction that handles it; (bot, update) stays seven days against redelivery.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        _one_of("kind", "telegram", "desk", "timer"),
        UniqueConstraint("bot_id", "update_id"),
        Index("inbox_waiting", "person_id", "id", postgresql_where=text("handled_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(_serial, primary_key=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    kind: Mapped[str]
    bot_id: Mapped[int | None]
    update_id: Mapped[int | None]
    message_id: Mapped[int | None]
    payload_locked: Mapped[bytes | None]
    received_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    handled_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    failure: Mapped[str | None]


class Outbox(Base):
    """Something that goes out by Telegram. Only `bot/send.py` decides whether it may leave now.

    `status`: waiting, sending, sent, failed (never accepted), uncertain (perhaps accepted), dropped (no longer wanted).
    """

    __tablename__ = "outbox"
    __table_args__ = (
        _one_of("status", "waiting", "sending", "sent", "failed", "uncertain", "dropped"),
        _one_of("action", "send", "delete", "press"),
        _one_of("origin", "bot", "counsellor"),
        Index(
            "outbox_unsent",
            "person_id",
            "id",
            postgresql_where=text("status IN ('waiting', 'sending', 'uncertain')"),
        ),
    )

    id: Mapped[int] = mapped_column(_serial, primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    conversation_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("conversation.id", ondelete="SET NULL"), index=True
    )
    seq: Mapped[int | None]
    action: Mapped[str] = mapped_column(server_default=text("'send'"))
    origin: Mapped[str] = mapped_column(server_default=text("'bot'"))
    urgent: Mapped[bool] = mapped_column(server_default=text("false"))
    essential: Mapped[bool] = mapped_column(server_default=text("false"))
    while_paused: Mapped[bool] = mapped_column(server_default=text("false"))
    payload_locked: Mapped[bytes | None]
    status: Mapped[str] = mapped_column(server_default=text("'waiting'"))
    due_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    first_tried_at: Mapped[datetime | None]
    message_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    ended_at: Mapped[datetime | None]
    failure: Mapped[str | None]


class Audit(Base):
    """Who did what to which conversation, reading included; never what was in it."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(_serial, primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    act: Mapped[str]
    conversation_id: Mapped[uuid.UUID | None]


class Revision(Base):
    """A saved set of changes to the examples: who, when, and on which shipped files (`base`)."""

    __tablename__ = "revision"

    id: Mapped[int] = mapped_column(_serial, primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    base: Mapped[str]


class Edit(Base):
    """One change of a revision: an example that was added to an intent or taken away from it."""

    __tablename__ = "edit"
    __table_args__ = (_one_of("act", "add", "remove"),)

    id: Mapped[int] = mapped_column(_serial, primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"), index=True)
    act: Mapped[str]
    language: Mapped[str]
    intent: Mapped[str]
    example: Mapped[str]


class Training(Base):
    """A wish for a model of the examples up to a revision, and how far it is. Without `asked_by`: after an upgrade."""

    __tablename__ = "training"
    __table_args__ = (_one_of("status", "waiting", "running", "ready", "failed", "cancelled"),)

    id: Mapped[int] = mapped_column(_serial, primary_key=True)
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    asked_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    status: Mapped[str] = mapped_column(server_default=text("'waiting'"))
    step: Mapped[str] = mapped_column(server_default=text("'waiting'"))
    log: Mapped[str] = mapped_column(server_default=text("''"))
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    fingerprint: Mapped[str | None]


class Model(Base):
    """A trained model with its figures. The model of the shipped files has no `archive`: each NLU server makes it."""

    __tablename__ = "model"

    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    base: Mapped[str]
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))
    archive: Mapped[bytes | None] = mapped_column(deferred=True)
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    made_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class Publication(Base):
    """A model was put into service; the newest one that fits the shipped files serves. Nobody: after an upgrade."""

    __tablename__ = "publication"

    id: Mapped[int] = mapped_column(_serial, primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    fingerprint: Mapped[str] = mapped_column(ForeignKey("model.fingerprint"))
