"""Letterboxd's exports, all generations, and the CSV that the site itself imports."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import detect
from adapters.letterboxd.adapter import Letterboxd
from adapters.protocol import Choices, Source
from importer.errors import ExportError
from importer.model import Date, Item, Kind, Origin, Precision, Reason, Rejected, Remark, Row, Skipped, Superseded

RATINGS = "Date,Name,Year,Letterboxd URI,Rating\r\n"
DIARY = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\r\n"
REVIEWS = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date\r\n"
FILMS = "Date,Name,Year,Letterboxd URI\r\n"
FILM = "https://letterboxd.com/film/heat-1995/"
HEAT = (("letterboxd", "heat-1995"),)


def source(members: dict[str, str | bytes], encoding: str | None = None) -> Source:
    """Make a source of texts and bytes."""
    data = {name: body.encode() if isinstance(body, str) else body for name, body in members.items()}
    return Source("export", {name: partial(bytes, body) for name, body in data.items()}, Choices(encoding))


def read(members: dict[str, str | bytes], encoding: str | None = None) -> list[Row | Remark]:
    """Detect and read a source that must be Letterboxd's."""
    export = source(members, encoding)
    adapter, claim = detect(export)
    assert adapter.name == "letterboxd"
    return list(adapter.read(export, claim))


def said(row: Row | Remark) -> Item:
    """Take what a row says, whatever its outcome."""
    assert not isinstance(row, Remark)
    return row if isinstance(row, Item) else row.item


def items(rows: Iterable[Row | Remark]) -> list[Item]:
    """Keep the items alone."""
    return [row for row in rows if isinstance(row, Item)]


def test_a_rated_film_is_an_item_with_its_day() -> None:
    """Half stars doubled, the day at noon as a true rating date, the URI as key, and no id from a short URI."""
    assert read({"ratings.csv": RATINGS + "2025-08-08,Heat,1995,https://boxd.it/aBcD,3.5\r\n"}) == [
        Item(
            "letterboxd:https://boxd.it/aBcD",
            Kind.MOVIE,
            "Heat",
            1995,
            (),
            "3.5",
            7,
            Date(20308 * 86_400 + 43_200, Precision.DAY, Origin.RATING),
            "ratings.csv",
            2,
        )
    ]


@pytest.mark.parametrize(
    ("uri", "key", "ids"),
    [
        ("https://boxd.it/aB", "https://boxd.it/aB", ()),
        ("http://boxd.it/aB/", "https://boxd.it/aB", ()),
        ("https://letterboxd.com/film/heat-1995/", FILM, HEAT),
        ("http://www.letterboxd.com/film/heat-1995", FILM, HEAT),
        ("https://letterboxd.com/me/film/heat-1995/2/", FILM, HEAT),
        ("", "title:heat:1995", ()),
        ("https://elsewhere.example/x", "title:heat:1995", ()),
    ],
)
def test_a_key_is_stable_and_a_slug_is_an_id(uri: str, key: str, ids: tuple[tuple[str, str], ...]) -> None:
    """Scheme and last slash do not matter, the case of a short code does."""
    (item,) = items(read({"ratings.csv": f"{RATINGS}2025-08-08,Heat,1995,{uri},4\n"}))
    assert (item.key, item.ids) == (f"letterboxd:{key}", ids)


def test_ratings_alone_are_taken_from_a_whole_export() -> None:
    """Diary, reviews, lists, likes, deleted and orphaned entries are left alone, whatever folders lead to them."""
    row = "2025-08-08,Heat,1995,https://boxd.it/aBcD,4\r\n"
    other = "2025-08-08,Cats,2019,https://boxd.it/zZ,1,,,2025-08-07\r\n"
    export = {
        "profile.csv": "x",
        "ratings.csv": RATINGS + row,
        "diary.csv": DIARY + other,
        "reviews.csv": REVIEWS,
        "watched.csv": FILMS,
        "watchlist.csv": FILMS,
        "likes/films.csv": FILMS,
        "deleted/diary.csv": DIARY + other,
        "orphaned/diary.csv": DIARY + other,
        "lists/a.csv": "Letterboxd list export v7\r\n",
    }
    for lead in ("", "me/", "a/b c/"):
        found = read({lead + name: body for name, body in export.items()})
        assert [(row.title, row.file) for row in items(found)] == [("Heat", lead + "ratings.csv")]


def test_the_profile_is_never_opened() -> None:
    """It holds the e-mail address, and no adapter has a reason to look."""

    def opened() -> bytes:
        raise AssertionError

    export = source({"ratings.csv": RATINGS + "2025-08-08,Heat,1995,https://boxd.it/aBcD,4\n"})
    export = Source("export", {**export.members, "profile.csv": opened, "me/profile.csv": opened})
    claim = Letterboxd().claim(export)
    assert claim is not None
    assert len(list(Letterboxd().read(export, claim))) == 1


def test_the_last_rated_entry_of_a_film_counts() -> None:
    """By watch date, then by the entry's date; earlier entries are superseded, unrated ones skipped."""
    found = read(
        {
            "diary.csv": DIARY
            + "2023-01-07,Heat,1995,https://boxd.it/e1,4,,,2023-01-06\r\n"
            + "2023-08-02,Heat,1995,https://boxd.it/e2,5,Yes,,2023-08-01\r\n"
            + "2023-09-09,Heat,1995,https://boxd.it/e3,4.5,Yes,,2022-12-31\r\n"
            + "2023-09-10,Heat,1995,https://boxd.it/e4,,,,2023-09-10\r\n"
            + "2023-09-11,Heat,1995,https://boxd.it/e5,9,,,2023-09-11\r\n"
        }
    )
    assert [type(row) for row in found] == [Superseded, Item, Superseded, Skipped, Item]
    best = found[1]
    assert isinstance(best, Item)
    assert (best.key, best.rating, best.ids) == ("letterboxd:title:heat:1995", 10, ())
    assert best.date is not None
    assert best.date.origin is Origin.ENTRY


def test_a_review_of_a_diary_entry_is_that_entry_once_more() -> None:
    """Where ratings.csv is absent both logs are read, and a film is still one item."""
    found = read(
        {
            "diary.csv": DIARY + "2023-01-07,Heat,1995,https://boxd.it/e1,4,,,2023-01-06\n",
            "reviews.csv": REVIEWS
            + '2023-01-07,Heat,1995,https://boxd.it/e1,4,,"Cold.\n\nVery ""cold"".",,2023-01-06\n'
            + "2023-01-08,Cats,2019,https://boxd.it/e2,0.5,,Why,,\n",
        }
    )
    assert [(type(row).__name__, said(row).line) for row in found] == [
        ("Item", 2),
        ("Superseded", 2),
        ("Item", 5),
    ]


def test_old_logs_without_rewatch_are_read() -> None:
    """The 2014 to 2017 generation has no such column."""
    head = DIARY.replace("Rewatch,", "")
    (item,) = items(read({"diary.csv": head + "2015-01-07,Heat,1995,http://letterboxd.com/me/film/heat-1995/1/,4,,\n"}))
    assert (item.key, item.ids) == (f"letterboxd:{FILM}", HEAT)


def test_two_films_of_one_name_and_year_stay_two() -> None:
    """Rows of ratings.csv are told apart by their URI, never merged by title."""
    rows = "".join(
        f"2024-10-31,The Haunted Castle,1897,https://boxd.it/{code},3\n" for code in ("6Vwm", "8tGc", "6vwm")
    )
    assert len({item.key for item in items(read({"ratings.csv": RATINGS + rows}))}) == 3


def test_titles_stay_as_exported() -> None:
    """No-break spaces, en dashes and fractions are kept; a missing year is None."""
    rows = "2024-01-01, Star\u00a0Wars – 8½\u00a0 ,,https://boxd.it/a,3\n2024-01-01,B,2023.0,https://boxd.it/b,4.0\n"
    found = items(read({"ratings.csv": RATINGS + rows}))
    assert [(item.title, item.year, item.rating) for item in found] == [
        ("Star\u00a0Wars – 8½\u00a0", None, 6),
        ("B", 2023, 8),
    ]


def test_values_are_told_and_not_judged() -> None:
    """Out of range, zero and words are items as they stand; only an empty cell is unrated."""
    rows = "".join(
        f"2024-01-01,F,2000,https://boxd.it/{i},{text}\n" for i, text in enumerate(["5.5", "0", "good", " ", "-1"])
    )
    found = read({"ratings.csv": RATINGS + rows})
    assert [said(row).rating for row in found] == [11, 0, None, None, -2]
    assert [type(row) for row in found] == [Item, Item, Item, Skipped, Item]


def test_a_rated_row_without_title_or_uri_is_an_item() -> None:
    """Whether it names a title at all is for the pipeline to judge."""
    (item,) = items(read({"ratings.csv": RATINGS + "2024-01-01,,,,3\n"}))
    assert (item.title, item.year, item.rating) == ("", None, 6)


def test_a_malformed_row_is_rejected_with_what_could_be_read() -> None:
    """Its place and its text are told, nothing of it is trusted, its key is its own, and the next row is read."""
    found = read(
        {"ratings.csv": RATINGS + '2024-01-01,"Heat,1995,https://boxd.it/a,3\n2024-01-01,Up,2009,https://boxd.it/b,4\n'}
    )
    bad, good = found
    assert isinstance(bad, Rejected)
    assert isinstance(good, Item)
    text = '2024-01-01,"Heat,1995,https://boxd.it/a,3'
    assert (bad.reason, bad.item.line, bad.item.title, good.line) == (Reason.MALFORMED_ROW, 2, text, 3)
    assert (bad.item.kind, bad.item.year, bad.item.ids, bad.item.rating) == (None, None, (), None)
    assert bad.item.key.startswith("letterboxd:row:")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_resaved_files_are_read(encoding: str, delimiter: str) -> None:
    """Other encodings, delimiters, an index column, floats and line ends give the same item."""
    table = [",Date,Name,Year,Letterboxd URI,Rating", "0,2024-01-01,Amélie,2001.0,https://boxd.it/a,4.0"]
    data = ("\n".join(table) + "\n").replace(",", delimiter).encode(encoding)
    (item,) = items(read({"my ratings.txt": data}))
    assert (item.title, item.year, item.rating, item.line) == ("Amélie", 2001, 8, 2)


def test_a_guessed_encoding_is_remarked() -> None:
    """A person is told that titles may be wrong; the encoding asked for needs no remark."""
    data = (RATINGS + "2024-01-01,Amélie,2001,https://boxd.it/a,4\n").encode("cp1252")
    remark, item = read({"ratings.csv": data})
    assert isinstance(remark, Remark)
    assert (remark.file, remark.line) == ("ratings.csv", 0)
    assert read({"ratings.csv": data}, "cp1252") == [item]


def test_the_import_format_is_read() -> None:
    """Columns in any order; ids as they stand; stars or points; the watch date only stands in."""
    text = (
        "Title,WatchedDate,imdbID,tmdbID,Year,Rating10,Rating,LetterboxdURI\n"
        "Heat,2021-01-01,tt0113277,949,1995,9,,\n"
        "Up,,,,2009,,3.5,https://letterboxd.com/film/up/\n"
        "Cats,,,0,2019,,,\n"
    )
    heat, up, cats, junk = read({"films.csv": text})
    assert junk == Remark("films.csv", 0, "1 id is none and was left out (0 for tmdb)")
    assert isinstance(heat, Item)
    assert isinstance(up, Item)
    assert (heat.key, heat.ids, heat.rating) == (
        "letterboxd:imdb=tt0113277",
        (("imdb", "tt0113277"), ("tmdb", "949")),
        9,
    )
    assert heat.date is not None
    assert heat.date.origin is Origin.WATCHED
    assert (up.key, up.rating, up.date) == ("letterboxd:https://letterboxd.com/film/up/", 7, None)
    assert isinstance(cats, Skipped)
    assert cats.item.ids == ()


@pytest.mark.parametrize(
    "members",
    [
        {"watched.csv": FILMS},
        {"list.csv": "Letterboxd list export v7\nDate,Name\n"},
        {"a/ratings.csv": RATINGS, "b/ratings.csv": RATINGS},
        {"ratings.csv": "Dat?,Name\n", "diary.csv": DIARY},
        {"ratings.csv": RATINGS.replace("Year", "Year,Year")},
    ],
)
def test_what_is_letterboxds_and_cannot_be_read_is_one_clear_line(members: dict[str, str | bytes]) -> None:
    """Films without ratings, two exports at once, a damaged ratings.csv beside a diary, a column twice."""
    with pytest.raises(ExportError) as caught:
        read(members)
    assert caught.value.message.isprintable()


def test_a_gzipped_ratings_csv_in_bytes_is_nobodys() -> None:
    """Inflating is the work of files.py: an adapter sees inflated bytes only."""
    with pytest.raises(ExportError):
        detect(source({"ratings.csv": gzip.compress(RATINGS.encode())}))


@given(st.sampled_from([RATINGS, DIARY, REVIEWS, "Title,Rating10,tmdbID\n"]), st.binary(max_size=200))
def test_no_bytes_after_a_header_raise(head: str, body: bytes) -> None:
    """Whatever follows a header is rows of some outcome."""
    for row in read({"f.csv": head.encode() + body}):
        assert getattr(row, "line", 2) >= 0
