"""Pieces of a table that are cut into columns: they hold what csv reads of the same text, or are left to csv."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.reading.header import Header
from adapters.reading.pieces import Cells, Rows, cells_of, rows_of
from adapters.reading.tables import MAX_FIELD, batches

WIDTH = 3
HEAD = "a,b,c\n"
_CELL = st.text(st.sampled_from('ab ,;"\n\r\t\u00a0é'), max_size=5)
_ODD = st.text(st.sampled_from('a,"\n\r\0 '), max_size=60)


def everything(text: str, *, by_columns: bool) -> list[tuple[int, list[str], str]]:
    """Read a table of three columns: line, cells and mark of each row."""
    found = []
    for line, piece, mark in batches(text, Header(("a", "b", "c"), ",", 1), (0, 1), "f.csv", by_columns=by_columns):
        rows = piece.rows()
        assert list(map(piece.row, range(len(piece)))) == rows
        if not mark:
            assert list(zip(*map(piece.column, range(WIDTH)), strict=True)) == list(map(tuple, rows))
        found += [(line + index, cells, mark) for index, cells in enumerate(rows)]
    return found


@given(text=_ODD)
@example('a,b,"c,d"\n')
@example('"",b,c\nd,"",""\n')
@example('a,"b""c",d\n')
@example('a,b"c,d"\n')
@example('a,"b"c,d\n')
@example('a,b,"c"\r\n\r\nd,e,f\r\n')
@example("a\nb\nc,d,e\n")
@example("a,\nb,c\n")
@example(" , ,\n")
@example("a,b\r,c\n")
@example('a,"b\r",c\nd,e,f\n')
@example('a,"b\nc",d\n')
@example("a,b,c\r\n,,\r\nd,e,f")
def test_a_table_cut_into_columns_is_what_csv_reads(text: str) -> None:
    """Whatever a text holds: the same rows, lines and marks, by columns, by rows and one by one."""
    assert everything(HEAD + text, by_columns=True) == everything(HEAD + text, by_columns=False)


@given(
    table=st.lists(st.tuples(_CELL, _CELL, _CELL), max_size=8),
    end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_csv_writes_is_cut_as_csv_reads_it(table: list[tuple[str, str, str]], end: str, quoting: int) -> None:
    """Delimiters, quotes and line breaks within cells, and both line ends."""
    text = StringIO()
    csv.writer(text, lineterminator=end, quoting=quoting).writerows(table)
    text = HEAD + text.getvalue()
    assert everything(text, by_columns=True) == everything(text, by_columns=False)


@pytest.mark.parametrize(
    "text", ["a,b,c\nd,e,f\n", 'a,"b,c",d\r\ne,f,"g"\r\n', 'a,"",c\n', 'a,"b","c"\nd,"e","f"', ",b,c\na,,\n"]
)
def test_a_sound_text_is_cut(text: str) -> None:
    """Else nothing would be gained, and nobody would notice."""
    head = Header(("a", "b", "c"), ",", 1)
    assert isinstance(cells_of(text, head), Cells)
    assert isinstance(rows_of(text, head), Rows)


def test_a_delimiter_in_quotes_is_masked_only_for_a_quick_look() -> None:
    """What stands there is no id and no number, and has to be looked at closely."""
    piece = cells_of('a,"1,5",c\nd,2,f\n', Header(("a", "b", "c"), ",", 1))
    assert piece is not None
    assert piece.column(1) == ["1,5", "2"]
    assert piece.shapes(1)[0] not in ("1,5", "15", "1", "5")


def test_a_text_with_a_field_over_the_limit_is_not_cut() -> None:
    """The limit holds however a table is read."""
    csv.field_size_limit(MAX_FIELD)
    assert cells_of(f"a,{'b' * (MAX_FIELD + 1)},c\n", Header(("a", "b", "c"), ",", 1)) is None
