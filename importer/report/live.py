"""The live view of a run on a terminal: two lines that are redrawn in place, four times a second."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, TextIO, assert_never

from importer.events import (
    Answered,
    Asking,
    Closed,
    Detailed,
    Event,
    Finished,
    PhaseBegan,
    PostsToCome,
    RequestsUsed,
    Retrying,
    RowsDecided,
    Stopped,
    Told,
    Warned,
)
from importer.report.progress import Progress
from importer.report.safe import count, for_terminal
from importer.report.screen import is_terminal, width, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.live import Live
    from rich.text import Text

PER_SECOND = 4
BAR = 24
"""Columns of the bar."""


class LiveView:
    """The first line tells the phase, a bar over decided rows and their rate; the second the time left and the cost."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        from rich.console import Console

        self._stream = _Guarded(stream)
        self._clock = clock
        self._progress = Progress()
        self._lock = threading.Lock()
        self._open = True
        self._left = False
        # The guarded stream is all that rich needs of a file: write, flush, isatty, encoding, fileno.
        file: Any = self._stream
        self._console = Console(file=file, width=width(stream), highlight=False, markup=False, emoji=False)
        self._live: Live | None = None

    def __call__(self, event: Event) -> None:
        """Show it in the view, or leave a line above it."""
        with self._lock:
            self._progress.take(event, self._clock())
        match event:
            case PhaseBegan():
                if self._open and self._live is None:
                    self._live = self._begin()
            case Warned(text):
                self._leave(f"warning: {for_terminal(text)}", "yellow")
            case Told(text):
                for line in text.split("\n"):
                    # An indent is the program's own: what an export says never comes this way with one.
                    indent = line[: len(line) - len(line.lstrip(" "))]
                    self._leave(indent + for_terminal(line))
            case Asking():
                self._take_away()
            case Closed():
                self._close()
            case RowsDecided() | PostsToCome() | RequestsUsed() | Retrying() | Answered() | Detailed():
                pass  # the view is drawn from the progress, and has no place for single requests
            case Stopped() | Finished():
                pass
            case _:
                assert_never(event)

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

    def _leave(self, line: str, style: str | None = None) -> None:
        if self._open:
            self._left = True
            # The window may have changed since the last line.
            self._console.width = width(self._stream.raw)
            self._console.print(line, style=style)
        else:
            self._stream.write(f"{line}\n")

    def _view(self) -> Text:
        """Two lines that fit the terminal whatever they say: a line that wraps would flicker."""
        from rich.text import Text

        with self._lock:
            progress, now = self._progress, self._clock()
            first = Text(f"{progress.phase} ", "bold")
            if progress.total:
                full = min(BAR, BAR * progress.done // progress.total)
                full_mark, empty_mark = ("━", "─") if self._stream.wide else ("#", "-")
                first.append(full_mark * full, "green")
                first.append(empty_mark * (BAR - full), "dim")
                first.append(f" {count(progress.done)}/{count(progress.total)} rows")
            rate = progress.rate(now)
            if rate is not None:
                first.append(f" {rate:,.0f}/s", "dim")
            left = progress.left(now)
            second = Text(f"  {left}" if left else "  ")
            if progress.posts:
                second.append(f", {count(progress.posts)} POST{'' if progress.posts == 1 else 's'} to come", "dim")
            if progress.cost():
                second.append(f"{', ' if left else ''}{progress.cost()}", "dim")
            if progress.reason and progress.again > now:
                # The reason first: it is what explains why nothing moves.
                second = Text(f"  again in {max(1, round(progress.again - now))} s: {progress.reason}", "yellow")
        room = width(self._stream.raw) - 1
        for line in (first, second):
            line.truncate(room, overflow="ellipsis" if self._stream.wide else "crop")
        return Text("\n").join((first, second))


class _Guarded:
    """A stream that may go away in the middle of a run: then it swallows everything, and the run goes on."""

    def __init__(self, stream: TextIO) -> None:
        self.raw = stream
        self.encoding = getattr(stream, "encoding", None) or "utf-8"
        self.wide = self.encoding.lower().replace("-", "") in ("utf8", "utf16", "utf32")
        self._gone = False

    def write(self, text: str, /) -> int:
        """Write, or swallow what nobody can see."""
        if not self._gone:
            self._gone = not write(self.raw, text)
        return len(text)

    def flush(self) -> None:
        """Writing flushes already."""

    def isatty(self) -> bool:
        """Whether the stream is a terminal."""
        return is_terminal(self.raw)

    def fileno(self) -> int:
        """The descriptor of the stream; ValueError or OSError where it has none."""
        return self.raw.fileno()
