"""Leaving fast, and being forgotten."""

from __future__ import annotations

from bot.dialogue import words
from bot.dialogue.draft import Draft
from bot.dialogue.effects import DeleteRecent, Forget, LeftQuickly, Pause, Say
from bot.dialogue.events import Heard
from bot.dialogue.state import State
from responses.message import Message


def leave(draft: Draft) -> None:
    """/exit: what Telegram lets go is deleted, one harmless line stays, and nothing more is said."""
    line = Message(draft.text("leaving.line"), keyboard=())
    draft.change(pending=None)
    draft.do(DeleteRecent(), Say(line, while_paused=True), LeftQuickly(), Pause())


def ask_forget(draft: Draft) -> None:
    """/forget: asks once whether it is meant."""
    draft.change(pending="forget", reasked=False)
    draft.say("leaving.forget_ask", draft.button("forget_yes", "forget:yes"), draft.button("forget_no", "forget:no"))


def forget(draft: Draft, *, silently: bool = False) -> None:
    """Everything goes; one harmless line stays."""
    line = Message(draft.text("leaving.forgotten"), keyboard=())
    draft.do(DeleteRecent(), Forget())
    if not silently:
        draft.do(Say(line, while_paused=True))
    draft.state = State()


def keep(draft: Draft) -> None:
    """The person would rather keep it all."""
    draft.change(pending=None)
    draft.say("leaving.kept", draft.button("menu", "do:menu"))


def read(draft: Draft, text: str, heard: Heard) -> bool:
    """Reads a text as the answer to "shall I delete everything?"."""
    answer = words.yes_or_no(draft.content, text, heard)
    if answer is None:
        return False
    if answer:
        forget(draft)
    else:
        keep(draft)
    return True
