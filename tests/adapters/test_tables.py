"""Strict CSV: columns by name, lines counted, one bad row never costs the next."""

from __future__ import annotations

import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.reading.header import header
from adapters.reading.tables import MAX_FIELD, MAX_LINE, MAX_LINES, TableRow, rows
from importer.errors import ExportError


def read(text: str, single: tuple[int, ...] = (0, 1)) -> list[TableRow]:
    """Read a table of the columns a and b."""
    head = header(text, ("a", "b"))
    assert head is not None
    return list(rows(text, head, single, "f.csv"))


def plain(text: str) -> list[tuple[int, list[str], bool]]:
    """Read a table, and tell of each row only whether it is malformed."""
    return [(line, fields, bool(mark)) for line, fields, mark in read(text)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter: str, end: str) -> None:
    """Comma, semicolon and tab, with each of the three line ends and none at the end of the file."""
    text = end.join(delimiter.join(row) for row in (("A", " B "), ("1", "2"), ("3", "4")))
    assert plain(text) == [(2, ["1", "2"], False), (3, ["3", "4"], False)]


def test_columns_are_found_by_name() -> None:
    """Other columns, other cases and another order do not matter."""
    head = header("x,B,unnamed: 0,a\n", ("a", "b"))
    assert head is not None
    assert [head.column("a", "f"), head.column("b", "f"), head.optional("c", "f")] == [3, 1, None]
    with pytest.raises(ExportError, match="no column 'c'; its columns are x, b"):
        head.column("c", "f.csv")


def test_a_wanted_column_twice_is_refused() -> None:
    """Which of two columns is meant cannot be known: the headers seen are listed."""
    head = header("a,b,A\n", ("a", "b"))
    assert head is not None
    with pytest.raises(ExportError, match=r"f\.csv: has the column 'a' twice; its columns are a, b, a"):
        head.column("a", "f.csv")


@pytest.mark.parametrize("text", ["", "\n\n", "1,2\n3,4\n", "a\n1,2\n", '"a,b\n1,2\n'])
def test_without_its_header_a_text_is_no_table(text: str) -> None:
    """A file that does not begin with the columns is somebody else's."""
    assert header(text, ("a", "b")) is None


def test_blank_lines_are_no_rows_and_count_as_lines() -> None:
    """Lines are physical: a person finds the row in an editor."""
    assert plain("\nsep=,\na,b\n\n1,2\n   \n\n3,4") == [(5, ["1", "2"], False), (8, ["3", "4"], False)]


def test_a_line_break_in_quotes_is_part_of_its_field() -> None:
    """Reviews hold line breaks; the rows after them keep their own line numbers."""
    text = 'a,b,review\n1,2,"one\n\ntwo, ""three"""\n4,5,x\n'
    assert read(text, (0, 1)) == [(2, ["1", "2", 'one\n\ntwo, "three"'], ""), (5, ["4", "5", "x"], "")]


def test_an_unclosed_quote_costs_its_own_row_alone() -> None:
    """Everything after an open quote is read all the same, to the last row."""
    text = 'a,b\n1,2\n3,"4\n5,6\n7,8\n9,"0"\n'
    assert plain(text) == [
        (2, ["1", "2"], False),
        (3, ['3,"4'], True),
        (4, ["5", "6"], False),
        (5, ["7", "8"], False),
        (6, ["9", "0"], False),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("cell", "title"),
    [
        ('"The "Great" Escape"', 'The "Great" Escape'),
        ('""Crocodile" Dundee"', '"Crocodile" Dundee'),
        ('"Him & "Her""', 'Him & "Her"'),
        ('"The ""Burbs"" "again""', 'The "Burbs" "again"'),
    ],
)
def test_quotes_that_nobody_doubled_belong_to_their_cell(delimiter: str, cell: str, title: str) -> None:
    """A writer that only puts quotes around a title writes such rows; the ones around them are read as ever."""
    text = f"a,b,c\n1,2,3\n{cell},1963,\n4,5,6\n".replace(",", delimiter)
    assert plain(text) == [
        (2, ["1", "2", "3"], False),
        (3, [title, "1963", ""], False),
        (4, ["4", "5", "6"], False),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("a, b, c", '1, "2, 3", 4'),
        ('a, "b", "c"', '1, "2, 3", "4"'),
        ("a,b,c", '1,"2, 3",  "4"'),
        ("a,b,c", '1, "2, 3" ,4'),
        ("a,b,c", '1, "2, 3",4'),
        ("a,b,c", '1,"2, 3" ,4,,'),
    ],
)
def test_blanks_before_quotes_do_not_unmake_a_cell(delimiter: str, head: str, line: str) -> None:
    """Programs that write a blank behind each comma write it before quotes, too."""
    text = f"{head}\n{line}\n7,8,9\n".replace(",", delimiter)
    told = [(number, [cell.strip() for cell in cells], bad) for number, cells, bad in plain(text)]
    assert told == [(2, ["1", f"2{delimiter} 3", "4"], False), (3, ["7", "8", "9"], False)]


def test_what_the_header_shows_holds_for_the_last_row() -> None:
    """Quotes may come long after the part of a file that is looked at first."""
    *_, (_, cells, bad) = plain("a, b\n" + "1, 2\n" * 20_000 + '1, "2"\n')
    assert (cells, bad) == (["1", "2"], False)


@pytest.mark.parametrize("line", ['1,"2""3",8', '1,5 "6,8', '1, 5 "6",8'])
def test_quotes_within_a_cell_are_its_text(line: str) -> None:
    """A table with blanks behind its delimiters is read like any other where no quotes follow them."""
    [(_, spaced, bad)] = plain(f"a, b, c\n{line}\n")
    assert ([[cell.strip() for cell in spaced]], bad) == (
        [[cell.strip() for cell in cells] for _, cells, _ in plain(f"a,b,c\n{line}\n")],
        False,
    )


@pytest.mark.parametrize(
    "line", ['"A "B" C,1963,', 'A "B" C",1,2,3', '"A "B"",1', '"A "B"",1,2,3', '"A "B" \0",1,2', '"A" "B,1,2']
)
def test_loose_quotes_that_do_not_make_all_columns_are_malformed(line: str) -> None:
    """Nothing is guessed: the quotes have to leave one reading, with a cell for each column."""
    assert [(number, bad) for number, _, bad in plain(f"a,b,c\n{line}\n4,5,6\n")] == [(2, True), (3, False)]


def test_two_open_quotes_do_not_swallow_what_is_between() -> None:
    """A field that would hold a line break where none can be is an open quote, though the widths fit."""
    assert [line for line, _, mark in read('a,b\n1,"2\n3,4\n5,6\n7",8\n9,0\n') if not mark] == [3, 4, 5, 6]


def test_the_last_row_may_hold_the_open_quote() -> None:
    """An open quote at the end of the file is one malformed row."""
    assert plain('a,b\n1,2\n3,"4') == [(2, ["1", "2"], False), (3, ['3,"4'], True)]


def test_ragged_rows_are_malformed() -> None:
    """Too short and too long rows are told with their text, of which no cell can be trusted."""
    assert plain("a,b\n1\n1,2,3\n4,5\n") == [(2, ["1"], True), (3, ["1,2,3"], True), (4, ["4", "5"], False)]


def test_cells_that_nobody_reads_may_be_missing_at_the_end() -> None:
    """Excel leaves out the delimiters behind the last cell of a row; a cell that is read has to be there."""
    text = 'a,b,c,d\n1,2,3,4\n5,6\n7,8,9\n"x\ny",2\n1\n\n'
    assert [(line, fields, bool(mark)) for line, fields, mark in read(text, (1,))] == [
        (2, ["1", "2", "3", "4"], False),
        (3, ["5", "6", "", ""], False),
        (4, ["7", "8", "9", ""], False),
        (5, ["x\ny", "2", "", ""], False),
        (7, ["1"], True),
    ]


def test_the_rest_of_a_broken_row_is_no_row() -> None:
    """A line break within a title makes two lines of one row: the second may have enough cells and means nothing."""
    text = 'a,b,c,d\n1,"x\ny",3\n5,6\n7,8,9,0\n5,6\n'
    found = [(fields, bool(mark)) for _, fields, mark in read(text, (0, 1))]
    assert found == [
        (['1,"x'], True),
        (['y",3'], True),
        (["5,6"], True),
        (["7", "8", "9", "0"], False),
        (["5", "6", "", ""], False),
    ]


@pytest.mark.parametrize("text", ["a,b\n1,2,,\n,\n3,4\n,,,\n", "a,b,,\n1,2\n,,,\n3,4,,\n", "a,b,\n1,2, \n,,\n3,4,\n"])
def test_surplus_empty_cells_are_no_fault(text: str) -> None:
    """Spreadsheets leave them behind rows and headers, and make rows of nothing else out of blank lines."""
    assert [fields for _, fields, mark in read(text) if not mark] == [["1", "2"], ["3", "4"]]
    assert len(read(text)) == 2


def test_a_nul_byte_makes_its_row_malformed() -> None:
    """The rows around it are read."""
    assert plain("a,b\n1,2\n3,\0\n5,6\n") == [(2, ["1", "2"], False), (3, ["3,"], True), (4, ["5", "6"], False)]


@pytest.mark.parametrize("length", [MAX_FIELD + 1, 2 * MAX_LINE, 10_000_000])
def test_a_field_over_the_limit_costs_its_own_row_alone(length: int) -> None:
    """Also one that is longer than any line may be."""
    found = plain(f"a,b\n1,2\n3,{'x' * length}\n5,6\n")
    assert [(line, bad) for line, _, bad in found] == [(2, False), (3, True), (4, False)]


def test_a_field_at_the_limit_is_read() -> None:
    """The limit itself is no error."""
    assert plain(f"a,b\n1,{'x' * MAX_FIELD}\n")[0][2] is False


def test_marks_are_stable_and_unique() -> None:
    """A malformed row is named by its text, and the same text again by its count."""
    first = [mark for _, _, mark in read("a,b\nx\nx\ny\n")]
    again = [mark for _, _, mark in read("a,b\n1,2\ny\nx\nx\n") if mark]
    assert len(set(first)) == 3
    assert sorted(first) == sorted(again)


def test_too_many_lines_are_refused() -> None:
    """The limit is stated and the file is refused before anything is read."""
    with pytest.raises(ExportError, match=r"f\.csv: has more than 300,000 lines"):
        read("a,b\n" + "1,2\n" * MAX_LINES)


@pytest.mark.parametrize("line", ['"x', '1,"2', '"""', 'a,"b""'])
def test_a_file_of_open_quotes_costs_linear_time(line: str) -> None:
    """However often reading has to start again, it ends within seconds and tells every line."""
    before = time.process_time()
    found = read("a,b\n" + f"{line}\n" * 20_000)
    assert {start for start, _, _ in found} <= set(range(2, 20_002))
    assert time.process_time() - before < 2


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=20))
def test_what_csv_writes_is_read_back(table: list[tuple[str, str]]) -> None:
    """Every row of a sound file comes back as it was, NUL bytes, line breaks in wanted fields and blank rows apart."""
    clean = [tuple(field.translate({0: None, 10: None, 13: None}) for field in row) for row in table]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerows([("a", "b"), *clean])
    assert [(tuple(fields), mark) for _, fields, mark in read(text.getvalue())] == [
        (row, "") for row in clean if any(map(str.strip, row))
    ]


@given(
    st.lists(
        st.sampled_from(["1,2", '3,"4"', '5,"6', '7",8', '"9', "10", '""', "a,b,c", '1,"2""', "\0,1"]), max_size=14
    )
)
def test_no_line_is_lost_silently(lines: list[str]) -> None:
    """Whatever is broken: a line without a quote is always a row of its own, and no row is told twice."""
    starts = [line for line, _, _ in read("\n".join(["a,b", *lines]))]
    assert starts == sorted(set(starts))
    assert {number for number, line in enumerate(lines, 2) if '"' not in line} <= set(starts)


def test_every_row_keeps_its_line_however_much_of_a_file_is_sound() -> None:
    """Sound lines are read many at once; a broken, a long or a blank one among them shifts no other."""
    odd = {700: "1", 9_000: "", 9_001: ",", 15_000: '3,"4', 21_000: "1,2,3", 21_001: '"a",b,,', 29_999: '"x'}
    broken = {700, 15_000, 21_000, 29_999}
    body = [odd.get(line, f"{line},{'é' if line % 3 else line}") for line in range(2, 30_000)]
    found = plain("\n".join(["a,b", *body]))
    assert [line for line, _, mark in found if mark] == sorted(broken)
    assert [line for line, _, _ in found] == [line for line in range(2, 30_000) if line not in (9_000, 9_001)]
    assert all(fields[0] == str(line) for line, fields, _ in found if line not in odd)


def test_rows_of_several_lines_between_sound_ones_keep_their_lines() -> None:
    """A field with line breaks is one row, wherever a piece of the file ends."""
    text, lines, line = ["a,b,review"], [], 2
    for number in range(6_000):
        lines.append(line)
        text.append(f'{number},2,"one\n\ntwo"' if number % 50 == 7 else f"{number},2,x")
        line += 3 if number % 50 == 7 else 1
    found = read("\n".join(text), (0, 1))
    assert [at for at, _, _ in found] == lines
    assert [fields[0] for _, fields, _ in found] == [str(number) for number in range(6_000)]
