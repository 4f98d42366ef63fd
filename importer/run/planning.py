"""The plan of a run: what is read, what is remembered and what the account says, decided title by title."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from importer.journal.asks import Led, where_questions_led
from importer.journal.change import Role, State
from importer.journal.changes import changes_on
from importer.journal.corrections import given
from importer.journal.items import kept_otherwise, remembered
from importer.journal.moved import kept_habit
from importer.journal.owed import Debt, debts
from importer.journal.rows import fresh_rejects, tried_rows
from importer.journal.store import Journal
from importer.model import AccountRating, Date, Outcome
from importer.plan.again import Retry
from importer.plan.decide import Rules
from importer.plan.draft import draft
from importer.plan.judge import Policy
from importer.plan.resolve import Standing, resolve
from importer.plan.rivals import Layer
from importer.plan.sides import Remembered
from importer.readback.appearance import shown_between
from importer.readback.habit import Habit
from importer.run.job import Options, Plan
from importer.run.mending import Mending
from importer.run.reading import Reading
from importer.simkl.account import Account

_ON_TITLE = (Outcome.APPLIED, Outcome.UNCHANGED, Outcome.DUPLICATE)
"""Outcomes of rows that lie on their title together with whatever row won there."""


def make_plan(
    journal: Journal,
    reading: Reading,
    mended: Mending,
    account: Account,
    options: Options,
    *,
    start: int,
    now: int,
    run: int | None,
) -> Plan:
    """Decide every title. `run` is the stopped run that this one continues, `start` when it began."""
    past = remembered(journal)
    for key in mended.corrections:
        if key in past:  # what was found and settled for a key was another title's, once a person says which it is
            past[key] = replace(past[key], base=None, simkl=None, asked=None, kept=None)
    for key in kept_otherwise(journal, options.on_conflict.value, redate=options.redate):
        past[key] = replace(past[key], kept=None)
    led = where_questions_led(journal, ((one.asked, one.simkl) for one in past.values() if _asks(one)))
    known = {key: one.simkl for key, one in past.items() if one.simkl is not None and one.asked not in led.wrong}
    policy = Policy(start, options.undated, options.only, options.since)
    corrections = given(journal) | mended.corrections
    drafted = draft(mended.rows, policy, corrections, known)
    carried = tried_rows(journal, run) if run is not None else {}
    titles = resolve(
        drafted.titles(start),
        drafted.items,
        past,
        account.find,
        Rules(start, options.on_conflict, options.redate),
        Retry(now, options.retry_not_found, _left(options.limit, len(carried)), carried),
        replace(_standing(led, past, debts(journal), account), layers=lambda titles: _layers(journal, titles)),
    )
    findings = fresh_rejects(journal, run) if run is not None else frozenset()
    return Plan(
        reading=reading,
        items=drafted.items,
        verdicts=drafted.verdicts,
        titles=titles,
        past=past,
        carried=carried,
        findings=findings,
        corrections=corrections,
        misleading=led.misleading,
    )


def _asks(past: Remembered) -> bool:
    """Whether the number on record is a question: of a rejected row it is what the row said."""
    return past.outcome is not Outcome.REJECTED


def _standing(led: Led, past: Mapping[str, Remembered], owed: Mapping[int, Debt], account: Account) -> Standing:
    return Standing(
        led=led.to,
        wrong=led.wrong,
        owed={simkl: _as_owed(debt, account.by_simkl.get(simkl)) for simkl, debt in owed.items()},
        rivals=_rivals(past.items(), led),
    )


def _layers(journal: Journal, titles: Collection[int]) -> dict[int, list[Layer]]:
    """What our rows put onto titles and is settled there, in sending order."""
    kept = kept_habit(journal)
    habit = None if kept is None else Habit(*kept)
    return {
        simkl: [
            Layer(key=one.key, rating=one.rating, date=one.date, shown=shown_between(one, habit), before=one.before)
            for one in changes
            if one.role is Role.ROW and one.state is State.SETTLED and one.rating is not None
        ]
        for simkl, changes in changes_on(journal, titles).items()
    }


def _as_owed(debt: Debt, theirs: AccountRating | None) -> AccountRating | None:
    """What a title is to have once its debt is paid: that is what a row is decided against."""
    if debt.rating is None:
        return None
    if theirs is None:
        return AccountRating(
            simkl=debt.simkl,
            kind=debt.kind,
            title=debt.title,
            year=debt.year,
            ids=(),
            rating=debt.rating,
            rated_at=debt.read_at,
        )
    return replace(theirs, rating=debt.rating, rated_at=debt.read_at)


def _rivals(past: Iterable[tuple[str, Remembered]], led: Led) -> dict[int, dict[str, Date]]:
    """The titles on which rows on record lie, each row with its date."""
    found: dict[int, dict[str, Date]] = {}
    for key, one in past:
        # What a row says that needed no sending its base tells; of one that lost that is as old as its last victory.
        said = one.base.said_date if one.base is not None else None
        date = (one.wanted or said) if one.outcome is Outcome.DUPLICATE else (said or one.wanted)
        lies = one.outcome in _ON_TITLE or (one.outcome is Outcome.KEPT and one.base is not None)
        if one.simkl is None or date is None or not lies or one.asked in led.wrong:
            continue
        found.setdefault(one.simkl, {})[key] = date
    return found


def _left(limit: int | None, tried: int) -> int | None:
    return None if limit is None else max(0, limit - tried)
