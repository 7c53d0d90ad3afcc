"""A random walk through the dialogue: one person, anything that can happen to them, and what must hold at each step."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

from bot.dialogue import events
from bot.dialogue.discretion import Discretion
from bot.dialogue.draft import offers_person
from bot.dialogue.effects import DeleteRecent, Effect, Forget, RequestHandoff, Resume, Say
from bot.dialogue.state import State
from bot.dialogue.step import step
from bot.dialogue.surroundings import Surroundings
from nlu_data.judgement import rank
from responses.message import Message
from tests.dialogue import world
from tests.dialogue.happenings import DUTIES, Happening, Passes, Shifts, happening
from tests.dialogue.scene import content

_KEPT: Final[set[State]] = set()  # that are the same after they were kept as JSON; once each is enough
LONGEST: Final = 600
# what only fills a text or a note
_FILLED: Final[dict[str, Any]] = {
    "reasons": (),
    "answers": (),
    "candidates": (),
    "topic": None,
    "meant": None,
    "misses": 0,
    "municipality": None,
    "promised_at": None,
    "hours": None,
}
BEGINNING: Final = datetime(2026, 3, 4, 19, 7, tzinfo=UTC)


class DeadEnd(AssertionError):
    """Something that must always hold or work did not."""


@dataclass(slots=True)
class Walk:
    """One person's chat. `screen`: the buttons of the last messages; `seen`: all values that were ever shown."""

    state: State = field(default_factory=State)
    around: Surroundings = field(default_factory=lambda: Surroundings(BEGINNING, DUTIES[0], {"atina": 0, "pvpt": 3}))
    has_keyboard: bool = False
    screen: tuple[Message, ...] = ()
    seen: list[str] = field(default_factory=list)
    quiet_at: datetime | None = None
    is_a_try: bool = False

    def happens(self, what: Happening) -> tuple[Effect, ...]:
        """Lets it happen; DeadEnd where something that must hold doesn't."""
        match what:
            case Passes(minutes):
                self._passes(minutes)
                return ()
            case Shifts(which):
                self.around = replace(self.around, duty=DUTIES[which])
                return ()
            case _:
                return self._step(what)

    def _passes(self, minutes: int) -> None:
        now = self.around.now + timedelta(minutes=minutes)
        self.around = replace(self.around, now=now)
        if self.quiet_at is not None and self.quiet_at <= now:
            self.around, self.quiet_at = replace(self.around, paused=True), None

    def _step(self, event: events.Event) -> tuple[Effect, ...]:
        around = world.before(self.around, event)
        was = 0 if isinstance(event, events.Closed) else max(rank(self.state.level), rank(around.level))
        state, done = step(self.state, event, content(), around)
        if not self.is_a_try and state not in _KEPT:
            if State.from_json(json.loads(json.dumps(state.to_json()))) != state:
                raise DeadEnd(f"the state is another one after it was kept: {state}")
            _KEPT.add(state)
        self.around = world.after(around, done)
        self.state = State() if self.around.status == "taken" else state
        self._look(event, done)
        now = max(rank(state.level), rank(self.around.level))
        if now < was and not any(isinstance(one, Forget) for one in done):
            raise DeadEnd(f"the level fell from {was} to {now}")
        says = [one for one in done if isinstance(one, Say)]
        if around.paused and says and not any(isinstance(one, Resume) for one in done):
            raise DeadEnd("it speaks while it is paused")
        rushes = getattr(event, "rush", "") or getattr(event, "live", False) or getattr(event, "more", False)
        silent = rushes or around.paused or around.status == "taken" or isinstance(event, events.Edited)
        if isinstance(event, events.Own) and not silent and not says:
            raise DeadEnd("no answer")
        for one in says:
            if not 0 < len(one.message.text) <= LONGEST:
                raise DeadEnd(f"a text of {len(one.message.text)} letters")
        return done

    def _look(self, event: events.Event, done: tuple[Effect, ...]) -> None:
        """What is on the person's screen now."""
        messages = tuple(one.message for one in done if isinstance(one, Say) and one.at is None)
        for message in messages:
            if message.keyboard is not None:
                self.has_keyboard = bool(message.keyboard)
        if messages:
            self.screen = messages
            self.seen += [button.value for message in messages for row in message.buttons for button in row]
        if any(isinstance(one, Forget | DeleteRecent) for one in done):
            self.screen, self.seen = (), self.seen[-20:]  # who was quick may have pressed one already
        if isinstance(event, events.Own) and not self.around.paused:
            self.quiet_at = self.around.discretion.falls_silent_at(self.around.now)

    @property
    def shown(self) -> list[str]:
        """The values of the buttons on the screen."""
        return [button.value for message in self.screen for row in message.buttons for button in row]

    @property
    def offers_person(self) -> bool:
        """Whether a way to a person is on the screen, or one is asked for or there."""
        return (
            self.has_keyboard
            or self.around.status != "bot"
            or any(offers_person(message.buttons) for message in self.screen)
        )

    def where(self, *, exactly: bool) -> tuple[object, ...]:
        """Where the person is in the dialogue; unless `exactly`, without what only fills a text or a note."""
        state = self.state if exactly else replace(self.state, **_FILLED)
        duty = tuple((code, one.now, one.next_at is None) for code, one in self.around.duty.items())
        around = self.around
        return (
            *(state, self.has_keyboard, self.offers_person, duty),
            *(around.status, around.paused, around.level, around.language, around.discretion, around.missed),
        )

    def copy(self) -> Walk:
        """The same, to try something."""
        return replace(self, seen=[], is_a_try=True)


def check(walk: Walk) -> None:
    """From here everything that must always work does; DeadEnd if not."""
    _start(walk.copy())
    _exit(walk.copy())
    _forget(walk.copy())
    _person(walk.copy())
    begun = walk.around.language is not None and not walk.around.paused
    # who came in an emergency, or by an old button, gets the keyboard with the introduction at the next step
    if begun and walk.around.duty and not walk.state.owes_introduction and not walk.offers_person:
        raise DeadEnd("no way to a person is on the screen")


def comes_back(walk: Walk) -> tuple[Effect, ...]:
    """The person comes back by what they chose: their sign, or /start within their hours."""
    chosen: Discretion = walk.around.discretion
    if walk.around.paused and chosen.sign is not None:
        return walk.happens(events.Wrote(chosen.sign))
    if walk.around.paused and not chosen.allows(walk.around.now):
        speaks = chosen.speaks_again_at(walk.around.now)
        if speaks is None:
            raise DeadEnd(f"paused, without a sign, and no hour in which it speaks: {chosen}")
        walk.around = replace(walk.around, now=speaks)
    return walk.happens(events.Command("start"))


def _start(walk: Walk) -> None:
    done = comes_back(walk)
    if walk.around.paused or not any(isinstance(one, Say) for one in done):
        raise DeadEnd("/start says nothing")
    if not walk.offers_person:
        raise DeadEnd("no way to a person after /start")


def _exit(walk: Walk) -> None:
    done = walk.happens(events.Command("exit"))
    if DeleteRecent() not in done or not walk.around.paused:
        raise DeadEnd("/exit does not leave")


def _forget(walk: Walk) -> None:
    done = walk.happens(events.Command("forget"))
    if Forget() not in done:
        done = walk.happens(events.Pressed("forget:yes"))
    if Forget() not in done or walk.state != State() or walk.around.paused:
        raise DeadEnd("/forget does not forget")


def _person(walk: Walk) -> None:
    if walk.around.paused:
        comes_back(walk)
    if not walk.around.duty:
        walk.around = replace(walk.around, duty=DUTIES[0])
    for _ in range(4):
        done = walk.happens(events.Command("person"))
        if walk.around.status != "bot":
            if not any(isinstance(one, Say) for one in done):
                raise DeadEnd("asking for a person while one is asked for or there says nothing")
            return
        done = walk.happens(events.Pressed(next((one for one in walk.shown if one.endswith(":history")), "side:skip")))
        if any(isinstance(one, RequestHandoff) for one in done):
            return
    raise DeadEnd("no counsellor can be asked for")


def go(random: Random, events_: int, known: set[tuple[object, ...]], *, exactly: bool) -> list[Happening] | None:
    """Walks so many events; gives the shortest way to a dead end, None if there was none. `known`: where all works."""
    walk, happened = Walk(), []
    for _ in range(events_):
        happened.append(happening(random, walk.shown, walk.seen, walk.around.status))
        try:
            walk.happens(happened[-1])
        except DeadEnd:
            return shortest(happened, checked=False)
        if (where := walk.where(exactly=exactly)) not in known:
            try:
                check(walk)
            except DeadEnd:
                return shortest(happened, checked=True)
            known.add(where)
    return None


def shortest(happened: list[Happening], checked: bool) -> list[Happening]:
    """The sequence without all that isn't needed for it to fail, so that somebody can read it."""
    index = 0
    while index < len(happened):
        shorter = happened[:index] + happened[index + 1 :]
        if fails(shorter, checked=checked):
            happened = shorter
        else:
            index += 1
    return happened


def fails(happened: list[Happening], *, checked: bool) -> DeadEnd | None:
    """What goes wrong when all of it happens, and in the end if `checked`."""
    walk = Walk()
    try:
        for one in happened:
            walk.happens(one)
        if checked:
            check(walk)
    except DeadEnd as failure:
        return failure
    return None
