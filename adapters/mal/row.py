"""One entry of an anime list, whatever file it stands in, as a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zlib import crc32

from adapters.reading.file_dates import DateColumn
from adapters.reading.kinds import UNSUPPORTED
from adapters.reading.rows import LONGEST, RowMaker
from importer.model import Ids, Kind, Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from adapters.protocol import Source
    from importer.model import Row

_DATES: Final = (DateColumn(Origin.WATCHED), DateColumn(Origin.EDITED))
_NONE: Final = frozenset({"", "0", "0.0"})


def maker(source: Source, file: str, survey: Callable[[], Iterable[Sequence[str]]]) -> RowMaker:
    """Begin a list of scores from 0 to 10, 0 being none; its dates are the finish date, then the last edit."""
    return RowMaker(source, file, "mal", unrated=(0,), dates=_DATES, survey=survey)


def anime(
    rows: RowMaker,
    identifier: str,
    title: str,
    year: int | None,
    score: str,
    dates: Sequence[str],
    line: int,
    *,
    whole: bool,
) -> Row:
    """Make the row of an anime entry from its texts, "" where one is missing.

    No score and a score of 0 mean unrated. `whole` is False for an entry that was cut off.
    """
    if len(title) > LONGEST or len(score) > LONGEST:
        title, score, whole = title[:LONGEST], score[:LONGEST], False
    title, score, number = title.strip(), score.strip(), mal_id(rows, identifier)
    key = f"mal:{number}" if number else unnumbered(title, identifier, score)
    if not whole:
        return rows.cut_off(key, line, title=title, year=year, rating=score)
    ids: Ids = (("mal", number),) if number else ()
    return rows.make(
        key=key,
        sort=Kind.ANIME,
        title=title,
        year=year,
        ids=ids,
        rating=score,
        dates=dates,
        line=line,
    )


def manga(rows: RowMaker, identifier: str, title: str, score: str, line: int) -> Row:
    """Make the row of a manga entry: Simkl has no place for it, so unless it is unrated it is unsupported."""
    title, score = title[:LONGEST].strip(), score[:LONGEST].strip()
    number = mal_id(rows, identifier)
    key = f"mal:manga:{number}" if number else unnumbered(title, identifier, score)
    return rows.make(key=key, sort=UNSUPPORTED, title=title, year=None, ids=(), rating=score, line=line)


def mal_id(rows: RowMaker, text: str) -> str:
    """Return a MAL id, or "" where the text is none: the site's own 0, or nothing."""
    text = text.strip()
    return "" if text in _NONE else rows.ids.read("mal", text, Kind.ANIME)


def unnumbered(title: str, *rest: str) -> str:
    """Name an entry that has no id: by its title, or else by a checksum of what it has."""
    if title:
        return f"mal:title:{title.casefold()}"
    return f"mal:row:{crc32('|'.join(rest)[:LONGEST].encode('utf-8', 'replace')):08x}"
