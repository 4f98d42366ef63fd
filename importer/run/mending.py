"""Rows that mend: what a person filled in for a key, remembered, and the wrong title given back what it had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from importer.identity import id_tokens
from importer.journal.asks import keep_questions, wrong_questions
from importer.journal.change import Change
from importer.journal.changes import undoable_changes
from importer.journal.corrections import Mended, give, mended_of, unsent
from importer.journal.owed import Debt, debts
from importer.journal.rows import close_rows
from importer.journal.runs import UNKNOWN, rating_sums, unmark
from importer.journal.store import Journal
from importer.model import AccountRating, Date, Item, Outcome, Precision, Row, value
from importer.plan.sides import Given
from importer.readback.habit import Habit
from importer.readback.leaving import debt_left
from importer.run.reading import Reading
from importer.run.refusal import row_digest
from importer.simkl.account import Account, proof_tokens

FORMAT = "generic"
"""The format whose rows may carry the key of another site's row."""


@value
class Mending:
    """What this call's rows mend: `keys` all that they ever gave something for, `corrections` what is new in them by
    key, `rows` all rows of the call, those of a rejects file with their dates as they were known before.
    """

    keys: frozenset[str]
    corrections: dict[str, Given]
    rows: list[Row]


def mending(journal: Journal, reading: Reading) -> Mending:
    """Tell what this call's rows give for keys of other sites: ids, kind, year or title that those did not have."""
    corrections: dict[str, Given] = {}
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
        correction = _correction(row, known)
        if correction is not None:
            corrections[row.key] = correction
        if correction is not None or known.given is not None:
            keys.add(row.key)
    return Mending(frozenset(keys), corrections, rows)


def _correction(row: Item, known: Mended) -> Given | None:
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
    if earlier is not None and earlier.absent and not (ids or kind or year):
        return None  # nothing was filled in: the title is still not on Simkl
    if earlier is not None:
        ids, kind, year = ids or earlier.ids, kind or earlier.kind, year or earlier.year
    closed = known.asked if rejected else earlier.closed if earlier is not None else None
    return Given(ids=ids, kind=kind, year=year, told=told, closed=closed)


def _as_known(date: Date | None, known: Date | None) -> Date | None:
    """A rejects file shows a date as far as it was known: of that very day it is still the one on record, with its
    precision and its origin."""
    if date is None or known is None or date.day != known.day:
        return date
    if date.precision is Precision.SECOND and known.precision is Precision.SECOND and date.value != known.value:
        return replace(date, origin=known.origin)
    return known


def remember_corrections(journal: Journal, found: Mapping[str, Given], run: int) -> None:
    """Put corrections on record; the rows they mend are findings no more. `run` goes on. Within a transaction."""
    keep_questions(journal, found)
    give(journal, found.items())
    close_rows(journal, found, run)
    unmark(journal, rating_sums(dict.fromkeys(found, UNKNOWN)))


def wrong_title_debts(
    journal: Journal, corrections: Mapping[str, Given], account: Account, habit: Habit | None
) -> tuple[list[Debt], list[Change], list[int]]:
    """Return what mended rows owe to the titles on which they had landed by mistake. `corrections` are what is new in
    this call; what a stopped command had put on record, and no more, joins them.

    Return the debts, the changes that they cover, and the questions that a person accepts after all: by giving that
    very title's id.
    """
    found: list[Debt] = []
    covered: list[Change] = []
    accepted: list[int] = []
    corrections = unsent(journal) | dict(corrections)
    wrong = wrong_questions(journal) if any(one.absent for one in corrections.values()) else {}
    everything = list(undoable_changes(journal)) if corrections else []
    leaving: dict[int, list[Change]] = {}
    by_title: dict[tuple[str, int], list[Change]] = {}
    for change in everything:
        if change.key in corrections and change.simkl is not None:
            by_title.setdefault((change.key, change.simkl), []).append(change)
    for (key, simkl), changes in by_title.items():
        if _names_it(corrections[key], simkl, account.by_simkl.get(simkl)):
            accepted += [change.question.number for change in changes if change.question is not None]
            continue
        if not corrections[key].ids and not corrections[key].absent:
            continue  # a value or a date was mended: the title is the one it was
        if corrections[key].absent and all(wrong.get(one.question.number) != simkl for one in changes if one.question):
            continue  # it was found since, elsewhere than where it was by mistake
        leaving.setdefault(simkl, []).extend(changes)
    owed = debts(journal) if leaving else {}
    for simkl, changes in leaving.items():
        changes.sort(key=lambda change: change.order)
        keys = {change.key for change in changes}
        others = [change for change in everything if change.simkl == simkl and change.key not in keys]
        debt = debt_left(changes, others, account.by_simkl.get(simkl), owed.get(simkl), habit)
        if debt is not None:
            found.append(debt)
            covered += [change for change in changes if debt.since <= change.order <= debt.upto]
    return found, covered, accepted


def _names_it(correction: Given, simkl: int, theirs: AccountRating | None) -> bool:
    if ("simkl", str(simkl)) in correction.ids:
        return True
    return theirs is not None and bool(set(id_tokens(theirs.kind, correction.ids)) & proof_tokens(theirs))
