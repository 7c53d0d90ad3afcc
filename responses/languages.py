"""The languages that a person can choose, each in its own name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from responses import source


def written(language: str) -> str:
    """The written language behind a chosen one: "sr" for both scripts of Serbian."""
    return language.split("-", 1)[0]


_READ: Mapping[str, Mapping[str, str]] = source.read(Path(__file__).parent / "languages.yml")

NAMES: Mapping[str, str] = {language: one["name"] for language, one in _READ.items()}
LANGUAGES: tuple[str, ...] = tuple(NAMES)
WRITTEN: tuple[str, ...] = tuple(dict.fromkeys(map(written, LANGUAGES)))
"""The languages in which texts are written; both scripts of Serbian come from one, written in Latin."""
FOLDERS: Mapping[str, str] = {language: one.get("from", language).replace("-", "_") for language, one in _READ.items()}
"""Where in locale/ the texts of a language stand."""
