"""Ryot: ratings within reviews, several of a title, of its episodes, and of much that is neither film nor series."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.reading.scale import Rounding
from adapters.ryot import RYOT
from importer.model import Date, Kind, Origin, Precision


def item(*reviews: Any, **changes: Any) -> dict[str, Any]:
    return {
        "lot": "movie",
        "source": "tmdb",
        "identifier": "949",
        "source_id": "Heat",
        "collections": [],
        "seen_history": [{"ended_on": "2020-01-01"}],
        "reviews": list(reviews),
        **changes,
    }


def review(rating: object = "90", date: str | None = None, **changes: Any) -> dict[str, Any]:
    comments = [{"text": "canary", "user": {"id": "u", "name": "canary"}}]
    return {"rating": rating, "review": {"date": date, "text": "canary"}, "comments": comments, **changes}


def export(*items: Any, **sections: Any) -> dict[str, Any]:
    return {"metadata": list(items), "people": [], "workouts": [], **sections}


def test_a_review_is_read_whole(read_json):
    """Its date is that of the rating; what people wrote stays where it is. When it was seen is no rating date."""
    found = read_json(RYOT, export(item(review(date="2023-02-02T20:15:30Z")), item(review(), identifier="348")))
    first, undated = found.items
    assert (first.key, first.kind, first.title, first.year) == ("ryot:movie:tmdb:949", Kind.MOVIE, "Heat", None)
    assert (first.ids, first.source_rating, first.rating) == ((("tmdb", "949"),), "90", 9)
    assert first.date == Date(1675368930, Precision.SECOND, Origin.RATING)
    assert undated.date is None
    assert "canary" not in repr(found)


@pytest.mark.parametrize(
    ("told", "rating", "fate"),
    [
        ("100", "10", ""),
        ("85", "8.5", ""),
        (85.0, "8.5", ""),
        ("0", "0", ""),
        ("101", "10.1", ""),
        (None, "None", "unrated"),
        ("", "None", "unrated"),
        ("good", "None", ""),
    ],
)
def test_a_hundred_points_are_divided_by_ten(read_json, told: object, rating: str, fate: str):
    """0 is a rating that has no place on Simkl's scale; a review without one is unrated."""
    found = read_json(RYOT, export(item(review(told))))
    assert (str(found.items[0].rating), found.fates) == (rating, [fate])


def test_points_between_two_whole_ones_go_where_the_person_says(read_json):
    """To the nearest; halves as told."""
    found = read_json(RYOT, export(item(review("85")), item(review("84"), identifier="1")), round=Rounding.DOWN)
    assert [row.rating for row in found.items] == [8, 8]


@pytest.mark.parametrize(
    "part",
    [
        {"show_season_number": 1, "show_episode_number": 1},
        {"show_season_number": 0},
        {"show_episode_number": 0, "show_season_number": None},
        {"anime_episode_number": 4},
        {"showSeasonNumber": 2, "showEpisodeNumber": None},
        {"show_extra_information": {"season": 1, "episode": 2}},
    ],
)
def test_reviews_of_seasons_and_episodes_are_not_the_shows(read_json, part: dict[str, Any]):
    """Season 0 is one too; a key that is null says nothing."""
    found = read_json(RYOT, export(item(review("60", **part), review("90", showSeasonNumber=None), lot="show")))
    assert found.fates == ["unsupported_kind", ""]
    assert found.items[0].ids == ()
    assert found.items[0].key != found.items[1].key


def test_of_several_reviews_the_newest_counts(read_json):
    """All are rows of one title; where no date tells them apart, nobody can."""
    dated = item(review("80", "2020-10-31T21:00:00Z"), review("100", "2024-10-31T21:00:00Z"))
    undated = item(review("70"), review("90"), identifier="348")
    found = read_json(RYOT, export(dated, undated, item(review("70"), review("70"), identifier="7")))
    assert found.fates == ["", "", "ambiguous_title", "ambiguous_title", "", ""]
    assert len({row.key for row in found.items}) == 3
    assert [row.line for row in found.items] == [1, 1, 2, 2, 3, 3]


def test_a_title_without_reviews_is_unrated(read_json):
    """Also where the reviews are missing altogether, or are none."""
    items = [item(), item(reviews=None, identifier="1"), item(7, identifier="2")]
    assert read_json(RYOT, export(item(review()), *items)).fates == ["", "unrated", "unrated", "malformed_row"]


@pytest.mark.parametrize(
    ("changes", "kind", "ids", "fate"),
    [
        ({"lot": "show"}, Kind.SHOW, (("tmdb", "949"),), ""),
        ({"lot": "show", "source": "tvdb"}, Kind.SHOW, (("tvdb", "949"),), ""),
        ({"lot": "anime", "source": "mal"}, Kind.ANIME, (("mal", "949"),), ""),
        ({"lot": "anime", "source": "myanimelist"}, Kind.ANIME, (("mal", "949"),), ""),
        ({"lot": "anime", "source": "anilist"}, Kind.ANIME, (("anilist", "949"),), ""),
        ({"source": "custom"}, Kind.MOVIE, (), ""),
        ({"source": "igdb", "lot": "video_game"}, None, (), "unsupported_kind"),
        ({"lot": "manga", "source": "mal"}, None, (), "unsupported_kind"),
        ({"lot": "opera"}, None, (), "unknown_kind"),
        ({"lot": "Movie", "source": "Tmdb"}, Kind.MOVIE, (("tmdb", "949"),), ""),
        ({"lot": "VisualNovel", "source": "Vndb"}, None, (), "unsupported_kind"),
    ],
)
def test_lot_and_source_tell_kind_and_ids(read_json, changes: dict[str, Any], kind: Kind | None, ids: Any, fate: str):
    """In the words of newer and older versions; a number of the server's own is no id, nor is a manga's."""
    found = read_json(RYOT, export(item(review(), **changes)))
    assert (found.items[0].kind, found.items[0].ids, found.fates) == (kind, ids, [fate])


def test_a_server_that_renames_a_source_keeps_the_keys(read_json):
    """The history of a title hangs on its key."""
    found = [
        read_json(RYOT, export(item(review(), lot="anime", source=source))).items[0].key
        for source in ("mal", "myanimelist", "MAL")
    ]
    assert set(found) == {"ryot:anime:mal:949"}


@pytest.mark.parametrize(
    ("told", "title"),
    [
        ({"source_id": "1917"}, "1917"),
        ({"source_id": "met_7hVqYp3KdZ1b"}, ""),
        ({"sourceId": "1234"}, ""),
        ({"sourceId": "Heat"}, "Heat"),
    ],
)
def test_the_servers_own_number_is_no_title(read_json, told: dict[str, Any], title: str):
    """Some versions write it in the place of one; it would make every title look like another one."""
    made = item(review())
    del made["source_id"]
    assert read_json(RYOT, export({**made, **told})).items[0].title == title


def test_each_generation_of_the_export_is_read(read_json):
    """`media` was called `metadata` later, and the media alone are a bare array."""
    for document in (export(item(review())), {"media": [item(review())]}, [item(review())]):
        assert read_json(RYOT, document).fates == [""]


def test_ratings_of_people_and_groups_are_counted(read_json):
    """They have no place on Simkl."""
    rated = [{"name": "Michael Mann", "reviews": [review(), review(None)]}]
    found = read_json(RYOT, export(item(review()), people=rated, metadata_groups=rated * 2, exercises=None))
    assert found.told == [
        "the rating of 1 person has no place on Simkl and is left out",
        "the ratings of 2 groups of titles have no place on Simkl and are left out",
    ]
