"""Every figure about a set of messages says what its name says."""

from __future__ import annotations

import pytest

from nlu_data import evaluate
from nlu_data.evaluate import Evaluation
from nlu_data.evaluation import Case
from nlu_data.judgement import Guess
from nlu_data.lexicon import Alarm

GROUPS = {"risk_self_harm": "risk", "thanks": "talk", "greet": "talk", "partner_violence": "violence"}
ALARM = Alarm("en/self-harm/x@1", "risk_self_harm", "high")
TOLD = "the rule sees this"


def alarms(text: str) -> tuple[Alarm, ...]:
    return (ALARM,) if text == TOLD else ()


def guesses(**sure: float) -> list[Guess]:
    return sorted(sure.items(), key=lambda one: -one[1])


def evaluation(*rows: tuple[Case, list[Guess], float]) -> Evaluation:
    return evaluate.evaluation([row[0] for row in rows], [row[1:] for row in rows], alarms, GROUPS)


EVALUATION = evaluation(
    (Case("en", "risk_self_harm", "message", TOLD), guesses(thanks=0.85, risk_self_harm=0.12), 10),
    (Case("en", "risk_self_harm", "message", "quiet"), guesses(risk_self_harm=0.6, thanks=0.3), 20),
    (Case("en", "risk_self_harm", "message", "missed"), guesses(thanks=0.35, greet=0.3, partner_violence=0.25), 30),
    (Case("en", "thanks", "message", "ta"), guesses(thanks=0.95), 40),
    (Case("sq", "greet", "message", "tung"), guesses(thanks=0.7, greet=0.2), 50),
    (Case("en", "out_of_scope", "idiom", "dying of laughter"), guesses(risk_self_harm=0.25, thanks=0.2), 60),
    (Case("en", "out_of_scope", "off_topic", TOLD), guesses(thanks=0.9), 70),
)


def test_the_figures() -> None:
    figures = EVALUATION.to_json()
    assert figures["top1"] == {"en": 0.5, "sq": 0.0}
    assert figures["top3"] == {"en": 0.75, "sq": 1.0}
    assert figures["risk_recall"] == {"en": pytest.approx(2 / 3, abs=1e-4)}
    assert figures["risk_recall_high"] == {"en": pytest.approx(2 / 3, abs=1e-4)}
    assert figures["lexicon_only"]["risk_recall"] == {"en": pytest.approx(1 / 3, abs=1e-4)}
    assert figures["nlu_only"]["risk_recall"] == {"en": pytest.approx(1 / 3, abs=1e-4)}
    assert figures["alarms"]["idiom"] == {"elevated": {"en": 1.0}, "high": {"en": 0.0}}
    assert figures["alarms"]["off_topic"] == {"elevated": {"en": 0.0}, "high": {"en": 0.0}}  # the rule isn't believed
    assert figures["lexicon_only"]["alarms"]["off_topic"] == {"elevated": {"en": 1.0}, "high": {"en": 1.0}}
    assert figures["nlu_only"]["alarms"]["off_topic"]["elevated"] == {"en": 0.0}
    assert figures["alarms"]["talk"]["elevated"] == {"en": 0.0, "sq": 0.0}
    assert figures["did_you_mean"] == {"share": 0.2, "right_among_three": 0.0}
    assert figures["worst_confusions"][0] == {"intent": "risk_self_harm", "taken_for": "thanks", "messages": 2}
    assert figures["parse_ms"] == {"p50": 40, "p95": 70}
    # en: risk_self_harm 1 of 3 with nothing wrongly given (F1 0.5), thanks 1 of 1 with two more given (F1 0.5)
    assert figures["macro_f1"] == {"en": 0.5, "sq": 0.0}


def test_calibration_is_the_mean_difference_of_confidence_and_truth() -> None:
    sure = evaluation(*[(Case("en", "thanks", "message", "ta"), guesses(thanks=0.75), 1.0) for _ in range(4)])
    assert sure.calibration_error() == pytest.approx(0.25)
    assert evaluation().calibration_error() == 0.0


def test_a_curve_falls_with_its_threshold() -> None:
    curve = EVALUATION.curve("en", "idiom")
    assert [threshold for threshold, _, _ in curve] == [pytest.approx(step / 20) for step in range(1, 20)]
    assert [recall for _, recall, _ in curve] == sorted((recall for _, recall, _ in curve), reverse=True)
    assert {round(t, 2): share for t, _, share in curve}[0.25] == 1.0
    assert {round(t, 2): share for t, _, share in curve}[0.3] == 0.0
