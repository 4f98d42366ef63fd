"""Lines for a person on a stream: at most 80 columns, colour only where the terminal has it, plain text elsewhere."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, TextIO

from importer.report.safe import for_terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDEST = 80
NARROWEST = 40

Part = tuple[str, str]
"""A piece of a line: its text and rich's name for how it looks ("" for plain, "bold", "dim", "green")."""
Line = tuple[Part, ...]
"""One line; an empty one is a blank line."""


def show(lines: Sequence[Line], stream: TextIO) -> None:
    """Write the lines; what is wider than the stream is folded. A stream that went away is no error."""
    from rich.console import Console
    from rich.text import Text

    live = is_terminal(stream)
    out = io.StringIO()
    console = Console(file=out, force_terminal=live, width=width(stream), highlight=False, markup=False, emoji=False)
    for line in lines:
        text = Text(overflow="fold")
        for words, style in line:
            text.append(words, style)
        console.print(text)
    write(stream, out.getvalue())


def write(stream: TextIO, text: str) -> bool:
    """Write and flush, whatever the stream's encoding; tells whether the stream is still there."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        stream.write(text.encode(encoding, "replace").decode(encoding))
        stream.flush()
    except (OSError, ValueError):
        # A closed pipe or terminal, or a closed file object: the work goes on without it.
        return False
    return True


def is_terminal(stream: TextIO) -> bool:
    """Whether somebody looks at the stream as it is written."""
    try:
        return stream.isatty()
    except (OSError, ValueError):
        return False


def width(stream: TextIO) -> int:
    """The columns to use: the terminal's, at most WIDEST."""
    try:
        columns = os.get_terminal_size(stream.fileno()).columns or WIDEST
    except (OSError, ValueError):
        columns = WIDEST
    return min(WIDEST, max(NARROWEST, columns))


def fit(text: str, columns: int) -> str:
    """The text on one line in so many columns, its middle left out where it is longer: a path has two telling ends."""
    from rich.cells import cell_len, set_cell_size

    text = for_terminal(text)
    if cell_len(text) <= columns:
        return text
    tail = text[-(columns * 2 // 3) :]
    while cell_len(tail) > columns * 2 // 3:
        tail = tail[1:]
    return set_cell_size(text, columns - 1 - cell_len(tail)).rstrip() + "…" + tail


def crop(text: str, columns: int) -> str:
    """The text on one line in so many columns, its end left out where it is longer."""
    from rich.cells import cell_len, set_cell_size

    text = for_terminal(text)
    return text if cell_len(text) <= columns else set_cell_size(text, max(0, columns - 1)).rstrip() + "…"
