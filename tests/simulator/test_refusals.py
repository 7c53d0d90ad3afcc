"""What the local Bot API server refuses, in Telegram's words."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from bot.simulator import Account, Serving, Telegram, samples
from tests.simulator.conftest import Wire

Call = Callable[[Bot, int], Awaitable[object]]


def _keys(*buttons: InlineKeyboardButton) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([list(buttons)])


def _says(**parameters: Any) -> Call:
    return lambda bot, chat_id: bot.send_message(chat_id, **{"text": "hello", **parameters})


def _html(text: str) -> Call:
    return _says(text=text, parse_mode="HTML")


def _markdown(text: str) -> Call:
    return _says(text=text, parse_mode="MarkdownV2")


def _bold(offset: int, length: int) -> Call:
    return _says(text="🙂 hello", entities=[MessageEntity("bold", offset, length)])


REFUSALS: dict[str, tuple[Call, str]] = {
    "no text": (_says(text=""), "message text is empty"),
    "white text": (_says(text=" \n "), "text must be non-empty"),
    "empty tags": (_html("<b> </b>"), "text must be non-empty"),
    "4097 units": (_says(text="a" * 4095 + "🙂"), "message is too long"),
    "32 KiB": (_says(text="ш" * 17_000), "text is too long"),
    "parse mode": (_says(parse_mode="bbcode"), "unsupported parse_mode"),
    "unclosed tag": (
        _html("<b>x"),
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    "unknown tag": (
        _html("ш <h1>x</h1>"),
        'can\'t parse entities: Unsupported start tag "h1" at byte offset 3',
    ),
    "crossed tags": (
        _html("<b><i>x</b></i>"),
        'can\'t parse entities: Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
    ),
    "end tag alone": (_html("x</b>"), "can't parse entities: Unexpected end tag at byte offset 1"),
    "less than": (_html("1 < 2"), 'can\'t parse entities: Unsupported start tag "" at byte offset 2'),
    "lone bracket": (_html("a <b"), "can't parse entities: Unclosed start tag at byte offset 2"),
    "open star": (_markdown("*x"), "can't parse entities: Can't find end of Bold entity at byte offset 0"),
    "bare dot": (
        _markdown("x."),
        "can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'",
    ),
    "open link": (
        _markdown("[x](http://a.rs"),
        "can't parse entities: Can't find end of a URL at byte offset 4",
    ),
    "entity late": (_bold(9, 1), "entity begins after the end of the text at UTF-16 offset 9"),
    "entity long": (
        _bold(3, 9),
        "entity beginning at UTF-16 offset 3 ends after the end of the text at UTF-16 offset 12",
    ),
    "entity inside a symbol": (
        _bold(1, 3),
        "entity begins in a middle of a UTF-16 symbol at byte offset 0",
    ),
    "65 bytes": (
        _says(reply_markup=_keys(InlineKeyboardButton("x", callback_data="ш" * 32 + "x"))),
        "BUTTON_DATA_INVALID",
    ),
    "empty data": (
        _says(reply_markup='{"inline_keyboard": [[{"text": "x", "callback_data": ""}]]}'),
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    "button without text": (
        _says(reply_markup='{"inline_keyboard": [[{"callback_data": "x"}]]}'),
        "can't parse inline keyboard button: Can't find field \"text\"",
    ),
    "flat keyboard": (
        _says(reply_markup='{"inline_keyboard": [{"text": "x", "callback_data": "x"}]}'),
        'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    ),
    "broken markup": (_says(reply_markup="{"), "can't parse reply keyboard markup JSON object"),
    "telephone button": (
        _says(reply_markup=_keys(InlineKeyboardButton("Call", url="tel:192"))),
        "inline keyboard button URL 'tel:192' is invalid: Unsupported URL protocol",
    ),
    "local button": (
        _says(reply_markup=_keys(InlineKeyboardButton("Open", url="http://localhost/"))),
        "inline keyboard button URL 'http://localhost/' is invalid: Wrong HTTP URL",
    ),
    "reply to nothing": (_says(reply_parameters=ReplyParameters(999_999)), "message to be replied not found"),
    "edit of nothing": (
        lambda bot, chat_id: bot.edit_message_text("x", chat_id, 999_999),
        "message to edit not found",
    ),
    "edit with a reply keyboard": (
        lambda bot, chat_id: bot.edit_message_text(
            "x",
            chat_id,
            999_999,
            reply_markup=ReplyKeyboardMarkup([["x"]]),  # type: ignore[arg-type]
        ),
        "inline keyboard expected",
    ),
    "deletion of nothing": (
        lambda bot, chat_id: bot.delete_message(chat_id, 999_999),
        "message to delete not found",
    ),
    "no ids": (
        lambda bot, chat_id: bot.delete_messages(chat_id, []),
        "message identifiers are not specified",
    ),
    "101 ids": (
        lambda bot, chat_id: bot.delete_messages(chat_id, list(range(1, 102))),
        "too many message identifiers specified",
    ),
    "id 0": (
        lambda bot, chat_id: bot.delete_messages(chat_id, [0]),
        "invalid message identifier specified",
    ),
    "unknown action": (
        lambda bot, chat_id: bot.send_chat_action(chat_id, "dancing"),
        "wrong parameter action in request",
    ),
    "unknown query": (
        lambda bot, _: bot.answer_callback_query("1"),
        "query is too old and response timeout expired or query ID is invalid",
    ),
    "unknown file": (lambda bot, _: bot.get_file("nothing"), "invalid file_id"),
    "private chat": (lambda bot, chat_id: bot.leave_chat(chat_id), "can't leave private chats"),
    "no picture": (lambda bot, chat_id: bot.send_photo(chat_id, b"text"), "IMAGE_PROCESS_FAILED"),
    "no file": (lambda bot, chat_id: bot.send_document(chat_id, b""), "file must be non-empty"),
    "wrong file id": (
        lambda bot, chat_id: bot.send_photo(chat_id, "nothing"),
        "wrong file identifier/HTTP URL specified",
    ),
    "file elsewhere": (
        lambda bot, chat_id: bot.send_photo(chat_id, "https://example.org/a.jpg"),
        "failed to get HTTP URL content",
    ),
    "long caption": (
        lambda bot, chat_id: bot.send_photo(chat_id, samples.photo(), caption="a" * 1025),
        "message caption is too long",
    ),
    "command": (lambda bot, _: bot.set_my_commands([("Help!", "x")]), "BOT_COMMAND_INVALID"),
    "command without words": (
        lambda bot, _: bot.set_my_commands([("help", " ")]),
        "command description must be non-empty",
    ),
    "language": (
        lambda bot, _: bot.set_my_commands([("help", "x")], language_code="serbian"),
        "invalid language code specified",
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
async def test_refused_with_400(name: str, bot: Bot, wire: Wire, person: Account) -> None:
    call, expected = REFUSALS[name]
    shown = len(person.messages)
    with pytest.raises(BadRequest):
        await call(bot, person.id)
    assert wire.description == f"Bad Request: {expected}"
    assert len(person.messages) == shown


async def test_4096_units_are_sent(bot: Bot, person: Account) -> None:
    await bot.send_message(person.id, "a" * 4094 + "🙂")
    await bot.send_message(person.id, f"<b>{'a' * 4096}</b>", parse_mode="HTML")
    assert len(person.last_reply) == 4096


async def test_buttons_without_a_text_are_dropped_silently(bot: Bot, person: Account) -> None:
    keys = [InlineKeyboardButton("", callback_data="a"), InlineKeyboardButton("b", callback_data="b" * 64)]
    await bot.send_message(person.id, "x", reply_markup=_keys(*keys))
    assert person.buttons == ["b"]


async def test_what_did_not_change_is_not_edited(bot: Bot, person: Account) -> None:
    keys = _keys(InlineKeyboardButton("Yes", callback_data="yes"))
    sent = await bot.send_message(person.id, "same", reply_markup=keys)
    expected = "Message is not modified: specified new message content and reply markup are exactly the same"
    with pytest.raises(BadRequest, match=expected):
        await bot.edit_message_text("same", person.id, sent.message_id, reply_markup=keys)
    with pytest.raises(BadRequest, match=expected):
        await bot.edit_message_reply_markup(person.id, sent.message_id, reply_markup=keys)


async def test_only_own_texts_without_a_reply_keyboard_are_edited(bot: Bot, person: Account) -> None:
    keyed = await bot.send_message(person.id, "x", reply_markup=ReplyKeyboardMarkup([["a"]]))
    photo = await bot.send_photo(person.id, samples.photo())
    for message_id in (person.messages[0].id, keyed.message_id):
        with pytest.raises(BadRequest, match="Message can't be edited"):
            await bot.edit_message_text("y", person.id, message_id)
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("y", person.id, photo.message_id)


async def test_after_48_hours_nothing_is_deleted(bot: Bot, world: Telegram, person: Account) -> None:
    old = await bot.send_message(person.id, "old")
    world.clock.advance(timedelta(hours=48, seconds=1))
    young = await bot.send_message(person.id, "young")
    with pytest.raises(BadRequest, match="Message can't be deleted for everyone"):
        await bot.delete_message(person.id, old.message_id)
    with pytest.raises(BadRequest, match="Message can't be deleted for everyone"):
        await bot.delete_messages(person.id, [young.message_id, old.message_id])
    assert person.replies == ["old", "young"]


async def test_a_press_can_be_answered_for_a_while_only(bot: Bot, world: Telegram, person: Account) -> None:
    await bot.send_message(person.id, "x", reply_markup=_keys(InlineKeyboardButton("Yes", callback_data="y")))
    person.presses("Yes")
    query = (await bot.get_updates(timeout=5))[-1].callback_query
    assert query is not None
    await query.answer()
    world.clock.advance(timedelta(minutes=2))
    with pytest.raises(BadRequest, match="Query is too old and response timeout expired"):
        await query.answer()


async def test_whom_the_bot_may_not_write_to(bot: Bot, world: Telegram, person: Account) -> None:
    stranger, neighbour = world.person(), world.person()
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(stranger.id, "hello")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message("@nobody", "hello")
    group = world.group("Neighbours")
    group.adds_bot(neighbour)
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(neighbour.id, "hello")
    await bot.leave_chat(group.id)
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.send_message(group.id, "hello")
    person.blocks()
    for call in (
        bot.send_message(person.id, "hello"),
        bot.send_photo(person.id, samples.photo()),
        bot.send_chat_action(person.id, "typing"),
    ):
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await call
    person.unblocks()
    await bot.send_message(person.id, "hello")
    assert person.last_reply == "hello"


async def test_wrong_tokens(server: Serving) -> None:
    for token, expected in (("123:wrong", "Unauthorized"), ("wrong", "Not Found"), ("0:x", "Not Found")):
        with pytest.raises(TelegramError) as refusal:
            await Bot(token, base_url=server.base_url).get_me()
        assert isinstance(refusal.value, InvalidToken)
        assert expected in refusal.value.message


async def test_the_answers_on_the_wire(server: Serving, person: Account) -> None:
    token = server.telegram.token
    async with httpx.AsyncClient(base_url=server.url) as client:
        unknown = await client.get(f"/bot{token}/sendPoll")
        assert (unknown.status_code, unknown.json()) == (
            404,
            {"ok": False, "error_code": 404, "description": "Not Found: method not found"},
        )
        wrong = await client.get("/bot1:x/getMe")
        assert (wrong.status_code, wrong.json()) == (
            401,
            {"ok": False, "error_code": 401, "description": "Unauthorized"},
        )
        for path in (f"/bot{token}", "/botx/getMe", "/elsewhere"):
            assert (await client.get(path)).json()["description"] == "Not Found"
        sent = [
            await client.get(f"/bot{token}/SENDMESSAGE", params={"chat_id": person.id, "text": "query"}),
            await client.post(f"/bot{token}/sendmessage", data={"chat_id": str(person.id), "text": "form"}),
            await client.post(
                f"/bot{token}/sendMessage",
                json={
                    "chat_id": person.id,
                    "text": "json",
                    "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]},
                },
            ),
            await client.post(
                f"/bot{token}/sendMessage",
                files={"chat_id": (None, str(person.id)), "text": (None, "multipart")},
            ),
        ]
        assert [answer.json()["ok"] for answer in sent] == [True] * 4
        assert person.replies == ["query", "form", "json", "multipart"]
        broken = await client.post(
            f"/bot{token}/sendMessage", content="[", headers={"content-type": "application/json"}
        )
        assert broken.json()["description"] == "Bad Request: JSON object expected"
        assert (await client.post(f"/bot{token}/getUpdates")).json()["ok"]
        file = await client.get(f"/file/bot{token}/photos/none.jpg")
        assert (file.status_code, json.loads(file.content)["ok"]) == (404, False)
