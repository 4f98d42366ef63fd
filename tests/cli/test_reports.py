"""What `status` and `report` tell of a run that is on record, in every form."""

from __future__ import annotations

import csv
import json
import os
from typing import Any

import pytest

EXPORT = """Date,Name,Year,Letterboxd URI,Rating
2024-05-01,Heat,1995,https://boxd.it/2a7i,4.5
2024-05-01,Ronin,1998,https://boxd.it/1AJq,5.5
2024-05-02,Alien,1979,https://boxd.it/2awY,
"""
FIELDS = (
    "source file line key kind title year ids source_rating rating rated_at date_from outcome reason note simkl_status "
    "prior_rating prior_rated_at matched batch"
)
REJECTS = (
    "reason,source,file,line,key,type,title,year,rating,rated_at,simkl,imdb,tmdb,tvdb,mal,anidb,anilist,kitsu,"
    "letterboxd,source_rating"
)


@pytest.fixture
def done(machine: Any) -> Any:
    """A machine after one run: one film applied, one out of range, one unrated."""
    assert machine.run("run", machine.export(EXPORT)).status == 3
    return machine


def test_jsonl_has_one_object_a_row_with_every_field_in_order(done: Any) -> None:
    """As the contract lists them."""
    rows = [json.loads(line) for line in done.run("report", "--format", "jsonl").out.splitlines()]
    assert [list(row) for row in rows] == [FIELDS.split()] * 3
    heat, ronin, alien = rows
    assert heat["key"] == "letterboxd:https://boxd.it/2a7i"
    assert (heat["source"], heat["file"], heat["line"]) == ("letterboxd", "ratings.csv", 2)
    assert (heat["source_rating"], heat["rating"], heat["rated_at"]) == ("4.5", 9, "2024-05-01T12:00:00Z")
    assert (heat["date_from"], heat["outcome"], heat["simkl_status"]) == ("rating", "applied", "completed")
    assert heat["matched"]["title"] == "Heat"
    assert heat["batch"] is not None
    assert (ronin["outcome"], ronin["reason"]) == ("rejected", "out_of_range")
    assert (alien["outcome"], alien["reason"], alien["rating"]) == ("skipped", "unrated", None)


def test_csv_is_the_default_in_a_pipe_and_has_the_same_rows(done: Any) -> None:
    """On stdout."""
    rows = list(csv.DictReader(done.run("report").out.splitlines()))
    assert [(row["title"], row["outcome"]) for row in rows] == [
        ("Heat", "applied"),
        ("Ronin", "rejected"),
        ("Alien", "skipped"),
    ]


def test_a_terminal_gets_text(done: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers, each title with what happened to it, and at the very end what to do."""
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    text = done.run("report").out
    assert "3 rows read; 1 is on Simkl; 1 needs you." in text
    assert "Heat (1995)  9  rated 2024-05-01" in text
    assert "Ronin (1998)  5.5  ratings.csv:3" in text
    assert text.splitlines()[-1] == "    simkl-import run rejects.csv"


def test_text_goes_into_a_file_by_its_suffix(done: Any) -> None:
    """As into a pipe."""
    path = done.folder / "rows.txt"
    assert done.run("report", "--output", str(path)).status == 0
    assert path.read_text() == done.run("report", "--format", "text").out


def test_outcomes_narrow_every_format(done: Any) -> None:
    """One or several; as text the rows alone, each with what happened to it."""
    lines = done.run("report", "--format", "jsonl", "--outcome", "rejected").out.splitlines()
    assert [json.loads(line)["title"] for line in lines] == ["Ronin"]
    text = done.run("report", "--format", "csv", "--outcome", "rejected", "--outcome", "skipped").out
    assert [row["title"] for row in csv.DictReader(text.splitlines())] == ["Ronin", "Alien"]
    assert done.run("report", "--format", "text", "--outcome", "applied").out == (
        "Sent, and on Simkl (1)\n  Heat (1995)  9  rated 2024-05-01\n"
    )
    assert done.run("report", "--format", "text", "--outcome", "kept").out == "No row has that outcome.\n"
    ended = done.run("report", "--outcome", "aplied")
    assert (ended.status, "applied" in ended.err) == (2, True)
    assert done.run("report", "--format", "snapshot", "--outcome", "kept").status == 2


def test_replaced_and_kept_ratings_are_named_with_both_sides(machine: Any) -> None:
    """By a dry run, by -v and by the report: title, before, after, and the date of each."""
    heat, alien = (machine.sandbox.catalog.by_name(("movie",), *title) for title in (("Heat", 1995), ("Alien", 1979)))
    machine.sandbox.account.rate(heat, 7, "2021-03-02T20:00:00Z")
    machine.sandbox.account.rate(alien, 3, "2025-01-01T00:00:00Z")
    replaced = "  Heat (1995)  7 → 9  replaces your 7 of 2021-03-02; rated 2024-05-01\n"
    kept = "  Alien (1979)  3  keeps your 3 of 2025-01-01; the export says 10, rated 2024-05-02\n"
    foretold = machine.run("run", machine.export(), "-n").out
    assert replaced in foretold
    assert kept in foretold
    assert "add --on-conflict overwrite" in foretold
    assert "Ronin" not in foretold
    assert "  Ronin (1998)  8  rated 2024-05-01\n" in machine.run("run", machine.export(), "-n", "-v").out
    done = machine.run("run", machine.export(), "-v").out
    for text in (done, machine.run("report", "--format", "text").out):
        assert replaced in text
        assert kept in text
        assert "  Ronin (1998)  8  rated 2024-05-01\n" in text


def test_stand_in_dates_are_told_wherever_a_date_is_shown(machine: Any) -> None:
    """By check, run and report, with how many there are of which kind and how to leave them out."""
    export = machine.export("Title,Year,Rating10,WatchedDate\nHeat,1995,9,2020-01-02\nRonin,1998,8,\nAlien,1979,7,\n")
    line = (
        "3 ratings have no rating date: 1 gets the day the title was watched, 2 get the day of the import; "
        "--undated skip leaves them out\n"
    )
    dates = {"rating": 0, "entry": 0, "watched": 1, "edited": 0, "run": 2}
    checked = machine.run("check", export, "-v").out
    done = machine.run("run", export, "-v").out
    for text in (checked, done, machine.run("report", "--format", "text").out):
        assert line in text
        assert "  Heat (1995)  9  watched 2020-01-02, no rating date\n" in text
        assert "no rating date\n" in text[text.index("Ronin") :]
        assert "Rated from" not in text
    for ended in (
        machine.run("check", export, "--json"),
        machine.run("run", export, "-n", "--json"),
        machine.run("run", export, "--json"),
    ):
        assert ended.document["dates"] == dates
    assert "no rating date" not in machine.run("check", machine.export(), "-v").out


def test_a_report_after_an_undo_says_what_was_taken_back(done: Any) -> None:
    """Its rows are as the run left them."""
    done.run("undo", "--yes")
    assert "Taken back since by run 2: 1 rating taken off" in done.run("report", "--format", "text").out
    assert "taken back since by run 2" in done.run("report", "--json").document["run"]["message"]


def test_json_is_the_summary_and_the_rows(done: Any) -> None:
    """By --format or by --json."""
    document = done.run("report", "--format", "json").document
    assert document == done.run("report", "--json").document
    assert document["schema"] == 1
    assert document["run"]["totals"]["read"] == len(document["rows"]) == 3


def test_rejects_hold_what_needs_a_person_and_can_be_imported(done: Any) -> None:
    """Mended, the row goes to Simkl under its own key."""
    text = done.run("report", "--format", "rejects").out
    assert text.splitlines()[0] == f"\ufeff{REJECTS}"
    (row,) = csv.DictReader(text.removeprefix("\ufeff").splitlines())
    assert (row["reason"], row["title"], row["source_rating"]) == ("out_of_range", "Ronin", "5.5")
    row["rating"] = "10"
    mended = done.export(f"{REJECTS}\n{','.join(row.values())}\n", "rejects.csv")
    assert done.run("run", mended).status == 0
    assert done.sandbox.rated("Ronin", 1998).rating == 10


def test_a_snapshot_is_the_account_before_the_first_write(machine: Any) -> None:
    """In the shape of Simkl's own backup."""
    machine.sandbox.account.rate(machine.sandbox.catalog.by_name(("movie",), "Heat", 1995), 3, "2020-01-01T00:00:00Z")
    machine.run("run", machine.export())
    document = machine.run("report", "--format", "snapshot").document
    (heat,) = document["movies"]
    assert (heat["user_rating"], heat["movie"]["title"]) == (3, "Heat")
    assert (document["shows"], document["anime"]) == ([], [])


def test_html_is_a_page_in_a_file(done: Any) -> None:
    """By its suffix, and told on stderr where it is."""
    path = done.folder / "report.html"
    ended = done.run("report", "--output", str(path))
    assert (ended.status, ended.out) == (0, "")
    assert str(path) in ended.err
    assert "<html" in path.read_text()


def test_html_never_goes_onto_a_terminal(done: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be noise; into a pipe it may go."""
    assert "<html" in done.run("report", "--format", "html").out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    ended = done.run("report", "--format", "html")
    assert (ended.status, ended.out, "--output" in ended.err) == (2, "", True)


def test_open_shows_the_page_in_the_browser(done: Any) -> None:
    """A file of our own, or the one that is named; where there is no browser it says which file to open."""
    heard = done.folder / "heard"
    browser = done.folder / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{heard}"\n')
    browser.chmod(0o755)
    ended = done.spawn("report", "--open", BROWSER=str(browser), DISPLAY=":0", SSH_CONNECTION="")
    page = done.home / "state" / "report.html"
    assert (ended.status, ended.out) == (0, "")
    assert heard.read_text() == f"{page.as_uri()}\n"
    assert "<html" in page.read_text()
    own = done.folder / "own.html"
    ended = done.spawn("report", "--open", "--output", str(own), SSH_CONNECTION="10.0.0.1 1 10.0.0.2 22")
    assert (ended.status, ended.err) == (0, f"written: {own}\nno browser was found here: open that file in one\n")
    assert heard.read_text() == f"{page.as_uri()}\n"
    assert done.run("report", "--open", "--format", "csv").status == 2


def test_a_browser_is_started_without_our_sign_in(done: Any) -> None:
    """What it is started with it keeps for days, and may send with a report of its crash. All else stays."""
    heard = done.folder / "heard"
    browser = done.folder / "browser"
    browser.write_text(f'#!/bin/sh\nenv > "{heard}"\n')
    browser.chmod(0o755)
    secret = {"SIMKL_CLIENT_ID": "c11ent5ecret", "SIMKL_ACCESS_TOKEN": "t0ken5ecret"}
    ended = done.spawn("report", "--open", BROWSER=str(browser), DISPLAY=":0", SSH_CONNECTION="", **secret)
    assert (ended.status, ended.out) == (0, "")
    assert f"BROWSER={browser}\n" in heard.read_text()
    assert "5ecret" not in heard.read_text()


def test_a_browser_that_cannot_be_started_is_no_defect(done: Any) -> None:
    """Python starts one that it knows by name without a shell: what is no program at all is an error there."""
    browser = done.folder / "firefox"
    browser.write_text("no program")
    browser.chmod(0o755)
    path = f"{done.folder}{os.pathsep}{os.environ['PATH']}"
    ended = done.spawn("report", "--open", BROWSER=str(browser), PATH=path, DISPLAY=":0", SSH_CONNECTION="")
    assert (ended.status, "no browser was found here" in ended.err) == (0, True)


def test_an_output_file_with_json_leaves_one_document_on_stdout(done: Any) -> None:
    """It says what was written where."""
    path = done.folder / "rows.csv"
    document = done.run("report", "--output", str(path), "--json").document
    assert (document["output"], document["format"], document["exit"]) == (str(path), "csv", 0)
    assert path.read_text().count("\n") == 4


def test_a_run_with_nothing_to_do_leaves_the_report_in_place(done: Any) -> None:
    """`report` shows the last that tried something; another run is named."""
    before = done.run("report").out
    done.run("run", done.export(EXPORT))
    assert done.run("report").out == before
    assert done.run("report", "--run", "1").out == before
    ended = done.run("report", "--run", "99")
    assert (ended.status, "99" in ended.err) == (2, True)


def test_status_tells_totals_runs_and_rows_gone(done: Any) -> None:
    """For a person and as a document."""
    document = done.run("status", "--json").document
    assert (document["schema"], document["command"], document["exit"]) == (1, "status", 0)
    assert document["items"]["applied"] == 1
    (run,) = document["runs"]
    assert (run["run"], run["state"], run["exit"], run["totals"]["read"]) == (1, "finished", 3, 3)
    text = done.run("status").out
    assert str(done.resume_file()) in text
    assert all(len(line) <= 80 for line in text.splitlines() if str(done.home) not in line)
    done.run("run", done.export("\n".join(EXPORT.splitlines()[:1] + EXPORT.splitlines()[2:]) + "\n"))
    assert done.run("status", "--json").document["gone"] == 1


def test_status_tells_what_is_still_to_be_sent(machine_with: Any) -> None:
    """Of a run that was stopped, and how to go on."""
    with machine_with(quota=5) as machine:
        assert machine.run("run", machine.export(), "--batch-size", "1").status == 6
        left = machine.run("status", "--json").document["pending"]
        assert 0 < left <= 4
        text = machine.run("status").out
        assert f"{left} row" in text
        assert "the same command again" in text


@pytest.mark.parametrize(("left", "again"), [(6, True), (7, True), (8, False)])
def test_the_last_requests_of_the_day_are_for_looking_at_what_the_last_one_sent(
    machine_with: Any, left: int, again: bool
) -> None:
    """If there are two of them; else the run is not at its end, says when it can go on, and asks nothing in vain."""
    with machine_with(quota=left) as machine:
        ended = machine.run("run", machine.export(), "--json")
        assert len(machine.sandbox.log) == (6 if again else left)
        assert (ended.status, ended.document["open"]) == ((6, 4) if again else (0, 0))
        assert (ended.document["resume_at"] is not None) is again


def test_a_named_resume_file_is_the_one_that_is_read(machine: Any) -> None:
    """By run, status, report and undo."""
    resume = str(machine.folder / "mine.sqlite")
    machine.run("run", machine.export(), "--resume-file", resume)
    assert not list((machine.home / "state").glob("*.sqlite"))
    assert machine.run("status", "--resume-file", resume, "--json").document["resume_file"] == resume
    assert len(machine.run("report", "--resume-file", resume).out.splitlines()) == 5
    assert machine.run("undo", "--yes", "--resume-file", resume, "--json").document["totals"]["removed"] == 4


def test_the_end_of_a_run_names_the_way_back(machine: Any) -> None:
    """Resume file, report, mending and undo, each as a command to copy."""
    resume = str(machine.folder / "r.sqlite")
    text = machine.run("run", machine.export(EXPORT), "--resume-file", resume).out
    assert f"--resume-file {resume}" in text
    for words in ("simkl-import undo", "simkl-import report --format rejects", "simkl-import run rejects.csv"):
        assert words in text
