"""The whole job as a page in the browser."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from importer.cli.options import profile_option
from importer.machine.places import HOME, Places

if TYPE_CHECKING:
    from importer.machine.clock import Clock
    from importer.web.keys import Keys
    from importer.web.page import Page
    from importer.web.settings import Settings

IDLE = 3600.0
"""Seconds without a page connected, and with nothing under way, after which the server ends by itself."""

_LOOK = 1.0

_TUNNEL = """\b
Examples:
  simkl-import web
  simkl-import web --sandbox
  simkl-import web --no-open --port 8017
"""


@click.command(epilog=_TUNNEL)
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default="a free one", help="Port on loopback.")
@click.option("--no-open", is_flag=True, help="Print the address; open no browser.")
@click.option("--sandbox", is_flag=True, help="Try it out with an embedded sandbox instead of the real service.")
@click.option(
    "--resume-file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The resume file; by default one per account in the state folder.",
)
@profile_option
def web(port: int, no_open: bool, sandbox: bool, resume_file: Path | None, profile: str | None) -> int:
    """Do the whole job on a page in your browser: choose files, see what was read, sign in, send, mend, take back.

    The page is served on this machine's loopback address and for the browser that was given its key alone; Enter prints
    a new address, and Ctrl-C ends it. For a machine that you reach by SSH, start it there with --no-open --port 8017,
    and on yours run: ssh -L 8017:127.0.0.1:8017 MACHINE. Then everybody who may log in as you on either of them could
    reach the page, but nobody gets in without the key.
    """
    from importer.cli.session import execute
    from importer.errors import InterruptedRunError
    from importer.events import nobody

    with ExitStack() as stack:
        places = stack.enter_context(_places(profile, sandbox=sandbox))
        settings = _settings(places, resume_file, stack, sandbox=sandbox)
        folder = stack.enter_context(_folder(places))

        async def work(clock: Clock) -> None:
            await _serve(clock, settings, folder, port, opened=not no_open)

        with suppress(InterruptedRunError):
            execute(work, 1.0, nobody)
    click.echo("The page has ended.", err=True)
    return 0


@contextmanager
def _places(profile: str | None, *, sandbox: bool) -> Iterator[Places]:
    """The person's places; those of a try-out are made for it, and gone with it."""
    if not sandbox:
        yield Places.of(os.environ, profile)
        return
    with tempfile.TemporaryDirectory(prefix="simkl-import-web-") as home:
        yield Places.of({HOME: home})


def _settings(places: Places, resume_file: Path | None, stack: ExitStack, *, sandbox: bool) -> Settings:
    from importer.machine.address import api_url, time_scale
    from importer.machine.places import host_of
    from importer.web.settings import Settings

    if sandbox:
        from importer.cli.api_access import embedded

        access, scale = embedded(places, places.state, resume_file, stack)
        return Settings(
            places=places,
            url=access.url,
            host=access.host,
            scale=scale,
            environment={},
            resume_file=resume_file,
            fixed=access.credentials,
            alone=True,
        )
    url = api_url(os.environ)
    scale, warning = time_scale(os.environ, url)
    if warning:
        click.echo(f"warning: {warning}", err=True)
    return Settings(
        places=places,
        url=url,
        host=host_of(url),
        scale=scale,
        environment=dict(os.environ),
        resume_file=resume_file,
    )


@contextmanager
def _folder(places: Places) -> Iterator[Path]:
    """A private folder for uploads, gone at the end; what a killed server left is gone, too. Raises LockedError while
    another page is served for these places.
    """
    import shutil

    from importer.errors import LockedError
    from importer.machine.lock import exclusive

    root = places.uploads
    with ExitStack() as stack:
        try:
            stack.enter_context(exclusive(places.state / "web.lock"))
        except LockedError:
            raise LockedError(
                "the page is open already", "go on in that browser, or end it with Ctrl-C where it runs"
            ) from None
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(mode=0o700, parents=True)
        stack.callback(shutil.rmtree, root, ignore_errors=True)
        yield root


async def _serve(clock: Clock, settings: Settings, folder: Path, port: int, *, opened: bool) -> None:
    from importer.web.hub import Hub
    from importer.web.keys import Keys
    from importer.web.page import Page
    from importer.web.server import Server, serving

    hub, keys = Hub(), Keys()
    page = Page(settings, folder / "uploads", hub)
    async with serving(Server(page, keys), port) as port:
        await page.open()
        try:
            _tell(keys, port)
            if opened:
                _open(keys, port, folder)
            with _renewing(page, keys, port):
                await _until_it_ends(clock, page)
        finally:
            await page.close()


def _tell(keys: Keys, port: int) -> None:
    click.echo(f"http://127.0.0.1:{port}{keys.entrance}")
    click.echo("Open this address in your browser; it works once.", err=True)
    click.echo("Enter prints a new one, Ctrl-C ends.", err=True)


def _open(keys: Keys, port: int, folder: Path) -> None:
    """Open the browser on a private file that leads to the page: an address in a list of processes is everybody's."""
    from importer.cli.consent import browser_here, handed_over
    from importer.machine.files import write_file

    if not browser_here(os.environ, sys.platform):
        return
    address = f"http://127.0.0.1:{port}{keys.entrance}"
    text = f'<!DOCTYPE html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={address}">'
    way = folder / "open.html"
    write_file(way, lambda stream: stream.write(text.encode()), private=True)
    handed_over(way.as_uri())


@contextmanager
def _renewing(page: Page, keys: Keys, port: int) -> Iterator[None]:
    """Print a new address when somebody presses Enter, and end the sessions before it."""
    import asyncio

    if sys.stdin is None or not sys.stdin.isatty():
        yield
        return
    loop = asyncio.get_running_loop()

    def pressed() -> None:
        if not sys.stdin.readline():
            loop.remove_reader(sys.stdin)
            return
        keys.renew()
        page.hub.end_all()
        _tell(keys, port)

    loop.add_reader(sys.stdin, pressed)
    try:
        yield
    finally:
        loop.remove_reader(sys.stdin)


async def _until_it_ends(clock: Clock, page: Page) -> None:
    """Wait for the page's own button, or until nobody needs it any more. Raises InterruptedRunError on a signal."""
    quiet_since = clock.monotonic()
    while not page.ended.is_set():
        await clock.sleep(_LOOK)
        if page.hub.connected or page.under_way.doing is not None:
            quiet_since = clock.monotonic()
        elif clock.monotonic() - quiet_since > IDLE:
            click.echo("Nobody used the page for an hour.", err=True)
            return
