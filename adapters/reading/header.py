"""The first line of a table: the names of its columns, and what parts them."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from adapters.reading.text import shown
from importer.errors import ExportError
from importer.model import value

if TYPE_CHECKING:
    from _csv import Reader

DELIMITERS = (",", ";", "\t")
HEADER_REACH = 65_536
"""Characters within which the header has to stand."""

_SPACED: Final = {mark: re.compile(f'{mark} +"') for mark in DELIMITERS}


@value
class Header:
    """A table's first line: column names in lower case, its delimiter, and the physical line on which it stands.

    It is `spaced` where blanks follow its delimiters: a cell in quotes is one then, too, although it begins with them.
    """

    names: tuple[str, ...]
    delimiter: str
    line: int
    spaced: bool = False

    def reader(self, lines: Iterable[str]) -> Reader:
        """Read lines of the table strictly: csv.Error is raised for one whose quotes do not enclose whole cells."""
        return csv.reader(lines, delimiter=self.delimiter, strict=True, skipinitialspace=self.spaced)

    def column(self, name: str, file: str) -> int:
        """Find a column's place. Raises ExportError where it is missing or there twice."""
        place = self.optional(name, file)
        if place is None:
            raise ExportError(f"{shown(file)}: has no column {name!r}; its columns are {self.seen()}")
        return place

    def optional(self, name: str, file: str) -> int | None:
        """Find a column's place; None where it is missing. Raises ExportError where it is there twice."""
        if self.names.count(name) > 1:
            raise ExportError(f"{shown(file)}: has the column {name!r} twice; its columns are {self.seen()}")
        return self.names.index(name) if name in self.names else None

    def seen(self) -> str:
        """List the column names for a message."""
        return shown(", ".join(name or '""' for name in self.names)[:400])


def header(text: str, required: Collection[str]) -> Header | None:
    """Find the header that has all `required` names (lower case); None where the text does not begin with one.

    The delimiter is the one that makes the names come out. More columns are fine. Blank lines and a spreadsheet's
    `sep=;` may come first.
    """
    return next((head for head in headers(text) if all(name in head.names for name in required)), None)


def headers(text: str) -> tuple[Header, ...]:
    """Read the first line of text as a header, once for each delimiter that can be; most columns first.

    Empty names at its end are no columns: spreadsheets leave them.
    """
    reach = text[:HEADER_REACH].replace("\r\n", "\n").replace("\r", "\n")
    for number, line in enumerate(reach.split("\n"), 1):
        if not line.strip() or line.lower().startswith("sep="):
            continue
        if "\0" in line:
            break
        found: list[Header] = []
        for delimiter in DELIMITERS:
            spaced = f"{delimiter} " in line or _SPACED[delimiter].search(reach) is not None
            head = Header((), delimiter, number, spaced)
            try:
                seen = next(head.reader([line]))
            except csv.Error:
                continue
            names = [name.strip().lower() for name in seen]
            while len(names) > 1 and not names[-1]:
                names.pop()
            found.append(replace(head, names=tuple(names)))
        return tuple(sorted(found, key=lambda head: -len(head.names)))
    return ()
