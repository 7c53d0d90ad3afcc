"""The texts are whole: every language, every place, within the limits."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from responses.content import Content
from responses.languages import LANGUAGES, NAMES, written
from responses.message import Button

CONTENT = Content.load()
DOMAIN = Path(__file__).parents[2] / "nlu_data" / "domain.yml"


def test_every_intent_has_an_answer_and_every_answer_an_intent() -> None:
    names = yaml.safe_load(DOMAIN.read_text(encoding="utf-8"))["intents"]
    assert len(names) == 65
    assert set(names) == CONTENT.intents


def test_each_language_has_a_name_of_its_own() -> None:
    assert LANGUAGES == ("en", "sq", "sr-Latn", "sr-Cyrl")
    assert len(set(NAMES.values())) == len(LANGUAGES)
    assert written("sr-Cyrl") == written("sr-Latn") == "sr"


def test_a_text_that_is_missing_is_no_silence() -> None:
    with pytest.raises(KeyError):
        CONTENT.text("no.such.text", "en")
    with pytest.raises(KeyError):
        CONTENT.text("place.confirm", "en", place="Niš")


def test_values_are_put_into_a_text() -> None:
    assert "Ниш" in CONTENT.text("place.noted", "sr-Cyrl", place="Ниш", side="Србија")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_has_eight_ways_on(language: str) -> None:
    menu = CONTENT.menu(language)
    assert [row[0].value for row in menu.buttons] == [
        "intent:risk_danger_now",
        "intent:labour_exploitation",
        "intent:partner_violence",
        "intent:ask_documents_recognised",
        "intent:ask_shelter",
        "do:screening",
        "do:counsellor",
        "intent:ask_hide_chat",
    ]
    assert all(row[0].label for row in menu.buttons)


def test_an_answer_depends_on_the_place_and_offers_what_may_come_next() -> None:
    serbia = CONTENT.answer("partner_violence", "en", "serbia")
    kosovo = CONTENT.answer("partner_violence", "en", "kosovo")
    assert "0800 222 003" in serbia.text
    assert "0800 222 003" not in kosovo.text
    assert "0800 11112" in kosovo.text
    assert serbia.buttons[0] == (Button(CONTENT.text("button.counsellor", "en"), "do:counsellor"),)
    assert "intent:ask_shelter" in [row[0].value for row in serbia.buttons]
    assert CONTENT.groups["partner_violence"] == "violence"


@pytest.mark.parametrize("language", LANGUAGES)
def test_emergency_numbers_depend_on_where_the_person_is(language: str) -> None:
    for side in ("serbia", "kosovo", None):
        assert "192" in CONTENT.emergency(language, side)
        assert "194" in CONTENT.emergency(language, side)
    assert "192" not in CONTENT.emergency(language, "abroad")
    assert "112" in CONTENT.emergency(language, "abroad")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_abroad_is_sent_to_a_number_that_does_not_work_there(language: str) -> None:
    for intent in CONTENT.intents:
        text = CONTENT.answer(intent, language, "abroad").text
        assert not any(number in text for number in ("192", "194", "0800")), intent


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_answer_for_one_side_has_a_number_of_the_other(language: str) -> None:
    only = {"serbia": ("+381", "0800 222 003", "116 000"), "kosovo": ("0800 11112",)}
    for intent in CONTENT.intents:
        for side, foreign in (("serbia", only["kosovo"]), ("kosovo", only["serbia"])):
            if side in CONTENT.answers[intent].where:
                text = CONTENT.answer(intent, language, side).text
                assert not any(number in text for number in foreign), f"{intent}/{side}"


def test_other_lines_say_on_which_side_they_are_when_the_place_is_not_known() -> None:
    assert CONTENT.lines("en", None).splitlines() == [
        "Serbia: ASTRA SOS line +381 11 785 0000",
        "Serbia: national women's line 0800 222 003",
        "Kosovo*: helpline for trafficking and home violence 0800 11112",
        "child helpline 116 111",
    ]
    assert "0800 11112" not in CONTENT.lines("en", "serbia")
    assert "ASTRA" not in CONTENT.lines("en", "kosovo")
    assert "0800" not in CONTENT.lines("en", "abroad")


@pytest.mark.parametrize(
    ("name", "side", "shown"),
    [
        ("police", None, "police 192"),
        ("police", "kosovo", "police 192"),
        ("police", "abroad", "the emergency number of that country (in most of Europe 112)"),
        ("astra", "kosovo", "ASTRA SOS line +381 11 785 0000"),
        ("pvpt", "kosovo", "PVPT, in this chat"),
        ("pvpt", None, "PVPT, in this chat"),
    ],
)
def test_a_resource_is_shown_with_its_number_or_how_to_reach_it(name: str, side: str | None, shown: str) -> None:
    assert CONTENT.resource(name, "en", side) == shown


def test_the_organisations_say_in_a_line_what_they_do() -> None:
    assert CONTENT.organisation("atina", "sr-Cyrl") == "Атина, Београд"
    assert CONTENT.organisation("pvpt", "sq") == "PVPT, Prishtinë"
    assert {code: one.side for code, one in CONTENT.organisations.items()} == {"atina": "serbia", "pvpt": "kosovo"}
    assert all(
        "\n" not in one.description(language) for one in CONTENT.organisations.values() for language in LANGUAGES
    )


@pytest.mark.parametrize("language", ["sq", "sr-Latn", "sr-Cyrl"])
def test_the_console_speaks_the_language(language: str) -> None:
    assert CONTENT.console(language).gettext("Log in") != "Log in"
    assert CONTENT.console("en").gettext("Log in") == "Log in"
