"""From an update of Telegram to an event of the helpline, by an allow-list.

What is not named here is never looked at: no name, username, phone number, forward origin or reply leaves
this module, and a position leaves it only as municipalities.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

Json = Mapping[str, Any]

# What was sent, by the field that holds it; an animation has a document beside it, so it stands first.
_KINDS: Final = (
    *("photo", "voice", "video_note", "video", "audio", "animation", "document", "sticker", "contact"),
    *("poll", "dice", "game", "story", "paid_media", "checklist", "giveaway", "invoice"),
)
# What a message carries beside its content.
_FRAME: Final = re.compile(
    r"message_id|from|chat|date|edit_date|sender_chat|reply_to_.*|via_bot|quote|external_reply|forward_.*|"
    r"has_.*|is_.*|author_signature|effect_id|reply_markup|link_preview_options|message_thread_id|"
    r"business_connection_id|media_group_id|show_caption_above_media"
)
# What Telegram says in a chat by itself: nobody wrote it, so it gets no answer.
_SERVICE: Final = re.compile(
    r"new_chat_.*|left_chat_.*|delete_chat_photo|.*_chat_created|migrate_.*|pinned_message|.*_auto_delete_.*|"
    r"users?_shared|chat_shared|connected_website|write_access_allowed|passport_data|proximity_alert_triggered|"
    r"boost_added|chat_background_set|forum_topic_.*|general_forum_.*|video_chat_.*|web_app_data|gift|unique_gift|"
    r"successful_payment|refunded_payment|giveaway_c.*|paid_message_.*|direct_message_.*|checklist_tasks_.*|"
    r"suggested_post_.*"
)
_COMMAND: Final = re.compile(r"/([A-Za-z][A-Za-z0-9_]{0,31})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
_HINTS: Final = {
    "en": "en",
    "sq": "sq",
    "sr": "sr-Latn",
    "sr-latn": "sr-Latn",
    "sr-cyrl": "sr-Cyrl",
    **dict.fromkeys(("sh", "bs", "hr", "cnr"), "sr-Latn"),
}
MAX_VALUE_BYTES: Final = 64
ALLOWED_UPDATES: Final = ("message", "edited_message", "channel_post", "callback_query", "my_chat_member")


@dataclass(frozen=True, slots=True)
class Municipalities:
    """What is left of a position: the ids of the nearest places, and whether the line is near."""

    ids: tuple[str, ...]
    near_line: bool


Nearest = Callable[[float, float], Municipalities]


@dataclass(frozen=True, slots=True)
class Received:
    """Something that a person did: in which chat, the event as stored, the message to delete one day."""

    chat_id: int
    event: dict[str, Any]
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The bot was met in a group or channel, where it has nothing to do and leaves."""

    chat_id: int


def translate(update: Json, nearest: Nearest) -> Received | Elsewhere | None:
    """The event of an update, or None for what the helpline has no use for (a service note, another bot).

    Raises KeyError, TypeError or ValueError for an update that is none.
    """
    if (message := update.get("message")) is not None:
        return _private(message) or _message(message, nearest)
    if (message := update.get("edited_message")) is not None:
        return _private(message) or _edited(message)
    if (post := update.get("channel_post")) is not None:
        return Elsewhere(int(post["chat"]["id"]))
    if (query := update.get("callback_query")) is not None:
        return _pressed(query)
    if (change := update.get("my_chat_member")) is not None:
        return _membership(change)
    return None


def _private(message: Json) -> Elsewhere | None:
    chat = message["chat"]
    left = "left_chat_member" in message  # leaving makes a last message: no reason to leave once more
    return None if chat.get("type", "private") == "private" or left else Elsewhere(int(chat["id"]))


def _message(message: Json, nearest: Nearest) -> Received | None:
    sender = message.get("from") or {}
    if sender.get("is_bot") or message["chat"].get("type", "private") != "private":
        return None
    event = _content(message, nearest)
    if event is None:
        return None
    return Received(int(message["chat"]["id"]), {**event, **_hint(sender)}, int(message["message_id"]))


def _content(message: Json, nearest: Nearest) -> dict[str, Any] | None:
    if message.get("text"):
        return _text(str(message["text"]), int(message["message_id"]))
    position = message.get("location") or (message.get("venue") or {}).get("location")
    if position:
        near = nearest(float(position["latitude"]), float(position["longitude"]))
        return {"type": "located", "places": list(near.ids), "near_line": near.near_line}
    caption = {"text": str(message["caption"])} if message.get("caption") else {}
    for kind in _KINDS:
        if kind in message:
            return {"type": "sent", "kind": kind, **caption}
    content = [name for name in message if not _FRAME.fullmatch(name)]
    if not content or any(_SERVICE.fullmatch(name) for name in content):
        return None
    return {"type": "sent", "kind": "other", **caption}


def _text(text: str, message_id: int) -> dict[str, Any]:
    command = _COMMAND.fullmatch(text)
    if command is not None:
        return {"type": "command", "name": command[1].lower(), "argument": (command[2] or "").strip()}
    return {"type": "wrote", "text": text, "message_id": message_id}


def _edited(message: Json) -> Received | None:
    text = message.get("text") or message.get("caption")
    sender = message.get("from") or {}
    if not text or sender.get("is_bot"):
        return None  # a live position that moved, a button that went: nothing was said
    return Received(int(message["chat"]["id"]), {"type": "edited", "text": str(text), **_hint(sender)})


def _pressed(query: Json) -> Received | None:
    message = query.get("message") or {}
    value = query.get("data")
    sender = query["from"]
    chat = message.get("chat") or {"id": sender["id"]}
    if chat.get("type", "private") != "private" or not isinstance(value, str) or not value:
        return None
    if len(value.encode()) > MAX_VALUE_BYTES:
        return None
    event: dict[str, Any] = {"type": "pressed", "value": value, "query_id": str(query["id"])}
    if "message_id" in message:
        event["message_id"] = int(message["message_id"])
    label = _label(message, value)
    return Received(int(chat["id"]), {**event, **({"label": label} if label else {}), **_hint(sender)})


def _label(message: Json, value: str) -> str | None:
    """What stood on the button, as the bot itself wrote it."""
    rows = (message.get("reply_markup") or {}).get("inline_keyboard") or ()
    return next((str(key["text"]) for row in rows for key in row if key.get("callback_data") == value), None)


def _membership(change: Json) -> Received | Elsewhere | None:
    chat, status = change["chat"], change["new_chat_member"]["status"]
    if chat.get("type", "private") != "private":
        return None if status in {"left", "kicked"} else Elsewhere(int(chat["id"]))
    event = {"type": "blocked" if status in {"left", "kicked"} else "unblocked"}
    return Received(int(chat["id"]), {**event, **_hint(change.get("from") or {})})


def _hint(sender: Json) -> dict[str, str]:
    """The language of the person's app, if it is one of ours: it preselects, it never decides."""
    code = str(sender.get("language_code") or "").lower()
    hint = _HINTS.get(code) or _HINTS.get(code.partition("-")[0])
    return {"hint": hint} if hint else {}
