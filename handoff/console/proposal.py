"""A proposal is what an admin wants to change about one topic's examples, looked at before it is saved."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from litestar.datastructures import FormMultiDict

from handoff import models
from nlu_data import examples, judgement
from nlu_data.client import NLU, Guess, NLUDown
from nlu_data.examples import Change, Example, Examples
from nlu_data.lexicon import Alarm
from nlu_data.likeness import Likeness, Near

MAX_LINES: Final = 100
# Fewer examples of a topic in a language than this are too few to be understood by (nlu_data/README.md).
FEW: Final = 8
SURE: Final = 0.6
_LOOKED_THROUGH: Final = 40  # so that many of the same topic don't hide one of another
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the form: lines to add, as typed, their language, and examples that are ticked."""

    language: str
    lines: str = ""
    filter: str = ""
    away: tuple[Example, ...] = ()

    @classmethod
    def from_form(cls, intent: str, form: FormMultiDict, default: str) -> Self:
        """A tick's value is language:text. What is no text counts as not there."""
        ticked = (one.partition(":") for one in form.getall("away", []) if isinstance(one, str))
        away = tuple(dict.fromkeys(Example(language, intent, text) for language, _, text in ticked))
        return cls(_field(form, "language") or default, _field(form, "lines"), _field(form, "filter"), away)

    @property
    def texts(self) -> tuple[str, ...]:
        """The lines that have something in them, each once."""
        return tuple(dict.fromkeys(text for line in self.lines.splitlines() if (text := examples.tidy(line))))


@dataclass(frozen=True, slots=True)
class New:
    """A line to add, and what speaks against it. `guesses` are empty where nobody could be asked."""

    example: Example
    problem: str | None
    there: bool = False
    same: tuple[Near, ...] = ()
    others: tuple[Near, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    hidden: bool = False
    guesses: tuple[Guess, ...] = ()

    @property
    def seems_other(self) -> bool:
        """Whether the model in service is rather sure that it belongs to another topic."""
        return bool(self.guesses) and self.guesses[0].name != self.example.intent and self.guesses[0].confidence >= SURE

    @property
    def goes_in(self) -> bool:
        return self.problem is None and not self.there


@dataclass(frozen=True, slots=True)
class Away:
    """An example to take away; `left` are the others of its topic in its language."""

    example: Example
    there: bool
    danger: bool
    left: int

    @property
    def few(self) -> bool:
        return self.left < FEW


@dataclass(frozen=True, slots=True)
class Proposal:
    """A draft that was looked at. `asked`: whether the model in service said what it makes of the lines."""

    draft: Draft
    new: tuple[New, ...]
    away: tuple[Away, ...]
    asked: bool

    @property
    def changes(self) -> tuple[Change, ...]:
        """What would be saved: the ticked ones go, then the lines that can be examples come."""
        gone = tuple(Change("remove", one.example) for one in self.away if one.there)
        return gone + tuple(Change("add", one.example) for one in self.new if one.goes_in)


async def look(draft: Draft, intent: str, now: Examples, nlu: NLU | None) -> Proposal:
    """Looks at a draft from all sides: the examples of now, the rules of danger, and the model in service."""
    proposed = await asyncio.to_thread(_compare, draft, intent, now)
    guesses = await _ask(nlu, [one.example.text for one in proposed if one.problem is None])
    new = tuple(replace(one, guesses=(guesses or {}).get(one.example.text, ())) for one in proposed)
    return Proposal(draft, new, tuple(_away(draft, now)), guesses is not None)


def _compare(draft: Draft, intent: str, now: Examples) -> tuple[New, ...]:
    likeness, gone = Likeness(now), frozenset(draft.away)
    return tuple(_new(Example(draft.language, intent, text), now, likeness, gone) for text in draft.texts)


def _new(example: Example, now: Examples, likeness: Likeness, gone: frozenset[Example]) -> New:
    if (problem := examples.problem(example.text)) is not None:
        return New(example, problem)
    near = [one for one in likeness.near(example.text, _LOOKED_THROUGH) if one.example not in gone]
    return New(
        example,
        None,
        there=example.text in now.of(example.language, example.intent) and example not in gone,
        same=tuple(one for one in near if one.example.intent == example.intent and one.example != example)[:_SHOWN],
        others=tuple(one for one in near if one.example.intent != example.intent)[:_SHOWN],
        alarms=models.lexicon().alarms(example.text),
        hidden=bool(likeness.hidden_dangers([Change("add", example)], models.lexicon())),
    )


def _away(draft: Draft, now: Examples) -> Iterator[Away]:
    for one in draft.away:
        texts = now.of(one.language, one.intent)
        left = sum(Example(one.language, one.intent, text) not in draft.away for text in texts)
        yield Away(one, one.text in texts, judgement.is_risk(one.intent), left)


async def _ask(nlu: NLU | None, texts: Sequence[str]) -> dict[str, tuple[Guess, ...]] | None:
    """What the model in service makes of the texts; None when it can't be asked."""
    if nlu is None:
        return None
    try:
        return {text: (await nlu.parse(text)).intents[:1] for text in texts}
    except NLUDown:
        return None


def _field(form: FormMultiDict, name: str) -> str:
    value: Any = form.get(name)
    return value if isinstance(value, str) else ""
