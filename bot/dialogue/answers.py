"""One curated answer to what was meant. Nothing is ever generated."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.dialogue import consent, leaving, risk, welcome, words
from bot.dialogue.draft import Draft
from bot.dialogue.events import Heard
from nlu_data import judgement
from responses import centres
from responses.centres import Centre
from responses.message import Message
from responses.resources import ABROAD, SIDES
from responses.script import to_cyrillic

ACROSS: Final = "across"
CENTRES: Final = "ask_social_work_centre"


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
            if draft.content.has_answer(intent, draft.language):
                _tell(draft, intent)
            else:
                draft.tell(draft.content.answer(intent, draft.language, draft.state.side))


def both_sides(draft: Draft, *, matter: bool) -> None:
    """What it is about lies on both sides, or on one only: the last topic is answered anew."""
    draft.change(both_sides=matter)
    topic = draft.state.topic
    if topic in draft.content.intents:
        answer(draft, str(topic))
    else:
        welcome.menu(draft)


def _tell(draft: Draft, intent: str) -> None:
    """Says the answer; after the one about centres for social work what is known of those of the person's own place."""
    message = _by_place(draft, intent)
    municipality = draft.state.municipality
    rows = draft.content.centres.of(municipality) if municipality and intent == CENTRES else ()
    if not municipality or not rows:
        draft.tell(message)
        return
    heading = draft.text("centre.heading", place=draft.content.places.name(municipality, draft.language))
    known = "\n\n".join((heading, *(centre(draft, row) for row in rows)))
    draft.tell(Message(message.text))
    draft.tell(Message(known, message.buttons))  # below the last message, where they are in sight


def centre(draft: Draft, row: Centre) -> str:
    """What is known today of a centre for social work, in a few words; what isn't known is said, too."""
    places, language = draft.content.places, draft.language
    name = row.name(language) or draft.text("centre.name", place=places.name(row.municipality, language))
    title = draft.text("centre.line", name=name, system=draft.text(f"side.{row.system}"))
    year = (row.page and row.page.year) or ""
    seat = places.name(row.seat or row.municipality, language)
    match row.status_on(draft.around.now.date()):
        case centres.WORKS if year:
            lines = [draft.text("centre.works", year=year, seat=seat)]
        case centres.WORKS:
            lines = [draft.text("centre.works_undated", seat=seat)]
        case centres.RELOCATED:
            lines = [draft.text("centre.relocated", year=year, seat=seat)]
        case centres.CLOSED:
            return "\n".join((title, draft.text("centre.closed", year=year)))
        case _:
            return "\n".join((title, draft.text("centre.not_known")))
    address = to_cyrillic(row.address) if row.address and language == "sr-Cyrl" else row.address
    lines.append(draft.text("centre.address", known=address) if address else draft.text("centre.no_address"))
    lines.append(draft.text("centre.phone", known=row.phone) if row.phone else draft.text("centre.no_phone"))
    return "\n".join((title, *lines))


def _by_place(draft: Draft, intent: str) -> Message:
    """The answer for where the person is, or for both sides; with the way to the other of these two."""
    found = draft.content.answers[intent]
    both = ACROSS in found.where and draft.state.both_sides and draft.state.side != ABROAD
    side = ACROSS if both else draft.state.side
    message = draft.content.answer(intent, draft.language, side)
    if ACROSS not in found.where or draft.state.side not in SIDES:
        return message
    switch = draft.button("one_side", "do:one_side") if both else draft.button("both_sides", "do:both_sides")
    return replace(message, buttons=(switch, *message.buttons))


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
