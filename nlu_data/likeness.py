"""Which examples say nearly the same as a text, letter by letter, and which of those contradict it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process

from nlu_data import judgement
from nlu_data.examples import Change, Example, Examples
from nlu_data.lexicon import Lexicon
from nlu_data.normalise import fold

NEAR: Final = 85.0


@dataclass(frozen=True, slots=True)
class Near:
    """An example that says nearly the same; `percent` 100 is the same after folding."""

    example: Example
    percent: float


@dataclass(frozen=True, slots=True)
class HiddenDanger:
    """An example of a harmless intent that says what people in danger say: a rule's name, or an example of danger."""

    example: Example
    rule: str | None = None
    like: Example | None = None


class Likeness:
    """The examples, made ready to be compared with."""

    def __init__(self, examples: Examples) -> None:
        self._examples = tuple(examples)
        self._folded = [fold(one.text) for one in self._examples]
        self._groups = examples.groups

    def near(self, text: str, limit: int = 5) -> tuple[Near, ...]:
        """The examples of all languages and intents most like the text, the likest first."""
        found = process.extract(fold(text), self._folded, scorer=fuzz.ratio, score_cutoff=NEAR, limit=limit)
        return tuple(Near(self._examples[number], percent) for _, percent, number in found)

    def hidden_dangers(self, changes: Iterable[Change], lexicon: Lexicon) -> tuple[HiddenDanger, ...]:
        """The added examples of harmless intents that the rules of danger, or examples of danger, speak against."""
        found = []
        for change in changes:
            one = change.example
            if change.act == "add" and self._groups.get(one.intent) in judgement.HARMLESS_GROUPS:
                rule = next((alarm.rule for alarm in lexicon.alarms(one.text) if alarm.level != "elevated"), None)
                near = (other.example for other in self.near(one.text) if judgement.is_risk(other.example.intent))
                like = next(near, None)
                if rule is not None or like is not None:
                    found.append(HiddenDanger(one, rule, like))
        return tuple(found)
