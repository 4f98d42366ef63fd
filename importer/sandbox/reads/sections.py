"""Rows by type, as every read of the library answers them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from importer.sandbox.account import Account
from importer.sandbox.answers import Answer, ok
from importer.sandbox.catalog import Catalog
from importer.sandbox.dials import Dials
from importer.sandbox.reads.rows import TYPES, Row
from importer.sandbox.schedule import Play
from importer.sandbox.shelf import Shelf
from importer.sandbox.titles import Kind, Title

_EMPTY = {"empty-null": b"null", "empty-list": b"[]"}


class UnreadableDateError(ValueError):
    """A `date_from` that is no moment."""


def moment_of(date_from: str) -> int:
    """Return a `date_from` in seconds since the epoch; raise UnreadableDateError where it is none."""
    try:
        moment = datetime.fromisoformat(date_from)
    except ValueError:
        raise UnreadableDateError(f"date_from {date_from!r} is no date") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def since(moved: int | None, moment: int | None, play: Play) -> bool:
    """Return whether what moved at a second belongs to a delta from `moment` (None: no delta, everything does)."""
    if moment is None:
        return True
    if moved is None:
        return False
    return moved >= moment if "delta-inclusive" in play else moved > moment


def shelf_of(account: Account, play: Play, dials: Dials, *, delta: bool) -> Shelf:
    """Return what a read shows of an account: what it holds, or held some seconds ago."""
    late = not play.isdisjoint({"lagging-reads", "lagging-ratings"}) or (delta and "lagging-delta" in play)
    return account.as_of(account.clock() - dials.lag if late else account.clock() + 1)


def kinds_of(word: str | None) -> frozenset[Kind]:
    """Return the kinds that a type word asks for; one that the service does not know asks for all, silently."""
    return frozenset(TYPES.values()) if word is None or word not in TYPES else frozenset({TYPES[word]})


def answered(
    catalog: Catalog,
    kinds: frozenset[Kind],
    numbers: Iterable[int],
    row: Callable[[Title], Row | None],
    play: Play,
) -> Answer:
    """Answer the rows of these titles by type; types without a row are left out."""
    names = {kind: name for name, kind in TYPES.items() if kind in kinds}
    body: dict[str, list[Row]] = {name: [] for name in names.values()}
    for number in numbers:
        title = catalog.titles[number]
        if title.kind in names and (made := row(title)) is not None:
            body[names[title.kind]].append(made)
    if any(body.values()) or "empty-lists" in play:
        return ok({name: rows for name, rows in body.items() if rows or "empty-lists" in play})
    for fault, empty in _EMPTY.items():
        if fault in play:
            return Answer(200, empty)
    return ok({})
