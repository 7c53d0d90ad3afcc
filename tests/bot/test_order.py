"""Which message leaves next."""

from datetime import UTC, datetime, timedelta

from bot.order import Waiting, next_to_leave, next_try

NOW = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_messages_leave_in_the_order_in_which_they_were_made() -> None:
    assert next_to_leave([Waiting(2, NOW), Waiting(1, NOW)], NOW, paused=False) == 1


def test_an_urgent_one_overtakes() -> None:
    assert next_to_leave([Waiting(1, NOW), Waiting(2, NOW, urgent=True)], NOW, paused=False) == 2


def test_nothing_waits() -> None:
    assert next_to_leave([], NOW, paused=False) is None


def test_one_that_is_tried_again_holds_up_the_next_for_ten_seconds() -> None:
    rows = [Waiting(1, NOW + 4 * SECOND, first_tried_at=NOW - 3 * SECOND), Waiting(2, NOW)]
    assert next_to_leave(rows, NOW, paused=False) is None
    assert next_to_leave(rows, NOW + 4 * SECOND, paused=False) == 1
    later = [Waiting(1, NOW + 60 * SECOND, first_tried_at=NOW - 10 * SECOND), Waiting(2, NOW)]
    assert next_to_leave(later, NOW, paused=False) == 2


def test_one_that_is_tried_again_does_not_hold_up_an_urgent_one() -> None:
    rows = [Waiting(1, NOW + SECOND, first_tried_at=NOW), Waiting(2, NOW, urgent=True)]
    assert next_to_leave(rows, NOW, paused=False) == 2


def test_who_paused_gets_only_what_belongs_to_the_pause() -> None:
    rows = [Waiting(1, NOW, urgent=True), Waiting(2, NOW, while_paused=True)]
    assert next_to_leave(rows, NOW, paused=True) == 2
    assert next_to_leave(rows[:1], NOW, paused=True) is None


def test_the_pauses_between_tries_grow_to_a_minute() -> None:
    pauses = [(next_try(tries, NOW) - NOW).total_seconds() for tries in range(1, 9)]
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    assert next_try(1, NOW, timedelta(seconds=90)) == NOW + timedelta(seconds=90)
