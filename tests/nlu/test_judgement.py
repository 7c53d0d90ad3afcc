"""How urgent a text is, at each threshold."""

from __future__ import annotations

import pytest

from nlu_data import judgement
from nlu_data.lexicon import Alarm

GROUPS = {"risk_self_harm": "risk", "risk_danger_now": "risk", "partner_violence": "violence", "thanks": "talk"}
HIGH, ELEVATED, SIGN = judgement.HIGH_FROM, judgement.ELEVATED_FROM, judgement.SIGN_FROM
ALARM = Alarm("en/captivity/locked-in@1", "risk_held_captive", "immediate")


@pytest.mark.parametrize(
    ("together", "level"),
    [(ELEVATED - 0.01, "none"), (ELEVATED, "elevated"), (HIGH - 0.01, "elevated"), (HIGH, "high"), (1.0, "high")],
)
def test_the_dangers_count_together(together: float, level: str) -> None:
    guesses = [("risk_self_harm", together * 0.75), ("risk_danger_now", together * 0.25)]
    assert judgement.of_text(GROUPS, guesses, ()).level == level


@pytest.mark.parametrize(
    ("danger", "talk", "level"),
    [(0.2, 0.49, "elevated"), (0.2, 0.51, "none"), (0.3, 0.7, "elevated"), (HIGH, 0.6, "high"), (0.1, 0.0, "none")],
)
def test_danger_counts_beside_how_probable_talk_is(danger: float, talk: float, level: str) -> None:
    """A saying is both a little: "this heat is killing me"."""
    assert judgement.of_text(GROUPS, [("thanks", talk), ("risk_self_harm", danger)], ()).level == level


@pytest.mark.parametrize(("confidence", "level"), [(SIGN - 0.01, "none"), (SIGN, "elevated"), (1.0, "elevated")])
def test_violence_that_is_meant_is_a_sign(confidence: float, level: str) -> None:
    assert judgement.of_text(GROUPS, [("partner_violence", confidence)], ()).level == level


@pytest.mark.parametrize(
    ("guesses", "stands"),
    [
        ([], True),  # the NLU is down, or has nothing to say
        ([("thanks", 1.0)], False),
        ([("thanks", judgement.SURE_FROM), ("partner_violence", 0.4)], False),
        ([("thanks", judgement.SURE_FROM - 0.01), ("partner_violence", 0.4)], True),
        ([("thanks", 0.9), ("risk_self_harm", judgement.NO_DANGER_BELOW)], True),
        ([("partner_violence", 1.0)], True),
        ([("risk_self_harm", 1.0)], True),
    ],
)
def test_a_rule_is_believed_unless_the_nlu_is_sure_that_it_is_wrong(
    guesses: list[tuple[str, float]], stands: bool
) -> None:
    assert judgement.believed(GROUPS, guesses, (ALARM,)) == ((ALARM,) if stands else ())
    judged = judgement.of_text(GROUPS, guesses, (ALARM,))
    assert (judged.level == "immediate") is stands
    assert ("lexicon:en/captivity/locked-in@1" in judged.reasons) is stands
