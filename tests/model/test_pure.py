"""Random histories over the pure functions alone: what the program's own histories show, many times as often.

SIMKL_IMPORT_PURE asks for more of them, SIMKL_IMPORT_FIRST for others.
"""

from __future__ import annotations

import os
from types import ModuleType

import pytest

HISTORIES = int(os.environ.get("SIMKL_IMPORT_PURE", "120"))
FIRST = int(os.environ.get("SIMKL_IMPORT_FIRST", "1000"))
BUNDLE = max(60, HISTORIES // 20)
"""Histories a test, so that they can be divided among processes."""


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("first", range(FIRST, FIRST + HISTORIES, BUNDLE))
def test_whatever_happens_the_rules_decide_what_stands_at_the_end(
    rules: ModuleType, paper: ModuleType, pure: ModuleType, first: int
) -> None:
    """Of every title the rating and its date; nothing stays owed, the POSTs end."""
    wrong: list[str] = []
    for seed in range(first, min(first + BUNDLE, FIRST + HISTORIES)):
        story = pure.PureStory(rules, paper, seed)
        story.play()
        if story.troubles:
            wrong += [f"history {seed}", *story.log, *story.troubles]
    assert not wrong, "\n".join(wrong)


ONCE_WRONG = (
    4723,
    5646,
    6041,
    15175,
    16170,
    21155,
    46291,
    101276,
    107383,
    115252,
    205874,
    212895,
    313003,
    400316,
    400601,
    500535,
    704660,
    815678,
    2102948,
    2212656,
)
"""Histories that showed a fault, each one of its own."""


@pytest.mark.parametrize("seed", ONCE_WRONG)
def test_a_history_that_once_went_wrong_goes_right(
    rules: ModuleType, paper: ModuleType, pure: ModuleType, seed: int
) -> None:
    """As long as the dice fall as they did."""
    story = pure.PureStory(rules, paper, seed)
    story.play()
    assert not story.troubles, "\n".join([*story.log, *story.troubles])
