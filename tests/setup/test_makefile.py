"""The Makefile tells what it can do and picks a Python that runs."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from bot.setup import ROOT
from tests.setup.conftest import Machine

MAKEFILE = (ROOT / "Makefile").read_text()


@pytest.fixture
def make(machine: Machine) -> str:
    shutil.copy(ROOT / "Makefile", machine.project)
    for name in ("sh", "awk", "env"):
        found = shutil.which(name)
        assert found
        (machine.commands / name).symlink_to(found)
    found = shutil.which("make")
    assert found, "make is one of the two things that the helpline takes for granted"
    return found


def test_every_target_is_told_by_help(machine: Machine, make: str) -> None:
    ended = machine.runs([make])
    assert ended.code == 0
    targets = re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE)
    assert {"demo", "run", "tour", "test", "test-fast", "vectors", "help", "clean"} <= set(targets)
    for target in targets:
        assert re.search(rf"^  make {target} +\w", ended.said, re.MULTILINE), target


def test_a_python_that_fails_or_is_too_old_is_passed_over(machine: Machine, make: str) -> None:
    machine.has("python3.13", "raise SystemExit('pyenv: python3.13: command not found')")
    machine.has("python3.12", "raise SystemExit(1)")
    (machine.commands / "python3").symlink_to(sys.executable)
    assert f'"{machine.commands / "python3"}" -m bot.setup app nlu' in machine.runs([make, "-n", "demo"]).said


def test_a_python_that_is_named_is_taken(machine: Machine, make: str) -> None:
    assert '"/my/python" -m bot.setup' in machine.runs([make, "-n", "demo", "PYTHON=/my/python"]).said
    assert '"/my/python" -m bot.setup' in machine.runs([make, "-n", "demo"], PYTHON="/my/python").said


def test_without_any_python_it_says_so(machine: Machine, make: str) -> None:
    machine.has("python3", "raise SystemExit(1)")
    ended = machine.runs([make, "demo"])
    assert ended.code == 2
    assert "No Python 3.11 or newer runs here" in ended.said
    assert machine.runs([make, "help"]).code == 0


def test_a_set_up_that_fails_ends_the_command(machine: Machine, make: str) -> None:
    machine.lacks_module("venv", "no ensurepip")
    machine.lacks_module("pip", "no pip")
    ended = machine.runs([make, "-j4", "demo", f"PYTHON={sys.executable}"])
    assert ended.code == 2
    assert "uv is not here and could not be installed" in ended.said
    assert "helpline demo" not in ended.said


def test_continuous_integration_runs_the_same_command_from_anywhere() -> None:
    script = Path(ROOT, ".ci", "run")
    assert script.stat().st_mode & 0o111
    assert script.read_text().splitlines()[-1] == "exec make --no-print-directory test"
