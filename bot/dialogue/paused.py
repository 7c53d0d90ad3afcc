"""The person left by /exit, or their safe hours are over: somebody else may hold the phone."""

from __future__ import annotations

from bot.dialogue import leaving, risk, welcome, words
from bot.dialogue.draft import Draft
from bot.dialogue.effects import Alarmed, DeleteHeard, DeleteRecent, Resume
from bot.dialogue.events import Closed, Command, Edited, Event, Pressed, Sent, Wrote
from bot.dialogue.state import State


def heard(draft: Draft, event: Event) -> None:
    """Nothing is said until the sign or, where none was chosen, /start within the safe hours; whatever happens.

    Danger is noted all the same, and those on duty see that there is somebody. /forget is done without the question,
    since asking would be saying something.
    """
    discretion = draft.around.discretion
    match event:
        case Wrote(text=text) if discretion.sign is not None and words.sign(text) == discretion.sign:
            draft.do(DeleteHeard(), Resume())
            welcome.again(draft)
        case Command(name="start") if discretion.sign is None and discretion.allows(draft.around.now):
            draft.do(Resume())
            welcome.again(draft)
        case Command(name="forget") | Pressed(value="forget:yes"):
            leaving.forget(draft, silently=True)
        case Command(name="exit") | Pressed(value="do:exit"):
            draft.do(DeleteRecent())
        case Wrote(text=text) if words.keyboard(draft.content, text) == "leave":
            draft.do(DeleteRecent())
        case Wrote(heard=heard) | Edited(heard=heard) | Sent(heard=heard) | Command(heard=heard):
            risk.heard(draft, heard)
            if any(alarm.level == "immediate" for alarm in heard.alarms) and draft.around.status == "bot":
                draft.do(Alarmed())
        case Closed():
            draft.state = State(language=draft.state.language)
        case _:
            pass
