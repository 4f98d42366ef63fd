"""What searches for open rows found, kept for some days, so that the next call goes on with the rows that are left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import orjson

from importer.journal.store import Journal
from importer.model import value

LASTS = 7 * 86_400
"""Seconds for which a suggestion holds: as long as a title that was not found is not asked for again."""

_NAME = "suggested"


@value
class Found:
    """What a search found for a row: a title that is good enough, or None as `simkl`.

    `asked` is the number of what the row said then, `at` when that was, in seconds since the epoch.
    """

    asked: int
    at: int
    simkl: int | None = None
    title: str = ""
    year: int | None = None
    address: str = ""


def found_before(journal: Journal, now: float) -> dict[str, Found]:
    """Return what was found for each key and still holds."""
    row = journal.row("SELECT value FROM meta WHERE name = ?", (_NAME,))
    kept = {key: _found(*told) for key, told in orjson.loads(row[0]).items()} if row is not None else {}
    return {key: found for key, found in kept.items() if now - LASTS < found.at <= now}


def _found(asked: int, at: int, simkl: int | None, title: str, year: int | None, address: str) -> Found:
    """Return what a list on disk tells, in the order in which `keep_found` writes it."""
    return Found(asked=asked, at=at, simkl=simkl, title=title, year=year, address=address)


def keep_found(journal: Journal, found: Mapping[str, Found], open_keys: Iterable[str], now: float) -> None:
    """Remember what was found, and forget what no open row needs. Within a transaction."""
    kept = {**found_before(journal, now), **found}
    told = {
        key: (one.asked, one.at, one.simkl, one.title, one.year, one.address)
        for key in open_keys
        if (one := kept.get(key)) is not None
    }
    journal.write("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_NAME, orjson.dumps(told).decode()))
