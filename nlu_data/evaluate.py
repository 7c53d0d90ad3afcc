"""How well people are understood: every figure about a set of messages, by language, as numbers between 0 and 1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from nlu_data import judgement
from nlu_data.evaluation import Case
from nlu_data.judgement import Guess
from nlu_data.lexicon import Alarm

ALARM_KINDS: Final = ("idiom", "off_topic", "talk")
LEVELS: Final = ("elevated", "high")
_BINS: Final = 10
_WORST: Final = 15


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of the set, what was made of it, and in how many milliseconds."""

    case: Case
    ranking: tuple[Guess, ...]
    alarms: tuple[Alarm, ...]
    milliseconds: float

    @property
    def first(self) -> str:
        return self.ranking[0][0] if self.ranking else ""

    @property
    def confidence(self) -> float:
        return self.ranking[0][1] if self.ranking else 0.0

    @property
    def danger(self) -> float:
        """The probabilities of all dangers together."""
        return judgement.danger(self.ranking)

    @property
    def among_three(self) -> bool:
        return self.case.intent in [intent for intent, _ in self.ranking[:3]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A set that was heard. `groups`: the group of each intent."""

    heard: tuple[Heard, ...]
    groups: Mapping[str, str]

    @property
    def languages(self) -> tuple[str, ...]:
        """Those of the set, in the order of the alphabet."""
        return tuple(sorted({one.case.language for one in self.heard}))

    @property
    def messages(self) -> tuple[Heard, ...]:
        return tuple(one for one in self.heard if one.case.kind == "message")

    def rank(self, one: Heard, *, lexicon: bool = True, nlu: bool = True, lenience: float = 0.0) -> int:
        """How urgent it is taken to be, 0 to 3, by both or by one of the two alone."""
        ranking, alarms = one.ranking if nlu else (), one.alarms if lexicon else ()
        return judgement.rank(judgement.of_text(self.groups, ranking, alarms, lenience).level)

    def to_json(self) -> dict[str, Any]:
        """All figures; shares are between 0 and 1, times in milliseconds."""
        return {
            "top1": self._share(is_message, lambda one: one.first == one.case.intent),
            "top3": self._share(is_message, lambda one: one.among_three),
            "macro_f1": {language: self._macro_f1(language) for language in self.languages},
            **self._danger(),
            "lexicon_only": self._danger(nlu=False),
            "nlu_only": self._danger(lexicon=False),
            "calibration_error": self.calibration_error(),
            "did_you_mean": self._did_you_mean(),
            "worst_confusions": self.confusions(),
            "parse_ms": {"p50": self._milliseconds(0.50), "p95": self._milliseconds(0.95)},
        }

    def _danger(self, **by: bool) -> dict[str, Any]:
        """Recall of the dangers, and alarms about what is none, by both or by one of the two alone."""
        return {
            "risk_recall": self._share(is_danger, lambda one: self.rank(one, **by) >= 1),
            "risk_recall_high": self._share(is_danger, lambda one: self.rank(one, **by) >= 2),
            "alarms": {
                kind: {level: self._alarms(kind, least, **by) for least, level in enumerate(LEVELS, 1)}
                for kind in ALARM_KINDS
            },
        }

    def _alarms(self, kind: str, least: int, **by: bool) -> dict[str, float]:
        return self._share(self.harmless(kind), lambda one: self.rank(one, **by) >= least)

    def harmless(self, kind: str) -> Callable[[Heard], bool]:
        """Which messages are of a harmless kind: idiom, off_topic or talk."""
        if kind == "talk":
            return lambda one: is_message(one) and self.groups.get(one.case.intent) == "talk"
        return lambda one: one.case.kind == kind

    def _share(self, which: Callable[[Heard], bool], hit: Callable[[Heard], bool]) -> dict[str, float]:
        found = {}
        for language in self.languages:
            own = [one for one in self.heard if one.case.language == language and which(one)]
            if own:
                found[language] = round(sum(map(hit, own)) / len(own), 4)
        return found

    def _macro_f1(self, language: str) -> float:
        own = [one for one in self.messages if one.case.language == language]
        right = Counter(one.first for one in own if one.first == one.case.intent)
        wanted, given = Counter(one.case.intent for one in own), Counter(one.first for one in own)
        scores = [2 * right[intent] / (wanted[intent] + given[intent]) for intent in wanted]
        return round(sum(scores) / len(scores), 4) if scores else 0.0

    def bins(self) -> list[tuple[float, float, int]]:
        """Mean confidence, share that is right, and number of the messages, in ten steps of confidence."""
        found = []
        for number in range(_BINS):
            own = [one for one in self.messages if min(int(one.confidence * _BINS), _BINS - 1) == number]
            if own:
                mean = sum(one.confidence for one in own) / len(own)
                found.append((mean, sum(one.first == one.case.intent for one in own) / len(own), len(own)))
        return found

    def calibration_error(self) -> float:
        """By how much, on average, confidence and share of right guesses differ."""
        bins = self.bins()
        everything = sum(number for _, _, number in bins)
        if not everything:
            return 0.0
        return round(sum(number * abs(sure - right) for sure, right, number in bins) / everything, 4)

    def _did_you_mean(self) -> dict[str, float]:
        asked = [one for one in self.messages if one.confidence < judgement.MEANT_FROM]
        right = sum(one.among_three for one in asked)
        return {
            "share": round(len(asked) / max(len(self.messages), 1), 4),
            "right_among_three": round(right / max(len(asked), 1), 4),
        }

    def confusions(self) -> list[dict[str, Any]]:
        """Which intent is most often taken for which other."""
        wrong = Counter((one.case.intent, one.first) for one in self.messages if one.first != one.case.intent)
        return [
            {"intent": intent, "taken_for": other, "messages": number}
            for (intent, other), number in sorted(wrong.items(), key=lambda one: (-one[1], one[0]))[:_WORST]
        ]

    def curve(self, language: str, kind: str, least: int = 1) -> list[tuple[float, float, float]]:
        """Threshold, recall of danger and alarms about this kind, were the dangers' threshold another one."""
        own = [one for one in self.heard if one.case.language == language]
        dangers, harmless = [one for one in own if is_danger(one)], [one for one in own if self.harmless(kind)(one)]
        points = []
        for step in range(1, 20):
            threshold = step / 20
            shares = []
            for ones in (dangers, harmless):
                hits = sum(self._counts(one, threshold, least) for one in ones)
                shares.append(hits / len(ones) if ones else 0.0)
            points.append((threshold, shares[0], shares[1]))
        return points

    def _counts(self, one: Heard, threshold: float, least: int) -> bool:
        if self.rank(one, nlu=False) >= least:
            return True
        return one.danger >= threshold and (least > 1 or judgement.outweighs_talk(self.groups, one.ranking))

    def _milliseconds(self, share: float) -> float:
        times = sorted(one.milliseconds for one in self.heard)
        return round(times[min(int(share * len(times)), len(times) - 1)], 1) if times else 0.0


def is_message(one: Heard) -> bool:
    """Whether it is written by somebody who needs the helpline."""
    return one.case.kind == "message"


def is_danger(one: Heard) -> bool:
    """Whether it tells of one of the seven dangers."""
    return is_message(one) and judgement.is_risk(one.case.intent)


def evaluation(
    cases: Sequence[Case],
    rankings: Sequence[tuple[Sequence[Guess], float]],
    alarms: Callable[[str], tuple[Alarm, ...]],
    groups: Mapping[str, str],
) -> Evaluation:
    """What a model and the lexicon make of the cases; `rankings`: guesses and milliseconds of each case."""
    heard = tuple(
        Heard(case, tuple(guesses), alarms(case.text), milliseconds)
        for case, (guesses, milliseconds) in zip(cases, rankings, strict=True)
    )
    return Evaluation(heard, groups)
