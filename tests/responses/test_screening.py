"""What the questions ask next, and what the answers add up to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responses import screening
from responses.content import Content

SHORT = Content.load().screening
ORDER = ("none", "elevated", "high", "immediate")


def asked(**answers: str) -> list[str]:
    """The ids of the questions that somebody is asked who answers so, and skips the others."""
    given_so_far: dict[str, str] = {}
    while (question := screening.next_question(SHORT, given_so_far)) is not None:
        given_so_far[question.id] = answers.get(question.id, screening.SKIP)
    return list(given_so_far)


def test_nobody_is_asked_more_than_nine_questions_and_most_eight() -> None:
    assert asked() == ["safe", "leave", "kept", "work", "hurt", "threats", "sexual", "living", "age"]
    assert len(asked(hurt="no")) == 8


def test_who_may_be_watched_is_asked_only_what_is_urgent() -> None:
    assert asked(safe="watched") == ["safe", "leave", "kept", "hurt", "threats", "living"]


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("safe", "now"),
        ("leave", "locked"),
        ("leave", "moved"),
        ("sexual", "today"),
        ("living", "plan"),
        ("age", "child"),
    ],
)
def test_danger_now_ends_the_questions(question: str, value: str) -> None:
    assert asked(**{question: value})[-1] == question
    result = screening.result(SHORT, {question: value})
    assert result == screening.Result("immediate", (f"{question}={value}",))


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        ({}, "none"),
        ({"safe": "yes", "leave": "yes", "kept": "no"}, "none"),
        ({"age": "yes"}, "elevated"),
        ({"kept": "yes"}, "elevated"),
        ({"work": "pay", "hurt": "past", "age": "yes"}, "elevated"),
        ({"kept": "yes", "leave": "sometimes"}, "high"),
        ({"hurt": "yes", "threats": "yes"}, "high"),
        ({"threats": "life"}, "high"),
        ({"kept": "yes", "threats": "life", "living": "plan"}, "immediate"),
    ],
)
def test_levels(answers: dict[str, str], level: str) -> None:
    assert screening.result(SHORT, answers).level == level


def test_a_skip_is_not_known_and_never_a_no() -> None:
    skipped = {question.id: screening.SKIP for question in SHORT.questions}
    assert screening.result(SHORT, skipped) == screening.Result("none", ())
    assert "threats" in asked(hurt=screening.SKIP)
    assert "threats" not in asked(hurt="no")


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        question.id: st.sampled_from([screening.SKIP, "nonsense", *(option.value for option in question.options)])
        for question in SHORT.questions
    },
)


@given(ANSWERS, ANSWERS)
def test_more_answers_never_lower_the_level(first: dict[str, str], more: dict[str, str]) -> None:
    before = screening.result(SHORT, first).level
    after = screening.result(SHORT, more | first).level
    assert ORDER.index(after) >= ORDER.index(before)
