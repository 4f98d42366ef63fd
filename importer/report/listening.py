"""Who listens to a command: nobody, a live view or plain lines."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, TextIO

from importer.events import Listen, nobody
from importer.report.plain import PlainLines
from importer.report.screen import is_terminal

if TYPE_CHECKING:
    from collections.abc import Callable


def listener_for(
    stream: TextIO, *, quiet: bool = False, verbose: bool = False, clock: Callable[[], float] = time.monotonic
) -> Listen:
    """Return who should listen: nobody with --quiet, a live view on a terminal that can redraw, plain lines elsewhere.

    With --verbose every request is a plain line.
    """
    if quiet:
        return nobody
    if verbose:
        return PlainLines(stream, clock, 0.0, verbose=True)
    if is_terminal(stream) and os.environ.get("TERM", "dumb") not in ("dumb", "unknown", ""):
        from importer.report.live import LiveView

        return LiveView(stream, clock)
    return PlainLines(stream, clock)
