"""Text that runs from right to left, with numbers and names in it that run from left to right."""

from __future__ import annotations

import re
from typing import Final

LEFT_TO_RIGHT: Final = "\u2066"
END: Final = "\u2069"

_WORD: Final = "[A-Za-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0400-\u04ff]+"
# a command, a number in groups, several numbers, times, a name of several words; what is isolated already stays
_RUN: Final = re.compile(f"{LEFT_TO_RIGHT}[^{END}]*{END}|[+/]?{_WORD}(?:(?: / | ?\\+| |[./:_–-]){_WORD})*\\*?")


def isolated(text: str) -> str:
    """The text with each left-to-right run kept together (Unicode isolates), so that no number is read backwards.

    Doing it twice changes nothing.
    """
    return _RUN.sub(_isolate, text)


def _isolate(found: re.Match[str]) -> str:
    run = found.group()
    return run if run.startswith(LEFT_TO_RIGHT) else f"{LEFT_TO_RIGHT}{run}{END}"
