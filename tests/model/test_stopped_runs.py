"""A run that was stopped goes on later: what the person did to the account in between is the person's."""

from __future__ import annotations

from typing import Any

import pytest

from importer.plan.decide import OnConflict

JAWS = 53037
HEAT = ("Heat", 1995, 4, "2024-01-02")
OWN = ("Jaws", 1975, 4, "2024-01-05")


def _edit(desk: Any, title: Any, rating: int | None) -> None:
    desk.wait()
    if rating is None:
        desk.sandbox.account.unrate(title)
    else:
        desk.sandbox.account.rate(title, rating, desk.iso())


async def _stopped(desk: Any, killed: Any, path: Any, **options: Any) -> None:
    """Let a run die once its first POST is written."""
    with pytest.raises(killed):
        await desk.run(path, batch_size=1, kill=(1, True), **options)


@pytest.mark.parametrize("edit", [9, None], ids=["rated anew", "taken away"])
async def test_what_the_person_did_before_a_title_was_sent_is_what_stood_there(
    desk: Any, killed: Any, edit: int | None
) -> None:
    """An undo gives that back, and nothing older."""
    desk.sandbox.account.rate(JAWS, 2, "2015-01-01T00:00:00Z")
    path = desk.letterboxd(HEAT, OWN)
    await _stopped(desk, killed, path, on_conflict=OnConflict.OVERWRITE)
    _edit(desk, JAWS, edit)
    there = desk.state().get(JAWS)
    done = await desk.run(path, batch_size=1, on_conflict=OnConflict.OVERWRITE)
    assert desk.account()["Jaws"][0] == 8
    [row] = [row for row in done.rows.values() if row.title == "Jaws"]
    assert row.prior_rating == edit
    undone = await desk.undo()
    assert undone.totals == {"read": 2, "removed": 2} if edit is None else {"read": 2, "removed": 1, "restored": 1}
    assert desk.state().get(JAWS) == there


async def test_a_rating_that_the_person_took_away_is_not_given_back(desk: Any, killed: Any) -> None:
    """A row lands on a title that had one when the run began, and has none when it goes on."""
    alien = desk.sandbox.catalog.find("movie", "Alien", 1979)
    desk.sandbox.catalog.alias("Legend", 1979, "movie", alien.simkl)
    desk.sandbox.account.rate(alien, 2, "2025-01-01T00:00:00Z")
    path = desk.letterboxd(HEAT, ("Legend", 1979, 4, "2024-01-05"))
    await _stopped(desk, killed, path)
    _edit(desk, alien, None)
    done = await desk.run(path, batch_size=1)
    assert (done.posts, desk.account().get("Alien", (8,))[0]) == (1, 8)


@pytest.mark.parametrize("edit", [9, None], ids=["rated anew", "taken away"])
async def test_what_the_person_did_between_two_rows_of_a_title_is_what_stood_there(
    desk: Any, killed: Any, edit: int | None
) -> None:
    """One part of the run wrote there and another one settled it; an undo gives back what the last one found."""
    amelie, french = 53009, "Le Fabuleux Destin d'Amélie Poulain"
    desk.sandbox.account.rate(amelie, 2, "2015-01-01T00:00:00Z")
    path = desk.letterboxd(("Amélie", 2001, 4, "2023-01-02"), HEAT, (french, 2001, 3, "2024-01-05"))
    for _ in range(2):
        await _stopped(desk, killed, path, on_conflict=OnConflict.OVERWRITE)
    assert desk.state()[amelie].rating == 8
    _edit(desk, amelie, edit)
    there = desk.state().get(amelie)
    done = await desk.run(path, batch_size=1, on_conflict=OnConflict.OVERWRITE)
    assert (done.summary.run, desk.state()[amelie].rating) == (1, 6)
    await desk.undo()
    assert desk.state().get(amelie) == there


REFUSALS = ["quota", "app-quota", "write-lock", "status-401", "status-403-forbidden", "status-412"]


@pytest.mark.parametrize("refusal", REFUSALS)
async def test_what_simkl_refused_was_never_ours(desk: Any, refusal: str) -> None:
    """The person rates it so in the meantime: no undo takes that for the rating that was refused."""
    heat = desk.sandbox.catalog.find("movie", "Heat", 1995)
    path = desk.letterboxd(("Heat", 1995, 4.5, "2024-01-02"))
    desk.sandbox.faults.turn_on("no-rated-at")
    desk.sandbox.faults.script("POST /sync/ratings", [refusal] * 3)
    refused = await desk.run(path)
    assert refused.summary.exit in (4, 6)
    assert (refused.totals, refused.summary.open) == ({"read": 1, "pending": 1}, 0)
    desk.sandbox.faults.turn_off()
    desk.sandbox.faults.turn_on("no-rated-at")
    desk.sandbox.account.rate(heat, 9, "2025-06-15T20:00:00Z")
    desk.wait(2)
    assert (await desk.run(path)).totals == {"read": 1, "unchanged": 1}
    await desk.undo(all_runs=True)
    assert desk.account()["Heat"][0] == 9


async def test_a_refusal_says_nothing_of_a_try_before_whose_answer_was_lost(desk: Any) -> None:
    """That one may have arrived, and did: it is ours to take back."""
    path = desk.letterboxd(("Heat", 1995, 4.5, "2024-01-02"))
    desk.sandbox.faults.script("POST /sync/ratings", ["status-503-after-write", "quota"])
    assert (await desk.run(path)).summary.open == 1
    desk.sandbox.faults.turn_off()
    desk.wait(2)
    await desk.undo(all_runs=True)
    assert "Heat" not in desk.account()
