"""All municipalities as a list of buttons, for who would rather press than write: side, then a range, then a name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.dialogue.draft import Draft, Rows
from nlu_data.normalise import fold
from responses.message import Button
from responses.places import Place
from responses.resources import SIDES

A_RANGE: Final = 14
_CYRILLIC: Final = "абвгдђежзијклљмнњопрстћуфхцчџш"


def sides(draft: Draft) -> None:
    """Of which side?"""
    if draft.around.status == "taken":
        draft.say("talking.here")
        return
    draft.say("place.list_side", *((Button(draft.text(f"side.{side}"), f"list:{side}"),) for side in SIDES))


def pressed(draft: Draft, rest: str) -> bool:
    """A button "list:SIDE" or "list:SIDE:RANGE"; False if it is none that we know."""
    side, _, number = rest.partition(":")
    ranges = _ranges(draft, side) if side in SIDES else []
    if not ranges or (number and not (number.isdecimal() and int(number) < len(ranges))):
        return False
    if draft.around.status == "taken":
        draft.say("talking.here")
    elif number:
        _names(draft, side, ranges[int(number)])
    else:
        labels = (f"{_name(draft, one[0])} – {_name(draft, one[-1])}" for one in ranges)
        draft.say("place.list_range", *((Button(label, f"list:{side}:{n}"),) for n, label in enumerate(labels)))
    return True


def _names(draft: Draft, side: str, places: Sequence[Place]) -> None:
    buttons = [Button(_name(draft, one), f"place:{one.id}") for one in places]
    pairs: Rows = tuple(tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2))
    draft.say("place.list_name", *pairs, draft.button("none", f"list:{side}"))


def _ranges(draft: Draft, side: str) -> list[list[Place]]:
    found = sorted((one for one in draft.content.places if one.side == side), key=lambda one: _order(draft, one))
    return [found[n : n + A_RANGE] for n in range(0, len(found), A_RANGE)]


def _order(draft: Draft, place: Place) -> tuple[object, ...]:
    """Where a name stands in the alphabet of the person's script."""
    name = _name(draft, place).lower()
    if draft.language == "sr-Cyrl":
        return tuple(_CYRILLIC.find(letter) for letter in name)
    return (fold(name),)


def _name(draft: Draft, place: Place) -> str:
    return draft.content.places.name(place.id, draft.language)
