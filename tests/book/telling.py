"""One path played in one language: what was done, what was said, what a counsellor would see."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, Final

from bot.dialogue import events
from bot.dialogue.effects import Effect, RequestHandoff, Say
from bot.dialogue.events import Heard
from handoff.roster import Duty
from nlu_data.lexicon import Lexicon
from responses.message import Button, Message
from responses.script import in_language
from tests.book.paths import Path, Step, WrongPath
from tests.dialogue.scene import ASLEEP, AWAKE, Scene, content

_DUTY: Final = {"awake": AWAKE, "asleep": ASLEEP, "unknown": Duty(False, None)}
_MOST_QUESTIONS: Final = 30
_SPANS: Final = {90 * 1440: "three months later", 1440: "a day later", 3 * 1440: "three days later"}


@cache
def lexicon() -> Lexicon:
    return Lexicon.load()


@dataclass(frozen=True, slots=True)
class Told:
    """What happened in one step: in words, what came of it, the state's reasons that were new."""

    who: str
    what: str
    text: str | None
    done: tuple[Effect, ...]
    reasons: tuple[str, ...]
    paused: bool

    @property
    def said(self) -> tuple[tuple[Message, Say], ...]:
        return tuple((one.message, one) for one in self.done if isinstance(one, Say))

    @property
    def handoff(self) -> RequestHandoff | None:
        return next((one for one in self.done if isinstance(one, RequestHandoff)), None)


@dataclass(slots=True)
class Telling:
    """A path being played. `screen`: the inline buttons that the person has seen, the newest last.

    `quiet_at`: when the bot falls silent by what the person chose.
    """

    path: Path
    language: str
    scene: Scene
    told: list[Told] = field(default_factory=list)
    screen: list[Button] = field(default_factory=list)
    quiet_at: datetime | None = None

    def play(self, step: Step) -> None:
        """Lets one step happen; WrongPath if it can't."""
        getattr(self, f"_{step.verb}")(step)

    def _command(self, step: Step) -> None:
        self.scene.commands(step.value)
        if step.value == "start":
            self._note("The person", "opens the chat and presses Start")
        else:
            self._note("The person", "sends", f"/{step.value}")

    def _writes(self, step: Step) -> None:
        text, heard = self._heard(step)
        self.scene.happens(events.Wrote(text, heard, self.scene.hint, step.rush))
        self._note("The person", "writes, fast, one after another" if step.rush else "writes", text)

    def _edits(self, step: Step) -> None:
        text, heard = self._heard(step)
        self.scene.edits(text, *(heard.guesses or ()), alarms=heard.alarms)
        self._note("The person", "changes what they wrote into", text)

    def _heard(self, step: Step) -> tuple[str, Heard]:
        text = in_language(step.value, self.language)
        unknown = {intent for intent, _ in step.means or ()} - content().intents
        if unknown:
            raise self._wrong(f"there is no intent {sorted(unknown)}")
        return text, Heard(step.means, lexicon().alarms(text))

    def _presses(self, step: Step) -> None:
        shown = [button for message in self.scene.said for row in message.buttons for button in row]
        self._press(self._one_of(step.value, shown), "presses")

    def _presses_old(self, step: Step) -> None:
        self._press(self._one_of(step.value, list(reversed(self.screen))), "scrolls up and presses an old button")

    def _press(self, button: Button, how: str) -> None:
        self.scene.presses_old(button.value)
        self._note("The person", how, f"[{button.label}]")

    def _one_of(self, value: str, shown: list[Button]) -> Button:
        """The button with this value, in which * stands for anything."""
        for button in shown:
            if fnmatchcase(button.value, value):
                return button
        raise self._wrong(f"{value} is not among {[button.value for button in shown]}")

    def _answers(self, step: Step) -> None:
        """Answers the questions of a screening as the path says, the others with what is no sign of danger."""
        wanted: dict[str, str] = dict(step.value)
        for _ in range(_MOST_QUESTIONS):
            shown = [button for message in self.scene.said for row in message.buttons for button in row]
            options = [one for one in shown if one.value.startswith("screen:") and one.value.count(":") > 1]
            if not options:
                if wanted:
                    raise self._wrong(f"nobody asked {sorted(wanted)}")
                return
            asked = options[0].value.rsplit(":", 2)[1]
            if (value := wanted.pop(asked, None)) is not None:
                button = self._one_of(f"*:{asked}:{value}", options)
            else:
                button = self._harmless(options)
            self._press(button, "answers")
        raise self._wrong("the questions do not end")

    def _harmless(self, options: list[Button]) -> Button:
        """The first answer that changes nothing in how urgent it looks and asks for nothing else."""
        for button in options:
            tried = copy.copy(self.scene)
            tried.presses_old(button.value)
            if len(tried.state.reasons) == len(self.scene.state.reasons):
                return button
        raise self._wrong(f"no harmless answer among {[button.value for button in options]}")

    def _sends(self, step: Step) -> None:
        kind, caption = str(step.value["kind"]), step.value.get("caption")
        text = "" if caption is None else in_language(caption, self.language)
        heard = Heard(step.means, lexicon().alarms(text))
        self.scene.sends(kind, text, heard)
        self._note("The person", f"sends: {kind}" + (", under which stands" if text else ""), text or None)

    def _shares(self, step: Step) -> None:
        near = content().places.nearest(*step.value)
        self.scene.shares(*(one.id for one in near.places), near_line=near.near_line)
        self._note("The person", f"shares their position ({step.value[0]}, {step.value[1]})")

    def _counsellor(self, step: Step) -> None:
        done = {
            "takes": (self.scene.counsellor_takes, "takes the conversation"),
            "gives back": (self.scene.counsellor_gives_back, "puts the conversation back into the line"),
            "closes": (self.scene.counsellor_closes, "closes the conversation"),
        }
        if step.value == "offers contact":
            code = next(iter(sorted(code for code, one in self.scene.around.duty.items() if one.now)))
            self.scene.happens(events.ContactOffered(code))
            self._note(
                "A counsellor", f"of {self._organisation(code)} offers contact to who fell silent in an emergency"
            )
            return
        act, what = done[step.value]
        act()
        self._note("A counsellor", what)

    def _time_passes(self, step: Step) -> None:
        minutes = int(step.value)
        self.scene.time_passes(minutes)
        span = _SPANS.get(minutes, f"{minutes} minutes later")
        around = self.scene.around
        # the silence comes with the clock, as bot/persons.py makes it
        if self.quiet_at is not None and self.quiet_at <= around.now and not around.paused:
            self.scene.around = replace(around, paused=True)
            span += "; the bot has fallen silent, as the person chose"
        self.told.append(Told("", f"{span[0].upper()}{span[1:]}", None, (), (), self.scene.around.paused))

    def _keyboard(self, step: Step) -> None:
        label = content().text(f"keyboard.{step.value}", self.language)
        self.scene.writes(label, alarms=lexicon().alarms(label))
        self._note("The person", "presses on the keyboard", f"[{label}]")

    def _promise_missed(self, step: Step) -> None:
        self.scene.happens(events.PromiseMissed())
        self._note("The clock", "passes the time by which an answer was promised")

    def _duty(self, step: Step) -> None:
        self.scene.around = replace(self.scene.around, duty=_duty(step.value))
        self.told.append(Told("", duty_in_words(step.value), None, (), (), self.scene.around.paused))

    def _note(self, who: str, what: str, text: str | None = None) -> None:
        known = {reason for one in self.told for reason in one.reasons}
        state = self.scene.state
        new = tuple(reason for reason in state.reasons if reason not in known)
        self.told.append(Told(who, what, text, self.scene.effects, new, self.scene.around.paused))
        around = self.scene.around
        self.quiet_at = None if around.paused else around.discretion.falls_silent_at(around.now)
        self.screen += [button for message in self.scene.said for row in message.buttons for button in row]

    def _organisation(self, code: str) -> str:
        return content().organisation(code, "en")

    def _wrong(self, what: str) -> WrongPath:
        return WrongPath(f"{self.path.id} in {self.language}, after {len(self.told)} steps: {what}")


def tell(path: Path, language: str) -> tuple[Told, ...]:
    """Plays a path in a language from its beginning; WrongPath where a button that it presses is not there."""
    scene = Scene(hint=language)
    scene.around = replace(scene.around, duty=_duty(path.duty))
    telling = Telling(path, language, scene)
    for step in path.steps:
        telling.play(step)
    return tuple(telling.told)


def _duty(duty: Mapping[str, str]) -> dict[str, Any]:
    return {code: _DUTY[how] for code, how in duty.items()}


def duty_in_words(duty: Mapping[str, str]) -> str:
    """Who is there, in English."""
    words = {
        "awake": "has somebody on duty",
        "asleep": "has nobody on duty until Thursday, 08:00",
        "unknown": "has nobody on duty, and no shift is planned",
    }
    said = [f"{content().organisation(code, 'en')} {words[how]}" for code, how in duty.items()]
    return "; ".join(said) if said else "No organisation can be asked"
