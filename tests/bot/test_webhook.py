"""The second way in: what Telegram brings is stored before it is acknowledged, whatever order it comes in."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot import receive, web, webhook
from bot.receive import Receiving
from bot.simulator import Telegram
from bot.telegram.connection import Connection
from bot.webhook import Webhook
from handoff.vault import ServerKeys
from nlu_data.lexicon import Lexicon
from responses.content import Content
from tests.bot.clock import Clock
from tests.bot.parts import Parts, closed_port, put_together
from tests.bot.words import Person

Sessions = async_sessionmaker[AsyncSession]


@pytest.fixture
def where() -> Webhook:
    port = closed_port()
    return Webhook(f"http://127.0.0.1:{port}/telegram", "127.0.0.1", port)


@pytest_asyncio.fixture
async def parts(
    database_url: str,
    server_keys: ServerKeys,
    bot: Connection,
    clock: Clock,
    content: Content,
    lexicon: Lexicon,
    nlu_url: str,
    where: Webhook,
) -> AsyncIterator[Parts]:
    """All parts, with a receiver that waits for Telegram; nothing runs yet."""
    async with put_together(database_url, server_keys, bot, clock, content, lexicon, nlu_url) as made:
        receiving = Receiving(bot, made.sessions, server_keys, content, where)
        yield dataclasses.replace(made, receiving=receiving)


@pytest_asyncio.fixture
async def helpline(parts: Parts) -> AsyncIterator[Parts]:
    """The same, running."""
    stop = asyncio.Event()
    running = asyncio.create_task(parts.run(stop))
    await asyncio.wait_for(parts.receiving.ready.wait(), 10)
    yield parts
    stop.set()
    await running


@pytest_asyncio.fixture
async def receiving(parts: Parts) -> AsyncIterator[Receiving]:
    """Only the receiver runs."""
    stop = asyncio.Event()
    running = asyncio.create_task(parts.receiving.run(stop))
    await asyncio.wait_for(parts.receiving.ready.wait(), 10)
    yield parts.receiving
    stop.set()
    await running


def update(number: int, text: str, chat: int = 77) -> dict[str, Any]:
    sender = {"id": chat, "type": "private"}
    return {"update_id": number, "message": {"message_id": number, "date": 0, "chat": sender, "text": text}}


async def bring(where: Webhook, keys: ServerKeys, *updates: dict[str, Any]) -> list[int]:
    """As Telegram does it; the status of each answer."""
    async with httpx.AsyncClient(trust_env=False, headers={webhook.HEADER: webhook.secret(keys)}) as telegram:
        return [(await telegram.post(where.url, json=one)).status_code for one in updates]


async def rows(sessions: Sessions) -> list[Any]:
    async with sessions() as session:
        return list((await session.execute(sa.text("SELECT update_id, handled_at FROM inbox ORDER BY id"))).all())


async def test_a_person_is_answered(helpline: Parts, world: Telegram) -> None:
    person = Person(world.person("en"))
    person.starts()
    await person.sees_button("English")
    person.presses("English")
    await person.is_heard()


async def test_telegram_is_told_the_way_and_the_token(
    helpline: Parts, bot: Connection, where: Webhook, server_keys: ServerKeys
) -> None:
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections) == (where.url, 1)
    assert webhook.secret(server_keys) != webhook.secret(ServerKeys.new())
    async with httpx.AsyncClient(trust_env=False) as asking:
        assert (await asking.get(where.url.replace("/telegram", "/health"))).text == "well"


@pytest.mark.parametrize("token", [None, "", "another"])
async def test_who_does_not_know_the_token_brings_nothing(
    receiving: Receiving, where: Webhook, sessions: Sessions, token: str | None
) -> None:
    headers = {} if token is None else {webhook.HEADER: token}
    async with httpx.AsyncClient(trust_env=False, headers=headers) as stranger:
        assert (await stranger.post(where.url, json=update(1, "hello"))).status_code == 403
    assert await rows(sessions) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"update_id": "1"}', b"\xff"])
async def test_what_is_no_update_is_refused(
    receiving: Receiving, where: Webhook, server_keys: ServerKeys, sessions: Sessions, body: bytes
) -> None:
    async with httpx.AsyncClient(trust_env=False, headers={webhook.HEADER: webhook.secret(server_keys)}) as telegram:
        assert (await telegram.post(where.url, content=body)).status_code == 400
    assert await rows(sessions) == []


async def test_what_is_brought_twice_is_stored_and_answered_once(
    helpline: Parts, world: Telegram, where: Webhook, server_keys: ServerKeys, sessions: Sessions
) -> None:
    person = Person(world.person("en"))
    person.starts()
    await person.sees_button("English")
    person.presses("English")
    await person.is_heard()
    (first, *_) = [row.update_id for row in await rows(sessions)]
    person.looks()
    same = update(first + 1000, "/privacy", person.account.id)
    assert await bring(where, server_keys, same, same) == [200, 200]
    await person.is_heard()
    privacy = len(person.answers)
    assert await bring(where, server_keys, same, update(first + 1001, "/privacy", person.account.id)) == [200, 200]
    await person.account.until(lambda: len(person.answers) == 2 * privacy)
    assert [row.update_id for row in await rows(sessions)][-2:] == [first + 1000, first + 1001]


async def test_of_what_waits_telegrams_own_order_counts(
    receiving: Receiving, parts: Parts, where: Webhook, server_keys: ServerKeys, sessions: Sessions, clock: Clock
) -> None:
    brought = [update(13, "three"), update(11, "one"), update(12, "two")]
    assert await bring(where, server_keys, *brought) == [200, 200, 200]
    async with sessions() as session:
        person_id = await session.scalar(sa.text("SELECT id FROM person"))
    handled: list[int] = []
    while (row_id := await parts.answering._oldest(person_id)) is not None:
        async with sessions.begin() as session:
            found = await session.execute(
                sa.text("UPDATE inbox SET handled_at = :now WHERE id = :id RETURNING update_id"),
                {"now": clock(), "id": row_id},
            )
            handled.append(found.scalar_one())
    assert handled == [11, 12, 13]


async def test_what_could_not_be_stored_is_not_acknowledged(where: Webhook) -> None:
    outcomes = [False, True]

    async def take(_: dict[str, Any]) -> None:
        if not outcomes.pop(0):
            raise sa.exc.OperationalError("insert", {}, Exception("the database is gone"))

    async with (
        web.serving(webhook.create_app("/telegram", "token", take), where.host, where.port),
        httpx.AsyncClient(trust_env=False, headers={webhook.HEADER: "token"}) as telegram,
    ):
        answers = [(await telegram.post(where.url, json=update(1, "hello"))).status_code for _ in range(2)]
    assert answers == [503, 200]


async def test_a_way_that_telegram_forgot_is_told_again(
    parts: Parts, bot: Connection, where: Webhook, monkeypatch: pytest.MonkeyPatch, world: Telegram
) -> None:
    monkeypatch.setattr(receive, "_LOOKS_EVERY", 0.05)
    stop = asyncio.Event()
    running = asyncio.create_task(parts.receiving.run(stop))
    await asyncio.wait_for(parts.receiving.ready.wait(), 10)
    await bot.delete_webhook()
    async with asyncio.timeout(10):
        while (await bot.get_webhook_info()).url != where.url:  # noqa: ASYNC110 - what is asked is Telegram
            await asyncio.sleep(0.02)
    stop.set()
    await running


async def test_polling_takes_over_from_a_webhook(
    helpline: Parts, bot: Connection, server_keys: ServerKeys, content: Content, sessions: Sessions, world: Telegram
) -> None:
    polling = Receiving(bot, sessions, server_keys, content)
    stop = asyncio.Event()
    running = asyncio.create_task(polling.run(stop))
    await asyncio.wait_for(polling.ready.wait(), 10)
    person = Person(world.person("en"))
    person.starts()
    await person.sees_button("English")
    assert not (await bot.get_webhook_info()).url
    stop.set()
    await running
