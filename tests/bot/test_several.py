"""Two of each on one PostgreSQL: workers, senders and consoles share the work, and nobody is answered twice."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot import processes, settings
from bot.processes import HOST, Part, Processes
from bot.settings import Settings
from bot.simulator import Serving
from handoff.vault import ServerKeys
from responses.content import Content
from tests.bot.parts import closed_port
from tests.bot.words import Person, asks_for_a_counsellor
from tests.conftest import Team, admitted
from tests.console.visitor import Visitor

pytestmark = pytest.mark.slow
PEOPLE = 12
CONSOLES = ("first", "second")


@pytest_asyncio.fixture
async def consoles(
    server: Serving, database_url: str, server_keys: ServerKeys, tmp_path: Path, atina: Team
) -> AsyncIterator[list[str]]:
    """One receiver, two of everything else, each a process as in production; the consoles' addresses."""
    keys = tmp_path / "keys"
    keys.write_text(server_keys.to_text())
    keys.chmod(0o600)
    chosen = Settings(
        telegram_token=SecretStr(server.telegram.token),
        telegram_api_url=server.url,
        database_url=SecretStr(database_url),
        data_dir=tmp_path,
        keys_file=keys,
        nlu_url=f"http://{HOST}:{closed_port()}",
    )
    ports = [processes.free_port() for _ in CONSOLES]
    async with Processes(print, print) as running:
        started = []
        for number, port in enumerate(ports):
            exported = settings.exported(chosen.model_copy(update={"console_port": port}))
            for name in ("receive", "answer", "send", "console"):
                if number == 0 or name != "receive":
                    part = Part(f"{name}{number}", processes.own("bot.running.parts", name), {**os.environ, **exported})
                    started.append(await running.start(part))
        await running.wait_for(*started)
        yield [f"http://{HOST}:{port}" for port in ports]


async def test_two_of_each(
    consoles: list[str],
    server: Serving,
    sessions: async_sessionmaker[AsyncSession],
    atina: Team,
    content: Content,
) -> None:
    async with sessions.begin() as session:
        await admitted(session, atina.lead, atina.lead.organisation_id, "atina-second", "The second")
    people = [Person(server.telegram.person("en")) for _ in range(PEOPLE)]
    await asyncio.gather(*(_asks(person, content) for person in people))

    first, second = (Visitor(address) for address in consoles)
    await first.logs_in("atina-counsellor")
    await second.logs_in("atina-second")
    taken = await asyncio.gather(*(_takes_all(one) for one in (first, second)))
    assert len({*taken[0], *taken[1]}) == PEOPLE == len(taken[0]) + len(taken[1])
    assert all(taken), "one of the two was never served"

    for visitor, own in zip((first, second), taken, strict=True):
        for path in own:
            await visitor.opens(path)
            answer = await visitor.submits(f"{path}/reply", text=f"you reached {path}")
            assert answer.status_code == 200
    for person in people:
        await person.sees("you reached")
        assert sum("you reached" in text for text in person.screen) == 1

    async with _told(second) as changed:
        await first.opens(taken[0][0])
        await first.submits(f"{taken[0][0]}/put-back")
        await asyncio.wait_for(changed.wait(), 10)
    assert await _takes_all(second) == [taken[0][0]]
    assert (await first.opens(taken[0][0])).status_code in {200, 404}
    answer = await first.submits(f"{taken[0][0]}/reply", text="from the one who gave it back")
    assert answer.status_code == 409


async def _asks(person: Person, content: Content) -> None:
    person.starts()
    await person.sees_button("English")
    person.presses("English")
    await person.is_heard()
    await asks_for_a_counsellor(person, content)


async def _takes_all(visitor: Visitor) -> list[str]:
    """Takes the next until nobody waits; the conversations' addresses."""
    taken: list[str] = []
    while True:
        await visitor.opens("/")
        answer = await visitor.submits("/take-next")
        if "/conversations/" not in str(answer.url):
            return taken
        taken.append(answer.url.path)


@contextlib.asynccontextmanager
async def _told(visitor: Visitor) -> AsyncIterator[asyncio.Event]:
    """An event that is set when the visitor's open page is told of a change after it was loaded."""
    changed, seen = asyncio.Event(), 0

    async def hear() -> None:
        nonlocal seen
        async with visitor.http.stream("GET", "/events", timeout=httpx.Timeout(5, read=30)) as events:
            async for line in events.aiter_lines():
                seen += line == "event: changed"
                if seen == 1:
                    listening.set()
                elif seen > 1:
                    changed.set()

    listening = asyncio.Event()
    hearing = asyncio.create_task(hear())
    await asyncio.wait_for(listening.wait(), 10)
    try:
        yield changed
    finally:
        hearing.cancel()
        await asyncio.gather(hearing, return_exceptions=True)
