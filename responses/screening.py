"""Screening: questions that are offered, never forced, and what the answers add up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import yaml

from responses.languages import written
from responses.script import to_cyrillic

SKIP = "skip"


def _in(texts: Mapping[str, str], language: str) -> str:
    text = texts[written(language)]
    return to_cyrillic(text) if language == "sr-Cyrl" else text


@dataclass(frozen=True, slots=True)
class Option:
    """One answer. `sign`: None, weak, strong, threat (to a life) or now (danger at this moment)."""

    value: str
    labels: Mapping[str, str]
    sign: str | None

    def label(self, language: str) -> str:
        return _in(self.labels, language)


@dataclass(frozen=True, slots=True)
class Question:
    """One question, why it is asked, and what can be answered; skipping is always possible besides."""

    id: str
    texts: Mapping[str, str]
    whys: Mapping[str, str]
    options: tuple[Option, ...]

    def text(self, language: str) -> str:
        return _in(self.texts, language)

    def why(self, language: str) -> str:
        return _in(self.whys, language)

    def sign(self, value: str) -> str | None:
        return next((option.sign for option in self.options if option.value == value), None)


@dataclass(frozen=True, slots=True)
class Result:
    """What the answers come to: a level, and the answers that led there ("kept=yes")."""

    level: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Instrument:
    """A set of questions in their order."""

    questions: tuple[Question, ...]

    @classmethod
    def load(cls, path: Path) -> Self:
        return cls(
            tuple(
                Question(
                    str(one["id"]),
                    one["text"],
                    one["why"],
                    tuple(Option(str(o["value"]), o["label"], o.get("sign")) for o in one["options"]),
                )
                for one in yaml.safe_load(path.read_text(encoding="utf-8"))
            )
        )


def next_question(instrument: Instrument, answers: Mapping[str, str]) -> Question | None:
    """The first question without an answer; None when all are done or an answer means danger now."""
    if any(question.sign(answers.get(question.id, SKIP)) == "now" for question in instrument.questions):
        return None
    return next((question for question in instrument.questions if question.id not in answers), None)


def result(instrument: Instrument, answers: Mapping[str, str]) -> Result:
    """Danger now is immediate; a threat to a life or two strong signs are high; any sign is elevated.

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
    elif "threat" in kinds or kinds.count("strong") >= 2:
        level = "high"
    else:
        level = "elevated" if kinds else "none"
    return Result(level, tuple(f"{question}={answers[question]}" for question in signs))
