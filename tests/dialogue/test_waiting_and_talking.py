"""In line, with a counsellor, and after."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.dialogue.events import Blocked, PromiseMissed, Unblocked
from handoff.roster import Duty
from tests.dialogue.scene import ASLEEP, Scene


@pytest.fixture
def waiting(person: Scene) -> Scene:
    person.commands("person")
    person.presses("side:serbia")
    person.presses("consent:atina:history")
    return person


@pytest.fixture
def talking(waiting: Scene) -> Scene:
    waiting.counsellor_takes()
    return waiting


def test_the_promise_is_a_time_of_day(waiting: Scene) -> None:
    assert waiting.texts == [waiting.text("waiting.promise", organisation="Atina, Belgrade", when="20:20")]
    assert waiting.said[0].keyboard


@pytest.mark.parametrize(
    ("language", "starts", "when"),
    [
        ("en", "Thursday, 08:00", "Thursday, 08:10"),
        ("sq", "e enjte, 08:00", "e enjte, 08:10"),
        ("sr-Latn", "četvrtak, 08:00", "četvrtak, 08:10"),
        ("sr-Cyrl", "четвртак, 08:00", "четвртак, 08:10"),
    ],
)
def test_out_of_hours_it_says_when_the_next_one_starts(language: str, starts: str, when: str) -> None:
    scene = Scene(hint=language)
    scene.around = replace(scene.around, duty={"atina": ASLEEP})
    scene.commands("start")
    scene.commands("person")
    scene.presses("side:serbia")
    scene.presses("consent:atina:history")
    name = scene.texts[0]
    assert starts in name
    assert when in name
    assert scene.texts[1].startswith(scene.text("waiting.meanwhile", lines="#").split("#")[0])


def test_without_any_shift_nothing_is_promised(person: Scene) -> None:
    person.around = replace(person.around, duty={"atina": Duty(False, None)})
    person.commands("person")
    person.presses("side:serbia")
    person.presses("consent:atina:history")
    assert person.handoff is not None
    assert person.handoff.promised_at is None
    assert person.texts[0] == person.text("waiting.unknown", organisation="Atina, Belgrade")


def test_a_shift_in_another_week_is_told_with_its_date(person: Scene) -> None:
    person.around = replace(person.around, duty={"atina": Duty(False, datetime(2026, 3, 16, 7, tzinfo=UTC))})
    person.commands("person")
    person.presses("side:serbia")
    assert "Monday 16. 3. 2026, 08:00" in person.texts[-1]


def test_small_talk_in_line_says_how_long_it_takes(waiting: Scene) -> None:
    waiting.writes("hello? anybody there?", ("greet", 0.9))
    assert waiting.texts == [waiting.text("waiting.noted", when="20:20")]
    waiting.time_passes(30)
    waiting.writes("hello?", ("greet", 0.9))
    assert waiting.texts == [waiting.text("waiting.noted_late")]


def test_questions_in_line_are_still_answered(waiting: Scene) -> None:
    waiting.writes("where can I sleep tonight", ("ask_shelter", 0.9))
    assert waiting.texts == [waiting.answer("ask_shelter")]
    waiting.writes("ok so", ("ask_cost", 0.1))
    assert waiting.texts == [waiting.text("waiting.noted", when="20:20")]


def test_a_missed_promise_is_told_with_what_else_there_is(waiting: Scene) -> None:
    waiting.happens(PromiseMissed())
    assert waiting.texts[0].startswith(waiting.text("waiting.missed"))
    assert waiting.values == ["do:stay", "consent:pvpt:ask", "do:later"]
    waiting.presses("do:stay")
    assert waiting.texts == [waiting.text("waiting.stay")]
    waiting.commands("person")
    assert waiting.texts == [waiting.text("waiting.noted_late")]


def test_a_promise_that_broke_after_the_take_says_nothing(talking: Scene) -> None:
    talking.happens(PromiseMissed())
    assert talking.said == []


def test_the_bot_says_who_is_there_and_then_keeps_silent(waiting: Scene) -> None:
    waiting.counsellor_takes()
    assert waiting.texts == [waiting.text("talking.started")]
    waiting.writes("thank you for being here", ("thanks", 0.9))
    assert waiting.said == []
    waiting.edits("thank you so much for being here", ("thanks", 0.9))
    assert waiting.said == []


def test_what_does_not_reach_the_counsellor_is_told(talking: Scene) -> None:
    talking.sends("photo")
    assert talking.texts == [talking.text("talking.only_text")]
    talking.shares("xk-prizren")
    assert talking.texts == [talking.text("talking.only_text")]


def test_commands_and_old_buttons_work_while_talking(talking: Scene) -> None:
    talking.commands("menu")
    assert "do:counsellor" in talking.values
    for value in (
        "do:counsellor",
        "do:screening",
        "do:place",
        "consent:atina:history",
        "place:xk-prizren",
        "side:serbia",
    ):
        talking.presses_old(value)
        assert talking.texts == [talking.text("talking.here")]
        assert talking.handoff is None
    talking.presses_old("lang:sq")
    assert talking.texts == [talking.text("language.set")]
    assert talking.around.language == "sq"


def test_given_back_is_told_and_nothing_is_lost(talking: Scene) -> None:
    talking.counsellor_gives_back()
    assert talking.texts == [talking.text("talking.gave_back")]
    talking.writes("hello?", ("greet", 0.9))
    assert talking.texts == [talking.text("waiting.noted_late")]


def test_after_the_end_a_new_conversation_begins(talking: Scene) -> None:
    talking.counsellor_closes()
    assert talking.texts == [talking.text("talking.closed")]
    talking.writes("is it free", ("ask_cost", 0.9))
    assert talking.texts == [talking.answer("ask_cost")]
    assert talking.state.level == "none"


def test_who_blocks_or_comes_back_is_not_written_to(person: Scene) -> None:
    for event in (Blocked(), Unblocked()):
        person.happens(event)
        assert person.effects == ()
