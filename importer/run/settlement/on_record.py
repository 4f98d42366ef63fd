"""What is on record of all that is open, for a reading to be judged by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from importer.journal import account as snapshots
from importer.journal import runs
from importer.journal.asks import where_questions_led
from importer.journal.changes import changes_on, last_payments, runs_open, titles_cleared
from importer.journal.items import known_bases, questions_on_record
from importer.journal.owed import debts
from importer.journal.store import Journal
from importer.plan.believed import believed, is_vague
from importer.plan.decide import OnConflict, Rules
from importer.plan.sides import Base
from importer.readback.known import Opening
from importer.readback.settlement import Unsettled
from importer.readback.title import Rival


def unsettled_on_record(journal: Journal, start: int, rivals: Mapping[int, Sequence[Rival]]) -> Unsettled:
    """Return all that is on record of what is open, save the changes themselves. `start` is when the command began."""
    rules = {number: _rules(run) for number, run in runs.all_rules(journal).items()}
    bases: dict[str, Base] = {}
    vague: dict[int, list[Base]] = {}
    led = where_questions_led(journal, questions_on_record(journal))
    lying: dict[int, list[str]] = {}
    for key, simkl, asked, base in known_bases(journal):
        bases[key] = base
        if simkl is not None and asked not in led.wrong:
            lying.setdefault(simkl, []).append(key)
        if simkl is not None and is_vague(base):
            vague.setdefault(simkl, []).append(base)
    return Unsettled(
        changes=[],
        history=lambda titles: changes_on(journal, titles),
        debts=debts(journal),
        wrong=led.wrong,
        rules=lambda run: rules.get(run) or Rules(start),
        bases=bases,
        believed=lambda theirs: believed(theirs, vague),
        rivals=rivals,
        settled=lambda simkl: [
            Rival(key, date, 0) for key in lying.get(simkl, ()) if (date := bases[key].said_date) is not None
        ],
        led=led.to,
        cleared=lambda titles: titles_cleared(journal, titles),
        payments=lambda titles: last_payments(journal, titles),
    )


def openings_of(journal: Journal, unsettled: Unsettled) -> dict[int, Opening]:
    """Return what stood on the account before each run that left something open, and on the titles that are owed."""
    openings = {run: Opening(*snapshots.opening_ratings(journal, run)) for run in runs_open(journal)}
    for run, ratings in snapshots.openings_of(journal, unsettled.debts).items():
        openings.setdefault(run, Opening(ratings, whole=False))
    return openings


def _rules(run: runs.Run) -> Rules:
    return Rules(run.started, OnConflict(run.on_conflict or OnConflict.NEWER), run.redate)
