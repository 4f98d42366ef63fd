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
    from importer.cli.output import Output
    from importer.machine.clock import Clock
    from importer.run.scope import Scope
    from importer.run.session import Done


@click.command(epilog="Example:  simkl-import undo --dry-run")
@click.option("--run", "number", type=click.IntRange(1), metavar="N", help="Take back that run.")
@click.option("--all", "all_runs", is_flag=True, help="Take back every run on record.")
@click.option("--key", "keys", multiple=True, metavar="KEY", help="Take back this row alone; repeatable.")
@click.option("--force", is_flag=True, help="Also where the rating was changed on Simkl since.")
@click.option("--unlist", is_flag=True, help="Also take titles off the lists that a rating of ours put them onto.")
@options_of("undo")
def undo(number: int | None, all_runs: bool, keys: tuple[str, ...], force: bool, unlist: bool, **given: Any) -> int:
    """Take back what the last run changed on Simkl; --run N, --all or --key KEY for others.

    A rating that stood there before is posted again with its date; where there was none, it is removed. What you
    changed on Simkl since is left.
    """
    from importer.cli.output import Output
    from importer.run.scope import Scope

    if all_runs and number is not None:
        raise click.UsageError("--run and --all exclude each other")
    values = Effective(given)
    ask = not (values["yes"] or values["dry-run"])
    # A rehearsal has nothing to lose: it is asked about where somebody can answer, and goes on elsewhere.
    if ask and not consent.at_terminal() and not values["sandbox"]:
        raise click.UsageError("without a terminal, where nobody can be asked, undo needs --yes (or --dry-run)")
    output = Output.of(values, "undo")
    with ExitStack() as stack:
        stack.enter_context(output.listening())
        return _undo(
            values, Scope(run=number, all_runs=all_runs, keys=keys, force=force, unlist=unlist), output, stack, ask=ask
        )


def _undo(values: Effective, scope: Scope, output: Output, stack: ExitStack, *, ask: bool) -> int:
    from importer.cli.api_access import api_access
    from importer.cli.session import execute
    from importer.run.session import Session, agreed

    access, scale = api_access(values, (), stack, output)
    session = Session(access, resume_file=values["resume-file"], dry_run=values["dry-run"], patience=values["timeout"])
    stack.enter_context(session)
    agree = _confirmed if ask and consent.at_terminal() else agreed

    async def work(clock: Clock) -> Done:
        return await session.undo(scope, clock, output.listen, agree)

    return output.end(execute(work, scale, output.listen).summary, session.journal)


def _confirmed(runs: Sequence[int], titles: int) -> bool:
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
