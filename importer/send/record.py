"""A run's own record of its batches: every change before it is sent, every answer after, in the resume file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from importer.journal import paying
from importer.journal.asks import keep_questions
from importer.journal.change import Change, Role, make_change, make_question
from importer.journal.items import conclude, want
from importer.journal.owed import Debt
from importer.journal.rows import answer_rows
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.model import NEEDS_A_PERSON, Origin, Outcome
from importer.plan.sides import Remembered
from importer.plan.title import Title
from importer.send.journal_record import ANSWERS, Answered, JournalRecord
from importer.simkl.wire import Echo, Outgoing

AGAIN = {Outcome.NOT_FOUND: 7 * 86_400, Outcome.UNCONFIRMED: 86_400, Outcome.FAILED: 86_400}
"""Seconds until what Simkl did not take is worth asking about again."""


class RowRecord(JournalRecord):
    """Records an import's batches. `sending` is all that may be sent, each title at the place of its row; `debts` are
    what titles are owed: a row that goes to one of them supersedes that.
    """

    def __init__(
        self,
        journal: Journal,
        run: int,
        clock: Clock,
        sending: Sequence[Title],
        remembered: Mapping[str, Remembered],
        debts: Mapping[int, Debt],
    ) -> None:
        super().__init__(journal, run, clock)
        self._sending = sending
        self._places = {one.key: place for place, one in enumerate(sending)}
        self._remembered = remembered
        self._debts = dict(debts)

    def _intended(self, batch: Sequence[Outgoing], number: int, now: int) -> Sequence[Change]:
        titles = [self._sending[self._places[item.key]] for item in batch]
        known = [title for title in titles if title.key in self._remembered] if self._remembered else []
        keep_questions(self._journal, (title.key for title in known if self._asks_anew(title)))
        want(self._journal, known)
        return [
            _change(item, title, self._run, number, n, now)
            for n, (item, title) in enumerate(zip(batch, titles, strict=True))
        ]

    def _answered(self, answered: Answered) -> None:
        if self._debts:
            self._supersede(answered)
        self._answer_rows(answered.number, answered.batch, answered.told)
        conclude_batch(self._journal, self._run, answered)

    def _answer_rows(self, number: int, batch: Sequence[Outgoing], told: Sequence[Echo]) -> None:
        """Record what an answer says of the members' rows: neighbours of which it says the same go together."""
        first = last = -1
        said: tuple[Outcome, str | None, bool] | None = None
        for item, one in zip(batch, told, strict=True):
            place = self._places[item.key]
            now = one.outcome, one.status, is_fresh(self._remembered.get(item.key), one.outcome)
            if now != said or place != last + 1:
                self._answer_neighbours(number, first, last, said)
                first, said = place, now
            last = place
        self._answer_neighbours(number, first, last, said)

    def _answer_neighbours(
        self, number: int, first: int, last: int, said: tuple[Outcome, str | None, bool] | None
    ) -> None:
        if said is not None:
            outcome, status, fresh = said
            answer_rows(self._journal, self._run, number, first, last, outcome=outcome, status=status, fresh=fresh)

    def _supersede(self, answered: Answered) -> None:
        """Let titles that a row has reached be owed nothing: where it was refused or lost, they still are."""
        found: dict[int, Debt] = {}  # two rows may lie on one title
        for item, one in zip(answered.batch, answered.told, strict=True):
            title = self._sending[self._places[item.key]]
            simkl = title.theirs.simkl if title.theirs is not None else title.simkl
            if simkl in self._debts and one.outcome in (Outcome.APPLIED, Outcome.UNCONFIRMED):
                found[simkl] = self._debts.pop(simkl)
        if found:
            paying.supersede(self._journal, self._run, list(found.values()))

    def _asks_anew(self, title: Title) -> bool:
        past = self._remembered[title.key]
        return past.asked is not None and past.asked != title.asked


def _change(item: Outgoing, title: Title, run: int, batch: int, n: int, now: int) -> Change:
    row = title.item
    return make_change(
        run=run,
        batch=batch,
        n=n,
        key=item.key,
        role=Role.ROW,
        question=make_question(number=title.asked, kind=title.kind, title=row.title, year=row.year, ids=title.ids),
        sent_simkl=next((int(value) for key, value in item.ids if key == "simkl" and value.isdecimal()), None),
        rating=item.rating,
        rated_at=item.rated_at,
        date=title.sent_date,
        posted=now,
    )


def remember_beforehand(journal: Journal, sending: Iterable[Title], remembered: Mapping[str, Remembered]) -> None:
    """Put on record, before anything is sent, the keys that are not yet, and every date that is this run's own.

    What is on record of the others holds until the intent of their batch: they might not be sent. Within a transaction.
    """
    want(journal, (one for one in sending if one.key not in remembered or one.sent_date.origin is Origin.RUN))


def conclude_batch(journal: Journal, run: int, answered: Answered) -> None:
    """Record what became of the keys of a batch. Within a transaction."""
    outcomes = {one.outcome for one in answered.told}
    said = ((ANSWERS[outcome], outcome, due_again(outcome, answered.at)) for outcome in ANSWERS if outcome in outcomes)
    conclude(journal, run, answered.number, said)


def is_fresh(past: Remembered | None, outcome: Outcome) -> bool:
    """Tell whether an outcome is a finding that the run before did not have."""
    return outcome in NEEDS_A_PERSON and (past is None or past.outcome is not outcome)


def due_again(outcome: Outcome, now: int) -> int | None:
    """Return when what ended so is worth asking about again, seconds since the epoch."""
    again = AGAIN.get(outcome)
    return None if again is None else now + again
