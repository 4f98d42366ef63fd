"""The page and the commands are one: a run begun there is seen here, goes on here, and the other way round."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from exports import account, many, ratings
from gate import Gate
from playwright.sync_api import expect

_TIMES = ("started", "ended", "seconds", "at", "read_at", "due", "summary", "sent_at", "answered_at", "until")


def _tables(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of a resume file, the moments of the run left out."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as file:
        names = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        found = {}
        for name in names:
            columns = [column[1] for column in file.execute(f"PRAGMA table_info({name})")]
            kept = [column for column in columns if column not in _TIMES]
            rows = file.execute(f"SELECT {', '.join(kept)} FROM {name}").fetchall() if kept else []
            found[name] = sorted(rows, key=repr)
    file.close()
    return found


def test_the_same_import_by_page_and_by_command_sends_and_records_the_same(machine_with: Any) -> None:
    """Byte for byte the same requests to write, and the same rows in the resume file."""
    sent, recorded = [], []
    for by_page in (True, False):
        with machine_with(catalog="closed", clock=lambda: 1_790_000_000.5) as machine:
            account(machine.sandbox)
            exports = [ratings(machine.folder), many(machine.folder, 40, "letterboxd-import.csv")]
            if by_page:
                person = machine.person()
                person.read(*exports)
                person.look()
                person.imported()
            else:
                status, out = machine.run("run", *[path.name for path in exports], "--yes")
                assert status == 3, out
            sent.append([request.raw for request in machine.sandbox.requests("POST", "/sync/ratings")])
            recorded.append(_tables(machine.resume_file))
    assert sent[0]
    assert sent[0] == sent[1]
    page, command = recorded
    assert page.keys() == command.keys()
    for table in page:
        if table not in ("meta", "seen"):
            assert page[table] == command[table], table


def test_a_run_in_a_terminal_is_watched_and_nothing_is_written_meanwhile(machine_with: Any) -> None:
    """The page says how far it is; when that has ended, the page is a person's again."""
    gate = Gate()
    with machine_with(latency=1.0, sleep=gate.wait) as machine:
        assert machine.run("run", ratings(machine.folder).name, "--yes")[0] in (0, 3)
        export = many(machine.folder, 350, "more.csv")
        person = machine.person()
        person.read(export)
        person.look()
        gate.close(lambda: len(machine.sent()) > 2)
        process = machine.start("run", export.name, "--yes")
        person.sees("Another simkl-import works for this account right now: import 2", "earlier")
        person.sees("of 350 rows done", "earlier")
        assert person.button("Take import 1 back").get_attribute("aria-disabled") == "true"
        person.send()
        expect(person.step("go").get_by_role("alert")).to_contain_text("Another run for this account is going on.")
        gate.open()
        assert process.wait(60) == 0
        expect(person.step("earlier").get_by_text("Another simkl-import works")).to_have_count(0)
        assert len(machine.sandbox.account.ratings) == 356, "all but the one without a year"
        sent = len(machine.sent())
        person.imported()
        assert len(machine.sent()) == sent, "all of it is there already"


def test_what_the_page_began_goes_on_in_a_terminal_and_the_other_way_round(machine_with: Any) -> None:
    """Also after its server was killed; no rating is sent twice, and the page says which file to choose again."""
    gate = Gate()
    with machine_with(latency=1.0, sleep=gate.wait) as machine:
        first, second = many(machine.folder, 350), many(machine.folder, 700, "second.csv")
        served = machine.serve()
        person = machine.person(served)
        person.read(first)
        person.look()
        gate.close(lambda: len(machine.sent()) > 1)
        person.send()
        expect(person.step("go").locator("[data-live-done]")).to_have_text("100 of 350")
        while len(machine.sent()) < 2:
            person.page.wait_for_timeout(20)
        served.kill()
        expect(person.page.locator("#lost")).to_contain_text("simkl-import does not answer")
        person.troubles.clear()  # a connection that broke
        person.page.close()
        gate.open()
        status, out = machine.run("run", first.name, "--yes")
        assert status == 0, out
        titles = [item["title"] for body in machine.sent() for item in body["movies"]]
        assert set(titles) == {f"Film {place:05}" for place in range(1, 351)}
        assert len(machine.sandbox.account.ratings) == 350

        gate.close(lambda: len(machine.sent()) > 4)
        process = machine.start("run", second.name, "--yes")
        while len(machine.sent()) < 5:
            assert process.poll() is None
        process.kill()
        process.wait()
        gate.open()
        person = machine.person()
        person.sees("Choose second.csv again to go on", "files")
        person.read(second)
        person.look()
        person.imported()
        assert len(machine.sandbox.account.ratings) == 700
