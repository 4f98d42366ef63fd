"""What makes two things the same title."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.identity import (
    ANIME_KEYS,
    SENT_KEYS,
    Box,
    box_of,
    conflicting,
    echo_tokens,
    id_tokens,
    loose_title,
    normal_title,
    same_title,
    title_token,
    trusted,
)
from importer.model import Kind

ALL = tuple((key, "1") for key in sorted({*SENT_KEYS, "slug", "trakt", "tvrage", "plex"}))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Heat", "HEAT"),
        ("  Heat \t 2 ", "Heat 2"),
        ("Amélie", "AME\u0301LIE"),
        ("Straße", "STRASSE"),
        ("WALL·E\u00a0(2008)", "wall·e (2008)"),
        ("Ｆａｔｅ", "Fate"),
        ("8½", "81⁄2"),
    ],
)
def test_two_spellings_of_two_sites_are_one_title(one: str, other: str) -> None:
    """Case, white space, Unicode's several ways to write one thing."""
    assert normal_title(one) == normal_title(other)


@pytest.mark.parametrize(("one", "other"), [("Heat", "Heat 2"), ("Amélie", "Amelie"), ("Wall-E", "WALL·E")])
def test_other_letters_or_signs_are_another_title(one: str, other: str) -> None:
    """Merging is for what is surely the same; a looser look is for telling spellings from other titles."""
    assert normal_title(one) != normal_title(other)


@given(st.text())
def test_a_normal_title_is_normal_already(title: str) -> None:
    """Doing it twice changes nothing, and no title makes it fail."""
    assert normal_title(normal_title(title)) == normal_title(title)
    assert isinstance(loose_title(title), str)


def test_a_loose_title_is_its_letters_and_digits() -> None:
    """Without accents and signs; what has neither letters nor digits stays itself."""
    assert loose_title("WALL·E") == loose_title("Wall-E") == "walle"
    assert loose_title("Fast & Furious") == loose_title("Fast and Furious")
    assert loose_title("!!!") == "!!!"


def test_films_and_series_keep_their_ids_and_lose_those_of_anime() -> None:
    """Simkl takes the first id that resolves: one doubtful id in a good set can win."""
    for kind in (Kind.MOVIE, Kind.SHOW):
        keys = {key for key, _ in trusted(kind, ALL)}
        assert keys == SENT_KEYS - ANIME_KEYS - {"traktslug"}
    assert trusted(Kind.SHOW, (("mal", "1"), ("slug", "x"))) == (("mal", "1"),)


@pytest.mark.parametrize(
    "key",
    [
        "simkl",
        "imdb",
        "tmdb",
        "tvdb",
        "letterboxd",
        "traktslug",
        "netflix",
        "hulu",
        "crunchyroll",
        "mal",
        "anidb",
        "anilist",
        "kitsu",
        "livechart",
        "anisearch",
        "animeplanet",
    ],
)
def test_every_id_that_simkl_takes_is_sent(key: str) -> None:
    """As the page of POST /sync/ratings lists them; an anime's go with an anime too."""
    assert trusted(Kind.MOVIE, ((key, "1"),)) == ((key, "1"),)
    assert bool(trusted(Kind.ANIME, ((key, "1"),))) == (key == "simkl" or key in ANIME_KEYS)


def test_anime_keeps_anime_ids_alone() -> None:
    """A season's tmdb and imdb ids name all seasons."""
    assert {key for key, _ in trusted(Kind.ANIME, ALL)} == ANIME_KEYS | {"simkl"}
    assert trusted(Kind.ANIME, (("imdb", "tt1"), ("tmdb", "2"), ("traktslug", "x"))) == ()


def test_a_trakt_slug_goes_only_alone() -> None:
    """Next to any other id it is no help and may be wrong."""
    assert trusted(Kind.MOVIE, (("traktslug", "heat-1995"), ("trakt", "1"))) == (("traktslug", "heat-1995"),)
    assert trusted(Kind.MOVIE, (("traktslug", "heat-1995"), ("tmdb", "1"))) == (("tmdb", "1"),)


@given(
    st.sampled_from([None, *Kind]),
    st.lists(st.tuples(st.sampled_from([key for key, _ in ALL]), st.sampled_from("12")), max_size=6).map(tuple),
)
def test_what_is_trusted_is_trusted_again(kind: Kind | None, ids: tuple[tuple[str, str], ...]) -> None:
    """Nothing is added, the order stays, and a second look changes nothing."""
    kept = trusted(kind, ids)
    assert [pair for pair in ids if pair in kept] == list(kept)
    assert trusted(kind, kept) == kept


def test_numbers_count_within_their_namespace() -> None:
    """tmdb within films or within series; imdb, simkl and anime ids everywhere."""

    def shared(key: str, kind: Kind, other: Kind) -> bool:
        return not set(id_tokens(kind, ((key, "5"),))).isdisjoint(id_tokens(other, ((key, "5"),)))

    for key in ("tmdb", "tvdb", "letterboxd"):
        assert not shared(key, Kind.MOVIE, Kind.SHOW)
        assert shared(key, Kind.SHOW, Kind.ANIME)
    for key in ("imdb", "simkl", "mal"):
        assert shared(key, Kind.MOVIE, Kind.SHOW)
    assert id_tokens(Kind.MOVIE, (("tmdb", "603"), ("imdb", "tt1"))) == [("tmdb of films", "603"), ("imdb", "tt1")]
    assert id_tokens(Kind.SHOW, (("trakt", "5"),)) == [("trakt", "5")]


def test_a_title_without_year_proves_nothing() -> None:
    """Nor does a year without a title."""
    assert title_token(Kind.MOVIE, "Heat", None) is None
    assert title_token(Kind.MOVIE, " ", 1995) is None
    tokens = {title_token(kind, "Heat", year) for kind in (None, *Kind) for year in (1995, 1996)}
    assert len(tokens) == 8


def test_ids_conflict_where_one_key_has_two_values_and_nothing_is_shared() -> None:
    """One shared id outweighs another that differs; ids of different keys say nothing."""
    ours = id_tokens(Kind.MOVIE, (("imdb", "tt1"), ("tmdb", "5")))
    assert conflicting(ours, id_tokens(Kind.MOVIE, (("imdb", "tt2"),)))
    assert not conflicting(ours, id_tokens(Kind.MOVIE, (("imdb", "tt2"), ("tmdb", "5"))))
    assert not conflicting(ours, id_tokens(Kind.SHOW, (("tmdb", "7"),)))
    assert not conflicting(ours, [])


def test_a_spelling_and_a_year_beside_it_are_the_same_title() -> None:
    """Two years are not, nor is another name."""
    assert same_title("WALL·E", 2008, "Wall-E", 2009)
    assert same_title("Heat", 1995, "heat", None)
    assert same_title("Heat", None, "heat", 1995)
    assert same_title("Fast ＆ Furious", 2009, "Fast & Furious", 2009)
    assert not same_title("Heat", 1995, "Heat", 1997)
    assert not same_title("Heat", 1995, "Ronin", 1995)


def test_an_echo_may_be_any_of_its_ids_or_its_title() -> None:
    """Without its kind; a title without year counts as it stands."""
    assert set(echo_tokens((("tmdb", "5"),), "HEAT", 1995)) == {"tmdb:5", "|1995|heat"}
    assert set(echo_tokens((), "Heat", None)) == {"|None|heat"}
    assert set(echo_tokens((("imdb", "tt1"),), "", 1995)) == {"imdb:tt1"}


@pytest.mark.parametrize(
    ("kind", "ids", "box"),
    [
        (Kind.MOVIE, (), Box.MOVIES),
        (Kind.MOVIE, (("imdb", "tt1"),), Box.MOVIES),
        (Kind.MOVIE, (("imdb", "tt1"), ("mal", "5")), Box.MOVIES),
        (Kind.MOVIE, (("mal", "5"),), Box.SHOWS),
        (Kind.MOVIE, (("mal", "5"), ("anidb", "6")), Box.SHOWS),
        (Kind.SHOW, (("imdb", "tt1"),), Box.SHOWS),
        (Kind.ANIME, (), Box.SHOWS),
    ],
)
def test_a_film_stands_under_movies_unless_anime_ids_alone_tell_which_it_is(
    kind: Kind, ids: tuple[tuple[str, str], ...], box: Box
) -> None:
    """Everything else stands under shows, anime too."""
    assert box_of(kind, ids) is box
