"""Titles looked up: their own pages, where an id leads, and what a search finds."""

from __future__ import annotations

import orjson
import pytest

from importer.model import Kind
from importer.simkl.lenient import UnreadableReplyError
from importer.simkl.lookup import (
    Lead,
    page_path,
    parse_lead,
    parse_page,
    parse_search,
    redirect_query,
    search_path,
    search_query,
    title_address,
)


def test_a_page_tells_a_title_and_its_other_names() -> None:
    """Names come as objects or as texts; each counts once, the title itself not at all."""
    for names in (
        [{"name": "Senuelos", "lang": "es"}, {"name": "Heat", "lang": "en"}, {"name": "Senuelos"}, {"name": None}],
        ["Senuelos", "Heat", "", 5],
    ):
        body = {
            "title": "Heat",
            "year": "1995",
            "ids": {"simkl": 53992, "slug": "heat", "imdb": "tt0113277"},
            "alt_titles": names,
        }
        entry = parse_page(Kind.MOVIE, orjson.dumps(body))
        assert entry is not None
        assert (entry.simkl, entry.kind, entry.title, entry.year) == (53992, Kind.MOVIE, "Heat", 1995)
        assert entry.ids == (("imdb", "tt0113277"),)
        assert entry.other_titles == ("Senuelos",)
        assert entry.address == "https://simkl.com/movies/53992/heat"


@pytest.mark.parametrize("names", ["", "null", "{}", "7"])
def test_a_page_without_other_names_has_none(names: str) -> None:
    """Null, missing, or of another type."""
    more = f',"alt_titles":{names}' if names else ""
    entry = parse_page(Kind.SHOW, f'{{"title":"Dark","ids":{{"simkl_id":7}}{more}}}'.encode())
    assert entry is not None
    assert (entry.other_titles, entry.year, entry.address) == ((), None, "https://simkl.com/tv/7")


def test_an_unknown_id_has_no_page() -> None:
    """It answers 200 with an empty list."""
    assert parse_page(Kind.MOVIE, b"[]") is None
    assert parse_page(Kind.MOVIE, b"null") is None


@pytest.mark.parametrize("body", [b"", b"<html>", b"7", b"{}", b'{"title":"Heat","ids":{}}', b"[1]"])
def test_what_is_no_page_is_unreadable(body: bytes) -> None:
    """A title that cannot be told is not one that does not exist."""
    with pytest.raises(UnreadableReplyError):
        parse_page(Kind.MOVIE, body)


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ("https://simkl.com/movies/472214/inception", Lead(Kind.MOVIE, 472_214)),
        ("https://simkl.com/tv/17465", Lead(Kind.SHOW, 17_465)),
        ("//simkl.com/anime/40398/one-piece?x=1", Lead(Kind.ANIME, 40_398)),
        ("/movies/5/heat", Lead(Kind.MOVIE, 5)),
        ("//simkl.com", None),
        ("https://simkl.com/", None),
        ("", None),
        ("https://simkl.com/movies/", None),
        ("https://simkl.com/movies/12x", None),
        ("https://simkl.com/search/?q=5", None),
        ("https://simkl.com/movies/" + "9" * 30, None),
    ],
)
def test_a_redirect_names_a_title_or_none(location: str, place: Lead | None) -> None:
    """The address is read, never gone to."""
    assert parse_lead(location) == place


def test_a_redirect_is_asked_for_by_one_id() -> None:
    """A tmdb number needs its kind, and files anime as series."""
    assert redirect_query(Kind.MOVIE, "imdb", "tt1") == {"to": "simkl", "imdb": "tt1"}
    assert redirect_query(Kind.MOVIE, "tmdb", "5") == {"to": "simkl", "tmdb": "5", "type": "movie"}
    assert redirect_query(Kind.ANIME, "tmdb", "5") == {"to": "simkl", "tmdb": "5", "type": "tv"}


def test_a_search_finds_titles_with_all_their_names() -> None:
    """Of the kind that each says it is; what has no id is left out."""
    body = [
        {
            "title": "Kimi no Na wa.",
            "year": 2016,
            "ids": {"simkl_id": 1, "slug": "kimi", "tmdb": "372058"},
            "endpoint_type": "movies",
            "all_titles": ["Your Name", {"name": "Your Name."}],
            "title_en": "Your Name",
        },
        {"title": "Dark", "ids": {"simkl_id": 2}, "endpoint_type": "tv", "all_titles": None},
        {"title": "Nobody", "ids": {}},
        None,
    ]
    film, series = parse_search(Kind.ANIME, orjson.dumps(body))
    assert (film.kind, film.simkl, film.ids) == (Kind.MOVIE, 1, (("tmdb", "372058"),))
    assert film.other_titles == ("Your Name", "Your Name.")
    assert (series.kind, series.other_titles) == (Kind.SHOW, ())


@pytest.mark.parametrize("body", [b"[]", b"null", b"{}"])
def test_a_search_without_a_match_finds_nothing(body: bytes) -> None:
    """However that is said."""
    assert parse_search(Kind.MOVIE, body) == ()


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"title":"Heat"}', b"7"])
def test_what_is_no_search_answer_is_unreadable(body: bytes) -> None:
    """It is no search without a match."""
    with pytest.raises(UnreadableReplyError):
        parse_search(Kind.MOVIE, body)


def test_addresses_of_pages_and_searches_name_the_kind() -> None:
    """In Simkl's three ways to name kinds; a slug that is none stays out of an address for people."""
    assert [page_path(kind, 5) for kind in Kind] == ["/movies/5", "/tv/5", "/anime/5"]
    assert [search_path(kind) for kind in Kind] == ["/search/movie", "/search/tv", "/search/anime"]
    assert search_query("Heat", 1995) == {"q": "Heat 1995", "extended": "full"}
    assert search_query("Heat") == {"q": "Heat", "extended": "full"}
    assert title_address(Kind.SHOW, 5, "\x1b]8;;evil") == "https://simkl.com/tv/5"
