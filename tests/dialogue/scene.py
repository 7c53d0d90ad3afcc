"""A person and the bot, without Telegram: what happens, what was said, and how the world changes by it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from bot.dialogue import effects, events
from bot.dialogue.discretion import NONE
from bot.dialogue.effects import Effect, RequestHandoff
from bot.dialogue.events import Heard
from bot.dialogue.state import State
from bot.dialogue.step import step
from bot.dialogue.surroundings import Surroundings
from handoff.roster import Duty
from nlu_data.lexicon import Alarm, Level
from responses.content import Content
from responses.message import Message

NOW = datetime(2026, 3, 4, 19, 7, tzinfo=UTC)  # a Wednesday, 20:07 in Belgrade and Prishtina
AWAKE = Duty(True, None)
ASLEEP = Duty(False, datetime(2026, 3, 5, 7, 0, tzinfo=UTC))


@cache
def content() -> Content:
    return Content.load()


def alarm(level: Level = "immediate", intent: str = "risk_danger_now", language: str = "en") -> Alarm:
    return Alarm(f"{language}/danger/of-a-test@1", intent, level)


@dataclass(slots=True)
class Scene:
    """One person's chat. Effects come true at once, as `bot/turn.py` makes them."""

    around: Surroundings = field(
        default_factory=lambda: Surroundings(NOW, {"atina": AWAKE, "pvpt": AWAKE}, {"atina": 0, "pvpt": 0})
    )
    hint: str | None = "en"
    state: State = field(default_factory=State)
    effects: tuple[Effect, ...] = ()
    taps: int = 0

    # what happens

    def writes(
        self, text: str, *guesses: tuple[str, float], alarms: tuple[Alarm, ...] = (), nlu_down: bool = False
    ) -> None:
        self.happens(events.Wrote(text, Heard(None if nlu_down else guesses, alarms), self.hint))

    def edits(self, text: str, *guesses: tuple[str, float], alarms: tuple[Alarm, ...] = ()) -> None:
        self.happens(events.Edited(text, Heard(guesses, alarms), self.hint))

    def presses(self, value: str) -> None:
        """Presses a button that the last answer shows."""
        shown = [button.value for message in self.said for row in message.buttons for button in row]
        assert value in shown, f"{value} is not among {shown}"
        self.presses_old(value)

    def presses_old(self, value: str) -> None:
        self.taps += 1
        self.happens(events.Pressed(value, self.hint))

    def commands(self, name: str) -> None:
        self.taps += 1
        self.happens(events.Command(name, "", self.hint))

    def sends(self, kind: str, caption: str = "", heard: Heard | None = None) -> None:
        self.happens(events.Sent(kind, caption, heard or Heard(), self.hint))

    def shares(self, *places: str, near_line: bool = False) -> None:
        self.happens(events.Located(places, near_line, self.hint))

    def counsellor_takes(self) -> None:
        self.state = State()  # wiped at the take
        self.around = replace(self.around, status="taken")
        self.happens(events.Took())
        self.state = State()

    def counsellor_gives_back(self) -> None:
        self.around = replace(self.around, status="waiting")
        self.happens(events.GaveBack())

    def counsellor_closes(self) -> None:
        self.around = replace(self.around, status="bot", level="none")
        self.happens(events.Closed())

    def time_passes(self, minutes: int) -> None:
        self.around = replace(self.around, now=self.around.now + timedelta(minutes=minutes))

    def happens(self, event: events.Event) -> None:
        self.state, self.effects = step(self.state, event, content(), self.around)
        self.state = State.from_json(json.loads(json.dumps(self.state.to_json())))
        for effect in self.effects:
            self._comes_true(effect)
        if self.around.status == "taken":
            self.state = State()

    def _comes_true(self, effect: Effect) -> None:
        match effect:
            case effects.SetLanguage(language):
                self.around = replace(self.around, language=language)
            case effects.SetLevel(level):
                self.around = replace(self.around, level=level)
            case effects.Pause():
                self.around = replace(self.around, paused=True)
            case effects.Resume():
                self.around = replace(self.around, paused=False)
            case effects.SetDiscretion(discretion):
                self.around = replace(self.around, discretion=discretion)
            case RequestHandoff():
                self.around = replace(self.around, status="waiting")
            case effects.Forget():
                self.around = replace(
                    self.around, status="bot", language=None, level="none", paused=False, discretion=NONE
                )
            case _:
                pass

    # what was said

    @property
    def said(self) -> list[Message]:
        """The messages of the last step, in order."""
        return [effect.message for effect in self.effects if isinstance(effect, effects.Say)]

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.said]

    @property
    def values(self) -> list[str]:
        """The values of all buttons of the last step."""
        return [button.value for message in self.said for row in message.buttons for button in row]

    def did(self, kind: type) -> bool:
        return any(isinstance(effect, kind) for effect in self.effects)

    @property
    def handoff(self) -> RequestHandoff | None:
        return next((one for one in self.effects if isinstance(one, RequestHandoff)), None)

    def text(self, key: str, **values: str) -> str:
        """What the bot says under a key in the person's language."""
        return content().text(key, self.around.language or "en", **values)

    def answer(self, intent: str) -> str:
        return content().answer(intent, self.around.language or "en", self.state.side).text
