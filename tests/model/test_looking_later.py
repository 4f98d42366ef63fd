"""What was sent and not looked at is looked at by the next command, of whatever export; then it costs nothing."""

from __future__ import annotations

from typing import Any

import pytest

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
    misled.sandbox.faults.turn_off()
    misled.wait()
    done = await misled.run(quiet if other else path)
    assert (done.summary.exit, misled.account()["Alien"], done.summary.open) == (3, PERSONS, 0)
    misled.wait()
    assert (await misled.run(quiet if other else path)).requests == []
