"""The figures that the dialogue promises: how many taps to a person, how many messages before one can speak."""

from __future__ import annotations

from random import Random

import pytest

from bot.dialogue import events
from bot.dialogue.effects import Say
from tests.dialogue.happenings import DUTIES, LANGUAGES, Shifts, happening
from tests.dialogue.scene import content
from tests.dialogue.walk import Walk

MOST_TAPS = 6
MOST_MESSAGES = 3
REACHABLE = [index for index, duty in enumerate(DUTIES) if duty]


def started(language: str, duty: int) -> Walk:
    someone = Walk()
    someone.happens(Shifts(duty))
    someone.happens(events.Command("start", "", language))
    return someone


def presses(someone: Walk, *values: str) -> int:
    """Presses buttons that are on the screen, by the end of what they mean; gives the taps, Start is one."""
    for value in values:
        pressed = next(one for one in someone.shown if one.endswith(value))
        someone.happens(events.Pressed(pressed))
    return 1 + len(values)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("duty", REACHABLE)
@pytest.mark.parametrize(
    "taps",
    [
        ("do:counsellor", "side:skip", ":history"),
        ("do:counsellor", "side:serbia", ":history"),
        ("do:counsellor", "side:kosovo", ":fresh"),
        ("lang:sr-Cyrl", "do:counsellor", "side:skip", ":history"),
        ("intent:risk_danger_now", ":history"),
    ],
    ids=" ".join,
)
def test_from_start_to_the_line_for_a_counsellor_by_buttons_alone(
    language: str, duty: int, taps: tuple[str, ...]
) -> None:
    someone = started(language, duty)
    count = presses(someone, *taps)
    assert someone.around.status == "waiting"
    assert count <= MOST_TAPS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("duty", REACHABLE)
def test_whatever_is_pressed_first_a_counsellor_is_within_six_taps(language: str, duty: int) -> None:
    """Start, any button of the first screen, and from there the quickest way: never more than six taps in all."""
    for value in started(language, duty).shown:
        someone = started(language, duty)
        someone.happens(events.Pressed(value))
        assert 2 + fewest_taps(someone, MOST_TAPS - 2) <= MOST_TAPS, value


def fewest_taps(someone: Walk, most: int) -> int:
    """How many buttons or keys lie between here and the line; where it is more than `most`, a lot."""
    reached, seen = [someone], set[tuple[object, ...]]()
    for taps in range(most + 1):
        if any(one.around.status == "waiting" for one in reached):
            return taps
        following = []
        for one in reached:
            ways: list[events.Event] = [events.Pressed(value) for value in one.shown]
            if one.has_keyboard:
                ways.append(events.Wrote(content().text("keyboard.person", one.around.language or "en")))
            for way in ways:
                tried = one.copy()
                tried.happens(way)
                if (where := (tried.where(exactly=True), tuple(tried.shown))) not in seen:
                    seen.add(where)
                    following.append(tried)
        reached = following
    return most + 100


def test_the_count_of_taps_would_see_a_longer_way() -> None:
    someone = started("en", 0)
    assert fewest_taps(someone, 5) == 2
    assert fewest_taps(someone, 1) > MOST_TAPS


def test_whatever_somebody_new_does_first_hears_three_messages_at_most() -> None:
    random = Random(3)  # noqa: S311 - nothing secret
    own = 0
    for _ in range(1_000):
        someone = Walk()
        first = happening(random, (), (), "bot")
        if isinstance(first, events.Own):
            own += 1
            says = [effect for effect in someone.happens(first) if isinstance(effect, Say)]
            assert 1 <= len(says) <= MOST_MESSAGES, first
    assert own > 500
