"""Runs the migrations in process, one at a time however many processes start at once."""

from __future__ import annotations

from alembic import context
from sqlalchemy import NullPool, create_engine, text

from handoff.store.tables import Base

_LOCK = 0x4D494752  # goes with the connection

with create_engine(context.config.attributes["url"], poolclass=NullPool).connect() as connection:
    connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=lambda name, kind, _: not (kind == "table" and (name or "").startswith("procrastinate_")),
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
