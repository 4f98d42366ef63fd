"""Batches that are refused for one item, for their size, or for being slow: divided until the rest goes through."""

from __future__ import annotations

import pytest

from importer.send.sender import BISECTING_POSTS


def titles(count: int, *poisoned: int) -> list[str]:
    """So many films, some of which the service refuses with a 400 for the whole batch."""
    return ["Poison" if n in poisoned else f"Film {n}" for n in range(count)]


@pytest.fixture
def picky(stage):
    """A service that refuses every batch with a film named "Poison" in it."""
    stage.sandbox.faults.turn_on("poison")
    return stage


@pytest.mark.parametrize("place", [0, 17, 99])
async def test_one_poisoned_item_is_found_and_the_rest_goes_through(picky, place: int) -> None:
    """Bisecting takes two POSTs a level; the item is failed, everything else applied, and nothing is retried."""
    done = await picky.run(titles(100, place))
    assert done.outcomes == {"applied": 99, "failed": 1}
    assert done.exit == 3
    assert done.rows[place].outcome == "failed"
    assert len(done.posts) <= 1 + 2 * 7
    assert not picky.clock.long_waits[:-1]
    assert len(picky.account()) == 99


async def test_two_poisoned_items_in_two_batches_are_both_found(picky) -> None:
    """Each costs its own bisecting."""
    done = await picky.run(titles(250, 3, 211))
    assert done.outcomes == {"applied": 248, "failed": 2}
    assert done.exit == 3


async def test_a_poisoned_item_alone_is_failed(picky) -> None:
    """There is nothing to divide."""
    done = await picky.run(titles(1, 0))
    assert (done.exit, done.outcomes) == (3, {"failed": 1})
    assert len(done.posts) == 1


async def test_a_known_failure_is_no_news_and_not_sent_alone(picky) -> None:
    """The next run has nothing else to send: it leaves the item, with status 0."""
    await picky.run(titles(20, 5))
    again = await picky.run(titles(20, 5))
    assert again.exit == 0
    assert not again.posts
    assert again.outcomes["failed"] == 1


async def test_everything_refused_stops_with_all_pending(stage) -> None:
    """Both halves of the first split are refused and nothing was ever accepted: it is the shape, not an item."""
    stage.sandbox.faults.script("POST /sync/ratings", ["status-400"] * 50)
    done = await stage.run(100)
    assert (done.exit, done.outcomes) == (6, {"pending": 100})
    assert len(done.posts) == 3
    assert not stage.clock.long_waits


async def test_bisecting_is_bounded(picky) -> None:
    """Many poisoned items: 40 POSTs at most, the rest is pending, and the next run goes on."""
    many = titles(600, *range(110, 600, 8))
    done = await picky.run(many)
    assert done.exit == 6
    assert done.outcomes["pending"] > 0
    assert done.outcomes["failed"] > 0
    whole = 4  # 100, 200, 250 and the rest: no bisecting yet
    assert len(done.posts) <= BISECTING_POSTS + whole
    again = await picky.run(many)
    assert again.outcomes["pending"] < done.outcomes["pending"]


@pytest.mark.parametrize(
    ("seconds_each", "sizes"),
    [(0.0, [100, 200, 400, 800]), (0.012, [100, 200, 400, 400, 400]), (0.17, [100, *[50] * 28])],
)
async def test_batches_grow_as_long_as_answers_come_quickly(stage, seconds_each: float, sizes: list[int]) -> None:
    """The time that each item takes decides, and no lock that was waited for."""
    stage.sandbox.item_seconds = seconds_each
    stage.sandbox.sleep = stage.clock.work
    stage.sandbox.faults.script("POST /sync/ratings", ["write-lock"])
    done = await stage.run(1_500)
    assert (done.exit, done.outcomes) == (0, {"applied": 1_500})
    assert done.sizes == [100, *sizes]


async def test_after_a_lost_answer_no_batch_grows(stage, script) -> None:
    """In this run: what was lost once may be lost again."""
    script(None, "reset-after-write", None)
    done = await stage.run(900)
    assert done.outcomes == {"applied": 900}
    assert done.sizes == [100, 200, 200, 200, 200, 200]


async def test_a_413_halves_until_it_fits(stage) -> None:
    """The size that was refused is never tried again in this run."""
    stage.sandbox.faults.dials.size_limit = 30
    stage.sandbox.faults.turn_on("size-413")
    done = await stage.run(200)
    assert (done.exit, done.outcomes) == (0, {"applied": 200})
    assert done.sizes == [100, 50, 25, 25, 25, 25, 25, 25, 25, 25]
    assert stage.account() == stage.planned(200)


async def test_a_413_for_a_single_item_fails_that_item(stage, script) -> None:
    """It cannot be made smaller."""
    stage.sandbox.faults.dials.size_limit = 0
    script("size-413")
    done = await stage.run(1)
    assert (done.exit, done.outcomes) == (3, {"failed": 1})


@pytest.mark.parametrize("fault", ["stall", "stall-before-write"])
async def test_a_timeout_halves_the_batch(stage, script, fault: str) -> None:
    """Whether it was written or not: the halves are sent, and every rating ends once, as applied."""
    stage.timeout = 0.15
    script(fault, None)
    done = await stage.run(10)
    assert (done.exit, done.outcomes) == (0, {"applied": 10})
    assert done.sizes == [10, 5, 5]
    assert stage.account() == stage.planned(10)


async def test_a_slow_service_gets_batches_it_can_answer(stage, script) -> None:
    """More halvings than a dead service would be allowed failures."""
    stage.timeout = 0.15
    script(*["stall-before-write"] * 4)
    done = await stage.run(100)
    assert (done.exit, done.outcomes) == (0, {"applied": 100})
    assert done.sizes[:5] == [100, 50, 25, 13, 7]


async def test_a_service_that_never_answers_ends_the_run(stage, script) -> None:
    """It takes the connection and says nothing: everything stays pending after a bounded number of tries."""
    stage.timeout = 0.05
    script(*["stall-before-write"] * 60)
    done = await stage.run(100)
    assert (done.exit, done.outcomes) == (6, {"pending": 100})
    assert len(done.posts) <= 12


async def test_a_slow_drip_within_patience_is_waited_for(stage, script) -> None:
    """Slow is not broken."""
    stage.sandbox.faults.dials.drip = 0.2
    script("slow-drip")
    done = await stage.run()
    assert (done.exit, done.outcomes) == (0, {"applied": 4})
    assert len(done.posts) == 1


async def test_a_drip_slower_than_patience_counts_as_no_answer(stage, script) -> None:
    """Patience is for the whole answer: a server that sends a byte now and then holds nobody up."""
    stage.timeout = 0.15
    stage.sandbox.faults.dials.drip = 30
    script("slow-drip", None)
    done = await stage.run()
    assert (done.exit, done.outcomes) == (0, {"applied": 4})
    assert done.sizes == [4, 2, 2]
