"""The plan of a run: what is read, what is remembered and what the account says, decided title by title."""

from __future__ import annotations

from dataclasses import replace

from importer.journal.batches import Change
from importer.journal.gifts import given
from importer.journal.items import remembered
from importer.journal.rows import fresh_rejects, tried_rows
from importer.journal.store import Journal
from importer.plan.decide import Rules
from importer.plan.draft import draft
from importer.plan.judge import Policy
from importer.plan.resolve import Retry, resolve
from importer.run.job import Options, Plan
from importer.run.mending import Mending
from importer.run.reading import Reading
from importer.run.recovery import arrived, carry
from importer.simkl.account import Account


def make_plan(
    journal: Journal, reading: Reading, mended: Mending, account: Account, options: Options,
    *, start: int, now: int, run: int | None,
) -> Plan:  # fmt: skip
    """Decide every title. `run` is the stopped run that this one continues, `start` when it began."""
    past = remembered(journal)
    for key in mended.gifts:
        if key in past:  # what was found and settled for a key was another title's, once a person says which it is
            past[key] = replace(past[key], base=None, simkl=None, asked=None)
    known = {key: one.simkl for key, one in past.items() if one.simkl is not None}
    policy = Policy(start, options.undated, options.only, options.since)
    gifts = given(journal) | mended.gifts
    drafted = draft(mended.rows, policy, gifts, known)
    ours = drafted.ours(start)
    found = arrived(journal, ours, account, past)
    carried = tried_rows(journal, run) if run is not None else {}
    resolved = resolve(
        ours, drafted.items, past, account.find, Rules(start, options.on_conflict, options.redate),
        Retry(now, options.retry_not_found, _left(options.limit, len(carried) + _count(found, run)), carried),
    )  # fmt: skip
    if run is not None:
        carried = carry(reading, resolved, found, run) | carried
    findings = fresh_rejects(journal, run) if run is not None else frozenset()
    return Plan(reading, drafted.items, drafted.faults, resolved, past, carried, findings, gifts)


def _count(found: dict[str, Change], run: int | None) -> int:
    return sum(change.run == run for change in found.values())


def _left(limit: int | None, tried: int) -> int | None:
    return None if limit is None else max(0, limit - tried)
