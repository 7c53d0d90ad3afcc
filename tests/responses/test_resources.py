"""Numbers and services: none counts as checked without the page that carries it, and none is given out too old."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import responses
from responses import checks, evidence_checks
from responses.content import Content
from responses.evidence import Page, year_after
from responses.languages import LANGUAGES
from responses.resources import CHECKED, SIDES, Record

SHIPPED = Path(str(responses.__file__)).parent
CONTENT = Content.load()
READ_ON = date(2026, 11, 25)
RECORDS = [(one.id, side, record) for one in CONTENT.resources.values() for side, record in one.records.items()]


PAGE = Page("https://example.org/", "Call 0800 123 456", "2026")
WHOLE = Record(CHECKED, READ_ON, year_after(READ_ON), READ_ON, None, (), None, None, (PAGE,))


@pytest.fixture
def broken(tmp_path: Path) -> Callable[[str, str, str], tuple[str, ...]]:
    """Changes one file of a copy and says what the checks of evidence find then."""
    folder = tmp_path / "responses"
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))

    def change(file: str, old: str, new: str) -> tuple[str, ...]:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return tuple(evidence_checks.problems(Content.load(folder)))

    return change


def test_what_was_checked_has_a_page_that_carries_its_number() -> None:
    checked = [one for one in RECORDS if one[2].status == CHECKED]
    for id_, side, known in checked:
        number = CONTENT.resources[id_].numbers[side]
        assert known.checked is not None
        assert number is None or any(page.carries(number) for page in known.evidence), (id_, side)
        assert known.expires == year_after(known.checked)
    assert [(id_, side) for id_, side, known in RECORDS if known.status != CHECKED] == [
        ("womens_centre_serbia", "serbia"),
        ("child_line", "kosovo"),
        ("trafficking_centre_serbia", "serbia"),
    ]
    assert (len(checked), len(RECORDS)) == (14, 17)


def test_every_service_says_what_it_is_for_and_for_whom() -> None:
    for one in CONTENT.resources.values():
        assert set(one.what_for) == set(one.for_whom) == {"en", "sq", "sr"}
        assert set(one.records) == set(one.numbers) <= set(SIDES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_that_is_not_known_is_said_in_words(language: str) -> None:
    for one in CONTENT.resources.values():
        for side in set(one.sides) - set(one.known()):
            assert one.shown(language, side).startswith(f"{one.name(language)}, "), one.id
    assert CONTENT.resource("prosecutors_office_kosovo", "en", "kosovo").endswith(", we do not know its number")


@pytest.mark.parametrize(
    ("values", "standing", "unfit"),
    [
        ({}, "checked", None),
        ({"confirmed": None}, "checked", "not confirmed with the organisation itself"),
        ({"expires": date(2026, 11, 24)}, "expired", "expired on 2026-11-24"),
        ({"expires": READ_ON}, "checked", None),
        ({"status": "unverified", "checked": None, "confirmed": None}, "unverified", "unverified"),
        ({"status": "not_known", "checked": None, "confirmed": None}, "not_known", None),
    ],
)
def test_what_may_be_given_to_people(values: dict[str, object], standing: str, unfit: str | None) -> None:
    changed = replace(WHOLE, **values)  # type: ignore[arg-type]
    assert changed.standing(READ_ON) == standing
    assert changed.unfit(READ_ON) == unfit


def test_a_check_holds_for_twelve_months() -> None:
    assert year_after(READ_ON) == date(2027, 11, 25)
    assert year_after(date(2028, 2, 29)) == date(2029, 2, 28)
    astra = CONTENT.resources["astra"].records["serbia"]
    assert astra.standing(date(2027, 11, 25)) == "checked"
    assert astra.standing(date(2027, 11, 26)) == "expired"


def test_nothing_may_go_live_before_somebody_asked_them() -> None:
    found = evidence_checks.unfit(CONTENT, READ_ON)
    assert len(found) == len(RECORDS)
    assert "child_line (kosovo): unverified" in found
    assert "astra (serbia): not confirmed with the organisation itself" in found
    later = evidence_checks.unfit(CONTENT, date(2028, 1, 1))
    assert "astra (serbia): expired on 2027-11-25" in later
    assert "centre of rs-vranje (serbia): expired" in later


@pytest.mark.parametrize(
    ("number", "passage", "carried"),
    [
        ("0800 11112", "toll-free number: 0800 1111 2.", True),
        ("0800 222 003", "linija 0800 – 222 003 od danas", True),
        ("0800 222 003", "linija 0800 222 004", False),
        ("192", "pozovite 192 - policiju", True),
        ("192", "in 1921", False),
        ("194", "od 1 9 4", False),
    ],
)
def test_a_passage_carries_a_number(number: str, passage: str, carried: bool) -> None:
    assert Page("https://example.org/", passage).carries(number) is carried


ASTRA = 'numbers: {serbia: "+381 11 785 0000"}'


@pytest.mark.parametrize(
    ("file", "old", "new", "found"),
    [
        ("resources.yml", ASTRA, ASTRA.replace("0000", "0001"), "resources/astra/serbia: no passage carries"),
        ("resources.yml", "    kosovo: {status: unverified}", "    kosovo: {status: checked}", "without a date"),
        ("resources.yml", "{status: unverified}", "{status: unverified, checked: 2026-11-25}", "a date without"),
        ("resources.yml", "{status: unverified}", "{status: surely}", "unknown status surely"),
        ("resources.yml", "{status: unverified}", "{status: not_known}", "not_known, but it says something"),
        ("resources.yml", "place: rs-beograd", "place: rs-atlantis", "unknown place rs-atlantis"),
        ("resources.yml", "page: https://omik", "page: omik", "a page needs an address"),
        ("resources.yml", 'dated: "2023-12"', 'dated: "last winter"', "a date that can be read"),
        ("resources.yml", "reach: &unknown_number", "unused: &unknown_number", "nothing under reach"),
        ("resources.yml", 'numbers: {serbia: "192", kosovo: "192"}', 'numbers: {serbia: "192"}', "has records for"),
        ("resources.yml", 'serbia: "192", kosovo: "192"', 'serbia: "193", kosovo: "193"', "another number than"),
        (
            "resources.yml",
            "      hours: &day_and_night",
            "      expires: 2026-11-24\n      hours: &day_and_night",
            "expires",
        ),
        ("resources.yml", "women_line_serbia:", "women_line:", "lines: unknown resource women_line_serbia"),
        ("answers/violence.yml", "I am sorry", "Call 192. I am sorry", "a number that should be a resource"),
        (
            "organisations.yml",
            "description:\n    en: ",
            "description:\n    en: 0800 11112 ",
            "organisations/atina/en: a number",
        ),
        (
            "locale/sq/LC_MESSAGES/bot.po",
            'msgstr "Telefoni: ',
            'msgstr "194. Telefoni: ',
            "bot.po/sq/centre.phone: a number",
        ),
    ],
)
def test_a_problem_is_found(
    broken: Callable[[str, str, str], tuple[str, ...]], file: str, old: str, new: str, found: str
) -> None:
    problems = broken(file, old, new)
    assert any(found in problem for problem in problems), problems


def test_an_answer_that_differs_by_a_comma_alone_does_not_differ_by_place() -> None:
    answer = CONTENT.answers["ask_social_work_centre"]
    same = {**answer.where, "kosovo": {**answer.where["kosovo"], "en": answer.where["serbia"]["en"].replace(".", " !")}}
    changed = replace(CONTENT, answers={**CONTENT.answers, answer.intent: replace(answer, where=same)})
    assert "ask_social_work_centre/en: claims to differ by place and does not" in checks.problems(changed)
