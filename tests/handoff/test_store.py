"""The tables in the code and in the migrations are the same, and every migration goes both ways."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from handoff.store import database
from handoff.store.tables import Base


def test_models_are_what_the_migrations_make(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_name": lambda name, kind, _: not (kind == "table" and name.startswith("procrastinate_"))},
        )
        differences = [one for one in compare_metadata(context, Base.metadata) if "alembic_version" not in str(one)]
    engine.dispose()
    assert differences == []


def test_migrations_go_down_and_up_again(database_url: str) -> None:
    database.migrate(database_url, "base")
    engine = create_engine(database_url)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    database.migrate(database_url)
    assert "conversation" in inspect(engine).get_table_names()
    assert "procrastinate_jobs" in inspect(engine).get_table_names()
    engine.dispose()
