"""What `run` sends, leaves out and writes, option by option."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

HEAD = "Date,Name,Year,Letterboxd URI,Rating\n"
MAL = """<?xml version="1.0"?><myanimelist><myinfo><user_export_type>1</user_export_type></myinfo>
<anime><series_animedb_id>1</series_animedb_id><series_title><![CDATA[Cowboy Bebop]]></series_title>
<series_type>TV</series_type><my_finish_date>2019-03-04</my_finish_date><my_score>10</my_score>
<my_status>Completed</my_status></anime>
<anime><series_animedb_id>5114</series_animedb_id><series_title>Fullmetal Alchemist: Brotherhood</series_title>
<series_type>TV</series_type><my_finish_date>0000-00-00</my_finish_date><my_score>9</my_score>
<my_status>Completed</my_status></anime></myanimelist>"""


def titles(machine: Any) -> set[str]:
    """What was sent, by title."""
    return {item["title"] for item in machine.sent()}


def rows(path: Path) -> list[dict[str, str]]:
    """A CSV file."""
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, but locks and the pace."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in (".lock", ".pace")
    }


def test_every_item_on_the_wire_is_as_promised(machine: Any) -> None:
    """Of all samples: whole ratings, an explicit time with Z, title and year along, and no key that may not go."""
    names = (
        "letterboxd/letterboxd-sample-2026-03-01-20-15-utc.zip",
        "mal/animelist_1767225600_-_4242.xml",
        "trakt/trakt-json-export-sample.zip",
        "generic/ratings.csv",
    )
    ended = machine.run("run", *map(machine.sample, names), "--json")
    assert ended.status == 3
    sent = machine.sent()
    assert len(sent) >= 20
    assert {item["group"] for item in sent} == {"movies", "shows"}
    for item in sent:
        assert type(item["rating"]) is int
        assert 1 <= item["rating"] <= 10
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", item["rated_at"])
        ids = set(item.get("ids", {}))
        assert ids.isdisjoint({"slug", "trakt", "plex", "tvrage"})
        assert "traktslug" not in ids or ids == {"traktslug"}
        assert item["title"]
        assert item.get("year") or ids
        if ids & {"mal", "anidb", "anilist", "kitsu"}:
            assert item["group"] == "shows"
            assert ids <= {"mal", "anidb", "anilist", "kitsu", "simkl"}
    assert machine.sandbox.content_violations == []


def test_half_stars_are_exact_and_days_stand_at_noon_in_file_order(machine: Any) -> None:
    """Stand-ins aside, the oldest first."""
    machine.run("run", machine.export())
    assert [(item["title"], item["rating"], item["rated_at"]) for item in machine.sent()] == [
        ("Heat", 9, "2024-05-01T12:00:00Z"),
        ("Ronin", 8, "2024-05-01T12:00:01Z"),
        ("Alien", 10, "2024-05-02T12:00:00Z"),
        ("Collateral", 1, "2024-05-03T12:00:00Z"),
    ]


def test_a_dry_run_changes_nothing_at_all(machine: Any) -> None:
    """Neither the account nor a file, before the first run and after it."""
    export = machine.export()
    ended = machine.run("run", export, "--dry-run", "--json")
    assert (ended.status, ended.document["totals"]["pending"], ended.document["dry_run"]) == (0, 4, True)
    assert machine.sent() == []
    assert not list(machine.home.rglob("*.sqlite"))
    machine.run("run", export)
    before, sent = files(machine.home), len(machine.sent())
    more = machine.export(f"{HEAD}2024-05-09,Casino,1995,https://boxd.it/1Xc2,3\n", "more.csv")
    ended = machine.run("run", more, "-n", "--json")
    assert ended.document["totals"]["pending"] == 1
    assert (files(machine.home), len(machine.sent())) == (before, sent)
    ended = machine.run("undo", "-n", "--json")
    assert (ended.status, ended.document["dry_run"], ended.document["totals"]["pending"]) == (0, True, 4)
    assert (files(machine.home), len(machine.sent())) == (before, sent)


def test_a_dry_run_refuses_an_empty_resume_file_as_a_run_does(machine: Any) -> None:
    """And leaves it as it is."""
    resume = Path(machine.export("", "mine.sqlite"))
    assert machine.run("run", machine.export(), "-n", "--resume-file", str(resume)).status == 2
    assert resume.read_bytes() == b""


def test_limit_sends_the_newest(machine: Any) -> None:
    """And the rest the next time."""
    ended = machine.run("run", machine.export(), "--limit", "1", "--json")
    assert titles(machine) == {"Collateral"}
    assert ended.document["reasons"]["skipped"] == {"filtered": 3}
    machine.run("run", machine.export())
    assert len(titles(machine)) == 4


def test_since_takes_that_day_and_later_ones(machine: Any) -> None:
    """The others are filtered."""
    ended = machine.run("run", machine.export(), "--since", "2024-05-02", "--json")
    assert titles(machine) == {"Alien", "Collateral"}
    assert ended.document["reasons"] == {"skipped": {"filtered": 2}}


def test_only_takes_the_kinds_that_are_named(machine: Any) -> None:
    """Repeatable."""
    exports = (machine.export(), machine.export(MAL, "list.xml"))
    machine.run("run", *exports, "--only", "anime")
    assert titles(machine) == {"Cowboy Bebop", "Fullmetal Alchemist: Brotherhood"}
    machine.run("run", *exports, "--only", "anime", "--only", "movies")
    assert len(titles(machine)) == 6


def test_undated_tells_what_a_rating_without_a_date_gets(machine: Any) -> None:
    """The watch date, the run's start, or nothing at all."""
    export = machine.export(MAL, "list.xml")
    ended = machine.run("run", export, "--undated", "skip", "--json")
    assert ended.document["reasons"] == {"skipped": {"undated": 2}}
    assert machine.sent() == []
    machine.run("run", export)
    dates = {item["title"]: item["rated_at"] for item in machine.sent()}
    assert dates["Cowboy Bebop"] == "2019-03-04T12:00:00Z"
    assert dates["Fullmetal Alchemist: Brotherhood"] > "2026"


def test_undated_now_passes_the_watch_date_over(machine: Any) -> None:
    """Both get one moment, the run's start."""
    machine.run("run", machine.export(MAL, "list.xml"), "--undated", "now")
    moments = {item["rated_at"] for item in machine.sent()}
    assert len(moments) == 1
    assert moments.pop() > "2026"


def test_batch_size_is_the_size(machine: Any) -> None:
    """auto takes them all at once."""
    machine.run("run", machine.export(), "--batch-size", "3")
    assert [len(request.body["movies"]) for request in machine.sandbox.requests("POST", "/sync/ratings")] == [3, 1]


def test_from_takes_the_export_as_that_format(machine: Any) -> None:
    """Another one is refused with what was expected."""
    export = machine.export()
    assert machine.run("run", export, "--from", "letterboxd", "-n").status == 0
    ended = machine.run("run", export, "--from", "mal", "-n")
    assert ended.status == 5
    assert "MyAnimeList" in ended.err


def test_encoding_is_taken_as_said(machine: Any) -> None:
    """Where finding out would do as well, and where it could not."""
    export = machine.export(f"{HEAD}2024-05-01,Amélie,2001,https://boxd.it/2aUc,5\n".encode("utf-16-le"))
    machine.run("run", export, "--encoding", "utf-16-le")
    assert titles(machine) == {"Amélie"}


def test_on_conflict_decides_where_the_account_differs(machine: Any) -> None:
    """newer compares dates, keep keeps, overwrite sends."""
    machine.run("run", machine.export(), "--limit", "1")
    heat = machine.sandbox.catalog.by_name(("movie",), "Heat", 1995)
    machine.sandbox.account.rate(heat, 3, "2025-01-01T00:00:00Z")
    for word in ("keep", "newer"):
        ended = machine.run("run", machine.export(), "--on-conflict", word, "--json")
        assert ended.document["reasons"]["kept"] == {"conflict": 1}
        assert machine.sandbox.rated("Heat", 1995).rating == 3
    machine.run("run", machine.export(), "--on-conflict", "overwrite")
    assert machine.sandbox.rated("Heat", 1995).rating == 9


def test_no_verify_reads_nothing_back(machine: Any) -> None:
    """Fewer requests, and the echo's word for it."""
    ended = machine.run("run", machine.export(), "--no-verify", "--json")
    assert ended.document["totals"]["applied"] == 4
    last = machine.sandbox.log[-1]
    assert (last.method, last.path) == ("POST", "/sync/ratings")


def test_reports_are_written_by_their_suffix(machine: Any) -> None:
    """And a rejects file, as often as one asks."""
    export = machine.export(f"{HEAD}2024-05-01,Heat,1995,https://boxd.it/2a7i,4\n2024-05-01,Bad,1995,https://b/,9\n")
    names = ["a.html", "b.csv", "c.json", "d.JSONL", "r1.csv", "r2.csv"]
    paths = [machine.folder / name for name in names]
    options = [word for path in paths[:4] for word in ("--report", str(path))]
    options += [word for path in paths[4:] for word in ("--rejects", str(path))]
    assert machine.run("run", export, *options).status == 3
    assert paths[0].read_text().casefold().startswith("<!doctype html>")
    assert len(rows(paths[1])) == 2
    assert json.loads(paths[2].read_text())["run"]["totals"]["read"] == 2
    assert [json.loads(line)["title"] for line in paths[3].read_text().splitlines()] == ["Heat", "Bad"]
    for path in paths[4:]:
        (row,) = rows(path)
        assert (row["reason"], row["title"], row["line"]) == ("out_of_range", "Bad", "3")
    assert not list(machine.folder.glob(".*.part"))


def test_a_report_that_cannot_be_written_does_not_cost_the_result(machine: Any) -> None:
    """Told before the run where that can be seen, else with all its numbers."""
    ended = machine.run("run", machine.export(), "--report", str(machine.folder / "none" / "x.csv"))
    assert (ended.status, machine.sent()) == (2, [])
    (machine.folder / "x.csv").mkdir()
    ended = machine.run("run", machine.export(), "--report", str(machine.folder / "x.csv"))
    assert (ended.status, machine.sent()) == (2, [])
    (machine.folder / "full.csv").symlink_to("/dev/full")
    ended = machine.run("run", machine.export(), "--json", "--report", str(machine.folder / "full.csv"))
    assert (ended.status, ended.document["totals"]["applied"]) == (2, 4)
    assert "No space left" in ended.err


def test_the_same_title_in_two_exports_is_one_item(machine: Any) -> None:
    """The newer date wins; the other row is its duplicate."""
    other = machine.export(f"{HEAD}2025-01-01,HEAT,1995,https://boxd.it/2a7i,1\n", "later.csv")
    ended = machine.run("run", other, machine.export(), "--json")
    assert ended.document["totals"]["duplicate"] == 1
    assert [item["rating"] for item in machine.sent() if item["title"].casefold() == "heat"] == [2]


def test_one_broken_row_does_not_stop_the_others(machine: Any) -> None:
    """It is told with its file and line."""
    export = machine.export(
        f"{HEAD}2024-05-01,Heat,1995,https://boxd.it/2a7i,4\n2024,broken\n2024-05-01,Ronin,1998,u,4\n"
    )
    ended = machine.run("run", export)
    assert ended.status == 3
    assert titles(machine) == {"Heat", "Ronin"}
    assert "ratings.csv:3" in ended.out


@pytest.mark.parametrize("name", ["run", "undo"])
def test_the_embedded_sandbox_needs_no_credentials(machine: Any, name: str) -> None:
    """And never meets the real account."""
    nobody: dict[str, Any] = {"SIMKL_ACCESS_TOKEN": None, "SIMKL_CLIENT_ID": None, "SIMKL_API_URL": None}
    machine.run("run", machine.export(), "--sandbox", **nobody)
    line = ("run", machine.export(), "--sandbox") if name == "run" else ("undo", "--sandbox")
    ended = machine.run(*line, "--json", **nobody)
    assert ended.status == 0
    assert ended.document["totals"]["unchanged" if name == "run" else "removed"] == 4
    assert machine.sandbox.log == []


def test_the_first_run_foretells_the_requests_that_it_makes(machine: Any) -> None:
    """Films and series never share a request; what a dry run says is no other number."""
    export = machine.export(
        "type,title,year,rating\nmovie,Heat,1995,9\nmovie,Alien,1979,8\nshow,Breaking Bad,2008,9\n", "both.csv"
    )
    dry = machine.run("run", export, "--dry-run")
    wet = machine.run("run", export)
    assert len(machine.sandbox.requests("POST", "/sync/ratings")) == 2
    for said in (dry.err, wet.err):
        assert "To send: 3 ratings in 2 requests" in said
