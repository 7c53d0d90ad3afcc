"""How urgent a text or a button says that it is, and why. The figures stand here.

`groups` names the group of each intent that counts: exploitation and violence are signs of danger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from nlu_data.lexicon import Alarm

LEVELS: Final = ("none", "elevated", "high", "immediate")
# The probabilities of all risk_* intents together.
HIGH_FROM: Final = 0.40
ELEVATED_FROM: Final = 0.12
# Elevated only if they are at least so much of how probable talk is: greetings, thanks, anything else in the world.
DANGER_PER_TALK: Final = 0.40
# From here on an intent counts as meant: it is answered.
MEANT_FROM: Final = 0.40
# From here on what is meant is a sign of danger, if its group is.
SIGN_FROM: Final = 0.50
SIGN_GROUPS: Final = frozenset({"exploitation", "violence"})
# The lexicon's alarm doesn't stand where the NLU gives danger less than this and a harmless intent more than that.
NO_DANGER_BELOW: Final = 0.03
SURE_FROM: Final = 0.50
HARMLESS_GROUPS: Final = frozenset({"talk", "legal", "services"})
# Asked in general, by pupils and professionals too: no sign that something happens to the person.
GENERAL: Final = frozenset({"ask_what_is_trafficking", "ask_recognise_signs"})
# Labels like "I am locked in": who presses one says so of now.
NOW: Final = frozenset({"risk_danger_now", "risk_held_captive", "risk_being_moved", "risk_sexual_violence_now"})

Guess = tuple[str, float]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A level, and the codes of what led to it."""

    level: str = "none"
    reasons: tuple[str, ...] = ()


def thresholds() -> tuple[float, ...]:
    """All figures by which urgency is judged: with others, other levels come out."""
    return (ELEVATED_FROM, HIGH_FROM, DANGER_PER_TALK, SIGN_FROM, MEANT_FROM, NO_DANGER_BELOW, SURE_FROM)


def rank(level: str) -> int:
    """How urgent a level is: 0 (none) to 3 (immediate); what is no level counts as none."""
    return LEVELS.index(level) if level in LEVELS else 0


def higher(one: str, other: str) -> str:
    """The more urgent of two levels."""
    return max(one, other, key=rank)


def is_risk(intent: str) -> bool:
    """Whether an intent is one of the seven dangers."""
    return intent.startswith("risk_")


def believed(groups: Mapping[str, str], guesses: Sequence[Guess], alarms: Iterable[Alarm]) -> tuple[Alarm, ...]:
    """The alarms that stand: all, unless the NLU answered and is as good as sure that the text is harmless.

    "This heat is killing me" has words of danger; only who hears the whole sentence knows that it is a saying.
    """
    sure = guesses and groups.get(guesses[0][0]) in HARMLESS_GROUPS and guesses[0][1] >= SURE_FROM
    return () if sure and danger(guesses) < NO_DANGER_BELOW else tuple(alarms)


def danger(guesses: Iterable[Guess]) -> float:
    """The probabilities of all seven dangers together."""
    return sum(confidence for intent, confidence in guesses if is_risk(intent))


def outweighs_talk(groups: Mapping[str, str], guesses: Iterable[Guess], lenience: float = 0.0) -> bool:
    """Whether danger is probable enough beside mere talk: a saying is both a little."""
    guesses = tuple(guesses)
    talk = sum(confidence for intent, confidence in guesses if groups.get(intent) == "talk")
    return danger(guesses) + lenience >= DANGER_PER_TALK * talk


def of_text(
    groups: Mapping[str, str], guesses: Sequence[Guess], alarms: Iterable[Alarm], lenience: float = 0.0
) -> Judgement:
    """What a text says about the risk: the lexicon's level if it is believed, the NLU's never above high.

    `lenience` lowers the figures by so much; only who compares two models needs it.
    """
    level, reasons = "none", []
    for alarm in believed(groups, guesses, alarms):
        level = higher(level, alarm.level)
        reasons.append(f"lexicon:{alarm.rule}")
    together = danger(guesses)
    is_high = together >= HIGH_FROM - lenience
    if is_high or (together >= ELEVATED_FROM - lenience and outweighs_talk(groups, guesses, lenience)):
        level = higher(level, "high" if is_high else "elevated")
        intent, confidence = max((guess for guess in guesses if is_risk(guess[0])), key=lambda guess: guess[1])
        reasons.append(f"nlu:{intent}:{confidence:.2f}")
    if guesses and guesses[0][1] >= SIGN_FROM - lenience and _is_sign(groups, guesses[0][0]):
        level = higher(level, "elevated")
        reasons.append(f"nlu:{guesses[0][0]}:{guesses[0][1]:.2f}")
    return Judgement(level, tuple(reasons))


def of_button(groups: Mapping[str, str], intent: str) -> Judgement:
    """What it says about the risk that somebody pressed a button with this intent's name."""
    reasons = (f"pressed:{intent}",)
    if is_risk(intent):
        return Judgement("immediate" if intent in NOW else "high", reasons)
    return Judgement("elevated", reasons) if _is_sign(groups, intent) else Judgement()


def _is_sign(groups: Mapping[str, str], intent: str) -> bool:
    return groups.get(intent) in SIGN_GROUPS and intent not in GENERAL
