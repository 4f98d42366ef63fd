"""What each change really did to which title: the titles of a run's changes, in the order they were written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from importer.journal import account as snapshots
from importer.journal.batches import Change, Landed, landed
from importer.journal.items import Place, places_of
from importer.journal.rows import not_taken
from importer.journal.store import Journal
from importer.model import Precision
from importer.plan.sides import Theirs
from importer.plan.takeback import TOLERANCE
from importer.simkl.account import Account
from importer.simkl.wire import Outgoing
from importer.steps.landing import Sent, land


def chain(sent: Sequence[Change], there: Mapping[str, Theirs], opening: Mapping[int, Theirs]) -> Iterator[Landed]:
    """What each change had before it and made of it. The first on a title had what the run found there, each later one
    what the one before had made: so undo can take them back one by one.
    """
    now: dict[int, tuple[int | None, int | None]] = {}
    last = {theirs.simkl: change for change in sent if (theirs := there.get(change.key)) is not None}
    for change in sent:
        theirs = there.get(change.key)
        if theirs is None:
            continue
        before = opening.get(theirs.simkl)
        rating, rated_at = now.get(theirs.simkl) or ((before.rating, before.rated_at) if before else (None, None))
        same = theirs.rating == change.after_rating
        after_at = theirs.rated_at if same and last[theirs.simkl].key == change.key else change.after_at
        yield Landed(change.run, change.batch, change.key, theirs.simkl, after_at, rating, rated_at)
        if last[theirs.simkl].key != change.key:
            now[theirs.simkl] = (change.after_rating, after_at)


def trace(journal: Journal, found: Sequence[Change], account: Account) -> None:
    """Find the titles of changes that were never read back, so that they can be taken back. Within a transaction."""
    unread = [
        change for change in found
        if not change.landed and change.after_rating is not None and not change.refused
    ]  # fmt: skip
    for run in sorted({change.run for change in unread}):
        without = not_taken(journal, run)
        sent = [change for change in unread if change.run == run and change.key not in without]
        places = places_of(journal, {change.key for change in sent})
        last = {change.key: change for change in sent if change.key in places}
        opening = {theirs.simkl: theirs for theirs in snapshots.opening(journal, run)}
        there = {
            landing.sent.item.key: landing.there
            for landing in land([_sent(change, places) for change in last.values()], opening, account)
            if landing.there is not None and (landing.shared or (landing.holds and _near(landing.sent, landing.there)))
        }
        landed(journal, chain([change for change in sent if change.key in last], there, opening))


def _sent(change: Change, places: Mapping[str, Place]) -> Sent:
    place = places[change.key]
    outgoing = Outgoing(
        change.key, place.kind, place.title, place.year, place.ids, change.after_rating, change.after_at
    )  # fmt: skip
    return Sent(outgoing, Precision.SECOND, change.simkl if change.simkl is not None else place.simkl)


def _near(sent: Sent, theirs: Theirs) -> bool:
    """Whether what stands there can be what was sent: the same moment, in whatever time zone."""
    return (
        theirs.rated_at is None
        or sent.item.rated_at is None
        or abs(theirs.rated_at - sent.item.rated_at) <= TOLERANCE
    )  # fmt: skip
