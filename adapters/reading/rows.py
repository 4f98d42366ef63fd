"""What a row's texts say as a row: rating, kind, ids and date read alike for every site; and what is told of a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NoReturn
from zlib import crc32

from adapters.reading.dates import NoDate
from adapters.reading.file_dates import DateColumn, FileDates
from adapters.reading.ids import IdReader
from adapters.reading.scale import Ratings, Scale, plain_ratings
from adapters.reading.text import shown
from importer.errors import ExportError
from importer.model import Date, Ids, Item, Kind, Reason, Rejected, Remark, Row, Skipped, make_item

if TYPE_CHECKING:
    from adapters.protocol import Source
    from adapters.reading.dates import DateOrder
    from adapters.reading.kinds import Sort

LONGEST = 4_096
"""Characters kept of what could not be read: a title, a malformed row."""

_SHOWN: Final = 40
_WORDS: Final = 4
"""Characters of a word, and words, that are told of types that are not known."""

_NOBODY: Final[tuple[tuple[str, ...], ...]] = ()


class RowMaker:
    """Makes the rows of one file, and counts what a person is told of it at the end.

    `scale` is what its ratings mean, or `steps` where the site has codes for them; `unrated` are the values on the 1-10
    scale that mean "none". `dates` are the file's date columns, the rating date before what stands in; `survey` yields
    the texts of these columns for every row, and is asked only where a date leaves a question. `usual` is the order in
    which the site writes day and month, `advice` what helps where the type of a title is not known.
    """

    __slots__ = (
        "_advice",
        "_columns",
        "_left_out",
        "_name",
        "_nones",
        "_others",
        "_recorded",
        "_rounding",
        "_strange",
        "_unrated",
        "dates",
        "file",
        "ids",
        "plain",
        "ratings",
    )

    def __init__(
        self,
        source: Source,
        file: str,
        name: str,
        *,
        scale: Scale = Scale.TEN,
        steps: Mapping[str, int] | None = None,
        rounds: bool = True,
        unrated: Collection[int] = (),
        dates: Sequence[DateColumn] = (),
        survey: Callable[[], Iterable[Sequence[str]]] = lambda: _NOBODY,
        usual: DateOrder | None = None,
        advice: str = "",
    ) -> None:
        choices = source.choices
        self.file = file
        self._rounding = choices.round if rounds else None
        self.ratings = Ratings(scale, self._rounding, steps)
        plain = plain_ratings(scale) if steps is None else steps
        self.plain = {text: value for text, value in plain.items() if value not in unrated}
        self._others: dict[Scale, Ratings] = {}
        self.ids = IdReader()
        self.dates = FileDates(columns=dates, survey=survey, order=choices.date_order, today=source.today, usual=usual)
        self._name = name
        self._columns = tuple(dates)
        self._unrated = frozenset(unrated)
        self._recorded = source.recorded
        self._advice = advice
        self._strange: Counter[str] = Counter()
        self._nones = 0
        self._left_out = 0

    def make(
        self,
        *,
        key: str,
        sort: Sort,
        title: str,
        year: int | None,
        ids: Ids,
        rating: str,
        dates: Sequence[str] = (),
        line: int,
        word: str = "",
        scale: Scale | None = None,
    ) -> Row:
        """Make a row of its texts; `word` is the type as it stands, for a row whose type is not known.

        `scale` is another one than the file's, for the rating of this row alone.

        Raises ExportError where the rating date of a rated row can be read in two ways.
        """
        ratings = self.ratings if scale is None else self._on(scale)
        value = ratings[rating]
        if isinstance(sort, Kind) and value is not None and value not in self._unrated:
            date = self.dates.read(0, dates[0]) if dates else None
            if type(date) is not Date:
                date = self._date(key, dates, line)
            unreadable = dates[0] if date is NoDate.UNREADABLE else ""
            item = make_item(
                key=key,
                kind=sort,
                title=title,
                year=year,
                ids=ids,
                source_rating=rating,
                rating=value,
                date=date if type(date) is Date else None,
                file=self.file,
                line=line,
            )
            if ratings.rounded and rating in ratings.rounded:
                ratings.count_rounded()
            return Rejected(item, Reason.UNREADABLE_DATE, unreadable) if unreadable else item
        kind = sort if isinstance(sort, Kind) else None
        date = self._readable(dates)
        known = kind is not None or sort is Reason.UNKNOWN_KIND
        item = make_item(
            key=key,
            kind=kind,
            title=title,
            year=year,
            ids=ids if known else (),
            source_rating=rating,
            rating=value,
            date=date,
            file=self.file,
            line=line,
        )
        if value in self._unrated or not rating.strip():
            return Skipped(item, Reason.UNRATED)
        if sort is Reason.UNKNOWN_KIND:
            if word:
                self._strange[word] += 1
            return Rejected(item, Reason.UNKNOWN_KIND, word)
        return item if kind else Skipped(item, Reason.UNSUPPORTED_KIND)

    def malformed(self, mark: str, text: str, line: int) -> Rejected:
        """Make the row of what is none: its text for a title, and nothing that shifted cells might be taken for."""
        return self.cut_off(f"{self._name}:row:{mark}", line, title=shown(text.strip()[:LONGEST]))

    def broken(self, told: object, line: int) -> Rejected:
        """Make the row of an element that has not the shape of one; what it holds names it in the next export, too."""
        return self.marked(
            repr(told) if isinstance(told, str | int | float | None) else f"{type(told).__name__} {line}", line
        )

    def marked(self, told: str, line: int) -> Rejected:
        """Make the row of an element without a key; `told` is the part of it that names it in the next export, too."""
        mark = crc32(told[:LONGEST].encode("utf-8", "replace"))
        return self.cut_off(f"{self._name}:row:{mark:08x}", line)

    def cut_off(self, key: str, line: int, *, title: str = "", year: int | None = None, rating: str = "") -> Rejected:
        """Make the row of an entry that is not whole, of the texts that can be trusted."""
        item = Item(
            key=key,
            kind=None,
            title=title,
            year=year,
            ids=(),
            source_rating=rating,
            rating=self.ratings[rating],
            date=None,
            file=self.file,
            line=line,
        )
        return Rejected(item, Reason.MALFORMED_ROW)

    def remarks(self) -> Iterator[Remark]:
        """Tell what was decided for the whole file, and count what was left out of it."""
        if self.dates.settled:
            yield Remark(self.file, 0, self.dates.settled)
        if self._nones:
            yield Remark(
                self.file, 0, _counted(self._nones, "date", "says that there is none", "say that there is none")
            )
        if self._left_out:
            text = _counted(
                self._left_out, "date that would stand in", "cannot be read and is", "cannot be read and are"
            )
            yield Remark(self.file, 0, f"{text} left out")
        if self._strange:
            number = self._strange.total()
            words = ", ".join(shown(word[:_SHOWN]) for word in list(self._strange)[:_WORDS])
            text = f"{_counted(number, 'row', 'has a type that is', 'have a type that is')} not known: {words}"
            yield Remark(self.file, 0, f"{text}; {self._advice}" if self._advice else text)
        for ratings in (self.ratings, *self._others.values()):
            if rounded := ratings.remark():
                yield Remark(self.file, 0, rounded)
        if junk := self.ids.remark(self.file):
            yield junk

    def _readable(self, dates: Sequence[str]) -> Date | None:
        """Take the first date that can be read, of a row that is not sent as it is: nothing hangs on the others."""
        for column, text in enumerate(dates):
            if type(date := self.dates.read(column, text)) is Date:
                return date
        return None

    def _on(self, scale: Scale) -> Ratings:
        if scale not in self._others:
            self._others[scale] = Ratings(scale, self._rounding)
        return self._others[scale]

    def _date(self, key: str, dates: Sequence[str], line: int) -> Date | NoDate | None:
        """Take the first date there is, in the order of the columns; UNREADABLE if the rating date cannot be read."""
        for column, text in enumerate(dates):
            date = self.dates.read(column, text)
            if type(date) is Date:
                return date
            if date is NoDate.NONE:
                self._nones += 1
            elif date is not NoDate.EMPTY:
                if self._columns[column].stands_in:
                    self._left_out += 1
                elif date is NoDate.UNREADABLE:
                    return date
                else:
                    return self._on_record(key, column, text, line)
        return None

    def _on_record(self, key: str, column: int, text: str, line: int) -> Date:
        """Let the date on record for the row's key tell which of two days is meant. Raises ExportError without one."""
        recorded = self._recorded(key)
        for date in self.dates.readings(column, text):
            if recorded is not None and recorded.day == date.day:
                return date
        return self.doubt(text, line)

    def as_recorded(self, key: str, date: Date | None) -> Date | None:
        """Give a mended row's date the precision and the origin on record, if that is of the same day."""
        recorded = self._recorded(key) if date is not None else None
        return recorded if recorded is not None and date is not None and recorded.day == date.day else date

    def doubt(self, text: str, line: int) -> NoReturn:
        """Refuse the file for a date that can be read in two ways."""
        orders = self.dates.orders()
        words = " or ".join(order.words for order in orders)
        raise ExportError(
            f"{shown(self.file)}: the dates can be read in two ways: {shown(text.strip())} in line {line} is {words}",
            "say which: " + " or ".join(f"--date-order {order}" for order in orders),
        )


def _counted(number: int, what: str, one: str, more: str) -> str:
    return f"1 {what} {one}" if number == 1 else f"{number:,} {_plural(what)} {more}"


def _plural(what: str) -> str:
    first, _, rest = what.partition(" that ")
    return f"{first}s that {rest}" if rest else f"{what}s"
