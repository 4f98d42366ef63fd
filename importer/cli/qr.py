"""An address as a QR code in text, for a phone's camera to read from a terminal."""

from __future__ import annotations

from collections.abc import Iterator

BORDER = 2
"""Light modules around the code; cameras read it with fewer than the four of the standard."""

_BLOCKS = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}
"""Two modules, one above the other, by whether each is dark. Light is drawn, since most terminals are dark."""


def qr_lines(address: str) -> list[str]:
    """Return the lines of the code, all of one width."""
    import segno

    rows = [list(row) for row in segno.make_qr(address, error="l").matrix_iter(border=BORDER)]
    return [
        "".join(_BLOCKS[bool(upper), bool(lower)] for upper, lower in zip(*pair, strict=True)) for pair in _pairs(rows)
    ]


def white_on_black(line: str) -> str:
    """Return a line in these colours, whatever those of the terminal are: a light one would turn the code around."""
    return f"\x1b[97;40m{line}\x1b[0m"


def _pairs(rows: list[list[int]]) -> Iterator[tuple[list[int], list[int]]]:
    """Two rows at a time, a light one below the last where their number is odd."""
    below = rows[1::2] + [[0] * len(rows[0])] * (len(rows) % 2)
    yield from zip(rows[::2], below, strict=True)
