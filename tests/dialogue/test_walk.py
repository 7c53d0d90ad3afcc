"""The random walk: thousands of persons to whom anything happens. No dead end, no fall of the risk, nothing raised."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from bot.dialogue.events import Command, Heard, Pressed, Wrote
from bot.dialogue.state import State
from tests.dialogue import walk
from tests.dialogue.happenings import Happening, Passes


def dead_ends(seed: int, sequences: int, *, exactly: bool) -> tuple[list[list[Happening]], int]:
    """The sequences that end where something that must always work doesn't; and at how many places all was tried."""
    random, known = Random(seed), set[tuple[object, ...]]()  # noqa: S311 - nothing secret
    lengths = (int(random.triangular(5, 41, 5)) for _ in range(sequences))
    found = [walk.go(random, length, known, exactly=exactly) for length in lengths]
    return [one for one in found if one is not None], len(known)


def test_a_walk_of_500_sequences_finds_no_dead_end() -> None:
    found, tried = dead_ends(1, 500, exactly=True)
    assert found == [], in_words(found)
    assert tried > 3_000


@pytest.mark.slow
def test_a_walk_of_10_000_sequences_finds_no_dead_end() -> None:
    found, tried = dead_ends(2, 10_000, exactly=False)
    assert found == [], in_words(found)
    assert tried > 15_000


def in_words(found: list[list[Happening]]) -> str:
    shown = [f"{walk.fails(one, checked=True)} after:\n  " + "\n  ".join(map(str, one)) for one in found[:5]]
    return f"{len(found)} dead ends\n" + "\n".join(shown)


def test_who_begins_with_an_old_language_button_is_told_who_is_here() -> None:
    """Who forgot everything may press a button that is still on the screen; the walk found them without a keyboard."""
    for value in ("lang:sq", "lang:of-tomorrow"):
        someone = walk.Walk()
        someone.happens(Pressed(value, "sq"))
        assert any(message.keyboard for message in someone.screen)


def test_the_walk_would_see_a_dead_end() -> None:
    """Who is paused and whose way back is gone is stuck: the check says so."""
    stuck = walk.Walk()
    stuck.happens(Command("start"))
    walk.check(stuck)
    stuck.has_keyboard, stuck.screen = False, ()
    with pytest.raises(walk.DeadEnd, match="no way to a person"):
        walk.check(stuck)


def test_the_walk_would_see_the_risk_fall() -> None:
    there = walk.Walk()
    there.happens(Wrote("I", Heard((("risk_self_harm", 0.9),))))
    assert there.around.level == "high"
    there.around = replace(there.around, level="immediate")
    there.state = State.from_json(there.state.to_json() | {"level": "none"})
    there.happens(Pressed("do:menu"))
    assert there.state.level == "immediate"


def test_a_sequence_that_fails_is_told_without_what_is_not_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(happened: list[Happening], *, checked: bool) -> walk.DeadEnd | None:
        return walk.DeadEnd("exit") if Command("exit") in happened else None

    monkeypatch.setattr(walk, "fails", fails)
    happened: list[Happening] = [Command("start"), Pressed("do:menu"), Command("exit"), Passes(7)]
    assert walk.shortest(happened, checked=True) == [Command("exit")]
