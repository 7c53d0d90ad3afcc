"""Shifts across midnight and across the change of the clock; what is promised; who is asked first."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from handoff import promise, routing
from handoff.roster import LOCAL_TIME, WeeklyShift, duty
from nlu_data import judgement


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


def test_a_night_shift_covers_the_hour_that_comes_twice() -> None:
    """On Sunday 25 October 2026 the hour from two to three comes twice: the night has nine hours."""
    shift = WeeklyShift(5, time(22), time(6))
    began = local(2026, 10, 24, 22, 0)
    assert all(duty([shift], began + timedelta(minutes=10 * step)).now for step in range(9 * 6))
    assert not duty([shift], began + timedelta(hours=9)).now


MOMENTS = some.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=some.just(UTC))  # noqa: DTZ001 - its own zone follows
SHIFTS = some.lists(
    some.builds(WeeklyShift, some.integers(0, 6), some.times(), some.times()),
    max_size=4,
)


@given(SHIFTS, MOMENTS)
def test_whoever_is_told_when_the_next_shift_starts_finds_somebody_then_and_nobody_before(
    shifts: list[WeeklyShift], now: datetime
) -> None:
    found = duty(shifts, now)
    if found.now or found.next_at is None:
        assert found.now or not shifts
        return
    assert now < found.next_at <= now + timedelta(days=7, hours=1)
    assert duty(shifts, found.next_at).now
    for part in (0.0, 0.3, 0.6, 0.999):
        assert not duty(shifts, now + part * (found.next_at - now)).now


def test_all_day_and_nobody() -> None:
    assert duty([WeeklyShift(2, time(0), time(0))], local(2026, 11, 25, 23, 59)).now
    assert duty([], local(2026, 11, 25, 12, 0)) == duty([], local(2026, 11, 26, 12, 0))
    assert duty([], local(2026, 11, 25, 12, 0)).next_at is None


def test_a_promise_is_a_round_time_that_grows_with_the_queue() -> None:
    now = local(2026, 11, 25, 21, 32)
    first = promise.promised_at(now, 0, on_duty=True, next_at=None)
    fourth = promise.promised_at(now, 3, on_duty=True, next_at=None)
    assert first is not None
    assert fourth is not None
    assert first == local(2026, 11, 25, 21, 45)
    assert fourth - first == timedelta(minutes=30)
    assert promise.promised_at(now, 0, on_duty=False, next_at=None) is None
    assert promise.promised_at(now, 0, on_duty=False, next_at=local(2026, 11, 26, 8, 0)) == local(2026, 11, 26, 8, 10)


@given(MOMENTS, some.integers(0, 50))
def test_a_promise_is_never_earlier_than_it_can_be_kept(now: datetime, ahead: int) -> None:
    promised = promise.promised_at(now, ahead, on_duty=True, next_at=None)
    assert promised is not None
    at_best = now + promise.FIRST_ANSWER + ahead * promise.EACH_AHEAD
    assert at_best <= promised < at_best + timedelta(minutes=5)
    assert (promised.minute % 5, promised.second, promised.microsecond) == (0, 0, 0)


def test_the_levels_are_in_the_order_of_urgency() -> None:
    assert [judgement.rank(level) for level in ("none", "elevated", "high", "immediate")] == [0, 1, 2, 3]


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
