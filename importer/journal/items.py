"""What is remembered of every key: the base of the next re-import, its last outcome, and when it is due again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from importer.journal.store import Journal
from importer.journal.values import date_columns, date_value, ids_text, ids_value
from importer.model import Date, Ids, Kind, Outcome
from importer.plan.sides import Base, Remembered, Theirs

_KINDS = {kind.value: kind for kind in Kind}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key is looked for on Simkl: by the simkl id it was read back on, by ids, by kind, title and year."""

    simkl: int | None
    kind: Kind
    title: str
    year: int | None
    ids: Ids


@dataclass(frozen=True, slots=True)
class Known:
    """One key as it is to be remembered: due for nothing yet. `base` None leaves the one on record."""

    key: str
    kind: Kind | None
    title: str
    year: int | None
    ids: Ids
    rating: int | None
    date: Date | None
    simkl: int | None
    base: Base | None
    outcome: Outcome
    reason: str | None
    asked: int | None


def remembered(journal: Journal) -> dict[str, Remembered]:
    """All keys with what the next run must know of them."""
    return {
        row[0]: Remembered(
            _base(row[1:7]),
            row[7],
            Outcome(row[8]),
            row[9],
            row[10],
            row[11],
            row[12],
            date_value(row[13], row[14], row[15]),
        )
        for row in journal.rows(
            "SELECT key, said_rating, said_at, said_precision, said_origin, account_rating, account_at, simkl, outcome,"
            " reason, due, asked, rating, rated_at, precision, origin FROM items"
        )
    }


def places_of(journal: Journal, keys: Iterable[str]) -> dict[str, Place]:
    """Where these keys are looked for, as far as they are on record."""
    places: dict[str, Place] = {}
    for key in keys:
        row = journal.row("SELECT simkl, kind, title, year, ids FROM items WHERE key = ?", (key,))
        if row is not None:
            places[key] = Place(row[0], _KINDS.get(row[1], Kind.MOVIE), row[2], row[3], ids_value(row[4]))
    return places


def remember(journal: Journal, known: Iterable[Known]) -> None:
    """Write keys as they stand now; a base that is None leaves the one on record. Within a transaction."""
    journal.write_all(
        "INSERT INTO items VALUES (?, ?, ?, ?, ?, NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?) "
        "ON CONFLICT (key) DO UPDATE SET kind = excluded.kind, title = excluded.title, year = excluded.year,"
        " ids = excluded.ids, simkl = coalesce(excluded.simkl, simkl), rating = excluded.rating,"
        " rated_at = excluded.rated_at, precision = excluded.precision, origin = excluded.origin,"
        " said_rating = coalesce(excluded.said_rating, said_rating),"
        " said_at = iif(excluded.said_rating IS NULL, said_at, excluded.said_at),"
        " said_precision = iif(excluded.said_rating IS NULL, said_precision, excluded.said_precision),"
        " said_origin = iif(excluded.said_rating IS NULL, said_origin, excluded.said_origin),"
        " account_rating = iif(excluded.said_rating IS NULL, account_rating, excluded.account_rating),"
        " account_at = iif(excluded.said_rating IS NULL, account_at, excluded.account_at),"
        " outcome = excluded.outcome, reason = excluded.reason, due = excluded.due, asked = excluded.asked",
        map(_columns, known),
    )


def rebase(journal: Journal, bases: Iterable[tuple[str, Base | None]]) -> None:
    """Put bases back as they were: what the service's answer promised did not come about. Within a transaction."""
    journal.write_all(
        "UPDATE items SET said_rating = ?, said_at = ?, said_precision = ?, said_origin = ?, account_rating = ?,"
        " account_at = ? WHERE key = ?",
        ((*_base_columns(base), key) for key, base in bases),
    )


def apply(journal: Journal, keys: Iterable[str]) -> None:
    """Record that Simkl took what was wanted for these keys: that is their base, until the account is read back.

    What was wanted is in their items since before it was sent. Within a transaction.
    """
    journal.write_all(
        "UPDATE items SET outcome = 'applied', due = NULL, said_rating = rating, said_at = rated_at,"
        " said_precision = precision, said_origin = origin, account_rating = rating, account_at = NULL WHERE key = ?",
        ((key,) for key in keys),
    )


def confirm(journal: Journal, titles: Iterable[tuple[str, Outcome, Theirs]]) -> None:
    """Record that account and row agree on these keys, and what the account says of it. Within a transaction."""
    journal.write_all(
        "UPDATE items SET outcome = ?, reason = NULL, due = NULL, said_rating = rating, said_at = rated_at,"
        " said_precision = precision, said_origin = origin, account_rating = ?, account_at = ?, simkl = ?"
        " WHERE key = ?",
        ((outcome.value, there.rating, there.rated_at, there.simkl, key) for key, outcome, there in titles),
    )


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What became of a key that was sent and not taken. `simkl` None leaves the one on record."""

    key: str
    outcome: Outcome
    reason: str | None
    due: int | None
    simkl: int | None


def conclude(journal: Journal, found: Iterable[Conclusion]) -> None:
    """Record what became of keys; what was wanted for them, and their bases, stay. Within a transaction."""
    journal.write_all(
        "UPDATE items SET outcome = ?, reason = ?, due = ?, simkl = coalesce(?, simkl) WHERE key = ?",
        ((one.outcome.value, one.reason, one.due, one.simkl, one.key) for one in found),
    )


def forget_bases(journal: Journal, keys: Iterable[str]) -> None:
    """Forget when these keys were settled, so that the next run would send them again. Within a transaction."""
    journal.write_all(
        "UPDATE items SET said_rating = NULL, said_at = NULL, said_precision = NULL, said_origin = NULL,"
        " account_rating = NULL, account_at = NULL, outcome = 'pending', due = NULL WHERE key = ?",
        ((key,) for key in keys),
    )


def outcomes(journal: Journal) -> dict[str, int]:
    """How many keys stand at which outcome."""
    return dict(journal.rows("SELECT outcome, count(*) FROM items GROUP BY outcome"))


def next_due(journal: Journal, run: int) -> int | None:
    """When the first of a run's rows that Simkl did not know is to be asked about again, seconds since the epoch."""
    row = journal.row(
        "SELECT min(due) FROM items WHERE outcome = 'not_found' AND key IN"
        " (SELECT key FROM rows WHERE run = ? AND outcome = 'not_found')",
        (run,),
    )
    return None if row is None else row[0]


def keys_of_sites(journal: Journal, sites: Iterable[str]) -> Iterator[str]:
    """All keys that the given sites' exports ever gave and that were sent, or needed not be."""
    for site in sites:
        for (key,) in journal.rows(
            "SELECT key FROM items WHERE key >= ? AND key < ? AND outcome <> 'rejected'"
            " AND (outcome <> 'pending' OR said_rating IS NOT NULL OR key IN (SELECT key FROM changes))",
            (f"{site}:", f"{site};"),
        ):
            yield key


def _columns(known: Known) -> tuple[Any, ...]:
    return (
        known.key, known.kind and known.kind.value, known.title, known.year, ids_text(known.ids), known.simkl,
        known.rating, *date_columns(known.date), *_base_columns(known.base), known.outcome.value, known.reason,
        known.asked,
    )  # fmt: skip


def _base_columns(base: Base | None) -> tuple[Any, ...]:
    if base is None:
        return (None,) * 6
    return (base.said_rating, *date_columns(base.said_date), base.account_rating, base.account_rated_at)


def _base(row: tuple[Any, ...]) -> Base | None:
    said, said_at, precision, origin, account, account_at = row
    return None if said is None else Base(said, date_value(said_at, precision, origin), account, account_at)
