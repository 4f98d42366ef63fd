"""What a title is owed that rows had landed on by mistake, once they are mended and are to leave it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from importer.journal.change import Change
from importer.journal.owed import Debt, DebtState, Why
from importer.model import AccountRating
from importer.readback.habit import Habit
from importer.readback.restoring import Verdict, date_to_send, wish_for


def debt_left(
    changes: Sequence[Change],
    others: Sequence[Change],
    theirs: AccountRating | None,
    earlier: Debt | None,
    habit: Habit | None,
) -> Debt | None:
    """Return what a title has to get where mended rows are to leave it, None where nothing is to be done. `changes` are
    theirs on it, `others` those of rows that stay; `earlier` is what it is owed already.
    """
    if theirs is None or (earlier is not None and earlier.why is not Why.WINNER):
        return None  # what an undo or a giving-back is to put there lies beneath them all
    if earlier is not None and earlier.key not in {change.key for change in changes}:
        # The winner is another row's: when it is there again, nothing of the mended ones is left to be taken back.
        return replace(earlier, why=Why.GIVE)
    if earlier is not None and earlier.rating is not None:
        theirs = replace(theirs, rating=earlier.rating, rated_at=earlier.read_at)  # it is not to come any more
    wish = wish_for(changes, others, theirs, habit, force=False)
    if wish.verdict is not Verdict.TAKE_BACK:
        return None
    first, last = wish.covered[0].order, wish.covered[-1].order
    return Debt(
        simkl=theirs.simkl,
        kind=theirs.kind,
        title=theirs.title,
        year=theirs.year,
        rating=wish.want[0] if wish.want is not None else None,
        read_at=wish.want[1] if wish.want is not None else None,
        store_at=date_to_send(wish.want, [*changes, *others], habit),
        why=Why.GIVE,
        state=DebtState.DUE,
        key=changes[-1].key,
        run=changes[-1].run,
        since=min(first, earlier.since) if earlier is not None else first,
        upto=max(last, earlier.upto) if earlier is not None else last,
    )
