"""Stored events are answered in order and once, each in one transaction."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy as sa

from bot import persons
from bot.simulator import Account, Telegram
from bot.telegram.connection import Connection
from handoff import conversations
from handoff.store.tables import Conversation, Inbox, Outbox, Person
from handoff.vault import ServerKeys
from nlu_data.lexicon import Lexicon
from responses.content import Content
from tests.bot.clock import Clock
from tests.bot.parts import Parts, put_together
from tests.bot.transcripts import transcript


class Desk:
    """The bot's parts, of which nothing runs by itself, and one person."""

    def __init__(self, parts: Parts, keys: ServerKeys, account: Account) -> None:
        self.parts, self.keys, self.account = parts, keys, account
        self.person_id = uuid.UUID(int=0)
        self.updates = 0

    async def happens(self, *events: dict[str, Any], kind: str = "telegram") -> None:
        """Something is stored in the inbox, and not answered yet."""
        async with self.parts.sessions.begin() as session:
            if self.person_id.int == 0:
                self.person_id = await persons.of_chat(session, self.keys, 1, self.account.id)
            for event in events:
                self.updates += 1
                row = Inbox(person_id=self.person_id, kind=kind, bot_id=1, update_id=self.updates)
                row.payload_locked = self.keys.lock(json.dumps(event).encode(), "inbox")
                session.add(row)
                await session.flush()

    async def answers(self) -> None:
        await self.parts.answering.drain(self.person_id)

    async def is_answered(self, *events: dict[str, Any]) -> None:
        await self.happens(*events)
        await self.answers()

    async def all(self, table: Any) -> list[Any]:
        async with self.parts.sessions() as session:
            return list(await session.scalars(sa.select(table).order_by(sa.inspect(table).primary_key[0])))

    async def said(self) -> list[str]:
        """What waits to be sent, as it would be read."""
        found = []
        for row in await self.all(Outbox):
            if row.status == "waiting" and row.action == "send":
                found.append(json.loads(self.keys.unlock(row.payload_locked, "outbox"))["text"])
        return found

    async def transcript(self) -> list[tuple[str, Any]]:
        async with self.parts.sessions() as session:
            one = (await session.scalars(sa.select(Conversation).where(Conversation.status != "closed"))).one()
            return [(direction, content) for _, direction, content in await transcript(session, self.keys, one)]


@pytest_asyncio.fixture
async def desk(
    database_url: str,
    server_keys: ServerKeys,
    bot: Connection,
    clock: Clock,
    content: Content,
    lexicon: Lexicon,
    nlu_url: str,
    world: Telegram,
) -> AsyncIterator[Desk]:
    account = world.person("en")
    account.starts()
    async with put_together(database_url, server_keys, bot, clock, content, lexicon, nlu_url) as parts:
        yield Desk(parts, server_keys, account)


def wrote(text: str) -> dict[str, Any]:
    return {"type": "wrote", "text": text, "message_id": 1, "hint": "en"}


async def test_two_jobs_at_once_answer_each_message_once_and_in_order(desk: Desk) -> None:
    await desk.happens(*(wrote(f"message {number}") for number in range(6)))
    await asyncio.gather(desk.answers(), desk.answers(), desk.answers())
    heard = [content["text"] for direction, content in await desk.transcript() if direction == "person"]
    assert heard == [f"message {number}" for number in range(6)]


async def test_what_was_answered_is_wiped(desk: Desk) -> None:
    await desk.is_answered(wrote("hello"))
    (row,) = await desk.all(Inbox)
    assert row.payload_locked is None
    assert row.handled_at is not None


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (wrote("hi"), {"text": "hi"}),
        ({"type": "edited", "text": "hello"}, {"text": "hello", "edited": True}),
        ({"type": "command", "name": "menu", "argument": ""}, {"text": "/menu"}),
        ({"type": "pressed", "value": "do:menu", "label": "Menu", "query_id": "1"}, {"pressed": "Menu"}),
        ({"type": "sent", "kind": "photo", "text": "look"}, {"kind": "photo", "text": "look"}),
    ],
)
async def test_what_a_person_did_stands_in_the_transcript(desk: Desk, event: dict[str, Any], line: Any) -> None:
    await desk.is_answered(event)
    assert (await desk.transcript())[0] == ("person", line)


async def test_what_is_said_stands_in_the_transcript_too(desk: Desk) -> None:
    await desk.is_answered(wrote("hello"))
    said = [content["text"] for direction, content in await desk.transcript() if direction == "bot"]
    assert said == await desk.said()


async def test_a_press_ends_the_clock_on_the_button_first(desk: Desk) -> None:
    await desk.is_answered({"type": "pressed", "value": "do:menu", "query_id": "77"})
    first, *_ = await desk.all(Outbox)
    assert first.action == "press"


async def test_blocking_is_noted_until_the_person_is_back(desk: Desk) -> None:
    await desk.is_answered(wrote("hello"), {"type": "blocked"})
    (person,) = await desk.all(Person)
    assert person.blocked_at is not None
    await desk.is_answered({"type": "unblocked"})
    (person,) = await desk.all(Person)
    assert person.blocked_at is None


async def test_somebody_who_only_blocks_has_no_conversation(desk: Desk) -> None:
    await desk.is_answered({"type": "blocked"})
    assert await desk.all(Conversation) == []


async def test_exit_drops_what_was_still_to_be_said(desk: Desk, content: Content) -> None:
    await desk.is_answered(wrote("hello"), {"type": "command", "name": "exit", "argument": ""})
    assert await desk.said() == [content.text("leaving.line", "en")]
    dropped = [row for row in await desk.all(Outbox) if row.status == "dropped"]
    assert dropped
    assert all(row.payload_locked is None for row in dropped)


async def test_a_missed_promise_is_said_as_it_is(desk: Desk, clock: Clock, content: Content) -> None:
    await desk.is_answered(wrote("hello"))
    async with desk.parts.sessions.begin() as session:
        one = await conversations.current(session, desk.person_id)
        assert one is not None
        one.status, one.requested_at = "waiting", clock()
    await desk.happens({"type": "promise_missed"}, kind="timer")
    await desk.answers()
    assert content.text("waiting.missed", "en") in (await desk.said())[-1]


async def test_danger_raises_the_level_even_while_a_counsellor_is_there(desk: Desk) -> None:
    await desk.is_answered(wrote("hello"))
    async with desk.parts.sessions.begin() as session:
        await session.execute(sa.update(Conversation).values(status="taken", state_locked=None))
    await desk.is_answered(wrote("he has a knife and wants to kill me right now"))
    (one,) = await desk.all(Conversation)
    assert one.level in {"high", "immediate"}


async def test_what_was_stored_for_somebody_just_forgotten_goes_to_who_they_are_now(desk: Desk) -> None:
    await desk.happens(wrote("hello"))
    async with desk.parts.sessions.begin() as session:
        await conversations.forget(session, desk.person_id, desk.parts.answering.clock())
        await session.execute(
            sa.update(Inbox).values(
                handled_at=None, payload_locked=desk.keys.lock(json.dumps(wrote("after all")).encode(), "inbox")
            )
        )
    await desk.answers()
    old = desk.person_id
    (row,) = await desk.all(Inbox)
    assert row.person_id not in {old, None}
    desk.person_id = row.person_id
    await desk.answers()
    assert (await desk.transcript())[0] == ("person", {"text": "after all"})


async def test_a_counsellors_act_for_somebody_forgotten_reaches_nobody_and_is_over(desk: Desk) -> None:
    await desk.happens({"type": "closed"}, kind="desk")
    async with desk.parts.sessions.begin() as session:
        await session.execute(sa.update(Person).values(forgotten_at=desk.parts.answering.clock()))
    await desk.answers()
    (row,) = await desk.all(Inbox)
    assert row.handled_at is not None
    assert await desk.all(Outbox) == []
