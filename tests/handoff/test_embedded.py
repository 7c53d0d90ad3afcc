"""The PostgreSQL that comes with the installation: it starts in any state of its folder, or says why not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg.conninfo
import pytest

from handoff.store import database
from handoff.store.embedded import EmbeddedDatabaseFailed, EmbeddedPostgres


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder that the server's own user may reach."""
    with tempfile.TemporaryDirectory(prefix="embedded") as made:
        os.chmod(made, 0o755)  # noqa: S103 - the server runs as a user of its own when the tests run as root
        yield Path(made)


def answers(server: EmbeddedPostgres) -> bool:
    with psycopg.connect(database.conninfo(server.url())) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def runs(data: Path) -> bool:
    return (data / "postmaster.pid").exists()


@pytest.mark.slow
def test_it_starts_again_after_its_users_were_killed_and_is_stopped_by_its_last_one(folder: Path) -> None:
    data = folder / "var" / "database"
    starts = "import sys, pathlib; from handoff.store.embedded import EmbeddedPostgres"
    starts += "; EmbeddedPostgres.start(pathlib.Path(sys.argv[1])); print('ready', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", starts, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == "ready\n"
        killed.kill()
    assert runs(data)  # nobody was there to stop it

    again = EmbeddedPostgres.start(data)
    assert answers(again)
    again.stop()
    assert not runs(data)

    # another program has the number of the killed server now, and a third that of a killed user
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n1\n5432\n{data}\n\n 1 2\nready\n")
    (data / ".handle_pids.json").write_text(json.dumps([os.getppid()]))
    os.utime(data / ".handle_pids.json", (1, 1))
    once_more = EmbeddedPostgres.start(data)
    assert answers(once_more)
    once_more.stop()
    assert not runs(data)

    # the disk was full when it started
    (data / "postmaster.pid").write_text("4711\n")
    (data / ".handle_pids.json").write_text("[47")
    at_last = EmbeddedPostgres.start(data)
    assert answers(at_last)
    at_last.stop()
    assert not runs(data)


@pytest.mark.slow
def test_its_socket_is_for_its_own_user_and_a_long_path_is_no_hindrance(folder: Path) -> None:
    data = folder / ("a-folder-with-a-name-that-is-much-too-long-for-a-socket" * 2) / "data"
    server = EmbeddedPostgres.start(data)
    try:
        assert answers(server)
        host = psycopg.conninfo.conninfo_to_dict(database.conninfo(server.url()))["host"]
        assert not str(host).startswith(str(data))
        assert (Path(str(host)) / ".s.PGSQL.5432").stat().st_mode & 0o077 == 0
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("path", "files", "told"),
    [
        ("data", {"holiday.txt": "photos"}, "neither empty nor a database"),
        ("data", {"PG_VERSION": "12\n"}, "made by PostgreSQL 12"),
        ("data", {"PG_VERSION": "what?\n"}, "cannot be read as a database"),
        ("my data", {}, "because of the ' ' in that path"),
        ("$HOME", {}, "because of the '\\$' in that path"),
    ],
)
def test_a_folder_that_does_not_fit_is_told_and_left_alone(
    folder: Path, path: str, files: dict[str, str], told: str
) -> None:
    data = folder / path
    data.mkdir()
    for name, words in files.items():
        (data / name).write_text(words)
    with pytest.raises(EmbeddedDatabaseFailed, match=told):
        EmbeddedPostgres.start(data)
    assert {one.name for one in data.iterdir()} == set(files)


def test_a_file_in_its_place_is_told(folder: Path) -> None:
    (folder / "data").write_text("not a folder")
    with pytest.raises(EmbeddedDatabaseFailed, match="is not a folder"):
        EmbeddedPostgres.start(folder / "data")


def test_a_damaged_database_is_told_within_a_moment(folder: Path) -> None:
    began = time.monotonic()
    (folder / "data").mkdir()
    (folder / "data" / "PG_VERSION").write_text("18\n")
    with pytest.raises(EmbeddedDatabaseFailed, match="Its own words are in"):
        EmbeddedPostgres.start(folder / "data")
    assert time.monotonic() - began < 20
