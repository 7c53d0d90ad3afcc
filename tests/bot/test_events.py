"""What of an update is kept: an allow-list, seen through the updates that the local Bot API server makes."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from bot.simulator import Account, Telegram
from bot.telegram.events import Elsewhere, Municipalities, Received, translate


def nearest(latitude: float, longitude: float) -> Municipalities:
    return Municipalities(("nis", "merosina"), near_line=latitude < 43)


@pytest.fixture
def world() -> Telegram:
    return Telegram()


@pytest.fixture
def person(world: Telegram) -> Account:
    return world.person("sq", first_name="Drita", last_name="Berisha", username="drita_b")


async def events(world: Telegram) -> list[Received | Elsewhere | None]:
    updates = await world.updates.get(0, 100, 0)
    return [translate(update, nearest) for update in updates]


async def event(world: Telegram) -> dict[str, Any]:
    received = (await events(world))[-1]
    assert isinstance(received, Received)
    return received.event


async def test_a_text_is_kept_with_the_language_of_the_app_as_a_hint(world: Telegram, person: Account) -> None:
    message = person.writes("Kam nevojë për ndihmë")
    (received,) = await events(world)
    assert received == Received(
        person.id,
        {"type": "wrote", "text": "Kam nevojë për ndihmë", "message_id": message.id, "hint": "sq"},
        message.id,
    )


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("/exit", "exit", ""),
        ("/EXIT", "exit", ""),
        ("/start@bridge_demo_bot", "start", ""),
        ("/place Niš\nMerošina", "place", "Niš\nMerošina"),
        ("/exit!!", "exit", ""),
        ("\u200f/ex\u200bit", "exit", ""),
        ("／exit", "exit", ""),
        ("/старт", "start", ""),
        ("/person he hurt me", "person", "he hurt me"),
        ("/start he hurt me", "start", "he hurt me"),
    ],
)
async def test_commands(world: Telegram, person: Account, text: str, name: str, argument: str) -> None:
    person.writes(text)
    words = {"text": argument} if argument else {}
    assert await event(world) == {"type": "command", "name": name, "argument": argument, "hint": "sq", **words}


@pytest.mark.parametrize(
    ("payload", "hint"),
    [
        ("sr", "sr-Latn"),
        ("sr-Cyrl", "sr-Cyrl"),
        ("SQ", "sq"),
        ("en", "en"),
        ("leaflet_niche_17", "sq"),
        ("x" * 64, "sq"),
    ],
)
async def test_of_what_a_link_carries_only_the_language_is_kept(
    world: Telegram, person: Account, payload: str, hint: str
) -> None:
    person.starts(payload)
    assert await event(world) == {"type": "command", "name": "start", "argument": "", "hint": hint}


@pytest.mark.parametrize("text", ["/192", "/", "/what?", "please /exit", "/помоћ", "/مساعدة", "/ćao"])
async def test_what_only_looks_like_a_command_was_written(world: Telegram, person: Account, text: str) -> None:
    person.writes(text)
    assert (await event(world))["type"] == "wrote"


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("en-GB", "en"),
        ("sq", "sq"),
        ("sr", "sr-Latn"),
        ("sr-Cyrl", "sr-Cyrl"),
        ("hr", "sr-Latn"),
        ("de", None),
    ],
)
async def test_only_our_languages_are_hinted_at(world: Telegram, code: str, hint: str | None) -> None:
    world.person(code).writes("?")
    assert (await event(world)).get("hint") == hint


async def test_a_position_becomes_municipalities(world: Telegram, person: Account) -> None:
    person.sends_location(42.9, 21.9)
    assert await event(world) == {
        "type": "located",
        "places": ["nis", "merosina"],
        "near_line": True,
        "hint": "sq",
    }


@pytest.mark.parametrize(
    ("kind", "sends"),
    [
        ("photo", lambda person: person.sends_photo()),
        ("voice", lambda person: person.sends_voice()),
        ("document", lambda person: person.sends_document()),
        ("video_note", lambda person: person.sends_video_note()),
        ("sticker", lambda person: person.sends_sticker()),
        ("contact", lambda person: person.sends_contact()),
    ],
)
async def test_what_is_no_text_is_named(
    world: Telegram, person: Account, kind: str, sends: Callable[[Account], object]
) -> None:
    sends(person)
    assert await event(world) == {"type": "sent", "kind": kind, "hint": "sq"}


async def test_what_stands_under_a_picture_is_kept(world: Telegram, person: Account) -> None:
    person.sends_photo(caption="he did this")
    assert await event(world) == {"type": "sent", "kind": "photo", "text": "he did this", "hint": "sq"}


async def test_a_changed_text_is_an_event_of_its_own(world: Telegram, person: Account) -> None:
    person.edits(person.writes("helo"), "hello")
    assert await event(world) == {"type": "edited", "text": "hello", "hint": "sq"}


async def test_a_press_carries_the_value_and_what_stood_on_the_button(world: Telegram, person: Account) -> None:
    update = {
        "callback_query": {
            "id": "77",
            "from": person.user,
            "data": "lang:sq",
            "message": {
                "message_id": 5,
                "chat": person.to_api(),
                "reply_markup": {"inline_keyboard": [[{"text": "Shqip", "callback_data": "lang:sq"}]]},
            },
        }
    }
    expected = {"type": "pressed", "value": "lang:sq", "query_id": "77", "message_id": 5, "label": "Shqip"}
    assert translate(update, nearest) == Received(person.id, {**expected, "hint": "sq"})


async def test_blocking_and_unblocking(world: Telegram, person: Account) -> None:
    person.starts()
    person.blocks()
    assert (await event(world))["type"] == "blocked"
    person.unblocks()
    assert (await event(world))["type"] == "unblocked"


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_in_groups_and_channels_nothing_is_heard(world: Telegram, person: Account, kind: str) -> None:
    group = world.group("Our street", kind)
    group.adds_bot(person)
    group.writes(person, "/start")
    found = await events(world)
    assert found
    assert set(found) == {Elsewhere(group.id)}
    group.bot_leaves()
    assert (await events(world))[-1] is None


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"pinned_message": {"message_id": 4, "text": "pinned words"}}, "pinned"),
        ({"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}}, "timer"),
        ({"chat_shared": {"request_id": 1, "chat_id": -77, "title": "Family"}}, "shared"),
        ({"users_shared": {"request_id": 1, "users": [{"user_id": 77}]}}, "shared"),
        ({"write_access_allowed": {}}, "note"),
        ({}, "other"),
    ],
)
def test_what_telegram_notes_in_a_chat_is_named_and_no_more(
    person: Account, content: dict[str, Any], kind: str
) -> None:
    message = {"message_id": 9, "chat": person.to_api(), "from": person.user, "date": 1, **content}
    received = translate({"message": message}, nearest)
    assert isinstance(received, Received)
    assert received.event == {"type": "sent", "kind": kind, "hint": "sq"}


def test_what_nobody_has_heard_of_is_still_something_sent(person: Account) -> None:
    message = {"message_id": 9, "chat": person.to_api(), "from": person.user, "date": 1, "hologram": {"x": 1}}
    received = translate({"message": message}, nearest)
    assert isinstance(received, Received)
    assert received.event == {"type": "sent", "kind": "other", "hint": "sq"}


def test_a_poor_emulator_may_leave_out_much() -> None:
    received = translate({"message": {"message_id": 1, "chat": {"id": 5}, "text": "hi"}}, nearest)
    assert received == Received(5, {"type": "wrote", "text": "hi", "message_id": 1}, 1)


async def test_nothing_that_names_a_person_is_kept(world: Telegram, person: Account) -> None:
    someone = world.person("sr", first_name="Jelena", last_name="Petrović", username="jelena_p")
    message = person.writes("my text")
    person.forwards(message)
    person.writes("an answer", reply_to=message)
    person.sends_contact("+38344111222", "Arben")
    person.sends_location(42.6629, 21.1655)
    person.sends_photo(caption="look")
    person.forwards(someone.writes("words of another"))
    kept = json.dumps([what.event for what in await events(world) if isinstance(what, Received)])
    for secret in (
        "Drita",
        "Berisha",
        "drita_b",
        "Jelena",
        "jelena_p",
        "Arben",
        "38344111222",
        "42.66",
        "21.16",
    ):
        assert secret not in kept
    assert str(person.id) not in kept
