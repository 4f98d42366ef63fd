"""What a settlement comes to is written down: changes, rows, debts, and how dates come back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from importer.journal import account as snapshots
from importer.journal import landing, life, paying
from importer.journal.change import Change
from importer.journal.items import outcomes_of
from importer.journal.landing import Finding
from importer.journal.moved import keep_habit
from importer.journal.owed import owe
from importer.journal.plain import WasListed, land_plain
from importer.journal.rows import lose_rows
from importer.journal.store import Journal
from importer.model import Note, Outcome
from importer.readback.habit import Habit
from importer.readback.settlement import Settlement
from importer.send.record import due_again, is_fresh
from importer.send.snapshot import reading_kept


def for_people(journal: Journal, findings: Sequence[Finding], told: Mapping[str, Outcome], now: int) -> list[Finding]:
    """Return the findings with what is news in them to a person, and when each is worth another try.

    `told` is what was told of keys before the command sent them.
    """
    past = outcomes_of(journal, {finding.change.key for finding in findings})
    past.update({key: outcome for key, outcome in told.items() if key in past})
    return [replace(one, due=_due(one, now), fresh=_is_fresh(one, past.get(one.change.key))) for one in findings]


def record(
    journal: Journal,
    settlement: Settlement,
    findings: Sequence[Finding],
    habit: Habit | None,
    run: int | None,
    was_listed: WasListed,
) -> None:
    """Write a settlement down as a whole. `run` is the command's own, None if it has none yet."""
    with journal.transaction():
        land_plain(journal)
        landing.land(journal, settlement.changes, findings, settlement.led, settlement.wrong, was_listed)
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

    `listed` are those that the command read before its `run` sent anything, None if it read none.
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


def _is_fresh(finding: Finding, past: Outcome | None) -> bool:
    if is_fresh(None, finding.outcome) and past is not finding.outcome:
        return True
    return finding.note is Note.OTHER_TITLE and finding.change.evidence is not None and not finding.known


def _due(finding: Finding, now: int) -> int | None:
    if finding.outcome is not Outcome.UNCONFIRMED:
        return due_again(finding.outcome, now)
    if finding.final or finding.owing:
        return None
    # The next command sends it once more; from then on once a day.
    posted = finding.change.posted
    return posted if finding.sends <= 1 else due_again(finding.outcome, posted)
