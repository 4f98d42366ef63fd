"""What is told of a run: one record a row, one summary a command. Reports read these and nothing else."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import Any

from importer.model import (
    DAY,
    NOON,
    AccountRating,
    Command,
    Date,
    Ids,
    Item,
    Kind,
    Note,
    Origin,
    Outcome,
    Precision,
    Reason,
    iso,
    value,
)


class TakenBack(StrEnum):
    """What became of a title that an undo looked at, beside the outcomes that it shares with a run."""

    RESTORED = "restored"
    REMOVED = "removed"
    LEFT = "left"
    UNLISTED = "unlisted"


@value
class Match:
    """The title on Simkl that a row was found on by reading back."""

    title: str
    year: int | None
    simkl: int


@value
class Record:
    """One row of a run as `report` shows it; the fields are those of the contract's jsonl.

    Times are seconds since the epoch, UTC. `rating` is None where the row has none on the 1-10 scale.
    `fresh` tells that the finding is new: the run before did not have it.
    `precision` is that of `rated_at`, None where it is not on record. `said_date` and `said_kind` are the cell's own
    words where they could not be read, else "".

    In an undo a row is a title: `prior_rating` is what stood there before the undo, `rating` what the title is to have
    again, None for no rating, each with its date.
    """

    source: str
    file: str
    line: int
    key: str
    kind: Kind | None
    title: str
    year: int | None
    ids: Ids
    source_rating: str
    rating: int | None
    rated_at: int | None
    date_from: Origin | None
    outcome: Outcome | TakenBack
    reason: Reason | None = None
    note: Note | None = None
    simkl_status: str | None = None
    prior_rating: int | None = None
    prior_rated_at: int | None = None
    matched: Match | None = None
    batch: int | None = None
    fresh: bool = False
    precision: Precision | None = None
    said_date: str = ""
    said_kind: str = ""

    @property
    def dated(self) -> bool:
        """Tell whether `rated_at` is when the rating was given, and no stand-in."""
        return self.rated_at is not None and self.date_from in (Origin.RATING, Origin.ENTRY)


def row_record(
    source: str,
    item: Item,
    outcome: Outcome,
    *,
    rating: int | None,
    date: Date | None,
    rated_at: int | None = None,
    ids: Ids | None = None,
    reason: Reason | None = None,
    note: Note | None = None,
    theirs: AccountRating | None = None,
    names_theirs: bool = False,
    text: str = "",
    fresh: bool = False,
) -> Record:
    """Return the record of a row of an export: the one place where what is known of it becomes what is told of it.

    `source` is the format of its export. `rating` and `date` are those that it has, or would have, on Simkl, and `ids`
    those of its title, None for its own; `rated_at` is the moment of that date, None for the one that it names.
    `theirs` is what stands there; `names_theirs`: the outcome speaks of that
    title. `text` is what of the row could not be read.
    """
    return Record(
        source=source,
        file=item.file,
        line=item.line,
        key=item.key,
        kind=item.kind,
        title=item.title,
        year=item.year,
        ids=item.ids if ids is None else ids,
        source_rating=item.source_rating,
        rating=rating,
        rated_at=date.value if rated_at is None and date is not None else rated_at,
        date_from=date.origin if date is not None else None,
        precision=date.precision if date is not None else None,
        said_date=text if reason is Reason.UNREADABLE_DATE else "",
        said_kind=text if reason is Reason.UNKNOWN_KIND else "",
        outcome=outcome,
        reason=reason,
        note=note,
        prior_rating=theirs.rating if theirs is not None else None,
        prior_rated_at=theirs.rated_at if theirs is not None else None,
        matched=Match(theirs.title, theirs.year, theirs.simkl) if theirs is not None and names_theirs else None,
        fresh=fresh,
    )


def row_of(record: Record) -> Item:
    """Return the row of a record as it was read, with its date as far as that is known."""
    return Item(
        key=record.key,
        kind=record.kind,
        title=record.title,
        year=record.year,
        ids=record.ids,
        source_rating=record.source_rating,
        rating=record.rating,
        date=_date_of(record),
        file=record.file,
        line=record.line,
    )


def _date_of(record: Record) -> Date | None:
    if record.rated_at is None or record.date_from in (None, Origin.RUN):
        return None
    precision = record.precision or Precision.SECOND
    value = record.rated_at if precision is Precision.SECOND else record.rated_at // DAY * DAY + NOON
    return Date(value, precision, record.date_from)


@value
class SourceSummary:
    """One export of the call."""

    path: str
    format: str
    rows: int


@value
class Requests:
    """What the command cost at the service; `retries` counts within post and get.

    `left_today` is Simkl's own word on how many requests are left, None where it gave none.
    """

    post: int = 0
    get: int = 0
    retries: int = 0
    left_today: int | None = None


@value
class Summary:
    """One command's result: what `--json` prints and what the end of a run shows.

    `totals` is None where nothing was read; its keys are those of TOTALS, for `undo` those of UNDO_TOTALS.
    `dates` counts the sendable rows by where their date comes from. `seconds` is wall time. `started` is the run's
    start, seconds since the epoch; `resume_at`, where it is known, when a later call may go on. `hint` is the next step
    that belongs to `message`, or "". `open` counts the changes that are not settled, `owed` and `stuck` what titles are
    still to be given back, and what could not be.
    """

    command: str
    exit: int
    run: int | None = None
    dry_run: bool = False
    account_id: int | None = None
    account_name: str = ""
    resume_file: str | None = None
    sources: tuple[SourceSummary, ...] = ()
    totals: dict[str, int] | None = None
    reasons: dict[str, dict[str, int]] = field(default_factory=dict)
    notes: dict[str, int] = field(default_factory=dict)
    dates: dict[str, int] = field(default_factory=dict)
    requests: Requests = Requests()
    seconds: float = 0.0
    message: str | None = None
    started: int = 0
    resume_at: float | None = None
    hint: str = ""
    open: int = 0
    owed: int = 0
    stuck: int = 0


TOTALS = ("read", *(outcome.value for outcome in Outcome))
UNDO_TOTALS = (
    "read",
    *(TakenBack.RESTORED.value, TakenBack.REMOVED.value, TakenBack.LEFT.value),
    *(Outcome.UNCHANGED.value, Outcome.NOT_FOUND.value, Outcome.FAILED.value, Outcome.UNCONFIRMED.value),
    *(TakenBack.UNLISTED.value, Outcome.PENDING.value),
)
UNSENDABLE = (Outcome.REJECTED, Outcome.SKIPPED, Outcome.DUPLICATE)
"""Outcomes of rows that are not sent whatever the account says; the dates of the others are counted."""


def summary_document(summary: Summary) -> dict[str, Any]:
    """Return the `--json` document, schema 1, its fields in the contract's order; every total is there, zeros too."""
    totals = None
    if summary.totals is not None:
        names = UNDO_TOTALS if summary.command == Command.UNDO else TOTALS
        totals = {name: summary.totals.get(name, 0) for name in names}
    account = None if summary.account_id is None else {"id": summary.account_id, "name": summary.account_name}
    document: dict[str, Any] = {
        "schema": 1,
        "command": summary.command,
        "run": summary.run,
        "exit": summary.exit,
        "dry_run": summary.dry_run,
        "account": account,
        "resume_file": summary.resume_file,
        "sources": [{"path": one.path, "format": one.format, "rows": one.rows} for one in summary.sources],
        "totals": totals,
        "reasons": {str(outcome): _plain(counts) for outcome, counts in summary.reasons.items()},
        "notes": _plain(summary.notes),
        "dates": {origin.value: summary.dates.get(origin.value, 0) for origin in Origin},
        "requests": {
            "post": summary.requests.post,
            "get": summary.requests.get,
            "retries": summary.requests.retries,
            "left_today": summary.requests.left_today,
        },
        "resume_at": None if summary.resume_at is None else iso(int(summary.resume_at)),
        "seconds": round(summary.seconds, 1),
        "message": summary.message,
    }
    if summary.command != Command.CHECK:  # a check has no memory: nothing is open for it
        document |= {"open": summary.open, "owed": summary.owed, "stuck": summary.stuck}
    return document


def _plain(counts: dict[str, int]) -> dict[str, int]:
    """Return the same with exact str keys: orjson takes no StrEnum as key."""
    return {str(name): number for name, number in counts.items()}
