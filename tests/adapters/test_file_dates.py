"""The dates of one file: what its cells allow together, and what is told of those that cannot be read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from adapters import detect
from adapters.protocol import Choices, Source
from adapters.reading.dates import DateOrder, NoDate, meaning
from importer.errors import ExportError
from importer.model import Date, Item, Origin, Precision, Reason, Rejected, Remark, Row, Skipped

TODAY = date(2026, 11, 27)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RATED = "type,title,year,rating,rated_at\n"
IMPORT = "Title,Year,tmdbID,Rating10,WatchedDate\n"


def read(text: str, order: DateOrder | None = None, recorded: Date | None = None) -> list[Row | Remark]:
    """Read a table, with a word on the order of its dates and with a date on record for every key."""
    choices = Choices(date_order=order)
    source = Source("f.csv", {"f.csv": text.encode}, choices, today=TODAY, recorded=lambda _: recorded)
    adapter, claim = detect(source)
    return list(adapter.read(source, claim))


def films(*cells: str, order: DateOrder | None = None) -> list[str]:
    """Read a film for each date cell: its day, or why there is none."""
    lines = "".join(f'movie,Film {n},2000,5,"{cell}"\n' for n, cell in enumerate(cells))
    return [word(row) for row in read(RATED + lines, order) if not isinstance(row, Remark)]


def word(row: Row) -> str:
    """Write a row's date, or its fault."""
    if isinstance(row, Rejected):
        assert row.reason is Reason.UNREADABLE_DATE
        return f"cannot read {row.text}"
    assert isinstance(row, Item)
    return written(row.date)


def written(found: Date | None) -> str:
    """Write a date at its precision."""
    if found is None:
        return "none"
    moment = EPOCH + timedelta(seconds=found.value)
    return f"{moment:%Y-%m-%d}" if found.precision is Precision.DAY else f"{moment:%Y-%m-%dT%H:%M:%S}"


def remarks(rows: list[Row | Remark]) -> list[str]:
    """Keep what is told of the file."""
    return [row.text for row in rows if isinstance(row, Remark)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022-06-30", "2022-06-30"),
        ("2022-6-3", "2022-06-03"),
        ("2022/06/30", "2022-06-30"),
        ("2022.6.3", "2022-06-03"),
        ("30.06.2022", "2022-06-30"),
        ("3.6.2022", "2022-06-03"),
        ("30.06.2022 18:28", "2022-06-30T18:28:00"),
        ("2020-06-02T18:28Z", "2020-06-02T18:28:00"),
        ("2020-01-02 18:30", "2020-01-02T18:30:00"),
        ("2020-01-02 18:30:59 UTC", "2020-01-02T18:30:59"),
        ("2020-01-02T18:30:59.123+02:00", "2020-01-02T16:30:59"),
        ("2020-01-02T18:30-08", "2020-01-03T02:30:00"),
        ("2020/1/2 6:30:00 PM", "2020-01-02T18:30:00"),
        ("2020-01-02 12:05 am", "2020-01-02T00:05:00"),
        ("2020-01-02 00:00:00", "2020-01-02"),
        ("02.01.2020 0:00", "2020-01-02"),
        ("Jan 16 2013, 21:54", "2013-01-16T21:54:00"),
        ("January 16, 2013", "2013-01-16"),
        ("16 Jan 2013", "2013-01-16"),
        ("Sat Mar  4 00:00:00 2017", "2017-03-04"),
        ("Sat, 04 Mar 2017 10:00:00 +0000", "2017-03-04T10:00:00"),
        ("", "none"),
        (" ", "none"),
        ("0000-00-00", "none"),
        ("00/00/0000", "none"),
        ("0", "none"),
        ("-", "none"),
        ("N/A", "none"),
        ("NULL", "none"),
        ("none", "none"),
        ("Unknown", "none"),
        ("0001-01-01", "none"),
        ("1970-01-01", "none"),
        ("1970-01-01T00:00:01Z", "none"),
    ],
)
def test_a_cell_that_leaves_no_question_is_read_alone(text: str, expected: str) -> None:
    """ISO with any mark and without padding, days with dots, times of all kinds, English months, words for none."""
    assert films(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "2022-13-01",
        "2022-02-30",
        "31/02/2022",
        "2018-00-00",
        "2018-05",
        "2018",
        "20220630",
        "1656547200",
        "2022-06-30T25:00",
        "2022-06-30T10:61",
        "2022-06-30 13:00 PM",
        "16 Mai 2013",
        "2022-06/30",
        "30.06.2022.",
        "43831",
    ],
)
def test_a_cell_that_cannot_be_read_is_never_taken_for_empty(text: str) -> None:
    """The row says so with the text, word for word; the rows around it are read."""
    assert films("2022-06-30", text, "") == ["2022-06-30", f"cannot read {text}", "none"]


def test_one_order_that_fits_all_cells_is_it() -> None:
    """Said in a remark, with a cell that leaves no choice."""
    assert films("6/30/2022", "5/6/2022") == ["2022-06-30", "2022-05-06"]
    assert films("30/6/2022", "05-06-2022 10:00") == ["2022-06-30", "2022-06-05T10:00:00"]
    said = remarks(read(RATED + "movie,A,2000,5,5/6/2022\nmovie,B,2000,5,30/6/2022\n"))
    assert said == ["dates such as 30/6/2022 are read as day/month/year: no other order fits all of them"]


def test_the_columns_of_a_file_vote_together() -> None:
    """A watch date in the same file may settle what the rating dates leave open; unrated rows vote, too."""
    text = "imdb_id,type,rating,rated_at,watched_at\ntt0113277,movie,9,1/2/2022,\ntt0113278,movie,,,3/14/2022\n"
    row, *_ = read(text)
    assert isinstance(row, Item)
    assert written(row.date) == "2022-01-02"


def test_two_orders_refuse_the_file_until_the_person_says() -> None:
    """The message names a cell and its line, the hint what to say; saying it is told in a remark."""
    text = RATED + "movie,A,2000,5,2022-01-01\nmovie,B,2000,5,5/6/2022\n"
    with pytest.raises(ExportError, match=r"5/6/2022 in line 3 is month/day/year or day/month/year") as caught:
        read(text)
    assert caught.value.exit_code == 5
    assert caught.value.hint == "say which: --date-order mdy or --date-order dmy"
    for order, day in ((DateOrder.MDY, "2022-05-06"), (DateOrder.DMY, "2022-06-05")):
        assert films("2022-01-01", "5/6/2022", order=order) == ["2022-01-01", day]
        assert f"--date-order {order}" in remarks(read(text, order))[0]


def test_an_order_that_the_cells_rule_out_is_not_taken() -> None:
    """Where the file itself leaves no doubt, its dates stand against the option; where it does, the doubt stays."""
    assert films("6/30/2022", order=DateOrder.DMY) == ["2022-06-30"]
    with pytest.raises(ExportError):
        films("5/6/2022", order=DateOrder.YMD)


def test_what_no_rating_hangs_on_refuses_nothing() -> None:
    """The same day both ways, a date of an unrated row or of a season; a stand-in is left out and counted."""
    assert films("5/5/2022") == ["2022-05-05"]
    unrated, season = read(RATED + "movie,A,2000,,5/6/2022\nseason,B,2000,5,5/6/2022\n")
    assert isinstance(unrated, Skipped)
    assert isinstance(season, Skipped)
    film, told = read(IMPORT + "A,2000,603,9,5/6/2022\n")
    assert isinstance(film, Item)
    assert film.date is None
    assert isinstance(told, Remark)
    assert told.text == "1 date that would stand in cannot be read and is left out"


def test_where_no_order_fits_all_each_cell_is_unreadable_by_itself() -> None:
    """Unless the person says which it is: then what does not fit is unreadable."""
    mixed = ("6/30/2022", "30/6/2022", "2022-06-30", "5/6/2022")
    assert films(*mixed) == ["cannot read 6/30/2022", "cannot read 30/6/2022", "2022-06-30", "cannot read 5/6/2022"]
    assert films(*mixed, order=DateOrder.MDY) == ["2022-06-30", "cannot read 30/6/2022", "2022-06-30", "2022-05-06"]


def test_a_two_digit_year_is_the_latest_that_is_not_in_the_future() -> None:
    """Without a today it cannot be read; three numbers may stand in three orders."""
    assert films("6/30/22", "12/31/99") == ["2022-06-30", "1999-12-31"]
    assert films("30.06.22", "01.02.27", order=DateOrder.DMY) == ["2022-06-30", "1927-02-01"]
    assert films("97-12-31", "22-06-30", order=DateOrder.YMD) == ["1997-12-31", "2022-06-30"]
    with pytest.raises(ExportError, match="year/month/day or month/day/year or day/month/year"):
        films("05.06.07")
    assert meaning("6/30/22", None) is NoDate.UNREADABLE


def test_a_column_of_nothing_but_spreadsheet_days_is_read_as_such() -> None:
    """Empty cells do not matter; one other cell makes all of them unreadable."""
    assert films("44742", "20000", "60000.0", "", "-") == ["2022-06-30", "1954-10-03", "2064-04-08", "none", "none"]
    assert films("44742", "2022-06-30") == ["cannot read 44742", "2022-06-30"]
    assert films("19999") == ["cannot read 19999"]


def test_words_for_no_date_are_counted_in_one_line() -> None:
    """Empty cells are none of them."""
    rows = read(RATED + "movie,A,2000,5,-\nmovie,B,2000,5,n/a\nmovie,C,2000,5,\n")
    assert remarks(rows) == ["2 dates say that there is none"]


def test_a_partial_stand_in_is_none_and_a_partial_rating_date_cannot_be_read() -> None:
    """A year alone, or zeros for month or day."""
    for cell in ("2018-00-00", "2018-05-00", "2018-05", "2018"):
        film, told = read(IMPORT + f"A,2000,603,9,{cell}\n")
        assert isinstance(film, Item)
        assert (film.date, isinstance(told, Remark) and told.text) == (None, "1 date says that there is none")
        assert films(cell) == [f"cannot read {cell}"]


def test_a_row_that_is_not_sent_keeps_the_date_that_it_has() -> None:
    """A person who mends its rating or its type finds it in the rejects file."""
    *rows, _ = read(RATED + "movie,A,2000,good,2022-06-30\nsaga,B,2000,5,2022-06-30\nmovie,C,2000,,2022-06-30\n")
    items = [row if isinstance(row, Item) else row.item for row in rows if not isinstance(row, Remark)]
    assert [written(item.date) for item in items] == ["2022-06-30"] * 3


MENDED = "reason,source,file,line,key,type,title,year,rating,rated_at,source_rating\n"


def test_in_a_rejects_file_the_date_on_record_decides() -> None:
    """Which of two days is meant; a key without one still needs the person's word."""
    june = Date(int((datetime(2022, 6, 5, 12, tzinfo=UTC) - EPOCH).total_seconds()), Precision.DAY, Origin.WATCHED)
    line = MENDED + "no_year,letterboxd,r.csv,2,letterboxd:x,movie,A,2000,5,5/6/2022,2.5\n"
    (row,) = read(line, recorded=june)
    assert isinstance(row, Item)
    assert row.date == june
    with pytest.raises(ExportError, match="two ways"):
        read(line)


@pytest.mark.parametrize("cell", ["2022-06-05", "05.06.2022", "2022-06-05T12:00:00Z", "2022-06-05T01:02:03Z"])
def test_a_mended_row_keeps_the_precision_and_the_origin_on_record(cell: str) -> None:
    """A day written as noon does not come back as a second; another day is the person's word."""
    noon = int((datetime(2022, 6, 5, 12, tzinfo=UTC) - EPOCH).total_seconds())
    recorded = Date(noon, Precision.DAY, Origin.ENTRY)
    text = MENDED + f"no_year,letterboxd,r.csv,2,letterboxd:x,movie,A,2000,5,{cell},2.5\n"
    (row,) = read(text, recorded=recorded)
    assert isinstance(row, Item)
    assert row.date == recorded
    (other,) = read(text.replace(cell, "2021-01-01"), recorded=recorded)
    assert isinstance(other, Item)
    assert written(other.date) == "2021-01-01"


def test_every_format_reads_its_dates_so() -> None:
    """A list whose days lack their zeros, and one in another order."""
    for cell, day in (("2022-4-14", "2022-04-14"), ("4/14/2022", "2022-04-14"), ("44665", "2022-04-14")):
        entry = f"<anime><series_animedb_id>1</series_animedb_id><my_score>9</my_score><my_finish_date>{cell}"
        data = f"<myanimelist>{entry}</my_finish_date></anime></myanimelist>".encode()
        source = Source("a.xml", {"a.xml": lambda data=data: data})  # type: ignore[misc]
        adapter, claim = detect(source)
        row = next(iter(adapter.read(source, claim)))
        assert isinstance(row, Item)
        assert written(row.date) == day
