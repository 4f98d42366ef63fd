"""Every row of an import as it goes into the resume file, before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from importer.model import Date, Item, Note, Outcome
from importer.plan.sides import Remembered
from importer.plan.title import Title
from importer.record import Record, row_record
from importer.run.job import Plan
from importer.run.refusal import refused, unread
from importer.send.record import is_fresh

_SHOWN = (Outcome.UNCHANGED, Outcome.KEPT)
"""Outcomes that name the title on Simkl that they speak of."""


def records(plan: Plan, sending: Sequence[Title]) -> Iterator[tuple[int, Record]]:
    """Yield a record a row, with its number in input order: first those to be sent, in that order, then the others."""
    formats = list(plan.reading.formats())
    waiting = {one.n for one in sending}
    for one in sending:
        yield one.n, _sendable(formats[one.n], one, plan.past.get(one.key))
    titles = {one.n: one for one in plan.titles if one.n not in waiting}
    for n, (source, item) in enumerate(zip(formats, plan.items, strict=True)):
        if n not in waiting:
            yield n, plan.carried.get(n) or _left(plan, n, source, item, titles.get(n))


def _left(plan: Plan, n: int, source: str, item: Item, title: Title | None) -> Record:
    """Return a row that is not sent."""
    past = plan.past.get(item.key)
    if title is not None:
        return _sendable(source, title, past)
    verdict = plan.verdicts[n]
    ruling = (Outcome.REJECTED, None) if isinstance(verdict, Date) else verdict
    # What an earlier part of the run found is on record by now, and a finding of this run all the same.
    told = None if n in plan.findings else past
    return refused(source, item, ruling, told, closed=plan.closed(n), text=unread(plan.reading.rows[n]))


def _sendable(source: str, title: Title, past: Remembered | None) -> Record:
    return row_record(
        source,
        title.item,
        title.outcome,
        rating=title.rating,
        date=title.sent_date,
        rated_at=title.sent_at,
        ids=title.ids,
        reason=title.reason,
        note=title.note,
        theirs=title.hidden or title.theirs,
        names_theirs=title.outcome in _SHOWN,
        fresh=_is_fresh(title, past),
    )


def _is_fresh(title: Title, past: Remembered | None) -> bool:
    if title.note is Note.OTHER_TITLE:
        # Told once, and again when the row has changed.
        return past is None or past.wanted_rating != title.rating or past.outcome is Outcome.PENDING
    return is_fresh(past, title.outcome)
