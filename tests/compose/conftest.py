"""A machine on which the services of docker-compose.yml run without containers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from handoff.store import embedded
from tests.compose.native import Machine


@pytest.fixture(scope="module")
def machine(postgres: embedded.EmbeddedPostgres) -> Iterator[Machine]:
    """With its secrets written, its database up, its keys made and its tables there.

    The programs are those of the embedded PostgreSQL, and whoever runs that one can run them.
    """
    with tempfile.TemporaryDirectory(prefix="co", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        made = Machine(Path(folder))
        made.writes_secrets()
        with made.database(postgres.folder.stat().st_uid):
            for name in ("keys", "migrate"):
                done = made.run(name)
                assert done.returncode == 0, done.stdout + done.stderr
            yield made
