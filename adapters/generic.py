"""The generic CSV for any other tracker's data, and the rejects file that a person has mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from adapters.protocol import About, Claim, Miss
from adapters.reading.file_dates import DateColumn
from adapters.reading.forms import Fit, Form, table_headers
from adapters.reading.kinds import kind_of
from adapters.reading.members import looked_at
from adapters.reading.memo import REMEMBERED
from adapters.reading.plain import Plain, Typed
from adapters.reading.scale import ten_points
from adapters.reading.table import read_table
from adapters.reading.table_adapter import claimed, find_tables
from adapters.reading.text import shown
from importer.errors import ExportError
from importer.model import Item, Kind, Origin, Reason, Rejected, Remark, Row

if TYPE_CHECKING:
    from adapters.protocol import Source
    from adapters.reading.lines import Line

REQUIRED: Final = ("type", "title", "year", "rating")
ID_KEYS: Final = ("simkl", "imdb", "tmdb", "tvdb", "mal", "anidb", "anilist", "kitsu", "letterboxd")
_MENDED: Final = ("reason", "source", "file", "line", "key")
# Columns of other sites' files that also have the required four. Their ratings may be on another scale, or not the
# person's at all.
_FOREIGN = frozenset(
    (
        *("trakt_rating", "trakt_id", "traktid", "watched_at", "watchlisted_at", "row_type"),
        *("imdb_id", "imdbid", "tmdb_id", "tmdbid", "tvdb_id", "tvdbid", "simkl_id"),
        *("const", "your rating", "date rated", "ratedat"),
        *("letterboxd uri", "letterboxduri", "rating10", "watcheddate", "watched date"),
        *("watchlist", "lastepwatched", "is_watched", "vote_key", "tv_show_id", "movie_id"),
        *("media_id", "media_type", "userrating", "score", "average_rating"),
    )
)
_FORMULA: Final = ("'=", "'+", "'-", "'@", "'\t", "'\r")


def _generic(line: Line) -> Row:
    word = line["type"]
    sort = kind_of(word)
    kind = sort if isinstance(sort, Kind) else None
    row = line.row(sort=sort, title=line["title"], year=line.year(), ids=line.ids(kind), key=line["key"], word=word)
    return row if word else Rejected(row if isinstance(row, Item) else row.item, Reason.MALFORMED_ROW)


def _mended(line: Line) -> Row:
    """Read a row of the rejects file: its rating is on the 1-10 scale, its date as known as on record."""
    line.cells = [cell[1:] if cell.startswith(_FORMULA) else cell for cell in line.cells]
    row = _generic(line)
    item = row if isinstance(row, Item) else row.item
    told = line["source_rating"]
    item = replace(item, source_rating=told or item.source_rating, date=line.maker.as_recorded(item.key, item.date))
    if isinstance(row, Rejected) and row.reason is Reason.MALFORMED_ROW:
        return replace(row, item=item)
    if told and not line["rating"]:
        # The exported value has no place on this scale, and nobody has given another one.
        return Rejected(item, Reason.NOT_A_NUMBER if ten_points(told) is None else Reason.OUT_OF_RANGE)
    return item if isinstance(row, Item) else replace(row, item=item)


@lru_cache(REMEMBERED)
def _typed(text: str) -> Typed | None:
    sort = kind_of(text)
    return Typed(sort, f"generic:{sort}:") if isinstance(sort, Kind) else None


_DATES: Final = {"rated_at": DateColumn(Origin.RATING)}
_IDS: Final = {site: site for site in ID_KEYS}
REJECTS: Final = Form(
    why="the columns of a rejects file",
    needs=(*_MENDED, *REQUIRED, "source_rating"),
    row=_mended,
    dates=_DATES,
    ids=_IDS,
)
OLD_REJECTS: Final = Form(
    why="the columns of a rejects file",
    needs=(*_MENDED, *REQUIRED),
    also=("source_rating",),
    row=_mended,
    rounds=False,
    dates=_DATES,
    ids=_IDS,
)
GENERIC: Final = Form(
    why=f"the columns {','.join(REQUIRED)}",
    needs=REQUIRED,
    also=("key",),
    never=_FOREIGN,
    row=_generic,
    plain=Plain(typed=_typed, empty=("key",)),
    asks_scale=True,
    dates=_DATES,
    ids=_IDS,
)


class Generic:
    """Reads one row a title, rated 1 to 10, with the ids that the person knows."""

    name = "generic"
    about = About(
        site="a generic CSV",
        where="your own, or the file that `simkl-import report --format rejects` writes",
        forms=f"CSV with {','.join(REQUIRED)} and any of rated_at,{','.join(ID_KEYS)}; other names through --map; "
        "the rejects file, mended",
        scale="1 to 10, else as --scale says; in the rejects file always 1 to 10",
        dates="rated_at: a day, or a time in UTC or with its offset",
    )

    def claim(self, source: Source) -> Claim | Miss | None:
        """Tell by the header: the four columns and none of another site's; or by what the person says of the columns.

        Raises ExportError where a column that the person named is not there.
        """
        found = find_tables(source, (REJECTS, OLD_REJECTS, GENERIC))
        plain = claimed(source, found) if isinstance(found, dict) else None
        if plain is not None and any(fit.form is not GENERIC for fit in plain.found.values()):
            return plain
        if source.choices.map or source.choices.set:
            tables = {member: fit for member in looked_at(source) if (fit := _told(source, member)) is not None}
            if tables:
                told = claimed(source, tables)
                return replace(told, why="the columns that --map and --set name", resort=plain is None)
        return plain if plain is not None or isinstance(found, dict) else found

    def read(self, source: Source, claim: Claim) -> Iterator[Row | Remark]:
        """Yield every row of the claimed members. Raises ExportError for a member that cannot be read."""
        for member in claim.members:
            yield from read_table(source, member, claim.found[member], self.name)


def _told(source: Source, member: str) -> Fit | None:
    """Take a table as the person says: its columns renamed, and what has none filled in."""
    heads = [head for head in source.look(member, table_headers) if len(head.names) > 1]
    columns = {column.strip().lower(): name for column, name in source.choices.map}
    if not heads:
        return None
    head = next((head for head in heads if all(column in head.names for column in columns)), None)
    if head is None:
        lacking = ", ".join(column for column in columns if column not in heads[0].names)
        raise ExportError(
            f"{shown(member)}: has no column {lacking}, which --map names; its columns are {heads[0].seen()}"
        )
    # A column that the person names for a field takes the place of one that is called so.
    taken = set(columns.values())
    names = tuple(columns.get(name) or ("" if name in taken else name) for name in head.names)
    fixed = {name: value for name, value in source.choices.set if name not in names}
    missing = [name for name in REQUIRED if name not in names and name not in fixed]
    if missing:
        raise ExportError(
            f"{shown(member)}: has {', '.join(name for name in REQUIRED if name not in missing) or 'none of them'}; "
            f"missing: {', '.join(missing)}; its columns are {head.seen()}",
            f"name its column with --map COLUMN={missing[0]}, or its value with --set {missing[0]}=VALUE",
        )
    return Fit(GENERIC, replace(head, names=names), tuple(fixed.items()))
