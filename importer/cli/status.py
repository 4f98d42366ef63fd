"""What the resume file holds."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, Any

import click

from importer.cli.last_calls import LastCalls
from importer.cli.options import Effective, options_of
from importer.cli.streams import print_document
from importer.errors import ExitStatus

if TYPE_CHECKING:
    from pathlib import Path

    from importer.journal.corrections import Remembrance
    from importer.journal.owed import Debt
    from importer.journal.runs import Run
    from importer.journal.store import Journal
    from importer.machine.places import Places

LAST = 5
"""Runs shown."""

CHOICES = 20
"""Of what a person gave for rows, so many are shown."""


@click.command(epilog="Example:  simkl-import status")
@click.option("--all", "every", is_flag=True, help="Every account of every profile on this machine.")
@options_of("status")
def status(every: bool, **given: Any) -> int:
    """Tell what the resume file holds: totals, what is pending, the last runs, rows gone from the export."""
    from importer.cli.resume_file import resume_file

    values = Effective(given)
    if every:
        if values["resume-file"] is not None or values["profile"] is not None:
            raise click.UsageError("--all shows every account: leave --resume-file and --profile out")
        return _all_profiles(values)
    with resume_file(values) as journal:
        found = status_document(journal, values.known_places)
    if values["json"]:
        print_document({"schema": 1, "command": "status", "exit": ExitStatus.DONE, **found, "message": None})
    else:
        from importer.report.screen import room

        _print_lines(status_lines(found, room(sys.stdout)), values["profile"], values["resume-file"])
    return ExitStatus.DONE


def _all_profiles(values: Effective) -> int:
    """Tell it of every account that has a resume file of its own, profile by profile."""
    from importer.errors import ResumeFileError

    found = [
        _account_document(places, path)
        for places in values.places.all_profiles()
        for path in sorted(places.state.glob("*.sqlite"))
    ]
    if not found:
        raise ResumeFileError(f"there is no resume file under {values.places.state}", "run an import first")
    status = ExitStatus.USAGE if any(one["message"] for one in found) else ExitStatus.DONE
    if values["json"]:
        print_document({"schema": 1, "command": "status", "exit": status, "accounts": found, "message": None})
        return status
    from importer.report.screen import room

    columns = room(sys.stdout)
    for n, document in enumerate(found):
        _print_lines([""] * (n > 0))
        lines = [document["message"]] if document["message"] else status_lines(document, columns)
        _print_lines(lines, document["profile"])
    return status


def _account_document(places: Places, path: Path) -> dict[str, Any]:
    """Return what is told of one account; a resume file that cannot be read must not hide those of the others."""
    from importer.errors import ResumeFileError
    from importer.journal.file import read_journal

    try:
        journal = read_journal(path)
    except ResumeFileError as error:
        return {"profile": places.profile or None, "resume_file": str(path), "message": error.message}
    try:
        return {**status_document(journal, places), "message": None}
    finally:
        journal.close()


def _print_lines(lines: list[str], profile: str | None = None, resume_file: Path | None = None) -> None:
    """Print them; a command that is shown works on the same account."""
    from importer.cli.main import of_profile
    from importer.report.safe import for_terminal, quoted

    named = "" if resume_file is None else f" --resume-file {quoted(str(resume_file))}"
    for line in lines:
        whole = re.sub(r"\bsimkl-import (mend|undo)\b", lambda found: found[0] + named, of_profile(line, profile))
        click.echo(for_terminal(whole))


def status_document(journal: Journal, places: Places | None) -> dict[str, Any]:
    """Return what `--json` says of one resume file; `places` are those of its profile."""
    from importer.journal.changes import count_open
    from importer.journal.corrections import remembrances
    from importer.journal.gone import count_gone
    from importer.journal.items import outcomes
    from importer.journal.owed import count_debts, stuck_debts
    from importer.journal.owner import account_of
    from importer.journal.runs import all_runs, last_import
    from importer.journal.trial import borrowed
    from importer.run.recorded import totals_of

    last = last_import(journal)
    owed, stuck = count_debts(journal)
    return {
        "profile": (places.profile or None) if places is not None else None,
        "sign_in": _sign_in(places),
        "account": account_of(journal),
        "resume_file": str(journal.path),
        "items": outcomes(journal),
        "pending": 0 if last is None else (totals_of(journal, last) or {}).get("pending", 0),
        "gone": count_gone(journal),
        "choices": [_choice_document(one) for one in remembrances(journal)],
        "runs": [_run_document(journal, run) for run in all_runs(journal, LAST)],
        "open": count_open(journal),
        "owed": owed,
        "stuck": stuck,
        "not_given_back": [_unpaid(debt) for debt in stuck_debts(journal)],
        "borrowed": [{"title": one.title, "year": one.year} for one in borrowed(journal).values()],
        "last": LastCalls.at(places.state).of(account_of(journal)) if places is not None else None,
    }


def _sign_in(places: Places | None) -> str | None:
    """Return where a command would take its token from: a variable, which wins, or the token file."""
    from importer.signin.credentials import winning_variable

    variable = winning_variable(os.environ)
    if variable or places is None:
        return variable or None
    return str(places.token_file) if places.token_file.exists() else None


def _choice_document(one: Remembrance) -> dict[str, Any]:
    correction = one.given
    return {
        "key": one.key,
        "title": one.title,
        "year": one.year,
        "ids": dict(correction.ids),
        "type": correction.kind and correction.kind.value,
        "given_year": correction.year,
        "absent": correction.absent,
    }


def _row_words(choice: dict[str, Any]) -> str:
    year = f" ({choice['year']})" if choice["year"] else ""
    return f"{choice['title']}{year}: " if choice["title"] else ""


def _choice_words(choice: dict[str, Any]) -> str:
    given = [f"{name} {value}" for name, value in choice["ids"].items()]
    given += [f"{name} {choice[field]}" for name, field in (("type", "type"), ("year", "given_year")) if choice[field]]
    return "not on Simkl" if choice["absent"] else ", ".join(given) or "another value"


def _borrowed_words(found: list[dict[str, Any]]) -> str:
    names = ", ".join(f"{one['title']} ({one['year']})" if one["year"] else one["title"] for one in found)
    return f"A live test was stopped before it had put everything back: {names}. This does it, or the next run:"


def _unpaid(debt: Debt) -> dict[str, Any]:
    """Return what a title should have had that was tried in vain often enough."""
    from importer.model import iso_or_none

    rated_at = iso_or_none(debt.read_at)
    return {"key": debt.key, "title": debt.title, "rating": debt.rating, "rated_at": rated_at}


def _run_document(journal: Journal, run: Run) -> dict[str, Any]:
    from importer.model import iso, iso_or_none
    from importer.run.recorded import totals_of

    summary = run.summary or {}
    return {
        "run": run.number,
        "command": run.command,
        "state": run.state.value,
        "started": iso(run.started),
        "ended": iso_or_none(run.ended),
        "exit": summary.get("exit"),
        "totals": totals_of(journal, run),
        "requests": summary.get("requests"),
        "message": summary.get("message"),
    }


def status_lines(found: dict[str, Any], columns: int | None) -> list[str]:
    """Return the same for a person, in so many columns but for what is to be copied; None: on whole lines."""
    from importer.report.screen import wrapped
    from importer.report.words import OUTCOMES, stuck_steps, unpaid_words

    lines = [f"Profile      {found['profile']}"] if found["profile"] else []
    lines += [f"Resume file  {found['resume_file']}", f"Account      {found['account']}"]
    lines += [f"Sign-in      {found['sign_in'] or 'nobody is signed in: simkl-import login'}", ""]
    lines.append("Titles on record, by what became of them last:")
    lines += [f"  {count:>8,}  {name:<12} {OUTCOMES[name]}" for name, count in sorted(found["items"].items())] or [
        "  none yet"
    ]
    if found["gone"]:
        lines.append(f"  {found['gone']:>8,}  gone from the last export of their site; Simkl keeps their ratings")
    if found["pending"]:
        rows = "1 row is" if found["pending"] == 1 else f"{found['pending']:,} rows are"
        lines += ["", f"Of the last import {rows} still to be sent: give the same command again."]
    choices = found["choices"]
    if choices:
        lines += ["", "What you gave for rows (simkl-import mend --forget KEY takes it back):"]
        lines += [f"  {one['key']}  {_row_words(one)}{_choice_words(one)}" for one in choices[:CHOICES]]
        if len(choices) > CHOICES:
            lines.append(f"  and {len(choices) - CHOICES:,} more: --json has them all")
    if found["borrowed"]:
        lines += ["", *wrapped(_borrowed_words(found["borrowed"]), columns), "  simkl-import doctor --live"]
    owed = found["owed"] + found["stuck"] - len(found["not_given_back"]) - len(found["borrowed"])
    if owed > 0:
        what = "1 rating is" if owed == 1 else f"{owed:,} ratings are"
        lines += ["", f"{what} still owed to your account: the next command that writes tries again."]
    if found["not_given_back"]:
        lines += ["", "Tried in vain, and not tried any more:"]
        for debt in found["not_given_back"]:
            lines.append(f"  {unpaid_words(debt['title'], debt['rating'], debt['rated_at'])}")
            lines += [f"    {stuck_steps(debt['key'])}"] * bool(debt["key"])
    last = found["last"]
    if last is not None:
        what = "nothing new" if last.get("nothing_new") else f"run {last.get('run')}, exit {last.get('exit')}"
        lines += ["", f"Last call of run  {last.get('time')}: {what}"]
    lines += ["", "Last runs:"]
    room = columns and columns - 7
    for run in found["runs"]:
        totals = run["totals"] or {}
        numbers = ", ".join(f"{count:,} {name}" for name, count in totals.items() if count)
        ending = f"exit {run['exit']}" if run["exit"] is not None else "was killed or still goes on"
        lines.append(f"  {run['run']:>3}  {run['command']:<6} {run['started']}  {run['state']}, {ending}")
        lines += [f"       {line}" for text in (numbers, run["message"] or "") for line in wrapped(text, room)]
    return lines
