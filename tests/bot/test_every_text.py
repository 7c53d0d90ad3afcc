"""Every text of every language and place, sent once, as it would be sent: Telegram takes it and shows it unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

import pytest

from bot.dialogue.state import SIDES
from bot.simulator import Telegram
from bot.telegram import calls
from bot.telegram.connection import Connection
from responses.content import Content
from responses.message import Button, Message
from tests.book import answers, paths, telling

LONGEST = 600
LABEL = 40


@pytest.mark.slow
async def test_telegram_takes_every_text_of_every_language_and_place(
    bot: Connection, world: Telegram, content: Content
) -> None:
    someone = world.person("en")
    someone.starts()
    sent = dict.fromkeys(
        [*of_the_catalogues(content), *of_the_answers(content), *of_the_questions(content), *of_the_book()]
    )
    for message in sent:
        await calls.send(bot, someone.id, calls.payload(message))
        shown = someone.messages[-1]
        assert shown.from_bot
        assert shown.text == message.text.strip()
        assert 0 < len(shown.text) <= LONGEST, shown.text
        labels = [button.label for row in message.buttons for button in row]
        assert [one for one in labels if one not in someone.buttons] == []
        assert all(0 < len(label) <= LABEL for label in labels)
    assert len(sent) > 2_000


def of_the_catalogues(content: Content) -> Iterator[Message]:
    """Each text of bot.po, its gaps filled with the longest that can stand there; labels as buttons."""
    for language, texts in content.texts.items():
        whole = language in paths.LANGUAGES
        spoken = language if whole else "en"
        fillings = {
            "organisation": max((one.name(spoken) for one in content.organisations.values()), key=len),
            "place": max((place.name(spoken) for place in content.places), key=len),
            "side": texts["side.kosovo"] if "side.kosovo" in texts else content.text("side.kosovo", "en"),
            "reason": max((text for key, text in texts.items() if key.startswith("routing.")), key=len, default=""),
            "lines": content.lines(spoken, None),
            "hours": "08:00–12:00",
        }
        for key, text in texts.items():
            gaps = {name for _, name, _, _ in Formatter().parse(text) if name}
            filled = text.format_map({name: fillings.get(name, "Wednesday, 08:00") for name in gaps})
            if key.startswith("words."):
                continue  # what people write, not what the bot says
            if key.partition(".")[0] in {"button", "keyboard", "side"}:
                yield Message("·", ((Button(filled, key),),))
            else:
                yield Message(filled)


def of_the_answers(content: Content) -> Iterator[Message]:
    for language in paths.LANGUAGES:
        yield content.menu(language)
        for side in (None, *SIDES):
            yield Message(content.emergency(language, side))
            yield Message(content.lines(language, side))
        for intent in sorted(content.intents):
            for side in (None, *SIDES, "across"):
                yield from answers.spoken(intent, language, side)


def of_the_questions(content: Content) -> Iterator[Message]:
    for language in paths.LANGUAGES:
        for instrument in content.instruments.values():
            for question in instrument.questions:
                rows = tuple(
                    (Button(option.label(language), instrument.button(question, option.value)),)
                    for option in question.options
                )
                yield Message(f"{question.text(language)}\n\n{question.why(language)}", rows)
            yield from (Message(instrument.words(level, language)) for level in instrument.results)


def of_the_book() -> Iterator[Message]:
    """Every message of every path, put together by the dialogue itself, with all its buttons."""
    for path in paths.load():
        for language in paths.LANGUAGES:
            for told in telling.tell(path, language):
                yield from (message for message, _ in told.said)
