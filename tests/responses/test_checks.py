"""The checks pass on what is shipped, and can fail."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import responses
from responses import checks
from responses.content import Content

SHIPPED = Path(str(responses.__file__)).parent


def test_nothing_is_wrong_with_what_is_shipped() -> None:
    assert checks.problems(Content.load()) == ()


@pytest.fixture
def broken(tmp_path: Path) -> Callable[[str, str, str], tuple[str, ...]]:
    """Changes one file of a copy and says what the checks find then."""
    folder = tmp_path / "responses"
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))

    def change(file: str, old: str, new: str) -> tuple[str, ...]:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return checks.problems(Content.load(folder))

    return change


THANKS_SQ = "    sq: Faleminderit\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "old", "new", "found"),
    [
        ("answers/talk.yml", THANKS_SQ, "", "thanks/label: has ['en', 'sr']"),
        ("answers/talk.yml", THANKS_SQ, "    sq: " + "Faleminderit " * 5 + "\n", "thanks/label/sq: 64 characters"),
        ("answers/violence.yml", "Call: {police}", "Call: {fire_brigade}", "unknown resource fire_brigade"),
        ("answers/violence.yml", "Call: {police}", "Call", "different placeholders"),
        ("answers/violence.yml", "Call: {police}", "Call: {police}. " + "So it is. " * 60, "at most 600"),
        ("answers/violence.yml", "Kosovo*:", "Kosovo:", "without its asterisk"),
        ("answers/violence.yml", "I am sorry", "You are a victim. I am sorry", "a word that we do not use"),
        ("answers/violence.yml", "I am sorry", "Call 0800 123 456. I am sorry", "a number that should be a resource"),
        ("answers/violence.yml", "Nije tvoja", "Није tvoja", "letters of the other script"),
        ("answers/violence.yml", "Serbia: {women_line_serbia}", "Women: {women_line_serbia}", "is in serbia only"),
        ("answers/violence.yml", "ask_shelter", "ask_for_the_moon", "unknown follow-up ask_for_the_moon"),
        ("resources.yml", '{serbia: "192", kosovo: "192"}', '{serbia: "192"}', "needs a number on both sides"),
        ("organisations.yml", "side: serbia", "side: moon", "unknown side moon"),
        ("menu.yml", "do:screening", "do:nothing", "unknown entry do:nothing"),
        ("screening/short.yml", "sign: threat", "sign: perhaps", "unknown sign perhaps"),
        ("screening/short.yml", "unless: {hurt: ", "unless: {living: ", "that nobody can have given"),
        ("screening/short.yml", "value: watched", "value: skip", "or is called skip"),
        ("places.tsv", "rs-nis\tserbia", "rs-nis\tmoon", "places/rs-nis: unknown side moon"),
        ("locale/sq/LC_MESSAGES/bot.po", 'msgid "menu.text"', 'msgid "menu.txt"', "bot.po/sq: menu.text is missing"),
    ],
)
def test_a_problem_is_found(
    broken: Callable[[str, str, str], tuple[str, ...]], file: str, old: str, new: str, found: str
) -> None:
    problems = broken(file, old, new)
    assert any(found in problem for problem in problems), problems
