"""Undo: every rating and date as it was, title by title, whatever stopped it in between."""

from __future__ import annotations

from typing import Any

import pytest

from importer.plan.decide import OnConflict

HEAT = ("Heat", 1995, 4.5, "2024-01-02")
ALIEN = ("Alien", 1979, 4, "2024-01-03")
FRENCH = ("Le Fabuleux Destin d'Amélie Poulain", 2001, 3.5, "2024-01-04")


def _rate(desk: Any, title: str, year: int, rating: int, at: str) -> int:
    found = desk.sandbox.catalog.find("movie", title, year)
    desk.sandbox.account.rate(found, rating, at)
    return int(found.simkl)


async def test_an_import_taken_back_leaves_every_rating_and_date_as_it_was(desk: Any) -> None:
    """New ratings go, overwritten ones come back, spelled as the export spells them or not."""
    _rate(desk, "Alien", 1979, 3, "2019-05-06T07:08:09Z")
    _rate(desk, "Amélie", 2001, 2, "2018-01-01T00:00:01Z")
    before = desk.state()
    done = await desk.run(desk.letterboxd(HEAT, ALIEN, FRENCH))
    assert done.totals == {"read": 3, "applied": 3}
    assert desk.account()["Amélie"] == (7, "2024-01-04T12:00:00Z")
    undone = await desk.undo()
    assert undone.totals == {"read": 3, "restored": 2, "removed": 1}
    assert desk.state() == before


@pytest.mark.parametrize("verify", [True, False], ids=["read back", "not read back"])
async def test_a_row_on_somebody_elses_title_is_taken_back_there(desk: Any, verify: bool) -> None:
    """The title that a wrong match overwrote gets its own rating again, also where nobody read back."""
    jaws = _rate(desk, "Jaws", 1975, 4, "2011-02-03T04:05:06Z")
    desk.sandbox.catalog.alias("The Other Shark", 1976, "movie", jaws)
    before = desk.state()
    await desk.run(desk.letterboxd(HEAT, ("The Other Shark", 1976, 5, "2024-02-02")), verify=verify)
    assert desk.account()["Jaws"] == (10, "2024-02-02T12:00:00Z")
    await desk.undo()
    assert desk.state() == before


async def test_what_the_person_changed_since_is_left_unless_forced(desk: Any) -> None:
    """A rating given on Simkl after the import stays; --force takes it too."""
    path = desk.letterboxd(HEAT, ALIEN)
    await desk.run(path)
    desk.wait()
    _rate(desk, "Heat", 1995, 2, desk.iso())
    undone = await desk.undo()
    assert undone.totals == {"read": 2, "removed": 1, "left": 1}
    assert list(desk.account()) == ["Heat"]
    forced = await desk.undo(run=1, force=True)
    assert forced.totals == {"read": 1, "removed": 1}
    assert desk.account() == {}


async def test_a_second_undo_takes_the_run_before(desk: Any) -> None:
    """Undo walks back run by run, and then finds nothing."""
    await desk.run(desk.letterboxd(HEAT))
    desk.wait()
    await desk.run(desk.letterboxd(("Heat", 1995, 2, "2025-01-02"), ALIEN))
    assert desk.account()["Heat"] == (4, "2025-01-02T12:00:00Z")
    await desk.undo()
    assert desk.account() == {"Heat": (9, "2024-01-02T12:00:00Z")}
    await desk.undo()
    assert desk.account() == {}
    assert (await desk.undo()).posts == 0


async def test_all_runs_are_taken_back_at_once_and_one_run_by_its_number(desk: Any) -> None:
    """--all walks every title's changes to the first; --run N takes that run's alone."""
    _rate(desk, "Heat", 1995, 1, "2010-01-01T00:00:00Z")
    before = desk.state()
    await desk.run(desk.letterboxd(HEAT))
    await desk.run(desk.letterboxd(("Heat", 1995, 2, "2025-01-02"), ALIEN))
    one = await desk.undo(run=1)
    assert one.totals == {"read": 1, "left": 1}
    await desk.undo(all_runs=True)
    assert desk.state() == before


async def test_one_key_is_taken_back_alone(desk: Any) -> None:
    """--key takes back that row; a later undo finds the rest, and no trace of that row to trip over."""
    done = await desk.run(desk.letterboxd(HEAT, ALIEN))
    key = next(key for key in done.rows if key.endswith("Heat"))
    await desk.undo(key)
    assert list(desk.account()) == ["Alien"]
    undone = await desk.undo()
    assert undone.totals == {"read": 1, "removed": 1}


@pytest.mark.parametrize("written", [False, True], ids=["before the write", "after the write"])
@pytest.mark.parametrize("post", [1, 2])
async def test_a_killed_undo_goes_on_where_it_was(desk: Any, killed: Any, post: int, written: bool) -> None:
    """Killed at its removal or at its restoring POST, before or after Simkl wrote it: the same command ends it."""
    _rate(desk, "Alien", 1979, 3, "2019-05-06T07:08:09Z")
    before = desk.state()
    await desk.run(desk.letterboxd(HEAT, ALIEN, FRENCH))
    with pytest.raises(killed):
        await desk.undo(kill=(post, written))
    undone = await desk.undo()
    assert undone.totals == {"read": 3, "restored": 1, "removed": 2}
    assert desk.state() == before
    assert (await desk.undo()).posts == 0


@pytest.mark.parametrize("written", [False, True], ids=["before the write", "after the write"])
async def test_a_killed_import_is_taken_back_as_far_as_it_came(desk: Any, killed: Any, written: bool) -> None:
    """What was answered, what arrived without an answer, and what never left: all are as before."""
    _rate(desk, "Amélie", 2001, 2, "2018-01-01T00:00:01Z")
    before = desk.state()
    with pytest.raises(killed):
        await desk.run(desk.letterboxd(HEAT, ALIEN, FRENCH), batch_size=1, kill=(3, written))
    await desk.undo()
    assert desk.state() == before


async def test_a_prior_rating_without_a_date_gets_the_time_of_the_undo_and_that_is_said(desk: Any) -> None:
    """Simkl gave no date, so none can come back."""
    heat = _rate(desk, "Heat", 1995, 1, "2010-01-01T00:00:00Z")
    desk.sandbox.account.undate(heat)
    await desk.run(desk.letterboxd(HEAT), on_conflict=OnConflict.OVERWRITE)
    desk.wait()
    undone = await desk.undo()
    assert desk.account()["Heat"][0] == 1
    assert desk.account()["Heat"][1] >= desk.iso(-1)
    assert "time of this undo" in undone.summary.message


async def test_what_is_left_comes_with_the_command_that_takes_it_back(desk: Any) -> None:
    """A second undo would take the run before: the run must be named."""
    await desk.run(desk.letterboxd(HEAT))
    desk.wait()
    await desk.run(desk.letterboxd(HEAT, ALIEN))
    _rate(desk, "Alien", 1979, 1, "2025-07-01T00:00:00Z")
    left = await desk.undo()
    assert left.totals["left"] == 1
    assert "undo --run 2 --force" in left.summary.message
    await desk.undo(run=2, force=True)
    assert list(desk.account()) == ["Heat"]


async def test_a_dry_run_foretells_and_changes_nothing(desk: Any) -> None:
    """The numbers of the undo to come, and not a write."""
    await desk.run(desk.letterboxd(HEAT, ALIEN))
    before = desk.state()
    dry = await desk.undo(dry_run=True)
    assert dry.totals == {"read": 2, "pending": 2}
    assert (dry.posts, desk.state()) == (0, before)
    assert (await desk.undo()).totals == {"read": 2, "removed": 2}


@pytest.mark.parametrize("fault", ["day-dates", "shifted-dates", "no-rated-at", "lagging-reads", "lagging-ratings"])
async def test_undo_knows_its_own_whatever_simkl_makes_of_dates(open_desk: Any, fault: str) -> None:
    """Coarser, shifted, missing and late dates are no changes of the person's."""
    async with open_desk(faults=[fault]) as desk:
        desk.wait()
        done = await desk.run(desk.letterboxd(HEAT, ALIEN, FRENCH))
        assert done.totals == {"read": 3, "applied": 3}
        desk.wait()
        assert (await desk.undo()).totals == {"read": 3, "removed": 3}
        assert desk.account() == {}


async def test_two_rows_on_one_title_are_taken_back_together(desk: Any) -> None:
    """The later row won; undo goes through both to what stood there before."""
    jaws = _rate(desk, "Jaws", 1975, 4, "2011-02-03T04:05:06Z")
    desk.sandbox.catalog.alias("The Other Shark", 1976, "movie", jaws)
    before = desk.state()
    done = await desk.run(desk.letterboxd(("Jaws", 1975, 3, "2024-01-01"), ("The Other Shark", 1976, 5, "2024-02-02")))
    outcomes = {key.rpartition("/")[2]: value for key, value in done.outcomes().items()}
    assert outcomes["TheOtherShark"] == ("applied", None, "other_title")
    assert outcomes["Jaws"] == ("duplicate", None, "shared_title")
    await desk.undo()
    assert desk.state() == before


async def test_after_an_undo_the_next_run_sends_again(desk: Any) -> None:
    """Bases and marks are forgotten: the same export is not unchanged."""
    path = desk.letterboxd(HEAT)
    await desk.run(path)
    await desk.undo()
    again = await desk.run(path)
    assert again.totals == {"read": 1, "applied": 1}
    assert desk.account() == {"Heat": (9, "2024-01-02T12:00:00Z")}


@pytest.mark.parametrize("fault", ["none", "echo-lie"])
async def test_what_simkl_never_took_is_nothing_to_take_back(open_desk: Any, fault: str) -> None:
    """Not found, or echoed and never there: neither is a change of the person's."""
    async with open_desk(catalog="closed", faults=[] if fault == "none" else [fault]) as desk:
        done = await desk.run(desk.letterboxd(HEAT, ALIEN, ("Nobody Knows It", 1950, 3, "2024-01-04")))
        assert done.totals["not_found"] == 1
        undone = await desk.undo()
        expected = {"read": 2, "removed": 2} if fault == "none" else {"read": 2, "removed": 1, "unconfirmed": 1}
        assert (undone.totals, desk.account()) == (expected, {})


@pytest.mark.parametrize("how", ["not verified", "killed"])
@pytest.mark.parametrize("named", [True, False])
async def test_what_was_never_read_back_is_taken_back_although_its_row_is_rejected_now(
    desk: Any, killed: Any, how: str, named: bool
) -> None:
    """What a later export says of a key does not hide what was sent for it."""
    desk.sandbox.catalog.alias("The Other Shark", 1976, "movie", 53037)
    first = desk.letterboxd(("The Other Shark", 1976, 4, "2024-02-02"), HEAT)
    if how == "killed":
        with pytest.raises(killed):
            await desk.run(first, kill=(1, True))
    else:
        await desk.run(first, verify=False)
    desk.wait()
    await desk.run(desk.letterboxd(("The Other Shark", 1976, 5.5, "2024-02-02"), HEAT))
    await desk.undo(*(["letterboxd:https://boxd.it/TheOtherShark"] if named else []), run=1)
    assert "Jaws" not in desk.account()


async def test_twice_as_many_titles_cost_an_undo_twice_as_much(open_desk: Any) -> None:
    """Counted in steps of the database: thousands of titles must not be looked for one by one in thousands of rows."""
    steps: list[int] = []
    for number in (150, 300):
        async with open_desk() as desk:
            await desk.run(desk.letterboxd(*((f"Film {n}", 1990, 4, "2024-01-02") for n in range(number))))
            desk.wait()
            steps.append(0)

            def count() -> None:
                steps[-1] += 1

            desk.journal._connection.set_progress_handler(count, 100)
            undone = await desk.undo()
            desk.journal._connection.set_progress_handler(None, 0)
            assert undone.totals == {"read": number, "removed": number}
    assert steps[1] < 2.6 * steps[0], steps


@pytest.mark.parametrize("order", ["duplicates-first", ""], ids=["the first stays", "the last stays"])
@pytest.mark.parametrize("again", [False, True], ids=["at once", "after another import"])
@pytest.mark.parametrize("key", ["Jaws", "Shark"])
async def test_rows_of_one_title_that_are_taken_back_one_by_one_leave_it_as_it_was(
    desk: Any, order: str, again: bool, key: str
) -> None:
    """The other row's rating is given back first, and is ours as well: after it comes what the person had, nothing."""
    desk.sandbox.catalog.alias("Shark!", 1975, "movie", 53037)
    if order:
        desk.sandbox.faults.turn_on(order)
    rows = ("Shark!", 1975, 3.5, "2012-10-07"), ("Jaws", 1975, 3, "2016-06-27")
    await desk.run(desk.letterboxd(*rows))
    desk.wait()
    longer = desk.letterboxd(*rows, ("Alien", 1979, 4, "2024-01-03"))
    await desk.run(longer)
    desk.wait()
    await desk.undo(f"letterboxd:https://boxd.it/{key}")
    desk.wait()
    if again:
        await desk.run(longer)
        desk.wait()
    assert (await desk.undo(all_runs=True)).summary.exit == 0
    assert desk.account() == {}
