"""What people gave for keys in a rejects file: ids, a kind, a year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from importer.journal.store import Journal
from importer.journal.values import date_value, ids_text, ids_value
from importer.model import Date, Ids, Kind, Outcome
from importer.plan.sides import Given

_KINDS = {kind.value: kind for kind in Kind}


def given(journal: Journal) -> dict[str, Given]:
    """What people gave, by key."""
    return {
        key: _given(orjson.loads(text))
        for key, text in journal.rows("SELECT key, given FROM items WHERE given IS NOT NULL")
    }


@dataclass(frozen=True, slots=True)
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
    """What is on record of a key, None where nothing is."""
    row = journal.row(
        "SELECT kind, title, year, ids, rated_at, precision, origin, outcome, asked, given FROM items WHERE key = ?",
        (key,),
    )
    if row is None:
        return None
    gift = _given(orjson.loads(row[9])) if row[9] is not None else None
    date = date_value(row[4], row[5], row[6])
    return Mended(_KINDS.get(row[0]), row[1], row[2], ids_value(row[3]), date, Outcome(row[7]), row[8], gift)


def give(journal: Journal, gifts: Iterable[tuple[str, Given]]) -> None:
    """Remember what a person gave; what was found for the key before that counts no more. Within a transaction."""
    journal.write_all(
        "UPDATE items SET given = ?, simkl = NULL, asked = NULL, said_rating = NULL, said_at = NULL,"
        " said_precision = NULL, said_origin = NULL, account_rating = NULL, account_at = NULL"
        " WHERE key = ? AND given IS NOT ?",
        ((text, key, text) for key, gift in gifts for text in (_given_text(gift),)),
    )


def _given(document: dict[str, Any]) -> Given:
    kind = _KINDS.get(document["kind"])
    return Given(ids_value(document["ids"]), kind, document["year"], document["told"], document["closed"])


def _given_text(gift: Given) -> str:
    kind = gift.kind and gift.kind.value
    document = {
        "ids": ids_text(gift.ids), "kind": kind, "year": gift.year, "told": gift.told, "closed": gift.closed,
    }  # fmt: skip
    return orjson.dumps(document).decode()
