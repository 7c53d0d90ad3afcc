"""The log: nothing that a library would put into it comes through."""

from __future__ import annotations

import json
import logging
import sys

import pytest
import structlog

from bot import logs

MARK = "planted-content"


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_librarys_values_and_failures_stay_out(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(form, "debug")
    other = logging.getLogger("some.library")
    other.warning("asked for %s", MARK)
    other.error("first line\nand %s", MARK)
    try:
        raise ValueError(MARK)
    except ValueError:
        other.exception("it failed")
        structlog.get_logger("bot.somewhere").warning("failed", exc_info=True)
    written = capsys.readouterr().err
    assert MARK not in written
    assert "asked for %s" in written
    assert written.count("ValueError") == 2


def test_a_line_says_which_part_and_what(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "info", "answer")
    structlog.get_logger("bot.answer").info("answered", person="3")
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["part"], line["person"], line["level"]) == ("answered", "answer", "3", "info")


def test_addresses_with_a_token_are_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "debug")
    logging.getLogger("httpx").info("POST https://api.telegram.org/bot1:secret/getMe")
    logging.getLogger("telegram.ext").debug("1:secret")
    assert capsys.readouterr().err == ""


def test_the_end_by_an_unforeseen_failure_is_told_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "info")
    failure = RuntimeError(MARK)
    sys.excepthook(RuntimeError, failure, None)
    written = capsys.readouterr().err
    assert MARK not in written
    assert "RuntimeError" in written
