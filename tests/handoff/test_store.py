"""The tables in the code and in the migrations are the same, and every migration goes both ways; jobs are deferred."""

from __future__ import annotations

import subprocess
import sys
import uuid

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from handoff.store import database, jobs
from handoff.store.tables import Base
from tests.conftest import Templates


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


@pytest.mark.slow
def test_processes_that_migrate_at_once_wait_for_each_other(templates: Templates) -> None:
    name = f"empty_{uuid.uuid4().hex[:12]}"
    templates.create(name)
    url = templates.postgres.url(name)
    migrate = "import sys; from handoff.store import database; database.migrate(sys.argv[1])"
    starting = [subprocess.Popen([sys.executable, "-c", migrate, url]) for _ in range(2)]
    assert [process.wait(60) for process in starting] == [0, 0]
    with psycopg.connect(database.conninfo(url)) as connection:
        assert connection.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
    templates.drop(name)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://helpline:p%40ss%20word@db.example:5433/bridge?sslmode=require",
            {
                "user": "helpline",
                "password": "p@ss word",
                "host": "db.example",
                "port": "5433",
                "dbname": "bridge",
                "sslmode": "require",
            },
        ),
        (
            "postgresql+psycopg://postgres@/helpline?host=/home/an%20na/var",
            {"user": "postgres", "host": "/home/an na/var", "dbname": "helpline"},
        ),
    ],
)
def test_an_address_is_the_same_for_both_drivers(url: str, expected: dict[str, str]) -> None:
    assert conninfo_to_dict(database.conninfo(url)) == expected


async def test_a_job_is_there_only_if_what_made_it_necessary_is(sessions: async_sessionmaker[AsyncSession]) -> None:
    async with sessions() as session:
        await jobs.defer(session, "answer", "answer:1", "answer", person_id="1")
        await session.rollback()
    async with sessions() as session:
        for number in (2, 3, 3):
            await jobs.defer(session, "send", f"send:{number}", "send", person_id=str(number))
        await session.commit()
    async with sessions() as session:
        found = await session.execute(
            text("SELECT task_name, lock, queue_name, args FROM procrastinate_jobs ORDER BY id")
        )
        assert [tuple(row) for row in found] == [
            ("send", f"send:{number}", "send", {"person_id": str(number)}) for number in (2, 3, 3)
        ]
