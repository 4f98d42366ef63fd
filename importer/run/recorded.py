"""What is told of runs from the resume file alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

from importer.journal import runs
from importer.journal.changes import any_older, any_unread, count_open, missing_changes
from importer.journal.owed import MOST_TRIES, Debt, count_debts, debts, is_due, stuck_debts
from importer.journal.owner import account_of, owner_of
from importer.journal.reporting import taken_back_by
from importer.journal.rows import count_rows
from importer.journal.store import Journal
from importer.journal.trial import any_borrowed
from importer.model import Command, Outcome, iso_or_none
from importer.readback.missing import EXPIRES
from importer.record import UNSENDABLE, Requests, SourceSummary, Summary
from importer.report.words import stuck_steps, undone_words, unpaid_words


def nothing_new(journal: Journal, job: str, now: float, *, retry_not_found: bool) -> Summary | None:
    """The summary of a job whose mark says that it has nothing to do, or None if it may have."""
    mark = runs.find_mark(journal, job)
    if mark is None or (mark.due is not None and mark.due <= now):
        return None
    kept = mark.summary
    if retry_not_found and kept["totals"].get(Outcome.NOT_FOUND.value):
        return None
    if any(is_due(debt, int(now)) for debt in debts(journal).values()) or any_borrowed(journal, int(now), MOST_TRIES):
        return None
    last = runs.last_run(journal)
    if last is not None and last.state is not runs.State.FINISHED:
        return None
    if any_unread(journal) or any_older(journal, int(now) - EXPIRES) or missing_changes(journal, int(now)):
        return None
    owed, stuck = count_debts(journal)
    return Summary(
        command=Command.RUN,
        exit=0,
        run=mark.run,
        sources=tuple(SourceSummary(one["path"], one["format"], one["rows"]) for one in kept["sources"]),
        totals=kept["totals"],
        reasons=kept["reasons"],
        dates=kept.get("dates", {}),
        message="nothing new",
        open=count_open(journal),
        owed=owed,
        stuck=stuck,
    )


def recorded_summary(journal: Journal, run: runs.Run) -> Summary:
    """A run's summary as recorded at its end, with its totals as its rows stand now."""
    kept = run.summary or {}
    totals, reasons, notes, dates = counted(journal, run.number)
    owed, stuck = count_debts(journal)
    number = account_of(journal).partition("@")[0]
    return Summary(
        command=run.command,
        exit=kept.get("exit", 0),
        run=run.number,
        account_id=int(number) if number.isdecimal() else None,
        account_name=owner_of(journal),
        resume_file=str(journal.path),
        sources=tuple(SourceSummary(one["path"], one["format"], one["rows"]) for one in kept.get("sources", ())),
        totals=kept.get("totals") if run.command == Command.UNDO else {"read": totals.total(), **totals},
        reasons=reasons,
        notes=notes,
        dates=dates,
        requests=Requests(**kept.get("requests", {})),
        seconds=kept.get("seconds", 0.0),
        message=kept.get("message"),
        started=run.started,
        open=count_open(journal),
        owed=owed,
        stuck=stuck,
    )


def summary_of(journal: Journal, run: runs.Run) -> Summary:
    """Return a run's summary as recorded at its end; of a run that was killed, as its rows stand.

    Where it was taken back since, it says so, and what could not be given back and is not tried any more.
    """
    summary = recorded_summary(journal, run)
    numbers = taken_back_by(journal, run.number)
    undos = [found for number in numbers if (found := runs.find_run(journal, number)) is not None]
    said = [undone_words(undo.number, (undo.summary or {}).get("totals") or {}) for undo in undos]
    message = summary.message or ""
    said += [words for debt in stuck_debts(journal) if (words := stuck_words(debt)) not in message]
    return replace(summary, message="; ".join([*([message] if message else []), *said]) or None)


def totals_of(journal: Journal, run: runs.Run) -> dict[str, int] | None:
    """Return a run's totals as recorded at its end; of an import that was killed, as its rows stand."""
    recorded: dict[str, int] | None = (run.summary or {}).get("totals")
    if recorded is not None or run.command not in (Command.RUN, Command.MEND):
        return recorded
    totals, *_ = counted(journal, run.number)
    return {"read": totals.total(), **totals}


def counted(
    journal: Journal, run: int
) -> tuple[Counter[str], dict[str, dict[str, int]], dict[str, int], dict[str, int]]:
    """A run's rows by outcome, by reason within each outcome, by note, and the sendable ones by where their date is
    from."""
    totals: Counter[str] = Counter()
    reasons: defaultdict[str, Counter[str]] = defaultdict(Counter)
    notes: Counter[str] = Counter()
    dates: Counter[str] = Counter()
    for (outcome, reason, note, origin), count in count_rows(journal, run).items():
        totals[outcome] += count
        if reason is not None:
            reasons[outcome][reason] += count
        if note is not None:
            notes[note] += count
        if origin is not None and outcome not in UNSENDABLE:
            dates[origin] += count
    return totals, {outcome: dict(counts) for outcome, counts in reasons.items()}, dict(notes), dict(dates)


def stuck_words(debt: Debt) -> str:
    """What a person should know of a title that is not tried any more, and how to go on with it."""
    unpaid = unpaid_words(debt.title, debt.rating, iso_or_none(debt.read_at))
    return f"{unpaid} ({stuck_steps(debt.key)})" if debt.key else unpaid
