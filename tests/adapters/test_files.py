"""Paths to members: plain, gzip, zip and folder, each told by content."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from pathlib import Path

import pytest

from adapters.protocol import HEAD, Choices
from adapters.reading.archives import unpacked
from adapters.reading.files import open_source
from importer.errors import ExportError

TEXT = b"Date,Name\n" + b"2024-01-01,Heat\n" * 10_000


def contents(path: Path) -> dict[str, bytes]:
    """Open every member of a source, and check that its head is its beginning."""
    source = open_source(path)
    found = {name: opener() for name, opener in source.members.items()}
    assert {name: source.head(name) for name in found} == {name: data[:HEAD] for name, data in found.items()}
    return found


def test_a_plain_file_is_one_member(tmp_path: Path) -> None:
    """The member is named like the file."""
    (tmp_path / "ratings.csv").write_bytes(TEXT)
    assert contents(tmp_path / "ratings.csv") == {"ratings.csv": TEXT}


@pytest.mark.parametrize("name", ["list.xml.gz", "list.xml", "list"])
def test_gzip_is_told_by_its_first_bytes(tmp_path: Path, name: str) -> None:
    """Under any name; and what only has the name is plain."""
    (tmp_path / name).write_bytes(gzip.compress(TEXT))
    assert contents(tmp_path / name) == {name: TEXT}
    (tmp_path / name).write_bytes(TEXT)
    assert contents(tmp_path / name) == {name: TEXT}


def test_gzip_streams_one_after_the_other_are_one_file(tmp_path: Path) -> None:
    """As gzip itself reads them; what is no gzip after the last one is left out."""
    (tmp_path / "f").write_bytes(gzip.compress(b"one ") + gzip.compress(b"two") + b"\0\0")
    assert open_source(tmp_path / "f").members["f"]() == b"one two"


def test_a_zip_keeps_its_folders_and_drops_the_clutter(tmp_path: Path) -> None:
    """Folders stay in the names; __MACOSX, dot files, empty folders and `./` do not."""
    path = tmp_path / "export.bin"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("./me/ratings.csv", TEXT)
        archive.writestr("me\\lists\\a.csv", b"a")
        archive.writestr("empty/", b"")
        archive.writestr("__MACOSX/me/._ratings.csv", b"b")
        archive.writestr("me/.DS_Store", b"c")
    assert contents(path) == {"me/ratings.csv": TEXT, "me/lists/a.csv": b"a"}


def test_a_folder_is_read_like_a_zip(tmp_path: Path) -> None:
    """In the same order everywhere, gzip within it inflated."""
    (tmp_path / "deleted").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/config").write_bytes(b"x")
    (tmp_path / "deleted/diary.csv").write_bytes(b"a")
    (tmp_path / "z.csv").write_bytes(TEXT)
    (tmp_path / "b.xml.gz").write_bytes(gzip.compress(b"b"))
    found = contents(tmp_path)
    assert found == {"b.xml.gz": b"b", "z.csv": TEXT, "deleted/diary.csv": b"a"}
    assert list(found) == ["b.xml.gz", "z.csv", "deleted/diary.csv"]


def test_what_cannot_be_read_is_one_clear_line(tmp_path: Path) -> None:
    """Missing, empty and special files and folders without files, each with its path."""
    (tmp_path / "empty.csv").touch()
    (tmp_path / "folder/sub").mkdir(parents=True)
    os.mkfifo(tmp_path / "pipe")
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    expected = {
        "missing.csv": "no such file or folder",
        "empty.csv": "is empty",
        "folder": "the folder holds no files",
        "pipe": "neither a file nor a folder",
        "empty.zip": "the zip holds no files",
        "a\0b": "cannot be read: not a path",
        "x" * 5000: "cannot be read",
    }
    for name, words in expected.items():
        with pytest.raises(ExportError, match=words) as caught:
            open_source(tmp_path / name)
        assert caught.value.message.isprintable()
        assert caught.value.exit_code == 5


def test_a_file_that_vanishes_is_an_export_error(tmp_path: Path) -> None:
    """Members are opened late: what went away meanwhile is told like what never was."""
    path = tmp_path / "ratings.csv"
    path.write_bytes(TEXT)
    source = open_source(path)
    path.unlink()
    with pytest.raises(ExportError, match="no such file"):
        source.members["ratings.csv"]()


def test_names_that_cannot_be_printed_are_written_as_escapes(tmp_path: Path) -> None:
    """Neither a terminal nor a JSON report meets control characters or undecodable bytes in a name."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a\x1b[2Jb\n.csv", b"x")
    assert list(open_source(tmp_path / "a.zip").members) == ["a\\x1b[2Jb\\n.csv"]


def test_two_names_of_a_folder_stay_two(tmp_path: Path) -> None:
    """One may be spelt as the other is shown; a third as one of them is told from it."""
    names = {"a\x01.csv": b"1", "a\\x01.csv": b"2", "a\\\\x01.csv": b"3", "b.csv": b"4"}
    for name, data in names.items():
        (tmp_path / name).write_bytes(data)
    found = contents(tmp_path)
    assert sorted(found.values()) == [b"1", b"2", b"3", b"4"]
    assert found["b.csv"] == b"4"
    assert all(name.isprintable() for name in found)


def test_a_zip_within_takes_no_member_the_place_of_another(tmp_path: Path) -> None:
    """It stays closed where a member has the name that one of its own would have."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("f.csv", b"1")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("in.zip", inner.getvalue())
        archive.writestr("in.zip/f.csv", b"2")
    source = open_source(tmp_path / "a.zip")
    assert unpacked(source) is None
    assert source.members["in.zip/f.csv"]() == b"2"


def test_the_encoding_is_passed_on(tmp_path: Path) -> None:
    """What a person asked for reaches the adapters."""
    (tmp_path / "f").write_bytes(b"x")
    assert open_source(tmp_path / "f", Choices("cp1252")).encoding == "cp1252"
