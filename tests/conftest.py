"""What every test may ask for: a real PostgreSQL with a migrated database, keys, two organisations."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import time
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from handoff import organisations
from handoff.access import Reader
from handoff.store import database, embedded
from handoff.store.tables import Shift
from handoff.vault import ServerKeys

TEMPLATE = "helpline_template"
PASSWORD = "a quiet bridge in the rain"


@pytest.fixture(scope="session")
def postgres() -> Iterator[embedded.EmbeddedPostgres]:
    """One PostgreSQL for the run (one for each worker, when there are several), with a migrated template."""
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)  # noqa: S103 - the server runs as a user of its own when the tests run as root
        server = embedded.EmbeddedPostgres.start(Path(folder) / "data")
        try:
            with psycopg.connect(database.conninfo(server.url()), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {TEMPLATE}")
            database.migrate(server.url(TEMPLATE))
            yield server
        finally:
            server.stop()


@pytest.fixture
def database_url(postgres: embedded.EmbeddedPostgres) -> Iterator[str]:
    """A database of this test's own, made from the template and dropped afterwards."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    admin = database.conninfo(postgres.url())
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield postgres.url(name)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest_asyncio.fixture
async def sessions(database_url: str) -> AsyncIterator[async_sessionmaker[AsyncSession]]:
    engine = database.create_engine(database_url)
    yield database.sessions(engine)
    await engine.dispose()


@pytest.fixture
def server_keys() -> ServerKeys:
    return ServerKeys.new()


@dataclass(frozen=True, slots=True)
class Team:
    """An organisation with its lead, a counsellor, and a shift that never ends."""

    code: str
    lead: Reader
    counsellor: Reader


async def _set_up(sessions: async_sessionmaker[AsyncSession], code: str) -> Team:
    async with sessions() as session, session.begin():
        organisation, _ = await organisations.create_organisation(
            session, code, f"{code}-lead", f"Lead of {code}", PASSWORD
        )
        lead = await organisations.reader(session, await organisations.log_in(session, f"{code}-lead", PASSWORD))
        invitation = await organisations.invite(
            session, organisation, f"{code}-counsellor", f"Counsellor of {code}", "counsellor"
        )
        member = await organisations.accept(session, f"{code}-counsellor", invitation, PASSWORD)
        await organisations.admit(session, lead, member.id)
        for weekday in range(7):
            session.add(Shift(member_id=member.id, weekday=weekday, starts=time(0), ends=time(0)))
        counsellor = await organisations.reader(
            session, await organisations.log_in(session, f"{code}-counsellor", PASSWORD)
        )
    return Team(code, lead, counsellor)


@pytest_asyncio.fixture
async def atina(sessions: async_sessionmaker[AsyncSession]) -> Team:
    return await _set_up(sessions, "atina")


@pytest_asyncio.fixture
async def pvpt(sessions: async_sessionmaker[AsyncSession]) -> Team:
    return await _set_up(sessions, "pvpt")
