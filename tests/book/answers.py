"""The curated answers as pages: one for each group, with what is said in each place."""

from __future__ import annotations

from typing import Final

from bot.dialogue import events
from bot.dialogue.effects import Say
from bot.dialogue.state import State
from bot.dialogue.step import step
from responses.answers import Answer
from responses.languages import NAMES
from responses.message import Message
from tests.book import page
from tests.book.paths import LANGUAGES
from tests.dialogue.scene import Scene, content

TITLES: Final = {
    "exploitation": "Answers: exploitation",
    "legal": "Answers: reporting, rights, papers, offices",
    "risk": "Answers: danger",
    "services": "Answers: help and services",
    "talk": "Answers: talk",
    "violence": "Answers: violence",
}
_ACROSS: Final = "across"
_PLACES: Final[dict[str | None, str]] = {
    None: "place unknown",
    **{"serbia": "Serbia", "kosovo": "Kosovo*", "abroad": "another country", _ACROSS: "both sides (across the line)"},
}


def groups() -> tuple[str, ...]:
    """The groups of answers."""
    return tuple(sorted(set(content().groups.values())))


def of_group(group: str) -> str:
    """The page of a group: each answer in each language and place."""
    found = [one for one in content().answers.values() if one.group == group]
    about = (
        "What is said when somebody presses a button with this name, by where they are. "
        "Where a place is not named apart, the same is said in several."
    )
    parts = [page.MADE, f"# {TITLES.get(group, f'Answers: {group}')}", about, page.languages()]
    for language in LANGUAGES:
        parts.append(f'<a id="{language}"></a>\n\n## {NAMES[language]}')
        for answer in found:
            parts += [f"### {page.escaped(answer.label(language))}", _standing(answer)]
            parts += _by_place(answer, language)
    parts += ["---", "[All paths](README.md)", page.FOOTNOTE]
    return "\n\n".join(parts) + "\n"


def _standing(answer: Answer) -> str:
    checked = "facts not checked yet" if answer.checked is None else f"facts checked on {answer.checked}"
    missing = ", ".join(answer.reviewed.missing)
    reviewed = f"not yet reviewed: {missing}" if missing else "reviewed by native speakers and a lawyer"
    sources = page.escaped("; ".join(one.what for one in answer.sources)) or "none"
    return f"`{answer.intent}` · {checked} · {reviewed} · sources: {sources}"


def _by_place(answer: Answer, language: str) -> list[str]:
    """What is said, once for all places in which it is the same."""
    said: dict[tuple[Message, ...], list[str]] = {}
    for side, name in _PLACES.items():
        said.setdefault(spoken(answer.intent, language, side), []).append(name)
    parts = []
    for messages, places in said.items():
        parts.append(f"*{page.escaped('everywhere' if len(said) == 1 else ', '.join(places))}:*")
        parts += map(page.bot_says, messages)
    return parts


def spoken(intent: str, language: str, side: str | None) -> tuple[Message, ...]:
    """What the bot says when the button of an intent is pressed by somebody in this place ("across": both sides)."""
    across = side == _ACROSS
    state = State(language=language, side=None if across else side, place_asked=True, both_sides=across, suggested=True)
    _, done = step(state, events.Pressed(f"intent:{intent}", language), content(), Scene(hint=language).around)
    return tuple(one.message for one in done if isinstance(one, Say))
