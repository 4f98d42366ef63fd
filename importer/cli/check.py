"""The offline half of `run`: no account, no network, nothing written."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from importer.cli.options import Effective, options_of
from importer.errors import ExitStatus

if TYPE_CHECKING:
    from importer.plan.draft import Draft
    from importer.record import Record, Summary
    from importer.report.check import CheckView
    from importer.run.reading import Reading


@click.command(epilog="Example:  simkl-import check letterboxd-me-2026-03-01-utc.zip")
@click.argument("exports", nargs=-1, metavar="EXPORT...", type=click.Path())
@options_of("check")
def check(exports: tuple[str, ...], **given: Any) -> int:
    """Read exports and judge every row: no account, no network, nothing written.

    What would be sent is `pending`. The exit status is 3 if any row is rejected.
    """
    from importer.cli.exports import choices_of, chosen_adapters, open_exports
    from importer.cli.output import Output
    from importer.cli.run import policy_from
    from importer.events import Finished, Phase, PhaseBegan, Told, Warned
    from importer.plan.draft import draft
    from importer.run.reading import read_exports

    values = Effective(given)
    found = values.exports(exports)
    output = Output.of(values, "check", found.paths)
    began = time.monotonic()
    with output.listening():
        adapters = chosen_adapters(values["from"])
        output.listen(PhaseBegan(Phase.READING))
        for pick in found.picks:
            output.listen(Told(pick.words))
        opened = open_exports(found.all(), adapters, choices_of(values))
        reading = read_exports([export for export, _ in opened])
        for remark in reading.remarks:
            output.listen(Warned(f"{remark.file}{f':{remark.line}' if remark.line else ''}: {remark.text}"))
        drafted = draft(reading.rows, policy_from(values, int(time.time())), {}, {})
        summary = summarize(reading, drafted, time.monotonic() - began)
        output.listen(Finished(summary.exit, summary.totals or {}, summary.message))
    if output.json:
        from importer.cli.output import print_json

        print_json(summary)
    elif not (output.quiet and summary.exit == ExitStatus.DONE):
        from importer.report.check import print_check

        stream = sys.stderr if output.quiet else sys.stdout
        shown = view_of(reading, drafted, [why for _, why in opened])
        print_check(summary, shown, stream, rows=records(reading, drafted), verbose=output.verbose)
    return summary.exit


def summarize(reading: Reading, drafted: Draft, seconds: float) -> Summary:
    """The `--json` document: sendable rows are pending."""
    from importer.model import Outcome
    from importer.record import SourceSummary, Summary

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


def count_faults(drafted: Draft) -> Counter[Any]:
    """Rows that are not sendable, by outcome and reason."""
    return Counter(fault for fault in drafted.faults if fault is not None)


def view_of(reading: Reading, drafted: Draft, whys: list[str]) -> CheckView:
    """What the screen shows beside the totals."""
    from importer.report.check import CheckedSource, CheckView

    moments = [date.value for _, _, date in drafted.winners() if date.true]
    counts = count_faults(drafted)
    if drafted.titles.winners:
        from importer.model import Outcome

        counts[(Outcome.PENDING, None)] = len(drafted.titles.winners)
    return CheckView(
        sources=tuple(
            CheckedSource(export.path, export.format, rows, why)
            for export, rows, why in zip(reading.exports, reading.counts(), whys, strict=True)
        ),
        counts=counts,
        histogram=Counter(item.rating for _, item, _ in drafted.winners() if type(item.rating) is int),
        first=min(moments, default=None),
        last=max(moments, default=None),
        samples=tuple(_samples(reading, drafted)),
        remarks=tuple(reading.remarks),
    )


def _samples(reading: Reading, drafted: Draft) -> Iterator[Any]:
    """The first rows of each kind of problem."""
    from importer.report.check import EACH
    from importer.run.refusal import refused

    seen: Counter[Any] = Counter()
    for source, item, fault in zip(reading.formats(), drafted.items, drafted.faults, strict=True):
        if fault is not None and seen[fault] < EACH:
            seen[fault] += 1
            yield refused(source, item, fault, None)


def records(reading: Reading, drafted: Draft) -> Iterator[Record]:
    """Every row as it would be told of a run that has not begun: what can be sent is pending."""
    from importer.model import Outcome
    from importer.record import row_record
    from importer.run.refusal import refused

    winners = {n: date for n, _, date in drafted.winners()}
    for n, (source, item, fault) in enumerate(zip(reading.formats(), drafted.items, drafted.faults, strict=True)):
        date = winners.get(n)
        if fault is not None or date is None:
            yield refused(source, item, fault or (Outcome.DUPLICATE, None), None)
            continue
        rating = item.rating if isinstance(item.rating, int) else None
        yield row_record(source, item, Outcome.PENDING, rating=rating, date=date)
