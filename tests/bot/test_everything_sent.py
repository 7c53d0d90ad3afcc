"""Everything that Telegram can bring: answered in words, kept as written, never twice."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.dialogue import flood
from bot.pace import Pace
from bot.simulator import Account, Telegram
from bot.telegram import events
from bot.telegram.connection import Connection
from bot.telegram.events import Elsewhere, Received
from handoff.store.tables import Conversation
from handoff.store.tables import Person as PersonRow
from handoff.vault import ServerKeys
from nlu_data.lexicon import Lexicon
from responses.content import Content
from tests.bot.clock import Clock
from tests.bot.parts import Parts, put_together
from tests.bot.transcripts import transcript
from tests.bot.words import Counsellor, Person, asks_for_a_counsellor

Sessions = async_sessionmaker[AsyncSession]
Does = Callable[[Account], object]

FILE = {"file_id": "f", "file_unique_id": "u"}
SENT: dict[str, tuple[Does, str]] = {
    "voice": (lambda one: one.sends_voice(), "sent.voice"),
    "audio": (lambda one: one.sends(audio={**FILE, "duration": 3, "file_name": "call.mp3"}), "sent.voice"),
    "video": (lambda one: one.sends(video={**FILE, "width": 9, "height": 9, "duration": 3}), "sent.photo"),
    "video note": (lambda one: one.sends_video_note(), "sent.photo"),
    "photo": (lambda one: one.sends_photo(), "sent.photo"),
    "document": (lambda one: one.sends_document(name="Drita Berisha.pdf"), "sent.document"),
    "contact": (lambda one: one.sends_contact(), "sent.contact"),
    "sticker": (lambda one: one.sends_sticker(), "sent.sticker"),
    "dice": (lambda one: one.sends(dice={"emoji": "🎲", "value": 3}), "sent.sticker"),
    "gif": (lambda one: one.sends(animation={**FILE, "duration": 1}, document=FILE), "sent.sticker"),
    "poll": (
        lambda one: one.sends(poll={"id": "1", "question": "Yes?", "options": [], "type": "regular"}),
        "sent.other",
    ),
    "story": (lambda one: one.sends(story={"chat": {"id": -5, "title": "Drita"}, "id": 3}), "sent.photo"),
    "unknown": (lambda one: one.sends(hologram={"depth": 3}), "sent.other"),
    "empty": (lambda one: one.sends(), "sent.other"),
    "broken": (lambda one: one.sends(location={"latitude": "north"}), "sent.other"),
    "position": (lambda one: one.sends_location(43.3209, 21.8958), "place.confirm"),
    "venue": (
        lambda one: one.sends(venue={"location": {"latitude": 43.3209, "longitude": 21.8958}, "title": "Home"}),
        "place.confirm",
    ),
    "live position": (
        lambda one: one.sends(location={"latitude": 43.3209, "longitude": 21.8958, "live_period": 900}),
        "unreadable.live",
    ),
    "pinned": (
        lambda one: one.sends(pinned_message={"message_id": 1, "chat": one.to_api(), "date": 0}),
        "unreadable.pinned",
    ),
    "timer": (
        lambda one: one.sends(message_auto_delete_timer_changed={"message_auto_delete_time": 86400}),
        "unreadable.timer",
    ),
    "chat shared": (lambda one: one.sends(chat_shared={"request_id": 1, "chat_id": -77}), "unreadable.shared"),
    "background": (lambda one: one.sends(chat_background_set={"type": {}}), "unreadable.note"),
}

DANGER = "please help, he has a knife and wants to kill me right now"
ODD = {
    "as long as it may be": ("my boss has my passport and I am afraid " * 103)[:4096],
    "right to left": "\u202eهو هنا الآن\u202c مرحبا",
    "nothing visible": "\u200b\u200d\ufeff",
    "only pictures": "😟🆘👨‍👩‍👧‍👦",
    "marks by the hundred": "h" + "\u0301\u0323" * 400 + "ello",
    "NUL": "hel\0lo",
    "another alphabet": "मुझे मदद चाहिए",
    "a thousand lines": "a" + "\n" * 1000 + "b",
}


@pytest.fixture
def newcomers(helpline: Parts, world: Telegram) -> Callable[[int], list[Person]]:
    """People who have never written and whose phones speak English."""
    return lambda number: [Person(world.person("en")) for _ in range(number)]


async def test_everything_that_can_be_sent_is_answered_in_words(
    newcomers: Callable[[int], list[Person]], content: Content
) -> None:
    confirmed = content.text("place.confirm", "en", place="#", side="#").split("#")[0]
    for person, (kind, (does, key)) in zip(newcomers(len(SENT)), SENT.items(), strict=True):
        person.starts()
        await person.sees(content.text("welcome.ask", "en"))
        person.looks()
        does(person.account)
        told = await person.sees(confirmed if key == "place.confirm" else content.text(key, "en"))
        assert told, kind
        assert content.text("error.sorry", "en") not in person.screen, kind


async def test_it_is_answered_as_a_first_word_too(newcomers: Callable[[int], list[Person]], content: Content) -> None:
    kinds = ("voice", "pinned", "unknown", "empty")
    for person, kind in zip(newcomers(len(kinds)), kinds, strict=True):
        SENT[kind][0](person.account)
        await person.sees(content.text(SENT[kind][1], "en"))
        await person.sees(content.text("welcome.about", "en"))


async def test_a_counsellor_sees_that_it_was_sent_and_the_person_hears_that_it_did_not_arrive(
    person: Person, counsellor: Counsellor, content: Content
) -> None:
    await asks_for_a_counsellor(person, content)
    await counsellor.takes_next()
    await person.sees(content.text("talking.started", "en"))
    for kind in ("voice", "photo", "unknown", "broken", "pinned"):
        person.looks()
        SENT[kind][0](person.account)
        note = SENT[kind][1] if kind == "pinned" else "talking.only_text"
        await person.sees(content.text(note, "en"))
    kinds = [said["kind"] for who, said in await counsellor.reads() if who == "person" and "kind" in said]
    assert kinds == ["voice", "photo", "other", "other", "pinned"]


async def test_an_album_is_one_message_and_gets_one_answer(
    person: Person, content: Content, sessions: Sessions, server_keys: ServerKeys, world: Telegram
) -> None:
    person.starts()
    await person.sees(content.text("welcome.ask", "en"))
    person.does("sends_album", 5, "he broke my phone")
    await person.sees(content.text("sent.photo", "en"))
    person.writes("/privacy")
    await person.sees(content.text("privacy.text", "en"))
    assert person.screen.count(content.text("sent.photo", "en")) == 1
    said = await what_was_said(person, world, sessions, server_keys)
    assert said[1:6] == [{"kind": "photo", "text": "he broke my phone"}, *[{"kind": "photo"}] * 4]


@pytest.mark.parametrize("how", ["caption", "command", "edited", "reply", "forwarded"])
async def test_danger_is_seen_wherever_it_is_written(person: Person, content: Content, how: str) -> None:
    hello = person.writes("hello")
    await person.sees(content.text("understanding.down", "en"))
    person.looks()
    match how:
        case "caption":
            person.account.sends_photo(caption=DANGER)
        case "command":
            person.account.writes(f"/menu {DANGER}")
        case "edited":
            person.account.edits(hello, DANGER)
        case "reply":
            person.account.writes(DANGER, reply_to=hello)
        case "forwarded":
            hello.content = {"text": DANGER}
            person.account.forwards(hello)
    await person.sees(content.emergency("en", None))


async def test_a_position_that_moves_on_is_not_answered_again(
    person: Person, content: Content, world: Telegram
) -> None:
    person.starts()
    await person.sees(content.text("welcome.ask", "en"))
    person.looks()
    message = person.account.sends(location={"latitude": 43.3209, "longitude": 21.8958, "live_period": 900})
    await person.sees(content.text("unreadable.live", "en"))
    person.looks()
    moved = {**message.to_api(), "location": {"latitude": 43.33, "longitude": 21.9, "live_period": 900}}
    world.updates.push("edited_message", moved)
    person.writes("/privacy")
    await person.sees(content.text("privacy.text", "en"))
    assert person.answers == [content.text("privacy.text", "en")]


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_groups_and_channels_are_left_without_a_word(person: Person, world: Telegram, kind: str) -> None:
    group = world.group("Our street", kind)
    group.adds_bot(person.account)
    group.writes(person.account, "/start")
    group.writes(person.account, "/person he has a knife")
    person.starts()
    await person.sees_button("English")  # answered after the batch was stored, as the groups are left
    person.writes("/menu")
    await person.is_heard()
    assert not group.has_bot
    assert not any(message.from_bot for message in group.log.values())


async def test_odd_texts_are_answered_and_kept_as_they_were_written(
    newcomers: Callable[[int], list[Person]],
    content: Content,
    world: Telegram,
    sessions: Sessions,
    server_keys: ServerKeys,
) -> None:
    for person, (what, text) in zip(newcomers(len(ODD)), ODD.items(), strict=True):
        person.starts()
        await person.sees(content.text("welcome.ask", "en"))
        person.looks()
        person.account.sends(text=text)
        await person.is_heard()
        assert content.text("error.sorry", "en") not in person.screen, what
        assert (await what_was_said(person, world, sessions, server_keys))[-1] == {"text": text}, what


async def test_half_a_character_is_kept_as_unreadable_and_the_rest_of_the_text_is_read(
    person: Person, helpline: Parts, world: Telegram, sessions: Sessions, server_keys: ServerKeys
) -> None:
    """JSON lets such halves through, UTF-8 can't hold them."""
    message = person.account.sends(text="placeholder")
    await person.is_heard()
    update = json.dumps({"update_id": 7, "message": {**message.to_api(), "text": "\ud83d\ude1f he has a knife \udcff"}})
    person.looks()
    await helpline.receiving.store([json.loads(update)])
    await person.sees("192")
    said = await what_was_said(person, world, sessions, server_keys)
    assert said[-1] == {"text": "😟 he has a knife \ufffd"}


async def test_danger_is_read_through_what_nobody_sees(
    newcomers: Callable[[int], list[Person]], content: Content
) -> None:
    hidden = (
        "he has a kn\u200bife",
        "\u202ehe has a knife\u202c",
        "h\u0301e h\u0308as a kni\u0335fe",
        "he\0has a knife",
    )
    for person, text in zip(newcomers(len(hidden)), hidden, strict=True):
        person.account.sends(text=text)
        await person.sees(content.emergency("en", None))


# buttons


async def test_a_button_of_a_message_that_was_deleted_still_works(person: Person, content: Content) -> None:
    person.starts()
    await person.sees_button("Shqip")
    message = next(one for one in person.account.messages if one.button("Shqip"))
    button = message.button("Shqip")
    assert button is not None
    person.account.deletes(message)
    person.looks()
    press = person.account.presses_button(message, button)
    await person.sees(content.text("welcome.ask", "sq"))
    await person.account.until(lambda: press.answered)


async def test_a_press_that_says_nothing_is_answered(person: Person, content: Content, world: Telegram) -> None:
    person.starts()
    await person.sees(content.text("welcome.ask", "en"))
    for data in ({}, {"game_short_name": "chess"}, {"data": ""}, {"data": "x" * 65}, {"data": "of:1999"}):
        person.looks()
        message = {"chat": person.account.to_api(), "message_id": world.new_message_id(), "date": 0}
        query = {"id": world.new_query_id(), "from": person.account.user, "message": message, **data}
        world.updates.push("callback_query", query)
        await person.sees(content.text("menu.old_button", "en"))


async def test_two_devices_that_press_at_once_have_one_effect(
    person: Person, content: Content, counsellor: Counsellor, sessions: Sessions
) -> None:
    person.writes("/person")
    await person.sees_button(content.text("button.skip", "en"))
    person.presses(content.text("button.skip", "en"))
    await person.sees_button(content.text("button.share", "en"))
    person.looks()
    presses = [person.account.presses(content.text("button.share", "en")) for _ in range(2)]
    await person.account.until(lambda: all(getattr(press, "answered", False) for press in presses))
    person.writes("/privacy")
    await person.sees(content.text("privacy.text", "en"))
    assert len(await counsellor.waiting()) == 1
    yes = content.text("waiting.promise", "en", organisation="#", when="#").split("#")[0]
    assert sum(text.startswith(yes) for text in person.screen) == 1
    async with sessions() as session:
        assert await session.scalar(sa.select(sa.func.count(Conversation.id))) == 1


async def test_two_devices_that_choose_at_once_get_one_answer(person: Person, content: Content) -> None:
    person.starts()
    await person.sees_button("Shqip")
    person.looks()
    presses = [person.account.presses("Shqip") for _ in range(2)]
    await person.account.until(lambda: all(getattr(press, "answered", False) for press in presses))
    person.account.writes("/privacy")
    await person.sees(content.text("privacy.text", "sq"))
    assert person.answers.count(content.text("welcome.ask", "sq")) == 1


async def test_an_old_button_after_months_works_or_says_so(person: Person, content: Content, helpline: Parts) -> None:
    person.starts()
    await person.sees_button("Srpski")
    message = next(one for one in person.account.messages if one.button("Srpski"))
    async with helpline.sessions.begin() as session:
        long_ago = datetime(2026, 1, 1, tzinfo=UTC)
        await session.execute(sa.update(Conversation).values(status="closed", closed_at=long_ago, state_locked=None))
    person.looks()
    button = message.button("Srpski")
    assert button is not None
    person.account.presses_button(message, button)
    await person.sees(content.text("welcome.ask", "sr-Latn"))


# another version, and a deploy


async def test_a_conversation_that_another_version_kept_goes_on(
    person: Person, content: Content, helpline: Parts, server_keys: ServerKeys
) -> None:
    person.starts()
    await person.sees(content.text("welcome.ask", "en"))
    kept = {"language": "sq", "step": "menu", "pending": 3, "answers": {"a": 1}, "level": "unheard of", "misses": "2"}
    async with helpline.sessions.begin() as session:
        conversation = (await session.scalars(sa.select(Conversation))).one()
        conversation.state_locked = server_keys.lock(json.dumps(kept).encode(), f"state|{conversation.id}")
    person.writes("hello?")
    await person.sees(content.text("understanding.down", "sq"))


async def test_what_was_stored_before_a_deploy_is_answered_after_it_and_once(
    database_url: str,
    server_keys: ServerKeys,
    bot: Connection,
    clock: Clock,
    content: Content,
    lexicon: Lexicon,
    nlu_url: str,
    world: Telegram,
) -> None:
    person = Person(world.person("en"))
    messages = [person.writes(f"line {number}") for number in range(3)]
    for only in (("receive",), ("receive", "work")):
        stop = asyncio.Event()
        async with put_together(database_url, server_keys, bot, clock, content, lexicon, nlu_url) as parts:
            running = asyncio.create_task(parts.run(stop, only))
            await person.account.until(lambda: person.account.has_read(messages[-1]))
            if "work" in only:
                person.writes("/privacy")
                await person.sees(content.text("privacy.text", "en"))
            stop.set()
            await running
        if "work" not in only:
            assert not any(message.from_bot for message in person.account.messages)
    assert person.screen.count(content.text("understanding.down", "en")) == len(messages)


# commands


async def test_a_link_may_bring_the_language(newcomers: Callable[[int], list[Person]], content: Content) -> None:
    links = {"sq": "sq", "sr": "sr-Latn", "sr-Cyrl": "sr-Cyrl"}
    for person, (payload, language) in zip(newcomers(len(links)), links.items(), strict=True):
        person.account.starts(payload)
        await person.sees(content.text("welcome.ask", language))


async def test_what_else_a_link_carries_is_neither_shown_nor_kept(
    person: Person, content: Content, world: Telegram, sessions: Sessions, server_keys: ServerKeys
) -> None:
    person.account.starts("leaflet_clinic_nis_17")
    await person.sees(content.text("welcome.ask", "en"))
    assert await what_was_said(person, world, sessions, server_keys) == [{"text": "/start"}]
    assert not any("leaflet" in one.text for one in person.account.messages if one.from_bot)


async def test_start_is_known_however_it_is_written(newcomers: Callable[[int], list[Person]], content: Content) -> None:
    ways = ("/START@bridge_demo_bot", "/старт", "\u200f/start", "/start!")
    for person, way in zip(newcomers(len(ways)), ways, strict=True):
        person.account.sends(text=way)
        await person.sees(content.text("welcome.ask", "en"))
        assert person.answers[0].startswith(content.text("language.choose", "en"))


async def test_a_command_in_another_alphabet_is_answered(
    newcomers: Callable[[int], list[Person]], content: Content
) -> None:
    ways = ("/помоћ", "/مساعدة", "/ndihmë")
    for person, way in zip(newcomers(len(ways)), ways, strict=True):
        person.account.sends(text=way)
        await person.is_heard()
        assert content.text("error.sorry", "en") not in person.screen


# many messages in a short time


async def test_a_flood_is_kept_whole_and_answered_with_one_word_and_holds_nobody_up(
    person: Person, content: Content, world: Telegram, sessions: Sessions, server_keys: ServerKeys
) -> None:
    person.starts()
    await person.sees(content.text("welcome.ask", "en"))
    person.looks()
    other = Person(world.person("en"))
    for number in range(199):
        person.account.writes(f"line {number}")
    person.account.writes(DANGER)
    begun = time.monotonic()
    other.writes("hello, is somebody there?")
    await other.sees(content.text("understanding.down", "en"))
    waited = time.monotonic() - begun
    print(f"somebody else's answer beside a flood of 200: {waited:.2f} s")
    assert waited < 2
    await person.account.until(lambda: any("192" in text for text in person.answers), 60)
    assert person.answers.count(content.text("flood.slowly", "en")) == 1
    assert person.answers.count(content.text("understanding.down", "en")) == flood.MOST - 1  # /start was one
    said = await what_was_said(person, world, sessions, server_keys)
    assert [one["text"] for one in said] == ["/start", *(f"line {number}" for number in range(199)), DANGER]
    assert (await conversation_of(person, world, sessions, server_keys)).level == "immediate"


def wrote(at: float, chat: int = 1, album: str | None = None) -> Received:
    return Received(chat, {"type": "wrote"}, sent_at=at, album=album)


def rushes(pace: Pace, *received: Received, begin: int = 0) -> list[str]:
    return [pace.marks(number, what).get("rush", "") for number, what in enumerate(received, begin)]


def test_one_too_many_within_a_minute_is_a_rush_until_it_is_calm_again() -> None:
    pace = Pace()
    fast = [wrote(second) for second in range(flood.MOST + 3)]
    assert rushes(pace, *fast) == [""] * flood.MOST + ["first", "more", "more"]
    assert rushes(pace, wrote(30), begin=100) == ["more"]
    assert rushes(pace, wrote(90), begin=200) == [""]


def test_the_time_that_telegram_names_counts_not_when_it_came() -> None:
    hours = [wrote(3600.0 * hour) for hour in range(50)]
    assert rushes(Pace(), *hours) == [""] * 50


def test_one_who_writes_at_the_limit_is_told_once() -> None:
    every_two_seconds = rushes(Pace(), *(wrote(2.0 * number) for number in range(200)))
    assert every_two_seconds.count("first") == 1
    assert every_two_seconds[flood.MOST + 1 :] == ["more"] * (199 - flood.MOST)


def test_each_chat_has_its_own_pace_and_is_forgotten_after_a_minute() -> None:
    pace = Pace()
    assert rushes(pace, *(wrote(1, chat) for chat in range(100))) == [""] * 100
    assert len(pace._chats) == 100
    pace.marks(1000, wrote(62, 7))
    assert set(pace._chats) == {7}


def test_what_is_brought_again_is_marked_as_before() -> None:
    pace = Pace()
    album = [pace.marks(number, wrote(1, album="a")) for number in range(3)]
    assert album == [{}, {"album": True}, {"album": True}]
    assert [pace.marks(number, wrote(1, album="a")) for number in range(3)] == album


def test_an_album_counts_as_one_message() -> None:
    pace = Pace()
    pictures = [wrote(number / 100, album=f"album {number // 10}") for number in range(10 * flood.MOST)]
    assert rushes(pace, *pictures) == [""] * len(pictures)


def test_the_same_press_within_a_moment_is_one() -> None:
    now = 100.0
    pace = Pace(lambda: now)
    one = Received(1, {"type": "pressed", "value": "do:menu", "message_id": 5})
    other = Received(1, {"type": "pressed", "value": "do:menu", "message_id": 6})
    assert pace.marks(1, one) == {}
    assert pace.marks(2, one) == {"again": True}
    assert pace.marks(3, other) == {}
    now += flood.SAME_PRESS_SECONDS
    assert pace.marks(4, one) == {}


# whatever comes

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("message", "from", "chat", "id", "type", "text", "caption", "location", "latitude"),
                    *("longitude", "date", "photo", "message_id", "data", "venue"),
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(events.ALLOWED_UPDATES), anything)
def test_no_update_makes_anything_but_an_event_or_a_known_error(kind: str, content: Any) -> None:
    update = {"update_id": 1, kind: content}
    try:
        found = events.translate(update, lambda latitude, longitude: events.Municipalities((), False))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        found = events.unreadable(update)
    assert found is None or isinstance(found, Received | Elsewhere)
    if isinstance(found, Received):
        json.dumps(found.event, ensure_ascii=False).encode()


async def conversation_of(person: Person, world: Telegram, sessions: Sessions, keys: ServerKeys) -> Conversation:
    handle = keys.handle(world.bot_id, person.account.id)
    found = sa.select(Conversation).join(PersonRow, PersonRow.id == Conversation.person_id)
    async with sessions() as session:
        return (await session.scalars(found.where(PersonRow.handle == handle))).one()


async def what_was_said(person: Person, world: Telegram, sessions: Sessions, keys: ServerKeys) -> list[dict[str, Any]]:
    """The person's side of the transcript."""
    conversation = await conversation_of(person, world, sessions, keys)
    async with sessions() as session:
        return [one for _, who, one in await transcript(session, keys, conversation) if who == "person"]
