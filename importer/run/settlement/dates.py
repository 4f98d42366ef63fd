"""How the service gives dates back, as learned from a reading and from all that is on record."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from importer.journal.change import Change, Evidence
from importer.journal.changes import changes_of_run, dates_otherwise
from importer.journal.moved import kept_habit
from importer.journal.owed import debts
from importer.journal.store import Journal
from importer.model import DAY
from importer.readback.appearance import stands
from importer.readback.habit import Habit, agrees, learn
from importer.simkl.account import Account


def habit_on_record(journal: Journal) -> Habit | None:
    """Return the habit that was learned last, None before any was."""
    kept = kept_habit(journal)
    return None if kept is None else Habit(*kept)


def pairs_of(placed: Sequence[Change], account: Account) -> Collection[tuple[int, int]]:
    """Dates as sent and as they came back, of what is surely there; each pair once: one date that was sent three times
    tells a shift from a day no better than one.
    """
    found: dict[tuple[int, int], None] = {}
    for change in placed:
        if change.simkl is None or change.evidence not in (Evidence.ID, Evidence.NAME) or change.rated_at is None:
            continue
        theirs = account.by_simkl.get(change.simkl)
        if theirs is not None and theirs.rated_at is not None and stands(change, theirs, None):
            found[change.rated_at, theirs.rated_at] = None
    return found


def habit_by_others(journal: Journal, told: Sequence[tuple[int, int]], account: Account) -> Habit | None:
    """Return the habit by all dates on record that came back otherwise than sent, and by those of payments: a run of
    few rows, which told so much, tells too little, and each giving back would move a date that comes back shifted.
    """
    pairs = [*told, *dates_otherwise(journal)]
    for debt in debts(journal).values():
        theirs = account.by_simkl.get(debt.simkl)
        if debt.tried_at is None or debt.store_at is None or theirs is None or theirs.rated_at is None:
            continue
        if (
            theirs.rating == debt.rating
            and theirs.rated_at != debt.read_at
            and agrees(debt.store_at, theirs.rated_at, None)
        ):
            pairs.append((debt.store_at, theirs.rated_at))
    return learn(dict.fromkeys(pairs))


def writes_of(journal: Journal, run: int) -> Callable[[int, int | None], bool]:
    """Return what tells of a rating and its date whether a run may have written that, on whatever title."""
    habit = habit_on_record(journal)
    sent: dict[tuple[int, int], list[int]] = {}
    for change in changes_of_run(journal, run):
        if change.rating is not None and change.rated_at is not None and change.written:
            sent.setdefault((change.rating, change.rated_at // DAY), []).append(change.rated_at)
    ratings = {rating for rating, _ in sent}

    def is_ours(rating: int, rated_at: int | None) -> bool:
        if rated_at is None:
            return rating in ratings
        days = (rated_at // DAY + days for days in (-1, 0, 1))
        return any(agrees(at, rated_at, habit) for day in days for at in sent.get((rating, day), ()))

    return is_ours
