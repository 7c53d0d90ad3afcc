"""How urgent it is, and what is said when it is a matter of now."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.dialogue.effects import Say, SetLevel
from tests.dialogue.scene import ASLEEP, AWAKE, Scene, alarm, content


@pytest.mark.parametrize(
    ("guesses", "level"),
    [
        ((("ask_cost", 0.9),), "none"),
        ((("ask_cost", 0.7), ("risk_self_harm", 0.16)), "none"),
        ((("ask_cost", 0.6), ("risk_self_harm", 0.15), ("risk_danger_now", 0.10)), "elevated"),
        ((("ask_cost", 0.4), ("risk_self_harm", 0.25), ("risk_danger_now", 0.25)), "high"),
        ((("risk_threat_to_life", 0.99),), "high"),
        ((("withheld_wages", 0.5),), "elevated"),
        ((("partner_violence", 0.50),), "elevated"),
        ((("partner_violence", 0.49),), "none"),
        ((("ask_what_is_trafficking", 0.9),), "none"),
    ],
)
def test_the_nlu_raises_the_level_by_all_dangers_together(
    person: Scene, guesses: tuple[tuple[str, float], ...], level: str
) -> None:
    person.writes("something", *guesses)
    assert person.around.level == level
    assert bool(person.state.reasons) == (level != "none")


def test_the_lexicons_level_counts_as_it_is_and_its_rule_is_the_reason(person: Scene) -> None:
    person.writes("something", ("ask_cost", 0.4), alarms=(alarm("elevated", "risk_being_moved"),))
    assert person.around.level == "elevated"
    assert person.state.reasons == ("lexicon:en/danger/of-a-test@1",)


def test_the_level_never_falls_by_itself(person: Scene) -> None:
    person.writes("something", ("risk_threat_to_life", 0.9))
    person.writes("is it free", ("ask_cost", 0.9))
    assert not person.did(SetLevel)
    assert person.state.level == "high"


def test_when_it_becomes_serious_a_person_is_offered(person: Scene) -> None:
    person.writes("mixed", ("ask_cost", 0.4), ("risk_self_harm", 0.3), ("risk_danger_now", 0.25))
    assert "do:counsellor" in person.values


def test_in_an_emergency_the_numbers_come_first_and_one_tap_brings_a_person(person: Scene) -> None:
    person.writes("he is at the door with a knife", alarms=(alarm(),))

    first = next(effect for effect in person.effects if isinstance(effect, Say))
    assert first.urgent
    assert first.essential
    assert first.message.text.startswith(content().emergency("en", None))
    assert "Atina" in first.message.text or "PVPT" in first.message.text
    assert "would see" in first.message.text
    assert [row[0].value for row in first.message.buttons][1:] == ["do:safe", "do:exit"]

    person.presses(first.message.buttons[0][0].value)

    assert person.handoff is not None
    assert person.handoff.with_history
    assert person.handoff.note["level"] == "immediate"
    assert person.around.status == "waiting"


def test_the_emergency_never_asks_for_the_place(person: Scene) -> None:
    person.writes("he is at the door", alarms=(alarm(),))
    person.commands("person")
    assert person.values[0].startswith("consent:")


def test_a_place_named_in_an_emergency_brings_its_numbers(person: Scene) -> None:
    person.writes("he is at the door", alarms=(alarm(),))
    person.presses("do:place")
    person.presses("side:abroad")
    assert person.texts[1].startswith(person.text("emergency.abroad"))
    assert "consent:" in person.values[0]


def test_the_same_danger_again_shows_the_numbers_without_the_advice(person: Scene) -> None:
    person.writes("he is at the door", alarms=(alarm(),))
    assert len(person.said) == 2
    person.writes("he is at the door!", alarms=(alarm(),))
    assert len(person.said) == 1
    assert "192" in person.texts[0]


def test_not_in_danger_is_heard_but_the_level_stays(person: Scene) -> None:
    person.writes("he is at the door", alarms=(alarm(),))
    person.presses("do:safe")
    assert person.texts == [person.text("risk.safe")]
    assert person.state.level == "immediate"


def test_a_typed_yes_brings_a_person_and_a_typed_no_does_not(person: Scene) -> None:
    person.writes("he is at the door", alarms=(alarm(),))
    person.writes("no", nlu_down=True)
    assert person.texts == [person.text("consent.no")]
    assert person.handoff is None

    person.writes("he is at the door", alarms=(alarm(),))
    person.writes("yes", nlu_down=True)
    assert person.handoff is not None


def test_pressing_a_danger_of_now_is_an_emergency(person: Scene) -> None:
    person.presses_old("intent:risk_danger_now")
    assert "192" in person.texts[0]
    assert person.around.level == "immediate"


def test_in_an_emergency_somebody_awake_goes_before_somebody_asleep() -> None:
    scene = Scene()
    scene.around = replace(scene.around, duty={"atina": ASLEEP, "pvpt": AWAKE})
    scene.commands("start")
    scene.presses_old("lang:sr-Latn")
    scene.writes("on je na vratima", alarms=(alarm(),))
    assert scene.values[0] == "consent:pvpt:history"


def test_an_emergency_out_of_hours_does_not_pretend(person: Scene) -> None:
    person.around = replace(person.around, duty={"atina": ASLEEP, "pvpt": ASLEEP})
    person.writes("he is at the door", alarms=(alarm(),))
    assert "do not wait" in person.texts[0]

    person.around = replace(person.around, duty={})
    person.writes("he is at the door", alarms=(alarm(),))
    assert person.text("risk.nobody") in person.texts[0]
    assert not any(value.startswith("consent:") for value in person.values)


def test_danger_while_waiting_shows_the_numbers(person: Scene) -> None:
    person.around = replace(person.around, status="waiting")
    person.writes("he is at the door", alarms=(alarm(),))
    assert person.around.level == "immediate"
    assert person.text("risk.waiting") in person.texts[0]


def test_danger_while_talking_is_shown_once_for_each_rise(person: Scene) -> None:
    person.around = replace(person.around, status="waiting")
    person.counsellor_takes()

    person.writes("he said he would hit me", alarms=(alarm("high"),))
    assert person.said == []
    assert person.around.level == "high"

    person.writes("he is at the door", alarms=(alarm(),))
    assert person.text("risk.talking") in person.texts[0]

    person.writes("he is at the door!!", alarms=(alarm(),))
    assert person.said == []
