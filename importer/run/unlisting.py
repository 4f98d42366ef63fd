"""The last part of `undo --unlist`: titles that a rating of ours put onto a list leave the library again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from importer.errors import ImporterError
from importer.events import Listen, Phase, PhaseBegan
from importer.journal import account as snapshots
from importer.journal.life import batch_times
from importer.journal.rows import lists_named
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.model import Outcome
from importer.readback.habit import Habit
from importer.readback.unlisting import Doubt, Sent, doubt_about
from importer.record import TakenBack
from importer.run.settlement.settler import LOOK_AGAIN
from importer.run.wishes import UndoneTitle
from importer.send.snapshot import library_rows, snapshot
from importer.send.unlistings import unlist
from importer.simkl.client import Client
from importer.simkl.library import Listed


@dataclass(slots=True)
class Unlisting:
    """What was found of titles in the library, and what became of them. `stop` is what ended it early."""

    leaving: dict[str, Listed] = field(default_factory=dict)
    doubts: dict[int, Doubt] = field(default_factory=dict)
    outcomes: dict[int, TakenBack | Outcome] = field(default_factory=dict)
    stop: ImporterError | None = None


async def find_leaving(
    client: Client, journal: Journal, titles: Sequence[UndoneTitle], habit: Habit | None
) -> Unlisting:
    """Read the library anew and tell which titles may leave it. A title that is not in it is no matter of ours."""
    found = Unlisting()
    rows = {row.simkl: row for row in await library_rows(client)}
    sent = _sent(journal, titles)
    for title in titles:
        row = rows.get(title.simkl)
        if row is None:
            continue
        doubt = doubt_about(row, title.changes, sent, habit)
        if doubt is None:
            found.leaving[title.changes[0].key] = row
            found.outcomes[title.simkl] = Outcome.PENDING
        else:
            found.doubts[title.simkl] = doubt
    return found


def _sent(journal: Journal, titles: Sequence[UndoneTitle]) -> Mapping[int, Sent]:
    changes = [change for title in titles for change in title.changes]
    numbers = {change.run for change in changes}
    named = {run: lists_named(journal, run) for run in numbers}
    times = {run: batch_times(journal, run) for run in numbers}
    return {
        change.order: Sent(named[change.run].get(change.key), *times[change.run][change.batch]) for change in changes
    }


async def take_off(client: Client, journal: Journal, clock: Clock, listen: Listen, run: int, found: Unlisting) -> None:
    """Take titles off the library and read whether they are gone; what stops it is kept with what was found."""
    if not found.leaving:
        return
    listen(PhaseBegan(Phase.SENDING))
    numbers = [row.simkl for row in found.leaving.values()]
    try:
        answers = await unlist(client, journal, run, clock, found.leaving, listen)
        listed = await _read_lists(client, journal)
        if any(simkl in listed for simkl in numbers if answers.get(simkl) is not Outcome.FAILED):
            await clock.sleep(LOOK_AGAIN)
            listed = await _read_lists(client, journal)
    except ImporterError as error:
        found.stop = error
        return
    for simkl in numbers:
        found.outcomes[simkl] = _outcome(answers.get(simkl), listed=simkl in listed)


def _outcome(answer: Outcome | None, *, listed: bool) -> TakenBack | Outcome:
    if not listed:
        return TakenBack.UNLISTED
    if answer is None:
        return Outcome.PENDING
    return answer if answer in (Outcome.NOT_FOUND, Outcome.FAILED) else Outcome.UNCONFIRMED


async def _read_lists(client: Client, journal: Journal) -> frozenset[int]:
    await snapshot(client, journal, lists=True)
    return snapshots.listed_numbers(journal) or frozenset()
