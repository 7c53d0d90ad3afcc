"""The person left by /exit: somebody else may hold the phone."""

from __future__ import annotations

from bot.dialogue import leaving, risk, welcome, words
from bot.dialogue.draft import Draft
from bot.dialogue.effects import DeleteRecent, Resume
from bot.dialogue.events import Closed, Command, Edited, Event, Pressed, Sent, Wrote
from bot.dialogue.state import State


def heard(draft: Draft, event: Event) -> None:
    """Nothing is said until /start, whatever happens.

    Danger is noted all the same. /forget is done without the question, since asking would be saying something.
    """
    match event:
        case Command(name="start"):
            draft.do(Resume())
            welcome.again(draft)
        case Command(name="forget") | Pressed(value="forget:yes"):
            leaving.forget(draft, silently=True)
        case Command(name="exit") | Pressed(value="do:exit"):
            draft.do(DeleteRecent())
        case Wrote(text=text) if words.keyboard(draft.content, text) == "leave":
            draft.do(DeleteRecent())
        case Wrote(heard=heard) | Edited(heard=heard) | Sent(heard=heard):
            risk.heard(draft, heard)
        case Closed():
            draft.state = State(language=draft.state.language)
        case _:
            pass
