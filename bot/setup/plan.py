"""The steps of set-up, in the order asked for."""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from bot.setup import ROOT, browser, checks, environment, uv
from bot.setup.failure import SetupFailed
from bot.setup.progress import Progress


def _uv(root: Path, progress: Progress) -> None:
    progress.skipped("uv", f"using {uv.ready(root, progress)}")


def _app(root: Path, progress: Progress) -> None:
    environment.lay(environment.app(root), root, progress)


def _nlu(root: Path, progress: Progress) -> None:
    environment.lay(environment.nlu(root), root, progress)


def _lint(root: Path, progress: Progress) -> None:
    checks.hold(root)


STEPS: dict[str, tuple[Callable[[Path, Progress], None], str]] = {
    "uv": (_uv, "the tool that lays the environments (app and nlu see to it themselves)"),
    "app": (_app, "the helpline's environment, .venv/"),
    "nlu": (_nlu, "Rasa's environment, nlu_data/.venv/"),
    "browser": (browser.find, "Chromium for the browser tests"),
    "lint": (_lint, "style, layout, types and imports of the code"),
}


def main(arguments: list[str]) -> int:
    """Carry out the steps named; 0 if all went well, 1 with a message if not, 130 or 143 if stopped."""
    parser = argparse.ArgumentParser(
        prog="python3 -m bot.setup",
        description="Set up the helpline, in these steps:\n"
        + "\n".join(f"  {name}: {what}" for name, (_, what) in STEPS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("steps", nargs="+", choices=list(STEPS), metavar="STEP")
    steps: list[str] = parser.parse_args(arguments).steps
    for stream in (sys.stdout, sys.stderr):
        # A tool may write what this terminal's encoding cannot show.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, _stopped)
    progress = Progress(sys.stdout, terminal=sys.stdout.isatty())
    try:
        for name in steps:
            # Checks write nothing that a set-up in another window could trip over.
            with contextlib.nullcontext() if name == "lint" else _alone(ROOT, progress):
                STEPS[name][0](ROOT, progress)
    except SetupFailed as failed:
        sys.stdout.flush()
        print(f"\n{failed}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nset-up: stopped; the next time goes on from here", file=sys.stderr)
        return 130
    return 0


@contextlib.contextmanager
def _alone(root: Path, progress: Progress) -> Iterator[None]:
    """One set-up at a time: two would write into one environment."""
    folder = root / ".cache"
    folder.mkdir(exist_ok=True)
    with (folder / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress.skipped("set-up", "another one is at work in this folder; waiting for its end")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _stopped(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)
