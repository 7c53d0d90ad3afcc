"""The questions: offered, never forced."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue import events, screening
from bot.dialogue.draft import Draft
from bot.dialogue.effects import Say
from bot.dialogue.state import State
from bot.dialogue.step import step
from bot.dialogue.surroundings import Surroundings
from handoff.console import pages
from nlu_data.judgement import rank
from responses.content import Content
from responses.languages import LANGUAGES
from tests.dialogue.scene import Scene, alarm, content

INSTRUMENTS = content().instruments


def words(name: str, level: str) -> str:
    return content().result(name, level, "en", None)


def intro(person: Scene, name: str) -> str:
    return f"{INSTRUMENTS[name].intro('en')}\n\n{person.text('screening.intro')}"


def answers(person: Scene, name: str, **values: str) -> None:
    """Answers the questions that come, and skips the others, until none comes."""
    while (value := next((one for one in person.values if one.endswith(":skip")), None)) is not None:
        question = value.split(":")[-2]
        person.presses(value.removesuffix("skip") + values.get(question, "skip"))


# asking


def test_each_question_says_why_and_can_be_skipped_or_stopped(person: Scene) -> None:
    person.presses("do:screening")
    assert person.texts[0] == person.text("screening.intro")
    assert "child" in person.texts[0]
    for question in content().screening.questions:
        assert question.text("en") in person.texts[-1]
        assert question.why("en") in person.texts[-1]
        assert "screen:stop" in person.values
        person.presses(f"screen:{question.id}:skip")
    assert person.texts == [words("short", "none")]
    assert person.around.level == "none"


@pytest.mark.parametrize("name", sorted(set(INSTRUMENTS) - {"short"}))
def test_each_set_of_questions_begins_with_what_it_is_about_and_what_must_be_reported(person: Scene, name: str) -> None:
    person.presses_old(f"do:screening:{name}")
    assert person.texts[0] == intro(person, name)
    assert "they must report" in person.texts[0] or "must report it by law" in person.texts[0]
    answers(person, name)
    assert person.texts == [words(name, "none")]
    assert person.around.level == "none"
    assert "do:counsellor" in person.values


def test_stop_stops(person: Scene) -> None:
    person.presses("do:screening")
    person.presses("screen:stop")
    assert person.texts == [person.text("screening.stopped")]
    assert person.state.pending is None
    assert "do:counsellor" in person.values


def test_an_answer_that_means_now_ends_the_questions(person: Scene) -> None:
    person.presses("do:screening")
    person.presses("screen:safe:now")
    assert "192" in person.texts[0]
    assert person.texts[1] == words("short", "immediate")
    assert person.around.level == "immediate"
    assert "screening:safe=now" in person.state.reasons
    assert not any(value.startswith("screen:") for value in person.values)


def test_a_plan_ends_the_questions_about_living(person: Scene) -> None:
    person.presses_old("do:screening:living")
    person.presses("screen:living:living:yes")
    person.presses("screen:living:act:no")
    person.presses("screen:living:how:plan")
    assert "192" in person.texts[0]
    assert person.texts[1] == words("living", "immediate")
    assert person.around.level == "immediate"
    assert person.state.reasons == ("screening:living=yes", "screening:living.how=plan")


def test_strong_signs_raise_the_level_and_a_person_is_offered(person: Scene) -> None:
    person.presses("do:screening")
    for question in content().screening.questions:
        strong = next((one.value for one in question.options if one.sign == "strong"), "skip")
        person.presses(f"screen:{question.id}:{strong}")
    assert person.around.level == "high"
    assert person.texts == [words("short", "high")]
    assert person.values[0] == "do:counsellor"


def test_an_answer_may_be_written(person: Scene) -> None:
    person.presses("do:screening")
    person.writes("yes", nlu_down=True)
    person.writes("no", nlu_down=True)
    person.writes("only with permission!", ("greet", 0.2))
    assert dict(person.state.answers) == {"safe": "yes", "age": "no", "leave": "sometimes"}


def test_free_text_in_the_middle_is_answered_and_the_question_comes_back_once(person: Scene) -> None:
    person.presses("do:screening")
    question = person.texts[-1]

    person.writes("does this cost anything", ("ask_cost", 0.9))
    assert person.texts == [person.answer("ask_cost"), question]

    person.writes("and when are you there", ("ask_hours", 0.9))
    assert person.texts == [person.answer("ask_hours")]

    person.presses_old("screen:safe:yes")  # the button on the screen still works
    assert dict(person.state.answers) == {"safe": "yes"}


def test_free_text_in_the_middle_of_other_questions_comes_back_to_those(person: Scene) -> None:
    person.presses_old("do:screening:home")
    person.presses("screen:home:safe:yes")
    question = person.texts[-1]
    person.writes("does this cost anything", ("ask_cost", 0.9))
    assert person.texts == [person.answer("ask_cost"), question]
    assert "screen:home:age:yes" in person.values


def test_danger_in_the_middle_comes_before_any_question(person: Scene) -> None:
    person.presses("do:screening")
    person.writes("he is at the door", alarms=(alarm(),))
    assert "192" in person.texts[0]
    assert not any(value.startswith("screen:") for value in person.values)


@pytest.mark.parametrize(
    "value",
    [
        *("screen:kept:yes", "screen:nothing:yes", "screen:safe:perhaps", "screen:", "screen:home:weapon:yes"),
        *("screen:moon:safe:yes", "screen:home:nothing:yes", "screen:a:b:c:d", "do:screening:moon", "do:screening:"),
    ],
)
def test_an_old_or_unknown_answer_leads_to_the_menu(person: Scene, value: str) -> None:
    person.presses_old(value)
    assert person.texts == [person.text("menu.old_button")]
    assert person.around.level == "none"


# coming back


def test_stopped_questions_go_on_where_they_stopped_after_another_topic(person: Scene) -> None:
    person.presses_old("do:screening:home")
    person.presses("screen:home:safe:yes")
    person.presses("screen:home:age:no")
    person.presses("screen:home:hurt:yes")
    person.presses("screen:home:worse:no")
    question = person.texts[-1]
    person.presses("screen:stop")
    assert person.values[0] == "do:screening:home"
    person.writes("does this cost anything", ("ask_cost", 0.9))

    person.presses_old("do:screening:home")
    assert person.texts[0] == person.text("screening.resumed")
    assert INSTRUMENTS["home"].questions[0].text("en") in person.texts[1]  # whether it is safe may have changed
    person.presses("screen:home:safe:yes")
    assert person.texts == [question]


def test_they_go_on_after_months_with_what_an_older_version_kept(person: Scene) -> None:
    kept = {"language": "en", "answers": [["safe", "yes"], ["leave", "yes"]], "pending": "screening"}
    person.state = State.from_json(json.loads(json.dumps(kept)))
    person.time_passes(60 * 24 * 100)
    person.presses_old("screen:kept:yes")  # the old button, on the screen since then
    assert dict(person.state.answers)["kept"] == "yes"
    assert person.around.level == "elevated"
    person.presses("screen:age:no")
    assert "screen:work:no" in person.values
    assert State.from_json({"instrument": 7}).instrument is None


def test_questions_of_an_unknown_name_are_the_short_ones(person: Scene) -> None:
    person.commands("menu")
    person.state = State.from_json(person.state.to_json() | {"pending": "screening", "instrument": "of_tomorrow"})
    person.writes("yes", nlu_down=True)
    assert dict(person.state.answers) == {"safe": "yes"}


def test_who_asks_for_them_again_is_asked_again(person: Scene) -> None:
    person.presses("do:screening")
    answers(person, "short", safe="yes", age="no", kept="yes")
    person.presses_old("do:screening")
    assert person.texts[0] == person.text("screening.intro")
    assert "screen:safe:yes" in person.values
    assert person.state.answers == ()
    assert person.around.level == "elevated"  # it never falls by itself


# from one to another


def test_thoughts_of_not_living_offer_the_questions_about_them_and_they_do_not_repeat(person: Scene) -> None:
    person.presses("do:screening")
    answers(person, "short", age="no", living="yes")
    assert person.texts == [words("short", "elevated")]
    person.presses("do:screening:living")
    assert person.texts[0] == intro(person, "living")
    assert "screen:living:act:no" in person.values  # the first was answered


def test_who_is_under_18_goes_on_in_the_way_for_children(person: Scene) -> None:
    person.presses("do:screening")
    person.presses("screen:safe:yes")
    person.presses("screen:age:yes")
    assert person.texts[0] == intro(person, "child")
    assert "report it by law" in person.texts[0]
    assert "screen:child:place:yes" in person.values  # who it is about is known
    answers(person, "child", hurt="yes")
    assert person.texts == [words("child", "high")]
    assert content().resource("child_line", "en", None) in person.texts[0]
    assert person.around.level == "high"
    assert not any(key.startswith("child.child") for key, _ in person.state.answers)


def test_who_pressed_under_18_by_mistake_can_correct_it(person: Scene) -> None:
    person.presses("do:screening")
    person.presses("screen:safe:yes")
    person.presses("screen:age:yes")
    person.presses_old("screen:age:no")
    assert "screen:leave:yes" in person.values
    person.presses_old("screen:age:yes")
    answers(person, "child")
    person.presses_old("do:screening")
    assert "screen:safe:yes" in person.values
    assert person.state.answers == ()


def test_a_checklist_ends_with_what_to_check_next(person: Scene) -> None:
    person.presses_old("do:screening:job_offer")
    answers(person, "job_offer", contract="later", hurry="fast")
    assert person.texts == [words("job_offer", "elevated")]
    assert "contract" in person.texts[0]
    assert person.values[0] == "do:counsellor"
    assert "intent:ask_safe_travel" in person.values


# with a counsellor


def test_the_counsellor_reads_questions_and_answers_in_words(person: Scene) -> None:
    person.presses_old("do:screening:home")
    answers(person, "home", safe="yes", age="no", hurt="yes", strangled="yes")
    person.presses("do:counsellor")
    person.presses("side:skip")
    person.presses(next(value for value in person.values if value.endswith(":history")))
    assert person.handoff is not None
    note = person.handoff.note

    facts = pages.note_facts(note, content(), "sq", lambda text: text)
    home = INSTRUMENTS["home"]
    strangled, weapon = home.question("strangled"), home.question("weapon")
    assert strangled is not None
    assert weapon is not None
    assert (strangled.text("sq"), "Po") in facts
    assert (weapon.text("sq"), "not known") in facts
    assert f"{strangled.text('sq')} Po" in dict(facts)["Reasons"]
    assert "screening:" not in dict(facts)["Reasons"]


@pytest.mark.parametrize(
    "reason", ["lexicon:en/danger/x@1", "nlu:risk_self_harm:0.90", "screening:of_tomorrow=yes", "screening:", ""]
)
def test_a_reason_that_is_no_answer_of_ours_is_shown_as_it_was_kept(reason: str) -> None:
    assert pages.reason_in_words(reason, content(), "en", str) == reason


def test_with_a_counsellor_there_no_question_is_asked(person: Scene) -> None:
    person.presses("do:screening")
    person.counsellor_takes()
    for value in ("do:screening:home", "screen:safe:now", "screen:stop"):
        person.presses_old(value)
        assert person.texts == [person.text("talking.here")]


@pytest.mark.parametrize("language", sorted(code for code, one in content().languages.items() if one.core))
def test_who_chooses_a_language_without_questions_in_the_middle_is_offered_a_person(language: str) -> None:
    everything = Content.load(unreviewed=True)
    around = Surroundings(datetime(2026, 3, 4, tzinfo=UTC), {}, {}, language="en")
    asked = State(language="en", pending="screening", answers=(("safe", "yes"),))
    state, done = step(asked, events.Pressed(f"lang:{language}", None), everything, around)
    said = [one.message for one in done if isinstance(one, Say)]
    assert everything.no_questions(language) in said
    assert "do:counsellor" in {button.value for row in said[-1].buttons for button in row}
    assert state.pending is None

    draft = Draft(state, everything, replace(around, language=language))
    assert screening.pressed(draft, "safe:now")  # the button on the screen still counts
    assert draft.is_urgent
    assert draft.state.level == "immediate"


# whatever happens

VALUES = [
    *(f"do:{one.action}" for one in INSTRUMENTS.values()),
    *(
        one.button(question, value)
        for one in INSTRUMENTS.values()
        for question in one.questions
        for value in ("skip", *(option.value for option in question.options))
    ),
    *("screen:stop", "do:menu", "intent:ask_cost", "screen:home:moon:yes"),
]
happened = st.lists(
    st.builds(events.Pressed, st.sampled_from(VALUES), st.none())
    | st.builds(events.Wrote, st.sampled_from(("yes", "no", "skip")), st.just(events.Heard()), st.none()),
    max_size=15,
)


@settings(max_examples=150, deadline=None)
@given(happened, st.sampled_from(LANGUAGES))
def test_any_order_of_buttons_is_answered_briefly_and_the_level_never_falls(
    pressed: list[events.Own], language: str
) -> None:
    state, around = State(language=language), Surroundings(datetime(2026, 3, 4, tzinfo=UTC), {}, {}, language=language)
    for event in pressed:
        before = rank(state.level)
        state, done = step(state, event, content(), around)
        said = [one.message for one in done if isinstance(one, Say)]
        assert said
        assert all(0 < len(one.text) <= 600 for one in said)
        assert all(len(each.value.encode()) <= 64 for one in said for row in one.buttons for each in row)
        assert rank(state.level) >= before
        assert State.from_json(json.loads(json.dumps(state.to_json()))) == state


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(sorted(INSTRUMENTS)), st.sampled_from(LANGUAGES))
def test_whatever_is_answered_the_questions_end(data: st.DataObject, name: str, language: str) -> None:
    person = Scene(hint=language)
    person.presses_old(f"do:{INSTRUMENTS[name].action}")
    for _ in range(12 + 12):  # and once more where somebody is under 18
        choices = [value for value in person.values if value.startswith("screen:") and value != "screen:stop"]
        if not choices:
            break
        person.presses(data.draw(st.sampled_from(choices)))
    assert not any(value.startswith("screen:") for value in person.values)
    assert person.state.pending != "screening"
    assert any(value.startswith(("do:counsellor", "consent:")) for value in person.values)
