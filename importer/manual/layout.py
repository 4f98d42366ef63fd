"""What a topic consists of, so that it can be laid out anew: for a narrow terminal here, for `man` while it is built.

This file imports nothing of the program: the build of the wheel loads it alone.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

INDENT = "    "
_ENTRY = re.compile(r" {4}(\S(?:.*?\S)??) {2,}(\S.*)")
_GAP = re.compile(r"\S {3,}\S")
_BULLET = re.compile(r"(-|\d+\.) (.*)")
_LABEL = re.compile(r"[a-z]+: ")
"""A line within an entry that stays a line of its own, such as "do: mend the row"."""


class Sort(StrEnum):
    """What a part of a topic is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    ENTRY = "entry"
    AS_IT_IS = "as it is"


class Part(NamedTuple):
    """A heading with its marks, a paragraph, a bullet, an entry (a name and what it means), or a text of fixed lines.

    `lines` are to be filled each by itself; those of a fixed text stay as they are, without their indent. `apart` tells
    that an empty line stands before it, `name` is an entry's name or a bullet's mark, and `column` where the meaning of
    an entry began.
    """

    sort: Sort
    lines: tuple[str, ...]
    apart: bool
    name: str = ""
    column: int = 0


def parts(text: str) -> list[Part]:
    """Return the parts of a topic, in order."""
    found: list[Part] = []
    for block, fenced, apart in _blocks(text.splitlines()):
        if fenced:
            found.append(Part(Sort.AS_IT_IS, tuple(block), apart))
        elif block[0].startswith(INDENT):
            found += _entries(block, apart) or [
                Part(Sort.AS_IT_IS, tuple(line.removeprefix(INDENT) for line in block), apart)
            ]
        elif block[0].startswith("#"):
            found.append(Part(Sort.HEADING, tuple(block), apart))
        elif block[0].startswith("|"):
            found += _rows(block, apart)
        elif bullet := _BULLET.fullmatch(_joined(block)):
            found.append(Part(Sort.BULLET, (bullet[2],), apart, bullet[1]))
        else:
            found.append(Part(Sort.PARAGRAPH, (_joined(block),), apart))
    return found


def laid_out(text: str, width: int) -> str:
    """Return a topic in lines of at most `width`, save those that have to stay as they are."""
    if max(map(len, text.splitlines()), default=0) <= width:
        return text
    lines: list[str] = []
    for part in parts(text):
        lines += [""] if part.apart else []
        lines += _lines(part, width)
    return "\n".join(lines) + "\n"


def _blocks(lines: list[str]) -> Iterator[tuple[list[str], bool, bool]]:
    """Yield what belongs together, whether it stood between fences, and whether an empty line stood before it."""
    block: list[str] = []
    apart = fenced = False
    for n, line in enumerate(lines):
        fence = line.startswith("```")
        indented = line.startswith(INDENT)
        within = indented or (not line and _goes_on(lines, n))
        if fence or not fenced:
            literal = bool(block) and block[0].startswith(INDENT)
            begins = line.startswith("#") or bool(_BULLET.match(line)) or (bool(block) and block[0].startswith("#"))
            ends = fence or begins or (not within if literal else not line or indented)
            if block and ends:
                yield block, fenced, apart
                block, apart = [], False
        if fence:
            fenced = not fenced
        elif line or fenced or (block and block[0].startswith(INDENT)):
            block.append(line)
        else:
            apart = True
    if block:
        yield block, fenced, apart


def _goes_on(lines: list[str], n: int) -> bool:
    """Tell whether an indented text goes on behind empty lines."""
    rest = next((line for line in lines[n:] if line), "")
    return rest.startswith(INDENT)


def _entries(block: list[str], apart: bool) -> list[Part]:
    """Return a list of names and what they mean; nothing where the lines are something else."""
    found: list[tuple[str, int, list[str]]] = []
    for line in block:
        entry = _ENTRY.fullmatch(line)
        if entry is not None and not _GAP.search(entry[2]):
            found.append((entry[1], entry.start(2), [entry[2]]))
        elif found and line.startswith(2 * INDENT):
            meaning = found[-1][2]
            if _LABEL.match(line.strip()):
                meaning.append(line.strip())
            else:
                meaning[-1] = f"{meaning[-1]} {line.strip()}"
        else:
            return []
    return [
        Part(sort=Sort.ENTRY, lines=tuple(meaning), apart=apart and n == 0, name=name, column=found[0][1])
        for n, (name, _, meaning) in enumerate(found)
    ]


def _rows(block: list[str], apart: bool) -> list[Part]:
    """Return a table of two columns as entries."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in block]
    rows = [row for row in cells if row[0] and not row[0].startswith("---")]
    return [
        Part(sort=Sort.ENTRY, lines=(row[1],), apart=apart and n == 0, name=row[0], column=24)
        for n, row in enumerate(rows)
    ]


def _joined(block: list[str]) -> str:
    return " ".join(line.strip() for line in block)


def _lines(part: Part, width: int) -> list[str]:
    match part.sort:
        case Sort.AS_IT_IS:
            return [f"{INDENT}{line}".rstrip() for line in part.lines]
        case Sort.BULLET:
            mark = f"{part.name} "
            return _filled(part.lines[0], width, mark, " " * len(mark))
        case Sort.HEADING | Sort.PARAGRAPH:
            return _filled(part.lines[0], width, "", "")
        case Sort.ENTRY:
            column = min(part.column, max(2 * len(INDENT), width // 3))
            margin = " " * column
            beside = f"{INDENT}{part.name}  ".ljust(column)
            head = [] if len(beside) <= column else [beside.rstrip()]
            first, *others = part.lines
            lines = [*head, *_filled(first, width, margin if head else beside, margin)]
            return lines + [line for other in others for line in _filled(other, width, margin, margin)]


def _filled(text: str, width: int, first: str, others: str) -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=others, break_long_words=False, break_on_hyphens=False
    )
