"""From a row of the outbox to a call of the Bot API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.telegram import errors
from responses.message import Message

PRESS_SECONDS: Final = 2.0

Payload = Mapping[str, Any]
_AT_ONCE = 100
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def payload(message: Message) -> dict[str, Any]:
    """A message as the outbox keeps it."""
    return {
        "text": message.text,
        "buttons": [[{"label": b.label, "value": b.value} for b in row] for row in message.buttons],
        "keyboard": None if message.keyboard is None else [list(row) for row in message.keyboard],
    }


async def send(bot: Bot, chat_id: int, what: Payload) -> int:
    """Sends a text with its buttons or keyboard and gives the message's id. Raises TelegramError."""
    sent = await bot.send_message(
        chat_id, str(what["text"]), reply_markup=_markup(what), link_preview_options=_NO_PREVIEW
    )
    return sent.message_id


async def delete(bot: Bot, chat_id: int, message_ids: Sequence[int]) -> list[int]:
    """Deletes messages; gives the ids of those refused for another reason than being gone or too old.

    Raises TelegramError when it isn't known what became of one; all of it can be done again without harm.
    """
    if len(message_ids) > 1 and await _delete_at_once(bot, chat_id, message_ids):
        return []
    refused = []
    for message_id in message_ids:
        try:
            await bot.delete_message(chat_id, message_id)
        except BadRequest as failure:
            if errors.meaning(failure) != errors.Refused("no such message"):
                refused.append(message_id)
    return refused


async def _delete_at_once(bot: Bot, chat_id: int, message_ids: Sequence[int]) -> bool:
    """Deletes by the hundred, which is quick; False where that isn't known, or one of them stops all."""
    for start in range(0, len(message_ids), _AT_ONCE):
        try:
            await bot.delete_messages(chat_id, message_ids[start : start + _AT_ONCE])
        except (BadRequest, InvalidToken):
            return False
    return True


async def press(bot: Bot, query_id: str) -> None:
    """Ends the little clock on a pressed button; it is no harm if that fails, but the answer waits for it."""
    try:
        await bot.answer_callback_query(query_id, read_timeout=PRESS_SECONDS, connect_timeout=PRESS_SECONDS)
    except TelegramError:
        return


def _markup(what: Payload) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None:
    if what.get("buttons"):
        return InlineKeyboardMarkup(
            [[InlineKeyboardButton(b["label"], callback_data=b["value"]) for b in row] for row in what["buttons"]]
        )
    keyboard = what.get("keyboard")
    if keyboard:
        return ReplyKeyboardMarkup(keyboard, resize_keyboard=True, is_persistent=True)
    # an empty keyboard is one that shall go: what it said must not stay on a screen that somebody else reads
    return None if keyboard is None else ReplyKeyboardRemove()
