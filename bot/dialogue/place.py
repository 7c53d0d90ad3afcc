"""Where the person is now. Asked once, never forced; what was understood is always confirmed."""

from __future__ import annotations

from typing import Final

from bot.dialogue import words
from bot.dialogue.draft import Draft, Rows
from bot.dialogue.events import Heard, Located
from bot.dialogue.state import SIDES
from nlu_data import judgement
from responses.message import Button, Message

CONSENT: Final = "consent"
EMERGENCY: Final = "emergency"
SKIP: Final = "skip"
MAX_CHOICES: Final = 5
_SHORT: Final = 4
_CLEARLY_ELSE: Final = 0.6


def ask(draft: Draft, after: str | None = None) -> None:
    """Asks where the person is; `after` is what to go on with: consent, or an intent to answer again."""
    if draft.around.status == "taken":
        draft.say("talking.here")
        return
    after = _after(draft) or after
    draft.change(pending="place", reasked=False, place_asked=True, candidates=(), after_place=after)
    draft.say("place.ask", *_side_buttons(draft))


def again(draft: Draft) -> None:
    """The same question once more, after something else was answered."""
    draft.say("place.ask", *_side_buttons(draft))


def read(draft: Draft, text: str, heard: Heard) -> bool:
    """Reads a text as an answer; False if it is about something else."""
    if heard.alarms:
        return False
    if words.count(text) <= _SHORT and named(draft, text):
        return True  # before any meaning: a bare name of a place looks like anything to the NLU
    answer = words.yes_or_no(draft.content, text, heard)
    if answer is not None:
        if answer and draft.state.candidates:
            choose(draft, draft.state.candidates[0])
        elif draft.state.candidates:
            no(draft)
        elif answer:
            draft.say("place.unknown", *_side_buttons(draft))
        else:
            choose_side(draft, SKIP)
        return True
    guesses = heard.guesses or ()
    understood = guesses[0] if guesses else None
    if understood is not None and understood[1] >= _CLEARLY_ELSE and words.count(text) > _SHORT:
        return False
    if named(draft, text):
        return True
    if understood is not None and understood[1] >= judgement.MEANT_FROM:
        return False
    if draft.state.reasked:
        choose_side(draft, SKIP)  # twice is enough: the way goes on without a place
        return True
    draft.change(reasked=True)
    draft.say("place.unknown", *_side_buttons(draft))
    return True


def named(draft: Draft, text: str) -> bool:
    """Takes up a place that a text names, asked for or not; False if it names none."""
    side = words.side(draft.content, text)
    if side is not None:
        choose_side(draft, side)
        return True
    found = draft.content.places.find(text)
    if found:
        _confirm(draft, tuple(place.id for place in found))
    return bool(found)


def located(draft: Draft, event: Located) -> None:
    """The person shared a position."""
    if draft.around.status == "taken":
        draft.say("talking.only_text")
        return
    after = _after(draft)
    places = tuple(one for one in event.places if draft.content.places.get(one) is not None)
    draft.change(pending="place", reasked=False, place_asked=True, after_place=after, candidates=places[:MAX_CHOICES])
    if not places:
        draft.say("place.unknown", *_side_buttons(draft))
    elif event.near_line:
        draft.say("place.which_side", *_side_buttons(draft))
    else:
        _confirm(draft, places[:1])


def choose(draft: Draft, place_id: str) -> bool:
    """Takes a place as the person's; False if there is no such place."""
    place = draft.content.places.get(place_id)
    if place is None:
        return False
    if draft.around.status == "taken":
        draft.say("talking.here")
        return True
    draft.change(side=place.side, municipality=place.id)
    name = draft.content.places.name(place.id, draft.language)
    _go_on(draft, draft.text("place.noted", place=name, side=draft.text(f"side.{place.side}")))
    return True


def choose_side(draft: Draft, side: str) -> bool:
    """Takes a side as the person's, or goes on without one; False if it is none that we know."""
    if side not in (*SIDES, SKIP):
        return False
    if draft.around.status == "taken":
        draft.say("talking.here")
        return True
    if side == SKIP:
        _go_on(draft, draft.text("place.skipped"))
        return True
    near = (draft.content.places.get(one) for one in draft.state.candidates)
    place = next((one for one in near if one is not None and one.side == side), None)
    if place is not None:
        return choose(draft, place.id)
    draft.change(side=side, municipality=None)
    _go_on(draft, draft.text("place.noted_side", side=draft.text(f"side.{side}")))
    return True


def no(draft: Draft) -> None:
    """What was understood is not right."""
    if draft.around.status == "taken":
        draft.say("talking.here")
        return
    draft.change(pending="place", candidates=(), reasked=True)
    draft.say("place.unknown", *_side_buttons(draft))


def _after(draft: Draft) -> str | None:
    """What waits behind the place already: who is on the way to a person stays on it."""
    if draft.state.pending == "consent":
        return CONSENT
    return draft.state.after_place if draft.state.pending == "place" else None


def _confirm(draft: Draft, ids: tuple[str, ...]) -> None:
    draft.change(pending="place", candidates=ids[:MAX_CHOICES])
    decline = draft.button("no", "place:no")
    if len(ids) > 1:
        several = tuple((Button(_full_name(draft, one), f"place:{one}"),) for one in ids[:MAX_CHOICES])
        draft.say("place.several", *several, draft.button("none", "place:no"))
        return
    place = draft.content.places.get(ids[0])
    if place is not None:
        name = draft.content.places.name(place.id, draft.language)
        side = draft.text(f"side.{place.side}")
        draft.say("place.confirm", draft.button("yes", f"place:{place.id}"), decline, place=name, side=side)


def _go_on(draft: Draft, noted: str) -> None:
    """Says what was noted, and leaves word of what the place was asked for."""
    after = draft.state.after_place
    draft.change(pending=None, reasked=False, candidates=(), after_place=None)
    if draft.state.level == "immediate" and draft.around.status == "bot" and after != CONSENT:
        after = EMERGENCY
    elif after != CONSENT and after not in draft.content.intents:
        draft.tell(Message(noted, draft.menu() if draft.around.status == "bot" else ()))
        return
    draft.onward = after
    draft.tell(Message(noted))


def _full_name(draft: Draft, place_id: str) -> str:
    place = draft.content.places.get(place_id)
    name = draft.content.places.name(place_id, draft.language)
    return name if place is None else f"{name}, {draft.text(f'side.{place.side}')}"


def _side_buttons(draft: Draft) -> Rows:
    sides = tuple((Button(draft.text(f"side.{side}"), f"side:{side}"),) for side in SIDES)
    return (*sides, draft.button("list", "do:list"), draft.button("skip", f"side:{SKIP}"))
