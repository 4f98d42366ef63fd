"""Files made to hurt: each ends as an ExportError or a rejected row, quickly and within the memory stated."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import time
import tracemalloc
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters import detect
from adapters.reading import archives, files
from adapters.reading.archives import MAX_GZIP_PARTS, MAX_MEMBER, MAX_MEMBERS, MAX_TOTAL
from adapters.reading.files import open_source
from importer.errors import ExportError
from importer.model import Remark, Row

SAMPLES = Path(__file__).resolve().parent.parent.parent / "samples"
HEAD = b"Date,Name,Year,Letterboxd URI,Rating\r\n"
ROW = b"2025-08-08,Heat,1995,https://boxd.it/aBcD,4\r\n"
SECONDS = 5
BYTES = 400 * 1024 * 1024


@pytest.fixture(autouse=True)
def within_limits() -> Iterator[None]:
    """Hold every test to the time that one hostile file may take."""
    before = time.process_time()
    yield
    assert time.process_time() - before < SECONDS * (2 if tracemalloc.is_tracing() else 1)


@pytest.fixture
def low_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the limits of sizes to a 64th: what is counted is the same, and there is less to pack."""
    for module in (archives, files):
        monkeypatch.setattr(module, "MAX_MEMBER", MAX_MEMBER // 64)
        monkeypatch.setattr(module, "MAX_TOTAL", MAX_TOTAL // 64)


def read_all(path: Path) -> list[Row | Remark]:
    """Do all that `check` does with a file before it judges."""
    source = open_source(path)
    adapter, claim = detect(source)
    return list(adapter.read(source, claim))


def refused(path: Path, words: str) -> None:
    """Expect one clear line that names the file or its member."""
    with pytest.raises(ExportError, match=words) as caught:
        read_all(path)
    assert caught.value.message.isprintable()


def zipped(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write a zip."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def declare(path: Path, size: int) -> None:
    """Make a zip's headers lie about the size of its only member."""
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(signature) + offset, size)
    path.write_bytes(data)


def test_the_limits_of_sizes_are_those_that_are_stated() -> None:
    """64 MiB a member and 256 MiB in all, wherever they are looked up."""
    assert archives.MAX_MEMBER == files.MAX_MEMBER == 64 * 1024 * 1024
    assert archives.MAX_TOTAL == files.MAX_TOTAL == 256 * 1024 * 1024


def test_a_zip_bomb_is_refused_at_the_limit(tmp_path: Path) -> None:
    """What inflates beyond a member's limit is never held."""
    path = zipped(tmp_path / "a.zip", {"ratings.csv": HEAD + b"\0" * (3 * MAX_MEMBER)})
    tracemalloc.start()
    try:
        refused(path, "ratings.csv is larger than 64 MiB")
        assert tracemalloc.get_traced_memory()[1] < BYTES
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("size", [10, 0xFFFFFFF0])
def test_a_declared_size_that_lies_is_no_way_around(tmp_path: Path, low_limits: None, size: int) -> None:
    """Declared smaller, the member is damaged; declared larger, it is as long as it is."""
    path = zipped(tmp_path / "a.zip", {"ratings.csv": HEAD + ROW * 50})
    declare(path, size)
    if size == 10:
        refused(path, "damaged")
    else:
        assert len(read_all(path)) == 50
    path = zipped(tmp_path / "b.zip", {"ratings.csv": HEAD + ROW + b"\0" * (2 * archives.MAX_MEMBER)})
    declare(path, size)
    refused(path, "damaged|larger than")


def test_the_sum_of_all_members_is_limited(tmp_path: Path, low_limits: None) -> None:
    """Many members below their own limit do not add up to more than the total."""
    size = archives.MAX_MEMBER
    count = archives.MAX_TOTAL // size + 1
    source = open_source(zipped(tmp_path / "a.zip", {f"{i}.csv": b"\0" * size for i in range(count)}))
    openers = list(source.members.values())
    # The same member again counts once.
    for opener in (openers[0], *openers[:-1]):
        assert len(opener()) == size
    with pytest.raises(ExportError, match="more than 4 MiB"):
        openers[-1]()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_inflate_without_a_bound_are_refused(tmp_path: Path, method: int) -> None:
    """Sites deflate; what cannot be counted while it inflates is not opened."""
    refused(zipped(tmp_path / "a.zip", {"ratings.csv": HEAD + ROW}, method), "packed in a way")


def test_a_gzip_bomb_is_refused_at_the_limit(tmp_path: Path) -> None:
    """Also one made of thousands of streams, and one within another is not inflated twice."""
    bomb = tmp_path / "a.gz"
    bomb.write_bytes(gzip.compress(b"\0" * (3 * MAX_MEMBER), 1))
    refused(bomb, "larger than 64 MiB|no known export")
    with pytest.raises(ExportError, match="larger than 64 MiB"):
        open_source(bomb).members["a.gz"]()
    bomb.write_bytes(gzip.compress(b"x") * 100_000)
    with pytest.raises(ExportError, match=f"more than {MAX_GZIP_PARTS} gzip streams"):
        open_source(bomb).members["a.gz"]()
    bomb.write_bytes(gzip.compress(gzip.compress(HEAD + ROW)))
    refused(bomb, "no known export")


def test_a_cut_or_broken_gzip_is_damaged(tmp_path: Path) -> None:
    """Half a download and a wrong checksum are told, not read as far as they go."""
    path = tmp_path / "ratings.csv"
    whole = gzip.compress(HEAD + ROW * 1000)
    for data in (whole[:-20], whole[:-8] + b"\0" * 8, whole[:10], b"\x1f\x8b"):
        path.write_bytes(data)
        with pytest.raises(ExportError, match="damaged"):
            open_source(path).members["ratings.csv"]()
        with pytest.raises(ExportError):
            read_all(path)


def test_thousands_of_members_are_refused(tmp_path: Path) -> None:
    """In a zip and in a folder; a thousand are fine."""
    refused(zipped(tmp_path / "a.zip", {f"{i}.csv": b"" for i in range(MAX_MEMBERS + 1)}), "more than 2,000 members")
    refused(zipped(tmp_path / "b.zip", {f"{i}": b"" for i in range(5 * MAX_MEMBERS)}), "more than 2,000 members")
    many = {f"lists/{i}.csv": b"Letterboxd list export v7\r\n" for i in range(1_000)}
    assert len(read_all(zipped(tmp_path / "c.zip", {**many, "ratings.csv": HEAD + ROW}))) == 1
    (tmp_path / "folder").mkdir()
    for i in range(MAX_MEMBERS + 1):
        (tmp_path / "folder" / f"{i}.csv").touch()
    refused(tmp_path / "folder", "more than 2,000 files")


def test_a_zip_within_a_zip_is_not_opened(tmp_path: Path) -> None:
    """However good the inner one is."""
    inner = zipped(tmp_path / "inner.zip", {"ratings.csv": HEAD + ROW}).read_bytes()
    refused(zipped(tmp_path / "a.zip", {"inner.zip": inner}), "no known export")


@pytest.mark.parametrize("again", ["ratings.csv", "./ratings.csv"])
def test_one_name_of_two_files_is_told_when_it_is_needed(tmp_path: Path, again: str) -> None:
    """Whichever were taken, the rows of the other would be lost; the same file twice loses nothing."""
    path = tmp_path / "a.zip"
    for name, text, expected in (
        (again, HEAD + ROW.replace(b",4", b",5"), "ratings.csv: is in the zip more than once, each time another file"),
        (again, HEAD + ROW, ""),
        ("watched.csv", HEAD[:-9], ""),
    ):
        with zipfile.ZipFile(path, "w") as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            for member, content in (("ratings.csv", HEAD + ROW), ("watched.csv", b""), (name, text)):
                archive.writestr(member, content)
        if expected:
            refused(path, expected)
        else:
            assert len(read_all(path)) == 1


def test_the_first_of_two_files_once_more_settles_nothing(tmp_path: Path) -> None:
    """A third member of the name that is the first one again leaves the rows of the second as lost as before."""
    other = HEAD + ROW.replace(b",4", b",5")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name, content in (("ratings.csv", HEAD + ROW), ("./ratings.csv", other), ("././ratings.csv", HEAD + ROW)):
            archive.writestr(name, content)
    refused(tmp_path / "a.zip", "ratings.csv: is in the zip more than once, each time another file")


def test_an_encrypted_member_is_told_when_it_is_needed(tmp_path: Path) -> None:
    """With what to do; one that nobody needs stands in nobody's way."""
    path = zipped(tmp_path / "a.zip", {"ratings.csv": HEAD + ROW, "watched.csv": HEAD[:-9]})
    whole = path.read_bytes()
    for name, expected in ((b"ratings.csv", "ratings.csv: is encrypted"), (b"watched.csv", "")):
        data = bytearray(whole)
        for signature, offset, place in ((b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)):
            at = data.index(signature)
            while data[at + place : at + place + 11] != name:
                at = data.index(signature, at + 4)
            data[at + offset] |= 1
        path.write_bytes(data)
        if expected:
            refused(path, expected)
        else:
            assert len(read_all(path)) == 1


@pytest.mark.parametrize(
    "name", ["../ratings.csv", "a/../../ratings.csv", "/ratings.csv", "C:\\ratings.csv", "..\\ratings.csv"]
)
def test_a_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    """Nothing is ever unpacked, and such a zip is none that a site hands out."""
    before = set(tmp_path.parent.iterdir())
    refused(zipped(tmp_path / "a.zip", {name: HEAD + ROW, "ratings.csv": HEAD + ROW}), "refused as unsafe")
    assert set(tmp_path.parent.iterdir()) == before


def test_links_are_not_followed(tmp_path: Path) -> None:
    """Neither a link in a zip nor one that leads out of a folder; within a folder a link is a file."""
    (tmp_path / "secret.csv").write_bytes(HEAD + ROW)
    info = zipfile.ZipInfo("ratings.csv")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, str(tmp_path / "secret.csv"))
    refused(tmp_path / "a.zip", "is a link in the zip")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "ratings.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "loop").symlink_to(folder)
    refused(folder, "a link that leads out")
    (folder / "ratings.csv").unlink()
    (folder / "kept").write_bytes(HEAD + ROW)
    (folder / "ratings.csv").symlink_to("kept")
    assert len(read_all(folder)) == 1


def test_a_cut_zip_is_damaged(tmp_path: Path) -> None:
    """Wherever it is cut."""
    whole = zipped(tmp_path / "a.zip", {"ratings.csv": HEAD + ROW * 100}).read_bytes()
    for end in (4, 30, len(whole) // 2, len(whole) - 1):
        (tmp_path / "a.zip").write_bytes(whole[:end])
        refused(tmp_path / "a.zip", "damaged")


def test_a_wrong_checksum_is_damaged(tmp_path: Path) -> None:
    """A member whose bytes are not those that were packed is not read as far as it goes."""
    path = zipped(tmp_path / "a.zip", {"ratings.csv": HEAD + ROW}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"Heat", b"Beat"))
    refused(path, "ratings.csv: is damaged")


def test_a_zip_with_an_endless_directory_is_refused(tmp_path: Path) -> None:
    """Its entries are counted before they are parsed."""
    entry = io.BytesIO()
    with zipfile.ZipFile(entry, "w") as archive:
        archive.writestr("a", b"")
    whole = entry.getvalue()
    at, end = whole.index(b"PK\x01\x02"), whole.index(b"PK\x05\x06")
    directory = whole[at:end] * 1_000_000
    tail = bytearray(whole[end:])
    struct.pack_into("<HHII", tail, 8, 0xFFFF, 0xFFFF, len(directory), at)
    (tmp_path / "a.zip").write_bytes(whole[:at] + directory + bytes(tail))
    refused(tmp_path / "a.zip", "more than 2,000 members")
