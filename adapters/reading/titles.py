"""What a row tells of its title: the year, and the key it is known by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from adapters.reading.ids import own_id
from importer.model import Ids, Kind

if TYPE_CHECKING:
    from adapters.reading.kinds import Sort

_YEAR = re.compile(r"\s*([0-9]{4})(?:[.,]0+|-[0-9]{2}-[0-9]{2}(?:[T ].*)?)?\s*")
_TITLED = re.compile(r"(.*\S)\s*\(([0-9]{4})(?:[-–][0-9]{0,4})?\)\s*", re.DOTALL)


def default_key(name: str, sort: Sort, title: str, year: int | None, ids: Ids, word: str = "") -> str:
    """Name a title that has no key of its site's own: by its first id, else by its title and year."""
    kind = sort.value if isinstance(sort, Kind) else word.lower()
    if ids:
        site, number = own_id(sort, ids)
        return f"{name}:{kind}:{site}={number}"
    return f"{name}:{kind}:{titled_key(title, year)}"


def titled_key(title: str, year: int | None) -> str:
    """Name a title that has no id within its site and kind."""
    return f"{title.casefold()}:{'' if year is None else year}"


def year_of(text: str) -> int | None:
    """Read a year of four digits, also as a spreadsheet's "1995.0" or "1995,0", or out of a day; else None."""
    match = _YEAR.fullmatch(text)
    return int(match[1]) or None if match is not None else None


def titled(text: str) -> tuple[str, int | None]:
    """Part "Heat (1995)" into title and year."""
    if text[-1:] == ")" and text[-6:-5] == "(" and (digits := text[-5:-1]).isdecimal() and digits.isascii():
        title = text[:-6].rstrip()
        return (title, int(digits) or None) if title else (text, None)
    match = _TITLED.fullmatch(text)
    return (match[1], int(match[2]) or None) if match is not None else (text, None)
