"""First contact, language, menu: who is here, and how it goes on."""

from __future__ import annotations

from typing import Final

from bot.dialogue.draft import Draft, Rows
from bot.dialogue.effects import SetLanguage
from responses.content import Content
from responses.message import Button, Message

MOST_MESSAGES: Final = 3  # at first contact
_ASKED_AGAIN: Final = frozenset({"place", "screening", "consent", "emergency"})


def first(draft: Draft) -> None:
    """The first words to somebody new: language, who is here, an open question."""
    languages(draft)
    about(draft)
    ask(draft)


def beside(draft: Draft) -> None:
    """What somebody new must know, behind the answer to what they said first."""
    if draft.around.status != "bot":
        return
    if draft.is_urgent:
        # nothing may push the numbers and the one tap to a person off a phone's screen
        draft.change(owes_introduction=True, owes_language=True)
        return
    room = MOST_MESSAGES - draft.said
    if room > 1:
        about(draft)
    else:
        draft.change(owes_introduction=True)
    languages(draft)


def catch_up(draft: Draft) -> None:
    """Says who is here and asks for the language, if that was left out for something more urgent."""
    if draft.hands_over:
        return
    if draft.state.owes_introduction and draft.around.status == "bot" and draft.said < MOST_MESSAGES - 1:
        about(draft)
        if draft.state.owes_language:
            languages(draft)


def again(draft: Draft) -> None:
    """/start of somebody known."""
    if draft.around.status == "bot":
        draft.change(pending=None)
        about(draft)
        ask(draft)
    else:
        draft.tell(Message(draft.text("welcome.resumed"), keyboard=draft.keyboard()))


def about(draft: Draft) -> None:
    """Who is here, what is stored, how to leave; with the keyboard that stays."""
    draft.change(owes_introduction=False)
    draft.tell(Message(draft.text("welcome.about"), keyboard=draft.keyboard()))


def ask(draft: Draft) -> None:
    """The open question, and the menu."""
    draft.say("welcome.ask", *draft.menu())


def menu(draft: Draft) -> None:
    """The menu."""
    draft.tell(Message(draft.content.menu(draft.language).text, draft.menu()))


def languages(draft: Draft) -> None:
    """Which language? Asked in each of those that are offered, so that anybody can read it."""
    draft.change(owes_language=False)
    offered = draft.content.offered
    lines = (draft.content.text("language.choose", language) for language in offered)
    draft.tell(Message("\n".join(lines), language_buttons(draft.content, *offered)))


def language_buttons(content: Content, *languages: str) -> Rows:
    """A button for each language, in its own name."""
    return tuple((Button(content.languages[language].name, f"lang:{language}"),) for language in languages)


def choose(draft: Draft, language: str) -> bool:
    """The person chose a language; False if it is none of ours.

    What was asked or answered last in another language comes once more in this one.
    """
    if language not in draft.content.offered:
        return False
    changed = language != draft.state.language
    draft.change(language=language, suggested=True)
    draft.do(SetLanguage(language))
    state = draft.state
    asked = state.pending in _ASKED_AGAIN
    if draft.around.status == "bot" and not asked and state.topic is None:
        if changed or state.owes_introduction:
            about(draft)
        ask(draft)
        return True
    if draft.around.status == "bot" and not asked and changed:
        about(draft)
    else:
        draft.tell(Message(draft.text("language.set"), keyboard=draft.keyboard()))
    if draft.around.status == "bot" and changed:
        draft.onward = state.pending if asked else state.topic
    return True
