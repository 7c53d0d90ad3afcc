"""Every word of the console is there in every language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CONSOLE = ROOT / "handoff" / "console"
_IN_TEMPLATE = re.compile(r"""_\((["'])(.+?)\1\)""")
_IN_CODE = re.compile(r"""gettext\(\s*"(.+?)"\s*\)""", re.DOTALL)
_PROBLEM = re.compile(r"""problem\(\s*request,\s*\w+,\s*[\w.]+,\s*"(.+?)",\s*"(.+?)",?\s*\)""", re.DOTALL)


def words() -> set[str]:
    found = {match[1] for file in CONSOLE.rglob("*.html") for match in _IN_TEMPLATE.findall(file.read_text())}
    for file in CONSOLE.rglob("*.py"):
        code = file.read_text()
        found |= set(_IN_CODE.findall(code)) | {text for pair in _PROBLEM.findall(code) for text in pair}
    return found


@pytest.mark.parametrize("folder", ["sq", "sr_Latn"])
def test_every_word_of_the_console_is_translated(folder: str) -> None:
    with (ROOT / "responses" / "locale" / folder / "LC_MESSAGES" / "console.po").open("rb") as file:
        catalogue = {str(message.id): message.string for message in read_po(file) if message.id}
    missing = {word for word in words() if not catalogue.get(word)}
    assert not missing
    assert len(words()) > 50, "the patterns above no longer find the words"


@pytest.mark.parametrize("folder", ["sq", "sr_Latn"])
def test_no_translation_is_left_over(folder: str) -> None:
    with (ROOT / "responses" / "locale" / folder / "LC_MESSAGES" / "console.po").open("rb") as file:
        catalogue = {str(message.id) for message in read_po(file) if message.id}
    assert catalogue <= words()
