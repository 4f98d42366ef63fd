"""Ctrl-C and SIGTERM: the batch in flight is finished and recorded, the rest is pending; a second one ends at once."""

from __future__ import annotations

import json
import os
import signal
import time

import pytest

SENDS = "POST", "/sync/ratings"


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_batch_in_flight_is_finished_and_recorded(make, law, number: int, status: int) -> None:
    """Its answer is waited for, nothing else is sent, and the same command goes on after it."""
    with make(40, 10) as trial:
        trial.hold_answers(trial.stops_in_post(2))
        pid = trial.start("run", str(trial.export), "--batch-size", "10", "-q")
        trial.until(lambda: len(trial.sandbox.requests(*SENDS)) == 2)
        os.kill(pid, number)
        assert trial.finish(pid) == status
        assert len(trial.sandbox.requests(*SENDS)) == 2
        assert [row["outcome"] for row in trial.report()] == ["applied"] * 20 + ["pending"] * 20
        assert trial.run() == 0
        trial.slices.clear()
        law.check(trial)
        assert len(trial.sandbox.requests(*SENDS)) == 4


def test_a_second_signal_ends_at_once(make, law) -> None:
    """Nobody waits for an answer that does not come: after a first signal alone the run would put its end on record."""
    with make(40, 10) as trial:
        trial.sandbox.faults.script("POST /sync/ratings", [None, "stall"])
        pid = trial.start("run", str(trial.export), "--batch-size", "10", "-q")
        trial.until(lambda: len(trial.sandbox.requests(*SENDS)) == 2)
        trial.until(lambda: os.kill(pid, signal.SIGINT) or trial.ended(pid))  # two at once may arrive as one
        assert trial.finish(pid) == 130
        assert trial.command("status", "--json") == 0
        (run,) = json.loads(trial.out.read_text().splitlines()[-1])["runs"]
        assert (run["state"], run["ended"]) == ("running", None)
        assert trial.run() == 0
        assert trial.account() == trial.plan()
        law.check_words(trial)


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_during_a_wait_ends_the_wait(make, number: int, status: int) -> None:
    """Simkl asks for a hundred seconds: whoever presses Ctrl-C meanwhile is not kept waiting."""
    with make(40, 10, scale=1.0) as trial:
        trial.sandbox.faults.dials.retry_after = 100
        trial.sandbox.faults.script("POST /sync/ratings", ["unknown-429"])
        pid = trial.start("run", str(trial.export), "--batch-size", "10", "--verbose")
        trial.until(lambda: "asked to wait 100 s" in trial.said())
        began = time.monotonic()
        os.kill(pid, number)
        assert trial.finish(pid) == status
        assert time.monotonic() - began < 80
        assert len(trial.sandbox.requests(*SENDS)) == 1
