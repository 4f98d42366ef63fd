"""A write of ours, with a life of its own: intended, answered, seen on a title, settled, closed or taken back."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from importer.model import DAY, NOON, Date, Ids, Kind, Origin, Precision, maker, value

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


make_question = maker(Question)


@value
class Change:
    """One write: a rating and its date as sent (None, None: a removal), and what became of it.

    `date` is what the row says of its date. `question` is None for a payment. `before` is what stood on the title
    before the first write of this run, None if nothing did; it counts once the change is on a title (`simkl` with
    `evidence`). `seen_at` is its date as it was read back, `undone` the undo that took it back. Times are seconds since
    the epoch.
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
    answer: Answer | None = None
    state: State = State.INTENDED
    simkl: int | None = None
    evidence: Evidence | None = None
    before: tuple[int, int | None] | None = None
    seen_at: int | None = None
    listed: bool | None = None
    undone: int | None = None

    @property
    def order(self) -> int:
        """Return its number in sending order, over all runs."""
        return (self.run << _BATCH_BITS | self.batch) << _N_BITS | self.n

    @property
    def written(self) -> bool:
        """Tell whether the service may have carried it out."""
        return self.answer is not Answer.REFUSED and self.answer is not Answer.NOT_FOUND

    def placed(self, simkl: int, evidence: Evidence) -> Change:
        """Return the same change on a title."""
        return self.found(self.state, simkl, evidence, self.before, self.seen_at)

    def judged(self, state: State, before: tuple[int, int | None] | None, seen_at: int | None) -> Change:
        """Return the same change as a reading judges it: what its title had before, and its date there."""
        return self.found(state, self.simkl, self.evidence, before, seen_at)

    def found(
        self,
        state: State,
        simkl: int | None,
        evidence: Evidence | None,
        before: tuple[int, int | None] | None,
        seen_at: int | None,
    ) -> Change:
        """Return the same change with where it stands in its life, and all that was found of it on the account."""
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
            undone=self.undone,
        )


make_change = maker(Change)


def place_of(order: int) -> tuple[int, int, int]:
    """Return the run, the batch and the place in it of a number in sending order."""
    return order >> _BATCH_BITS + _N_BITS, order >> _N_BITS & (1 << _BATCH_BITS) - 1, order & (1 << _N_BITS) - 1


OPEN = f"'{State.INTENDED.value}', '{State.ANSWERED.value}'"


ON_TITLE = f"'{State.SEEN.value}', '{State.SETTLED.value}'"


def dated(date: Date) -> str:
    """Return how exactly a date is known and where it is from, as a text: with the moment sent it is the date again."""
    return f"{date.precision!s} {date.origin!s}"


def said_date(sent: int | None, how: str | None) -> Date:
    """Return what the row says of the moment that was sent; a day stands at its noon, whatever its rank in that day."""
    moment = sent or 0
    precision, origin = _how(how)
    return Date(moment // DAY * DAY + NOON if precision is Precision.DAY else moment, precision, origin)


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
