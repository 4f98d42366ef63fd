"""The plain words for what became of a row, and the next step for each problem: one table for every report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from importer.model import NEEDS_A_PERSON, Command, Note, Origin, Outcome, Reason
from importer.record import TakenBack
from importer.report.safe import count, many, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from importer.record import Record, Summary

OUTCOMES: dict[str, str] = {
    Outcome.REJECTED: "cannot be sent as it is",
    Outcome.SKIPPED: "nothing to import",
    Outcome.DUPLICATE: "another row for the same title was taken",
    Outcome.UNCHANGED: "was on Simkl already, just so",
    Outcome.KEPT: "the rating on Simkl was kept",
    Outcome.APPLIED: "sent, and on Simkl",
    Outcome.NOT_FOUND: "Simkl does not know the title",
    Outcome.UNCONFIRMED: "sent, but not there on reading back",
    Outcome.FAILED: "refused by Simkl for good",
    Outcome.PENDING: "still to be sent",
    TakenBack.RESTORED: "prior rating put back",
    TakenBack.REMOVED: "rating taken off again",
    TakenBack.LEFT: "changed by you since: left as it is",
    TakenBack.UNLISTED: "also taken off the list it was put onto",
}

UNDO_OUTCOMES: dict[str, str] = {
    Outcome.UNCHANGED: "had its prior rating already",
    Outcome.FAILED: "not given back: Simkl refused it",
    Outcome.UNCONFIRMED: "sent, but not there on reading back",
    Outcome.PENDING: "still to be taken back",
}
"""The outcomes that mean something else in an undo."""

REASONS: dict[str, str] = {reason: reason.words for reason in Reason}

NOTES: dict[str, str] = {
    Note.OTHER_TITLE: "landed on another title",
    Note.SHARED_TITLE: "two rows are one title on Simkl",
    Note.DATE_DIFFERS: "Simkl gives the date back differently",
}

STEPS: dict[str, str] = {
    Reason.OUT_OF_RANGE: "mend the rating in the rejects file (whole, 1 to 10)",
    Reason.NOT_A_NUMBER: "mend the rating in the rejects file (whole, 1 to 10)",
    Reason.NO_IDENTITY: "fill in a title and year, or an id, in the rejects file",
    Reason.NO_YEAR: "fill in the year or an id in the rejects file",
    Reason.AMBIGUOUS_TITLE: "fill in an id for each in the rejects file",
    Reason.UNREADABLE_DATE: "mend the date in the rejects file (YYYY-MM-DD), or clear it",
    Reason.UNKNOWN_KIND: "fill in the type (movie, show or anime) in the rejects file",
    Reason.MALFORMED_ROW: "mend the row in the rejects file or in the export",
    Outcome.REJECTED: "mend the row in the rejects file",
    Outcome.NOT_FOUND: "fill in an id (imdb, tmdb, mal or another) in the rejects file",
    Outcome.UNCONFIRMED: "look it up on Simkl; if it is missing, fill in an id in the rejects file",
    Outcome.FAILED: "fill in an id or mend the row in the rejects file",
    Note.OTHER_TITLE: "fill in the right id in the rejects file, or take it back",
}
"""Every problem's next step; its keys are the problems, as `problem` names them."""

UNDO_STEPS: dict[str, str] = {
    Outcome.NOT_FOUND: "look the title up on Simkl: it may have been merged with another",
    Outcome.UNCONFIRMED: "give the same undo command again: it goes on with what is left",
    Outcome.FAILED: "give the same undo command again: it goes on with what is left",
    Note.OTHER_TITLE: "give the same undo command again: it goes on with what is left",
}
"""The next step of those problems that an undo can have."""

WINS: dict[str, str] = {
    Reason.CONFLICT: "to send the export's instead, add --on-conflict overwrite",
    Reason.CHANGED_ON_SIMKL: "to have the export's instead, rate the title so on Simkl",
    Reason.OLDER_EXPORT: "to send newer ratings, get a new export from the site",
}
"""How the export's side wins where Simkl's was kept."""

ORIGINS: dict[str, str] = {
    Origin.RATING: "rated",
    Origin.ENTRY: "rated",
    Origin.WATCHED: "watched",
    Origin.EDITED: "last edited",
    Origin.RUN: "imported",
}
"""What happened on the day that a date names; only the first two are rating dates."""

STAND_INS: dict[str, str] = {
    Origin.WATCHED: "the day the title was watched",
    Origin.EDITED: "the day of the last edit",
    Origin.RUN: "the day of the import",
}
"""What stands in for a rating date, by where it comes from."""

TITLE_MISSING = (
    Outcome.NOT_FOUND,
    Note.OTHER_TITLE,
    Reason.NO_IDENTITY,
    Reason.NO_YEAR,
    Reason.AMBIGUOUS_TITLE,
)
"""Problems that are settled by saying which title is meant."""


def problem(record: Record) -> str | None:
    """Return the name of what a person should look at in this row (a key of STEPS), or None."""
    if record.note is Note.OTHER_TITLE:
        return Note.OTHER_TITLE.value
    if record.outcome is Outcome.REJECTED and record.reason is not None:
        return record.reason.value
    return record.outcome.value if record.outcome in NEEDS_A_PERSON else None


def problem_words(name: str) -> str:
    """Return what a problem (a key of STEPS) means."""
    return REASONS.get(name) or NOTES.get(name) or OUTCOMES[name]


def problems(summary: Summary) -> list[tuple[str, int]]:
    """Return each problem of the run with its number of rows, the most frequent first."""
    totals = summary.totals or {}
    found = {str(name): number for name, number in summary.reasons.get(Outcome.REJECTED, {}).items()}
    found[Outcome.REJECTED.value] = totals.get(Outcome.REJECTED, 0) - sum(found.values())
    for outcome in (Outcome.NOT_FOUND, Outcome.UNCONFIRMED, Outcome.FAILED):
        found[outcome.value] = totals.get(outcome, 0)
    found[Note.OTHER_TITLE.value] = summary.notes.get(Note.OTHER_TITLE, 0)
    return sorted(((name, number) for name, number in found.items() if number > 0), key=lambda pair: -pair[1])


def outcome_words(outcome: str, summary: Summary) -> str:
    """Return what an outcome (or a key of undo's totals) means in this summary; a forecast has done nothing yet."""
    if outcome == Outcome.PENDING and summary.command == Command.CHECK:
        return "can be sent"
    if outcome == Outcome.PENDING and summary.dry_run:
        return "would be taken back" if summary.command == Command.UNDO else "would be sent"
    if summary.command == Command.UNDO and outcome in UNDO_OUTCOMES:
        return UNDO_OUTCOMES[outcome]
    reasons = summary.reasons.get(outcome, {})
    if len(reasons) == 1 and sum(reasons.values()) == (summary.totals or {}).get(outcome):
        return REASONS.get(next(iter(reasons)), OUTCOMES[outcome])
    return OUTCOMES.get(outcome, outcome)


def step(name: str, summary: Summary) -> str:
    """Return the next step for a problem (a key of STEPS)."""
    return UNDO_STEPS.get(name, STEPS[name]) if summary.command == Command.UNDO else STEPS[name]


def stand_ins(dates: Mapping[str, int]) -> str:
    """Return one line on the dates that stand in for rating dates and how to leave them out, or "" without any."""
    found = [(origin, dates.get(origin, 0)) for origin in STAND_INS if dates.get(origin, 0)]
    if not found:
        return ""
    without, ratings = sum(number for _, number in found), sum(dates.values())
    one = without == 1
    said = many(without, "rating") if without == ratings else f"{count(without)} of {many(ratings, 'rating')}"
    if len(found) == 1:
        given = f"{'it gets' if one else 'all get'} {STAND_INS[found[0][0]]}"
    else:
        given = ", ".join(f"{count(rows)} get{'s' if rows == 1 else ''} {STAND_INS[origin]}" for origin, rows in found)
    left_out = f"--undated skip leaves {'it' if one else 'them'} out"
    return f"{said} {'has' if one else 'have'} no rating date: {given}; {left_out}"


def lead(summary: Summary) -> str:
    """Return the run in one sentence: "1,056 ratings read; 1,040 are on Simkl; 16 need you."."""
    totals = summary.totals
    if summary.command == Command.DOCTOR:
        return "A live test of Simkl, which imports nothing."
    if totals is None:
        return "Nothing was taken back." if summary.command == Command.UNDO else "Nothing was read."
    if not totals.get("read", 0):
        empty = "No ratings to import: the export holds none."
        return "Nothing to take back." if summary.command == Command.UNDO else empty
    return "; ".join(_undone(summary, totals) if summary.command == Command.UNDO else _imported(summary, totals)) + "."


def _imported(summary: Summary, totals: dict[str, int]) -> list[str]:
    read = totals["read"]
    skipped = summary.reasons.get(Outcome.SKIPPED, {})
    # A row without a rating is read too, and is no rating.
    rated = not (skipped.get(Reason.UNRATED, 0) or skipped.get(Reason.UNSUPPORTED_KIND, 0))
    parts = [f"{many(read, 'rating' if rated else 'row')} read"]
    there = totals.get(Outcome.APPLIED, 0) + totals.get(Outcome.UNCHANGED, 0)
    pending = totals.get(Outcome.PENDING, 0)
    if there or not (pending or summary.dry_run or summary.command == Command.CHECK):
        parts.append(f"{count(there)} {'is' if there == 1 else 'are'} on Simkl")
    if summary.command == Command.CHECK:
        parts.append(f"{count(pending)} can be sent")
    elif summary.dry_run:
        parts.append(f"{count(pending)} would be sent")
    elif pending:
        parts.append(f"{count(pending)} {'is' if pending == 1 else 'are'} still to be sent")
    need = sum(number for _, number in problems(summary))
    if need:
        parts.append(f"{count(need)} need{'s' if need == 1 else ''} you")
    elif summary.exit or not summary.hint:  # else a person is told right below what to do
        parts.append("nothing needs you")
    return parts


def unpaid_words(title: str, rating: int | None, rated_at: str | None) -> str:
    """Return what a person should know of a title that was tried in vain often enough: what it should have had."""
    if rating is None:
        return f"could not be removed: the rating of {title}, which had none before"
    of = f" of {rated_at[:10]}" if rated_at is not None else ""
    return f"could not be given back: {title}, {rating}{of}"


def stuck_steps(key: str) -> str:
    """Return what a person can do about such a title, by the key of the row that lies there."""
    named = quoted(key)
    return f"simkl-import undo --key {named} tries again, simkl-import mend --forget {named} lets it go"


def undone_words(run: int, totals: Mapping[str, int]) -> str:
    """Return what a later undo took back, for the report of the run that it took back."""
    what = [
        f"{many(totals[name], 'rating')} {text}"
        for name, text in ((TakenBack.REMOVED, "taken off"), (TakenBack.RESTORED, "put back"))
        if totals.get(name)
    ]
    return f"taken back since by run {run}" + (f": {', '.join(what)}" if what else "")


def _undone(summary: Summary, totals: dict[str, int]) -> list[str]:
    read = totals["read"]
    parts = [f"{many(read, 'rating')} looked at"]
    said = {"restored": "put back", "removed": "taken off", "left": "left as you changed them"}
    said |= {"not_found": "not found", "failed": "failed", "unconfirmed": "not there on reading back"}
    said |= {"unlisted": "taken off a list"}
    said["pending"] = outcome_words(Outcome.PENDING, summary)
    parts.extend(f"{count(totals[name])} {text}" for name, text in said.items() if totals.get(name))
    return parts
