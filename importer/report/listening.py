"""Who listens to a command: nobody, a live view or plain lines."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, TextIO

from importer.events import Event, Listen, Stopping
from importer.report.plain import PlainLines
from importer.report.screen import is_terminal, write
from importer.report.spoken import stopping_words

if TYPE_CHECKING:
    from collections.abc import Callable


def listener_for(
    stream: TextIO, *, quiet: bool = False, verbose: bool = False, clock: Callable[[], float] = time.monotonic
) -> Listen:
    """Return who should listen: a live view on a terminal that can redraw, plain lines elsewhere.

    With --quiet a person who interrupts is answered, and nothing else is said; with --verbose every request is a line.
    """
    if quiet:
        return lambda event: _answer(event, stream)
    if verbose:
        return PlainLines(stream, clock, 0.0, verbose=True)
    if is_terminal(stream) and os.environ.get("TERM", "dumb") not in ("dumb", "unknown", ""):
        from importer.report.live import LiveView

        return LiveView(stream, clock)
    return PlainLines(stream, clock)


def _answer(event: Event, stream: TextIO) -> None:
    """Answer a person who interrupts, and say nothing else."""
    if isinstance(event, Stopping):
        write(stream, stopping_words(event.patience) + "\n")
