"""A network that is gone for a while: nobody answers at the address, and then somebody does again."""

from __future__ import annotations

from contextlib import AsyncExitStack

import pytest

from importer.sandbox.server import serve


@pytest.mark.parametrize("seconds", [20, 60, 3600])
async def test_a_network_that_disappears_loses_nothing(stage, seconds: int, monkeypatch) -> None:
    """A short outage is waited out; a longer one leaves rows pending, and the same command goes on."""
    began: list[float] = []
    reset = "reset-before-write"
    pick = stage.sandbox.faults.pick

    def picking(method: str, path: str):
        always, chosen = pick(method, path)
        if method == "POST" and len(stage.sandbox.requests("POST", "/sync/ratings")) == 2 and not began:
            began.append(stage.clock.moment)
        gone = began and stage.clock.moment < began[0] + seconds
        return (always | {reset} if gone else always), chosen

    monkeypatch.setattr(stage.sandbox.faults, "pick", picking)
    done = await stage.run(400)
    assert set(done.outcomes) <= {"applied", "pending"}
    assert done.exit == (6 if done.outcomes["pending"] else 0)
    assert (done.exit == 0) == (seconds == 20)
    assert len(done.posts) <= 1 + 18
    stage.clock.moment = max(stage.clock.moment, began[0] + seconds)
    again = await stage.run(400)
    assert again.exit == 0
    assert stage.account() == stage.planned(400)
    if done.exit:
        assert again.outcomes == {"applied": 400}


async def test_a_service_that_comes_back_elsewhere_in_time_finds_the_same_run(stage) -> None:
    """Another port after a restart is still the same account and the same resume file."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(serve(stage.sandbox))
        stage.sandbox.faults.script("POST /sync/ratings", [None, *["reset-before-write"] * 20])
        first = await stage.run(400)
    assert first.exit == 6
    stage.sandbox.faults.turn_off()
    again = await stage.run(400)
    assert (again.exit, again.outcomes) == (0, {"applied": 400})


async def test_a_clock_set_back_between_two_runs_changes_nothing(stage, script) -> None:
    """A day back in the middle of the import: the run is continued, no date moves, no POST comes early."""
    script(None, "quota")
    first = await stage.run(250)
    assert first.exit == 6
    stage.sandbox.faults.turn_off()
    stage.clock.moment -= 86_400
    stage.watch.posts_ended.clear()
    again = await stage.run(250)
    assert (again.exit, again.outcomes) == (0, {"applied": 250})
    assert again.summary.run == first.summary.run
    assert stage.account() == stage.planned(250)
