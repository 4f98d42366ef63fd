"""Which titles go together: one box, by count and by bytes, no two alike, and as many as are answered quickly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.identity import echo_tokens
from importer.model import Ids, Kind
from importer.plan.batch import LARGEST_BODY, Size, Waiting, count_requests, halves


@dataclass(frozen=True, slots=True)
class Title:
    """As much of a title as a batch looks at."""

    n: int
    ids: Ids = ()
    title: str = ""
    year: int | None = None
    weight: int = 100
    kind: Kind = Kind.MOVIE


def weigh(title: Title) -> int:
    """Its bytes."""
    return title.weight


@dataclass(frozen=True, slots=True)
class Taken:
    """A batch, and what stays for later."""

    batch: list[Title]
    rest: list[Title]


def take(titles: list[Title], size: int, weigh: Callable[[Title], int]) -> Taken:
    """The first batch of so many titles."""
    waiting = Waiting(titles, weigh)
    batch = waiting.take(size)
    assert len(waiting) == len(titles) - len(batch)
    return Taken(batch, list(waiting))


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


class Looked:
    """A film that counts how often a batch looks at it."""

    ids: Ids = ()
    year = 2000

    def __init__(self, n: int) -> None:
        self.title = f"Film {n}"
        self.looks = 0

    @property
    def kind(self) -> Kind:
        """Its kind, looked at."""
        self.looks += 1
        return Kind.MOVIE


def test_what_is_left_is_not_looked_at_for_every_batch() -> None:
    """A hundred batches would look a hundred times at every title."""
    titles = [Looked(n) for n in range(100)]
    waiting = Waiting(titles, lambda title: len(title.title))
    while waiting:
        assert len(waiting.take(5)) == 5
    assert sum(title.looks for title in titles) == 100


def test_one_title_too_heavy_goes_alone() -> None:
    """It has to go somehow: the service may take it, or refuse it for good."""
    taken = take([Title(0, weight=LARGEST_BODY + 1), Title(1)], 9, weigh)
    assert (numbers(taken.batch), numbers(taken.rest)) == ([0], [1])


def test_movies_go_last_and_never_beside_another_kind() -> None:
    """Shows and anime share a batch, in the order they were handed in; what waits keeps its order too."""
    kinds = [Kind.MOVIE, Kind.SHOW, Kind.ANIME, Kind.MOVIE, Kind.SHOW]
    left = [replace(one, kind=kind) for one, kind in zip(films(5), kinds, strict=True)]
    batches: list[list[int]] = []
    while left:
        taken = take(left, 2, weigh)
        batches.append(numbers(taken.batch))
        left = taken.rest
    assert batches == [[1, 2], [4], [0, 3]]


def test_a_film_holds_no_series_back() -> None:
    """Shows go first, also where a film that resembles one was handed in before it."""
    film, series = Title(0, (), "Fargo", 1996), Title(1, (), "Fargo", 1996, kind=Kind.SHOW)
    taken = take([film, series], 9, weigh)
    assert (numbers(taken.batch), numbers(taken.rest)) == ([1], [0])


def sizes(seconds_each: float, batches: int, latency: float = 0.0) -> list[int]:
    """The sizes of so many batches in a row, where an answer takes so long for each title."""
    size, found = Size.auto(), [Size.auto().now]
    for _ in range(batches - 1):
        size = size.accepted(size.now, latency + size.now * seconds_each)
        found.append(size.now)
    return found


@pytest.mark.parametrize(
    ("seconds_each", "latency", "found"),
    [
        (0.0, 0.0, [100, 200, 400, 800, 1_000, 1_000]),
        (0.0, 3.9, [100, 200, 400, 800, 1_000, 1_000]),
        (0.0, 4.1, [100] * 6),
        (0.004, 0.0, [100, 200, 400, 800, 1_000, 1_000]),
        (0.009, 0.0, [100, 200, 400, 800, 800, 800]),
        (0.012, 0.0, [100, 200, 400, 400, 400, 400]),
        (0.041, 0.0, [100] * 6),
        (0.17, 0.0, [100, 50, 50, 50, 50, 50]),
        (0.4, 0.0, [100, 50, 25, 25, 25, 25]),
    ],
)
def test_auto_grows_as_long_as_answers_come_quickly(seconds_each: float, latency: float, found: list[int]) -> None:
    """Within 4 s for the last one and 8 s for the next; one that took more than 16 s halves the next."""
    assert sizes(seconds_each, 6, latency) == found


def test_the_pace_of_a_title_is_foretold_from_the_last_answer() -> None:
    """3 s for 50 titles are within 4, but 200 of them would take 12."""
    assert Size.auto().accepted(50, 3.0).now == 100
    assert Size.auto().accepted(100, 3.0).now == 200


def test_each_answer_decides_anew() -> None:
    """One slow answer ends nothing: the next quick one lets the batches grow again."""
    size = Size.auto().accepted(100, 17.0)
    assert size.now == 50
    assert size.accepted(50, 0.5).now == 100


def test_a_refusal_halves_and_the_size_grows_no_more() -> None:
    """Down to one; of a last, smaller batch its own size counts."""
    size = Size.auto().refused(100)
    assert (size.now, size.accepted(50, 0.0).now) == (50, 50)
    assert size.refused(7).now == 3
    assert Size.auto().refused(1).now == 1


def test_after_a_lost_answer_the_size_stays_or_shrinks() -> None:
    """No growth in this run, not even back to where it was."""
    size = Size.auto().accepted(100, 0.0).steady()
    assert size.accepted(200, 0.0).now == 200
    assert size.accepted(200, 20.0).accepted(100, 0.0).now == 100


def test_a_chosen_size_is_the_size() -> None:
    """It neither grows nor starts smaller, however long answers take; only a refusal makes it smaller."""
    assert Size.fixed(40).now == Size.fixed(40).accepted(40, 0.0).now == Size.fixed(40).accepted(40, 99.0).now == 40
    assert Size.fixed(40).refused(40).now == 20


def test_the_posts_to_come_are_told_at_the_pace_seen() -> None:
    """1,000 titles take 100, 200, 400 and the rest at once, and 400 at most where each takes 12 ms."""
    assert Size.auto().posts(1_000) == 4
    assert Size.auto().accepted(100, 1.2).posts(1_000) == 3
    assert Size.auto().accepted(100, 1.2).posts(3_000) == 8
    assert Size.auto().posts(0) == 0


def test_the_posts_to_come_are_counted_by_box() -> None:
    """Two boxes never share a batch, and the size goes on growing from one to the next."""
    assert Size.auto().posts(1, 1) == 2
    assert Size.auto().posts(0, 40) == Size.auto().posts(40, 0) == 1
    assert Size.auto().posts(100, 200) == 2
    assert Size.fixed(10).posts(15, 15) == 4
    mixed = [replace(one, kind=Kind.SHOW if one.n % 3 else Kind.MOVIE) for one in films(10_000)]
    waiting = Waiting(mixed, weigh)
    assert waiting.boxes == (6_666, 3_334)
    assert Size.auto().posts(*waiting.boxes) == count_requests(mixed, Size.auto(), weigh)


@given(st.lists(st.integers()))
def test_halves_are_the_whole_in_order(batch: list[int]) -> None:
    """The first at most one larger."""
    first, second = halves(batch)
    assert first + second == batch
    assert len(first) - len(second) in (0, 1)


def test_ten_thousand_ratings_take_thirteen_posts() -> None:
    """100, 200, 400, 800, and then 1,000 each; one more where they are of two boxes."""
    assert count_requests(films(10_000), Size.auto(), weigh) == 13
    mixed = [replace(one, kind=Kind.SHOW if one.n % 3 else Kind.MOVIE) for one in films(10_000)]
    assert count_requests(mixed, Size.auto(), weigh) == 14
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
        st.sampled_from(Kind),
    ),
    max_size=20,
)


def numbered(titles: list[Title]) -> list[Title]:
    """The same, each knowing its place."""
    return [replace(one, n=n) for n, one in enumerate(titles)]


def box(title: Title) -> bool:
    """Which of the two boxes it goes into, the first one first."""
    return title.kind is Kind.MOVIE


def tokens(title: Title) -> set[str]:
    """What an echo may name it by."""
    return set(echo_tokens(title.ids, title.title, title.year))


@given(TITLES, st.integers(1, 5))
def test_every_title_goes_once_in_batches_that_keep_every_rule(said: list[Title], size: int) -> None:
    """One box, count, bytes, no two alike, shows before movies, and of two alike the later one later."""
    left = numbered(said)
    sent: list[Title] = []
    batches = 0
    while left:
        taken = take(left, size, weigh)
        assert 1 <= len(taken.batch) <= size
        assert len({box(one) for one in taken.batch}) == 1
        assert len(taken.batch) == 1 or sum(map(weigh, taken.batch)) <= LARGEST_BODY
        for i, one in enumerate(taken.batch):
            assert all(tokens(one).isdisjoint(tokens(other)) for other in taken.batch[:i])
        sent += taken.batch
        left = taken.rest
        batches += 1
    assert sorted(numbers(sent)) == list(range(len(said)))
    assert [box(one) for one in sent] == sorted(map(box, sent))
    for i, one in enumerate(sent):
        alike = [other for other in sent[:i] if not tokens(one).isdisjoint(tokens(other))]
        assert all(other.n < one.n or box(other) is not box(one) for other in alike)
    count: Callable[..., int] = count_requests
    assert count(numbered(said), Size.fixed(size), weigh) == batches


@pytest.mark.parametrize(
    ("seconds", "size"),
    [(4.0, 200), (4.001, 100), (16.0, 100), (16.001, 50)],
)
def test_the_bounds_of_an_answers_time_belong_to_the_quick_and_to_the_middling(seconds: float, size: int) -> None:
    """4 s are quick, 16 s are not yet slow; so many titles that their pace alone would let the next be larger."""
    assert Size.auto().accepted(1_000, seconds).now == size


def test_a_larger_batch_may_be_foretold_to_take_eight_seconds() -> None:
    """And not a hundredth more."""
    assert Size.auto().accepted(50, 2.0).now == 200
    assert Size.auto().accepted(50, 2.01).now == 100


def test_an_answer_to_one_title_halves_to_one() -> None:
    """There is nothing smaller; no title at all is a pace of one."""
    assert Size.auto().accepted(1, 17.0).now == 1
    assert Size.auto().accepted(3, 17.0).now == 1
    assert Size.auto().accepted(0, 3.0).pace == 3.0


def test_a_batch_may_be_as_heavy_as_half_a_megabyte() -> None:
    """To the byte, and no more."""
    assert LARGEST_BODY == 524_288
    exact = [Title(0, weight=LARGEST_BODY - 1), Title(1, weight=1), Title(2, weight=1)]
    assert numbers(take(exact, 9, weigh).batch) == [0, 1]


def test_one_title_is_one_post() -> None:
    """And none takes none, however slow it is."""
    assert (Size.auto().posts(1), Size.auto().posts(0)) == (1, 0)
    assert Size.auto().accepted(1, 20.0).posts(2) == 2
