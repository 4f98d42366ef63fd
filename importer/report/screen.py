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
    """Write the lines. A stream that went away is no error.

    Paths and commands may be wider than the stream: the terminal wraps them, so that they can still be copied whole.
    """
    if not is_terminal(stream):
        write(stream, "".join("".join(words for words, _ in line).rstrip() + "\n" for line in lines))
        return
    from rich.console import Console
    from rich.text import Text

    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=width(stream), highlight=False, markup=False, emoji=False)
    for line in lines:
        text = Text()
        for words, style in line:
            text.append(words, style)
        console.print(text, soft_wrap=True)
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
    text = for_terminal(text)
    if cells(text) <= columns:
        return text
    from rich.cells import set_cell_size

    tail = text[-(columns * 2 // 3) :]
    while cells(tail) > columns * 2 // 3:
        tail = tail[1:]
    return set_cell_size(text, columns - 1 - cells(tail)).rstrip() + "…" + tail


def crop(text: str, columns: int) -> str:
    """The text on one line in so many columns, its end left out where it is longer."""
    text = for_terminal(text)
    if cells(text) <= columns:
        return text
    from rich.cells import set_cell_size

    return set_cell_size(text, max(0, columns - 1)).rstrip() + "…"


def cells(text: str) -> int:
    """The columns that a text takes; most of the world's letters need no table for it."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def wrapped(text: str, columns: int, most: int) -> list[str]:
    """The text in so many columns, broken between words, on at most so many lines; its end left out beyond that."""
    lines = [""]
    for word in for_terminal(text).split():
        longer = f"{lines[-1]} {word}".strip()
        if cells(longer) <= columns:
            lines[-1] = longer
        elif len(lines) < most:
            lines.append(crop(word, columns))
        else:
            lines[-1] = crop(longer, columns)
            break
    return [line for line in lines if line]
