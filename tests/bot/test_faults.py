"""When Telegram fails, each message ends as it must: sent once, honestly uncertain, or failed; and nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.receive import Receiving
from bot.simulator import Serving, Telegram
from bot.simulator.webhook import Hook
from bot.telegram import calls
from bot.telegram.connection import Connection, Request
from handoff.store.tables import Conversation, Inbox, Outbox
from handoff.store.tables import Person as PersonRow
from handoff.vault import ServerKeys
from responses.content import Content
from tests.bot.clock import Clock
from tests.bot.parts import Parts
from tests.bot.transcripts import transcript
from tests.bot.words import PATIENCE, Counsellor, Person, asks_for_a_counsellor
from tests.conftest import Team

Sessions = async_sessionmaker[AsyncSession]

NOT_ACCEPTED = ("500", "502", "504", "hang", "cut_before")
ACCEPTED = ("cut_after", "lost_answer")
UNCERTAIN = [*((fault, 0) for fault in NOT_ACCEPTED), *((fault, 1) for fault in ACCEPTED)]
DANGER = "please help, he has a knife and wants to kill me right now"
SOON = 0.3  # seconds after which a call that hangs is given up: in the helpline itself it is 15


class Impatient(Request):
    """The bot's own way to Telegram, which can be told to give up a call soon."""

    patience: float | None = None

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        if self.patience is not None:
            kwargs["read_timeout"] = self.patience
        return await super().do_request(*args, **kwargs)


@pytest.fixture
def way() -> Impatient:
    return Impatient(24, read_timeout=15)


@pytest_asyncio.fixture
async def bot(server: Serving, way: Impatient) -> AsyncIterator[Connection]:
    connection = Connection(
        server.telegram.token,
        base_url=server.base_url,
        base_file_url=server.base_file_url,
        request=way,
        get_updates_request=Request(2, read_timeout=35),
    )
    yield connection
    await connection.close_connections()


async def get_in_touch(person: Person, counsellor: Counsellor, content: Content) -> None:
    """The person asks for a counsellor, who takes the conversation."""
    await asks_for_a_counsellor(person, content)
    await counsellor.takes_next()
    await person.sees(content.text("talking.started", "en"))
    person.looks()


async def the_outbox(sessions: Sessions, *only: sa.ColumnExpressionArgument[bool]) -> list[Outbox]:
    async with sessions() as session:
        return list(await session.scalars(sa.select(Outbox).where(*only).order_by(Outbox.id)))


async def the_person(sessions: Sessions) -> PersonRow:
    async with sessions() as session:
        return (await session.scalars(sa.select(PersonRow))).one()


@pytest.mark.parametrize(("fault", "arrived"), UNCERTAIN)
async def test_a_reply_that_perhaps_arrived_is_uncertain_and_leaves_again_by_a_click_only(
    fault: str,
    arrived: int,
    person: Person,
    counsellor: Counsellor,
    content: Content,
    world: Telegram,
    way: Impatient,
    clock: Clock,
) -> None:
    await get_in_touch(person, counsellor, content)
    world.faults.order(fault, method="sendMessage", chat_id=person.account.id)
    way.patience = SOON if fault == "hang" else None
    await counsellor.replies("Are you alone?")
    line = await counsellor.until_delivery("Are you alone?", "uncertain")
    way.patience = None
    assert person.screen.count("Are you alone?") == arrived

    clock.advance(minutes=10)
    await counsellor.replies("I am here")  # would leave after anything that was to be tried again
    await person.sees("I am here")
    assert person.screen.count("Are you alone?") == arrived

    assert line.outbox_id is not None
    await counsellor.sends_again(line.outbox_id)
    await counsellor.until_delivery("Are you alone?", "sent")
    assert person.screen.count("Are you alone?") == arrived + 1


@pytest.mark.parametrize(("fault", "arrived"), UNCERTAIN)
async def test_the_emergency_numbers_go_exactly_once_more(
    fault: str,
    arrived: int,
    person: Person,
    counsellor: Counsellor,
    helpline: Parts,
    content: Content,
    world: Telegram,
    way: Impatient,
    clock: Clock,
    sessions: Sessions,
) -> None:
    world.faults.order(fault, method="sendMessage", chat_id=person.account.id)
    way.patience = SOON if fault == "hang" else None
    person.writes(DANGER)

    async def is_tried_again() -> bool:
        rows = await the_outbox(sessions, Outbox.essential, Outbox.failure.is_not(None))
        return [row.status for row in rows] == ["waiting"]

    await counsellor.until(is_tried_again)
    way.patience = None
    numbers = content.emergency("en", None)
    assert sum(numbers in text for text in person.screen) == arrived
    clock.advance(seconds=1)
    await helpline.sending.drain((await the_person(sessions)).id)
    await person.account.until(lambda: sum(numbers in text for text in person.screen) == arrived + 1)

    await counsellor.until(lambda: is_over(sessions))
    clock.advance(minutes=10)
    person.writes("/privacy")  # its answer would leave after anything that was to be tried again
    await person.sees(content.text("privacy.text", "en")[:40])
    assert sum(numbers in text for text in person.screen) == arrived + 1


async def is_over(sessions: Sessions) -> bool:
    return not await the_outbox(sessions, Outbox.status.in_(("waiting", "sending")))


async def test_the_emergency_numbers_go_no_third_time(
    person: Person,
    counsellor: Counsellor,
    helpline: Parts,
    content: Content,
    world: Telegram,
    clock: Clock,
    sessions: Sessions,
) -> None:
    world.faults.order("cut_after", method="sendMessage", chat_id=person.account.id, times=2)
    person.writes(DANGER)

    async def is_uncertain() -> bool:
        clock.advance(seconds=1)
        await helpline.sending.drain((await the_person(sessions)).id)
        return bool(await the_outbox(sessions, Outbox.essential, Outbox.status == "uncertain"))

    await person.account.until(lambda: person.answers)
    await counsellor.until(is_uncertain)
    clock.advance(minutes=10)
    await helpline.sending.drain((await the_person(sessions)).id)
    assert sum(content.emergency("en", None) in text for text in person.screen) == 2


@pytest.mark.parametrize(("fault", "arrived"), [("504", 0), ("cut_after", 1)])
async def test_that_a_counsellor_will_come_is_said_once_more(
    fault: str,
    arrived: int,
    person: Person,
    counsellor: Counsellor,
    content: Content,
    world: Telegram,
    helpline: Parts,
    clock: Clock,
    sessions: Sessions,
) -> None:
    await asks_for_a_counsellor(person, content)
    person.looks()
    world.faults.order(fault, method="sendMessage", chat_id=person.account.id)
    await counsellor.takes_next()
    await world.until(lambda: not world.faults.outstanding)

    async def is_tried_again() -> bool:
        return bool(await the_outbox(sessions, Outbox.status == "waiting", Outbox.failure.is_not(None)))

    await counsellor.until(is_tried_again)
    started = content.text("talking.started", "en")
    assert person.screen.count(started) == arrived
    clock.advance(seconds=1)
    await helpline.sending.drain((await the_person(sessions)).id)
    await person.account.until(lambda: person.screen.count(started) == arrived + 1)


async def test_who_is_too_quick_waits_as_long_as_telegram_says_and_the_order_holds(
    person: Person,
    counsellor: Counsellor,
    content: Content,
    world: Telegram,
    helpline: Parts,
    clock: Clock,
    sessions: Sessions,
) -> None:
    await get_in_touch(person, counsellor, content)
    person_id = (await the_person(sessions)).id
    world.faults.order("429", method="sendMessage", chat_id=person.account.id, retry_after=7)
    await counsellor.replies("one")
    await world.until(lambda: not world.faults.outstanding)
    await counsellor.replies("two")
    clock.advance(seconds=5)
    await helpline.sending.drain(person_id)
    assert person.answers == []
    clock.advance(seconds=2)
    await helpline.sending.drain(person_id)
    await person.sees("two")
    assert person.answers == ["one", "two"]
    await counsellor.until_delivery("one", "sent")
    await counsellor.until_delivery("two", "sent")


async def test_a_person_who_blocked_the_bot_is_noted_and_the_next_message_is_not_held_up(
    person: Person, counsellor: Counsellor, content: Content, world: Telegram
) -> None:
    await get_in_touch(person, counsellor, content)
    world.faults.order("403", method="sendMessage", chat_id=person.account.id)
    await counsellor.replies("one")
    await counsellor.until_delivery("one", "failed")
    assert (await counsellor.about()).blocked
    await counsellor.replies("two")
    await person.sees("two")
    assert person.answers == ["two"]
    person.writes("here I am")
    await counsellor.until_reads("here I am")
    assert not (await counsellor.about()).blocked


@pytest.mark.parametrize("fault", ["429", *NOT_ACCEPTED, *ACCEPTED])
async def test_what_could_not_be_received_is_received_once_when_telegram_works_again(
    fault: str,
    person: Person,
    content: Content,
    world: Telegram,
    sessions: Sessions,
    server_keys: ServerKeys,
) -> None:
    person.writes("one")
    await person.is_heard()
    world.faults.order(fault, method="getUpdates")
    person.writes("two")
    await world.until(lambda: not world.faults.outstanding)
    person.writes("three")
    if fault == "hang":
        await world.until(lambda: world.faults.hanging)
        world.faults.clear()
    person.writes("/privacy")  # is answered after the others
    await person.sees(content.text("privacy.text", "en")[:40])
    async with sessions() as session:
        assert await session.scalar(sa.select(sa.func.count(Inbox.id))) == 4
        conversation = (await session.scalars(sa.select(Conversation))).one()
        lines = await transcript(session, server_keys, conversation)
    assert [said["text"] for _, who, said in lines if who == "person"][:3] == ["one", "two", "three"]


@pytest.mark.parametrize("fault", ["429", "500", "cut_before", "cut_after"])
async def test_whoever_leaves_quickly_has_everything_deleted_though_telegram_fails_at_first(
    fault: str, person: Person, content: Content, world: Telegram, helpline: Parts, clock: Clock, sessions: Sessions
) -> None:
    person.writes("a secret")
    await person.is_heard()
    world.faults.order(fault, method="deleteMessages")
    person.writes("/exit")
    await world.until(lambda: not world.faults.outstanding)
    person_id = (await the_person(sessions)).id
    async with asyncio.timeout(PATIENCE):
        while person.screen != [content.text("leaving.line", "en")]:
            clock.advance(seconds=1)
            await helpline.sending.drain(person_id)


@pytest.mark.parametrize("fault", ["403", "429", "500", "hang", "cut_before", "cut_after"])
async def test_a_button_is_answered_though_its_little_clock_goes_on(
    fault: str, person: Person, atina: Team, content: Content, world: Telegram, way: Impatient
) -> None:
    person.writes("/person")
    await person.sees_button(content.text("button.skip", "en"))
    world.faults.order(fault, method="answerCallbackQuery")
    way.patience = SOON if fault == "hang" else None
    person.presses(content.text("button.skip", "en"))
    await world.until(lambda: not world.faults.outstanding)
    way.patience = None
    await person.sees_button(content.text("button.share", "en"))


async def test_other_people_do_not_wait_for_one_whose_call_hangs(
    person: Person, counsellor: Counsellor, content: Content, world: Telegram
) -> None:
    other = Person(world.person("en"))
    await get_in_touch(person, counsellor, content)
    world.faults.order("hang", method="sendMessage", chat_id=person.account.id)
    await counsellor.replies("one")
    await world.until(lambda: world.faults.hanging)
    other.writes("hello")
    await other.is_heard()
    assert world.faults.hanging == 1
    world.faults.clear()
    await counsellor.until_delivery("one", "uncertain")
    assert person.answers == []


async def test_a_webhook_of_before_that_could_not_be_deleted_at_first_does_not_keep_the_bot_from_asking(
    bot: Connection, world: Telegram, sessions: Sessions, server_keys: ServerKeys, content: Content
) -> None:
    world.webhook.set(Hook("http://127.0.0.1:9/"))  # where nobody listens
    world.faults.order("500", method="deleteWebhook")
    stop = asyncio.Event()
    receiving = asyncio.create_task(Receiving(bot, sessions, server_keys, content).run(stop))
    person = world.person("en")
    message = person.writes("is somebody there?")
    try:
        await person.until(lambda: person.has_read(message), timeout=3)
    finally:
        stop.set()
        await receiving


async def test_a_press_that_telegram_does_not_acknowledge_holds_no_answer_up(
    person: Person, world: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "PRESS_SECONDS", SOON)
    person.starts()
    await person.sees_button("English")
    world.faults.order("hang", method="answerCallbackQuery")
    person.presses("English")
    await person.account.until(lambda: person.answers, 10 * SOON)
    world.faults.clear()
