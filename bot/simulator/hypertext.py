"""Telegram's HTML: which tags it knows and how it refuses broken ones.

A mark is (type, begin, end, extra), begin and end counting characters of the resulting text.
"""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import urlsplit

Mark = tuple[str, int, int, dict[str, Any]]

_TYPES: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
}
_NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE: Final = re.compile(r"&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(lt|gt|amp|quot));?", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"""\s*([^\s=>/"']+)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9.-]+)(?=[\s>])))?""")


def parse(source: str) -> tuple[str, list[Mark]]:
    """The text without its tags, and their marks; raises ValueError in Telegram's words."""
    text: list[str] = []
    size = 0
    marks: list[Mark] = []
    opened: list[tuple[str, dict[str, str], int]] = []
    position = 0
    while position < len(source):
        character = source[position]
        if character == "&" and (match := _REFERENCE.match(source, position)):
            text.append(_decoded(match))
            size += 1
            position = match.end()
        elif character != "<":
            text.append(character)
            size += 1
            position += 1
        elif source.startswith("</", position):
            position = _close(source, position, opened, marks, "".join(text))
        else:
            name, attributes, position = _open(source, position)
            opened.append((name, attributes, size))
    marks = [mark if mark[0] != "code" else (*mark[:3], {}) for mark in marks]
    if opened:
        raise ValueError(f'Can\'t find end tag corresponding to start tag "{opened[-1][0]}"')
    return "".join(text), marks


def _open(source: str, begin: int) -> tuple[str, dict[str, str], int]:
    at = len(source[:begin].encode())
    match = re.compile(r"[^\s>]*").match(source, begin + 1)
    position = match.end() if match else begin + 1
    if position >= len(source):
        raise ValueError(f"Unclosed start tag at byte offset {at}")
    name = source[begin + 1 : position].lower()
    if name not in _TYPES:
        raise ValueError(f'Unsupported start tag "{name}" at byte offset {at}')
    attributes: dict[str, str] = {}
    while True:
        while position < len(source) and source[position].isspace():
            position += 1
        if position >= len(source):
            raise ValueError(f'Unclosed start tag "{name}" at byte offset {at}')
        if source[position] == ">":
            break
        found = _ATTRIBUTE.match(source, position)
        if found is None:
            raise ValueError(f'Empty attribute name in the tag "{name}" at byte offset {at}')
        value = next((group for group in found.groups()[1:] if group is not None), "")
        attributes[found.group(1).lower()] = _REFERENCE.sub(_decoded, value)
        position = found.end()
        if source[position : position + 1] == "=":
            token = len(source[: position + 1].encode())
            raise ValueError(f"Unexpected end of name token at byte offset {token}")
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise ValueError(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
    return name, attributes, position + 1


def _close(source: str, begin: int, opened: list[tuple[str, dict[str, str], int]], marks: list[Mark], text: str) -> int:
    at = len(source[:begin].encode())
    if not opened:
        raise ValueError(f"Unexpected end tag at byte offset {at}")
    match = re.compile(r"([^\s>]*)\s*(>?)").match(source, begin + 2)
    if match is None or not match.group(2):
        raise ValueError(f"Unclosed end tag at byte offset {at}")
    found = match.group(1).lower()
    name, attributes, start = opened[-1]
    if found and found != name:
        raise ValueError(f'Unmatched end tag at byte offset {at}, expected "</{name}>", found "</{found}>"')
    opened.pop()
    if len(text) > start:
        _mark(name, attributes, start, text, marks)
    return match.end()


def _mark(name: str, attributes: dict[str, str], start: int, text: str, marks: list[Mark]) -> None:
    kind = _TYPES[name]
    extra: dict[str, Any] = {}
    if name == "a":
        url = checked_link(attributes.get("href") or text[start:])
        if not url:
            return
        extra = {"url": url}
    elif name == "blockquote" and "expandable" in attributes:
        kind = "expandable_blockquote"
    elif name in {"code", "pre"}:
        language = attributes.get("class", "")
        extra = {"language": language[9:]} if name == "code" and language.startswith("language-") else {}
        last = marks[-1] if marks else ("", 0, 0, {})
        # code in pre (or the other way round) around the same text, with a language, is one mark
        if last[0] in {"code", "pre"} and last[0] != name and last[1:3] == (start, len(text)):
            merged = last[3] or extra
            if merged:
                marks[-1] = ("pre", start, len(text), merged)
                return
    marks.append((kind, start, len(text), extra))


def _decoded(match: re.Match[str]) -> str:
    if match.group(3):
        return _NAMED[match.group(3).lower()]
    code = int(match.group(1), 16) if match.group(1) else int(match.group(2))
    if not 0 < code < 0x110000 or 0xD800 <= code < 0xE000:
        return match.group()
    return chr(code)


def link_fault(url: str) -> str | None:
    """Why Telegram does not take this address, in its words; None when it takes it."""
    parts = urlsplit(url if re.match(r"[a-z][a-z0-9+.-]*:", url, re.IGNORECASE) else f"http://{url}")
    if parts.scheme in {"tg", "ton", "tonsite"}:
        return None
    if parts.scheme not in {"http", "https"}:
        return "Unsupported URL protocol"
    host = parts.hostname or ""
    if not host:
        return "URL host is empty"
    if re.search(r"\s", url) or ("." not in host and ":" not in host):
        return "Wrong HTTP URL"
    return None


def checked_link(url: str) -> str:
    """The address as Telegram keeps it, empty when it drops the link."""
    url = url.strip()
    if not url or link_fault(url):
        return ""
    if not re.match(r"[a-z][a-z0-9+.-]*:", url, re.IGNORECASE):
        url = f"http://{url}"
    return f"{url}/" if re.fullmatch(r"https?://[^/?#]+", url) else url
