"""What is wrong with training data is found: repeated, contradicting, misplaced, missing, and asked in the exam."""

from __future__ import annotations

import pytest

from nlu_data import inspection
from nlu_data.evaluation import Case
from nlu_data.examples import Example, Examples
from nlu_data.inspection import Pair, Problem

NOTHING: dict[str, list[Pair]] = {"among": [], "between": []}


def known(*ones: Example) -> Examples:
    texts: dict[tuple[str, str], tuple[str, ...]] = {}
    for one in ones:
        texts[one.language, one.intent] = (*texts.get((one.language, one.intent), ()), one.text)
    groups = {one.intent: "risk" if one.intent.startswith("risk_") else "talk" for one in ones}
    return Examples(groups, tuple(sorted({one.language for one in ones})), texts)


def found(
    ones: list[Example], cases: list[Case] | None = None, near: dict[str, list[Pair]] | None = None
) -> list[Problem]:
    return [one for one in inspection.problems(known(*ones), cases or [], near or NOTHING) if one.kind != "thin"]


def test_twice_and_contradicting() -> None:
    repeated = found([Example("en", "thanks", "Thank you!"), Example("en", "thanks", "thank you!")])
    assert [(one.kind, one.grave) for one in repeated] == [("duplicate", True)]
    assert found([Example("en", "affirm", "ok"), Example("sr", "affirm", "OK")]) == []
    contradicting = found([Example("en", "thanks", "he hit me"), Example("en", "risk_danger_now", "He hit me")])
    assert [(one.kind, one.grave) for one in contradicting] == [("contradiction", True)]


@pytest.mark.parametrize(
    ("language", "text", "kinds"),
    [
        ("en", "помогите", ["script"]),
        ("sq", "ndihmë", []),
        ("sr", "помоћ", []),
        ("sr", "مساعدة", ["script"]),
        ("en", "a [b](c)", ["bad"]),
        ("en", "🙏 ok", []),
    ],
)
def test_script_and_marks(language: str, text: str, kinds: list[str]) -> None:
    assert [one.kind for one in found([Example(language, "thanks", text)])] == kinds


def test_what_means_the_same_is_advice() -> None:
    ones = [
        Example("en", "thanks", "i am so grateful"),
        Example("en", "thanks", "i am very grateful"),
        Example("en", "goodbye", "grateful and gone"),
    ]
    near: dict[str, list[Pair]] = {"among": [(0, 1, 0.98), (0, 2, 0.94), (1, 2, 0.90)], "between": []}
    assert sorted((one.kind, one.grave) for one in found(ones, near=near)) == [
        ("near", False),
        ("near_contradiction", False),
    ]


def test_the_exam_is_not_learnt() -> None:
    case = Case("en", "thanks", "message", "you listened to me tonight")
    asked = found([Example("en", "thanks", "You listened to me tonight")], [case])
    assert [(one.kind, one.grave) for one in asked] == [("test_too_near", True)]
    near: dict[str, list[Pair]] = {"among": [], "between": [(0, 0, 0.96)]}
    nearly = found([Example("en", "thanks", "you listened to me last night")], [case], near)
    assert [(one.kind, one.grave) for one in nearly] == [("test_too_near", False)]
    short = Case("en", "thanks", "message", "thank you")
    assert found([Example("en", "thanks", "Thank you")], [short]) == []  # there is no other way to say it


def test_thin_intents_are_named_and_dangers_need_more() -> None:
    ones = [Example("en", intent, f"text {n}") for intent in ("thanks", "risk_self_harm") for n in range(60)]
    thin = [one for one in inspection.problems(known(*ones), [], NOTHING) if one.kind == "thin"]
    assert [one.words for one in thin] == ["en/risk_self_harm: 60 examples, 150 are needed"]
