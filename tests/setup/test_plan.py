"""Set-up as a whole: which Python, one at a time, and an end that leaves nothing behind."""

from __future__ import annotations

import ast
import fcntl
import os
import runpy
import signal
import subprocess
import sys

import pytest

from bot.setup import ROOT
from tests.setup.conftest import Machine, program


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py"])
def test_an_older_python_can_read_what_tells_it_that_it_is_too_old(name: str) -> None:
    ast.parse((ROOT / "bot" / "setup" / name).read_text(), feature_version=(3, 6))
    assert (ROOT / "bot" / "__init__.py").read_text() == ""


def test_a_python_that_is_too_old_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("bot.setup", run_name="__main__")
    assert "This is Python 3.9" in str(ended.value)
    assert "needs 3.11 or newer" in str(ended.value)
    assert "sudo apt-get install python3.11" in str(ended.value)


def test_only_the_standard_library_is_used(machine: Machine) -> None:
    ended = machine.runs([sys.executable, "-S", "-m", "bot.setup", "--help"])
    assert ended.code == 0, ended.said
    for step in ("uv", "app", "nlu", "browser", "lint"):
        assert f"{step}: " in ended.said


def test_an_unknown_step_is_refused(machine: Machine) -> None:
    assert machine.sets_up("everything").code == 2


def started(machine: Machine, *steps: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bot.setup", *steps],
        cwd=machine.project,
        env=machine.environment(),
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=_hear_ctrl_c,  # noqa: PLW1509 - there is one thread
    )


def _hear_ctrl_c() -> None:
    """What a shell starts in the background ignores Ctrl-C, and so would all that the tests start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_a_second_set_up_waits_for_the_first(machine: Machine) -> None:
    machine.has_uv()
    (machine.project / ".cache").mkdir()
    with (machine.project / ".cache" / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with started(machine, "app") as second:
            assert second.stdout is not None
            assert "waiting for its end" in second.stdout.readline()
            assert machine.uv_was_asked == []
            fcntl.flock(lock, fcntl.LOCK_UN)
            assert "app: done after" in second.stdout.read()
    assert second.returncode == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_set_up_that_is_stopped_ends_its_tool(machine: Machine, number: signal.Signals, code: int) -> None:
    machine.has(
        "uv",
        "import os, sys, signal\n"
        "if '--version' in sys.argv: sys.exit(print('uv 0.13.9'))\n"
        "if 'sync' not in sys.argv: sys.exit(1)\n"
        "print('at work as', os.getpid(), flush=True)\n"
        "signal.pause()",
    )
    with started(machine, "app") as process:
        assert process.stdout is not None
        said = next(line for line in process.stdout if "at work as" in line)
        process.send_signal(number)
        process.wait(30)
    assert process.returncode == code
    with pytest.raises(ProcessLookupError):
        os.kill(int(said.split()[-1]), 0)
    assert machine.sets_up("--help").code == 0


def tool(machine: Machine, name: str, code: int = 0) -> None:
    program(machine.project / ".venv" / "bin" / name, f"print({name!r}, 'was run')\nraise SystemExit({code})")


def test_checks_end_at_the_first_that_finds_something(machine: Machine) -> None:
    for name in ("ruff", "lint-imports"):
        tool(machine, name)
    tool(machine, "mypy", code=1)
    ended = machine.sets_up("lint")
    assert ended.code == 1
    assert ended.said.count("ruff was run") == 2
    assert "== types: mypy found what you see above; no test was run" in ended.said
    assert "lint-imports was run" not in ended.said
    tool(machine, "mypy")
    assert machine.sets_up("lint").code == 0
