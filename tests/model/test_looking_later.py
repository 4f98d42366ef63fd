"""What was sent and not looked at is looked at by the next command, of whatever export; then it costs nothing."""

from __future__ import annotations

from typing import Any

import pytest

from importer.report.words import lead

JAWS = ("Jaws", 1975, 4, "2024-01-05")
LEGEND = ("Legend", 1979, 4, "2024-01-05")
PERSONS = (10, "2025-01-01T00:00:00Z")


@pytest.fixture
def misled(desk: Any) -> Any:
    """A desk where "Legend" leads to Alien, which the person has rated."""
    alien = desk.sandbox.catalog.find("movie", "Alien", 1979)
    desk.sandbox.catalog.alias("Legend", 1979, "movie", alien.simkl)
    desk.sandbox.account.rate(alien, *PERSONS)
    return desk


@pytest.mark.parametrize("other", [False, True], ids=["the same export", "another export"])
@pytest.mark.parametrize("how", ["--no-verify", "refused"])
async def test_what_nobody_looked_at_is_no_nothing_new(misled: Any, how: str, other: bool) -> None:
    """Also where the other export had nothing new by its mark: the hidden rating comes back, and that is the end."""
    quiet = misled.letterboxd(JAWS, name="quiet.csv")
    await misled.run(quiet)
    misled.wait()
    assert (await misled.run(quiet)).requests == []
    path = misled.letterboxd(LEGEND)
    if how == "refused":
        misled.sandbox.faults.script("GET /sync/activities", [None, None, "status-403-forbidden"])
    sent = await misled.run(path, verify=how == "refused")
    assert (sent.summary.exit, misled.account()["Alien"][0], sent.summary.open) == (0, 8, 1)
    assert ("simkl-import login; the next run looks" in sent.summary.hint) is (how == "refused")
    assert ("nothing needs you" in lead(sent.summary)) is (how != "refused")
    misled.sandbox.faults.turn_off()
    misled.wait()
    done = await misled.run(quiet if other else path)
    assert (done.summary.exit, misled.account()["Alien"], done.summary.open) == (3, PERSONS, 0)
    misled.wait()
    assert (await misled.run(quiet if other else path)).requests == []


async def test_what_never_arrived_is_given_up_after_a_month_by_a_command_that_has_nothing_new(desk: Any) -> None:
    """Nobody gives its export any more, and no reading ever shows it. Until then nothing new costs nothing."""
    desk.sandbox.faults.script("POST /sync/ratings", ["reset-before-write"] * 6)
    await desk.run(desk.letterboxd(("Nowhere", 1901, 4, "2024-01-05"), name="lost.csv"))
    desk.sandbox.faults.turn_off()
    path = desk.letterboxd(JAWS)
    assert (await desk.run(path)).summary.open == 1
    desk.wait(29)
    still = await desk.run(path)
    assert (still.requests, still.summary.open) == ([], 1)
    desk.wait(2)
    assert (await desk.run(path)).summary.open == 0
    desk.wait()
    assert not (await desk.run(path)).requests
