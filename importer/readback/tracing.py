"""What each change really did to which title: the titles of a run's changes, in the order they were written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from importer.journal import account as snapshots
from importer.journal.batches import Change, Landed, landed
from importer.journal.rows import not_taken
from importer.journal.sent import Sent, sent_in
from importer.journal.store import Journal
from importer.plan.sides import Theirs
from importer.readback.matching import land
from importer.readback.takeback import TOLERANCE
from importer.simkl.account import Account


def chain(
    run: int, sent: Sequence[Sent], there: Mapping[str, Theirs], opening: Mapping[int, Theirs]
) -> Iterator[Landed]:
    """What each change had before it and made of it. The first on a title had what the run found there, each later one
    what the one before had made: so undo can take them back one by one.
    """
    now: dict[int, tuple[int | None, int | None]] = {}
    last = {theirs.simkl: one for one in sent if (theirs := there.get(one.key)) is not None}
    for one in sent:
        theirs = there.get(one.key)
        if theirs is None:
            continue
        before = opening.get(theirs.simkl)
        rating, rated_at = now.get(theirs.simkl) or ((before.rating, before.rated_at) if before else (None, None))
        same = theirs.rating == one.rating
        after_at = theirs.rated_at if same and last[theirs.simkl].key == one.key else one.rated_at
        yield Landed(run, one.batch, one.key, theirs.simkl, after_at, rating, rated_at)
        if last[theirs.simkl].key != one.key:
            now[theirs.simkl] = (one.rating, after_at)


def trace(journal: Journal, found: Sequence[Change], account: Account) -> None:
    """Find the titles of changes that were never read back, so that they can be taken back. Within a transaction."""
    unread = [
        change for change in found
        if not change.landed and change.after_rating is not None and not change.refused
    ]  # fmt: skip
    for run in sorted({change.run for change in unread}):
        without = not_taken(journal, run)
        traced = {(change.batch, change.key) for change in unread if change.run == run and change.key not in without}
        sent = [one for one in sent_in(journal, run) if (one.batch, one.key) in traced]
        opening = {theirs.simkl: theirs for theirs in snapshots.opening(journal, run)}
        there = {
            landing.sent.key: landing.there
            for landing in land(list({one.key: one for one in sent}.values()), opening, account)
            if landing.there is not None and (landing.shared or (landing.holds and _near(landing.sent, landing.there)))
        }
        landed(journal, chain(run, sent, there, opening))


def _near(sent: Sent, theirs: Theirs) -> bool:
    """Whether what stands there can be what was sent: the same moment, in whatever time zone."""
    return theirs.rated_at is None or abs(theirs.rated_at - sent.rated_at) <= TOLERANCE
