"""Which changes need no rule, and that a rule is asked wherever something speaks against it."""

from __future__ import annotations

from typing import Any

import pytest

from importer.journal.change import Evidence, place_of
from importer.model import DAY, Precision
from importer.readback.habit import Habit
from importer.readback.known import Known
from importer.readback.plain import PlainSearch, Spoken

NOTHING = Spoken(frozenset(), frozenset(), {})


def plain(changes: list[Any], known: Known, spoken: Spoken = NOTHING) -> list[tuple[str, int, Evidence]]:
    """The plain ones of these changes: key, title and evidence."""
    search = PlainSearch(known, spoken)
    found = list(search.candidates(changes))
    left = {place_of(order) for order in search.withdrawn()}
    kept = [(one.key, simkl, how) for one, simkl, how in found if (one.run, one.batch, one.n) not in left]
    assert sorted(search.titles) == sorted(simkl for _, simkl, _ in kept)
    return kept


def test_what_stands_as_it_was_sent_on_a_title_of_its_own_is_plain(sent: Any, there: Any, known: Any, ask: Any) -> None:
    """By its name, by an id, and by the number it was sent by, whatever else is on the account."""
    ids = (("imdb", "tt0113277"),)
    changes = [
        sent(),
        sent(n=1, key="b", question=ask("Ronin", 1998, 8, ids=ids)),
        sent(n=2, key="c", question=ask("Alien", 1979, 9), sent_simkl=3),
    ]
    account = known(
        there(),
        there(2, title="Ronin", year=1998, ids=ids),
        there(3, title="Alien", year=1979),
        there(4, 3, title="Zed"),
    )
    assert plain(changes, account) == [("a:heat", 1, "name"), ("b", 2, "id"), ("c", 3, "id")]


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"before": {1: (5, 0)}}, "a rating stood there"),
        ({"whole": False}, "nobody knows what stood there"),
        ({"openings": {}}, "nothing is kept of its run"),
    ],
    ids=lambda said: said if isinstance(said, str) else "",
)
def test_what_stood_there_before_is_for_the_rules(
    sent: Any, there: Any, known: Any, fields: dict[str, Any], what: str
) -> None:
    """Only what a whole opening lacks had no rating."""
    assert plain([sent()], known(there(), **fields)) == [], what


def test_what_is_known_of_key_title_and_question_is_for_the_rules(sent: Any, there: Any, known: Any) -> None:
    """A key that was settled, a title that is ours or owed something, a question that leads to a wrong title."""
    account = known(there())
    assert plain([sent()], account, Spoken({"a:heat"}, (), {})) == []
    assert plain([sent()], account, Spoken((), {1}, {})) == []
    assert plain([sent()], account, Spoken((), (), {7: 1})) == []
    assert plain([sent()], account, Spoken({"b"}, {2}, {7: 2, 8: 1})) != []


def test_of_two_on_a_title_of_a_key_or_of_a_question_neither_is_plain(
    sent: Any, there: Any, known: Any, ask: Any
) -> None:
    """Also where only one of them stands there."""
    account = known(there(), there(2, title="Ronin", year=1998))
    loser = sent(n=1, key="b", rating=3, question=ask(number=8))
    assert plain([sent(), loser], account) == []
    assert plain([sent(), sent(n=1, question=ask("Ronin", 1998, 8))], account) == []
    assert plain([sent(), sent(n=1, key="b", question=ask("Ronin", 1998, 7))], account) == []
    assert len(plain([sent(), sent(n=1, key="b", question=ask("Ronin", 1998, 8))], account)) == 2


def test_another_value_title_or_date_is_for_the_rules(sent: Any, there: Any, known: Any, ask: Any, noon: int) -> None:
    """A day is known to the day alone; without a date on the account nothing speaks against it."""
    assert plain([sent(rating=7)], known(there())) == []
    assert plain([sent(question=ask(ids=(("imdb", "tt1"),)))], known(there(title="Zed", ids=(("imdb", "tt1"),)))) != []
    assert plain([sent(question=ask(), sent_simkl=1)], known(there(title="Zed"))) != []
    assert plain([sent()], known(there(title="Zed"), led={7: 1})) == []
    assert plain([sent()], known(there(rated_at=noon + 60))) == []
    assert plain([sent(precision=Precision.DAY)], known(there(rated_at=noon + 60))) != []
    assert plain([sent(precision=Precision.DAY)], known(there(rated_at=noon + DAY))) == []
    assert plain([sent()], known(there(rated_at=None))) != []


def test_a_date_that_the_others_disagree_with_is_for_the_rules(
    sent: Any, there: Any, known: Any, ask: Any, noon: int
) -> None:
    """Where dates come back to the second, one that lies elsewhere in its day is none of ours."""
    changes = [sent(n=n, key=str(n), question=ask(f"F{n}", 2000, n + 1), rated_at=noon + n) for n in range(4)]
    odd = sent(n=9, key="odd", question=ask("Odd", 2000, 99), precision=Precision.DAY)
    films = [there(n + 1, title=f"F{n}", year=2000, rated_at=noon + n) for n in range(4)]
    account = known(*films, there(9, title="Odd", year=2000, rated_at=noon + 60))
    search = PlainSearch(account, NOTHING)
    list(search.candidates([*changes, odd]))
    list(search.withdrawn())
    assert search.habit is None
    assert sorted(search.pairs()) == sorted([*((noon + n, noon + n) for n in range(4)), (noon, noon + 60)])
    exact = known(*films, there(9, title="Odd", year=2000, rated_at=noon + 60), habit=Habit())
    assert [key for key, *_ in plain([*changes, odd], exact)] == ["0", "1", "2", "3"]


def test_what_was_found_on_a_title_before_is_for_the_rules(sent: Any, there: Any, known: Any) -> None:
    """An earlier reading saw it there: there is more to know of it than this one."""
    assert plain([sent(simkl=1, evidence=Evidence.NAME)], known(there())) == []
