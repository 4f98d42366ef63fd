"""One settlement: what a reading makes of every open change and of every debt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from importer.journal.change import Answer, Evidence, Role, State
from importer.journal.landing import Finding
from importer.journal.owed import Debt, DebtState, Why
from importer.model import DAY, Date, Kind, Note, Origin, Outcome, Precision, Reason
from importer.plan.decide import OnConflict, Rules
from importer.plan.names import Names
from importer.plan.sides import Base, Kept
from importer.readback.debts import is_paid
from importer.readback.findings import differing_dates
from importer.readback.habit import Habit
from importer.readback.missing import EXPIRES, LAG, MOST_SENDS
from importer.readback.placing import doubtful_titles, find_changes, pair_by_name
from importer.readback.settlement import Settlement, Unsettled
from importer.readback.settling import settle
from importer.readback.title import Rival

START = 30_000 * DAY


def _believed(theirs: Any) -> Date | None:
    return None if theirs.rated_at is None else Date(theirs.rated_at, Precision.SECOND, Origin.RATING)


@pytest.fixture(scope="module")
def settled(known: Any) -> Callable[..., Settlement]:
    """Settle changes by a reading of ratings: `before` is the opening of run 1, `history` by title."""

    def run(changes: Any, *ratings: Any, before: Any = None, days: float = 2, names: Any = None, **fields: Any) -> Any:
        policy, history = fields.pop("policy", OnConflict.NEWER), fields.pop("history", {})
        habit = fields.pop("habit", None)
        plain: dict[str, Any] = {
            "changes": list(changes),
            "history": lambda titles: {n: history.get(n, ()) for n in titles},
            "debts": {},
            "wrong": {},
            "rules": lambda _: Rules(START, policy),
            "bases": {},
            "believed": _believed,
        }
        unsettled = Unsettled(**{**plain, **fields})
        seen = known(*ratings, before=before, habit=habit, led=unsettled.led)
        return settle(unsettled, find_changes(unsettled, seen), seen, names or {}, 19_801 * DAY + int(days * DAY))

    return run


@pytest.fixture(scope="module")
def owing() -> Callable[..., Debt]:
    """A maker of debts: title 1 is to have a 3 of second 9 again, hidden since change 0."""

    def make(**fields: Any) -> Debt:
        plain: dict[str, Any] = {
            "simkl": 1,
            "kind": Kind.MOVIE,
            "title": "Heat",
            "year": 1995,
            "rating": 3,
            "read_at": 9,
            "store_at": 9,
            "why": Why.GIVE,
            "state": DebtState.DUE,
            "key": "",
            "run": 1,
            "since": 0,
            "upto": 1 << 60,
        }
        return Debt(**{**plain, **fields})

    return make


def _told(settlement: Settlement) -> dict[str, tuple[str, str | None, str | None]]:
    return {
        one.change.key: (one.outcome.value, one.reason and one.reason.value, one.note and one.note.value)
        for one in settlement.findings
    }


def test_a_first_rating_that_stands_is_applied_with_its_base(settled: Any, sent: Any, there: Any, noon: int) -> None:
    """Settled, nothing owed, its question remembered; another title is told and remembered as wrong."""
    found = settled([sent()], there())
    assert _told(found) == {"a:heat": ("applied", None, None)}
    assert [one.state for one in found.changes] == [State.SETTLED]
    assert (found.findings[0].base.account_rated_at, found.owed, found.wrong) == (noon, [], [])
    assert [simkl for _, simkl in found.led] == [1]
    wrong = settled([sent()], there(title="Zed", year=1950))
    assert _told(wrong) == {"a:heat": ("applied", None, "other_title")}
    assert [simkl for _, simkl in wrong.wrong] == [1]
    assert not wrong.findings[0].known
    known = settled([sent()], there(title="Zed", year=1950), wrong={7: 1})
    assert known.findings[0].known


def test_a_right_title_by_its_other_names_is_not_wrong(settled: Any, sent: Any, there: Any) -> None:
    """Its page tells them; a question already known as wrong stays so."""
    names = {1: Names(("Zed", "Heat"), 1995)}
    assert _told(settled([sent()], there(title="Zed"), names=names)) == {"a:heat": ("applied", None, None)}
    assert settled([sent()], there(title="Zed"), names=names, wrong={7: 1}).wrong


def test_a_persons_rating_that_is_hidden_is_owed(settled: Any, sent: Any, there: Any, noon: int) -> None:
    """The row is unconfirmed until it is seen, the change stays seen, the debt says what is to be read and sent."""
    before = {1: (3, noon + DAY)}
    found = settled([sent()], there(), before=before)
    assert _told(found) == {"a:heat": ("unconfirmed", "conflict", None)}
    assert [one.state for one in found.changes] == [State.SEEN]
    [debt] = found.owed
    assert (debt.why, debt.rating, debt.read_at, debt.store_at) == (Why.GIVE, 3, noon + DAY, noon + DAY)
    assert found.findings[0].owing
    assert found.findings[0].kept == Kept(1, (3, noon + DAY), 8, noon)
    shifted = settled([sent()], there(rated_at=noon + 3600), before=before, habit=Habit(1, 3600))
    assert (shifted.owed[0].read_at, shifted.owed[0].store_at) == (noon + DAY, noon + DAY - 3600)


def test_a_debt_made_again_keeps_its_tries_and_another_one_begins_anew(
    settled: Any, sent: Any, there: Any, owing: Any, noon: int
) -> None:
    """The same want is the same debt, stuck or not."""
    before = {1: (3, noon + DAY)}
    same = owing(rating=3, read_at=noon + DAY, store_at=noon + DAY, tries=2, tried_at=5, state=DebtState.STUCK)
    [debt] = settled([sent()], there(), before=before, debts={1: same}).owed
    assert (debt.tries, debt.state, debt.tried_at, debt.since) == (2, DebtState.STUCK, 5, 0)
    for other in (replace(same, rating=4), replace(same, read_at=9)):
        [debt] = settled([sent()], there(), before=before, debts={1: other}).owed
        assert (debt.tries, debt.state, debt.tried_at) == (0, DebtState.DUE, 5)


def test_two_rows_on_one_title_have_a_winner_and_a_duplicate(settled: Any, sent: Any, there: Any, noon: int) -> None:
    """Shared; a wrong winner that stands is owed the right one, with the date that was sent for it."""
    rows = [sent(), sent(key="b", n=1, rating=6, rated_at=noon + 50)]
    right = settled(rows, there(rating=6, rated_at=noon + 50))
    assert _told(right) == {"a:heat": ("duplicate", None, "shared_title"), "b": ("applied", None, "shared_title")}
    wrong = settled(rows, there())
    assert _told(wrong)["b"] == ("unconfirmed", None, "shared_title")
    assert [(one.why, one.key, one.rating, one.store_at) for one in wrong.owed] == [(Why.WINNER, "b", 6, noon + 50)]
    kept = settled(rows, there(), before={1: (3, noon + DAY)})
    assert _told(kept)["a:heat"][:2] == ("kept", "conflict")


def test_a_row_settled_by_an_earlier_part_of_the_run_loses_to_the_one_after(
    settled: Any, sent: Any, there: Any, noon: int
) -> None:
    """It becomes a duplicate; one of another run is left as it was told, and a payment is no row."""
    part = sent(
        key="b", rating=6, rated_at=noon - 9, state=State.SETTLED, simkl=1, evidence=Evidence.ID, seen_at=noon - 9
    )
    found = settled([sent(n=1)], there(), history={1: [part]})
    assert _told(found) == {"a:heat": ("applied", None, "shared_title"), "b": ("duplicate", None, "shared_title")}
    before = [replace(part, n=n, before=(3, n)) for n in (1, 2)]
    lost = settled([sent(n=3)], there(), history={1: before}).findings
    assert [one.prior for one in lost if one.change.key == "b"] == [(3, 2)], "by the last of its sends"
    for other in (replace(part, run=0), replace(part, key="", role=Role.GIVE), replace(part, role=Role.WINNER)):
        assert _told(settled([sent(n=1)], there(), history={1: [other]})) == {"a:heat": ("applied", None, None)}


def test_a_rival_that_was_not_sent_is_outdone_by_a_winner(settled: Any, sent: Any, there: Any, noon: int) -> None:
    """Its row was told as unchanged, and is no more; the winner's own key is no rival."""
    older = Date(noon - DAY, Precision.SECOND, Origin.RATING)
    rivals = {1: [Rival("b", older, 4), Rival("a:heat", older, 5)]}
    assert settled([sent()], there(), rivals=rivals).outdone == ["b"]


def test_what_is_the_persons_closes_and_becomes_the_base(settled: Any, sent: Any, there: Any, owing: Any) -> None:
    """Kept as changed on Simkl, and a debt of that title is void."""
    found = settled([sent()], there(rating=2), before={1: (3, 9)}, debts={1: owing()})
    assert _told(found) == {"a:heat": ("kept", "changed_on_simkl", None)}
    assert [one.state for one in found.changes] == [State.CLOSED]
    assert found.findings[0].base.account_rating == 8
    assert [one.paid for one in found.gone] == [False]


def test_what_a_later_write_of_ours_hides_was_seen(settled: Any, sent: Any, there: Any, noon: int) -> None:
    """Answered: a duplicate, settled. Never answered: it never arrived."""
    later = sent(run=2, rating=5, rated_at=noon + 9, state=State.SETTLED, simkl=1, evidence=Evidence.ID)
    found = settled([sent()], there(rating=5, rated_at=noon + 9), history={1: [later]})
    assert _told(found) == {"a:heat": ("duplicate", None, "shared_title")}
    twice = settled([sent(), sent(n=1)], there(rating=5, rated_at=noon + 9), history={1: [later]})
    assert [one.change.n for one in twice.findings] == [1], "a row is told once, by its last send"
    unanswered = settled(
        [sent(answer=None, state=State.INTENDED)], there(rating=5, rated_at=noon + 9), history={1: [later]}
    )
    assert _told(unanswered)["a:heat"][0] == "pending"


@pytest.mark.parametrize(
    ("fields", "days", "outcome", "state"),
    [
        ({}, 2, Outcome.UNCONFIRMED, None),
        ({}, EXPIRES / DAY + 0.5, Outcome.UNCONFIRMED, None),
        ({}, EXPIRES / DAY + 1, Outcome.UNCONFIRMED, State.CLOSED),
        ({"answer": None, "state": State.INTENDED}, 2, Outcome.PENDING, None),
        ({"answer": None, "state": State.INTENDED}, EXPIRES / DAY + 3, Outcome.PENDING, State.CLOSED),
        (
            {"answer": None, "state": State.INTENDED, "sent_simkl": 5},
            0.5 + (LAG + 2) / DAY,
            Outcome.PENDING,
            State.CLOSED,
        ),
        ({"answer": None, "state": State.INTENDED, "sent_simkl": 5}, 0.5 + LAG / DAY, Outcome.PENDING, None),
        ({"answer": None, "state": State.INTENDED, "simkl": 5, "evidence": Evidence.MOMENT}, 2, Outcome.PENDING, None),
    ],
)
def test_what_is_nowhere_is_looked_for_a_while(
    settled: Any, sent: Any, fields: dict[str, Any], days: float, outcome: Outcome, state: State | None
) -> None:
    """Answered: unconfirmed, thirty days at most. Unanswered: pending; on a title where nothing of it stands, over, but
    for a reading that may lag behind the write.
    """
    found = settled([sent(**fields)], days=days)
    assert [one.outcome for one in found.findings] == [outcome]
    assert [one.state for one in found.changes] == ([state] if state else [])
    assert len(found.lost) == (0 if state else 1)


def test_a_question_is_given_up_after_four_answered_sends_of_one_rating(settled: Any, sent: Any) -> None:
    """All that its key sent before is closed with it; three are not four, and another rating counts anew."""
    sends = [sent(batch=n) for n in range(MOST_SENDS)]
    done = settled(sends)
    assert ([one.state for one in done.changes], done.findings[-1].final) == ([State.CLOSED] * 4, True)
    three = settled(sends[1:])
    assert (three.changes, three.findings[-1].final, three.findings[-1].sends) == ([], False, 3)
    assert not settled([*sends[:3], sent(batch=9, rating=5)]).changes
    unanswered = [*sends[:3], sent(batch=9, answer=None, state=State.INTENDED)]
    assert not settled(unanswered).changes


def test_a_debt_is_paid_void_or_waits(settled: Any, sent: Any, there: Any, owing: Any, noon: int) -> None:
    """Its want stands; something that never was ours stands; ours or something from earlier stands."""
    ours = sent(state=State.SEEN, simkl=1, evidence=Evidence.ID)

    def gone(*ratings: Any, history: Any = (ours,), **fields: Any) -> list[bool]:
        found = settled([], *ratings, debts={1: owing(**fields)}, history={1: history}, before={1: (4, 4)})
        return [one.paid for one in found.gone]

    assert gone(there(rating=3, rated_at=9)) == [True]
    assert gone(there(rating=2)) == [False]
    assert gone() == [False]
    assert gone(there()) == []
    assert gone(rating=None, read_at=None) == [True]
    earlier = sent(run=0, rating=6, rated_at=77, state=State.SETTLED, simkl=1)
    assert gone(there(rating=6, rated_at=77), history=[earlier, ours], since=ours.order) == [], "an earlier one of ours"
    refused = replace(earlier, answer=Answer.REFUSED)
    assert gone(there(rating=6, rated_at=77), history=[refused, ours], since=ours.order) == [False]


def test_a_stale_value_from_before_ends_no_debt(settled: Any, sent: Any, there: Any, owing: Any) -> None:
    """What a kept opening holds of the title stood there once."""
    ours = sent(state=State.SEEN, simkl=1, evidence=Evidence.ID)
    stale = settled([], there(rating=4, rated_at=4), debts={1: owing()}, history={1: [ours]}, before={1: (4, 4)})
    assert stale.gone == []


def test_a_debt_that_a_later_winner_meets_is_superseded_and_undos_stays(
    settled: Any, sent: Any, there: Any, owing: Any, noon: int
) -> None:
    """The new row has the title: nothing is owed any more. What an undo wants lies deeper, and takes the row along."""
    owed = sent(state=State.SEEN, simkl=1, evidence=Evidence.ID, rating=6, rated_at=noon - 9, key="b", before=None)
    new = sent(run=2)
    debt = owing(why=Why.WINNER, key="b", rating=6, read_at=noon - 9, since=owed.order, upto=owed.order)
    found = settled([new], there(), debts={1: debt}, history={1: [owed]})
    assert (found.superseded, found.owed, found.gone) == ([debt], [], [])
    better = replace(owed, date=Date(noon + DAY, Precision.SECOND, Origin.RATING))
    waits = settled([new], there(), debts={1: debt}, history={1: [better]})
    assert [(one.key, one.state) for one in waits.changes] == [("a:heat", State.SEEN), ("b", State.SEEN)]
    settles = settled([new], there(rating=6, rated_at=noon - 9), debts={1: debt}, history={1: [replace(better, run=3)]})
    assert [debt.key for debt in waits.owed] == ["b"]
    assert settles.owed == []
    undo = replace(debt, why=Why.UNDO)
    kept = settled([new], there(), debts={1: undo}, history={1: [owed]})
    assert (kept.superseded, kept.owed) == ([], [])
    assert [one.state for one in kept.changes if one.key == "a:heat"] == [State.SEEN]


@pytest.mark.parametrize(
    ("standing", "fields", "habit", "paid"),
    [
        ((3, 9), {}, None, True),
        ((3, None), {}, Habit(), True),
        ((4, 9), {}, None, False),
        (None, {}, None, False),
        ((3, 9), {"rating": None}, None, False),
        (None, {"rating": None}, None, True),
        ((3, 500), {"read_at": None, "store_at": None}, None, True),
        ((3, 500), {"store_at": None}, None, False),
        ((3, 500), {}, None, False),
        ((3, 500), {"tried_at": 1}, None, True),
        ((3, 100 * DAY), {"tried_at": 1}, None, False),
        ((3, 3609), {}, Habit(1, 3600), True),
        ((3, 500), {"tried_at": 1}, Habit(), False),
    ],
)
def test_a_debt_is_paid_where_its_want_is_read(
    there: Any, owing: Any, standing: Any, fields: dict[str, Any], habit: Habit | None, paid: bool
) -> None:
    """Rating and date, as far as dates come back; before the habit is known only after something was sent for it."""
    theirs = None if standing is None else there(rating=standing[0], rated_at=standing[1])
    assert is_paid(owing(**fields), theirs, habit) is paid


def _found(change: Any, theirs: Any, outcome: Outcome = Outcome.APPLIED) -> Finding:
    return Finding(change, outcome, there=theirs)


@pytest.mark.parametrize("shift", [-14 * 3600, 3600, 14 * 3600])
def test_dates_that_are_all_shifted_alike_are_one_habit(sent: Any, there: Any, noon: int, shift: int) -> None:
    """Of three and within any time zone; two, or one that goes its own way, are findings of their rows."""
    rows = [_found(sent(key=k, rated_at=noon + n), there(rated_at=noon + n + shift)) for n, k in enumerate("abc")]
    assert differing_dates(rows) == (set(), True)
    assert differing_dates(rows[:2]) == ({"a", "b"}, False)
    assert differing_dates([*rows, _found(sent(key="d"), there(rated_at=noon + 7))]) == ({"a", "b", "c", "d"}, False)


@pytest.mark.parametrize(
    ("change", "theirs", "outcome"),
    [
        ({}, {"rated_at": None}, Outcome.APPLIED),
        ({}, {"rating": 3}, Outcome.APPLIED),
        ({}, {}, Outcome.KEPT),
        ({"rated_at": None}, {}, Outcome.APPLIED),
        ({"precision": Precision.DAY}, {}, Outcome.APPLIED),
    ],
    ids=["no date", "another rating", "kept", "a removal", "a day"],
)
def test_a_date_differs_only_where_ours_stands(
    sent: Any, there: Any, noon: int, change: dict[str, Any], theirs: dict[str, Any], outcome: Outcome
) -> None:
    """A day-only date is right at any time of its day, and a missing one is no difference."""
    found = _found(sent(**change), there(**{"rated_at": noon + 60, **theirs}), outcome)
    assert differing_dates([found]) == (set(), False)
    plain = _found(sent(), there(rated_at=noon + 60))
    assert differing_dates([plain]) == ({"a:heat"}, False)
    assert differing_dates([_found(sent(), None)]) == (set(), False)


def test_a_differing_date_is_a_note_unless_there_is_another(settled: Any, sent: Any, there: Any, noon: int) -> None:
    """Another title weighs more."""
    assert _told(settled([sent()], there(rated_at=noon + 60)))["a:heat"][2] == "date_differs"
    assert _told(settled([sent()], there(rated_at=noon + 60, title="Zed")))["a:heat"][2] == Note.OTHER_TITLE


def test_the_doubtful_titles_are_those_of_another_name(sent: Any, there: Any) -> None:
    """What was sent by that number, is unrated by now, or is nowhere needs no page."""
    account = {1: there(title="Zed"), 2: there(2)}
    placed = [
        sent(simkl=1),
        sent(simkl=1, key="b"),
        sent(simkl=2),
        sent(simkl=1, sent_simkl=1),
        sent(simkl=9),
        sent(),
        sent(simkl=1, question=None),
    ]
    assert doubtful_titles(placed, account) == [1]
    assert doubtful_titles(placed[2:], account) == []


def test_on_another_title_an_equal_rating_is_that_titles_own(settled: Any, sent: Any, there: Any, noon: int) -> None:
    """The row has not found its place: kept; on its own title it is unchanged, and that is its base."""
    before = {1: (8, noon - 9)}
    wrong = settled([sent()], there(title="Zed", rated_at=noon - 9), before=before, led={7: 1})
    assert _told(wrong)["a:heat"] == ("kept", "conflict", "other_title")
    right = settled([sent()], there(rated_at=noon - 9), before=before, led={7: 1})
    assert _told(right)["a:heat"] == ("unchanged", None, None)
    assert right.findings[0].base.account_rated_at == noon - 9


@pytest.mark.parametrize("swapped", [True, False])
def test_rows_that_were_found_as_a_set_get_the_titles_that_they_name(
    settled: Any, sent: Any, there: Any, ask: Any, swapped: bool
) -> None:
    """Two of one rating on two titles of other names: which is which the titles' pages tell."""
    rows = [
        sent(key="a", question=ask("Heat", 1995, 7), rated_at=5),
        sent(key="b", n=1, question=ask("Yes", 1951, 8), rated_at=5),
    ]
    mine, other = (2, 1) if swapped else (1, 2)
    titles = [there(1, title="Zed", year=1950, rated_at=5), there(2, title="Ypsilon", year=1951, rated_at=5)]
    names = {mine: Names(("Heat",), 1995), other: Names(("Yes",), 1951)}
    found = settled(rows, *titles, names=names)
    assert {one.key: one.simkl for one in found.changes} == {"a": mine, "b": other}
    assert found.wrong == []
    assert {one.evidence for one in found.changes} == {Evidence.SET}


def test_a_removal_of_ours_is_ours_only_since_the_debt(settled: Any, sent: Any, owing: Any) -> None:
    """Before that, a title without a rating is the person's doing: what is owed is void."""
    removal = sent(run=2, role=Role.UNDO, rating=None, rated_at=None, simkl=1, evidence=Evidence.ID)
    for since, gone in ((removal.order, []), (removal.order + 1, [False])):
        found = settled([], debts={1: owing(since=since)}, history={1: [removal]}, before={1: (4, 4)})
        assert [one.paid for one in found.gone] == gone


def test_a_row_that_was_sent_twice_is_one_row(settled: Any, sent: Any, there: Any) -> None:
    """One finding, by its last change, and nobody to share the title with."""
    found = settled([sent(), sent(batch=2)], there())
    assert [(one.change.batch, one.outcome, one.note) for one in found.findings] == [(2, Outcome.APPLIED, None)]
    assert [one.state for one in found.changes] == [State.SETTLED] * 2


def test_a_row_that_loses_takes_no_title_from_an_earlier_part_of_its_run(
    settled: Any, sent: Any, there: Any, noon: int
) -> None:
    """That one is the better of the two, and stays as it was told; its rating is owed."""
    part = sent(
        key="b", rating=6, rated_at=noon + 9, state=State.SETTLED, simkl=1, evidence=Evidence.ID, seen_at=noon + 9
    )
    found = settled([sent(n=1)], there(), history={1: [part]})
    assert "b" not in _told(found)
    assert [(one.key, one.rating) for one in found.owed] == [("b", 6)]


@pytest.mark.parametrize("other", [False, True], ids=["all right", "one on a wrong title"])
def test_a_title_that_one_row_does_not_name_is_not_redated(
    settled: Any, sent: Any, there: Any, ask: Any, noon: int, other: bool
) -> None:
    """The best row's date is another title's: the person's equal rating keeps its own."""
    best = sent(key="b", n=1, rated_at=noon + 50, question=ask("Zed" if other else "Heat", 1995, number=8))
    found = settled(
        [sent(), replace(best, sent_simkl=None, simkl=1, evidence=Evidence.ID)],
        there(rated_at=noon + 50),
        before={1: (8, noon - 9 * DAY)},
        rules=lambda _: Rules(START, OnConflict.NEWER, redate=True),
    )
    assert [(one.why, one.read_at) for one in found.owed] == ([(Why.GIVE, noon - 9 * DAY)] if other else [])


def test_which_row_of_a_set_is_on_which_title_is_told_by_names_that_fit_no_other(
    sent: Any, known: Any, there: Any, ask: Any
) -> None:
    """Only between rows of one rating, and a row that is right where it is stays."""

    def paired(names: dict[int, Names], rating: int = 8) -> list[int | None]:
        placed = [
            sent(simkl=1, evidence=Evidence.SET, question=ask("Heat", number=7)),
            sent(key="b", n=1, simkl=2, evidence=Evidence.SET, rating=rating, question=ask("Ronin", number=8)),
        ]
        account = known(there(1, title="One"), there(2, title="Two", rating=rating))
        pair_by_name(placed, account, names)
        return [one.simkl for one in placed]

    heat, ronin, both = (Names(titles, 1995) for titles in (("Heat",), ("Ronin",), ("Heat", "Ronin")))
    assert paired({1: ronin, 2: heat}) == [2, 1]
    assert paired({1: heat, 2: ronin}) == [1, 2]
    assert paired({1: heat, 2: both}) == paired({1: heat, 2: heat}) == [1, 2]
    assert paired({1: ronin, 2: heat}, rating=6) == [1, 2]
    assert paired({}) == [1, 2]


def test_a_row_that_was_settled_there_before_wins_with_the_better_date(
    settled: Any, sent: Any, there: Any, noon: int
) -> None:
    """It is not sent by this call, and lies on the title by its base."""
    newer = Rival("z", Date(noon + DAY, Precision.SECOND, Origin.RATING), 0)
    found = settled([sent()], there(), before={1: (6, noon + DAY)}, settled=lambda simkl: [newer] if simkl == 1 else [])
    assert [one.rating for one in found.owed] == [6]
    assert not settled([sent()], there(), before={1: (6, noon - DAY)}, settled=lambda _: []).owed


def test_only_what_stands_was_seen_with_a_date(settled: Any, sent: Any, there: Any, noon: int) -> None:
    """The loser of two rows never was: its date there is nobody's."""
    rows = [sent(), sent(key="b", n=1, rating=6, rated_at=noon + 50)]
    found = settled(rows, there(rating=6, rated_at=noon + 50))
    assert {one.key: one.seen_at for one in found.changes} == {"a:heat": None, "b": noon + 50}


def test_what_is_in_neither_list_counts_as_sent_and_another_wish_is_not_given_up(settled: Any, sent: Any) -> None:
    """Its key asks for another rating by now: that is sent as often as any."""
    unnamed = [sent(batch=n, answer=Answer.UNNAMED) for n in range(MOST_SENDS)]
    assert [one.state for one in settled(unnamed).changes] == [State.CLOSED] * 4
    assert settled([*unnamed, sent(batch=9, rating=5)]).changes == []


def test_a_rival_is_outdone_by_a_winner_alone(settled: Any, sent: Any, there: Any, noon: int) -> None:
    """Where the person's rating is given back, what was unchanged stays so."""
    older = Date(noon - DAY, Precision.SECOND, Origin.RATING)
    found = settled([sent()], there(), before={1: (3, noon + DAY)}, rivals={1: [Rival("b", older, 4)]})
    assert ([one.rating for one in found.owed], found.outdone) == ([3], [])


def test_a_shifted_date_is_the_base_as_it_is_read_and_is_sent_as_it_was(
    settled: Any, sent: Any, there: Any, noon: int
) -> None:
    """The account is held against the first by the next run; the second is what a winner's rating is paid with."""
    shift = Habit(1, 3600)
    right = settled([sent()], there(rated_at=noon + 3600), habit=shift)
    assert right.findings[0].base.account_rated_at == noon + 3600
    rows = [sent(), sent(key="b", n=1, rating=6, rated_at=noon + 50)]
    [debt] = settled(rows, there(rated_at=noon + 3600), habit=shift).owed
    assert (debt.read_at, debt.store_at) == (noon + 3650, noon + 50)


def test_what_an_undo_owes_is_not_replaced_by_what_a_row_hides(
    settled: Any, sent: Any, there: Any, owing: Any, noon: int
) -> None:
    """What it wants lies deeper, and takes the new row along."""
    found = settled([sent()], there(), before={1: (3, noon + DAY)}, debts={1: owing(why=Why.UNDO)})
    assert (found.owed, found.superseded, found.gone) == ([], [], [])


def test_a_debt_ends_with_the_person_where_a_rating_of_before_stands_there_again(
    settled: Any, sent: Any, there: Any, owing: Any, noon: int
) -> None:
    """What was sent since was never answered: nothing speaks for a stale reading."""
    earlier = sent(run=0, key="b", rating=6, rated_at=9, seen_at=9, state=State.SETTLED, simkl=1, evidence=Evidence.ID)
    open_one = sent(answer=None, state=State.INTENDED)
    debt = owing(since=open_one.order)
    found = settled(
        [open_one], there(rating=6, rated_at=9), before={1: (3, 9)}, history={1: [earlier]}, debts={1: debt}
    )
    assert [(gone.debt, gone.paid) for gone in found.gone] == [(debt, False)]


def test_an_open_change_that_was_placed_before_is_no_part_of_what_came_before_it(
    settled: Any, sent: Any, there: Any, noon: int
) -> None:
    """A reading that was cut off had placed it: it is judged against the person's rating like the first time."""
    again = sent(state=State.SEEN, simkl=1, evidence=Evidence.ID, seen_at=noon)
    found = settled([again], there(), before={1: (8, noon)}, history={1: [again]}, policy=OnConflict.KEEP)
    alone = settled([again], there(), before={1: (8, noon)}, policy=OnConflict.KEEP)
    assert found == alone


def test_what_row_and_account_agree_on_is_what_each_says(settled: Any, sent: Any, there: Any, noon: int) -> None:
    """Of a row that won its own rating; of one whose rating stood there already, each side's date."""
    change = sent(rated_at=noon)
    (won,) = settled([change], there(rated_at=noon + 5)).findings
    assert won.base == Base(8, change.date, 8, noon + 5)
    (equal,) = settled([change], there(), before={1: (8, noon + DAY)}).findings
    assert (equal.base, equal.outcome) == (Base(8, change.date, 8, noon + DAY), Outcome.UNCONFIRMED)
    assert equal.kept == Kept(1, (8, noon + DAY), 8, noon)


def test_a_second_look_is_worth_it_while_something_is_lost_or_owed(
    settled: Any, sent: Any, there: Any, noon: int
) -> None:
    """And only then."""
    assert settled([sent()], there()).complete
    assert not settled([sent()]).complete
    assert not settled([sent()], there(), before={1: (3, noon + DAY)}).complete


def test_a_rating_that_we_took_away_meanwhile_is_no_sign_of_the_person(
    settled: Any, sent: Any, there: Any, noon: int
) -> None:
    """Where nothing stands by now; what stands there otherwise is theirs."""
    cleared = {"cleared": lambda _: {1: noon + 9 * DAY}, "led": {7: 1}, "before": {1: (3, 9)}}
    assert [one.outcome for one in settled([sent()], **cleared).findings] == [Outcome.UNCONFIRMED]
    assert [one.outcome for one in settled([sent()], there(rating=5), **cleared).findings] == [Outcome.KEPT]


def test_all_that_a_row_of_a_set_asked_goes_along_to_the_title_that_it_names(
    sent: Any, known: Any, there: Any, ask: Any
) -> None:
    """Also what it had said before, with another rating: the same question has one answer."""
    heat = ask("Heat", number=7)
    placed = [
        sent(simkl=1, evidence=Evidence.SET, question=heat, rating=4),
        sent(run=2, simkl=1, evidence=Evidence.SET, question=heat),
        sent(run=2, key="b", n=1, simkl=2, evidence=Evidence.SET, question=ask("Ronin", number=8)),
        sent(run=2, key="c", n=2, simkl=3, evidence=Evidence.SET, question=ask("Zed", number=9), rating=4),
    ]
    account = known(there(1, title="One"), there(2, title="Two"), there(3, title="Three", rating=4))
    pair_by_name(placed, account, {2: Names(("Heat",), 1995)})
    assert [one.simkl for one in placed] == [2, 2, 1, 3]


@pytest.mark.parametrize(
    ("ago", "fields", "gone"),
    [(30, {}, []), (60, {}, [True]), (30, {"rating": 3, "rated_at": 9}, [True]), (30, {"rating": 3}, [])],
    ids=["just now", "a while ago", "that very rating", "of another date"],
)
def test_what_stands_from_before_the_last_payment_pays_nothing(
    settled: Any, sent: Any, there: Any, owing: Any, ago: int, fields: dict[str, Any], gone: list[bool]
) -> None:
    """Another rating was paid a moment ago, and a reading may lag behind it: then that stands there by now."""
    payment = sent(role=Role.WINNER, sent_simkl=1, posted=19_803 * DAY - ago, question=None, **fields)
    found = settled([], there(rating=3, rated_at=9), debts={1: owing()}, payments=lambda _: {1: payment})
    assert [one.paid for one in found.gone] == gone
    undated = settled(
        [], there(rating=3), debts={1: owing(read_at=None, store_at=None)}, payments=lambda _: {1: payment}
    )
    assert bool(undated.gone) is (ago == 60 or payment.rating == 3), "it got the date of its payment"


def test_a_title_without_a_rating_is_owed_one_under_the_name_that_it_was_asked_by(
    settled: Any, sent: Any, owing: Any, noon: int
) -> None:
    """A payment of ours took away what stood there, and a row is found to belong there since."""
    new = sent(n=9)
    gone = sent(n=5, key="", role=Role.GIVE, question=None, rating=None, rated_at=None, simkl=1)
    debt = owing(why=Why.WINNER, key="b", rating=6, read_at=noon - 9, store_at=noon - 9, upto=0)
    found = settled([new], debts={1: debt}, history={1: [gone]}, before={1: (3, 9)}, led={7: 1})
    [owed] = found.owed
    assert (owed.title, owed.year, owed.rating, owed.read_at) == ("Heat", 1995, 8, noon)


def test_of_two_rows_of_which_neither_wins_both_are_kept_only_where_the_person_has_it(
    settled: Any, sent: Any, there: Any, noon: int
) -> None:
    """Where a third row of ours is better both are duplicates."""
    rows = [sent(), sent(n=1, key="b", rating=6, rated_at=noon - 50)]
    persons = settled(rows, there(), before={1: (3, noon + DAY)})
    told = [(one.outcome, one.reason) for one in persons.findings]
    assert told == [(Outcome.UNCONFIRMED, Reason.CONFLICT), (Outcome.KEPT, Reason.CONFLICT)]
    better = Rival("c", Date(noon + DAY, Precision.SECOND, Origin.RATING), 5)
    ours = settled(rows, there(), before={1: (5, noon + DAY)}, rivals={1: [better]})
    assert {one.outcome for one in ours.findings if one.change.key == "b"} == {Outcome.DUPLICATE}
