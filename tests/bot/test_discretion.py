"""Safe hours and the safe sign, the whole way: what waits is let go by the sign alone."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import sqlalchemy as sa

from bot.dialogue.discretion import LOCAL_TIME
from handoff.store.tables import Person as PersonRow
from responses.content import Content
from tests.bot.words import PATIENCE, Counsellor, Person, asks_for_a_counsellor

SIGN = "Plavo nebo"


async def until_paused(counsellor: Counsellor, *, paused: bool) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            async with counsellor.sessions() as session:
                if await session.scalar(sa.select(PersonRow.paused)) is paused:
                    return
            await asyncio.sleep(0.1)


async def chooses(person: Person, content: Content, hours: str, sign: str | None) -> None:
    person.writes("/quiet")
    await person.sees(content.text("discreet.hours", "en"))
    person.writes(hours)
    await person.sees(content.text("discreet.sign", "en").splitlines()[0])
    if sign is None:
        person.presses(content.text("button.no_sign", "en"))
    else:
        person.writes(sign)
    await person.is_heard()


async def test_what_waits_is_let_go_by_the_sign_alone(person: Person, counsellor: Counsellor, content: Content) -> None:
    await asks_for_a_counsellor(person, content)
    await chooses(person, content, "0-24", SIGN)
    await person.account.until(lambda: SIGN not in person.screen, PATIENCE)
    await counsellor.takes_next()
    await person.sees(content.text("talking.started", "en"))
    counsellor.clock.advance(minutes=16)
    await until_paused(counsellor, paused=True)
    await counsellor.replies("Are you safe?")
    for text in ("hi", "/start"):
        person.writes(text)
        await counsellor.until_reads(text)
    assert "Are you safe?" not in person.screen
    person.writes(SIGN.upper())
    await person.sees("Are you safe?")
    await person.account.until(lambda: SIGN.upper() not in person.screen, PATIENCE)


async def test_the_sign_lies_nowhere_in_the_clear(person: Person, counsellor: Counsellor, content: Content) -> None:
    person.writes("hello")
    await person.is_heard()
    await chooses(person, content, "8-12", SIGN)
    async with counsellor.sessions() as session:
        rows = await session.execute(sa.text("SELECT person::text FROM person"))
        [kept] = [row[0] for row in rows]
    assert "plavo" not in kept.lower()
    assert "08:00" not in kept


async def test_the_hours_begin_and_end_by_themselves(person: Person, counsellor: Counsellor, content: Content) -> None:
    person.writes("hello")
    await person.is_heard()
    now = counsellor.clock().astimezone(LOCAL_TIME)
    begins, ends = now + timedelta(hours=2), now + timedelta(hours=4)
    await chooses(person, content, f"{begins.hour}:00-{ends.hour}:00", None)
    counsellor.clock.advance(minutes=16)
    await until_paused(counsellor, paused=True)
    person.writes("/start")
    await asyncio.sleep(1.5)
    assert person.answers == []
    counsellor.clock.advance(hours=2)
    await until_paused(counsellor, paused=False)
    person.writes("hello again")
    await person.is_heard()
    counsellor.clock.advance(hours=3)
    await until_paused(counsellor, paused=True)
