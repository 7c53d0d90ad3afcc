"""Papers, courts and family on both sides: the answer is by the matter, not only by where the person is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from responses.languages import LANGUAGES
from tests.dialogue.scene import Scene, content

ACROSS = [intent for intent, answer in content().answers.items() if "across" in answer.where]


def text(intent: str, side: str | None, language: str = "en") -> str:
    return content().answer(intent, language, side).text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("side", ["serbia", "kosovo"])
def test_both_sides_and_back(person: Scene, side: str, language: str) -> None:
    person.state = replace(person.state, side=side, language=language)
    person.around = replace(person.around, language=language)
    person.presses_old("intent:ask_documents_recognised")
    assert person.texts == [text("ask_documents_recognised", side, language)]
    person.presses("do:both_sides")
    assert person.texts == [text("ask_documents_recognised", "across", language)]
    person.presses("do:one_side")
    assert person.texts == [text("ask_documents_recognised", side, language)]


def test_it_stays_for_the_next_topic_and_the_counsellor_is_told(person: Scene) -> None:
    person.state = replace(person.state, side="serbia")
    person.presses_old("intent:ask_court")
    person.presses("do:both_sides")
    person.presses_old("intent:ask_residence_status")
    assert person.texts == [text("ask_residence_status", "across")]
    person.presses_old("do:counsellor")
    person.presses("consent:atina:history")
    assert person.handoff is not None
    assert person.handoff.note["both_sides"] is True


def test_nobody_is_asked_where_it_makes_no_difference(person: Scene) -> None:
    for side in (None, "abroad"):
        person.state = replace(person.state, side=side)
        person.presses_old("intent:ask_court")
        assert "do:both_sides" not in person.values
    person.state = replace(person.state, side="abroad", both_sides=True)
    person.presses_old("intent:ask_court")
    assert person.texts == [text("ask_court", "abroad")]
    person.state = replace(person.state, both_sides=False)
    person.state = replace(person.state, side="serbia")
    person.presses_old("intent:ask_cost")
    assert "do:both_sides" not in person.values


def test_an_old_button_without_a_topic_leads_to_the_menu(person: Scene) -> None:
    person.presses_old("do:both_sides")
    assert "do:counsellor" in person.values


def test_there_are_answers_for_both_sides() -> None:
    assert len(ACROSS) >= 15
