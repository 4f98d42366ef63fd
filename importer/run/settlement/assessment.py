"""What a reading makes of all that is open: what is on record is held against it, and pages are asked in doubt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from importer.journal.change import Evidence
from importer.journal.changes import any_unsettled, open_but_plain, open_changes, titles_with_changes
from importer.journal.moved import moved_titles
from importer.journal.plain import WasListed, note_plain, withdraw_plain
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.plan.names import Names
from importer.readback.habit import Habit, learn
from importer.readback.known import Known
from importer.readback.matching import unclear_titles
from importer.readback.placing import doubtful_titles, find_changes
from importer.readback.plain import PlainSearch, Spoken
from importer.readback.settlement import Settlement, Unsettled
from importer.readback.settling import settle
from importer.readback.title import Rival
from importer.run.settlement.dates import habit_by_others, habit_on_record, pairs_of
from importer.run.settlement.on_record import openings_of, unsettled_on_record
from importer.send.pages import other_names
from importer.simkl.account import Account
from importer.simkl.client import Client

MOST_NAMES = 200
"""Titles whose own page is asked for their other names, in one command: a few at a time, and nobody counts them."""


@dataclass(slots=True)
class Assessor:
    """Judges readings for one command that began at `start`. `names` are the other names that pages told so far."""

    client: Client
    journal: Journal
    clock: Clock
    start: int
    names: dict[int, Names] = field(default_factory=dict)

    async def assess(
        self, account: Account, rivals: Mapping[int, Sequence[Rival]], current: int | None, was_listed: WasListed
    ) -> tuple[Settlement, Habit | None]:
        """Judge a reading, and tell how the service gives dates back by it. `current` is the run that just sent."""
        unsettled = unsettled_on_record(self.journal, self.start, rivals)
        kept = habit_on_record(self.journal)
        known = Known(
            account=account,
            openings=openings_of(self.journal, unsettled),
            led=unsettled.led,
            habit=kept,
            moved=moved_titles(self.journal),
            current=current,
        )
        plain = self._note_plain(unsettled, known, was_listed)
        unsettled.changes.extend(open_but_plain(self.journal))
        known = replace(known, claimed=plain.titles)
        placed = find_changes(unsettled, known)
        pairs = list(dict.fromkeys((*plain.pairs(), *pairs_of(placed, account))))
        habit = learn(pairs) or kept or habit_by_others(self.journal, pairs, account)
        if plain.titles and habit != plain.habit:  # the others disagree about the dates: then nothing is plain
            self._note_nothing(was_listed)
            unsettled.changes[:] = open_but_plain(self.journal)
            known = replace(known, claimed=())
            placed = find_changes(unsettled, known)
        if habit != kept:
            known = replace(known, habit=habit)
            if any(change.evidence in (None, Evidence.MOMENT, Evidence.SET, Evidence.ONLY) for change in placed):
                placed = find_changes(unsettled, known)
        unclear = unclear_titles(placed, known) if any(change.evidence is None for change in placed) else []
        if unclear:
            await self._ask_names(unclear, account)
            placed = find_changes(unsettled, replace(known, names=self.names))
        # As they were before they were placed nobody needs them any more, and they are as large as the run.
        unsettled.changes.clear()
        await self._ask_names(doubtful_titles(placed, account.by_simkl), account)
        return settle(unsettled, placed, known, self.names, int(self.clock.now())), habit

    def _note_plain(self, unsettled: Unsettled, known: Known, was_listed: WasListed) -> PlainSearch:
        """Note the changes that need no rule."""
        touched = titles_with_changes(self.journal) if any_unsettled(self.journal) else set()
        search = PlainSearch(
            known, Spoken(unsettled.bases, touched.union(unsettled.rivals, unsettled.debts), unsettled.wrong)
        )
        changes = open_changes(self.journal) if any_unsettled(self.journal) else ()
        with self.journal.transaction():
            note_plain(self.journal, search.candidates(changes), was_listed)
            withdraw_plain(self.journal, search.withdrawn())
        return search

    def _note_nothing(self, was_listed: WasListed) -> None:
        with self.journal.transaction():
            note_plain(self.journal, (), was_listed)

    async def _ask_names(self, titles: Iterable[int], account: Account) -> None:
        """Ask for the other names of titles, before any of them is called wrong."""
        asked = [account.by_simkl[simkl] for simkl in titles if simkl not in self.names]
        self.names.update(await other_names(self.client, asked[:MOST_NAMES]))
