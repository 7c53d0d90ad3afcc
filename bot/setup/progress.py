"""What a person sees while a slow step runs."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TextIO

QUIET_SECONDS = 20.0
"""Where no terminal is, a sign of life is written after so long a silence."""


@dataclass(slots=True)
class Progress:
    """Progress tells what a step does, how long it usually takes, what its tool says and how long it took.

    On a terminal the tool's output is one line that changes; elsewhere, as in a log, it is plain lines.
    """

    stream: TextIO
    clock: Callable[[], float] = time.monotonic
    terminal: bool = False
    _name: str = ""
    _text: str = ""
    _began: float = 0.0
    _last: float = field(default=0.0)

    @contextlib.contextmanager
    def step(self, name: str, what: str, usually: str) -> Iterator[None]:
        """Frame one slow step. Whether it ends well or not, the seconds it took are told."""
        self._name, self._text = name, ""
        self._began = self._last = self.clock()
        self._write(f"{name}: {what} (usually {usually})")
        ended = "stopped"
        try:
            yield
            ended = "done"
        finally:
            self._clear()
            self._write(f"{name}: {ended} after {self.clock() - self._began:.1f} s")

    def skipped(self, name: str, why: str) -> None:
        """Tell that a step has nothing to do."""
        self._write(f"{name}: {why}")

    def line(self, text: str) -> None:
        """Show one line of a tool's output."""
        text = text.strip()
        # One line for each of some 200 packages says nothing more than their number, which uv tells as well.
        if not text or text.startswith("+ "):
            return
        self._text = text
        self._last = self.clock()
        if self.terminal:
            self._redraw()
        else:
            self._write(f"  {text}")

    def tick(self) -> None:
        """Show that time passes; called about every second while a tool says nothing."""
        if self.terminal:
            self._redraw()
        elif self.clock() - self._last >= QUIET_SECONDS:
            self._last = self.clock()
            self._write(f"  {self._name}: still at it, {self.clock() - self._began:.0f} s")

    def _redraw(self) -> None:
        width = max(20, shutil.get_terminal_size().columns - 1)
        text = f"  {self.clock() - self._began:4.0f} s  {self._text}"
        self.stream.write(f"\r{text[:width]}\x1b[K")
        self.stream.flush()

    def _clear(self) -> None:
        if self.terminal:
            self.stream.write("\r\x1b[K")

    def _write(self, text: str) -> None:
        self.stream.write(f"{text}\n")
        self.stream.flush()
