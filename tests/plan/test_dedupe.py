"""One item per title: what is merged, which row wins, which ids go together, and what could be either of two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.identity import echo_tokens, id_tokens
from importer.model import Date, Item, Kind, Origin, Outcome, Precision, Reason
from importer.plan.dedupe import dedupe
from importer.plan.draft import Draft, draft
from importer.plan.judge import Policy

Make = Callable[..., Item]
On = Callable[..., Date]
Rules = Callable[..., Policy]

AMBIGUOUS = (Outcome.REJECTED, Reason.AMBIGUOUS_TITLE)
DUPLICATE = (Outcome.DUPLICATE, None)
HOUR = 3600
START = 1_772_389_800
_DATE = Date(1_600_000_000, Precision.SECOND, Origin.RATING)


def merged(rows: Sequence[Item], known: dict[str, int] | None = None, **options: Any) -> Draft:
    """These rows as one import that starts in 2026."""
    return draft(rows, Policy(START, **options), {}, known or {})


def winners(rows: Sequence[Item], known: dict[str, int] | None = None) -> list[int]:
    """The numbers of the rows that won."""
    return [ours.n for ours in merged(rows, known).titles(START)]


def rulings(found: Draft) -> list[Any]:
    """Why each row is not sent, None for one that counts for its title."""
    return [None if isinstance(verdict, Date) else verdict for verdict in found.verdicts]


def trakt(item: Make, number: int, **changes: Any) -> Item:
    """A row of another site."""
    return item(key=f"trakt:movie:{number}", **changes)


def test_dated_beats_undated(item: Make, on: On) -> None:
    """Whatever stands in for the missing date, and wherever the row stands."""
    dated = item(date=on("2001-01-01"))
    stand_in = item(date=on("2020-01-01", Origin.WATCHED))
    assert winners([dated, stand_in]) == [0]
    assert winners([stand_in, dated]) == [1]
    assert winners([item(), dated, item()]) == [1]


def test_the_newer_date_wins(item: Make, on: On) -> None:
    """Also over a later export."""
    assert winners([item(date=on("2024-05-02")), item(date=on("2024-05-01T23:59:59"))]) == [0]
    assert winners([item(date=on("2024-05-01T10:00:00")), item(date=on("2024-05-01T10:00:01"))]) == [1]


def test_on_one_day_seconds_beat_days(item: Make, on: On) -> None:
    """A day says less, although it stands at noon."""
    assert winners([item(date=on("2024-05-01T00:00:01")), item(date=on("2024-05-01"))]) == [0]
    assert winners([item(date=on("2024-05-01")), item(date=on("2024-05-01T00:00:01"))]) == [1]


def test_on_a_tie_the_later_export_wins(item: Make, on: On) -> None:
    """The order on the command line is the person's word."""
    assert winners([item(date=on("2024-05-01")), item(date=on("2024-05-01"))]) == [1]
    assert winners([item(), item()]) == [1]


def test_an_impossible_date_beats_nothing(item: Make, on: On) -> None:
    """A rating from 2099 is an undated one."""
    rows = [item(rating=8, date=on("2020-05-01")), item(rating=3, date=on("2099-01-01T00:00:00"))]
    assert winners(rows) == [0]


def test_a_loser_is_a_duplicate_and_the_winner_knows_it(item: Make, on: On) -> None:
    """Best first."""
    found = merged([item(), item(date=on("2024-05-01")), item(date=on("2023-05-01"))])
    assert rulings(found) == [DUPLICATE, None, DUPLICATE]
    assert next(found.titles(START)).others == (2, 0)


def test_a_row_that_is_not_sent_wins_over_nothing(item: Make, on: On) -> None:
    """A newer 11 does not take an older 9 along."""
    found = merged([item(date=on("2020-05-01")), item(rating=11, date=on("2024-05-01"))])
    assert rulings(found) == [None, (Outcome.REJECTED, Reason.OUT_OF_RANGE)]
    assert next(found.titles(START)).others == ()


def test_two_keys_of_one_site_that_share_an_id_are_one_title(item: Make, on: On) -> None:
    """As two Trakt entries of one film are."""
    rows = [
        trakt(item, 1, title="Heat", ids=(("imdb", "tt0113277"), ("tmdb", "949")), date=on("2024-05-02")),
        trakt(item, 2, title="Heat!", ids=(("imdb", "tt0113277"),), date=on("2024-05-01")),
    ]
    assert winners(rows) == [0]


def test_sharing_passes_on(item: Make) -> None:
    """The third row joins the first by way of the second."""
    rows = [
        trakt(item, 1, title="A", ids=(("imdb", "tt1"),)),
        trakt(item, 2, title="B", ids=(("tmdb", "5"),)),
        trakt(item, 3, title="C", ids=(("imdb", "tt1"), ("tmdb", "5"))),
    ]
    assert winners(rows) == [2]


def test_tmdb_and_tvdb_numbers_count_within_films_or_within_series(item: Make) -> None:
    """Film 949 is not series 949; series and anime of one number are one."""
    film = trakt(item, 1, title="Heat", ids=(("tmdb", "949"),))
    series = trakt(item, 2, title="Other", kind=Kind.SHOW, ids=(("tmdb", "949"),))
    assert winners([film, series]) == [0, 1]
    assert winners([series, trakt(item, 3, title="Third", kind=Kind.SHOW, ids=(("tmdb", "949"),))]) == [1]


def test_a_number_of_another_namespace_is_not_taken_over(item: Make, on: On) -> None:
    """A film and a series with one imdb id are merged, but the series' tmdb is no film's."""
    film = trakt(item, 1, title="Heat", ids=(("imdb", "tt1"),), date=on("2024-05-01"))
    series = trakt(item, 2, title="Heat", kind=Kind.SHOW, ids=(("imdb", "tt1"), ("tmdb", "5")))
    (ours,) = merged([film, series]).titles(START)
    assert ours.ids == (("imdb", "tt1"),)


def test_one_title_from_two_sites_is_one_item_with_the_ids_of_both(item: Make, on: On) -> None:
    """By kind, title and year, however either site writes it."""
    rows = [
        item(title="Amélie\u00a0 Poulain", date=on("2024-05-01")),
        trakt(item, 1, title="AME\u0301LIE POULAIN", ids=(("imdb", "tt0211915"),), date=on("2020-01-01T10:00:00")),
    ]
    (ours,) = merged(rows).titles(START)
    assert (ours.n, ours.ids) == (0, (("imdb", "tt0211915"),))


def test_the_winners_ids_come_first(item: Make, on: On) -> None:
    """Where two rows name one key, the better row's value is sent."""
    rows = [
        item(ids=(("imdb", "tt1"), ("tmdb", "1")), date=on("2020-05-01")),
        item(ids=(("imdb", "tt1"), ("tmdb", "2"), ("letterboxd", "heat")), date=on("2024-05-01")),
    ]
    (ours,) = merged(rows).titles(START)
    assert dict(ours.ids) == {"imdb": "tt1", "tmdb": "2", "letterboxd": "heat"}


def test_a_title_of_two_sites_without_ids_is_one(item: Make) -> None:
    """Each site has one row of that name: nothing says that they are two."""
    assert winners([item(), item(key="diary:1")]) == [1]


def test_rows_without_title_are_joined_by_nothing_but_ids(item: Make) -> None:
    """What has no name has none in common."""
    rows = [
        item(key="tv:1", title="", year=None, ids=(("tvdb", "3"),)),
        trakt(item, 1, title="", year=None, ids=(("imdb", "tt1"),)),
    ]
    assert winners(rows) == [0, 1]


def test_an_id_that_means_the_same_everywhere_is_taken_over_from_another_kind(item: Make, on: On) -> None:
    """Read back on one title, a film and a series: the series' imdb id is the film's, its tmdb number is not."""
    series = trakt(item, 1, kind=Kind.SHOW, ids=(("imdb", "tt1"), ("tmdb", "5")))
    (ours,) = merged([item(date=on("2024-05-01")), series], {"letterboxd:heat": 7, "trakt:movie:1": 7}).titles(START)
    assert (ours.item.kind, ours.ids) == (Kind.MOVIE, (("imdb", "tt1"),))


def test_another_kind_or_year_is_another_title(item: Make) -> None:
    """A remake, or a series of the film's name."""
    other = trakt(item, 1, year=1996)
    series = item(key="trakt:show:1", kind=Kind.SHOW)
    assert winners([item(), other, series]) == [0, 1, 2]


def test_ids_that_speak_against_each_other_keep_two_sites_apart(item: Make) -> None:
    """Same name, same year, different imdb ids: two films."""
    rows = [item(key="imdb:1", ids=(("imdb", "tt1"),)), trakt(item, 1, ids=(("imdb", "tt2"),))]
    assert winners(rows) == [0, 1]


def test_two_titles_of_one_site_with_one_name_and_year_and_no_ids_are_both_ambiguous(item: Make) -> None:
    """The Haunted Castle of 1897, twice."""
    found = merged([item(key="letterboxd:a"), item(key="letterboxd:b"), item(key="letterboxd:c", title="Ronin")])
    assert rulings(found) == [AMBIGUOUS, AMBIGUOUS, None]


def test_a_row_with_an_id_makes_the_others_no_clearer(item: Make) -> None:
    """Two of one name have none: each of them could be the other."""
    rows = [item(key="letterboxd:a", ids=(("imdb", "tt1"),)), item(key="letterboxd:b"), item(key="letterboxd:c")]
    assert rulings(merged(rows)) == [None, AMBIGUOUS, AMBIGUOUS]


def test_another_sites_row_of_an_ambiguous_name_stays_out_of_it(item: Make) -> None:
    """It is one title there, and is sent."""
    rows = [item(key="letterboxd:a"), item(key="letterboxd:b"), item(key="diary:1")]
    assert rulings(merged(rows)) == [AMBIGUOUS, AMBIGUOUS, None]


def test_rows_of_one_key_are_merged_before_a_title_can_be_ambiguous(item: Make, on: On) -> None:
    """Two exports of one account do not double what a person must look at."""
    rows = [
        item(key="letterboxd:a", date=on("2024-05-01")),
        item(key="letterboxd:b"),
        item(key="letterboxd:a", date=on("2023-05-01")),
        item(key="letterboxd:b"),
    ]
    assert rulings(merged(rows)) == [AMBIGUOUS, DUPLICATE, DUPLICATE, AMBIGUOUS]


def test_an_id_for_each_ends_the_ambiguity(item: Make) -> None:
    """As a person fills them in."""
    rows = [item(key="letterboxd:a", ids=(("imdb", "tt1"),)), item(key="letterboxd:b", ids=(("imdb", "tt2"),))]
    assert rulings(merged(rows)) == [None, None]


def test_one_row_with_an_id_is_not_ambiguous_with_one_without(item: Make) -> None:
    """But they are not merged either: one site has no two rows for one title."""
    assert winners([item(key="letterboxd:a", ids=(("imdb", "tt1"),)), item(key="letterboxd:b")]) == [0, 1]


def test_a_title_alone_that_fits_two_of_another_site_is_ambiguous(item: Make) -> None:
    """It would land on either."""
    rows = [item(), trakt(item, 1, ids=(("imdb", "tt1"),)), trakt(item, 2, ids=(("imdb", "tt2"),))]
    assert rulings(merged(rows)) == [AMBIGUOUS, None, None]


def test_two_sites_that_name_a_title_by_different_ids_mean_one_title(item: Make, on: On) -> None:
    """Also where every row has an id: none of them speaks against the other."""
    rows = [
        item(key="tv:1", ids=(("tvdb", "3"),), date=on("2020-05-01")),
        trakt(item, 1, ids=(("imdb", "tt1"),), date=on("2024-05-01")),
    ]
    (ours,) = merged(rows).titles(START)
    assert (ours.n, dict(ours.ids)) == (1, {"imdb": "tt1", "tvdb": "3"})


def test_a_title_with_ids_that_fits_two_of_another_site_is_neither(item: Make) -> None:
    """No id speaks for one of them: all three are sent."""
    rows = [
        trakt(item, 1, ids=(("imdb", "tt1"),)),
        trakt(item, 2, ids=(("tmdb", "2"),)),
        item(key="tv:1", ids=(("tvdb", "3"),)),
    ]
    assert winners(rows) == [0, 1, 2]


def test_two_keys_read_back_on_one_simkl_id_are_one_title(item: Make, on: On) -> None:
    """What Simkl said counts like an id."""
    rows = [item(date=on("2020-05-01")), trakt(item, 1, title="Heat: Director's Cut", date=on("2024-05-01"))]
    assert winners(rows) == [0, 1]
    assert winners(rows, {"letterboxd:heat": 53_536, "trakt:movie:1": 53_536}) == [1]


def test_a_key_read_back_on_the_simkl_id_that_another_row_gives_is_that_rows_title(item: Make, on: On) -> None:
    """As after a person has filled it in for one of the two."""
    rows = [item(date=on("2020-05-01")), trakt(item, 1, title="Fever", ids=(("simkl", "7"),), date=on("2024-05-01"))]
    assert winners(rows, {"letterboxd:heat": 7}) == [1]
    assert winners(rows, {"letterboxd:heat": 8}) == [0, 1]


def test_anime_ids_are_never_mixed_with_tmdb_and_tvdb(item: Make, on: On) -> None:
    """One simkl id joins a MAL row and a Trakt row; each kind keeps its own ids."""
    anime = item(key="mal:1", kind=Kind.ANIME, ids=(("mal", "1"),), date=on("2024-05-01"))
    series = item(key="trakt:show:1", kind=Kind.SHOW, ids=(("tmdb", "5"), ("tvdb", "6")), date=on("2020-05-01"))
    known = {"mal:1": 37_089, "trakt:show:1": 37_089}
    (ours,) = merged([anime, series], known).titles(START)
    assert ours.ids == (("mal", "1"),)
    (ours,) = merged([item(key="mal:1", kind=Kind.ANIME, ids=(("mal", "1"),)), series], known).titles(START)
    assert dict(ours.ids) == {"tmdb": "5", "tvdb": "6"}


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["letterboxd", "trakt", "mal"]),
        st.integers(0, 4),
        st.sampled_from(Kind),
        st.sampled_from(["Heat", "HEAT", "Ronin"]),
        st.sampled_from([1995, 1996]),
        st.dictionaries(st.sampled_from(["imdb", "tmdb", "mal", "simkl"]), st.sampled_from("123"), max_size=2),
        st.none() | st.integers(0, 3),
    ),
    max_size=12,
)


@given(ROWS)
def test_every_row_has_one_fate_and_no_two_winners_share_an_id(item: Make, said: list[Any]) -> None:
    """Whatever comes in: winners and faults add up, and one title is sent once."""
    rows = [
        item(
            key=f"{site}:{number}",
            kind=kind,
            title=title,
            year=year,
            ids=tuple(ids.items()),
            date=None if hour is None else Date(1_700_000_000 + hour * HOUR, Precision.SECOND, Origin.RATING),
        )
        for site, number, kind, title, year, ids, hour in said
    ]
    found = merged(rows)
    assert sorted(
        [ours.n for ours in found.titles(START)] + [n for n, fault in enumerate(rulings(found)) if fault]
    ) == list(range(len(rows)))
    lost = [n for ours in found.titles(START) for n in ours.others]
    assert len(lost) == len(set(lost))
    assert all(rulings(found)[n] == DUPLICATE for n in lost)
    seen: set[str] = set()
    keys: set[str] = set()
    for ours in found.titles(START):
        tokens = set(id_tokens(ours.item.kind, ours.ids))
        assert seen.isdisjoint(tokens)
        seen |= tokens
        assert ours.item.key not in keys
        keys.add(ours.item.key)
        if ours.item.kind is Kind.ANIME:
            assert {"imdb", "tmdb", "tvdb"}.isdisjoint(key for key, _ in ours.ids)
        assert list(echo_tokens(ours.ids, ours.item.title, ours.item.year))


@given(ROWS)
def test_the_order_of_rows_decides_ties_alone(item: Make, said: list[Any]) -> None:
    """With every date different and one site, the same titles win in any order."""
    rows = [
        item(
            key=f"trakt:{number}",
            kind=Kind.MOVIE,
            title=f"{n}",
            year=year,
            ids=(("imdb", ids.get("imdb", f"a{n}")),),
            date=Date(1_700_000_000 + n * HOUR, Precision.SECOND, Origin.RATING),
        )
        for n, (_, number, _, _, year, ids, _) in enumerate(said)
    ]
    forth = {ours.item.title for ours in merged(rows).titles(START)}
    assert {ours.item.title for ours in merged(rows[::-1]).titles(START)} == forth


def test_an_id_that_two_different_titles_claim_is_sent_for_neither() -> None:
    """Title, year and another id speak against it: one of the two files has a wrong number."""
    heat = _film(0, "a:1", "Heat", 1995, (("imdb", "tt0113277"), ("tmdb", "949")))
    ronin = _film(1, "b:1", "Ronin", 1998, (("imdb", "tt0122690"), ("tmdb", "949")))
    titles = dedupe([heat, ronin], [_DATE, _DATE], {})
    assert titles.others == {}
    assert titles.ids == [(("imdb", "tt0113277"),), (("imdb", "tt0122690"),)]


@pytest.mark.parametrize(
    ("title", "year", "ids"),
    [
        ("Heat", 1998, (("imdb", "tt0122690"), ("tmdb", "949"))),
        ("Ronin", 1995, (("imdb", "tt0122690"), ("tmdb", "949"))),
        ("Ronin", None, (("imdb", "tt0122690"), ("tmdb", "949"))),
        ("Ronin", 1998, (("tmdb", "949"),)),
        ("Ronin", 1998, (("imdb", "tt0113277"), ("tmdb", "949"))),
    ],
)
def test_less_than_title_year_and_another_id_does_not_part_what_shares_an_id(title, year, ids) -> None:
    """Sites spell and date titles differently, and a row may have but one id."""
    heat = _film(0, "a:1", "Heat", 1995, (("imdb", "tt0113277"), ("tmdb", "949")))
    assert len(dedupe([heat, _film(1, "b:1", title, year, ids)], [_DATE, _DATE], {}).others) == 1


def _film(n, key, title, year, ids):
    return Item(key, Kind.MOVIE, title, year, ids, "8", 8, _DATE, "f", n)
