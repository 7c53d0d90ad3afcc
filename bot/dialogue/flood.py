"""Many messages in a short time: one kind word, and then only danger is answered. Each of them is read and kept."""

from __future__ import annotations

from typing import Final

from bot.dialogue import risk, words
from bot.dialogue.draft import Draft
from bot.dialogue.events import Command, Edited, Heard, Located, Own, Pressed, Sent, Wrote
from nlu_data.judgement import rank

# Twenty in a minute is one every three seconds: whoever writes short lines in fear stays below it, and more answers
# than that nobody reads on a phone. Telegram itself asks bots for no more than one message a second in a chat
# (core.telegram.org/bots/faq, "My bot is hitting limits"), and an answer may be three.
MOST: Final = 20
SECONDS: Final = 60.0
# It is over when half as many come: whoever writes just at the limit isn't told so again and again.
CALM: Final = MOST // 2
# The same button of the same message once more within this time is the same press: two devices, or a finger in a hurry.
SAME_PRESS_SECONDS: Final = 3.0

_ALWAYS: Final = frozenset({"start", "person", "exit", "forget"})
_LEAVE: Final = frozenset({"do:exit", "forget:yes"})  # to be gone twice does no harm, to be there still might


def holds(draft: Draft, event: Own) -> bool:
    """Whether the event is one too many, and all that there is to say to it was said here.

    With a counsellor there the bot is silent anyway. Buttons, and the ways to a person and out, always work.
    """
    if isinstance(event, Pressed):
        return event.again and event.value not in _LEAVE
    if not event.rush:
        if draft.state.flood_alarmed:
            draft.change(flood_alarmed=False)
        return False
    if draft.around.status == "taken" or _goes_through(draft, event):
        return False
    _look_out(draft, Heard() if isinstance(event, Located) else event.heard, first=event.rush == "first")
    return True


def _goes_through(draft: Draft, event: Wrote | Edited | Command | Located | Sent) -> bool:
    match event:
        case Command(name=name):
            return name in _ALWAYS
        case Wrote(text=text, heard=heard):
            answers = draft.state.pending in {"emergency", "consent", "forget"}
            return words.keyboard(draft.content, text) is not None or (
                answers and words.yes_or_no(draft.content, text, heard) is not None
            )
        case _:
            return False


def _look_out(draft: Draft, heard: Heard, *, first: bool) -> None:
    before = draft.state.level
    risk.heard(draft, heard)
    danger = next((alarm.intent for alarm in heard.alarms if alarm.level == "immediate"), None)
    if danger is not None:
        if not draft.state.flood_alarmed:
            draft.change(flood_alarmed=True)
            risk.emergency(draft, danger)
    elif first:
        draft.say("flood.slowly", *draft.with_person(()), draft.button("menu", "do:menu"))
    elif draft.around.status == "bot" and rank(before) < rank("high") <= rank(draft.state.level):
        draft.say("risk.person", *draft.with_person(()))
