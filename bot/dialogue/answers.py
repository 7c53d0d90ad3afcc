"""One curated answer to what was meant. Nothing is ever generated."""

from __future__ import annotations

from bot.dialogue import consent, leaving, risk, welcome, words
from bot.dialogue.draft import Draft
from bot.dialogue.events import Heard
from nlu_data import judgement
from responses.message import Message


def answer(draft: Draft, intent: str) -> None:
    """Answers an intent, or does what it asks for."""
    draft.change(misses=0, meant=None)
    match intent:
        case "ask_human":
            consent.person(draft)
        case "ask_change_language":
            welcome.languages(draft)
        case "ask_delete_chat":
            leaving.ask_forget(draft)
        case "greet":
            text = draft.content.answer("greet", draft.language, draft.state.side).text
            draft.tell(Message(text, draft.menu()))
        case _:
            draft.change(topic=intent)
            draft.tell(draft.content.answer(intent, draft.language, draft.state.side))


def pressed(draft: Draft, intent: str) -> bool:
    """A button with an intent's name; False if there is no such intent."""
    if intent not in draft.content.intents:
        return False
    risk.note(draft, judgement.of_button(draft.content.groups, intent))
    if draft.state.pending == "meant":
        draft.change(pending=None)
    if intent in judgement.NOW:
        risk.emergency(draft, intent)
    else:
        answer(draft, intent)
    return True


def none_of_these(draft: Draft) -> None:
    """Nothing of "did you mean" was right."""
    draft.change(pending=None, meant=None, misses=2)
    draft.say("understanding.none", *draft.menu())


def read(draft: Draft, text: str, heard: Heard) -> bool:
    """Reads a text as the answer to "did you mean"."""
    said = words.yes_or_no(draft.content, text, heard)
    meant = draft.state.meant
    if said is None or meant is None:
        return False
    if not said:
        none_of_these(draft)
    elif meant in draft.content.intents:
        pressed(draft, meant)
    return True
