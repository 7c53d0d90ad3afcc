"""What every test may ask for: a real PostgreSQL with a migrated database, keys, two organisations."""

from __future__ import annotations

import asyncio
import os
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from handoff import organisations
from handoff.access import Reader
from handoff.store import database, embedded
from handoff.store.tables import Organisation, Shift
from handoff.vault import ServerKeys

PASSWORD = "a quiet bridge in the rain"
ORGANISATIONS = ("atina", "pvpt")


@pytest.fixture(scope="session")
def postgres() -> Iterator[embedded.EmbeddedPostgres]:
    """One PostgreSQL for the run (one for each worker, when there are several)."""
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)  # noqa: S103 - the server runs as a user of its own when the tests run as root
        server = embedded.EmbeddedPostgres.start(Path(folder) / "data")
        try:
            with psycopg.connect(database.conninfo(server.url()), autocommit=True) as connection:
                for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                    connection.execute(f"ALTER SYSTEM SET {setting} = off")  # it need not outlive the run
                connection.execute("SELECT pg_reload_conf()")
            yield server
        finally:
            server.stop()


@dataclass(frozen=True, slots=True)
class Team:
    """An organisation with its lead, a counsellor, and a shift that never ends."""

    code: str
    lead: Reader
    counsellor: Reader


@dataclass(frozen=True, slots=True)
class Templates:
    """Migrated databases that tests get copies of: one without organisations, others with those that they name."""

    postgres: embedded.EmbeddedPostgres
    _made: dict[tuple[str, ...], tuple[str, Mapping[str, Team]]] = field(default_factory=dict)

    def with_teams(self, codes: tuple[str, ...]) -> tuple[str, Mapping[str, Team]]:
        """The template's name, and the teams in it; made once a run, by the real ceremony."""
        if codes not in self._made:
            name = "_".join(("template", *codes))
            if not codes:
                self.create(name)
                database.migrate(self.postgres.url(name))
                teams: Mapping[str, Team] = {}
            else:
                self.create(name, self.with_teams(())[0])
                with ThreadPoolExecutor(1) as elsewhere:  # the test's own loop stays out of it
                    teams = elsewhere.submit(asyncio.run, _set_up(self.postgres.url(name), codes)).result()
            self._made[codes] = name, teams
        return self._made[codes]

    def create(self, name: str, template: str = "template1") -> None:
        self._run("CREATE DATABASE {} TEMPLATE {}", name, template)

    def drop(self, name: str) -> None:
        self._run("DROP DATABASE {} WITH (FORCE)", name)

    def _run(self, statement: LiteralString, *names: str) -> None:
        with psycopg.connect(database.conninfo(self.postgres.url()), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


async def _set_up(url: str, codes: tuple[str, ...]) -> Mapping[str, Team]:
    engine = database.create_engine(url)
    async with database.sessions(engine).begin() as session:
        teams = {code: await _team(session, code) for code in codes}
    await engine.dispose()
    return teams


async def _team(session: AsyncSession, code: str) -> Team:
    organisation, _ = await organisations.create_organisation(
        session, code, f"{code}-lead", f"Lead of {code}", PASSWORD
    )
    lead = await organisations.reader(session, await organisations.log_in(session, f"{code}-lead", PASSWORD))
    counsellor = await admitted(session, lead, organisation.id, f"{code}-counsellor", f"Counsellor of {code}")
    for weekday in range(7):
        session.add(Shift(member_id=counsellor.member_id, weekday=weekday, starts=time(0), ends=time(0)))
    return Team(code, lead, counsellor)


async def admitted(session: AsyncSession, lead: Reader, organisation_id: int, login: str, name: str) -> Reader:
    """One more counsellor, invited, with a password, admitted by the lead and logged in."""
    organisation = await session.get_one(Organisation, organisation_id)
    invitation = await organisations.invite(session, organisation, login, name, "counsellor")
    member = await organisations.accept(session, login, invitation, PASSWORD)
    await organisations.admit(session, lead, member.id)
    return await organisations.reader(session, await organisations.log_in(session, login, PASSWORD))


@pytest.fixture(scope="session")
def templates(postgres: embedded.EmbeddedPostgres) -> Templates:
    return Templates(postgres)


@pytest.fixture
def teams(templates: Templates, request: pytest.FixtureRequest) -> Mapping[str, Team]:
    """The organisations whose fixtures the test names, and no other."""
    return templates.with_teams(_named(request))[1]


def _named(request: pytest.FixtureRequest) -> tuple[str, ...]:
    return tuple(code for code in ORGANISATIONS if code in request.fixturenames)


@pytest.fixture
def database_url(templates: Templates, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of this test's own: a copy, dropped afterwards."""
    template, _ = templates.with_teams(_named(request))
    name = f"test_{uuid.uuid4().hex[:12]}"
    templates.create(name, template)
    yield templates.postgres.url(name)
    templates.drop(name)


@pytest_asyncio.fixture
async def sessions(database_url: str) -> AsyncIterator[async_sessionmaker[AsyncSession]]:
    engine = database.create_engine(database_url)
    yield database.sessions(engine)
    await engine.dispose()


@pytest.fixture
def server_keys() -> ServerKeys:
    return ServerKeys.new()


@pytest.fixture
def atina(teams: Mapping[str, Team]) -> Team:
    return teams["atina"]


@pytest.fixture
def pvpt(teams: Mapping[str, Team]) -> Team:
    return teams["pvpt"]
