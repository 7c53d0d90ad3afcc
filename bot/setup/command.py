"""Other programs: asked for a short answer, or run with their output shown as progress."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.setup.progress import Progress

NOT_STARTED = 127
GRACE_SECONDS = 5.0

# Each of them would lead uv or pip to another environment than the project's own.
_FOREIGN = (
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "PYTHONHOME",
    "UV_PROJECT",
    "UV_PROJECT_ENVIRONMENT",
    "UV_PYTHON",
    "UV_WORKING_DIR",
    "UV_LOCKED",
    "UV_NO_DEV",
    "UV_NO_GROUP",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_USER",
    "PIP_REQUIRE_VIRTUALENV",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome is how a program ended: its exit code (127: it did not start) and all that it wrote."""

    code: int
    output: str

    def last(self, lines: int = 15) -> str:
        """The end of the output, indented for a message."""
        return "\n".join(f"    {line}" for line in self.output.strip().splitlines()[-lines:])


def environment(**more: str) -> dict[str, str]:
    """This process's environment without what would lead a tool elsewhere, and with what is given."""
    kept = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    return {"UV_HTTP_TIMEOUT": "180", "PIP_DISABLE_PIP_VERSION_CHECK": "1", **kept, **more}


def answer(argv: Sequence[str | Path], *, env: Mapping[str, str] | None = None, seconds: float = 20) -> str | None:
    """What a program answers on its standard output, or None if it fails, is missing or takes too long.

    A program that merely exists proves nothing: a version manager's stand-in exists, and fails.
    """
    try:
        done = subprocess.run(
            argv,
            env=environment() if env is None else dict(env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode(errors="replace").strip() if done.returncode == 0 else None


def run(argv: Sequence[str | Path], progress: Progress, *, cwd: Path, env: Mapping[str, str] | None = None) -> Outcome:
    """Run a program to its end and show each line it writes; if we are stopped, so is the program."""
    try:
        process = subprocess.Popen(
            argv,
            cwd=cwd,
            env=environment() if env is None else dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        return Outcome(NOT_STARTED, str(error))
    said: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def listen() -> None:
        assert process.stdout is not None  # Popen was told to make a pipe
        for line in process.stdout:
            said.put(line)
        said.put(None)

    threading.Thread(target=listen, daemon=True).start()
    output: list[str] = []
    try:
        while True:
            try:
                line = said.get(timeout=1)
            except queue.Empty:
                progress.tick()
                continue
            if line is None:
                return Outcome(process.wait(), "".join(output))
            output.append(line)
            progress.line(line)
    finally:
        _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is not None:
        return
    # A program of another user (sudo) can't be signalled; it has the terminal's own Ctrl-C.
    with contextlib.suppress(PermissionError):
        process.send_signal(signal.SIGINT)
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(PermissionError):
            process.kill()
