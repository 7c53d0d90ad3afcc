"""Answers: what the bot says to an intent, by language and place, and who looked at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from responses import source
from responses.languages import WRITTEN
from responses.script import in_language

_SOURCES = "sources.yml"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from. `page` and `passage` are None where nobody looked them up."""

    id: str
    what: str
    page: str | None
    passage: str | None


@dataclass(frozen=True, slots=True)
class Look:
    """That somebody read an answer: in which role (never a private person's name), and when."""

    by: str
    when: date


@dataclass(frozen=True, slots=True)
class Review:
    """Who read an answer: a native speaker for each written language, and a lawyer. None: nobody yet."""

    native: Mapping[str, Look | None]
    lawyer: Look | None

    @property
    def missing(self) -> tuple[str, ...]:
        """Whose reading is missing: languages as they are written, and `lawyer`."""
        languages = tuple(language for language in WRITTEN if self.native.get(language) is None)
        return languages if self.lawyer else (*languages, "lawyer")


@dataclass(frozen=True, slots=True)
class Answer:
    """One curated answer. `where` replaces `text` for a place: serbia, kosovo, across (both sides), abroad."""

    intent: str
    group: str
    labels: Mapping[str, str]
    texts: Mapping[str, str]
    where: Mapping[str, Mapping[str, str]]
    follow_up: tuple[str, ...]
    sources: tuple[Source, ...]
    checked: date | None
    reviewed: Review

    def label(self, language: str) -> str:
        return in_language(self.labels, language)

    def text(self, language: str, side: str | None) -> str:
        """The text with its placeholders still in it."""
        return in_language(self.where.get(side or "", self.texts), language)


def load(folder: Path) -> Mapping[str, Answer]:
    """All answers; the file's name is the group. ValueError for an intent that is there twice or an unknown source."""
    sources = {id_: Source(id_, one["what"], one["page"], one["passage"]) for id_, one in _read(folder / _SOURCES)}
    found: dict[str, Answer] = {}
    for path in sorted(folder.glob("*.yml")):
        for intent, one in _read(path) if path.name != _SOURCES else ():
            if intent in found:
                raise ValueError(f"{path.name}: {intent} has an answer in another file already")
            unknown = sorted(set(one["sources"]) - set(sources))
            if unknown:
                raise ValueError(f"{path.name}: {intent} names {', '.join(unknown)}, which {_SOURCES} doesn't have")
            found[intent] = Answer(
                intent,
                path.stem,
                one["label"],
                one["text"],
                one.get("where", {}),
                tuple(one["follow_up"]),
                tuple(sources[id_] for id_ in one["sources"]),
                one["checked"],
                _review(one["reviewed"]),
            )
    return found


def _read(path: Path) -> tuple[tuple[str, Any], ...]:
    return tuple(source.read(path).items())


def _review(one: Mapping[str, Any]) -> Review:
    return Review({language: _look(look) for language, look in one["native"].items()}, _look(one["lawyer"]))


def _look(one: Mapping[str, Any] | None) -> Look | None:
    return None if one is None else Look(one["by"], one["when"])
