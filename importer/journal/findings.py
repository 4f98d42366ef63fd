"""What is open for a person to settle: rows that Simkl could not place, whichever run told them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeAlias

from importer.journal.corrections import given
from importer.journal.rows import problem_rows
from importer.journal.runs import UNKNOWN, rating_sums, unmark
from importer.journal.store import Journal
from importer.model import Command, Note, Outcome, Reason, value
from importer.plan.sides import Given
from importer.record import Record, TakenBack

WANTS_A_TITLE = frozenset({Reason.NO_IDENTITY, Reason.NO_YEAR, Reason.AMBIGUOUS_TITLE})
"""Reasons of rejected rows that a title settles; another reason asks for another value."""

_TELLING = ", ".join(
    f"'{outcome.value}'" for outcome in Outcome if outcome not in (Outcome.SKIPPED, Outcome.DUPLICATE, Outcome.PENDING)
)
_STANDS: Mapping[Outcome | TakenBack, frozenset[Outcome]] = {
    Outcome.REJECTED: frozenset({Outcome.REJECTED}),
    Outcome.NOT_FOUND: frozenset({Outcome.NOT_FOUND}),
}
_ON_ANOTHER = frozenset({Outcome.KEPT, Outcome.APPLIED, Outcome.UNCONFIRMED})


@value
class OpenFinding:
    """One row that needs a person, as the newest run that told of it has it.

    `run` is that run, None for a row that no run has told of; `asked` the number of its last question, of a rejected
    row that of what it says; `given` what a person gave for its key; `wrong` the title that it is on by mistake.
    """

    record: Record
    run: int | None
    asked: int | None
    given: Given | None
    wrong: int | None = None

    @property
    def chosen(self) -> Given | None:
        """Return what a person chose for it and was not sent yet."""
        correction = self.given
        return (
            correction
            if correction is not None and correction.ids and not correction.absent and self.asked is None
            else None
        )


def open_findings(journal: Journal) -> list[OpenFinding]:
    """Return all open findings that a title settles, the newest run first, in input order; each key once."""
    newest = dict(
        journal.rows(
            f"SELECT key, max(run) FROM rows WHERE outcome IN ({_TELLING})"
            f" AND run IN (SELECT run FROM runs WHERE command = '{Command.RUN.value}') GROUP BY key"
        )
    )
    known = {
        key: (Outcome(outcome), asked)
        for key, outcome, asked in journal.rows("SELECT key, outcome, asked FROM items")
        if key in newest
    }
    corrections = given(journal)
    wrong = dict(journal.rows("SELECT asked, simkl FROM asks WHERE wrong = 1 AND simkl IS NOT NULL"))
    found: dict[str, OpenFinding] = {}
    for run in sorted(set(newest.values()), reverse=True):
        for record in problem_rows(journal, run):
            outcome, asked = known.get(record.key, (None, None))
            if newest.get(record.key) != run or record.key in found or not _is_open(record, outcome):
                continue
            title = record.matched.simkl if record.matched is not None else wrong.get(asked) if asked else None
            found[record.key] = OpenFinding(
                record=record,
                run=run,
                asked=asked,
                given=corrections.get(record.key),
                wrong=title if record.note is Note.OTHER_TITLE else None,
            )
    return list(found.values())


def _is_open(record: Record, outcome: Outcome | None) -> bool:
    if record.kind is None or record.rating is None:
        return False
    if record.note is Note.OTHER_TITLE:
        return outcome is None or outcome in _ON_ANOTHER
    stands = _STANDS.get(record.outcome)
    if stands is None or (outcome is not None and outcome not in stands):
        return False
    return record.outcome is not Outcome.REJECTED or record.reason in WANTS_A_TITLE


def keys_on_record(journal: Journal, keys: Collection[str]) -> set[str]:
    """Return which of these keys are on record."""
    return {key for key in keys if journal.row("SELECT 1 FROM items WHERE key = ?", (key,)) is not None}


def clear_note(journal: Journal, key: str) -> None:
    """Say of a row that the title it is on is the one it names. Within a transaction."""
    journal.write(f"UPDATE rows SET note = NULL, fresh = 0 WHERE key = ? AND note = '{Note.OTHER_TITLE.value}'", (key,))
    unmark(journal, rating_sums({key: UNKNOWN}))


_Told: TypeAlias = tuple[str, str | None, str | None]
"""The outcome, reason and note of a row."""


@value
class Joined:
    """A mended row that the report of its run does not tell yet: the mending, the run, what each says of it."""

    mended: int
    run: int
    key: str
    before: _Told
    now: _Told


def unjoined(journal: Journal) -> list[Joined]:
    """Return the rows that a mending settled and that the newest run before it, which told of them, still tells as
    open."""
    mendings = f"run IN (SELECT run FROM runs WHERE command = '{Command.MEND.value}')"
    settled = f"{mendings} AND outcome <> '{Outcome.PENDING.value}'"
    mended = journal.rows(f"SELECT key, max(run), outcome, reason, note FROM rows WHERE {settled} GROUP BY key")
    now = {key: (run, (outcome, reason, note)) for key, run, outcome, reason, note in mended}
    if not now:
        return []
    told = journal.rows(
        f"SELECT key, run, outcome, reason, note FROM rows WHERE outcome IN ({_TELLING})"
        f" AND run IN (SELECT run FROM runs WHERE command = '{Command.RUN.value}')"
        f" AND key IN (SELECT key FROM rows WHERE {mendings})"
        " ORDER BY run"
    )
    before = {
        key: (run, (outcome, reason, note))
        for key, run, outcome, reason, note in told
        if key in now and run < now[key][0]
    }
    return [
        Joined(mended=now[key][0], run=run, key=key, before=said, now=now[key][1])
        for key, (run, said) in before.items()
        if said != now[key][1] and (said[0] in _STANDS or said[2] == Note.OTHER_TITLE)
    ]


_JOINED = (
    "kind, year, ids, rating, rated_at, date_from, precision, outcome, reason, note, simkl_status, prior_rating,"
    " prior_rated_at, matched_simkl, matched_title, matched_year, fresh"
)


def join_row(journal: Journal, mended: int, run: int, key: str) -> None:
    """Tell in a run what a later one made of its row. Within a transaction."""
    journal.write(
        f"UPDATE rows SET ({_JOINED}) = (SELECT {_JOINED} FROM rows WHERE run = ? AND key = ?)"
        " WHERE run = ? AND key = ?",
        (mended, key, run, key),
    )
