"""Anything that can happen to a person who writes to the helpline, drawn by chance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from typing import Final

from bot.dialogue import events
from bot.dialogue.events import Heard
from bot.dialogue.state import SIDES
from handoff.roster import Duty
from nlu_data.lexicon import Alarm, Lexicon
from tests.dialogue.scene import ASLEEP, AWAKE, content

LANGUAGES: Final = ("en", "sq", "sr-Latn", "sr-Cyrl")
TEXTS: Final = (
    *(
        "yes",
        "no",
        "po",
        "jo",
        "da",
        "ne",
        "да",
        "не",
        "hi",
        "tung",
        "ćao",
        "hello?",
        "...",
        "🆘",
        "18-22",
        "19:30",
        "a",
    ),
    *("I am in Prizren", "jam në Prizren", "živim u Nišu", "у Призрену", "Kamenica", "Kosovo*", "Srbija", "jashtë"),
    *("He is at the door with a knife", "Ai është te dera me thikë", "On je na vratima s nožem", "Он је на вратима"),
    *("I do not want to live any more", "Nuk dua të jetoj më", "Muž me bije", "burri më rreh", "he keeps my passport"),
    *(
        "is it free",
        "a është falas",
        "da li je besplatno",
        "this heat is killing me",
        "blue cup",
        "gota blu",
        "x" * 4000,
    ),
    *("\u200b\u202eمرحبا", "%s {name} <b>", "/start now", "do:counsellor", "\n\n", "Talk to a person", "Dil tani"),
)
KINDS: Final = ("voice", "photo", "document", "sticker", "contact", "video", "of_tomorrow")
COMMANDS: Final = tuple("start menu person language place privacy quiet exit forget help never_heard_of".split())
POSITIONS: Final = ((44.82, 20.46), (42.66, 21.16), (42.9, 20.87), (48.2, 16.4))
MINUTES: Final = (1, 7, 20, 90, 600, 1440, 3 * 1440, 120 * 1440)
UNPLANNED: Final = Duty(False, None)
DUTIES: Final[tuple[dict[str, Duty], ...]] = (
    *({"atina": AWAKE, "pvpt": AWAKE}, {"atina": ASLEEP, "pvpt": AWAKE}, {"atina": ASLEEP, "pvpt": ASLEEP}),
    *({"pvpt": AWAKE}, {"atina": UNPLANNED, "pvpt": UNPLANNED}, {}),
)


@dataclass(frozen=True, slots=True)
class Passes:
    """Time passes."""

    minutes: int


@dataclass(frozen=True, slots=True)
class Shifts:
    """Other people are on duty: one of DUTIES."""

    which: int


Happening = events.Event | Passes | Shifts


def happening(random: Random, shown: Sequence[str], seen: Sequence[str], status: str) -> Happening:
    """What happens next: something that can, at times in a rush."""
    drawn = _drawn(random, shown, seen, status)
    if isinstance(drawn, events.Wrote | events.Edited | events.Command | events.Located | events.Sent):
        return replace(drawn, rush=random.choices(("", "first", "more"), (94, 2, 4))[0])
    return drawn


def _drawn(random: Random, shown: Sequence[str], seen: Sequence[str], status: str) -> Happening:
    """Something that can happen now: mostly what a person would do, at times what nobody expects.

    `shown`: the values of the buttons on the screen; `seen`: those of all that were ever there.
    """
    draw = random.random()
    hint = random.choice((None, *LANGUAGES, "de"))
    if draw < 0.40 and shown:
        return events.Pressed(random.choice(shown), hint)
    if draw < 0.48 and seen:
        return events.Pressed(random.choice(seen), hint)
    if draw < 0.52:
        return events.Pressed(random.choice(values()), hint)
    if draw < 0.72:
        text = random.choice(TEXTS)
        heard = Heard(_guesses(random), alarms(text))
        return random.choice((events.Wrote, events.Wrote, events.Wrote, events.Edited))(text, heard, hint)
    if draw < 0.80:
        return events.Command(random.choice(COMMANDS), random.choice(("", "x")), hint)
    if draw < 0.83:
        text = random.choice(("", random.choice(TEXTS)))
        return events.Sent(random.choice(KINDS), text, Heard(_guesses(random), alarms(text)), hint)
    if draw < 0.85:
        return events.Located(*nearest(random.choice(POSITIONS)), hint)
    if draw < 0.90:
        return Passes(random.choice(MINUTES))
    if draw < 0.92:
        return Shifts(random.randrange(len(DUTIES)))
    return _of_others(random, status)


def _of_others(random: Random, status: str) -> Happening:
    match status:
        case "waiting":
            likely: Iterable[Happening] = (events.Took(), events.Took(), events.PromiseMissed())
        case "taken":
            likely = (events.GaveBack(), events.Closed())
        case _:
            likely = (events.ContactOffered("atina"), events.ContactOffered("of tomorrow"), events.PromiseMissed())
    return random.choice((*likely, events.Blocked(), events.Unblocked()))


def _guesses(random: Random) -> tuple[tuple[str, float], ...] | None:
    if random.random() < 0.1:
        return None
    found = random.sample(intents(), 3)
    first = random.random()
    return ((found[0], first), (found[1], (1 - first) / 2), (found[2], (1 - first) / 4))


@cache
def intents() -> tuple[str, ...]:
    return (*sorted(content().intents), "of_tomorrow")


@cache
def values() -> tuple[str, ...]:
    """Buttons of all kinds, and some that never were."""
    actions = "menu counsellor screening place hide language exit forget again stay safe none discreet later x".split()
    instruments = content().instruments.values()
    return (
        *(f"do:{one}" for one in actions),
        *(f"intent:{one}" for one in intents()),
        *(f"lang:{one}" for one in (*LANGUAGES, "xx")),
        *(f"side:{one}" for one in (*SIDES, "skip", "moon")),
        *(
            "place:xk-prizren",
            "place:atlantis",
            "place:no",
            "place:",
            "forget:yes",
            "forget:no",
            "forget:x",
            "screen:stop",
        ),
        *(f"consent:{code}:{how}" for code in ("atina", "pvpt", "x") for how in ("history", "fresh", "ask", "x")),
        *("hours:evening", "hours:any", "hours:x", "sign:rain", "sign:none", "sign:x", "later:2026-03-04T20:00+00:00"),
        *("later:x", "consent:no", "x", "", ":", "screen:x:y"),
        *(
            one.button(question, option)
            for one in instruments
            for question in one.questions
            for option in (*(each.value for each in question.options), "skip")
        ),
    )


@cache
def lexicon() -> Lexicon:
    return Lexicon.load()


@cache
def alarms(text: str) -> tuple[Alarm, ...]:
    return lexicon().alarms(text)


@cache
def nearest(position: tuple[float, float]) -> tuple[tuple[str, ...], bool]:
    near = content().places.nearest(*position)
    return tuple(place.id for place in near.places), near.near_line
