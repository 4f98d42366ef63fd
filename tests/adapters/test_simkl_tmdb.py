"""Simkl's own backups and TMDB's ratings: whose rating, which kind, and what a repeated title comes to."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.protocol import Choices
from adapters.reading.dates import DateOrder
from adapters.reading.scale import Rounding
from importer.errors import ExportError
from importer.model import Item, Kind, Origin, Reason, Rejected, Skipped, Superseded

CSV = "SIMKL_ID,Title,Type,Year,Watchlist,LastEpWatched,WatchedDate,Rating,Memo,TVDB,TMDB,IMDB\n"
TMDB = "TMDb ID,IMDb ID,Type,Name,Release Date,Season Number,Episode Number,Rating,Your Rating,Date Rated\n"


def backup(**sections: list[dict[str, Any]]) -> dict[str, str]:
    """Make a backup in JSON."""
    return {"SimklBackup.json": json.dumps(sections)}


def row(rating: object, **ids: object) -> dict[str, Any]:
    """Make a row of a library."""
    return {"status": "completed", "user_rating": rating, "movie": {"title": "Heat", "year": 1995, "ids": ids}}


def test_a_section_tells_the_kind(reads: Any) -> None:
    """Anime stands under show or under anime; a section, its ids and its dates may be missing."""
    title = {"title": "A", "year": 2000, "ids": {}}
    name, found = reads(
        backup(anime=[{"user_rating": 9, "show": title}, {"user_rating": 8, "anime": title}], shows=[], movies=[row(7)])
    )
    assert name == "simkl"
    assert [(item.kind, item.rating, item.date) for item in found] == [
        (Kind.MOVIE, 7, None),
        (Kind.ANIME, 9, None),
        (Kind.ANIME, 8, None),
    ]


def test_a_title_watched_again_counts_once(reads: Any) -> None:
    """Rows of a rewatch repeat it, also where they come first."""
    again = row(9, simkl=1) | {"is_rewatch": True}
    _, found = reads(backup(movies=[again, row(9, simkl=1), again]))
    assert [type(item) for item in found] == [Superseded, Item, Superseded]
    _, found = reads(backup(movies=[again, again]))
    assert [type(item) for item in found] == [Item, Superseded]


def test_no_rating_is_unrated_and_broken_rows_cost_themselves(reads: Any) -> None:
    """Null or missing; a row of another shape is malformed."""
    _, found = reads(backup(movies=[row(None), {"status": "x", "movie": {}}, {"movie": 5, "status": "x"}]))
    assert [getattr(item, "reason", None) for item in found] == [Reason.UNRATED, Reason.UNRATED, Reason.MALFORMED_ROW]


def test_the_csv_writes_month_before_day(reads: Any) -> None:
    """Its own form settles what the cells leave open, the person's word or the cells themselves come first."""
    line = "1,Heat,movie,1995,completed,,{},9,,,949,tt0113277\n"
    for cells, order, day in (
        (("1/2/2020",), None, 18263),
        (("1/2/2020",), DateOrder.DMY, 18293),
        (("1/2/2020", "30/1/2020"), None, 18293),
        (("2020-01-02",), None, 18263),
    ):
        text = CSV + "".join(map(line.format, cells))
        _, found = reads({"b.csv": text}, Choices(date_order=order))
        first = found[0]
        assert (first.date.day, first.date.origin) == (day, Origin.WATCHED)


@pytest.mark.parametrize(
    ("word", "expected"),
    [("tv", Kind.SHOW), ("tv show", Kind.SHOW), ("Movie", Kind.MOVIE), ("anime", Kind.ANIME), ("Episode", None)],
)
def test_the_csvs_types(reads: Any, word: str, expected: Kind | None) -> None:
    """In every spelling of its two headers and of those who convert to it."""
    _, found = reads({"b.csv": CSV + f"1,A,{word},0,completed,,,9,,,,\n"})
    first = found[0]
    item = first if isinstance(first, Item) else first.item
    assert (item.kind, item.year) == (expected, None)


def test_an_episode_of_tmdb_is_no_show(reads: Any) -> None:
    """Its row says tv and carries its own ids: the number columns alone tell it."""
    text = TMDB + "1396,tt0903747,tv,Breaking Bad,2008-01-20,,,8.9,10.0,2021-02-03T19:45:10Z\n"
    text += "62161,tt2301451,tv,Ozymandias,2013-09-15,5,14,9.0,10.0,2021-02-03T19:45:10Z\n"
    text += "3577,,tv,Season 5,2013-08-11,5,,9.0,10.0,2021-02-03T19:45:10Z\n"
    name, found = reads({"ratings.csv": text})
    assert name == "tmdb"
    show, episode, season = found
    assert (show.kind, show.year, show.ids) == (Kind.SHOW, 2008, (("imdb", "tt0903747"), ("tmdb", "1396")))
    assert all(isinstance(part, Skipped) and part.item.ids == () for part in (episode, season))


def test_half_points_of_tmdb_are_the_persons_choice(reads: Any) -> None:
    """Without it they are out of range; with it the number of them is told."""
    text = TMDB + "949,,movie,Heat,1995-12-15,,,7.9,8.5,\n129,,movie,Spirited Away,2001-07-20,,,8.5,9.0,\n"
    _, found = reads({"ratings.csv": text})
    assert str(found[0].rating) == "8.5"
    _, found = reads({"ratings.csv": text}, Choices(round=Rounding.DOWN))
    assert [item.rating for item in found[:2]] == [8, 9]
    assert found[2].text == "1 rating lay between two whole numbers and was rounded down"


def test_a_watchlist_of_tmdb_is_refused(reads: Any) -> None:
    """It has the header of the ratings, and no rating in it; an unknown type among ratings is told."""
    with pytest.raises(ExportError, match="it is a watchlist"):
        reads({"watchlist.csv": TMDB + "949,,movie,Heat,1995-12-15,,,7.9,,2023-01-01T00:00:00Z\n"})
    _, found = reads({"ratings.csv": TMDB + "1,,person,X,,,,7,8,\n"})
    assert isinstance(found[0], Rejected)
    assert found[0].reason is Reason.UNKNOWN_KIND
