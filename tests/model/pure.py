"""Histories without a program: the pure functions, a resume file on paper (`paper.py`) and a service of a few lines.

No file, no request, no event loop: thousands a minute, held against the same rules (`oracle.py`).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any

from importer.identity import same_title
from importer.journal.change import Answer, Change, Question, Role, State
from importer.journal.owed import Debt, DebtState, Why, is_due, tried
from importer.model import DAY, NOON, AccountRating, Date, Ids, Item, Kind, Origin, Outcome, Precision
from importer.plan.again import Retry
from importer.plan.decide import OnConflict, Rules
from importer.plan.names import Names
from importer.plan.question import ids_to_send
from importer.plan.rank import order_of
from importer.plan.resolve import resolve
from importer.plan.sides import Base
from importer.plan.title import Title
from importer.readback.appearance import stands
from importer.readback.habit import agrees, learn
from importer.readback.known import Known
from importer.readback.leaving import debt_left
from importer.readback.matching import unclear_titles
from importer.readback.placing import doubtful_titles, find_changes
from importer.readback.restoring import Verdict, date_to_send, wish_for
from importer.readback.settling import settle
from importer.readback.title import Rival
from importer.simkl.account import Account

KINDS = ("plain", "id", "blind id", "wrong", "same wrong", "fold", "alien", "unknown")
HABITS = ("exact", "exact", "exact", "exact", "shift", "day", "missing")
FATES = ("before", "after", "refused", "quota", "lost", "twice", "dropped", "unnamed")
TREES = ("Alder", "Birch", "Cedar", "Dogwood", "Elder", "Fir", "Ginkgo", "Hazel")


def _both(pairs: Iterable[tuple[int | None, int | None]]) -> Iterator[tuple[int, int]]:
    return ((sent, back) for sent, back in pairs if sent is not None and back is not None)


class StoppedError(Exception):
    """The command ends here: killed, or out of requests."""


@dataclass
class Film:
    """A row of an export. `given` is the number that a person filled in."""

    key: str
    job: str
    title: str
    year: int
    ids: Ids
    means: int | None
    by_day: bool
    late: bool
    rating: int = 0
    at: int = 0
    given: str | None = None
    said: list[tuple[int, int]] = field(default_factory=list)

    def say(self, rating: int, at: int) -> None:
        """Rate it, or rate it anew."""
        self.rating, self.at = rating, at // DAY * DAY + NOON if self.by_day else at
        self.said.append((self.rating, self.at))

    @property
    def asks(self) -> Ids:
        """Its ids as they are asked for."""
        return (("simkl", self.given),) if self.given is not None else self.ids


class Service:
    """An account and a catalogue of films."""

    def __init__(self, habit: str, *, bare: bool) -> None:
        self.habit, self.bare = habit, bare
        self.names: dict[int, tuple[str, int, tuple[str, ...]]] = {}
        self.ids: dict[str, int] = {}
        self.asks: dict[tuple[str, int | None], int] = {}
        self.ratings: dict[int, tuple[int, int]] = {}

    def leads(self, title: str, year: int | None, ids: Ids) -> int | None:
        """The film that a question leads to."""
        for key, value in ids:
            if key == "simkl" and int(value) in self.names:
                return int(value)
            if key == "imdb" and value in self.ids:
                return self.ids[value]
        return self.asks.get((title, year)) if title else None

    def shown(self, at: int) -> int | None:
        """A date as it comes back."""
        match self.habit:
            case "missing":
                return None
            case "shift":
                return at + 5 * 3600
            case "day":
                return at // DAY * DAY
        return at

    def read(self) -> Account:
        """The account as it is."""
        imdb = {number: value for value, number in self.ids.items()}
        return Account(
            AccountRating(
                number,
                Kind.MOVIE,
                *self.names[number][:2],
                () if self.bare or number not in imdb else (("imdb", imdb[number]),),
                rating,
                self.shown(at),
            )
            for number, (rating, at) in self.ratings.items()
        )

    def page(self, number: int) -> Names:
        """What the film's own page tells."""
        title, year, also = self.names[number]
        return Names((title, *also), year, {("imdb", value) for value, one in self.ids.items() if one == number})


class PureStory:
    """One history. `log` tells what was done, `troubles` what went wrong."""

    def __init__(self, rules: ModuleType, paper: ModuleType, seed: int) -> None:
        self.dice = random.Random(seed)
        self.log: list[str] = []
        self.troubles: list[str] = []
        self.paper = paper.Paper()
        self.now = self.start = 20_000 * DAY + 34_207
        self.oracle = rules.Oracle(self.dice.choice(HABITS), begun=self.start)
        self.service = Service(self.oracle.habit, bare=self.dice.random() < 0.2)
        self.policy = self.dice.choice([OnConflict.NEWER, OnConflict.NEWER, OnConflict.KEEP, OnConflict.OVERWRITE])
        self.films: list[Film] = []
        self.refused = False
        self.trouble = False
        self.posts = 0
        self.log.append(f"service: {self.oracle.habit} {'bare' if self.service.bare else ''} {self.policy}")
        for _ in range(self.dice.randint(1, 3)):
            self._tell(self.dice.choice(KINDS))

    def _tell(self, about: str) -> None:
        n = len(self.service.names)
        right, wrong = 1000 + n, 1001 + n
        name, year, imdb = f"The {TREES[n % 8]} {n}", 1950 + 4 * n, f"tt90{n:05}"
        mine = f"Mein {TREES[n % 8]} {n}" if about in ("blind id", "alien", "unknown") else name
        other = f"Legend {n}" if self.dice.random() < 0.5 else f"{name}!"
        also = {"alien": (name,), "fold": (other,) if other != f"{name}!" else ()}.get(about, ())
        service = self.service
        service.names |= {right: (mine, year, also), wrong: (f"Wrong {n}", year, ())}
        service.ids[imdb] = right
        service.asks |= {(mine, year): right, (f"Wrong {n}", year): wrong}
        service.asks |= {(name, year): right} if about == "alien" else {}
        for number, chance in ((right, 0.4), (wrong, 0.6)):
            if self.dice.random() < chance:
                day = self.dice.choice([self.dice.randrange(10, 90), self.dice.randrange(910, 999)])
                self._click(
                    number, self.dice.randint(1, 5), self.start - (1_000 - day) * DAY + self.dice.randrange(DAY)
                )
        ids: Ids = (("imdb", imdb),) if about in ("id", "blind id") else ()
        if about in ("wrong", "same wrong"):
            service.asks[name, year] = wrong
        self._film(name, year, ids, right)
        if about == "same wrong":
            service.asks[f"{name} returns", year] = wrong
            self._film(f"{name} returns", year, (), None)
        if about == "fold":
            second = year + 1 if other == f"{name}!" else year
            service.asks[other, second] = right
            self._film(other, second, (), right)
        self.log.append(f"{about}: {mine} ({year}) is {right}, the wrong one {wrong}")

    def _film(self, title: str, year: int, ids: Ids, means: int | None) -> None:
        by_day = not ids and self.dice.random() < 0.3
        film = Film(
            f"a:{len(self.films)}", self.dice.choice("AB"), title, year, ids, means, by_day, self.dice.random() < 0.2
        )
        film.say(self.dice.randint(1, 5), self.start - self.dice.randrange(100, 900) * DAY - self.dice.randrange(3600))
        self.films.append(film)
        self.log.append(f"row {film.key} of {film.job} says {film.rating} at {film.at}: {title} ({year}) {ids} {means}")

    # What the person does

    def _click(self, number: int, rating: int | None, at: int) -> None:
        if rating is None:
            self.service.ratings.pop(number, None)
        else:
            self.service.ratings[number] = (rating, at)
        self.oracle.clicked(number, rating, at)
        self.log.append(f"the person rates {number}: {rating} at {at}")

    def _rerate(self) -> None:
        self.now += DAY
        film = self.dice.choice(self.films)
        film.say(self.dice.randint(1, 5), self.now)
        self.log.append(f"{film.key} says {film.rating} at {film.at} now")

    # What the program does

    def command(self, what: str, *, trouble: bool, policy: OnConflict) -> None:
        """One command; it may stop at any POST."""
        self.trouble, self.posts = trouble, 0
        self.oracle.policies.add(policy.value)
        self.log.append(f"{self.now}: {what} {policy}")
        try:
            if what.startswith("undo"):
                self._undo(everything="all" in what, force="force" in what)
            else:
                self._import(what, policy)
        except StoppedError as error:
            self.log.append(f"  {error}")
        self.log.append(f"  {self.posts} POSTs; {self.service.ratings}")

    def _import(self, what: str, policy: OnConflict) -> None:
        paper = self.paper
        films = [film for film in self.films if (film.job in what or what in ("unread", "mend")) and not film.late]
        mended = self._mend() if what == "mend" else None
        if what == "mend":
            if mended is None:
                return
            films = [mended]
        paid: set[int] = set()
        run = paper.runs = paper.runs + 1
        paper.rules[run] = Rules(self.now, policy)
        account = self._before(run, paid)
        for film in self.films:  # what was given is acted on by whichever import comes next
            if film.given is not None and paper.item(film.key).asked is None:
                account = self._give_back(film, account, run, paid)
        planned = self._plan(films, account, paper.rules[run])
        paper.openings[run] = {number: (one.rating, one.rated_at) for number, one in account.by_simkl.items()}
        rivals = self._note_unsent(planned)
        sending = sorted((one for one in planned if one.outcome is Outcome.PENDING), key=order_of)
        size = self.dice.choice([1, 2, 3])
        for first in range(0, len(sending), size):
            self._send(run, first // size + 1, sending[first : first + size])
            self.now += 2
        if what != "unread":
            self._settle(run, rivals)
            if self._pay(run, paid):
                self._settle(None, rivals)

    def _before(self, run: int, paid: set[int]) -> Account:
        account = self._settle(None, {})
        return self._settle(None, {}) if self._pay(run, paid) else account

    def _plan(self, films: Sequence[Film], account: Account, rules: Rules) -> list[Title]:
        items = [
            Item(film.key, Kind.MOVIE, film.title, film.year, film.asks, "", film.rating, None, "", n)
            for n, film in enumerate(films)
        ]
        titles = [
            Title(
                n=n,
                item=item,
                ids=item.ids,
                rating=film.rating,
                date=self._date(film),
                rated_at=min(film.at, rules.start),
            )
            for n, (film, item) in enumerate(zip(films, items, strict=True))
        ]
        standing = self.paper.standing(account.by_simkl)
        return resolve(titles, items, self.paper.remembered(rules), account.find, rules, Retry(self.now), standing)

    @staticmethod
    def _date(film: Film) -> Date:
        return Date(film.at, Precision.DAY if film.by_day else Precision.SECOND, Origin.RATING)

    def _note_unsent(self, planned: Sequence[Title]) -> dict[int, list[Rival]]:
        rivals: dict[int, list[Rival]] = {}
        for one in planned:
            key, outcome, theirs = one.item.key, one.outcome, one.theirs
            past = self.paper.item(key)
            if outcome is Outcome.UNCHANGED and theirs is not None:
                base = Base(one.rating, one.sent_date, theirs.rating, theirs.rated_at)
                self.paper.note(key, base=base, simkl=theirs.simkl, outcome=outcome, reason=None, asked=one.asked)
                self.paper.led[one.asked] = theirs.simkl
            elif outcome is Outcome.KEPT:
                self.paper.note(
                    key,
                    outcome=outcome,
                    reason=one.reason,
                    asked=one.asked,
                    simkl=theirs.simkl if theirs is not None and one.note is None else past.simkl,
                )
            if theirs is not None and outcome in (Outcome.UNCHANGED, Outcome.KEPT) and one.note is None:
                rivals.setdefault(theirs.simkl, []).append(Rival(key, one.date, one.n))
        return rivals

    def _send(self, run: int, batch: int, members: Sequence[Title]) -> None:
        changes: list[Change] = []
        places: list[int | None] = []
        sent: list[tuple[str, int | None, Ids]] = []
        for n, one in enumerate(members):
            item, ids = one.item, ids_to_send(one)
            known = (item.title, item.year) in self.paper.misleading and ids
            sent.append(("" if known else item.title, item.year, ids))
            place = one.theirs.simkl if one.theirs is not None else one.simkl
            places.append(place)
            changes.append(
                Change(
                    run,
                    batch,
                    n,
                    item.key,
                    Role.ROW,
                    Question(one.asked, Kind.MOVIE, item.title, item.year, one.ids),
                    next((int(value) for key, value in ids if key == "simkl"), None),
                    one.rating,
                    one.sent_at,
                    one.sent_date,
                    self.now,
                    None,
                    State.INTENDED,
                )
            )
            self.paper.put(changes[-1])
            past = self.paper.item(item.key)
            self.paper.note(
                item.key,
                outcome=Outcome.PENDING,
                reason=None,
                due=None,
                asked=one.asked,
                kept=past.kept,
                wanted_rating=one.rating,
                wanted=one.sent_date,
                simkl=past.simkl if past.asked == one.asked else None,
            )
        fate = self._fate()
        answers: list[Answer] = []
        for times in range(2 if fate == "twice" else 1):
            for n, change in enumerate(changes):
                number = self.service.leads(*sent[n])
                dropped = fate in ("refused", "quota", "before") or (fate == "dropped" and n == 0)
                if number is not None and not dropped and change.rating is not None:
                    self.service.ratings[number] = (change.rating, change.rated_at or 0)
                if not times:
                    named = Answer.UNNAMED if fate == "unnamed" else Answer.ADDED
                    answers.append(Answer.NOT_FOUND if number is None else named)
        self._conclude(fate, changes, answers)
        for place, answer in zip(places, answers, strict=True):
            if place in self.paper.debts and answer is not Answer.NOT_FOUND and fate != "refused":
                self.paper.supersede(run, self.paper.debts[place])

    def _fate(self) -> str:
        """What becomes of a POST."""
        fate = self.dice.choice(FATES) if self.trouble and self.dice.random() < 0.25 else ""
        if fate:
            self.log.append(f"  POST {self.posts + 1} {fate}")
        self.posts += fate != "before"
        return fate

    def _conclude(self, fate: str, changes: Sequence[Change], answers: Sequence[Answer]) -> None:
        if fate in ("before", "after", "lost"):
            raise StoppedError(fate)
        self.refused = self.refused or fate == "refused"
        for change, answer in zip(changes, answers, strict=True):
            self.paper.answered(change, Answer.REFUSED if fate in ("refused", "quota") else answer)
            if fate == "quota":
                continue
            outcome = {Answer.ADDED: Outcome.APPLIED, Answer.UNNAMED: Outcome.UNCONFIRMED}.get(
                answer, Outcome.NOT_FOUND
            )
            outcome = Outcome.FAILED if fate == "refused" else outcome
            due = self.now + 7 * DAY if outcome is Outcome.NOT_FOUND else self.now + DAY
            self.paper.note(change.key, outcome=outcome, due=None if outcome is Outcome.APPLIED else due)
            if answer is Answer.NOT_FOUND and fate != "refused" and change.question is not None:
                self.paper.close_never_arrived(change.key, change.question.number)
        if fate == "quota":
            raise StoppedError(fate)

    def _settle(self, run: int | None, rivals: dict[int, list[Rival]]) -> Account:
        paper, account = self.paper, self.service.read()
        unsettled = paper.unsettled(rivals)
        known = Known(account, paper.known_openings(), paper.led, paper.habit, {}, run)
        placed = find_changes(unsettled, known)
        pairs = {
            (one.rated_at, theirs.rated_at)
            for one in placed
            if one.simkl is not None
            and one.evidence in ("id", "name")
            and one.rated_at is not None
            and (theirs := account.by_simkl.get(one.simkl)) is not None
            and theirs.rated_at is not None
            and stands(one, theirs, None)
        }
        others = {
            (one.rated_at, one.seen_at)
            for one in paper.rows(*State)
            if one.seen_at not in (None, one.rated_at) and one.evidence in ("id", "name")
        }
        others |= {
            (debt.store_at, theirs.rated_at)
            for debt in paper.debts.values()
            if debt.tried_at is not None
            and (theirs := account.by_simkl.get(debt.simkl)) is not None
            and theirs.rating == debt.rating
            and theirs.rated_at != debt.read_at
            and agrees(debt.store_at, theirs.rated_at, None)
        }
        paper.habit = learn(_both(pairs)) or paper.habit or learn(_both(pairs | others))
        if paper.habit != known.habit:
            known = replace(known, habit=paper.habit)
            placed = find_changes(unsettled, known)
        asked = {number: self.service.page(number) for number in unclear_titles(placed, known)}
        if asked:
            placed = find_changes(unsettled, replace(known, names=asked))
        names = {number: self.service.page(number) for number in doubtful_titles(placed, account.by_simkl)}
        paper.land(settle(unsettled, placed, known, names, self.now), self.now)
        return account

    def _pay(self, run: int, paid: set[int], due: Sequence[Debt] | None = None) -> bool:
        """Pay what is due, removals first; never a title twice in one command."""
        everything = list(self.paper.debts.values()) if due is None else due
        found = [debt for debt in everything if debt.simkl not in paid and is_due(debt, self.now)]
        for removes in (True, False):
            members = [debt for debt in found if (debt.rating is None) is removes]
            if not members:
                continue
            for debt in members:
                paid.add(debt.simkl)
                self._begin(debt)
                self.paper.debts[debt.simkl] = replace(debt, tried_at=self.now)
            fate = self._fate()
            for debt in members:
                if fate in ("before", "refused", "quota"):
                    continue
                if removes:
                    self.service.ratings.pop(debt.simkl, None)
                    self.paper.cleared[debt.simkl] = self.now
                elif not (fate == "dropped" and debt is members[0]) and debt.rating is not None:
                    at = debt.store_at if debt.store_at is not None else self.now
                    self.service.ratings[debt.simkl] = (debt.rating, at)
            if fate in ("before", "after", "lost", "quota"):
                raise StoppedError(fate)
            self.paper.debts |= {debt.simkl: tried(debt, self.now) for debt in members}
            self.now += 2
        return bool(found)

    def _begin(self, debt: Debt) -> None:
        for place in self._covered.pop(debt.simkl, ()):
            self.paper.undone[place] = debt.run

    _covered: dict[int, list[tuple[int, int, int]]]

    def _undo(self, *, everything: bool, force: bool) -> None:
        paper, paid = self.paper, set[int]()
        run = paper.runs = paper.runs + 1
        paper.rules[run] = Rules(self.now)
        if force:
            self.oracle.forced = self.now
        self._covered = {}
        account = self._before(run, paid)
        able = paper.rows(State.SEEN, State.SETTLED)
        left = {one.run for one in able} - paper.taken_runs
        over = {one.run for one in able} if everything else {max(left)} if left else set()
        owing: list[Debt] = []
        for simkl in {one.simkl for one in able if one.run in over and one.simkl is not None}:
            changes = [one for one in able if one.simkl == simkl and one.run in over]
            theirs = account.by_simkl.get(simkl)
            wish = wish_for(changes, (), theirs, paper.habit, force=force)
            places = [(one.run, one.batch, one.n) for one in wish.covered]
            if wish.verdict is Verdict.UNCHANGED:
                for place in places:
                    paper.undone[place] = run
                    paper.put(replace(paper.changes[place], state=State.TAKEN))
            if wish.verdict is not Verdict.TAKE_BACK:
                continue
            self._covered[simkl] = places
            for key, one in paper.items.items():
                if one.simkl == simkl or any(change.key == key for change in changes):
                    paper.note(key, base=None, outcome=Outcome.PENDING, due=None, kept=None)
            owing.append(self._debt(simkl, wish.want, paper.history([simkl])[simkl], Why.UNDO, changes, run))
        self._pay(run, paid, owing)
        self._covered = {}
        self._settle(None, {})
        if not any(debt.why is Why.UNDO for debt in paper.debts.values()):
            paper.taken_runs |= over

    def _debt(
        self,
        simkl: int,
        want: tuple[int, int | None] | None,
        written: Sequence[Change],
        why: Why,
        changes: Sequence[Change],
        run: int,
    ) -> Debt:
        store_at = date_to_send(want, written, self.paper.habit)
        rating, read_at = want if want is not None else (None, None)
        name, year, _ = self.service.names[simkl]
        since, upto = changes[0].order, changes[-1].order
        return Debt(
            simkl,
            Kind.MOVIE,
            name,
            year,
            rating,
            read_at,
            store_at,
            why,
            DebtState.DUE,
            changes[-1].key,
            run,
            since,
            upto,
        )

    def _mend(self) -> Film | None:
        """A row that is mended: rightly, with a number that is nobody's, or with that of the very title it is on."""
        paper = self.paper
        found = [
            film
            for film in self.films
            if film.means is not None
            and film.given in (None, "7777777")
            and not film.late
            and (paper.item(film.key).asked in paper.wrong or paper.item(film.key).outcome is Outcome.NOT_FOUND)
        ]
        if not found:
            return None
        film = self.dice.choice(found)
        wrong = paper.wrong.get(paper.item(film.key).asked or 0)
        if wrong is not None and self.dice.random() < 0.3:
            film.given, film.means = str(wrong), wrong
        else:
            film.given = "7777777" if self.dice.random() < 0.25 else str(film.means)
        self.log.append(f"  {film.key} is given {film.given}")
        past = paper.item(film.key)
        if past.asked is not None and past.simkl is not None:
            paper.led[past.asked] = past.simkl
        paper.note(film.key, base=None, simkl=None, asked=None, kept=None)
        return film

    def _give_back(self, film: Film, account: Account, run: int, paid: set[int]) -> Account:
        paper, owing = self.paper, False
        able = paper.rows(State.SEEN, State.SETTLED)
        for simkl in {one.simkl for one in able if one.key == film.key and one.simkl is not None}:
            changes = [one for one in able if one.key == film.key and one.simkl == simkl]
            theirs = account.by_simkl.get(simkl)
            if film.given == str(simkl):
                for one in changes:
                    if one.question is not None:
                        paper.wrong.pop(one.question.number, None)
                continue
            others = [one for one in able if one.key != film.key and one.simkl == simkl]
            debt = debt_left(changes, others, theirs, paper.debts.get(simkl), paper.habit)
            if debt is None:
                continue
            paper.debts[simkl] = debt
            for one in changes:
                if debt.since <= one.order <= debt.upto:
                    paper.put(replace(one, state=State.SEEN))
            owing = True
        return self._before(run, paid) if owing else account

    # The whole of it

    def play(self) -> None:
        """Live it, let clean commands end it, and hold the account against the rules."""
        dice = self.dice
        self._covered = {}
        trouble, edits, undoes, rerates = (dice.random() < chance for chance in (0.75, 0.6, 0.3, 0.6))
        for step in range(dice.randint(2, 6)):
            if edits and step and dice.random() < 0.35:
                self.now += DAY
                self._click(dice.choice(list(self.service.names)), dice.choice([None, 1, 2, 3, 4, 5]), self.now)
            if rerates and step and dice.random() < 0.35:
                self._rerate()
            if step and dice.random() < 0.5:
                for film in self.films:
                    film.late = False
            self.now += dice.choice([60, 3600, DAY, 2 * DAY]) + dice.randrange(100)
            kinds = ["A", "B", "AB", "AB", "unread", "mend"]
            kinds += ["undo", "undo all", "undo force", "undo all force"] if undoes else []
            policy = self.policy if dice.random() < 0.85 else dice.choice(list(OnConflict))
            self.command(dice.choice(kinds), trouble=trouble, policy=policy)
        undone = dice.random() < 1 / 3
        for film in self.films:
            film.late = False
        posts: list[int] = []
        for _ in range(6):
            self.now += DAY + 60
            self.command("undo all" if undone else "AB", trouble=False, policy=self.policy)
            posts.append(self.posts)
        self.log.append(f"what the person did: {self.oracle.did}")
        holds = {number: self.service.ratings.get(number) for number in self.service.names}
        self.troubles += self.oracle.judged(holds, self._told(), undone=undone)
        asked_again = any(one.outcome is Outcome.NOT_FOUND for one in self.paper.items.values())
        if any(posts[-2:]) and not asked_again:
            self.troubles.append(f"POSTS GO ON {posts}")
        if self.paper.debts:
            self.troubles.append(f"OWED FOR EVER {self.paper.debts}")

    def _told(self) -> list[Any]:
        return [
            self.oracle.row(
                key=film.key,
                leads=self.service.leads(film.title, film.year, film.asks),
                spelled=self.service.leads(film.title, film.year, ()),
                means=film.means,
                given=film.given,
                true=True,
                by_day=film.by_day,
                said=tuple(film.said),
                hidden=self._is_hidden(film),
                refused=self.refused and self.paper.item(film.key).outcome is Outcome.FAILED,
            )
            for film in self.films
        ]

    def _is_hidden(self, film: Film) -> bool:
        number = self.service.leads(film.title, film.year, film.asks)
        if number is None or same_title(film.title, film.year, *self.service.names[number][:2]):
            return False
        return self.service.bare or not film.ids
