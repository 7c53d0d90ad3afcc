"""What Telegram brings is stored once, encrypted, and without anything that names a person."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot import persons
from bot.receive import Receiving, TokenRefused
from bot.simulator import Serving, Telegram
from bot.telegram.connection import Connection, connect
from handoff.store.tables import Base, Inbox, Person
from handoff.vault import ServerKeys
from responses.content import Content


@pytest.fixture
def receiving(
    bot: Connection, sessions: async_sessionmaker[AsyncSession], server_keys: ServerKeys, content: Content
) -> Receiving:
    return Receiving(bot, sessions, server_keys, content)


async def receive(receiving: Receiving, world: Telegram) -> None:
    """Runs the receiver until it has confirmed everything that happened."""
    stop = asyncio.Event()
    task = asyncio.create_task(receiving.run(stop))

    person = world.person("en")
    last = person.writes("the last one")
    await person.until(lambda: person.has_read(last))
    stop.set()
    await task


async def rows(sessions: async_sessionmaker[AsyncSession], query: str, **values: Any) -> list[Any]:
    async with sessions() as session:
        return list((await session.execute(sa.text(query), values)).all())


async def test_a_batch_is_stored_with_its_jobs_and_once_however_often_it_comes(
    receiving: Receiving, world: Telegram, sessions: async_sessionmaker[AsyncSession]
) -> None:
    person = world.person("en")
    person.writes("one")
    person.writes("two")
    updates = await world.updates.get(0, 100, 0)
    await receiving.store(updates)
    await receiving.store(updates)
    assert len(await rows(sessions, "SELECT FROM inbox")) == 2
    assert len(await rows(sessions, "SELECT FROM person")) == 1
    (job,) = await rows(sessions, "SELECT queue_name, lock, args FROM procrastinate_jobs")
    person_id = job.args["person_id"]
    assert (job.queue_name, job.lock, list(job.args)) == ("answer", f"answer:{person_id}", ["person_id"])


async def test_two_bots_may_count_their_updates_alike(
    receiving: Receiving,
    sessions: async_sessionmaker[AsyncSession],
    server_keys: ServerKeys,
    bot: Connection,
    content: Content,
) -> None:
    update = {"update_id": 7, "message": {"message_id": 1, "chat": {"id": 5, "type": "private"}, "text": "hi"}}
    other = Receiving(bot, sessions, server_keys, content)
    receiving._bot_id, other._bot_id = 1, 2
    await receiving.store([update])
    await other.store([update])
    assert len(await rows(sessions, "SELECT FROM inbox")) == 2
    assert len(await rows(sessions, "SELECT FROM person")) == 2


async def test_an_update_that_is_none_does_not_hold_up_the_others(
    receiving: Receiving, sessions: async_sessionmaker[AsyncSession]
) -> None:
    chat = {"id": 5, "type": "private"}
    await receiving.store(
        [
            {"update_id": 1, "message": "nonsense"},
            {"update_id": 2, "message": {"text": "no chat"}},
            {"update_id": 3, "from_the_future": {}},
            {"no": "id"},
            {"update_id": 4, "message": {"message_id": 1, "chat": chat, "text": "hi"}},
        ]
    )
    assert [row.update_id for row in await rows(sessions, "SELECT update_id FROM inbox")] == [4]


async def test_telegram_is_asked_for_the_next_only_after_the_commit(
    receiving: Receiving, world: Telegram, sessions: async_sessionmaker[AsyncSession], engine: Any
) -> None:
    person = world.person("en")
    message = person.writes("please")
    stop = asyncio.Event()
    async with engine.connect() as blocking:
        await blocking.execute(sa.text("LOCK TABLE inbox IN EXCLUSIVE MODE"))
        task = asyncio.create_task(receiving.run(stop))
        async with engine.connect() as looking:
            waits = sa.text(
                "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            while not (await looking.execute(waits)).all():
                await looking.rollback()
        assert not person.has_read(message)
    await person.until(lambda: person.has_read(message))
    stop.set()
    await task


async def test_no_row_names_a_person(
    receiving: Receiving, world: Telegram, sessions: async_sessionmaker[AsyncSession], server_keys: ServerKeys
) -> None:
    person = world.person("sr", first_name="Jelena", last_name="Petrović", username="jelena_p")
    friend = world.person("sq", first_name="Drita", last_name="Berisha", username="drita_b")
    message = person.writes("Treba mi pomoć")
    person.forwards(friend.writes("Kam frikë"))
    person.sends_contact("+38344111222", "Arben")
    person.sends_location(42.6629, 21.1655)
    person.sends_photo(caption="look")
    person.edits(message, "Treba mi pomoc")
    person.blocks()
    await receive(receiving, world)

    async with sessions() as session:
        inbox = (await session.scalars(sa.select(Inbox).order_by(Inbox.id))).all()
        kept = [json.loads(server_keys.unlock(row.payload_locked or b"", "inbox")) for row in inbox]
        everything = json.dumps(kept)
        for table in Base.metadata.sorted_tables:
            everything += str((await session.execute(sa.select(table))).all())
        chats = [persons.unlock_chat(server_keys, one.chat_locked) for one in await session.scalars(sa.select(Person))]
    assert {"type": "wrote", "text": "Treba mi pomoć", "message_id": message.id, "hint": "sr-Latn"} in kept
    assert {"type": "sent", "kind": "contact", "hint": "sr-Latn"} in kept
    for secret in ("Jelena", "Petrovi", "jelena_p", "Drita", "Berisha", "drita_b", "Arben", "38344111222"):
        assert secret not in everything
    for secret in ("42.66", "21.16", "latitude", str(person.id), str(friend.id)):
        assert secret not in everything
    assert {person.id, friend.id} <= set(chats)


async def test_a_position_is_stored_as_a_municipality(
    receiving: Receiving, world: Telegram, sessions: async_sessionmaker[AsyncSession], server_keys: ServerKeys
) -> None:
    world.person("sq").sends_location(42.6629, 21.1655)
    updates = await world.updates.get(0, 100, 0)
    await receiving.store(updates)
    async with sessions() as session:
        row = (await session.scalars(sa.select(Inbox))).one()
    event = json.loads(server_keys.unlock(row.payload_locked or b"", "inbox"))
    assert event["type"] == "located"
    assert receiving.content.places.get(event["places"][0]) is not None


async def test_groups_and_channels_are_left_and_nothing_of_them_is_stored(
    receiving: Receiving, world: Telegram, sessions: async_sessionmaker[AsyncSession]
) -> None:
    somebody = world.person("en")
    groups = [world.group(f"Group {kind}", kind) for kind in ("group", "supergroup", "channel")]
    for group in groups:
        group.adds_bot(somebody)
        group.writes(somebody, "/start")
    await receive(receiving, world)
    assert not any(group.has_bot for group in groups)
    assert len(await rows(sessions, "SELECT FROM inbox")) == 1  # the last one


async def test_the_bot_tells_telegram_its_commands_in_each_language(
    receiving: Receiving, world: Telegram, bot: Connection
) -> None:
    await receive(receiving, world)
    for code in ("", "sq", "sr"):
        commands = await bot.get_my_commands(language_code=code or None)
        assert [command.command for command in commands][:2] == ["start", "menu"]
        assert {"exit", "forget", "person"} <= {command.command for command in commands}


async def test_a_token_that_telegram_does_not_know_ends_the_receiver(
    server: Serving, sessions: async_sessionmaker[AsyncSession], server_keys: ServerKeys, content: Content
) -> None:
    bot = connect("700000001:some-other-token", server.url)
    with pytest.raises(TokenRefused):
        await Receiving(bot, sessions, server_keys, content).run(asyncio.Event())
    await bot.close_connections()


async def test_a_lost_telegram_is_waited_for(
    server: Serving, sessions: async_sessionmaker[AsyncSession], server_keys: ServerKeys, content: Content
) -> None:
    """Nobody listens at first."""
    bot = connect(server.telegram.token, "http://127.0.0.1:9")
    stop = asyncio.Event()
    task = asyncio.create_task(Receiving(bot, sessions, server_keys, content).run(stop))
    done, _ = await asyncio.wait([task], timeout=0.3)
    assert not done
    stop.set()
    await task
    await bot.close_connections()


async def test_the_log_holds_neither_the_token_nor_what_was_written(
    receiving: Receiving, world: Telegram, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("telegram", "httpx", "httpcore", "procrastinate"):
        assert not logging.getLogger(name).disabled
    world.person("en").writes("a marker that must not be logged")
    await receive(receiving, world)
    printed = caplog.text + "".join(capsys.readouterr())
    assert world.token not in printed
    assert "marker" not in printed
