"""Screening: questions that are offered, never forced, and what the answers add up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from responses import source
from responses.script import in_language

SKIP = "skip"
SIGNS = ("weak", "strong", "threat", "now")


@dataclass(frozen=True, slots=True)
class Option:
    """One answer. `sign`: None, weak, strong, threat (to a life) or now (danger at this moment)."""

    value: str
    labels: Mapping[str, str]
    sign: str | None

    def label(self, language: str) -> str:
        return in_language(self.labels, language)


@dataclass(frozen=True, slots=True)
class Question:
    """One question, why it is asked, and what can be answered; skipping is always possible besides.

    `unless`: by other questions, the answers after which this one is left out.
    """

    id: str
    texts: Mapping[str, str]
    whys: Mapping[str, str]
    options: tuple[Option, ...]
    unless: Mapping[str, frozenset[str]]

    def text(self, language: str) -> str:
        return in_language(self.texts, language)

    def why(self, language: str) -> str:
        return in_language(self.whys, language)

    def sign(self, value: str) -> str | None:
        """What an answer weighs; a skipped question, or an answer that we do not know, weighs nothing."""
        return next((option.sign for option in self.options if option.value == value), None)

    def left_out(self, answers: Mapping[str, str]) -> bool:
        return any(answers.get(other) in values for other, values in self.unless.items())


@dataclass(frozen=True, slots=True)
class Result:
    """What the answers come to: a level, and the answers that led there ("kept=yes")."""

    level: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Instrument:
    """A set of questions in their order. `high_from_strong`: so many strong signs are high."""

    questions: tuple[Question, ...]
    high_from_strong: int
    sources: tuple[str, ...]

    @classmethod
    def load(cls, path: Path) -> Self:
        read = source.read(path)
        return cls(tuple(map(_question, read["questions"])), int(read["high_from_strong"]), tuple(read["sources"]))


def _question(read: Mapping[str, Any]) -> Question:
    return Question(
        str(read["id"]),
        read["text"],
        read["why"],
        tuple(Option(str(one["value"]), one["label"], one.get("sign")) for one in read["options"]),
        {str(other): frozenset(values) for other, values in read.get("unless", {}).items()},
    )


def next_question(instrument: Instrument, answers: Mapping[str, str]) -> Question | None:
    """The first question to ask that has no answer; None when all are done or an answer means danger now."""
    if any(question.sign(answers.get(question.id, SKIP)) == "now" for question in instrument.questions):
        return None
    open_ones = (one for one in instrument.questions if one.id not in answers and not one.left_out(answers))
    return next(open_ones, None)


def result(instrument: Instrument, answers: Mapping[str, str]) -> Result:
    """Danger now is immediate; a threat to a life or enough strong signs are high; any sign is elevated.

    "none" means no sign so far, never "you are safe"; a skipped question counts as not known.
    """
    signs = {
        question.id: sign
        for question in instrument.questions
        if (sign := question.sign(answers.get(question.id, SKIP))) is not None
    }
    kinds = list(signs.values())
    if "now" in kinds:
        level = "immediate"
    elif "threat" in kinds or kinds.count("strong") >= instrument.high_from_strong:
        level = "high"
    else:
        level = "elevated" if kinds else "none"
    return Result(level, tuple(f"{question}={answers[question]}" for question in signs))
