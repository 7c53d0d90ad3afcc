"""The embedded PostgreSQL as a part of its own: `python -m bot.running.postgres FOLDER DATABASE`."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Final

import psycopg
import structlog
from psycopg import sql

from bot import logs
from handoff.store import database, embedded

_LOG: Final = structlog.get_logger("bot.running.postgres")  # not __name__: this module is run
_STOPS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def main(folder: Path, name: str) -> int:
    """Starts it, makes the database if there is none, says where it is and waits for a signal; 1 if it can't start."""
    # blocked from the first moment on: a signal that comes while it starts must not leave it running
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    logs.configure("json", "info", "database")
    try:
        server = embedded.EmbeddedPostgres.start(folder)
    except embedded.EmbeddedDatabaseFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    try:
        _make(server.url(), name)
        _LOG.info("ready", url=server.url(name))
        signal.sigwait(_STOPS)
    finally:
        server.stop()
    return 0


def _make(admin_url: str, name: str) -> None:
    with psycopg.connect(database.conninfo(admin_url), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
        if known is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
