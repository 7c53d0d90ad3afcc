"""What was pressed or commanded, and which topic it belongs to. A button may be days old: it never fails."""

from __future__ import annotations

from bot.dialogue import (
    answers,
    consent,
    core_texts,
    leaving,
    municipalities,
    place,
    quiet,
    risk,
    screening,
    waiting,
    welcome,
)
from bot.dialogue.draft import Draft
from bot.dialogue.effects import OfferAgain


def button(draft: Draft, value: str) -> None:
    """Does what a button says; one that says nothing any more leads to the menu."""
    kind, _, rest = value.partition(":")
    speakable = not draft.content.is_core(draft.language) or core_texts.has_words_for(kind, rest)
    if not speakable or not _known(draft, kind, rest):
        draft.say("menu.old_button", *draft.menu())


def _known(draft: Draft, kind: str, rest: str) -> bool:
    match kind:
        case "do":
            return _action(draft, rest)
        case "intent":
            return answers.pressed(draft, rest)
        case "lang":
            return welcome.choose(draft, rest)
        case "place":
            return _place(draft, rest)
        case "list":
            return municipalities.pressed(draft, rest)
        case "side":
            return place.choose_side(draft, rest)
        case "screen":
            return screening.pressed(draft, rest)
        case "consent":
            return consent.pressed(draft, rest)
        case "forget":
            return _forget(draft, rest)
        case "hours":
            return quiet.pressed_hours(draft, rest)
        case "sign":
            return quiet.pressed_sign(draft, rest)
        case "later":
            return quiet.pressed_later(draft, rest)
        case _:
            return False


def _action(draft: Draft, name: str) -> bool:
    match name:
        case "menu":
            welcome.menu(draft)
        case "counsellor":
            consent.person(draft)
        case "screening":
            screening.start(draft)
        case _ if name.startswith("screening:"):
            return screening.start(draft, name.removeprefix("screening:"))
        case "place":
            place.ask(draft, after=draft.state.topic)
        case "list":
            municipalities.sides(draft)
        case "hide":
            answers.answer(draft, "ask_hide_chat")
        case "language":
            welcome.languages(draft)
        case "exit":
            leaving.leave(draft)
        case "forget":
            leaving.ask_forget(draft)
        case "again":
            draft.do(OfferAgain())
            draft.say("again.done")
        case "stay":
            waiting.stay(draft)
        case "both_sides":
            answers.both_sides(draft, matter=True)
        case "one_side":
            answers.both_sides(draft, matter=False)
        case "discreet":
            quiet.start(draft)
        case "discreet_new":
            quiet.ask_hours(draft)
        case "discreet_off":
            quiet.end(draft)
        case "later":
            quiet.ask_later(draft)
        case "safe":
            risk.safe(draft)
        case "none":
            answers.none_of_these(draft)
        case _:
            return False
    return True


def _place(draft: Draft, rest: str) -> bool:
    if rest == "no":
        place.no(draft)
        return True
    return place.choose(draft, rest)


def _forget(draft: Draft, rest: str) -> bool:
    if rest == "yes":
        leaving.forget(draft)
    elif rest == "no":
        leaving.keep(draft)
    else:
        return False
    return True


def command(draft: Draft, name: str) -> None:
    """Does what a command says."""
    match name:
        case "start":
            welcome.again(draft)
        case "menu" | "help":
            welcome.menu(draft)
        case "person":
            consent.person(draft)
        case "language":
            welcome.languages(draft)
        case "place":
            place.ask(draft, after=draft.state.topic)
        case "privacy":
            rows = (draft.button("discreet", "do:discreet"), draft.button("forget", "do:forget"))
            draft.say("privacy.text", *rows, draft.button("menu", "do:menu"))
        case "quiet":
            quiet.start(draft)
        case "exit":
            leaving.leave(draft)
        case "forget":
            leaving.ask_forget(draft)
        case _:
            draft.say("menu.unknown_command", *draft.menu())
