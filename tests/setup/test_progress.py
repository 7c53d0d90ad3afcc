"""What a person sees while a slow step runs."""

from __future__ import annotations

import io

import pytest

from bot.setup.progress import QUIET_SECONDS, Progress


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_in_a_log_it_is_plain_lines_and_a_sign_of_life() -> None:
    stream, clock = io.StringIO(), Clock()
    progress = Progress(stream, clock)
    with progress.step("nlu", "installing", "a minute"):
        progress.line("Downloading one\n")
        progress.line(" + one==1.0\n")
        clock.now += QUIET_SECONDS - 1
        progress.tick()
        clock.now += 1
        progress.tick()
        progress.tick()
        clock.now += 5.5
    assert stream.getvalue().splitlines() == [
        "nlu: installing (usually a minute)",
        "  Downloading one",
        "  nlu: still at it, 20 s",
        "nlu: done after 25.5 s",
    ]


def test_on_a_terminal_it_is_one_line_that_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    stream, clock = io.StringIO(), Clock()
    progress = Progress(stream, clock, terminal=True)
    with progress.step("nlu", "installing", "a minute"):
        progress.line("Downloading something with a very long name\n")
        clock.now += 3
        progress.tick()
    first, *changing = stream.getvalue().split("\n")[0:2]
    assert first == "nlu: installing (usually a minute)"
    assert changing[0].count("\r") == 3
    assert "   3 s  Downloading somethi" in changing[0]
    assert all(len(part) <= 30 + len("\x1b[K") for part in changing[0].split("\r"))
    assert changing[0].endswith("\r\x1b[Knlu: done after 3.0 s")


def test_a_step_that_fails_tells_its_time_too() -> None:
    stream, clock = io.StringIO(), Clock()
    progress = Progress(stream, clock)

    def fail() -> None:
        with progress.step("app", "installing", "10 s"):
            clock.now += 2
            raise ValueError("lost")

    with pytest.raises(ValueError, match="lost"):
        fail()
    assert stream.getvalue().endswith("app: stopped after 2.0 s\n")
