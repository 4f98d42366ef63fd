"""What became of the titles of an undo, as far as a reading showed it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from importer.journal.owed import Debt, Why, debts
from importer.model import Outcome
from importer.readback.restoring import Verdict
from importer.record import TakenBack
from importer.run.settlement.settler import Settler
from importer.run.wishes import UndoneTitle


def outcomes_of(settler: Settler, titles: Sequence[UndoneTitle]) -> dict[int, TakenBack | Outcome]:
    """Tell what became of each title, once the settler has paid what it could."""
    found: dict[int, TakenBack | Outcome] = {}
    left = debts(settler.journal)
    paid = {debt.simkl for debt in settler.paid if debt.why is Why.UNDO}
    void = {debt.simkl for debt in settler.void}
    for title in titles:
        simkl = title.simkl
        if title.wish.verdict is Verdict.LEFT:
            found[simkl] = TakenBack.LEFT
        elif title.wish.verdict is Verdict.UNCHANGED:
            found[simkl] = Outcome.UNCHANGED
        elif simkl in paid:
            found[simkl] = TakenBack.REMOVED if title.wish.want is None else TakenBack.RESTORED
        elif simkl in void:
            found[simkl] = TakenBack.LEFT
        else:
            found[simkl] = _unpaid(settler, simkl, left.get(simkl))
    return found


def outcomes_owed(settler: Settler, earlier: Mapping[int, Debt], *, dry_run: bool) -> dict[int, TakenBack | Outcome]:
    """Tell what became of what an earlier part of the undo had begun with and still owed."""
    left = debts(settler.journal)
    void = {debt.simkl for debt in settler.void}
    found: dict[int, TakenBack | Outcome] = {}
    for simkl, debt in earlier.items():
        if simkl in left:
            found[simkl] = Outcome.PENDING if dry_run else _unpaid(settler, simkl, debt)
        elif simkl in void:
            found[simkl] = TakenBack.LEFT
        else:
            found[simkl] = TakenBack.REMOVED if debt.rating is None else TakenBack.RESTORED
    return found


def _unpaid(settler: Settler, simkl: int, debt: Debt | None) -> Outcome:
    answer = settler.answers.get(simkl)
    if answer is Outcome.NOT_FOUND or answer is Outcome.FAILED:
        return answer
    return Outcome.PENDING if answer is None or debt is None else Outcome.UNCONFIRMED
