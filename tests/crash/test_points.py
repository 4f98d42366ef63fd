"""The process dies at every point of the batch protocol, and the same command goes on."""

from __future__ import annotations

import pytest

KILLED = -9
POINTS = [
    ("before-intent", 1),
    ("before-intent", 3),
    ("after-intent", 1),
    ("after-intent", 3),
    ("in-post", 2),
    ("after-post", 1),
    ("after-post", 3),
    ("in-outcome", 2),
    ("in-read", 1),
    ("in-read", 4),
    ("after-read", 6),
]
UNDO_POINTS = [("in-read", 1), ("before-intent", 2), ("in-post", 2), ("after-post", 1), ("in-transaction", 4)]


def test_a_run_that_nobody_kills_holds_every_invariant(make, law) -> None:
    """The ground that all trials stand on."""
    with make(60, 15) as trial:
        assert trial.run() == 0
        law.check(trial)
        assert len(trial.sandbox.requests("POST", "/sync/ratings")) == 4


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"{point[0]}-{point[1]}")
def test_a_kill_loses_and_doubles_nothing(make, law, point: tuple[str, int]) -> None:
    """Killed once there, run again: every rating is on the account once, and in the one report once, as applied."""
    with make(40, 10) as trial:
        assert trial.run(kill=point) == KILLED
        trial.witness.check_disk()
        assert trial.run() == 0
        law.check(trial)


def test_a_kill_within_any_transaction_loses_nothing(make, law) -> None:
    """One resume file, killed within its first, second, third, ... transaction, each time of a new process."""
    with make(40, 10) as trial:
        number = 1
        while trial.run(kill=("in-transaction", number)) == KILLED:
            trial.witness.check_disk()
            number += 1
            assert number < 40
        assert number > 5
        law.check(trial)


def test_all_points_in_a_row_on_one_resume_file(make, law) -> None:
    """Every point, one after the other, never with a whole run in between."""
    with make(200, 10) as trial:
        for point in POINTS[:-2]:
            assert trial.run(kill=point) == KILLED, point
            trial.witness.check_disk()
        assert trial.run() == 0
        law.check(trial)


def test_random_kills_lose_and_double_nothing(make, law, kill_at_random) -> None:
    """Whatever the moment: while starting, sending, committing or reading back. soak.py tells how to kill 200 times."""
    with make(1000, 8) as trial:
        assert kill_at_random(trial, 6, seed=20, most=30) >= 3
        assert trial.run() == 0
        law.check(trial)


@pytest.mark.parametrize("point", UNDO_POINTS, ids=lambda point: f"{point[0]}-{point[1]}")
def test_an_undo_that_is_killed_goes_on(make, law, point: tuple[str, int]) -> None:
    """The same command ends with the account as it was before the run."""
    with make(150, 150) as trial:
        assert trial.run() == 0
        assert trial.command("undo", "--yes", kill=point) == KILLED
        assert trial.command("undo", "--yes") == 0
        assert trial.account() == {}
        law.check_wire(trial)
        law.check_words(trial)
        assert not trial.witness.unintended
