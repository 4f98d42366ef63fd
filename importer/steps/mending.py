"""Rows that mend: what a person filled in for a key, remembered, and the wrong title given back what it had."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from importer.journal.batches import Change, changes
from importer.journal.items import give, identity_of
from importer.journal.rows import close_rows, wrong_titles
from importer.journal.store import Journal
from importer.model import Item
from importer.plan.sides import Given
from importer.plan.takeback import Standing, take_back
from importer.simkl.account import Account
from importer.steps.reading import Reading
from importer.steps.repair import Repair

FORMAT = "generic"
"""The format whose rows may carry the key of another site's row."""


def gifts(journal: Journal, reading: Reading) -> dict[str, Given]:
    """What this call's rows give for keys of other sites: ids, kind or year that those rows did not have."""
    found: dict[str, Given] = {}
    for source, row in zip(reading.formats(), reading.rows, strict=True):
        if source == FORMAT and isinstance(row, Item) and not row.key.startswith(f"{FORMAT}:"):
            known = identity_of(journal, row.key)
            if known is None:
                continue
            kind, year, ids = known
            new_ids = tuple(pair for pair in row.ids if pair not in ids)
            gift = Given(new_ids, row.kind if row.kind is not kind else None, row.year if row.year != year else None)
            if gift != Given((), None, None):
                found[row.key] = gift
    return found


def remember_gifts(journal: Journal, found: Mapping[str, Given], run: int) -> None:
    """Put gifts on record; the rows they mend are findings no more. Within a transaction."""
    give(journal, found.items())
    close_rows(journal, found, run)


def give_backs(journal: Journal, keys: Iterable[str], account: Account) -> Iterator[Repair]:
    """What must be given back to the titles on which mended rows had landed by mistake."""
    wrong = wrong_titles(journal, keys)
    by_title: dict[tuple[str, int], list[Change]] = {}
    for change in changes(journal) if wrong else ():
        if change.simkl is not None and wrong.get(change.key) == change.simkl:
            by_title.setdefault((change.key, change.simkl), []).append(change)
    for (_, simkl), history in by_title.items():
        theirs = account.by_simkl.get(simkl)
        wish = take_back(history, theirs, force=False)
        if theirs is not None and wish.standing is Standing.TAKE_BACK:
            yield Repair(
                f"simkl:{simkl}",
                simkl,
                theirs.kind,
                theirs.title,
                theirs.year,
                theirs.ids,
                theirs,
                wish.rating,
                wish.rated_at,
            )
