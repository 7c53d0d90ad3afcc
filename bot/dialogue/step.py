"""One step of the dialogue: a state and an event in, the next state and the effects out. Pure; never raises."""

from __future__ import annotations

from bot.dialogue import (
    answers,
    consent,
    flood,
    free_text,
    paused,
    place,
    pressed,
    risk,
    screening,
    talking,
    tongue,
    unreadable,
    waiting,
    welcome,
)
from bot.dialogue.draft import Draft
from bot.dialogue.effects import Effect, SetLanguage
from bot.dialogue.events import (
    Blocked,
    Closed,
    Command,
    ContactOffered,
    Edited,
    Event,
    GaveBack,
    Heard,
    Located,
    Own,
    Pressed,
    PromiseMissed,
    Sent,
    Took,
    Unblocked,
    Wrote,
)
from bot.dialogue.state import State
from bot.dialogue.surroundings import Surroundings
from nlu_data import judgement
from responses.content import Content


def step(state: State, event: Event, content: Content, around: Surroundings) -> tuple[State, tuple[Effect, ...]]:
    """What the conversation is after the event, and what is to be done about it."""
    draft = Draft(state, content, around)
    if around.paused:
        paused.heard(draft, event)
    elif isinstance(event, Own):
        _by_the_person(draft, event)
    else:
        _by_others(draft, event)
    return draft.state, tuple(draft.effects)


def _by_the_person(draft: Draft, event: Own) -> None:
    new = draft.state.language is None
    if new:
        language = _first_language(draft, event)
        draft.change(language=language, owes_introduction=True)
        draft.do(SetLanguage(language))
    if new and _only_says_hello(event):
        welcome.first(draft)
        return
    _handle(draft, event)
    _go_on(draft)
    if draft.is_over:
        return
    if new and not _chooses_language(draft, event):
        welcome.beside(draft)
    elif not draft.is_urgent:
        welcome.catch_up(draft)
        if draft.around.missed and not _asks_again(event):
            draft.say("again.offer", draft.button("again", "do:again"))


def _first_language(draft: Draft, event: Own) -> str:
    offered = [draft.content.languages[one] for one in draft.content.offered]
    match event:
        case Wrote(text=text, heard=heard) | Edited(text=text, heard=heard) | Sent(text=text, heard=heard):
            return tongue.first(text, heard, event.hint, offered)
        case _:
            return tongue.first("", Heard(), event.hint, offered)


def _only_says_hello(event: Own) -> bool:
    match event:
        case Command(name="start" | "menu" | "help" | "language"):
            return True
        case Wrote(heard=Heard(guesses=((str(intent), float(confidence)), *_), alarms=())):
            return intent == "greet" and confidence >= judgement.MEANT_FROM
        case _:
            return False


def _chooses_language(draft: Draft, event: Own) -> bool:
    return isinstance(event, Pressed) and event.value.removeprefix("lang:") in draft.content.offered


def _asks_again(event: Own) -> bool:
    return isinstance(event, Pressed) and event.value == "do:again"


def _handle(draft: Draft, event: Own) -> None:
    taken = draft.around.status == "taken"
    match event:
        case _ if flood.holds(draft, event):
            pass
        case Wrote() if taken:
            talking.wrote(draft, event)
        case Wrote():
            free_text.wrote(draft, event)
        case Edited() if taken:
            talking.wrote(draft, event)
        case Edited():
            free_text.edited(draft, event)
        case Command():
            _command(draft, event)
        case Pressed():
            pressed.button(draft, event.value)
        case Located():
            place.located(draft, event)
            unreadable.beside_position(draft, event)
        case Sent():
            unreadable.sent(draft, event)


def _command(draft: Draft, event: Command) -> None:
    """Words behind a command are no part of it; but where they say danger, they are answered instead."""
    danger = any(alarm.level == "immediate" for alarm in event.heard.alarms)
    if not danger or event.name in {"exit", "forget"}:
        risk.heard(draft, event.heard)
        pressed.command(draft, event.name)
    elif draft.around.status == "taken":
        talking.wrote(draft, Wrote(event.argument, event.heard))
    else:
        free_text.wrote(draft, Wrote(event.argument, event.heard))


def _go_on(draft: Draft) -> None:
    """What the place was asked for, or was said in another language, comes in this same step."""
    onward, draft.onward = draft.onward, None
    match onward:
        case "consent":
            consent.show(draft)
        case "emergency":
            risk.emergency(draft, None)
        case "place":
            place.again(draft)
        case "screening":
            screening.go_on(draft)
        case _ if onward in draft.content.intents:
            answers.answer(draft, str(onward))


def _by_others(
    draft: Draft, event: Took | GaveBack | Closed | PromiseMissed | ContactOffered | Blocked | Unblocked
) -> None:
    match event:
        case Took():
            talking.began(draft)
        case GaveBack():
            talking.given_back(draft)
        case Closed():
            talking.ended(draft)
        case PromiseMissed():
            waiting.missed(draft)
        case ContactOffered(organisation=organisation):
            consent.contact(draft, organisation)
        case Blocked() | Unblocked():
            pass  # who comes back is not written to first
