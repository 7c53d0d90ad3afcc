"""Chromium for the browser tests is found, installed, or asked for: never silently missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.setup import browser
from bot.setup.failure import SetupFailed
from tests.setup.conftest import Machine, program

CHROMIUM = "print('Chromium 150.0.1')"


def noted(machine: Machine) -> str:
    return (machine.project / ".cache" / "chromium").read_text().strip()


def test_one_on_the_path_that_starts_is_written_down(machine: Machine) -> None:
    machine.has("chromium", "raise SystemExit('Command chromium requires the snap to be installed')")
    real = machine.has("google-chrome", "print('Google Chrome 150.0.1')")
    ended = machine.sets_up("browser")
    assert ended.code == 0, ended.said
    assert noted(machine) == str(real)
    assert machine.sets_up("browser").said == f"browser: up to date ({real})\n"


def test_one_written_down_that_is_gone_is_looked_for_again(machine: Machine) -> None:
    machine.has("chromium", CHROMIUM)
    machine.sets_up("browser")
    (machine.commands / "chromium").unlink()
    real = machine.has("chromium-browser", CHROMIUM)
    assert machine.sets_up("browser").code == 0
    assert noted(machine) == str(real)


def test_one_that_is_named_must_start(machine: Machine) -> None:
    machine.has("chromium", CHROMIUM)
    ended = machine.sets_up("browser", HELPLINE_CHROMIUM="/nowhere/chromium")
    assert ended.code == 1
    assert "HELPLINE_CHROMIUM names /nowhere/chromium" in ended.said
    named = program(machine.folder / "mine" / "chromium", CHROMIUM)
    assert machine.sets_up("browser", HELPLINE_CHROMIUM=str(named)).code == 0


def test_where_the_system_has_none_playwright_downloads_its_own(machine: Machine) -> None:
    downloaded = machine.home / "ms-playwright" / "chrome"
    program(machine.project / ".venv" / "bin" / "python", f"print({str(downloaded)!r})")
    program(
        machine.project / ".venv" / "bin" / "playwright",
        "import os, sys\n"
        "assert sys.argv[1:] == ['install', 'chromium']\n"
        f"os.makedirs({str(downloaded.parent)!r})\n"
        f"open({str(downloaded)!r}, 'w').write({f'#!/bin/sh{chr(10)}echo Chromium 159{chr(10)}'!r})\n"
        f"os.chmod({str(downloaded)!r}, 0o755)",
    )
    ended = machine.sets_up("browser")
    assert ended.code == 0, ended.said
    assert noted(machine) == str(downloaded)


def test_where_none_can_be_had_it_says_what_to_type(machine: Machine) -> None:
    program(machine.project / ".venv" / "bin" / "playwright", "raise SystemExit('getaddrinfo ENOTFOUND')")
    ended = machine.sets_up("browser")
    assert ended.code == 1
    assert "is there a connection" in ended.said
    assert "sudo apt-get update && sudo apt-get install chromium" in ended.said
    assert "HELPLINE_CHROMIUM=" in ended.said
    assert "Traceback" not in ended.said
    assert not (machine.project / ".cache" / "chromium").exists()


def test_the_tests_read_what_was_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HELPLINE_CHROMIUM", raising=False)
    with pytest.raises(SetupFailed, match=r"python3 -m bot\.setup browser"):
        browser.chromium_path(tmp_path)
    chromium = program(tmp_path / "chromium", CHROMIUM)
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "chromium").write_text(f"{chromium}\n")
    assert browser.chromium_path(tmp_path) == chromium
    monkeypatch.setenv("HELPLINE_CHROMIUM", str(program(tmp_path / "other", CHROMIUM)))
    assert browser.chromium_path(tmp_path) == tmp_path / "other"
