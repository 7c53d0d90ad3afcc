"""A training makes a model of the examples as they are now; one at a time, wherever it runs."""

from __future__ import annotations

from datetime import datetime
from typing import Final, cast

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff import access, wording
from handoff.access import Reader
from handoff.store import database
from handoff.store.tables import Training

# What a training does, in this order; the last is when it is over.
STEPS: Final = ("waiting", "reading", "learning", "measuring", "ready")
OPEN: Final = ("waiting", "running")
_ASKING: Final = 0x41534B54
_MAX_LOG: Final = 20_000


async def ask(session: AsyncSession, reader: Reader) -> int:
    """Asks for a training of all examples as they are now; gives its number, or that of the one under way."""
    access.require_admin(reader)
    return await _ask(session, reader.member_id, await wording.newest(session))


async def ask_again(session: AsyncSession, revision_id: int) -> int:
    """Asks in nobody's name, after an upgrade, for the model of a revision that served before."""
    return await _ask(session, None, revision_id)


async def _ask(session: AsyncSession, member_id: int | None, revision_id: int | None) -> int:
    await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ASKING})
    under_way = await session.scalar(select(Training.id).where(Training.status.in_(OPEN)))
    if under_way is not None:
        return under_way
    asked = Training(revision_id=revision_id, asked_by=member_id)
    session.add(asked)
    await session.flush()
    await _tell(session)
    return asked.id


async def cancel(session: AsyncSession, reader: Reader, now: datetime) -> None:
    """Ends the training that is under way; what trains sees it within a second."""
    access.require_admin(reader)
    await session.execute(update(Training).where(Training.status.in_(OPEN)).values(status="cancelled", ended_at=now))
    await _tell(session)


async def newest(session: AsyncSession) -> Training | None:
    """The training that was asked for last."""
    return cast("Training | None", await session.scalar(select(Training).order_by(Training.id.desc()).limit(1)))


async def claim(session: AsyncSession, now: datetime) -> Training | None:
    """The training to do now, for the one process that may train; one that was begun and left is begun anew."""
    found = await session.scalar(
        select(Training).where(Training.status.in_(OPEN)).order_by(Training.id).limit(1).with_for_update()
    )
    if found is None:
        return None
    found.status, found.step, found.log, found.started_at = "running", "reading", "", now
    await _tell(session)
    return found


async def go_on(session: AsyncSession, training_id: int, step: str, lines: str) -> bool:
    """Notes how far it is and what was said; False when somebody cancelled it."""
    training = await session.get(Training, training_id, with_for_update=True, populate_existing=True)
    if training is None or training.status != "running":
        return False
    if step != training.step or lines:
        training.step = step
        training.log = (training.log + lines)[-_MAX_LOG:]
        await _tell(session)
    return True


async def end(session: AsyncSession, training_id: int, status: str, now: datetime, fingerprint: str | None) -> None:
    """Notes how it ended: ready or failed; one that was cancelled stays so."""
    await session.execute(
        update(Training)
        .where(Training.id == training_id, Training.status == "running")
        .values(
            status=status, ended_at=now, fingerprint=fingerprint, step="ready" if status == "ready" else Training.step
        )
    )
    await _tell(session)


async def _tell(session: AsyncSession) -> None:
    await database.notify(session, "understanding", "")
