"""Parts as processes: started, watched, started again, and all of them gone at the end, however it comes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import processes
from bot.processes import Part, PartFailed, Processes

READY = 'print(\'{"event": "ready", "url": "here"}\', flush=True)'
FOR_EVER = "import time; time.sleep(600)"


def python(*lines: str) -> list[str | Path]:
    return [sys.executable, "-c", "\n".join(lines)]


def lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


async def until(look: Callable[[], bool], within: float = 10) -> None:
    async with asyncio.timeout(within):
        while not look():  # noqa: ASYNC110 - what is looked at is another process
            await asyncio.sleep(0.02)


def nothing(*_: str) -> None:
    pass


async def test_a_part_is_well_when_it_says_so() -> None:
    async with Processes(nothing, nothing) as running:
        part = await running.start(Part("one", python(READY, FOR_EVER)))
        await running.wait_for(part)
        assert part.said["url"] == "here"
        assert part.process is not None
        pid = part.process.pid
        assert lives(pid)
    assert not lives(pid)


async def test_a_part_is_well_when_its_probe_says_so() -> None:
    asked = 0

    async def probe() -> bool:
        nonlocal asked
        asked += 1
        return asked == 3

    async with Processes(nothing, nothing) as running:
        await running.wait_for(await running.start(Part("one", python(FOR_EVER), probe=probe)))
    assert asked == 3


async def test_a_part_that_cannot_start_says_why() -> None:
    async with Processes(nothing, nothing) as running:
        part = await running.start(Part("one", python("import sys", "print('no such bridge')", "sys.exit(4)")))
        with pytest.raises(PartFailed, match=r"one ended at once \(exit status 4\)(?s:.*)no such bridge"):
            await running.wait_for(part)


async def test_a_part_that_takes_too_long_is_named_and_stopped() -> None:
    async with Processes(nothing, nothing) as running:
        part = await running.start(Part("one", python(FOR_EVER), within=0.2))
        with pytest.raises(PartFailed, match="one did not get ready"):
            await running.wait_for(part)
    assert part.process is not None
    assert not lives(part.process.pid)


async def test_a_part_that_was_killed_is_started_again() -> None:
    told: list[str] = []
    async with Processes(nothing, told.append) as running:
        part = await running.start(Part("one", python(READY, FOR_EVER)))
        await running.wait_for(part)
        assert part.process is not None
        part.process.kill()
        await until(lambda: part.starts == 2 and part.ready.is_set())
    assert told == ["one ended (exit status -9); starting it again in 1 s"]


async def test_what_is_not_vital_is_tried_again_and_stops_nobody() -> None:
    told: list[str] = []
    async with Processes(nothing, told.append) as running:
        part = await running.start(Part("one", python("import sys", "sys.exit(4)"), vital=False))
        other = await running.start(Part("two", python(READY, FOR_EVER)))
        await running.wait_for(other)
        await until(lambda: part.starts == 2)
        assert not running.failed.done()
    assert told[0] == "one ended (exit status 4); starting it again in 2 s"


async def test_what_a_part_says_is_heard_line_by_line() -> None:
    heard: list[tuple[str, str]] = []
    script = python("print('x' * 100_000)", "print('last, without an end', end='')")
    async with Processes(lambda part, line: heard.append((part, line)), nothing) as running:
        assert await running.finish(Part("one", script), lambda part, line: heard.append((part, line))) == 0
    assert heard == [("one", "x" * 100_000), ("one", "last, without an end")]


async def test_children_of_a_part_go_with_it(tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    script = python(
        "import pathlib, subprocess, sys",
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])",
        f"pathlib.Path({str(noted)!r}).write_text(str(child.pid))",
        READY,
        FOR_EVER,
    )
    async with Processes(nothing, nothing) as running:
        await running.wait_for(await running.start(Part("one", script)))
        child = int(noted.read_text())
    await until(lambda: not lives(child))


SUPERVISOR = """
    import asyncio, sys
    from bot.processes import Part, Processes, until_stopped

    async def serve():
        async with Processes(print, print) as running:
            parts = [await running.start(Part(name, [sys.executable, "-c", sys.argv[1]])) for name in ("a", "b")]
            await running.wait_for(*parts)
            print(*(part.process.pid for part in parts), flush=True)
            await running.go_on()

    asyncio.run(until_stopped(serve(), lambda words: print(words, flush=True)))
"""


@contextlib.contextmanager
def supervisor() -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    script = f"{READY}\n{FOR_EVER}"
    command = [sys.executable, "-c", textwrap.dedent(SUPERVISOR), script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            pids = [int(pid) for pid in process.stdout.readline().split()]
            assert all(lives(pid) for pid in pids)
            yield process, pids
        finally:
            process.kill()


def gone(pids: list[int], within: float = 10) -> bool:
    last = time.monotonic() + within
    while any(lives(pid) for pid in pids):
        if time.monotonic() > last:
            return False
        time.sleep(0.02)
    return True


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_supervisor_that_is_told_to_stop_stops_all(how: signal.Signals) -> None:
    with supervisor() as (process, pids):
        process.send_signal(how)
        words, _ = process.communicate(timeout=20)
        assert "Everything is stopped." in words
        assert process.returncode == 0
        assert gone(pids)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends the parts of a supervisor that was killed")
def test_a_supervisor_that_is_killed_leaves_no_orphan() -> None:
    with supervisor() as (process, pids):
        process.kill()
        process.wait()
        assert gone(pids)


def test_a_port_in_use_gets_another_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wished = taken.getsockname()[1]
        found = processes.free_port(wished)
        assert found != wished
    assert processes.free_port(found) == found
    assert processes.free_port() not in range(32_768, 61_000)  # where the system takes the near ends of connections


def test_tied_refuses_a_parent_that_is_gone() -> None:
    tied = Path(processes.__file__).with_name("tied.py")
    command = [sys.executable, "-IS", str(tied), "1", str(int(signal.SIGTERM)), sys.executable, "-c", "print('ran')"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    assert os.getpid() != 1
    assert (done.returncode, done.stdout) == (1, "")
