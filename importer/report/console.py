"""The end of a run in one screen: what was read, what became of it, what to do next, and the way back."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, TextIO

from importer.model import Note, Outcome
from importer.record import summary_document
from importer.report.safe import clean, count, seconds_in_words
from importer.report.screen import WIDEST, Line, crop, fit, show, wrapped
from importer.report.words import STEPS, lead, outcome_words, problem, problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from importer.record import Record, Summary

LINES = 24
"""Lines of a common terminal: where they do not suffice, the blank ones go first."""
SOURCES = 3
PROBLEMS = 3

COLOURS = {
    Outcome.APPLIED: "green",
    Outcome.UNCHANGED: "green",
    Outcome.PENDING: "yellow",
    Outcome.REJECTED: "red",
    Outcome.NOT_FOUND: "red",
    Outcome.UNCONFIRMED: "red",
    Outcome.FAILED: "red",
    "restored": "green",
    "removed": "green",
}


def print_end(
    summary: Summary,
    samples: Iterable[Record],
    reports: Sequence[str],
    stream: TextIO,
    *,
    rejects: str | None = None,
    options: Sequence[str] = (),
    report_options: Sequence[str] | None = None,
) -> None:
    """Show the end of a run, a dry run or an undo.

    `samples` are some problem rows, at best one of each kind; `reports` the paths of the reports just written, and
    `rejects` the one of them that is a rejects file. `options` go onto every command shown (--resume-file FILE),
    `report_options` onto `report` instead where they are given.
    """
    if report_options is None:
        report_options = [option for option in options if option != "--sandbox"]
    sections = [
        [((lead(summary), "bold"),), *_message(summary), *_sources(summary)],
        outcomes(summary),
        _needs(summary, samples, rejects, options, report_options),
        _places(summary, reports, options, report_options),
    ]
    show(_joined([section for section in sections if section]), stream)


def outcomes(summary: Summary) -> list[Line]:
    """The outcomes that occurred, one a line, in plain words."""
    totals = summary_document(summary)["totals"] or {}
    shown = [(name, rows) for name, rows in totals.items() if rows and name != "read"]
    figures = max((len(count(rows)) for _, rows in shown), default=0)
    return [
        (
            ("  " + count(rows).rjust(figures) + "  ", "bold"),
            (name.ljust(13), COLOURS.get(name, "")),
            (outcome_words(name, summary), "dim"),
        )
        for name, rows in shown
    ]


def place(record: Record) -> str:
    """A row as one finds it again: `ratings.csv:12  “Heat” (1995), rating 5.5`."""
    title = clean(record.title) or clean(record.key)
    year = "" if record.year is None else f" ({record.year})"
    where = f"{fit(record.file, 34)}:{record.line}"
    if record.note is Note.OTHER_TITLE and record.matched is not None:
        return f"{where}  “{crop(title, 20)}”{year} is on “{clean(record.matched.title)}”"
    return f"{where}  “{title}”{year}, rating {clean(record.source_rating) or 'none'}"


def _joined(sections: list[list[Line]]) -> list[Line]:
    spare = LINES - sum(map(len, sections))
    lines = sections[-1]
    # From the end: what a person should do next keeps its blank line longest.
    for section in reversed(sections[:-1]):
        blank: list[Line] = [()] if spare > 0 else []
        spare -= 1
        lines = section + blank + lines
    return lines


def _message(summary: Summary) -> list[Line]:
    # A long text would push the rest off the screen.
    text = summary.message or ""
    if text.casefold().rstrip(".") == lead(summary).casefold().rstrip("."):
        return []
    return [((line, "yellow"),) for line in wrapped(text[:1].upper() + text[1:], WIDEST, 2)]


def _sources(summary: Summary) -> list[Line]:
    lines: list[Line] = []
    for one in summary.sources[:SOURCES]:
        tail = f"  {one.format}, {count(one.rows)} row{'' if one.rows == 1 else 's'}"
        lines.append((("Read      ", "dim"), (fit(one.path, WIDEST - 10 - len(tail)), ""), (tail, "dim")))
    if len(summary.sources) > SOURCES:
        rest = summary.sources[SOURCES:]
        rows = sum(one.rows for one in rest)
        lines.append((("          ", ""), (f"and {len(rest)} more exports, {count(rows)} rows", "dim")))
    asked = summary.requests
    cost = f"{count(asked.post)} POST, {count(asked.get)} GET"
    if asked.retries:
        cost += f", {count(asked.retries)} {'retry' if asked.retries == 1 else 'retries'}"
    run = "dry run" if summary.dry_run else f"run {summary.run}" if summary.run is not None else summary.command
    tail = f"  {run}: {cost} in {seconds_in_words(summary.seconds)}"
    if summary.account_id is not None:
        name = f"{summary.account_name} ({summary.account_id})" if summary.account_name else str(summary.account_id)
        lines.append((("Account   ", "dim"), (crop(name, WIDEST - 10 - len(tail)), ""), (tail, "dim")))
    else:
        lines.append((("Cost      ", "dim"), (tail.strip(), "dim")))
    return lines


def _needs(
    summary: Summary, samples: Iterable[Record], rejects: str | None, options: Sequence[str],
    report_options: Sequence[str],
) -> list[Line]:  # fmt: skip
    found = problems(summary)
    if not found:
        return _pending(summary)
    first: dict[str, Record] = {}
    for record in samples:
        first.setdefault(problem(record) or "", record)
    lines: list[Line] = []
    for name, rows in found[:PROBLEMS]:
        start = f"{count(rows)} {name}"
        example = "" if name not in first else "  " + crop(place(first[name]), WIDEST - 4 - len(start))
        lines.append(((start, "bold red"), (example, "dim")))
        lines.append((("    ", ""), (crop(STEPS[name], WIDEST - 4), "")))
    if len(found) > PROBLEMS:
        rest = sum(rows for _, rows in found[PROBLEMS:])
        lines.append(((f"and {count(rest)} more rows of other kinds", "dim"),))
    if not summary.dry_run:
        if rejects is None:
            rejects = "rejects.csv"
            lines.append(_command("report --format rejects --output rejects.csv", report_options))
        lines.append(_command(f"run {shlex.quote(rejects)}", options))
    return lines + _pending(summary)


def _pending(summary: Summary) -> list[Line]:
    if summary.dry_run or not (summary.totals or {}).get(Outcome.PENDING, 0):
        return []
    return [((f"To go on, give the same {summary.command} command again.", "yellow"),)]


def _places(
    summary: Summary, reports: Sequence[str], options: Sequence[str], report_options: Sequence[str]
) -> list[Line]:
    lines: list[Line] = []
    if summary.resume_file and not summary.dry_run:
        lines.append((("Resume    ", "dim"), (summary.resume_file, "")))
    lines.extend((("Report    ", "dim"), (path, "")) for path in reports)
    totals = summary.totals or {}
    wrote = totals.get(Outcome.APPLIED, 0) + totals.get(Outcome.UNCONFIRMED, 0)
    if summary.command != "run" or summary.dry_run:
        return lines
    if not reports and totals.get("read", 0):
        lines.append(
            (("Report    ", "dim"), *_command("report --format html --output report.html", report_options)[1:])
        )
    if wrote:
        number = "" if summary.run is None else f" --run {summary.run}"
        lines.append((("Undo      ", "dim"), *_command(f"undo{number}", options)[1:]))
    return lines


def _command(words: str, options: Sequence[str]) -> Line:
    return ("    ", ""), (" ".join(["simkl-import", words, *map(shlex.quote, options)]), "cyan")
