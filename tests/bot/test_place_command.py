"""`helpline place`: what was understood of a text, in words and as JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot import cli


def helpline(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(cli._commands, ["place", *arguments], input=typed)


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("živim u Nišu", {"municipality": "rs-nis", "side": "serbia", "candidates": ["rs-nis"]}),
        ("jam nga Prizreni", {"municipality": "xk-prizren", "side": "kosovo", "candidates": ["xk-prizren"]}),
        ("Palilula", {"municipality": None, "side": "serbia", "candidates": ["rs-palilula", "rs-nis"]}),
        ("Merdare", {"municipality": None, "side": None, "candidates": ["xk-podujeve", "rs-kursumlija"]}),
        ("kam lajm të keq", {"municipality": None, "side": None, "candidates": []}),
        ("", {"municipality": None, "side": None, "candidates": []}),
    ],
)
def test_as_json(text: str, understood: dict[str, Any]) -> None:
    for result in (helpline(text, "--json"), helpline("-", "--json", typed=text)):
        assert result.exit_code == 0
        assert json.loads(result.output) == understood


def test_in_words_it_names_the_place_in_three_languages_its_side_and_what_was_found() -> None:
    result = helpline("u Goraždevcu")
    assert result.exit_code == 0
    place, count = result.output.splitlines()
    assert place == "xk-peje  Peja (en), Pejë (sq), Peć (sr); Kosovo*; found by “goraždevac”"
    assert count == "1 candidate."


def test_in_words_it_says_that_the_bot_asks_and_that_there_is_none() -> None:
    several = helpline("Mitrovica").output.splitlines()
    assert len(several) == 4
    assert several[-1] == "3 candidates: the bot asks which one is meant."
    assert helpline("ne znam").output == "No place.\n"


def test_only_misuse_ends_with_another_status() -> None:
    assert helpline().exit_code == 2
    assert helpline("a", "b").exit_code == 2
