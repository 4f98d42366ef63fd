"""One row in words: its title, its ratings before and after, and what happens to it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from importer.model import Command, Note, Outcome, Reason, iso
from importer.record import TakenBack
from importer.report.safe import clean
from importer.report.words import (
    NOTES,
    ORIGINS,
    OUTCOMES,
    REASONS,
    UNDO_OUTCOMES,
    outcome_words,
    problem,
    problem_words,
)

if TYPE_CHECKING:
    from importer.record import Record, Summary

NONE = "–"
"""Stands for a rating that is not there."""

REPLACED = "replaced"
"""The section of rows whose rating takes the place of another one on Simkl."""

_THERE = (Outcome.APPLIED, Outcome.PENDING)


class View(StrEnum):
    """What a summary tells of: what was done, what would be done, or what was taken back."""

    DONE = "done"
    FORECAST = "forecast"
    UNDO = "undo"


def view_of(summary: Summary) -> View:
    """Return how the rows of a summary are to be read."""
    if summary.command == Command.UNDO:
        return View.UNDO
    return View.FORECAST if summary.dry_run or summary.command == Command.CHECK else View.DONE


def section(record: Record, view: View) -> str:
    """Return the name of the section in which a row is listed: its problem, `replaced`, or its outcome."""
    found = problem(record)
    if found is not None:
        return found
    return REPLACED if view is not View.UNDO and _replaces(record) else record.outcome.value


def section_words(name: str, summary: Summary) -> str:
    """Return what the rows of a section have in common, as a heading."""
    if name == REPLACED:
        words = "would replace another rating on Simkl" if summary.dry_run else "replaces another rating on Simkl"
    else:
        words = OUTCOMES[name] if name == Outcome.KEPT else ""
        words = words or (outcome_words(name, summary) if name in OUTCOMES else problem_words(name))
    return words[:1].upper() + words[1:]


def named(record: Record) -> str:
    """Return the title of a row, or its key where it has none."""
    return clean(record.title) or clean(record.key)


def in_year(year: int | None) -> str:
    """1995 → " (1995)", None → ""."""
    return "" if year is None else f" ({year})"


def values(record: Record, view: View) -> str:
    """Return the ratings of a row: "7 → 9" where one takes the place of another, else the one there is."""
    prior = NONE if record.prior_rating is None else str(record.prior_rating)
    rating = NONE if record.rating is None else str(record.rating)
    if view is View.UNDO:
        return prior if record.outcome in (TakenBack.LEFT, Outcome.UNCHANGED) else f"{prior} → {rating}"
    if record.outcome is Outcome.KEPT:
        return prior
    if _replaces(record) and prior != rating:
        return f"{prior} → {rating}"
    if record.rating is None or record.outcome is Outcome.REJECTED:
        return clean(record.source_rating) or NONE
    return rating


def fate(record: Record, view: View) -> str:
    """Return what happens to a row, with the date of each rating that is named."""
    if view is View.UNDO:
        return _undone(record)
    if record.note is Note.OTHER_TITLE and record.matched is not None:
        return (
            f"is on “{clean(record.matched.title)}”{in_year(record.matched.year)}, another title; {given_words(record)}"
        )
    match record.outcome:
        case Outcome.KEPT:
            return _kept(record)
        case Outcome.APPLIED | Outcome.PENDING | Outcome.UNCONFIRMED | Outcome.NOT_FOUND | Outcome.FAILED:
            said = [] if record.outcome in _THERE else [OUTCOMES[record.outcome]]
            if _replaces(record):
                said.append(_replacing(record))
            return "; ".join([*said, *_noted(record), given_words(record)])
        case Outcome.UNCHANGED:
            return "; ".join([OUTCOMES[record.outcome], *_noted(record), given_words(record)])
        case _:
            return REASONS.get(record.reason or "") or OUTCOMES[record.outcome]


def day(seconds: int) -> str:
    """Return the day of a moment, UTC, as reports for people name it."""
    return iso(seconds)[:10]


def given_words(record: Record) -> str:
    """Return a row's date with what it is the date of: a stand-in is told as one."""
    if record.rated_at is None or record.date_from is None:
        return "no date"
    words = f"{ORIGINS[record.date_from]} {day(record.rated_at)}"
    return words if record.dated else f"{words}, no rating date"


def _noted(record: Record) -> list[str]:
    return [] if record.note is None else [NOTES[record.note]]


def _replaces(record: Record) -> bool:
    return record.outcome in _THERE and record.prior_rating is not None and record.note is not Note.OTHER_TITLE


def _replacing(record: Record) -> str:
    before = ", which had no date" if record.prior_rated_at is None else f" of {day(record.prior_rated_at)}"
    if record.prior_rating == record.rating:
        return f"corrects the date of your {record.prior_rating}{before}"
    return f"replaces your {record.prior_rating}{before}"


def _kept(record: Record) -> str:
    ours = f"the export says {record.rating}, {given_words(record)}"
    if record.prior_rating is None:
        return f"you removed it on Simkl; {ours}"
    stays = "" if record.prior_rated_at is None else f" of {day(record.prior_rated_at)}"
    why = REASONS[record.reason] if record.reason in (Reason.CHANGED_ON_SIMKL, Reason.OLDER_EXPORT) else ""
    return "; ".join(filter(None, [f"keeps your {record.prior_rating}{stays}", ours, why]))


def _undone(record: Record) -> str:
    before = "" if record.rated_at is None else f" of {day(record.rated_at)}"
    match record.outcome:
        case TakenBack.RESTORED:
            return f"your {record.rating}{before} is back"
        case TakenBack.REMOVED | TakenBack.UNLISTED | TakenBack.LEFT:
            return OUTCOMES[record.outcome]
        case _:
            return UNDO_OUTCOMES.get(record.outcome, OUTCOMES[record.outcome])
