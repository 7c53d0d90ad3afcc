"""The queue of updates, with Telegram's rules for offsets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from bot.simulator import errors
from bot.simulator.clock import Clock
from bot.simulator.parameters import Json

MAX_TIMEOUT: Final = 50
KEPT_SECONDS: Final = 24 * 60 * 60
# what Telegram knows; the last three come only to who asks for them
_OPTIONAL: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class Updates:
    """What happened and was not yet confirmed by the bot.

    An offset confirms everything below it. A negative offset keeps the last -offset updates and forgets all
    earlier ones. A second getUpdates that has to wait ends the first with 409. An update older than 24 hours
    is gone. Left out on purpose: Telegram's brakes on bots that poll in a tight loop. A webhook takes them by
    `waiting` and confirms each by itself.
    """

    def __init__(self, first_id: int, clock: Clock, confirmed: Callable[[], None]) -> None:
        self._next_id = first_id
        self._clock = clock
        self._confirmed = confirmed
        self._queue: list[tuple[int, Json]] = []
        self._allowed: frozenset[str] | None = None
        self._poll: asyncio.Future[None] | None = None
        self._pushed: Callable[[], None] = lambda: None
        self.closed = False
        self.confirmed_below = first_id

    def __len__(self) -> int:
        return len(self._queue)

    @property
    def allowed(self) -> list[str] | None:
        """The kinds that the bot asked for; None when it never narrowed them."""
        return None if self._allowed is None else sorted(self._allowed)

    def push(self, kind: str, payload: Json) -> int | None:
        """Queues an update and gives its id; None when the bot does not want this kind."""
        if kind not in self._allowed if self._allowed is not None else kind in _OPTIONAL:
            return None
        update_id = self._next_id
        self._next_id += 1
        self._queue.append((self._clock.now(), {"update_id": update_id, kind: payload}))
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        self._pushed()
        return update_id

    def when_pushed(self, call: Callable[[], None]) -> None:
        """Calls this after every new update."""
        self._pushed = call

    def allow(self, kinds: Sequence[str]) -> None:
        """From now on only these kinds; an empty list is all that come without being asked for."""
        self._allowed = frozenset(kind.lower() for kind in kinds) or None

    async def get(self, offset: int, limit: int, timeout: int) -> list[Json]:
        """Updates from the offset on, at most `limit`, waiting up to `timeout` seconds for the first.

        Raises Refusal 409 when another call took over.
        """
        self._confirm(offset)
        found = self._from(offset, limit)
        if found or timeout <= 0 or self.closed:
            return found
        self.end_poll(errors.CONFLICT)
        poll: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poll = poll
        try:
            async with asyncio.timeout(min(timeout, MAX_TIMEOUT)):
                await poll
        except TimeoutError:
            return []
        finally:
            if self._poll is poll:
                self._poll = None
        return self._from(offset, limit)

    def end_poll(self, description: str) -> None:
        """Ends a call that waits, with a 409 of these words."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(errors.Refusal(409, description))

    def waiting(self) -> list[Json]:
        """All that is not confirmed, oldest first."""
        self._forget_old()
        return [update for _, update in self._queue]

    def confirm(self, update_id: int) -> None:
        """The bot has this one, whatever became of those before it."""
        self._queue = [entry for entry in self._queue if entry[1]["update_id"] != update_id]
        self._mark(self._queue[0][1]["update_id"] if self._queue else self._next_id)

    def drop(self) -> None:
        """Forgets everything that waits (drop_pending_updates)."""
        self._queue.clear()
        self._mark(self._next_id)

    def close(self) -> None:
        """Ends a waiting call: the server goes down."""
        self.closed = True
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    def _confirm(self, offset: int) -> None:
        self._forget_old()
        if offset < 0:
            gone = self._queue[:offset]
            if gone:
                self._queue = self._queue[offset:]
                self._mark(gone[-1][1]["update_id"] + 1)
        elif self.confirmed_below < offset <= self._next_id:
            self._queue = [entry for entry in self._queue if entry[1]["update_id"] >= offset]
            self._mark(offset)

    def _forget_old(self) -> None:
        oldest = self._clock.now() - KEPT_SECONDS
        self._queue = [entry for entry in self._queue if entry[0] >= oldest]

    def _mark(self, below: int) -> None:
        if below > self.confirmed_below:
            self.confirmed_below = below
            self._confirmed()

    def _from(self, offset: int, limit: int) -> list[Json]:
        # an offset that lies beyond the queue is no offset at all
        least = offset if 0 < offset <= self._next_id else 0
        return [update for _, update in self._queue if update["update_id"] >= least][:limit]
