"""Random histories of one account: whatever happens on the way, at the end it holds what the rules say.

SIMKL_IMPORT_HISTORIES asks for more of them, SIMKL_IMPORT_FIRST for others.
"""

from __future__ import annotations

import os
from types import ModuleType
from typing import Any

import pytest

HISTORIES = int(os.environ.get("SIMKL_IMPORT_HISTORIES", "60"))
FIRST = int(os.environ.get("SIMKL_IMPORT_FIRST", "1000"))
BUNDLE = 10
"""Histories a test, so that they can be divided among processes."""


@pytest.mark.timeout(600)
@pytest.mark.parametrize("first", range(FIRST, FIRST + HISTORIES, BUNDLE))
async def test_an_account_ends_as_the_rules_say(
    open_desk: Any, killed: type[BaseException], rules: ModuleType, stories: ModuleType, first: int
) -> None:
    """Of every title the rating and its date; no rating of the person's is lost, nothing stays owed, the POSTs end.

    Every second bundle is of the wider kind: other options, days without a time, exports that grow.
    """
    for seed in range(first, min(first + BUNDLE, FIRST + HISTORIES)):
        async with open_desk(catalog="closed") as desk:
            story = stories.Story(desk, killed, rules, seed, wide=seed // BUNDLE % 2 == 1)
            await story.play()
            assert not story.troubles, "\n".join([f"history {seed}", *story.log, *story.troubles])


@pytest.mark.parametrize(
    ("seed", "wide"),
    [
        (730170, False),
        (400207, False),
        (700137, True),
        (510810, True),
        (772209, False),
        (910318, True),
        (1500980, False),
        (1401848, False),
    ],
    ids=[
        "two rows of a batch on a title that is owed",
        "a question asked alone",
        "a late write",
        "rows merged since",
        "a lost answer and late reads",
        "a row that takes back what it said",
        "a row that leaves a title to which another one is owed",
        "two rows of about a day on one wrong title",
    ],
)
async def test_a_history_that_once_went_wrong_goes_right(
    open_desk: Any, killed: type[BaseException], rules: ModuleType, stories: ModuleType, seed: int, wide: bool
) -> None:
    """Each showed a fault of its own."""
    async with open_desk(catalog="closed") as desk:
        story = stories.Story(desk, killed, rules, seed, wide=wide)
        await story.play()
        assert not story.troubles, "\n".join([f"history {seed}", *story.log, *story.troubles])
