"""Every adapter is run through the conformance function on every sample; and the function finds what is wrong."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from adapters import ADAPTERS
from adapters.conformance import faults
from adapters.conformance.__main__ import main
from adapters.conformance.values import IDS
from adapters.protocol import About, Choices, Claim, Miss, Source
from adapters.reading.scale import Scale
from importer.errors import ExportError
from importer.identity import SENT_KEYS
from importer.model import Date, Item, Kind, Origin, Precision, Reason, Rejected, Remark, Row, Skipped

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
GOLDEN = Path(__file__).resolve().parents[1] / "samples"
CHOSEN = {"anilist/graphql-five-stars.json": Choices(scale=Scale.POINT_5)}
TODAY = date(2026, 11, 27)


def claimed() -> Iterator[tuple[Path, int]]:
    """Every sample that is not refused, and how many rows its golden file has."""
    for path in sorted(SAMPLES.glob("*/*")):
        golden = GOLDEN / path.parent.name / f"{path.name}.golden"
        if golden.exists():
            first, *lines = golden.read_text("utf-8").splitlines()
            if not first.startswith("refused:"):
                yield path, sum(not line.startswith("remark ") for line in lines)


@pytest.mark.parametrize(
    ("path", "rows"), [pytest.param(path, rows, id=f"{path.parent.name}/{path.name}") for path, rows in claimed()]
)
def test_our_adapters_conform(path: Path, rows: int) -> None:
    """Each on each of its samples: whole, cut, re-saved, beside private members, and after what is not its own."""
    [adapter] = [adapter for adapter in ADAPTERS if adapter.name == path.parent.name]
    choices = CHOSEN.get(f"{path.parent.name}/{path.name}", Choices())
    assert faults(adapter, path, rows, choices=choices, today=TODAY) == []


GOOD = "title,points\nHeat,9\nRonin,8\n"


@dataclass
class Plain:
    """Reads lines of title and points; one of its habits can be made a bad one."""

    name: str = "plain"
    about: About = About("Plain", "nowhere", "text", "1-10", "none")  # noqa: RUF009 (frozen)
    claims: Callable[[Source], Any] | None = None
    makes: Callable[[Item], Any] = lambda item: item
    first: Callable[[Source], Any] = lambda _source: None
    told: Callable[[list[Any]], list[Any]] = lambda rows: rows

    def claim(self, source: Source) -> Claim | Miss | None:
        if self.claims is not None:
            found: Claim | None = self.claims(source)
            return found
        members = tuple(
            name for name in source.members if name.endswith("ratings.csv") and source.head(name)[:6] == b"title,"
        )
        return Claim(members, "title and points") if members else None

    def read(self, source: Source, claim: Claim) -> Iterator[Row | Remark]:
        self.first(source)
        rows = []
        for name in claim.members:
            lines = source.members[name]().decode("utf-8", "replace").split("\n")
            for number, text in enumerate(lines[1:], 2):
                if text:
                    rows.append(self.makes(row(name, number, *text[:4_000].partition(",")[::2])))
        return iter(self.told(rows))


def row(file: str, line: int, title: str, points: str) -> Item:
    """Make a row whose points are a number, or none."""
    rating = int(points) if points.isascii() and points.isdigit() else None
    return Item(f"plain:{title or line}", Kind.MOVIE, title, 2000, (), points, rating, None, file, line)


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """Write a sample of two rows."""
    path = tmp_path / "ratings.csv"
    path.write_text(GOOD)
    return path


def test_a_good_adapter_of_somebody_elses_conforms(sample: Path) -> None:
    """Fifteen lines of plain Python do, with nothing of the reading room."""
    assert faults(Plain(), sample, 2) == []


def write(_source: Source) -> None:
    Path("/tmp/never-written-by-an-adapter").write_text("x")


def ask(_source: Source) -> None:
    socket.create_connection(("127.0.0.1", 9))


def start(_source: Source) -> None:
    subprocess.run([sys.executable, "-V"], check=True)


def write_aside(source: Source) -> None:
    """Let a thread write, and hide that it could not."""

    def work() -> None:
        with suppress(PermissionError):
            write(source)

    thread = Thread(target=work)
    thread.start()
    thread.join()


def past_the_source(source: Source) -> None:
    Path(source.path).read_bytes()


def curious(source: Source) -> Claim | None:
    for opener in source.members.values():
        opener()
    return Plain().claim(source)  # type: ignore[return-value]


def with_item(**changes: Any) -> Callable[[Item], Item]:
    return lambda item: replace(item, **changes)


def fragile(source: Source) -> None:
    for opener in source.members.values():
        opener().decode("utf-8").index("Ronin")


def counting() -> Callable[[list[Any]], list[Any]]:
    calls: list[int] = []

    def told(rows: list[Any]) -> list[Any]:
        calls.append(1)
        return [replace(item, key=f"plain:{len(calls)}.{item.line}") for item in rows]

    return told


RUN = Date(1_700_000_000, Precision.SECOND, Origin.RUN)
BAD: dict[str, tuple[Plain, str]] = {
    "loses rows": (Plain(told=lambda rows: rows[:-1]), "reads 1 rows of a sample that holds 2"),
    "yields a row twice": (Plain(told=lambda rows: [*rows, *rows]), "yields the same row twice"),
    "yields nonsense": (Plain(makes=lambda _item: "Heat"), "neither a row nor a remark: str"),
    "rates in floats": (Plain(makes=with_item(rating=7.5)), "rating is a float"),
    "rates in booleans": (Plain(makes=with_item(rating=True)), "rating is a bool"),
    "names a kind by a word": (Plain(makes=with_item(kind="movie")), "kind is no Kind"),
    "has a strange key": (Plain(makes=with_item(key="letterboxd:1")), "key does not begin with the format's name"),
    "has an empty key": (Plain(makes=with_item(key="plain:")), "key does not begin with the format's name"),
    "makes up ids": (Plain(makes=with_item(ids=(("plex", "1"),))), "id that Simkl does not take"),
    "takes words for ids": (Plain(makes=with_item(ids=(("tmdb", "n/a"),))), "id of tmdb is no number"),
    "lists ids": (Plain(makes=with_item(ids=[("tmdb", "1")])), "ids are a list"),
    "has two ids": (Plain(makes=with_item(ids=(("tmdb", "1"), ("tmdb", "2")))), "two ids of one site"),
    "stamps today": (Plain(makes=with_item(date=RUN)), "date is none of an export"),
    "has half a pair": (Plain(makes=with_item(title="\ud800")), "title is no text"),
    "counts from nought": (Plain(makes=with_item(line=0)), "at a line from 1"),
    "is from elsewhere": (Plain(makes=with_item(file="other.csv")), "at a line from 1"),
    "rejects for no reason": (Plain(makes=lambda item: Rejected(item, Reason.UNRATED)), "no reason of an adapter's"),
    "skips for no reason": (Plain(makes=lambda item: Skipped(item, Reason.FILTERED)), "no reason of an adapter's"),
    "tells two lines": (Plain(told=lambda rows: [*rows, Remark("ratings.csv", 0, "a\nb")]), "no line of text"),
    "changes its mind": (Plain(told=counting()), "in another way the second time"),
    "writes": (Plain(first=write), "writes to the disk"),
    "asks the network": (Plain(first=ask), "uses the network"),
    "starts a process": (Plain(first=start), "starts a process"),
    "writes in a thread": (Plain(first=write_aside), "writes to the disk"),
    "opens the export itself": (Plain(first=past_the_source), "past the limits of its source"),
    "opens everything": (Plain(claims=curious), "opens user-profile.json, which holds what is nobody's business"),
    "takes everything": (Plain(claims=lambda source: Claim(tuple(source.members), "why not")), "claims prose"),
    "takes nothing": (Plain(claims=lambda _source: None), "does not claim its own sample: None"),
    "claims what is not there": (Plain(claims=lambda _source: Claim(("x.csv",), "a guess")), "that are not there"),
    "stumbles over damage": (
        Plain(first=fragile),
        "raises ValueError: substring not found, with ratings.csv cut at",
    ),
    "has no name": (Plain(name="Plain!"), "name is not made of small letters"),
    "says nothing of itself": (Plain(about=About("Plain", "", "text", "1-10", "none")), "about.where is empty"),
}


@pytest.mark.parametrize("habit", BAD)
def test_each_bad_habit_is_found(habit: str, sample: Path) -> None:
    """And told in a sentence that names it."""
    adapter, expected = BAD[habit]
    found = faults(adapter, sample, 2)
    assert any(expected in fault for fault in found), found


def test_a_refusal_of_its_own_sample_is_told_with_its_reason(sample: Path) -> None:
    """In the words that a person would see."""

    def refuse(_source: Source) -> None:
        raise ExportError("is a wish list")

    assert "cannot read its own sample: is a wish list" in faults(Plain(first=refuse), sample, 2)


def test_exports_of_others_have_to_be_left_alone(sample: Path, tmp_path: Path) -> None:
    """Those that the author names are tried as well."""
    other = tmp_path / "other-ratings.csv"
    other.write_text(GOOD)
    assert faults(Plain(), sample, 2, others=[sample, other]) == [
        "claims other-ratings.csv, which is not its own: title and points"
    ]


def test_what_the_guard_forbids_is_allowed_again_afterwards(sample: Path, tmp_path: Path) -> None:
    """It watches while an adapter reads, and nothing else."""
    assert faults(Plain(first=write), sample, 2)
    (tmp_path / "written").write_text("x")
    socket.socket().close()
    assert sample.read_text() == GOOD


def test_the_ids_that_are_taken_are_those_that_are_sent() -> None:
    """Two rooms that may not know each other have one list."""
    assert IDS == SENT_KEYS


def test_numbers_that_are_not_whole_are_decimals(sample: Path) -> None:
    """They stay exact until somebody says how to round."""
    assert faults(Plain(makes=with_item(rating=Decimal("7.5"))), sample, 2) == []


def test_the_command_shows_rows_and_holds_them_to_a_golden_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It writes the file where it is told to, is content with it after that, and tells what has changed since."""
    sample = SAMPLES / "shikimori" / "user_rates.json"
    golden = tmp_path / "user_rates.golden"
    asked = ["adapters.shikimori:SHIKIMORI", str(sample), "--golden", str(golden)]
    assert main(asked) == 1
    assert "--write" in capsys.readouterr().err
    assert main([*asked, "--write"]) == 0
    assert main([*asked, "--rows", "2"]) == 0
    shown = capsys.readouterr()
    assert golden.read_text() in shown.out
    assert "shikimori conforms on user_rates.json: 2 rows" in shown.err
    golden.write_text(golden.read_text().replace("'10' -> 10", "'10' -> 9"))
    assert main(asked) == 1
    assert main([*asked, "--write", "--rows", "3"]) == 1
    assert "reads 2 rows of a sample that holds 3" in capsys.readouterr().err
