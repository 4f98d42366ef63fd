"""What a person chose for a row, put on record before anything is sent, and taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from importer.errors import UsageError
from importer.journal import paying
from importer.journal.changes import undoable_changes
from importer.journal.corrections import keep_absent, note_skipped, take_correction_back
from importer.journal.findings import OpenFinding
from importer.journal.items import remember
from importer.journal.owed import stuck_debts
from importer.journal.rows import close_rows
from importer.journal.store import Journal
from importer.model import Outcome
from importer.plan.candidates import Candidate
from importer.plan.sides import Given, Remembered
from importer.record import row_of
from importer.run.mend.choices import Absent, ChoiceState, Picked, Skip
from importer.run.mend.findings import identity_of, still_open
from importer.run.mending import remember_corrections


def put_on_record(journal: Journal, asked: OpenFinding, choice: Picked | Absent | Skip) -> ChoiceState:
    """Put a choice for a row on record, unless another command has settled the row since the person was asked."""
    with journal.transaction():
        finding = still_open(journal, asked)
        if finding is None:
            return ChoiceState.SETTLED
        match choice:
            case Picked(candidate):
                _introduce(journal, finding)
                remember_corrections(journal, {finding.record.key: _chosen(finding, candidate)}, 0)
            case Absent():
                _introduce(journal, finding)
                correction = Given(
                    ids=(),
                    kind=None,
                    year=None,
                    told=identity_of(finding.record),
                    closed=_closed_by(finding),
                    absent=True,
                )
                keep_absent(journal, finding.record.key, correction)
                close_rows(journal, [finding.record.key], 0)
            case Skip():
                note_skipped(journal, finding.record.key)
            case _:
                assert_never(choice)
    return ChoiceState.KEPT


def forget(journal: Journal, keys: Sequence[str]) -> Iterator[str]:
    """Take back what a person gave for keys, and let go what could not be given back for them; yield what that was.

    Raises UsageError for a key of which neither is on record.
    """
    with journal.transaction():
        for key in keys:
            on = {change.simkl for change in undoable_changes(journal) if change.key == key}
            stuck = [debt for debt in stuck_debts(journal) if debt.key == key or debt.simkl in on]
            taken = take_correction_back(journal, key)
            if not taken and not stuck:
                raise UsageError(f"nothing was chosen for {key}", "simkl-import status shows what was")
            paying.close_debts(journal, [(debt, False) for debt in stuck])
            if taken:
                yield f"Forgotten what was chosen for {key}: the next import judges its row anew"
            for debt in stuck:
                yield f"Let go: {debt.title} does not get {debt.rating or 'its state without a rating'} back"


def _chosen(finding: OpenFinding, candidate: Candidate) -> Given:
    kind = candidate.kind if candidate.kind is not finding.record.kind else None
    return Given(ids=(("simkl", str(candidate.simkl)),), kind=kind, year=None, told=None, closed=_closed_by(finding))


def _closed_by(finding: OpenFinding) -> int | None:
    """Return the digest of the rejected row that a choice settles: just as it is, it is no new finding any more."""
    if finding.record.outcome is Outcome.REJECTED and finding.asked is not None:
        return finding.asked
    return finding.given.closed if finding.given is not None else None


def _introduce(journal: Journal, finding: OpenFinding) -> None:
    """Remember a row that no run has told of from now on, so that its choice is."""
    if finding.run is None:
        row = row_of(finding.record)
        remember(journal, [(row, row.ids, Remembered(outcome=Outcome.REJECTED))])
