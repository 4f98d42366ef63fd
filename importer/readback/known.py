"""What is known when a reading is searched for our changes: the account, and what was on record before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field
from typing import TypeAlias

from importer.model import value
from importer.plan.names import Names
from importer.readback.habit import Habit
from importer.simkl.account import Account

Standing: TypeAlias = tuple[int, int | None]
"""A rating and its date."""


@value
class Opening:
    """The account before the first write of a run, by title. `whole`: a title that is not in it had no rating."""

    ratings: Mapping[int, Standing]
    whole: bool

    def knows(self, simkl: int) -> bool:
        """Tell whether it tells what stood on a title."""
        return self.whole or simkl in self.ratings


NOTHING_KEPT = Opening({}, whole=False)


@value
class Known:
    """What is known when changes are looked for. `led` tells where questions led before, `moved` the new numbers of
    titles; `current` is the run that is being read back, None where a command has just begun. `names` are other names
    of titles, as far as they were asked for; `claimed` are the titles on which others stand.
    """

    account: Account
    openings: Mapping[int, Opening]
    led: Mapping[int, int]
    habit: Habit | None
    moved: Mapping[int, int] = field(default_factory=dict)
    current: int | None = None
    names: Mapping[int, Names] = field(default_factory=dict)
    claimed: Collection[int] = ()

    def opening(self, run: int) -> Opening:
        """Return what is kept of the account before a run."""
        return self.openings.get(run, NOTHING_KEPT)
