"""Before anything leaves the bot."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.dialogue.effects import Say
from responses.languages import LANGUAGES
from tests.dialogue.scene import ASLEEP, AWAKE, Scene


def asks_for_a_person(scene: Scene, side: str = "serbia") -> None:
    scene.commands("person")
    scene.presses(f"side:{side}")


def test_the_consent_says_to_whom_why_and_what_they_see(person: Scene) -> None:
    asks_for_a_person(person)
    text = person.texts[-1]
    assert "Atina" in text
    assert person.text("routing.side") in text
    assert "was written here" in text
    assert "child" in text
    assert person.values == ["consent:atina:history", "consent:atina:fresh", "consent:pvpt:ask", "consent:no"]


@pytest.mark.parametrize(
    ("language", "side", "organisation"),
    [
        ("en", "serbia", "atina"),
        ("en", "kosovo", "pvpt"),
        ("sq", "serbia", "atina"),
        ("sr-Latn", "kosovo", "pvpt"),
        ("sq", "skip", "pvpt"),
        ("sr-Cyrl", "skip", "atina"),
    ],
)
def test_the_organisation_follows_the_place_then_the_language(language: str, side: str, organisation: str) -> None:
    scene = Scene(hint=language)
    scene.commands("start")
    asks_for_a_person(scene, side)
    assert f"consent:{organisation}:history" in scene.values


def test_with_what_i_wrote(person: Scene) -> None:
    person.writes("my boss does not pay me", ("withheld_wages", 0.8))
    asks_for_a_person(person)
    person.presses("consent:atina:history")

    request = person.handoff
    assert request is not None
    assert (request.organisation, request.with_history) == ("atina", True)
    assert request.note == {
        "municipality": None,
        "side": "serbia",
        "both_sides": False,
        "level": "elevated",
        "reasons": ["nlu:withheld_wages:0.80"],
        "screening": [],
        "consent": "history",
        "language": "en",
        "wish": None,
    }
    assert [type(one) for one in person.effects].index(type(request)) < [type(one) for one in person.effects].index(Say)


def test_who_starts_fresh_keeps_back_what_they_answered(person: Scene) -> None:
    person.presses("do:screening")
    person.presses("screen:safe:watched")
    asks_for_a_person(person)
    person.presses("consent:atina:fresh")

    assert person.handoff is not None
    assert not person.handoff.with_history
    assert person.handoff.note["screening"] == []
    assert person.handoff.note["consent"] == "fresh"
    assert person.handoff.note["level"] == "elevated"
    assert person.state.answers == ()


def test_the_other_organisation_can_always_be_chosen(person: Scene) -> None:
    asks_for_a_person(person)
    person.presses("consent:pvpt:ask")
    assert person.text("routing.wish") in person.texts[0]
    person.presses("consent:pvpt:history")
    assert person.handoff is not None
    assert (person.handoff.organisation, person.handoff.note["wish"]) == ("pvpt", "pvpt")


def test_not_now_passes_on_nothing(person: Scene) -> None:
    asks_for_a_person(person)
    person.presses("consent:no")
    assert person.handoff is None
    assert person.texts == [person.text("consent.no")]


def test_a_typed_yes_counts_only_while_it_is_asked(person: Scene) -> None:
    asks_for_a_person(person)
    person.writes("is it free", ("ask_cost", 0.9))
    person.writes("yes", ("affirm", 0.9))
    assert person.handoff is None

    person.commands("person")
    person.writes("yes", ("affirm", 0.9))
    assert person.handoff is not None


def test_a_yes_to_a_message_of_an_earlier_conversation_is_asked_again(person: Scene) -> None:
    person.presses_old("consent:atina:history")
    assert person.handoff is None
    assert "consent:atina:history" in person.values

    person.presses("consent:atina:history")
    assert person.handoff is not None


def test_out_of_hours_the_other_organisation_is_named_but_not_chosen(person: Scene) -> None:
    person.around = replace(person.around, duty={"atina": ASLEEP, "pvpt": AWAKE})
    asks_for_a_person(person)
    assert person.text("consent.closed", when="Thursday, 08:00") in person.texts[-1]
    assert person.text("consent.other_now", organisation="PVPT, Prishtina") in person.texts[-1]
    assert person.values[0] == "consent:atina:history"


def test_where_nobody_can_be_asked_the_lines_are_named(person: Scene) -> None:
    person.around = replace(person.around, duty={})
    asks_for_a_person(person)
    assert person.texts[-1].startswith(person.text("consent.nobody"))
    assert "192" in person.texts[-1]


def test_an_organisation_without_a_name_in_the_content_is_not_offered(person: Scene) -> None:
    person.around = replace(person.around, duty={"a-third": AWAKE, "atina": AWAKE})
    asks_for_a_person(person)
    assert not any("a-third" in value for value in person.values)


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_start_to_a_counsellor_in_six_taps_at_most(language: str) -> None:
    scene = Scene(hint=language)
    scene.commands("start")
    scene.presses("do:counsellor")
    scene.presses("side:skip")
    scene.presses(next(value for value in scene.values if value.endswith(":history")))
    assert scene.handoff is not None
    assert scene.taps <= 6


def test_the_promise_that_is_told_is_the_promise_that_is_kept(person: Scene) -> None:
    person.around = replace(person.around, ahead={"atina": 2})
    asks_for_a_person(person)
    person.presses("consent:atina:history")
    assert person.handoff is not None
    assert person.handoff.promised_at == datetime(2026, 3, 4, 19, 40, tzinfo=UTC)
    assert person.texts == [person.text("waiting.promise", organisation="Atina, Belgrade", when="20:40")]


def test_who_waits_for_one_can_go_over_to_the_other(person: Scene) -> None:
    asks_for_a_person(person)
    person.presses("consent:atina:history")
    person.commands("person")
    person.presses("consent:pvpt:ask")
    person.presses("consent:pvpt:history")
    assert person.handoff is not None
    assert person.handoff.organisation == "pvpt"


def test_asking_twice_asks_only_once(person: Scene) -> None:
    asks_for_a_person(person)
    person.presses("consent:atina:history")
    person.presses_old("consent:atina:history")
    assert person.handoff is None
    assert len(person.said) == 1
