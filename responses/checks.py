"""What is wrong with the texts and data, found before a person meets it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter

from responses.content import Content
from responses.languages import LANGUAGES, WRITTEN

MAX_TEXT = 600
MAX_LABEL = 30
ACTIONS = {"counsellor", "screening", "place", "hide", "menu"}
PLACES = ("serbia", "kosovo", "across", "abroad")
_KOSOVO = re.compile(r"\b(?:Kosov[oaëue]\w*|Косов\w*)(?!\*)\b(?!\*)")
_WRONG_WORDS = re.compile(r"(?i)\bvi[ck]tim|žrtv|жртв")
_NUMBER = re.compile(r"\d{5,}|\+\d")


def problems(content: Content) -> tuple[str, ...]:
    """Every problem in words: where it is and what is wrong. None means that the build may go on."""
    return (*_answers(content), *_texts(content), *_screening(content))


def _wording(where: str, text: str, limit: int) -> Iterator[str]:
    if len(text) > limit:
        yield f"{where}: {len(text)} characters, at most {limit}"
    if _KOSOVO.search(text):
        yield f"{where}: Kosovo* without its asterisk"
    if _WRONG_WORDS.search(text):
        yield f"{where}: a word that we do not use for people"


def _answers(content: Content) -> Iterator[str]:
    for intent, answer in content.answers.items():
        for kind, texts in (("label", answer.labels), ("text", answer.texts), *answer.where.items()):
            if set(texts) != set(WRITTEN):
                yield f"{intent}/{kind}: has {sorted(texts)}, needs {sorted(WRITTEN)}"
            fields = {frozenset(name for _, name, _, _ in Formatter().parse(text) if name) for text in texts.values()}
            if len(fields) > 1:
                yield f"{intent}/{kind}: the languages have different placeholders"
            for name in frozenset().union(*fields) - set(content.resources):
                yield f"{intent}/{kind}: unknown resource {name}"
            if any(_NUMBER.search(text) for text in texts.values()):
                yield f"{intent}/{kind}: a number that should be a resource"
        for place in set(answer.where) - set(PLACES):
            yield f"{intent}: unknown place {place}"
        for value in answer.follow_up:
            if value not in content.answers and value not in ACTIONS:
                yield f"{intent}: unknown follow-up {value}"
        if len({tuple(sorted(texts.items())) for texts in answer.where.values()}) < len(answer.where):
            yield f"{intent}: claims to differ by place and does not"
        for language in LANGUAGES:
            yield from _wording(f"{intent}/label/{language}", answer.label(language), MAX_LABEL)
            for side in (None, *answer.where):
                shown = content.answer(intent, language, side).text
                yield from _wording(f"{intent}/{side or 'text'}/{language}", shown, MAX_TEXT)


def _texts(content: Content) -> Iterator[str]:
    keys = set().union(*content.texts.values())
    for language, texts in content.texts.items():
        for key in sorted(keys - set(texts)):
            yield f"bot.po/{language}: {key} is missing"
        for key, text in texts.items():
            yield from _wording(f"bot.po/{language}/{key}", text, MAX_TEXT)
            fields = {name for _, name, _, _ in Formatter().parse(text) if name}
            if fields != {name for _, name, _, _ in Formatter().parse(content.texts["en"].get(key, text)) if name}:
                yield f"bot.po/{language}/{key}: other placeholders than in English"


def _screening(content: Content) -> Iterator[str]:
    for question in content.screening.questions:
        for language in LANGUAGES:
            where = f"screening/{question.id}/{language}"
            yield from _wording(where, question.text(language), 200)
            yield from _wording(where, question.why(language), 200)
            for option in question.options:
                yield from _wording(where, option.label(language), MAX_LABEL)
