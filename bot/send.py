"""The job "send what waits for this person": the only place that talks to a person, in the right order.

A row is claimed (status `sending`, committed) before the call and ended after it. Who claims it holds an
advisory lock of the database's session meanwhile, which goes with the process: a claimed row without its lock
has lost its sender, and Telegram alone knows whether the message arrived.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from telegram import Bot
from telegram.error import TelegramError

from bot import order, persons
from bot.telegram import calls, errors
from handoff.store import database
from handoff.store.tables import Inbox, Outbox, Person
from handoff.vault import ServerKeys, Unreadable

_LOG: Final = structlog.get_logger(__name__)
LOCKS: Final = 0x53454E44  # this module's own room among the advisory locks
UNCERTAIN_ONCE: Final = "uncertain once"
OFFERED: Final = "offered again"
GIVES_UP_AFTER: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class _Claim:
    """A row that this process, and no other, is sending now."""

    id: int
    action: str
    tries: int
    first_tried_at: datetime
    created_at: datetime
    chat_locked: bytes
    payload_locked: bytes


@dataclass(frozen=True, slots=True)
class Sending:
    """Sends what waits in the outbox."""

    engine: AsyncEngine
    keys: ServerKeys
    bot: Bot
    clock: Callable[[], datetime]

    async def drain(self, person_id: uuid.UUID) -> None:
        """Sends all that may leave now to this person."""
        async with self.engine.connect() as connection:
            try:
                async with AsyncSession(connection, expire_on_commit=False) as session:
                    while await self._next(session, person_id):
                        pass
            except BaseException:
                await connection.invalidate()  # with it go the locks that it holds
                raise

    async def _next(self, session: AsyncSession, person_id: uuid.UUID) -> bool:
        """Sends one row; says whether to look for another."""
        if not await self._is_free(session, person_id):
            return False
        claim = await self._claim(session, person_id)
        await session.commit()
        if claim is None:
            return False
        try:
            outcome = await self._call(session, person_id, claim)
        except TelegramError as failure:
            outcome = errors.meaning(failure)
        except Unreadable:
            outcome = errors.Refused("unreadable")  # its key is gone: it must not hold up the others
        await self._end(session, person_id, claim, outcome)
        await session.execute(sa.select(sa.func.pg_advisory_unlock(LOCKS, _lock(claim.id))))
        await session.commit()
        return True

    async def _is_free(self, session: AsyncSession, person_id: uuid.UUID) -> bool:
        """Ends rows whose sender died; says whether nobody else is sending to this person."""
        claimed = await session.scalars(
            sa.select(Outbox.id).where(Outbox.person_id == person_id, Outbox.status == "sending")
        )
        return all([await end_orphan(session, row_id, self.clock()) for row_id in claimed])

    async def _claim(self, session: AsyncSession, person_id: uuid.UUID) -> _Claim | None:
        now = self.clock()
        person = await session.get(Person, person_id, populate_existing=True)
        if person is None:
            return None
        rows = await session.execute(
            sa.select(Outbox.id, Outbox.due_at, Outbox.urgent, Outbox.while_paused, Outbox.first_tried_at).where(
                Outbox.person_id == person_id, Outbox.status == "waiting"
            )
        )
        quiet = person.quiet_at is not None and person.quiet_at <= now  # the sweep is about to pause them
        row_id = order.next_to_leave((order.Waiting(*row) for row in rows), now, paused=person.paused or quiet)
        if row_id is None:
            return None
        locked = await session.scalar(sa.select(sa.func.pg_try_advisory_lock(LOCKS, _lock(row_id))))
        if not locked:
            return None
        row = await session.scalar(
            sa.update(Outbox)
            .where(Outbox.id == row_id, Outbox.status == "waiting", Outbox.payload_locked.is_not(None))
            .values(
                status="sending",
                tries=Outbox.tries + 1,
                first_tried_at=sa.func.coalesce(Outbox.first_tried_at, now),
            )
            .returning(Outbox)
            .execution_options(populate_existing=True)
        )
        if row is None or row.payload_locked is None or row.first_tried_at is None:
            await session.execute(sa.select(sa.func.pg_advisory_unlock(LOCKS, _lock(row_id))))
            return None
        await _tell(session, row.conversation_id)
        return _Claim(
            id=row.id,
            action=row.action,
            tries=row.tries,
            first_tried_at=row.first_tried_at,
            created_at=row.created_at,
            chat_locked=person.chat_locked,
            payload_locked=row.payload_locked,
        )

    async def _call(self, session: AsyncSession, person_id: uuid.UUID, claim: _Claim) -> int | errors.Meaning | None:
        """Does what the row says; gives the id of a sent message, or what went wrong."""
        chat_id = persons.unlock_chat(self.keys, claim.chat_locked)
        payload = json.loads(self.keys.unlock(claim.payload_locked, "outbox"))
        if claim.action == "press":
            await calls.press(self.bot, payload["query_id"])
            return None
        if claim.action == "send":
            return await calls.send(self.bot, chat_id, payload)
        late = await self._left_meanwhile(session, person_id, claim)
        message_ids = sorted({*payload["message_ids"], *late}, reverse=True)
        refused = await calls.delete(self.bot, chat_id, message_ids)
        if refused:
            _LOG.warning("not_deleted", outbox=claim.id, messages=len(refused))
        await _forget_message_ids(session, person_id, set(message_ids))
        return None

    async def _left_meanwhile(self, session: AsyncSession, person_id: uuid.UUID, claim: _Claim) -> list[int]:
        """Messages that were on their way when the person asked for all to be deleted."""
        found = await session.scalars(
            sa.select(Outbox.message_id).where(
                Outbox.person_id == person_id,
                Outbox.id < claim.id,
                Outbox.ended_at >= claim.created_at,
                Outbox.message_id.is_not(None),
            )
        )
        late = [message_id for message_id in found if message_id is not None]
        await session.commit()  # no transaction stays open while Telegram is asked
        return late

    async def _end(
        self, session: AsyncSession, person_id: uuid.UUID, claim: _Claim, outcome: int | errors.Meaning | None
    ) -> None:
        now = self.clock()
        match outcome:
            case errors.Refused(reason):
                values = _failed(now, reason)
                _LOG.warning("refused", outbox=claim.id, reason=reason)
                if reason == "blocked":
                    await session.execute(
                        sa.update(Person)
                        .where(Person.id == person_id)
                        .values(blocked_at=sa.func.coalesce(Person.blocked_at, now))
                    )
            case errors.NotAccepted(after):
                values = _again(claim, now, after)
            case errors.Uncertain() if claim.action == "delete":
                values = _again(claim, now, None)  # deleting twice does no harm
            case errors.Uncertain():
                values = uncertain(now)
            case message_id:
                values = {"status": "sent", "message_id": message_id, "ended_at": now, "failure": None}
                values["payload_locked"] = None
        # unless somebody thought this sender dead and the row has gone on since
        conversation = await session.scalar(
            sa.update(Outbox)
            .where(Outbox.id == claim.id, Outbox.tries == claim.tries, Outbox.status != "dropped")
            .values(values)
            .returning(Outbox.conversation_id)
        )
        await _tell(session, conversation)


async def end_orphan(session: AsyncSession, row_id: int, now: datetime) -> bool:
    """Ends a claimed row whose sender died; False when its sender lives. The caller commits."""
    alone = await session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(LOCKS, _lock(row_id))))
    if not alone:
        return False
    conversation = await session.scalar(
        sa.update(Outbox)
        .where(Outbox.id == row_id, Outbox.status == "sending")
        .values(uncertain(now))
        .returning(Outbox.conversation_id)
    )
    await _tell(session, conversation)
    return True


def uncertain(now: datetime) -> dict[str, Any]:
    """What becomes of a row when only Telegram knows whether the message arrived.

    A deletion is done again: that does no harm. A message of the bot's own on which safety hangs goes once
    more.
    """
    once_more = sa.and_(
        Outbox.essential,
        Outbox.origin == "bot",
        sa.func.coalesce(Outbox.failure, "") != UNCERTAIN_ONCE,
    )
    again = sa.or_(Outbox.action == "delete", once_more)
    pressed = Outbox.action == "press"
    return {
        "status": sa.case((again, "waiting"), (pressed, "dropped"), else_="uncertain"),
        "failure": sa.case((once_more, UNCERTAIN_ONCE), else_=Outbox.failure),
        "due_at": sa.case((again, now + timedelta(seconds=1)), else_=Outbox.due_at),
        "ended_at": sa.case((again, None), else_=now),
        "payload_locked": sa.case((pressed, None), else_=Outbox.payload_locked),
    }


def _failed(now: datetime, reason: str) -> dict[str, Any]:
    # a counsellor may send theirs again, so it is kept for a while
    kept = sa.case((Outbox.origin == "counsellor", Outbox.payload_locked), else_=None)
    return {"status": "failed", "failure": reason, "ended_at": now, "payload_locked": kept}


def _again(claim: _Claim, now: datetime, after: timedelta | None) -> dict[str, Any]:
    if now - claim.first_tried_at > GIVES_UP_AFTER:
        return _failed(now, "unreachable")
    return {"status": "waiting", "due_at": order.next_try(claim.tries, now, after)}


async def _forget_message_ids(session: AsyncSession, person_id: uuid.UUID, gone: set[int]) -> None:
    for table in (Inbox, Outbox):
        await session.execute(
            sa.update(table).where(table.person_id == person_id, table.message_id.in_(gone)).values(message_id=None)
        )


async def _tell(session: AsyncSession, conversation_id: uuid.UUID | None) -> None:
    if conversation_id is not None:
        await database.notify(session, "conversation", str(conversation_id))


def _lock(row_id: int) -> int:
    """The row's advisory lock: 31 bits, so that two rows could share one only two thousand million apart."""
    return row_id % 2**31
