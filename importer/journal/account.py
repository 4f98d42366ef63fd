"""The account as last read, and as it was before each run's first write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import orjson

from importer.journal.change import OPEN, Role
from importer.journal.runs import Opening
from importer.journal.store import Journal
from importer.journal.values import ids_text, ids_value
from importer.model import AccountRating, Ids, Kind, make_rating

OPENING_KEPT = 30 * 86_400
"""Seconds for which the whole opening snapshot of a run is kept of which a change is still to be found."""

_COLUMNS = "simkl, kind, title, year, ids, rating, rated_at"
_KINDS = {kind.value: kind for kind in Kind}


def kept_reading(journal: Journal) -> dict[str, Any] | None:
    """Return how the account was read last, as `keep_reading` was told; None if it never was, or is stale."""
    row = journal.row("SELECT value FROM meta WHERE name = 'reading'")
    return None if row is None else orjson.loads(row[0])


def keep_reading(journal: Journal, document: dict[str, Any]) -> None:
    """Remember how the account was read. Within the transaction that writes what was read."""
    journal.write("INSERT OR REPLACE INTO meta VALUES ('reading', ?)", (orjson.dumps(document).decode(),))


def replace_account(journal: Journal, ratings: Iterable[AccountRating]) -> None:
    """Put the whole account in place of what was read before. Within a transaction."""
    journal.write("DELETE FROM account")
    journal.insert_all("INSERT OR REPLACE INTO account", "?, ?, ?, ?, ?, ?, ?", map(_columns, ratings))


def merge_account(journal: Journal, ratings: Iterable[AccountRating], removed: Iterable[int]) -> None:
    """Put what changed since into what was read before. Within a transaction."""
    journal.write_all("DELETE FROM account WHERE simkl = ?", ((simkl,) for simkl in removed))
    journal.insert_all("INSERT OR REPLACE INTO account", "?, ?, ?, ?, ?, ?, ?", map(_columns, ratings))


def load_account(journal: Journal) -> Iterator[AccountRating]:
    """Return the account's ratings as last read."""
    return map(_theirs, journal.rows(f"SELECT {_COLUMNS} FROM account"))


def stale_account(journal: Journal) -> None:
    """Make the next command read the account again, whatever the stamps say. Within a transaction."""
    journal.write("DELETE FROM meta WHERE name = 'reading'")


def replace_listed(journal: Journal, titles: Iterable[tuple[int, Kind, str, int | None, Ids, str]]) -> None:
    """Put the whole library in place of what was read before: number, kind, title, year, ids, list. Within a
    transaction."""
    journal.write("DELETE FROM listed")
    merge_listed(journal, titles)


def merge_listed(journal: Journal, titles: Iterable[tuple[int, Kind, str, int | None, Ids, str]]) -> None:
    """Put what changed since into it. Within a transaction."""
    journal.insert_all(
        "INSERT OR REPLACE INTO listed",
        "?, ?, ?, ?, ?, ?",
        ((simkl, str(kind), title, year, ids_text(ids), status) for simkl, kind, title, year, ids, status in titles),
    )


def listed_titles(journal: Journal) -> Iterator[AccountRating]:
    """Yield the titles on the account's lists as last read; their rating is 0: they may have none."""
    for simkl, kind, title, year, ids in journal.rows("SELECT simkl, kind, title, year, ids FROM listed"):
        yield AccountRating(
            simkl=simkl, kind=_KINDS[kind], title=title, year=year, ids=ids_value(ids), rating=0, rated_at=None
        )


def listed_numbers(journal: Journal) -> frozenset[int] | None:
    """Return the numbers of the titles on the account's lists as last read; None if the lists were never read."""
    kept = kept_reading(journal)
    if kept is None or kept.get("lists") is None:
        return None
    return frozenset(simkl for (simkl,) in journal.rows("SELECT simkl FROM listed"))


def keep_opening(journal: Journal, run: int, is_ours: Callable[[int, int | None], bool] = lambda *_: False) -> None:
    """Keep the account as last read as the run's opening snapshot. Within a transaction.

    A run that goes on keeps its own one, save what the person has rated or taken away since: `is_ours` tells of a
    rating and its date whether the run itself may have written that.
    """
    if journal.row(f"SELECT 1 FROM runs WHERE run = ? AND opening = '{Opening.NONE.value}'", (run,)) is not None:
        journal.write(f"INSERT INTO opening SELECT ?, {_COLUMNS} FROM account", (run,))
        journal.write(f"UPDATE runs SET opening = '{Opening.WHOLE.value}' WHERE run = ?", (run,))
        return
    changed = journal.rows(
        "SELECT a.simkl, a.rating, a.rated_at FROM account a LEFT JOIN opening o ON o.run = ? AND o.simkl = a.simkl"
        " WHERE o.rating IS NOT a.rating OR o.rated_at IS NOT a.rated_at",
        (run,),
    )
    journal.write("DELETE FROM opening WHERE run = ? AND simkl NOT IN (SELECT simkl FROM account)", (run,))
    journal.write_all(
        f"INSERT OR REPLACE INTO opening SELECT ?, {_COLUMNS} FROM account WHERE simkl = ?",
        [(run, simkl) for simkl, rating, rated_at in changed if not is_ours(rating, rated_at)],
    )


def opening(journal: Journal, run: int) -> Iterator[AccountRating]:
    """Return a run's opening snapshot: the whole of the first run that wrote, the touched titles of the others."""
    return map(_theirs, journal.rows(f"SELECT {_COLUMNS} FROM opening WHERE run = ?", (run,)))


def opening_ratings(journal: Journal, run: int) -> tuple[dict[int, tuple[int, int | None]], bool]:
    """Return a run's opening snapshot as ratings and dates by title, and whether it is whole."""
    ratings = {
        simkl: (rating, rated_at)
        for simkl, rating, rated_at in journal.rows("SELECT simkl, rating, rated_at FROM opening WHERE run = ?", (run,))
    }
    whole = journal.row(f"SELECT 1 FROM runs WHERE run = ? AND opening = '{Opening.WHOLE.value}'", (run,)) is not None
    return ratings, whole


def openings_of(journal: Journal, titles: Iterable[int]) -> dict[int, dict[int, tuple[int, int | None]]]:
    """Return what stood on these titles before each run, by run, as far as it is kept."""
    found: dict[int, dict[int, tuple[int, int | None]]] = {}
    for simkl in titles:
        for run, rating, rated_at in journal.rows(
            "SELECT run, rating, rated_at FROM opening WHERE simkl = ?", (simkl,)
        ):
            found.setdefault(run, {})[simkl] = (rating, rated_at)
    return found


def first_opening(journal: Journal) -> int | None:
    """Return the run whose opening snapshot is the account before anything was ever written."""
    row = journal.row(f"SELECT min(run) FROM runs WHERE opening <> '{Opening.NONE.value}'")
    return None if row is None else row[0]


def trim_openings(journal: Journal, now: int) -> None:
    """Keep the first opening snapshot whole, of later ones the titles that were touched. Within a transaction.

    Runs of which a change is still to be found keep theirs too, for OPENING_KEPT seconds: it is found by it.
    """
    trimmed = (
        f"SELECT run FROM runs WHERE opening = '{Opening.WHOLE.value}' AND run <> ? AND (started < ? OR NOT EXISTS"
        f" (SELECT 1 FROM changes c WHERE c.run = runs.run AND c.role = '{Role.ROW.value}' AND c.state IN ({OPEN})))"
    )
    runs = [run for (run,) in journal.rows(trimmed, (first_opening(journal) or 0, now - OPENING_KEPT))]
    for run in runs:
        journal.write(
            "DELETE FROM opening WHERE run = ? AND NOT EXISTS"
            " (SELECT 1 FROM changes c WHERE c.run = opening.run AND c.simkl = opening.simkl)",
            (run,),
        )
        journal.write(f"UPDATE runs SET opening = '{Opening.TOUCHED.value}' WHERE run = ?", (run,))


def _columns(theirs: AccountRating) -> tuple[Any, ...]:
    return (
        theirs.simkl,
        str(theirs.kind),
        theirs.title,
        theirs.year,
        ids_text(theirs.ids),
        theirs.rating,
        theirs.rated_at,
    )


def _theirs(row: tuple[Any, ...]) -> AccountRating:
    return make_rating(
        simkl=row[0],
        kind=_KINDS[row[1]],
        title=row[2],
        year=row[3],
        ids=ids_value(row[4]),
        rating=row[5],
        rated_at=row[6],
    )
