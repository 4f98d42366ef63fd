"""What is told of a run: one record a row, one summary a command. Reports read these and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from importer.model import Ids, Kind, Note, Origin, Outcome, Reason


@dataclass(frozen=True, slots=True)
class Match:
    """The title on Simkl that a row was found on by reading back."""

    title: str
    year: int | None
    simkl: int


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a run as `report` shows it; the fields are those of the contract's jsonl.

    Times are seconds since the epoch, UTC. `rating` is None where the row has none on the 1-10 scale.
    `fresh` tells that the finding is new: the run before did not have it.
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
    outcome: Outcome
    reason: Reason | None
    note: Note | None
    simkl_status: str | None
    prior_rating: int | None
    prior_rated_at: int | None
    matched: Match | None
    batch: int | None
    fresh: bool


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """One export of the call."""

    path: str
    format: str
    rows: int


@dataclass(frozen=True, slots=True)
class Requests:
    """What the command cost at the service; `retries` counts within post and get."""

    post: int = 0
    get: int = 0
    retries: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """One command's result: what `--json` prints and what the end of a run shows.

    `totals` is None where nothing was read; its keys are the outcomes (for `undo`: read restored removed left unchanged
    not_found failed pending). `seconds` is wall time. `started` is the run's start, seconds since the epoch.
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
    requests: Requests = Requests()
    seconds: float = 0.0
    message: str | None = None
    started: int = 0


TOTALS = ("read", *(outcome.value for outcome in Outcome))
UNDO_TOTALS = ("read", "restored", "removed", "left", "unchanged", "not_found", "failed", "pending")


def summary_document(summary: Summary) -> dict[str, Any]:
    """The `--json` document, schema 1, with its fields in the contract's order; every total is there, zeros too."""
    totals = None
    if summary.totals is not None:
        names = UNDO_TOTALS if summary.command == "undo" else TOTALS
        totals = {name: summary.totals.get(name, 0) for name in names}
    account = None if summary.account_id is None else {"id": summary.account_id, "name": summary.account_name}
    return {
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
        "requests": {
            "post": summary.requests.post,
            "get": summary.requests.get,
            "retries": summary.requests.retries,
        },
        "seconds": round(summary.seconds, 1),
        "message": summary.message,
    }


def _plain(counts: dict[str, int]) -> dict[str, int]:
    """The same with exact str keys: orjson takes no StrEnum as key."""
    return {str(name): number for name, number in counts.items()}
