"""A municipality from a list of buttons."""

from __future__ import annotations

from dataclasses import replace

import pytest

from responses.languages import LANGUAGES
from tests.dialogue.scene import Scene, content


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("side", ["serbia", "kosovo"])
def test_every_municipality_is_reached_in_four_taps(person: Scene, side: str, language: str) -> None:
    person.state = replace(person.state, language=language)
    person.around = replace(person.around, language=language)
    person.commands("place")
    person.presses("do:list")
    person.presses(f"list:{side}")
    ranges = [value for value in person.values if value.startswith(f"list:{side}:")]
    assert all(len(button.label) <= 40 for row in person.said[0].buttons for button in row)
    reached = []
    for value in ranges:
        person.presses_old(value)
        reached += [value.removeprefix("place:") for value in person.values if value.startswith("place:")]
    assert sorted(reached) == sorted(place.id for place in content().places if place.side == side)


def test_the_choice_is_taken(person: Scene) -> None:
    person.commands("place")
    person.presses("do:list")
    person.presses("list:kosovo")
    person.presses("list:kosovo:0")
    value = next(value for value in person.values if value.startswith("place:"))
    person.presses(value)
    assert person.state.municipality == value.removeprefix("place:")
    assert person.state.side == "kosovo"


def test_the_cyrillic_list_follows_its_own_alphabet(person: Scene) -> None:
    person.state = replace(person.state, language="sr-Cyrl")
    person.around = replace(person.around, language="sr-Cyrl")
    person.presses_old("list:serbia")
    firsts = [button.label[0] for row in person.said[0].buttons for button in row]
    order = "АБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ"
    assert [order.index(one) for one in firsts] == sorted(order.index(one) for one in firsts)


def test_a_list_that_does_not_exist_leads_to_the_menu(person: Scene) -> None:
    for value in ("list:abroad", "list:serbia:99", "list:serbia:x", "list:"):
        person.presses_old(value)
        assert person.texts == [person.text("menu.old_button")]
