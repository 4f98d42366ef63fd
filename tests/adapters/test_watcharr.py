"""Watcharr: films and series among games, rated with decimals."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.reading.scale import Rounding
from adapters.watcharr import WATCHARR
from importer.model import Date, Kind, Origin, Precision


def entry(content: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    about = {
        "id": 5,
        "tmdbId": 949,
        "title": "Heat",
        "type": "movie",
        "release_date": "1995-12-15T00:00:00Z",
        "vote_average": 7.9,
        "imdb_id": "tt0113277",
        "status": "Released",
        **(content or {}),
    }
    return {
        "id": 1,
        "createdAt": "2024-06-08T12:51:09Z",
        "updatedAt": "2025-09-10T20:00:27.522541796Z",
        "status": "FINISHED",
        "rating": 9,
        "thoughts": "canary",
        "content": about,
        "activity": [],
        **changes,
    }


def test_an_entry_is_read_whole(read_json):
    """Both ids, the year of release, and the last edit, which only stands in; `vote_average` is everybody's."""
    found = read_json(WATCHARR, [entry()])
    [item] = found.items
    assert (item.key, item.kind, item.title, item.year) == ("watcharr:movie:949", Kind.MOVIE, "Heat", 1995)
    assert (item.ids, item.rating) == ((("imdb", "tt0113277"), ("tmdb", "949")), 9)
    assert item.date == Date(1757534427, Precision.SECOND, Origin.EDITED)
    assert "canary" not in repr(found)


@pytest.mark.parametrize(
    ("told", "rating", "fate"), [(0, "0", "unrated"), (7.5, "7.5", ""), (10, "10", ""), (8.0, "8", "")]
)
def test_points_have_decimals(read_json, told: object, rating: str, fate: str):
    """0 is none; what is not whole stays exact."""
    found = read_json(WATCHARR, [entry(rating=told)])
    assert (str(found.items[0].rating), found.fates) == (rating, [fate])
    assert read_json(WATCHARR, [entry(rating=7.5)], round=Rounding.UP).items[0].rating == 8


@pytest.mark.parametrize(
    ("content", "key", "kind", "fate"),
    [
        ({"type": "tv", "tmdbId": 87108, "imdb_id": ""}, "watcharr:tv:87108", Kind.SHOW, ""),
        ({"type": "tv_episode"}, "watcharr:tv_episode:949", None, "unsupported_kind"),
        ({"type": "opera"}, "watcharr:opera:949", None, "unknown_kind"),
    ],
)
def test_the_type_tells_the_kind(read_json, content: dict[str, Any], key: str, kind: Kind | None, fate: str):
    """A film and a series may have the same number; any other type is no film."""
    found = read_json(WATCHARR, [entry(content)])
    assert (found.items[0].key, found.items[0].kind, found.fates) == (key, kind, [fate])
    assert kind or found.items[0].ids == ()


def test_games_and_books_are_unsupported(read_json):
    """Also as the first of the list, by which the file is told."""
    game = {**entry(), "content": None, "game": {"igdbId": 1942, "name": "The Witcher 3"}}
    book = {**entry(), "book": {"id": 4, "title": "Dune"}}
    del book["content"]
    found = read_json(WATCHARR, [game, book, entry()])
    assert found.fates == ["unsupported_kind", "unsupported_kind", ""]
    assert [item.title for item in found.items] == ["The Witcher 3", "Dune", "Heat"]


def test_the_year_of_a_release_that_is_not_known_is_none(read_json):
    """The server's empty date is no year 1."""
    items = read_json(WATCHARR, [entry({"release_date": "0001-01-01T00:00:00Z"}), entry({"release_date": None})]).items
    assert [item.year for item in items] == [None, None]


def test_ratings_of_seasons_and_episodes_are_not_the_shows(read_json):
    """They are counted."""
    parts = {"watchedSeasons": [{"rating": 8}, {"rating": 0}], "watchedEpisodes": [{"rating": 7}, {"rating": 6.5}]}
    found = read_json(WATCHARR, [entry({"type": "tv"}, rating=0, **parts)])
    assert found.fates == ["unrated"]
    assert [text.split(" has ")[0].split(" have ")[0] for text in found.told] == [
        "the rating of 1 season",
        "the ratings of 2 episodes",
    ]
