"""What is remembered of every key: the base of the next re-import, its last outcome, and when it is due again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import orjson

from importer.journal.change import Answer, Role
from importer.journal.store import Journal
from importer.journal.values import date_columns, date_value, ids_text
from importer.model import Ids, Item, Outcome
from importer.plan.sides import Base, Kept, Remembered
from importer.plan.title import Title

_ASKED_AGAIN = f"'{Outcome.NOT_FOUND.value}', '{Outcome.UNCONFIRMED.value}'"


def remembered(journal: Journal) -> dict[str, Remembered]:
    """All keys with what the next run must know of them."""
    return {
        row[0]: Remembered(
            base=_base(row[1:7]),
            simkl=row[7],
            outcome=Outcome(row[8]),
            reason=row[9],
            due=row[10],
            asked=row[11],
            wanted_rating=row[12],
            wanted=date_value(row[13], row[14], row[15]),
            kept=_kept(row[16]),
        )
        for row in journal.rows(
            "SELECT key, said_rating, said_at, said_precision, said_origin, account_rating, account_at, simkl, outcome,"
            " reason, due, asked, rating, rated_at, precision, origin, kept FROM items"
        )
    }


def known_bases(journal: Journal) -> Iterator[tuple[str, int | None, int | None, Base]]:
    """The keys that were ever settled: each with its title, the question that led there, and its base."""
    for key, simkl, asked, *base in journal.rows(
        "SELECT key, simkl, asked, said_rating, said_at, said_precision, said_origin, account_rating, account_at"
        " FROM items WHERE said_rating IS NOT NULL"
    ):
        found = _base(tuple(base))
        if found is not None:
            yield key, simkl, asked, found


def kept_otherwise(journal: Journal, on_conflict: str, *, redate: bool) -> Iterator[str]:
    """The keys of which a reading kept something by the options of a run that had others than these."""
    last: dict[str, tuple[str, bool]] = {}
    for key, policy, redated in journal.rows(
        "SELECT c.key, coalesce(r.on_conflict, ?), r.redate FROM changes c JOIN runs r USING (run)"
        f" WHERE c.role = '{Role.ROW.value}' AND c.key IN (SELECT key FROM items WHERE kept IS NOT NULL)"
        " ORDER BY c.run, c.batch, c.n",
        (on_conflict,),
    ):
        last[key] = policy, bool(redated)
    return (key for key, options in last.items() if options != (on_conflict, redate))


def questions_on_record(journal: Journal) -> Iterator[tuple[int, int]]:
    """The question that each key asked last, and the title that it led to."""
    yield from journal.rows("SELECT asked, simkl FROM items WHERE asked IS NOT NULL AND simkl IS NOT NULL")


def keys_on_titles(journal: Journal, titles: Collection[int]) -> Iterator[str]:
    """The keys that lie on one of these titles."""
    wanted = set(titles)
    for key, simkl in journal.rows("SELECT key, simkl FROM items WHERE simkl IS NOT NULL"):
        if simkl in wanted:
            yield key


def outcomes_of(journal: Journal, keys: Collection[str]) -> dict[str, Outcome]:
    """What became of these keys last."""
    if len(keys) > 500:
        return {key: Outcome(text) for key, text in journal.rows("SELECT key, outcome FROM items") if key in keys}
    found: dict[str, Outcome] = {}
    for key in keys:
        row = journal.row("SELECT outcome FROM items WHERE key = ?", (key,))
        if row is not None:
            found[key] = Outcome(row[0])
    return found


def want(journal: Journal, titles: Iterable[Title]) -> None:
    """Write titles as they are to be sent: nothing is known of them yet, save the base and the title that the same
    question led to before. Within a transaction.
    """
    journal.insert_all(
        "INSERT INTO items (key, kind, title, year, ids, rating, rated_at, precision, origin, asked, outcome)",
        f"?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '{Outcome.PENDING.value}'",
        (
            (
                one.item.key,
                one.item.kind and str(one.item.kind),
                one.item.title,
                one.item.year,
                ids_text(one.ids),
                one.rating,
                *date_columns(one.sent_date),
                one.asked,
            )
            for one in titles
        ),
        "ON CONFLICT (key) DO UPDATE SET kind = excluded.kind, title = excluded.title, year = excluded.year,"
        " ids = excluded.ids, simkl = iif(asked IS excluded.asked, simkl, NULL), rating = excluded.rating,"
        " rated_at = excluded.rated_at, precision = excluded.precision, origin = excluded.origin,"
        " outcome = excluded.outcome, reason = NULL, due = NULL, asked = excluded.asked",
    )


def remember(journal: Journal, known: Iterable[tuple[Item, Ids, Remembered]]) -> None:
    """Write rows by their keys, with the ids of their titles and what is to be known of them from now on: due for
    nothing yet, and kept by no reading. A base that is None leaves the one on record. Within a transaction.
    """
    journal.write_all(
        "INSERT INTO items VALUES (?, ?, ?, ?, ?, NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, NULL) "
        "ON CONFLICT (key) DO UPDATE SET kind = excluded.kind, title = excluded.title, year = excluded.year,"
        " ids = excluded.ids, simkl = coalesce(excluded.simkl, iif(asked IS excluded.asked, simkl, NULL)),"
        " rating = excluded.rating, rated_at = excluded.rated_at,"
        " precision = excluded.precision, origin = excluded.origin,"
        " said_rating = coalesce(excluded.said_rating, said_rating),"
        " said_at = iif(excluded.said_rating IS NULL, said_at, excluded.said_at),"
        " said_precision = iif(excluded.said_rating IS NULL, said_precision, excluded.said_precision),"
        " said_origin = iif(excluded.said_rating IS NULL, said_origin, excluded.said_origin),"
        " account_rating = iif(excluded.said_rating IS NULL, account_rating, excluded.account_rating),"
        " account_at = iif(excluded.said_rating IS NULL, account_at, excluded.account_at),"
        " outcome = excluded.outcome, reason = excluded.reason, due = excluded.due, asked = excluded.asked",
        (_columns(item, ids, one) for item, ids, one in known),
    )


def conclude(journal: Journal, run: int, batch: int, said: Iterable[tuple[Answer, Outcome, int | None]]) -> None:
    """Record what a batch's answer says of the keys of its members: by what it said, their outcome, and when they are
    due again. Within a transaction.
    """
    # Joined: for `key IN (…)` SQLite would sort the members' keys first, which costs a fifth more.
    journal.write_all(
        "UPDATE items SET outcome = ?, reason = NULL, due = ? FROM changes c"
        " WHERE c.run = ? AND c.batch = ? AND c.answer = ? AND items.key = c.key",
        ((outcome.value, due, run, batch, answer.value) for answer, outcome, due in said),
    )


def forget_bases(journal: Journal, keys: Iterable[str]) -> None:
    """Forget when these keys were settled, so that the next run would send them again. Within a transaction."""
    journal.write_all(
        "UPDATE items SET said_rating = NULL, said_at = NULL, said_precision = NULL, said_origin = NULL,"
        f" account_rating = NULL, account_at = NULL, outcome = '{Outcome.PENDING.value}', due = NULL, kept = NULL"
        " WHERE key = ?",
        ((key,) for key in keys),
    )


def outcomes(journal: Journal) -> dict[str, int]:
    """How many keys stand at which outcome."""
    return dict(journal.rows("SELECT outcome, count(*) FROM items GROUP BY outcome"))


def next_due(journal: Journal, run: int) -> int | None:
    """When the first of a run's rows that Simkl did not take is to be asked about again, seconds since the epoch."""
    row = journal.row(
        f"SELECT min(due) FROM items WHERE outcome IN ({_ASKED_AGAIN}) AND key IN"
        f" (SELECT key FROM rows WHERE run = ? AND outcome IN ({_ASKED_AGAIN}))",
        (run,),
    )
    return None if row is None else row[0]


def keys_of_sites(journal: Journal, sites: Iterable[str]) -> Iterator[str]:
    """All keys that the given sites' exports ever gave and that were sent, or needed not be."""
    for site in sites:
        for (key,) in journal.rows(
            f"SELECT key FROM items WHERE key >= ? AND key < ? AND outcome <> '{Outcome.REJECTED.value}'"
            f" AND (outcome <> '{Outcome.PENDING.value}' OR said_rating IS NOT NULL"
            " OR key IN (SELECT key FROM changes))",
            (f"{site}:", f"{site};"),
        ):
            yield key


def _columns(item: Item, ids: Ids, one: Remembered) -> tuple[Any, ...]:
    return (
        item.key,
        item.kind and str(item.kind),
        item.title,
        item.year,
        ids_text(ids),
        one.simkl,
        one.wanted_rating,
        *date_columns(one.wanted),
        *_base_columns(one.base),
        str(one.outcome),
        one.reason,
        one.asked,
    )


def _base_columns(base: Base | None) -> tuple[Any, ...]:
    if base is None:
        return (None,) * 6
    return (base.said_rating, *date_columns(base.said_date), base.account_rating, base.account_rated_at)


def _base(row: tuple[Any, ...]) -> Base | None:
    said, said_at, precision, origin, account, account_at = row
    return None if said is None else Base(said, date_value(said_at, precision, origin), account, account_at)


def _kept(text: str | None) -> Kept | None:
    if text is None:
        return None
    simkl, rating, rated_at, row_rating, row_rated_at = orjson.loads(text)
    return Kept(simkl, None if rating is None else (rating, rated_at), row_rating, row_rated_at)
