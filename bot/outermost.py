"""The outermost loops: what must go on whatever happens, and say in the log that something did."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final, TypeVar

import structlog

T = TypeVar("T")
_LOG: Final = structlog.get_logger(__name__)
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 30.0


async def keep_going(
    what: str,
    turn: Callable[[], Awaitable[None]],
    stop: asyncio.Event,
    *,
    ends: tuple[type[Exception], ...] = (),
    longest_pause: float = LONGEST_PAUSE,
) -> None:
    """Does `turn` again and again until told to stop, with longer and longer pauses while it fails.

    The log gets the class of a failure and never its words: they may hold a token or what a person wrote.
    Failures in `ends` go up to the caller.
    """
    pause = FIRST_PAUSE
    while not stop.is_set():
        try:
            await turn()
            pause = FIRST_PAUSE
        except ends:
            raise
        except Exception as failure:  # noqa: BLE001 - an outermost loop: a helpline doesn't end by a failure
            _LOG.warning("failed", what=what, failure=type(failure).__name__, again_in=pause)
            await rest(stop, pause)
            pause = min(2 * pause, longest_pause)


async def attempt(what: str, work: Callable[[], Awaitable[None]]) -> bool:
    """Whether `work` could be done; who asked for it will ask again. The log gets the class of a failure alone."""
    try:
        await work()
    except Exception as failure:  # noqa: BLE001 - an outermost loop: the next request may come
        _LOG.warning("failed", what=what, failure=type(failure).__name__)
        return False
    return True


async def rest(stop: asyncio.Event, seconds: float) -> None:
    """Waits some seconds, or less when told to stop."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


async def unless_stopped(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """What `work` gives; None, and the work cancelled, when told to stop before it is done."""
    task = asyncio.ensure_future(work)
    told = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({task, told}, return_when=asyncio.FIRST_COMPLETED)
        return await task if task.done() else None
    finally:
        for one in (task, told):
            one.cancel()
        await asyncio.gather(task, told, return_exceptions=True)
