"""The texts are whole: every language, every place, within the limits, without a made-up number."""

from __future__ import annotations

from pathlib import Path

import pytest

from responses import checks, screening
from responses.content import Content
from responses.languages import LANGUAGES
from responses.script import to_cyrillic

CONTENT = Content.load()
INTENTS = Path(__file__).parents[2] / "nlu_data" / "domain.yml"


def test_nothing_is_wrong_with_the_texts() -> None:
    assert checks.problems(CONTENT) == ()


def test_every_intent_has_an_answer_and_every_answer_an_intent() -> None:
    names = {line.strip("- \n") for line in INTENTS.read_text().splitlines() if line.strip().startswith("- ")}
    assert len(names) == 65
    assert names == CONTENT.intents


@pytest.mark.parametrize("language", LANGUAGES)
def test_emergency_numbers_depend_on_where_the_person_is(language: str) -> None:
    assert "192" in CONTENT.emergency(language, "serbia")
    assert "194" in CONTENT.emergency(language, None)
    assert "192" not in CONTENT.emergency(language, "abroad")


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Injekcija je u džepu", "Инјекција је у џепу"),
        ("Njegova ljubav", "Његова љубав"),
        ("Napiši /exit u Telegram", "Напиши /exit u Telegram".replace(" u ", " у ")),
        ("Pozovi: {police}.", "Позови: {police}."),
        ("PVPT i Kosovo*", "PVPT и Косово*"),
    ],
)
def test_cyrillic_is_made_from_latin(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


def test_screening_ends_at_danger_and_a_skip_is_not_a_no() -> None:
    instrument = CONTENT.screening
    first = screening.next_question(instrument, {})
    assert first is not None
    assert first.id == "safe"
    assert screening.next_question(instrument, {"safe": "now"}) is None
    assert screening.result(instrument, {"safe": "now"}).level == "immediate"
    assert screening.result(instrument, {one.id: "skip" for one in instrument.questions}).level == "none"
    assert screening.result(instrument, {"kept": "yes", "threats": "yes"}).level == "high"
    assert screening.result(instrument, {"threats": "life"}).level == "high"
    assert screening.result(instrument, {"age": "yes"}).level == "elevated"


def test_a_problem_is_found() -> None:
    """The checks can fail: a text without its asterisk and a missing translation are seen."""
    broken = {one: dict(texts) for one, texts in CONTENT.texts.items()}
    broken["en"]["test.only"] = "Kosovo without"
    content = Content.load()
    object.__setattr__(content, "texts", broken)
    found = checks.problems(content)
    assert any("asterisk" in problem for problem in found)
    assert any("test.only is missing" in problem for problem in found)
