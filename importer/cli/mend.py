"""Say which titles are meant by the rows that Simkl could not place."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from importer.cli import consent
from importer.cli.options import Effective, options_of
from importer.errors import ExitStatus
from importer.model import Command

if TYPE_CHECKING:
    from importer.cli.output import Output
    from importer.machine.clock import Clock
    from importer.machine.files import Sink
    from importer.machine.outputs import Outputs
    from importer.model import Row
    from importer.record import Summary
    from importer.run.job import Options
    from importer.run.mend.desk import Desk, DeskTarget
    from importer.run.mend.suggesting import Suggestion
    from importer.run.session import Done, Session

SEARCHES = 20
"""Rows that are searched for in one call, unless the person says otherwise: each is a request of the day, or two."""


@click.command(epilog="Example:  simkl-import mend --suggest suggestions.csv")
@click.argument("rejects", required=False, metavar="[REJECTS]", type=click.Path(path_type=Path))
@click.option(
    "--limit",
    "searches",
    type=click.IntRange(1),
    default=SEARCHES,
    show_default=True,
    metavar="N",
    help="Search for at most N rows: each is a request of the day, or two.",
)
@click.option(
    "--suggest",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Ask nobody: write a rejects file with a suggestion beside each row.",
)
@click.option("--forget", "keys", multiple=True, metavar="KEY", help="Take back what you chose for a row; repeatable.")
@options_of("mend")
def mend(rejects: Path | None, searches: int, suggest: Path | None, keys: tuple[str, ...], **given: Any) -> int:
    """Find titles for the rows that need a person, by Simkl's own search; what you choose is sent and remembered.

    For each row: a number takes that title, an id or an address names another one, s skips, n says that Simkl does not
    have it, q stops. A rejects file narrows this to its rows.
    """
    from importer.cli.output import Output, outputs_of

    values = Effective(given)
    if keys and (rejects is not None or suggest is not None):
        raise click.UsageError("--forget goes alone")
    if not keys and suggest is None and not consent.at_terminal():
        raise click.UsageError("without a terminal, where nobody can choose, mend needs --suggest FILE")
    exports = [] if rejects is None else [rejects]
    output = Output.of(values, "mend", exports)
    outputs = outputs_of(values, exports, [] if suggest is None else [suggest])
    outputs.refuse([] if suggest is None else [suggest])
    with ExitStack() as stack:
        stack.enter_context(output.listening())
        at, scale = _desk_target(values, output, stack)
        if keys:
            return _forget(at, keys, output, scale)
        rows = _rows_of(rejects)
        if suggest is not None:
            return _suggest(at, rows, searches, (suggest, outputs), output, scale)
        return _mend(values, at, rows, searches, output, stack, scale)


def _desk_target(values: Effective, output: Output, stack: ExitStack) -> tuple[DeskTarget, float]:
    from importer.cli.api_access import api_access
    from importer.run.mend.desk import DeskTarget

    access, scale = api_access(values, (), stack, output)
    return DeskTarget(access, values["resume-file"], values["dry-run"], values["timeout"]), scale


def _rows_of(rejects: Path | None) -> list[Row] | None:
    from importer.errors import ExportError
    from importer.exports import all_adapters, open_exports
    from importer.run.mending import FORMAT
    from importer.run.reading import read_exports

    if rejects is None:
        return None
    opened = [export for export, _ in open_exports([rejects], all_adapters())]
    if any(export.format != FORMAT for export in opened):
        raise ExportError(f"{rejects} is no rejects file", "simkl-import report --format rejects writes one")
    return read_exports(opened).rows


def _mend(
    values: Effective,
    at: DeskTarget,
    rows: list[Row] | None,
    limit: int,
    output: Output,
    stack: ExitStack,
    scale: float,
) -> int:
    from importer.cli.dialogue import Dialogue, ask
    from importer.cli.session import execute
    from importer.run.mend.desk import open_desk

    async def work(clock: Clock) -> tuple[Done, Session]:
        async with open_desk(at, clock, output.listen) as desk:
            await Dialogue(desk, output.listen, ask).hold(rows, limit)
            session = await desk.hold(stack, None)
            return await desk.send(session, _options(values), rows), session

    done, session = execute(work, scale, output.listen)
    return output.end(done.summary, session.journal)


def _options(values: Effective) -> Options:
    from importer.plan.decide import OnConflict
    from importer.run.job import Options

    return Options(on_conflict=OnConflict(values["on-conflict"]), dry_run=values["dry-run"], command=Command.MEND)


def _forget(at: DeskTarget, keys: Sequence[str], output: Output, scale: float) -> int:
    from importer.cli.session import execute
    from importer.run.mend.desk import open_desk

    async def work(clock: Clock) -> tuple[list[str], Summary]:
        async with open_desk(at, clock, output.listen) as desk:
            lines = await desk.forget(keys)
            return lines, _summary(desk)

    _tell(*execute(work, scale, output.listen), output)
    return ExitStatus.DONE


def _suggest(
    at: DeskTarget, rows: list[Row] | None, limit: int, file: tuple[Path, Outputs], output: Output, scale: float
) -> int:
    from importer.cli.reports import left_alone
    from importer.cli.session import execute
    from importer.events import Told
    from importer.run.mend.desk import open_desk
    from importer.run.mend.suggesting import suggest

    path, outputs = file

    async def work(clock: Clock) -> tuple[list[Suggestion], Summary]:
        async with open_desk(at, clock, output.listen) as desk:
            found = await suggest(desk, rows, limit, output.listen)
            return found, _summary(desk)

    found, summary = execute(work, scale, output.listen)

    def write(stream: Sink) -> None:
        from importer.report.rejects import write_suggestions

        write_suggestions(((one.record, _cells(one)) for one in found), stream)

    target = outputs.write(path, write, None)
    if target != path:
        output.listen(Told(left_alone(path, target)))
    good = sum(one.found is not None and one.found.simkl is not None for one in found)
    left = sum(one.found is None and bool(one.record.title.strip()) for one in found)
    count = "1 row" if len(found) == 1 else f"{len(found):,} rows"
    later = f", {left:,} not searched for yet" if left else ""
    _tell([f"{count}, {good:,} with a suggestion{later}: {target}"], summary, output)
    return ExitStatus.DONE


def _summary(desk: Desk) -> Summary:
    """Return the document of a mending that sends nothing."""
    from importer.journal.changes import count_open
    from importer.journal.owed import count_debts
    from importer.record import Summary

    with desk.reading() as journal:
        owed, stuck = count_debts(journal)
        left = count_open(journal)
    summary = Summary(Command.MEND, ExitStatus.DONE, open=left, owed=owed, stuck=stuck, requests=desk.requests)
    return desk.signed(summary)


def _cells(one: Suggestion) -> tuple[str | int | None, ...]:
    found = one.found
    return () if found is None or found.simkl is None else (found.simkl, found.title, found.year, found.address)


def _tell(lines: Sequence[str], summary: Summary, output: Output) -> None:
    from importer.cli.output import print_json
    from importer.report.safe import for_terminal

    if output.json:
        print_json(replace(summary, message="; ".join(lines)))
    elif not output.quiet:
        for line in lines:
            click.echo(for_terminal(line))
