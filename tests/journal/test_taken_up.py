"""Old files with something left open: the next command finds it and puts the account right, once."""

from __future__ import annotations

from typing import Any

import pytest

VERSIONS = ["version_1", "version_2"]

GIVEN_BACK = [
    *((version, name) for version in VERSIONS for name in ("giving_back_refused", "not_read_back")),
    ("version_1", "key_like_a_title"),
]
"""Files in which a row's rating still stands on the person's title, whose own the rules keep."""


@pytest.mark.parametrize("how", ["run", "undo"])
@pytest.mark.parametrize(("version", "name"), GIVEN_BACK)
async def test_a_rating_of_the_persons_that_was_never_given_back_is_given_back(
    at_desk: Any, version: str, name: str, how: str
) -> None:
    """By whichever command comes next; nothing else moves, and the command after it finds nothing to do."""
    async with at_desk(version, name) as kept:
        kept.desk.version = "2.0"
        if how == "undo":
            await kept.desk.undo()
            assert kept.now() == kept.before
            return
        done = await kept.run()
        assert kept.now() == {**kept.at_that_time, "Jaws": kept.before["Jaws"]}
        assert done.summary.exit == 3
        [shark] = [row for row in done.rows.values() if row.title == "The Other Shark"]
        assert (shark.outcome.value, shark.note and shark.note.value) == ("kept", "other_title")
        assert shark.matched is not None
        assert (shark.matched.title, shark.prior_rating) == ("Jaws", kept.before["Jaws"][0])
        kept.desk.wait()
        kept.desk.version = "2.1"
        again = await kept.run()
        assert (again.posts, again.summary.exit) == (0, 0)


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_dry_run_over_an_old_file_pays_nothing(at_desk: Any, version: str) -> None:
    """It tells."""
    async with at_desk(version, "giving_back_refused") as kept:
        dry = await kept.desk.dry_run(*kept.exports)
        assert (dry.posts, kept.now()) == (0, kept.at_that_time)
        assert any("Jaws" in line or "given back" in line for line in [*dry.told, dry.summary.message or ""])


@pytest.mark.parametrize("version", VERSIONS)
async def test_what_an_undo_was_refused_is_taken_back_by_the_next_one(at_desk: Any, version: str) -> None:
    """The three that stayed, and no run before it."""
    async with at_desk(version, "undo_partly_refused") as kept:
        done = await kept.desk.undo()
        assert (done.summary.exit, done.totals) == (0, {"read": 3, "removed": 3})
        assert kept.now() == kept.before
        assert (await kept.desk.undo()).posts == 0


@pytest.mark.parametrize("version", ["version_1_early", *VERSIONS])
async def test_what_a_mending_gave_back_is_not_taken_by_its_undo(at_desk: Any, version: str) -> None:
    """The person's rating was paid for the run before: it stays, and what the mending put elsewhere goes."""
    async with at_desk(version, "mended") as kept:
        await kept.desk.undo()
        assert kept.now() == {"Heat": kept.at_that_time["Heat"], "Jaws": kept.before["Jaws"]}


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_rating_that_was_echoed_and_never_stood_there_is_sent_once_more(at_desk: Any, version: str) -> None:
    """The service keeps what it is sent now."""
    async with at_desk(version, "findings") as kept:
        kept.desk.version = "2.0"
        done = await kept.run()
        assert kept.now() == {
            **kept.at_that_time,
            "Heat": (9, "2024-01-02T12:00:00Z"),
            "Vertigo": (4, "2024-01-06T12:00:00Z"),
        }
        sent = {row.title for row in done.rows.values() if row.outcome.value == "applied"}
        assert sent == {"Heat", "Vertigo"}


@pytest.mark.parametrize("version", VERSIONS)
async def test_another_command_pays_what_a_killed_undo_began(at_desk: Any, version: str) -> None:
    """All runs are asked for instead of that undo: it had given everything back, and nothing is the person's doing."""
    async with at_desk(version, "undo_killed_after_writing") as kept:
        done = await kept.desk.undo(all_runs=True)
        assert kept.now() == kept.before
        assert done.totals.get("left", 0) == 0


@pytest.mark.parametrize("version", VERSIONS)
async def test_what_was_never_seen_makes_an_undo_end_with_3_once(at_desk: Any, version: str) -> None:
    """Two ratings were echoed and stood nowhere: nobody can tell that they are taken back."""
    async with at_desk(version, "findings") as kept:
        done = await kept.desk.undo()
        assert (done.summary.exit, kept.now()) == (3, kept.before)
        assert done.totals == {"read": 4, "removed": 1, "restored": 1, "unconfirmed": 2}
        assert "2 ratings accepted by Simkl cannot be told from your own" in done.summary.message
        assert "not taken back yet" not in done.summary.message
        for everything in (False, True):
            again = await kept.desk.undo(all_runs=everything)
            assert (again.summary.exit, again.posts) == (0, 0)


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_row_that_lost_its_title_to_another_one_is_told_so_by_every_run(at_desk: Any, version: str) -> None:
    """What stands there is the other row's rating and not the person's."""
    async with at_desk(version, "findings") as kept:
        kept.desk.version = "2.0"
        done = await kept.run()
        assert done.outcomes()["letterboxd:https://boxd.it/Psycho"] == ("duplicate", None, "shared_title")
