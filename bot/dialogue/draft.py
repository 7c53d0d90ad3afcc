"""A step in the making: the state so far, and the effects so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bot.dialogue.effects import Effect, Forget, Pause, RequestHandoff, Say, SetLevel
from bot.dialogue.state import State
from bot.dialogue.surroundings import Surroundings
from nlu_data.judgement import higher, rank
from responses.content import Content
from responses.message import Button, Message

FALLBACK_LANGUAGE: Final = "en"
PERSON: Final = "do:counsellor"
Rows = tuple[tuple[Button, ...], ...]


@dataclass(slots=True)
class Draft:
    """What a step has come to so far; the modules of the topics write on it, `step` reads it off.

    `onward`: what comes next in this same step (consent, emergency, place, screening or an intent).
    """

    state: State
    content: Content
    around: Surroundings
    effects: list[Effect] = field(default_factory=list)
    onward: str | None = None

    def __post_init__(self) -> None:
        # an organisation that the content has no name for can't be offered
        duty = {code: one for code, one in self.around.duty.items() if code in self.content.organisations}
        self.around = replace(self.around, duty=duty)
        # what the tables say outlives the state, which is wiped when a counsellor takes over
        offered = self.content.offered
        language = self.state.language if self.state.language in offered else self.around.language
        level = higher(self.state.level, self.around.level)
        self.change(language=language if language in offered else None, level=level)

    @property
    def language(self) -> str:
        """The language to speak."""
        return self.state.language or FALLBACK_LANGUAGE

    @property
    def is_over(self) -> bool:
        """Whether the person left in this step: then not one word more is said."""
        return any(isinstance(effect, Pause | Forget) for effect in self.effects)

    @property
    def is_urgent(self) -> bool:
        """Whether something was said that nothing else may push off the screen."""
        return any(isinstance(effect, Say) and effect.urgent for effect in self.effects)

    @property
    def hands_over(self) -> bool:
        """Whether a counsellor is asked for in this step."""
        return any(isinstance(effect, RequestHandoff) for effect in self.effects)

    @property
    def said(self) -> int:
        """How many messages there are so far."""
        return sum(isinstance(effect, Say) for effect in self.effects)

    def change(self, **values: Any) -> None:
        """Changes the state."""
        self.state = replace(self.state, **values)

    def do(self, *effects: Effect) -> None:
        """Adds effects."""
        self.effects.extend(effects)

    def raise_level(self, level: str) -> bool:
        """Raises the risk, never lowers it; whether it rose."""
        if rank(level) <= rank(self.state.level):
            return False
        self.change(level=level)
        self.do(SetLevel(level))
        return True

    def text(self, key: str, **values: str) -> str:
        """A text in the person's language."""
        return self.content.text(key, self.language, **values)

    def button(self, key: str, value: str, **values: str) -> tuple[Button, ...]:
        """A row of one button."""
        return (Button(self.text(f"button.{key}", **values), value),)

    def menu(self) -> Rows:
        """The menu's buttons; the way to a person is always among them."""
        return self.with_person(self.content.menu(self.language).buttons)

    def with_person(self, rows: Rows) -> Rows:
        """The rows, and the way to a person if they lack it."""
        return rows if offers_person(rows) else (*rows, self.button("counsellor", PERSON))

    def keyboard(self) -> tuple[tuple[str, ...], ...]:
        """The keyboard that stays on the screen."""
        return ((self.text("keyboard.person"), self.text("keyboard.leave")),)

    def say(self, key: str, *rows: tuple[Button, ...], essential: bool = False, **values: str) -> None:
        """Says the text of a key, with rows of buttons."""
        self.tell(Message(self.text(key, **values), rows), essential=essential)

    def tell(self, message: Message, *, urgent: bool = False, essential: bool = False) -> None:
        """Says a message."""
        self.do(Say(message, urgent=urgent, essential=essential))


def offers_person(rows: Iterable[tuple[Button, ...]]) -> bool:
    """Whether a way to a person is among the buttons."""
    return any(button.value == PERSON or button.value.startswith("consent:") for row in rows for button in row)
