"""Free text: an answer, or did you mean, then the menu, then a person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.dialogue.effects import Forget, OfferAgain
from bot.dialogue.events import Heard
from nlu_data.judgement import MEANT_FROM
from tests.dialogue.scene import Scene, alarm

VAGUE = (("ask_court", 0.2), ("greet", 0.15), ("ask_shelter", 0.12), ("ask_cost", 0.1), ("ask_hours", 0.1))


def test_a_question_that_is_understood_gets_its_answer(person: Scene) -> None:
    person.writes("where can I sleep tonight", ("ask_shelter", MEANT_FROM))
    assert person.texts == [person.answer("ask_shelter")]


def test_the_answer_depends_on_the_place(person: Scene) -> None:
    person.writes("where can I sleep tonight", ("ask_shelter", 0.9))
    anywhere = person.texts[0]

    person.presses("do:place")
    person.presses("side:serbia")

    assert person.texts == [person.text("place.noted_side", side="Serbia"), person.answer("ask_shelter")]
    assert person.texts[1] != anywhere


def test_did_you_mean_then_the_menu_then_a_person(person: Scene) -> None:
    person.writes("hmm tja", *VAGUE)
    assert person.texts == [person.text("understanding.meant")]
    assert person.values == ["intent:ask_court", "intent:ask_shelter", "intent:ask_cost", "do:none"]

    person.writes("well you know", *VAGUE)
    assert person.texts == [person.text("understanding.menu")]
    assert "do:screening" in person.values

    person.writes("never mind that", *VAGUE)
    assert person.texts == [person.text("understanding.person")]
    assert person.values[0] == "do:counsellor"


def test_none_of_these_leads_to_the_menu_and_the_next_miss_to_a_person(person: Scene) -> None:
    person.writes("hmm tja", *VAGUE)
    person.presses("do:none")
    assert person.texts == [person.text("understanding.none")]

    person.writes("well you know", *VAGUE)
    assert person.texts == [person.text("understanding.person")]


def test_an_answer_in_between_starts_the_count_anew(person: Scene) -> None:
    person.writes("hmm tja", *VAGUE)
    person.writes("is it free", ("ask_cost", 0.8))
    person.writes("hmm tja", *VAGUE)
    assert person.texts == [person.text("understanding.meant")]


def test_yes_to_did_you_mean_takes_the_best_guess(person: Scene) -> None:
    person.writes("hmm tja", *VAGUE)
    person.writes("Yes!", ("affirm", 0.9))
    assert person.texts == [person.answer("ask_court")]


def test_a_lone_yes_is_only_small_talk(person: Scene) -> None:
    person.writes("yes", ("affirm", 0.9))
    assert person.texts == [person.answer("affirm")]
    assert person.handoff is None


def test_special_intents_do_what_they_ask_for(person: Scene) -> None:
    person.writes("can we speak another language", ("ask_change_language", 0.8))
    assert "lang:sr-Cyrl" in person.values

    person.writes("hello", ("greet", 0.8))
    assert person.texts == [person.answer("greet")]
    assert "do:screening" in person.values

    person.writes("I want a human", ("ask_human", 0.8))
    assert person.texts == [person.text("place.ask")]

    person.writes("erase all of this", ("ask_delete_chat", 0.8))
    assert person.texts == [person.text("leaving.forget_ask")]
    person.presses("forget:yes")
    assert person.did(Forget)


def test_without_nlu_menus_and_the_way_to_a_person_go_on(person: Scene) -> None:
    person.writes("my boss does not pay me", nlu_down=True)
    assert person.texts == [person.text("understanding.down")]
    assert "do:counsellor" in person.values

    person.writes("Yes", nlu_down=True)
    assert person.texts == [person.text("understanding.down")]


def test_without_nlu_the_lexicon_still_answers(person: Scene) -> None:
    person.writes("he said he will kill me", alarms=(alarm("high", "risk_threat_to_life"),), nlu_down=True)
    assert person.texts == [person.answer("risk_threat_to_life")]
    assert person.around.level == "high"


def test_a_name_that_the_model_knows_and_the_content_does_not_is_a_miss(person: Scene) -> None:
    person.writes("hmm", ("of_tomorrow", 0.9), ("ask_cost", 0.05))
    assert person.texts == [person.text("understanding.meant")]
    assert person.values == ["intent:ask_cost", "do:none"]


def test_a_place_is_taken_up_without_being_asked(person: Scene) -> None:
    person.writes("jam në Prizren", ("greet", 0.1))
    assert person.texts == [person.text("place.confirm", place="Prizren", side="Kosovo*")]


@pytest.mark.parametrize("label", ["Talk to a person", "Fol me një njeri", "Razgovor s osobom", "Разговор с особом"])
def test_the_keyboard_works_in_whichever_language_it_was_shown(person: Scene, label: str) -> None:
    person.writes(label, ("out_of_scope", 0.9))
    assert person.texts == [person.text("place.ask")]


def test_an_edited_text_is_not_answered_again(person: Scene) -> None:
    person.writes("where can I sleep", ("ask_shelter", 0.9))
    person.edits("where can I sleep tonight?", ("ask_shelter", 0.9))
    assert person.said == []

    person.edits("my boss does not pay me", ("withheld_wages", 0.9))
    assert person.texts == [person.answer("withheld_wages")]


def test_an_edited_text_counts_for_the_risk(person: Scene) -> None:
    person.edits("he is at the door", alarms=(alarm(),))
    assert "192" in person.texts[0]
    assert person.around.level == "immediate"

    person.edits("he is at the door!!", alarms=(alarm(),))
    assert person.said == []


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("voice", "voice"),
        ("photo", "photo"),
        ("video_note", "photo"),
        ("document", "document"),
        ("sticker", "sticker"),
        ("contact", "contact"),
        ("hologram", "other"),
    ],
)
def test_what_cannot_be_read_is_said_so(person: Scene, kind: str, key: str) -> None:
    person.sends(kind)
    assert person.texts == [person.text(f"sent.{key}")]
    assert "do:counsellor" in person.values


def test_words_under_a_picture_count_as_written(person: Scene) -> None:
    person.sends("photo", "he did this to me just now", Heard((), (alarm(),)))
    assert "192" in person.texts[0]
    assert person.texts[-1] == person.text("sent.photo")


def test_what_perhaps_never_arrived_is_offered_again(person: Scene) -> None:
    person.around = replace(person.around, missed=True)
    person.writes("is it free", ("ask_cost", 0.9))
    assert person.texts[-1] == person.text("again.offer")

    person.presses("do:again")
    assert person.did(OfferAgain)
    assert person.text("again.offer") not in person.texts
