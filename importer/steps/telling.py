"""Every row of an import as it goes into the resume file, before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from importer.model import Outcome
from importer.plan.draft import Draft
from importer.plan.resolve import Resolved
from importer.plan.sides import Remembered
from importer.record import Match, Record
from importer.steps.ledger import FINDINGS, is_fresh
from importer.steps.reading import Reading
from importer.steps.refusal import refused


def records(
    reading: Reading,
    draft: Draft,
    resolved: Sequence[Resolved],
    carried: Mapping[int, Record],
    remembered: Mapping[str, Remembered],
) -> Iterator[Record]:
    """One record a row, in input order. `carried` are rows that an earlier part of this run has settled."""
    titles = {one.ours.n: one for one in resolved}
    for n, (source, item) in enumerate(zip(reading.formats(), draft.items, strict=True)):
        done = carried.get(n)
        if done is not None:
            yield done
            continue
        title = titles.get(n)
        if title is not None:
            yield _sendable(source, title, remembered.get(item.key))
        else:
            yield refused(source, item, draft.faults[n] or (Outcome.REJECTED, None), remembered.get(item.key))


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
