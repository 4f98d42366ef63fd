"""The end of an import: what is remembered for the next one, what may be forgotten, and the summary of it all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from importer.errors import ImporterError, InterruptedRunError, ServiceStopError
from importer.journal import account as snapshots
from importer.journal import runs
from importer.journal.asks import keep_questions
from importer.journal.changes import count_open
from importer.journal.gone import set_gone
from importer.journal.items import keys_of_sites, next_due, remember
from importer.journal.owed import any_due, count_debts
from importer.journal.rows import any_fresh, prune_rows
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.model import Command, Date, Ids, Item, Note, Origin, Outcome, Reason, value
from importer.plan.sides import Base, Remembered
from importer.plan.title import Title
from importer.record import Requests, SourceSummary, Summary, summary_document
from importer.run.job import Options, Plan, Progressed
from importer.run.mend.joining import join_mended
from importer.run.mending import FORMAT
from importer.run.recorded import counted
from importer.run.refusal import row_digest, seen_before


@value
class Ending:
    """What the end of a run needs to know of its plan, which lives no longer than the sending: a large one is most of
    the memory.

    `left` is what is to be remembered of rows that are not sent; `gone` the keys of these `sites` that the exports give
    no more; `sums` those of the ratings that the rows give; `limited` tells that `--limit` left some for another run.
    `asked_anew` are the keys of `left` whose question is another one than before.
    """

    sources: tuple[SourceSummary, ...]
    left: list[tuple[Item, Ids, Remembered]]
    sites: frozenset[str]
    gone: list[str]
    sums: Sequence[int]
    limited: bool
    asked_anew: Sequence[str] = ()

    @property
    def read(self) -> int:
        """How many rows were read."""
        return sum(source.rows for source in self.sources)


def ending_of(journal: Journal, plan: Plan, options: Options) -> Ending:
    """Take from a plan what the end of its run needs."""
    ratings = {item.key: item.rating for item in plan.items}
    sites = frozenset(export.format for export in plan.reading.exports) - {FORMAT}
    limited = options.limit is not None and any(
        one.outcome is Outcome.SKIPPED and one.reason is Reason.FILTERED for one in plan.titles
    )
    sources = zip(plan.reading.exports, plan.reading.counts(), strict=True)
    left = list(_left_alone(plan))
    return Ending(
        sources=tuple(SourceSummary(export.path, export.format, count) for export, count in sources),
        left=left,
        sites=sites,
        gone=[key for key in keys_of_sites(journal, sorted(sites)) if key not in ratings],
        sums=runs.rating_sums(ratings),
        limited=limited,
        asked_anew=[
            item.key
            for item, _, now in left
            if (past := plan.past.get(item.key)) is not None and past.asked not in (None, now.asked)
        ],
    )


def end_import(
    journal: Journal,
    clock: Clock,
    ending: Ending,
    options: Options,
    job: str,
    got: Progressed,
    requests: Requests,
    seconds: float,
) -> Summary:
    """Put the end of a run on record and tell what became of it."""
    state = runs.State.FINISHED if got.stop is None else runs.State.STOPPED
    now = int(clock.now())
    with journal.transaction():
        keep_questions(journal, ending.asked_anew)
        remember(journal, ending.left)
        if state is runs.State.FINISHED:
            set_gone(journal, got.run, sorted(ending.sites), ending.gone)
            snapshots.trim_openings(journal, now)
            prune_rows(journal)
        summary = summarize(journal, ending, options, got, requests, seconds)
        if options.command == Command.MEND:
            join_mended(journal)
        runs.end(journal, got.run, state, now, summary_document(summary))
        runs.unmark(journal, ending.sums, but=job)
        if state is runs.State.FINISHED and not options.dry_run and options.command == Command.RUN:
            _mark(journal, job, ending, summary)
    return summary


def summarize(
    journal: Journal, ending: Ending, options: Options, got: Progressed, requests: Requests, seconds: float
) -> Summary:
    """The summary of a run, counted from its rows on record. A row too many or too few is a defect: exit 1."""
    totals, reasons, notes, dates = counted(journal, got.run)
    read = ending.read
    balanced = totals.total() == read
    stop = got.stop
    message = stop.message if stop is not None else got.warning or None
    owed, stuck = count_debts(journal)
    if not balanced:
        message = f"{read} rows were read, but {totals.total()} have an outcome: a defect of this program"
    return Summary(
        command=options.command,
        exit=1 if not balanced else exit_of(stop, fresh=got.fresh or any_fresh(journal, got.run)),
        run=got.run,
        dry_run=options.dry_run,
        sources=ending.sources,
        totals={"read": read, **totals},
        reasons=reasons,
        notes=notes,
        dates=dates,
        requests=requests,
        seconds=seconds,
        message=message,
        hint=stop.hint if stop is not None else got.hint,
        resume_at=stop.resume_at if isinstance(stop, ServiceStopError) else None,
        started=got.started,
        open=count_open(journal),
        owed=owed,
        stuck=stuck,
    )


def exit_of(stop: ImporterError | None, *, fresh: bool) -> int:
    """The exit status of a run that was stopped so, or was not."""
    if isinstance(stop, InterruptedRunError):
        return 128 + stop.signal_number
    if stop is not None:
        return stop.exit_code
    return 3 if fresh else 0


def _left_alone(plan: Plan) -> Iterator[tuple[Item, Ids, Remembered]]:
    """What is new to remember of rows that were not sent in this run."""
    sendable = {one.key for one in plan.titles}
    for one in plan.titles:
        if one.outcome is not Outcome.PENDING and not plan.is_done(one):
            now = _unsent(one, plan.past.get(one.key))
            if now is not None:
                yield one.item, one.ids, now
    for n, (item, verdict) in enumerate(zip(plan.items, plan.verdicts, strict=True)):
        if isinstance(verdict, Date) or verdict[0] is not Outcome.REJECTED or item.key in sendable or plan.closed(n):
            continue
        reason = verdict[1]
        if not seen_before(item, reason, plan.past.get(item.key)):
            yield (
                item,
                item.ids,
                Remembered(outcome=Outcome.REJECTED, reason=reason and reason.value, asked=row_digest(item)),
            )


def _unsent(one: Title, past: Remembered | None) -> Remembered | None:
    theirs = one.theirs
    simkl = theirs.simkl if theirs is not None else None
    # It was not sent: what is recorded of sending stays, above all a date that was a run's own.
    rating, date = (past.wanted_rating, past.wanted) if past is not None else (None, None)
    if one.outcome is Outcome.UNCHANGED and theirs is not None:
        base = Base(one.rating, _said(one, past), theirs.rating, theirs.rated_at)
        settled = past is not None and past.outcome in (Outcome.APPLIED, Outcome.UNCHANGED)
        if settled and past is not None and past.base == base and past.simkl == simkl:
            return None
        return Remembered(
            outcome=Outcome.UNCHANGED, asked=one.asked, simkl=simkl, wanted_rating=rating, wanted=date, base=base
        )
    if one.note is Note.OTHER_TITLE:
        # Told again only when the row changes: what it says now is put on record.
        if past is not None and past.outcome is Outcome.KEPT and past.wanted_rating == one.rating:
            return None
        simkl, rating, date = None, one.rating, one.sent_date
    elif one.outcome is not Outcome.KEPT or (
        past is not None and past.outcome is Outcome.KEPT and simkl in (None, past.simkl)
    ):
        return None
    return Remembered(
        outcome=Outcome.KEPT,
        reason=one.reason and one.reason.value,
        asked=one.asked,
        simkl=simkl,
        wanted_rating=rating,
        wanted=date,
    )


def _said(one: Title, past: Remembered | None) -> Date:
    """The date that the row said. A run's start, said before for the same rating, is not said anew by every run."""
    date, base = one.sent_date, past.base if past is not None else None
    if base is None or base.said_date is None or base.said_rating != one.rating:
        return date
    return base.said_date if date.origin is base.said_date.origin is Origin.RUN else date


def _mark(journal: Journal, job: str, ending: Ending, summary: Summary) -> None:
    """Mark the job as one with nothing new, unless something is still to be sent or owed, or hangs on the account: what
    is on no list today may be on one tomorrow.
    """
    totals = summary.totals or {}
    unlisted = summary.reasons.get(Outcome.SKIPPED.value, {}).get(Reason.NOT_LISTED.value)
    if unlisted or ending.limited or totals.get(Outcome.PENDING.value) or summary.run is None or any_due(journal):
        return
    next_time = summary_document(summary) | {"totals": _next_totals(totals), "notes": {}, "message": None, "exit": 0}
    due = next_due(journal, summary.run)
    runs.set_mark(journal, job, runs.Mark(summary.run, due, next_time), ending.sums)


def _next_totals(totals: Mapping[str, int]) -> dict[str, int]:
    """What an unchanged run would count: what was applied is unchanged."""
    settled = totals.get(Outcome.APPLIED.value, 0) + totals.get(Outcome.UNCHANGED.value, 0)
    return {**totals, Outcome.APPLIED.value: 0, Outcome.UNCHANGED.value: settled}
