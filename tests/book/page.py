"""A path as a page of Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.dialogue import effects
from bot.dialogue.effects import Effect, Say
from responses.languages import NAMES
from responses.message import Message
from tests.book import reasons
from tests.book.paths import LANGUAGES, Path
from tests.book.telling import Told, duty_in_words, tell
from tests.dialogue.scene import content

MADE: Final = (
    "<!-- Made by `make book` from paths.yml and from what the helpline says. Change those, not this page. -->"
)
FOOTNOTE: Final = (
    "\\* References to Kosovo\\* comply with UNSCR 1244/1999 and are without prejudice to its status."
    "\n\nNo native speaker and no lawyer has reviewed these texts yet, and what the persons write is made up."
)
_MARKS: Final = re.compile(r"([\\`*_<>\[\]#|~])|^([ \t]*)([-+]|\d+(?=[.)]\s))", re.MULTILINE)


def escaped(text: str) -> str:
    """A text that Markdown shows as it is."""
    return _MARKS.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    mark, space, begins_list = found.groups()
    if mark is not None:
        return f"\\{mark}"
    return f"{space}\\{begins_list}" if begins_list in "-+" else f"{space}{begins_list}\\"


def of_path(path: Path) -> str:
    """The page of a path, in all languages."""
    parts = [MADE, f"# {escaped(path.title)}", escaped(path.about), f"*{escaped(duty_in_words(path.duty))}.*"]
    parts.append(languages())
    for language in LANGUAGES:
        parts.append(f'<a id="{language}"></a>\n\n## {NAMES[language]}')
        parts += [part for told in tell(path, language) for part in _step(told)]
    parts += ["---", "[All paths](README.md)", FOOTNOTE]
    return "\n\n".join(parts) + "\n"


def languages() -> str:
    """Links to each language's part of a page."""
    return " · ".join(f"[{NAMES[language]}](#{language})" for language in LANGUAGES)


def _step(told: Told) -> Iterator[str]:
    if not told.who:
        yield f"⏱ *{escaped(told.what)}.*"
        return
    text = "" if told.text is None else f": {_pressed(told.text)}"
    yield f"**{told.who}** {escaped(told.what)}{text}"
    if told.reasons:
        yield f"*Noted for a counsellor: {escaped('; '.join(map(reasons.in_words, told.reasons)))}.*"
    for effect in told.done:
        if isinstance(effect, Say):
            yield bot_says(effect.message, "" if effect.at is None else " (later, at that time)")
        elif words := _done(effect):
            yield f"*{escaped(words)}*"
    if not told.said and told.who == "The person":
        yield "*The bot says nothing.*"
    if told.handoff is not None:
        name = content().organisation(told.handoff.organisation, "en")
        lines = "\n".join(f"| {what} | {escaped(words)} |" for what, words in reasons.seen(told.handoff.note))
        yield f"| What the counsellor of {escaped(name)} sees | |\n|---|---|\n{lines}"


def _pressed(text: str) -> str:
    if text.startswith("[") and text.endswith("]"):
        return button(text[1:-1])
    return "“" + escaped(text).replace("\n", "<br>") + "”"


def button(label: str) -> str:
    """A button, as the book shows it."""
    return f"<kbd>{escaped(label)}</kbd>"


def bot_says(message: Message, when: str = "") -> str:
    """A message in a block of its own, with its buttons or keyboard below."""
    lines = [f"**Bot{when}:**", *(escaped(line) for line in message.text.split("\n"))]
    if message.buttons:
        lines += ["", *(" ".join(button(one.label) for one in row) for row in message.buttons)]
    if message.keyboard:
        keys = " ".join(button(key) for row in message.keyboard for key in row)
        lines += ["", f"*the keyboard that stays:* {keys}"]
    elif message.keyboard is not None:
        lines += ["", "*the keyboard goes away*"]
    quoted = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        quoted.append(f"> {line}\\" if line and following else f"> {line}".rstrip())
    return "\n".join(quoted)


def _done(effect: Effect) -> str | None:
    match effect:
        case effects.DeleteRecent():
            return "What is less than 48 hours old is deleted in the chat, on both sides."
        case effects.DeleteHeard():
            return "The message with the sign is deleted in the chat."
        case effects.Forget():
            return "Everything that was stored about the person is destroyed."
        case effects.Pause():
            return "From now on nothing is sent to the person."
        case effects.Resume():
            return "The bot may write again."
        case effects.LeftQuickly():
            return "A counsellor who has the conversation sees: left quickly."
        case effects.SetLevel(level):
            return f"The urgency rises to: {reasons.LEVELS[level]}."
        case effects.SetLanguage(language):
            return f"The language is now {NAMES[language]}."
        case effects.Alarmed():
            return "If the person falls silent now, those on duty see after a minute that somebody may be in danger."
        case effects.Calmed():
            return "Silence means nothing any more."
        case effects.OfferAgain():
            return "What perhaps never arrived is sent once more."
        case _:
            return None
