"""Lines for a person on a stream: as wide as the terminal is, whole in a pipe, coloured where the terminal has it."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, TextIO

from importer.report.safe import for_terminal, title_for_terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

USUAL = 80
"""Columns of a terminal that does not tell."""
NARROWEST = 20

Part = tuple[str, str]
"""A piece of a line: its text and rich's name for how it looks ("" for plain, "bold", "dim", "green")."""
Line = tuple[Part, ...]
"""One line; an empty one is a blank line."""


def show(lines: Sequence[Line], stream: TextIO) -> None:
    """Write the lines. A stream that went away is no error.

    A line may be wider than the terminal, which wraps it: so a path or a command can still be copied whole.
    """
    if not is_terminal(stream):
        write(stream, plain(lines))
        return
    from rich.console import Console
    from rich.text import Text

    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=room(stream), highlight=False, markup=False, emoji=False)
    for line in lines:
        text = Text()
        for words, style in line:
            text.append(for_terminal(words), style)
        console.print(text, soft_wrap=True)
    write(stream, out.getvalue())


def plain(lines: Sequence[Line]) -> str:
    """Return the lines without their looks."""
    return "".join("".join(for_terminal(words) for words, _ in line).rstrip() + "\n" for line in lines)


def as_bytes(lines: Sequence[Line]) -> bytes:
    """Return the lines as they stand in a file."""
    return plain(lines).encode("utf-8", "replace")


def write(stream: TextIO, text: str) -> bool:
    """Write and flush, whatever the stream's encoding; tell whether the stream is still there."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        stream.write(text.encode(encoding, "replace").decode(encoding))
        stream.flush()
    except (OSError, ValueError):
        # A closed pipe or terminal, or a closed file object: the work goes on without it.
        return False
    return True


class Guarded:
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
        """Tell whether the stream is a terminal."""
        return is_terminal(self.raw)

    def fileno(self) -> int:
        """Return the descriptor of the stream; ValueError or OSError where it has none."""
        return self.raw.fileno()


def is_terminal(stream: TextIO) -> bool:
    """Tell whether somebody looks at the stream as it is written."""
    try:
        return stream.isatty()
    except (OSError, ValueError):
        return False


def room(stream: TextIO) -> int | None:
    """Return the columns of a terminal: what COLUMNS says, else what it tells itself. None for a pipe or a file."""
    if not is_terminal(stream):
        return None
    said = os.environ.get("COLUMNS", "").strip()
    if said.isdecimal() and int(said):
        return max(NARROWEST, int(said))
    try:
        columns = os.get_terminal_size(stream.fileno()).columns or USUAL
    except (OSError, ValueError):
        columns = USUAL
    return max(NARROWEST, columns)


def crop(title: str, columns: int | None) -> str:
    """Return a title on one line in so many columns, its end left out where it is longer; None: as long as it is."""
    title = title_for_terminal(title)
    if columns is None or cells(title) <= columns:
        return title
    from rich.cells import set_cell_size

    return set_cell_size(title, max(0, columns - 1)).rstrip() + "…"


def cells(text: str) -> int:
    """Return the columns that a text takes; most of the world's letters need no table for it."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def spread(line: str, columns: int) -> list[str]:
    """Return a line broken between words where it is too wide, its indent kept; one with a command to copy stays."""
    if cells(line) <= columns or "simkl-import " in line:
        return [line]
    indent = " " * (len(line) - len(line.lstrip(" ")))
    return [indent + part for part in wrapped(line, columns - len(indent))]


def wrapped(text: str, columns: int | None) -> list[str]:
    """Return the text broken between words to so many columns, with nothing left out; None: on one line."""
    text = for_terminal(text).strip()
    if columns is None:
        return [text] if text else []
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and cells(longer) > columns:
            lines.append(word)  # a word that is wider than the terminal stays whole all the same
        else:
            lines[-1] = longer
    return [line for line in lines if line]
