"""What is wrong with what is known of resources and centres: nothing counts as checked without its page and passage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from responses.centres import CLOSED, NOT_KNOWN, RELOCATED, STATUSES, WORKS, Centre
from responses.content import MEANWHILE, Content
from responses.evidence import Page
from responses.resources import CHECKED, SIDES, Record, Resource
from responses.resources import NOT_KNOWN as NOTHING
from responses.resources import STATUSES as RECORD_STATUSES

MAX_PASSAGE = 300
_LOOKS_LIKE_A_NUMBER = re.compile(r"\d{5,}|\+\d|\b\d{3} \d{3}\b|\b0800\b|\b(?:19[2-4]|112)\b")
_UNDERSTOOD = "words."  # what people write, not what we say
_OWN = "resource."  # a resource's own words in a language of core texts
# Texts with numbers that belong to no resource (112 abroad), or that must be the same as those of a resource.
_MAY_NAME = {"emergency.abroad": (), "pairing.test_line": ("police",)}


def problems(content: Content) -> Iterator[str]:
    """Every problem in words, as in checks.py."""
    for resource in content.resources.values():
        yield from _resource(content, resource)
    for names in MEANWHILE.values():
        yield from (f"lines: unknown resource {name}" for name in names if name not in content.resources)
    yield from _every_row(content)
    for centre in content.centres:
        yield from _centre(content, centre)
    yield from _stray_numbers(content)


def unfit(content: Content, today: date) -> tuple[str, ...]:
    """What people may not be given on a day, each by its name and with the reason."""
    resources = (
        f"{resource.id} ({side}): {reason}"
        for resource in content.resources.values()
        for side, reason in resource.unfit(today).items()
    )
    centres = (
        f"centre of {one.municipality} ({one.system}): expired" for one in content.centres if one.is_expired(today)
    )
    return (*resources, *centres)


def _resource(content: Content, resource: Resource) -> Iterator[str]:
    where = f"resources/{resource.id}"
    if set(resource.records) != set(resource.numbers):
        yield f"{where}: has records for {sorted(resource.records)}, numbers for {sorted(resource.numbers)}"
        return
    if len(resource.known()) < len(resource.numbers) and resource.reach is None:
        yield f"{where}: no number, and nothing under reach that says so"
    for side, record in resource.records.items():
        yield from _record(content, f"{where}/{side}", record, resource.numbers[side])


def _record(content: Content, where: str, record: Record, number: str | None) -> Iterator[str]:
    if record.status not in RECORD_STATUSES:
        yield f"{where}: unknown status {record.status}"
    if record.status == CHECKED:
        if record.checked is None or not record.evidence:
            yield f"{where}: checked without a date, or without a page"
        if number and not any(page.carries(number) for page in record.evidence):
            yield f"{where}: no passage carries the number"
        if record.checked and record.expires and record.expires < record.checked:
            yield f"{where}: expires before it was checked"
    elif record.checked or record.confirmed:
        yield f"{where}: a date without the status {CHECKED}"
    if record.status == NOTHING and (number or record.hours):
        yield f"{where}: {NOTHING}, but it says something"
    if record.hours and not record.evidence:
        yield f"{where}: hours without a page"
    if record.place is not None and content.places.get(record.place) is None:
        yield f"{where}: unknown place {record.place}"
    for page in record.evidence:
        yield from _page(where, page)


def _page(where: str, page: Page) -> Iterator[str]:
    if not page.is_whole:
        yield f"{where}: a page needs an address, a passage and, if any, a date that can be read"
    if len(page.passage) > MAX_PASSAGE:
        yield f"{where}: a passage of {len(page.passage)} characters, at most {MAX_PASSAGE}"


def _every_row(content: Content) -> Iterator[str]:
    """Each municipality has a row in the system that serves it; each of Kosovo* in both."""
    wanted = {(place.id, system) for place in content.places for system in SIDES if system in ("serbia", place.side)}
    there = {(one.municipality, one.system) for one in content.centres}
    yield from (f"centres/{name}: no row in the system {system}" for name, system in sorted(wanted - there))
    yield from (f"centres/{name}: nobody there in the system {system}" for name, system in sorted(there - wanted))


def _centre(content: Content, centre: Centre) -> Iterator[str]:
    where = f"centres/{centre.municipality}/{centre.system}"
    if centre.status not in STATUSES:
        yield f"{where}: unknown status {centre.status}"
    if (centre.page is None) != (centre.checked is None):
        yield f"{where}: a page without a date, or a date without a page"
    if centre.page is not None:
        yield from _page(where, centre.page)
    elif centre.status != NOT_KNOWN or centre.names or centre.seat or centre.phone or centre.address:
        yield f"{where}: says something without a page"
    if centre.status in (RELOCATED, CLOSED) and (centre.page is None or centre.page.dated is None):
        yield f"{where}: {centre.status}, by a page without a date"
    if centre.status in (WORKS, RELOCATED) and centre.seat is None:
        yield f"{where}: {centre.status}, without a seat"
    if centre.status == RELOCATED and centre.seat == centre.municipality:
        yield f"{where}: {RELOCATED}, to where it was"
    if centre.seat is not None and content.places.get(centre.seat) is None:
        yield f"{where}: unknown place {centre.seat}"
    for kind, known in (("phone", centre.phone), ("address", centre.address)):
        if known and centre.page is not None and not _stands_in(kind, known, centre.page):
            yield f"{where}: the passage does not carry the {kind}"


def _stands_in(kind: str, known: str, page: Page) -> bool:
    return page.carries(known) if kind == "phone" else known in page.passage


def _stray_numbers(content: Content) -> Iterator[str]:
    """Numbers stand in resources.yml alone: one that is written elsewhere is not found when it changes."""
    for where, text in _all_texts(content):
        if _LOOKS_LIKE_A_NUMBER.search(text):
            yield f"{where}: a number that should be a resource"
    for key, names in _MAY_NAME.items():
        numbers = {number for name in names for number in content.resources[name].known().values()}
        for language, catalogue in content.texts.items():
            if any(number not in catalogue.get(key, number) for number in numbers):
                yield f"bot.po/{language}/{key}: another number than that of {', '.join(names)}"


def _all_texts(content: Content) -> Iterator[tuple[str, str]]:
    for intent, answer in content.answers.items():
        for kind, texts in (("label", answer.labels), ("text", answer.texts), *answer.where.items()):
            yield from ((f"{intent}/{kind}/{language}", text) for language, text in texts.items())
    for language, catalogue in content.texts.items():
        for key, text in catalogue.items():
            if not key.startswith((_UNDERSTOOD, _OWN)) and key not in _MAY_NAME:
                yield f"bot.po/{language}/{key}", text
    for name, instrument in content.instruments.items():
        for question in instrument.questions:
            for texts in (question.texts, question.whys, *(option.labels for option in question.options)):
                yield from ((f"screening/{name}/{question.id}/{language}", text) for language, text in texts.items())
    for code, organisation in content.organisations.items():
        for texts in (organisation.names, organisation.descriptions):
            yield from ((f"organisations/{code}/{language}", text) for language, text in texts.items())
