"""What is wrong with the texts and data, found before a person meets it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from string import Formatter

from responses import catalogue
from responses.content import Content
from responses.languages import LANGUAGES, WRITTEN
from responses.resources import ABROAD, SIDES
from responses.screening import SIGNS, SKIP
from responses.script import to_cyrillic

MAX_TEXT = 600
MAX_LABEL = 30
MAX_EMERGENCY = 250
MAX_LINES = 350
MAX_QUESTION = 200
MAX_DESCRIPTION = 120
MAX_MENU = 8
MAX_VALUE = 64  # bytes: Telegram's limit for what a button brings back
ACTIONS = {"counsellor", "screening", "place", "hide", "menu", "discreet", "later"}
PLACES = (*SIDES, "across", ABROAD)
_MUST = ("police", "ambulance")
_UNDERSTOOD = "words."  # what people write, not what we say

_KOSOVO = re.compile(r"\b(?:Kosov[oaëue]\w*|Косов\w*)(?!\w)(?!\*)")
_WRONG_WORDS = re.compile(r"(?i)\bvi[ck]tim|žrtv|жртв|\bmetohij|метохиј|\bkosmet\b")
_NUMBER = re.compile(r"\d{5,}|\+\d|\b\d{3} \d{3}\b|\b0800\b")
_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
_MIXED = re.compile(r"[A-Za-zČĆŽŠĐčćžšđ][Ѐ-ӿ]|[Ѐ-ӿ][A-Za-zČĆŽŠĐčćžšđ]")
_SIDE_NAMED = {"serbia": re.compile(r"Serbi|Srbij|Србиј|Atin|Атин"), "kosovo": re.compile(r"Kosovo\*|Косово\*|PVPT")}


def problems(content: Content) -> tuple[str, ...]:
    """Every problem in words: where it is and what is wrong. None means that the build may go on."""
    return (
        *_answers(content),
        *_numbers(content),
        *_texts(content),
        *_screening(content),
        *_organisations(content),
        *_menu(content),
        *_places(content),
        *_console(content),
    )


def _wording(where: str, text: str, limit: int, language: str) -> Iterator[str]:
    if not text.strip():
        yield f"{where}: empty"
    if len(text) > limit:
        yield f"{where}: {len(text)} characters, at most {limit}"
    if _KOSOVO.search(text):
        yield f"{where}: Kosovo* without its asterisk"
    if _WRONG_WORDS.search(text):
        yield f"{where}: a word that we do not use"
    if (_MIXED if language == "sr-Cyrl" else _CYRILLIC).search(text):
        yield f"{where}: letters of the other script"


def _all_languages(where: str, texts: Mapping[str, str]) -> Iterator[str]:
    if set(texts) != set(WRITTEN):
        yield f"{where}: has {sorted(texts)}, needs {sorted(WRITTEN)}"


def _fields(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def _answers(content: Content) -> Iterator[str]:
    for intent, answer in content.answers.items():
        whole = True
        for kind, texts in (("label", answer.labels), ("text", answer.texts), *answer.where.items()):
            missing = tuple(_all_languages(f"{intent}/{kind}", texts))
            yield from missing
            fields = {_fields(text) for text in texts.values()}
            if len(fields) > 1:
                yield f"{intent}/{kind}: the languages have different placeholders"
            unknown = frozenset[str]().union(*fields) - set(content.resources)
            yield from (f"{intent}/{kind}: unknown resource {name}" for name in sorted(unknown))
            if any(_NUMBER.search(text) for text in texts.values()):
                yield f"{intent}/{kind}: a number that should be a resource"
            whole = whole and not missing and not unknown
        for place in sorted(set(answer.where) - set(PLACES)):
            yield f"{intent}: unknown place {place}"
        for value in answer.follow_up:
            if value not in content.answers and value not in ACTIONS:
                yield f"{intent}: unknown follow-up {value}"
                whole = False
        if len({tuple(sorted(texts.items())) for texts in answer.where.values()}) < len(answer.where):
            yield f"{intent}: claims to differ by place and does not"
        if whole:
            yield from _shown(content, intent)


def _shown(content: Content, intent: str) -> Iterator[str]:
    """What a person really gets: each language and place, with the numbers in it."""
    for language in LANGUAGES:
        yield from _wording(f"{intent}/label/{language}", content.label(intent, language), MAX_LABEL, language)
        for side in (None, *PLACES):
            message = content.answer(intent, language, side)
            yield from _wording(f"{intent}/{side or 'text'}/{language}", message.text, MAX_TEXT, language)
            for row in message.buttons:
                yield from (f"{intent}: {one.value} is too long" for one in row if len(one.value.encode()) > MAX_VALUE)


def _numbers(content: Content) -> Iterator[str]:
    """No number of the other side, and none that cannot be called from where the person is."""
    for name in _MUST:
        if name not in content.resources or set(content.resources[name].known()) != set(SIDES):
            yield f"resources/{name}: needs a number on both sides"
    for id_, resource in content.resources.items():
        for kind, texts in (("name", resource.names), ("abroad", resource.abroad), ("reach", resource.reach)):
            if texts is not None:
                yield from _all_languages(f"resources/{id_}/{kind}", texts)
        yield from (f"resources/{id_}: unknown side {side}" for side in sorted(resource.sides - set(SIDES)))
    for intent, answer in content.answers.items():
        for place in (None, *PLACES):
            for language, text in answer.where.get(place or "", answer.texts).items():
                for name in sorted(_fields(text) & set(content.resources)):
                    yield from _misplaced(content, f"{intent}/{place or 'text'}/{language}", text, name, place)


def _misplaced(content: Content, where: str, text: str, name: str, place: str | None) -> Iterator[str]:
    resource = content.resources[name]
    if place == ABROAD and resource.known() and not resource.callable_from(ABROAD):
        yield f"{where}: {name} cannot be called from abroad"
    elif len(resource.sides) == 1:
        (side,) = resource.sides
        line = next(line for line in text.splitlines() if f"{{{name}}}" in line)
        if place != side and not _SIDE_NAMED[side].search(line):
            yield f"{where}: {name} is in {side} only, and the line does not say so"


def _texts(content: Content) -> Iterator[str]:
    keys = frozenset[str]().union(*content.texts.values())
    english = content.texts["en"]
    for language, texts in content.texts.items():
        for key in sorted(keys - set(texts)):
            yield f"bot.po/{language}: {key} is missing"
        for key, text in texts.items():
            if key.startswith(_UNDERSTOOD):
                continue
            limit = MAX_LABEL if key.startswith("button.") else MAX_TEXT
            yield from _wording(f"bot.po/{language}/{key}", text, limit, language)
            if _fields(text) != _fields(english.get(key, text)):
                yield f"bot.po/{language}/{key}: other placeholders than in English"
    if keys >= {"emergency.abroad", *(f"side.{side}" for side in SIDES)}:
        for language in LANGUAGES:
            for side in (None, *SIDES, ABROAD):
                where = f"{side or 'unknown place'}/{language}"
                yield from _wording(f"emergency/{where}", content.emergency(language, side), MAX_EMERGENCY, language)
                yield from _wording(f"lines/{where}", content.lines(language, side), MAX_LINES, language)


def _screening(content: Content) -> Iterator[str]:
    questions = content.screening.questions
    if not content.screening.sources:
        yield "screening: no source is named"
    if len({question.id for question in questions}) < len(questions):
        yield "screening: a question is there twice"
    before: dict[str, frozenset[str]] = {}
    for question in questions:
        where = f"screening/{question.id}"
        values = [option.value for option in question.options]
        if SKIP in values or len(set(values)) < len(values):
            yield f"{where}: an answer is there twice, or is called {SKIP}"
        for option in question.options:
            if option.sign is not None and option.sign not in SIGNS:
                yield f"{where}: unknown sign {option.sign}"
            if len(f"screen:{question.id}:{option.value}".encode()) > MAX_VALUE:
                yield f"{where}: {option.value} is too long"
        for other, left_out in question.unless.items():
            if not left_out <= before.get(other, frozenset()):
                yield f"{where}: is left out after an answer that nobody can have given"
        before[question.id] = frozenset(values)
        texts = (question.texts, question.whys, *(option.labels for option in question.options))
        missing = [problem for one in texts for problem in _all_languages(where, one)]
        yield from missing
        for language in LANGUAGES if not missing else ():
            yield from _wording(f"{where}/{language}", question.text(language), MAX_QUESTION, language)
            yield from _wording(f"{where}/{language}", question.why(language), MAX_QUESTION, language)
            for option in question.options:
                yield from _wording(f"{where}/{language}", option.label(language), MAX_LABEL, language)


def _organisations(content: Content) -> Iterator[str]:
    for code, organisation in content.organisations.items():
        where = f"organisations/{code}"
        if organisation.side not in SIDES:
            yield f"{where}: unknown side {organisation.side}"
        missing = (*_all_languages(where, organisation.names), *_all_languages(where, organisation.descriptions))
        yield from missing
        for language in LANGUAGES if not missing else ():
            yield from _wording(f"{where}/{language}", organisation.name(language), MAX_LABEL, language)
            yield from _wording(f"{where}/{language}", organisation.description(language), MAX_DESCRIPTION, language)


def _menu(content: Content) -> Iterator[str]:
    if not 0 < len(content.menu_values) <= MAX_MENU:
        yield f"menu: {len(content.menu_values)} entries, at most {MAX_MENU}"
    for value in content.menu_values:
        kind, _, name = value.partition(":")
        if name not in {"intent": content.intents, "do": ACTIONS}.get(kind, set()):
            yield f"menu: unknown entry {value}"


def _places(content: Content) -> Iterator[str]:
    for place in content.places:
        if place.side not in SIDES:
            yield f"places/{place.id}: unknown side {place.side}"
        if to_cyrillic(place.names["sr"]) == place.names["sr"]:
            yield f"places/{place.id}: no name in Cyrillic"
        if place not in content.places.find(place.names["sr"]):
            yield f"places/{place.id}: is not found by its own name"


def _console(content: Content) -> Iterator[str]:
    """The console's words: in the same languages everywhere, and as careful as the bot's."""
    texts = {one: catalogue.read(content.folder / "locale", one, "console") for one in LANGUAGES if one != "en"}
    keys = frozenset[str]().union(*texts.values())
    for language, ones in texts.items():
        for key in sorted(keys - set(ones)):
            yield f"console.po/{language}: {key!r} is missing"
        for key, text in ones.items():
            yield from _wording(f"console.po/{language}/{key!r}", text, MAX_TEXT, language)
    for key in sorted(keys):
        yield from _wording(f"console.po/en/{key!r}", key, MAX_TEXT, "en")
