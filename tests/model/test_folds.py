"""Several rows on one title of Simkl's: who wins, what stood there before, and an end to the sending."""

from __future__ import annotations

from typing import Any

import pytest

from importer.plan.decide import OnConflict

JAWS = 53037
AKIRA = 37014
OWN = ("Jaws", 1975, 3, "2024-01-03")
FOLDED = ("Shark!", 1975, 4, "2024-01-04")


@pytest.fixture
def folding(desk: Any) -> Any:
    """A desk where the film "Shark!" is Jaws to Simkl."""
    desk.sandbox.catalog.alias("Shark!", 1975, "movie", JAWS)
    return desk


def _on(desk: Any, simkl: int) -> tuple[int, str] | None:
    found = desk.state().get(simkl)
    return None if found is None else (found.rating, found.rated_at)


async def test_an_undated_score_never_beats_a_dated_film_of_the_same_title_in_one_call(desk: Any) -> None:
    """Simkl files the film as anime: shows go first, and the merge rule decides whatever the order was."""
    desk.sandbox.catalog.alias("Akira (1988)", 1988, "movie", AKIRA)
    score = desk.mal((47, "Akira", 4, "0000-00-00"))
    film = desk.letterboxd(("Akira (1988)", 1988, 5, "2020-02-02"))
    done = await desk.run(score, film)
    assert _on(desk, AKIRA) == (10, "2020-02-02T12:00:00Z")
    assert {outcome for outcome, *_ in done.outcomes().values()} == {"applied", "duplicate"}
    desk.wait()
    desk.version = "2"
    again = await desk.run(score, film)
    assert (again.posts, _on(desk, AKIRA)) == (0, (10, "2020-02-02T12:00:00Z"))


@pytest.mark.parametrize("order", ["duplicates-first", ""], ids=["the first stays", "the last stays"])
@pytest.mark.parametrize("batch", [1, 10], ids=["two batches", "one batch"])
async def test_the_newer_row_stands_at_the_end_in_whatever_order_the_service_works(
    folding: Any, order: str, batch: int
) -> None:
    """A winner that nobody could see in one batch is sent once more by the next run; then nothing is left to send."""
    if order:
        folding.sandbox.faults.turn_on(order)
    path = folding.letterboxd(OWN, FOLDED)
    done = await folding.run(path, batch_size=batch)
    if done.totals.get("unconfirmed"):
        assert (order, batch) == ("duplicates-first", 10)
        folding.wait()
        await folding.run(path, batch_size=batch)
    assert _on(folding, JAWS) == (8, "2024-01-04T12:00:00Z")
    folding.wait()
    folding.version = "2"
    assert (await folding.run(path)).posts == 0


@pytest.mark.parametrize("how", ["killed", "unread"])
async def test_two_spellings_in_a_batch_that_was_sent_twice_have_one_before(desk: Any, killed: Any, how: str) -> None:
    """Undo gives back what the person had, never a value of our own."""
    desk.sandbox.catalog.alias("Akira!", 1988, "movie", AKIRA)
    desk.sandbox.catalog.alias("Akira", 1988, "movie", AKIRA)
    desk.sandbox.account.rate(AKIRA, 2, "2015-01-01T00:00:00Z")
    before = desk.state()
    path = desk.letterboxd(("Akira", 1988, 4, "2024-01-03"), ("Akira!", 1988, 5, "2024-01-04"))
    if how == "killed":
        with pytest.raises(killed):
            await desk.run(path, kill=(1, True))
    else:
        desk.sandbox.faults.script("POST /sync/ratings", ["status-500-after-write", None])
    await desk.run(path)
    assert _on(desk, AKIRA) == (10, "2024-01-04T12:00:00Z")
    await desk.undo()
    assert desk.state() == before


async def test_the_winner_is_held_against_the_persons_rating_below(folding: Any) -> None:
    """Two rows of ours over a newer rating of the person's: neither stands, both are kept."""
    folding.sandbox.account.rate(JAWS, 10, "2025-01-01T00:00:00Z")
    path = folding.letterboxd(FOLDED, ("Jaws", 1975, 3, "2024-01-03"))
    done = await folding.run(path)
    assert _on(folding, JAWS) == (10, "2025-01-01T00:00:00Z")
    assert {outcome for outcome, *_ in done.outcomes().values()} == {"kept"}


async def test_a_row_that_was_unchanged_on_the_title_competes_with_what_lands_there(folding: Any) -> None:
    """The older row lands on the title of a newer one of this call, which was not sent: the newer one stands."""
    await folding.run(folding.letterboxd(("Jaws", 1975, 3, "2024-03-03")))
    folding.wait()
    done = await folding.run(folding.letterboxd(("Jaws", 1975, 3, "2024-03-03"), FOLDED))
    assert _on(folding, JAWS) == (6, "2024-03-03T12:00:00Z")
    folding.wait()
    folding.version = "2"
    again = await folding.run(folding.letterboxd(("Jaws", 1975, 3, "2024-03-03"), FOLDED))
    assert (again.posts, _on(folding, JAWS)) == (0, (6, "2024-03-03T12:00:00Z"))
    assert done.outcomes()["letterboxd:https://boxd.it/Shark"][0] == "duplicate"


async def test_undated_never_beats_dated_in_two_runs_either(desk: Any) -> None:
    """The merge rule holds for ours against ours, whatever --on-conflict."""
    desk.sandbox.catalog.alias("Akira (1988)", 1988, "movie", AKIRA)
    film = desk.letterboxd(("Akira (1988)", 1988, 5, "2020-02-02"))
    await desk.run(film)
    desk.wait()
    score = desk.mal((47, "Akira", 4, "0000-00-00"))
    for version in ("1", "2", "3"):
        desk.version = version
        await desk.run(score, on_conflict=OnConflict.OVERWRITE)
        assert _on(desk, AKIRA) == (10, "2020-02-02T12:00:00Z"), version
        desk.wait()
    assert (await desk.run(score, on_conflict=OnConflict.OVERWRITE)).posts == 0


async def test_plan_and_read_back_never_disagree_for_ever(desk: Any) -> None:
    """What a reading kept is not sent again, night after night, until the row changes."""
    amelie, french = 53009, "Le Fabuleux Destin d'Amélie Poulain"
    desk.sandbox.account.rate(amelie, 10, "2025-01-01T00:00:00Z")
    path = desk.letterboxd((french, 2001, 4, "2024-01-04"))
    posts = []
    for n in range(4):
        desk.version = str(n)
        posts.append((await desk.run(path)).posts)
        desk.wait()
    assert posts == [2, 0, 0, 0]
    assert _on(desk, amelie) == (10, "2025-01-01T00:00:00Z")
    await desk.run(desk.letterboxd((french, 2001, 4, "2025-06-01")))
    assert _on(desk, amelie) == (8, "2025-06-01T12:00:00Z")


async def test_what_a_reading_kept_is_sent_by_a_run_with_other_options(desk: Any) -> None:
    """Once: what came of it is the account's then, also for the options of before."""
    amelie, french = 53009, "Le Fabuleux Destin d'Amélie Poulain"
    desk.sandbox.account.rate(amelie, 10, "2025-01-01T00:00:00Z")
    path = desk.letterboxd((french, 2001, 4, "2024-01-04"))
    posts = []
    for policy in (OnConflict.NEWER, OnConflict.KEEP, OnConflict.OVERWRITE, OnConflict.OVERWRITE, OnConflict.NEWER):
        desk.version += "1"
        posts.append((await desk.run(path, on_conflict=policy)).posts)
        desk.wait()
    assert posts == [2, 0, 1, 0, 0]
    assert _on(desk, amelie) == (8, "2024-01-04T12:00:00Z")


async def test_a_fold_over_a_rating_that_the_person_gave_in_between_starts_from_that(folding: Any) -> None:
    """Our row of an earlier run, the person's edit, our other row: undo gives the edit back and nothing older."""
    await folding.run(folding.letterboxd(OWN))
    folding.wait()
    folding.sandbox.account.rate(JAWS, 9, "2024-01-02T00:00:00Z")
    folding.wait()
    done = await folding.run(folding.letterboxd(FOLDED, name="other.csv"), on_conflict=OnConflict.OVERWRITE)
    assert _on(folding, JAWS) == (8, "2024-01-04T12:00:00Z")
    await folding.undo(run=done.summary.run)
    assert _on(folding, JAWS) == (9, "2024-01-02T00:00:00Z")


async def test_movies_and_shows_never_share_a_batch_and_shows_go_first(desk: Any) -> None:
    """Also where Simkl files the film as anime."""
    await desk.run(desk.mal((1, "Cowboy Bebop", 9, "2020-01-01")), desk.letterboxd(OWN))
    bodies = [entry.raw for entry in desk.sandbox.log if entry.method == "POST"]
    assert [(b'"shows"' in body, b'"movies"' in body) for body in bodies] == [(True, False), (False, True)]


@pytest.mark.parametrize("together", [True, False], ids=["in one call", "on record alone"])
async def test_an_older_row_is_not_sent_over_one_that_needed_no_sending_since(desk: Any, together: bool) -> None:
    """It stands there by an older date of its own, and says the same rating of a newer day now."""
    amelie, french = 53009, "Le Fabuleux Destin d'Amélie Poulain"
    await desk.run(desk.letterboxd((french, 2001, 4, "2024-01-04")))
    newer = (french, 2001, 4, "2024-01-10")
    await desk.run(desk.letterboxd(newer))
    desk.wait()
    path = desk.letterboxd(("Amélie", 2001, 3, "2024-01-07"), *[newer] * together)
    done = await desk.run(path, on_conflict=OnConflict.OVERWRITE)
    assert (done.posts, _on(desk, amelie)) == (0, (8, "2024-01-04T12:00:00Z"))
    assert ("duplicate", None, "shared_title") in done.outcomes().values()
