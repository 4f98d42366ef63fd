"""How dates come back: learned from three, told apart from an accident."""

from __future__ import annotations

import pytest

from importer.model import DAY
from importer.readback.habit import Habit, agrees, learn

T = 19_800 * DAY
HOUR = 3600


@pytest.mark.parametrize(
    ("pairs", "habit"),
    [
        ([(T, T), (T + 5, T + 5), (T + 9, T + 9)], Habit(1, 0)),
        ([(T, T + 5 * HOUR), (T + 7, T + 7 + 5 * HOUR), (T + 9, T + 9 + 5 * HOUR)], Habit(1, 5 * HOUR)),
        ([(T + 61, T + 60), (T + 125, T + 120), (T + 190, T + 180)], Habit(60, 0)),
        ([(T + 3700, T + 3600), (T + 7300, T + 7200), (T + 9, T)], Habit(3600, 0)),
        ([(T + HOUR, T), (T + DAY + 5, T + DAY), (T + 9, T)], Habit(DAY, 0)),
        ([(T + n * DAY + 12 * HOUR, T + n * DAY) for n in range(3)], Habit(DAY, 0)),
        ([(T, T), (T + 5, T + 5)], None),
        ([(T, T + 1), (T + 5, T + 5), (T + 9, T + 9)], None),
        ([(T + n, T + n + 20 * HOUR) for n in range(3)], None),
    ],
    ids=[
        "exact",
        "shifted",
        "minutes",
        "hours",
        "days",
        "noons as days",
        "too few",
        "one differs",
        "further than any time zone",
    ],
)
def test_a_habit_is_learned_from_three_dates_that_agree(pairs: list[tuple[int, int]], habit: Habit | None) -> None:
    """Exact, shifted by one amount, or cut to one step; else nobody knows."""
    assert learn(pairs) == habit


def test_what_is_stored_for_a_reading_is_read_as_that() -> None:
    """A shifting service must not make dates drift when they are given back."""
    habit = Habit(1, 5 * HOUR)
    assert habit.shown(habit.stored(T)) == T
    assert (habit.exact, Habit(DAY, 0).exact) == (True, False)


@pytest.mark.parametrize(
    ("read", "habit", "fits"),
    [
        (T, None, True),
        (None, None, True),
        (T + 14 * HOUR, None, True),
        (T - 14 * HOUR, None, True),
        (T + 14 * HOUR + 1, None, False),
        (T + 5 * HOUR, Habit(1, 5 * HOUR), True),
        (T + 4 * HOUR, Habit(1, 5 * HOUR), False),
        (T, Habit(1, 5 * HOUR), True),
        (T + 5 * HOUR, Habit(DAY, 0), False),
    ],
)
def test_a_date_agrees_as_far_as_the_habit_is_known(read: int | None, habit: Habit | None, fits: bool) -> None:
    """Until it is learned any time zone will do; from then on only what it makes of the date."""
    assert agrees(T, read, habit) is fits
    assert agrees(None, read, habit)


def test_a_date_of_long_ago_may_come_back_as_not_remembered() -> None:
    """One second after 1970 began, whatever the habit; of a date since 2000 that is another one."""
    for habit in (None, Habit(1, 5 * HOUR), Habit(DAY, 0)):
        assert agrees(832_358_733, 1, habit)
        assert not agrees(832_358_733, 2, habit)
        assert not agrees(946_684_800, 1, habit)


def test_a_bare_day_may_be_nearly_a_day_away() -> None:
    """Midnight of its day is the date of a late evening, and no midnight of another day."""
    evening = T + 23 * HOUR + 59 * 60
    assert agrees(evening, T, None)
    assert not agrees(evening, T - DAY, None)
