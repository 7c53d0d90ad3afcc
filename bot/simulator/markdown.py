"""Telegram's MarkdownV2: every special character is markup or escaped, else it is refused.

A mark is (type, begin, end, extra), begin and end counting characters of the resulting text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from bot.simulator import hypertext

_RESERVED: Final = "_*[]()~`>#+-=|{}.!"
_NAMES: Final = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "text_link": "TextUrl",
    "blockquote": "BlockQuote",
}
# longest first: "__" before "_"
_TOKENS: Final = (
    ("```", "pre"),
    ("__", "underline"),
    ("||", "spoiler"),
    ("_", "italic"),
    ("*", "bold"),
    ("~", "strikethrough"),
    ("`", "code"),
)


@dataclass(slots=True)
class _Open:
    kind: str
    begin: int
    byte: int
    extra: dict[str, Any]


def parse(source: str) -> tuple[str, list[hypertext.Mark]]:
    """The text without its markup, and the marks; raises ValueError in Telegram's words."""
    return _Parser(source).run()


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.text: list[str] = []
        self.marks: list[hypertext.Mark] = []
        self.opened: list[_Open] = []
        self.line_begins = True

    def run(self) -> tuple[str, list[hypertext.Mark]]:
        while self.at < len(self.source):
            self._step()
        if self.opened and self.opened[-1].kind == "blockquote":
            self._close()
        if self.opened:
            self._unfinished()
        return "".join(self.text), self.marks

    def _step(self) -> None:
        character = self.source[self.at]
        if character == "\\" and self.source[self.at + 1 : self.at + 2].isascii():
            escaped = self.source[self.at + 1 : self.at + 2]
            if escaped:
                self._write(escaped, 2)
                return
        inside = self.opened[-1].kind if self.opened else ""
        if inside in {"code", "pre"} and character != "`":
            self._write(character, 1)
        elif character == "\n":
            self._line()
        elif character == ">" and self.line_begins and inside in {"", "blockquote"}:
            if not inside:
                self.opened.append(_Open("blockquote", len(self.text), self._byte(), {}))
            self.at += 1
        elif character not in _RESERVED:
            self._write(character, 1)
        else:
            self._markup(character, inside)

    def _markup(self, character: str, inside: str) -> None:
        if character == "[":
            self.opened.append(_Open("text_link", len(self.text), self._byte(), {}))
            self.at += 1
            return
        if character == "]" and inside == "text_link":
            self._link()
            return
        for token, kind in _TOKENS:
            if not self.source.startswith(token, self.at):
                continue
            if inside in {"code", "pre"} and kind != inside:
                continue
            if inside == kind:
                self._close()
                self.at += len(token)
            else:
                self.opened.append(_Open(kind, len(self.text), self._byte(), {}))
                self.at += len(token)
                if kind == "pre":
                    self._language()
            return
        if inside in {"code", "pre"}:
            self._write(character, 1)
            return
        raise ValueError(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")

    def _language(self) -> None:
        stop = self.at
        while stop < len(self.source) and not self.source[stop].isspace() and self.source[stop] != "`":
            stop += 1
        if stop > self.at and self.source[stop : stop + 1].isspace():
            self.opened[-1].extra = {"language": self.source[self.at : stop]}
            self.at = stop
        if self.source[self.at : self.at + 1] == "\n":
            self.at += 1

    def _link(self) -> None:
        link = self.opened[-1]
        self.at += 1
        url = "".join(self.text[link.begin :])
        if self.source[self.at : self.at + 1] == "(":
            self.at += 1
            begin = self._byte()
            address: list[str] = []
            while self.source[self.at : self.at + 1] not in {")", ""}:
                if self.source[self.at] == "\\" and self.at + 1 < len(self.source):
                    self.at += 1
                address.append(self.source[self.at])
                self.at += 1
            if self.at >= len(self.source):
                raise ValueError(f"Can't find end of a URL at byte offset {begin}")
            self.at += 1
            url = "".join(address)
        url = hypertext.checked_link(url)
        self.opened.pop()
        if url and len(self.text) > link.begin:
            self.marks.append(("text_link", link.begin, len(self.text), {"url": url}))

    def _line(self) -> None:
        if any(entry.kind == "blockquote" for entry in self.opened) and not self.source.startswith("\n>", self.at):
            if self.opened[-1].kind != "blockquote":
                self._unfinished()
            self._close()
        self._write("\n", 1)
        self.line_begins = True

    def _close(self) -> None:
        entry = self.opened.pop()
        if len(self.text) > entry.begin:
            self.marks.append((entry.kind, entry.begin, len(self.text), entry.extra))

    def _write(self, character: str, width: int) -> None:
        self.text.append(character)
        self.at += width
        self.line_begins = character == "\n"

    def _byte(self) -> int:
        return len(self.source[: self.at].encode())

    def _unfinished(self) -> None:
        entry = self.opened[-1]
        name = "PreCode" if entry.extra.get("language") else _NAMES[entry.kind]
        raise ValueError(f"Can't find end of {name} entity at byte offset {entry.byte}")
