"""Formatted text: what Telegram makes of a text, a parse mode and explicit entities.

Offsets and lengths count UTF-16 code units; the positions in refusals count bytes, both as Telegram does.
Of the parse modes HTML and MarkdownV2 are known (the legacy "Markdown" isn't used by the bot).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bot.simulator import errors, hypertext, markdown, parameters

MAX_BYTES: Final = 1 << 15
_DETECTED: Final = frozenset(
    {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number"}
)
_PLAIN: Final = frozenset(
    {"bold", "italic", "underline", "strikethrough", "spoiler", "code", "blockquote", "expandable_blockquote"}
)
_PATTERNS: Final = (
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,12}\b", re.ASCII)),
    (
        "url",
        re.compile(r"(?<![\w@.])(?:https?://)?(?:[a-z0-9-]+\.)+(?:com|org|net|info|rs|eu|me)\b(?:/[^\s]*)?"),
    ),
    ("mention", re.compile(r"(?<![\w@.])@[A-Za-z][A-Za-z0-9_]{3,31}\b")),
    ("hashtag", re.compile(r"(?<![\w#&])#(?=\w*[^\W\d_])\w{1,256}")),
)


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of text with a meaning: bold, a link, a command."""

    type: str
    offset: int
    length: int
    extra: dict[str, Any] = field(default_factory=dict)

    def to_api(self) -> parameters.Json:
        """As the Bot API writes it."""
        return {"offset": self.offset, "length": self.length, "type": self.type, **self.extra}


@dataclass(frozen=True, slots=True)
class FormattedText:
    """A text and its entities."""

    text: str
    entities: tuple[Entity, ...] = ()

    def to_api(self, name: str = "text") -> parameters.Json:
        """The two fields of a message: text and entities, or caption and caption_entities."""
        prefix = "" if name == "text" else f"{name}_"
        fields: parameters.Json = {name: self.text}
        if self.entities:
            fields[f"{prefix}entities"] = [entity.to_api() for entity in self.entities]
        return fields


def units(text: str) -> int:
    """The text's length as Telegram counts it, in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def formatted(text: str, parse_mode: str, explicit: object, *, may_be_empty: bool = False) -> FormattedText:
    """The text that Telegram would send; raises Refusal for broken markup or nothing left to send."""
    if len(text.encode()) > MAX_BYTES:
        raise errors.bad_request("Text is too long")
    found: list[Entity]
    mode = parse_mode.lower()
    if text and mode and mode != "none":
        parse = {"html": hypertext.parse, "markdownv2": markdown.parse}.get(mode)
        if parse is None:
            raise errors.bad_request("Unsupported parse_mode")
        try:
            text, marks = parse(text)
        except ValueError as reason:
            raise errors.bad_request(f"Can't parse entities: {reason}") from None
        found = _entities_of(text, marks)
    else:
        found = _explicit(text, explicit)
    result = _trimmed(text, found)
    if not result.text and not may_be_empty:
        raise errors.bad_request("Text must be non-empty")
    return _with_detected(result)


def plain(text: str) -> FormattedText:
    """What a person's app makes of a typed text: trimmed, with commands and links found."""
    return _with_detected(_trimmed(text, []))


def _entities_of(text: str, marks: list[tuple[str, int, int, dict[str, Any]]]) -> list[Entity]:
    """Marks count characters; entities count UTF-16 code units."""
    return [Entity(kind, units(text[:begin]), units(text[begin:end]), extra) for kind, begin, end, extra in marks]


def _explicit(text: str, value: object) -> list[Entity]:
    if not isinstance(value, list):
        return []
    found = []
    for item in value:
        try:
            entity = _explicit_one(item)
        except ValueError as reason:
            raise errors.bad_request(f"Can't parse MessageEntity: {reason}") from None
        if entity is not None:
            found.append(entity)
    end = units(text)
    raw = text.encode("utf-16-le")
    for entity in found:
        if not 0 <= entity.offset <= 1_000_000:
            raise errors.bad_request(f"Receive an entity with incorrect offset {entity.offset}")
        if not 0 <= entity.length <= 1_000_000:
            raise errors.bad_request(f"Receive an entity with incorrect length {entity.length}")
        if entity.length and entity.offset > end:
            raise errors.bad_request(f"Entity begins after the end of the text at UTF-16 offset {entity.offset}")
        stop = entity.offset + entity.length
        if entity.length and stop > end:
            raise errors.bad_request(
                f"Entity beginning at UTF-16 offset {entity.offset} ends after the end of the text at UTF-16 "
                f"offset {stop}"
            )
        if entity.length and _low_surrogate(raw, entity.offset):
            position = len(raw[: 2 * entity.offset - 2].decode("utf-16-le").encode())
            raise errors.bad_request(f"Entity begins in a middle of a UTF-16 symbol at byte offset {position}")
    return [entity for entity in found if entity.length]


def _explicit_one(item: object) -> Entity | None:
    if not isinstance(item, dict):
        raise ValueError("expected an Object")
    offset = parameters.field(item, "offset", int, required=True)
    length = parameters.field(item, "length", int, required=True)
    kind = parameters.field(item, "type", str, required=True)
    if kind in _DETECTED:
        return None
    extra: dict[str, Any] = {}
    if kind == "text_link":
        url = hypertext.checked_link(parameters.field(item, "url", str, required=True))
        if not url:
            return None
        extra = {"url": url}
    elif kind == "pre":
        language = parameters.field(item, "language", str, "")
        extra = {"language": language} if language else {}
    elif kind not in _PLAIN:
        raise ValueError("Unsupported type specified")
    return Entity(kind, offset, length, extra)


def _low_surrogate(raw: bytes, offset: int) -> bool:
    pair = raw[2 * offset : 2 * offset + 2]
    return len(pair) == 2 and 0xDC <= pair[1] <= 0xDF


def _trimmed(text: str, found: list[Entity]) -> FormattedText:
    """Carriage returns and control characters go, then the empty beginning and end."""
    clean = "".join(
        "" if character == "\r" else " " if character < " " and character != "\n" else character for character in text
    )
    if "\r" in text:
        raw = text.encode("utf-16-le").decode("utf-16-le")
        removed = [units(raw[: match.start()]) for match in re.finditer("\r", raw)]
        found = [
            replace(
                entity,
                offset=entity.offset - sum(at < entity.offset for at in removed),
                length=entity.length - sum(entity.offset <= at < entity.offset + entity.length for at in removed),
            )
            for entity in found
        ]
    stripped = clean.rstrip()
    head = len(stripped) - len(stripped.lstrip(" \n"))
    begins = min((entity.offset for entity in found), default=units(stripped))
    head = min(head, begins)
    end = units(stripped)
    kept = []
    for entity in found:
        stop = min(entity.offset + entity.length, end)
        if stop > entity.offset:
            kept.append(replace(entity, offset=entity.offset - head, length=stop - entity.offset))
    kept.sort(key=lambda entity: (entity.offset, -entity.length))
    return FormattedText(stripped[head:], tuple(kept))


def _with_detected(formed: FormattedText) -> FormattedText:
    taken = [(entity.offset, entity.offset + entity.length) for entity in formed.entities]
    found = list(formed.entities)
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(formed.text):
            begin = units(formed.text[: match.start()])
            end = begin + units(match.group())
            if all(end <= other or begin >= stop for other, stop in taken):
                taken.append((begin, end))
                found.append(Entity(kind, begin, end - begin))
    found.sort(key=lambda entity: (entity.offset, -entity.length))
    return FormattedText(formed.text, tuple(found))
