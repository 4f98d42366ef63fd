"""The dates of one file: its cells read on their own where they leave no question, else by what all of them allow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from adapters.reading.dates import DateOrder, Moment, NoDate, Serial, Vote, meaning
from adapters.reading.memo import Memo
from adapters.reading.plain_times import exact_time
from importer.model import Date, Origin, Precision, value

if TYPE_CHECKING:
    from datetime import date

    from adapters.reading.dates import Meaning

_ORDERS: Final = frozenset(DateOrder)
_TOLERANCE = timedelta(days=2)
"""How far ahead other people's time zones may be, generously."""


@value
class DateColumn:
    """A column of dates: where its dates come from, and whether a bare midnight in it is a day or that second."""

    origin: Origin
    finest: Precision = Precision.DAY

    @property
    def stands_in(self) -> bool:
        """Whether its dates are no rating dates."""
        return self.origin is not Origin.RATING and self.origin is not Origin.ENTRY


@value
class _Verdict:
    """What all cells of a file allow together: the orders that fit every vote, and columns of serials alone."""

    fitting: frozenset[DateOrder]
    serials: frozenset[int]
    example: str


class FileDates:
    """Reads the date cells of one file.

    `survey` yields the texts of the date columns of every sound row, and is asked only once a cell leaves a question:
    a file of ISO dates costs no second look. `order` is what the person said of day and month, `usual` how the site
    itself writes them: where the cells leave it open, the person's word counts first.
    """

    __slots__ = ("_columns", "_decided", "_memos", "_order", "_survey", "_this_year", "_usual", "_verdict", "settled")

    def __init__(
        self,
        columns: Sequence[DateColumn],
        survey: Callable[[], Iterable[Sequence[str]]],
        order: DateOrder | None,
        today: date | None,
        usual: DateOrder | None = None,
    ) -> None:
        self._columns = columns
        self._memos = [Memo(partial(self._meaning, column)) for column in range(len(columns))]
        self._survey = survey
        self._order = order
        self._usual = usual
        self._this_year = None if today is None else (today + _TOLERANCE).year
        self._verdict: _Verdict | None = None
        self._decided: DateOrder | None = None
        self.settled = ""
        """One sentence once an open order has been decided, else ""."""

    def read(self, column: int, text: str) -> Date | NoDate:
        """Read a cell of one of the columns."""
        return self._memos[column][text]

    def known(self, column: int) -> Callable[[str], Date | NoDate]:
        """Give the shortest way to read a cell of this column."""
        return self._memos[column].__getitem__

    def readings(self, column: int, text: str) -> tuple[Date, ...]:
        """All dates that a doubtful cell may mean."""
        found = meaning(text, self._this_year)
        if not isinstance(found, Vote):
            return ()
        about = self._columns[column]
        return tuple(
            moment.dated(about.origin, about.finest)
            for order in sorted(self._whole().fitting)
            if isinstance(moment := found.under(order), Moment)
        )

    def orders(self) -> tuple[DateOrder, ...]:
        """The orders between which a doubtful file leaves the choice."""
        return tuple(order for order in DateOrder if order in self._whole().fitting)

    def _meaning(self, column: int, text: str) -> Date | NoDate:
        about = self._columns[column]
        if exact := exact_time(text, about.origin):
            return exact
        found = meaning(text, self._this_year)
        if isinstance(found, Serial):
            found = found.moment() if column in self._whole().serials else NoDate.UNREADABLE
        elif isinstance(found, Vote):
            found = self._voted(found)
        if isinstance(found, Moment):
            return found.dated(about.origin, about.finest)
        if found is NoDate.PARTIAL:
            return NoDate.NONE if about.stands_in else NoDate.UNREADABLE
        return found

    def _voted(self, vote: Vote) -> Moment | NoDate:
        if self._decided is not None:
            return vote.under(self._decided)
        verdict = self._whole()
        if len(verdict.fitting) > 1:
            read = {vote.under(order) for order in verdict.fitting}
            if len(read) == 1:  # 05/05/2020: nothing hangs on the order
                return read.pop()
            order, why = self._order, f"as --date-order {self._order} says"
            if order not in verdict.fitting:
                order, why = self._usual, "as the site writes them"
            if order not in verdict.fitting:
                return NoDate.DOUBTFUL
        elif verdict.fitting:
            [order], why = verdict.fitting, "no other order fits all of them"
        else:
            order, why = self._order, f"as --date-order {self._order} says"
        if order is None:
            return NoDate.UNREADABLE
        # Nothing of this hangs on the cell: the first that is settled tells of all.
        self.settled = f"dates such as {verdict.example} are read as {order.words}: {why}"
        self._decided = order
        return vote.under(order)

    def _whole(self) -> _Verdict:
        """Look at the whole file, once."""
        if self._verdict is None:
            self._verdict = self._surveyed()
        return self._verdict

    def _surveyed(self) -> _Verdict:
        texts: list[dict[str, None]] = [{} for _ in self._columns]
        for cells in self._survey():
            for seen, text in zip(texts, cells, strict=True):
                seen[text] = None
        fitting = _ORDERS
        example = ""
        serials: list[int] = []
        for column, seen in enumerate(texts):
            found = {text: meaning(text, self._this_year) for text in seen}
            votes = {text: vote for text, vote in found.items() if type(vote) is Vote}
            fitting = fitting.intersection(*{vote.orders for vote in votes.values()})
            for text, vote in votes.items():
                # The best example is one that leaves no choice.
                if not example or len(vote.orders) == 1:
                    example = text.strip()
            if all(map(_may_be_serial, found.values())):
                serials.append(column)
        return _Verdict(fitting, frozenset(serials), example)


def _may_be_serial(found: Meaning) -> bool:
    return isinstance(found, Serial) or found is NoDate.EMPTY or found is NoDate.NONE
