"""The one reader of ids: what is an id, what is an address of one, and that nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.reading.ids import NUMERIC, IdReader, identifier, is_number, is_plain, plain_ids, plain_numbers
from importer.model import Kind, Remark

MOVIE, SHOW, ANIME = Kind.MOVIE, Kind.SHOW, Kind.ANIME
SITES = (*sorted(NUMERIC), "imdb", "letterboxd")


@pytest.mark.parametrize(
    ("site", "text", "kind", "expected"),
    [
        ("imdb", "tt0113277", MOVIE, "tt0113277"),
        ("imdb", " TT0113277 ", MOVIE, "tt0113277"),
        ("imdb", "0113277", MOVIE, "tt0113277"),
        ("imdb", "15574124", MOVIE, "tt15574124"),
        ("imdb", "1131277.0", MOVIE, "tt1131277"),
        ("imdb", "https://www.imdb.com/title/tt0113277/?ref_=x", MOVIE, "tt0113277"),
        ("imdb", "m.imdb.com/title/tt0113277", SHOW, "tt0113277"),
        ("imdb", "https://www.imdb.com/de/title/tt0113277/reviews", MOVIE, "tt0113277"),
        ("tmdb", "603", MOVIE, "603"),
        ("tmdb", "0603.0", MOVIE, "603"),
        ("tmdb", "603,0", MOVIE, "603"),
        ("imdb", "0133093,0", MOVIE, "tt0133093"),
        ("tmdb", "603,5", MOVIE, ""),
        ("tmdb", "https://www.themoviedb.org/movie/603-the-matrix", MOVIE, "603"),
        ("tmdb", "HTTPS://WWW.THEMOVIEDB.ORG/TV/1396", SHOW, "1396"),
        ("tmdb", "themoviedb.org/tv/1396-breaking-bad?language=de", ANIME, "1396"),
        ("tvdb", "https://thetvdb.com/dereferrer/series/81189", SHOW, "81189"),
        ("tvdb", "http://thetvdb.com/?tab=series&id=81189&lid=7", SHOW, "81189"),
        ("mal", "https://myanimelist.net/anime/5114/Fullmetal", ANIME, "5114"),
        ("anilist", "https://anilist.co/anime/5114/Fullmetal/", ANIME, "5114"),
        ("kitsu", "https://kitsu.app/anime/3936", ANIME, "3936"),
        ("anidb", "https://anidb.net/anime/6107", ANIME, "6107"),
        ("anidb", "anidb.net/a6107", ANIME, "6107"),
        ("anidb", "http://anidb.net/perl-bin/animedb.pl?show=anime&aid=6107", ANIME, "6107"),
        ("letterboxd", "Heat-1995", MOVIE, "heat-1995"),
        ("letterboxd", "https://letterboxd.com/film/heat-1995/", MOVIE, "heat-1995"),
        ("letterboxd", "https://letterboxd.com/me/film/heat-1995/1/", MOVIE, "heat-1995"),
        ("simkl", "https://simkl.com/movies/53992/the-matrix", MOVIE, "53992"),
        ("simkl", "https://simkl.com/tv/11121", SHOW, "11121"),
        ("simkl", "simkl.com/anime/37089/x", ANIME, "37089"),
    ],
)
def test_an_id_or_an_address_that_holds_one_is_read(site: str, text: str, kind: Kind, expected: str) -> None:
    """In any case, with a spreadsheet's ".0", without leading zeros."""
    assert identifier(site, text, kind) == expected


@pytest.mark.parametrize(
    ("site", "text", "kind"),
    [
        *((site, text, MOVIE) for site in SITES for text in ("N/A", "-", "none", "null", "", "two words", "x" * 999)),
        *((site, "0", MOVIE) for site in (*sorted(NUMERIC), "imdb")),
        ("imdb", "tt", MOVIE),
        ("imdb", "tt0000000", MOVIE),
        ("imdb", "0000000", MOVIE),
        ("imdb", "nm0000206", MOVIE),
        ("imdb", "113277", MOVIE),
        ("imdb", "https://www.imdb.com/name/nm0000206/", MOVIE),
        ("imdb", "https://www.themoviedb.org/movie/603", MOVIE),
        ("imdb", "https://imdb.com.example.org/title/tt0113277/", MOVIE),
        ("tmdb", "-603", MOVIE),
        ("tmdb", "603.5", MOVIE),
        ("tmdb", "６０３", MOVIE),
        ("tmdb", "tt0113277", MOVIE),
        ("tmdb", "9" * 13, MOVIE),
        ("tmdb", "https://www.themoviedb.org/tv/1396", MOVIE),
        ("tmdb", "https://www.themoviedb.org/movie/603", SHOW),
        ("tmdb", "https://www.themoviedb.org/tv/1396/season/1", SHOW),
        ("tmdb", "https://www.themoviedb.org/person/6384", MOVIE),
        ("tvdb", "https://thetvdb.com/series/breaking-bad", SHOW),
        ("tvdb", "https://thetvdb.com/dereferrer/series/81189", MOVIE),
        ("mal", "https://myanimelist.net/manga/2/Berserk", ANIME),
        ("anilist", "https://anilist.co/manga/30002", ANIME),
        ("kitsu", "https://kitsu.app/anime/cowboy-bebop", ANIME),
        ("simkl", "https://simkl.com/tv/11121", MOVIE),
        ("simkl", "https://simkl.com/movies/53992", SHOW),
        ("letterboxd", "https://letterboxd.com/film/heat-1995/", SHOW),
        ("letterboxd", "https://boxd.it/aBcD", MOVIE),
    ],
)
def test_anything_else_is_no_id(site: str, text: str, kind: Kind) -> None:
    """Words, 0, other sites' addresses, and an address that names another kind than the row."""
    assert identifier(site, text, kind) == ""


@given(st.sampled_from(SITES), st.text(max_size=60), st.sampled_from(Kind))
def test_what_is_read_is_an_id(site: str, text: str, kind: Kind) -> None:
    """Whatever the text: digits, tt and digits, or a slug."""
    found = identifier(site, text, kind)
    assert found.isascii()
    if site in NUMERIC:
        assert found == "" or (found.isdigit() and int(found) > 0)
    elif site == "imdb":
        assert found == "" or (found[:2] == "tt" and int(found[2:]) > 0)
    else:
        assert " " not in found


@given(st.lists(st.text("0129tx\u0663 ", max_size=14), min_size=1, max_size=4))
@example(["603", "", "1668"])
@example(["603", "0603"])
@example(["0603"])
@example(["999999999999"])
@example(["9999999999999", "1"])
@example(["603", "\u0666\u0660\u0663"])
@example(["tt0133093", "", "tt15574124"])
@example(["tt0133093", "tt0000000"])
@example(["tt00000000"])
@example(["tt0133093", "0tt133093"])
@example(["tt0133093tt0133093"])
def test_a_column_of_ids_is_what_its_cells_are(column: list[str]) -> None:
    """Looked at as one or one by one: the same ids, and the same texts that have to be looked at closely."""
    assert list(plain_numbers(column)) == [text if text and is_number(text) else "" for text in column]
    for site in ("tmdb", "imdb"):
        ids, odd = plain_ids(site, column)
        if site == "tmdb" or not column[0].isdigit():
            assert odd == [place for place, text in enumerate(column) if text and not is_plain(site, text)]
            assert ids == [(site, text) if text else () for text in column]


def test_what_is_none_is_counted_and_the_first_told() -> None:
    """In one remark a file; empty cells are nothing to tell."""
    reader = IdReader()
    assert reader.remark("f.csv") is None
    pairs = (("imdb", "N/A"), ("tmdb", ""), ("tmdb", "603"), ("mal", "x" * 99))
    assert reader.read_all(pairs, MOVIE) == (("tmdb", "603"),)
    assert reader.remark("f.csv") == Remark("f.csv", 0, "2 ids are none and were left out (the first: N/A for imdb)")
