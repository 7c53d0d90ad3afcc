"""A test line on the real Telegram answers paired accounts only, and stores nothing of anybody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.paired import Pairing, ReceivingPaired
from bot.simulator import Account, Serving, Telegram, serving
from bot.telegram import connection
from handoff.store.tables import Inbox
from handoff.store.tables import Person as PersonRow
from handoff.vault import ServerKeys
from responses.content import Content
from responses.languages import LANGUAGES

Sessions = async_sessionmaker[AsyncSession]


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Serving]:
    async with serving() as running:
        yield running


@pytest.fixture
def world(server: Serving) -> Telegram:
    return server.telegram


@pytest.fixture
def content() -> Content:
    return Content.load()


@pytest.fixture
def pairing(tmp_path: Path) -> Pairing:
    return Pairing.renewed(tmp_path / "paired.json")


@pytest_asyncio.fixture
async def receiving(
    server: Serving, sessions: Sessions, server_keys: ServerKeys, content: Content, pairing: Pairing
) -> AsyncIterator[ReceivingPaired]:
    bot = connection.connect(server.telegram.token, server.url)
    made = ReceivingPaired(bot, sessions, server_keys, content, pairing=pairing)
    stop = asyncio.Event()
    running = asyncio.create_task(made.run(stop))
    await made.ready.wait()
    yield made
    stop.set()
    await running
    await bot.close_connections()


async def stored(sessions: Sessions) -> tuple[int, int]:
    """Persons and updates in the database."""
    async with sessions() as session:
        persons = await session.scalar(select(func.count()).select_from(PersonRow))
        updates = await session.scalar(select(func.count()).select_from(Inbox))
    return persons or 0, updates or 0


async def confirmed(world: Telegram) -> None:
    async with asyncio.timeout(10):
        while len(world.updates):  # noqa: ASYNC110 - the simulator tells nobody when its queue is empty
            await asyncio.sleep(0.02)


@pytest.mark.usefixtures("receiving")
async def test_a_stranger_is_told_in_every_language_and_nothing_is_stored(
    world: Telegram, sessions: Sessions, content: Content
) -> None:
    stranger = world.person("sq")
    stranger.starts()
    stranger.writes("më ndihmoni")
    await stranger.until(lambda: stranger.last_reply, timeout=10)
    await confirmed(world)
    assert len(stranger.replies) == 1  # once, whatever they write
    for language in LANGUAGES:
        assert content.text("pairing.test_line", language) in stranger.last_reply
    assert await stored(sessions) == (0, 0)


@pytest.mark.usefixtures("receiving")
@pytest.mark.parametrize("form", ["{code}", "/start {code}", " {code} "])
async def test_who_sends_the_code_is_paired_and_then_heard(
    world: Telegram, sessions: Sessions, content: Content, pairing: Pairing, form: str
) -> None:
    person = world.person("en")
    person.writes(form.format(code=pairing.code))
    await person.until(lambda: person.last_reply, timeout=10)
    assert content.text("pairing.done", "en") in person.last_reply
    person.writes("hello")
    await confirmed(world)
    assert await stored(sessions) == (1, 2)  # the code itself counts as /start
    assert len(Pairing.read(pairing.path).handles) == 1


async def test_who_was_paired_stays_so_at_the_next_start(
    world: Telegram, receiving: ReceivingPaired, server_keys: ServerKeys, pairing: Pairing
) -> None:
    person: Account = world.person("en")
    person.writes(pairing.code)
    await person.until(lambda: person.last_reply, timeout=10)
    again = Pairing.renewed(pairing.path)
    assert again.code != pairing.code
    assert again.knows(server_keys, world.bot_id, person.id)
    assert str(person.id) not in pairing.path.read_text()
    assert receiving.ready.is_set()


@pytest.mark.usefixtures("receiving")
async def test_a_wrong_code_is_a_strangers_word(world: Telegram, sessions: Sessions, pairing: Pairing) -> None:
    stranger = world.person("en")
    stranger.writes("/start " + pairing.code[::-1] + "x")
    await stranger.until(lambda: stranger.last_reply, timeout=10)
    await confirmed(world)
    assert await stored(sessions) == (0, 0)
