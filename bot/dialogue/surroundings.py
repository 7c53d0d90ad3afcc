"""What a step of the dialogue may know of the world around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.dialogue.discretion import NONE, Discretion


class Duty(Protocol):
    """Whether an organisation answers now, and when the next counsellor starts if not."""

    @property
    def now(self) -> bool: ...

    @property
    def next_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The world at the time of one event.

    `duty`: each organisation that can be asked, by code; `ahead`: how many wait there already. `status`: bot,
    waiting or taken. `missed`: something the bot said perhaps never arrived. `language` and `level` are what the
    tables say of person and conversation: the state is wiped when a counsellor takes over, they are not.
    """

    now: datetime
    duty: Mapping[str, Duty] = field(default_factory=dict)
    ahead: Mapping[str, int] = field(default_factory=dict)
    status: str = "bot"
    paused: bool = False
    missed: bool = False
    language: str | None = None
    level: str = "none"
    discretion: Discretion = NONE
