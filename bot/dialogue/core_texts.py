"""A language in which the core texts are all there is: what of the dialogue works in it."""

from __future__ import annotations

from typing import Final

from bot.dialogue import pending, place, waiting
from bot.dialogue.draft import Draft
from bot.dialogue.events import Heard

# Everything else (answers, questions, "did you mean") has no words in such a language.
_KINDS: Final = frozenset({"intent", "lang", "place", "list", "side", "consent", "forget", "hours", "sign", "later"})
_ACTIONS: Final = frozenset(
    "menu counsellor place list language exit forget again stay discreet discreet_new discreet_off later safe".split()
)
_QUESTIONS: Final = frozenset({"place", "consent", "emergency", "forget", "hours", "sign", "later"})


def has_words_for(kind: str, rest: str) -> bool:
    """Whether a button "kind:rest" can be followed in such a language."""
    if kind == "screen":
        return rest != "stop"  # an answer to a question that is still on the screen may say danger
    return rest in _ACTIONS if kind == "do" else kind in _KINDS


def wrote(draft: Draft, text: str, heard: Heard) -> None:
    """A free text that nobody here understands: an answer to a question that waits, a place, or for an interpreter."""
    if draft.state.pending not in _QUESTIONS:
        draft.change(pending=None)
    if pending.read(draft, text, heard):
        return
    asked = pending.let_go(draft)
    if place.named(draft, text):
        return
    if draft.around.status == "waiting":
        waiting.status(draft)
    else:
        draft.tell(draft.content.not_understood(draft.language))
    if asked == "place":
        pending.ask_again(draft, asked)
