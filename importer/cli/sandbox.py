"""The Simkl look-alike on this machine, for trying things out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from importer.cli.options import Choice

if TYPE_CHECKING:
    from importer.machine.clock import Clock


_WIDTH = 79

_EPILOG = """\b
Examples:
  simkl-import sandbox --faults
  simkl-import sandbox --fault shuffle --fault status-502:2
  simkl-import sandbox --state account.json
"""


@click.command(epilog=_EPILOG)
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default="a free one", help="Port on loopback.")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="NAME",
    help="Play this fault; NAME:N on the first N requests that it fits; repeatable.",
)
@click.option("--faults", "list_faults", is_flag=True, help="List every fault with what it does, and end.")
@click.option(
    "--state",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Keep the account in FILE; titles of your own can be written into it.",
)
@click.option(
    "--catalog",
    type=Choice(["open", "closed"]),
    default="open",
    show_default=True,
    help="open: every title is known; closed: only the built-in ones.",
)
def sandbox(port: int, faults: tuple[str, ...], list_faults: bool, state: Path | None, catalog: str) -> int:
    """Serve the Simkl look-alike on loopback and print the variables to set, until interrupted.

    Without faults it answers as Simkl's own pages record it. A person approves or declines a sign-in on its pages.
    """
    from importer.cli.session import execute
    from importer.events import nobody
    from importer.sandbox.schedule import UnknownFaultError, check

    if list_faults:
        _list_faults()
        return 0
    for name in faults:
        try:
            check(name)
        except UnknownFaultError as error:
            raise click.BadParameter(str(error), param_hint="--fault") from None

    async def work(clock: Clock) -> None:
        await _serve(clock, port, faults, state, catalog)

    from importer.errors import InterruptedRunError

    try:
        execute(work, 1.0, nobody)
    except InterruptedRunError:
        return 0
    return 0


def _list_faults() -> None:
    from importer.sandbox.faults import GROUPS, TABLE

    margin = max(map(len, TABLE)) + 4
    for heading, group in GROUPS.items():
        click.secho(heading, bold=True)
        for name, fault in group.items():
            text = f"{fault.text}; once" if fault.times == 1 else fault.text
            click.echo(click.wrap_text(text, _WIDTH, f"  {name}".ljust(margin), " " * margin))
        click.echo()
    click.echo('"once" holds unless you say how often: NAME:3.')


async def _serve(clock: Clock, port: int, faults: tuple[str, ...], state: Path | None, catalog: str) -> None:
    from importer.errors import UsageError
    from importer.sandbox.app import Sandbox
    from importer.sandbox.server import serve

    try:
        box = Sandbox(faults=faults, state=state, catalog="closed" if catalog == "closed" else "open")
    except (ValueError, OSError) as error:
        raise UsageError(str(error), "take another --state") from None
    try:
        async with serve(box, port) as url:
            click.echo(f"export SIMKL_API_URL={url}")
            click.echo(f"export SIMKL_CLIENT_ID={box.client_id}")
            click.echo(f"export SIMKL_ACCESS_TOKEN={box.token}")
            click.echo("Serving until interrupted (Ctrl-C).", err=True)
            while True:
                await clock.sleep(3600)
    except OSError as error:
        raise UsageError(f"cannot serve on port {port}: {error.strerror}", "take another --port") from None
