"""An undo that is refused in part or killed: what is left stays on record, and the next one goes on with that."""

from __future__ import annotations

from typing import Any

import pytest

from importer.plan.decide import OnConflict

HEAT = ("Heat", 1995, 4.5, "2024-01-02")
ALIEN = ("Alien", 1979, 4, "2024-01-03")
PSYCHO = ("Psycho", 1960, 3, "2024-01-05")
JAWS = 53037
KEY = "letterboxd:https://boxd.it/{}"


def _rate(desk: Any, title: str, year: int, rating: int, at: str) -> None:
    desk.sandbox.account.rate(desk.sandbox.catalog.find("movie", title, year), rating, at)


@pytest.fixture
def imported(desk: Any) -> Any:
    """A desk that rated Alien and Psycho before, and imports three films over them."""
    _rate(desk, "Alien", 1979, 3, "2019-05-06T07:08:09Z")
    _rate(desk, "Psycho", 1960, 2, "2018-05-06T07:08:09Z")
    return desk


@pytest.mark.parametrize("path", ["POST /sync/ratings/remove", "POST /sync/ratings"], ids=["a removal", "a restoring"])
async def test_one_404_leaves_the_rest_done_and_itself_to_the_next_undo(imported: Any, path: str) -> None:
    """Status 3, and it says what is left and how to go on; undo again tries that, and the run before comes after."""
    before = imported.state()
    await imported.run(imported.letterboxd(HEAT, ALIEN, PSYCHO))
    imported.sandbox.faults.script(path, ["status-404"] * 8)
    imported.wait()
    undone = await imported.undo()
    assert undone.summary.exit == 3
    left = 1 if path.endswith("remove") else 2
    assert undone.totals == {"read": 3, "failed": left, ("restored" if left == 1 else "removed"): 3 - left}
    assert "simkl-import undo" in undone.summary.message
    assert ("Heat" in undone.summary.message) == (left == 1)
    imported.sandbox.faults.turn_off()
    imported.wait()
    again = await imported.undo()
    assert (again.summary.exit, imported.state()) == (0, before)
    assert again.summary.run == undone.summary.run
    assert (await imported.undo()).posts == 0


async def test_of_several_titles_the_one_that_is_refused_alone_is_left(imported: Any) -> None:
    """A batch that meets a 404 is halved: its other titles are done in the same call."""
    imported.sandbox.faults.dials.poison_titles = {"Psycho"}
    before = imported.state()
    await imported.run(imported.letterboxd(HEAT, ALIEN, PSYCHO))
    imported.sandbox.faults.turn_on("poison")
    undone = await imported.undo()
    assert undone.totals == {"read": 3, "removed": 1, "restored": 1, "failed": 1}
    assert undone.summary.exit == 3
    assert {title for title, (rating, _) in imported.account().items() if title != "Psycho"} == {"Alien"}
    imported.sandbox.faults.turn_off()
    imported.wait()
    await imported.undo()
    assert imported.state() == before


async def test_a_plain_undo_goes_on_with_the_one_that_is_not_complete_and_with_that_alone(imported: Any) -> None:
    """The run before stays as it is, and the person is told which undo goes on."""
    await imported.run(imported.letterboxd(HEAT))
    imported.wait()
    between = imported.state()
    await imported.run(imported.letterboxd(HEAT, ALIEN))
    imported.sandbox.faults.script("POST /sync/ratings", ["status-404"] * 4)
    imported.wait()
    first = await imported.undo()
    assert first.totals == {"read": 1, "failed": 1}
    imported.sandbox.faults.turn_off()
    imported.wait()
    again = await imported.undo()
    assert f"going on with the undo that is not complete (run {first.summary.run})" in again.told
    assert (again.totals, imported.state()) == ({"read": 1, "restored": 1}, between)
    imported.wait()
    await imported.undo()
    assert "Heat" not in imported.account()


async def test_another_command_pays_what_an_undo_owes(imported: Any) -> None:
    """A run of something else ends it; then there is nothing left for the undo to go on with."""
    before = imported.state()
    await imported.run(imported.letterboxd(ALIEN))
    imported.sandbox.faults.script("POST /sync/ratings", ["status-404"] * 4)
    imported.wait()
    assert (await imported.undo()).summary.owed == 1
    imported.sandbox.faults.turn_off()
    imported.wait()
    await imported.run(imported.letterboxd(HEAT, name="other.csv"))
    assert {simkl: one for simkl, one in imported.state().items() if simkl in before} == before


async def test_what_an_undo_had_not_begun_when_it_was_killed_is_not_owed(imported: Any, killed: Any) -> None:
    """Killed before its first intent, nothing of it is taken back by anyone but an undo."""
    await imported.run(imported.letterboxd(ALIEN))
    stood = imported.state()
    imported.sandbox.faults.script("GET /sync/activities", ["quota"])
    with pytest.raises(Exception, match="day"):
        await imported.undo()
    imported.sandbox.faults.turn_off()
    imported.wait()
    done = await imported.run(imported.letterboxd(HEAT, name="other.csv"))
    assert done.summary.owed == 0
    assert {simkl: one for simkl, one in imported.state().items() if simkl in stood} == stood


@pytest.mark.parametrize("written", [False, True], ids=["before the write", "after the write"])
async def test_what_a_killed_undo_had_begun_is_paid_by_any_command(imported: Any, killed: Any, written: bool) -> None:
    """Its intent is on disk: an import of something else takes those titles back."""
    before = imported.state()
    await imported.run(imported.letterboxd(ALIEN, PSYCHO))
    imported.wait()
    with pytest.raises(killed):
        await imported.undo(kill=(1, written))
    imported.wait()
    done = await imported.run(imported.letterboxd(HEAT, name="other.csv"))
    assert {simkl: one for simkl, one in imported.state().items() if simkl in before} == before
    assert done.summary.owed == 0


async def test_a_named_undo_beside_an_incomplete_one_is_one_of_its_own(imported: Any) -> None:
    """--key of another row is done, and the incomplete undo is still there for a plain one."""
    before = imported.state()
    await imported.run(imported.letterboxd(HEAT, ALIEN))
    imported.sandbox.faults.script("POST /sync/ratings", ["status-404"] * 4)
    first = await imported.undo(KEY.format("Alien"))
    assert first.totals == {"read": 1, "failed": 1}
    imported.sandbox.faults.script("POST /sync/ratings", ["status-404"] * 4)
    other = await imported.undo(KEY.format("Heat"))
    assert other.totals == {"read": 1, "removed": 1}
    assert other.summary.run != first.summary.run
    imported.sandbox.faults.turn_off()
    imported.wait()
    await imported.undo(KEY.format("Alien"))
    assert imported.state() == before


async def test_force_takes_the_persons_change_too_and_all_takes_every_run(imported: Any) -> None:
    """--all leaves what the person changed; with --force that goes as well, down to what stood before everything."""
    before = imported.state()
    await imported.run(imported.letterboxd(ALIEN))
    imported.wait()
    await imported.run(imported.letterboxd((*ALIEN[:2], 1, "2025-01-03"), HEAT))
    imported.wait()
    _rate(imported, "Alien", 1979, 5, imported.iso())
    undone = await imported.undo(all_runs=True)
    assert undone.totals == {"read": 2, "removed": 1, "left": 1}
    assert "1 was changed since and left: simkl-import undo --all --force takes that back too" in undone.summary.message
    await imported.undo(all_runs=True, force=True)
    assert imported.state() == before


async def test_what_was_accepted_and_never_seen_is_said_and_not_called_never_arrived(open_desk: Any) -> None:
    """No date comes back, the run was not read back, and the title is told otherwise: nothing is guessed."""
    async with open_desk(faults=["no-rated-at"]) as desk:
        desk.sandbox.catalog.alias("The Other Shark", 1976, "movie", JAWS)
        await desk.run(desk.letterboxd(("The Other Shark", 1976, 4, "2024-02-02")), verify=False)
        stood = desk.state()
        desk.wait()
        undone = await desk.undo()
        assert (undone.totals, desk.state()) == ({"read": 1, "unconfirmed": 1}, stood)
        assert "1 rating accepted by Simkl cannot be told from your own" in undone.summary.message


async def test_an_undo_without_its_restoring_date_says_how_many_got_its_own(imported: Any) -> None:
    """One or several: the sentence is right for both."""
    for title, year in (("Alien", 1979), ("Psycho", 1960)):
        imported.sandbox.account.undate(imported.sandbox.catalog.find("movie", title, year))
    await imported.run(imported.letterboxd(ALIEN, PSYCHO), on_conflict=OnConflict.OVERWRITE)
    imported.wait()
    undone = await imported.undo()
    assert "2 had no date on Simkl and got the time of this undo" in undone.summary.message


@pytest.mark.parametrize("forced", [False, True], ids=["forced later", "forced from the start"])
async def test_what_the_person_changed_after_an_undo_had_begun_with_it_can_be_forced(
    imported: Any, killed: type[BaseException], forced: bool
) -> None:
    """By the command that we name, and by the undo that goes on, if that was told to."""
    before = imported.state()
    await imported.run(imported.letterboxd(HEAT, ALIEN), on_conflict=OnConflict.OVERWRITE)
    imported.wait()
    with pytest.raises(killed):
        await imported.undo(force=forced, kill=(2, False))
    _rate(imported, "Alien", 1979, 1, imported.iso())
    imported.wait()
    undone = await imported.undo()
    if not forced:
        assert undone.totals == {"read": 2, "removed": 1, "left": 1}
        assert imported.account()["Alien"][0] == 1
        undone = await imported.undo(run=1, force=True)
        assert undone.totals == {"read": 1, "restored": 1}
    assert imported.state() == before
