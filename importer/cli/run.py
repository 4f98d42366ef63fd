"""The migration and the re-import."""

from __future__ import annotations

import time
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from importer.cli.options import Effective, options_of

if TYPE_CHECKING:
    from pathlib import Path

    from importer.cli.access import Access, Owner
    from importer.cli.outlet import Outlet
    from importer.journal.store import Journal
    from importer.machine.clock import Clock
    from importer.plan.judge import Policy
    from importer.record import Summary
    from importer.run.job import Options
    from importer.run.reading import Export
    from importer.simkl.client import Client

KINDS = {"movies": "movie", "shows": "show", "anime": "anime"}


@click.command(epilog="Example:  simkl-import run letterboxd-me-2026-03-01-utc.zip --dry-run")
@click.argument("exports", nargs=-1, metavar="EXPORT...")
@options_of("run")
def run(exports: tuple[str, ...], **given: Any) -> int:
    """Move the ratings of exports to Simkl, or what is new in them.

    Reads, normalises, decides, sends, reconciles, records and reports. Several exports in one call are one import. Run
    the same command again after any stop: it goes on.
    """
    from importer.cli.outlet import Outlet

    values = Effective(given)
    outlet = Outlet.of(values, "run")
    with ExitStack() as stack:
        stack.enter_context(outlet.listening())
        return _run(values, exports, outlet, stack)


def _run(values: Effective, exports: tuple[str, ...], outlet: Outlet, stack: ExitStack) -> int:
    from importer.cli.book import refuse_unusable
    from importer.cli.exports import chosen_adapters, open_exports
    from importer.cli.reach import reach
    from importer.cli.version import program_version
    from importer.errors import CredentialsError, ExportError
    from importer.run.reading import read_exports
    from importer.run.recorded import nothing_new

    # Of several things that are wrong the exit status tells the first of its order: what was found too early waits.
    adapters = chosen_adapters(values["from"])
    missing: ExportError | None = None
    paths: list[Path] = []
    try:
        paths = values.exports(exports)
    except ExportError as error:
        missing = error
    access: Access | None = None
    refused: CredentialsError | None = None
    try:
        access, scale = reach(values, paths, stack, outlet)
    except CredentialsError as error:
        refused = error
    owner = access.known_owner() if access is not None else None
    refuse_unusable(values, access, owner)
    if access is not None:
        stack.enter_context(access.lock(owner))
    journal = _journal(access, owner, values, stack)
    if missing is not None:
        raise missing
    opened = [export for export, _ in open_exports(paths, adapters, values["encoding"])]
    if access is None or refused is not None:
        read_exports(opened)
        raise refused or CredentialsError("not signed in to Simkl", "sign in: simkl-import login")
    options = options_from(values)
    if journal is not None and owner is not None and not options.dry_run:
        job = options.job(opened, program_version())
        done = nothing_new(journal, job, time.time(), retry_not_found=options.retry_not_found)
        if done is not None:
            return outlet.end(done, owner, journal, anew=False)

    from importer.cli.session import execute

    async def work(clock: Clock) -> tuple[Summary, Owner, Journal]:
        return await _import(access, owner, journal, opened, options, values, outlet, clock, stack)

    summary, owner, journal = execute(work, scale, outlet.listen)
    return outlet.end(summary, owner, journal)


async def _import(
    access: Access, owner: Owner | None, journal: Journal | None, exports: list[Export], options: Options,
    values: Effective, outlet: Outlet, clock: Clock, stack: ExitStack,
) -> tuple[Summary, Owner, Journal]:  # fmt: skip
    from importer.cli.version import program_version
    from importer.events import Phase, PhaseBegan
    from importer.run.importing import Import
    from importer.simkl.pace import DAILY

    async with access.client(owner, clock, values["timeout"], outlet.listen) as client:
        if owner is None:
            outlet.listen(PhaseBegan(Phase.ASKING))
            owner = await _asked(access, client, exports)
            stack.enter_context(access.lock(owner))
        if journal is None:
            journal = stack.enter_context(access.journal(owner, values["resume-file"], dry_run=options.dry_run))
        quota = DAILY.get(owner.plan)
        work = Import(exports, options, client, journal, clock, outlet.listen, program_version(), quota)
        return await work.run(), owner, journal


async def _asked(access: Access, client: Client, exports: list[Export]) -> Owner:
    """Whose token it is. An export that cannot be read is told before a token that is refused."""
    from importer.errors import CredentialsError
    from importer.run.reading import read_exports

    try:
        return await access.owner(client)
    except CredentialsError:
        read_exports(exports)
        raise


def _journal(access: Access | None, owner: Owner | None, values: Effective, stack: ExitStack) -> Journal | None:
    if access is None or owner is None:
        return None
    return stack.enter_context(access.journal(owner, values["resume-file"], dry_run=values["dry-run"], checked=True))


def options_from(values: Effective) -> Options:
    """The options of the pipeline."""
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
    )


def policy_from(values: Effective, start: int) -> Policy:
    """The options that judge a row, for a run that starts now."""
    from importer.model import Kind
    from importer.plan.judge import Policy, Undated

    only = frozenset(Kind(KINDS[name]) for name in values["only"])
    return Policy(start, Undated(values["undated"]), only, since_seconds(values))


def since_seconds(values: Effective) -> int | None:
    """`--since` as the first moment of its day, UTC."""
    day = values["since"]
    return None if day is None else int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
