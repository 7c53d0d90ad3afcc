"""Short answers that need no NLU: the keyboard's labels, yes and no, the names of the sides."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, Literal

from bot.dialogue.events import Heard
from nlu_data.normalise import fold
from responses.content import Content

SURE: Final = 0.5
_SHORT_ANSWER: Final = 4
_MARKS: Final = re.compile(r"[^\w\s]")


def bare(text: str) -> str:
    """The text folded, without punctuation."""
    return " ".join(_MARKS.sub(" ", fold(text)).split())


def sign(text: str) -> str:
    """A safe sign as it is kept and compared: capitals, marks and spaces make no difference, a picture is itself."""
    return bare(text) or text.strip()


def count(text: str) -> int:
    """How many words a text has."""
    return len(bare(text).split())


def keyboard(content: Content, text: str) -> Literal["person", "leave"] | None:
    """Which key of the keyboard was pressed, in whichever language it was shown."""
    said = bare(text)
    if said in _all(content, "keyboard.person"):
        return "person"
    return "leave" if said in _all(content, "keyboard.leave") else None


def yes_or_no(content: Content, text: str, heard: Heard) -> bool | None:
    """Whether a text says yes or no and nothing more, in any language; None if neither."""
    if is_one_of(content, "yes", text):
        return True
    if is_one_of(content, "no", text):
        return False
    if heard.guesses and count(text) <= _SHORT_ANSWER:
        intent, confidence = heard.guesses[0]
        if confidence >= SURE and intent in {"affirm", "deny"}:
            return intent == "affirm"
    return None


def side(content: Content, text: str) -> str | None:
    """The side that a text names and nothing more."""
    return next((name for name in ("serbia", "kosovo", "abroad") if is_one_of(content, name, text)), None)


def is_one_of(content: Content, name: str, text: str) -> bool:
    """Whether the text is one of the words of a list, in any language."""
    return bare(text) in _all(content, f"words.{name}")


@cache
def _all(content: Content, key: str) -> frozenset[str]:
    """The words of a key in all languages, as `bare` makes them."""
    texts = (content.text(key, language) for language in content.texts)
    return frozenset(bare(word) for text in texts for word in text.split(","))
