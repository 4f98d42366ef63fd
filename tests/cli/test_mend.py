"""`mend`: a person says which titles are meant, and what was chosen is sent and remembered."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from importer.journal.file import open_journal
from importer.journal.owed import Debt, DebtState, Why, owe
from importer.model import Kind

EXPORT = """Date,Name,Year,Letterboxd URI,Rating
2024-05-01,Ronin,1998,https://boxd.it/1AJq,4
2024-05-02,Seven Samurais,1954,https://boxd.it/samu,4.5
2024-05-03,Heat,,https://boxd.it/heat,3
2024-05-04,Nobody Made This,2011,https://boxd.it/zzzz,3
2024-05-05,The Other Shark,1976,https://boxd.it/shrk,5
"""
"""One film that Simkl knows, one under a wrong name, one without a year, one that nobody made, one led astray."""

JAWS, HEAT, SAMURAI = 53037, 53036, 53041
SHARK = 53990


@pytest.fixture
def told(machine_with: Any) -> Iterator[Any]:
    """A machine whose last run told of four findings; the rating of Jaws that one of them hid was given back."""
    with machine_with(catalog="closed") as machine:
        catalog = machine.sandbox.catalog
        catalog.add("movie", "Ronin", 1998)
        catalog.add("movie", "The Other Shark Movie", 1976, {"simkl": SHARK}, also=["Other Shark"])
        catalog.alias("The Other Shark", 1976, "movie", JAWS)
        machine.sandbox.account.rate(JAWS, 4, "2011-02-03T04:05:06Z")
        ended = machine.run("run", machine.export(EXPORT), "--on-conflict", "overwrite", "--json")
        assert ended.document["notes"] == {"other_title": 1}
        assert (ended.status, ended.document["totals"]["not_found"]) == (3, 2)
        yield machine


@pytest.fixture
def choose(terminal: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A person at a terminal who types these lines."""

    def typed(machine: Any, *lines: str, options: tuple[str, ...] = ()) -> Any:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        return machine.run("mend", *options)

    return typed


def _searches(machine: Any) -> int:
    return sum(len(machine.sandbox.requests("GET", f"/search/{kind}")) for kind in ("movie", "tv", "anime"))


def _outcomes(machine: Any) -> dict[str, str]:
    out = machine.run("report", "--format", "csv").out
    return {row["title"]: row["outcome"] for row in csv.DictReader(io.StringIO(out.removeprefix("\ufeff")))}


def _rated(machine: Any) -> dict[int, int]:
    return {simkl: one.rating for simkl, one in machine.sandbox.account.ratings.items()}


def test_what_is_chosen_is_sent_remembered_and_told_in_the_report_of_its_run(told: Any, choose: Any) -> None:
    """By number, by a typed id, and by "not on Simkl"; the next mend and the next run ask nothing more."""
    ended = choose(told, f"https://simkl.com/movies/{SAMURAI}", "1", "n", str(SHARK), options=("--json",))
    assert (ended.status, ended.document["command"]) == (0, "mend")
    assert ended.document["totals"]["applied"] == 3
    assert _rated(told)[SAMURAI] == 9
    assert _rated(told)[HEAT] == 6
    assert _rated(told)[SHARK] == 10
    assert _rated(told)[JAWS] == 4, "the wrong title has what it had"
    assert _outcomes(told) == {
        "Ronin": "applied",
        "Seven Samurais": "applied",
        "Heat": "applied",
        "Nobody Made This": "not_found",
        "The Other Shark": "applied",
    }
    again = choose(told, options=("--json",))
    assert (again.status, again.document["run"]) == (0, None)
    changed = told.export(EXPORT.replace("samu,4.5", "samu,5"), "later.csv")
    later = told.run("run", changed, "--json").document
    assert (later["exit"], later["totals"]["applied"], later["totals"]["unchanged"]) == (0, 1, 3)
    assert _rated(told)[SAMURAI] == 10


def test_a_report_that_missed_a_mending_is_told_of_it_by_the_next(told: Any, choose: Any) -> None:
    """One that was killed before its end; what the reports count is moved along, reasons and notes too."""
    choose(told, f"simkl:{SAMURAI}", "1", "q")
    with closing(sqlite3.connect(told.resume_file(), isolation_level=None)) as file:
        (before,) = file.execute("SELECT summary FROM runs WHERE run = 1").fetchone()
        row = "SET outcome = 'not_found', matched_simkl = NULL WHERE run = 1 AND title = 'Seven Samurais'"
        file.execute(f"UPDATE rows {row}")
        file.execute("UPDATE rows SET outcome = 'rejected', reason = 'no_year' WHERE run = 1 AND title = 'Heat'")
        totals = {**json.loads(before)["totals"], "applied": 2, "not_found": 2, "rejected": 1}
        summary = {**json.loads(before), "totals": totals, "reasons": {"rejected": {"no_year": 1}}}
        file.execute("UPDATE runs SET summary = ? WHERE run = 1", (json.dumps(summary),))
    assert _outcomes(told)["Seven Samurais"] == "not_found"
    choose(told, "s", str(SHARK), "q")
    assert [_outcomes(told)[title] for title in ("Seven Samurais", "Heat", "The Other Shark")] == ["applied"] * 3
    report = told.run("report", "--format", "json").document
    run, counted = report["run"], Counter(row["outcome"] for row in report["rows"])
    assert {name: count for name, count in run["totals"].items() if count and name != "read"} == counted
    assert (run["reasons"].get("rejected"), run["notes"]) == (None, {})


def test_a_search_is_made_again_only_for_what_was_not_found_and_that_is_said_beforehand(told: Any, choose: Any) -> None:
    """Two requests for a row at most, one for the row that is found at once; no more rows than the limit."""
    ended = choose(told, "s", "s", options=("--limit", "2"))
    assert "To search: at most 4 requests" in ended.err
    assert "2 more rows are left for another time" in ended.err
    assert _searches(told) == 3
    assert not [item for item in told.sent() if item.get("title") == "Heat"]


def test_a_person_stops_and_goes_on_where_they_stopped(told: Any, choose: Any) -> None:
    """What was put off comes last, what was chosen is not asked about again."""
    first = choose(told, "s", "1", "q")
    assert first.status == 0
    assert _rated(told)[HEAT] == 6
    second = choose(told, "q")
    assert "1 of 3  Nobody Made This (2011)" in second.err
    assert "Heat" not in second.err


def test_what_was_chosen_before_an_interruption_goes_with_the_next_mend(
    told: Any, choose: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is on disk before anything is sent."""
    monkeypatch.setattr("sys.stdin", _Interrupted([f"simkl:{SAMURAI}\n"]))
    ended = told.run("mend")
    assert ended.status == 130
    assert SAMURAI not in _rated(told)
    second = choose(told, "q")
    assert "1 row is chosen before" in second.err
    assert _rated(told)[SAMURAI] == 9


class _Interrupted:
    """A person who types some lines, then Ctrl-C."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def readline(self) -> str:
        if not self._lines:
            raise KeyboardInterrupt
        return self._lines.pop(0)


def test_suggestions_stand_beside_the_rows_and_are_never_used_by_themselves(told: Any) -> None:
    """Empty where none is good enough; read back, the file changes nothing."""
    path = told.folder / "suggested.csv"
    ended = told.run("mend", "--suggest", str(path), "--json")
    assert ended.status == 0
    assert len(ended.out.splitlines()) == 1
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    assert list(rows[0])[-5:] == [
        "source_rating",
        "suggestion_simkl",
        "suggestion_title",
        "suggestion_year",
        "suggestion_url",
    ]
    found = {row["title"]: row["suggestion_simkl"] for row in rows}
    assert found == {"Seven Samurais": "", "Heat": str(HEAT), "Nobody Made This": "", "The Other Shark": str(SHARK)}
    before = len(told.sent())
    assert told.run("run", str(path), "--json").document["totals"]["applied"] == 0
    assert len(told.sent()) == before


def _suggested(machine: Any, *options: str) -> tuple[Any, dict[str, str]]:
    path = machine.folder / "suggested.csv"
    ended = machine.run("mend", "--suggest", str(path), *options)
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    return ended, {row["title"]: row["suggestion_simkl"] for row in rows}


def test_suggestions_go_on_where_the_last_call_ended(told: Any) -> None:
    """Each row is searched for once in some days; those that are left are counted, and every row is in the file."""
    whole = {"Seven Samurais": "", "Heat": str(HEAT), "Nobody Made This": "", "The Other Shark": str(SHARK)}
    ended, found = _suggested(told, "--limit", "2")
    assert "4 rows, 1 with a suggestion, 2 not searched for yet" in ended.out
    assert "the same command goes on with them" in ended.err
    assert found == {**whole, "The Other Shark": ""}
    searches = _searches(told)
    ended, found = _suggested(told, "--limit", "2")
    assert "2 rows were searched for in the last days" in ended.err
    assert "4 rows, 2 with a suggestion: " in ended.out
    assert found == whole
    assert 0 < _searches(told) - searches <= 4
    searches = _searches(told)
    ended, found = _suggested(told)
    assert (found, _searches(told)) == (whole, searches)
    assert "To search" not in ended.err


def test_a_row_that_says_something_else_is_searched_for_anew(told: Any) -> None:
    """So is one whose search is a week old; a dry run remembers nothing."""
    _suggested(told, "-n")
    searches = _searches(told)
    assert searches > 0
    _suggested(told)
    assert _searches(told) == 2 * searches
    changed = told.export(EXPORT.replace("Heat,,", "Ronin,,"), "later.csv")
    told.run("run", changed)
    _, found = _suggested(told)
    assert found["Ronin"]
    assert _searches(told) == 2 * searches + 1
    with closing(sqlite3.connect(told.resume_file(), isolation_level=None)) as file:
        (text,) = file.execute("SELECT value FROM meta WHERE name = 'suggested'").fetchone()
        old = {key: [asked, at - 8 * 86_400, *rest] for key, (asked, at, *rest) in json.loads(text).items()}
        file.execute("UPDATE meta SET value = ? WHERE name = 'suggested'", (json.dumps(old),))
    before = _searches(told)
    _suggested(told)
    assert _searches(told) == before + searches


def test_a_choice_is_shown_by_status_and_can_be_taken_back(told: Any, choose: Any) -> None:
    """Then the row is asked about again."""
    choose(told, "n", "q")
    (choice,) = told.run("status", "--json").document["choices"]
    assert (choice["title"], choice["absent"]) == ("Seven Samurais", True)
    assert f"  {choice['key']}  Seven Samurais (1954): not on Simkl\n" in told.run("status").out
    file = str(told.resume_file())
    shown = told.run("status", "--resume-file", file).out
    assert f"(simkl-import mend --resume-file {file} --forget KEY takes it back)" in shown
    assert told.run("mend", "--forget", choice["key"]).status == 0
    assert told.run("status", "--json").document["choices"] == []
    assert "Seven Samurais" in choose(told, "q").err
    assert told.run("mend", "--forget", "letterboxd:none").status == 2


def test_not_on_simkl_takes_a_rating_off_the_title_that_it_fell_on(machine: Any, choose: Any) -> None:
    """What stood on the wrong title by mistake stands there no more, and the row is not sent again."""
    machine.sandbox.catalog.alias("Shark Film", 1975, "movie", JAWS)
    export = machine.export(EXPORT.splitlines()[0] + "\n2024-05-03,Shark Film,1975,https://boxd.it/2awY,4\n")
    assert machine.run("run", export, "--yes").status == 3
    assert _rated(machine) == {JAWS: 8}
    ended = choose(machine, "n", options=("--json",))
    assert (ended.status, ended.document["owed"]) == (0, 0)
    assert _rated(machine) == {}
    assert machine.run("run", export, "--yes").status == 0
    assert _rated(machine) == {}
    assert "1 of 1" not in choose(machine).err


def test_a_film_that_simkl_files_as_anime_is_found_there_and_sent_as_such(machine: Any, choose: Any) -> None:
    """Its kind is remembered with it, so that the next export leads there, too."""
    film = machine.sandbox.catalog.add(
        "anime", "Kumo no Mukou", 2004, anime_type="movie", also=["The Place Promised in Our Early Days"]
    )
    rows = EXPORT.splitlines()[0] + "\n2024-05-03,The Place Promised in Our Early Days,,https://boxd.it/kumo,4\n"
    assert machine.run("run", machine.export(rows), "--yes").status == 3
    ended = choose(machine, "1", options=("--json",))
    assert "Kumo no Mukou (2004), anime" in ended.err
    assert (ended.status, ended.document["totals"]["applied"]) == (0, 1)
    (item,) = machine.sent()
    assert (item["group"], item["ids"]) == ("shows", {"simkl": film.simkl})
    assert _rated(machine) == {film.simkl: 8}
    later = machine.run("run", machine.export(rows.replace(",4", ",5"), "later.csv"), "--json").document
    assert (later["exit"], later["totals"]["applied"]) == (0, 1)
    assert _rated(machine) == {film.simkl: 10}


def test_a_mending_can_be_taken_back_like_a_run(told: Any, choose: Any) -> None:
    """By its own number, and that alone."""
    number = choose(told, f"simkl:{SAMURAI}", "q", options=("--json",)).document["run"]
    assert told.run("undo", "--run", str(number), "--yes").status == 0
    assert SAMURAI not in _rated(told)
    assert len(_rated(told)) == 2


def test_a_debt_that_is_stuck_can_be_let_go(told: Any) -> None:
    """With the key of its row."""
    journal = open_journal(told.resume_file(), told.resume_file().stem)
    with journal.transaction():
        owe(
            journal, [Debt(JAWS, Kind.MOVIE, "Jaws", 1975, 4, 5, 5, Why.GIVE, DebtState.STUCK, "letterboxd:x", 1, 0, 0)]
        )
    journal.close()
    assert told.run("status", "--json").document["stuck"] == 1
    ended = told.run("mend", "--forget", "letterboxd:x", "--json")
    assert (ended.status, ended.document["stuck"]) == (0, 0)
    assert "Jaws" in ended.document["message"]
    assert told.run("status", "--json").document["stuck"] == 0


def test_the_last_requests_of_a_day_are_left_for_sending(told: Any, choose: Any) -> None:
    """Rows that are not searched for wait for another day, and what was chosen is sent all the same."""
    told.sandbox.account.day.leave(time.time(), 500, 9)
    ended = choose(told, f"simkl:{SAMURAI}", "s", "s", "s")
    assert "Today's requests are nearly used" in ended.err
    assert _searches(told) < 4
    assert _rated(told)[SAMURAI] == 9


def test_a_row_that_nobody_knows_by_its_key_is_asked_about_and_remembered(told: Any, choose: Any) -> None:
    """Under the key that the generic CSV gives it."""
    rows = "reason,source,file,line,key,type,title,year,rating,rated_at,simkl,source_rating\r\n"
    path = told.export(rows + ",,,,,movie,Fuego contra Fuego,1995,8,2020-01-05,,8\r\n", "rejects.csv")
    ended = choose(told, "1", options=(path, "--json"))
    assert (ended.status, ended.document["totals"]["read"]) == (0, 1)
    assert _rated(told)[HEAT] == 8
    (choice,) = told.run("status", "--json").document["choices"]
    assert choice["key"].startswith("generic:")


def test_a_title_under_one_of_its_own_names_is_no_false_alarm(told: Any, choose: Any) -> None:
    """The note goes, and nobody is asked."""
    told.sandbox.catalog.add("movie", "Jaws", 1975, {"simkl": str(JAWS)}, also=["The Other Shark"])
    ended = choose(told, "q")
    assert "1 row is on the right title after all" in ended.err
    assert "1 of 3" in ended.err


def test_a_dry_run_changes_neither_account_nor_record(told: Any, choose: Any) -> None:
    """What would be sent is pending."""
    before = _rated(told)
    ended = choose(told, "s", "1", "q", options=("-n", "--json"))
    assert ended.document["totals"]["pending"] == 1
    assert _rated(told) == before
    assert told.run("status", "--json").document["choices"] == []


def test_an_address_names_a_title_of_its_own_kind_alone(told: Any, choose: Any) -> None:
    """A number that means one thing among films and another among series is not taken for the other."""
    told.sandbox.catalog.add("show", "Some Series", 2001, {"tmdb": "7654321"})
    ended = choose(told, "https://www.themoviedb.org/movie/7654321", "https://www.themoviedb.org/tv/7654321", "q")
    assert "Simkl knows no title by tmdb 7654321" in ended.err
    assert "Chosen: Some Series (2001)" in ended.err


def test_a_rejects_file_that_nobody_filled_in_leaves_not_on_simkl_as_it_is(told: Any, choose: Any) -> None:
    """Also of a rejected row."""
    path = str(told.folder / "rejects.csv")
    told.run("report", "--format", "rejects", "--output", path)
    choose(told, "s", "n", "q")
    told.run("run", path)
    choices = told.run("status", "--json").document["choices"]
    assert [one["absent"] for one in choices if one["title"] == "Heat"] == [True]


@pytest.mark.parametrize("typed", ["x", "7", "https://example.org/title/1", "imdb:none"])
def test_what_is_no_answer_is_asked_again(told: Any, choose: Any, typed: str) -> None:
    """And nothing is sent for it."""
    before = len(told.sent())
    assert "none of these" in choose(told, typed, "q").err
    assert len(told.sent()) == before


def test_an_id_that_simkl_does_not_know_is_told_and_asked_again(told: Any, choose: Any) -> None:
    """A film has no title by it."""
    assert "Simkl knows no title by imdb tt9999999" in choose(told, "tt9999999", "q").err


def test_every_line_of_a_question_fits_80_columns(told: Any, choose: Any) -> None:
    """Whatever a title is like."""
    told.sandbox.catalog.add("movie", "Heat " + "and more of it " * 20, 1995)
    for line in choose(told, "s", "q").err.splitlines():
        assert len(line) <= 80 or "https://" in line


def test_without_a_terminal_a_sign_in_or_a_resume_file_nothing_is_asked(machine: Any, terminal: None) -> None:
    """Each has its status."""
    assert machine.spawn("mend").status == 2
    assert machine.run("mend").status == 2, "nothing is on record of the account"
    assert machine.run("mend", SIMKL_ACCESS_TOKEN=None).status == 4
