"""The live view of a run on a terminal: a few lines that are redrawn in place, four times a second."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, TextIO

from importer.events import Asking, Closed, Event, PhaseBegan
from importer.report.progress import Progress
from importer.report.safe import count, for_terminal, many
from importer.report.screen import USUAL, Guarded, Part, cells, room, spread, wrapped
from importer.report.spoken import spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

PER_SECOND = 4
BAR = 24
"""Columns of the bar."""


class LiveView:
    """Shows the phase, a bar over decided rows and their rate, and below them the time left and the cost.

    What a person should read stays above it.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = Guarded(stream)
        self._clock = clock
        self._progress = Progress()
        # A signal is answered wherever the main thread is, also within this lock.
        self._lock = threading.RLock()
        self._open = True
        self._left = False
        self._console = _console(self._stream)
        self._live: Live | None = None

    def __call__(self, event: Event) -> None:
        """Show it in the view, or leave a line above it."""
        with self._lock:
            self._progress.take(event, self._clock())
        for line, style in spoken(event):
            self._leave(line, style)
        # All else is drawn from the progress; single requests have no place in the view.
        if isinstance(event, PhaseBegan):
            if self._open and self._live is None:
                self._live = self._begin()
        elif isinstance(event, Asking):
            self._take_away()
        elif isinstance(event, Closed):
            self._close()

    def _take_away(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _close(self) -> None:
        if self._open:
            self._take_away()
            self._open = False
            if self._left:
                self._stream.write("\n")

    def _begin(self) -> Live:
        from rich.live import Live

        live = Live(
            console=self._console,
            get_renderable=self._view,
            refresh_per_second=PER_SECOND,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        live.start()
        return live

    def _leave(self, line: str, style: str) -> None:
        line = for_terminal(line)
        if self._open:
            self._left = True
            # The window may have changed since the last line.
            self._console.width = self._room()
            for part in spread(line, self._console.width):
                self._console.print(part, style=style or None, soft_wrap=True)
        else:
            self._stream.write(f"{line}\n")

    def _room(self) -> int:
        return room(self._stream.raw) or USUAL

    def _view(self) -> Text:
        """Return lines that fit the terminal, with nothing left out: one that the terminal wraps would flicker."""
        from rich.text import Text

        columns = self._room() - 1
        with self._lock:
            progress, now = self._progress, self._clock()
            lines = [*_laid_out(self._rows(progress, now), columns), *_laid_out(_costs(progress, now), columns, "  ")]
            if progress.reason and progress.again > now:
                why = f"again in {max(1, round(progress.again - now))} s: {progress.reason}"
                lines += [[(f"  {line}", "yellow")] for line in wrapped(why, columns - 2)]
        return Text("\n").join(Text.assemble(*line) for line in lines)

    def _rows(self, progress: Progress, now: float) -> list[Part]:
        parts = [(progress.phase, "bold")]
        if progress.total:
            full = min(BAR, BAR * progress.done // progress.total)
            full_mark, empty_mark = ("━", "─") if self._stream.wide else ("#", "-")
            parts.append((full_mark * full + empty_mark * (BAR - full), "green"))
            parts.append((f"{count(progress.done)}/{count(progress.total)} rows", ""))
        rate = progress.rate(now)
        if rate is not None:
            parts.append((f"{rate:,.0f}/s", "dim"))
        return parts


def _costs(progress: Progress, now: float) -> list[Part]:
    posts = f"{many(progress.posts, 'POST')} to come" if progress.posts else ""
    said = [text for text in (progress.left(now), posts, progress.cost()) if text]
    return [(text + ("," if text is not said[-1] else ""), "" if n == 0 else "dim") for n, text in enumerate(said)]


def _laid_out(parts: Sequence[Part], columns: int, indent: str = "") -> list[list[Part]]:
    """Return the parts on as few lines as they take, each of them whole."""
    lines: list[list[Part]] = [[(indent, "")]]
    taken = len(indent)
    for text, style in parts:
        started = len(lines[-1]) > 1
        if started and taken + 1 + cells(text) > columns:
            lines.append([("  ", "")])
            taken, started = 2, False
        lines[-1].append((f" {text}" if started else text, style))
        taken += cells(text) + started
    return lines


def _console(stream: Guarded) -> Console:
    from rich.console import Console

    class Uncovered(Console):
        """Never hides the cursor: so no end of this process, whatever its kind, can leave it hidden."""

        def show_cursor(self, show: bool = True) -> bool:  # noqa: ARG002 (rich's signature)
            return False

    # The guarded stream is all that rich needs of a file: write, flush, isatty, encoding, fileno.
    file: Any = stream
    return Uncovered(file=file, width=room(stream.raw) or USUAL, highlight=False, markup=False, emoji=False)
