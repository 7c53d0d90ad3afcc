"""The languages that a person can choose, each in its own name."""

from __future__ import annotations

from collections.abc import Mapping

NAMES: Mapping[str, str] = {
    "en": "English",
    "sq": "Shqip",
    "sr-Latn": "Srpski",
    "sr-Cyrl": "Српски",
}
LANGUAGES: tuple[str, ...] = tuple(NAMES)
WRITTEN: tuple[str, ...] = ("en", "sq", "sr")
"""The languages in which texts are written; both scripts of Serbian come from one, written in Latin."""


def written(language: str) -> str:
    """The written language behind a chosen one: "sr" for both scripts of Serbian."""
    return language.split("-", 1)[0]
