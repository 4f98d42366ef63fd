"""What imports of older versions left open, and later ones of the same version went past."""

from __future__ import annotations

from typing import Any

import pytest

VERSIONS = ["version_1", "version_2"]


@pytest.mark.parametrize("how", ["run", "undo"])
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", ["overwritten", "overwritten_beside_another_job"])
async def test_what_a_stopped_run_did_is_settled_although_a_later_run_ended_without_it(
    at_desk: Any, version: str, name: str, how: str
) -> None:
    """The person's 10 comes back; what the stopped run rated rightly, and a later one found as it says, stays."""
    async with at_desk(version, name) as kept:
        kept.desk.version = "2.0"
        if how == "undo":
            undone = await kept.desk.undo()
            newest = {"overwritten": {"Psycho", "Vertigo"}, "overwritten_beside_another_job": {"Psycho"}}[name]
            assert kept.now() == {
                title: rating for title, rating in {**kept.at_that_time, **kept.before}.items() if title not in newest
            }
            assert "Heat" not in (undone.summary.message or "")
            return
        done = await kept.run()
        assert kept.now() == {**kept.at_that_time, "Jaws": kept.before["Jaws"]}
        assert {row.title: row.outcome.value for row in done.rows.values()} == {
            title: "kept" if title == "The Other Shark" else "unchanged"
            for title in (row.title for row in done.rows.values())
        }


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_rating_that_changed_in_the_export_is_sent_to_the_title_found_by_its_neighbouring_year(
    at_desk: Any, version: str
) -> None:
    """And nothing else moves: the other row of that first run is as it was."""
    async with at_desk(version, "changed_and_never_sent") as kept:
        kept.desk.version = "2.0"
        await kept.run()
        assert kept.now() == {**kept.at_that_time, "Drive": (4, "2025-06-10T12:00:00Z")}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", ["giving_back_refused", "not_read_back"])
async def test_nothing_new_does_not_hide_what_an_old_file_left_open(at_desk: Any, version: str, name: str) -> None:
    """The same import, unchanged and of the same version: a rating of the person's is still to be given back."""
    async with at_desk(version, name) as kept:
        await kept.run()
        assert kept.now()["Jaws"] == kept.before["Jaws"]
