"""Keys of a CSV's own that look like something of ours."""

from __future__ import annotations

from typing import Any

import pytest

HEAT = {"type": "movie", "title": "Heat", "year": 1995, "rating": 9, "rated_at": "2024-01-02"}
JAWS = {"key": "own:jaws", "type": "movie", "title": "Jaws", "year": 1975, "rating": 6, "rated_at": "2024-01-03"}


@pytest.mark.parametrize("key", ["simkl:", "simkl:heat", "simkl:53037", "simkl:53036"])
@pytest.mark.parametrize("there", [True, False], ids=["still rated", "taken off by the person"])
@pytest.mark.parametrize("verify", [True, False], ids=["read back", "not read back"])
async def test_a_row_whose_key_begins_with_simkl_is_taken_back_like_any_other(
    desk: Any, key: str, there: bool, verify: bool
) -> None:
    """Whatever stands behind the colon: it is its own title's row, and no other title pays for its name."""
    desk.sandbox.account.rate(53037, 4, "2011-02-03T04:05:06Z")
    await desk.run(desk.generic({"key": key, **HEAT}, JAWS), verify=verify)
    assert desk.account() == {"Heat": (9, "2024-01-02T12:00:00Z"), "Jaws": (6, "2024-01-03T12:00:00Z")}
    if not there:
        desk.wait()
        desk.sandbox.account.unrate(53036)
    undone = await desk.undo()
    assert undone.totals["read"] == 2
    assert desk.account() == {"Jaws": (4, "2011-02-03T04:05:06Z")}
