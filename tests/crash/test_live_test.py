"""A live test dies at every step, and the next command that writes puts back what it left."""

from __future__ import annotations

import json
import os
import signal
from typing import Any

import pytest

KILLED = -9
LATER = 400
"""A visit that never comes: from there on every step has been tried."""

EVERY_STEP = [
    ("before-intent", 2),
    ("after-intent", 2),
    ("after-post", 2),
    ("in-transaction", 5),
    ("in-read", 7),
    ("after-read", 9),
]
"""Points, and every how many of their visits one is killed at."""


def begin(trial: Any, kill: tuple[str, int] | None = None) -> int:
    """Start a live test over the trial's resume file, which it takes from a settings file; return its process id."""
    config = trial.folder / "config.toml"
    config.write_text(f'resume-file = "{trial.resume}"\n')
    argv = ["doctor", "--live", "--yes", "--config", str(config)]
    return int(trial._nursery.start(argv=argv, env=trial.env, out=str(trial.out), err=str(trial.err), kill=kill))


def live_test(trial: Any, kill: tuple[str, int] | None = None) -> int:
    """Run one to its end, or to its death."""
    first = len(trial.sandbox.log)
    return int(trial.finish(begin(trial, kill), first))


def check(trial: Any, before: dict[str, Any]) -> None:
    """The account is as it was before, lists and all, and nothing is left on record."""
    titles = trial.sandbox.catalog.titles
    assert trial.account() == before
    assert {titles[simkl].title for simkl in trial.sandbox.account.library} == set(trial.plan())
    assert trial.command("status", "--json") == 0
    told = json.loads(trial.out.read_text().splitlines()[-1])
    assert (told["owed"], told["stuck"], told["open"]) == (0, 0, 0)
    assert {one["state"] for one in told["runs"]} == {"finished"}
    trial.witness.check_disk()
    assert not trial.witness.unintended


@pytest.mark.parametrize("again", ["run", "live test"])
@pytest.mark.parametrize(("point", "stride"), EVERY_STEP)
def test_a_live_test_that_is_killed_is_put_back_by_the_next_command(
    make: Any, point: str, stride: int, again: str
) -> None:
    """By the same import as before, though it has nothing new, or by another live test."""
    with make(5) as trial:
        assert trial.run() == 0
        before = trial.account()
        deaths = 0
        for number in range(1, LATER, stride if again == "run" else 2 * stride):
            if live_test(trial, (point, number)) != KILLED:
                break
            deaths += 1
            trial.witness.check_disk()
            assert (trial.run() if again == "run" else live_test(trial)) == 0, trial.said()
            check(trial, before)
        assert deaths >= 2
        assert trial.said().count("Traceback") == 0


def test_a_live_test_that_is_killed_in_the_middle_of_a_post_is_put_back_by_an_undo(make: Any) -> None:
    """Which takes the import back that it is about, and nothing else."""
    with make(5) as trial:
        assert trial.run() == 0
        trial.sandbox.faults.script("POST /sync/ratings", [None, None, "stall"])
        assert live_test(trial, ("in-post", 3)) == KILLED
        trial.sandbox.faults.turn_off()
        assert len(trial.account()) == 8
        assert trial.command("undo", "--yes") == 0
        titles = trial.sandbox.catalog.titles
        assert trial.account() == {}
        assert {titles[simkl].title for simkl in trial.sandbox.account.library} == set(trial.plan())


def test_a_killed_live_test_goes_on_where_putting_back_was_killed(make: Any) -> None:
    """However often: one kill after the other, never with a whole command in between."""
    with make(5) as trial:
        assert trial.run() == 0
        before = trial.account()
        assert live_test(trial, ("after-post", 4)) == KILLED
        for kill in (("in-read", 1), ("after-intent", 1), ("after-post", 1), ("after-intent", 1), ("after-post", 1)):
            assert live_test(trial, kill) == KILLED
            trial.witness.check_disk()
        assert live_test(trial) == 0
        check(trial, before)


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_live_test_is_put_back_by_the_same_command(make: Any, number: int, status: int) -> None:
    """It ends at once with what is in flight, says what is left, and then puts back and tries nothing."""
    with make(5) as trial:
        assert trial.run() == 0
        before = trial.account()
        first = len(trial.sandbox.log)
        trial.hold_answers(trial.stops_in_post(4))
        pid = begin(trial)
        trial.until(lambda: len(trial.sandbox.requests("POST", "/sync/ratings")) == 4)
        os.kill(pid, number)
        assert trial.finish(pid, first) == status
        assert "not everything is put back yet: Casablanca" in " ".join(trial.out.read_text().split())
        posts = len(trial.sandbox.requests("POST", "/sync/ratings"))
        assert live_test(trial) == 0
        assert len(trial.sandbox.requests("POST", "/sync/ratings")) == posts
        check(trial, before)
