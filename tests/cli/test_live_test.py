"""`doctor --live`: tries what the pages leave open on three titles, sees both answers, leaves the account as it was."""

from __future__ import annotations

import copy
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import Any

import pytest

from importer.cli.live_test import question_of
from importer.machine.lock import exclusive
from importer.run.checkup.exchange import LIBRARY
from importer.run.checkup.live import REQUESTS, Proposal
from importer.run.checkup.titles import CANDIDATES
from importer.sandbox.account import Account, Rating

EXPORT = "Date,Name,Year,Letterboxd URI,Rating\n2024-05-01,Casablanca,1942,https://boxd.it/1,4.5\n"
FILMS = ["Casablanca", "Psycho", "Vertigo", "Seven Samurai", "Inception"]


def furnish(machine: Any) -> None:
    """Put ratings and lists onto the account that must stay as they are."""
    account, titles = machine.sandbox.account, machine.sandbox.catalog
    account.rate(titles.find("movie", "Heat", 1995), 9, "2024-05-01T20:00:00Z")
    account.rate(titles.find("show", "Chernobyl", 2019), 8, "2023-01-01T10:11:12Z")
    account.put_on_list(titles.find("movie", "Jaws", 1975), "plantowatch")


def held(machine: Any) -> Any:
    """All that the account holds, but not when it last moved."""
    shelf = machine.sandbox.account.shelf
    return copy.deepcopy((shelf.ratings, shelf.library, shelf.listed))


def live(machine: Any, *line: str, **environment: str | None) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Run it without a question; return its status, its document and the answers by question."""
    ended = machine.run("doctor", "--live", "--yes", "--json", *line, **environment)
    document = ended.document
    assert document["exit"] == ended.status
    return ended.status, document, {one["question"]: one["answer"] for one in document["live"]["observations"]}


def line(document: dict[str, Any], name: str) -> dict[str, Any]:
    """The one line of that name."""
    (found,) = [one for one in document["lines"] if one["name"] == name]
    return dict(found)


def written(machine: Any) -> list[tuple[str, str, int]]:
    """Every item of every write: the path, the box and the title's number."""
    return [
        (entry.path, box, item["ids"].get("simkl") if "ids" in item else None)
        for entry in machine.sandbox.log
        if entry.method == "POST" and entry.path.startswith("/sync/")
        for box, items in entry.body.items()
        for item in items
    ]


def test_everything_is_tried_and_everything_stands_as_before(machine: Any) -> None:
    """On three titles alone, by their numbers alone; the judge of bodies minds nothing but the questions themselves."""
    furnish(machine)
    before = held(machine)
    status, document, answers = live(machine)
    assert (status, document["live"]["begun"], document["live"]["left"]) == (0, True, 0)
    assert held(machine) == before
    titles = machine.sandbox.catalog.titles
    assert {titles[number].title for _, _, number in written(machine)} == {"Casablanca", "Twin Peaks", "Akira"}
    assert {one.kind for one in machine.sandbox.content_violations} == {"alike"}
    posts = [entry for entry in machine.sandbox.log if entry.method == "POST"]
    assert all(
        set(item) <= {"ids", "rating", "rated_at"} and set(item["ids"]) == {"simkl"}
        for entry in posts
        for items in entry.body.values()
        for item in items
    )
    assert answers == {
        "a read after a write": "at once",
        "rated_at of activities": "moves",
        "list after a rating": "completed, watching, completed",
        "date of a rating": "exact",
        "date before 2000": "exact",
        "anime[] in a rating": "taken",
        "equal rating and date": "counted",
        "equal rating, new date": "moves",
        "two of one in a box": "last",
        "one in both boxes": "order",
        "date_from, own second": "left out",
        "anime[] in a removal": "taken",
        "list after a removal": "stays",
        "removal in the delta": "null",
        "ids in /redirect": "there, nowhere",
        "names in /redirect": "there",
        "token for /redirect": "needed, 301",
        "time for an answer": answers["time for an answer"],
    }
    counted = document["live"]["requests"]
    assert counted["post"] == len(posts)
    assert counted["post"] + counted["get"] <= REQUESTS
    spent = machine.sandbox.account.day.used
    assert spent <= counted["post"] + counted["get"] + 2  # what doctor itself asks


BOTH_WAYS = [
    ("status-plan-to-watch", "list after a rating", "plantowatch, plantowatch, plantowatch"),
    ("day-dates", "date of a rating", "day"),
    ("shifted-dates", "date of a rating", "shifted"),
    ("no-rated-at", "date of a rating", "none"),
    ("dates-ignored", "date of a rating", "ignored"),
    ("dates-ignored", "date before 2000", "ignored"),
    ("old-dates-unknown", "date before 2000", "none"),
    ("old-dates-epoch", "date before 2000", "changed"),
    ("ignore-anime", "anime[] in a rating", "ignored"),
    ("equal-uncounted", "equal rating and date", "named"),
    ("equal-silent", "equal rating and date", "silent"),
    ("no-statuses", "equal rating and date", "unnamed"),
    ("equal-keeps-date", "equal rating, new date", "stays"),
    ("duplicates-first", "two of one in a box", "first"),
    ("duplicates-once", "two of one in a box", "first"),
    ("duplicates-refused", "two of one in a box", "refused"),
    ("movies-first", "one in both boxes", "shows"),
    ("shows-first", "one in both boxes", "movies"),
    ("duplicates-first", "one in both boxes", "first"),
    ("duplicates-refused", "one in both boxes", "refused"),
    ("delta-inclusive", "date_from, own second", "included"),
    ("frozen-stamps", "date_from, own second", "unknown"),
    ("frozen-stamps", "rated_at of activities", "stays"),
    ("ignore-anime-removal", "anime[] in a removal", "ignored"),
    ("removal-unlists", "list after a removal", "leaves"),
    ("delta-removed-dated", "removal in the delta", "null, dated"),
    ("delta-removed-bare", "removal in the delta", "bare"),
    ("slugs-unknown", "ids in /redirect", "there, nowhere"),
    ("redirect-names-unknown", "names in /redirect", "nowhere"),
    ("redirect-open", "token for /redirect", "not needed, 301"),
    ("redirect-302", "token for /redirect", "needed, 302"),
]


@pytest.mark.parametrize(("fault", "question", "answer"), BOTH_WAYS, ids=lambda value: str(value).replace(" ", "-"))
def test_the_other_answer_is_seen_and_put_back_all_the_same(
    machine_with: Any, fault: str, question: str, answer: str
) -> None:
    """Whatever the service does, the account stands as before, and that is no trouble."""
    with machine_with(faults=[fault]) as machine:
        furnish(machine)
        before = held(machine)
        status, document, answers = live(machine)
        assert answers[question] == answer
        assert (status, document["live"]["left"]) == (0, 0)
        assert held(machine) == before


def test_ids_that_lead_nowhere_are_named(machine_with: Any) -> None:
    """By their keys, so that the table tells which of them."""
    with machine_with(faults=["slugs-unknown"]) as machine:
        (told,) = [one["text"] for one in live(machine)[1]["live"]["observations"] if one["question"].startswith("ids")]
        there, nowhere = told.split("; ")
        assert "letterboxd" in nowhere
        assert "traktslug" in nowhere
        assert "imdb (3)" in there


def test_a_read_that_lags_is_looked_at_again(machine: Any) -> None:
    """And told: the first write is not shown by the first reading after it, but by the second."""
    dials = machine.sandbox.faults.dials
    dials.lag = 3600.0  # longer than any machine takes
    machine.sandbox.faults.turn_on("lagging-reads")
    catch_up = partial(setattr, dials, "lag", 0.0)
    on_post(machine, 1, lambda: on_request(machine, is_whole_reading, 2, catch_up))
    status, _, answers = live(machine)
    assert (status, answers["a read after a write"]) == (0, "late")


def test_it_keeps_the_pace_of_a_run(machine_with: Any) -> None:
    """Of writes, reads and look-ups alike, at its real length."""
    with machine_with(pace=1.0) as machine:
        status, _, answers = live(machine, SIMKL_IMPORT_TIME_SCALE="1")
        assert (status, len(answers)) == (0, 18)
        assert machine.sandbox.pace_violations == []
        assert [entry.status for entry in machine.sandbox.log if entry.status in (412, 429)] == [429, 429]  # rehearsed


def test_a_rating_that_no_read_shows_yet_is_put_back_all_the_same(machine: Any) -> None:
    """A title is not taken for one that was never written to while a read may lag behind the write."""
    dials = machine.sandbox.faults.dials
    dials.lag = 3600.0  # longer than any machine takes
    machine.sandbox.faults.turn_on("lagging-reads")
    on_post(machine, 2, lambda: setattr(dials, "lag", 0.0))
    status, document, answers = live(machine)
    assert (status, answers["a read after a write"]) == (6, "missing")
    assert (document["live"]["left"], machine.sandbox.account.library) == (0, {})


# What it asks for


def test_a_person_is_asked_with_all_that_they_should_know(
    machine: Any, terminal: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The three names, the requests, and that others may see it; no is the default, and writes nothing."""
    asked: list[str] = []

    def no(question: str, **_: object) -> bool:
        asked.append(question)
        return False

    monkeypatch.setattr("click.confirm", no)
    ended = machine.run("doctor", "--live")
    assert (ended.status, len(asked), written(machine)) == (0, 1, [])
    for name in ("Casablanca (1942)", "Twin Peaks (1990)", "Akira (1988)", f"up to {REQUESTS} requests", "others may"):
        assert name in ended.err
    assert "profile" in ended.err
    assert max(map(len, ended.err.splitlines())) < 80
    assert "you said no, and nothing was written" in " ".join(ended.out.split())
    assert machine.run("status", "--json").document["runs"] == []


def test_a_title_that_comes_onto_the_account_while_we_ask_is_left_alone(
    machine: Any, terminal: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is written then."""
    film = machine.sandbox.catalog.find("movie", "Casablanca", 1942)

    def yes(*_: object, **__: object) -> bool:
        machine.sandbox.account.put_on_list(film, "plantowatch")
        return True

    monkeypatch.setattr("click.confirm", yes)
    ended = machine.run("doctor", "--live")
    assert (ended.status, written(machine)) == (0, [])
    assert machine.sandbox.account.library == {film.simkl: "plantowatch"}


def test_without_a_terminal_it_needs_yes(machine: Any) -> None:
    """Nothing at all is done then."""
    ended = machine.run("doctor", "--live")
    assert (ended.status, ended.out, machine.sandbox.log) == (2, "", [])
    assert "--yes" in ended.err


def test_the_number_of_requests_is_told_beside_what_is_left() -> None:
    """Where Simkl tells it."""
    assert "of the 451 that are left today" in " ".join(question_of(Proposal(("A",), 9, 451)).split())
    assert "left today" not in question_of(Proposal(("A",), 9, None))


def test_the_table_holds_no_name_and_no_number_of_anybody(machine: Any) -> None:
    """It is what people paste; 80 columns are enough for it."""
    ended = machine.run("doctor", "--live", "--yes")
    _, _, table = ended.out.partition("What Simkl does")
    assert "two of one in a box      the last of the two stands; both are named\n" in table
    assert max(map(len, table.splitlines())) <= 80
    for secret in ("Casablanca", "Twin Peaks", "Akira", "Sandbox", *map(str, machine.sandbox.catalog.titles)):
        assert secret not in table.partition("\n")[2], secret


# Which titles


def rate(machine: Any, *names: str) -> None:
    """Let the person have rated films."""
    for name in names:
        machine.sandbox.account.rate(machine.sandbox.catalog.find("movie", name), 7)


def test_titles_of_the_person_are_left_alone(machine: Any) -> None:
    """Rated or only listed: the next of the list is taken."""
    rate(machine, "Casablanca")
    machine.sandbox.account.put_on_list(machine.sandbox.catalog.find("movie", "Psycho"), "plantowatch")
    machine.sandbox.account.put_on_list(machine.sandbox.catalog.find("anime", "Akira"), "hold")
    before = held(machine)
    assert live(machine)[0] == 0
    numbers = {machine.sandbox.catalog.titles[number].title for _, _, number in written(machine)}
    assert numbers == {"Vertigo", "Twin Peaks", "Grave of the Fireflies"}
    assert held(machine) == before


def test_where_too_few_are_free_nothing_is_written(machine: Any) -> None:
    """And it says so."""
    rate(machine, *FILMS)
    assert [one.title for one in next(iter(CANDIDATES.values()))] == FILMS
    status, document, answers = live(machine)
    assert (status, answers, written(machine)) == (0, {}, [])
    assert line(document, "live test")["state"] == "warning"
    assert "every film" in line(document, "live test")["text"]


def test_a_page_that_is_another_titles_is_not_written_to(machine: Any) -> None:
    """A number may have been given to another title: name, year and id must be those of the list."""
    catalog = machine.sandbox.catalog
    wrong = catalog.find("movie", "Casablanca", 1942)
    catalog.put(type(wrong)(wrong.simkl, "movie", "Another Film", 1942, wrong.ids))
    assert live(machine)[0] == 0
    assert wrong.simkl not in {number for _, _, number in written(machine)}


def test_a_shipped_number_is_used_where_its_page_is_right(machine: Any) -> None:
    """And is looked up by an id where it is not: both lead to the same title here."""
    rate(machine, *FILMS[:-1])
    catalog = machine.sandbox.catalog
    real = catalog.find("movie", "Inception", 2010)
    assert live(machine)[0] == 0
    assert real.simkl in {number for _, _, number in written(machine)}
    machine.sandbox.log.clear()
    catalog.put(type(real)(472214, "movie", "Inception", 2010, real.ids))
    assert live(machine)[0] == 0
    assert 472214 in {number for _, _, number in written(machine)}


# What it must never do


def test_a_later_undo_knows_nothing_of_it(machine: Any) -> None:
    """It takes back the import before; the live test is named by status, and undo --run says what it was."""
    machine.run("run", machine.export())
    rated = held(machine)
    assert live(machine)[0] == 0
    assert held(machine) == rated
    runs = machine.run("status", "--json").document["runs"]
    assert [(one["command"], one["state"], one["exit"]) for one in runs] == [
        ("doctor", "finished", 0),
        ("run", "finished", 0),
    ]
    assert "everything is put back" in runs[0]["message"]
    refused = machine.run("undo", "--run", "2", "--yes")
    assert refused.status == 2
    assert "live test" in refused.err
    assert held(machine) == rated
    assert machine.run("undo", "--yes").status == 0
    assert machine.sandbox.account.ratings == {}
    assert machine.run("report", "--run", "2", "--format", "text").out.startswith("A live test of Simkl")


def test_a_stopped_import_goes_on_beside_it_as_one_run(machine: Any) -> None:
    """A live test between its parts makes no second run of it."""
    machine.sandbox.faults.script("POST /sync/ratings", ["quota"])
    export = machine.export()
    assert machine.run("run", export).status == 6
    machine.sandbox.faults.turn_off()
    assert live(machine)[0] == 0
    assert machine.run("run", export).status == 0
    runs = machine.run("status", "--json").document["runs"]
    assert [(one["command"], one["state"]) for one in runs] == [("doctor", "finished"), ("run", "finished")]


def test_an_unchanged_export_costs_nothing_afterwards(machine: Any) -> None:
    """What is put back is nobody's business any more."""
    export = machine.export()
    machine.run("run", export)
    live(machine)
    asked = len(machine.sandbox.log)
    assert "Nothing new" in machine.run("run", export).out
    assert len(machine.sandbox.log) == asked


def test_a_command_that_goes_on_is_left_alone(machine: Any) -> None:
    """Nothing is asked beside it."""
    machine.run("whoami")
    asked = len(machine.sandbox.log)
    (pace,) = (machine.home / "state").glob("51@*.pace")
    with exclusive(pace.with_suffix(".lock")):
        status, document, _ = live(machine)
    assert (status, len(machine.sandbox.log)) == (7, asked)
    assert line(document, "live test")["next"].endswith("--live")


def test_it_is_not_begun_where_something_else_is_in_trouble(machine: Any) -> None:
    """The status is that of the trouble."""
    machine.sandbox.faults.turn_on("clock-ahead")
    status, document, _ = live(machine)
    assert (status, written(machine), document["live"]["begun"]) == (2, [], False)


@pytest.mark.parametrize("left", [10, 48])
def test_a_day_that_is_nearly_spent_is_not_spent_further(machine_with: Any, left: int) -> None:
    """Before anything is written: the last three of the day are no matter of a test."""
    with machine_with(quota=left) as machine:
        status, document, _ = live(machine)
        assert (status, written(machine)) == (6, [])
        assert "requests" in line(document, "live test")["text"]


def test_a_day_that_ends_in_mid_test_leaves_nothing_behind(machine_with: Any) -> None:
    """Another app spends it meanwhile: enough was kept for putting back."""
    with machine_with(quota=63, faults=["other-app"]) as machine:
        before = held(machine)
        status, document, answers = live(machine)
        assert (status, document["live"]["left"]) == (6, 0), document["lines"]
        assert "two of one in a box" not in answers or "anime[] in a removal" not in answers
        assert held(machine) == before


# What else may change meanwhile


def on_post(machine: Any, n: int, act: Any) -> None:
    """Do something on the account right before the sandbox takes its nth POST on the account."""
    on_request(machine, lambda entry: entry.method == "POST" and entry.path.startswith("/sync/"), n, act)


def is_whole_reading(entry: Any) -> bool:
    """Tell whether a request asks for the whole library."""
    return bool((entry.method, entry.path) == ("GET", LIBRARY))


def on_request(machine: Any, is_one: Callable[[Any], bool], n: int, act: Any) -> None:
    """Do something right before the sandbox takes the nth of some requests from now on."""
    enter, seen = machine.sandbox.throttle.enter, []

    def entering(entry: Any, token: str) -> None:
        if is_one(entry):
            seen.append(entry)
            if len(seen) == n:
                act()
        enter(entry, token)

    machine.sandbox.throttle.enter = entering


@pytest.mark.parametrize("fault", ["spill-rating", "spill-removal"])
def test_a_title_that_changes_with_a_write_of_ours_is_given_back(machine_with: Any, fault: str) -> None:
    """The test ends there, and that is trouble."""
    with machine_with(faults=[f"{fault}:1"]) as machine:
        furnish(machine)
        before = held(machine)[0]
        status, document, answers = live(machine)
        assert (status, line(document, "other titles")["state"], document["live"]["left"]) == (6, "trouble", 0)
        assert held(machine)[0] == before
        assert set(machine.sandbox.account.library) == set(held(machine)[1])
        assert ("two of one in a box" in answers) is (fault == "spill-removal")


def test_putting_back_is_watched_too(machine: Any) -> None:
    """A removal at the end that takes another title's rating along is as bad as one before."""
    furnish(machine)
    before = held(machine)[0]
    machine.sandbox.faults.script("POST /sync/ratings/remove", [None, "spill-removal"])
    status, document, answers = live(machine)
    assert (status, document["live"]["left"], len(answers)) == (6, 0, 18)
    assert line(document, "other titles")["state"] == "trouble"
    assert held(machine)[0] == before


def test_a_rating_that_is_gone_meanwhile_is_given_back(machine: Any) -> None:
    """Whoever took it: a rating too many is easily removed, one that is lost nobody knows any more."""
    furnish(machine)
    before = held(machine)[0]
    heat = machine.sandbox.catalog.find("movie", "Heat", 1995)
    on_post(machine, 2, lambda: machine.sandbox.account.unrate(heat))
    status, document, _ = live(machine)
    assert (status, line(document, "other titles")["state"]) == (6, "trouble")
    assert held(machine)[0] == before


def test_a_title_that_the_person_rates_meanwhile_is_theirs(machine: Any) -> None:
    """Beside the three: the test ends, and the rating stays."""
    furnish(machine)
    heat = machine.sandbox.catalog.find("movie", "Heat", 1995)
    on_post(machine, 2, lambda: machine.sandbox.account.rate(heat, 3))
    status, document, answers = live(machine)
    assert (status, line(document, "other changes")["state"]) == (0, "warning")
    assert machine.sandbox.account.ratings[heat.simkl].rating == 3
    assert "two of one in a box" not in answers
    assert len(machine.sandbox.account.library) == 3


def test_one_of_the_three_that_the_person_rates_meanwhile_is_theirs(machine: Any) -> None:
    """It is written to no more, and neither its rating nor its list is taken away."""
    psycho = machine.sandbox.catalog.find("movie", "Casablanca", 1942)
    on_post(machine, 3, lambda: machine.sandbox.account.rate(psycho, 10))
    machine.sandbox.faults.script("POST /sync/ratings", [None, None, "duplicates-refused"])
    status, document, answers = live(machine)
    assert status == 0
    assert line(document, "other changes")["state"] == "warning"
    assert machine.sandbox.account.ratings == {psycho.simkl: machine.sandbox.account.ratings[psycho.simkl]}
    assert machine.sandbox.account.ratings[psycho.simkl].rating == 10
    assert set(machine.sandbox.account.library) == {psycho.simkl}
    assert "one in both boxes" not in answers


# What stops it


STOPS = ["status-503", "status-401", "quota", "status-404", "reset-after-write", "status-500-after-write"]


@pytest.mark.parametrize("fault", STOPS)
@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_a_service_that_stops_it_finds_everything_put_back(machine_with: Any, fault: str, n: int) -> None:
    """At the end of the test where the service is back by then."""
    with machine_with() as machine:
        furnish(machine)
        before = held(machine)
        times = 1 if fault in ("status-401", "quota", "status-404") else 6
        machine.sandbox.faults.script("POST /sync/ratings", [*[None] * (n - 1), *[fault] * times])
        status, document, _ = live(machine)
        assert status in (4, 6)
        assert document["live"]["left"] == 0
        assert held(machine) == before


@pytest.mark.parametrize(("fault", "written"), [("quota", "refused"), ("status-401", "refused"), ("status-503", None)])
def test_a_refusal_that_stops_it_is_on_record(machine: Any, fault: str, written: str | None) -> None:
    """What it had refused surely changed nothing; of what was never answered nobody knows."""
    machine.sandbox.faults.script("POST /sync/ratings", [fault] * 60)
    live(machine)
    with closing(sqlite3.connect(machine.resume_file())) as file:
        assert {answer for (answer,) in file.execute("SELECT answer FROM changes WHERE role = 'trial'")} == {written}


@pytest.mark.parametrize("command", [["doctor", "--live", "--yes"], ["run"], ["undo", "--yes"]])
@pytest.mark.parametrize("path", ["POST /sync/ratings/remove", "POST /sync/history/remove"])
def test_what_cannot_be_put_back_is_owed_and_put_back_by_the_next_command(
    machine: Any, path: str, command: list[str]
) -> None:
    """Any command that writes; until then status tells, and an unchanged export is no reason to do nothing."""
    export = machine.export(EXPORT.replace("Casablanca,1942", "Heat,1995"))
    machine.run("run", export)
    heat = machine.sandbox.catalog.find("movie", "Heat", 1995).simkl
    before = held(machine)
    machine.sandbox.faults.script(path, ["status-503"] * 60)
    status, document, _ = live(machine)
    assert status == 6
    assert document["live"]["left"] == 3
    told = machine.run("status", "--json").document
    assert (told["owed"], told["runs"][0]["state"]) == (3, "stopped")
    shown = machine.run("status").out
    assert "A live test was stopped before it had put everything back: Casablanca (1942)" in shown
    assert "ratings are still owed" not in shown
    assert [one["title"] for one in told["borrowed"]] == ["Casablanca", "Twin Peaks", "Akira"]
    machine.sandbox.faults.turn_off()
    assert machine.run("run", export, "--dry-run").status == 0
    assert held(machine) != before
    ended = machine.run(*command, *([export] if command == ["run"] else []))
    assert ended.status == 0, ended.err
    if command[0] == "undo":
        assert (set(machine.sandbox.account.ratings), set(machine.sandbox.account.library)) == (set(), {heat})
    else:
        assert held(machine) == before
    told = machine.run("status", "--json").document
    assert (told["owed"], told["open"]) == (0, 0)
    assert "put back" in " ".join(one["message"] or "" for one in told["runs"])


def test_what_was_tried_in_vain_often_enough_is_told_and_tried_again_by_hand(
    machine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five answered tries; from then on no request for it but by a live test itself."""
    export = machine.export()
    with monkeypatch.context() as service:
        service.setattr(Account, "erase", lambda *_, **__: None)  # it answers, and takes nothing away
        assert live(machine)[0] == 6
        with closing(sqlite3.connect(machine.resume_file())) as file:
            (text,) = file.execute("SELECT value FROM meta WHERE name = 'borrowed'").fetchone()
            assert {one["tries"] for one in json.loads(text)} == {1}
            old = json.dumps([{**one, "tries": 4, "tried_at": 0} for one in json.loads(text)])
            file.execute("UPDATE meta SET value = ? WHERE name = 'borrowed'", (old,))
            file.commit()
        assert machine.run("run", export).status == 3
        assert machine.run("status", "--json").document["stuck"] == 3
        posts = len(written(machine))
        machine.run("run", machine.export(EXPORT, "other.csv"))
        assert {path for path, *_ in written(machine)[posts:]} == {"/sync/ratings"}
    assert live(machine)[0] == 0
    told = machine.run("status", "--json").document
    assert (told["owed"], told["stuck"]) == (0, 0)


def test_titles_of_a_stopped_test_that_the_person_has_rated_since_stay_theirs(machine: Any) -> None:
    """The next command leaves rating and list."""
    machine.sandbox.faults.script("POST /sync/ratings/remove", ["status-503"] * 60)
    live(machine)
    machine.sandbox.faults.turn_off()
    film = machine.sandbox.catalog.find("movie", "Casablanca", 1942)
    machine.sandbox.account.rate(film, 9)
    stands: Rating = machine.sandbox.account.ratings[film.simkl]
    assert live(machine)[0] == 0
    assert machine.sandbox.account.ratings == {film.simkl: stands}
    assert set(machine.sandbox.account.library) == {film.simkl}


def test_titles_that_were_never_written_to_are_never_taken_away(machine: Any) -> None:
    """Killed before its first write, and the person puts the title onto a list: no business of ours."""
    live(machine)
    film = machine.sandbox.catalog.find("movie", "Casablanca", 1942)
    with closing(sqlite3.connect(machine.resume_file())) as file:
        file.execute("DELETE FROM changes")
        file.execute("DELETE FROM batches")
        loan = {
            "simkl": film.simkl,
            "kind": "movie",
            "title": film.title,
            "year": 1942,
            "rating": None,
            "rated_at": None,
            "listed": False,
            "run": 1,
        }
        file.execute("INSERT INTO meta VALUES ('borrowed', ?)", (json.dumps([loan]),))
        file.commit()
    machine.sandbox.account.put_on_list(film, "plantowatch")
    assert live(machine)[0] == 0
    assert machine.sandbox.account.library == {film.simkl: "plantowatch"}
