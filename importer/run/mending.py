"""Rows that mend: what a person filled in for a key, remembered, and the wrong title given back what it had."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from importer.journal.batches import Change, changes
from importer.journal.gifts import Mended, give, mended_of
from importer.journal.rows import close_rows, wrong_titles
from importer.journal.runs import UNKNOWN, rating_sums, unmark
from importer.journal.store import Journal
from importer.model import Date, Item, Outcome, Row
from importer.plan.sides import Given
from importer.readback.takeback import Standing, take_back
from importer.run.reading import Reading
from importer.run.refusal import row_digest
from importer.send.repairs import Repair
from importer.simkl.account import Account

FORMAT = "generic"
"""The format whose rows may carry the key of another site's row."""


@dataclass(frozen=True, slots=True)
class Mending:
    """What this call's rows mend: `keys` all that they ever gave something for, `gifts` what is new in them by key,
    `rows` all rows of the call, those of a rejects file with their dates as they were known before.
    """

    keys: frozenset[str]
    gifts: dict[str, Given]
    rows: list[Row]


def mending(journal: Journal, reading: Reading) -> Mending:
    """Tell what this call's rows give for keys of other sites: ids, kind, year or title that those did not have."""
    gifts: dict[str, Given] = {}
    keys: set[str] = set()
    rows: list[Row] = []
    for source, row in zip(reading.formats(), reading.rows, strict=True):
        known = None
        if source == FORMAT and isinstance(row, Item) and not row.key.startswith(f"{FORMAT}:"):
            known = mended_of(journal, row.key)
        if known is None or not isinstance(row, Item):
            rows.append(row)
            continue
        rows.append(replace(row, date=_as_known(row.date, known.date)))
        gift = _gift(row, known)
        if gift is not None:
            gifts[row.key] = gift
        if gift is not None or known.given is not None:
            keys.add(row.key)
    return Mending(frozenset(keys), gifts, rows)


def _gift(row: Item, known: Mended) -> Given | None:
    told = row_digest(row)
    earlier = known.given
    if earlier is not None and earlier.told == told:
        return None
    ids = tuple(pair for pair in row.ids if pair not in known.ids)
    kind = row.kind if row.kind is not known.kind else None
    year = row.year if row.year != known.year else None
    rejected = known.outcome is Outcome.REJECTED
    if not (ids or kind or year or rejected or row.title != known.title):
        return None
    if earlier is not None:
        ids, kind, year = ids or earlier.ids, kind or earlier.kind, year or earlier.year
    closed = known.asked if rejected else earlier.closed if earlier is not None else None
    return Given(ids, kind, year, told, closed)


def _as_known(date: Date | None, known: Date | None) -> Date | None:
    """A rejects file cannot say that a date stands in for another: where it is the one that it was, it still does."""
    if date is None or known is None or known.true or date.day != known.day:
        return date
    return replace(date, origin=known.origin)


def remember_gifts(journal: Journal, found: Mapping[str, Given], run: int) -> None:
    """Put gifts on record; the rows they mend are findings no more. Within a transaction."""
    give(journal, found.items())
    close_rows(journal, found, run)
    unmark(journal, rating_sums(dict.fromkeys(found, UNKNOWN)))


def give_backs(journal: Journal, keys: Iterable[str], account: Account) -> Iterator[Repair]:
    """What must be given back to the titles on which mended rows had landed by mistake."""
    wrong = wrong_titles(journal, keys)
    by_title: dict[tuple[str, int], list[Change]] = {}
    for change in changes(journal) if wrong else ():
        if change.simkl is not None and wrong.get(change.key) == change.simkl and not change.undone:
            by_title.setdefault((change.key, change.simkl), []).append(change)
    for (_, simkl), history in by_title.items():
        theirs = account.by_simkl.get(simkl)
        wish = take_back(history, theirs, force=False)
        if theirs is not None and wish.standing is Standing.TAKE_BACK:
            yield Repair.of(theirs, theirs, wish.rating, wish.rated_at)
