"""Every write of ours, with a life of its own: intended, answered, seen on a title, settled, closed or taken back.

Undo reads the changes and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from typing import Any

from importer.journal.store import Journal
from importer.journal.values import ids_value
from importer.model import DAY, NOON, Date, Ids, Kind, Origin, Precision, value

_BATCH_BITS, _N_BITS = 20, 20
"""A number in sending order has room for a million batches a run, and a million members a batch."""


class Role(StrEnum):
    """What a change is for: a row's own, a payment of what a title is owed, taking a title off the library, or a live
    test, which no undo looks at.
    """

    ROW = "row"
    WINNER = "winner"
    GIVE = "give"
    UNDO = "undo"
    UNLIST = "unlist"
    TRIAL = "trial"


class Answer(StrEnum):
    """What Simkl's answer said of a change: named as added, named as not found, in neither list, refused whole."""

    ADDED = "added"
    NOT_FOUND = "not_found"
    UNNAMED = "unnamed"
    REFUSED = "refused"


class State(StrEnum):
    """Where a change stands in its life.

    INTENDED: on disk before its POST. ANSWERED: the POST was answered. SEEN: on a title, which is owed something.
    SETTLED: on a title that has what it should have. CLOSED: it never arrived, or what it wrote is the person's now.
    TAKEN: taken back, and seen to be.
    """

    INTENDED = "intended"
    ANSWERED = "answered"
    SEEN = "seen"
    SETTLED = "settled"
    CLOSED = "closed"
    TAKEN = "taken"


class Evidence(StrEnum):
    """How a change was found on its title, the surest first."""

    ID = "id"
    ASKED = "asked"
    NAME = "name"
    MOMENT = "moment"
    SET = "set"
    ONLY = "only"


@value
class Question:
    """What Simkl is asked for a row: the identity exactly as it is sent. The same question has the same number."""

    number: int
    kind: Kind
    title: str
    year: int | None
    ids: Ids


@value
class Change:
    """One write: a rating and its date as sent (None, None: a removal), and what became of it.

    `date` is what the row says of its date. `question` is None for a payment. `before` is what stood on the title
    before the first write of this run, None where nothing did; it counts once the change is on a title (`simkl` with
    `evidence`). `seen_at` is its date as it was read back. Times are seconds since the epoch.
    """

    run: int
    batch: int
    n: int
    key: str
    role: Role
    question: Question | None
    sent_simkl: int | None
    rating: int | None
    rated_at: int | None
    date: Date
    posted: int
    answer: Answer | None
    state: State
    simkl: int | None = None
    evidence: Evidence | None = None
    before: tuple[int, int | None] | None = None
    seen_at: int | None = None
    listed: bool | None = None

    @property
    def order(self) -> int:
        """Its number in sending order, over all runs."""
        return (self.run << _BATCH_BITS | self.batch) << _N_BITS | self.n

    @property
    def written(self) -> bool:
        """Whether the service may have carried it out."""
        return self.answer is not Answer.REFUSED and self.answer is not Answer.NOT_FOUND

    def placed(self, simkl: int, evidence: Evidence) -> Change:
        """Return the same change on a title."""
        return self._with(self.state, simkl, evidence, self.before, self.seen_at)

    def judged(self, state: State, before: tuple[int, int | None] | None, seen_at: int | None) -> Change:
        """Return the same change as a reading judges it: what its title had before, and its date there."""
        return self._with(state, self.simkl, self.evidence, before, seen_at)

    def _with(
        self, state: State, simkl: int | None, evidence: Evidence | None, before: tuple[int, int | None] | None,
        seen_at: int | None,
    ) -> Change:  # fmt: skip
        # Field by field: `replace` costs several times as much, and a large run makes two copies for each of its rows.
        return Change(
            run=self.run,
            batch=self.batch,
            n=self.n,
            key=self.key,
            role=self.role,
            question=self.question,
            sent_simkl=self.sent_simkl,
            rating=self.rating,
            rated_at=self.rated_at,
            date=self.date,
            posted=self.posted,
            answer=self.answer,
            state=state,
            simkl=simkl,
            evidence=evidence,
            before=before,
            seen_at=seen_at,
            listed=self.listed,
        )


def place_of(order: int) -> tuple[int, int, int]:
    """The run, the batch and the place in it of a number in sending order."""
    return order >> _BATCH_BITS + _N_BITS, order >> _N_BITS & (1 << _BATCH_BITS) - 1, order & (1 << _N_BITS) - 1


OPEN = f"'{State.INTENDED.value}', '{State.ANSWERED.value}'"
ON_TITLE = f"'{State.SEEN.value}', '{State.SETTLED.value}'"

_NOT_WRITTEN = f"'{Answer.REFUSED.value}', '{Answer.NOT_FOUND.value}'"

_SELECT = (
    "SELECT c.run, c.batch, c.n, c.key, c.role, c.asked, c.sent_simkl, c.after_rating, c.after_at, b.started, c.answer,"
    " c.state, c.simkl, c.evidence, c.before_rating, c.before_at, c.seen_at, c.listed,"
    " c.dated, i.asked, i.kind, i.title, i.year, i.ids"
    " FROM changes c JOIN batches b USING (run, batch) LEFT JOIN items i ON i.key = c.key"
)
_ORDER = "ORDER BY c.run, c.batch, c.n"
_KINDS = {kind.value: kind for kind in Kind}
_ROLES = {role.value: role for role in Role}
_ANSWERS = {answer.value: answer for answer in Answer}
_STATES = {state.value: state for state in State}
_EVIDENCE = {evidence.value: evidence for evidence in Evidence}
_LISTED = {None: None, 0: False, 1: True}


_OPEN_CHANGE = (
    f"c.run IN (SELECT run FROM runs WHERE unsettled = 1) AND c.role = '{Role.ROW.value}' AND (c.state IN ({OPEN})"
    f" OR c.state = '{State.SEEN.value}' AND c.simkl NOT IN (SELECT simkl FROM owed))"
)


def open_changes(journal: Journal) -> Iterator[Change]:
    """The changes of rows that are not settled, in sending order; also those seen on a title that is owed nothing."""
    return _changes(journal, f"WHERE {_OPEN_CHANGE}")


def open_but_plain(journal: Journal) -> Iterator[Change]:
    """The open changes that were not noted as plain."""
    plain = "SELECT 1 FROM temp.plain p WHERE p.run = c.run AND p.batch = c.batch AND p.n = c.n"
    return _changes(journal, f"WHERE {_OPEN_CHANGE} AND NOT EXISTS ({plain})")


def runs_open(journal: Journal) -> list[int]:
    """The runs that have an open change."""
    return [run for (run,) in journal.rows(f"SELECT DISTINCT c.run FROM changes c WHERE {_OPEN_CHANGE}")]


def titles_with_changes(journal: Journal) -> set[int]:
    """The titles on which a change of ours is known to have been."""
    return {
        simkl
        for (simkl,) in journal.rows(
            "SELECT DISTINCT simkl FROM changes WHERE simkl IS NOT NULL AND evidence IS NOT NULL"
        )
    }


def any_unsettled(journal: Journal) -> bool:
    """Whether any change may still be open. Costs nothing, whatever the size of the file."""
    return journal.row("SELECT 1 FROM runs WHERE unsettled = 1 LIMIT 1") is not None


def changes_on(journal: Journal, titles: Iterable[int]) -> dict[int, list[Change]]:
    """By title, all that we ever wrote there and know to have been there, in sending order."""
    wanted = set(titles)
    found: dict[int, list[Change]] = {}
    if not wanted:
        return found
    few = len(wanted) <= 500
    among = f" AND c.simkl IN ({', '.join(map(str, wanted))})" if few else ""
    for change in _changes(journal, f"WHERE c.simkl IS NOT NULL AND c.evidence IS NOT NULL{among}"):
        if change.simkl in wanted:
            found.setdefault(change.simkl, []).append(change)
    return found


def titles_cleared(journal: Journal, titles: Collection[int]) -> dict[int, int]:
    """By title, of those given, when a payment of ours took its rating away last."""
    found = journal.rows(
        "SELECT c.sent_simkl, b.started FROM batches b JOIN changes c USING (run, batch)"
        f" WHERE b.kind = 'remove' AND (c.answer IS NULL OR c.answer NOT IN ({_NOT_WRITTEN})) ORDER BY b.started"
    )
    return {simkl: posted for simkl, posted in found if simkl in titles}


def dates_otherwise(journal: Journal) -> list[tuple[int, int]]:
    """Dates as sent and as they came back otherwise, of some rows that are surely where they were seen."""
    return list(
        journal.rows(
            f"SELECT DISTINCT after_at, seen_at FROM changes WHERE role = '{Role.ROW.value}' AND seen_at <> after_at"
            f" AND evidence IN ('{Evidence.ID.value}', '{Evidence.NAME.value}') LIMIT 20"
        )
    )


def changes_of_run(journal: Journal, run: int) -> Iterator[Change]:
    """All changes of a run in sending order, payments too."""
    return _changes(journal, "WHERE c.run = ?", run)


def undoable_changes(journal: Journal) -> Iterator[Change]:
    """What an undo may take back: the changes of rows that are on a title, in sending order."""
    return _changes(journal, f"WHERE c.role = '{Role.ROW.value}' AND c.state IN ({ON_TITLE})")


def kinds_accepted(journal: Journal, run: int) -> set[Kind]:
    """The kinds of which a run's answers named something as added that is not settled yet."""
    return {
        _KINDS[kind]
        for (kind,) in journal.rows(
            "SELECT DISTINCT i.kind FROM changes c JOIN items i USING (key) WHERE c.run = ?"
            f" AND c.role = '{Role.ROW.value}' AND c.answer = '{Answer.ADDED.value}'"
            f" AND c.state = '{State.ANSWERED.value}'",
            (run,),
        )
        if kind in _KINDS
    }


def open_numbers(journal: Journal) -> Iterator[tuple[Kind, int]]:
    """The titles, by kind and number, to which answered changes that are not settled were sent by their number."""
    for kind, simkl in journal.rows(
        "SELECT DISTINCT i.kind, c.sent_simkl FROM changes c LEFT JOIN items i USING (key)"
        " WHERE c.run IN (SELECT run FROM runs WHERE unsettled = 1)"
        f" AND c.role = '{Role.ROW.value}' AND c.state IN ({OPEN}) AND c.answer IS NOT NULL"
        " AND c.sent_simkl IS NOT NULL"
    ):
        yield _KINDS.get(kind, Kind.MOVIE), simkl


def placed_changes(journal: Journal) -> Iterator[Change]:
    """The changes of rows that are on a title or were taken back from it, in sending order."""
    states = f"{ON_TITLE}, '{State.TAKEN.value}'"
    where = f"WHERE c.role = '{Role.ROW.value}' AND c.simkl IS NOT NULL AND c.state IN ({states})"
    return _changes(journal, where)


def count_open(journal: Journal) -> int:
    """How many changes of rows are not settled."""
    row = journal.row(
        f"SELECT count(*) FROM changes WHERE run IN (SELECT run FROM runs WHERE unsettled = 1) AND state IN ({OPEN})"
        f" AND role = '{Role.ROW.value}'"
    )
    return int(row[0]) if row else 0


def runs_with_changes(journal: Journal) -> list[int]:
    """The imports that sent anything, the newest first."""
    return [
        number
        for (number,) in journal.rows(
            f"SELECT DISTINCT run FROM changes WHERE role = '{Role.ROW.value}' ORDER BY run DESC"
        )
    ]


def _changes(journal: Journal, where: str, *values: int) -> Iterator[Change]:
    asks: dict[int, Question] | None = None
    for row in journal.rows(f"{_SELECT} {where} {_ORDER}", values):
        asked, item_asked = row[5], row[19]
        question: Question | None = None
        if row[4] == Role.ROW:
            if row[21] is not None and asked == item_asked:
                question = Question(asked, _KINDS.get(row[20], Kind.MOVIE), row[21], row[22], ids_value(row[23]))
            else:
                asks = _questions(journal) if asks is None else asks
                question = asks.get(asked) or _last_resort(asked, row)
        yield _change(row, question)


def _last_resort(asked: int | None, row: tuple[Any, ...]) -> Question:
    """A question that nothing tells any more, as in files of earlier versions: what is on record of its key."""
    return Question(asked or 0, _KINDS.get(row[20], Kind.MOVIE), row[21] or "", row[22], ids_value(row[23]))


def _questions(journal: Journal) -> dict[int, Question]:
    return {
        asked: Question(asked, _KINDS.get(kind, Kind.MOVIE), title, year, ids_value(ids))
        for asked, kind, title, year, ids in journal.rows("SELECT asked, kind, title, year, ids FROM asks")
    }


def _change(row: tuple[Any, ...], question: Question | None) -> Change:
    return Change(
        run=row[0],
        batch=row[1],
        n=row[2],
        key=row[3],
        role=_ROLES[row[4]],
        question=question,
        sent_simkl=row[6],
        rating=row[7],
        rated_at=row[8],
        date=said_date(row[8], row[18]),
        posted=row[9],
        answer=_ANSWERS.get(row[10]),
        state=_STATES[row[11]],
        simkl=row[12],
        evidence=_EVIDENCE.get(row[13]),
        before=None if row[14] is None else (row[14], row[15]),
        seen_at=row[16],
        listed=_LISTED[row[17]],
    )


def dated(date: Date) -> str:
    """How exactly a date is known and where it is from, as one text: with the moment sent it is the date again."""
    return f"{date.precision.value} {date.origin.value}"


def said_date(sent: int | None, how: str | None) -> Date:
    """What the row says of the moment that was sent; a day stands at its noon, whatever its rank in that day."""
    moment = sent or 0
    precision, origin = _how(how)
    return Date(moment // DAY * DAY + NOON if precision is Precision.DAY else moment, precision, origin)


# The same in SQL, of a change `c`; SQLite's remainder of a moment before 1970 is negative.
SAID_AT = (
    f"iif(c.dated LIKE '{Precision.DAY.value} %',"
    f" c.after_at - (c.after_at % {DAY} + {DAY}) % {DAY} + {NOON}, c.after_at)"
)
SAID_PRECISION = f"coalesce(substr(c.dated, 1, instr(c.dated, ' ') - 1), '{Precision.SECOND.value}')"
SAID_ORIGIN = f"coalesce(substr(c.dated, instr(c.dated, ' ') + 1), '{Origin.RUN.value}')"


@lru_cache(maxsize=32)
def _how(text: str | None) -> tuple[Precision, Origin]:
    precision, _, origin = (text or "second run").partition(" ")
    return Precision(precision), Origin(origin)
