"""All that the bot can say, and the data that it says it with, loaded from this folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Self

from babel.support import NullTranslations

from responses import answers, catalogue, languages, organisations, resources, source
from responses.answers import Answer
from responses.message import Button, Message
from responses.organisations import Organisation
from responses.places import Places
from responses.resources import Resource
from responses.screening import Instrument

_HERE = Path(__file__).parent
# Lines to call while waiting, in the order in which they are named.
_MEANWHILE = {
    "serbia": ("astra", "women_line_serbia", "child_line"),
    "kosovo": ("kosovo_helpline", "child_line"),
    "abroad": ("atina", "astra", "child_line"),
}
_EVERYWHERE = tuple(dict.fromkeys(_MEANWHILE["serbia"] + _MEANWHILE["kosovo"]))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Content:
    """What is said: texts by key, answers by intent, numbers by place, the questions, the places."""

    folder: Path
    answers: Mapping[str, Answer]
    resources: Mapping[str, Resource]
    organisations: Mapping[str, Organisation]
    menu_values: tuple[str, ...]
    places: Places
    screening: Instrument
    texts: Mapping[str, Mapping[str, str]]

    @classmethod
    def load(cls, folder: Path | None = None) -> Self:
        folder = folder or _HERE
        return cls(
            folder=folder,
            answers=answers.load(folder / "answers"),
            resources=resources.load(folder / "resources.yml"),
            organisations=organisations.load(folder / "organisations.yml"),
            menu_values=tuple(source.read(folder / "menu.yml")),
            places=Places.load(folder / "places.tsv", folder / "outlines.tsv"),
            screening=Instrument.load(folder / "screening" / "short.yml"),
            texts={one: catalogue.read(folder / "locale", one, "bot") for one in languages.LANGUAGES},
        )

    @property
    def intents(self) -> frozenset[str]:
        """The intents that have an answer."""
        return frozenset(self.answers)

    @property
    def groups(self) -> Mapping[str, str]:
        """The group of each intent: talk, exploitation, violence, legal, services or risk."""
        return {intent: answer.group for intent, answer in self.answers.items()}

    def text(self, key: str, language: str, **values: str) -> str:
        """The text of a key; KeyError for a key or value that is missing, so that a test finds it."""
        text = self.texts[language][key]
        return text.format_map(values) if "{" in text else text

    def label(self, intent: str, language: str) -> str:
        """What stands on a button that leads to an intent's answer."""
        return self.answers[intent].label(language)

    def answer(self, intent: str, language: str, side: str | None) -> Message:
        """The curated answer to an intent, with numbers for the place and buttons for what may come next."""
        answer = self.answers[intent]
        text = answer.text(language, side)
        names = {name for _, name, _, _ in Formatter().parse(text) if name}
        shown = {name: self.resource(name, language, side) for name in names}
        buttons = tuple((self._button(value, language),) for value in answer.follow_up)
        return Message(text.format_map(shown), buttons)

    def menu(self, language: str) -> Message:
        """The menu: what to choose instead of writing."""
        buttons = tuple((self._button(value.split(":", 1)[1], language),) for value in self.menu_values)
        return Message(self.text("menu.text", language), buttons)

    def _button(self, value: str, language: str) -> Button:
        if value in self.answers:
            return Button(self.label(value, language), f"intent:{value}")
        return Button(self.text(f"button.{value}", language), f"do:{value}")

    def emergency(self, language: str, side: str | None) -> str:
        """Police and ambulance for the place; both sides' where it is unknown; abroad, in words."""
        if side == "abroad":
            return self.text("emergency.abroad", language)
        lines = [self.resource(name, language, side) for name in ("police", "ambulance")]
        return "\n".join(line[0].upper() + line[1:] for line in lines)

    def lines(self, language: str, side: str | None) -> str:
        """Other lines to call meanwhile, one a line; both sides' where the place is unknown, each with its side."""
        if side in _MEANWHILE:
            return "\n".join(self.resource(name, language, side) for name in _MEANWHILE[side])
        lines = []
        for name in sorted(_EVERYWHERE, key=lambda one: len(self.resources[one].sides)):
            where = self.resources[name].sides
            prefix = "" if len(where) > 1 else f"{self.text(f'side.{min(where)}', language)}: "
            lines.append(prefix + self.resource(name, language, side))
        return "\n".join(lines)

    def resource(self, name: str, language: str, side: str | None) -> str:
        """Name and number of a line or service for a place."""
        return self.resources[name].shown(language, side)

    def organisation(self, code: str, language: str) -> str:
        """The name of an organisation, with its town."""
        return self.organisations[code].name(language)

    def console(self, language: str) -> NullTranslations:
        """The console's words."""
        return _console(self.folder, language)


@cache
def _console(folder: Path, language: str) -> NullTranslations:
    return catalogue.translations(folder / "locale", language, "console")
