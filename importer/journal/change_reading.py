"""A change as it stands on record, with the question that it asked: from a row of a query to a value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from importer.journal.change import (
    Answer,
    Change,
    Evidence,
    Question,
    Role,
    State,
    make_change,
    make_question,
    said_date,
)
from importer.journal.store import Journal
from importer.journal.values import ids_value
from importer.model import Kind

_SELECT = (
    "SELECT c.run, c.batch, c.n, c.key, c.role, c.asked, c.sent_simkl, c.after_rating, c.after_at, b.started, c.answer,"
    " c.state, c.simkl, c.evidence, c.before_rating, c.before_at, c.seen_at, c.listed,"
    " c.dated, i.asked, i.kind, i.title, i.year, i.ids, c.undone"
    " FROM changes c JOIN batches b USING (run, batch) LEFT JOIN items i ON i.key = c.key"
)
_ORDER = "ORDER BY c.run, c.batch, c.n"
KINDS = {kind.value: kind for kind in Kind}
_ROLES = {role.value: role for role in Role}
_ANSWERS = {answer.value: answer for answer in Answer}
_STATES = {state.value: state for state in State}
_EVIDENCE = {evidence.value: evidence for evidence in Evidence}
_LISTED = {None: None, 0: False, 1: True}


def read_changes(journal: Journal, where: str, *values: int) -> Iterator[Change]:
    """Yield the changes `c` that a condition names, in sending order."""
    asks: dict[int, Question] | None = None
    for row in journal.rows(f"{_SELECT} {where} {_ORDER}", values):
        asked, item_asked = row[5], row[19]
        question: Question | None = None
        if row[4] == Role.ROW:
            if row[21] is not None and asked == item_asked:
                question = make_question(
                    number=asked,
                    kind=KINDS.get(row[20], Kind.MOVIE),
                    title=row[21],
                    year=row[22],
                    ids=ids_value(row[23]),
                )
            else:
                asks = _questions(journal) if asks is None else asks
                question = asks.get(asked) or _last_resort(asked, row)
        yield _change(row, question)


def _last_resort(asked: int | None, row: tuple[Any, ...]) -> Question:
    """Return a question that nothing tells any more, as in files of earlier versions: what is on record of its key."""
    return Question(
        number=asked or 0,
        kind=KINDS.get(row[20], Kind.MOVIE),
        title=row[21] or "",
        year=row[22],
        ids=ids_value(row[23]),
    )


def _questions(journal: Journal) -> dict[int, Question]:
    return {
        asked: Question(number=asked, kind=KINDS.get(kind, Kind.MOVIE), title=title, year=year, ids=ids_value(ids))
        for asked, kind, title, year, ids in journal.rows("SELECT asked, kind, title, year, ids FROM asks")
    }


def _change(row: tuple[Any, ...], question: Question | None) -> Change:
    change = make_change(
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
        listed=_LISTED[row[17]],
        undone=row[24],
    )
    simkl, evidence, rating, rated_at, seen_at = row[12:17]
    if simkl is None and evidence is None and rating is None and seen_at is None:
        return change  # as nearly all are that a reading is held against for the first time
    before = None if rating is None else (rating, rated_at)
    return change.found(change.state, simkl, _EVIDENCE.get(evidence), before, seen_at)
