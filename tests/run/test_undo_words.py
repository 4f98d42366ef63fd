"""What a person is told at the end of an undo, and the command that goes on from there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from importer.model import Outcome
from importer.readback.unlisting import Doubt
from importer.record import TakenBack
from importer.run.scope import Scope
from importer.run.undo_words import Ended, words_of

AGAIN = "the next run would send these again"
WHY = "removing a rating does not remove the title"


def told(
    *outcomes: TakenBack | Outcome,
    scope: Scope = Scope(),  # noqa: B008 (frozen)
    names: Sequence[str] = (),
    unseen: int = 0,
    doubts: Mapping[int, Doubt] | None = None,
    undated: frozenset[int] = frozenset(),
    debts: Sequence[str] = (),
) -> str:
    """The words of an undo of run 3 that came to this for its titles, numbered from 0."""
    by_title = dict(enumerate(outcomes))
    ended = Ended(
        scope=scope,
        runs=(3,),
        titles=(),
        outcomes=by_title,
        names=dict(enumerate(names)),
        unseen=unseen,
        doubts=doubts or {},
        undated=undated,
    )
    return words_of(ended, debts)


def test_an_undo_of_nothing_says_so() -> None:
    """And one whose titles have what they should already has nothing to tell either."""
    assert told() == told(Outcome.UNCHANGED) == "nothing to take back"


@pytest.mark.parametrize("outcome", [TakenBack.RESTORED, TakenBack.UNLISTED, Outcome.PENDING])
def test_what_was_taken_back_comes_again_with_the_next_run(outcome: TakenBack | Outcome) -> None:
    """That is said before somebody wonders."""
    assert told(outcome) == AGAIN


@pytest.mark.parametrize(("number", "stay"), [(1, "1 title stays"), (1_200, "1,200 titles stay")])
def test_titles_stay_on_their_lists_and_the_command_that_takes_them_off_is_told(number: int, stay: str) -> None:
    """Only ratings were removed."""
    removed = [TakenBack.REMOVED] * number
    command = "simkl-import undo --run 3 --unlist"
    assert told(*removed) == (f"{AGAIN}; {stay} on a list: {WHY}; {command} also takes off what our rating put there")
    assert told(*removed, scope=Scope(unlist=True)) == AGAIN


def test_why_titles_stay_where_they_were_to_leave_is_told_by_reason() -> None:
    """With how many there are of each."""
    doubts = {1: Doubt.BEFORE, 2: Doubt.WATCHED, 3: Doubt.BEFORE}
    both = "3 titles stay on a list: 2 on a list before the import, 1 watched, as far as Simkl tells"
    assert told(Outcome.UNCHANGED, scope=Scope(unlist=True), doubts=doubts) == both
    one = "1 title stays on a list: 1 on another list by now"
    assert told(Outcome.UNCHANGED, scope=Scope(unlist=True), doubts={1: Doubt.MOVED}) == one


@pytest.mark.parametrize(("number", "were", "them"), [(1, "1 was", "that"), (1_000, "1,000 were", "those")])
def test_what_the_person_changed_since_is_left_and_the_command_that_takes_it_is_told(
    number: int, were: str, them: str
) -> None:
    """It is theirs until they say otherwise."""
    command = "simkl-import undo --run 3 --force"
    assert told(*[TakenBack.LEFT] * number) == f"{were} changed since and left: {command} takes {them} back too"


def test_only_ratings_that_were_put_back_got_the_time_of_the_undo() -> None:
    """A title without a date whose rating is not back has no date to speak of."""
    outcomes = (TakenBack.RESTORED, TakenBack.RESTORED, TakenBack.REMOVED)
    told_of = told(*outcomes, scope=Scope(unlist=True), undated=frozenset({0, 1, 2}))
    assert told_of == f"{AGAIN}; 2 had no date on Simkl and got the time of this undo"


@pytest.mark.parametrize("outcome", [Outcome.NOT_FOUND, Outcome.FAILED, Outcome.UNCONFIRMED])
def test_what_is_not_taken_back_yet_is_named(outcome: Outcome) -> None:
    """The first three, with the command that tries again; a title may have no name."""
    assert told(outcome, names=("Heat",)) == "not taken back yet: Heat; simkl-import undo tries it again"
    named = told(*[outcome] * 5, names=("Heat", "", "Alien", "Jaws", "Ronin"))
    which = "Heat, a title without a name, Alien and 2 more"
    assert named == f"not taken back yet: {which}; simkl-import undo tries them again"
    four = told(*[outcome] * 4, names=("Heat", "Alien", "Jaws", "Ronin"))
    assert four == "not taken back yet: Heat, Alien, Jaws and 1 more; simkl-import undo tries them again"
    three = told(*[outcome] * 3, names=("Heat", "Alien", "Jaws"), scope=Scope(unlist=True))
    assert three == "not taken back yet: Heat, Alien, Jaws; simkl-import undo --run 3 --unlist tries them again"


@pytest.mark.parametrize(("number", "what", "it"), [(1, "1 rating", "it"), (2_000, "2,000 ratings", "them")])
def test_what_was_never_seen_is_told_with_where_it_is_listed(number: int, what: str, it: str) -> None:
    """Behind what is said of debts."""
    said = (
        f"{what} accepted by Simkl cannot be told from your own: nothing of that was taken back;"
        f" simkl-import report --outcome unconfirmed lists {it}"
    )
    assert told(unseen=number, debts=["1 is owed"]) == f"1 is owed; {said}"
