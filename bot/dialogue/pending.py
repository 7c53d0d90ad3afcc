"""The question that waits for an answer, and who reads the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from bot.dialogue import answers, consent, leaving, place, quiet, screening
from bot.dialogue.draft import Draft
from bot.dialogue.events import Heard

Reads = Callable[[Draft, str, Heard], bool]


_READERS: Final[Mapping[str, Reads]] = {
    "place": place.read,
    "screening": screening.read,
    "consent": consent.read,
    "emergency": consent.read,
    "forget": leaving.read,
    "meant": answers.read,
    "hours": quiet.read_hours,
    "sign": quiet.read_sign,
    "later": quiet.read_later,
}


def read(draft: Draft, text: str, heard: Heard) -> bool:
    """Whether the text was an answer to the question that waits, and was taken as one."""
    reader = _READERS.get(draft.state.pending or "")
    return reader is not None and reader(draft, text, heard)


def let_go(draft: Draft) -> str | None:
    """Lets the question that waits go, since the text is about something else. A later "yes" is not for it."""
    asked = draft.state.pending
    draft.change(pending=None)
    return asked


def ask_again(draft: Draft, asked: str | None) -> None:
    """Asks once more for the place or the screening's answer, and once only: free text is never wrong."""
    if asked not in {"place", "screening"} or draft.state.reasked or draft.state.pending not in {None, "meant"}:
        return
    draft.change(pending=asked, reasked=True)
    if asked == "place":
        place.again(draft)
    else:
        screening.go_on(draft)
