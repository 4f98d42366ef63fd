"""One title that changes of ours were found on, with all that its judging goes by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set

from importer.journal.change import Change
from importer.journal.owed import Debt
from importer.model import AccountRating, Date, value
from importer.plan.decide import Rules
from importer.plan.sides import Base
from importer.readback.habit import Habit
from importer.readback.known import Opening, Standing


@value
class Rival:
    """A row of this call that was not sent because its title has its rating, or keeps another one."""

    key: str
    date: Date
    n: int


@value
class JudgedTitle:
    """One title that changes were placed on.

    `changes` are those that are open, `history` what we wrote there before, both in sending order. `openings` tell what
    stood there before each run, `rules` by which options each run sent. `bases` are the bases of its keys. `debt` is
    what it is owed already; `rivals` are rows that lie on it and were not sent, `unsent` the keys of those that are of
    this call. `cleared` is when a payment of ours took its rating away last.
    """

    simkl: int
    standing: AccountRating | None
    changes: Sequence[Change]
    history: Sequence[Change]
    openings: Mapping[int, Opening]
    rules: Callable[[int], Rules]
    bases: Mapping[str, Base]
    believed: Callable[[AccountRating], Date | None]
    habit: Habit | None
    right: bool = True
    debt: Debt | None = None
    rivals: Sequence[Rival] = ()
    unsent: Set[str] = frozenset()
    cleared: int | None = None


def value_of(theirs: AccountRating | None) -> Standing | None:
    """Return a rating and its date alone."""
    return None if theirs is None else (theirs.rating, theirs.rated_at)
