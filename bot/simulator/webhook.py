"""The other way to the bot: each update is posted to the address that the bot named."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import httpx

from bot.simulator import errors
from bot.simulator.clock import Clock
from bot.simulator.parameters import Json
from bot.simulator.updates import Updates

_LOG: Final = logging.getLogger(__name__)
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
MAX_CONNECTIONS: Final = 100
USUAL_CONNECTIONS: Final = 40
_MAX_SECRET: Final = 256
_SECRET_LETTERS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
_PORTS: Final = frozenset({80, 88, 443, 8443})
_THIS_COMPUTER: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_MAX_RETRY_AFTER: Final = 3600
_OWN_ROW: Final = frozenset({"callback_query", "my_chat_member"})


@dataclass(frozen=True, slots=True)
class Hook:
    """Where the bot wants its updates, the secret that it knows them by, and how many at the same time.

    The address is one of this computer: the simulated Telegram calls no other. So http will do here, where
    Telegram wants https and one of four ports. Raises Refusal, where Telegram has words for it in those.
    """

    url: str
    secret: str = ""
    max_connections: int = USUAL_CONNECTIONS

    def __post_init__(self) -> None:
        url = self.address
        if len(self.secret) > _MAX_SECRET:
            raise errors.bad_request("secret token is too long")
        if not _SECRET_LETTERS.issuperset(self.secret):
            raise errors.bad_request("secret token contains unallowed characters")
        local = url.host in _THIS_COMPUTER
        if url.scheme == "http" and not local:
            raise errors.bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if url.scheme == "https" and (url.port or 443) not in _PORTS:
            raise errors.bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
        if not local:
            raise errors.bad_request("bad webhook: this simulated Telegram calls no other computer than its own")

    @property
    def address(self) -> httpx.URL:
        """The parsed address; https when it names no scheme."""
        try:
            url = httpx.URL(self.url if "://" in self.url else f"https://{self.url}")
        except httpx.InvalidURL:
            raise errors.bad_request("invalid webhook URL specified") from None
        if url.scheme not in {"http", "https"} or not url.host or not 0 < (url.port or 443) < 2**16:
            raise errors.bad_request("invalid webhook URL specified")
        return url


@dataclass(frozen=True, slots=True)
class Pace:
    """How long an answer is waited for, and the pauses between tries, in seconds.

    As in Telegram the second try comes at once; before the third is twice `pause`, and so on up to `longest`.
    """

    patience: float = 60.0
    pause: float = 1.0
    longest: float = 60.0

    def after(self, failures: int) -> float:
        """The pause after so many failures."""
        return 0.0 if failures < 2 else min(self.pause * 2 ** min(failures - 1, 10), self.longest)


class Webhook:
    """The webhook of the bot: none at first. `pace` may be changed; it holds from the next `set` on."""

    def __init__(self, updates: Updates, clock: Clock, changed: Callable[[], None]) -> None:
        self._updates = updates
        self._clock = clock
        self._changed = changed
        self._delivery: _Delivery | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.hook: Hook | None = None
        self.pace = Pace()
        self.last_error: tuple[int, str] | None = None
        updates.when_pushed(self._pushed)

    def set(self, hook: Hook) -> None:
        """From now on updates go there, and those that wait too; the same once more changes nothing."""
        if hook == self.hook:
            return
        self.delete()
        self._updates.end_poll(errors.ENDED_BY_WEBHOOK)
        self.hook = hook
        self._delivery = _Delivery(hook, self.pace, self._updates, self._failed)
        task = asyncio.get_running_loop().create_task(self._delivery.run())
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def delete(self) -> None:
        """No webhook any more; what was not confirmed waits for getUpdates."""
        self.hook = self.last_error = self._delivery = None
        self.close()

    def close(self) -> None:
        """Nothing is delivered any more: the server goes down."""
        for task in self._tasks:
            task.cancel()

    async def closed(self) -> None:
        """Waits until all connections are closed."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def to_api(self) -> Json:
        """As getWebhookInfo tells it."""
        info: Json = {
            "url": self.hook.url if self.hook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.waiting()),
        }
        if self.last_error is not None:
            info["last_error_date"], info["last_error_message"] = self.last_error
        if self.hook is not None:
            info["max_connections"] = self.hook.max_connections
        if self._updates.allowed is not None:
            info["allowed_updates"] = self._updates.allowed
        return info

    def _pushed(self) -> None:
        if self._delivery is not None:
            self._delivery.wake()

    def _failed(self, problem: str) -> None:
        self.last_error = (self._clock.now(), problem)
        self._changed()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (problem := task.exception()) is not None:
            _LOG.error("the webhook's delivery ended by %s", type(problem).__name__, exc_info=problem)


class _Delivery:
    """Posts updates to one hook. Those of one row go one after the other; other rows go meanwhile.

    As in Telegram a row is a chat's messages, or a person's presses; with one connection all is one row.
    """

    def __init__(self, hook: Hook, pace: Pace, updates: Updates, failed: Callable[[str], None]) -> None:
        self._hook = hook
        self._pace = pace
        self._updates = updates
        self._failed = failed
        self._wake = asyncio.Event()
        self._going: set[int] = set()
        self._failures: dict[int, int] = {}
        self._due: dict[int, float] = {}

    def wake(self) -> None:
        """There may be something to deliver."""
        self._wake.set()

    async def run(self) -> None:
        """Delivers until it is cancelled."""
        limits = httpx.Limits(max_connections=self._hook.max_connections)
        async with (
            httpx.AsyncClient(trust_env=False, timeout=None, limits=limits) as client,  # noqa: S113 - `patience`
            asyncio.TaskGroup() as group,
        ):
            while True:
                self._wake.clear()
                now = asyncio.get_running_loop().time()
                for update in self._ready(now):
                    self._going.add(update["update_id"])
                    group.create_task(self._deliver(client, update))
                await self._rest(now)

    def _ready(self, now: float) -> Iterator[Json]:
        """The updates that may leave now."""
        rows = set()
        for update in self._updates.waiting():
            row = self._row(update)
            if row in rows:
                continue
            rows.add(row)
            update_id = update["update_id"]
            if update_id in self._going or self._due.get(update_id, now) > now:
                continue
            if len(self._going) >= self._hook.max_connections:
                return
            yield update

    def _row(self, update: Json) -> object:
        if self._hook.max_connections == 1:
            return None
        kind, payload = next((kind, payload) for kind, payload in update.items() if kind != "update_id")
        owner = payload["from"] if kind == "callback_query" else payload["chat"]
        return (kind if kind in _OWN_ROW else "", owner["id"])

    async def _rest(self, now: float) -> None:
        """Until there is something new, or the next try is due."""
        try:
            async with asyncio.timeout_at(min((due for due in self._due.values() if due > now), default=None)):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _deliver(self, client: httpx.AsyncClient, update: Json) -> None:
        update_id = update["update_id"]
        headers = {SECRET_HEADER: self._hook.secret} if self._hook.secret else {}
        problem, after = "", 0.0
        try:
            async with asyncio.timeout(self._pace.patience):
                answer = await client.post(self._hook.address, json=update, headers=headers)
            # the answer may hold a call of a method; that is left out on purpose
            if not answer.is_success:
                problem = f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
                after = _seconds(answer.headers.get("Retry-After", ""))
        except TimeoutError:
            problem = "Read timeout expired"
        except httpx.ConnectError:
            problem = "Connection refused"
        except httpx.HTTPError:
            problem = "Webhook connection closed"
        self._going.discard(update_id)
        if problem:
            self._delay(update_id, after)
            self._failed(problem)
        else:
            self._due.pop(update_id, None)
            self._failures.pop(update_id, None)
            self._updates.confirm(update_id)
        self.wake()

    def _delay(self, update_id: int, after: float) -> None:
        failures = self._failures[update_id] = self._failures.get(update_id, 0) + 1
        self._due[update_id] = asyncio.get_running_loop().time() + (after or self._pace.after(failures))


def _seconds(retry_after: str) -> float:
    return float(min(int(retry_after), _MAX_RETRY_AFTER)) if retry_after.isdecimal() else 0.0
