"""What is wrong with the texts and data, found before a person meets it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from string import Formatter

from responses import catalogue, evidence_checks
from responses.answers import Review
from responses.content import Content
from responses.languages import CORE, LANGUAGES, WRITTEN
from responses.resources import ABROAD, SIDES
from responses.screening import LEVELS, SHORT, SIGNS, SKIP, Instrument, Question, goes_to, ways
from responses.script import to_cyrillic

MAX_TEXT = 600
MAX_LABEL = 30
MAX_EMERGENCY = 250
MAX_LINES = 350
MAX_QUESTION = 200
MAX_QUESTIONS = 12
MAX_DESCRIPTION = 120
MAX_ABOUT = 200  # what a resource is for, for whom, how to get there
MAX_MENU = 8
MAX_ROLE = 60
MAX_VALUE = 64  # bytes: Telegram's limit for what a button brings back
ACTIONS = {"counsellor", "screening", "place", "hide", "menu", "discreet", "later"}
PLACES = (*SIDES, "across", ABROAD)
_MUST = ("police", "ambulance")
_BROKEN = "a broken placeholder"
_OF_OURSELVES = "talk"  # the group that says nothing but what this helpline is and does
_EVERY_PLACE = {"legal", "services"}  # groups whose answers are another one for each place
_UNDERSTOOD = "words."  # what people write, not what we say

_KOSOVO = re.compile(r"\b(?:Kosov[oaëue]\w*|Косов\w*)(?!\w)(?!\*)")
_WRONG_WORDS = re.compile(r"(?i)\bvi[ck]tim|žrtv|жртв|\bmetohij|метохиј|\bkosmet\b")
_NUMBER = re.compile(r"\d{5,}|\+\d|\b\d{3} \d{3}\b|\b0800\b")
_KOSOVO_IN_ARABIC = re.compile(r"كوسوفو(?!\*)")
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
_MIXED = re.compile(r"[A-Za-zČĆŽŠĐčćžšđ][Ѐ-ӿ]|[Ѐ-ӿ][A-Za-zČĆŽŠĐčćžšđ]")
_SIDE_NAMED = {"serbia": re.compile(r"Serbi|Srbij|Србиј|Atin|Атин"), "kosovo": re.compile(r"Kosovo\*|Косово\*|PVPT")}


def problems(content: Content) -> tuple[str, ...]:
    """Every problem in words: where it is and what is wrong. None means that the build may go on."""
    return (
        *_answers(content),
        *_numbers(content),
        *evidence_checks.problems(content),
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
    """The names in braces; with a brace that has no partner, or no name in it, one that nothing is called."""
    try:
        return frozenset(name or _BROKEN for _, name, _, _ in Formatter().parse(text) if name is not None)
    except ValueError:
        return frozenset({_BROKEN})


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
        for place in PLACES:
            if answer.group in _EVERY_PLACE and place not in answer.where:
                yield f"{intent}: no text for {place}"
        if not answer.sources and answer.group != _OF_OURSELVES:
            yield f"{intent}: names no source"
        yield from _review(f"{intent}/reviewed", answer.reviewed)
        for value in answer.follow_up:
            if value not in content.answers and value not in _actions(content):
                yield f"{intent}: unknown follow-up {value}"
                whole = False
        for language in WRITTEN:
            said = [_letters(one.get(language, "")) for one in (answer.texts, *answer.where.values())]
            if len(set(said)) < len(said):
                yield f"{intent}/{language}: claims to differ by place and does not"
        if whole:
            yield from _shown(content, intent)


def _letters(text: str) -> str:
    """The words and placeholders alone: another comma is no other answer."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _review(where: str, review: Review) -> Iterator[str]:
    """A role and a date; no name, address or number of a person."""
    if set(review.native) != set(WRITTEN):
        yield f"{where}: has {sorted(review.native)}, needs {sorted(WRITTEN)}"
    for look in (*review.native.values(), review.lawyer):
        if look is not None and (not look.by or len(look.by) > MAX_ROLE or re.search(r"[@\d]", look.by)):
            yield f"{where}: needs a role, without a name: {look.by!r}"


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
        ours = {"name": resource.names, "abroad": resource.abroad, "reach": resource.reach}
        told = {"what_for": resource.what_for, "for_whom": resource.for_whom}
        hours = {f"{side}/hours": record.hours for side, record in resource.records.items()}
        for kind, texts in (ours | told | hours).items():
            if texts is not None:
                yield from _all_languages(f"resources/{id_}/{kind}", texts)
                for language, text in texts.items():
                    yield from _wording(f"resources/{id_}/{kind}/{language}", text, MAX_ABOUT, language)
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
    whole = [texts for language, texts in content.texts.items() if not content.is_core(language)]
    keys = frozenset[str]().union(*whole)
    english = content.texts["en"]
    wanted = _core_keys(content)
    for language, texts in content.texts.items():
        for key in sorted((wanted if content.is_core(language) else keys) - set(texts)):
            yield f"bot.po/{language}: {key} is missing"
        for key, text in texts.items():
            if key.startswith(_UNDERSTOOD):
                continue
            limit = MAX_LABEL if key.startswith(("button.", "intent.", "organisation.")) else MAX_TEXT
            yield from _wording(f"bot.po/{language}/{key}", text, limit, language)
            if _KOSOVO_IN_ARABIC.search(text):
                yield f"bot.po/{language}/{key}: Kosovo* without its asterisk"
            if _DIRECTION.search(text):
                yield f"bot.po/{language}/{key}: a direction mark; responses/direction.py sets them"
            if _fields(text) != _fields(english.get(key, text)):
                yield f"bot.po/{language}/{key}: other placeholders than in English"
    if keys >= {"emergency.abroad", *(f"side.{side}" for side in SIDES)}:
        for language in content.languages:
            for side in (None, *SIDES, ABROAD):
                where = f"{side or 'unknown place'}/{language}"
                yield from _wording(f"emergency/{where}", content.emergency(language, side), MAX_EMERGENCY, language)
                yield from _wording(f"lines/{where}", content.lines(language, side), MAX_LINES, language)


def _actions(content: Content) -> frozenset[str]:
    """What a button can do besides leading to an answer; the questions by their names, too."""
    return frozenset(ACTIONS | {f"screening:{name}" for name in content.instruments})


def _core_keys(content: Content) -> frozenset[str]:
    """What a language of core texts must say: the core of what English says, and what another such language has.

    Among the latter are names that the other languages keep elsewhere: of organisations, of the lines that are shown.
    """
    others = (texts for language, texts in content.texts.items() if content.is_core(language))
    of_english = (key for key in content.texts["en"] if key.startswith(CORE))
    organisations = (f"organisation.{code}" for code in content.organisations)
    wanted = frozenset(of_english).union(organisations, *others)
    named = [one for one in content.resources.values() if f"resource.{one.id}" in wanted]
    abroad = (f"resource.{one.id}.abroad" for one in named if one.abroad is not None)
    reach = (f"resource.{one.id}.reach" for one in named if one.reach is not None)
    return wanted.union(abroad, reach)


def _screening(content: Content) -> Iterator[str]:
    for name, instrument in content.instruments.items():
        where = f"screening/{name}"
        yield from _weights(where, instrument)
        yield from _told(where, content, instrument)
        before: dict[str, frozenset[str]] = {}
        for question in instrument.questions:
            yield from _branches(f"{where}/{question.id}", question, before)
            yield from _options(f"{where}/{question.id}", content, instrument, question)
            before[question.id] = frozenset(option.value for option in question.options)
        if not instrument.sources:
            yield f"{where}: no source is named"
        if len(before) < len(instrument.questions):
            yield f"{where}: a question is there twice"
        through = ways(instrument)
        yield from (f"{where}/{id_}: nobody is ever asked" for id_ in sorted(set(before) - through.asked))
        if through.most > MAX_QUESTIONS:
            yield f"{where}: {through.most} questions, at most {MAX_QUESTIONS}"


def _weights(where: str, instrument: Instrument) -> Iterator[str]:
    """More answers must never lower the level, and danger now must always be immediate."""
    if not set(instrument.points) <= set(SIGNS) or min(instrument.points.values(), default=0) < 0:
        yield f"{where}: points that are less than nothing, or for no sign"
    bounds = [instrument.levels.get(level, 0) for level in LEVELS[1:]]
    if set(instrument.levels) != set(LEVELS[1:]) or not 0 < bounds[0] < bounds[1] < bounds[2]:
        yield f"{where}: levels that do not rise from {LEVELS[1]} to {LEVELS[-1]}"
    elif instrument.points.get("now", 0) < bounds[2]:
        yield f"{where}: danger now is not {LEVELS[-1]}"


def _told(where: str, content: Content, instrument: Instrument) -> Iterator[str]:
    """The words around the questions, for each level that can come out here or where somebody came from."""
    leads = [one for one in content.instruments.values() if instrument.id in goes_to(one)]
    levels = frozenset[str]().union(*(ways(one).levels for one in (instrument, *leads)))
    for level in sorted(levels - set(instrument.results), key=LEVELS.index):
        yield f"{where}: no words for a result that is {level}"
    for value in instrument.follow_up:
        if value not in content.answers and value not in _actions(content):
            yield f"{where}: unknown follow-up {value}"
    intros = {"intro": instrument.intros} if instrument.intros or instrument.id != SHORT else {}
    texts = {"label": instrument.labels, **intros, **instrument.results}
    missing = [problem for kind, one in texts.items() for problem in _all_languages(f"{where}/{kind}", one)]
    yield from missing
    for language in LANGUAGES if not missing else ():
        yield from _wording(f"{where}/label/{language}", instrument.label(language), MAX_LABEL, language)
        rules = content.texts[language].get("screening.intro", "")
        intro = f"{instrument.intro(language)}\n\n{rules}"
        yield from _wording(f"{where}/intro/{language}", intro, MAX_TEXT, language)
    for level, one in instrument.results.items():
        fields = {_fields(text) for text in one.values()}
        unknown = frozenset[str]().union(*fields) - {
            name for name, resource in content.resources.items() if resource.sides == set(SIDES)
        }
        if len(fields) > 1 or unknown:
            yield f"{where}/{level}: other placeholders in each language, or none of both sides: {sorted(unknown)}"
        elif not missing:
            yield from _result(f"{where}/{level}", content, instrument, level)


def _result(where: str, content: Content, instrument: Instrument, level: str) -> Iterator[str]:
    for language in LANGUAGES:
        if _NUMBER.search(instrument.words(level, language)):
            yield f"{where}: a number that should be a resource"
        for side in (None, *SIDES, ABROAD):
            words = content.result(instrument.id, level, language, side)
            yield from _wording(f"{where}/{language}", words, MAX_TEXT, language)


def _branches(where: str, question: Question, before: Mapping[str, frozenset[str]]) -> Iterator[str]:
    for other, left_out in question.unless.items():
        if not left_out <= before.get(other, frozenset()):
            yield f"{where}: is left out after an answer that nobody can have given"
    for other, wanted in question.only.items():
        if other not in before or not wanted <= before[other] | {SKIP}:
            yield f"{where}: is asked after an answer that nobody can have given"


def _options(where: str, content: Content, instrument: Instrument, question: Question) -> Iterator[str]:
    values = [option.value for option in question.options]
    if SKIP in values or len(set(values)) < len(values):
        yield f"{where}: an answer is there twice, or is called {SKIP}"
    for option in question.options:
        if option.sign is not None and option.sign not in instrument.points:
            yield f"{where}: unknown sign {option.sign}"
        if any(len(instrument.button(question, value).encode()) > MAX_VALUE for value in (option.value, SKIP)):
            yield f"{where}: {option.value} is too long"
        yield from (f"{where}: unknown offer {to}" for to in option.offers if to not in content.instruments)
        if option.goes is not None:
            yield from _jump(where, content.instruments.get(option.goes.to), option.goes.known)
    texts = (question.texts, question.whys, *(option.labels for option in question.options))
    missing = [problem for one in texts for problem in _all_languages(where, one)]
    yield from missing
    for language in LANGUAGES if not missing else ():
        yield from _wording(f"{where}/{language}", question.text(language), MAX_QUESTION, language)
        yield from _wording(f"{where}/{language}", question.why(language), MAX_QUESTION, language)
        for option in question.options:
            yield from _wording(f"{where}/{language}", option.label(language), MAX_LABEL, language)
        if len({option.label(language).casefold() for option in question.options}) < len(values):
            yield f"{where}/{language}: two answers with the same words"


def _jump(where: str, to: Instrument | None, known: Mapping[str, str]) -> Iterator[str]:
    """One jump and no second: so the questions always end."""
    if to is None or goes_to(to):
        yield f"{where}: goes on where there is nothing, or where it goes on once more"
        return
    for id_, value in known.items():
        question = to.question(id_)
        if question is None or question.option(value) is None:
            yield f"{where}: takes along {id_}={value}, which nobody can have answered there"


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
        if name not in {"intent": content.intents, "do": _actions(content)}.get(kind, set()):
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
