"""Files as they arrive: kept in a private folder and nowhere else, within the limits, and gone when they are let go."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from importer.errors import ExportError
from importer.web import uploads
from importer.web.uploads import LONGEST_NAME, Uploads


async def pieces(*data: bytes) -> AsyncIterator[bytes]:
    """Yield data as it comes over the network."""
    for piece in data:
        yield piece


async def test_a_file_keeps_its_name_and_its_bytes_for_its_owner_alone(tmp_path: Path) -> None:
    """And two of one name are two."""
    kept = Uploads(tmp_path / "uploads")
    first = await kept.receive("my ratings.csv", "a", pieces(b"one,", b"two"))
    second = await kept.receive("my ratings.csv", "a", pieces(b"three"))
    assert (first.name, first.path.name, first.path.read_bytes(), first.size) == (
        "my ratings.csv",
        "my ratings.csv",
        b"one,two",
        7,
    )
    assert second.path.read_bytes() == b"three"
    assert stat.S_IMODE(first.path.parent.stat().st_mode) & 0o077 == 0
    assert [one.number for one in kept.kept] == [1, 2]


async def test_the_files_of_one_folder_are_one_export_and_of_two_drops_two(tmp_path: Path) -> None:
    """As they lay there."""
    kept = Uploads(tmp_path / "uploads")
    await kept.receive("export/ratings.csv", "a", pieces(b"12345"))
    whole = await kept.receive("export/more/diary.csv", "a", pieces(b"123"))
    other = await kept.receive("export/ratings.csv", "b", pieces(b"1"))
    assert (whole.name, whole.files, whole.size, other.files) == ("export", 2, 8, 1)
    assert sorted(path.relative_to(whole.path).as_posix() for path in whole.path.rglob("*.csv")) == [
        "more/diary.csv",
        "ratings.csv",
    ]
    assert len(kept.kept) == 2


def files_below(folder: Path) -> list[Path]:
    """Return all files in a folder."""
    return [one for one in folder.rglob("*") if one.is_file()]


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "..",
        ".",
        "../out.csv",
        "a/../../out.csv",
        "/etc/passwd",
        "a\\..\\out.csv",
        "a\nb.csv",
        "a\x00b.csv",
        "x" * (LONGEST_NAME + 1),
        "/".join("abcdefghijklmnopqrstuvwxyz"),
    ],
)
async def test_a_name_that_leads_elsewhere_is_refused_and_writes_nothing(tmp_path: Path, path: str) -> None:
    """Whatever a browser, or who pretends to be one, calls a file."""
    kept = Uploads(tmp_path / "uploads")
    with pytest.raises(ExportError):
        await kept.receive(path, "a", pieces(b"x"))
    assert files_below(tmp_path) == []
    assert kept.kept == ()


async def test_a_file_over_the_limit_is_refused_while_it_arrives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not when all of it is on the disk; a folder counts as a whole."""
    monkeypatch.setattr(uploads, "MAX_TOTAL", 1000)
    kept = Uploads(tmp_path / "uploads")
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 100
            yield b"x" * 100

    with pytest.raises(ExportError, match="larger than"):
        await kept.receive("big.csv", "a", endless())
    assert taken <= 1200
    await kept.receive("folder/a.csv", "a", pieces(b"x" * 600))
    with pytest.raises(ExportError, match="larger than"):
        await kept.receive("folder/b.csv", "a", pieces(b"x" * 600))
    assert kept.kept == ()
    assert files_below(tmp_path) == []


async def test_a_folder_of_too_many_files_and_too_many_exports_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a sentence that says which."""
    monkeypatch.setattr(uploads, "MAX_MEMBERS", 2)
    monkeypatch.setattr(uploads, "MOST", 2)
    kept = Uploads(tmp_path / "uploads")
    for name in ("a", "b"):
        await kept.receive(f"folder/{name}", "g", pieces(b"x"))
    with pytest.raises(ExportError, match="more than 2 files"):
        await kept.receive("folder/c", "g", pieces(b"x"))
    for name in ("a", "b"):
        await kept.receive(name, "g", pieces(b"x"))
    with pytest.raises(ExportError, match="2 exports"):
        await kept.receive("c", "g", pieces(b"x"))


async def test_an_upload_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    """The browser was closed, or the tunnel fell."""

    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    kept = Uploads(tmp_path / "uploads")
    with pytest.raises(ConnectionResetError):
        await kept.receive("a.csv", "a", broken())
    assert kept.kept == ()
    assert files_below(tmp_path) == []


async def test_over_the_wire_a_large_file_gets_a_sentence_and_the_page_goes_on(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the browser hears the answer, or only that the connection ended."""
    import aiohttp

    monkeypatch.setattr(uploads, "MAX_TOTAL", 1000)
    try:
        answer = await stage.visitor.give("big.zip", io.BytesIO(b"x" * 5_000_000))
        assert answer.status == 422
        assert "big.zip is larger than" in answer.json["what"]
    except aiohttp.ClientError:
        pass
    assert stage.page.files.uploads.kept == ()
    assert (await stage.visitor.give("ok.csv", b"x")).status == 200


async def test_a_bomb_is_refused_in_words_and_names_no_folder_of_ours(stage: Any) -> None:
    """Its bytes are few, and what they unpack to is not."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        row = b"2024-05-01,Heat,1995,https://boxd.it/2a7i,4.5\n"
        archive.writestr(
            "ratings.csv", b"Date,Name,Year,Letterboxd URI,Rating\n" + row * (70 * 1024 * 1024 // len(row))
        )
    await stage.give(("bomb.zip", made.getvalue()))
    shown = await stage.visitor.part("files")
    assert stage.page.files.judged is None
    assert "bomb.zip" in shown
    assert "larger than 64 MiB" in shown
    assert str(stage.page.files.uploads.folder) not in shown
