"""What is to go wrong: calls of the bot's that Telegram fails because somebody ordered it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

KINDS: Final = ("429", "403", "500", "502", "504", "hang", "cut_before", "cut_after", "lost_answer")
MOST_TIMES: Final = 1000


@dataclass(frozen=True, slots=True)
class Fault:
    """The next `times` calls end in this way: calls of one method and to one chat, if these are named.

    Not carried out, the person sees nothing:
      429          refused; it may be tried again after `retry_after` seconds
      403          refused: the person has blocked the bot
      500          refused in Telegram's own form; 502, 504 are the pages of a server in front of it
      hang         no answer at all, until the bot gives up, the faults are cleared or the server ends
      cut_before   the connection is cut
    Carried out, the person sees it:
      cut_after    the connection is cut before the answer
      lost_answer  the page of a 504 comes in place of the answer
    """

    kind: str
    method: str = ""
    chat_id: int | None = None
    times: int = 1
    retry_after: int = 1

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown fault; known are {', '.join(KINDS)}")
        if not 1 <= self.times <= MOST_TIMES:
            raise ValueError(f"a fault happens 1 to {MOST_TIMES} times")
        if self.retry_after < 1:
            raise ValueError("retry_after is at least one second")

    @property
    def carried_out(self) -> bool:
        """Whether the call is done all the same."""
        return self.kind in {"cut_after", "lost_answer"}

    def strikes(self, method: str, chat_id: str) -> bool:
        """Whether this call is meant."""
        return self.method.lower() in {"", method.lower()} and (self.chat_id is None or str(self.chat_id) == chat_id)


class Faults:
    """The faults that were ordered and have not happened yet; the one that was ordered first comes first.

    `changed` is called whenever there is something new to look at.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._outstanding: list[Fault] = []
        self._released = asyncio.Event()
        self._closed = False
        self.hanging = 0

    @property
    def outstanding(self) -> tuple[Fault, ...]:
        """What is still to happen; `times` counts down."""
        return tuple(self._outstanding)

    def order(
        self, kind: str, *, method: str = "", chat_id: int | None = None, times: int = 1, retry_after: int = 1
    ) -> Fault:
        """Orders a fault; raises ValueError for one that can't be."""
        fault = Fault(kind, method, chat_id, times, retry_after)
        self._outstanding.append(fault)
        self._changed()
        return fault

    def strike(self, method: str, chat_id: str) -> Fault | None:
        """The fault of this call, which is counted; None when it is to succeed."""
        for place, fault in enumerate(self._outstanding):
            if fault.strikes(method, chat_id):
                rest = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                self._outstanding[place : place + 1] = rest
                self._changed()
                return fault
        return None

    def clear(self) -> None:
        """From now on all goes well; calls that hang are cut."""
        self._outstanding.clear()
        self._released.set()
        self._released = asyncio.Event()
        self._changed()

    def close(self) -> None:
        """The server goes down: nothing hangs any more."""
        self._closed = True
        self.clear()

    @contextlib.contextmanager
    def hang(self) -> Iterator[asyncio.Event]:
        """A call that hangs, and what happens when it is released."""
        released = self._released
        if self._closed:
            released.set()
        self._hangs(1)
        try:
            yield released
        finally:
            self._hangs(-1)

    def _hangs(self, more: int) -> None:
        self.hanging += more
        self._changed()
