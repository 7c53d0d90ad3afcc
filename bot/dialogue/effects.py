"""What a step of the dialogue wants done. `bot/turn.py` makes it true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.dialogue.discretion import Discretion
from responses.message import Message


@dataclass(frozen=True, slots=True)
class Say:
    """Say something, at a certain time perhaps.

    `urgent`: it overtakes. `essential`: safety hangs on it, so better twice than never.
    """

    message: Message
    urgent: bool = False
    essential: bool = False
    while_paused: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeleteRecent:
    """Delete what Telegram lets a bot delete, on both sides."""


@dataclass(frozen=True, slots=True)
class DeleteHeard:
    """Delete what the person has just sent: it has their sign in it."""


@dataclass(frozen=True, slots=True)
class SetDiscretion:
    """When the person may be written to, from now on."""

    discretion: Discretion


@dataclass(frozen=True, slots=True)
class Pause:
    """From now on nothing is said."""


@dataclass(frozen=True, slots=True)
class Resume:
    """The person is back; the bot may speak."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Destroy all that is known of the person."""


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """The person's language from now on."""

    language: str


@dataclass(frozen=True, slots=True)
class SetLevel:
    """The risk rose to this level."""

    level: str


@dataclass(frozen=True, slots=True)
class RequestHandoff:
    """The person said yes: let this organisation read, with what was written before or from now on only.

    `promised_at`: the time that the person was told, None if none could be promised.
    """

    organisation: str
    with_history: bool
    note: Mapping[str, Any] = field(default_factory=dict)
    promised_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LeftQuickly:
    """The person left by /exit: the desk shows it."""


@dataclass(frozen=True, slots=True)
class Alarmed:
    """The emergency message waits for a yes: who falls silent now is seen by those on duty."""


@dataclass(frozen=True, slots=True)
class Calmed:
    """The person says that there is no danger: silence means nothing any more."""


@dataclass(frozen=True, slots=True)
class OfferAgain:
    """Send once more what perhaps never arrived; the person asked for it."""


Effect = (
    Say
    | DeleteRecent
    | DeleteHeard
    | SetDiscretion
    | Pause
    | Resume
    | Forget
    | SetLanguage
    | SetLevel
    | RequestHandoff
    | LeftQuickly
    | Alarmed
    | Calmed
    | OfferAgain
)
