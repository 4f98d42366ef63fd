"""Which titles go together: by count and by bytes, no two alike, larger after success and smaller after a refusal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.identity import echo_tokens
from importer.model import Ids
from importer.plan.batch import LARGEST_BODY, Size, count_requests, halves, take


@dataclass(frozen=True, slots=True)
class Title:
    """As much of a title as a batch looks at."""

    n: int
    ids: Ids = ()
    title: str = ""
    year: int | None = None
    weight: int = 100


def weigh(title: Title) -> int:
    """Its bytes."""
    return title.weight


def films(number: int, weight: int = 100) -> list[Title]:
    """Titles that resemble each other in nothing."""
    return [Title(n, (("imdb", f"tt{n}"),), f"Film {n}", 2000, weight) for n in range(number)]


def numbers(titles: list[Title]) -> list[int]:
    """Which they are."""
    return [title.n for title in titles]


def test_a_batch_is_the_first_titles_in_their_order() -> None:
    """And the rest stays as it is."""
    taken = take(films(5), 3, weigh)
    assert (numbers(taken.batch), numbers(taken.rest)) == ([0, 1, 2], [3, 4])
    assert take([], 3, weigh).batch == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Title(0, (("imdb", "tt1"),), "A", 2000), Title(1, (("imdb", "tt1"),), "B", 2001)),
        (Title(0, (("tmdb", "949"),), "Film", 2000), Title(1, (("tmdb", "949"),), "Series", 2001)),
        (Title(0, (("imdb", "tt1"),), "Heat", 1995), Title(1, (("imdb", "tt2"),), "HEAT ", 1995)),
        (Title(0, (("imdb", "tt1"),), "Heat"), Title(1, (("imdb", "tt2"),), "Heat")),
    ],
    ids=["an id", "a number of two kinds", "title and year", "a title without year"],
)
def test_no_two_that_an_echo_could_mean_go_together(one: Title, other: Title) -> None:
    """Whatever their kinds: an echo need not name its kind."""
    taken = take([one, other, *films(9)[5:]], 9, weigh)
    assert numbers(taken.batch) == [0, 5, 6, 7, 8]
    assert numbers(taken.rest) == [1]


def test_of_three_alike_the_order_is_kept() -> None:
    """A title that waits holds back those that resemble it, also by way of another id."""
    first = Title(0, (("imdb", "tt1"),), "A", 2000)
    second = Title(1, (("imdb", "tt1"), ("tmdb", "5")), "B", 2000)
    third = Title(2, (("tmdb", "5"),), "C", 2000)
    taken = take([first, second, third], 9, weigh)
    assert (numbers(taken.batch), numbers(taken.rest)) == ([0], [1, 2])
    taken = take(taken.rest, 9, weigh)
    assert (numbers(taken.batch), numbers(taken.rest)) == ([1], [2])


def test_a_batch_ends_before_it_grows_too_heavy() -> None:
    """By its bytes, and what is held back stays before what comes after."""
    third = LARGEST_BODY // 3
    heavy = [Title(0, weight=third), Title(1, weight=third), Title(2, weight=third + 3), Title(3, weight=1)]
    taken = take(heavy, 9, weigh)
    assert (numbers(taken.batch), numbers(taken.rest)) == ([0, 1], [2, 3])


def test_one_title_too_heavy_goes_alone() -> None:
    """It has to go somehow: the service may take it, or refuse it for good."""
    taken = take([Title(0, weight=LARGEST_BODY + 1), Title(1)], 9, weigh)
    assert (numbers(taken.batch), numbers(taken.rest)) == ([0], [1])


def test_auto_begins_with_a_hundred_and_grows_to_two_hundred_and_fifty() -> None:
    """While all is accepted."""
    sizes = [size := Size.auto()] + [size := size.accepted() for _ in range(3)]
    assert [size.now for size in sizes] == [100, 200, 250, 250]


def test_a_refusal_halves_and_the_size_grows_no_more() -> None:
    """Down to one; of a last, smaller batch its own size counts."""
    size = Size.auto().refused(100)
    assert (size.now, size.accepted().now) == (50, 50)
    assert size.refused(7).now == 3
    assert Size.fixed(1).refused(1).now == 1


def test_a_chosen_size_is_the_size() -> None:
    """It neither grows nor starts smaller."""
    assert Size.fixed(40).now == Size.fixed(40).accepted().now == 40


@given(st.lists(st.integers()))
def test_halves_are_the_whole_in_order(batch: list[int]) -> None:
    """The first at most one larger."""
    first, second = halves(batch)
    assert first + second == batch
    assert len(first) - len(second) in (0, 1)


def test_ten_thousand_ratings_take_forty_one_posts() -> None:
    """100, 200, and then 250 each."""
    assert count_requests(films(10_000), Size.auto(), weigh) == 41
    assert count_requests(films(101), Size.auto(), weigh) == 2
    assert count_requests([], Size.auto(), weigh) == 0


TITLES = st.lists(
    st.builds(
        Title,
        st.just(0),
        st.dictionaries(st.sampled_from(["imdb", "tmdb"]), st.sampled_from("1234"), max_size=2).map(
            lambda ids: tuple(ids.items())
        ),
        st.sampled_from(["", "Heat", "HEAT", "Ronin", "Alien"]),
        st.sampled_from([None, 1995, 1996]),
        st.integers(1, LARGEST_BODY // 2),
    ),
    max_size=20,
)


def numbered(titles: list[Title]) -> list[Title]:
    """The same, each knowing its place."""
    return [Title(n, one.ids, one.title, one.year, one.weight) for n, one in enumerate(titles)]


def tokens(title: Title) -> set[str]:
    """What an echo may name it by."""
    return set(echo_tokens(title.ids, title.title, title.year))


@given(TITLES, st.integers(1, 5))
def test_every_title_goes_once_in_batches_that_keep_every_rule(said: list[Title], size: int) -> None:
    """Count, bytes, no two alike, and of two alike the later one later."""
    left = numbered(said)
    sent: list[Title] = []
    batches = 0
    while left:
        taken = take(left, size, weigh)
        assert 1 <= len(taken.batch) <= size
        assert len(taken.batch) == 1 or sum(map(weigh, taken.batch)) <= LARGEST_BODY
        for i, one in enumerate(taken.batch):
            assert all(tokens(one).isdisjoint(tokens(other)) for other in taken.batch[:i])
        sent += taken.batch
        left = taken.rest
        batches += 1
    assert sorted(numbers(sent)) == list(range(len(said)))
    for i, one in enumerate(sent):
        assert all(other.n < one.n or tokens(one).isdisjoint(tokens(other)) for other in sent[:i])
    count: Callable[..., int] = count_requests
    assert count(numbered(said), Size.fixed(size), weigh) == batches
