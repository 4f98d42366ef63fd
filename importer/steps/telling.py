"""Every row of an import as it goes into the resume file, before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator

from importer.model import Outcome
from importer.plan.resolve import Resolved
from importer.plan.sides import Remembered
from importer.record import Match, Record
from importer.steps.job import Plan
from importer.steps.ledger import FINDINGS, is_fresh
from importer.steps.refusal import refused


def records(plan: Plan) -> Iterator[Record]:
    """One record a row, in input order; rows that an earlier part of the run has sent as they stand."""
    titles = {one.ours.n: one for one in plan.resolved}
    for n, (source, item) in enumerate(zip(plan.reading.formats(), plan.draft.items, strict=True)):
        done = plan.carried.get(n)
        if done is not None:
            yield done
            continue
        title, past = titles.get(n), plan.past.get(item.key)
        if title is not None:
            yield _sendable(source, title, past)
        else:
            fault = plan.draft.faults[n] or (Outcome.REJECTED, None)
            yield refused(source, item, fault, past, closed=plan.closed(n))


def _sendable(source: str, title: Resolved, past: Remembered | None) -> Record:
    item, decision, theirs = title.ours.item, title.decision, title.theirs
    values = (
        source, item.file, item.line, item.key, item.kind, item.title, item.year, title.ours.ids, item.source_rating,
        title.ours.rating, decision.rated_at, decision.date.origin, decision.outcome, decision.reason, None, None,
        theirs.rating if theirs is not None else None, theirs.rated_at if theirs is not None else None,
        Match(theirs.title, theirs.year, theirs.simkl)
        if theirs is not None and decision.outcome in (Outcome.UNCHANGED, Outcome.KEPT) else None,
        None, decision.outcome in FINDINGS and is_fresh(past, decision.outcome),
    )  # fmt: skip
    return Record(*values)
