"""What a person should know of debts that a command paid, and of those that it could not."""

from __future__ import annotations

from collections.abc import Collection

from importer.journal.owed import Debt, Why, stuck_debts
from importer.run.recorded import stuck_words
from importer.run.settlement.settler import Settler


def told_of_debts(settler: Settler) -> list[str]:
    """Return what a person should know of what was given back, and of what could not be."""
    told: list[str] = []
    given = [debt for debt in settler.paid if debt.why is Why.GIVE and debt.simkl in settler.tried]
    if given:
        told.append(f"{_ratings(len(given))} of yours given back: {_names(given)}")
    tried_now = {debt.simkl for debt in settler.unpaid}
    stuck = [debt for debt in stuck_debts(settler.journal) if debt.simkl in tried_now]
    told += [stuck_words(debt) for debt in stuck]
    owed = len(settler.unpaid) - len(stuck)
    if owed:
        told.append(f"{_ratings(owed)} still owed to your account: the next command tries again")
    return told


def _ratings(number: int) -> str:
    return "1 rating" if number == 1 else f"{number:,} ratings"


def _names(found: Collection[Debt]) -> str:
    names = [debt.title for debt in found]
    return ", ".join(names[:3]) + (f" and {len(names) - 3:,} more" if len(names) > 3 else "")
