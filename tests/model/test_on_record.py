"""What stands in the resume file of what an undo sends: before its POST the intent, after it the answer."""

from __future__ import annotations

from typing import Any

import pytest

from importer.plan.decide import OnConflict

HEAT = ("Heat", 1995, 4.5, "2024-01-02")
ALIEN = ("Alien", 1979, 4, "2024-01-03")
HEAT_ID, ALIEN_ID = 53036, 53011
KEYS = {HEAT_ID: "letterboxd:https://boxd.it/Heat", ALIEN_ID: "letterboxd:https://boxd.it/Alien"}
PRIOR = (3, "2023-05-01T10:00:00Z")
PRIOR_AT = 1_682_935_200


def _batches(desk: Any, run: int = 2) -> list[tuple[Any, ...]]:
    return list(
        desk.journal.rows("SELECT kind, box, state, size, status FROM batches WHERE run = ? ORDER BY batch", (run,))
    )


def _changes(desk: Any, run: int = 2) -> list[tuple[Any, ...]]:
    return list(
        desk.journal.rows(
            "SELECT key, role, sent_simkl, after_rating, after_at, answer FROM changes WHERE run = ? ORDER BY batch, n",
            (run,),
        )
    )


async def _two_titles(desk: Any) -> None:
    """One had a rating of the person's, one had none, and both were rated by an import."""
    desk.sandbox.account.rate(HEAT_ID, *PRIOR)
    desk.wait(0.01)
    await desk.run(desk.letterboxd(HEAT, ALIEN), on_conflict=OnConflict.OVERWRITE)
    desk.wait()


async def test_removals_and_ratings_given_back_are_batches_of_their_own(desk: Any) -> None:
    """Removals first, which no answer names and which have no date; each change says its title and what it sends."""
    await _two_titles(desk)
    undone = await desk.undo()
    assert undone.totals == {"read": 2, "removed": 1, "restored": 1}
    assert _batches(desk) == [("remove", "movies", "done", 1, 201), ("rate", "movies", "done", 1, 201)]
    assert _changes(desk) == [
        ("", "undo", ALIEN_ID, None, None, "unnamed"),
        ("", "undo", HEAT_ID, PRIOR[0], PRIOR_AT, "added"),
    ]
    assert desk.account() == {"Heat": PRIOR}


async def test_a_rating_that_had_no_date_is_given_back_with_the_time_of_the_undo(desk: Any) -> None:
    """Simkl stores none without."""
    desk.sandbox.account.write(desk.sandbox.catalog.titles[HEAT_ID], 3, None)
    desk.wait(0.01)
    await desk.run(desk.letterboxd(HEAT), on_conflict=OnConflict.OVERWRITE)
    desk.wait()
    began = int(desk.clock.moment)
    await desk.undo()
    [(*_, rating, rated_at, answer)] = _changes(desk)
    assert (rating, answer) == (3, "added")
    assert began <= rated_at <= desk.clock.moment


async def test_what_was_not_answered_stands_there_with_its_debt_tried(desk: Any, killed: Any) -> None:
    """The intent is on disk before the POST, and so is that it was tried."""
    await _two_titles(desk)
    with pytest.raises(killed):
        await desk.undo(kill=(1, False))
    assert _batches(desk) == [("remove", "movies", "sending", 1, None)]
    assert _changes(desk) == [("", "undo", ALIEN_ID, None, None, None)]
    tried = dict(desk.journal.rows("SELECT simkl, tried_at FROM owed"))
    assert tried == {ALIEN_ID: int(desk.clock.moment)}


async def test_a_batch_of_the_undo_that_is_refused_whole_is_divided_and_on_record(desk: Any) -> None:
    """Nothing of it was written: each title goes alone."""
    await desk.run(desk.letterboxd(HEAT, ALIEN))
    desk.wait()
    desk.sandbox.faults.script("POST /sync/ratings/remove", ["status-400"])
    assert (await desk.undo()).totals == {"read": 2, "removed": 2}
    assert [(size, status) for _, _, _, size, status in _batches(desk)] == [(2, 400), (1, 201), (1, 201)]
    assert [answer for *_, answer in _changes(desk)] == ["refused", "refused", "unnamed", "unnamed"]


async def test_what_leaves_the_library_is_on_record_like_any_other_batch(desk: Any) -> None:
    """By the row that put it onto its list, in a batch of its own kind, answered."""
    await desk.run(desk.letterboxd(HEAT, ALIEN))
    desk.wait()
    await desk.undo(unlist=True)
    assert _batches(desk) == [("remove", "movies", "done", 2, 201), ("unlist", "movies", "done", 2, 201)]
    assert _changes(desk)[2:] == [
        (KEYS[simkl], "unlist", simkl, None, None, "unnamed") for simkl in (HEAT_ID, ALIEN_ID)
    ]


async def test_an_unlisting_that_is_refused_whole_is_divided_and_on_record(desk: Any) -> None:
    """And both leave."""
    await desk.run(desk.letterboxd(HEAT, ALIEN))
    desk.wait()
    desk.sandbox.faults.script("POST /sync/history/remove", ["status-400"])
    assert (await desk.undo(unlist=True)).totals == {"read": 2, "unlisted": 2}
    assert [(kind, size, status) for kind, _, _, size, status in _batches(desk)[1:]] == [
        ("unlist", 2, 400),
        ("unlist", 1, 201),
        ("unlist", 1, 201),
    ]
    assert [answer for *_, answer in _changes(desk)[2:]] == ["refused", "refused", "unnamed", "unnamed"]


async def test_an_unlisting_whose_answer_was_never_given_stands_there_as_intended(desk: Any, killed: Any) -> None:
    """On disk before its POST."""
    await desk.run(desk.letterboxd(HEAT))
    desk.wait()
    with pytest.raises(killed):
        await desk.undo(unlist=True, kill=(2, False))
    assert _batches(desk)[1:] == [("unlist", "movies", "sending", 1, None)]
    assert _changes(desk)[1:] == [(KEYS[HEAT_ID], "unlist", HEAT_ID, None, None, None)]


async def test_a_title_that_is_still_listed_is_looked_for_once_more(desk: Any) -> None:
    """The lists may lag some seconds behind what was taken off them."""
    await desk.run(desk.letterboxd(HEAT))
    desk.wait()
    await desk.undo()
    desk.wait()
    desk.sandbox.faults.turn_on("lagging-reads")
    assert (await desk.undo(run=1, unlist=True)).totals == {"read": 1, "unlisted": 1}


async def test_lists_that_tell_the_truth_at_once_are_read_once(desk: Any) -> None:
    """No second look, and no wait for one."""
    await desk.run(desk.letterboxd(HEAT))
    desk.wait()
    await desk.undo()
    desk.wait()
    before = desk.clock.moment
    undone = await desk.undo(run=1, unlist=True)
    reads = [path for method, path in undone.requests if method == "GET" and path.startswith("/sync/all-items")]
    assert (undone.totals, len(reads)) == ({"read": 1, "unlisted": 1}, 2 * 3)
    assert desk.clock.moment - before < 10


async def test_an_unlisting_that_was_never_answered_is_still_to_be_done(desk: Any) -> None:
    """It is told as pending, with the command that goes on."""
    await desk.run(desk.letterboxd(HEAT))
    desk.wait()
    await desk.undo()
    desk.wait()
    desk.sandbox.faults.script("POST /sync/history/remove", ["status-500"] * 9)
    undone = await desk.undo(run=1, unlist=True)
    assert undone.totals == {"read": 1, "pending": 1}
    desk.sandbox.faults.turn_off()
    desk.wait()
    assert (await desk.undo(run=1, unlist=True)).totals == {"read": 1, "unlisted": 1}


async def test_where_no_title_may_leave_nothing_is_sent_or_read_for_it(desk: Any) -> None:
    """Only what is found out: the library, once, in three requests."""
    desk.sandbox.account.put_on_list(HEAT_ID, "completed")
    await desk.run(desk.letterboxd(HEAT))
    desk.wait()
    await desk.undo()
    desk.wait()
    undone = await desk.undo(run=1, unlist=True)
    assert undone.posts == 0
    assert len([path for _, path in undone.requests if path.startswith("/sync/all-items")]) == 3


async def test_a_title_that_simkl_refuses_for_good_is_told_so_and_its_tries_are_counted(desk: Any) -> None:
    """By what the answers said; each payment that was answered is a try."""
    await _two_titles(desk)
    desk.sandbox.faults.script("POST /sync/ratings/remove", ["status-404"] * 2)
    undone = await desk.undo()
    assert undone.totals == {"read": 2, "failed": 1, "restored": 1}
    assert list(desk.journal.rows("SELECT simkl, tries FROM owed")) == [(ALIEN_ID, 1)]


async def test_a_title_that_was_taken_off_and_stands_there_still_is_unconfirmed(desk: Any) -> None:
    """Nothing but a reading shows that it is gone; the next undo looks again."""
    await desk.run(desk.letterboxd(HEAT))
    desk.wait()
    await desk.undo()
    desk.wait()
    desk.sandbox.faults.dials.lag = 60
    desk.sandbox.faults.turn_on("lagging-reads")
    assert (await desk.undo(run=1, unlist=True)).totals == {"read": 1, "unconfirmed": 1}
    desk.sandbox.faults.turn_off()
    desk.wait()
    assert (await desk.undo(run=1, unlist=True)).posts == 0
