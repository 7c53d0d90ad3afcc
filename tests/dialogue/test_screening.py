"""The questions: offered, never forced."""

from __future__ import annotations

from tests.dialogue.scene import Scene, alarm, content


def test_each_question_says_why_and_can_be_skipped_or_stopped(person: Scene) -> None:
    person.presses("do:screening")
    assert person.texts[0] == person.text("screening.intro")
    assert "child" in person.texts[0]
    for question in content().screening.questions:
        assert question.text("en") in person.texts[-1]
        assert question.why("en") in person.texts[-1]
        assert "screen:stop" in person.values
        person.presses(f"screen:{question.id}:skip")
    assert person.texts == [person.text("screening.none")]
    assert person.around.level == "none"


def test_stop_stops(person: Scene) -> None:
    person.presses("do:screening")
    person.presses("screen:stop")
    assert person.texts == [person.text("screening.stopped")]
    assert person.state.pending is None


def test_an_answer_that_means_now_ends_the_questions(person: Scene) -> None:
    person.presses("do:screening")
    person.presses("screen:safe:now")
    assert "192" in person.texts[0]
    assert person.around.level == "immediate"
    assert "screening:safe=now" in person.state.reasons
    assert not any(value.startswith("screen:") for value in person.values)


def test_strong_signs_raise_the_level_and_a_person_is_offered(person: Scene) -> None:
    person.presses("do:screening")
    for question in content().screening.questions:
        strong = next((one.value for one in question.options if one.sign == "strong"), "skip")
        person.presses(f"screen:{question.id}:{strong}")
    assert person.around.level == "high"
    assert person.texts == [person.text("screening.high")]
    assert person.values[0] == "do:counsellor"


def test_an_answer_may_be_written(person: Scene) -> None:
    person.presses("do:screening")
    person.writes("yes", nlu_down=True)
    person.writes("only with permission!", ("greet", 0.2))
    assert dict(person.state.answers) == {"safe": "yes", "leave": "sometimes"}


def test_free_text_in_the_middle_is_answered_and_the_question_comes_back_once(person: Scene) -> None:
    person.presses("do:screening")
    question = person.texts[-1]

    person.writes("does this cost anything", ("ask_cost", 0.9))
    assert person.texts == [person.answer("ask_cost"), question]

    person.writes("and when are you there", ("ask_hours", 0.9))
    assert person.texts == [person.answer("ask_hours")]

    person.presses_old("screen:safe:yes")  # the button on the screen still works
    assert dict(person.state.answers) == {"safe": "yes"}


def test_danger_in_the_middle_comes_before_any_question(person: Scene) -> None:
    person.presses("do:screening")
    person.writes("he is at the door", alarms=(alarm(),))
    assert "192" in person.texts[0]
    assert not any(value.startswith("screen:") for value in person.values)


def test_an_old_or_unknown_answer_leads_to_the_menu(person: Scene) -> None:
    for value in ("screen:kept:yes", "screen:nothing:yes", "screen:safe:perhaps", "screen:"):
        person.presses_old(value)
        assert person.texts == [person.text("menu.old_button")]
        assert person.around.level == "none"
