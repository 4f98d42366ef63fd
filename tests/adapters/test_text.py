"""Bytes to text: the order in which encodings are tried, and what is said about a guess."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.reading.text import decode, peek, shown
from importer.errors import ExportError

TITLE = "Amélie – 8½"
TABLE = f"Date,Name\r\n2024-01-01,{TITLE}\r\n"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
    ],
)
def test_unicode_is_told_without_a_remark(mark: bytes, encoding: str) -> None:
    """A byte order mark, valid UTF-8 and the NUL pattern of UTF-16 leave no doubt."""
    data = mark + TABLE.encode(encoding)
    decoded = decode(data, None, "f.csv")
    assert (decoded.text, decoded.encoding, decoded.remark) == (TABLE, encoding, "")
    assert peek(data, None) == TABLE


def test_windows_1252_is_read_and_said() -> None:
    """What is no UTF-8 at all is Windows-1252, and a person is told that this is a guess."""
    decoded = decode(TABLE.encode("cp1252"), None, "f.csv")
    assert (decoded.text, decoded.encoding) == (TABLE, "cp1252")
    assert "Windows-1252" in decoded.remark


def test_one_bad_byte_does_not_turn_utf8_into_mojibake() -> None:
    """A file full of good UTF-8 with one broken byte stays UTF-8, with that byte replaced."""
    decoded = decode(TABLE.encode() + b"2024-01-02,bro\xffken\r\n", None, "f.csv")
    assert decoded.text.startswith(TABLE)
    assert decoded.text.endswith("bro\ufffdken\r\n")
    assert decoded.remark


def test_the_encoding_asked_for_wins() -> None:
    """Bytes that are valid UTF-8 are read as told all the same."""
    assert decode("é".encode(), "cp1252", "f.csv").text == "Ã©"
    assert decode(codecs.BOM_UTF8 + b"a", "utf-8", "f.csv").text == "a"


@pytest.mark.parametrize("name", ["nonsense", "hex", "a\0b", "zip"])
def test_an_unknown_encoding_is_one_clear_line(name: str) -> None:
    """A name that is no text encoding is refused by that name."""
    with pytest.raises(ExportError, match="no text encoding"):
        decode(b"abc", name, "f.csv")


def test_an_encoding_that_does_not_fit_is_one_clear_line() -> None:
    """Bytes that the encoding asked for cannot hold are refused, with the file's name."""
    with pytest.raises(ExportError, match=r"f\.csv: is not in the encoding ascii"):
        decode("é".encode(), "ascii", "f.csv")


@given(st.binary(max_size=300))
def test_every_file_has_a_text(data: bytes) -> None:
    """Without an encoding asked for no bytes raise, in whole or at the head."""
    assert isinstance(decode(data, None, "f").text, str)
    assert isinstance(peek(data, None), str)


@given(st.text())
def test_a_name_is_shown_on_one_line(name: str) -> None:
    """Control characters and lone surrogates in a file's name never reach a terminal."""
    assert shown(name).isprintable()
    shown(name).encode("utf-8")
