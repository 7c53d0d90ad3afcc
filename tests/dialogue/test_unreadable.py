"""What can't be read is said to be so, once, and words that came with it count; a flood is read to its end."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue import effects, events
from bot.dialogue.events import Heard
from bot.dialogue.state import State
from nlu_data.judgement import rank
from responses.languages import LANGUAGES
from tests.dialogue.scene import Scene, alarm, content

KNIFE = Heard((), (alarm(),))
THREAT = Heard((), (alarm("high", "risk_threat_to_life"),))


@pytest.fixture
def talking(person: Scene) -> Scene:
    person.commands("person")
    person.presses("side:serbia")
    person.presses("consent:atina:history")
    person.counsellor_takes()
    return person


def rushes(scene: Scene, *texts: str, heard: Heard | None = None, first: bool = False) -> None:
    for number, text in enumerate(texts):
        rush = "first" if first and number == 0 else "more"
        scene.happens(events.Wrote(text, heard or Heard(()), scene.hint, rush))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("kind", "key"),
    [
        *((kind, "sent.voice") for kind in ("voice", "audio")),
        *((kind, "sent.photo") for kind in ("photo", "video", "video_note", "story", "paid_media")),
        *((kind, "sent.sticker") for kind in ("sticker", "dice", "animation")),
        *((kind, "sent.other") for kind in ("poll", "game", "other", "of_tomorrow")),
        *(("document", "sent.document"), ("contact", "sent.contact"), ("shared", "unreadable.shared")),
        *(("pinned", "unreadable.pinned"), ("timer", "unreadable.timer"), ("note", "unreadable.note")),
    ],
)
def test_each_kind_is_answered_in_words_with_a_way_to_a_person(language: str, kind: str, key: str) -> None:
    scene = Scene(hint=language)
    scene.commands("start")
    scene.sends(kind)
    assert scene.texts == [content().text(key, language)]
    assert "do:counsellor" in scene.values


def test_an_album_is_answered_once_and_all_its_words_are_read(person: Scene) -> None:
    person.sends("photo")
    assert person.texts == [person.text("sent.photo")]
    for _ in range(3):
        person.happens(events.Sent("photo", more=True))
        assert person.said == []
    person.happens(events.Sent("photo", "look what he did, he is at the door", KNIFE, more=True))
    assert "192" in person.texts[0]
    assert person.text("sent.photo") not in person.texts


def test_with_a_counsellor_there_an_album_is_answered_once_too(talking: Scene) -> None:
    talking.sends("photo")
    assert talking.texts == [talking.text("talking.only_text")]
    talking.happens(events.Sent("photo", more=True))
    assert talking.said == []


def test_with_a_counsellor_there_a_change_of_the_chat_asks_for_no_words(talking: Scene) -> None:
    talking.sends("pinned")
    assert talking.texts == [talking.text("unreadable.pinned")]
    assert talking.values == []


def test_a_position_that_moves_on_is_looked_at_once(person: Scene) -> None:
    person.happens(events.Located(("xk-prizren",), live=True))
    assert person.texts[-1] == person.text("unreadable.live")
    assert "place:xk-prizren" in person.values
    person.happens(events.Located(("xk-prizren",)))
    assert person.text("unreadable.live") not in person.texts


def test_danger_behind_a_command_is_answered_instead_of_it(person: Scene) -> None:
    person.happens(events.Command("menu", "he has a knife", heard=KNIFE))
    assert "192" in person.texts[0]
    assert person.around.level == "immediate"


def test_a_threat_behind_a_command_counts_and_the_command_is_done(person: Scene) -> None:
    person.happens(events.Command("privacy", "he says he will kill me", heard=THREAT))
    assert person.texts[0] == person.text("privacy.text")
    assert person.around.level == "high"


def test_who_wants_to_be_gone_is_gone_whatever_stands_behind_it(person: Scene) -> None:
    person.happens(events.Command("exit", "he has a knife", heard=KNIFE))
    assert person.around.paused
    assert person.texts == [person.text("leaving.line")]


def test_danger_behind_a_command_reaches_the_counsellor_and_is_answered_if_new(talking: Scene) -> None:
    talking.happens(events.Command("menu", "he has a knife", heard=KNIFE))
    assert talking.around.level == "immediate"
    assert "192" in talking.texts[0]


# many messages in a short time


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_too_many_gets_one_kind_word_and_the_rest_none(language: str) -> None:
    scene = Scene(hint=language)
    scene.commands("start")
    rushes(scene, "and", first=True)
    assert scene.texts == [content().text("flood.slowly", language)]
    assert scene.values == ["do:counsellor", "do:menu"]
    for _ in range(50):
        rushes(scene, "another line")
        assert scene.said == []


def test_danger_in_between_is_answered_once_each_time_that_it_comes_to_a_flood(person: Scene) -> None:
    for _ in range(2):
        rushes(person, "one", "two", first=True)
        rushes(person, "he has a knife", heard=KNIFE)
        assert "192" in person.texts[0]
        assert "consent:atina:history" in person.values
        rushes(person, "he has a knife", heard=KNIFE)
        assert person.said == []
        person.writes("hello", ("greet", 0.9))
        assert person.said != []


def test_a_threat_in_between_raises_the_level_and_offers_a_person(person: Scene) -> None:
    rushes(person, "he says he will kill me", heard=THREAT)
    assert person.around.level == "high"
    assert person.texts == [person.text("risk.person")]
    assert person.values == ["do:counsellor"]
    rushes(person, "he says he will kill me", heard=THREAT)
    assert person.said == []


def test_while_waiting_danger_in_a_flood_is_answered(person: Scene) -> None:
    person.commands("person")
    person.presses("side:serbia")
    person.presses("consent:atina:history")
    rushes(person, "one", first=True)
    rushes(person, "he has a knife", heard=KNIFE)
    assert "192" in person.texts[0]
    assert person.text("risk.waiting") in person.texts[0]


@pytest.mark.parametrize("label", ["Talk to a person", "Razgovor s osobom"])
def test_in_a_flood_the_ways_to_a_person_and_out_still_work(person: Scene, label: str) -> None:
    rushes(person, "one", "two", first=True)
    rushes(person, label)
    assert person.texts == [person.text("place.ask")]
    person.happens(events.Command("person", rush="more"))
    assert "consent:atina:history" in person.values
    person.presses_old("do:menu")
    assert person.said != []
    person.happens(events.Command("forget", rush="more"))
    assert person.texts == [person.text("leaving.forget_ask")]
    rushes(person, "no")
    assert person.texts == [person.text("leaving.kept")]
    person.happens(events.Command("menu", rush="more"))
    assert person.said == []
    person.happens(events.Command("exit", rush="more"))
    assert person.around.paused


def test_in_a_flood_a_yes_to_a_person_is_a_yes(person: Scene) -> None:
    rushes(person, "he has a knife", heard=KNIFE)
    rushes(person, "yes")
    assert person.handoff is not None


def test_pictures_in_a_flood_are_not_answered_one_by_one(talking: Scene) -> None:
    talking.happens(events.Sent("sticker", rush="more"))
    assert talking.said == []


floods = st.lists(
    st.one_of(
        st.builds(events.Wrote, st.text(max_size=9), st.sampled_from((Heard(()), KNIFE, THREAT)), rush=st.just("more")),
        st.builds(events.Sent, st.just("photo"), more=st.booleans(), rush=st.just("more")),
        st.builds(events.Command, st.sampled_from(("menu", "place", "x")), heard=st.just(KNIFE), rush=st.just("more")),
        st.builds(events.Edited, st.just("x"), st.sampled_from((Heard(()), KNIFE)), rush=st.just("more")),
        st.builds(events.Located, st.just(("rs-nis",)), live=st.booleans(), rush=st.just("more")),
    ),
    max_size=30,
)


@settings(max_examples=100, deadline=None)
@given(floods)
def test_whatever_a_flood_brings_is_answered_for_danger_alone_and_at_most_once(flood: list[events.Own]) -> None:
    person = Scene()
    person.commands("start")
    rushes(person, "one", first=True)
    shown = 0
    for event in flood:
        before = rank(person.state.level)
        person.happens(event)
        assert rank(person.state.level) >= before
        dangerous = getattr(event, "heard", Heard()).alarms != ()
        assert dangerous or person.said == []
        shown += sum(isinstance(one, effects.Say) and one.urgent for one in person.effects)
    assert shown == any(getattr(event, "heard", Heard()) == KNIFE for event in flood)


def test_in_a_pause_a_flood_is_silent_and_danger_is_noted(person: Scene) -> None:
    person.commands("exit")
    rushes(person, "one", "two", first=True)
    assert person.said == []
    rushes(person, "he has a knife", heard=KNIFE)
    assert person.said == []
    assert person.did(effects.Alarmed)
    assert person.around.level == "immediate"


def test_the_same_press_again_has_one_effect(person: Scene) -> None:
    person.commands("person")
    person.presses("side:serbia")
    person.presses("consent:atina:history")
    assert person.handoff is not None
    person.happens(events.Pressed("consent:atina:history", again=True))
    assert person.effects == ()


@pytest.mark.parametrize("value", ["do:exit", "forget:yes"])
def test_to_be_gone_can_be_pressed_again(person: Scene, value: str) -> None:
    person.happens(events.Pressed(value, again=True))
    assert person.did(effects.Pause if value == "do:exit" else effects.Forget)


def test_a_press_that_says_nothing_leads_to_the_menu(person: Scene) -> None:
    person.presses_old("")
    assert person.texts == [person.text("menu.old_button")]


def test_the_state_of_another_version_is_read_as_far_as_it_goes() -> None:
    kept = {"language": "sq", "level": "high", "flood_alarmed": "yes", "pending": "of_1999", "answers": [["a"]], "x": 1}
    scene = Scene(state=State.from_json(kept))
    assert scene.state == State(language="sq", level="high")
    scene.writes("a jeni aty", ("greet", 0.9))
    assert scene.said != []
    assert scene.state.level == "high"


def test_an_event_of_another_version_is_read_as_far_as_it_goes() -> None:
    assert events.from_json({"type": "wrote", "text": "hi", "of_tomorrow": [1]}) == events.Wrote("hi")
    assert events.from_json({"type": "pressed", "value": "do:menu", "again": "yes"}) == events.Pressed("do:menu")
    assert events.from_json({"type": "sent", "kind": "photo"}) == events.Sent("photo")
    assert events.from_json({"type": "located", "places": None}) == events.Located()
