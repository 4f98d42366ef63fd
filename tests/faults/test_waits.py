"""Refusals that ask for patience: each is waited for as the service means it, not as it says it."""

from __future__ import annotations

import pytest


async def test_a_misleading_retry_after_is_not_slept_on(stage, script) -> None:
    """The per-second 429 may carry the seconds to the daily reset: a second or two is enough."""
    script("rate-limit", "rate-limit", None)
    done = await stage.run()
    assert done.exit == 0
    assert done.outcomes == {"applied": 4}
    assert len(done.posts) == 3
    assert len(stage.clock.waits) < 12
    assert all(1.0 <= seconds <= 2.0 for _, seconds in stage.watch.retries)


async def test_the_write_lock_is_waited_out(stage, script) -> None:
    """5 s, then 21 s: longer than the lock can last; jitter never shortens them."""
    script("write-lock", "write-lock", None)
    done = await stage.run()
    assert done.exit == 0
    assert done.outcomes == {"applied": 4}
    first, second = (seconds for _, seconds in stage.watch.retries)
    assert 5 <= first <= 7
    assert 21 <= second <= 27
    assert stage.account() == stage.planned(4)


async def test_a_lock_that_stays_stops_the_run_and_splits_nothing(stage, script) -> None:
    """The third one in a row is the last: all is pending, and five minutes later the same command sends it."""
    script(None, *["write-lock"] * 3)
    done = await stage.run(500)
    assert done.exit == 6
    assert done.outcomes == {"applied": 100, "pending": 400}
    assert done.sizes == [100, 200, 200, 200]
    assert "another app" in done.message
    assert "it can go on in 5 min" in done.message
    again = await stage.run(500)
    assert (again.exit, again.outcomes) == (0, {"applied": 500})


async def test_a_lock_that_ends_in_time_lets_the_batches_grow(stage, script) -> None:
    """Waiting for another app says nothing of how long a batch takes."""
    script(None, "write-lock", "write-lock", None)
    done = await stage.run(700)
    assert (done.exit, done.outcomes) == (0, {"applied": 700})
    assert done.sizes == [100, 200, 200, 200, 400]


@pytest.mark.parametrize("fault", ["retry-after-seconds", "retry-after-date", "unknown-429"])
async def test_a_retry_after_within_two_minutes_is_honoured(stage, script, fault: str) -> None:
    """In seconds or as a date, under a 503 or a 429 that no page describes."""
    stage.sandbox.faults.dials.retry_after = 75
    script(fault)
    done = await stage.run()
    assert (done.exit, done.outcomes) == (0, {"applied": 4})
    [(_, seconds)] = stage.watch.retries
    assert 75 <= seconds <= 77
    assert len(done.posts) == 2


@pytest.mark.parametrize("fault", ["retry-after-seconds", "retry-after-date", "unknown-429"])
async def test_a_longer_retry_after_ends_the_run(stage, script, fault: str) -> None:
    """Nobody sleeps for hours: everything stays pending, and the message says when it can go on."""
    stage.sandbox.faults.dials.retry_after = 7200
    script(fault)
    done = await stage.run()
    assert (done.exit, done.outcomes) == (6, {"pending": 4})
    assert len(done.posts) == 1
    assert not stage.clock.long_waits
    assert "it can go on in 2 h " in done.message


@pytest.mark.parametrize("fault", ["quota", "app-quota"])
async def test_the_daily_quota_stops_cleanly(stage, script, fault: str, monkeypatch, request) -> None:
    """One request found out; the message tells the reset in the person's own time zone."""
    import time

    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    request.addfinalizer(time.tzset)
    request.addfinalizer(monkeypatch.undo)
    script(None, fault)
    done = await stage.run(150)
    assert done.exit == 6
    assert done.outcomes == {"applied": 100, "pending": 50}
    assert len(done.posts) == 2
    assert not stage.clock.long_waits
    # The clock stands at 2025-06-15 15:06:40 UTC; midnight in New York is 04:00 UTC, 13:00 in Tokyo.
    assert "it can go on in 12 h 54 min (13:00 your time)" in done.message
    assert ("client id" in done.message) == (fault == "app-quota")
    stage.sandbox.faults.turn_off()
    again = await stage.run(150)
    assert (again.exit, again.outcomes) == (0, {"applied": 150})
    assert stage.account() == stage.planned(150)


async def test_no_request_goes_into_a_refusal_that_was_announced(stage) -> None:
    """The day's last one is made; of the next one the message tells when it can go on."""
    stage.sandbox.faults.dials.few_left = 8
    stage.sandbox.faults.turn_on("few-left")
    done = await stage.run(1_000)
    assert done.exit == 6
    assert len(done.requests) <= 8
    assert {entry.status for entry in done.requests} == {200, 201}
    assert "of today" in done.message
    assert "it can go on in 12 h 54 min" in done.message
    stage.sandbox.faults.turn_off()
    stage.clock.moment += 86_400
    again = await stage.run(1_000)
    assert (again.exit, again.outcomes) == (0, {"applied": 1_000})


async def test_the_quota_while_reading_the_account_stops_too(stage) -> None:
    """Nothing could be decided: nothing is sent, and the message says when."""
    stage.sandbox.faults.script("GET /sync/activities", ["quota"])
    done = await stage.run()
    assert done.exit == 6
    assert not done.posts
    assert "it can go on in 12 h 54 min" in done.message


async def test_a_412_after_an_accepted_call_is_the_block_and_never_looped_on(stage, script) -> None:
    """Every further hit would prolong it."""
    script("status-412")
    done = await stage.run()
    assert (done.exit, done.outcomes) == (6, {"pending": 4})
    assert len(done.posts) == 1
    assert not stage.clock.long_waits


async def test_a_412_before_any_accepted_call_is_the_client_id(stage) -> None:
    """Credentials are what is wrong: status 4, one request."""
    stage.sandbox.faults.turn_on("status-412")
    done = await stage.run()
    assert done.exit == 4
    assert len(done.requests) == 1
