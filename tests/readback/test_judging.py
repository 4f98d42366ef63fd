"""Whose rating stands on a title, and whose should: ours against ours, then against the person's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from importer.journal.change import Answer, Change, Role, State
from importer.journal.owed import Debt, DebtState, Why
from importer.model import DAY, AccountRating, Date, Kind, Origin, Outcome, Precision, Reason
from importer.plan.decide import OnConflict, Rules
from importer.plan.sides import Base
from importer.readback.habit import Habit
from importer.readback.judging import Found, judge, rank
from importer.readback.known import Opening
from importer.readback.title import JudgedTitle, Rival

START = 30_000 * DAY


def _exact(theirs: AccountRating) -> Date | None:
    return None if theirs.rated_at is None else Date(theirs.rated_at, Precision.SECOND, Origin.RATING)


@pytest.fixture(scope="module")
def title(there: Any) -> Callable[..., JudgedTitle]:
    """A maker of titles: number 1, ours standing there, nothing before run 1, judged by `newer`."""

    def make(
        *changes: Change, standing: Any = ..., before: Any = None, later: Any = None, **fields: Any
    ) -> JudgedTitle:
        openings = {1: Opening({} if before is None else {1: before}, whole=True)}
        openings |= {run: Opening({} if value is None else {1: value}, whole=True) for run, value in later or ()}
        policy = fields.pop("policy", OnConflict.NEWER)
        plain: dict[str, Any] = {
            "simkl": 1,
            "standing": there() if standing is ... else standing,
            "changes": changes,
            "history": (),
            "openings": openings,
            "rules": lambda _: Rules(START, policy),
            "bases": {},
            "believed": _exact,
            "habit": None,
        }
        return JudgedTitle(**{**plain, **fields})

    return make


@pytest.fixture(scope="module")
def debt() -> Callable[..., Debt]:
    """A maker of debts of title 1 since change `since` up to `upto`."""

    def make(why: Why, since: int, upto: int, key: str = "") -> Debt:
        return Debt(1, Kind.MOVIE, "Heat", 1995, 3, 9, 9, why, DebtState.DUE, key, 1, since, upto)

    return make


def _said(judgement: Any) -> tuple[str, Any, bool]:
    return judgement.outcome.value, judgement.want, judgement.equal


def test_the_merge_rule_puts_dated_before_undated_and_newer_before_older(noon: int) -> None:
    """On one day seconds beat days, and at last the later row wins."""
    dates = [
        Date(noon + 5 * DAY, Precision.SECOND, Origin.RUN),
        Date(noon - DAY, Precision.SECOND, Origin.RATING),
        Date(noon, Precision.DAY, Origin.ENTRY),
        Date(noon - 3600, Precision.SECOND, Origin.RATING),
        Date(noon, Precision.SECOND, Origin.RATING),
    ]
    ranks = [rank(date, n) for n, date in enumerate(dates)]
    assert ranks == sorted(ranks)
    assert rank(dates[2], 9) > rank(dates[2], 8)


@pytest.mark.parametrize(
    ("policy", "before", "said"),
    [
        (OnConflict.NEWER, None, ("applied", "ours", True)),
        (OnConflict.NEWER, (3, -DAY), ("applied", "ours", True)),
        (OnConflict.NEWER, (3, DAY), ("kept", "before", False)),
        (OnConflict.NEWER, (3, None), ("kept", "before", False)),
        (OnConflict.KEEP, (3, -DAY), ("kept", "before", False)),
        (OnConflict.OVERWRITE, (3, DAY), ("applied", "ours", True)),
        (OnConflict.NEWER, (8, DAY), ("unchanged", "before", False)),
    ],
)
def test_one_row_against_the_person_is_the_table_of_the_three_sides(
    title: Any, sent: Any, noon: int, policy: OnConflict, before: Any, said: Any
) -> None:
    """By the options of the run that sent it; what it hid is wanted back."""
    prior = None if before is None else (before[0], None if before[1] is None else noon + before[1])
    judgement = judge(title(sent(), before=prior, policy=policy))
    outcome, whose, equal = said
    assert judgement.found is Found.OURS
    assert _said(judgement) == (outcome, (8, noon) if whose == "ours" else prior, equal)


def test_where_nothing_is_kept_of_before_nothing_is_given_back(title: Any, sent: Any, noon: int) -> None:
    """Nobody knows what stood there: ours stays."""
    judgement = judge(title(sent(), openings={1: Opening({}, whole=False)}, policy=OnConflict.KEEP))
    assert (judgement.prior_known, judgement.wins, judgement.want) == (False, True, (8, noon))


def test_of_two_rows_the_better_one_is_wanted_whichever_stands(title: Any, sent: Any, there: Any, noon: int) -> None:
    """The newer date, in whatever order the service worked."""
    older, newer = sent(), sent(key="b", n=1, rating=6, rated_at=noon + 50)
    for standing in (there(), there(rating=6, rated_at=noon + 50)):
        judgement = judge(title(older, newer, standing=standing))
        assert (judgement.winner, judgement.wins, judgement.want) == (newer, True, (6, noon + 50))
        assert judgement.equal is (standing.rating == 6)
    undated = sent(key="b", n=1, rating=6, rated_at=noon + 50, origin=Origin.RUN)
    assert judge(title(older, undated)).winner is older


def test_of_one_key_the_last_change_alone_competes(title: Any, sent: Any, noon: int) -> None:
    """What it said before is no rival of what it says now."""
    first = sent(rating=3, rated_at=noon + 99)
    assert judge(title(first, sent(n=1))).winner.rating == 8


def test_the_winner_is_held_against_the_person_below(title: Any, sent: Any, noon: int) -> None:
    """Two of ours over a newer rating of the person's: that is wanted."""
    judgement = judge(title(sent(), sent(key="b", n=1, rating=6, rated_at=noon + 50), before=(3, noon + DAY)))
    assert _said(judgement) == ("kept", (3, noon + DAY), False)


def _settled(sent: Any, noon: int, **fields: Any) -> Change:
    plain = {"key": "b", "rating": 6, "rated_at": noon - 50, "seen_at": noon - 50, "state": State.SETTLED, "simkl": 1}
    change: Change = sent(**{**plain, **fields})
    return change


def test_ours_against_ours_of_an_earlier_run_is_the_merge_rule(title: Any, sent: Any, noon: int) -> None:
    """Whatever --on-conflict; and the winner then against the person's below, if there is one."""
    prior = (6, noon - 50)
    mine = sent(run=2)
    earlier = _settled(sent, noon)
    kept = judge(title(mine, history=[earlier], later=[(2, prior)], policy=OnConflict.KEEP))
    assert (kept.wins, kept.want, kept.stays) == (True, (8, noon), mine)
    newer = _settled(sent, noon, rated_at=noon + 50, seen_at=noon + 50)
    lost = judge(title(mine, history=[newer], later=[(2, (6, noon + 50))], policy=OnConflict.OVERWRITE))
    assert _said(lost) == ("duplicate", (6, noon + 50), False)
    assert lost.stays is newer
    below = _settled(sent, noon, before=(3, noon + DAY))
    assert _said(judge(title(mine, history=[below], later=[(2, prior)]))) == ("kept", prior, False)
    deep = _settled(sent, noon, rated_at=noon + 50, seen_at=noon + 50, before=(3, noon - DAY))
    assert judge(title(mine, history=[deep], later=[(2, (6, noon + 50))])).outcome is Outcome.DUPLICATE
    again = sent(run=2, n=1, key="b", rating=5, rated_at=noon - 99)
    assert judge(title(mine, again, history=[newer], later=[(2, (6, noon + 50))])).winner is mine
    assert judge(title(mine, again, history=[newer], later=[(2, (6, noon + 50))])).wins, "that row says otherwise now"
    base = {"a:heat": Base(7, Date(noon - DAY, Precision.SECOND, Origin.RATING), 7, noon - DAY)}
    assert judge(title(mine, history=[earlier], later=[(2, prior)], bases=base)).wins, "nothing is below"
    older = _settled(sent, noon, before=(3, noon - DAY))
    assert judge(title(mine, history=[older], later=[(2, prior)])).wins


def test_the_persons_rating_below_is_found_beneath_all_of_ours(title: Any, sent: Any, noon: int) -> None:
    """Our rows rest on one another; what the deepest of them had found counts, and nothing of another value's."""
    deepest = _settled(sent, noon, key="c", run=0, rating=5, rated_at=noon - 200, before=(3, noon + DAY))
    top = _settled(sent, noon, before=(5, noon - 200))
    history, later = [deepest, top], [(2, (6, noon - 50))]
    assert judge(title(sent(run=2), history=history, later=later)).outcome is Outcome.KEPT
    unrelated = replace(deepest, rating=4)
    assert judge(title(sent(run=2), history=[unrelated, top], later=later)).wins
    after = replace(deepest, run=1, n=5, state=State.CLOSED)
    assert judge(title(sent(run=2), history=[top, after], later=later)).wins


@pytest.mark.parametrize(
    "fields",
    [{"state": State.TAKEN}, {"role": Role.GIVE}, {"rating": 5}, {"rated_at": 7, "seen_at": 7}],
    ids=["taken back", "a giving back", "another rating", "another date"],
)
def test_only_what_stands_of_ours_is_ours(title: Any, sent: Any, noon: int, fields: dict[str, Any]) -> None:
    """Else the prior is the person's, and the table decides."""
    judgement = judge(
        title(
            sent(run=2), history=[_settled(sent, noon, **fields)], later=[(2, (6, noon - 50))], policy=OnConflict.KEEP
        )
    )
    assert judgement.outcome is Outcome.KEPT


def test_a_row_against_its_own_earlier_rating_is_the_table_of_the_three_sides(title: Any, sent: Any, noon: int) -> None:
    """An older export does not win over what the same row said before, by whatever date."""
    base = Base(6, Date(noon + 50, Precision.SECOND, Origin.RATING), 6, noon + 50)
    own = _settled(sent, noon, key="a:heat", rated_at=noon + 50, seen_at=noon + 50)
    judgement = judge(title(sent(run=2), history=[own], later=[(2, (6, noon + 50))], bases={"a:heat": base}))
    assert (judgement.outcome, judgement.reason) == (Outcome.KEPT, Reason.OLDER_EXPORT)


def test_a_rival_that_was_not_sent_wins_with_the_better_date_alone(title: Any, sent: Any, noon: int) -> None:
    """A row of this call whose rating stood there; of the same key it is no rival."""
    better = Date(noon + 9, Precision.SECOND, Origin.RATING)
    assert _said(judge(title(sent(), rivals=[Rival("b", better, 5)], before=(6, 9)))) == ("duplicate", (6, 9), False)
    assert judge(title(sent(), rivals=[Rival("a:heat", better, 5)])).wins
    assert judge(title(sent(), rivals=[Rival("b", Date(9, Precision.SECOND, Origin.RATING), 5)])).wins


def test_a_row_that_says_a_newer_date_of_what_stands_there_beats_one_that_lay_below(
    title: Any, sent: Any, noon: int
) -> None:
    """It was sent with an older date, and says the same rating of a newer day now: it needed no sending."""
    stands = _settled(sent, noon)
    newer = Date(noon + DAY, Precision.SECOND, Origin.RATING)
    judgement = judge(title(sent(run=2), history=[stands], later=[(2, (6, noon - 50))], rivals=[Rival("b", newer, 5)]))
    assert _said(judgement) == ("duplicate", (6, noon - 50), False)
    assert judgement.stays is stands


def test_what_a_row_said_before_is_not_wanted_once_it_needs_no_sending(title: Any, sent: Any, noon: int) -> None:
    """What it sent was never seen; what it says now stands there, and is newer than what another row has sent since."""
    before = sent(key="b", rating=6, rated_at=noon + 5)
    now = Rival("b", Date(noon + 9, Precision.SECOND, Origin.RATING), 5)
    fields = {"rivals": [now], "unsent": {"b"}, "before": (3, noon - DAY), "later": [(2, (3, noon - DAY))]}
    assert _said(judge(title(before, sent(run=2), **fields))) == ("duplicate", (3, noon - DAY), False)
    alone = judge(title(before, standing=AccountRating(1, Kind.MOVIE, "Heat", 1995, (), 6, noon + 5), **fields))
    assert (alone.wins, alone.want) == (True, (6, noon + 5)), "it stands there by now: the next run sends what it says"


def test_an_edit_between_two_parts_of_one_run_is_what_stood_there(title: Any, sent: Any, noon: int) -> None:
    """A run that goes on reads the account anew: what it finds then came after what its first part left."""
    first = _settled(sent, noon, key="b", n=1, rated_at=noon - 300, seen_at=noon - 300, before=(3, noon - 500))
    second = sent(n=2)
    for now in ((4, noon + DAY), None):
        judgement = judge(title(second, history=[first], before=now))
        assert judgement.prior == now
    for unread in ((3, noon - 500), (6, noon - 300)):
        stale = judge(title(second, history=[first], before=unread))
        assert stale.prior == (6, noon - 300), "what the run itself left"


def test_the_prior_walks_over_an_edit_between_two_runs(title: Any, sent: Any, noon: int) -> None:
    """Not what stood before our first write: what the person had given before our last one; our own value is none."""
    runs = [sent(before=None), sent(run=2, rating=5, rated_at=noon + 9)]
    edited = judge(title(*runs, before=(3, 1), later=[(2, (4, noon + 5 * DAY))]))
    assert (edited.prior, edited.befores) == ((4, noon + 5 * DAY), {1: (3, 1), 2: (4, noon + 5 * DAY)})
    for edit in ((8, noon + 5 * DAY), (4, noon), None):
        assert judge(title(*runs, before=(3, 1), later=[(2, edit)])).prior == edit
    ours = judge(title(*runs, before=(3, 1), later=[(2, (8, noon))]))
    assert (ours.prior, ours.befores) == ((3, 1), {1: (3, 1), 2: (8, noon)})


def test_what_was_ours_and_is_taken_back_is_no_prior(title: Any, sent: Any, noon: int) -> None:
    """It stood there before the run, and an undo has taken it away since: what had been below it counts."""
    fields = {"state": State.TAKEN, "undone": 3, "simkl": 1, "seen_at": noon - 9, "rated_at": noon - 9, "rating": 5}
    first, second = sent(run=0, before=(3, 1), **fields), sent(run=2, rating=6)
    late = judge(title(sent(), history=[first], before=(5, noon - 9)))
    assert (late.prior, late.befores) == ((3, 1), {1: (3, 1)})
    again = judge(title(sent(), second, history=[first], before=None, later=[(2, (5, noon - 9))]))
    assert (again.prior, again.befores) == ((3, 1), {1: None, 2: (3, 1)})
    deeper = replace(first, run=-1, rating=3, rated_at=1, seen_at=1, before=(2, 0))
    assert judge(title(sent(), history=[deeper, first], before=(5, noon - 9))).prior == (2, 0), "both are taken back"
    for other in ({"state": State.SETTLED}, {"undone": 1}, {"undone": None}, {"run": 1, "n": -1}, {"rating": 4}):
        judgement = judge(title(sent(), history=[replace(first, **other)], before=(5, noon - 9)))
        assert judgement.befores == {1: (5, noon - 9)}


def test_what_an_earlier_part_of_the_run_left_is_no_prior_of_the_persons(title: Any, sent: Any, noon: int) -> None:
    """It goes before the opening, and what undo gives back is what that part had found."""
    part = sent(key="b", rating=6, rated_at=noon - 9, state=State.SETTLED, simkl=1, before=(3, 1), seen_at=noon - 8)
    judgement = judge(title(sent(n=1), history=[part], before=(3, 1)))
    assert (judgement.prior, judgement.befores) == ((6, noon - 8), {1: (3, 1)})


@pytest.mark.parametrize(
    "fields",
    [{"n": 9}, {"state": State.TAKEN}, {"role": Role.GIVE}, {"run": 0}],
    ids=["sent later", "taken back", "a giving back", "another run"],
)
def test_only_a_row_that_the_run_set_before_is_an_earlier_part_of_it(
    title: Any, sent: Any, noon: int, fields: dict[str, Any]
) -> None:
    """Else what stood before the run is its prior."""
    plain = {"key": "b", "rating": 6, "rated_at": noon - 9, "state": State.SETTLED, "simkl": 1, "before": (3, 1)}
    part = sent(**{**plain, **fields})
    assert judge(title(sent(n=1), history=[part], before=(3, 1))).prior == (3, 1)


@pytest.mark.parametrize(
    "fields", [{"state": State.SETTLED}, {"run": 5}, {"role": Role.GIVE}], ids=["settled", "later", "a payment"]
)
def test_only_the_rows_that_a_debt_covers_tell_what_they_had_found(
    title: Any, sent: Any, debt: Any, noon: int, fields: dict[str, Any]
) -> None:
    """Else what stood before the run is its prior."""
    covered = sent(run=0, key="b", rating=6, rated_at=noon - 9, state=State.SEEN, simkl=1, before=(2, 2))
    owing = debt(Why.WINNER, covered.order, covered.order)
    assert judge(title(sent(), history=[covered], debt=owing, before=(3, 1))).prior == (2, 2)
    other = replace(covered, **fields)
    assert judge(title(sent(), history=[other], debt=owing, before=(3, 1))).prior == (3, 1)


def test_what_lies_below_a_debt_is_what_the_person_had_given_last(title: Any, sent: Any, debt: Any, noon: int) -> None:
    """Not what stood before the first of the rows that it covers: the person may have rated between two of them."""
    seen = {"state": State.SEEN, "simkl": 1, "rated_at": noon - 9}
    first, second = sent(run=0, rating=6, before=(2, 2), **seen), sent(run=1, key="b", before=(4, 5), **seen)
    late = sent(run=2)
    for why, below in ((Why.WINNER, (4, 5)), (Why.GIVE, (3, 9))):
        owing = debt(why, first.order, second.order, "b")
        judgement = judge(title(late, history=[first, second], debt=owing))
        assert (judgement.prior, judgement.befores) == (below, {2: below})
    over_ours = replace(second, before=(6, noon - 9))
    owing = debt(Why.WINNER, first.order, second.order, "b")
    assert judge(title(late, history=[first, over_ours], debt=owing)).prior == (2, 2)
    assert judge(title(late, history=[first, second], debt=replace(owing, upto=first.order))).prior == (2, 2)
    nothing = replace(debt(Why.GIVE, first.order, second.order), rating=None, read_at=None)
    assert judge(title(late, history=[first, second], debt=nothing)).prior is None


def test_what_stands_of_a_debt_is_ours_if_it_was_written_and_not_before_it(
    title: Any, sent: Any, there: Any, debt: Any, noon: int
) -> None:
    """A refused write never stood there, and one from before the debt is a stale reading."""
    hides = sent(run=1, key="b", rating=6, rated_at=noon - 9, state=State.SEEN, simkl=1)
    standing = there(rating=6, rated_at=noon - 9)
    mine = sent(run=2)

    def found(change: Any, since: int) -> Found:
        return judge(title(mine, history=[change], debt=debt(Why.GIVE, since, mine.order), standing=standing)).found

    assert found(hides, hides.order) is Found.OURS
    assert found(hides, hides.order + 1) is Found.STALE
    assert found(replace(hides, answer=Answer.REFUSED), hides.order) is Found.THEIRS


@pytest.mark.parametrize(
    ("standing", "answer", "found"),
    [
        ((3, 1), Answer.ADDED, Found.STALE),
        ((6, 77), Answer.ADDED, Found.STALE),
        ((6, 77), None, Found.THEIRS),
        ((5, 5), Answer.ADDED, Found.THEIRS),
        ((8, 20 * DAY), Answer.ADDED, Found.THEIRS),
        (None, Answer.ADDED, Found.THEIRS),
    ],
    ids=["the prior", "an earlier one of ours", "without an answer", "never there", "another date", "removed"],
)
def test_what_is_not_ours_is_stale_or_the_persons(
    title: Any, sent: Any, there: Any, standing: Any, answer: Answer | None, found: Found
) -> None:
    """What stood there earlier closes nothing; anything else was never ours."""
    earlier = sent(run=0, rating=6, rated_at=77, state=State.SETTLED, simkl=1, key="b")
    rating = None if standing is None else there(rating=standing[0], rated_at=standing[1])
    assert judge(title(sent(answer=answer), standing=rating, before=(3, 1), history=[earlier])).found is found


def test_what_stood_before_another_run_is_stale_too(title: Any, sent: Any, there: Any) -> None:
    """Every opening that is kept counts."""
    openings = {1: Opening({1: (3, 1)}, whole=True), 2: Opening({1: (4, 2)}, whole=True)}
    assert judge(title(sent(), standing=there(rating=4, rated_at=2), openings=openings)).found is Found.STALE


@pytest.mark.parametrize(("state", "found"), [(State.SETTLED, Found.LATER), (State.CLOSED, Found.STALE)])
def test_a_later_write_of_ours_that_stands_is_seen(
    title: Any, sent: Any, there: Any, noon: int, state: State, found: Found
) -> None:
    """Overwritten by ourselves; what was closed was never there."""
    later = sent(run=2, rating=5, rated_at=noon + 9, state=state, simkl=1)
    assert judge(title(sent(), standing=there(rating=5, rated_at=noon + 9), history=[later])).found is found


def test_the_row_that_is_owed_to_a_title_competes_with_what_came_after(
    title: Any, sent: Any, there: Any, debt: Any, noon: int
) -> None:
    """A winner's rating is a candidate, what stands of its debt is ours, and the prior is what it had found."""
    owed = sent(key="b", rating=6, rated_at=noon + 50, state=State.SEEN, simkl=1, before=(3, 1))
    mine = sent(run=2)
    owing = debt(Why.WINNER, owed.order, owed.order, "b")
    judgement = judge(title(mine, history=[owed], debt=owing, before=(9, 9)))
    assert (judgement.winner, judgement.prior, judgement.want) == (owed, (3, 1), (6, noon + 50))
    giving = judge(title(mine, history=[owed], debt=debt(Why.GIVE, owed.order, owed.order, "b")))
    assert (giving.winner, giving.prior) == (mine, (3, 9)), "what is to be given back"
    undo = judge(title(mine, history=[owed], debt=debt(Why.UNDO, owed.order, owed.order), later=[(2, (4, 2))]))
    assert undo.prior == (4, 2)
    hidden = there(rating=6, rated_at=noon + 50)
    assert judge(title(mine, history=[owed], debt=owing, standing=hidden)).found is Found.OURS
    assert judge(title(mine, history=[owed], debt=owing, standing=there(rating=2))).found is Found.THEIRS


def test_a_wrong_title_is_never_redated(title: Any, sent: Any, noon: int) -> None:
    """An equal rating there is its own: whatever the row says of its date, it says nothing of another title's."""
    redate = {"rules": lambda _: Rules(START, OnConflict.NEWER, redate=True), "before": (8, noon - 9 * DAY)}
    assert judge(title(sent(), **redate)).wins
    assert not judge(title(sent(), right=False, **redate)).wins


def test_what_is_wanted_is_what_will_be_read(title: Any, sent: Any, there: Any, noon: int) -> None:
    """As it stands there, else as it stood when it was seen, else as the habit shows it; an unknown habit is met with
    patience, a known one is not.
    """
    habit = Habit(1, 3600)
    seen = sent(key="b", n=1, rating=6, rated_at=noon + 50, seen_at=noon + 3650)
    assert judge(title(sent(), seen, standing=there(rated_at=noon + 3600))).want == (6, noon + 3650)
    newer = sent(key="b", n=1, rating=6, rated_at=noon + 50)
    assert judge(title(sent(), newer, habit=habit, standing=there(rated_at=noon + 3600))).want == (6, noon + 3650)
    assert judge(title(sent(), standing=there(rated_at=noon + 3600))).want == (8, noon + 3600)
    assert judge(title(sent(), standing=there(rated_at=None))).equal
    assert not judge(title(sent(), before=(8, noon - 9))).equal, "the person's own date is wanted to the second"
    assert judge(title(sent(), before=(8, noon - 9), standing=there(rated_at=None))).equal
    assert judge(title(sent(), before=(8, None))).equal
    later = sent(key="b", n=1, rated_at=noon + 1800)
    assert not judge(title(sent(), later, habit=habit, standing=there(rated_at=noon + 3600))).equal


def test_what_the_person_changed_after_the_base_is_kept_for_that_reason(title: Any, sent: Any, noon: int) -> None:
    """The base of its key counts, else that of another row there."""
    base = Base(8, Date(noon, Precision.SECOND, Origin.RATING), 8, noon)
    for key in ("a:heat", "b"):
        other = sent(key="b", n=1, rated_at=noon - 5)
        judgement = judge(title(sent(), other, before=(3, noon - DAY), bases={key: base}))
        assert (judgement.outcome, judgement.reason) == (Outcome.KEPT, Reason.CHANGED_ON_SIMKL)


@pytest.mark.parametrize(
    ("fields", "want"),
    [
        ({}, (8, 40)),
        ({"date": Date(0, Precision.SECOND, Origin.RATING)}, (8, 40)),
        ({"state": State.SEEN}, None),
        ({"n": 0, "batch": 0}, None),
        ({"rating": 7}, None),
    ],
)
def test_a_row_that_was_settled_since_and_stands_competes(
    title: Any, sent: Any, there: Any, noon: int, fields: dict[str, Any], want: Any
) -> None:
    """Of two rows with one rating that came one after the other whichever wins stands, and nothing is taken away."""
    later = replace(_settled(sent, noon, rating=8, rated_at=noon, seen_at=noon + 40, n=3), **fields)
    rivals = [Rival("c", Date(noon - 9, Precision.SECOND, Origin.RATING), 0)] if want is None else []
    last = sent(run=2, batch=2, rated_at=noon - 9, date=Date(noon - 20, Precision.SECOND, Origin.RATING))
    shown = there(rated_at=noon + 40)
    judgement = judge(
        title(sent(date=last.date), last, standing=shown, history=[later], rivals=rivals, later=[(2, None)])
    )
    assert judgement.want == (want and (8, noon + 40))
    assert judgement.equal == (want is not None)


@pytest.mark.parametrize(("later", "found"), [(-1, Found.THEIRS), (0, Found.STALE), (None, Found.THEIRS)])
def test_what_a_payment_took_away_was_not_taken_away_by_the_person(
    title: Any, sent: Any, later: int | None, found: Found
) -> None:
    """If it came after what is looked for: before that, only the person can have removed it."""
    change = sent()
    cleared = None if later is None else change.posted + later
    assert judge(title(change, standing=None, before=(3, 9), cleared=cleared)).found is found


def test_what_an_undo_takes_back_and_stands_there_still_is_no_open_rows(
    title: Any, sent: Any, noon: int, debt: Any
) -> None:
    """An unconfirmed row of a later run is as stale as it was: nothing of it was seen."""
    earlier = _settled(sent, noon, run=1, rating=8, rated_at=noon, seen_at=noon)
    later = sent(run=2, rating=5, rated_at=noon + 9)
    owed = debt(Why.UNDO, earlier.order, earlier.order)
    assert judge(title(later, history=[earlier], later=[(2, (8, noon))], debt=owed)).found is Found.STALE


def test_a_base_of_our_own_rating_tells_nothing_of_the_persons_below(title: Any, sent: Any, noon: int) -> None:
    """The row agreed with what it had put there itself, then another one went over it: below lies the person's."""
    mine = _settled(sent, noon, key="a:heat", rated_at=noon - 99, seen_at=noon - 99, rating=8, before=(3, 9))
    other = _settled(sent, noon, run=2, before=(8, noon - 99))
    bases = {"a:heat": Base(8, sent().date, 8, noon - 99)}
    judgement = judge(
        title(sent(run=3), history=[mine, other], later=[(3, (6, noon - 50))], bases=bases, policy=OnConflict.OVERWRITE)
    )
    assert _said(judgement) == ("applied", (8, noon), True)


@pytest.mark.parametrize("agreed", [True, False])
def test_a_row_that_was_settled_since_is_wanted_although_an_older_one_shows_only_now(
    title: Any, sent: Any, noon: int, agreed: bool
) -> None:
    """Reads were late: nothing is taken away, the newer row stands at the end. One without a base has lost."""
    later = _settled(
        sent,
        noon,
        rating=6,
        rated_at=noon + 40,
        seen_at=noon + 40,
        date=Date(noon + 40, Precision.SECOND, Origin.RATING),
        n=3,
    )
    bases = {"b": Base(6, later.date, 6, noon + 40)} if agreed else {}
    judgement = judge(title(sent(), history=[later], bases=bases))
    assert judgement.want == ((6, noon + 40) if agreed else (8, noon))
    assert judgement.equal == (not agreed)


def test_a_row_that_the_person_went_over_since_competes_no_more(title: Any, sent: Any, noon: int) -> None:
    """The opening of a later run tells of an edit: that is what stood there before, and it is given back."""
    row = _settled(sent, noon, n=3)
    again = sent(run=2)
    bases = {"b": Base(6, row.date, 6, noon - 50)}
    judgement = judge(title(sent(), again, history=[row], bases=bases, later=[(2, (5, noon + DAY))]))
    assert _said(judgement) == ("kept", (5, noon + DAY), False)


def test_of_two_sends_of_one_row_the_later_one_counts_though_it_was_settled_first(
    title: Any, sent: Any, there: Any, noon: int
) -> None:
    """The earlier one shows only now, and has no say beside it."""
    later = sent(n=1, rating=6, rated_at=noon + 50, state=State.SETTLED, simkl=1)
    judgement = judge(
        title(
            sent(rated_at=noon + 90),
            standing=there(rated_at=noon + 90),
            history=[later],
            bases={"a:heat": Base(6, later.date, 6, noon + 50)},
        )
    )
    assert (judgement.winner.n, judgement.want) == (1, (6, noon + 50))


def test_an_older_rating_of_ours_is_no_edit_between_two_parts_of_a_run(title: Any, sent: Any, noon: int) -> None:
    """The reading may lag; what never was ours there is the person's."""
    part = sent(key="b", rating=6, rated_at=noon - 9, state=State.SETTLED, simkl=1, before=(3, 1), seen_at=noon - 9)
    earlier = sent(key="c", run=0, rating=5, rated_at=noon - 99, state=State.SETTLED, simkl=1, seen_at=noon - 99)
    ours = judge(title(sent(n=1), history=[earlier, part], before=(5, noon - 99)))
    assert ours.prior == (6, noon - 9)
    persons = judge(title(sent(n=1), history=[earlier, part], before=(4, noon - 50)))
    assert persons.prior == (4, noon - 50)


def test_of_several_parts_of_a_run_the_last_one_is_what_stood_there(title: Any, sent: Any, noon: int) -> None:
    """A row, or the winner that was paid for it; also one between two that show only now."""
    first = sent(key="b", n=1, rating=6, rated_at=noon - 9, state=State.SETTLED, simkl=1, before=(3, 1))
    for role in (Role.ROW, Role.WINNER):
        last = replace(first, key="c", n=2, rating=7, role=role)
        assert judge(title(sent(n=3), history=[first, last], before=(3, 1))).prior == (7, noon - 9)
    between = judge(title(sent(n=0), sent(key="d", n=5, rating=5), history=[first], before=(3, 1)))
    assert between.prior == (6, noon - 9)


def test_a_row_that_has_no_base_any_more_agrees_with_what_it_had_put_there(title: Any, sent: Any, noon: int) -> None:
    """So a changed value goes, whatever --on-conflict."""
    own = sent(run=0, rating=6, rated_at=noon - 9, state=State.SETTLED, simkl=1, seen_at=noon - 9)
    judgement = judge(title(sent(), history=[own], before=(6, noon - 9), policy=OnConflict.KEEP))
    assert judgement.wins
    assert not judge(title(sent(), before=(6, noon - 9), policy=OnConflict.KEEP)).wins


def test_where_nobody_knows_what_stood_there_a_base_proves_no_edit(title: Any, sent: Any, noon: int) -> None:
    """A rating that is not in an opening was not taken away by the person."""
    change = sent()
    assert judge(title(change, openings={}, bases={"a:heat": Base(8, change.date, 8, noon)})).wins


def test_a_rating_of_ours_that_was_sent_later_lay_beneath_none_before_it(title: Any, sent: Any, noon: int) -> None:
    """What stood there first was the person's, though it is just as ours is now."""
    later = sent(run=2, key="b", rating=6, rated_at=noon - 9, state=State.SETTLED, simkl=1, seen_at=noon - 9)
    assert not judge(title(sent(), before=(6, noon - 9), history=[later], policy=OnConflict.KEEP)).wins


def test_where_nobody_knows_what_stood_there_a_better_row_takes_nothing_away(title: Any, sent: Any, noon: int) -> None:
    """The rating stays until that one is sent itself."""
    newer = Rival("z", Date(noon + DAY, Precision.SECOND, Origin.RATING), 0)
    judgement = judge(title(sent(), openings={}, rivals=[newer]))
    assert (judgement.wins, judgement.equal) == (False, True)


def test_a_row_that_was_settled_meanwhile_competes_where_it_stands_or_is_agreed_on(
    title: Any, sent: Any, debt: Any, noon: int
) -> None:
    """It was held against the person's rating then; where the title is owed something, that is judged by the debt."""
    mine = sent()
    newer = _settled(sent, noon, n=5, rating=8, rated_at=noon + 50, seen_at=noon)
    persons = {"before": (3, noon + DAY)}
    stands = judge(title(mine, history=[newer], **persons))
    assert (stands.winner, stands.wins) == (newer, True)
    owing = judge(title(mine, history=[newer], debt=debt(Why.GIVE, newer.order, newer.order), **persons))
    assert (owing.winner, owing.wins) == (mine, False)
    elsewhere = replace(newer, rating=6, seen_at=noon + 50)
    assert judge(title(mine, history=[elsewhere], **persons)).winner is mine
    for account, winner in ((6, elsewhere), (5, mine)):
        bases = {"b": Base(6, elsewhere.date, account, noon + 50)}
        assert judge(title(mine, history=[elsewhere], bases=bases, **persons)).winner is winner
    bases = {"b": Base(6, elsewhere.date, 6, noon + 50)}
    openings = {1: Opening({1: persons["before"]}, whole=True)}
    for later, winner in (({}, elsewhere), ({1: (6, noon + 50)}, elsewhere), ({1: (2, noon)}, mine)):
        read = {**openings, 2: Opening(later, whole=False)}
        assert judge(title(mine, history=[elsewhere], bases=bases, openings=read)).winner is winner
    refused = _settled(sent, noon, n=4, rating=2, rated_at=noon, answer=Answer.REFUSED, state=State.CLOSED)
    assert judge(title(mine, history=[refused, elsewhere], bases=bases, openings=read)).winner is mine


def test_what_a_row_agreed_on_with_the_person_holds_below_other_rows_of_ours(title: Any, sent: Any, noon: int) -> None:
    """Also where a row of ours once gave the same rating, of another date; with that one's date it was ours."""
    persons = (3, noon - DAY)
    ours = _settled(sent, noon, key="c", run=0, rating=3, rated_at=noon - 5 * DAY, seen_at=noon - 5 * DAY)
    top = _settled(sent, noon, before=persons)
    fields = {"history": [ours, top], "later": [(2, (6, noon - 50))], "policy": OnConflict.KEEP}
    for at, wins in ((noon - DAY, True), (noon - 5 * DAY, False), (None, False)):
        bases = {"a:heat": Base(7, Date(noon - 9 * DAY, Precision.SECOND, Origin.RATING), 3, at)}
        assert judge(title(sent(run=2), bases=bases, **fields)).wins is wins, at


def test_a_later_opening_that_knows_nothing_of_the_title_tells_no_edit(title: Any, sent: Any, noon: int) -> None:
    """Only what a run kept of before counts; what another row of ours left in between does."""
    runs = [sent(), sent(run=2, rating=5, rated_at=noon + 9)]
    whole, nothing = Opening({1: (3, 1)}, whole=True), Opening({}, whole=False)
    for openings in ({1: whole, 2: nothing}, {1: whole}):
        judgement = judge(title(*runs, openings=openings))
        assert (judgement.prior, judgement.prior_known) == ((3, 1), True)
        assert judgement.befores == {1: (3, 1), 2: (3, 1)}
    between = _settled(sent, noon, run=2, n=0, rated_at=noon + 3, seen_at=noon + 3, before=(3, 1))
    unknown = judge(title(runs[0], replace(runs[1], n=2), history=[between], openings={1: nothing, 2: nothing}))
    assert (unknown.prior, unknown.prior_known) == ((6, noon + 3), True)


def test_of_rows_that_all_gave_what_stood_there_the_last_one_is_on_top(title: Any, sent: Any, noon: int) -> None:
    """So it is the one to beat."""
    old = _settled(sent, noon, key="c", run=0, rated_at=noon - 60)
    new = _settled(sent, noon, rated_at=noon + 60)
    judgement = judge(title(sent(run=2), history=[old, new], later=[(2, (6, noon - 50))]))
    assert (judgement.outcome, judgement.stays) == (Outcome.DUPLICATE, new)
