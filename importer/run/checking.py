"""What is told of exports that were read and judged, and not sent: every row, and their sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from importer.errors import ExitStatus
from importer.model import Outcome
from importer.plan.draft import Draft
from importer.plan.judge import Fault
from importer.record import Record, SourceSummary, Summary, row_record
from importer.run.reading import Reading
from importer.run.refusal import refused


def summarize(reading: Reading, drafted: Draft, seconds: float) -> Summary:
    """The `--json` document: sendable rows are pending."""
    counts = count_faults(drafted)
    totals: Counter[str] = Counter({Outcome.PENDING.value: len(drafted.titles.winners)})
    reasons: dict[str, dict[str, int]] = {}
    for (outcome, reason), rows in counts.items():
        totals[outcome.value] += rows
        if reason is not None:
            reasons.setdefault(outcome.value, {})[reason.value] = rows
    dates = Counter(date.origin.value for _, _, date in drafted.winners())
    balanced = totals.total() == len(reading.rows)
    status = ExitStatus.FINDINGS if totals[Outcome.REJECTED.value] else ExitStatus.DONE
    return Summary(
        command="check",
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


def count_faults(drafted: Draft) -> Counter[Fault]:
    """Rows that are not sendable, by outcome and reason."""
    return Counter(fault for fault in drafted.faults if fault is not None)


def records(reading: Reading, drafted: Draft) -> Iterator[Record]:
    """Every row as it would be told of a run that has not begun: what can be sent is pending."""
    winners = {n: date for n, _, date in drafted.winners()}
    for n, (source, item, fault) in enumerate(zip(reading.formats(), drafted.items, drafted.faults, strict=True)):
        date = winners.get(n)
        if fault is not None or date is None:
            yield refused(source, item, fault or (Outcome.DUPLICATE, None), None)
            continue
        rating = item.rating if isinstance(item.rating, int) else None
        yield row_record(source, item, Outcome.PENDING, rating=rating, date=date)
