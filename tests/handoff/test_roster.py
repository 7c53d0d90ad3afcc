"""Shifts across midnight and across the change of the clock; what is promised; who is asked first."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from handoff import queue, routing
from handoff.roster import LOCAL_TIME, WeeklyShift, duty


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LOCAL_TIME).astimezone(UTC)  # type: ignore[misc,arg-type]


NIGHT = WeeklyShift(4, time(22), time(6))  # Friday 22:00 to Saturday 6:00


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (local(2026, 11, 27, 21, 59), False),
        (local(2026, 11, 27, 22, 0), True),
        (local(2026, 11, 28, 5, 59), True),
        (local(2026, 11, 28, 6, 0), False),
    ],
)
def test_a_shift_across_midnight(moment: datetime, expected: bool) -> None:
    assert duty([NIGHT], moment).now is expected


def test_the_next_start_keeps_its_time_of_day_when_summer_time_ends() -> None:
    """On Sunday 25 October 2026 the clock goes back; the Monday shift still starts at eight."""
    shift = WeeklyShift(0, time(8), time(16))
    following = duty([shift], local(2026, 10, 24, 12, 0)).next_at
    assert following is not None
    assert following.astimezone(LOCAL_TIME).time() == time(8)
    assert following.astimezone(LOCAL_TIME).utcoffset() == timedelta(hours=1)


def test_a_shift_in_the_lost_hour_is_still_a_shift() -> None:
    """On Sunday 29 March 2026 the hour from two to three does not exist."""
    shift = WeeklyShift(5, time(22), time(4))
    assert duty([shift], local(2026, 3, 29, 3, 30)).now
    assert not duty([shift], local(2026, 3, 29, 4, 30)).now


def test_all_day_and_nobody() -> None:
    assert duty([WeeklyShift(2, time(0), time(0))], local(2026, 11, 25, 23, 59)).now
    assert duty([], local(2026, 11, 25, 12, 0)) == duty([], local(2026, 11, 26, 12, 0))
    assert duty([], local(2026, 11, 25, 12, 0)).next_at is None


def test_a_promise_is_a_round_time_that_grows_with_the_queue() -> None:
    now = local(2026, 11, 25, 21, 32)
    first = queue.promised_at(now, 0, on_duty=True, next_at=None)
    fourth = queue.promised_at(now, 3, on_duty=True, next_at=None)
    assert first is not None
    assert fourth is not None
    assert timedelta(minutes=8) <= first - now <= timedelta(minutes=15)
    assert fourth - first == timedelta(minutes=30)
    assert first.minute % 5 == 0
    assert queue.promised_at(now, 0, on_duty=False, next_at=None) is None


BOTH = frozenset({"atina", "pvpt"})


@pytest.mark.parametrize(
    ("wish", "side", "language", "on_duty", "routable", "expected"),
    [
        (None, "serbia", "sq", BOTH, BOTH, ("atina", "routing.side")),
        (None, "kosovo", "sr-Latn", BOTH, BOTH, ("pvpt", "routing.side")),
        ("atina", "kosovo", "sq", BOTH, BOTH, ("atina", "routing.wish")),
        ("pvpt", "serbia", "sr-Cyrl", BOTH, BOTH, ("pvpt", "routing.wish")),
        (None, None, "sq", BOTH, BOTH, ("pvpt", "routing.language")),
        (None, "abroad", "sr-Cyrl", BOTH, BOTH, ("atina", "routing.language")),
        (None, None, "en", {"pvpt"}, BOTH, ("pvpt", "routing.on_duty")),
        (None, None, "en", set(), BOTH, ("atina", "routing.only")),
        (None, "kosovo", "sq", {"atina"}, BOTH, ("pvpt", "routing.side")),
        (None, "kosovo", "sq", {"atina"}, {"atina"}, ("atina", "routing.on_duty")),
        ("nobody", "serbia", "en", BOTH, BOTH, ("atina", "routing.side")),
    ],
)
def test_who_is_asked(
    wish: str | None,
    side: str | None,
    language: str,
    on_duty: set[str],
    routable: set[str],
    expected: tuple[str, str],
) -> None:
    route = routing.route(wish=wish, side=side, language=language, on_duty=on_duty, routable=routable)
    assert route == routing.Route(*expected)


def test_nobody_can_be_asked() -> None:
    assert routing.route(wish=None, side="serbia", language="en", on_duty=set(), routable=set()) is None
