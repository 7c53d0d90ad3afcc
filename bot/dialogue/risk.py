"""How urgent it is, why, and what is said when it is a matter of now. Risk only rises here.

A counsellor alone lowers it.
"""

from __future__ import annotations

from typing import Final

from bot.dialogue import consent
from bot.dialogue.draft import Draft
from bot.dialogue.effects import Alarmed, Calmed
from bot.dialogue.events import Heard
from nlu_data import judgement
from nlu_data.judgement import Judgement
from responses.message import Message

MAX_REASONS: Final = 12


def heard(draft: Draft, what: Heard) -> bool:
    """Notes what a text says about the risk; whether the level rose."""
    return note(draft, judgement.of_text(draft.content.groups, what.guesses or (), what.alarms))


def note(draft: Draft, judged: Judgement) -> bool:
    """Notes level and reasons; whether the level rose."""
    known = draft.state.reasons
    new = tuple(reason for reason in dict.fromkeys(judged.reasons) if reason not in known)
    draft.change(reasons=(known + new)[-MAX_REASONS:])
    return draft.raise_level(judged.level)


def emergency(draft: Draft, advice: str | None) -> None:
    """The numbers, and one tap to a person; then what can be done silently, if that is new.

    `advice`: the intent of the danger.
    """
    numbers = draft.content.emergency(draft.language, draft.state.side)
    if draft.around.status != "bot":
        key = "risk.talking" if draft.around.status == "taken" else "risk.waiting"
        text = f"{numbers}\n\n{draft.text(key)}"
        draft.tell(Message(text, (draft.button("exit", "do:exit"),)), urgent=True, essential=True)
        return
    draft.tell(consent.offer_now(draft, numbers), urgent=True, essential=True)
    draft.do(Alarmed())
    if advice is not None and advice != draft.state.topic and draft.content.has_answer(advice, draft.language):
        draft.change(topic=advice)
        draft.tell(draft.content.answer(advice, draft.language, draft.state.side))


def safe(draft: Draft) -> None:
    """The person says that there is no danger. What was noted stays noted."""
    draft.change(pending=None)
    draft.do(Calmed())
    draft.say("risk.safe", *draft.menu())
