"""Safe hours, the safe sign, and being written to later."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.dialogue.discretion import LOCAL_TIME, NONE, STAYS, Discretion
from bot.dialogue.effects import Alarmed, DeleteHeard, Pause, Resume, Say, SetDiscretion
from tests.dialogue.scene import NOW, Scene, alarm

EVENING = (time(17), time(22))
NIGHT = (time(22), time(6))


def local(hour: int, minute: int = 0, day: int = 4) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=LOCAL_TIME).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "at", "allowed"),
    [
        (EVENING, local(17), True),
        (EVENING, local(21, 59), True),
        (EVENING, local(22), False),
        (EVENING, local(16, 59), False),
        (NIGHT, local(23), True),
        (NIGHT, local(5, 59), True),
        (NIGHT, local(6), False),
        (None, local(3), True),
    ],
)
def test_the_hours_are_local_and_may_cross_midnight(
    hours: tuple[time, time] | None, at: datetime, allowed: bool
) -> None:
    assert Discretion(hours).allows(at) is allowed


def test_when_it_falls_silent_and_speaks_again() -> None:
    by_hours, by_sign, both = Discretion(EVENING), Discretion(sign="plavo"), Discretion(EVENING, "plavo")
    assert by_hours.falls_silent_at(local(18)) == local(22)
    assert by_hours.speaks_again_at(local(23)) == local(17, day=5)
    assert by_sign.falls_silent_at(NOW) == both.falls_silent_at(NOW) == NOW + STAYS
    assert by_sign.speaks_again_at(NOW) is None
    assert both.speaks_again_at(NOW) is None
    assert NONE.falls_silent_at(NOW) is NONE.speaks_again_at(NOW) is None
    assert Discretion.from_json(both.to_json()) == both


def test_the_clock_jumping_in_spring_leaves_no_hole() -> None:
    before = datetime(2026, 3, 28, 23, 0, tzinfo=UTC)  # the night in which 2 o'clock becomes 3
    found = Discretion((time(2, 30), time(4))).speaks_again_at(before)
    assert found is not None
    assert before < found < before + timedelta(hours=3)


@pytest.mark.parametrize(
    "text", ["18-21", "od 18 do 21", "18:00 – 21:00", "from 18 to 21", "prej 18 deri në 21", "18h-21h"]
)
def test_hours_and_sign_are_chosen_in_words(person: Scene, text: str) -> None:
    person.commands("quiet")
    assert person.texts == [person.text("discreet.hours")]
    person.writes(text, ("out_of_scope", 0.4))
    assert person.texts == [person.text("discreet.sign")]
    person.writes("Plavo!", ("out_of_scope", 0.9))
    assert person.effects[:2] == (DeleteHeard(), SetDiscretion(Discretion((time(18), time(21)), "plavo")))
    assert person.texts == [person.text("discreet.set_both", hours="18:00–21:00")]
    assert "lavo" not in str(person.said)


def test_both_are_chosen_by_buttons(person: Scene) -> None:
    person.commands("quiet")
    person.presses("hours:evening")
    person.presses("sign:coffee")
    assert person.around.discretion.hours == EVENING
    assert person.around.discretion.sign
    person.commands("quiet")
    assert person.texts == [person.text("discreet.is_on")]
    person.presses("do:discreet_off")
    assert person.around.discretion == NONE


def test_nothing_chosen_changes_nothing(person: Scene) -> None:
    person.commands("quiet")
    person.presses("hours:any")
    person.presses("sign:none")
    assert person.around.discretion == NONE
    assert person.texts == [person.text("discreet.nothing")]


def test_danger_is_no_sign_and_no_hour(person: Scene) -> None:
    person.commands("quiet")
    person.presses("hours:any")
    person.writes("he is at the door", alarms=(alarm(),))
    assert not person.did(SetDiscretion)
    assert person.around.level == "immediate"
    assert person.did(Alarmed)


def test_only_the_sign_ends_the_silence(person: Scene) -> None:
    person.around = replace(person.around, paused=True, discretion=Discretion(None, "plavo"))
    for text in ("hi", "hello?", "who is this", "plavo nebo"):
        person.writes(text, ("greet", 0.9))
        assert person.said == []
    person.commands("start")
    assert not person.effects
    person.writes("PLAVO", ("out_of_scope", 0.9))
    assert person.effects[:2] == (DeleteHeard(), Resume())
    assert person.said != []


def test_outside_the_hours_not_even_start_is_answered(person: Scene) -> None:
    person.around = replace(person.around, paused=True, discretion=Discretion((time(8), time(12))))
    person.commands("start")
    assert person.effects == ()
    person.around = replace(person.around, now=local(9, day=5))
    person.commands("start")
    assert person.did(Resume)


def test_danger_in_the_silence_is_seen_by_those_on_duty_and_answered_by_nothing(person: Scene) -> None:
    person.around = replace(person.around, paused=True, discretion=Discretion(None, "plavo"))
    person.writes("he is at the door", alarms=(alarm(),))
    assert person.said == []
    assert person.did(Alarmed)


def test_a_line_at_a_time_that_suits(person: Scene) -> None:
    person.around = replace(person.around, now=NOW)
    person.presses_old("do:later")
    [first, *_] = [value for value in person.values if value.startswith("later:")]
    person.presses(first)
    [hello] = [one for one in person.effects if isinstance(one, Say) and one.at is not None]
    assert hello.at == datetime.fromisoformat(first.removeprefix("later:"))
    assert hello.at > NOW
    assert hello.while_paused
    assert hello.message.buttons == ()


@pytest.mark.parametrize("text", ["19:30", "u 19:30", "19.30h"])
def test_a_time_in_words_is_the_next_one(person: Scene, text: str) -> None:
    person.presses_old("do:later")
    person.writes(text, ("out_of_scope", 0.4))
    [hello] = [one for one in person.effects if isinstance(one, Say) and one.at is not None]
    assert hello.at == local(19, 30, day=5)  # it is 20:07 now


def test_an_old_time_asks_again(person: Scene) -> None:
    person.presses_old(f"later:{(NOW - timedelta(minutes=1)).isoformat()}")
    assert person.texts == [person.text("later.ask")]


def test_leaving_still_leaves(person: Scene) -> None:
    person.around = replace(person.around, discretion=Discretion(None, "plavo"))
    person.commands("exit")
    assert person.did(Pause)
