"""The lines of a table: what is read of a row the short way is what the long way reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from adapters.protocol import Source
from adapters.reading.file_dates import DateColumn
from adapters.reading.forms import Fit, Form, table_headers
from adapters.reading.lines import Line
from adapters.reading.table import read_table
from adapters.reading.titles import titled
from importer.model import Ids, Item, Kind, Origin, Precision, Reason, Row

if TYPE_CHECKING:
    from adapters.reading.kinds import Sort

DATES = {"rated": DateColumn(Origin.RATING, Precision.SECOND), "seen": DateColumn(Origin.WATCHED, Precision.SECOND)}


def _row(line: Line) -> Row:
    return line.row(sort=Kind.MOVIE, title=line["title"], year=None, ids=())


def item(text: str, form: Form) -> Item:
    """Read a table of one row."""
    source = Source("f.csv", {"f.csv": text.encode})
    [row] = read_table(source, "f.csv", Fit(form, table_headers(source, "f.csv")[0]), "site")
    assert isinstance(row, Item)
    return row


def test_another_column_never_gives_the_rating_date() -> None:
    """Where the column of rating dates is missing, a time in the first column stays what that column is."""
    form = Form(why="", needs=("title", "rating"), row=_row, dates=DATES)
    date = item("seen,title,rating\n2024-05-01T10:00:00Z,Heat,9\n", form).date
    assert date is not None
    assert date.origin is Origin.WATCHED


def test_a_column_that_no_form_names_is_told_to_the_author() -> None:
    """The reading stops at once: an adapter that asks for it would find it empty in every row, and nobody would see."""
    for row in (
        lambda line: line.row(sort=Kind.MOVIE, title=line["titel"], year=None, ids=()),
        lambda line: line.row(sort=Kind.MOVIE, title="", year=line.year("titel"), ids=()),
    ):
        with pytest.raises(LookupError, match="the form names no column 'titel': put it into needs"):
            item("titel,rating\nHeat,9\n", Form(why="", needs=("rating",), row=row))


@pytest.mark.parametrize("year", ["1995", " 1995 ", "1995.0", "1995,0", "1995-12-15", "1995-12-15T00:00:00Z"])
def test_a_year_is_read_as_spreadsheets_write_it(year: str) -> None:
    """With a point or a comma, or out of a day."""
    form = Form(
        why="",
        needs=("title", "out", "rating"),
        row=lambda line: line.row(sort=Kind.MOVIE, title=line["title"], year=line.year("out"), ids=()),
    )
    assert item(f"title;out;rating\nHeat;{year};9\n", form).year == 1995


def test_a_form_without_dates_gives_none() -> None:
    """Whatever stands in its first column."""
    form = Form(why="", needs=("title", "rating"), row=_row)
    assert item("seen,title,rating\n2024-05-01T10:00:00Z,Heat,9\n", form).date is None


@pytest.mark.parametrize("sort", [*Kind, Reason.UNSUPPORTED_KIND, Reason.UNKNOWN_KIND])
@pytest.mark.parametrize("rating", ["7", "10.0", "0", "7.5", "11", "", " ", "x"])
@pytest.mark.parametrize("when", ["2024-05-01T10:00:00Z", "2024-05-01", "", "x", "0000-00-00"])
@pytest.mark.parametrize("ids", [(), (("imdb", "tt0113277"),)])
def test_a_plain_row_is_what_the_long_way_makes_of_it(sort: Sort, rating: str, when: str, ids: Ids) -> None:
    """What a line tells by itself, and what is handed over word for word, come to the same."""

    def row(line: Line, **told: Any) -> Row:
        return line.row(sort=sort, title=line["title"], year=1995, ids=ids, word="Ding", **told)

    def long(line: Line) -> Row:
        return row(line, rating=line.cells[2], dates=line.cells[:2])

    source = Source("f.csv", {"f.csv": f"rated,seen,rating,title\n{when},2024-06-01,{rating},Heat\n".encode})
    said = []
    for read in (row, long):
        form = Form(why="", needs=("title", "rating"), row=read, dates=DATES)
        said.append(list(read_table(source, "f.csv", Fit(form, table_headers(source, "f.csv")[0]), "site")))
    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("text", "title", "year"),
    [
        ("Heat (1995)", "Heat", 1995),
        ("Heat (1995) ", "Heat", 1995),
        ("Heat(1995)", "Heat", 1995),
        ("2001: A Space Odyssey (1968)", "2001: A Space Odyssey", 1968),
        ("City of God (Cidade de Deus) (2002)", "City of God (Cidade de Deus)", 2002),
        ("Dark (2017–2020)", "Dark", 2017),
        ("Dark (2017-)", "Dark", 2017),
        ("Untold (0000)", "Untold", None),
        ("(1995)", "(1995)", None),
        ("Heat (195)", "Heat (195)", None),
        ("Heat (１９９５)", "Heat (１９９５)", None),
        ("Heat", "Heat", None),
        ("", "", None),
    ],
)
def test_a_year_behind_a_title_is_taken_off(text: str, title: str, year: int | None) -> None:
    """The last one in brackets, of four digits, if a title is left."""
    assert titled(text) == (title, year)
