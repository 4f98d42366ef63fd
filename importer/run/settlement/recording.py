"""What a settlement comes to is written down: changes, rows, debts, and how dates come back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from importer.journal import account as snapshots
from importer.journal import landing, life, paying
from importer.journal.change import Change
from importer.journal.items import outcomes_of
from importer.journal.landing import Landing
from importer.journal.moved import keep_habit
from importer.journal.owed import owe
from importer.journal.plain import WasListed, land_plain
from importer.journal.rows import lose_rows
from importer.journal.store import Journal
from importer.model import Note, Outcome
from importer.readback.books import Finding, Settlement
from importer.readback.habit import Habit
from importer.send.record import due_again, is_fresh
from importer.send.snapshot import reading_kept


def landings_of(journal: Journal, findings: Sequence[Finding], told: Mapping[str, Outcome], now: int) -> list[Landing]:
    """What is to be written of rows. `told` is what was told of keys before the command sent them."""
    past = outcomes_of(journal, {finding.change.key for finding in findings})
    past.update({key: outcome for key, outcome in told.items() if key in past})
    return [_landing(finding, past.get(finding.change.key), now) for finding in findings]


def record(
    journal: Journal,
    settlement: Settlement,
    landings: Sequence[Landing],
    habit: Habit | None,
    run: int | None,
    was_listed: WasListed,
) -> None:
    """Write a settlement down as a whole. `run` is the command's own, None where it has none yet."""
    with journal.transaction():
        land_plain(journal)
        landing.land(journal, settlement.changes, landings, settlement.led, settlement.wrong, was_listed)
        if settlement.outdone and run is not None:
            lose_rows(journal, run, settlement.outdone)
        owe(journal, settlement.owed)
        paying.close_debts(journal, [(gone.debt, gone.paid) for gone in settlement.gone])
        paying.supersede_debts(journal, settlement.superseded)
        life.settle_runs(journal)
        if habit is not None:
            keep_habit(journal, habit.step, habit.shift)


def lists_before(journal: Journal, run: int | None, listed: frozenset[int] | None) -> WasListed:
    """Return what tells whether a title was on a list before a change: by lists that were read before it.

    `listed` are those that the command read before its `run` sent anything, None where it read none.
    """
    kept = reading_kept(journal)
    last = snapshots.listed_numbers(journal) if listed is None else None

    def was_listed(change: Change, simkl: int | None) -> bool | None:
        if simkl is None:
            return None
        if change.run == run and listed is not None:
            return simkl in listed
        if last is None or kept is None or kept.listed_at > change.posted:
            return None
        return simkl in last

    return was_listed


def _landing(finding: Finding, past: Outcome | None, now: int) -> Landing:
    change, outcome = finding.change, finding.outcome
    fresh = is_fresh(None, outcome) and past is not outcome
    if finding.note is Note.OTHER_TITLE:
        fresh = fresh or (change.evidence is not None and not finding.known)
    due = due_again(outcome, now)
    if outcome is Outcome.UNCONFIRMED:
        # The next command sends it once more; from then on once a day.
        again = change.posted if finding.sends <= 1 else due_again(outcome, change.posted)
        due = None if finding.final or finding.owing else again
    return Landing(
        change=change,
        outcome=outcome,
        reason=finding.reason,
        note=finding.note,
        there=finding.there,
        prior=finding.prior,
        base=finding.base,
        kept=_kept(finding),
        due=due,
        fresh=fresh,
    )


def _kept(finding: Finding) -> tuple[int | None, ...] | None:
    if finding.kept is None or finding.change.simkl is None:
        return None
    standing, rating, rated_at = finding.kept
    return (finding.change.simkl, *(standing or (None, None)), rating, rated_at)
