"""The migration and the re-import."""

from __future__ import annotations

import time
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from importer.cli.options import Effective, options_of

if TYPE_CHECKING:
    from importer.cli.output import Output
    from importer.machine.clock import Clock
    from importer.machine.settings_file import FoundExports
    from importer.plan.judge import Policy
    from importer.run.job import Options
    from importer.run.reading import Export
    from importer.run.session import Done

KINDS = {"movies": "movie", "shows": "show", "anime": "anime"}


@click.command(epilog="Example:  simkl-import run letterboxd-me-2026-03-01-utc.zip --dry-run")
@click.argument("exports", nargs=-1, metavar="EXPORT...", type=click.Path())
@options_of("run")
def run(exports: tuple[str, ...], **given: Any) -> int:
    """Move the ratings of exports to Simkl, or what is new in them.

    Reads, normalises, decides, sends, reconciles, records and reports. Several exports in one call are one import. Run
    the same command again after any stop: it goes on.
    """
    from importer.cli.output import Output

    values = Effective(given)
    found = values.exports(exports)
    output = Output.of(values, "run", found.paths)
    with ExitStack() as stack:
        stack.enter_context(output.listening())
        return _run(values, found, output, stack)


def _run(values: Effective, exports: FoundExports, output: Output, stack: ExitStack) -> int:
    from importer.cli.api_access import api_access
    from importer.cli.exports import choices_of, chosen_adapters
    from importer.cli.first_run import ToldBefore, agrees, may_ask
    from importer.errors import CredentialsError, ExitStatus
    from importer.events import Told
    from importer.exports import open_exports
    from importer.run.reading import read_exports
    from importer.run.session import Session, refuse_unusable

    def opened(session: Session | None = None) -> list[Export]:
        recorded = session.date_on_record if session is not None else None
        return [export for export, _ in open_exports(exports.all(), adapters, choices_of(values), recorded)]

    # Of several things that are wrong the exit status tells the first of its order: what was found too early waits.
    adapters = chosen_adapters(values["from"])
    try:
        access, scale = api_access(values, exports.paths, stack, output)
    except CredentialsError:
        refuse_unusable(None, None, values["resume-file"])
        read_exports(opened())
        raise
    listen = ToldBefore(output.listen)
    for pick in exports.picks:
        output.listen(Told(pick.words))
    options = options_from(values)
    if may_ask(values) and not agrees(values, access, opened, options, scale, listen):
        return ExitStatus.DONE
    session = Session(access, resume_file=values["resume-file"], dry_run=values["dry-run"], patience=values["timeout"])
    stack.enter_context(session)
    found = opened(session)
    done = session.nothing_new(found, options, time.time())
    if done is None:
        from importer.cli.session import execute

        async def work(clock: Clock) -> Done:
            return await session.import_exports(found, options, clock, listen)

        done = execute(work, scale, output.listen)
    return output.end(done.summary, session.journal, nothing_new=done.nothing_new)


def options_from(values: Effective) -> Options:
    """Return the options of the pipeline."""
    from importer.model import Kind
    from importer.plan.decide import OnConflict
    from importer.plan.judge import Undated
    from importer.run.job import Options

    size = values["batch-size"]
    return Options(
        undated=Undated(values["undated"]),
        only=frozenset(Kind(KINDS[name]) for name in values["only"]),
        since=since_seconds(values),
        on_conflict=OnConflict(values["on-conflict"]),
        redate=values["redate"],
        limit=values["limit"],
        retry_not_found=values["retry-not-found"],
        batch_size=None if size == "auto" else int(size),
        verify=values["verify"],
        dry_run=values["dry-run"],
        listed_only=values["listed-only"],
    )


def policy_from(values: Effective, start: int) -> Policy:
    """Return the options that judge a row, for a run that starts now."""
    from importer.model import Kind
    from importer.plan.judge import Policy, Undated

    only = frozenset(Kind(KINDS[name]) for name in values["only"])
    return Policy(start, Undated(values["undated"]), only, since_seconds(values))


def since_seconds(values: Effective) -> int | None:
    """Return `--since` as the first moment of its day, UTC."""
    day = values["since"]
    return None if day is None else int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
