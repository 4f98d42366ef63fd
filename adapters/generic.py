"""The generic CSV for any other tracker's data, and the rejects file that a person has mended."""

from __future__ import annotations

import re
from collections.abc import Iterator

from adapters.protocol import About, Claim, Source
from adapters.reading.dates import day, instant
from adapters.reading.scale import ten_points
from adapters.reading.tables import Header, header, rows
from adapters.reading.text import decode, peek, shown
from importer.errors import ExportError
from importer.model import Ids, Item, Kind, Origin, Reason, Rejected, Remark, Row, Skipped

REQUIRED = ("type", "title", "year", "rating")
ID_KEYS = ("simkl", "imdb", "tmdb", "tvdb", "mal", "anidb", "anilist", "kitsu", "letterboxd")

KINDS = {
    "movie": Kind.MOVIE,
    "movies": Kind.MOVIE,
    "show": Kind.SHOW,
    "shows": Kind.SHOW,
    "anime": Kind.ANIME,
    "animes": Kind.ANIME,
}

_SPACE = " \t\r\n"
_YEAR = re.compile(r"([0-9]{4})(?:\.0+)?")
_FLOAT = re.compile(r"([0-9]{1,18})\.0+")
# Columns of other sites' files that also have the required four. Their ratings may be on another scale, or not the
# person's at all.
_FOREIGN = frozenset(
    {
        "trakt_rating", "trakt_id", "traktid", "imdb_id", "imdbid", "tmdb_id", "tmdbid", "tvdb_id", "tvdbid", "ratedat",
        "watched_at", "watchlisted_at", "simkl_id", "watchlist", "lastepwatched", "const", "your rating", "date rated",
        "letterboxd uri", "letterboxduri", "rating10", "watcheddate", "watched date",
    }
)  # fmt: skip


class Generic:
    """Reads one row a title, rated 1 to 10, with the ids that the person knows."""

    name = "generic"
    about = About(
        site=f"a generic CSV with the columns {','.join(REQUIRED)}",
        where="your own, or the file that `simkl-import report --format rejects` writes",
        forms=f"CSV with {','.join(REQUIRED)} and any of rated_at,{','.join(ID_KEYS)}; the rejects file, mended",
        scale="1 to 10",
        dates="rated_at: a day, or a time in UTC or with its offset",
    )

    def claim(self, source: Source) -> Claim | None:
        """Tell by the header: the four columns and none of another site's."""
        many = len(source.members) > 1
        members: list[str] = []
        for name in source.members:
            if many and not name.lower().endswith((".csv", ".tsv", ".txt")):
                continue
            if _header(peek(source.head(name), source.encoding)) is not None:
                members.append(name)
        return Claim(tuple(members), f"has the columns {','.join(REQUIRED)}") if members else None

    def read(self, source: Source, claim: Claim) -> Iterator[Row | Remark]:
        """Yield every row of the claimed members. Raises ExportError for a member that is no such table."""
        for name in claim.members:
            decoded = decode(source.members[name](), source.encoding, name)
            if decoded.remark:
                yield Remark(name, 0, decoded.remark)
            head = _header(decoded.text)
            if head is None:
                raise ExportError(f"{shown(name)}: no generic CSV; expected the columns {','.join(REQUIRED)}")
            yield from _rows(decoded.text, head, name)


def _header(text: str) -> Header | None:
    head = header(text, REQUIRED)
    return None if head is None or _FOREIGN.intersection(head.names) else head


def _rows(text: str, head: Header, file: str) -> Iterator[Row]:
    kinds, titles, years, ratings = required = [head.column(name, file) for name in REQUIRED]
    keys, dates = (head.optional(name, file) for name in ("key", "rated_at"))
    columns = [(name, place) for name in ID_KEYS if (place := head.optional(name, file)) is not None]
    single = required + [place for place in (keys, dates) if place is not None] + [place for _, place in columns]
    for line, fields, mark in rows(text, head, single, file):
        type_ = fields[kinds].strip(_SPACE).lower()
        kind = KINDS.get(type_)
        title = fields[titles].strip(_SPACE)
        year = _YEAR.fullmatch(fields[years].strip(_SPACE))
        number = int(year[1]) or None if year is not None else None
        ids = tuple((name, value) for name, place in columns if (value := _id(fields[place])))
        rating = ten_points(fields[ratings])
        when = "" if dates is None else fields[dates].strip(_SPACE)
        date = day(when, Origin.RATING) or instant(when, Origin.RATING)
        key = "" if keys is None or mark else fields[keys].strip(_SPACE)
        if not key:
            key = f"generic:row:{mark}" if mark else _key(kind or type_, title, number, ids)
        item = Item(key, kind, title, number, ids, fields[ratings], rating, date, file, line)
        if mark or not type_:
            yield Rejected(item, Reason.MALFORMED_ROW)
        elif not item.source_rating.strip():
            yield Skipped(item, Reason.UNRATED)
        elif kind is None:
            yield Skipped(item, Reason.UNSUPPORTED_KIND)
        else:
            yield item


def _id(text: str) -> str:
    """Take an id as it stands, save for what spreadsheets make of numbers: "603.0". 0 is none."""
    text = text.strip(_SPACE)
    match = _FLOAT.fullmatch(text)
    value = match[1] if match is not None else text
    return "" if value == "0" else value


def _key(kind: str, title: str, year: int | None, ids: Ids) -> str:
    if ids:
        return f"generic:{kind}:{ids[0][0]}={ids[0][1]}"
    return f"generic:{kind}:{title.casefold()}:{'' if year is None else year}"
