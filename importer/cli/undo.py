"""Take back what a run changed."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click

from importer.cli import consent
from importer.cli.options import Effective, options_of

if TYPE_CHECKING:
    from importer.cli.access import Access, Owner
    from importer.cli.outlet import Outlet
    from importer.journal.store import Journal
    from importer.machine.clock import Clock
    from importer.record import Summary
    from importer.run.undoing import Scope


@click.command(epilog="Example:  simkl-import undo --dry-run")
@click.option("--run", "number", type=click.IntRange(1), metavar="N", help="Take back that run.")
@click.option("--all", "all_runs", is_flag=True, help="Take back every run on record.")
@click.option("--key", "keys", multiple=True, metavar="KEY", help="Take back this row alone; repeatable.")
@click.option("--force", is_flag=True, help="Also where the rating was changed on Simkl since.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@options_of("undo")
def undo(number: int | None, all_runs: bool, keys: tuple[str, ...], force: bool, yes: bool, **given: Any) -> int:
    """Take back what the last run changed on Simkl; --run N, --all or --key KEY for others.

    A rating that stood there before is posted again with its date; where there was none, it is removed. What you
    changed on Simkl since is left.
    """
    from importer.cli.outlet import Outlet
    from importer.run.undoing import Scope

    if all_runs and number is not None:
        raise click.UsageError("--run and --all exclude each other")
    values = Effective(given)
    outlet = Outlet.of(values, "undo")
    with ExitStack() as stack:
        stack.enter_context(outlet.listening())
        return _undo(values, Scope(number, all_runs, keys, force), outlet, stack, ask=not (yes or values["dry-run"]))


def _undo(values: Effective, scope: Scope, outlet: Outlet, stack: ExitStack, *, ask: bool) -> int:
    from importer.cli.book import refuse_unusable
    from importer.cli.reach import reach
    from importer.cli.session import execute

    access, scale = reach(values, (), stack, outlet)
    owner = access.known_owner()
    refuse_unusable(values, access, owner)

    async def work(clock: Clock) -> tuple[Summary, Owner, Journal]:
        return await _take_back(access, owner, values, scope, outlet, clock, stack, ask=ask)

    summary, owner, journal = execute(work, scale, outlet.listen)
    return outlet.end(summary, owner, journal)


async def _take_back(
    access: Access, owner: Owner | None, values: Effective, scope: Scope, outlet: Outlet, clock: Clock,
    stack: ExitStack, *, ask: bool,
) -> tuple[Summary, Owner, Journal]:  # fmt: skip
    from importer.events import Asking, Phase, PhaseBegan
    from importer.record import Summary
    from importer.run.undoing import Undo, chosen_changes

    checked = owner is not None  # by refuse_unusable
    with access.lock(owner):
        async with access.client(owner, clock, values["timeout"], outlet.listen) as client:
            if owner is None:
                outlet.listen(PhaseBegan(Phase.ASKING))
                owner = await access.owner(client)
                stack.enter_context(access.lock(owner))
            journal = stack.enter_context(
                access.journal(owner, values["resume-file"], dry_run=values["dry-run"], checked=checked)
            )
            runs, changes = chosen_changes(journal, scope)
            if ask and changes and consent.at_terminal():
                outlet.listen(Asking())
                if not _confirmed(len({change.key for change in changes}), runs):
                    return Summary("undo", 0), owner, journal
            work = Undo(scope, client, journal, clock, outlet.listen, dry_run=values["dry-run"])
            return await work.run(), owner, journal


def _confirmed(titles: int, runs: Sequence[int]) -> bool:
    """Ask the person. Raises click.Abort where the question itself is interrupted."""
    which = f"run {runs[0]}" if len(runs) == 1 else f"runs {', '.join(map(str, runs))}"
    what = f"{titles:,} rating{'' if titles == 1 else 's'} of {which}"
    # While we wait for an answer nothing is under way: Ctrl-C must end the question, which no event loop would.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return click.confirm(f"Take back {what} on Simkl?", err=True)
    except click.Abort:
        click.echo(err=True)  # what is said next begins its own line
        raise
    finally:
        signal.signal(signal.SIGINT, before)
