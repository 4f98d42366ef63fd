"""What the page says where commands would name an option: plain words, and what a person may do about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from importer.errors import (
    CredentialsError,
    DefectError,
    ExportError,
    ImporterError,
    InterruptedRunError,
    LockedError,
    ResumeFileError,
    ServiceStopError,
)
from importer.model import Origin, Outcome, Reason, value
from importer.plan.decide import OnConflict
from importer.record import TakenBack
from importer.report.safe import count, many

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from importer.run.job import Options


@value
class Trouble:
    """What went wrong, and what to do about it."""

    what: str
    todo: str


_COMMAND = re.compile(r"simkl-import|\bcommand\b|(?<![\w-])--?[a-z]|SIMKL_")
"""Text that speaks to somebody at a terminal."""

_STATUS = re.compile(r" \(HTTP [0-9]{3}[^)]*\)")
"""What an answer of the service was, for whoever looks into it: a log has it, too."""


def trouble_of(error: ImporterError, folder: Path | None = None) -> Trouble:
    """Return an error in the page's words; `folder` is where uploads are, which is nobody's business."""
    what = error.message if folder is None else re.sub(rf"{re.escape(str(folder))}/\d+/", "", error.message)
    todo = error.hint if error.hint and not _COMMAND.search(error.hint) else _todo(error)
    return Trouble(_sentence(what), _sentence(todo))


def defect_of(error: Exception) -> Trouble:
    """Return what is said of an error that nobody foresaw. Its own words are not shown: they may hold anything."""
    return Trouble(
        f"This program made a mistake ({type(error).__name__}).",
        "Nothing is lost. Try again, and if it happens again, please report it.",
    )


def _todo(error: ImporterError) -> str:
    match error:
        case LockedError():
            return "wait until the other import for this account has ended, then try again"
        case CredentialsError():
            return "sign in again"
        case ExportError() if "no known export" in error.message:
            return (
                "choose the file as the site gave it to you; the table of any other site is read once its columns are "
                "named type, title, year and rating"
            )
        case ExportError():
            return "take the file away, or choose another one"
        case InterruptedRunError():
            return "nothing is lost: press the button again to go on"
        case ServiceStopError():
            return "nothing is lost: try again later, and it goes on where it stopped"
        case ResumeFileError():
            return "the file was left as it is; ask whoever set this up, or name another one when you start the page"
        case DefectError():
            return "this is a mistake of the program: please report it"
        case _:
            return "try again; if it stays so, start the page anew"


def for_page(lines: Iterable[str]) -> list[str]:
    """Return the lines of what was told that speak to somebody with a browser, each as a sentence."""
    found: list[str] = []
    for part in (part for line in lines for part in line.split("\n") if part.strip()):
        if part.startswith("  ") and found:  # goes with the line before
            found[-1] += f"{'' if found[-1].endswith(':') else ','} {part.strip()}"
        elif not _COMMAND.search(part):
            found.append(_capital(part.strip()))
    return found


def message_for_page(message: str | None) -> str:
    """Return what ended something, without the parts that speak to somebody at a terminal."""
    parts = [part for part in (message or "").split("; ") if part.strip() and not _COMMAND.search(part)]
    return " ".join(map(_sentence, parts)) or ("It was stopped, and nothing is lost." if message else "")


def _sentence(text: str) -> str:
    text = _capital(_STATUS.sub("", text).strip())
    return text and text + ("" if text[-1] in ".!?" else ".")


def _capital(text: str) -> str:
    """Begin with a capital; a file's name stays as it is."""
    return text[:1].upper() + text[1:] if re.match(r"[a-z]+[ ,;:]", text) else text


OUTCOMES: dict[str, str] = {
    Outcome.REJECTED: "Cannot be sent as it is",
    Outcome.SKIPPED: "Nothing to import",
    Outcome.DUPLICATE: "Another row for the same title counts",
    Outcome.UNCHANGED: "On Simkl already, just so",
    Outcome.KEPT: "Your rating on Simkl stays",
    Outcome.APPLIED: "Sent, and on Simkl",
    Outcome.NOT_FOUND: "Simkl does not know the title",
    Outcome.UNCONFIRMED: "Sent, but not there on reading back",
    Outcome.FAILED: "Refused by Simkl for good",
    Outcome.PENDING: "Still to be sent",
    TakenBack.RESTORED: "Earlier rating put back",
    TakenBack.REMOVED: "Rating taken off again",
    TakenBack.LEFT: "Changed by you since: left as it is",
    TakenBack.UNLISTED: "Also taken off the list",
}

_REASONS: dict[str, str] = {
    Reason.OUT_OF_RANGE: "The rating is not on the scale from 1 to 10",
    Reason.NO_IDENTITY: "There is neither an id nor a title",
    Reason.NO_YEAR: "A title without its year is too risky to send",
    Reason.AMBIGUOUS_TITLE: "Two titles have this name and year",
    Reason.UNKNOWN_KIND: "Neither a film nor a series nor an anime, as far as one can tell",
    Reason.UNRATED: "It has no rating",
    Reason.UNDATED: "It has no rating date, and you leave those out",
    Reason.NOT_LISTED: "It is not in your Simkl library, and you leave those out",
    Reason.FILTERED: "You leave it out",
    Reason.CONFLICT: "Simkl has another rating, and it counts",
}
"""Reasons that a report tells too shortly for the page, or by an option of a command."""

REASONS: dict[str, str] = {one: _REASONS.get(one, one.words[:1].upper() + one.words[1:]) for one in Reason}

ORIGINS: dict[str, str] = {
    Origin.RATING: "rated",
    Origin.ENTRY: "rated",
    Origin.WATCHED: "watched",
    Origin.EDITED: "last edited",
    Origin.RUN: "the day of the import",
}

KINDS = {"movie": "film", "show": "series", "anime": "anime"}


CONFLICTS = {
    OnConflict.NEWER: "the newer rating counts",
    OnConflict.KEEP: "Simkl’s rating stays",
    OnConflict.OVERWRITE: "the file’s rating counts",
}


def choices_in_words(options: Options) -> str:
    """Return by which answers an import goes, for when they are folded away."""
    lists = "only titles in your library" if options.listed_only else "titles go onto your lists"
    newest = f", the newest {count(options.limit)} alone" if options.limit else ""
    return f"{CONFLICTS[options.on_conflict]}, {lists}{newest}"


def stand_ins(dates: Mapping[str, int]) -> str:
    """Return a sentence on dates that stand in for rating dates, or "" without any."""
    named = {
        Origin.WATCHED: "the day the title was watched",
        Origin.EDITED: "the day of the last edit",
        Origin.RUN: "the day of the import",
    }
    found = [(words, dates.get(origin, 0)) for origin, words in named.items() if dates.get(origin, 0)]
    if not found:
        return ""
    without = sum(number for _, number in found)
    given = " or ".join(words if len(found) == 1 else f"{words} ({count(number)})" for words, number in found)
    have = "has" if without == 1 else "have"
    gets = "gets" if without == 1 else "get"
    return f"{many(without, 'rating')} {have} no rating date and {gets} {given} instead, marked in the table."
