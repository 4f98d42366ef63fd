"""What is told of exports that were read and judged, and not sent: every row, and their sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from importer.errors import ExitStatus
from importer.model import Command, Date, Outcome, Ruling
from importer.plan.draft import Draft
from importer.record import Record, SourceSummary, Summary, row_record
from importer.run.reading import Reading
from importer.run.refusal import refused


def summarize(reading: Reading, drafted: Draft, seconds: float) -> Summary:
    """Return the `--json` document: sendable rows are pending."""
    counts = count_unsendable(drafted)
    sendable = drafted.dates()
    totals: Counter[str] = Counter({Outcome.PENDING.value: len(sendable)})
    reasons: dict[str, dict[str, int]] = {}
    for (outcome, reason), rows in counts.items():
        totals[outcome.value] += rows
        if reason is not None:
            reasons.setdefault(outcome.value, {})[reason.value] = rows
    dates = Counter(date.origin.value for date in sendable)
    balanced = totals.total() == len(reading.rows)
    status = ExitStatus.FINDINGS if totals[Outcome.REJECTED.value] else ExitStatus.DONE
    return Summary(
        command=Command.CHECK,
        exit=status if balanced else ExitStatus.DEFECT,
        sources=tuple(
            SourceSummary(export.path, export.format, rows)
            for export, rows in zip(reading.exports, reading.counts(), strict=True)
        ),
        totals={"read": len(reading.rows), **totals},
        reasons=reasons,
        dates=dict(dates),
        seconds=seconds,
        message=None if balanced else "the totals do not balance: a defect of this program",
    )


def count_unsendable(drafted: Draft) -> Counter[Ruling]:
    """Rows that are not sendable, by outcome and reason."""
    return Counter(verdict for verdict in drafted.verdicts if not isinstance(verdict, Date))


def records(reading: Reading, drafted: Draft) -> Iterator[Record]:
    """Yield every row as it would be told of a run that has not begun: what can be sent is pending."""
    for source, item, verdict in zip(reading.formats(), drafted.items, drafted.verdicts, strict=True):
        if isinstance(verdict, Date):
            rating = item.rating if isinstance(item.rating, int) else None
            yield row_record(source, item, Outcome.PENDING, rating=rating, date=verdict)
        else:
            yield refused(source, item, verdict, None)
