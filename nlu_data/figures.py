"""How well a model and the lexicon understand the evaluation set, and whether one model may follow another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from nlu_data import evaluate, evaluation, judgement
from nlu_data.evaluate import ALARM_KINDS, Evaluation, Heard
from nlu_data.evaluation import Case
from nlu_data.judgement import Guess
from nlu_data.lexicon import Lexicon

# What is counted, in the order in which it is shown.
RECALL: Final = "risk_recall"
RECALL_HIGH: Final = "risk_recall_high"
ALARMS: Final = ALARM_KINDS
# Any new example moves every probability a little; a message that it moves across a threshold isn't lost by that.
# Measured: one harmless example more moved 719 dangers by 0.032 at most, 99 of 100 by less than 0.015.
LENIENCE: Final = 0.05
MEASURES: Final[tuple[str, ...]] = (RECALL, RECALL_HIGH, "top1", "top3", *ALARMS)


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @property
    def percent(self) -> float:
        """0 to 100; 100 of none."""
        return 100 * self.hits / self.of if self.of else 100.0


_NONE: Final = Share(0, 0)


@dataclass(frozen=True, slots=True)
class Figures:
    """For each language the share of each measure, and the numbers of the dangers that raised no alarm.

    risk_recall: of messages of the risk_* intents those that reach elevated or more; risk_recall_high: high or
    more. top1, top3: of all of kind message those whose intent is first, or among three. idiom, off_topic, talk: of
    these harmless messages those that reach elevated. `measured_with` is the yardstick. `unseen`: the
    dangers below the threshold; `lost`: those below it by more than LENIENCE.
    """

    measured_with: str
    by_language: Mapping[str, Mapping[str, Share]]
    unseen: tuple[int, ...]
    lost: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        shares = {
            language: {name: [share.hits, share.of] for name, share in its.items()}
            for language, its in self.by_language.items()
        }
        return {
            "measured_with": self.measured_with,
            "by_language": shares,
            "unseen": list(self.unseen),
            "lost": list(self.lost),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        shares = {
            language: {name: Share(*pair) for name, pair in its.items()}
            for language, its in kept["by_language"].items()
        }
        return cls(str(kept["measured_with"]), shares, tuple(kept["unseen"]), tuple(kept["lost"]))


@dataclass(frozen=True, slots=True)
class Fall:
    """In this language fewer dangers are seen than before; `lost` are messages that the model before recognised."""

    language: str
    before: Share
    after: Share
    lost: tuple[str, ...]


def yardstick(cases: Sequence[Case], lexicon: Lexicon) -> str:
    """What figures were measured with; only those of one yardstick compare: set, rules and thresholds."""
    thresholds = (*judgement.thresholds(), LENIENCE)
    return f"{evaluation.fingerprint(cases)}/{lexicon.version}/{thresholds}"


def measure(
    cases: Sequence[Case], rankings: Iterable[Sequence[Guess]], lexicon: Lexicon, groups: Mapping[str, str]
) -> Figures:
    """The figures of a model that made these rankings of the cases, together with the lexicon."""
    return of(evaluate.evaluation(cases, [(one, 0.0) for one in rankings], lexicon.alarms, groups), lexicon)


def of(found: Evaluation, lexicon: Lexicon) -> Figures:
    """The figures of an evaluation."""
    counted: dict[str, tuple[Callable[[Heard], bool], Callable[[Heard], bool]]] = {
        RECALL: (evaluate.is_danger, lambda one: found.rank(one) > 0),
        RECALL_HIGH: (evaluate.is_danger, lambda one: found.rank(one) > 1),
        "top1": (evaluate.is_message, lambda one: one.first == one.case.intent),
        "top3": (evaluate.is_message, lambda one: one.among_three),
        **{kind: (found.harmless(kind), lambda one: found.rank(one) > 0) for kind in ALARMS},
    }
    shares: dict[str, dict[str, Share]] = {}
    for language in found.languages:
        own = [one for one in found.heard if one.case.language == language]
        for name, (which, hit) in counted.items():
            if those := [one for one in own if which(one)]:
                shares.setdefault(language, {})[name] = Share(sum(map(hit, those)), len(those))
    unseen = [n for n, one in enumerate(found.heard) if evaluate.is_danger(one) and not found.rank(one)]
    lost = [number for number in unseen if not found.rank(found.heard[number], lenience=LENIENCE)]
    cases = tuple(one.case for one in found.heard)
    return Figures(yardstick(cases, lexicon), shares, tuple(unseen), tuple(lost))


def falls(cases: Sequence[Case], before: Figures, after: Figures) -> tuple[Fall, ...]:
    """The languages in which fewer dangers are seen than before; both must come from these cases."""
    lost = sorted(set(after.lost) - set(before.unseen))
    found = []
    for language, shares in before.by_language.items():
        was, now = (its.get(RECALL, _NONE) for its in (shares, after.by_language[language]))
        its = tuple(cases[number].text for number in lost if cases[number].language == language)
        if its and now.hits < was.hits:
            found.append(Fall(language, was, now, its))
    return tuple(found)
