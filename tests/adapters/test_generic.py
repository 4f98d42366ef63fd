"""The generic CSV and the rejects file."""

from __future__ import annotations

import pytest

from adapters import detect
from adapters.protocol import Source
from importer.model import Item, Kind, Origin, Precision, Reason, Rejected, Remark, Row, Skipped

REJECTS = (
    "reason,source,file,line,key,type,title,year,rating,rated_at,"
    "simkl,imdb,tmdb,tvdb,mal,anidb,anilist,kitsu,letterboxd\n"
)


def read(text: str) -> list[Row | Remark]:
    """Detect and read a file that must be generic."""
    export = Source("f.csv", {"f.csv": text.encode})
    adapter, claim = detect(export)
    assert adapter.name == "generic"
    return list(adapter.read(export, claim))


def item(text: str) -> Item:
    """Read a file of one item."""
    row, *remarks = read(text)
    assert isinstance(row, Item)
    assert all(isinstance(remark, Remark) for remark in remarks)
    return row


def test_four_columns_are_enough() -> None:
    """Without an id the title is the key, without a date there is none."""
    found = item("type,title,year,rating\nmovie,Heat,1995,9\n")
    assert (found.key, found.kind, found.rating, found.date) == ("generic:movie:heat:1995", Kind.MOVIE, 9, None)


def test_a_mended_reject_keeps_the_key_of_its_row() -> None:
    """The key ties it to the row it mends; all ids are taken as they stand."""
    row = "no_year,letterboxd,ratings.csv,7,letterboxd:https://boxd.it/a,movie,Heat,1995,9,2024-01-01,,tt0113277,949.0,0,,,,,heat-1995\n"
    found = item(REJECTS + row)
    assert found.key == "letterboxd:https://boxd.it/a"
    assert found.ids == (("imdb", "tt0113277"), ("tmdb", "949"), ("letterboxd", "heat-1995"))
    assert (found.file, found.line) == ("f.csv", 2)


def test_the_first_id_is_the_key_where_none_is_given() -> None:
    """In the order of the columns, with its kind."""
    assert item("type,title,year,rating,mal,imdb\nanime,X,2009,9,5114,\n").key == "generic:anime:mal=5114"


@pytest.mark.parametrize("text", ["Movie", "MOVIES", " movie "])
def test_types_are_taken_in_any_case_and_number(text: str) -> None:
    """Singular and plural, upper and lower case."""
    assert item(f"type,title,year,rating\n{text},X,2000,5\n").kind is Kind.MOVIE


def test_a_date_is_a_day_or_an_instant() -> None:
    """Each with its precision, as true rating dates."""
    head = "type,title,year,rating,rated_at\nshow,X,2000,5,"
    for text, precision in (("2024-01-01", Precision.DAY), ("2024-01-01T10:00:00+02:00", Precision.SECOND)):
        date = item(head + text + "\n").date
        assert date is not None
        assert (date.precision, date.origin) == (precision, Origin.RATING)


def test_each_row_has_its_reason() -> None:
    """Another type is unsupported, an empty cell unrated, an empty type and a ragged row malformed."""
    found = read(
        "type,title,year,rating\ngame,X,2000,5\nmovie,X,2000,\n,X,2000,5\nmovie,X\ngame,Y,2000,\nmovie,X,2000,11\n"
    )
    reasons = [row.reason if isinstance(row, Rejected | Skipped) else None for row in found]
    assert reasons == [
        Reason.UNSUPPORTED_KIND, Reason.UNRATED, Reason.MALFORMED_ROW, Reason.MALFORMED_ROW, Reason.UNRATED, None,
    ]  # fmt: skip
    assert isinstance(found[0], Skipped)
    assert found[0].item.kind is None
    assert isinstance(found[5], Item)
    assert found[5].rating == 11


def test_other_columns_of_ones_own_are_fine() -> None:
    """A column that no site uses does not stand in the way."""
    assert item("my notes,type,title,year,rating\nx,movie,Heat,1995,9\n").title == "Heat"
