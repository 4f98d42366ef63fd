"""Tables made to hurt, and files at random: rows of some outcome or one clear line, within the memory stated."""

from __future__ import annotations

import gzip
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters import detect
from adapters.reading.files import open_source
from importer.errors import ExportError
from importer.model import Item, Rejected, Remark, Row

SAMPLES = Path(__file__).resolve().parent.parent.parent / "samples"
HEAD = b"Date,Name,Year,Letterboxd URI,Rating\r\n"
ROW = b"2025-08-08,Heat,1995,https://boxd.it/aBcD,4\r\n"
BYTES = 400 * 1024 * 1024


def read_all(path: Path) -> list[Row | Remark]:
    """Do all that `check` does with a file before it judges."""
    source = open_source(path)
    adapter, claim = detect(source)
    return list(adapter.read(source, claim))


def refused(path: Path, words: str) -> None:
    """Expect one clear line."""
    with pytest.raises(ExportError, match=words) as caught:
        read_all(path)
    assert caught.value.message.isprintable()


def attempt(path: Path) -> list[Row | Remark]:
    """Read what can be read; a refusal has to be one clear line."""
    try:
        return read_all(path)
    except ExportError as refusal:
        line = refusal.message
    assert line.isprintable()
    return []


@pytest.mark.parametrize(
    "bad",
    [b'2025-08-08,"Heat,1995,x,4', b"2025-08-08,He\0at,1995,x,4", b"x" * 10_000_000, b"a,b", b"1,2,3,4,5,6"],
    ids=["open quote", "NUL", "10 MB field", "short", "long"],
)
def test_one_broken_row_costs_itself_alone(tmp_path: Path, bad: bytes) -> None:
    """The rows before and after it are read, and it is told with its line."""
    (tmp_path / "f.csv").write_bytes(HEAD + ROW * 3 + bad + b"\r\n" + ROW * 2000)
    found = read_all(tmp_path / "f.csv")
    assert len([row for row in found if isinstance(row, Item)]) == 2003
    assert [row.item.line for row in found if isinstance(row, Rejected)] == [5]


def test_a_table_without_header_or_with_two_is_refused(tmp_path: Path) -> None:
    """Which column is which is never guessed."""
    (tmp_path / "f.csv").write_bytes(ROW * 3)
    refused(tmp_path / "f.csv", "no known export")
    (tmp_path / "f.csv").write_bytes(HEAD.replace(b"Name", b"Name,Rating") + ROW)
    refused(tmp_path / "f.csv", "has the column 'rating' twice")


def test_sixty_megabytes_of_rows_stay_within_the_memory(tmp_path: Path) -> None:
    """A file within its size that holds too many lines is refused before its rows are held."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ratings.csv", HEAD + b"1,2,3,4,5\n" * 6_000_000)
    tracemalloc.start()
    try:
        refused(path, "more than 300,000 lines")
        assert tracemalloc.get_traced_memory()[1] < BYTES
    finally:
        tracemalloc.stop()


def test_one_line_of_sixty_megabytes_stays_within_the_memory(tmp_path: Path) -> None:
    """A line over the limit is never copied."""
    path = tmp_path / "ratings.csv"
    path.write_bytes(HEAD + ROW + b"x" * 60_000_000 + b"\n" + ROW)
    tracemalloc.start()
    try:
        assert [type(row) for row in read_all(path)] == [Item, Rejected, Item]
        assert tracemalloc.get_traced_memory()[1] < BYTES
    finally:
        tracemalloc.stop()


def mutations(data: bytes) -> st.SearchStrategy[bytes]:
    """Flip, cut, double and swap pieces of a file."""
    places = st.integers(0, len(data))
    return st.one_of(
        st.builds(lambda at, byte: data[:at] + bytes([byte]) + data[at + 1 :], places, st.integers(0, 255)),
        st.builds(lambda at: data[:at], places),
        st.builds(lambda a, b: data[: max(a, b)] + data[min(a, b) :], places, places),
        st.builds(lambda at, junk: data[:at] + junk + data[at:], places, st.binary(max_size=40)),
    )


@pytest.mark.parametrize(
    "name", ["letterboxd/ratings.csv", "letterboxd/letterboxd-sample-2026-03-01-20-15-utc.zip", "generic/ratings.csv"]
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_mutated_sample_is_read_or_refused(tmp_path: Path, name: str, data: st.DataObject) -> None:
    """Bytes flipped, cut, doubled or put in: rows of some outcome, or an ExportError with one clear line."""
    path = tmp_path / "export"
    path.write_bytes(data.draw(mutations((SAMPLES / name).read_bytes())))
    for row in attempt(path):
        line = row.line if isinstance(row, Item | Remark) else row.item.line
        assert line >= (0 if isinstance(row, Remark) else 2)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    start=st.sampled_from(
        [b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"<myanimelist>", b'[{"rated_at":', HEAD, b"type,title,year,rating\n"]
    ),
    data=st.binary(max_size=400),
    packed=st.sampled_from([bytes, gzip.compress, zlib.compress]),
)
def test_no_bytes_raise_anything_else(
    tmp_path: Path, start: bytes, data: bytes, packed: Callable[[bytes], bytes]
) -> None:
    """Whatever a file holds, every adapter either reads it or refuses it."""
    path = tmp_path / "export"
    path.write_bytes(packed(start + data))
    attempt(path)
