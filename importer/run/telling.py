"""Every row of an import as it goes into the resume file, before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from importer.model import Item, Outcome
from importer.plan.resolve import Resolved
from importer.plan.sides import Remembered
from importer.record import Match, Record
from importer.run.job import Plan
from importer.run.refusal import refused
from importer.send.record import FINDINGS, is_fresh


def records(plan: Plan, sending: Sequence[Resolved]) -> Iterator[tuple[int, Record]]:
    """One record a row, with its number in input order: first what is to be sent, in that order, then all others."""
    formats = list(plan.reading.formats())
    waiting = {one.ours.n for one in sending}
    for one in sending:
        yield one.ours.n, _sendable(formats[one.ours.n], one, plan.past.get(one.ours.item.key))
    titles = {one.ours.n: one for one in plan.resolved if one.ours.n not in waiting}
    for n, (source, item) in enumerate(zip(formats, plan.items, strict=True)):
        if n not in waiting:
            yield n, plan.carried.get(n) or _left(plan, n, source, item, titles.get(n))


def _left(plan: Plan, n: int, source: str, item: Item, title: Resolved | None) -> Record:
    """A row that is not sent."""
    past = plan.past.get(item.key)
    if title is not None:
        return _sendable(source, title, past)
    fault = plan.faults[n] or (Outcome.REJECTED, None)
    # What an earlier part of the run found is on record by now, and a finding of this run all the same.
    return refused(source, item, fault, None if n in plan.findings else past, closed=plan.closed(n))


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
