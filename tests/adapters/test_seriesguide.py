"""SeriesGuide: the person's own rating of a show, among everybody's and those of its episodes."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.seriesguide import SERIESGUIDE
from importer.errors import ExportError
from importer.model import Date, Kind, Origin, Precision


def show(**changes: Any) -> dict[str, Any]:
    return {
        "tmdb_id": 1438,
        "tvdb_id": 79126,
        "imdb_id": "tt0306414",
        "trakt_id": 1429,
        "title": "The Wire",
        "first_aired": "2002-06-02T04:00:00Z",
        "rating": 9.1,
        "rating_tmdb": 8.6,
        "rating_user": 8,
        "user_note": "canary",
        "seasons": [],
        **changes,
    }


def test_the_persons_own_rating_counts(read_json):
    """`rating` and `rating_tmdb` are everybody's."""
    found = read_json(SERIESGUIDE, [show()])
    [item] = found.items
    assert (item.kind, item.title, item.year, item.rating) == (Kind.SHOW, "The Wire", 2002, 8)
    assert item.ids == (("tmdb", "1438"), ("tvdb", "79126"), ("imdb", "tt0306414"))
    assert "canary" not in repr(found)


@pytest.mark.parametrize("told", [0, None])
def test_nought_is_no_rating(read_json, told: object):
    """Neither is a rating that is missing, whatever everybody says."""
    lacking = show()
    del lacking["rating_user"]
    assert read_json(SERIESGUIDE, [show(rating_user=told), lacking]).fates == ["unrated", "unrated"]


def test_ratings_of_seasons_and_episodes_are_not_the_shows(read_json):
    """They are counted, and their numbers never stand for the show's."""
    seasons = [
        {
            "season": 1,
            "tmdb_id": "3951",
            "tvdb_id": 2817,
            "rating_user": 7,
            "episodes": [{"tmdb_id": 80309, "rating_user": 8, "rating": 7.7}, {"rating_user": 0}, {"rating": 9}],
        },
        {"season": 2, "episodes": [{"rating_user": 10}]},
    ]
    found = read_json(SERIESGUIDE, [show(rating_user=0, seasons=seasons)])
    assert found.fates == ["unrated"]
    assert found.told == [
        "the rating of 1 season has no place on Simkl and is left out",
        "the ratings of 2 episodes have no place on Simkl and are left out",
    ]


def test_old_and_sparse_backups_are_read(read_json):
    """Before 2021 there were only TVDB's numbers; a file made for importing may have little more than one."""
    old = {"tvdb_id": 81189, "title": "Breaking Bad", "rating_user": 10, "seasons": []}
    found = read_json(SERIESGUIDE, [old, {"tmdb_id": 95396, "rating_user": 9, "seasons": []}])
    assert [item.ids for item in found.items] == [(("tvdb", "81189"),), (("tmdb", "95396"),)]
    assert (found.fates, found.told) == (["", ""], [])


@pytest.mark.parametrize(
    ("told", "date"),
    [
        (1614593199175, Date(1614593199, Precision.SECOND, Origin.WATCHED)),
        (0, None),
        (-1, None),
        (None, None),
        (10**18, None),
        ("1614593199175", None),
        (True, None),
    ],
)
def test_when_it_was_last_watched_stands_in(read_json, told: object, date: Date | None):
    """In milliseconds; there is no date of the rating."""
    found = read_json(SERIESGUIDE, [show(last_watched_ms=told)])
    assert (found.items[0].date, found.fates, found.told) == (date, [""], [])


def test_films_and_lists_are_refused_with_the_reason(read_json):
    """Neither has ratings; beside the shows they are left out."""
    films = [{"tmdb_id": 19913, "in_collection": False, "in_watchlist": False, "watched": True}]
    lists = [{"list_id": "First%20list", "name": "First list", "items": []}]
    for document, reason in ((films, "films, which have no ratings"), (lists, "lists, which have no ratings")):
        with pytest.raises(ExportError, match=reason):
            read_json(SERIESGUIDE, document)
    members = {"sg-lists.json": lists, "sg-movies.json": films, "sg-shows.json": [show()]}
    assert read_json(SERIESGUIDE, members).fates == [""]
