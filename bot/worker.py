"""The process that answers and sends: jobs of the queues `answer` and `send`, and the sweep.

Both queues have workers of their own, so that a slow Telegram doesn't keep anybody's message from being read.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import procrastinate
import structlog

from bot import outermost
from bot.sweep import Sweeping
from handoff.store import jobs

_LOG: Final = structlog.get_logger(__name__)
AT_ONCE: Final = 16
_POLLS_EVERY: Final = 0.15
_FINISHES_WITHIN: Final = 20.0

Drain = Callable[[uuid.UUID], Awaitable[None]]


class JobFailed(Exception):
    """A job failed; its row is still there, and the sweep will take it up again."""


@dataclass(frozen=True, slots=True)
class Working:
    """Works on the queues that it has a hand for. `heartbeat`: seconds between two signs of life."""

    url: str
    hands: Mapping[str, Drain]
    sweeping: Sweeping
    heartbeat: float = 2.0

    async def run(self, stop: asyncio.Event) -> None:
        """Works until told to stop; what has begun is finished then, for at most 20 seconds."""
        await outermost.keep_going("work", lambda: self._work(stop), stop)

    async def _work(self, stop: asyncio.Event) -> None:
        app = jobs.jobs_app(self.url)
        for name, drain in self.hands.items():
            app.task(name=name, queue=name)(_job(name, drain))
        async with app.open_async():
            # when one of them ends (a lost database ends a worker), all begin anew
            await outermost.unless_stopped(stop, _until_one_ends(self._parts(app, stop)))

    def _parts(self, app: procrastinate.App, stop: asyncio.Event) -> Iterable[Awaitable[None]]:
        for name in self.hands:
            yield app.run_worker_async(
                queues=[name],
                name=name,
                concurrency=AT_ONCE,
                fetch_job_polling_interval=_POLLS_EVERY,
                update_heartbeat_interval=self.heartbeat,
                shutdown_graceful_timeout=_FINISHES_WITHIN,
                delete_jobs="always",
                install_signal_handlers=False,
            )
        yield self.sweeping.run(app, stop)


def _job(name: str, drain: Drain) -> Callable[[str], Awaitable[None]]:
    async def job(person_id: str) -> None:
        try:
            await drain(uuid.UUID(person_id))
        except Exception as failure:  # noqa: BLE001 - an outermost loop: procrastinate counts it as failed
            # the log gets the class alone: a database's words may hold what somebody wrote
            _LOG.warning("job_failed", job=name, person=person_id, failure=type(failure).__name__)
            raise JobFailed from None

    return job


async def _until_one_ends(parts: Iterable[Awaitable[None]]) -> None:
    running = [asyncio.ensure_future(part) for part in parts]
    try:
        done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        for part in done:
            part.result()
    finally:
        for part in running:
            part.cancel()
        await asyncio.gather(*running, return_exceptions=True)
