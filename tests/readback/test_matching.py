"""On which title a change is found: by identity, by its question, by name, by its moment, as a set."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from importer.journal.change import Evidence, State
from importer.model import DAY, Kind
from importer.plan.names import Names
from importer.readback.appearance import shown_between, stands
from importer.readback.habit import Habit
from importer.readback.known import NOTHING_KEPT, Opening
from importer.readback.matching import place_changes, unclear_titles
from importer.readback.naming import names_title

IMDB = (("imdb", "tt0113277"),)


def _places(changes: Any, known: Any) -> list[tuple[int | None, str | None]]:
    return [(one.simkl, one.evidence and one.evidence.value) for one in place_changes(changes, known)]


def test_each_surer_way_goes_before_the_next(sent: Any, there: Any, known: Any, ask: Any) -> None:
    """Number sent, id, where the question led, name: the first that gives something decides."""
    named, other = there(1), there(2, title="Zed", year=1950, ids=IMDB)
    cases = [
        (sent(sent_simkl=3, question=ask(ids=IMDB)), {}, (3, "id")),
        (sent(question=ask(ids=IMDB)), {7: 1}, (2, "id")),
        (sent(), {7: 2}, (2, "asked")),
        (sent(), {7: 9}, (1, "name")),
        (sent(), {}, (1, "name")),
        (sent(question=None), {}, (None, None)),
    ]
    for change, led, place in cases:
        assert _places([change], known(named, other, led=led)) == [place]


def test_where_a_question_led_counts_although_the_rating_is_gone(sent: Any, known: Any) -> None:
    """Its run's opening knows the title: the person took the rating away since."""
    assert _places([sent()], known(led={7: 5}, before={5: (3, 1)})) == [(5, "asked")]
    assert _places([sent()], known(led={7: 5}, before={6: (3, 1)})) == [(None, None)]


def test_a_new_number_is_followed(sent: Any, known: Any, there: Any) -> None:
    """Of what was sent by number, and of what was placed before."""
    placed = sent(simkl=1, evidence=Evidence.NAME)
    assert _places([placed, sent(sent_simkl=1, key="b")], known(there(4), moved={1: 4})) == [(4, "name"), (4, "id")]


def test_tmdb_of_an_anime_proves_nothing(sent: Any, known: Any, there: Any, ask: Any) -> None:
    """All seasons of a series share it."""
    ids = (("tmdb", "1429"),)
    anime = there(2, title="Attack", year=2013, kind=Kind.ANIME, ids=ids, rated_at=None)
    assert _places([sent(question=ask(ids=ids, kind=Kind.SHOW), rating=3)], known(anime)) == [(None, None)]


def test_a_name_is_found_whatever_the_kind_and_only_where_ours_can_stand(sent: Any, known: Any, there: Any) -> None:
    """Simkl files films as anime; where something else stands, moments are looked at first."""
    assert _places([sent()], known(there(kind=Kind.ANIME))) == [(1, "name")]
    moved = there(2, title="Zed", year=1950)
    assert _places([sent()], known(there(1, rating=3, rated_at=5), moved)) == [(2, "moment")]
    assert _places([sent()], known(there(1, rating=3, rated_at=5))) == [(1, "name")]


def test_a_number_without_evidence_is_a_guess_of_an_older_file(sent: Any, known: Any, there: Any) -> None:
    """The name tells better."""
    assert _places([sent(simkl=5)], known(there(), there(5, title="Zed", year=1950))) == [(1, "name")]


def test_a_spelling_needs_a_title_and_no_whole_opening(sent: Any, known: Any, there: Any, ask: Any) -> None:
    """Two rows without a title are not alike; a name tells where nobody knows what stood there before."""
    nameless = known(there(title=""), there(2, title="Zed", year=1950))
    assert _places([sent(question=ask("", 1995))], nameless) == [(None, None)]
    assert _places([sent(question=ask("HEAT!", 1996))], known(there(), whole=False)) == [(1, "name")]
    assert _places([sent(question=ask("HEAT!", 1996))], known(there(rated_at=None))) == [(1, "name")]


def test_of_several_answers_to_a_question_the_last_one_counts(sent: Any, known: Any, there: Any) -> None:
    """Simkl has divided the title since: what was sent last is where it leads now."""
    first, last = sent(simkl=1, evidence=Evidence.ID), sent(n=1, simkl=2, evidence=Evidence.ID)
    lost = sent(n=2, rating=5)
    places = _places([first, last, lost], known(there(1, title="Zed"), there(2, title="Zed")))
    assert places == [(1, "id"), (2, "id"), (2, "id")]


def test_the_same_question_has_the_same_answer(sent: Any, known: Any, there: Any, ask: Any) -> None:
    """One of its changes was found: the others are there too; a question that nobody knows is none."""
    first = sent(simkl=2, evidence=Evidence.MOMENT)
    again = sent(run=2, rating=3)
    account = known(there(2, title="Zed", year=1950))
    assert _places([first, again], account) == [(2, "moment"), (2, "moment")]
    unknown = [
        sent(simkl=2, evidence=Evidence.MOMENT, question=ask(number=0)),
        sent(run=2, rating=3, question=ask(number=0, title="Other")),
    ]
    assert _places(unknown, account)[1] == (None, None)


@pytest.mark.parametrize(
    ("title", "year", "place"),
    [
        ("HEAT!", 1995, (1, "name")),
        ("Heat", 1996, (1, "name")),
        ("Heat", 1997, (1, "moment")),
        ("", 1995, (None, None)),
    ],
)
def test_a_spelling_or_a_year_of_one_is_the_name(
    sent: Any, known: Any, there: Any, ask: Any, title: str, year: int, place: Any
) -> None:
    """Further away only the moment tells; a row without a title has no name, and there is another choice."""
    others = [there(2, title="Zed", year=1950)] if not title else []
    assert _places([sent(question=ask(title, year))], known(there(), *others)) == [place]


def test_a_moment_is_new_fits_and_is_one_choice_both_ways(sent: Any, known: Any, there: Any, ask: Any) -> None:
    """Each condition by itself: without it nobody is found."""
    lost = sent(question=ask("Lost", 1960, 9))
    landed = there(2, title="Zed", year=1950)
    assert _places([lost], known(landed)) == [(2, "moment")]
    assert _places([lost], known(landed, before={2: (8, landed.rated_at)})) == [(None, None)], "it stood there before"
    assert _places([lost], known(landed, before={2: (8, 5)})) == [(2, "moment")], "its date changed"
    assert _places([lost], known(landed, whole=False)) == [(None, None)], "nobody knows what stood there"
    assert _places([lost], known(there(2, 7, title="Zed", year=1950))) == [(None, None)], "another rating"
    assert _places([lost], known(there(2, rated_at=5, title="Zed", year=1950))) == [(None, None)], "another day"
    assert _places([sent(), lost], known(there(), landed)) == [(1, "name"), (2, "moment")], "the other is claimed"
    assert _places([lost], known(landed, there(3, title="Yps", year=1951))) == [(None, None)], "two titles"
    two = [lost, sent(key="b", question=ask("Gone", 1961, 8))]
    assert _places(two, known(landed)) == [(None, None)] * 2, "two rows"


def test_a_moment_is_looked_for_on_the_days_around_until_the_habit_is_known(
    sent: Any, known: Any, there: Any, ask: Any, noon: int
) -> None:
    """A shift may move a date over midnight; a learned habit names the one day."""
    lost = sent(question=ask("Lost", 1960))
    shifted = there(2, rated_at=noon + 13 * 3600, title="Zed", year=1950)
    assert _places([lost], known(shifted)) == [(2, "moment")]
    assert _places([lost], known(shifted, habit=Habit())) == [(None, None)]
    assert _places([lost], known(shifted, habit=Habit(1, 13 * 3600))) == [(2, "moment")]


def test_as_many_titles_as_lost_rows_of_one_value_are_all_ours(sent: Any, known: Any, there: Any, ask: Any) -> None:
    """Whichever row is which; one title more or less, and nobody is found."""
    rows = [sent(key=f"k{n}", n=n, question=ask(f"Lost {n}", 1960, 10 + n)) for n in range(2)]
    titles = [there(n, title=f"Zed {n}", year=1900) for n in (2, 3, 4)]
    assert _places(rows, known(*titles[:2])) == [(2, "set"), (3, "set")]
    assert _places(rows, known(*titles)) == [(None, None)] * 2
    assert _places(rows, known(*titles[:1])) == [(None, None)] * 2
    unnumbered = [sent(key=f"k{n}", n=n, question=ask(f"Lost {n}", 1960, 0)) for n in range(2)]
    assert _places(unnumbered, known(*titles[:2])) == [(2, "set"), (3, "set")]


def test_a_set_that_another_row_fits_too_is_none(sent: Any, known: Any, there: Any, ask: Any, noon: int) -> None:
    """Two titles and two rows, and a third row that may lie on one of them: nobody is found."""
    rows = [sent(key=f"k{n}", n=n, question=ask(f"Lost {n}", 1960, 10 + n)) for n in range(2)]
    third = sent(key="c", n=2, question=ask("Lost 3", 1960, 13), rated_at=noon + 20 * 3600)
    titles = [there(2, title="Zed", year=1900), there(3, title="Yps", year=1900, rated_at=noon + 10 * 3600)]
    assert _places(rows, known(*titles)) == [(2, "set"), (3, "set")]
    assert _places([*rows, third], known(*titles)) == [(None, None)] * 3


def test_a_row_that_was_sent_twice_counts_once(sent: Any, known: Any, there: Any, ask: Any) -> None:
    """Both sends of its question go together."""
    twice = [sent(question=ask("Lost", 1960)), sent(question=ask("Lost", 1960), batch=2)]
    assert _places(twice, known(there(2, title="Zed", year=1950))) == [(2, "moment")] * 2


def test_without_a_date_only_the_run_that_posted_it_can_tell(sent: Any, known: Any, there: Any, ask: Any) -> None:
    """By its own two readings; a later command calls it unknown."""
    lost, landed = sent(question=ask("Lost", 1960)), there(2, rated_at=None, title="Zed", year=1950)
    assert _places([lost], known(landed, current=1)) == [(2, "only")]
    assert _places([lost], known(landed, current=2)) == [(None, None)]
    assert _places([lost], known(landed)) == [(None, None)]


@pytest.mark.parametrize(
    ("fields", "rating", "at", "ours"),
    [
        ({}, 8, 0, True),
        ({}, 7, 0, False),
        ({}, 8, 15 * 3600, False),
        ({"seen_at": 5}, 8, 0, False),
        ({"seen_at": 5}, 8, None, True),
        ({"rating": None}, 8, 0, False),
    ],
)
def test_what_stands_is_ours_by_rating_and_date(
    sent: Any, there: Any, noon: int, fields: dict[str, Any], rating: int, at: int | None, ours: bool
) -> None:
    """Once its date was read back, only that one will do."""
    theirs = there(rating=rating, rated_at=None if at is None else noon + at)
    assert stands(sent(**fields), theirs, None) is ours


def test_nothing_stands_where_a_removal_was_sent(sent: Any) -> None:
    """And a rating of ours does not stand where there is none."""
    assert stands(sent(rating=None, rated_at=None), None, None)
    assert not stands(sent(), None, None)


def test_what_is_kept_of_the_account_may_be_less_than_all_of_it() -> None:
    """A title that is not in a part of it is unknown; one that is not in the whole had no rating."""
    assert Opening({}, whole=True).knows(1)
    assert Opening({1: (3, 4)}, whole=False).knows(1)
    assert not NOTHING_KEPT.knows(1)


@pytest.mark.parametrize(
    ("question", "theirs", "names", "named"),
    [
        ({}, {}, None, True),
        ({"year": 1996}, {}, None, True),
        ({"title": "Hitze"}, {}, None, False),
        ({"title": "Hitze", "year": 1997}, {}, Names(("Heat", "Hitze"), 1995), False),
        ({"title": "Hitze"}, {}, Names(("Heat", "Hitze"), 1995), True),
        ({"title": "Hitze"}, {}, Names(("Heat", "Hitze"), None), True),
        ({"title": "Hitze"}, {"ids": IMDB}, None, False),
        ({"title": "Hitze", "ids": IMDB}, {"ids": IMDB}, None, True),
        ({"title": "Hitze", "ids": (*IMDB, ("tmdb", "1"))}, {"ids": (*IMDB, ("tmdb", "2"))}, None, False),
        ({"title": "Hitze", "ids": IMDB}, {}, Names(("Heat",), 1995, IMDB), True),
        ({"title": "Hitze", "ids": (("tmdb", "1"),)}, {}, Names(("Heat",), 1995, (("tmdb", "1"),)), False),
        ({"title": "Hitze", "ids": (("simkl", "1"),)}, {}, None, True),
        ({"title": "Hitze", "ids": (("simkl", "2"),)}, {}, None, False),
        ({"title": ""}, {}, None, True),
        ({"title": "Hitze"}, None, None, True),
    ],
)
def test_a_title_is_the_one_that_is_named(
    ask: Any, there: Any, question: dict[str, Any], theirs: dict[str, Any] | None, names: Names | None, named: bool
) -> None:
    """By spelling, year, a shared id that nothing contradicts, other names and ids; a rating gone says nothing."""
    rating = None if theirs is None else there(**theirs)
    assert names_title(ask(**question), 1, rating, names) is named


def test_what_landed_on_a_claimed_title_is_still_that_rows(sent: Any, known: Any, there: Any) -> None:
    """Two changes of one name are both there: the title is shared, not lost."""
    both = [sent(), sent(key="b", n=1, state=State.INTENDED, answer=None)]
    assert _places(both, known(there())) == [(1, "name"), (1, "name")]


def test_a_day_further_away_is_no_moment(sent: Any, known: Any, there: Any, ask: Any, noon: int) -> None:
    """Two days are no time zone, and neither are 23 hours."""
    lost = sent(question=ask("Lost", 1960))
    for away in (2 * DAY, 23 * 3600):
        assert _places([lost], known(there(2, rated_at=noon + away, title="Zed", year=1950))) == [(None, None)]


def test_the_other_names_of_what_changed_tell_where_a_lost_row_is(sent: Any, known: Any, there: Any) -> None:
    """Without dates, and after the run that sent it: asked for where the value is the row's and came since."""
    here, gone = there(1, title="Zed", year=1950, rated_at=None), there(2, title="Ypsilon", year=1951, rated_at=None)
    other = there(3, title="Xi", year=1952, rating=5, rated_at=None)
    reading = known(here, gone, other, before={2: (8, None)})
    [lost] = place_changes([sent()], reading)
    assert (lost.simkl, unclear_titles([lost], reading)) == (None, [1])
    told = replace(reading, names={1: Names(("Zed", "Heat"), 1995)})
    [found] = place_changes([sent()], told)
    assert (found.simkl, found.evidence, unclear_titles([found], told)) == (1, Evidence.NAME, [])
    strange = replace(reading, names={1: Names(("Zed",), 1950)})
    [still] = place_changes([sent()], strange)
    assert (still.simkl, unclear_titles([still], strange)) == (None, [])


def test_a_title_that_another_row_has_is_not_asked_about(sent: Any, known: Any, there: Any, ask: Any) -> None:
    """What is claimed is nobody else's."""
    reading = known(there(1, rated_at=None), before={})
    placed = place_changes([sent(), sent(key="b", n=1, question=ask("Zed", 1950, 8))], reading)
    assert [one.simkl for one in placed] == [1, None]
    assert unclear_titles(placed, reading) == []


def test_a_change_is_shown_with_the_date_that_was_seen_or_with_one_that_it_may_become(sent: Any, noon: int) -> None:
    """Within time zones, or as a bare day, until the habit is known."""
    change = sent(rated_at=noon + 11 * 3600)
    assert shown_between(replace(change, seen_at=5), None) == (5, 5)
    assert shown_between(change, Habit(DAY, 0)) == (noon - 12 * 3600, noon - 12 * 3600)
    assert shown_between(change, None) == (noon - 12 * 3600, noon + 25 * 3600)
    assert shown_between(sent(rated_at=noon), None) == (noon - 14 * 3600, noon + 14 * 3600)
    assert shown_between(replace(change, rated_at=None, rating=None), None) is None


def test_the_very_second_breaks_a_tie_until_it_is_known_how_dates_come_back(
    sent: Any, known: Any, there: Any, ask: Any, noon: int
) -> None:
    """Two lost rows of one rating and about one day: the title has the date of one of them."""
    rows = [sent(question=ask("Yes", 1951, 8), rated_at=noon - 60, key="b"), sent(n=1, question=ask("No", 1952, 9))]
    zed = there(1, title="Zed", year=1950)
    assert _places(rows, known(zed, before={})) == [(None, None), (1, "moment")]
    assert _places(rows[:1], known(zed, before={})) == [(1, "moment")]


def test_names_pair_one_row_with_one_title_and_never_a_set(sent: Any, known: Any, there: Any, ask: Any) -> None:
    """Two titles of one name and two rows: which is which their names do not tell, and nothing is kept of before."""
    account = [there(1, title="heat."), there(2, title="Heat!")]
    rows = [sent(question=ask("Heat", number=7)), sent(key="b", n=1, question=ask("Heat", 1996, number=8))]
    assert _places(rows, known(*account, whole=False)) == [(None, None)] * 2
    assert _places(rows[:1], known(account[0], whole=False)) == [(1, "name")]


def test_a_row_that_does_not_stand_on_its_title_claims_nothing_there(
    sent: Any, known: Any, there: Any, ask: Any
) -> None:
    """What shows there may be the rating of a row that was lost: it is found there by its moment."""
    by_id = sent(rating=5, question=ask(ids=IMDB))
    lost = sent(key="b", n=1, question=ask("Hitze", 1950, number=8))
    account = known(there(1, title="Zed", year=1960, ids=IMDB))
    assert _places([by_id, lost], account) == [(1, "id"), (1, "moment")]
    assert _places([sent(question=ask(ids=IMDB)), lost], account) == [(1, "id"), (None, None)]


def test_a_film_that_simkl_files_as_anime_is_found_by_its_name_though_nothing_changed_there(
    sent: Any, known: Any, there: Any
) -> None:
    """An equal rating stood there before: no change shows where it is."""
    anime = there(1, kind=Kind.ANIME)
    assert _places([sent()], known(anime, before={1: (8, anime.rated_at)})) == [(1, "name")]


def test_a_title_on_which_a_plain_row_stands_is_no_lost_rows(sent: Any, known: Any, there: Any, ask: Any) -> None:
    """It was told apart before, and is not among those that are looked for."""
    lost, zed = sent(question=ask("Lost", 1960)), there(2, title="Zed", year=1950)
    assert _places([lost], known(zed)) == [(2, "moment")]
    assert _places([lost], known(zed, claimed=[2])) == [(None, None)]


def _lost_alike(sent: Any, ask: Any, at: int, number: int = 2, **fields: Any) -> list[Any]:
    """Rows of one day and one rating that lead to titles they do not name."""
    return [
        sent(key=f"lost{n}", n=n, rated_at=at + n, posted=at + DAY, question=ask(f"Zoo {n}", number=10 + n), **fields)
        for n in range(number)
    ]


def test_a_title_that_several_rows_fit_is_taken_for_the_last_one_sent(
    sent: Any, known: Any, there: Any, ask: Any, noon: int
) -> None:
    """It is ours, whichever row that is, and hides what it had; the others stay lost. With more titles, more rows."""
    rows = _lost_alike(sent, ask, noon, number=3)
    one, two = (there(n, title=f"Zed {n}", year=1950, rated_at=noon - noon % DAY) for n in (1, 2))
    assert _places(rows, known(one, current=1)) == [(None, None), (None, None), (1, "set")]
    assert _places(rows, known(one, two, current=1)) == [(None, None), (2, "set"), (1, "set")]
    alone = known(one, before={1: (8, one.rated_at)}, current=1)
    assert _places(rows, alone) == [(None, None)] * 3, "it was there before"


def test_of_several_rows_that_fit_a_title_one_of_its_very_day_is_taken(
    sent: Any, known: Any, there: Any, ask: Any, noon: int
) -> None:
    """A day away is near enough until it is known how dates come back."""
    day = noon - noon % DAY
    near, next_day = _lost_alike(sent, ask, day + 3600)
    rows = [near, replace(next_day, rated_at=day - 3600)]
    assert _places(rows, known(there(1, title="Zed", year=1950, rated_at=day), current=1)) == [(1, "set"), (None, None)]


def test_what_the_person_may_have_rated_is_no_title_of_several_rows(
    sent: Any, known: Any, there: Any, ask: Any, noon: int
) -> None:
    """What a person rates is dated by that moment: once the run is over only an earlier date is ours. Without dates
    nothing tells, and what nobody answered for may have gone nowhere.
    """
    rows = _lost_alike(sent, ask, noon)
    zed = there(1, title="Zed", year=1950, rated_at=noon + 7)
    assert _places(rows, known(zed)) == [(None, None)] * 2
    long_ago = [replace(one, posted=noon + 3 * DAY) for one in rows]
    assert _places(long_ago, known(zed)) == [(None, None), (1, "set")]
    assert _places(rows, known(replace(zed, rated_at=None), current=1)) == [(None, None)] * 2
    unanswered = [replace(one, answer=None, state=State.INTENDED) for one in rows]
    assert _places(unanswered, known(zed, current=1)) == [(None, None)] * 2


def test_rows_and_titles_that_fit_each_other_in_a_chain_are_a_set(
    sent: Any, known: Any, there: Any, ask: Any, noon: int
) -> None:
    """One may be on either title, the other on one of them alone: both are ours. Dates come back in their order."""
    first, second = _lost_alike(sent, ask, noon)
    rows = [first, replace(second, rated_at=noon + 20 * 3600)]
    one, two = (there(n, title=f"Zed {n}", year=1950, rated_at=noon + h * 3600) for n, h in ((2, 10), (1, 14)))
    assert _places(rows[1:], known(one, two)) == [(None, None)], "either of the two"
    assert _places(rows, known(one, two)) == [(2, "set"), (1, "set")]
    late = replace(two, rated_at=noon + 30 * 3600)
    assert _places(rows, known(one, late)) == [(2, "set"), (1, "set")], "the first fits one of them alone"
    apart = replace(two, title="Zoo 0", year=1995)
    assert _places(rows, known(one, apart)) == [(1, "name"), (2, "moment")]


def test_the_very_second_tells_nothing_once_it_is_known_how_dates_come_back(
    sent: Any, known: Any, there: Any, ask: Any, noon: int
) -> None:
    """Where all come back as midnight, a row that was sent with midnight has no more claim than another of its day."""
    midnight = noon // DAY * DAY
    other = there(2, title="Zed", year=1950, rated_at=midnight)
    rows = [sent(rated_at=midnight), sent(n=1, key="b", question=ask("Ran", 1985, number=8))]
    assert _places(rows, known(other)) == [(2, "moment"), (None, None)]
    assert _places(rows, known(other, habit=Habit(DAY, 0))) == [(None, None), (None, None)]


def test_a_row_that_was_sent_again_with_another_rating_is_found_by_each(sent: Any, known: Any, there: Any) -> None:
    """Of one question; where both ratings are new, each is on the title that has it."""
    other, another = there(2, title="Zed", year=1950), there(3, rating=9, title="Yak", year=1960)
    rows = [sent(), sent(n=1, rating=9)]
    assert _places(rows, known(other, another)) == [(2, "moment"), (3, "moment")]


def test_one_row_that_fits_two_titles_alike_is_on_neither(sent: Any, known: Any, there: Any, noon: int) -> None:
    """Both came while its run was sending: only one can be its."""
    titles = [there(n, title=f"Zed {n}", year=1950, rated_at=noon - 5 * 60 + n) for n in (2, 3)]
    assert _places([sent()], known(*titles, current=1)) == [(None, None)]


def test_another_name_counts_with_the_year_of_the_page_or_of_the_account(there: Any, ask: Any) -> None:
    """Where neither says one, the name alone tells."""
    other = there(title="Die heiße Spur", year=1995)
    for year, named in ((1995, True), (1999, False), (None, True)):
        assert names_title(ask(), 1, other, Names(["Heat"], year)) is named
    assert not names_title(ask(), 1, there(title="Die heiße Spur", year=1990), Names(["Heat"], None))


@pytest.mark.parametrize(
    ("fields", "place"),
    [({}, None), ({"state": State.TAKEN}, 2), ({"rating": 7}, 2), ({"run": 0}, 2), ({"run": 2}, None)],
    ids=["stands", "taken back", "another rating", "of a run before", "of a later run"],
)
def test_what_a_settled_row_put_there_is_no_moment_of_another(
    sent: Any, known: Any, there: Any, ask: Any, fields: dict[str, Any], place: int | None
) -> None:
    """Without dates a rating that is explained already would be taken for that of any row that is lost. What an earlier
    run put there explains nothing that has changed since.
    """
    landed = there(2, title="Zed", year=1950, rated_at=None)
    plain = {"key": "z", "question": ask("Zed", 1950, 9), "simkl": 2, "evidence": Evidence.NAME, "state": State.SETTLED}
    written = sent(**plain | fields)
    lost = sent(question=ask("Lost", 1950, 8))
    [found] = place_changes([lost], known(landed, current=1), lambda titles: {2: [written]} if 2 in titles else {})
    assert found.simkl == place
    told = replace(lost, question=ask("Zed", 1950, 8), rated_at=lost.rated_at + 1)
    [named] = place_changes([told], known(landed, current=1), lambda _: {2: [written]})
    assert (named.simkl, named.evidence) == (2, Evidence.NAME), "its name is evidence all the same"


def test_a_change_that_was_placed_by_its_name_stays_there_whatever_stands_there_now(
    sent: Any, known: Any, there: Any
) -> None:
    """The person has rated that title since; another one of that moment is not its."""
    placed = sent(simkl=1, evidence=Evidence.NAME)
    account = known(there(rating=3, rated_at=5), there(2, title="Zed", year=1950))
    assert _places([placed], account) == [(1, "name")]


def test_a_title_without_a_rating_may_be_any_that_its_page_names(ask: Any) -> None:
    """Nothing speaks against it, whatever the year."""
    assert names_title(ask(), 1, None, Names(["Heat"], None))
    assert names_title(ask(), 1, None, Names(["Ronin"], None))
