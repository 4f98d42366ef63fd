"""What titles are still owed: one debt a title, whichever command made it and whichever pays it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from typing import Any

from importer.journal.change import Role
from importer.journal.store import Journal
from importer.journal.trial import count_borrowed
from importer.model import DAY, Kind, value


class Why(StrEnum):
    """What a title is owed. Undo's debt outranks a giving-back, and that outranks a winner.

    GIVE: a rating of the person's that one of ours hides. WINNER: the right one of two rows on one title. UNDO: what
    stood there before the changes that an undo takes back.
    """

    GIVE = "give"
    WINNER = "winner"
    UNDO = "undo"


class DebtState(StrEnum):
    """DUE is paid by the next command that may; STUCK was tried in vain often enough and is only told."""

    DUE = "due"
    STUCK = "stuck"


@value
class Debt:
    """What one title has to get: a rating and its date as it is to be read, None for none.

    `store_at` is the date to send for that: a service that shifts dates must not make them drift; None, where Simkl
    gave none, becomes the time of the payment. `since` and `upto` are the first and the last change that it covers, as
    numbers in sending order. `key` is the winner's. `tries` counts the payments that were answered for this title.
    """

    simkl: int
    kind: Kind
    title: str
    year: int | None
    rating: int | None
    read_at: int | None
    store_at: int | None
    why: Why
    state: DebtState
    key: str
    run: int
    since: int
    upto: int
    tries: int = 0
    tried_at: int | None = None


MOST_TRIES = 5
"""Answered payments after which a debt is stuck."""


def is_due(debt: Debt, now: int) -> bool:
    """Tell whether a debt may be tried by a command that begins at `now`: by the next one, then once a day, until it is
    stuck.
    """
    if debt.state is not DebtState.DUE:
        return False
    return debt.tries <= 1 or debt.tried_at is None or debt.tried_at // DAY < now // DAY


def tried(debt: Debt, now: int) -> Debt:
    """Return a debt whose payment was answered for its title and is not seen: after enough of these it is stuck."""
    tries = debt.tries + 1
    return replace(debt, tries=tries, tried_at=now, state=DebtState.STUCK if tries >= MOST_TRIES else DebtState.DUE)


_COLUMNS = (
    "simkl, kind, title, year, want_rating, want_at, store_at, why, state, key, run, since, upto, tries, tried_at"
)
_KINDS = {kind.value: kind for kind in Kind}


def debts(journal: Journal) -> dict[int, Debt]:
    """Return all debts, by title."""
    return {row[0]: _debt(row) for row in journal.rows(f"SELECT {_COLUMNS} FROM owed ORDER BY simkl")}


def any_due(journal: Journal) -> bool:
    """Tell whether a debt is still to be paid, or something of a live test to be put back."""
    due = journal.row(f"SELECT 1 FROM owed WHERE state = '{DebtState.DUE.value}' LIMIT 1") is not None
    return due or count_borrowed(journal, MOST_TRIES)[0] > 0


def count_debts(journal: Journal) -> tuple[int, int]:
    """Return how many debts are due, and how many are stuck; what a live test has to put back counts too."""
    counts = dict(journal.rows("SELECT state, count(*) FROM owed GROUP BY state"))
    due, stuck = count_borrowed(journal, MOST_TRIES)
    return counts.get(DebtState.DUE.value, 0) + due, counts.get(DebtState.STUCK.value, 0) + stuck


def owe(journal: Journal, found: Iterable[Debt]) -> None:
    """Put debts on record, in place of those of the same titles. Within a transaction."""
    journal.write_all(f"INSERT OR REPLACE INTO owed ({_COLUMNS}) VALUES ({', '.join('?' * 15)})", map(_values, found))


def drop_debts(journal: Journal, titles: Iterable[int]) -> None:
    """Forget what these titles are owed: it is paid, void, or superseded. Within a transaction."""
    journal.write_all("DELETE FROM owed WHERE simkl = ?", ((simkl,) for simkl in titles))


def _values(debt: Debt) -> tuple[Any, ...]:
    return (
        debt.simkl,
        debt.kind.value,
        debt.title,
        debt.year,
        debt.rating,
        debt.read_at,
        debt.store_at,
        debt.why.value,
        debt.state.value,
        debt.key,
        debt.run,
        debt.since,
        debt.upto,
        debt.tries,
        debt.tried_at,
    )


def _debt(row: tuple[Any, ...]) -> Debt:
    return Debt(
        simkl=row[0],
        kind=_KINDS[row[1]],
        title=row[2],
        year=row[3],
        rating=row[4],
        read_at=row[5],
        store_at=row[6],
        why=Why(row[7]),
        state=DebtState(row[8]),
        key=row[9],
        run=row[10],
        since=row[11],
        upto=row[12],
        tries=row[13],
        tried_at=row[14],
    )


def stuck_debts(journal: Journal) -> Iterator[Debt]:
    """Return what could not be given back, to be told of: each with the key of a row that lies there, by which a person
    can name it.
    """
    lying = (
        f"(SELECT c.key FROM changes c WHERE c.simkl = owed.simkl AND c.role = '{Role.ROW.value}'"
        " ORDER BY c.run DESC, c.batch DESC, c.n DESC LIMIT 1)"
    )
    columns = _COLUMNS.replace(" key,", f" coalesce(nullif(key, ''), {lying}, ''),")
    where = f"WHERE state = '{DebtState.STUCK.value}' ORDER BY simkl"
    return map(_debt, journal.rows(f"SELECT {columns} FROM owed {where}"))
