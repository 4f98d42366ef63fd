"""What people gave for keys, in a rejects file or by choosing: ids, a kind, a year, or that Simkl lacks the title."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from importer.journal.change import ON_TITLE, Role
from importer.journal.runs import UNKNOWN, rating_sums, unmark
from importer.journal.store import Journal
from importer.journal.values import date_value, ids_text, ids_value
from importer.model import Date, Ids, Kind, Outcome, value
from importer.plan.sides import Given

_KINDS = {kind.value: kind for kind in Kind}

NEVER = 253_402_300_799
"""When a title is due that a person says Simkl does not have: the last second of the year 9999."""


def given(journal: Journal) -> dict[str, Given]:
    """Return what people gave, by key."""
    return {
        key: _given(orjson.loads(text))
        for key, text in journal.rows("SELECT key, given FROM items WHERE given IS NOT NULL")
    }


@value
class Mended:
    """What is on record of a key that a rejects file names."""

    kind: Kind | None
    title: str
    year: int | None
    ids: Ids
    date: Date | None
    outcome: Outcome
    asked: int | None
    given: Given | None


def mended_of(journal: Journal, key: str) -> Mended | None:
    """Return what is on record of a key, None where nothing is."""
    row = journal.row(
        "SELECT kind, title, year, ids, rated_at, precision, origin, outcome, asked, given FROM items WHERE key = ?",
        (key,),
    )
    if row is None:
        return None
    correction = _given(orjson.loads(row[9])) if row[9] is not None else None
    date = date_value(row[4], row[5], row[6])
    return Mended(
        kind=_KINDS.get(row[0]),
        title=row[1],
        year=row[2],
        ids=ids_value(row[3]),
        date=date,
        outcome=Outcome(row[7]),
        asked=row[8],
        given=correction,
    )


def unsent(journal: Journal) -> dict[str, Given]:
    """Return what a person gave for keys whose rows lie on a title and that were not asked for since; also that Simkl
    does not have a title.
    """
    found = {
        key: correction
        for key, text, asked in journal.rows("SELECT key, given, asked FROM items WHERE given IS NOT NULL")
        if (correction := _given(orjson.loads(text))).absent or asked is None
    }
    if not found:
        return found
    lying = journal.rows(f"SELECT key FROM changes WHERE role = '{Role.ROW.value}' AND state IN ({ON_TITLE})")
    return {key: found[key] for (key,) in lying if key in found}


def give(journal: Journal, corrections: Iterable[tuple[str, Given]]) -> None:
    """Remember what a person gave; what was found for the key before that counts no more. Within a transaction."""
    journal.write_all(
        "UPDATE items SET given = ?, simkl = NULL, asked = NULL, said_rating = NULL, said_at = NULL,"
        " said_precision = NULL, said_origin = NULL, account_rating = NULL, account_at = NULL"
        " WHERE key = ? AND given IS NOT ?",
        ((text, key, text) for key, correction in corrections for text in (_given_text(correction),)),
    )


def keep_absent(journal: Journal, key: str, correction: Given) -> None:
    """Remember that Simkl does not have a title: just as its row is, it is not asked about again. Within a
    transaction."""
    journal.write("UPDATE items SET given = ?, due = ? WHERE key = ?", (_given_text(correction), NEVER, key))


def take_correction_back(journal: Journal, key: str) -> bool:
    """Forget what a person gave for a key and what came of it, so that its row is judged anew. Return whether there
    was anything. Within a transaction.
    """
    if journal.row("SELECT 1 FROM items WHERE key = ? AND given IS NOT NULL", (key,)) is None:
        return False
    journal.write(
        "UPDATE items SET given = NULL, due = NULL, simkl = NULL, asked = NULL, said_rating = NULL, said_at = NULL,"
        " said_precision = NULL, said_origin = NULL, account_rating = NULL, account_at = NULL WHERE key = ?",
        (key,),
    )
    unmark(journal, rating_sums({key: UNKNOWN}))
    return True


@value
class Remembrance:
    """What a person gave for a key, with the title that its row names."""

    key: str
    title: str
    year: int | None
    given: Given


def remembrances(journal: Journal) -> list[Remembrance]:
    """Everything that people gave, to be shown."""
    return [
        Remembrance(key, title, year, _given(orjson.loads(text)))
        for key, title, year, text in journal.rows(
            "SELECT key, title, year, given FROM items WHERE given IS NOT NULL ORDER BY key"
        )
    ]


def skipped_keys(journal: Journal) -> list[str]:
    """Return the keys that a person put off, in the order in which that was."""
    row = journal.row("SELECT value FROM meta WHERE name = 'skipped'")
    return list(orjson.loads(row[0])) if row is not None else []


def note_skipped(journal: Journal, key: str) -> None:
    """Remember that a person put a key off: the others are asked about first. Within a transaction."""
    keys = [one for one in skipped_keys(journal) if one != key] + [key]
    journal.write("INSERT OR REPLACE INTO meta VALUES ('skipped', ?)", (orjson.dumps(keys).decode(),))


def _given(document: dict[str, Any]) -> Given:
    kind = _KINDS.get(document["kind"])
    return Given(
        ids=ids_value(document["ids"]),
        kind=kind,
        year=document["year"],
        told=document["told"],
        closed=document["closed"],
        absent=document.get("absent", False),
    )


def _given_text(correction: Given) -> str:
    kind = correction.kind and correction.kind.value
    document: dict[str, Any] = {
        "ids": ids_text(correction.ids),
        "kind": kind,
        "year": correction.year,
        "told": correction.told,
        "closed": correction.closed,
    }
    if correction.absent:  # left out elsewhere, so that what earlier versions wrote stays the same text
        document["absent"] = True
    return orjson.dumps(document).decode()
