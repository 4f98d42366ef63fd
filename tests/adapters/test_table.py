"""A walk over a table's rows, in the midst of which a date asks what the whole of its column allows."""

from __future__ import annotations

from datetime import date

import pytest

from adapters.protocol import Source
from adapters.reading.forms import Fit, table_headers
from adapters.reading.table import KEPT, Table, read_table
from adapters.simkl.tables import CSV
from importer.model import Item, Remark

HEAD = "SIMKL_ID,Title,Type,Year,Watchlist,WatchedDate,Rating"
MANY = 1_000
"""Rows that are read in many pieces."""


def said(dates: list[str], more: int = 0) -> tuple[list[Item], list[str]]:
    """Read a table of films with these watch dates and so many more columns: its rows, and what is told of it."""
    lines = [f"{n},Film {n},movie,1999,completed,{when},9{',' * more}" for n, when in enumerate(dates, 1)]
    text = "\n".join([HEAD + ",x" * more, *lines, ""])
    source = Source("f.csv", {"f.csv": text.encode}, today=date(2026, 11, 27))
    found = list(read_table(source, "f.csv", Fit(CSV, table_headers(source, "f.csv")[0]), "simkl"))
    return [row for row in found if isinstance(row, Item)], [row.text for row in found if isinstance(row, Remark)]


@pytest.mark.parametrize("more", [0, 3 * KEPT // MANY], ids=["kept", "cut once more"])
@pytest.mark.parametrize("before", [0, MANY // 2])
def test_a_doubt_is_settled_by_the_whole_column_and_every_row_is_read_once(before: int, more: int) -> None:
    """Wherever in the table the doubt arises, and whether what lies ahead is kept or is too much for that."""
    dates = ["2024-05-01"] * before + ["5/6/2020"] * (MANY - before - 1) + ["13/6/2020"]
    rows, told = said(dates, more)
    assert [row.line for row in rows] == list(range(2, MANY + 2))
    assert [row.key for row in rows] == [f"simkl:movie:{n}" for n in range(1, MANY + 1)]
    assert told == ["dates such as 13/6/2020 are read as day/month/year: no other order fits all of them"]
    assert {row.date for row in rows[before:-1]} == {said(["2020-06-05"])[0][0].date}


@pytest.mark.parametrize("passed", ["2024-05-01", ""])
def test_rows_that_have_been_read_have_a_say_too(passed: str) -> None:
    """A number is a spreadsheet's day only where its column holds nothing else, also far above it."""
    rows, _ = said([passed] * (MANY - 1) + ["45000"])
    known = rows[-1].date is not None
    assert known is (passed == "")


def test_a_table_can_be_walked_again() -> None:
    """From its first line, also where the first walk has looked ahead, and while it goes on."""
    text = "\n".join([HEAD, *(f"{n},Film {n},movie,1999,completed,,9" for n in range(MANY))])
    source = Source("f.csv", {"f.csv": text.encode})
    table = Table(source, "f.csv", Fit(CSV, table_headers(source, "f.csv")[0]), "simkl")
    first = table.batches()
    begun = next(first)
    assert table.texts("simkl_id") == {str(n) for n in range(MANY)}
    lines = [line for line, _, _ in table.batches()]
    assert [line for line, _, _ in (begun, *first)] == lines
    assert len(lines) > 1
