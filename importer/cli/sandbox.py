"""The Simkl look-alike on this machine, for trying things out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from importer.cli.options import Choice

if TYPE_CHECKING:
    from importer.machine.clock import Clock


@click.command(epilog="Example:  simkl-import sandbox --fault shuffle --fault status-502:2")
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default="a free one", help="Port on loopback.")
@click.option(
    "--fault", "faults", multiple=True, metavar="NAME", help="Play this fault; NAME:N on N requests; repeatable."
)
@click.option("--faults", "list_faults", is_flag=True, help="List the faults and end.")
@click.option(
    "--state", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Keep the account in FILE."
)
@click.option("--catalog", type=Choice(["open", "closed"]), default="open", show_default=True,
              help="open: every title is known; closed: only the built-in ones.")  # fmt: skip
def sandbox(port: int, faults: tuple[str, ...], list_faults: bool, state: Path | None, catalog: str) -> int:
    """Serve the Simkl look-alike on loopback and print the variables to set, until interrupted."""
    from importer.cli.session import execute
    from importer.events import nobody
    from importer.sandbox.faults import FAULTS
    from importer.sandbox.schedule import UnknownFaultError, check

    if list_faults:
        for name, text in FAULTS.items():
            click.echo(f"{name:<24} {text}")
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


async def _serve(clock: Clock, port: int, faults: tuple[str, ...], state: Path | None, catalog: str) -> None:
    from importer.errors import UsageError
    from importer.sandbox.app import Sandbox
    from importer.sandbox.server import serve

    box = Sandbox(faults=faults, state=state, catalog="closed" if catalog == "closed" else "open")
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
