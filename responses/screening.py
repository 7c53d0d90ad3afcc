"""Screening: questions that are offered, never forced, and what the answers add up to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from responses import source
from responses.script import in_language

SKIP = "skip"
SHORT = "short"
SIGNS = ("weak", "strong", "threat", "now")
LEVELS = ("none", "elevated", "high", "immediate")
Answers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Jump:
    """Another instrument that goes on instead, and what is known there by then, by its questions."""

    to: str
    known: Answers


@dataclass(frozen=True, slots=True)
class Option:
    """One answer. `sign`: None, or one of SIGNS.

    `offers`: instruments to offer when the questions end. `goes`: the one that goes on at once instead of this one.
    """

    value: str
    labels: Mapping[str, str]
    sign: str | None
    offers: tuple[str, ...] = ()
    goes: Jump | None = None

    def label(self, language: str) -> str:
        return in_language(self.labels, language)


@dataclass(frozen=True, slots=True)
class Question:
    """One question, why it is asked, and what can be answered; skipping is always possible besides.

    `key`: where the answer is kept. A question `borrowed` from another instrument has that one's key: nobody is
    asked twice. `unless`, `only`: by earlier questions, the answers after which it is left out, or asked at all (one
    of them is enough). `again`: what was true then may not be true now, so who comes back is asked again.
    """

    id: str
    key: str
    texts: Mapping[str, str]
    whys: Mapping[str, str]
    options: tuple[Option, ...]
    unless: Mapping[str, frozenset[str]]
    only: Mapping[str, frozenset[str]]
    again: bool = False
    borrowed: bool = False

    def text(self, language: str) -> str:
        return in_language(self.texts, language)

    def why(self, language: str) -> str:
        return in_language(self.whys, language)

    def option(self, value: str | None) -> Option | None:
        """The answer with this value; None for a skip, and for one that we do not know."""
        return next((option for option in self.options if option.value == value), None)

    def sign(self, value: str | None) -> str | None:
        """What an answer says; a skipped question, or an answer that we do not know, says nothing."""
        option = self.option(value)
        return None if option is None else option.sign

    def left_out(self, answers: Answers) -> bool:
        if any(answers.get(other) in values for other, values in self.unless.items()):
            return True
        return bool(self.only) and not any(answers.get(other) in values for other, values in self.only.items())


@dataclass(frozen=True, slots=True)
class Result:
    """What the answers come to: a level, and the answers that led there ("kept=yes", "home.weapon=yes")."""

    level: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Instrument:
    """A set of questions in their order, and what is said in the end.

    `points`: what each sign weighs. `levels`: from how many points on it is that level. `results`: the words for each
    level. `follow_up`: intents and actions that are offered with them.
    """

    id: str
    labels: Mapping[str, str]
    intros: Mapping[str, str]
    questions: tuple[Question, ...]
    points: Mapping[str, int]
    levels: Mapping[str, int]
    results: Mapping[str, Mapping[str, str]]
    follow_up: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def action(self) -> str:
        """What a button does that leads here."""
        return "screening" if self.id == SHORT else f"screening:{self.id}"

    def label(self, language: str) -> str:
        return in_language(self.labels, language)

    def intro(self, language: str) -> str:
        """What it is about; empty where that needs no words."""
        return in_language(self.intros, language) if self.intros else ""

    def words(self, level: str, language: str) -> str:
        """What a result of this level is told in."""
        return in_language(self.results[level], language)

    def question(self, id_: str) -> Question | None:
        return next((one for one in self.questions if one.id == id_), None)

    def button(self, question: Question, value: str) -> str:
        """What a button brings back. The short one's has no name in it, as it always was."""
        return f"screen:{question.id}:{value}" if self.id == SHORT else f"screen:{self.id}:{question.id}:{value}"

    def level(self, points: int) -> str:
        """The highest level that so many points reach."""
        return next((one for one in reversed(LEVELS) if points >= self.levels.get(one, points + 1)), LEVELS[0])


Instruments = Mapping[str, Instrument]


def load(folder: Path) -> Instruments:
    """All instruments by name, the short one first; ValueError for a borrowed question that is not there."""
    names = sorted((path.stem for path in folder.glob("*.yml")), key=lambda name: (name != SHORT, name))
    read = {name: source.read(folder / f"{name}.yml") for name in names}
    own = {
        f"{name}.{one['id']}": _question(name, one)
        for name in names
        for one in read[name]["questions"]
        if "same" not in one
    }
    return {name: _instrument(name, read[name], own) for name in names}


def _instrument(name: str, read: Mapping[str, Any], own: Mapping[str, Question]) -> Instrument:
    return Instrument(
        name,
        read["label"],
        read.get("intro", {}),
        tuple(_asked(name, one, own) for one in read["questions"]),
        {str(sign): int(points) for sign, points in read["points"].items()},
        {str(level): int(points) for level, points in read["levels"].items()},
        read["results"],
        tuple(read.get("follow_up", ())),
        tuple(read["sources"]),
    )


def _asked(name: str, read: Mapping[str, Any], own: Mapping[str, Question]) -> Question:
    if "same" not in read:
        return own[f"{name}.{read['id']}"]
    if read["same"] not in own:
        raise ValueError(f"screening/{name}: there is no question {read['same']} to borrow")
    unless, only = _after(read, "unless"), _after(read, "only")
    return replace(own[read["same"]], unless=unless, only=only, borrowed=True)


def _question(name: str, read: Mapping[str, Any]) -> Question:
    id_ = str(read["id"])
    return Question(
        id_,
        id_ if name == SHORT else f"{name}.{id_}",
        read["text"],
        read["why"],
        tuple(map(_option, read["options"])),
        _after(read, "unless"),
        _after(read, "only"),
        bool(read.get("again", False)),
    )


def _option(read: Mapping[str, Any]) -> Option:
    jumps = [Jump(str(to), known) for to, known in read.get("goes", {}).items()]
    offers = tuple(map(str, read.get("offers", ())))
    return Option(str(read["value"]), read["label"], read.get("sign"), offers, jumps[0] if jumps else None)


def _after(read: Mapping[str, Any], name: str) -> Mapping[str, frozenset[str]]:
    return {str(other): frozenset(map(str, values)) for other, values in read.get(name, {}).items()}


def known(instruments: Instruments, name: str, kept: Answers) -> dict[str, str]:
    """What is known of an instrument's questions, by their ids, from what is kept of all (by key)."""
    jumps = [jump for one in instruments.values() if (jump := _jump(one, _own(one, kept))) is not None]
    brought = {id_: value for jump in jumps if jump.to == name for id_, value in jump.known.items()}
    return brought | _own(instruments[name], kept)


def _own(instrument: Instrument, kept: Answers) -> dict[str, str]:
    return {one.id: kept[one.key] for one in instrument.questions if one.key in kept}


def begun(instrument: Instrument, kept: Answers) -> bool:
    """Whether a question of its own was answered or skipped."""
    return any(one.key in kept for one in instrument.questions if not one.borrowed)


def _jump(instrument: Instrument, answers: Answers) -> Jump | None:
    chosen = (one.option(answers.get(one.id)) for one in instrument.questions)
    return next((option.goes for option in chosen if option is not None and option.goes is not None), None)


def goes_on_in(instruments: Instruments, name: str, kept: Answers) -> str:
    """The instrument whose questions are asked now: another one after an answer that leads there."""
    jump = _jump(instruments[name], known(instruments, name, kept))
    return name if jump is None else jump.to


def goes_to(instrument: Instrument) -> frozenset[str]:
    """The instruments in which an answer of this one goes on."""
    return frozenset(each.goes.to for one in instrument.questions for each in one.options if each.goes is not None)


def next_question(instrument: Instrument, answers: Answers) -> Question | None:
    """The first question to ask that has no answer.

    None when all are done, when it has become immediate, or when another instrument goes on.
    """
    if result(instrument, answers).level == "immediate" or _jump(instrument, answers) is not None:
        return None
    open_ones = (one for one in instrument.questions if one.id not in answers and not one.left_out(answers))
    return next(open_ones, None)


def result(instrument: Instrument, answers: Answers) -> Result:
    """The points of all answers, as a level. More answers never lower it, since no answer weighs less than nothing.

    "none" means no sign so far, never "you are safe"; a skipped question counts as not known.
    """
    signs = [(one, sign) for one in instrument.questions if (sign := one.sign(answers.get(one.id))) is not None]
    points = sum(instrument.points.get(sign, 0) for _, sign in signs)
    return Result(instrument.level(points), tuple(f"{one.key}={answers[one.id]}" for one, _ in signs))


def told(instruments: Instruments, name: str, kept: Answers) -> str:
    """The level to find words for: this instrument's, or a higher one of an instrument that led here.

    The answer that led here does not count: to be under 18 is nothing that is wrong.
    """
    levels = [result(instruments[name], known(instruments, name, kept)).level]
    for other in instruments:
        if other != name and goes_on_in(instruments, other, kept) == name:
            leads = instruments[other].questions
            there = {one.id: kept[one.key] for one in leads if one.key in kept}
            levels.append(
                result(instruments[other], {id_: v for id_, v in there.items() if not _leads(leads, id_, v)}).level
            )
    return max(levels, key=LEVELS.index)


def _leads(questions: tuple[Question, ...], id_: str, value: str) -> bool:
    option = next((one.option(value) for one in questions if one.id == id_), None)
    return option is not None and option.goes is not None


def offered(instruments: Instruments, name: str, kept: Answers) -> tuple[str, ...]:
    """The instruments that the answers speak for, without those that are done."""
    answers = known(instruments, name, kept)
    chosen = (one.option(answers.get(one.id)) for one in instruments[name].questions)
    names = dict.fromkeys(to for option in chosen if option is not None for to in option.offers)
    return tuple(to for to in names if next_question(instruments[to], known(instruments, to, kept)) is not None)


def in_words(instruments: Instruments, key: str, value: str, language: str) -> tuple[str, str | None] | None:
    """A kept answer as question and answer; None for the answer if it was skipped, None if we know no such thing."""
    question = next((one for each in instruments.values() for one in each.questions if one.key == key), None)
    if question is None:
        return None
    if value == SKIP:
        return question.text(language), None
    option = question.option(value)
    return None if option is None else (question.text(language), option.label(language))


@dataclass(frozen=True, slots=True)
class Ways:
    """All ways through an instrument: which questions can be asked, how many at most, at which levels they end."""

    asked: frozenset[str]
    most: int
    levels: frozenset[str]


def ways(instrument: Instrument) -> Ways:
    """Goes every way, keeping of the answers only what later questions hang on."""
    asked: set[str] = set()
    levels: set[str] = set()
    most = 0
    standing: set[tuple[frozenset[tuple[str, str]], int, int]] = {(frozenset(), 0, 0)}
    for place, question in enumerate(instrument.questions):
        later = {id_ for one in instrument.questions[place + 1 :] for id_ in (*one.unless, *one.only)}
        onward = set()
        for answers, points, count in standing:
            if question.left_out(dict(answers)):
                onward.add((_only(answers, later), points, count))
                continue
            asked.add(question.id)
            most = max(most, count + 1)
            for value, weight, goes in _answers(instrument, question):
                total = points + weight
                if instrument.level(total) == "immediate" or goes:
                    levels.add(instrument.level(total))
                else:
                    onward.add((_only(answers | {(question.id, value)}, later), total, count + 1))
        standing = onward
    return Ways(frozenset(asked), most, frozenset(levels | {instrument.level(points) for _, points, _ in standing}))


def _only(answers: frozenset[tuple[str, str]], ids: set[str]) -> frozenset[tuple[str, str]]:
    return frozenset((id_, value) for id_, value in answers if id_ in ids)


def _answers(instrument: Instrument, question: Question) -> Iterator[tuple[str, int, bool]]:
    yield SKIP, 0, False
    for option in question.options:
        yield option.value, instrument.points.get(option.sign or "", 0), option.goes is not None
