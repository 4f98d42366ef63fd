"""What is said of a row, by the title that its change was found on."""

from __future__ import annotations

from collections.abc import Sequence

from importer.journal.change import Change
from importer.journal.landing import Finding
from importer.model import AccountRating, Note, Outcome, Reason
from importer.plan.sides import Base, Kept
from importer.readback.appearance import date_fits
from importer.readback.habit import learn
from importer.readback.judging import Judgement


def found_ours(
    change: Change,
    winner: Change,
    judgement: Judgement,
    theirs: AccountRating | None,
    note: Note | None,
    *,
    owing: bool,
    known: bool,
) -> Finding:
    """Return a row on a title where one of ours stands. `owing` tells that the title is owed something, `known` that
    the row's question was known to lead there.
    """
    prior, want = judgement.prior, judgement.want
    outcome, reason, base = judgement.outcome, judgement.reason, None
    own = change.key == winner.key
    won = own and judgement.wins
    if won:
        outcome = Outcome.UNCONFIRMED if owing else Outcome.APPLIED
        reason = None
        base = Base(change.rating or 0, change.date, change.rating or 0, want[1] if want is not None else None)
    elif not own or outcome is Outcome.DUPLICATE:
        # The loser of two rows on one title; where neither wins, both are kept.
        kept = not judgement.wins and outcome is Outcome.KEPT
        outcome = Outcome.KEPT if kept else Outcome.DUPLICATE
        reason = (reason or Reason.CONFLICT) if kept else None
    else:
        other = note is Note.OTHER_TITLE
        reason = reason or (Reason.CONFLICT if other else None)
        # On another title even an equal rating is that title's own: the row has not found its place.
        outcome = Outcome.KEPT if other else outcome
        if outcome is Outcome.UNCHANGED and prior is not None:
            base = Base(change.rating or 0, change.date, prior[0], prior[1])
        outcome = Outcome.UNCONFIRMED if owing else outcome
    return Finding(
        change=change,
        outcome=outcome,
        reason=reason,
        note=note,
        there=theirs,
        prior=prior,
        base=base,
        kept=None if won else _kept(change, want),
        owing=owing,
        known=known,
    )


def _kept(change: Change, standing: tuple[int, int | None] | None) -> Kept | None:
    if change.simkl is None:
        return None
    return Kept(simkl=change.simkl, standing=standing, rating=change.rating or 0, rated_at=change.rated_at or 0)


def found_outdone(
    change: Change, theirs: AccountRating | None, prior: tuple[int, int | None] | None, note: Note | None
) -> Finding:
    """Return a row on whose title a later one of ours stands."""
    return Finding(change=change, outcome=Outcome.DUPLICATE, note=note, there=theirs, prior=prior)


def found_theirs(
    change: Change, theirs: AccountRating | None, prior: tuple[int, int | None] | None, note: Note | None
) -> Finding:
    """Return a row on a title that the person changed since: what was sent is the base, so that the next run tells it
    so.
    """
    return Finding(
        change=change,
        outcome=Outcome.KEPT,
        reason=Reason.CHANGED_ON_SIMKL,
        note=note,
        there=theirs,
        prior=prior,
        base=Base(change.rating or 0, change.date, change.rating or 0, change.rated_at),
    )


def differing_dates(findings: Sequence[Finding]) -> tuple[set[str], bool]:
    """Return the rows whose date came back otherwise than sent, and whether all of them are one and the same habit of
    the service (coarser, or shifted by so many hours), which is one note and no finding of any row.
    """
    differing: list[tuple[str, int, int]] = []
    for finding in findings:
        there, change = finding.there, finding.change
        if finding.outcome is not Outcome.APPLIED or there is None or there.rated_at is None or change.rated_at is None:
            continue
        if there.rating == change.rating and not date_fits(change, there.rated_at):
            differing.append((change.key, change.rated_at, there.rated_at))
    alike = learn((sent, back) for _, sent, back in differing) is not None
    return (set() if alike else {key for key, _, _ in differing}), alike
