"""The rejects file and back: what a person fills in sets both titles right, and is remembered."""

from __future__ import annotations

from typing import Any

import pytest

PLANTED = (
    ("The Other Shark", 1976, "Jaws", 53037),
    ("The Other Bride", 1988, "Alien", 53011),
    ("The Other Village", 1955, "Seven Samurai", 53041),
)


def _plant(desk: Any) -> None:
    for title, year, _, simkl in PLANTED:
        desk.sandbox.catalog.alias(title, year, "movie", simkl)


def _mended(desk: Any, **ids: Any) -> Any:
    rows = desk.rejects()
    for row in rows:
        row.update(ids)
    return desk.generic(*rows, name="rejects.csv")


async def test_three_planted_wrong_titles_are_named_and_mending_sets_both_right(desk: Any) -> None:
    """Exactly the three are named; the titles they hit get back what they had, the right ones what the rows say."""
    _plant(desk)
    desk.sandbox.account.rate(53037, 4, "2011-02-03T04:05:06Z")
    right = {
        title: desk.sandbox.catalog.add("movie", title, year, {"imdb": f"tt77{n:05}"}).simkl
        for n, (title, year, _, _) in enumerate(PLANTED)
    }
    _plant(desk)
    path = desk.letterboxd(
        ("Heat", 1995, 4.5, "2024-01-02"),
        ("Amelie", 2002, 4, "2024-01-02"),
        *((title, year, 3, "2024-02-02") for title, year, _, _ in PLANTED),
    )
    done = await desk.run(path)
    assert done.summary.exit == 3
    assert done.summary.notes == {"other_title": 3}
    prior = {(row.matched.simkl, row.prior_rating) for row in done.rows.values() if row.note == "other_title"}
    assert (53037, 4) in prior, "the report hides what was overwritten"
    rows = desk.rejects()
    assert {row["title"] for row in rows} == {title for title, *_ in PLANTED}
    for row in rows:
        row["simkl"] = right[row["title"]]
    fixed = desk.generic(*rows, name="rejects.csv")
    desk.wait()
    foretold = await desk.dry_run(fixed)
    assert foretold.totals == {"read": 3, "pending": 3}
    mended = await desk.run(fixed)
    assert (mended.summary.exit, mended.totals) == (0, {"read": 3, "applied": 3})
    state = {simkl: (one.rating, one.rated_at) for simkl, one in desk.state().items()}
    assert state[53037] == (4, "2011-02-03T04:05:06Z")
    assert 53011 not in state
    assert 53041 not in state
    assert [state[simkl] for simkl in right.values()] == [(6, f"2024-02-02T12:00:0{n}Z") for n in range(3)]
    desk.wait()
    desk.version = "2"
    before = desk.state()
    again = await desk.run(path)
    assert (again.summary.exit, again.totals) == (0, {"read": 5, "unchanged": 5})
    assert (await desk.run(fixed)).totals == {"read": 3, "unchanged": 3}
    assert desk.state() == before


async def test_a_wrong_title_that_is_rated_by_its_own_row_gets_that_rating_back(desk: Any) -> None:
    """Two rows fell on one title: mending the wrong one leaves the title with its own row's rating and date."""
    jaws, shark = 53037, desk.sandbox.catalog.add("movie", "The Other Shark", 1976, {"imdb": "tt7700000"}).simkl
    desk.sandbox.catalog.alias("The Other Shark", 1976, "movie", jaws)
    path = desk.letterboxd(("Jaws", 1975, 3, "2024-01-01"), ("The Other Shark", 1976, 5, "2024-02-02"))
    await desk.run(path)
    desk.wait()
    await desk.run(_mended(desk, imdb="tt7700000"))
    state = {simkl: (one.rating, one.rated_at) for simkl, one in desk.state().items()}
    assert state == {jaws: (6, "2024-01-01T12:00:00Z"), shark: (10, "2024-02-02T12:00:00Z")}
    desk.wait()
    assert (await desk.run(path)).totals == {"read": 2, "unchanged": 2}


async def test_a_row_that_is_owed_to_a_wrong_title_outlives_the_mending_of_another_there(desk: Any) -> None:
    """The older of two was sent once more over the newer one, and neither that nor a refusal was set right before the
    older is mended: the newer's rating is given back as ours, and an undo gives back the person's.
    """
    jaws, shark = 53037, desk.sandbox.catalog.add("movie", "The Other Shark", 1976, {"imdb": "tt7700000"}).simkl
    for title in ("The Other Shark", "The Third Shark"):
        desk.sandbox.catalog.alias(title, 1976, "movie", jaws)
    desk.sandbox.account.rate(jaws, 4, "2011-02-03T04:05:06Z")
    path = desk.letterboxd(("The Other Shark", 1976, 5, "2024-01-01"), ("The Third Shark", 1976, 5, "2024-02-02"))
    await desk.run(path)
    desk.wait()
    desk.version = "2"
    desk.sandbox.faults.script("POST /sync/ratings", [None, "quota"])
    stopped = await desk.run(path)
    assert (stopped.summary.exit, stopped.summary.owed) == (6, 1)
    assert desk.account()["Jaws"] == (10, "2024-01-01T12:00:00Z"), "the older one stands there"
    fixed = desk.generic(
        {"key": "letterboxd:https://boxd.it/TheOtherShark", "rating": 10, "rated_at": "2024-01-01"}
        | {"type": "movie", "title": "The Other Shark", "year": 1976, "imdb": "tt7700000"},
        name="rejects.csv",
    )
    desk.wait()
    desk.sandbox.faults.script("POST /sync/ratings", ["status-400"])
    mended = await desk.run(fixed)
    assert mended.summary.owed == 1
    desk.wait()
    desk.version = "3"
    again = await desk.run(path)
    assert (again.summary.owed, desk.account()["Jaws"]) == (0, (10, "2024-02-02T12:00:00Z"))
    assert desk.state()[shark].rating == 10
    desk.wait()
    undone = await desk.undo(all_runs=True)
    assert (undone.summary.exit, desk.account()) == (0, {"Jaws": (4, "2011-02-03T04:05:06Z")})


async def test_a_killed_mending_gives_the_wrong_title_back_all_the_same(desk: Any, killed: Any) -> None:
    """Whichever POST it dies at, the same command sets both titles right."""
    for n, after in ((1, False), (1, True), (2, False), (2, True)):
        shark = desk.sandbox.catalog.add("movie", f"Shark {n}{after}", 1976, {"imdb": f"tt88000{n}{int(after)}"}).simkl
        desk.sandbox.catalog.alias(f"Shark {n}{after}", 1976, "movie", 53037)
        desk.sandbox.account.rate(53037, 4, "2011-02-03T04:05:06Z")
        await desk.run(desk.letterboxd((f"Shark {n}{after}", 1976, 5, "2024-02-02")))
        fixed = _mended(desk, imdb=f"tt88000{n}{int(after)}")
        with pytest.raises(killed):
            await desk.run(fixed, kill=(n, after))
        done = await desk.run(fixed)
        assert done.totals == {"read": 1, "applied": 1}
        state = {simkl: (one.rating, one.rated_at) for simkl, one in desk.state().items()}
        assert state[53037] == (4, "2011-02-03T04:05:06Z")
        assert state[shark] == (10, "2024-02-02T12:00:00Z")
        desk.wait()


async def test_a_title_that_simkl_did_not_know_is_found_by_the_id_that_was_filled_in(open_desk: Any) -> None:
    """Not found, mended, and from then on unchanged under its own key."""
    async with open_desk(catalog="closed") as desk:
        path = desk.letterboxd(("Heat", 1995, 4, "2024-01-02"), ("Hitze", 1994, 3, "2024-01-03"))
        done = await desk.run(path)
        assert (done.summary.exit, done.totals) == (3, {"read": 2, "applied": 1, "not_found": 1})
        mended = await desk.run(_mended(desk, imdb="tt0078748"))
        assert (mended.summary.exit, mended.totals) == (0, {"read": 1, "applied": 1})
        again = await desk.run(path)
        assert (again.summary.exit, again.totals) == (0, {"read": 2, "unchanged": 2})
        assert desk.account()["Alien"] == (6, "2024-01-03T12:00:00Z")


async def test_a_mended_value_closes_the_row_that_had_a_wrong_one(desk: Any) -> None:
    """The export still says seven stars of five: rejected, but no new finding."""
    path = desk.letterboxd(("Heat", 1995, 7, "2024-01-02"))
    assert (await desk.run(path)).summary.exit == 3
    (row,) = desk.rejects()
    fixed = desk.generic({**row, "rating": 9}, name="rejects.csv")
    assert (await desk.run(fixed)).totals == {"read": 1, "applied": 1}
    desk.wait()
    again = await desk.run(path)
    assert (again.summary.exit, again.totals) == (0, {"read": 1, "rejected": 1})
    desk.version = "2"
    assert (await desk.run(fixed)).totals == {"read": 1, "unchanged": 1}
    assert (await desk.run(path)).summary.exit == 0
    assert desk.account() == {"Heat": (9, "2024-01-02T12:00:00Z")}


async def test_a_file_nobody_mended_changes_nothing(desk: Any) -> None:
    """Importing the rejects as they are is no new question and no new finding."""
    _plant(desk)
    path = desk.letterboxd(*((title, year, 3, "2024-02-02") for title, year, _, _ in PLANTED))
    await desk.run(path)
    before = desk.state()
    again = await desk.run(desk.generic(*desk.rejects(), name="rejects.csv"))
    assert (again.summary.exit, again.posts, desk.state()) == (0, 0, before)


async def test_a_stand_in_date_is_none_the_truer_for_being_in_a_rejects_file(open_desk: Any) -> None:
    """A watch date stays one: a later rating on Simkl is not overruled by it."""
    async with open_desk(catalog="closed") as desk:
        await desk.run(desk.mal((999998, "Monster Mash", 8, "2024-05-05")))
        mended = await desk.run(_mended(desk, mal=19))
        (row,) = mended.rows.values()
        assert (row.outcome.value, row.date_from.value) == ("applied", "watched")


async def test_what_cannot_be_read_stands_word_for_word_until_it_is_mended(desk: Any) -> None:
    """An unreadable date and an unknown type are refused again as they are, and sent once they are mended."""
    rows = [
        {"type": "movie", "title": "Heat", "year": 1995, "rating": 9, "rated_at": "30/30/2022", "imdb": "tt0113277"},
        {"type": "filmm", "title": "Alien", "year": 1979, "rating": 8, "rated_at": "2022-01-02", "imdb": "tt0078748"},
    ]
    done = await desk.run(desk.generic(*rows))
    assert done.summary.reasons["rejected"] == {"unreadable_date": 1, "unknown_kind": 1}
    rejects = desk.rejects()
    assert [(row["rated_at"], row["type"]) for row in rejects] == [("30/30/2022", "movie"), ("2022-01-02", "filmm")]
    again = await desk.run(desk.generic(*rejects, name="rejects.csv"))
    assert (again.posts, again.totals) == (0, {"read": 2, "rejected": 2})
    rejects[0]["rated_at"], rejects[1]["type"] = "2022-06-30", "movie"
    mended = await desk.run(desk.generic(*rejects, name="rejects.csv"))
    assert mended.totals == {"read": 2, "applied": 2}
    assert desk.account()["Heat"] == (9, "2022-06-30T12:00:00Z")
