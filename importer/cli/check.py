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
    from importer.report.check import CheckView
    from importer.run.reading import Reading


@click.command(epilog="Example:  simkl-import check letterboxd-me-2026-03-01-utc.zip")
@click.argument("exports", nargs=-1, metavar="EXPORT...", type=click.Path())
@options_of("check")
def check(exports: tuple[str, ...], **given: Any) -> int:
    """Read exports and judge every row: no account, no network, nothing written.

    What would be sent is `pending`. The exit status is 3 if any row is rejected.
    """
    from importer.cli.exports import choices_of, chosen_adapters
    from importer.cli.output import Output, finished
    from importer.cli.run import policy_from
    from importer.events import Phase, PhaseBegan, Told, Warned
    from importer.exports import open_exports
    from importer.plan.draft import draft
    from importer.run.checking import records, summarize
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
            output.listen(Warned(str(remark)))
        drafted = draft(reading.rows, policy_from(values, int(time.time())), {}, {})
        summary = summarize(reading, drafted, time.monotonic() - began)
        output.listen(finished(summary))
    if output.json:
        from importer.cli.output import print_json

        print_json(summary)
    elif not (output.quiet and summary.exit == ExitStatus.DONE):
        from importer.report.check import print_check

        stream = sys.stderr if output.quiet else sys.stdout
        shown = view_of(reading, drafted, [why for _, why in opened])
        print_check(summary, shown, stream, rows=records(reading, drafted), verbose=output.verbose)
    return summary.exit


def view_of(reading: Reading, drafted: Draft, whys: list[str]) -> CheckView:
    """What the screen shows beside the totals."""
    from importer.model import Date, Outcome
    from importer.report.check import CheckedSource, CheckView
    from importer.run.checking import count_unsendable

    dates = drafted.dates()
    moments = [date.value for date in dates if date.true]
    counts = count_unsendable(drafted)
    if dates:
        counts[(Outcome.PENDING, None)] = len(dates)
    return CheckView(
        sources=tuple(
            CheckedSource(export.path, export.format, rows, why)
            for export, rows, why in zip(reading.exports, reading.counts(), whys, strict=True)
        ),
        counts=counts,
        histogram=Counter(
            item.rating
            for item, verdict in zip(drafted.items, drafted.verdicts, strict=True)
            if isinstance(verdict, Date) and type(item.rating) is int
        ),
        first=min(moments, default=None),
        last=max(moments, default=None),
        samples=tuple(_samples(reading, drafted)),
        remarks=tuple(reading.remarks),
    )


def _samples(reading: Reading, drafted: Draft) -> Iterator[Any]:
    """The first rows of each kind of problem."""
    from importer.model import Date
    from importer.report.check import EACH
    from importer.run.refusal import refused

    seen: Counter[Any] = Counter()
    for source, item, verdict in zip(reading.formats(), drafted.items, drafted.verdicts, strict=True):
        if not isinstance(verdict, Date) and seen[verdict] < EACH:
            seen[verdict] += 1
            yield refused(source, item, verdict, None)
