"""What a reading makes of rows: where their changes were found, and what became of them.

Every function writes within a transaction that its caller holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from importer.journal.asks import note_led, note_wrong
from importer.journal.change import Change, Question, State
from importer.journal.plain import WasListed
from importer.journal.row_columns import match_columns
from importer.journal.rows import places_by_key
from importer.journal.store import Journal
from importer.journal.values import date_columns
from importer.model import AccountRating, Note, Outcome, Reason, value
from importer.plan.sides import Base, Kept


@value
class Finding:
    """What became of a row: its last change, with the title it is on.

    `there` is that title as read; `prior` what stood there before. `base` is what row and account agree on now, None
    where the one on record stays. `kept` is what a reading decided to keep. `final` tells that the change is closed
    although nobody knows what became of it; `sends` how often it was sent and answered. `owing` tells that its title is
    owed something; `known` that its question was known to lead there. `due` is when it is worth another try; `fresh`
    tells that it is news to a person.
    """

    change: Change
    outcome: Outcome
    reason: Reason | None = None
    note: Note | None = None
    there: AccountRating | None = None
    prior: tuple[int, int | None] | None = None
    base: Base | None = None
    kept: Kept | None = None
    final: bool = False
    sends: int = 0
    owing: bool = False
    known: bool = False
    due: int | None = None
    fresh: bool = False


def land(
    journal: Journal,
    changes: Sequence[Change],
    findings: Sequence[Finding],
    led: Iterable[tuple[Question, int]],
    wrong: Iterable[tuple[Question, int]],
    was_listed: WasListed,
) -> None:
    """Record a reading: where changes are, what became of their rows, and where their questions led."""
    journal.write_all(
        "UPDATE changes SET simkl = ?, evidence = ?, before_rating = ?, before_at = ?, seen_at = ?, state = ?,"
        " listed = coalesce(listed, ?) WHERE run = ? AND batch = ? AND n = ?",
        (
            (
                c.simkl,
                c.evidence and c.evidence.value,
                *(c.before or (None, None)),
                c.seen_at,
                c.state.value,
                was_listed(c, c.simkl),
                c.run,
                c.batch,
                c.n,
            )
            for c in changes
        ),
    )
    # What lands after its run was taken back is there for the next undo.
    landed = {(c.run,) for c in changes if c.state in (State.SEEN, State.SETTLED)}
    journal.write_all("UPDATE runs SET undone = 0 WHERE run = ? AND undone = 1", landed)
    _land_rows(journal, findings)
    _land_items(journal, findings)
    found = list(led)
    current = {one.change.question.number for one in findings if one.change.question is not None}
    note_led(journal, ((question, simkl) for question, simkl in found if question.number not in current))
    note_wrong(journal, wrong)


def _land_rows(journal: Journal, findings: Sequence[Finding]) -> None:
    by_run: dict[int, list[Finding]] = {}
    for one in findings:
        by_run.setdefault(one.change.run, []).append(one)
    for run, found in by_run.items():
        places = places_by_key(journal, run)
        journal.write_all(
            "UPDATE rows SET outcome = ?, reason = ?, note = ?, matched_simkl = ?, matched_title = ?, matched_year = ?,"
            " batch = coalesce(batch, ?), fresh = iif(outcome = ?, max(fresh, ?), ?),"
            " prior_rating = coalesce(?, prior_rating), prior_rated_at = coalesce(?, prior_rated_at)"
            " WHERE run = ? AND place = ?",
            ((*_row_columns(one), run, places[one.change.key]) for one in found if one.change.key in places),
        )


def _row_columns(one: Finding) -> tuple[Any, ...]:
    """Return what reading back says of a row; what the answer said of it stays."""
    outcome, fresh = one.outcome.value, int(one.fresh)
    return (
        outcome,
        one.reason and one.reason.value,
        one.note and one.note.value,
        *match_columns(one.there),
        None if one.outcome is Outcome.PENDING else one.change.batch,
        outcome,
        fresh,
        fresh,
        *(one.prior or (None, None)),
    )


def _land_items(journal: Journal, findings: Sequence[Finding]) -> None:
    """What was settled gets its base; of the rest the base on record stays. A question that is still the one on record
    of its key led to the title that was found."""
    outcome = "outcome = ?, reason = ?, due = ?, kept = ?, simkl = iif(asked = ?, ?, simkl)"
    journal.write_all(
        f"UPDATE items SET {outcome}, said_rating = ?, said_at = ?, said_precision = ?, said_origin = ?,"
        " account_rating = ?, account_at = ? WHERE key = ?",
        (
            (
                *_outcome_columns(one),
                one.base.said_rating,
                *date_columns(one.base.said_date),
                one.base.account_rating,
                one.base.account_rated_at,
                one.change.key,
            )
            for one in findings
            if one.base is not None
        ),
    )
    journal.write_all(
        f"UPDATE items SET {outcome} WHERE key = ?",
        ((*_outcome_columns(one), one.change.key) for one in findings if one.base is None),
    )


def _outcome_columns(one: Finding) -> tuple[Any, ...]:
    question, there = one.change.question, one.there
    asked = question.number if question is not None and there is not None else None
    simkl = there.simkl if there is not None else None
    return one.outcome.value, one.reason and one.reason.value, one.due, _kept_text(one.kept), asked, simkl


def _kept_text(kept: Kept | None) -> str | None:
    """Return what was kept, as [simkl, standing rating, its date, row's rating, its date]."""
    if kept is None:
        return None
    return orjson.dumps((kept.simkl, *(kept.standing or (None, None)), kept.rating, kept.rated_at)).decode()
