"""The last requests of a day: none is wasted, none goes into the refusal, and what was sent is read back with them."""

from __future__ import annotations

import pytest

QUOTA = 500
LEFT = 8


async def a_late_day(stage, left: int = LEFT) -> int:
    """Import one film, and let other apps spend the day but for a few requests. Return how many were counted."""
    await stage.run(["Film 0"])  # the service tells what is left with its answers
    stage.sandbox.account.day.leave(stage.clock.moment, QUOTA, left)
    return len(stage.sandbox.log)


async def test_of_eight_requests_left_exactly_eight_are_made(stage) -> None:
    """Ratings until three are left, then the reading back, and the last one for ratings again."""
    before = await a_late_day(stage)
    done = await stage.run(300, batch_size=10)
    assert (done.exit, len(stage.sandbox.log) - before) == (6, LEFT)
    assert not [entry for entry in stage.sandbox.log if entry.status == 429]
    assert "used up" in done.message
    sent = sum(done.sizes)
    assert done.outcomes["pending"] == 300 - 1 - sent
    assert len(stage.sandbox.account.ratings) == sent + 1


async def test_what_the_last_request_carried_is_settled_the_next_day(stage) -> None:
    """Nothing of it is lost, and nothing goes twice."""
    await a_late_day(stage)
    await stage.run(60, batch_size=10)
    stage.clock.moment += 86_400
    done = await stage.run(60, batch_size=10)
    assert done.exit == 0
    assert stage.account() == stage.planned(60)


@pytest.mark.parametrize("left", range(2, 9))
async def test_what_the_day_lets_nobody_read_back_is_no_import_that_went_well(stage, left: int) -> None:
    """One batch: it is read back where two requests are left for that, else the run is stopped, and tomorrow it goes
    on, reads, and has nothing more to do. No request is made in vain.
    """
    before = await a_late_day(stage, left)
    done = await stage.run(3)
    asked = [f"{entry.method} {entry.path}" for entry in stage.sandbox.log[before:]]
    sent = "POST /sync/ratings" in asked
    read_back = sent and len(asked) - asked.index("POST /sync/ratings") > 2
    assert (done.exit == 0) == read_back
    assert done.exit in (0, 6)
    assert (done.summary.resume_at is not None) == (done.exit == 6)
    assert not [entry for entry in stage.sandbox.log if entry.status == 429]
    assert (done.summary.open > 0) == (sent and not read_back)
    stage.clock.moment += 86_400
    again = await stage.run(3)
    assert (again.exit, again.summary.open, stage.account()) == (0, 0, stage.planned(3))
