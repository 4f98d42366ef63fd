"""Members: what looks like ratings is read or named, what is private is never opened."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters import ADAPTERS, detect, read, recognise
from adapters.protocol import Source
from adapters.reading.files import open_source
from adapters.reading.members import private
from importer.errors import ExportError
from importer.model import Item, Remark, Row

LETTERBOXD = "Date,Name,Year,Letterboxd URI,Rating\n2024-01-01,Heat,1995,https://boxd.it/a,4\n"
XML = "<myanimelist><anime><series_animedb_id>1</series_animedb_id><my_score>9</my_score></anime></myanimelist>"


def trakt(number: int, kind: str = "movie") -> str:
    """Write a ratings file of one title."""
    return json.dumps(
        [{"rated_at": "2024-01-01T10:00:00Z", "rating": 8, "type": kind, kind: {"ids": {"trakt": number}}}]
    )


def reading(members: dict[str, str]) -> list[Row | Remark]:
    """Detect and read a folder of texts."""
    source = Source("folder", {name: text.encode for name, text in members.items()})
    adapter, claim = detect(source)
    return list(read(source, adapter, claim))


@pytest.mark.parametrize(
    "name",
    [
        "ratings-movies (1).json",
        "ratings-movies - Copy.json",
        "ratings-movies - Copy (2).json",
        "ratings-movies copy.json",
        "ratings-movies-1 (1).json",
        "ratings-movies - Kopie.json",
    ],
)
def test_a_copy_of_a_ratings_file_is_read(name: str) -> None:
    """A second download beside the first is not passed over: what stands in both is merged later."""
    found = reading({"ratings-movies.json": trakt(1), name: trakt(2)})
    assert {row.key for row in found if isinstance(row, Item)} == {"trakt:movie:1", "trakt:movie:2"}


@pytest.mark.parametrize("name", ["my ratings.json", "ratings-old.json", "rated movies.csv", "export.zip"])
def test_what_looks_like_ratings_and_is_not_read_is_named(name: str) -> None:
    """In every format; what does not look like it is nothing to tell."""
    for members in ({"ratings-movies.json": trakt(1)}, {"ratings.csv": LETTERBOXD}, {"animelist.xml": XML}):
        told = [row for row in reading({**members, name: "x", "watched-movies.json": "[]"}) if isinstance(row, Remark)]
        assert [remark.file for remark in told if "was not read" in remark.text] == [name]


def test_two_files_of_one_kind_are_named_and_nothing_is_read() -> None:
    """Which of two Letterboxd exports counts is not guessed."""
    with pytest.raises(ExportError, match=r"ratings\.csv, ratings \(1\)\.csv"):
        reading({"ratings.csv": LETTERBOXD, "ratings (1).csv": LETTERBOXD})


def test_a_list_below_another_root_is_nobodys() -> None:
    """It is not claimed and then read as empty; the root that was seen is named."""
    with pytest.raises(ExportError, match="it is XML with the root <export>"):
        reading({"a.xml": f"<export>{XML}</export>"})


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_an_archive_within_is_read_alike_in_a_zip_and_a_folder(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    """A gzipped list is one wherever it lies, whatever its name says."""
    folder = tmp_path / "folder"
    folder.mkdir()
    data = pack(XML.encode())
    (folder / "animelist.xml.gz").write_bytes(data)
    (folder / "notes.txt").write_bytes(b"x")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("animelist.xml.gz", data)
        archive.writestr("notes.txt", b"x")
    for path in (folder, tmp_path / "a.zip"):
        source = open_source(path)
        adapter, claim = detect(source)
        assert adapter.name == "mal"
        assert [row.key for row in read(source, adapter, claim) if isinstance(row, Item)] == ["mal:1"]


PRIVATE = (
    "profile.csv",
    "user-profile.json",
    "user-settings.json",
    "user.csv",
    "access_token.csv",
    "auth-prod-login.csv",
    "ip_address.csv",
    "device_token.csv",
    "emails.csv",
    "account.json",
    "users-settings.xml",
    "config.json",
    "AccountDetails.csv",
    "IpAddressesStreaming.csv",
    "CSContact.txt",
    "ChatTranscripts.txt",
    "BillingHistory.csv",
)


@pytest.mark.parametrize("lead", ["", "me/"])
def test_no_adapter_opens_a_private_member(lead: str) -> None:
    """Not even to look whether it is one of its own, in any export and for any refusal."""

    def forbidden() -> bytes:
        raise AssertionError

    private_ones = {lead + name: forbidden for name in PRIVATE}
    for members in ({"ratings-movies.json": trakt(1)}, {"ratings.csv": LETTERBOXD}, {"animelist.xml": XML}, {}):
        source = Source("folder", {lead + name: text.encode for name, text in members.items()} | private_ones)
        if members:
            adapter, claim = detect(source)
            assert any(isinstance(row, Item) for row in read(source, adapter, claim))
        else:
            with pytest.raises(ExportError, match="folder: "):
                detect(source)
    assert all(private(name) for name in private_ones)


def test_a_refusal_names_what_was_seen_and_what_was_missing() -> None:
    """Of the nearest format; also where the format was named."""
    source = Source("f.csv", {"f.csv": lambda: b"Type,Title,Year,My Stars\nmovie,Heat,1995,4\n"})
    for adapters in (ADAPTERS, tuple(adapter for adapter in ADAPTERS if adapter.name == "generic")):
        with pytest.raises(
            ExportError, match="has type, title, year; missing: rating; its columns are type, title, year, my"
        ):
            detect(source, adapters)
    with pytest.raises(ExportError, match=r"no export of MyAnimeList; its columns are"):
        detect(source, tuple(adapter for adapter in ADAPTERS if adapter.name == "mal"))
    with pytest.raises(ExportError, match=r"it is JSON with the keys foo, bar"):
        detect(Source("f.json", {"f.json": lambda: b'[{"foo": 1, "bar": 2}]'}))


def packed(members: dict[str, bytes]) -> bytes:
    """Zip some members."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return data.getvalue()


def test_a_zip_within_is_opened_alike_in_a_zip_and_a_folder(tmp_path: Path) -> None:
    """One level deep, where nothing else can be read; one that is damaged stays closed."""
    inner = packed({"ratings.csv": LETTERBOXD.encode()})
    members = {"letterboxd.zip": inner, "broken.zip": inner[:40], "notes.txt": b"x"}
    folder = tmp_path / "folder"
    folder.mkdir()
    for name, data in members.items():
        (folder / name).write_bytes(data)
    (tmp_path / "a.zip").write_bytes(packed(members))
    for path in (folder, tmp_path / "a.zip"):
        source, adapter, claim = recognise(open_source(path))
        assert (adapter.name, claim.members) == ("letterboxd", ("letterboxd.zip/ratings.csv",))
        said = list(read(source, adapter, claim))
        assert [row.file for row in said if isinstance(row, Item)] == ["letterboxd.zip/ratings.csv"]
        assert [row.file for row in said if isinstance(row, Remark)] == ["broken.zip"]
    (tmp_path / "b.zip").write_bytes(packed({"a.zip": packed(members)}))
    with pytest.raises(ExportError) as caught:
        recognise(open_source(tmp_path / "b.zip"))
    assert "a.zip/letterboxd.zip is a zip within" in caught.value.hint


def test_a_zip_beside_an_export_stays_closed_and_is_named() -> None:
    """People keep the download beside what they unpacked: it is not a second export."""
    zipped = packed({"ratings.csv": LETTERBOXD.encode()})
    source = Source("folder", {"ratings.csv": LETTERBOXD.encode, "letterboxd.zip": lambda: zipped})
    opened, adapter, claim = recognise(source)
    assert opened is source
    assert [row.file for row in read(source, adapter, claim) if isinstance(row, Remark)] == ["letterboxd.zip"]
