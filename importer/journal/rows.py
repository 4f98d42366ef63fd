"""The rows of the last runs, each with its outcome: what reports are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from importer.journal.store import Journal
from importer.journal.values import ids_text, ids_value
from importer.model import NEEDS_A_PERSON, AccountRating, Kind, Note, Origin, Outcome, Precision, Reason, value
from importer.record import Match, Record, TakenBack

RUNS_KEPT = 5
"""Runs whose every row is kept; of older ones only rows that were sent or went wrong are."""

_FORGETTABLE = ", ".join(
    f"'{outcome.value}'"
    for outcome in (Outcome.SKIPPED, Outcome.DUPLICATE, Outcome.UNCHANGED, Outcome.KEPT, Outcome.PENDING)
)
_NOTED = f"'{Note.OTHER_TITLE.value}'"

_COLUMNS = (
    "source, file, line, key, kind, title, year, ids, source_rating, rating, rated_at, date_from, precision, said_date,"
    " said_kind, outcome, reason, note, simkl_status, prior_rating, prior_rated_at, matched_simkl, matched_title,"
    " matched_year, batch, fresh"
)
_KINDS = {kind.value: kind for kind in Kind}
_ORIGINS = {origin.value: origin for origin in Origin}
_PRECISIONS = {precision.value: precision for precision in Precision}
_OUTCOMES: dict[str, Outcome | TakenBack] = {
    **{outcome.value: outcome for outcome in Outcome},
    **{outcome.value: outcome for outcome in TakenBack},
}
_REASONS = {reason.value: reason for reason in Reason}
_NOTES = {note.value: note for note in Note}


@value
class RowAnswer:
    """What an answer says of the row at a place: `status` is the list that Simkl named for its title."""

    place: int
    outcome: Outcome
    status: str | None
    fresh: bool


@value
class Result:
    """What reading back says of the row at a place: `prior` is the rating that stood on the title it was found on, with
    its date.
    """

    place: int
    outcome: Outcome
    reason: Reason | None = None
    note: Note | None = None
    batch: int | None = None
    matched: AccountRating | None = None
    fresh: bool = False
    prior: tuple[int | None, int | None] = (None, None)


def write_rows(journal: Journal, run: int, records: Iterable[tuple[int, Record]]) -> None:
    """Replace all rows of a run, each with its number in input order; their places are those of the order given.

    Within a transaction.
    """
    journal.write("DELETE FROM rows WHERE run = ?", (run,))
    journal.write_all(
        f"INSERT INTO rows (run, place, n, {_COLUMNS}) VALUES ({', '.join('?' * 29)})",
        ((run, place, n, *_columns(record)) for place, (n, record) in enumerate(records)),
    )


def read_rows(journal: Journal, run: int) -> Iterator[Record]:
    """The rows of a run in input order."""
    for row in journal.rows(f"SELECT {_COLUMNS} FROM rows WHERE run = ? ORDER BY n", (run,)):
        yield _record(row)


def problem_rows(journal: Journal, run: int) -> Iterator[Record]:
    """The rows of a run that need a person, in input order."""
    outcomes = ", ".join(f"'{outcome.value}'" for outcome in NEEDS_A_PERSON)
    for row in journal.rows(
        f"SELECT {_COLUMNS} FROM rows WHERE run = ? AND (outcome IN ({outcomes}) OR note = {_NOTED}) ORDER BY n",
        (run,),
    ):
        yield _record(row)


def tried_rows(journal: Journal, run: int) -> dict[int, Record]:
    """The rows of a run that were sent and are no more pending, by their number."""
    return {
        row[0]: _record(row[1:])
        for row in journal.rows(
            f"SELECT n, {_COLUMNS} FROM rows WHERE run = ? AND batch IS NOT NULL"
            f" AND outcome <> '{Outcome.PENDING.value}'",
            (run,),
        )
    }


def fresh_rejects(journal: Journal, run: int) -> frozenset[int]:
    """The rejected rows of a run that the run before did not have, by their number."""
    found = journal.rows(
        f"SELECT n FROM rows WHERE run = ? AND outcome = '{Outcome.REJECTED.value}' AND fresh = 1", (run,)
    )
    return frozenset(n for (n,) in found)


def answer_rows(journal: Journal, run: int, batch: int, answers: Sequence[RowAnswer]) -> None:
    """Record what a batch's answer says of its rows: one statement for neighbours of which it says the same.

    Within a transaction.
    """

    def alike(numbered: tuple[int, RowAnswer]) -> tuple[int, Outcome, str | None, bool]:
        n, one = numbered
        return one.place - n, one.outcome, one.status, one.fresh

    for (_, outcome, status, fresh), group in groupby(enumerate(answers), alike):
        places = [one.place for _, one in group]
        journal.write(
            "UPDATE rows SET outcome = ?, simkl_status = ?, batch = ?, fresh = ?"
            " WHERE run = ? AND place BETWEEN ? AND ?",
            (outcome.value, status, batch, int(fresh), run, places[0], places[-1]),
        )


def settle_rows(journal: Journal, run: int, results: Iterable[Result]) -> None:
    """Record what reading back says of rows; what the answer said of them stays. Within a transaction."""
    journal.write_all(
        "UPDATE rows SET outcome = ?, reason = ?, note = ?, matched_simkl = ?, matched_title = ?, matched_year = ?,"
        " batch = coalesce(batch, ?), fresh = iif(outcome = ?, max(fresh, ?), ?),"
        " prior_rating = coalesce(?, prior_rating), prior_rated_at = coalesce(?, prior_rated_at)"
        " WHERE run = ? AND place = ?",
        (
            (
                r.outcome.value, r.reason and r.reason.value, r.note and r.note.value,
                *_match_columns(r.matched), r.batch, r.outcome.value, int(r.fresh), int(r.fresh), *r.prior,
                run, r.place,
            )
            for r in results
        ),
    )  # fmt: skip


def lose_rows(journal: Journal, run: int, keys: Iterable[str]) -> None:
    """Rows of a run that were left as they were lost their title to a row that was sent. Within a transaction."""
    left = f"outcome IN ('{Outcome.UNCHANGED.value}', '{Outcome.KEPT.value}')"
    lost = [(key,) for key in keys]
    duplicate = f"outcome = '{Outcome.DUPLICATE.value}', reason = NULL"
    journal.write_all(f"UPDATE rows SET {duplicate} WHERE key = ? AND run = {run:d} AND {left}", lost)
    journal.write_all(f"UPDATE items SET {duplicate} WHERE key = ? AND {left}", lost)


def doubt_rows(journal: Journal, run: int, keys: Iterable[str]) -> None:
    """Rows of a run that were unchanged had their title overwritten, and what they say is owed to it. Within a
    transaction.
    """
    journal.write_all(
        f"UPDATE rows SET outcome = '{Outcome.UNCONFIRMED.value}' WHERE key = ? AND run = ?"
        f" AND outcome = '{Outcome.UNCHANGED.value}'",
        ((key, run) for key in keys),
    )


def close_rows(journal: Journal, keys: Iterable[str], but_run: int) -> None:
    """A mended row closes the one it mends: that one is no finding of its older run any more. Within a transaction."""
    journal.write_all("UPDATE rows SET fresh = 0 WHERE key = ? AND run <> ?", ((key, but_run) for key in keys))


def places_by_key(journal: Journal, run: int) -> dict[str, int]:
    """Where the row of each key stands that was sent in a run, or is to be."""
    pending = Outcome.PENDING.value
    found = journal.rows(
        f"SELECT key, place FROM rows WHERE run = ? AND (batch IS NOT NULL OR outcome = '{pending}')"
        " ORDER BY batch IS NULL",
        (run,),
    )
    places: dict[str, int] = {}
    for key, place in found:
        places.setdefault(key, place)
    return places


def lists_named(journal: Journal, run: int) -> dict[str, str]:
    """By key, the list that the answer to a run's own POST named for its title."""
    return dict(journal.rows("SELECT key, simkl_status FROM rows WHERE run = ? AND simkl_status IS NOT NULL", (run,)))


def prune_rows(journal: Journal) -> None:
    """Keep whole the newest runs alone. Within a transaction."""
    journal.write(
        "DELETE FROM rows WHERE run NOT IN (SELECT DISTINCT run FROM rows ORDER BY run DESC LIMIT ?)"
        f" AND outcome IN ({_FORGETTABLE}) AND batch IS NULL",
        (RUNS_KEPT,),
    )


def count_rows(journal: Journal, run: int) -> dict[tuple[str, str | None, str | None, str | None], int]:
    """How many rows of a run have which outcome, reason, note and origin of their date."""
    return {
        (outcome, reason, note, origin): count
        for outcome, reason, note, origin, count in journal.rows(
            "SELECT outcome, reason, note, date_from, count(*) FROM rows WHERE run = ?"
            " GROUP BY outcome, reason, note, date_from",
            (run,),
        )
    }


def count_new(journal: Journal, run: int, outcome: Outcome) -> int:
    """How many rows of a run have this outcome and a title that had no rating before."""
    row = journal.row(
        "SELECT count(*) FROM rows WHERE run = ? AND outcome = ? AND prior_rating IS NULL", (run, outcome.value)
    )
    return int(row[0]) if row else 0


def any_fresh(journal: Journal, run: int) -> bool:
    """Whether a run found something that the one before did not have."""
    return journal.row("SELECT 1 FROM rows WHERE run = ? AND fresh = 1 LIMIT 1", (run,)) is not None


def _columns(r: Record) -> tuple[Any, ...]:
    return (
        r.source, r.file, r.line, r.key, r.kind and r.kind.value, r.title, r.year, ids_text(r.ids), r.source_rating,
        r.rating, r.rated_at, r.date_from and r.date_from.value, r.precision and r.precision.value,
        r.said_date or None, r.said_kind or None, r.outcome.value, r.reason and r.reason.value,
        r.note and r.note.value, r.simkl_status, r.prior_rating, r.prior_rated_at, *_match_columns(r.matched), r.batch,
        int(r.fresh),
    )  # fmt: skip


def _match_columns(match: Match | AccountRating | None) -> tuple[int | None, str | None, int | None]:
    return (None, None, None) if match is None else (match.simkl, match.title, match.year)


def _record(row: tuple[Any, ...]) -> Record:
    return Record(
        source=row[0],
        file=row[1],
        line=row[2],
        key=row[3],
        kind=_KINDS.get(row[4]),
        title=row[5],
        year=row[6],
        ids=ids_value(row[7]),
        source_rating=row[8],
        rating=row[9],
        rated_at=row[10],
        date_from=_ORIGINS.get(row[11]),
        precision=_PRECISIONS.get(row[12]),
        said_date=row[13] or "",
        said_kind=row[14] or "",
        outcome=_OUTCOMES[row[15]],
        reason=_REASONS.get(row[16]),
        note=_NOTES.get(row[17]),
        simkl_status=row[18],
        prior_rating=row[19],
        prior_rated_at=row[20],
        matched=None if row[21] is None else Match(row[22], row[23], row[21]),
        batch=row[24],
        fresh=bool(row[25]),
    )
