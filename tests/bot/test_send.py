"""What waits in the outbox leaves once and in order, or is honestly uncertain."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from bot import persons
from bot.send import LOCKS, Sending, end_orphan
from bot.simulator import Account, Telegram
from bot.telegram.connection import Connection
from handoff.store.tables import Outbox, Person
from handoff.vault import ServerKeys
from tests.bot import wire as wires
from tests.bot.clock import Clock
from tests.bot.wire import Wire


@dataclass
class Post:
    """A person's outbox, and the sender that empties it."""

    sending: Sending
    sessions: async_sessionmaker[AsyncSession]
    account: Account
    person_id: uuid.UUID

    async def put(self, text: str = "", **columns: Any) -> int:
        payload = columns.pop("payload", {"text": text, "buttons": [], "keyboard": None})
        locked = self.sending.keys.lock(json.dumps(payload).encode(), "outbox")
        async with self.sessions.begin() as session:
            row = Outbox(person_id=self.person_id, payload_locked=locked, **columns)
            session.add(row)
            await session.flush()
            return row.id

    async def leaves(self) -> None:
        await self.sending.drain(self.person_id)

    async def row(self, row_id: int) -> Outbox:
        async with self.sessions() as session:
            return await session.get_one(Outbox, row_id)

    async def status(self, row_id: int) -> str:
        return (await self.row(row_id)).status

    async def person(self, **values: Any) -> Person:
        async with self.sessions.begin() as session:
            person = await session.get_one(Person, self.person_id)
            for name, value in values.items():
                setattr(person, name, value)
            return person

    @property
    def seen(self) -> list[str]:
        return self.account.replies


@pytest_asyncio.fixture
async def post(
    engine: AsyncEngine,
    sessions: async_sessionmaker[AsyncSession],
    server_keys: ServerKeys,
    bot: Connection,
    clock: Clock,
    world: Telegram,
) -> Post:
    account = world.person("en")
    account.starts()
    async with sessions.begin() as session:
        person_id = await persons.of_chat(session, server_keys, world.bot_id, account.id)
    return Post(Sending(engine, server_keys, bot, clock), sessions, account, person_id)


async def test_messages_arrive_in_order_and_nothing_of_them_is_kept(post: Post) -> None:
    rows = [await post.put(text) for text in ("one", "two", "three")]
    await post.leaves()
    await post.leaves()
    assert post.seen == ["one", "two", "three"]
    for row_id in rows:
        row = await post.row(row_id)
        assert (row.status, row.payload_locked) == ("sent", None)
        assert row.message_id is not None


async def test_buttons_and_keyboards_arrive(post: Post) -> None:
    await post.put(payload={"text": "?", "buttons": [[{"label": "Yes", "value": "yes"}]], "keyboard": None})
    await post.put(payload={"text": "menu", "buttons": [], "keyboard": [["Menu", "A person"]]})
    await post.leaves()
    assert (post.account.buttons, post.account.keyboard) == (["Yes"], [["Menu", "A person"]])
    await post.put(payload={"text": ".", "buttons": [], "keyboard": []})
    await post.leaves()
    assert post.account.keyboard == []


async def test_an_urgent_message_overtakes(post: Post) -> None:
    await post.put("an answer")
    await post.put("192", urgent=True)
    await post.leaves()
    assert post.seen == ["192", "an answer"]


async def test_a_lost_connection_is_tried_again_and_the_order_holds(post: Post, wire: Wire, clock: Clock) -> None:
    wire.faults = [wires.no_connection]
    first, _ = await post.put("one"), await post.put("two")
    await post.leaves()
    assert (post.seen, await post.status(first)) == ([], "waiting")
    clock.advance(seconds=1)
    await post.leaves()
    assert post.seen == ["one", "two"]


async def test_a_message_that_cannot_leave_holds_up_the_next_for_ten_seconds_only(
    post: Post, wire: Wire, clock: Clock
) -> None:
    wire.faults = [wires.too_many(60)]
    first, _ = await post.put("one"), await post.put("two")
    await post.leaves()
    clock.advance(seconds=9)
    await post.leaves()
    assert post.seen == []
    clock.advance(seconds=1)
    await post.leaves()
    assert (post.seen, await post.status(first)) == (["two"], "waiting")
    clock.advance(seconds=50)
    await post.leaves()
    assert post.seen == ["two", "one"]


@pytest.mark.parametrize("fault", [wires.no_answer, wires.bad_gateway])
async def test_what_perhaps_arrived_is_uncertain_and_never_repeated(
    post: Post, wire: Wire, clock: Clock, fault: Any
) -> None:
    wire.faults = [fault]
    first, _ = await post.put("one"), await post.put("two")
    for _ in range(3):
        await post.leaves()
        clock.advance(minutes=1)
    assert (post.seen, await post.status(first)) == (["two"], "uncertain")
    assert (await post.row(first)).payload_locked is not None


async def test_a_message_on_which_safety_hangs_goes_once_more_and_no_more(post: Post, wire: Wire, clock: Clock) -> None:
    wire.lost_answers = 5
    row_id = await post.put("192", essential=True, urgent=True)
    for _ in range(4):
        await post.leaves()
        clock.advance(minutes=1)
    assert (post.seen, await post.status(row_id)) == (["192", "192"], "uncertain")


async def test_what_is_refused_fails_and_the_next_leaves(post: Post) -> None:
    first, _ = await post.put("x" * 5000), await post.put("two")
    await post.leaves()
    row = await post.row(first)
    assert (row.status, row.failure, row.payload_locked) == ("failed", "refused", None)
    assert post.seen == ["two"]


async def test_a_counsellors_words_are_kept_when_they_failed(post: Post) -> None:
    row_id = await post.put("x" * 5000, origin="counsellor")
    await post.leaves()
    row = await post.row(row_id)
    assert row.status == "failed"
    assert row.payload_locked is not None


async def test_a_person_who_blocked_the_bot_is_noted(post: Post) -> None:
    post.account.blocks()
    row_id = await post.put("hello?")
    await post.leaves()
    row = await post.row(row_id)
    assert (row.status, row.failure) == ("failed", "blocked")
    assert (await post.person()).blocked_at is not None


async def test_who_cannot_be_reached_for_a_day_is_given_up(post: Post, wire: Wire, clock: Clock) -> None:
    wire.faults = [wires.no_connection, wires.no_connection]
    row_id = await post.put("one")
    await post.leaves()
    clock.advance(hours=25)
    await post.leaves()
    row = await post.row(row_id)
    assert (row.status, row.failure) == ("failed", "unreachable")


async def test_in_a_pause_only_the_pauses_own_words_leave(post: Post) -> None:
    await post.person(paused=True)
    await post.put("how are you?", origin="counsellor")
    await post.put(".", while_paused=True)
    await post.leaves()
    assert post.seen == ["."]
    await post.person(paused=False)
    await post.leaves()
    assert post.seen == [".", "how are you?"]


async def test_messages_are_deleted_on_both_sides_and_what_is_gone_is_gone(post: Post) -> None:
    mine = post.account.writes("my words")
    await post.put("an answer")
    await post.leaves()
    ids = [mine.id, post.account.messages[-1].id, 999_999]
    row_id = await post.put(action="delete", payload={"message_ids": ids})
    await post.leaves()
    assert "my words" not in [message.text for message in post.account.messages]
    assert post.seen == []
    assert await post.status(row_id) == "sent"


async def test_a_deletion_takes_along_what_left_after_it_was_asked_for(post: Post, clock: Clock) -> None:
    asked_at = clock()
    await post.put("on its way")
    row_id = await post.put(action="delete", created_at=asked_at, payload={"message_ids": []})
    await post.leaves()
    assert (post.seen, await post.status(row_id)) == ([], "sent")


async def test_one_that_is_too_old_does_not_keep_the_others(post: Post, world: Telegram) -> None:
    old = post.account.writes("old")
    world.clock.advance(timedelta(hours=49))
    new = post.account.writes("new")
    await post.put(action="delete", payload={"message_ids": [old.id, new.id]})
    await post.leaves()
    assert [message.text for message in post.account.messages if not message.from_bot] == ["/start", "old"]


async def test_a_press_that_is_not_known_any_more_does_no_harm(post: Post) -> None:
    row_id = await post.put(action="press", payload={"query_id": "1"})
    await post.put("an answer")
    await post.leaves()
    assert (post.seen, await post.status(row_id)) == (["an answer"], "sent")


async def test_a_row_whose_key_is_gone_fails_and_does_not_block(post: Post) -> None:
    row_id = await post.put("one")
    async with post.sessions.begin() as session:
        await session.execute(sa.update(Outbox).values(payload_locked=b"x" * 64))
    await post.put("two")
    await post.leaves()
    assert post.seen == ["two"]
    assert (await post.row(row_id)).failure == "unreadable"


async def test_a_sender_that_lives_is_left_alone_and_a_dead_ones_row_becomes_uncertain(
    post: Post, engine: AsyncEngine, clock: Clock
) -> None:
    row_id = await post.put("one", status="sending", tries=1, first_tried_at=clock())
    await post.put("two")
    async with engine.connect() as other:
        await other.execute(sa.select(sa.func.pg_advisory_lock(LOCKS, row_id)))
        async with post.sessions.begin() as session:
            assert not await end_orphan(session, row_id, clock())
        await post.leaves()
        assert (post.seen, await post.status(row_id)) == ([], "sending")
        await other.invalidate()
    await post.leaves()
    assert (post.seen, await post.status(row_id)) == (["two"], "uncertain")
