"""What the resume file holds."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from importer.cli.options import Effective, options_of
from importer.cli.streams import print_document

if TYPE_CHECKING:
    from importer.journal.runs import Run
    from importer.journal.store import Journal

LAST = 5
"""Runs shown."""


@click.command(epilog="Example:  simkl-import status")
@options_of("status")
def status(**given: Any) -> int:
    """Tell what the resume file holds: totals, what is pending, the last runs, rows gone from the export."""
    from importer.cli.book import resume_file

    values = Effective(given)
    with resume_file(values) as journal:
        found = status_document(journal)
    if values["json"]:
        print_document(found)
        return 0
    from importer.report.safe import for_terminal
    from importer.report.screen import room

    for line in status_lines(found, room(sys.stdout)):
        click.echo(for_terminal(line))
    return 0


def status_document(journal: Journal) -> dict[str, Any]:
    """The `--json` document of `status`."""
    from importer.journal.gone import count_gone
    from importer.journal.items import outcomes
    from importer.journal.owner import account_of
    from importer.journal.runs import all_runs, last_import

    last = last_import(journal)
    return {
        "schema": 1,
        "command": "status",
        "exit": 0,
        "account": account_of(journal),
        "resume_file": str(journal.path),
        "items": outcomes(journal),
        "pending": 0 if last is None else (_totals(journal, last) or {}).get("pending", 0),
        "gone": count_gone(journal),
        "runs": [_run_document(journal, run) for run in all_runs(journal, LAST)],
        "message": None,
    }


def _totals(journal: Journal, run: Run) -> dict[str, int] | None:
    """A run's totals as recorded at its end; of one that was killed, as its rows stand."""
    from importer.journal.rows import count_rows

    recorded: dict[str, int] | None = (run.summary or {}).get("totals")
    if recorded is not None or run.command != "run":
        return recorded
    totals: Counter[str] = Counter()
    for (outcome, _, _), rows in count_rows(journal, run.number).items():
        totals[outcome] += rows
    return {"read": totals.total(), **totals}


def _run_document(journal: Journal, run: Run) -> dict[str, Any]:
    from importer.record import iso

    summary = run.summary or {}
    return {
        "run": run.number,
        "command": run.command,
        "state": run.state.value,
        "started": iso(run.started),
        "ended": None if run.ended is None else iso(run.ended),
        "exit": summary.get("exit"),
        "totals": _totals(journal, run),
        "requests": summary.get("requests"),
        "message": summary.get("message"),
    }


def status_lines(found: dict[str, Any], columns: int | None) -> list[str]:
    """The same for a person, in so many columns but for what is to be copied; None: on whole lines."""
    from importer.report.screen import wrapped
    from importer.report.words import OUTCOMES

    lines = [f"Resume file  {found['resume_file']}", f"Account      {found['account']}", ""]
    lines.append("Titles on record, by what became of them last:")
    lines += [f"  {count:>8,}  {name:<12} {OUTCOMES[name]}" for name, count in sorted(found["items"].items())] or [
        "  none yet"
    ]
    if found["gone"]:
        lines.append(f"  {found['gone']:>8,}  gone from the last export of their site; Simkl keeps their ratings")
    if found["pending"]:
        rows = "1 row is" if found["pending"] == 1 else f"{found['pending']:,} rows are"
        lines += ["", f"Of the last import {rows} still to be sent: give the same command again."]
    lines += ["", "Last runs:"]
    room = columns and columns - 7
    for run in found["runs"]:
        totals = run["totals"] or {}
        numbers = ", ".join(f"{count:,} {name}" for name, count in totals.items() if count)
        ending = f"exit {run['exit']}" if run["exit"] is not None else "was killed or still goes on"
        lines.append(f"  {run['run']:>3}  {run['command']:<5} {run['started']}  {run['state']}, {ending}")
        lines += [f"       {line}" for text in (numbers, run["message"] or "") for line in wrapped(text, room)]
    return lines
