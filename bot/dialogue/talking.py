"""A counsellor is there: the bot keeps silent, and still looks out for danger."""

from __future__ import annotations

from bot.dialogue import consent, leaving, risk, words
from bot.dialogue.draft import Draft
from bot.dialogue.events import Edited, Wrote
from bot.dialogue.state import State
from nlu_data.judgement import rank


def wrote(draft: Draft, event: Wrote | Edited) -> None:
    """What the person writes goes to the counsellor; the bot speaks up only when danger is new."""
    key = words.keyboard(draft.content, event.text) if isinstance(event, Wrote) else None
    if key == "leave":
        leaving.leave(draft)
    elif key == "person":
        consent.person(draft)
    else:
        _listen(draft, event)


def _listen(draft: Draft, event: Wrote | Edited) -> None:
    before = draft.state.level
    risk.heard(draft, event.heard)
    if rank(before) < rank("immediate") == rank(draft.state.level):
        risk.emergency(draft, None)


def began(draft: Draft) -> None:
    """A counsellor took the conversation. What the bot remembered is wiped."""
    draft.state = State(language=draft.state.language, level=draft.state.level)
    draft.say("talking.started", essential=True)


def given_back(draft: Draft) -> None:
    """The counsellor had to stop; the request is in line again."""
    draft.say("talking.gave_back", essential=True)


def ended(draft: Draft) -> None:
    """The counsellor closed the conversation; what comes next is a new one."""
    draft.state = State(language=draft.state.language)
    draft.say("talking.closed", *draft.menu(), essential=True)
