"""docs/compose.md as the tests read it."""

from __future__ import annotations

import re
from typing import Final

from bot.settings import ROOT

PATH: Final = ROOT / "docs" / "compose.md"


def text() -> str:
    return PATH.read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    """What stands between ```kind and ```, without the indent that a list gives it."""
    found = re.findall(rf"^ *```{kind}\n(.*?)^ *```$", text(), flags=re.MULTILINE | re.DOTALL)
    return [re.sub(r"^   (?! )", "", block, flags=re.MULTILINE) for block in found]


def commands(of: str) -> list[str]:
    """The lines that begin with a program's name, wherever they stand."""
    return [line.strip() for line in re.findall(rf"^ *{of} .*$", text(), flags=re.MULTILINE)]
