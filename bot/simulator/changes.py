"""Who is told when something in the simulated Telegram changed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """Something to look at again: a person's chat, or one message in it; of nobody: what is ordered of Telegram."""

    account_id: int | None = None
    message_id: int | None = None


class Subscription:
    """The changes since the last look, each once, so that a slow reader never lags behind."""

    def __init__(self) -> None:
        self._pending: dict[Change, None] = {}
        self._something = asyncio.Event()
        self.closed = False

    def add(self, change: Change) -> None:
        """Notes a change; one that is noted already moves to the end."""
        self._pending.pop(change, None)
        self._pending[change] = None
        self._something.set()

    def close(self) -> None:
        """Ends the waiting."""
        self.closed = True
        self._something.set()

    async def next(self, timeout: float) -> list[Change]:
        """What changed; empty after `timeout` seconds of quiet, or when closed."""
        try:
            async with asyncio.timeout(timeout):
                await self._something.wait()
        except TimeoutError:
            return []
        self._something.clear()
        pending = list(self._pending)
        self._pending.clear()
        return pending


class Changes:
    """Spreads changes to everyone who subscribed."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()
        self._closed = False

    def publish(self, account_id: int | None = None, message_id: int | None = None) -> None:
        """Tells all subscribers, without waiting for any."""
        for subscription in self._subscriptions:
            subscription.add(Change(account_id, message_id))

    def subscribe(self) -> Subscription:
        """A new reader of changes; end it with `unsubscribe`."""
        subscription = Subscription()
        if self._closed:
            subscription.close()
        self._subscriptions.add(subscription)
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Ends a reader."""
        self._subscriptions.discard(subscription)

    def interrupt(self) -> None:
        """Ends every reader of now, as a lost connection does; new ones are welcome."""
        for subscription in self._subscriptions:
            subscription.close()

    def close(self) -> None:
        """Ends every reader for good: the server goes down."""
        self._closed = True
        self.interrupt()
