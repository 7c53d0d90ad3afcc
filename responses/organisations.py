"""Organisations: whose counsellors answer, and where they work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from responses import source
from responses.script import in_language


@dataclass(frozen=True, slots=True)
class Organisation:
    """One of the organisations behind the line. `side`: serbia or kosovo."""

    code: str
    side: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str]

    def name(self, language: str) -> str:
        """Name and town, as the person is told it."""
        return in_language(self.names, language)

    def description(self, language: str) -> str:
        """What it does, in one line."""
        return in_language(self.descriptions, language)


def load(path: Path) -> Mapping[str, Organisation]:
    """All organisations of the file, by code."""
    return {
        code: Organisation(code, one["side"], one["name"], one["description"])
        for code, one in source.read(path).items()
    }
