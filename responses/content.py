"""All that the bot can say, and the data that it says it with, loaded from this folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Self

from babel.support import NullTranslations

from responses import answers, catalogue, languages, organisations, resources, screening, source
from responses.answers import Answer
from responses.centres import Centres
from responses.direction import isolated
from responses.languages import Language
from responses.message import Button, Message
from responses.organisations import Organisation
from responses.places import Places
from responses.resources import Resource
from responses.screening import SHORT, Instrument

_HERE = Path(__file__).parent
# Lines to call while waiting, in the order in which they are named.
MEANWHILE = {
    "serbia": ("astra", "women_line_serbia", "child_line"),
    "kosovo": ("kosovo_helpline", "child_line"),
    "abroad": ("atina", "astra", "child_line"),
}
# In a language of core texts the menu is this, and no answer is there: labels are in its catalogue.
_CORE_MENU = ("do:counsellor", "intent:risk_danger_now", "do:discreet", "do:language", "do:forget", "do:exit")
_EVERYWHERE = tuple(dict.fromkeys(MEANWHILE["serbia"] + MEANWHILE["kosovo"]))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Content:
    """What is said: texts by key, answers by intent, numbers by place, the questions, the places."""

    folder: Path
    answers: Mapping[str, Answer]
    resources: Mapping[str, Resource]
    organisations: Mapping[str, Organisation]
    menu_values: tuple[str, ...]
    places: Places
    centres: Centres
    instruments: Mapping[str, Instrument]
    texts: Mapping[str, Mapping[str, str]]
    languages: Mapping[str, Language]
    offered: tuple[str, ...]
    """The languages that a person can choose: the whole ones, and those of core texts that somebody has reviewed."""

    @classmethod
    def load(cls, folder: Path | None = None, *, unreviewed: bool = False) -> Self:
        """All of a folder; `unreviewed`: languages of core texts are offered although nobody has read them."""
        folder = folder or _HERE
        known = languages.load(folder / "languages.yml")
        return cls(
            folder=folder,
            answers=answers.load(folder / "answers"),
            resources=resources.load(folder / "resources.yml"),
            organisations=organisations.load(folder / "organisations.yml"),
            menu_values=tuple(source.read(folder / "menu.yml")),
            places=Places.load(folder / "places.tsv", folder / "outlines.tsv"),
            centres=Centres.load(folder / "centres.tsv"),
            instruments=screening.load(folder / "screening"),
            texts={one: catalogue.read(folder / "locale", one, "bot") for one in known},
            languages=known,
            offered=tuple(code for code, one in known.items() if one.is_whole or one.reviewed or unreviewed),
        )

    @property
    def screening(self) -> Instrument:
        """The short questions, which come first."""
        return self.instruments[SHORT]

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
        text = self._core_text(key, language) if self.is_core(language) else self.texts[language][key]
        return self._directed(text.format_map(values) if "{" in text else text, language)

    def _core_text(self, key: str, language: str) -> str:
        """Also in a language of core texts; one that is missing there is English, and not silently so."""
        text = self.texts[language].get(key)
        if text is not None:
            return text
        english = self.texts["en"][key]
        if key.startswith(("button.", "words.")):
            return english
        return f"{self.texts[language]['further.english']}\n{english}"

    def _directed(self, text: str, language: str) -> str:
        return isolated(text) if self.languages[language].right_to_left else text

    def is_core(self, language: str) -> bool:
        """Whether a language has the core texts only: no answers, and nobody who understands its free text."""
        return self.languages[language].core

    def has_answer(self, intent: str, language: str) -> bool:
        """Whether an intent has an answer in a language."""
        return intent in self.answers and not self.is_core(language)

    def not_understood(self, language: str) -> Message:
        """What is said to free text in a language of core texts: who can answer it, and how to reach them."""
        return Message(self.text("further.free_text", language), self.menu(language).buttons)

    def label(self, intent: str, language: str) -> str:
        """What stands on a button that leads to an intent's answer."""
        if self.is_core(language):
            return self.text(f"intent.{intent}", language)
        return self.answers[intent].label(language)

    def answer(self, intent: str, language: str, side: str | None) -> Message:
        """The curated answer to an intent, with numbers for the place and buttons for what may come next.

        In a language of core texts there is none: it says who can answer.
        """
        if self.is_core(language):
            return Message(self.text("further.answer", language), self.menu(language).buttons)
        answer = self.answers[intent]
        text = answer.text(language, side)
        names = {name for _, name, _, _ in Formatter().parse(text) if name}
        shown = {name: self.resource(name, language, side) for name in names}
        buttons = tuple((self._button(value, language),) for value in answer.follow_up)
        return Message(text.format_map(shown), buttons)

    def menu(self, language: str) -> Message:
        """The menu: what to choose instead of writing."""
        values = _CORE_MENU if self.is_core(language) else self.menu_values
        buttons = tuple((self._button(value.split(":", 1)[1], language),) for value in values)
        return Message(self.text("menu.text", language), buttons)

    def result(self, name: str, level: str, language: str, side: str | None) -> str:
        """What the answers to an instrument's questions are told in, with numbers for the place."""
        words = self.instruments[name].words(level, language)
        fields = {field for _, field, _, _ in Formatter().parse(words) if field}
        return words.format_map({field: self.resource(field, language, side) for field in fields})

    def no_questions(self, language: str) -> Message:
        """What is said instead of the questions in a language of core texts, which has none: who can answer."""
        return Message(self.text("further.answer", language), self.menu(language).buttons)

    def offers(self, values: Iterable[str], language: str) -> tuple[tuple[Button, ...], ...]:
        """A row of one button for each intent or action."""
        return tuple((self._button(value, language),) for value in values)

    def _button(self, value: str, language: str) -> Button:
        if value in self.answers:
            return Button(self.label(value, language), f"intent:{value}")
        kind, _, name = value.partition(":")
        if kind == "screening" and name:
            return Button(self.instruments[name].label(language), f"do:{value}")
        return Button(self.text(f"button.{value}", language), f"do:{value}")

    def emergency(self, language: str, side: str | None) -> str:
        """Police and ambulance for the place; both sides' where it is unknown; abroad, in words."""
        if side == "abroad":
            return self.text("emergency.abroad", language)
        lines = [self.resource(name, language, side) for name in ("police", "ambulance")]
        return "\n".join(line[0].upper() + line[1:] for line in lines)

    def lines(self, language: str, side: str | None) -> str:
        """Other lines to call meanwhile, one a line; both sides' where the place is unknown, each with its side."""
        if side in MEANWHILE:
            return "\n".join(self.resource(name, language, side) for name in MEANWHILE[side])
        lines = []
        for name in sorted(_EVERYWHERE, key=lambda one: len(self.resources[one].sides)):
            where = self.resources[name].sides
            prefix = "" if len(where) > 1 else f"{self.text(f'side.{min(where)}', language)}: "
            lines.append(prefix + self.resource(name, language, side))
        return "\n".join(lines)

    def resource(self, name: str, language: str, side: str | None) -> str:
        """Name and number of a line or service for a place."""
        resource = self.resources[name]
        if self.is_core(language):
            resource = self._in_core(resource, language)
        return self._directed(resource.shown(language, side), language)

    def _in_core(self, resource: Resource, language: str) -> Resource:
        """A resource with its words in a language of core texts, which stand in its catalogue; else in English."""
        texts, own = self.texts[language], languages.written(language)
        return replace(
            resource,
            names={own: texts.get(f"resource.{resource.id}", resource.names["en"])},
            abroad=resource.abroad and {own: texts.get(f"resource.{resource.id}.abroad", resource.abroad["en"])},
            reach=resource.reach and {own: texts.get(f"resource.{resource.id}.reach", resource.reach["en"])},
        )

    def organisation(self, code: str, language: str) -> str:
        """The name of an organisation, with its town."""
        if self.is_core(language):
            name = self.texts[language].get(f"organisation.{code}", self.organisations[code].name("en"))
            return self._directed(name, language)
        return self.organisations[code].name(language)

    def console(self, language: str) -> NullTranslations:
        """The console's words."""
        return _console(self.folder, language)


@cache
def _console(folder: Path, language: str) -> NullTranslations:
    return catalogue.translations(folder / "locale", language, "console")
