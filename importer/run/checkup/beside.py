"""What changes on the account beside the three titles of a live test, and whose doing that is."""

from __future__ import annotations

from collections.abc import Collection

from importer.journal import life
from importer.journal.moved import kept_habit
from importer.journal.store import Journal
from importer.journal.trial import Borrowed, borrow, borrowed, trial_changes
from importer.readback.habit import Habit
from importer.run.checkup.exchange import Whole
from importer.run.checkup.outcome import Ended
from importer.run.checkup.putting_back import is_ours
from importer.simkl.library import Listed


class Watch:
    """Holds every reading against the account as it was right before the test, `before`.

    A title beside the three with a rating of ours, or without the one it had, is to stand again as it did: that is on
    record before it is put back. Whatever else changed is somebody else's doing, and stays: above all what the person
    rates meanwhile, also one of the three.
    """

    def __init__(self, journal: Journal, run: int, three: Collection[int], before: Whole, ended: Ended) -> None:
        self._journal = journal
        self._run = run
        self._three = frozenset(three)
        self._before = before
        self._ended = ended
        self._foreign: set[int] = set()

    def look(self, now: Whole) -> bool:
        """Tell whether anything changed, since the last look, that should not have."""
        by_title = trial_changes(self._journal, self._run)
        sent = [change for found in by_title.values() for change in found]
        times = life.batch_times(self._journal, self._run)
        kept = kept_habit(self._journal)
        habit = None if kept is None else Habit(*kept)
        spilled: list[Borrowed] = []
        foreign = {
            simkl
            for simkl in self._three
            if (row := now.rows.get(simkl)) is not None
            and (there := row.rating) is not None
            and not any(is_ours(one, there.rating, there.rated_at, times, habit) for one in by_title.get(simkl, ()))
        }
        known = {*self._three, *borrowed(self._journal), *self._foreign}
        for simkl in (self._before.rows.keys() | now.rows.keys()) - known:
            before, after = self._before.rows.get(simkl), now.rows.get(simkl)
            if _stands(before) == _stands(after):
                continue
            there = after.rating if after is not None else None
            lost = there is None and before is not None and before.rating is not None
            if lost or (
                there is not None and any(is_ours(one, there.rating, there.rated_at, times, habit) for one in sent)
            ):
                spilled.append(_as_it_was(simkl, before, after, self._run))
            else:
                foreign.add(simkl)
        foreign -= self._foreign
        self._foreign |= foreign
        self._ended.foreign = len(self._foreign)
        self._ended.spilled += len(spilled)
        with self._journal.transaction():
            borrow(self._journal, spilled)
        return bool(spilled or foreign)


def _stands(row: Listed | None) -> tuple[object, ...] | None:
    """Return what a write could change of a title."""
    if row is None:
        return None
    rating = None if row.rating is None else (row.rating.rating, row.rating.rated_at)
    return rating, row.status, row.watched_at, row.episodes


def _as_it_was(simkl: int, before: Listed | None, after: Listed | None, run: int) -> Borrowed:
    """Return a title that a write of ours changed without being meant to, as it is to stand again."""
    named = before or after
    if named is None:
        raise ValueError(f"nothing is known of title {simkl}")
    rating = before.rating if before is not None else None
    return Borrowed(
        simkl=simkl,
        kind=named.kind,
        title=named.title,
        year=named.year,
        rating=rating.rating if rating is not None else None,
        rated_at=rating.rated_at if rating is not None else None,
        listed=before is not None,
        run=run,
        meant=False,
    )
