"""How well a model and the lexicon understand the evaluation set, and whether one model may follow another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from nlu_data import evaluation, judgement
from nlu_data.evaluation import Case
from nlu_data.judgement import Guess
from nlu_data.lexicon import Lexicon

# What is counted, in the order in which it is shown.
RECALL: Final = "risk_recall"
RECALL_HIGH: Final = "risk_recall_high"
ALARMS: Final = ("idiom", "off_topic", "talk")
# Any new example moves every probability a little; a message that it moves across a threshold isn't lost by that.
# Measured: one harmless example more moved the 719 dangers by 0.032 at most, 99 of 100 by less than 0.011.
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
    thresholds = (judgement.ELEVATED_FROM, judgement.HIGH_FROM, judgement.MEANT_FROM, LENIENCE)
    return f"{evaluation.fingerprint(cases)}/{lexicon.version}/{thresholds}"


def measure(
    cases: Sequence[Case], rankings: Iterable[Sequence[Guess]], lexicon: Lexicon, groups: Mapping[str, str]
) -> Figures:
    """The figures of a model that made these rankings of the cases, together with the lexicon."""
    counts: dict[str, dict[str, list[int]]] = {}
    unseen: list[int] = []
    lost: list[int] = []
    for number, (case, ranking) in enumerate(zip(cases, rankings, strict=True)):
        alarms = lexicon.alarms(case.text)
        level = judgement.of_text(groups, ranking, alarms).level
        for name, hit in _hits(case, [guess[0] for guess in ranking[:3]], judgement.rank(level), groups):
            count = counts.setdefault(case.language, {}).setdefault(name, [0, 0])
            count[0] += hit
            count[1] += 1
        if case.kind == "message" and judgement.is_risk(case.intent) and not judgement.rank(level):
            unseen.append(number)
            if judgement.of_text(groups, ranking, alarms, LENIENCE).level == "none":
                lost.append(number)
    shares = {
        language: {name: Share(*its[name]) for name in MEASURES if name in its} for language, its in counts.items()
    }
    return Figures(yardstick(cases, lexicon), shares, tuple(unseen), tuple(lost))


def _hits(case: Case, first: Sequence[str], rank: int, groups: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    if case.kind != "message":
        yield case.kind, rank > 0
        return
    yield "top1", case.intent in first[:1]
    yield "top3", case.intent in first
    if judgement.is_risk(case.intent):
        yield RECALL, rank > 0
        yield RECALL_HIGH, rank >= judgement.rank("high")
    elif groups.get(case.intent) == "talk":
        yield "talk", rank > 0


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
