"""From an update of Telegram to an event of the helpline, by an allow-list.

What is not named here is never looked at: no name, username, phone number, forward origin or reply leaves
this module, and a position leaves it only as municipalities.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from nlu_data.normalise import fold
from responses import languages

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
# What Telegram says in a chat when a person changed something there, and nothing else is in the message.
_SERVICE: Final = re.compile(
    r"new_chat_.*|left_chat_.*|delete_chat_photo|.*_chat_created|migrate_.*|pinned_message|.*_auto_delete_.*|"
    r"users?_shared|chat_shared|connected_website|write_access_allowed|passport_data|proximity_alert_triggered|"
    r"boost_added|chat_background_set|forum_topic_.*|general_forum_.*|video_chat_.*|web_app_data|gift|unique_gift|"
    r"successful_payment|refunded_payment|giveaway_c.*|paid_message_.*|direct_message_.*|checklist_tasks_.*|"
    r"suggested_post_.*"
)
_NOTES: Final = {
    "pinned_message": "pinned",
    "message_auto_delete_timer_changed": "timer",
    **dict.fromkeys(("chat_shared", "user_shared", "users_shared"), "shared"),
}
_COMMAND: Final = re.compile(r"/([^\W\d_]\w{0,31})(?:@\w+)?([!?.,…]*)")
_LATIN: Final = re.compile("[a-z0-9_]+")
# What a link can carry behind /start; anything else there was written by hand.
_PAYLOAD: Final = re.compile("[A-Za-z0-9_-]{1,64}")
_HINTS: Final = {
    "en": "en",
    "sq": "sq",
    "sr": "sr-Latn",
    "sr-latn": "sr-Latn",
    "sr-cyrl": "sr-Cyrl",
    **dict.fromkeys(("sh", "bs", "hr", "cnr"), "sr-Latn"),
    **{code: code for code, one in languages.KNOWN.items() if one.core},
}
_HALF: Final = re.compile("[\ud800-\udfff]")
MAX_VALUE_BYTES: Final = 64
MENU: Final = ("start", "menu", "person", "language", "place", "quiet", "privacy", "exit", "forget")
COMMANDS: Final = (*MENU, "help")
ALLOWED_UPDATES: Final = ("message", "edited_message", "channel_post", "callback_query", "my_chat_member")


@dataclass(frozen=True, slots=True)
class Municipalities:
    """What is left of a position: the ids of the nearest places, and whether the line is near."""

    ids: tuple[str, ...]
    near_line: bool


Nearest = Callable[[float, float], Municipalities]


@dataclass(frozen=True, slots=True)
class Received:
    """Something that a person did: in which chat, the event as stored, the message to delete one day.

    Two things are for the receiver's eyes and never stored: `sent_at`, Telegram's own time of it (seconds since 1970),
    and `album`, what the pictures of one album have in common.
    """

    chat_id: int
    event: dict[str, Any]
    message_id: int | None = None
    sent_at: float | None = field(default=None, compare=False)
    album: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The bot was met in a group or channel, where it has nothing to do and leaves."""

    chat_id: int


def translate(update: Json, nearest: Nearest) -> Received | Elsewhere | None:
    """The event of an update, or None for what the helpline has no use for (another bot, a position that moved on).

    Raises KeyError, TypeError, AttributeError, ValueError or OverflowError for an update that is none.
    """
    update = _whole(update)
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


def unreadable(update: Json) -> Received | None:
    """What is left of a message that `translate` can't read: that somebody sent something. None if it has no sender."""
    try:
        message = update["message"]
        chat, sender = message["chat"], message.get("from") or {}
        if chat.get("type", "private") != "private" or sender.get("is_bot"):
            return None
        return Received(int(chat["id"]), {"type": "sent", "kind": "other", **_hint(sender)}, int(message["message_id"]))
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError):
        return None


def _whole(value: Any) -> Any:
    """The same with whole characters: halves of a pair are joined, and one that stands alone is marked as unreadable.

    Such a half comes through JSON, but no UTF-8 can hold it, so nothing after this could store it.
    """
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _HALF.search(value) else value
    if isinstance(value, Mapping):
        return {name: _whole(one) for name, one in value.items()}
    return [_whole(one) for one in value] if isinstance(value, list) else value


def _private(message: Json) -> Elsewhere | None:
    chat = message["chat"]
    left = "left_chat_member" in message  # leaving makes a last message: no reason to leave once more
    return None if chat.get("type", "private") == "private" or left else Elsewhere(int(chat["id"]))


def _message(message: Json, nearest: Nearest) -> Received | None:
    sender = message.get("from") or {}
    if sender.get("is_bot") or message["chat"].get("type", "private") != "private":
        return None
    event = _content(message, nearest)
    return Received(
        int(message["chat"]["id"]),
        {**_hint(sender), **event},
        int(message["message_id"]),
        _time(message.get("date")),
        str(message["media_group_id"]) if message.get("media_group_id") else None,
    )


def _time(given: Any) -> float | None:
    return float(given) if isinstance(given, int) and not isinstance(given, bool) else None


def _content(message: Json, nearest: Nearest) -> dict[str, Any]:
    if message.get("text"):
        return _text(str(message["text"]), int(message["message_id"]))
    position = message.get("location") or (message.get("venue") or {}).get("location")
    if position:
        near = nearest(float(position["latitude"]), float(position["longitude"]))
        live = {"live": True} if (message.get("location") or {}).get("live_period") else {}
        return {"type": "located", "places": list(near.ids), "near_line": near.near_line, **live}
    caption = {"text": str(message["caption"])} if message.get("caption") else {}
    for kind in _KINDS:
        if kind in message:
            return {"type": "sent", "kind": kind, **caption}
    noted = [name for name in message if not _FRAME.fullmatch(name) and _SERVICE.fullmatch(name)]
    if noted:
        return {"type": "sent", "kind": next((_NOTES[name] for name in noted if name in _NOTES), "note")}
    # Telegram leaves out what is newer than this Bot API: then nothing is in the message, and still it was sent
    return {"type": "sent", "kind": "other", **caption}


def _text(text: str, message_id: int) -> dict[str, Any]:
    first, *rest = text.split(maxsplit=1) or [""]
    name = _command(first)
    if name is None:
        return {"type": "wrote", "text": text, "message_id": message_id}
    command, words = {"type": "command", "name": name, "argument": ""}, "".join(rest).strip()
    if name == "start" and _PAYLOAD.fullmatch(words):
        return {**command, **_hinted(words)}  # from a link, which perhaps says where it was found: not kept
    # what else stands behind a command is read as any words are
    return {**command, "argument": words, "text": words} if words else command


def _command(first: str) -> str | None:
    """The command that the first word of a text is; None if it is none.

    In Latin letters it may be any; one of ours also in Cyrillic ("/старт"), with marks behind it ("/exit!") or with
    invisible ones in it.
    """
    shown = "".join(one for one in unicodedata.normalize("NFKC", first) if unicodedata.category(one) != "Cf")
    found = _COMMAND.fullmatch(shown)
    if found is None:
        return None
    name, marks = found[1].lower(), found[2]
    if _LATIN.fullmatch(name) and not marks:
        return name
    name = fold(name)
    return name if name in COMMANDS else None


def _edited(message: Json) -> Received | None:
    text = message.get("text") or message.get("caption")
    sender = message.get("from") or {}
    if not text or sender.get("is_bot"):
        return None  # a live position that moved, a button that went: nothing was said
    event = {"type": "edited", "text": str(text), **_hint(sender)}
    return Received(int(message["chat"]["id"]), event, sent_at=_time(message.get("edit_date")))


def _pressed(query: Json) -> Received | Elsewhere:
    message = query.get("message") or {}
    value = query.get("data")
    sender = query["from"]
    chat = message.get("chat") or {"id": sender["id"]}
    if chat.get("type", "private") != "private":
        return Elsewhere(int(chat["id"]))
    if not isinstance(value, str) or len(value.encode()) > MAX_VALUE_BYTES:
        value = ""  # none of our buttons: it is answered as an old one
    event: dict[str, Any] = {"type": "pressed", "value": value, "query_id": str(query["id"])}
    if "message_id" in message:
        event["message_id"] = int(message["message_id"])
    label = _label(message, value) if value else "?"
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
    return _hinted(str(sender.get("language_code") or ""))


def _hinted(code: str) -> dict[str, str]:
    hint = _HINTS.get(code.lower()) or _HINTS.get(code.lower().partition("-")[0])
    return {"hint": hint} if hint else {}
