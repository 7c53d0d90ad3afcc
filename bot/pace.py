"""How fast people write: the receiver marks what came in a rush, twice, or as part of an album.

It sees all of it come in, so what it remembers is a minute old at most and in memory alone. When its process is started
again, somebody is perhaps told once more what they were told already; nothing else hangs on it.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from bot.dialogue import flood
from bot.telegram.events import Received

_REMEMBERS: Final = 1000  # marks of updates that may be brought again because they could not be stored


@dataclass(slots=True)
class _Chat:
    """What one chat did within the last minute. `times`: of its messages; `pressed`: when which button was."""

    times: deque[float] = field(default_factory=deque)
    rushes: bool = False
    album: str | None = None
    pressed: dict[tuple[Any, Any], float] = field(default_factory=dict)


@dataclass(slots=True)
class Pace:
    """The pace of all who write. `clock`: seconds since 1970, for what Telegram gives no time of."""

    clock: Callable[[], float] = time.time
    _chats: OrderedDict[int, _Chat] = field(default_factory=OrderedDict, init=False)
    _marks: OrderedDict[int, dict[str, Any]] = field(default_factory=OrderedDict, init=False)

    def marks(self, update_id: int, what: Received) -> dict[str, Any]:
        """What is to be noted on an event: `rush` (first or more), `album` or `again` (true); mostly nothing."""
        known = self._marks.get(update_id)
        if known is None:
            known = self._marks[update_id] = self._look(what)
            if len(self._marks) > _REMEMBERS:
                self._marks.popitem(last=False)
        return known

    def _look(self, what: Received) -> dict[str, Any]:
        now = self.clock() if what.sent_at is None else what.sent_at
        self._forget(now)
        if what.event["type"] in {"blocked", "unblocked"}:
            return {}
        chat = self._chats.setdefault(what.chat_id, _Chat())
        self._chats.move_to_end(what.chat_id)
        if what.event["type"] == "pressed":
            return self._pressed(chat, what.event, now)
        if what.album is not None and what.album == chat.album:
            return {"album": True, **({"rush": "more"} if chat.rushes else {})}
        chat.album = what.album
        return self._wrote(chat, now)

    def _pressed(self, chat: _Chat, event: dict[str, Any], now: float) -> dict[str, Any]:
        button = event.get("message_id"), event["value"]
        before = chat.pressed.get(button)
        if before is not None and 0 <= now - before < flood.SAME_PRESS_SECONDS:
            return {"again": True}
        chat.pressed = {one: at for one, at in chat.pressed.items() if now - at < flood.SAME_PRESS_SECONDS}
        chat.pressed[button] = now
        return {}

    def _wrote(self, chat: _Chat, now: float) -> dict[str, Any]:
        chat.times.append(now)
        while chat.times[0] <= now - flood.SECONDS:
            chat.times.popleft()
        if len(chat.times) > flood.MOST:
            first, chat.rushes = not chat.rushes, True
            return {"rush": "first" if first else "more"}
        chat.rushes = chat.rushes and len(chat.times) > flood.CALM
        return {"rush": "more"} if chat.rushes else {}

    def _forget(self, now: float) -> None:
        """Forgets the chats in which nothing happened for a minute; those stand first."""
        while self._chats:
            chat_id, oldest = next(iter(self._chats.items()))
            last = max((*oldest.times, *oldest.pressed.values()), default=now)
            if last > now - flood.SECONDS:
                return
            del self._chats[chat_id]
