"""Somebody in danger falls silent: those on duty see it, offer to talk, and read only after the yes."""

from __future__ import annotations

import asyncio
import uuid

from handoff import silence
from responses.content import Content
from tests.bot.words import PATIENCE, Counsellor, Person

DANGER = "please help, he has a knife and wants to kill me right now"


async def seen(counsellor: Counsellor) -> tuple[silence.Silent, ...]:
    async with counsellor.sessions.begin() as session:
        return await silence.listed(session, counsellor.reader, counsellor.clock())


async def until_silent(counsellor: Counsellor) -> uuid.UUID:
    async with asyncio.timeout(PATIENCE):
        while not (found := await seen(counsellor)):  # noqa: ASYNC110 - the sweep's work
            await asyncio.sleep(0.1)
    return found[0].id


async def test_from_silence_to_a_talk(person: Person, counsellor: Counsellor, content: Content) -> None:
    person.writes(DANGER)
    await person.sees(content.emergency("en", None))
    assert await seen(counsellor) == ()
    counsellor.clock.advance(seconds=61)
    one = await until_silent(counsellor)
    async with counsellor.sessions.begin() as session:
        await silence.offer(session, counsellor.keys, counsellor.reader, one, counsellor.clock())
    name = content.organisation("atina", "en")
    await person.sees(content.text("risk.contact", "en", organisation=name))
    assert await counsellor.waiting() == ()
    person.presses(content.text("button.bring", "en"))
    await person.is_heard()
    await counsellor.takes_next()
    assert ("person", {"text": DANGER}) in await counsellor.reads()
    assert await seen(counsellor) == ()


async def test_who_says_that_there_is_no_danger_is_left_alone(
    person: Person, counsellor: Counsellor, content: Content
) -> None:
    person.writes(DANGER)
    await person.sees_button(content.text("button.safe", "en"))
    person.presses(content.text("button.safe", "en"))
    await person.sees(content.text("risk.safe", "en"))
    counsellor.clock.advance(seconds=120)
    await asyncio.sleep(2.5)  # two rounds of the sweep
    assert await seen(counsellor) == ()


async def test_who_left_is_seen_and_gets_no_word(person: Person, counsellor: Counsellor, content: Content) -> None:
    person.writes(DANGER)
    await person.sees(content.emergency("en", None))
    person.writes("/exit")
    await person.sees(content.text("leaving.line", "en"))
    counsellor.clock.advance(seconds=61)
    one = await until_silent(counsellor)
    [found] = await seen(counsellor)
    assert found.left
    async with counsellor.sessions.begin() as session:
        await silence.offer(session, counsellor.keys, counsellor.reader, one, counsellor.clock())
    await asyncio.sleep(2.5)  # the offer is handled, and nothing is said
    assert person.screen == [content.text("leaving.line", "en")]
