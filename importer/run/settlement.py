"""What is open is settled first: every command that writes looks at what earlier ones left, and pays what is owed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from importer.events import Listen, Phase, PhaseBegan, Told
from importer.journal import account as snapshots
from importer.journal import landing, life, moved, paying, runs, undone
from importer.journal.asks import where_questions_led
from importer.journal.change import Change, Evidence, State
from importer.journal.changes import (
    any_unsettled,
    changes_of_run,
    changes_on,
    dates_otherwise,
    kinds_accepted,
    open_but_plain,
    open_changes,
    open_numbers,
    runs_open,
    titles_cleared,
    titles_with_changes,
)
from importer.journal.items import known_bases, outcomes_of, questions_on_record
from importer.journal.landing import Landing
from importer.journal.moved import (
    forget_looked_for,
    keep_habit,
    kept_habit,
    moved_titles,
    note_looked_for,
    vanished_titles,
)
from importer.journal.owed import MOST_TRIES, Debt, DebtState, Why, any_due, debts, is_due, owe, stuck_debts, tried
from importer.journal.plain import WasListed, land_plain, note_plain, runs_plain, withdraw_plain
from importer.journal.rows import doubt_rows, lose_rows
from importer.journal.store import Journal
from importer.journal.trial import any_borrowed
from importer.machine.clock import Clock
from importer.model import DAY, Date, Kind, Note, Outcome, Precision
from importer.plan.believed import believed
from importer.plan.decide import OnConflict, Rules
from importer.plan.names import Names
from importer.plan.sides import Base
from importer.readback.books import Books, Finding, Settlement
from importer.readback.habit import Habit, agrees, learn
from importer.readback.matching import Known, Opening, stands, unclear_titles
from importer.readback.placing import doubtful_titles, find_changes
from importer.readback.plain import PlainSearch, Spoken
from importer.readback.settling import is_paid, settle
from importer.readback.title import Rival
from importer.run.checkup.putting_back import left_words, put_back
from importer.run.recorded import stuck_words
from importer.send.pages import new_numbers, other_names, titles_gone
from importer.send.payments import pay
from importer.send.record import due_again, is_fresh
from importer.send.snapshot import distrust_stamps, reading_kept, snapshot, stamps_unmoved
from importer.simkl.account import Account
from importer.simkl.client import Client

MOST_PAGES = 20
"""Titles of ours that a reading lacks and whose own page is asked for, in one settlement."""

MOST_NAMES = 200
"""Titles whose own page is asked for their other names, in one command: a few at a time, and nobody counts them."""

LOOK_AGAIN = 10.0
"""Seconds before what is missing is looked for once more: reads may lag behind the write."""

ALIKE = "Simkl gives dates back coarser or shifted alike: a habit of the service, and no finding"

SECOND_LOOK = 3
"""Requests of the day that a second look needs: stamps and ratings, and one for what may have to be given back."""

SETTLE = "settle"
"""The command under whose number payments stand that belong to no run of their own."""


@dataclass(slots=True)
class Settler:
    """Settles what is open for one command. `start` is when it began: a debt is tried once a command and a day.

    `found` tells that something came out that a person has not been told yet, `unpaid` the debts that this command
    tried in vain, `paid` what it paid, `void` what it found changed by the person. `past` is what was told of keys
    before the command sent them: what was told is no news.
    `listed` are the titles that were on a list before anything was sent, None where nobody knows.
    """

    client: Client
    journal: Journal
    clock: Clock
    listen: Listen
    start: int
    run: int | None = None
    dry_run: bool = False
    found: bool = False
    paid: list[Debt] = field(default_factory=list)
    void: list[Debt] = field(default_factory=list)
    tried: set[int] = field(default_factory=set)
    answers: dict[int, Outcome] = field(default_factory=dict)
    names: dict[int, Names] = field(default_factory=dict)
    alike: bool = False
    landed: bool = False
    past: Mapping[str, Outcome] = field(default_factory=dict)
    listed: frozenset[int] | None = None

    @property
    def unpaid(self) -> list[Debt]:
        """The debts that this command tried to pay and that are not seen as paid."""
        return [debt for simkl, debt in debts(self.journal).items() if simkl in self.tried]

    async def open_books(self, account: Account) -> Account:
        """Settle what earlier commands left open by a reading that the command makes anyway, and pay what is owed.

        What a live test left goes first. Return the account as it is afterwards. Raises what stopped a payment; all of
        it stays owed.
        """
        if any_borrowed(self.journal, self.start, MOST_TRIES):
            account = await self._put_back(account)
        if not self._any_open():
            await self._follow_numbers(account)
            return account
        with self.journal.transaction():
            undone.reopen_unproven(self.journal, account.by_simkl)
        await self._settle(account)
        due = self._due()
        if self.dry_run:
            self._foretell(due)
            return account
        return await self._pay(due, {}) if due else account

    async def _put_back(self, account: Account) -> Account:
        """Put back what a live test that was stopped left on the account."""
        if self.dry_run:
            self.listen(Told(f"{left_words(self.journal)} would be put back first"))
            return account
        self.listen(Told(f"{left_words(self.journal)} is put back first"))
        returned = await put_back(self.client, self.journal, self.clock, self.start)
        if returned.left:
            self.found = True
            self.listen(Told(f"{left_words(self.journal)} could not be put back yet: the next command tries again"))
        return await snapshot(self.client, self.journal, lists=True)

    async def close_books(self, rivals: Mapping[int, Sequence[Rival]]) -> str:
        """Read the account back after sending, settle what was sent, and pay what came of it. Return what a person
        should know of the dates, or "".
        """
        if not any_unsettled(self.journal):
            return ""
        self.listen(PhaseBegan(Phase.CHECKING))
        wrote = self._wrote()
        kept = reading_kept(self.journal)
        account = await snapshot(self.client, self.journal, wrote=wrote)
        account = await self._settle(account, rivals, patient=True)
        if self.landed and stamps_unmoved(self.journal, kept, wrote):
            with self.journal.transaction():
                distrust_stamps(self.journal)
        due = self._due()
        if due:
            await self._pay(due, rivals)
        doubtful = [rival.key for debt in self.unpaid for rival in rivals.get(debt.simkl, ())]
        if doubtful and self.run is not None:
            with self.journal.transaction():
                doubt_rows(self.journal, self.run, doubtful)
        return ALIKE if self.alike else ""

    async def pay_debts(self, found: Sequence[Debt], covered: Mapping[int, Sequence[Change]], undo: int) -> None:
        """Pay what an undo decided to give back; what it had not begun when it was stopped is not owed."""

        def begun(members: Sequence[Debt]) -> None:
            life.take_back(self.journal, undo, members, covered)

        self.tried.update(debt.simkl for debt in found)
        self.answers.update(await pay(self.client, self.journal, undo, self.clock, found, self.listen, tried, begun))
        await self._read_paid({})

    def _wrote(self) -> frozenset[Kind]:
        """The kinds of which something of this run was accepted; Simkl may file any of it as anime."""
        kinds = kinds_accepted(self.journal, self.run) if self.run is not None else set()
        return frozenset({*kinds, Kind.ANIME}) if kinds else frozenset()

    def _any_open(self) -> bool:
        return any_unsettled(self.journal) or any_due(self.journal) or bool(debts(self.journal))

    def _due(self) -> list[Debt]:
        return [
            debt for debt in debts(self.journal).values() if debt.simkl not in self.tried and is_due(debt, self.start)
        ]

    def _foretell(self, due: Sequence[Debt]) -> None:
        if due:
            what = "1 rating is" if len(due) == 1 else f"{len(due):,} ratings are"
            self.listen(Told(f"{what} still owed to your account from earlier runs and would be given back first"))

    async def _pay(self, due: Sequence[Debt], rivals: Mapping[int, Sequence[Rival]]) -> Account:
        """Pay, and read whether it is paid. A title is never paid twice by one command."""
        run = self._number()
        self.tried.update(debt.simkl for debt in due)
        self.answers.update(await pay(self.client, self.journal, run, self.clock, due, self.listen, tried))
        return await self._read_paid(rivals)

    async def _read_paid(self, rivals: Mapping[int, Sequence[Rival]]) -> Account:
        account = await snapshot(self.client, self.journal)
        if any(not self._is_paid(debt, account) for debt in self.unpaid):
            await self.clock.sleep(LOOK_AGAIN)
            account = await snapshot(self.client, self.journal, again=True)
        await self._settle(account, rivals)
        if self.unpaid:
            with self.journal.transaction():
                snapshots.stale_account(self.journal)
            await self._give_up_gone()
        return account

    async def _give_up_gone(self) -> None:
        """A title that a payment was not found for and that has no page any more is gone for good: it is stuck at once,
        for no further try would tell anything else.
        """
        doubtful = [
            debt
            for debt in self.unpaid
            if debt.state is DebtState.DUE and self.answers.get(debt.simkl) in (Outcome.NOT_FOUND, Outcome.FAILED)
        ][:MOST_PAGES]
        if not doubtful:
            return
        gone = await titles_gone(self.client, [(debt.kind, debt.simkl) for debt in doubtful])
        with self.journal.transaction():
            paying.note_tries(
                self.journal, [replace(debt, state=DebtState.STUCK) for debt in doubtful if debt.simkl in gone]
            )

    def _may_look_again(self) -> bool:
        """Whether a second look leaves a request of the day for a giving back."""
        left = self.client.may_send(0)
        return left is None or left >= SECOND_LOOK

    def _is_paid(self, debt: Debt, account: Account) -> bool:
        return is_paid(debt, account.by_simkl.get(debt.simkl), self._habit())

    def _habit(self) -> Habit | None:
        kept = kept_habit(self.journal)
        return None if kept is None else Habit(*kept)

    def _number(self) -> int:
        """The run under which payments stand: the command's own, or one that is begun for them."""
        if self.run is None:
            with self.journal.transaction():
                self.run = runs.begin(self.journal, SETTLE, self.start, "", [])
        return self.run

    async def _settle(
        self, account: Account, rivals: Mapping[int, Sequence[Rival]] | None = None, *, patient: bool = False
    ) -> Account:
        """Judge a reading and record what comes of it; `patient`: what is missing is looked for once more, a while
        later, before anything is said of it.
        """
        await self._follow_numbers(account)
        current = self.run if patient else None
        settlement, habit = await self._judged(rivals or {}, account, current)
        if patient and settlement.lost and self._may_look_again():
            await self.clock.sleep(LOOK_AGAIN)
            account = await snapshot(self.client, self.journal, again=True)
            settlement, habit = await self._judged(rivals or {}, account, current)
        self._record(settlement, habit)
        if settlement.lost:
            with self.journal.transaction():
                snapshots.stale_account(self.journal)
        return account

    def _books(self, rivals: Mapping[int, Sequence[Rival]]) -> Books:
        """All that is on record of what is open, save the changes themselves."""
        rules = {number: _rules(run) for number, run in runs.all_rules(self.journal).items()}
        bases: dict[str, Base] = {}
        vague: dict[int, list[Base]] = {}
        led = where_questions_led(self.journal, questions_on_record(self.journal))
        lying: dict[int, list[str]] = {}
        for key, simkl, asked, base in known_bases(self.journal):
            bases[key] = base
            if simkl is not None and asked not in led.wrong:
                lying.setdefault(simkl, []).append(key)
            if simkl is not None and base.said_date is not None and not _telling(base.said_date):
                vague.setdefault(simkl, []).append(base)
        return Books(
            changes=[],
            history=lambda titles: changes_on(self.journal, titles),
            debts=debts(self.journal),
            wrong=led.wrong,
            rules=lambda run: rules.get(run) or Rules(self.start),
            bases=bases,
            believed=lambda theirs: believed(theirs, vague),
            rivals=rivals,
            settled=lambda simkl: [
                Rival(key, date, 0) for key in lying.get(simkl, ()) if (date := bases[key].said_date) is not None
            ],
            led=led.to,
            cleared=lambda titles: titles_cleared(self.journal, titles),
        )

    async def _judged(
        self, rivals: Mapping[int, Sequence[Rival]], account: Account, current: int | None
    ) -> tuple[Settlement, Habit | None]:
        books = self._books(rivals)
        kept = self._habit()
        known = Known(
            account=account,
            openings=self._openings(books),
            led=books.led,
            habit=kept,
            moved=moved_titles(self.journal),
            current=current,
        )
        plain = self._note_plain(books, known)
        books.changes.extend(open_but_plain(self.journal))
        known = replace(known, claimed=plain.titles)
        placed = find_changes(books, known)
        pairs = list(dict.fromkeys((*plain.pairs(), *_pairs(placed, account))))
        habit = learn(pairs) or kept or self._told_by_others(pairs, account)
        if plain.titles and habit != plain.habit:  # the others disagree about the dates: then nothing is plain
            self._note_nothing()
            books.changes[:] = open_but_plain(self.journal)
            known = replace(known, claimed=())
            placed = find_changes(books, known)
        if habit != kept:
            known = replace(known, habit=habit)
            if any(change.evidence in (None, Evidence.MOMENT, Evidence.SET, Evidence.ONLY) for change in placed):
                placed = find_changes(books, known)
        unclear = unclear_titles(placed, known) if any(change.evidence is None for change in placed) else []
        if unclear:
            await self._ask_names(unclear, account)
            placed = find_changes(books, replace(known, names=self.names))
        # As they were before they were placed nobody needs them any more, and they are as large as the run.
        books.changes.clear()
        await self._ask_names(doubtful_titles(placed, account.by_simkl), account)
        return settle(books, placed, known, self.names, int(self.clock.now())), habit

    def _note_plain(self, books: Books, known: Known) -> PlainSearch:
        """Note the changes that need no rule."""
        touched = titles_with_changes(self.journal) if any_unsettled(self.journal) else set()
        search = PlainSearch(known, Spoken(books.bases, touched.union(books.rivals, books.debts), books.wrong))
        changes = open_changes(self.journal) if any_unsettled(self.journal) else ()
        with self.journal.transaction():
            note_plain(self.journal, search.candidates(changes), self._was_listed())
            withdraw_plain(self.journal, search.withdrawn())
        return search

    def _note_nothing(self) -> None:
        with self.journal.transaction():
            note_plain(self.journal, (), self._was_listed())

    def _told_by_others(self, told: Sequence[tuple[int, int]], account: Account) -> Habit | None:
        """The habit by all dates on record that came back otherwise than sent, and by those of payments: a run of few
        rows, which told so much, tells too little, and each giving back would move a date that comes back shifted.
        """
        pairs = [*told, *dates_otherwise(self.journal)]
        for debt in debts(self.journal).values():
            theirs = account.by_simkl.get(debt.simkl)
            if debt.tried_at is None or debt.store_at is None or theirs is None or theirs.rated_at is None:
                continue
            if (
                theirs.rating == debt.rating
                and theirs.rated_at != debt.read_at
                and agrees(debt.store_at, theirs.rated_at, None)
            ):
                pairs.append((debt.store_at, theirs.rated_at))
        return learn(dict.fromkeys(pairs))

    def _openings(self, books: Books) -> dict[int, Opening]:
        openings = {run: Opening(*snapshots.opening_ratings(self.journal, run)) for run in runs_open(self.journal)}
        for run, ratings in snapshots.openings_of(self.journal, books.debts).items():
            openings.setdefault(run, Opening(ratings, whole=False))
        return openings

    async def _ask_names(self, titles: Iterable[int], account: Account) -> None:
        """Ask for the other names of titles, before any of them is called wrong."""
        asked = [account.by_simkl[simkl] for simkl in titles if simkl not in self.names]
        self.names.update(await other_names(self.client, asked[:MOST_NAMES]))

    async def _follow_numbers(self, account: Account) -> None:
        """Look for the new number of titles of ours that the account does not show any more; write it everywhere."""
        forget_looked_for(self.journal)
        missing = self._missing_titles(account)
        found = await new_numbers(self.client, missing) if missing else {}
        if found:
            with self.journal.transaction():
                for old, new in found.items():
                    if new != old:
                        moved.rename_title(self.journal, old, new)
                note_looked_for(self.journal, (old for old, new in found.items() if new == old))

    def _missing_titles(self, account: Account) -> list[tuple[Kind, int]]:
        open_titles = list(open_numbers(self.journal))
        owed_titles = [(debt.kind, debt.simkl) for debt in debts(self.journal).values()]
        missing = [one for one in dict.fromkeys((*owed_titles, *open_titles)) if one[1] not in account.by_simkl]
        looked_for = {simkl for _, simkl in missing}
        missing += [one for one in vanished_titles(self.journal, MOST_PAGES) if one[1] not in looked_for]
        return missing[:MOST_PAGES]

    def _record(self, settlement: Settlement, habit: Habit | None) -> None:
        now = int(self.clock.now())
        past = outcomes_of(self.journal, {finding.change.key for finding in settlement.findings})
        past.update({key: outcome for key, outcome in self.past.items() if key in past})
        landings = [self._landing(finding, past.get(finding.change.key), now) for finding in settlement.findings]
        settlement.findings.clear()  # said anew, and as large as the run
        own = self.run
        self.landed = (
            self.landed
            or own in runs_plain(self.journal)
            or any(c.run == own and c.state in (State.SEEN, State.SETTLED) for c in settlement.changes)
        )
        self.found = self.found or any(one.fresh and one.change.run != own for one in landings)
        with self.journal.transaction():
            land_plain(self.journal)
            landing.land(
                self.journal, settlement.changes, landings, settlement.led, settlement.wrong, self._was_listed()
            )
            if settlement.outdone and own is not None:
                lose_rows(self.journal, own, settlement.outdone)
            owe(self.journal, settlement.owed)
            paying.close_debts(self.journal, [(gone.debt, gone.paid) for gone in settlement.gone])
            paying.supersede_debts(self.journal, settlement.superseded)
            life.settle_runs(self.journal)
            if habit is not None:
                keep_habit(self.journal, habit.step, habit.shift)
        self.alike = self.alike or settlement.alike
        for gone in settlement.gone:
            (self.paid if gone.paid else self.void).append(gone.debt)

    def _was_listed(self) -> WasListed:
        """Return what tells whether a title was on a list before a change: by lists that were read before it."""
        kept = reading_kept(self.journal)
        last = snapshots.listed_numbers(self.journal) if self.listed is None else None

        def was_listed(change: Change, simkl: int | None) -> bool | None:
            if simkl is None:
                return None
            if change.run == self.run and self.listed is not None:
                return simkl in self.listed
            if last is None or kept is None or kept.listed_at > change.posted:
                return None
            return simkl in last

        return was_listed

    def _landing(self, finding: Finding, past: Outcome | None, now: int) -> Landing:
        change, outcome = finding.change, finding.outcome
        fresh = is_fresh(None, outcome) and past is not outcome
        if finding.note is Note.OTHER_TITLE:
            fresh = fresh or (change.evidence is not None and not finding.known)
        due = due_again(outcome, now)
        if outcome is Outcome.UNCONFIRMED:
            # The next command sends it once more; from then on once a day.
            again = change.posted if finding.sends <= 1 else due_again(outcome, change.posted)
            due = None if finding.final or finding.owing else again
        return Landing(
            change=change,
            outcome=outcome,
            reason=finding.reason,
            note=finding.note,
            there=finding.there,
            prior=finding.prior,
            base=finding.base,
            kept=_kept(finding),
            due=due,
            fresh=fresh,
        )


def _kept(finding: Finding) -> tuple[int | None, ...] | None:
    if finding.kept is None or finding.change.simkl is None:
        return None
    standing, rating, rated_at = finding.kept
    return (finding.change.simkl, *(standing or (None, None)), rating, rated_at)


def _rules(run: runs.Run) -> Rules:
    return Rules(run.started, OnConflict(run.on_conflict or OnConflict.NEWER), run.redate)


def _telling(date: Date) -> bool:
    """Whether a date of ours on the account says as much as it seems to."""
    return date.true and date.precision is Precision.SECOND


def _pairs(placed: Sequence[Change], account: Account) -> Collection[tuple[int, int]]:
    """Dates as sent and as they came back, of what is surely there; each pair once: one date that was sent three times
    tells a shift from a day no better than one.
    """
    found: dict[tuple[int, int], None] = {}
    for change in placed:
        if change.simkl is None or change.evidence not in (Evidence.ID, Evidence.NAME) or change.rated_at is None:
            continue
        theirs = account.by_simkl.get(change.simkl)
        if theirs is not None and theirs.rated_at is not None and stands(change, theirs, None):
            found[change.rated_at, theirs.rated_at] = None
    return found


def writes_of(journal: Journal, run: int) -> Callable[[int, int | None], bool]:
    """Return what tells of a rating and its date whether a run may have written that, on whatever title."""
    kept = kept_habit(journal)
    habit = None if kept is None else Habit(*kept)
    sent: dict[tuple[int, int], list[int]] = {}
    for change in changes_of_run(journal, run):
        if change.rating is not None and change.rated_at is not None and change.written:
            sent.setdefault((change.rating, change.rated_at // DAY), []).append(change.rated_at)
    ratings = {rating for rating, _ in sent}

    def is_ours(rating: int, rated_at: int | None) -> bool:
        if rated_at is None:
            return rating in ratings
        days = (rated_at // DAY + days for days in (-1, 0, 1))
        return any(agrees(at, rated_at, habit) for day in days for at in sent.get((rating, day), ()))

    return is_ours


def told_of_debts(settler: Settler) -> list[str]:
    """What a person should know of what was given back, and of what could not be."""
    told: list[str] = []
    given = [debt for debt in settler.paid if debt.why is Why.GIVE and debt.simkl in settler.tried]
    if given:
        told.append(f"{_ratings(len(given))} of yours given back: {_names(given)}")
    tried_now = {debt.simkl for debt in settler.unpaid}
    stuck = [debt for debt in stuck_debts(settler.journal) if debt.simkl in tried_now]
    told += [stuck_words(debt) for debt in stuck]
    owed = len(settler.unpaid) - len(stuck)
    if owed:
        told.append(f"{_ratings(owed)} still owed to your account: the next command tries again")
    return told


def _ratings(number: int) -> str:
    return "1 rating" if number == 1 else f"{number:,} ratings"


def _names(found: Collection[Debt]) -> str:
    names = [debt.title for debt in found]
    return ", ".join(names[:3]) + (f" and {len(names) - 3:,} more" if len(names) > 3 else "")
