"""How urgent a text, a button or an answer says that it is, and why. The figures stand here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.dialogue.events import Heard
from bot.dialogue.state import higher
from responses.content import Content

# The probabilities of all risk_* intents together.
HIGH_FROM: Final = 0.5
ELEVATED_FROM: Final = 0.25
# From here on an intent counts as meant: it is answered, and its group is a sign.
MEANT_FROM: Final = 0.40
SIGN_GROUPS: Final = frozenset({"exploitation", "violence"})
# Asked in general, by pupils and professionals too: no sign that something happens to the person.
GENERAL: Final = frozenset({"ask_what_is_trafficking", "ask_recognise_signs"})
# Labels like "I am locked in": who presses one says so of now.
NOW: Final = frozenset({"risk_danger_now", "risk_held_captive", "risk_being_moved", "risk_sexual_violence_now"})


@dataclass(frozen=True, slots=True)
class Judgement:
    """A level, and the codes of what led to it."""

    level: str = "none"
    reasons: tuple[str, ...] = ()


def is_risk(intent: str) -> bool:
    """Whether an intent is one of the seven dangers."""
    return intent.startswith("risk_")


def of_text(content: Content, heard: Heard) -> Judgement:
    """What a text says about the risk: the lexicon's level as it is, the NLU's never above high."""
    level, reasons = "none", []
    for alarm in heard.alarms:
        level = higher(level, alarm.level)
        reasons.append(f"lexicon:{alarm.rule}")
    guesses = heard.guesses or ()
    dangers = [guess for guess in guesses if is_risk(guess[0])]
    together = sum(confidence for _, confidence in dangers)
    if together >= ELEVATED_FROM:
        level = higher(level, "high" if together >= HIGH_FROM else "elevated")
        intent, confidence = max(dangers, key=lambda guess: guess[1])
        reasons.append(f"nlu:{intent}:{confidence:.2f}")
    if guesses and guesses[0][1] >= MEANT_FROM and _is_sign(content, guesses[0][0]):
        level = higher(level, "elevated")
        reasons.append(f"nlu:{guesses[0][0]}:{guesses[0][1]:.2f}")
    return Judgement(level, tuple(reasons))


def of_button(content: Content, intent: str) -> Judgement:
    """What it says about the risk that somebody pressed a button with this intent's name."""
    reasons = (f"pressed:{intent}",)
    if is_risk(intent):
        return Judgement("immediate" if intent in NOW else "high", reasons)
    return Judgement("elevated", reasons) if _is_sign(content, intent) else Judgement()


def _is_sign(content: Content, intent: str) -> bool:
    return intent in content.intents and content.group(intent) in SIGN_GROUPS and intent not in GENERAL
