"""The plain lines of a table, which nearly all are: read column by column, for a call a cell would cost most of all.

What is said here of a line is what the form's `row` says of it; all other lines are left to that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, repeat, takewhile
from operator import add, itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, cast

from adapters.reading.dates import NoDate
from adapters.reading.ids import MaybeId, own_id, plain_ids, plain_numbers
from adapters.reading.kinds import UNSUPPORTED
from adapters.reading.plain_times import exact_time, exact_times
from adapters.reading.text import SPACE
from importer.model import Date, Ids, Item, Kind, Precision, Reason, Skipped

if TYPE_CHECKING:
    from adapters.reading.file_dates import DateColumn
    from adapters.reading.memo import Memo
    from adapters.reading.pieces import Piece
    from adapters.reading.rows import RowMaker
    from adapters.reading.scale import Rating

Found: TypeAlias = dict[int, list[MaybeId]]
"""The ids of some lines, by the places of their columns."""


class Typed(NamedTuple):
    """What the type of a title says: its kind, None for one without a place on Simkl, and how its key begins.

    `site` is whose numbers the `own` column holds, where the type tells.
    """

    kind: Kind | None
    key: str
    site: str = ""


_UNKNOWN: Final = Typed(None, "")
_KIND: Final[Callable[[Typed], Kind | None]] = itemgetter(0)
_BEGIN: Final[Callable[[Typed], str]] = itemgetter(1)
_NUMBER: Final[Callable[[MaybeId], str]] = itemgetter(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """Where a plain line has what, by the names of columns as the form declares them.

    `typed` tells what the texts in the columns `words` mean, None where that is not known; `parts` are columns in which
    any text says that a line is of a season or an episode, with the beginning of its key, the last of them first.
    The key ends in the id in the column `own`, for what has no place on Simkl in that of `part`, if there is one, and
    in the texts of `tail`; without such a column it ends in the id that names the title. A title is `spelt` so, and
    where the line has no year of its own a `titled` one may end in it. A line with anything in the columns `empty` is
    not plain, nor is one without an id.
    """

    typed: Callable[..., Typed | None]
    words: tuple[str, ...] = ("type",)
    title: str = "title"
    year: str = "year"
    own: str = ""
    part: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    tail: tuple[str, ...] = ()
    spelt: Callable[[str], str] | None = None
    titled: Callable[[str], tuple[str, int | None]] | None = None
    empty: tuple[str, ...] = ()

    def columns(self) -> Iterable[str]:
        """All columns that a table has to have for any of its lines to be plain, but for the year."""
        return filter(None, (*self.words, self.title, self.own, self.part))


class PlainLines:
    """Makes the rows of the plain lines of one table.

    `places` are all columns of its form; `rating` and `date` where the person's rating and the first date stand, `ids`
    each site's ids. It is `alone` where the table has no other dates, so that an empty cell means none.
    """

    __slots__ = (
        "_alone",
        "_date",
        "_dated",
        "_exact",
        "_ids",
        "_maker",
        "_none",
        "_place",
        "_plain",
        "_rating",
        "_year",
        "_years",
    )

    def __init__(
        self,
        plain: Plain,
        maker: RowMaker,
        places: Mapping[str, int | None],
        *,
        rating: int,
        ids: tuple[tuple[str, int], ...],
        date: tuple[int, DateColumn] | None,
        alone: bool,
        years: Memo[int | None],
    ) -> None:
        self._plain = plain
        self._maker = maker
        self._place = {name: place for name, place in places.items() if place is not None}
        self._rating = rating
        self._ids = ids
        self._date = None if date is None else date[0]
        self._dated = maker.dates.known(0) if date is not None else None
        self._exact = date[1].origin if date is not None and date[1].finest is Precision.SECOND else None
        self._alone = alone
        self._none = maker.ratings[""]
        self._year = places[plain.year] if plain.year else None
        self._years = years

    def rows(self, piece: Piece, first: int) -> Sequence[Item | Skipped | None]:
        """Make the rows of some lines, the first of them with this number; None for each that is not plain."""
        typed = self._typed(piece)
        read = {place: plain_ids(site, piece.shapes(place)) for site, place in self._ids}
        found = {place: ids for place, (ids, _) in read.items()}
        ids = self._known(piece, typed, found)
        keys = self._keys(piece, typed, ids, found)
        titles, years = self._titles(piece)
        dates, odd = self._dates(piece)
        odd.update(_gaps(typed), _gaps(keys), _gaps(ids), *(written_else for _, written_else in read.values()))
        texts = piece.shapes(self._rating)
        ratings: list[Rating] = list(map(self._maker.plain.get, texts))
        if unrated := _gaps(ratings):
            odd.update(index for index in unrated if texts[index])
            ratings = [rating if text else self._none for rating, text in zip(ratings, texts, strict=True)]
        meant = cast("list[Typed]", typed) if all(typed) else [one or _UNKNOWN for one in typed]
        kinds = list(map(_KIND, meant))
        if parts := _gaps(kinds):
            ids = [known if kind else () for known, kind in zip(ids, kinds, strict=True)]
        items: list[Item] = list(
            map(
                Item,
                *(map(add, map(_BEGIN, meant), keys), kinds, titles, years, ids, texts, ratings, dates),
                *(repeat(self._maker.file), count(first)),
            )
        )
        if not (odd or unrated or parts):
            return items
        made: list[Item | Skipped | None] = [*items]
        for index in {*unrated, *parts}:
            made[index] = Skipped(items[index], UNSUPPORTED if texts[index] else Reason.UNRATED)
        for index in odd:
            made[index] = None
        return made

    def _typed(self, piece: Piece) -> list[Typed | None]:
        """Tell what each line is; None where that is not known, or anything stands where a plain line has nothing."""
        plain, place = self._plain, self._place
        words = [piece.column(place[word]) for word in plain.words]
        typed = list(map(plain.typed, *words)) if words else [plain.typed()] * len(piece)
        for name, begin in plain.parts.items():
            if name in place and any(column := piece.shapes(place[name])):
                part = Typed(None, begin)
                typed = [part if cell.strip(SPACE) else meant for cell, meant in zip(column, typed, strict=True)]
        for name in plain.empty:
            if name in place and any(column := piece.shapes(place[name])):
                typed = [None if cell else meant for cell, meant in zip(column, typed, strict=True)]
        return typed

    def _known(self, piece: Piece, typed: list[Typed | None], found: Found) -> list[Ids]:
        """Read the ids of each line that are plain."""
        if not found:
            own = plain_numbers(piece.shapes(self._place[self._plain.own]))
            return [((one.site, key),) if one and key else () for one, key in zip(typed, own, strict=True)]
        columns = list(found.values())
        whole = list(takewhile(all, columns))
        known: list[Ids] = list(zip(*whole, strict=True)) if whole else [()] * len(typed)
        for column in columns[len(whole) :]:
            known = list(map(add, known, [(one,) if one else () for one in column]))
        return known

    def _keys(self, piece: Piece, typed: list[Typed | None], ids: list[Ids], found: Found) -> list[str]:
        """Tell how the key of each line ends; "" where that is not plain."""
        plain, place = self._plain, self._place
        if not plain.own:
            firsts = [
                (own_id(meant.kind, known) if meant and meant.kind is Kind.ANIME else known[0]) if known else ("", "")
                for meant, known in zip(typed, ids, strict=True)
            ]
            return [f"{site}={number}" if site else "" for site, number in firsts]
        if place[plain.own] in found:
            read = found[place[plain.own]]
            own = list(map(_NUMBER, read)) if all(read) else [id_[1] if id_ else "" for id_ in read]
        else:
            own = [*plain_numbers(piece.shapes(place[plain.own]))]
        if plain.part:
            parts = plain_numbers(piece.shapes(place[plain.part]))
            own = [
                part if meant and meant.kind is None else key
                for part, key, meant in zip(parts, own, typed, strict=True)
            ]
        for name in plain.tail:
            if name in place and any(column := piece.column(place[name])):
                own = [
                    f"{key}:{tail}" if key and meant and meant.kind is None and (tail := cell.strip(SPACE)) else key
                    for key, meant, cell in zip(own, typed, column, strict=True)
                ]
        return own

    def _titles(self, piece: Piece) -> tuple[Iterable[str], Iterable[int | None]]:
        """Read the title and the year of each line."""
        plain = self._plain
        titles: Iterable[str] = map(str.strip, piece.column(self._place[plain.title]), repeat(SPACE))
        if plain.spelt is not None:
            titles = map(plain.spelt, titles)
        years: Iterable[int | None] = repeat(None)
        if self._year is not None:
            years = list(map(self._years.__getitem__, piece.shapes(self._year)))
        if plain.titled is None or (isinstance(years, list) and None not in years):
            return titles, years
        both = zip(titles, years)  # noqa: B905 - there may be no end of years
        told = [plain.titled(title) if year is None else (title, year) for title, year in both]
        return [title for title, _ in told], [year for _, year in told]

    def _dates(self, piece: Piece) -> tuple[Iterable[Date | None], set[int]]:
        """Read the first date of each line, and tell the lines where that is not all that there is to it."""
        if self._dated is None or self._date is None:
            return repeat(None), set()
        column, exact, dated = piece.column(self._date), self._exact, self._dated
        if exact is not None and (times := exact_times(column, exact)):
            return times, set()
        found = [exact_time(text, exact) or dated(text) for text in column] if exact else list(map(dated, column))
        if {Date}.issuperset(map(type, found)):
            return cast("list[Date]", found), set()
        odd = {
            index
            for index, when in enumerate(found)
            if not (isinstance(when, Date) or (self._alone and when is NoDate.EMPTY))
        }
        return [when if isinstance(when, Date) else None for when in found], odd


def _gaps(column: Sequence[object]) -> list[int]:
    """Tell the lines that have nothing in a column."""
    return [] if all(column) else [index for index, what in enumerate(column) if not what]
