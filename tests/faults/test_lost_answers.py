"""Answers that were lost: what was written ends as applied, once, with its own date; what was not is sent again."""

from __future__ import annotations

import pytest

WRITTEN = [
    "status-500-after-write",
    "status-502-after-write",
    "status-503-after-write",
    "status-504-after-write",
    "html-200-after-write",
    "empty-200",
    "null-200",
    "cut-json",
    "partial-apply",
    "reset-after-write",
    "reset-mid-body",
    "close-mid-body",
]
UNWRITTEN = [
    "status-500",
    "status-502-html",
    "status-503-empty",
    "status-504",
    "error-object",
    "error-200",
    "html-200",
    "reset-before-write",
]


@pytest.mark.parametrize("fault", [*WRITTEN, *UNWRITTEN])
async def test_the_same_bytes_go_again_and_end_as_applied(stage, script, fault: str) -> None:
    """Twice lost, then answered: waits of 1 and 2 s, three POSTs of the same bytes, every date as it was sent."""
    script(fault, fault, None)
    done = await stage.run()
    assert (done.exit, done.outcomes) == (0, {"applied": 4})
    assert len({entry.raw for entry in done.posts}) == 1
    assert len(done.posts) == 3
    first, second = (seconds for _, seconds in stage.watch.retries)
    assert 1 <= first <= 1.5
    assert 2 <= second <= 3
    assert stage.account() == stage.planned(4)


@pytest.mark.parametrize("fault", ["status-500-after-write", "reset-after-write", "empty-200", "reset-mid-body"])
async def test_a_batch_never_answered_for_is_settled_by_reading_back(stage, script, fault: str) -> None:
    """Every try was written and none was answered: the account shows it, so nothing is left to do."""
    script(*[fault] * 6)
    done = await stage.run()
    assert (done.exit, done.outcomes) == (0, {"applied": 4})
    assert len(done.posts) == 6
    waits = [seconds for _, seconds in stage.watch.retries]
    assert all(low <= wait <= low * 1.25 for wait, low in zip(waits, (1, 2, 4, 8, 16), strict=True))
    assert stage.account() == stage.planned(4)
    again = await stage.run()
    assert again.exit == 0
    assert not again.posts


@pytest.mark.parametrize("fault", ["status-500", "reset-before-write", "html-200"])
async def test_a_service_that_is_down_leaves_rows_pending(stage, script, fault: str) -> None:
    """Never failed: the same command goes on, and the one run has each row once, as applied."""
    script(*[fault] * 6)
    done = await stage.run()
    assert (done.exit, done.outcomes) == (6, {"pending": 4})
    again = await stage.run()
    assert (again.exit, again.outcomes) == (0, {"applied": 4})
    assert again.summary.run == done.summary.run
    assert stage.account() == stage.planned(4)


async def test_three_whole_failures_in_a_row_stop(stage) -> None:
    """18 POSTs, then it ends: the rest was not even tried."""
    stage.sandbox.faults.turn_on("status-503")
    stage.sandbox.faults.turn_on("status-503")
    stage.sandbox.faults.script("GET /sync", [None] * 50)
    stage.sandbox.faults.turn_off("status-503")
    stage.sandbox.faults.script("POST /sync/ratings", ["status-503"] * 40)
    done = await stage.run(500)
    assert (done.exit, done.outcomes) == (6, {"pending": 500})
    assert len(done.posts) == 18
    assert len({entry.raw for entry in done.posts}) == 3


async def test_one_whole_failure_among_good_batches_does_not_stop(stage, script) -> None:
    """The rest goes through; the one batch is pending until the next run."""
    script(None, *["reset-before-write"] * 6, None)
    done = await stage.run(450)
    assert done.exit == 6
    assert done.outcomes == {"applied": 250, "pending": 200}
    again = await stage.run(450)
    assert (again.exit, again.outcomes) == (0, {"applied": 450})
    assert stage.account() == stage.planned(450)


async def test_an_answer_lost_when_the_run_stops_is_found_by_the_next(stage, script) -> None:
    """Written, reset, then blocked: the next run sees it on the account and sends nothing."""
    script("reset-after-write", "status-412")
    done = await stage.run()
    assert (done.exit, done.outcomes) == (6, {"pending": 4})
    again = await stage.run()
    assert (again.exit, again.outcomes) == (0, {"applied": 4})
    assert not again.posts
    assert stage.account() == stage.planned(4)


async def test_a_refusal_after_a_lost_answer_proves_nothing(stage, script) -> None:
    """Written, reset, then 404: not failed, since reading back finds every rating."""
    script("reset-after-write", "status-404")
    done = await stage.run()
    assert (done.exit, done.outcomes) == (0, {"applied": 4})
    assert len(done.posts) == 2


async def test_half_a_batch_that_was_written_is_completed(stage, script) -> None:
    """Half of it arrived, no try was ever answered: what is there is applied, the rest goes with the next run."""
    script(*["partial-apply"] * 6)
    done = await stage.run()
    assert (done.exit, done.outcomes) == (6, {"applied": 2, "pending": 2})
    again = await stage.run()
    assert (again.exit, again.outcomes) == (0, {"applied": 4})
    assert stage.account() == stage.planned(4)


async def test_without_reading_back_a_lost_answer_stays_pending(stage, script) -> None:
    """Nobody looked, so nobody knows: the next run looks."""
    script(*["reset-after-write"] * 6)
    done = await stage.run(verify=False)
    assert (done.exit, done.outcomes) == (6, {"pending": 4})
    again = await stage.run(verify=False)
    assert (again.exit, again.outcomes) == (0, {"applied": 4})
    assert not again.posts
