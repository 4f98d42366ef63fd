"""The offline half of `run`: every row judged, bad files refused, nothing touched."""

from __future__ import annotations

import io
import socket
import zipfile
from pathlib import Path
from typing import Any

import pytest

HEAD = "Date,Name,Year,Letterboxd URI,Rating\n"
MANGA = """<?xml version="1.0"?><myanimelist><myinfo><user_export_type>2</user_export_type></myinfo>
<manga><manga_mangadb_id>2</manga_mangadb_id><manga_title>Berserk</manga_title><my_score>9</my_score></manga>
</myanimelist>"""


def archive(**members: str) -> bytes:
    """A zip file."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as target:
        for name, text in members.items():
            target.writestr(name.replace("_", "."), text)
    return whole.getvalue()


def test_what_could_be_sent_is_pending_and_the_sums_balance(machine: Any) -> None:
    """Without run, account and resume file."""
    ended = machine.run("check", machine.export(), "--json")
    document = ended.document
    assert (ended.status, ended.err) == (0, "")
    assert document["totals"]["pending"] == document["totals"]["read"] == 4
    assert (document["run"], document["account"], document["resume_file"]) == (None, None, None)


def test_a_rejected_row_is_3_every_time(machine: Any) -> None:
    """It has no memory."""
    export = machine.export(f"{HEAD}2024-05-01,Heat,1995,https://boxd.it/2a7i,5.5\n")
    for _ in range(2):
        ended = machine.run("check", export, "--json")
        assert ended.status == 3
        assert ended.document["reasons"] == {"rejected": {"out_of_range": 1}}


def test_nothing_is_written_and_no_network_is_needed(machine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """No account, no token, no folder."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket")

    export = machine.export()
    monkeypatch.setattr(socket.socket, "connect", refuse)
    before = sorted(machine.folder.rglob("*"))
    assert machine.run("check", export, SIMKL_ACCESS_TOKEN=None, SIMKL_CLIENT_ID=None).status == 0
    assert sorted(machine.folder.rglob("*")) == before


def test_a_person_sees_file_reason_histogram_and_place(machine: Any) -> None:
    """What was recognised and why, and the first rows of each problem."""
    text = machine.run("check", machine.sample("letterboxd/ratings.csv")).out
    for words in ("letterboxd, 12 rows", "content: Letterboxd's", "out_of_range", "ratings.csv:5", "Rated from"):
        assert words in text
    assert "can be sent" in text


def test_the_options_of_run_judge_here_too(machine: Any) -> None:
    """--since, --only, --undated, --from, --encoding."""
    export = machine.export()

    def pending(*options: str) -> int:
        ended = machine.run("check", export, "--json", *options)
        assert ended.status == 0
        number: int = ended.document["totals"]["pending"]
        return number

    assert pending("--since", "2024-05-02") == 2
    assert pending("--only", "shows") == 0
    assert pending("--undated", "skip", "--from", "letterboxd", "--encoding", "utf-8") == 4


BAD: dict[str, tuple[str, str | bytes]] = {
    "an empty file": ("empty.csv", ""),
    "a PDF": ("export.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"),
    "a PDF by a good name": ("ratings.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
    "a manga list": ("mangalist.xml", MANGA),
    "a zip without ratings": (
        "letterboxd.zip",
        archive(watched_csv="Date,Name,Year,Letterboxd URI\n2024-05-01,H,1,u\n"),
    ),
    "an empty zip": ("export.zip", archive()),
    "a CSV of another site": ("goodreads.csv", "Book Id,Title,Author,My Rating\n1,Dune,Frank Herbert,5\n"),
    "a page instead of a file": ("export.zip", "<!DOCTYPE html><html><body>Please sign in</body></html>"),
    "a lone JSON number": ("export.json", "7"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("command", ["check", "run"])
def test_what_is_no_export_is_refused_in_one_line(machine: Any, name: str, command: str) -> None:
    """Status 5, the file's name, and a next step; nothing is sent, nothing is on stdout."""
    file, content = BAD[name]
    good = machine.export()
    export = machine.export(content, f"bad/{file}")
    ended = machine.run(command, good, export)
    assert (ended.status, ended.out) == (5, "")
    told = [line for line in ended.err.splitlines() if line.startswith("simkl-import: ")]
    assert len(told) == 1
    assert file in told[0]
    assert machine.sent() == []


def test_a_missing_file_and_a_folder_without_an_export_are_refused(machine: Any) -> None:
    """Each is named, and what was expected."""
    ended = machine.run("check", "nothing-here.zip")
    assert (ended.status, "nothing-here.zip" in ended.err, "expected" in ended.err) == (5, True, True)
    (machine.folder / "photos").mkdir()
    ended = machine.run("check", str(machine.folder / "photos"))
    assert (ended.status, "photos" in ended.err) == (5, True)


def test_a_home_that_is_nobodys_is_a_missing_file(machine: Any) -> None:
    """Not a defect."""
    ended = machine.run("check", "~nobody-of-that-name/export.zip")
    assert (ended.status, "~nobody-of-that-name" in ended.err) == (5, True)


def test_one_broken_row_among_good_ones_is_told_with_its_place(machine: Any) -> None:
    """The rest goes on."""
    export = machine.export(
        f"{HEAD}2024-05-01,Heat,1995,https://boxd.it/2a7i,4\n2024,broken\n2024-05-01,Ronin,1998,u,4\n"
    )
    ended = machine.run("check", export)
    assert ended.status == 3
    assert "ratings.csv:3" in ended.out
    document = machine.run("check", export, "--json").document
    assert document["totals"]["pending"] == 2
    assert document["reasons"] == {"rejected": {"malformed_row": 1}}


def test_every_sample_is_known_by_its_content(machine: Any) -> None:
    """Under any name; the manga list alone is refused."""
    samples = [
        path for site in ("letterboxd", "mal", "trakt", "generic") for path in Path(machine.sample(site)).iterdir()
    ]
    assert samples
    for path in samples:
        ended = machine.run("check", str(path), "--json")
        assert ended.status in ((5,) if "manga" in path.name else (0, 3)), path


def test_the_options_of_reading_reach_the_adapters(machine: Any) -> None:
    """The order of day and month, scale and rounding, and a table of one's own columns."""
    table = machine.export("Name;Jahr;Sterne;Tag\nHeat;1995;4,5;5/6/2022\nUp;2009;3,3;6/6/2022\n", "mine.csv")
    named = ("--map", "Name=title", "--map", "jahr=year", "--map", "Sterne=rating", "--map", "Tag=rated_at")
    refused = machine.run("check", table, *named, "--set", "type=film", "--scale", "5")
    assert refused.status == 5
    assert "--date-order mdy or --date-order dmy" in refused.err
    options = (*named, "--set", "type=film", "--scale", "5", "--date-order", "dmy")
    assert machine.run("check", table, *options, "--json").document["reasons"] == {"rejected": {"out_of_range": 1}}
    rounded = machine.run("check", table, *options, "--round", "up")
    assert rounded.status == 0
    assert "1 rating lay between two whole numbers and was rounded" in rounded.out


def test_two_exports_of_one_call_are_read_together(machine: Any) -> None:
    """TV Time's archive has no ids: Export my data, which has no ratings, gives them in any order of the two."""
    folder = Path(machine.sample("tvtime"))
    archive, films = str(folder / "tv-time-gdpr-sample.zip"), str(folder / "tvtime-movies-2026-07-01.csv")
    for paths in ((archive, films), (films, archive)):
        document = machine.run("check", *paths, "--json").document
        assert sorted(source["rows"] for source in document["sources"]) == [0, 14]
    assert machine.run("check", films).status == 5
