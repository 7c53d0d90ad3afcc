"""Set-up: what a fresh machine needs before the helpline or its tests can run.

Nothing but the standard library is used here, since nothing else is installed yet:
`python3 -m bot.setup app nlu` from the folder of the project. This file and `__main__` must be readable
by older Pythons too, which are only told that they are too old.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def chromium_path() -> Path:
    """The Chromium that set-up found for the browser tests; raises SetupFailed when it found none so far."""
    from bot.setup import browser  # noqa: PLC0415  (an older Python could not read that module)

    return browser.chromium_path(ROOT)
