"""Where the person is: asked once, never forced, always confirmed."""

from __future__ import annotations

import pytest

from tests.dialogue.scene import Scene, content


@pytest.mark.parametrize("text", ["Prizren", "u Prizrenu", "у Призрену", "jam në Prizren"])
def test_a_municipality_in_any_language_is_understood_and_confirmed(person: Scene, text: str) -> None:
    person.commands("place")
    person.writes(text, ("greet", 0.2))
    assert person.texts == [person.text("place.confirm", place="Prizren", side="Kosovo*")]

    person.presses("place:xk-prizren")
    assert person.texts == [person.text("place.noted", place="Prizren", side="Kosovo*")]
    assert (person.state.side, person.state.municipality) == ("kosovo", "xk-prizren")


def test_what_was_misunderstood_is_asked_again(person: Scene) -> None:
    person.commands("place")
    person.writes("Prizren", nlu_down=True)
    person.presses("place:no")
    assert person.texts == [person.text("place.unknown")]
    assert person.state.side is None


def test_it_is_asked_once_before_the_consent_and_skipping_is_fine(person: Scene) -> None:
    person.commands("person")
    assert person.texts == [person.text("place.ask")]
    person.presses("side:skip")
    assert person.texts[0] == person.text("place.skipped")
    assert "consent:no" in person.values

    person.presses("consent:no")
    person.commands("person")
    assert "consent:no" in person.values


def test_a_place_that_nobody_knows_does_not_stop_the_way_to_a_person(person: Scene) -> None:
    person.commands("person")
    person.writes("Xyzzq", nlu_down=True)
    assert person.texts == [person.text("place.unknown")]
    person.writes("Xyzzqq", nlu_down=True)
    assert "consent:no" in person.values


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Kosovo*", "kosovo"),
        ("na Kosovu", "kosovo"),
        ("Srbija", "serbia"),
        ("у Србији", "serbia"),
        ("abroad", "abroad"),
    ],
)
def test_the_side_alone_is_enough(person: Scene, text: str, side: str) -> None:
    person.commands("place")
    person.writes(text, ("greet", 0.2))
    assert person.state.side == side


def test_near_the_line_the_side_is_asked(person: Scene) -> None:
    near = [place.id for place in content().places.nearest(42.9, 20.87).places]
    person.shares(*near, near_line=True)
    assert person.texts == [person.text("place.which_side")]
    person.presses("side:kosovo")
    assert person.state.side == "kosovo"
    assert person.state.municipality in near


def test_a_position_away_from_the_line_is_confirmed(person: Scene) -> None:
    person.shares("xk-prizren")
    assert person.texts == [person.text("place.confirm", place="Prizren", side="Kosovo*")]


def test_a_position_far_from_everything_is_asked_for_in_words(person: Scene) -> None:
    person.shares()
    assert person.texts == [person.text("place.unknown")]
    assert "side:abroad" in person.values


def test_a_position_in_the_middle_of_the_way_to_a_person_goes_on_there(person: Scene) -> None:
    person.commands("person")
    person.shares("xk-prizren")
    person.presses("place:xk-prizren")
    assert "consent:pvpt:history" in person.values


def test_a_place_named_while_the_consent_waits_leads_back_to_it(person: Scene) -> None:
    person.commands("person")
    person.presses("side:skip")
    person.shares("xk-prizren")
    person.presses("place:xk-prizren")
    assert "consent:pvpt:history" in person.values

    person.commands("place")
    person.presses("side:serbia")
    assert "consent:atina:history" in person.values


def test_a_question_in_between_is_answered_and_the_place_asked_once_more(person: Scene) -> None:
    person.commands("person")
    person.writes("why do you need to know that at all", ("ask_anonymity", 0.9))
    assert person.texts == [person.answer("ask_anonymity"), person.text("place.ask")]
    person.presses("side:serbia")
    assert "consent:atina:history" in person.values


def test_two_places_in_one_text_are_both_offered(person: Scene) -> None:
    person.commands("place")
    person.writes("between Prizren and Leskovac", nlu_down=True)
    assert person.texts == [person.text("place.several")]
    assert {"place:xk-prizren", "place:no"} <= set(person.values)


def test_a_place_that_is_not_there_any_more_is_no_error(person: Scene) -> None:
    person.presses_old("place:atlantis")
    assert person.texts == [person.text("menu.old_button")]
    person.presses_old("side:moon")
    assert person.texts == [person.text("menu.old_button")]


def test_the_bare_name_of_a_place_is_a_place_whatever_the_nlu_takes_it_for(person: Scene) -> None:
    person.commands("place")
    person.writes("Novi Sad", ("deny", 0.9))
    assert person.state.candidates == ("rs-novi-sad",)
