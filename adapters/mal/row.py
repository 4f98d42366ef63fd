"""One entry of an anime list, whatever file it stands in, as a row."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

from adapters.reading.scale import ten_points
from importer.model import Ids, Item, Kind, Reason, Rejected, Skipped

if TYPE_CHECKING:
    from importer.model import Date, Row

LONGEST = 4_096
"""Characters of a title or a score; a longer one is a sign of a broken entry."""

_DIGITS = 12


def anime(
    identifier: str, title: str, year: int | None, score: str, date: Date | None, file: str, line: int, *, whole: bool
) -> Row:
    """Make the row of an anime entry from its texts, "" where one is missing.

    A MAL id is digits above 0; anything else is none. No score and a score of 0 mean unrated. `whole` is False for an
    entry that was cut off.
    """
    if len(title) > LONGEST or len(score) > LONGEST:
        title, score, whole = title[:LONGEST], score[:LONGEST], False
    title, score = title.strip(), score.strip()
    rating = ten_points(score)
    number = mal_id(identifier)
    ids: Ids = (("mal", number),) if number else ()
    key = f"mal:{number}" if number else unnumbered(title, identifier, score)
    item = Item(key, Kind.ANIME, title, year, ids, score, rating, date, file, line)
    if not whole:
        return Rejected(item, Reason.MALFORMED_ROW)
    return item if rating or (score and rating is None) else Skipped(item, Reason.UNRATED)


def manga(identifier: str, title: str, score: str, file: str, line: int) -> Row:
    """Make the row of a manga entry: Simkl has no place for it, so unless it is unrated it is unsupported."""
    title, score = title[:LONGEST].strip(), score[:LONGEST].strip()
    rating = ten_points(score)
    number = mal_id(identifier)
    key = f"mal:manga:{number}" if number else unnumbered(title, identifier, score)
    item = Item(key, None, title, None, (), score, rating, None, file, line)
    return Skipped(item, Reason.UNSUPPORTED_KIND if rating or (score and rating is None) else Reason.UNRATED)


def mal_id(text: str) -> str:
    """Return a MAL id without leading zeros, or "" where the text is none."""
    text = text.strip()
    return text.lstrip("0") if len(text) <= _DIGITS and text.isascii() and text.isdigit() else ""


def unnumbered(title: str, *rest: str) -> str:
    """Name an entry that has no id: by its title, or else by a checksum of what it has."""
    if title:
        return f"mal:title:{title.casefold()}"
    return f"mal:row:{crc32('|'.join(rest)[:LONGEST].encode('utf-8', 'replace')):08x}"
