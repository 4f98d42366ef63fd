"""The rejects file: what is in it, on one scale, as exact as it is known, and rightly opened by a spreadsheet."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.model import Kind, Note, Origin, Outcome, Precision, Reason
from importer.report.rejects import write_rejects

HEADER = (
    "reason,source,file,line,key,type,title,year,rating,rated_at,"
    "simkl,imdb,tmdb,tvdb,mal,anidb,anilist,kitsu,letterboxd,source_rating"
)
NOT_FOUND = {"outcome": Outcome.NOT_FOUND}


def written(records):
    stream = io.BytesIO()
    write_rejects(records, stream)
    return stream.getvalue()


def rows(records):
    """The rows by column, as a spreadsheet's reader sees them."""
    return list(csv.DictReader(io.StringIO(written(records).decode("utf-8-sig"), newline=""), strict=True))


def test_it_is_a_file_that_spreadsheets_open_rightly(record):
    """UTF-8 with a byte order mark, commas, lines that end in CRLF, and the header of the contract."""
    data = written([record(**NOT_FOUND, title="Amélie")])
    assert data.startswith(b"\xef\xbb\xbf" + HEADER.encode() + b"\r\n")
    assert data.count(b"\r\n") == data.count(b"\n") == 2
    assert "Amélie".encode() in data


def test_a_row_in_full(record):
    """Every column where the contract has it."""
    one = record(outcome=Outcome.FAILED, kind=Kind.SHOW, ids=(("simkl", "1"), ("letterboxd", "heat")))
    assert written([one]).decode("utf-8-sig").splitlines()[1] == (
        "failed,letterboxd,ratings.csv,2,letterboxd:https://boxd.it/1,show,Heat,1995,9,2021-03-04T12:00:05Z,"
        "1,,,,,,,,heat,4.5"
    )


def test_it_holds_what_needs_a_person_and_why(mixed):
    """Rejected, not found, failed, unconfirmed, and what landed on another title."""
    reasons = [row["reason"] for row in rows(mixed)]
    assert reasons[411:] == ["out_of_range", "no_year", "not_found", "unconfirmed", "failed", "other_title"]
    assert len(reasons) == 417


def test_other_title_is_the_reason_whatever_the_outcome(record):
    """A kept row that landed elsewhere says so."""
    (row,) = rows([record(outcome=Outcome.KEPT, reason=Reason.CONFLICT, note=Note.OTHER_TITLE)])
    assert row["reason"] == "other_title"


@pytest.mark.parametrize(
    ("text", "rating", "cell"),
    [
        ("4.5", 9, "9"),
        ("5.5", None, ""),
        ("5.5", 11, ""),
        ("abc", None, ""),
        ("7", None, ""),
        ("0", 0, ""),
        ("", None, ""),
    ],
)
def test_one_scale_stands_in_rating_and_the_exported_text_beside_it(record, text, rating, cell):
    """Seven stars of five must not come back as 7 of 10."""
    (row,) = rows(
        [record(outcome=Outcome.REJECTED, reason=Reason.OUT_OF_RANGE, source_rating=text, rating=rating, matched=None)]
    )
    assert (row["rating"], row["source_rating"]) == (cell, text)


@pytest.mark.parametrize(
    ("changes", "cell"),
    [
        ({"precision": Precision.SECOND}, "2021-03-04T12:00:05Z"),
        ({"precision": Precision.DAY}, "2021-03-04"),
        ({"precision": None}, "2021-03-04T12:00:05Z"),
        ({"precision": Precision.DAY, "date_from": Origin.WATCHED}, "2021-03-04"),
        ({"date_from": Origin.RUN}, ""),
        ({"rated_at": None, "date_from": None}, ""),
        ({"rated_at": None, "date_from": None, "said_date": "30/30/2022"}, "30/30/2022"),
    ],
)
def test_a_date_is_as_exact_as_it_is_known(record, changes, cell):
    """A day is no second, the start of a run no rating date, and what nobody can read stands there word for word."""
    (row,) = rows([record(**NOT_FOUND, **changes)])
    assert row["rated_at"] == cell


def test_an_unknown_type_stands_there_word_for_word(record):
    """So that the row, unmended, is refused again for the same reason."""
    one = record(outcome=Outcome.REJECTED, reason=Reason.UNKNOWN_KIND, kind=None, said_kind="filmm")
    assert rows([one])[0]["type"] == "filmm"
    assert rows([record(**NOT_FOUND)])[0]["type"] == "movie"


def test_a_malformed_row_gives_its_text_in_title_alone(record):
    """Its cells are shifted: none of them may come back as a year, a rating or an id."""
    (row,) = rows([record(outcome=Outcome.REJECTED, reason=Reason.MALFORMED_ROW, title="Heat,1995,tt0113277")])
    assert {name for name, cell in row.items() if cell} == {"reason", "source", "file", "line", "key", "title"}
    assert row["title"] == "Heat,1995,tt0113277"


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_text_runs_as_a_formula(record, text):
    """In every column that an export fills."""
    one = record(
        **NOT_FOUND,
        title=text,
        file=text,
        key=text,
        source=text,
        source_rating=text,
        said_date=text,
        said_kind=text,
        ids=(("mal", text),),
    )
    (row,) = rows([one])
    names = ("source", "file", "key", "type", "title", "rated_at", "mal", "source_rating")
    assert {name: row[name] for name in names} == dict.fromkeys(names, f"'{text}")


@settings(deadline=None)
@given(st.text() | st.sampled_from(['"', "a\rb", "a\nb", "\x00", "\ud800", ",;\t", "'"]))
def test_every_text_comes_back_as_it_was(record, text):
    """No lost line break; an apostrophe goes before what would run, and nothing else is changed."""
    (row,) = rows([record(**NOT_FOUND, title=text, key=text)])
    said = text.encode("utf-8", "replace").decode()
    disarmed = f"'{said}" if said.startswith(("=", "+", "-", "@", "\t", "\r")) else said
    assert (row["title"], row["key"]) == (disarmed, disarmed)
