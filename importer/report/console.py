"""The end of a run in one screen: what was read, what became of it, where it is on record, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from importer.model import Command, Outcome
from importer.record import TakenBack, summary_document
from importer.report.fates import REPLACED, view_of
from importer.report.listing import Look, command, gathered, listed
from importer.report.safe import count, many, seconds_in_words
from importer.report.screen import Line, room, show, wrapped
from importer.report.steps import Commands, trouble, what_now
from importer.report.words import lead, outcome_words, stand_ins

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from importer.record import Record, Summary

LINES = 24
"""Lines of a common terminal: where they do not suffice, the blank ones go first."""
SOURCES = 3
CHANGES = 10
"""Ratings that a dry run names of those it would replace, and of those it would keep; -v names all."""

COLOURS = {
    Outcome.APPLIED: "green",
    Outcome.UNCHANGED: "green",
    Outcome.PENDING: "yellow",
    Outcome.REJECTED: "red",
    Outcome.NOT_FOUND: "red",
    Outcome.UNCONFIRMED: "red",
    Outcome.FAILED: "red",
    TakenBack.RESTORED: "green",
    TakenBack.REMOVED: "green",
}


def print_end(
    summary: Summary,
    samples: Iterable[Record],
    reports: Sequence[str],
    stream: TextIO,
    *,
    rows: Iterable[Record] = (),
    verbose: bool = False,
    commands: Commands | None = None,
) -> None:
    """Show the end of a run, a dry run or an undo.

    `samples` are some problem rows, at best a few of each kind; `reports` the paths of the reports just written. All
    `rows` are listed where `verbose` asks for them, and in a dry run those that differ from the account.
    """
    commands = commands or Commands()
    columns = room(stream)
    parts = [
        [((lead(summary), "bold"),), *message(summary, columns, commands), *_sources(summary)],
        [*outcomes(summary), *dates(summary, columns)],
        _differences(summary, rows, columns) if summary.dry_run and not verbose else [],
        _places(summary, reports, commands),
        trouble(summary, samples, columns, commands.options) + what_now(summary, columns, commands),
    ]
    if verbose:
        look = Look(view_of(summary), columns, options=commands.options)
        parts.insert(0, listed(gathered(rows, look), summary))
    show(_joined([part for part in parts if part]), stream)


def outcomes(summary: Summary) -> list[Line]:
    """Return the outcomes that occurred, one a line, in plain words."""
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


def dates(summary: Summary, columns: int | None) -> list[Line]:
    """Return what is to be told of the dates that stand in for rating dates."""
    return [((line, ""),) for line in wrapped(stand_ins(summary.dates), columns)]


def _joined(parts: list[list[Line]]) -> list[Line]:
    spare = LINES - sum(map(len, parts))
    lines = parts[-1] if parts else []
    # From the end: what a person should do next keeps its blank line longest.
    for part in reversed(parts[:-1]):
        blank: list[Line] = [()] if spare > 0 else []
        spare -= 1
        lines = part + blank + lines
    return lines


def message(summary: Summary, columns: int | None, commands: Commands) -> list[Line]:
    """Return what the command has to say beside its numbers."""
    text = commands.completed(summary.message or "")
    if text.casefold().rstrip(".") == lead(summary).casefold().rstrip("."):
        return []
    return [((line, "yellow"),) for line in wrapped(text[:1].upper() + text[1:], columns)]


def _sources(summary: Summary) -> list[Line]:
    lines: list[Line] = [
        (("Read      ", "dim"), (one.path, ""), (f"  {one.format}, {many(one.rows, 'row')}", "dim"))
        for one in summary.sources[:SOURCES]
    ]
    rest = summary.sources[SOURCES:]
    if rest:
        rows = sum(one.rows for one in rest)
        lines.append((("          ", ""), (f"and {many(len(rest), 'more export')}, {many(rows, 'row')}", "dim")))
    asked = summary.requests
    cost = f"{count(asked.post)} POST, {count(asked.get)} GET"
    if asked.retries:
        cost += f", {many(asked.retries, 'retry', 'retries')}"
    if asked.left_today is not None:
        cost += f", {count(asked.left_today)} left today"
    run = "dry run" if summary.dry_run else f"run {summary.run}" if summary.run is not None else summary.command
    tail = f"{run}: {cost} in {seconds_in_words(summary.seconds)}"
    if summary.account_id is not None:
        name = f"{summary.account_name} ({summary.account_id})" if summary.account_name else str(summary.account_id)
        lines.append((("Account   ", "dim"), (name, ""), (f"  {tail}", "dim")))
    else:
        lines.append((("Cost      ", "dim"), (tail, "dim")))
    return lines


def _differences(summary: Summary, rows: Iterable[Record], columns: int | None) -> list[Line]:
    """Return the ratings that a dry run would replace and those it would keep, both sides with their dates."""
    groups = gathered(rows, Look(view_of(summary), columns, CHANGES))
    shown = {name: groups[name] for name in (REPLACED, Outcome.KEPT) if name in groups}
    lines = listed(shown, summary)
    if any(group.rows > CHANGES for group in shown.values()):
        lines.append((("  -v lists all of them", "dim"),))
    return lines


def _places(summary: Summary, reports: Sequence[str], commands: Commands) -> list[Line]:
    lines: list[Line] = []
    if summary.resume_file and not summary.dry_run:
        lines.append((("Resume    ", "dim"), (summary.resume_file, "")))
    lines.extend((("Report    ", "dim"), (path, "")) for path in reports)
    totals = summary.totals or {}
    wrote = totals.get(Outcome.APPLIED, 0) + totals.get(Outcome.UNCONFIRMED, 0)
    if summary.command not in (Command.RUN, Command.MEND) or summary.dry_run:
        return lines
    if not reports and totals.get("read", 0):
        words = ["report", "--format", "html", "--output", "report.html"]
        lines.append((("Report    ", "dim"), *command(words, commands.report_options)[1:]))
    if wrote:
        number = [] if summary.run is None else ["--run", str(summary.run)]
        lines.append((("Undo      ", "dim"), *command(["undo", *number], commands.options)[1:]))
    return lines
