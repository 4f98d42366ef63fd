"""Batches whose answer was lost: the account tells what of them arrived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from importer.journal.batches import Change, unanswered
from importer.journal.store import Journal
from importer.model import Kind, Outcome
from importer.plan.resolve import Resolved
from importer.plan.sides import Base, Ours, Remembered
from importer.record import Record
from importer.run.reading import Reading
from importer.simkl.account import Account


def arrived(
    journal: Journal, titles: Sequence[Ours], account: Account, past: dict[str, Remembered]
) -> dict[str, Change]:
    """The changes, by key, that have no answer and that the account has: row and account were settled then.

    Only where nothing became known of a key since it was sent. Puts their bases into `past`.
    """
    unknown = unanswered(journal)
    found: dict[str, Change] = {}
    for ours in titles if unknown else ():
        key = ours.item.key
        change, known = unknown.get(key), past.get(key)
        if change is None or known is None or known.outcome is not Outcome.PENDING:
            continue
        simkl = change.simkl if change.simkl is not None else known.simkl
        theirs = account.find(simkl, ours.item.kind or Kind.MOVIE, ours.ids, ours.item.title, ours.item.year)
        if theirs is None or (theirs.rating, theirs.rated_at) == (change.before_rating, change.before_at):
            continue  # a date to be corrected has the rating beforehand
        if theirs.rating == change.after_rating:
            found[key] = change
            base = Base(theirs.rating, known.wanted, theirs.rating, theirs.rated_at)
            past[key] = replace(known, base=base, simkl=theirs.simkl, outcome=Outcome.APPLIED)
    return found


def carry(reading: Reading, resolved: Sequence[Resolved], found: Mapping[str, Change], run: int) -> dict[int, Record]:
    """The rows of a stopped run that arrived without an answer: that run has done them."""
    formats = list(reading.formats()) if found else []
    rows: dict[int, Record] = {}
    for one in resolved if found else ():
        change, item = found.get(one.ours.item.key), one.ours.item
        if change is None or change.run != run:
            continue
        rows[one.ours.n] = Record(
            formats[one.ours.n], item.file, item.line, item.key, item.kind, item.title, item.year, one.ours.ids,
            item.source_rating, one.ours.rating, change.after_at, one.decision.date.origin, Outcome.APPLIED, None, None,
            None, change.before_rating, change.before_at, None, change.batch, False,
        )  # fmt: skip
    return rows
