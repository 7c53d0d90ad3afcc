"""Reply markup: inline keyboards, reply keyboards, their removal and forced replies.

A markup is kept as the Bot API writes it, without what Telegram drops.
"""

from __future__ import annotations

from typing import Final

from bot.simulator import errors, hypertext, parameters
from bot.simulator.parameters import Json

MAX_DATA_BYTES: Final = 64
_ROW: Final = 12
_ALL: Final = 300


def markup(value: object, *, only_inline: bool = False) -> Json | None:
    """The checked markup, None when nothing is left of it; raises Refusal.

    `only_inline`: a message that is edited takes inline keyboards alone.
    """
    if value is None:
        return None
    if not isinstance(value, dict):
        raise errors.bad_request("Object expected as reply markup")
    keyboard = _rows(value, "keyboard")
    inline = _rows(value, "inline_keyboard")
    result: Json | None = None
    if keyboard:
        rows = [[_key(button) for button in row] for row in keyboard]
        result = {"keyboard": _limited(rows)}
        for option in ("is_persistent", "resize_keyboard", "one_time_keyboard"):
            if _flag(value, option):
                result[option] = True
        _placeholder(value, result)
    elif inline:
        result = {"inline_keyboard": _limited([[_inline(button) for button in row] for row in inline])}
    elif _flag(value, "remove_keyboard") or _flag(value, "hide_keyboard"):
        result = {"remove_keyboard": True}
    elif _flag(value, "force_reply"):
        result = {"force_reply": True}
        _placeholder(value, result)
    if result is None:
        return None
    if only_inline and "inline_keyboard" not in result:
        raise errors.bad_request("Inline keyboard expected")
    if result.get("keyboard") == [] or result.get("inline_keyboard") == []:
        return None
    _check(result)
    return result


def _rows(value: Json, name: str) -> list[list[object]]:
    rows = value.get(name)
    if rows is None:
        return []
    if not isinstance(rows, list):
        raise errors.bad_request(f'Field "{name}" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        of = " of the InlineKeyboardMarkup" if name == "inline_keyboard" else ""
        raise errors.bad_request(f'Field "{name}"{of} must be an Array of Arrays')
    return rows


def _flag(value: Json, name: str) -> bool:
    try:
        return bool(parameters.field(value, name, bool, False))
    except ValueError as reason:
        raise errors.bad_request(str(reason)) from None


def _placeholder(value: Json, result: Json) -> None:
    placeholder = value.get("input_field_placeholder")
    if isinstance(placeholder, str) and placeholder:
        result["input_field_placeholder"] = placeholder


def _key(button: object) -> Json:
    if isinstance(button, str):
        return {"text": button}
    if not isinstance(button, dict):
        raise errors.bad_request("Can't parse keyboard button: KeyboardButton must be a String or an Object")
    try:
        result: Json = {"text": parameters.field(button, "text", str, required=True)}
        for request in ("request_contact", "request_location"):
            if parameters.field(button, request, bool, False):
                result[request] = True
    except ValueError as reason:
        raise errors.bad_request(f"Can't parse keyboard button: {reason}") from None
    return result


def _inline(button: object) -> Json:
    problem = "Can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise errors.bad_request(f"{problem}InlineKeyboardButton must be an Object")
    try:
        text = parameters.field(button, "text", str, required=True)
        url = parameters.field(button, "url", str, "")
        data = parameters.field(button, "callback_data", str, "")
    except ValueError as reason:
        raise errors.bad_request(f"{problem}{reason}") from None
    if url:
        return {"text": text, "url": url}
    if data:
        return {"text": text, "callback_data": data}
    copied = button.get("copy_text")
    if isinstance(copied, dict):
        return {"text": text, "copy_text": {"text": str(copied.get("text", ""))}}
    raise errors.bad_request(f"{problem}Text buttons are unallowed in the inline keyboard")


def _limited(rows: list[list[Json]]) -> list[list[Json]]:
    """Buttons without a text and those beyond 12 in a row or 300 in all are dropped silently."""
    left = _ALL
    kept = []
    for row in rows:
        buttons = [button for button in row if button["text"]][: min(_ROW, left)]
        left -= len(buttons)
        if buttons:
            kept.append(buttons)
    return kept


def _check(result: Json) -> None:
    for row in result.get("inline_keyboard", []):
        for button in row:
            if len(button.get("callback_data", "").encode()) > MAX_DATA_BYTES:
                raise errors.bad_request("BUTTON_DATA_INVALID")
            if "url" in button and (fault := hypertext.link_fault(button["url"])):
                raise errors.bad_request(f"Inline keyboard button URL '{button['url']}' is invalid: {fault}")
            if "copy_text" in button and not 0 < len(button["copy_text"]["text"]) <= 256:
                raise errors.bad_request("BUTTON_COPY_TEXT_INVALID")
