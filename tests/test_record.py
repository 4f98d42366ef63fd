"""What a row says and what became of it, all the way: onto the record, into the resume file, into the reports."""

from __future__ import annotations

import dataclasses
import io
import json
from pathlib import Path
from typing import Any

import pytest

from adapters import ADAPTERS
from importer.errors import ImporterError
from importer.exports import open_exports
from importer.journal.file import memory_journal
from importer.journal.rows import read_rows, write_rows
from importer.model import AccountRating, Date, Item, Kind, Note, Origin, Outcome, Precision, Reason, Remark
from importer.record import Match, Record, row_record
from importer.report.rows import CSV_COLUMNS, write_jsonl

SAMPLES = Path(__file__).parents[1] / "samples"

VALUES: dict[str, Any] = {
    "str": "a text",
    "int": 7,
    "int | None": 8,
    "str | None": "another",
    "bool": True,
    "Ids": (("imdb", "tt1"),),
    "Kind | None": Kind.ANIME,
    "Date | None": Date(5, Precision.DAY, Origin.ENTRY),
    "Origin | None": Origin.WATCHED,
    "Precision | None": Precision.DAY,
    "Outcome | TakenBack": Outcome.KEPT,
    "Reason | None": Reason.CONFLICT,
    "Note | None": Note.SHARED_TITLE,
    "Match | None": Match("Heat", 1995, 53_036),
    "int | Decimal | None": 9,
}
"""A value for a field of each type, other than what it holds by default."""

KEPT_BACK = {"precision", "said_date", "said_kind", "fresh"}
"""What a report does not show: how exactly a date is known, words for the rejects file, and whether it was told before.
"""


def filled(shape: type[Any]) -> Any:
    """A value of a class of ours in which every field says something."""
    return shape(**{one.name: VALUES[str(one.type)] for one in dataclasses.fields(shape)})


def test_all_that_a_row_says_is_told() -> None:
    """Each field goes onto the record by its own name; a date goes as its moment, where it is from, and how exact."""
    item = filled(Item)
    theirs = AccountRating(53_036, Kind.MOVIE, "Heat", 1995, (), 3, 4)
    record = row_record("mal", item, Outcome.KEPT, rating=9, date=item.date, theirs=theirs, names_theirs=True)
    for name in {one.name for one in dataclasses.fields(Item)} - {"date"}:
        assert getattr(record, name) == getattr(item, name), name
    assert (record.rated_at, record.date_from, record.precision) == (5, Origin.ENTRY, Precision.DAY)
    assert (record.prior_rating, record.prior_rated_at, record.matched) == (3, 4, Match("Heat", 1995, 53_036))


def test_a_record_comes_back_from_the_resume_file_as_it_was() -> None:
    """Every field of it, and one that has nothing to tell too."""
    full = filled(Record)
    bare = Record(**{one.name: getattr(full, one.name) for one in dataclasses.fields(Record) if _is_asked_for(one)})
    journal = memory_journal("51@sandbox", Path("resume.sqlite"))
    with journal.transaction():
        write_rows(journal, 1, enumerate([full, bare]))
    assert list(read_rows(journal, 1)) == [full, bare]
    journal.close()


def _is_asked_for(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING


def test_a_report_for_machines_shows_all_that_is_told() -> None:
    """As a field of jsonl, and as a column of csv; an id and the match have columns of their own."""
    stream = io.BytesIO()
    write_jsonl([filled(Record)], stream)
    shown = json.loads(stream.getvalue())
    assert set(shown) == {one.name for one in dataclasses.fields(Record)} - KEPT_BACK
    assert set(shown) - {"ids", "matched"} <= set(CSV_COLUMNS)
    assert all(value is not None for value in shown.values())


@pytest.fixture(scope="module")
def said() -> list[Item]:
    """Every row of every sample that can be read."""
    rows: list[Item] = []
    for path in SAMPLES.glob("*/*"):
        try:
            [(export, _)] = open_exports([path], ADAPTERS, None)
            found = [row for row in export.read() if not isinstance(row, Remark)]
        except ImporterError:
            continue
        rows.extend(row if isinstance(row, Item) else row.item for row in found)
    return rows


@pytest.mark.parametrize("field", [one.name for one in dataclasses.fields(Item)])
def test_some_sample_says_something_in_every_field_of_a_row(said: list[Item], field: str) -> None:
    """A field that no adapter fills is none."""
    assert len({repr(getattr(item, field)) for item in said}) > 1
