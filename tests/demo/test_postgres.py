"""The embedded PostgreSQL's keeper: it says where the database is, and takes it along when it goes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bot import processes
from handoff.store import database


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o755)
        yield Path(made) / "postgres"


def keeper(folder: Path) -> subprocess.Popen[str]:
    command = processes.own("bot.running.postgres", folder, "kept")
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def told(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        if '"ready"' in line:
            return str(json.loads(line)["url"])
    raise AssertionError("it ended")


def postmaster(folder: Path) -> int:
    return int((folder / "postmaster.pid").read_text().splitlines()[0])


def is_gone(pid: int, within: float = 10) -> bool:
    last = time.monotonic() + within
    while Path(f"/proc/{pid}").exists():
        if time.monotonic() > last:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.slow
def test_it_is_kept_and_stopped(folder: Path) -> None:
    process = keeper(folder)
    try:
        with psycopg.connect(database.conninfo(told(process))) as connection:
            connection.execute("CREATE TABLE kept (one int)")
        server = postmaster(folder)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert is_gone(server)
    finally:
        process.kill()
        process.communicate()


@pytest.mark.slow
def test_after_a_kill_the_next_keeper_takes_it_over_and_stops_it(folder: Path) -> None:
    first = keeper(folder)
    told(first)
    server = postmaster(folder)
    first.kill()
    first.communicate()
    second = keeper(folder)
    try:
        with psycopg.connect(database.conninfo(told(second))) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert postmaster(folder) == server
        second.send_signal(signal.SIGTERM)
        second.wait(20)
        assert is_gone(server)
    finally:
        second.kill()
        second.communicate()


@pytest.mark.slow
@pytest.mark.parametrize("version", ["15", None])
def test_a_folder_that_does_not_fit_says_what_to_do(folder: Path, version: str | None) -> None:
    folder.mkdir()
    if version is None:
        (folder / "something").write_text("else")
    else:
        (folder / "PG_VERSION").write_text(version)
    done = subprocess.run(
        [sys.executable, "-m", "bot.running.postgres", str(folder), "kept"],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == 1
    assert "away" in done.stderr
    assert "Traceback" not in done.stderr
