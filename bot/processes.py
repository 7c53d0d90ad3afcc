"""The helpline's parts as processes: started, watched until they are well, started again, and all of them stopped."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import sys
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

_TIED: Final = Path(__file__).with_name("tied.py")
_GRACE: Final = 25.0  # what has begun is finished: a worker takes 20 seconds at most
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
_PROBES_EVERY: Final = 0.2
_LOOKS_EVERY: Final = 0.05
_REMEMBERS: Final = 15
HOST: Final = "127.0.0.1"
_PORTS: Final = range(20_000, 32_000)


class PartFailed(Exception):
    """A part of the helpline did not start."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part is a program that runs in a process of its own.

    It is well when `probe` says so; without a probe, when it writes a log line whose event is "ready".
    `environment` None is this process's own; `dies_by` is the signal by which it ends, sent by the
    kernel when this process is gone. What `ends_last` is needed by the others to end well.
    Without what is not `vital` the others are still of use: it is tried again even if it never got ready.
    """

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str] | None = None
    probe: Callable[[], Awaitable[bool]] | None = None
    within: float = 60.0
    dies_by: signal.Signals = signal.SIGTERM
    folder: Path | None = None
    ends_last: bool = False
    vital: bool = True


Heard = Callable[[str, str], None]


@dataclass(slots=True)
class Running:
    """A part that was started; `said` is the log line with which it told that it is well."""

    part: Part
    heard: Heard
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    said: dict[str, Any] = field(default_factory=dict)
    last: deque[str] = field(default_factory=lambda: deque(maxlen=_REMEMBERS))
    starts: int = 0
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self.starts += 1
        self.ready.clear()
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-IS", _TIED, str(os.getpid()), str(int(self.part.dies_by))),
            *self.part.command,
            cwd=self.part.folder,
            env=None if self.part.environment is None else dict(self.part.environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,  # the terminal's Ctrl-C is for the supervisor, which stops them in order
        )

    async def listen(self) -> None:
        """Hears its output to the end."""
        assert self.process is not None
        assert self.process.stdout is not None
        kept = b""
        while chunk := await self.process.stdout.read(1 << 16):
            *lines, kept = (kept + chunk).split(b"\n")
            for line in lines:
                self._line(line)
        if kept:
            self._line(kept)

    def _line(self, raw: bytes) -> None:
        line = raw.decode(errors="replace").rstrip()
        if not line:
            return
        self.last.append(line)
        if self.part.probe is None and '"ready"' in line:
            with contextlib.suppress(ValueError):
                told = json.loads(line)
                if told.get("event") == "ready":
                    self.said = told
                    self.ready.set()
                    return
        self.heard(self.part.name, line)

    async def probe(self) -> None:
        """Asks until it is well."""
        assert self.part.probe is not None
        while not await self.part.probe():  # noqa: ASYNC110 - what is asked is another process
            await asyncio.sleep(_PROBES_EVERY)
        self.ready.set()

    async def stop(self) -> None:
        """Asks it to end, and makes it after a while; its own children go with it."""
        process = self.process
        if process is None:
            return
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(self.part.dies_by)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(_end_of(process), _GRACE)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


class Processes:
    """All parts that this process started. Leaving the context stops them."""

    def __init__(self, heard: Heard, told: Callable[[str], None]) -> None:
        self._heard, self._told = heard, told
        self._running: list[Running] = []
        self._tasks: list[asyncio.Task[None]] = []
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def __aenter__(self) -> Processes:
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for last in (False, True):
            await asyncio.gather(*(one.stop() for one in self._running if one.part.ends_last is last))
        if self.failed.done() and not self.failed.cancelled():
            self.failed.exception()  # seen, whether or not somebody waited for it

    async def start(self, part: Part) -> Running:
        """Starts a part, and starts it again whenever it ends; whether it is well is `wait_for`'s business."""
        running = Running(part, self._heard)
        await running.start()
        self._running.append(running)
        self._tasks.append(asyncio.create_task(self._watch(running)))
        return running

    async def wait_for(self, *parts: Running) -> None:
        """Until all of these are well; raises PartFailed when one ends or takes too long."""
        ready = {asyncio.create_task(self._well(one)) for one in parts}
        waiting = set(ready)
        try:
            while waiting:
                done, _ = await asyncio.wait({self.failed, *waiting}, return_when=asyncio.FIRST_COMPLETED)
                for one in done:
                    one.result()
                waiting -= done
        finally:
            for task in ready:
                task.cancel()
            await asyncio.gather(*ready, return_exceptions=True)

    async def go_on(self) -> None:
        """Until somebody cancels it; raises PartFailed when a part can't be started at all."""
        await self.failed

    async def finish(self, part: Part, heard: Heard) -> int:
        """Runs a part that is meant to end; its exit status."""
        running = Running(part, heard)
        await running.start()
        assert running.process is not None
        try:
            await running.listen()
            return await running.process.wait()
        finally:
            await running.stop()

    async def _well(self, running: Running) -> None:
        try:
            await asyncio.wait_for(running.ready.wait(), running.part.within)
        except TimeoutError:
            raise PartFailed(_words(running, f"did not get ready within {running.part.within:.0f} s")) from None

    async def _watch(self, running: Running) -> None:
        pause = _FIRST_PAUSE
        while True:
            was_well = await self._one_life(running)
            assert running.process is not None
            code = running.process.returncode
            if not was_well and running.starts == 1 and running.part.vital:
                if not self.failed.done():
                    self.failed.set_exception(PartFailed(_words(running, f"ended at once (exit status {code})")))
                return
            pause = _FIRST_PAUSE if was_well else min(2 * pause, _LONGEST_PAUSE)
            self._told(f"{running.part.name} ended (exit status {code}); starting it again in {pause:.0f} s")
            await asyncio.sleep(pause)
            await running.start()

    async def _one_life(self, running: Running) -> bool:
        """From its start to its end; says whether it ever was well."""
        asking = asyncio.create_task(running.probe()) if running.part.probe is not None else None
        try:
            assert running.process is not None
            listening = asyncio.create_task(running.listen())
            await _end_of(running.process)
            await asyncio.wait({listening}, timeout=1)
            listening.cancel()
            return running.ready.is_set()
        finally:
            if asking is not None:
                asking.cancel()


async def _end_of(process: asyncio.subprocess.Process) -> None:
    """Until it ended. Its own `wait` also waits for the end of its output, which a child of it may hold open."""
    while process.returncode is None:  # noqa: ASYNC110 - what is looked at is another process
        await asyncio.sleep(_LOOKS_EVERY)


def _words(running: Running, what: str) -> str:
    last = "\n".join(f"    {line}" for line in running.last)
    return f"{running.part.name} {what}." + (f" Its last words:\n{last}" if last else "")


def own(*arguments: str | Path) -> list[str | Path]:
    """The command of one of our own modules in this same Python."""
    return [sys.executable, "-m", *arguments]


def free_port(wished: int | None = None, host: str = HOST) -> int:
    """The port that was wished for, or another one when it is taken.

    Not one that the system would choose: those are also the near ends of connections, and may be taken again before
    a slow part has got to it.
    """
    wishes = () if wished is None else (wished,)
    for port in (*wishes, *random.sample(_PORTS, 100)):
        with socket.socket() as found:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                found.bind((host, port))
            except OSError:
                continue
            return int(found.getsockname()[1])
    raise PartFailed(f"There is no free port on {host}.")


@contextlib.asynccontextmanager
async def until_told() -> AsyncIterator[asyncio.Event]:
    """An event that is set when this process is told to stop: Ctrl-C, SIGTERM, or its terminal was closed."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for one in signals:
        loop.add_signal_handler(one, stop.set)
    try:
        yield stop
    finally:
        for one in signals:
            loop.remove_signal_handler(one)


async def until_stopped(work: Coroutine[Any, Any, None], say: Callable[[str], None]) -> None:
    """Does some work until it ends or this process is told to stop, which cancels it."""
    async with until_told() as stop:
        working = asyncio.create_task(work)
        told = asyncio.create_task(stop.wait())
        await asyncio.wait({working, told}, return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
        if working.done():
            working.result()
            return
        say("\nStopping …")
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working
        say("Everything is stopped.")
