"""Durable work: jobs on the same PostgreSQL, deferred by name inside the transaction that makes them necessary."""

from __future__ import annotations

import procrastinate
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.store import database

# Deferring runs on the caller's own connection, so this application never opens one.
_deferring = procrastinate.App(connector=procrastinate.PsycopgConnector())


def jobs_app(conninfo: str) -> procrastinate.App:
    """The application of a worker; it opens its own connections."""
    return procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=database.conninfo(conninfo), max_size=8))


async def defer(session: AsyncSession, task: str, lock: str, queue: str, **ids: str) -> None:
    """Asks for a job, which exists only if the session's transaction commits. Arguments are ids, never content."""
    connection = await database.raw_connection(session)
    deferrer = _deferring.configure_task(task, lock=lock, queue=queue, connection=connection)
    await deferrer.defer_async(**ids)
