"""The code of a sign-in as the person sees it: where to type it, the browser, and the time that is left."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from importer.machine.address import on_loopback

if TYPE_CHECKING:
    from importer.machine.clock import Clock
    from importer.signin.flows import Code

REMOTE = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")


def at_terminal() -> bool:
    """Whether a person can be asked: both what is typed and what is told are a terminal's."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr is not None and sys.stderr.isatty()


def browser_here(environment: Mapping[str, str], platform: str) -> bool:
    """Whether a browser would open where the person sits; `platform` as `sys.platform` names it."""
    if any(environment.get(variable) for variable in REMOTE):
        return False
    return platform == "darwin" or any(environment.get(variable) for variable in DISPLAYS)


def show(code: Code, environment: Mapping[str, str]) -> None:
    """Tell where the sign-in is approved: the address on a line of its own, as a QR code, and the code to type."""
    address = code.direct or code.address
    click.echo(f"Open this address, here or on your phone, and allow reading and writing:\n\n{address}\n", err=True)
    drawn = drawing(address, environment)
    if drawn:
        click.echo(f"{drawn}\n", err=True)
    elsewhere = f"Elsewhere, type the code:\n\nOpen  {code.address}\n" if code.direct else ""
    click.echo(f"{elsewhere}Code  {code.user_code}\n", err=True)


def drawing(address: str, environment: Mapping[str, str]) -> str:
    """Return the address as a QR code for stderr; "" if it has no room there, or cannot be written."""
    from importer.cli.qr import qr_lines, white_on_black

    lines = qr_lines(address)
    stream = sys.stderr
    if stream is not None and stream.isatty():
        if len(lines[0]) > shutil.get_terminal_size().columns:
            return ""
        if not environment.get("NO_COLOR") and environment.get("TERM", "dumb") != "dumb":
            lines = [white_on_black(line) for line in lines]
    text = "\n".join(lines)
    try:
        text.encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return ""
    return text


def open_browser(code: Code, client_id: str) -> bool:
    """Open the page in the browser; whether one took it. Only a web address without a secret in it is handed over."""
    address = code.direct or code.address
    scheme = urlsplit(address).scheme
    if not (scheme == "https" or (scheme == "http" and on_loopback(address))) or client_id in address:
        return False
    return handed_over(address)


def handed_over(address: str) -> bool:
    """Tell whether a browser took the address: one that cannot be started took nothing, and that is no defect."""
    import webbrowser

    try:
        with _nothing_secret():
            return webbrowser.open(address)
    except (webbrowser.Error, OSError):
        return False


@contextmanager
def _nothing_secret() -> Iterator[None]:
    """Start what is started without our sign-in: a browser keeps its environment for days, and may send it with a
    report of its crash.
    """
    from importer.signin.credentials import ACCESS_TOKEN, CLIENT_ID

    held = {name: os.environ.pop(name) for name in (CLIENT_ID, ACCESS_TOKEN) if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(held)


@contextmanager
def waiting(code: Code, clock: Clock) -> Iterator[None]:
    """Show that we wait: a countdown on a terminal, one plain line elsewhere."""
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    console = Console(stderr=True)
    if not (at_terminal() and console.is_interactive):
        click.echo(f"Waiting until it is approved there, {code.lifetime / 60:.0f} minutes at most.", err=True)
        yield
        return
    ends = clock.monotonic() + code.lifetime

    def line() -> Text:
        left = max(0, round(ends - clock.monotonic()))
        return Text(f"Waiting until it is approved there: {left // 60}:{left % 60:02d} left")

    # Once a second: more often would only flicker.
    with Live(console=console, get_renderable=line, refresh_per_second=1, transient=True):
        yield
