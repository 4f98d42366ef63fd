"""The open findings of an account, as a person is asked about them: which, in what order, and which are chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from importer.identity import same_title
from importer.journal.asks import accept
from importer.journal.changes import undoable_changes
from importer.journal.corrections import mended_of, skipped_keys
from importer.journal.findings import OpenFinding, clear_note, open_findings
from importer.journal.store import Journal
from importer.model import AccountRating, Item, Kind, Outcome, Reason, Row
from importer.plan.judge import HIGHEST, LOWEST
from importer.plan.names import Names
from importer.plan.question import question_number
from importer.record import Record
from importer.run.mending import FORMAT
from importer.run.refusal import refused


def to_ask(journal: Journal, rows: Sequence[Row] | None) -> list[OpenFinding]:
    """Return what a person has not settled yet, what was put off before last.

    `rows` are those of a rejects file, which narrows this to its keys; None: everything that is open.
    """
    found = [one for one in _narrowed(journal, rows) if one.chosen is None and not _is_closed(one)]
    late = {key: place for place, key in enumerate(skipped_keys(journal), 1)}
    return sorted(found, key=lambda one: late.get(one.record.key, 0))


def to_send(journal: Journal, rows: Sequence[Row] | None) -> list[OpenFinding]:
    """Return what a person has chosen and no run has sent yet, and what they say Simkl lacks whose rating still lies on
    another title. `rows` as in `to_ask`.
    """
    found = _narrowed(journal, rows)
    if any(_is_closed(one) and one.wrong is not None for one in found):
        on = {(change.key, change.simkl) for change in undoable_changes(journal)}
    else:
        on = set()
    return [
        one
        for one in found
        if one.chosen is not None or (_is_closed(one) and one.wrong is not None and (one.record.key, one.wrong) in on)
    ]


def still_open(journal: Journal, finding: OpenFinding) -> OpenFinding | None:
    """Return a finding as it is on record now; None if it is open no more, or its row says something else."""
    key = finding.record.key
    if finding.run is None:
        known = mended_of(journal, key)
        return finding if known is None or known.outcome is Outcome.REJECTED else None
    now = next((one for one in open_findings(journal) if one.record.key == key), None)
    return now if now is not None and identity_of(now.record) == identity_of(finding.record) else None


def identity_of(record: Record) -> int:
    """Return a number for what a row says of its title: a row that changes is asked about again."""
    return question_number(record.kind, record.title, record.year, record.ids)


def wrong_titles(found: Iterable[OpenFinding]) -> list[AccountRating]:
    """Return the titles that rows are on by mistake, to be asked for their other names."""
    titles = {
        one.wrong: AccountRating(
            simkl=one.wrong, kind=one.record.kind or Kind.MOVIE, title="", year=None, ids=(), rating=0, rated_at=None
        )
        for one in found
        if one.wrong is not None
    }
    return list(titles.values())


def false_alarms(found: Iterable[OpenFinding], names: dict[int, Names]) -> list[OpenFinding]:
    """Return the findings whose row names the title it is on after all, by another of that title's names."""
    return [
        one for one in found if one.wrong is not None and one.wrong in names and _is_named(one.record, names[one.wrong])
    ]


def call_off(journal: Journal, alarms: Sequence[OpenFinding]) -> None:
    """Put on record that false alarms are none. Within a transaction."""
    accept(journal, [one.asked for one in alarms if one.asked is not None])
    for one in alarms:
        clear_note(journal, one.record.key)


def _narrowed(journal: Journal, rows: Sequence[Row] | None) -> list[OpenFinding]:
    """Return the open findings of these rows; those whose key no run has told of are asked about as they stand."""
    found = open_findings(journal)
    if rows is None:
        return found
    items = {item.key: item for item in (row if isinstance(row, Item) else row.item for row in rows)}
    told = [one for one in found if one.record.key in items]
    keys = {one.record.key for one in told}
    strange = [_strange(journal, item) for key, item in items.items() if key not in keys and _is_sendable(item)]
    return told + [one for one in strange if one is not None]


def _strange(journal: Journal, item: Item) -> OpenFinding | None:
    """Return a row of a rejects file of which no run has told, also after a person chose a title for it that was not
    sent; None for a row that has its outcome.
    """
    known = mended_of(journal, item.key)
    if known is not None and (known.given is None or known.outcome is not Outcome.REJECTED or known.asked is not None):
        return None
    record = refused(FORMAT, item, (Outcome.REJECTED, Reason.NO_IDENTITY), None)
    return OpenFinding(record, None, None, known.given if known is not None else None)


def _is_closed(finding: OpenFinding) -> bool:
    correction = finding.given
    return correction is not None and correction.absent and correction.told == identity_of(finding.record)


def _is_named(record: Record, names: Names) -> bool:
    return any(same_title(record.title, record.year, name, names.year) for name in names.titles)


def _is_sendable(item: Item) -> bool:
    return item.kind is not None and type(item.rating) is int and LOWEST <= item.rating <= HIGHEST
