"""Leaving fast, and being forgotten."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.dialogue.effects import DeleteRecent, Forget, LeftQuickly, Pause, Resume, Say
from bot.dialogue.events import Closed, GaveBack, PromiseMissed, Took
from bot.dialogue.state import State
from tests.dialogue.scene import Scene, alarm

NOTHING_OF_OURS = ("help", "counsel", "Atina", "PVPT", "violence", "traffick", "bot", "delete")


@pytest.mark.parametrize("way", ["/exit", "button", "keyboard"])
@pytest.mark.parametrize("status", ["bot", "waiting", "taken"])
def test_every_way_out_deletes_pauses_and_leaves_one_harmless_line(person: Scene, way: str, status: str) -> None:
    person.around = replace(person.around, status=status)
    if way == "/exit":
        person.commands("exit")
    elif way == "button":
        person.presses_old("do:exit")
    else:
        person.writes("Izađi odmah", ("out_of_scope", 0.9))

    assert person.effects[0] == DeleteRecent()
    [line] = [effect for effect in person.effects if isinstance(effect, Say)]
    assert line.while_paused
    assert line.message.keyboard == ()
    assert line.message.buttons == ()
    assert not any(word.lower() in line.message.text.lower() for word in NOTHING_OF_OURS)
    assert person.did(LeftQuickly)
    assert person.did(Pause)


def test_while_paused_nothing_at_all_is_said(person: Scene) -> None:
    person.commands("exit")
    person.writes("hi who is this", ("greet", 0.9))
    assert person.effects == ()
    for event in (Took(), GaveBack(), PromiseMissed(), Closed()):
        person.happens(event)
        assert person.effects == ()
    for command in ("menu", "person", "language", "place", "privacy", "help"):
        person.commands(command)
        assert person.effects == ()
    person.presses_old("do:counsellor")
    assert person.effects == ()
    person.sends("voice")
    assert person.effects == ()


def test_danger_written_while_paused_is_noted_in_silence(person: Scene) -> None:
    person.commands("exit")
    person.writes("he is at the door", alarms=(alarm(),))
    assert person.said == []
    assert person.around.level == "immediate"


def test_leaving_once_more_deletes_once_more_in_silence(person: Scene) -> None:
    person.commands("exit")
    person.commands("exit")
    assert person.effects == (DeleteRecent(),)


def test_start_ends_the_pause(person: Scene) -> None:
    person.commands("exit")
    person.commands("start")
    assert person.effects[0] == Resume()
    assert person.texts == [person.text("welcome.about"), person.text("welcome.ask")]


@pytest.mark.parametrize("status", ["waiting", "taken"])
def test_start_goes_on_where_it_was(person: Scene, status: str) -> None:
    person.around = replace(person.around, status=status)
    person.commands("exit")
    person.commands("start")
    assert person.texts == [person.text("welcome.resumed")]
    assert person.said[0].keyboard


def test_forget_asks_once_and_then_all_goes(person: Scene) -> None:
    person.writes("something", ("risk_threat_to_life", 0.9))
    person.commands("forget")
    assert person.texts == [person.text("leaving.forget_ask")]
    assert not person.did(Forget)

    person.presses("forget:yes")
    assert [type(effect) for effect in person.effects] == [DeleteRecent, Forget, Say]
    assert person.state == State()
    assert person.said[0].keyboard == ()


def test_forget_can_be_taken_back(person: Scene) -> None:
    person.commands("forget")
    person.presses("forget:no")
    assert person.texts == [person.text("leaving.kept")]
    person.commands("forget")
    person.writes("no", nlu_down=True)
    assert person.texts == [person.text("leaving.kept")]
    assert not person.did(Forget)


def test_a_typed_yes_is_enough(person: Scene) -> None:
    person.commands("forget")
    person.writes("po", nlu_down=True)
    assert person.did(Forget)


def test_a_yes_much_later_forgets_nothing(person: Scene) -> None:
    person.commands("forget")
    person.writes("is it free", ("ask_cost", 0.9))
    person.writes("yes", ("affirm", 0.9))
    assert not person.did(Forget)


def test_forget_while_paused_is_done_without_a_word(person: Scene) -> None:
    person.commands("exit")
    person.commands("forget")
    assert person.effects == (DeleteRecent(), Forget())


def test_after_forget_it_is_a_first_contact_again(person: Scene) -> None:
    person.commands("forget")
    person.presses("forget:yes")
    person.commands("start")
    assert len(person.said) == 3
    assert "lang:en" in person.values


def test_privacy_says_what_is_stored_and_how_to_destroy_it(person: Scene) -> None:
    person.commands("privacy")
    assert person.texts == [person.text("privacy.text")]
    assert "do:forget" in person.values
