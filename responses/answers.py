"""Answers: what the bot says to an intent, by language and place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from responses import source
from responses.script import in_language


@dataclass(frozen=True, slots=True)
class Answer:
    """One curated answer. `where` replaces `text` for a place: serbia, kosovo, across (both sides), abroad."""

    intent: str
    group: str
    labels: Mapping[str, str]
    texts: Mapping[str, str]
    where: Mapping[str, Mapping[str, str]]
    follow_up: tuple[str, ...]
    sources: tuple[str, ...]
    checked: date | None
    reviewed: tuple[str, ...]

    def label(self, language: str) -> str:
        return in_language(self.labels, language)

    def text(self, language: str, side: str | None) -> str:
        """The text with its placeholders still in it."""
        return in_language(self.where.get(side or "", self.texts), language)


def load(folder: Path) -> Mapping[str, Answer]:
    """All answers; the file's name is the group."""
    found: dict[str, Answer] = {}
    for path in sorted(folder.glob("*.yml")):
        for intent, one in source.read(path).items():
            if intent in found:
                raise ValueError(f"{path.name}: {intent} has an answer in another file already")
            found[intent] = Answer(
                intent,
                path.stem,
                one["label"],
                one["text"],
                one.get("where", {}),
                tuple(one["follow_up"]),
                tuple(one["sources"]),
                one["checked"],
                tuple(one["reviewed"]),
            )
    return found
