"""Once a second: whatever was left lying is taken up again, and what is due is started.

Jobs are only a nudge; what there is to do stands in the inbox and the outbox. So a lost job costs a second,
and nothing scheduled ahead ever holds a person's lock.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import procrastinate
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot import outermost, persons, send
from handoff import conversations, silence
from handoff.store import jobs
from handoff.store.tables import Conversation, Inbox, Outbox, Person
from handoff.vault import ServerKeys

EVERY_SECONDS: Final = 1.0
_ALONE: Final = 0x53574550  # one process sweeps at a time
_TIDIES_EVERY: Final = timedelta(hours=1)
_KEEPS_UPDATES: Final = timedelta(days=7)
_KEEPS_MESSAGE_IDS: Final = timedelta(hours=48)

_WITHOUT_JOB: Final = """
    NOT EXISTS (SELECT 1 FROM procrastinate_jobs AS job
                WHERE job.lock = :task || ':' || person.id::text AND job.status IN ('todo', 'doing'))
"""
_UNANSWERED: Final = sa.text(f"""
    SELECT DISTINCT person.id FROM inbox JOIN person ON person.id = inbox.person_id
    WHERE inbox.handled_at IS NULL AND {_WITHOUT_JOB}
""")  # noqa: S608 - both parts stand above
_UNSENT: Final = sa.text(f"""
    SELECT DISTINCT person.id FROM outbox JOIN person ON person.id = outbox.person_id
    WHERE outbox.status = 'waiting' AND outbox.due_at <= :now
      AND (outbox.while_paused OR NOT person.paused) AND {_WITHOUT_JOB}
""")  # noqa: S608 - both parts stand above


@dataclass(slots=True)
class Sweeping:
    """Takes up what was left lying. A worker is dead `stalled_after` seconds after its last sign of life.

    `alive` is called after each round that succeeded.
    """

    sessions: async_sessionmaker[AsyncSession]
    keys: ServerKeys
    clock: Callable[[], datetime]
    stalled_after: float = 10.0
    alive: Callable[[], None] | None = None
    _tidied_at: datetime | None = field(default=None, init=False)

    async def run(self, jobs_app: procrastinate.App, stop: asyncio.Event) -> None:
        """Sweeps once a second until told to stop."""

        async def turn() -> None:
            await self.sweep(jobs_app)
            if self.alive is not None:
                self.alive()
            await outermost.rest(stop, EVERY_SECONDS)

        await outermost.keep_going("sweep", turn, stop, longest_pause=5.0)

    async def sweep(self, jobs_app: procrastinate.App) -> None:
        """Sweeps once; does nothing while another process does."""
        now = self.clock()
        async with self.sessions.begin() as session:
            if not await session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(_ALONE, 0))):
                return
            await self._retry_stalled(jobs_app)
            await self._end_orphans(session, now)
            await self._break_promises(session, now)
            await silence.notice(session, now)
            await self._keep_quiet(session, now)
            await self._defer(session, now)
            await self._delete_forgotten(session)
            if self._tidied_at is None or now - self._tidied_at >= _TIDIES_EVERY:
                await self._tidy(session, now)
                self._tidied_at = now

    async def _retry_stalled(self, jobs_app: procrastinate.App) -> None:
        stalled = await jobs_app.job_manager.get_stalled_jobs(seconds_since_heartbeat=self.stalled_after)
        for job in stalled:
            await jobs_app.job_manager.retry_job(job)

    async def _end_orphans(self, session: AsyncSession, now: datetime) -> None:
        for row_id in (await session.scalars(sa.select(Outbox.id).where(Outbox.status == "sending"))).all():
            await send.end_orphan(session, row_id, now)

    async def _defer(self, session: AsyncSession, now: datetime) -> None:
        for task, query in (("answer", _UNANSWERED), ("send", _UNSENT)):
            found = await session.scalars(query, {"task": task, "now": now})
            for person_id in found.all():
                await jobs.defer(session, task, f"{task}:{person_id}", task, person_id=str(person_id))

    async def _break_promises(self, session: AsyncSession, now: datetime) -> None:
        """Whoever waits longer than was promised is told so, once."""
        broken = await session.execute(
            sa.update(Conversation)
            .where(
                Conversation.status == "waiting",
                Conversation.promised_at < now,
                Conversation.promise_broken_at.is_(None),
                Conversation.person_id.is_not(None),
            )
            .values(promise_broken_at=now)
            .returning(Conversation.person_id)
        )
        for (person_id,) in broken.all():
            payload = self.keys.lock(json.dumps({"type": "promise_missed"}).encode(), "inbox")
            session.add(Inbox(person_id=person_id, kind="timer", payload_locked=payload))
        await session.flush()

    async def _keep_quiet(self, session: AsyncSession, now: datetime) -> None:
        """Pauses and ends pauses as people's safe hours say."""
        due = sa.or_(
            sa.and_(sa.not_(Person.paused), Person.quiet_at <= now), sa.and_(Person.paused, Person.resumes_at <= now)
        )
        held = sa.select(Person).where(due).with_for_update(skip_locked=True, key_share=True)
        for person in await session.scalars(held):
            persons.keep_quiet(self.keys, person, now)
        await session.flush()

    async def _delete_forgotten(self, session: AsyncSession) -> None:
        """Deletes the contact of those who asked for it, once the last word to them has left."""
        gone = await session.scalars(
            sa.select(Person.id).where(Person.forgotten_at.is_not(None)).with_for_update(skip_locked=True)
        )
        for person_id in gone.all():
            # asked anew under the lock: what was received meanwhile must not be lost with the person
            if not await self._has_open_ends(session, person_id):
                await session.execute(sa.delete(Person).where(Person.id == person_id))

    async def _has_open_ends(self, session: AsyncSession, person_id: uuid.UUID) -> bool:
        unhandled = sa.exists().where(Inbox.person_id == person_id, Inbox.handled_at.is_(None))
        unsent = sa.exists().where(Outbox.person_id == person_id, Outbox.status.in_(("waiting", "sending")))
        return bool(await session.scalar(sa.select(sa.or_(unhandled, unsent))))

    async def _tidy(self, session: AsyncSession, now: datetime) -> None:
        """What has served its time goes."""
        await conversations.close_stale(session, now)
        await conversations.destroy_old_intake_keys(session, now.date())
        await session.execute(sa.delete(Inbox).where(Inbox.handled_at < now - _KEEPS_UPDATES))
        old = now - _KEEPS_MESSAGE_IDS
        await session.execute(sa.update(Inbox).where(Inbox.received_at < old).values(message_id=None))
        await session.execute(
            sa.update(Outbox).where(Outbox.ended_at < old).values(message_id=None, payload_locked=None)
        )
