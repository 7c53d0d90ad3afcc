"""The languages that a person can choose, each in its own name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError

from responses import source

CORE: Final = (
    *("keyboard.", "words.", "command.", "language.", "welcome.", "menu.", "risk.", "emergency.", "place.", "side."),
    *("consent.", "routing.", "waiting.", "talking.", "sent.", "leaving.", "privacy.", "discreet.", "later."),
    *("again.", "error.", "unreadable.", "flood."),
)
"""How the keys of the core texts begin: what a language must say before anybody is told that it is spoken here."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language that a person can choose.

    `folder`: where in locale/ its texts stand. `core`: it has the core texts only. `reviewed`: who read them, and when.
    `letters`: a range of letters that only it has, "" for none; `words`: its small words, folded.
    """

    code: str
    name: str
    folder: str
    core: bool = False
    right_to_left: bool = False
    reviewed: tuple[str, ...] = ()
    letters: str = ""
    words: frozenset[str] = frozenset()

    @property
    def is_whole(self) -> bool:
        """Whether everything that the bot can say is there in it."""
        return not self.core

    @property
    def locale(self) -> str:
        """The name under which Babel knows its days and months; English ones where it doesn't know it."""
        return _locale(self.code) or "en"

    def named_in(self, other: str) -> str:
        """What it is called in another language, with its own name: who reads it can't always read the latter."""
        called = Locale.parse(other, sep="-").languages.get(self.code)
        return self.name if called is None else f"{called} ({self.name})"


def load(path: Path) -> Mapping[str, Language]:
    """All languages of the file, by code, in their order. ValueError for texts that are neither whole nor core."""
    found: dict[str, Language] = {}
    for code, one in source.read(path).items():
        if one.get("texts", "whole") not in {"whole", "core"}:
            raise ValueError(f"{path.name}: {code} has texts that are neither whole nor core")
        found[code] = Language(
            code,
            one["name"],
            one.get("from", code).replace("-", "_"),
            core=one.get("texts") == "core",
            right_to_left=one.get("right_to_left", False),
            reviewed=tuple(one.get("reviewed", ())),
            letters=one.get("letters", ""),
            words=frozenset(one.get("words", "").split()),
        )
    return found


def written(language: str) -> str:
    """The written language behind a chosen one: "sr" for both scripts of Serbian."""
    return language.split("-", 1)[0]


def _locale(code: str) -> str | None:
    try:
        return str(Locale.parse(code, sep="-"))
    except (UnknownLocaleError, ValueError):
        return None


KNOWN: Mapping[str, Language] = load(Path(__file__).parent / "languages.yml")
"""All languages of the shipped texts, those of core texts only as well."""
NAMES: Mapping[str, str] = {code: one.name for code, one in KNOWN.items() if one.is_whole}
LANGUAGES: tuple[str, ...] = tuple(NAMES)
"""The languages in which everything is said."""
WRITTEN: tuple[str, ...] = tuple(dict.fromkeys(map(written, LANGUAGES)))
"""The languages in which answers are written; both scripts of Serbian come from one, written in Latin."""
