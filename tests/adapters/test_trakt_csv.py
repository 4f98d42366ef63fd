"""Trakt's ratings as CSV: three forms, the person's rating and never the community's."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.protocol import Claim, Source
from adapters.reading.files import open_source
from adapters.trakt.adapter import Trakt
from importer.model import Date, Item, Kind, Origin, Precision, Reason, Rejected, Remark, Row, Skipped

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "trakt"
RATER = "Title,Year,ImdbId,TmdbId,TraktId,Slug,RatedAt,Rating\n"


def read(given: str | Path, name: str = "list.csv") -> list[Row | Remark]:
    source = open_source(given) if isinstance(given, Path) else Source(name, {name: given.encode})
    claim = Trakt().claim(source)
    assert claim is not None
    return list(Trakt().read(source, claim))


def test_the_vip_export_gives_the_persons_rating():
    """`rating` in the last column, not `trakt_rating`; seasons and episodes have no place and lend no id."""
    rows = read(SAMPLES / "vip-ratings.csv")
    assert rows[:2] == [
        Item(
            "trakt:movie:481",
            Kind.MOVIE,
            "The Matrix",
            1999,
            (("imdb", "tt0133093"), ("tmdb", "603")),
            "9",
            9,
            Date(1782849352, Precision.SECOND, Origin.RATING),
            "vip-ratings.csv",
            2,
        ),
        Item(
            "trakt:show:1388",
            Kind.SHOW,
            "Breaking Bad",
            2008,
            (("imdb", "tt0903747"), ("tmdb", "1396"), ("tvdb", "81189")),
            "10",
            10,
            Date(1775030400, Precision.SECOND, Origin.RATING),
            "vip-ratings.csv",
            3,
        ),
    ]
    parts = [row for row in rows if isinstance(row, Skipped)]
    assert [part.reason for part in parts] == [Reason.UNSUPPORTED_KIND] * 2
    assert [part.item.key for part in parts] == ["trakt:episode:73640", "trakt:season:1390:1"]
    assert all(part.item.ids == () and part.item.kind is None for part in parts)


def test_trakts_own_import_csv_takes_the_rating_date_else_the_watch_date():
    """`unknown` is no date; a row that is only watched or listed is unrated."""
    rows = read(SAMPLES / "trakt-import.csv")
    items = [row for row in rows if isinstance(row, Item)]
    assert [(row.key, row.rating, row.date and row.date.origin) for row in items] == [
        ("trakt:movie:imdb:tt1375666", 9, Origin.RATING),
        ("trakt:movie:imdb:tt0816692", 8, Origin.WATCHED),
        ("trakt:movie:imdb:tt2543164", 7, None),
        ("trakt:show:imdb:tt0903747", 10, Origin.RATING),
    ]
    skipped = [(row.item.key, row.reason) for row in rows if isinstance(row, Skipped)]
    assert skipped == [
        ("trakt:movie:imdb:tt0110912", Reason.UNRATED),
        ("trakt:episode:imdb:tt1480055", Reason.UNSUPPORTED_KIND),
    ]


@pytest.mark.parametrize("column", ["trakt_id", "TMDB_ID", "Tvdb_Id"])
def test_the_import_csv_may_name_its_titles_by_any_id(column: str):
    """In any case of letters."""
    [row] = read(f"{column},type,rating,rated_at\n603,movie,9,2024-01-01T00:00:00Z\n")
    assert isinstance(row, Item)
    assert row.ids == (() if column == "trakt_id" else ((column.lower().removesuffix("_id"), "603"),))


@pytest.mark.parametrize(
    ("name", "header", "kind"),
    [
        ("movies.csv", RATER, Kind.MOVIE),
        ("TraktRater_shows.csv", RATER, Kind.SHOW),
        ("x.csv", RATER.replace("TraktId", "TvdbId,TraktId"), Kind.SHOW),
        ("episodes.csv", RATER, None),
        ("x.csv", RATER.replace("Rating", "Season,Rating"), None),
    ],
)
def test_traktrater_has_no_type_so_columns_and_name_tell(name: str, header: str, kind: Kind | None):
    """A TvdbId or a name with "show" makes shows; seasons and episodes have no place; the rest are movies."""
    cells = {"Title": "A", "Year": "1999", "TmdbId": "603", "TraktId": "481", "Rating": "9"}
    line = ",".join(cells.get(column, "") for column in header.strip().split(","))
    [row] = read(header + line + "\n", name)
    if kind is None:
        assert isinstance(row, Skipped)
        assert row.item.ids == ()
    else:
        assert isinstance(row, Item)
        assert (row.kind, row.ids, row.rating) == (kind, (("tmdb", "603"),), 9)


def test_the_traktrater_samples_read_right():
    """The time of the rating is true, to the second."""
    movies, shows = read(SAMPLES / "TraktRater_movies.csv"), read(SAMPLES / "TraktRater_shows.csv")
    assert [row.key for row in (*movies, *shows) if isinstance(row, Item)] == [
        "trakt:movie:56360",
        "trakt:movie:190430",
        "trakt:show:154997",
    ]
    assert all(isinstance(row, Item) and row.date and row.date.true for row in (*movies, *shows))


def test_a_re_save_is_read_too():
    """Semicolons, a byte order mark, CRLF and numbers that became floats."""
    text = "\ufeff" + RATER.replace(",", ";").replace("\n", "\r\n") + "A;1999.0;;603.0;481.0;a-1999;2024-01-01;9.0\r\n"
    [row] = read(text)
    assert isinstance(row, Item)
    assert (row.key, row.year, row.ids, row.rating) == ("trakt:movie:481", 1999, (("tmdb", "603"),), 9)
    assert row.date is not None
    assert row.date.precision is Precision.DAY


def test_a_broken_row_is_rejected_with_its_line():
    """Too short, too long, without a type: each costs itself alone."""
    good = "tt0133093,movie,9,2024-01-01T00:00:00Z\n"
    rows = read("imdb_id,type,rating,rated_at\n" + good + "tt1,movie\n" + good + "a,b,c,d,e,f\ntt1,,9,\n" + good)
    assert [type(row) for row in rows] == [Item, Rejected, Item, Rejected, Rejected, Item]
    assert [row.item.line for row in rows if isinstance(row, Rejected)] == [3, 5, 6]


def test_of_a_folder_its_lists_of_ratings_are_taken():
    """Other sites' tables beside them are not."""
    files = {"a/rated_movies.csv": RATER, "a/ratings.csv": "Date,Name,Year,Letterboxd URI,Rating\n", "a/x.csv": RATER}
    source = Source("folder", {name: text.encode for name, text in files.items()})
    claim = Trakt().claim(source)
    assert claim is not None
    assert claim.members == ("a/rated_movies.csv",)


@pytest.mark.parametrize(
    "text",
    [
        "type,title,year,rating\n",
        "type,title,year,rating,rated_at,imdb\n",
        "imdb_id,tvdb_id,type,title,rating\n",
        "Const,Your Rating,Date Rated,Title\n",
        "",
    ],
)
def test_other_tables_are_not_claimed(text: str):
    """They are other adapters'."""
    assert not isinstance(Trakt().claim(Source("x.csv", {"x.csv": text.encode})), Claim)
