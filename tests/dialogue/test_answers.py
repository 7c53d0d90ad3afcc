"""The answer about centres for social work goes on with what is known of those of the person's own place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.dialogue import answers
from bot.dialogue.draft import Draft
from bot.dialogue.state import State
from responses.centres import RELOCATED, Centre
from responses.evidence import Page
from responses.languages import LANGUAGES
from tests.dialogue.scene import Scene, content

CENTRES = "ask_social_work_centre"
READ_ON = date(2026, 11, 25)
PAGE = Page("https://example.org/", "It moved to Ruska 4, phone 0800 123 456", "2025-03")
MOVED = Centre("xk-prizren", "serbia", {}, "rs-nis", RELOCATED, "0800 123 456", "Ruska 4", PAGE, READ_ON)


def words(row: Centre, language: str = "en", today: date = READ_ON) -> list[str]:
    """What is said of one row, by lines."""
    now = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    draft = Draft(State(language=language), content(), replace(Scene().around, now=now))
    return answers.centre(draft, row).splitlines()


def at(person: Scene, municipality: str | None, side: str | None, language: str = "en") -> Scene:
    person.state = replace(person.state, side=side, municipality=municipality, language=language)
    person.around = replace(person.around, language=language)
    return person


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("side", "municipality"), [("serbia", "rs-nis"), ("kosovo", "xk-prizren")])
def test_the_centres_of_the_persons_place_follow(person: Scene, language: str, side: str, municipality: str) -> None:
    at(person, municipality, side, language).presses_old(f"intent:{CENTRES}")
    answer, known = person.said
    assert answer.text == content().answer(CENTRES, language, side).text
    assert answer.buttons == ()
    rows = content().centres.of(municipality)
    assert known.text.split("\n\n")[1:] == ["\n".join(words(row, language)) for row in rows]
    assert {"do:counsellor", "do:both_sides"} <= {row[0].value for row in known.buttons}


def test_they_follow_when_the_matter_lies_on_both_sides(person: Scene) -> None:
    at(person, "xk-zvecan", "kosovo").presses_old(f"intent:{CENTRES}")
    person.presses("do:both_sides")
    assert person.texts[0] == content().answer(CENTRES, "en", "across").text
    assert person.texts[1].startswith("What we know of the centres for Zveçan:")


def test_they_follow_as_soon_as_the_place_is_known(person: Scene) -> None:
    person.presses_old(f"intent:{CENTRES}")
    assert len(person.texts) == 1
    person.state = replace(person.state, pending="place", after_place=CENTRES)
    person.presses_old("place:xk-prizren")
    assert person.texts[-2] == content().answer(CENTRES, "en", "kosovo").text
    assert person.texts[-1].startswith("What we know of the centres for Prizren:")


@pytest.mark.parametrize("side", [None, "serbia", "kosovo", "abroad"])
def test_without_a_municipality_the_answer_stands_alone(person: Scene, side: str | None) -> None:
    at(person, None, side).presses_old(f"intent:{CENTRES}")
    assert person.texts == [content().answer(CENTRES, "en", side).text]


def test_no_other_answer_is_followed_by_centres(person: Scene) -> None:
    at(person, "rs-nis", "serbia").presses_old("intent:ask_court")
    assert len(person.texts) == 1


def test_a_municipality_that_is_no_longer_known_is_no_stumbling_block(person: Scene) -> None:
    at(person, "rs-atlantis", "serbia").presses_old(f"intent:{CENTRES}")
    assert len(person.texts) == 1


def test_both_systems_are_named_in_the_same_way() -> None:
    serbia, kosovo = (words(row) for row in content().centres.of("xk-kline"))
    assert serbia[0] == "Centre for social work, Klina (system: Serbia)"
    assert kosovo[0] == "Centre for social work, Klina (system: Kosovo*)"
    assert serbia[1:] == kosovo[1:] == ["We do not know yet whether it works. A counsellor can find out."]


def test_what_a_page_says_is_told_with_its_age_and_what_is_missing_in_words() -> None:
    (row,) = content().centres.of("rs-novi-sad")
    assert words(row, "sr-Cyrl") == [
        "Центар за социјални рад Града Новог Сада (систем: Србија)",
        "На страници из 2024. пише да ради. Седиште: Нови Сад. Питај нас пре него што одеш тамо.",
        "Адресу не знамо.",
        "Број телефона не знамо.",
    ]
    assert words(content().centres.of("xk-zvecan")[0])[1].startswith("A page of 2025 says that its office was closed.")
    (belgrade,) = content().centres.of("rs-beograd")
    assert words(belgrade)[1].startswith("A page without a date says that it works.")
    assert "Адреса: Руска 4." in words(belgrade, "sr-Cyrl")


def test_a_centre_that_moved_is_named_with_its_new_seat_until_that_is_too_old() -> None:
    assert words(MOVED)[1:] == [
        "A page of 2025 says that it moved. New seat: Niš. Ask a counsellor before you go there.",
        "Address: Ruska 4.",
        "Phone: 0800 123 456.",
    ]
    assert words(MOVED, today=date(2027, 11, 26))[1:] == [
        "We do not know yet whether it works. A counsellor can find out."
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_text_is_short_and_whole(person: Scene, language: str) -> None:
    for place in content().places:
        at(person, place.id, place.side, language).presses_old(f"intent:{CENTRES}")
        assert "{" not in person.texts[1]
        assert len(person.texts[1]) <= 600
    assert len("\n".join(words(MOVED, language))) <= 300
