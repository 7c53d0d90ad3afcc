"""What led to a level, and what a counsellor learns at the handover, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from responses import screening
from responses.languages import NAMES
from tests.dialogue.scene import content

LEVELS: Final = {
    "none": "no sign of danger so far",
    "elevated": "elevated",
    "high": "high",
    "immediate": "immediate: it may be a matter of now",
}
_CONSENT: Final = {
    "history": "yes, with everything that was written here",
    "fresh": "yes, but only from now on: nothing of what was written before can be opened",
}
_SIDES: Final = {"serbia": "Serbia", "kosovo": "Kosovo*", "abroad": "another country"}
_LEXICON: Final = {"en": "English", "sq": "Albanian", "sr": "Serbian"}


def in_words(code: str) -> str:
    """A reason's code as a sentence; the code itself where it is of a kind that this page does not know."""
    kind, _, rest = code.partition(":")
    match kind:
        case "lexicon":
            language, topic, rule = rest.partition("@")[0].split("/")
            return f"a rule of danger ({_LEXICON.get(language, language)}): {topic}, {rule.replace('-', ' ')}"
        case "nlu":
            intent, _, confidence = rest.rpartition(":")
            return f"understood as “{_label(intent)}”, {float(confidence):.0%} sure"
        case "pressed":
            return f"pressed the button “{_label(rest)}”"
        case "screening":
            return f"answered: {_answered(rest)}"
        case _:
            return code


def _label(intent: str) -> str:
    return content().label(intent, "en") if intent in content().intents else intent


def _answered(rest: str) -> str:
    key, _, value = rest.partition("=")
    found = screening.in_words(content().instruments, key, value, "en")
    return rest if found is None else f"“{found[0]}” – {found[1] or 'skipped'}"


def seen(note: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The handover's note as lines: what, and what stands there."""
    places = content().places
    where = _SIDES.get(note["side"] or "", "not known")
    if note["municipality"]:
        where = f"{places.name(note['municipality'], 'en')}, {where}"
    lines = [
        ("Consent", _CONSENT[note["consent"]]),
        ("Urgency", LEVELS[note["level"]]),
        ("Because", "; ".join(map(in_words, note["reasons"])) or "nothing was noted"),
        ("Where they are", where),
        ("Language", NAMES.get(note["language"], note["language"])),
    ]
    if note.get("both_sides"):
        lines.append(("The matter", "lies on both sides"))
    if note["wish"]:
        lines.append(("Own wish", f"{content().organisation(note['wish'], 'en')}, whatever the place"))
    if note["screening"]:
        answers = "; ".join(_answered(f"{key}={value}") for key, value in note["screening"])
        lines.append(("Answers to the questions", answers))
    return lines
