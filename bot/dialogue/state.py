"""What the bot remembers of a conversation until a counsellor takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Literal, get_args

from nlu_data.judgement import LEVELS

Pending = Literal["place", "screening", "consent", "emergency", "forget", "meant", "hours", "sign", "later"]
SIDES: Final = ("serbia", "kosovo", "abroad")


@dataclass(frozen=True, slots=True)
class State:
    """Where the dialogue stands. Everything has a value that an empty beginning can live with.

    `both_sides`: what it is about (papers, courts, family) lies on both sides, wherever the person is. `pending`: the
    question that waits for an answer. `after_place`: what the place was asked for (consent or an
    intent to answer again). `offered`: the organisations whose consent message was shown. `answers`: screening,
    (question, value); `instrument`: the questions that were asked last. `topic`: the intent answered last. `meant`: the
    best guess of "did you mean".
    `promised_at`: ISO 8601. `hours`: the safe hours, while the sign is asked for. `owes_introduction`: who is here was
    left out, because something was more urgent; `owes_language`: so was the question for the language. `flood_alarmed`:
    the emergency numbers were shown since so many messages came at once.
    """

    language: str | None = None
    level: str = "none"
    reasons: tuple[str, ...] = ()
    pending: str | None = None
    reasked: bool = False
    side: str | None = None
    municipality: str | None = None
    both_sides: bool = False
    place_asked: bool = False
    candidates: tuple[str, ...] = ()
    after_place: str | None = None
    wish: str | None = None
    offered: tuple[str, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    instrument: str | None = None
    topic: str | None = None
    meant: str | None = None
    misses: int = 0
    owes_introduction: bool = False
    owes_language: bool = False
    suggested: bool = False
    flood_alarmed: bool = False
    organisation: str | None = None
    promised_at: str | None = None
    hours: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The state as plain JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> State:
        """The state of plain JSON. What an older or newer version kept and this one can't read is left out."""
        values = {}
        for each in fields(cls):
            value = _read(each.name, kept.get(each.name))
            if value is not None:
                values[each.name] = value
        return cls(**values)


_TEXTS: Final = {"reasons", "candidates", "offered"}
_FLAGS: Final = {
    *("both_sides", "reasked", "place_asked", "owes_introduction", "owes_language", "suggested"),
    "flood_alarmed",
}


def _read(name: str, value: Any) -> Any:
    """The value as the field holds it, None if it can't be one."""
    if name == "answers":
        pairs = value if isinstance(value, list | tuple) else ()
        return tuple((str(one[0]), str(one[1])) for one in pairs if isinstance(one, list | tuple) and len(one) == 2)
    if name in _TEXTS:
        return tuple(str(one) for one in value) if isinstance(value, list | tuple) else None
    if name in _FLAGS:
        return value if isinstance(value, bool) else None
    if name == "misses":
        return value if isinstance(value, int) and not isinstance(value, bool) else None
    if name == "side":
        return value if value in SIDES else None
    if name == "level":
        return value if value in LEVELS else None
    if name == "pending":
        return value if value in get_args(Pending) else None
    return value if isinstance(value, str) else None
