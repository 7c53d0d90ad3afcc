"""A whole line on one machine: one in a data directory, and what of its parts' log is shown."""

from __future__ import annotations

import uuid
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from bot.running import line
from handoff.store import database
from tests.conftest import Templates


def test_one_helpline_in_a_data_directory(tmp_path: Path) -> None:
    with line.alone(tmp_path):
        with pytest.raises(line.AlreadyRunning, match="HELPLINE_DATA_DIR"), line.alone(tmp_path):
            pass
        with line.alone(tmp_path / "other"):
            pass
    with line.alone(tmp_path):
        pass


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            '{"event": "failed", "what": "receive", "level": "warning", "part": "receive"}',
            "receive: failed what=receive",
        ),
        ('{"event": "ready", "level": "info"}', None),
        (
            "2026-11-25 07:21:51 ERROR    rasa.server  - Out of memory",
            "receive: 2026-11-25 07:21:51 ERROR    rasa.server",
        ),
        ("2026-11-25 07:21 ERROR    rasa.server  - No agent loaded. To continue …", None),
        ("some words", None),
    ],
)
def test_everything_is_kept_and_what_is_wrong_is_shown(tmp_path: Path, said: str, shown: str | None) -> None:
    told: list[str] = []
    logbook = line.Logbook(tmp_path / "log", told.append)
    logbook("receive", said)
    assert (tmp_path / "log" / "receive.log").read_text() == f"{said}\n"
    assert [one[: len(shown)] for one in told] == [shown] if shown else told == []


async def test_a_newer_database_is_left_alone(database_url: str) -> None:
    with psycopg.connect(database.conninfo(database_url), autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from_the_future'")
        with pytest.raises(line.WrongDatabase, match="newer version"):
            await line.migrate(database_url)
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("from_the_future",)


async def test_a_database_that_cannot_hold_every_text_is_refused(templates: Templates) -> None:
    name = f"ascii_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(database.conninfo(templates.postgres.url()), autocommit=True) as connection:
        made = sql.SQL("CREATE DATABASE {} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")
        connection.execute(made.format(sql.Identifier(name)))
    with pytest.raises(line.WrongDatabase, match=r"SQL_ASCII.*UTF8"):
        await line.migrate(templates.postgres.url(name))
    templates.drop(name)
