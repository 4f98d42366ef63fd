"""The rows of the last runs, each with its outcome: what reports are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from importer.journal.store import Journal
from importer.journal.values import ids_text, ids_value
from importer.model import Kind, Note, Origin, Outcome, Reason
from importer.record import Match, Record

RUNS_KEPT = 5
"""Runs whose every row is kept; of older ones only rows that were sent or went wrong are."""

PROBLEMS = (Outcome.REJECTED, Outcome.NOT_FOUND, Outcome.FAILED, Outcome.UNCONFIRMED)

_COLUMNS = (
    "source, file, line, key, kind, title, year, ids, source_rating, rating, rated_at, date_from, outcome, reason,"
    " note, simkl_status, prior_rating, prior_rated_at, matched_simkl, matched_title, matched_year, batch, fresh"
)
_KINDS = {kind.value: kind for kind in Kind}
_ORIGINS = {origin.value: origin for origin in Origin}
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}
_REASONS = {reason.value: reason for reason in Reason}
_NOTES = {note.value: note for note in Note}


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the row at a place: `status` is the list status that Simkl answered, `prior` the rating that
    stood on the title it was read back on, with its date.
    """

    place: int
    outcome: Outcome
    reason: Reason | None = None
    note: Note | None = None
    status: str | None = None
    batch: int | None = None
    matched: Match | None = None
    fresh: bool = False
    prior: tuple[int | None, int | None] = (None, None)


def write_rows(journal: Journal, run: int, records: Iterable[tuple[int, Record]]) -> None:
    """Replace all rows of a run, each with its number in input order; their places are those of the order given.

    Within a transaction.
    """
    journal.write("DELETE FROM rows WHERE run = ?", (run,))
    journal.write_all(
        f"INSERT INTO rows (run, place, n, {_COLUMNS}) VALUES ({', '.join('?' * 26)})",
        ((run, place, n, *_columns(record)) for place, (n, record) in enumerate(records)),
    )


def read_rows(journal: Journal, run: int) -> Iterator[Record]:
    """The rows of a run in input order."""
    for row in journal.rows(f"SELECT {_COLUMNS} FROM rows WHERE run = ? ORDER BY n", (run,)):
        yield _record(row)


def problem_rows(journal: Journal, run: int) -> Iterator[Record]:
    """The rows of a run that need a person, in input order."""
    outcomes = ", ".join(f"'{outcome.value}'" for outcome in PROBLEMS)
    for row in journal.rows(
        f"SELECT {_COLUMNS} FROM rows WHERE run = ? AND (outcome IN ({outcomes}) OR note = 'other_title') ORDER BY n",
        (run,),
    ):
        yield _record(row)


def sent_rows(journal: Journal, run: int, outcomes: Iterable[Outcome]) -> Iterator[Record]:
    """The rows of a run that were sent, were read back on a title, and ended in one of these outcomes."""
    names = ", ".join(f"'{outcome.value}'" for outcome in outcomes)
    for row in journal.rows(
        f"SELECT {_COLUMNS} FROM rows WHERE run = ? AND batch IS NOT NULL AND matched_simkl IS NOT NULL"
        f" AND outcome IN ({names}) ORDER BY n",
        (run,),
    ):
        yield _record(row)


def tried_rows(journal: Journal, run: int) -> dict[int, Record]:
    """The rows of a run that were sent or looked for and are no more pending, by their number."""
    return {
        row[0]: _record(row[1:])
        for row in journal.rows(
            f"SELECT n, {_COLUMNS} FROM rows WHERE run = ? AND batch IS NOT NULL AND outcome <> 'pending'", (run,)
        )
    }


def fresh_rejects(journal: Journal, run: int) -> frozenset[int]:
    """The rejected rows of a run that the run before did not have, by their number."""
    found = journal.rows("SELECT n FROM rows WHERE run = ? AND outcome = 'rejected' AND fresh = 1", (run,))
    return frozenset(n for (n,) in found)


def answer_rows(journal: Journal, run: int, results: Iterable[Result]) -> None:
    """Record what a batch's answer says of its rows. Within a transaction."""
    journal.write_all(
        "UPDATE rows SET outcome = ?, simkl_status = ?, batch = ?, fresh = ? WHERE run = ? AND place = ?",
        ((r.outcome.value, r.status, r.batch, int(r.fresh), run, r.place) for r in results),
    )


def settle_rows(journal: Journal, run: int, results: Iterable[Result]) -> None:
    """Record what reading back says of rows; what the answer said of them stays. Within a transaction."""
    journal.write_all(
        "UPDATE rows SET outcome = ?, reason = ?, note = ?, matched_simkl = ?, matched_title = ?, matched_year = ?,"
        " batch = coalesce(batch, ?), fresh = ?, prior_rating = coalesce(?, prior_rating),"
        " prior_rated_at = coalesce(?, prior_rated_at)"
        " WHERE run = ? AND place = ?",
        (
            (
                r.outcome.value, r.reason and r.reason.value, r.note and r.note.value,
                *_match_columns(r.matched), r.batch, int(r.fresh), *r.prior, run, r.place,
            )
            for r in results
        ),
    )  # fmt: skip


def close_rows(journal: Journal, keys: Iterable[str], but_run: int) -> None:
    """A mended row closes the one it mends: that one is no finding of its older run any more. Within a transaction."""
    journal.write_all("UPDATE rows SET fresh = 0 WHERE key = ? AND run <> ?", ((key, but_run) for key in keys))


def wrong_titles(journal: Journal, keys: Iterable[str]) -> dict[str, int]:
    """For those keys whose rating last landed on another title, that title's simkl id."""
    found: dict[str, int] = {}
    for key in keys:
        row = journal.row(
            "SELECT note, matched_simkl FROM rows WHERE key = ? AND batch IS NOT NULL ORDER BY run DESC LIMIT 1", (key,)
        )
        if row is not None and row[0] == Note.OTHER_TITLE.value and row[1] is not None:
            found[key] = row[1]
    return found


def not_taken(journal: Journal, run: int) -> set[str]:
    """The keys of a run that the service did not take, by its own answer."""
    return _keys_at(journal, run, Outcome.NOT_FOUND) | _keys_at(journal, run, Outcome.FAILED)


def unconfirmed(journal: Journal, run: int) -> set[str]:
    """The keys of a run that nobody knows the outcome of."""
    return _keys_at(journal, run, Outcome.UNCONFIRMED)


def _keys_at(journal: Journal, run: int, outcome: Outcome) -> set[str]:
    found = journal.rows(
        "SELECT key FROM rows WHERE run = ? AND outcome = ? AND batch IS NOT NULL", (run, outcome.value)
    )
    return {key for (key,) in found}


def prune_rows(journal: Journal) -> None:
    """Keep whole the newest runs alone. Within a transaction."""
    journal.write(
        "DELETE FROM rows WHERE run NOT IN (SELECT DISTINCT run FROM rows ORDER BY run DESC LIMIT ?)"
        " AND outcome IN ('skipped', 'duplicate', 'unchanged', 'kept', 'pending')",
        (RUNS_KEPT,),
    )


def count_rows(journal: Journal, run: int) -> dict[tuple[str, str | None, str | None], int]:
    """How many rows of a run have which outcome, reason and note."""
    return {
        (outcome, reason, note): count
        for outcome, reason, note, count in journal.rows(
            "SELECT outcome, reason, note, count(*) FROM rows WHERE run = ? GROUP BY outcome, reason, note", (run,)
        )
    }


def any_fresh(journal: Journal, run: int) -> bool:
    """Whether a run found something that the one before did not have."""
    return journal.row("SELECT 1 FROM rows WHERE run = ? AND fresh = 1 LIMIT 1", (run,)) is not None


def _columns(r: Record) -> tuple[Any, ...]:
    return (
        r.source, r.file, r.line, r.key, r.kind and r.kind.value, r.title, r.year, ids_text(r.ids), r.source_rating,
        r.rating, r.rated_at, r.date_from and r.date_from.value, r.outcome.value, r.reason and r.reason.value,
        r.note and r.note.value, r.simkl_status, r.prior_rating, r.prior_rated_at, *_match_columns(r.matched), r.batch,
        int(r.fresh),
    )  # fmt: skip


def _match_columns(match: Match | None) -> tuple[int | None, str | None, int | None]:
    return (None, None, None) if match is None else (match.simkl, match.title, match.year)


def _record(row: tuple[Any, ...]) -> Record:
    match = None if row[18] is None else Match(row[19], row[20], row[18])
    values: tuple[Any, ...] = (
        *row[:4], _KINDS.get(row[4]), row[5], row[6], ids_value(row[7]), *row[8:11], _ORIGINS.get(row[11]),
        _OUTCOMES[row[12]], _REASONS.get(row[13]), _NOTES.get(row[14]), *row[15:18], match, row[21], bool(row[22]),
    )  # fmt: skip
    return Record(*values)
