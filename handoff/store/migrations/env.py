"""Runs the migrations in process, one at a time however many processes start at once."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, text

from handoff.store.tables import Base

_LOCK = 5_318_008  # any number that nothing else locks

engine = create_engine(context.config.attributes["url"])
with engine.connect() as connection:
    connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
    connection.commit()
    try:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_name=lambda name, kind, _: not (kind == "table" and (name or "").startswith("procrastinate_")),
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    finally:
        connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
        connection.commit()
engine.dispose()
