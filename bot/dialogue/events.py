"""What can happen in a conversation, as the inbox keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nlu_data.lexicon import Alarm


@dataclass(frozen=True, slots=True)
class Heard:
    """What a text was understood as: guesses (intent, confidence), best first, and the lexicon's alarms.

    `guesses` is None when nothing could be asked (NLU down).
    """

    guesses: tuple[tuple[str, float], ...] | None = None
    alarms: tuple[Alarm, ...] = ()


@dataclass(frozen=True, slots=True)
class Wrote:
    """The person wrote a text. `rush`: "first" or "more" where it is one too many in a short time, else nothing."""

    text: str
    heard: Heard = Heard()
    hint: str | None = None
    rush: str = ""


@dataclass(frozen=True, slots=True)
class Edited:
    """The person changed a text that they had written. `rush` as of `Wrote`."""

    text: str
    heard: Heard = Heard()
    hint: str | None = None
    rush: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """The person sent a command: /name argument. `heard`: what the argument was understood as; `rush` as of `Wrote`."""

    name: str
    argument: str = ""
    hint: str | None = None
    heard: Heard = Heard()
    rush: str = ""


@dataclass(frozen=True, slots=True)
class Pressed:
    """The person pressed a button, perhaps one that is days old. `again`: the same one as a moment ago."""

    value: str
    hint: str | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Located:
    """The person shared a position, of which only the nearest places were kept (best first).

    `live`: Telegram goes on sharing it as it moves. `rush` as of `Wrote`.
    """

    places: tuple[str, ...] = ()
    near_line: bool = False
    hint: str | None = None
    live: bool = False
    rush: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """The person sent something that is no text; `text` is what stood under it.

    `more`: it belongs to an album of which something came already. `rush` as of `Wrote`.
    """

    kind: str
    text: str = ""
    heard: Heard = Heard()
    hint: str | None = None
    more: bool = False
    rush: str = ""


@dataclass(frozen=True, slots=True)
class Blocked:
    """The person blocked the bot."""

    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Unblocked:
    """The person lets the bot write again."""

    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Took:
    """A counsellor took the conversation."""


@dataclass(frozen=True, slots=True)
class GaveBack:
    """A counsellor put the conversation back into the queue."""


@dataclass(frozen=True, slots=True)
class Closed:
    """A counsellor closed the conversation."""


@dataclass(frozen=True, slots=True)
class PromiseMissed:
    """The time by which an answer was promised went by."""


@dataclass(frozen=True, slots=True)
class ContactOffered:
    """A counsellor of this organisation (its code) is there for somebody who fell silent in an emergency."""

    organisation: str


Own = Wrote | Edited | Command | Pressed | Located | Sent
Event = Own | Blocked | Unblocked | Took | GaveBack | Closed | PromiseMissed | ContactOffered


def from_json(payload: Mapping[str, Any], heard: Heard | None = None) -> Event:
    """The event of an inbox payload; keys that are not known are passed over. ValueError if it is none."""
    hint = payload.get("hint")
    hint = hint if isinstance(hint, str) else None
    heard = heard or Heard()
    rush = str(payload.get("rush") or "")
    match payload.get("type"):
        case "wrote":
            return Wrote(str(payload.get("text", "")), heard, hint, rush)
        case "edited":
            return Edited(str(payload.get("text", "")), heard, hint, rush)
        case "command":
            return Command(str(payload.get("name", "")), str(payload.get("argument") or ""), hint, heard, rush)
        case "pressed":
            return Pressed(str(payload.get("value", "")), hint, payload.get("again") is True)
        case "located":
            places = tuple(str(place) for place in payload.get("places") or ())
            return Located(places, bool(payload.get("near_line")), hint, payload.get("live") is True, rush)
        case "sent":
            more = payload.get("album") is True
            return Sent(str(payload.get("kind", "other")), str(payload.get("text") or ""), heard, hint, more, rush)
        case "blocked":
            return Blocked(hint)
        case "unblocked":
            return Unblocked(hint)
        case "took":
            return Took()
        case "gave_back":
            return GaveBack()
        case "closed":
            return Closed()
        case "promise_missed":
            return PromiseMissed()
        case "contact_offered":
            return ContactOffered(str(payload.get("organisation", "")))
        case other:
            raise ValueError(f"not an event: {other!r}")
