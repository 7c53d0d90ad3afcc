"""How urgent a text is, at each threshold."""

from __future__ import annotations

import pytest

from nlu_data import judgement
from nlu_data.lexicon import Alarm

GROUPS = {"risk_self_harm": "risk", "risk_danger_now": "risk", "partner_violence": "violence", "thanks": "talk"}
HIGH, ELEVATED, MEANT = judgement.HIGH_FROM, judgement.ELEVATED_FROM, judgement.MEANT_FROM


@pytest.mark.parametrize(
    ("together", "level"),
    [(ELEVATED - 0.01, "none"), (ELEVATED, "elevated"), (HIGH - 0.01, "elevated"), (HIGH, "high"), (1.0, "high")],
)
def test_the_dangers_count_together(together: float, level: str) -> None:
    guesses = [("risk_self_harm", together * 0.75), ("risk_danger_now", together * 0.25)]
    assert judgement.of_text(GROUPS, guesses, ()).level == level


@pytest.mark.parametrize(("confidence", "level"), [(MEANT - 0.01, "none"), (MEANT, "elevated"), (1.0, "elevated")])
def test_violence_that_is_meant_is_a_sign(confidence: float, level: str) -> None:
    assert judgement.of_text(GROUPS, [("partner_violence", confidence)], ()).level == level


def test_the_rules_are_believed_whatever_the_model_says() -> None:
    alarm = Alarm("en/captivity/locked-in@1", "risk_held_captive", "immediate")
    judged = judgement.of_text(GROUPS, [("thanks", 1.0)], (alarm,))
    assert (judged.level, judged.reasons) == ("immediate", ("lexicon:en/captivity/locked-in@1",))
