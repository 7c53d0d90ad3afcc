"""Receiver and worker are killed in the middle of everything: nothing is lost, nothing is doubled."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from dataclasses import dataclass
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.send import UNCERTAIN_ONCE
from bot.simulator import Account, Serving
from handoff.store.tables import Conversation, Outbox, Person
from handoff.vault import ServerKeys
from tests.bot.transcripts import transcript

PEOPLE, MESSAGES, KILLS = 200, 5, 3
PATIENCE = 180.0  # a busy machine is no failure


@dataclass
class Bot:
    """Receiver and worker, each a process of its own."""

    server: Serving
    database_url: str
    keys: ServerKeys
    running: tuple[Process, ...] = ()

    async def starts(self) -> None:
        given = {
            "database": self.database_url,
            "keys": self.keys.to_text(),
            "token": self.server.telegram.token,
            "api_url": self.server.url,
        }
        starting = (self._start("receive", given), self._start("work", given))
        self.running = tuple(await asyncio.gather(*starting))

    async def _start(self, part: str, given: dict[str, str]) -> Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bot.process", part, stdin=PIPE, stdout=PIPE
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(given).encode() + b"\n")
        assert await process.stdout.readline() == b"ready\n"
        return process

    async def is_killed(self) -> None:
        for process in self.running:
            process.kill()
        for process in self.running:
            await process.wait()


@pytest.mark.slow
async def test_kill_9_loses_nothing_and_doubles_nothing(
    server: Serving, database_url: str, server_keys: ServerKeys, sessions: async_sessionmaker[AsyncSession]
) -> None:
    world = server.telegram
    people = [world.person("en") for _ in range(PEOPLE)]
    bot = Bot(server, database_url, server_keys)
    await bot.starts()
    try:
        for number in range(MESSAGES):
            for person in people:
                person.writes(said(person, number))
            if number < KILLS:
                enough = replies(people) + PEOPLE // 3
                await world.until(partial(has_seen, people, enough), PATIENCE)
                await bot.is_killed()
                await bot.starts()
        async with asyncio.timeout(PATIENCE):
            while await open_ends(sessions):  # noqa: ASYNC110 - the work of other processes
                await asyncio.sleep(0.2)
    finally:
        await bot.is_killed()

    uncertain = 0
    for person in people:
        uncertain += await check(person, world.bot_id, server_keys, sessions)
    print(f"{KILLS} kills, {replies(people)} replies on {PEOPLE} screens, {uncertain} uncertain")


def said(person: Account, number: int) -> str:
    return f"message {number} of {person.id}"


def has_seen(people: list[Account], enough: int) -> bool:
    return replies(people) >= enough


def replies(people: list[Account]) -> int:
    return sum(len(person.replies) for person in people)


async def open_ends(sessions: async_sessionmaker[AsyncSession]) -> bool:
    """Whether something is still to be received, answered or sent."""
    async with sessions() as session:
        received = await session.scalar(sa.text("SELECT count(*) FROM inbox"))
        unhandled = await session.scalar(sa.text("SELECT count(*) FROM inbox WHERE handled_at IS NULL"))
        unsent = await session.scalar(sa.text("SELECT count(*) FROM outbox WHERE status IN ('waiting', 'sending')"))
    return received != PEOPLE * MESSAGES or bool(unhandled) or bool(unsent)


async def check(person: Account, bot_id: int, keys: ServerKeys, sessions: async_sessionmaker[AsyncSession]) -> int:
    """Compares a person's screen with transcript and outbox; gives the number of uncertain messages."""
    async with sessions() as session:
        person_id = await session.scalar(sa.select(Person.id).where(Person.handle == keys.handle(bot_id, person.id)))
        conversation = (await session.scalars(sa.select(Conversation).where(Conversation.person_id == person_id))).one()
        lines = await transcript(session, keys, conversation)
        outbox = (
            await session.scalars(sa.select(Outbox).where(Outbox.person_id == person_id).order_by(Outbox.id))
        ).all()

    heard = [content["text"] for _, direction, content in lines if direction == "person"]
    assert heard == [said(person, number) for number in range(MESSAGES)]

    words = {seq: content["text"] for seq, direction, content in lines if direction == "bot"}
    assert sorted(words) == sorted(row.seq or 0 for row in outbox)
    assert {row.status for row in outbox} <= {"sent", "uncertain"}
    shown = {message.id: message.text for message in person.messages if message.from_bot}
    sent = [row for row in outbox if row.status == "sent"]
    # what counts as sent is on the screen, once, with its own words, and in order
    for row in sent:
        assert row.seq is not None
        assert shown[row.message_id or 0] == words[row.seq]
    in_order = [
        row.message_id or 0 for row in sent if not row.urgent and row.failure != UNCERTAIN_ONCE and row.tries == 1
    ]
    assert in_order == sorted(in_order)
    # whatever else is on the screen is one of those of which only Telegram knows
    rest = Counter(text for number, text in shown.items() if number not in {row.message_id for row in sent})
    unclear = Counter(words[row.seq or 0] for row in outbox if row.status == "uncertain" or row.tries > 1)
    assert rest <= unclear
    return sum(row.status == "uncertain" for row in outbox)
