"""A person writes to the bot, the whole way through Telegram and the database and back, with the NLU down."""

from __future__ import annotations

import asyncio
import uuid

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from handoff.store.tables import Conversation, Inbox, Tombstone
from handoff.store.tables import Person as PersonRow
from responses.content import Content
from responses.languages import LANGUAGES, NAMES
from tests.bot import wire as wires
from tests.bot.parts import Parts
from tests.bot.wire import Wire
from tests.bot.words import Counsellor, Person, asks_for_a_counsellor
from tests.conftest import Team

Sessions = async_sessionmaker[AsyncSession]

ANSWERED = "understanding.down"


async def test_the_first_contact_asks_for_the_language(person: Person, content: Content) -> None:
    person.starts()
    await person.sees(content.text("language.choose", "en"))
    for language in LANGUAGES:
        assert NAMES[language] in person.account.buttons


@pytest.mark.parametrize("language", LANGUAGES)
async def test_in_each_language_a_press_and_a_text_are_answered(
    person: Person, content: Content, language: str
) -> None:
    person.starts()
    await person.sees_button(NAMES[language])
    person.presses(NAMES[language])
    await person.sees(content.text("welcome.ask", language))
    person.writes("xyzzy")
    await person.sees(content.text(ANSWERED, language))


async def test_somebody_who_just_writes_is_answered_at_once(person: Person, content: Content) -> None:
    person.writes("hello, is somebody there?")
    await person.sees(content.text(ANSWERED, "en"))


async def test_danger_is_recognised_without_the_nlu_and_the_numbers_come_first(
    person: Person, atina: Team, content: Content
) -> None:
    person.writes("please help, he has a knife and wants to kill me right now")
    await person.sees(content.emergency("en", None))
    assert content.text("button.bring", "en") in person.account.buttons


async def test_a_counsellor_takes_the_conversation_and_both_write_to_each_other(
    person: Person, counsellor: Counsellor, content: Content
) -> None:
    person.writes("my papers are with my boss")
    await person.sees(content.text(ANSWERED, "en"))
    await asks_for_a_counsellor(person, content)
    (waiting,) = await counsellor.waiting()
    assert waiting.promised_at is not None

    person.looks()
    await counsellor.takes_next()
    await person.sees(content.text("talking.started", "en"))
    assert ("person", {"text": "my papers are with my boss"}) in await counsellor.reads()

    person.looks()
    await counsellor.replies("Good evening. Are you alone?")
    await person.sees("Good evening. Are you alone?")
    person.writes("yes")
    await counsellor.until_reads("yes")
    assert person.answers == []

    await counsellor.closes()
    await person.sees(content.text("talking.closed", "en"))
    person.writes("thank you")
    await person.is_heard()
    assert await counsellor.waiting() == ()


async def test_the_desk_sees_how_far_a_reply_got(
    person: Person, counsellor: Counsellor, content: Content, wire: Wire
) -> None:
    await asks_for_a_counsellor(person, content)
    await counsellor.takes_next()
    await person.sees(content.text("talking.started", "en"))
    wire.lost_answers = 1
    await counsellor.replies("I am here")
    line = await counsellor.until_delivery("I am here", "uncertain")
    assert line.outbox_id is not None
    assert person.screen.count("I am here") == 1
    await counsellor.sends_again(line.outbox_id)
    await counsellor.until_delivery("I am here", "sent")
    assert person.screen.count("I am here") == 2


async def test_starting_fresh_keeps_back_what_was_written_before(
    person: Person, counsellor: Counsellor, content: Content
) -> None:
    person.writes("a secret of mine")
    await person.is_heard()
    await asks_for_a_counsellor(person, content, "button.fresh")
    await counsellor.takes_next()
    assert "a secret of mine" not in str(await counsellor.reads())


async def test_exit_leaves_one_line_and_holds_back_everything_until_the_person_is_back(
    person: Person, counsellor: Counsellor, content: Content
) -> None:
    await asks_for_a_counsellor(person, content)
    await counsellor.takes_next()
    await person.sees(content.text("talking.started", "en"))
    person.writes("/exit")
    await person.sees(content.text("leaving.line", "en"))
    assert person.screen == [content.text("leaving.line", "en")]
    about = await counsellor.about()
    assert about.paused
    assert about.left_at is not None

    await counsellor.replies("Are you safe?")
    person.writes("hi")
    await counsellor.until_reads("hi")
    assert "Are you safe?" not in person.screen
    person.starts()
    await person.sees("Are you safe?")


async def test_forgetting_destroys_everything_and_whoever_writes_again_is_somebody_new(
    person: Person, content: Content, sessions: Sessions
) -> None:
    person.writes("hello")
    await person.sees(content.text(ANSWERED, "en"))
    person.writes("/forget")
    await person.sees_button(content.text("button.forget_yes", "en"))
    before = await the_persons(sessions)
    person.presses(content.text("button.forget_yes", "en"))
    person.does("writes", "and one more thing")
    await person.sees(content.text("leaving.forgotten", "en"))
    await person.sees(content.text(ANSWERED, "en"))
    assert "hello" not in person.screen
    async with asyncio.timeout(10):
        while set(before) & set(await the_persons(sessions)):  # noqa: ASYNC110 - the sweep's work
            await asyncio.sleep(0.1)
    async with sessions() as session:
        tombstones = (await session.scalars(sa.select(Tombstone.person_id))).all()
        heard = (await session.scalars(sa.select(Conversation))).one()
    assert tombstones == before
    assert heard.person_id not in before


async def the_persons(sessions: Sessions) -> list[uuid.UUID]:
    async with sessions() as session:
        return list(await session.scalars(sa.select(PersonRow.id)))


async def test_an_update_that_comes_again_is_not_answered_again(
    person: Person, helpline: Parts, content: Content
) -> None:
    message = person.writes("hello")
    await person.sees(content.text(ANSWERED, "en"))
    shown = list(person.screen)
    await helpline.receiving.store([{"update_id": message.update_id, "message": message.to_api()}])
    person.writes("/privacy")
    await person.is_heard()
    assert person.screen[: len(shown)] == shown
    assert person.screen.count(content.text(ANSWERED, "en")) == 1


async def test_a_row_that_cannot_be_answered_is_said_to_be_so_and_does_not_silence_the_person(
    person: Person, helpline: Parts, content: Content, sessions: Sessions
) -> None:
    person.writes("hello")
    await person.is_heard()
    (person_id,) = await the_persons(sessions)
    locked = helpline.answering.keys.lock(b'{"type": "never heard of"}', "inbox")
    async with sessions.begin() as session:
        row = Inbox(person_id=person_id, kind="telegram", bot_id=1, update_id=1, payload_locked=locked)
        session.add(row)
    person.writes("are you there?")
    await person.sees(content.text("error.sorry", "en"))
    await person.sees(content.text(ANSWERED, "en"))
    async with sessions() as session:
        row = await session.get_one(Inbox, row.id)
    assert (row.attempts, row.failure, row.payload_locked) == (3, "ValueError", locked)


async def test_what_perhaps_never_arrived_is_offered_at_the_next_message_and_once(
    person: Person, content: Content, wire: Wire
) -> None:
    person.starts()
    await person.sees(content.text("welcome.ask", "en"))
    wire.faults = [wires.no_answer]
    person.writes("/privacy")
    await wire.spoiled.wait()
    person.writes("/menu")
    await person.sees(content.text("again.offer", "en"))
    person.presses(content.text("button.again", "en"))
    await person.sees(content.text("privacy.text", "en")[:40])
    person.writes("/menu")
    await person.sees(content.text("menu.text", "en"))
    assert content.text("again.offer", "en") not in person.answers
