"""Cron, other locales and other time zones: nothing of the machine changes what is sent."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

EXPORT = """Date,Name,Year,Letterboxd URI,Rating
2024-05-01,Heat,1995,https://boxd.it/2a7i,4.5
2024-05-01,İstanbul Hatırası,2005,https://boxd.it/1,3.5
2024-05-02,AMÉLIE,2001,https://boxd.it/2,5
"""


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "TZ": "Pacific/Auckland"},
        {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "America/Los_Angeles"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TZ": "Asia/Kathmandu"},
    ],
    ids=["C", "Turkish", "ASCII"],
)
def test_locale_and_time_zone_change_nothing_that_is_sent(machine: Any, environment: dict[str, str]) -> None:
    """Byte for byte as the plain run would send it."""
    export = machine.export(EXPORT)
    ended = machine.spawn("run", export, "--json", **environment)
    assert ended.status == 0, ended.err
    assert [(item["title"], item["rating"], item["rated_at"]) for item in machine.sent()] == [
        ("Heat", 9, "2024-05-01T12:00:00Z"),
        ("İstanbul Hatırası", 7, "2024-05-01T12:00:01Z"),
        ("AMÉLIE", 10, "2024-05-02T12:00:00Z"),
    ]
    assert ended.document["totals"]["applied"] == 3


def test_cron_has_neither_home_nor_path(machine: Any) -> None:
    """Only what the job names; the state goes where it says."""
    export = machine.export(EXPORT)
    ended = machine.spawn("run", export, "-q", only=machine.env)
    assert (ended.status, ended.out, ended.err) == (0, "", "")
    assert machine.resume_file().exists()
    assert machine.spawn("check", export, "--json", only={}).document["totals"]["pending"] == 3


def test_a_machine_without_any_home_can_still_check(machine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container of a nameless user; what must keep something says what to set."""

    def nobody() -> None:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nobody)
    export = machine.export(EXPORT)
    homeless = {"SIMKL_IMPORT_HOME": None}
    assert machine.run("check", export, **homeless).status == 0
    assert machine.run("check", export, "--config", machine.export("limit = 3", "job.toml"), **homeless).status == 0
    ended = machine.run("run", export, **homeless)
    assert (ended.status, "SIMKL_IMPORT_HOME" in ended.err) == (2, True)


def test_python_m_importer_is_the_command(machine: Any) -> None:
    """Under the same name."""
    ended = machine.spawn("--version")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith("simkl-import ")
    assert "Usage: simkl-import run" in machine.spawn("run", "--help").out
    assert "importer.__main__" not in sys.modules


def test_a_path_that_is_no_unicode_is_read_and_told(machine: Any) -> None:
    """File names are bytes; a document is UTF-8 all the same."""
    name = b"r\xe4tings.csv".decode(errors="surrogateescape")
    try:
        export = machine.export(EXPORT, name)
    except OSError:
        pytest.skip("this file system takes no such name")
    ended = machine.spawn("check", export, "--json")
    assert ended.status == 0, ended.err
    assert json.loads(ended.out)["totals"]["pending"] == 3
    assert machine.spawn("check", export).status == 0
    assert machine.spawn("run", export).status == 0
    assert machine.spawn("check", export + "x", "--json").document["exit"] == 5


@pytest.mark.parametrize(("line", "status"), [(["check", "x.csv"], 2), (["login"], 2), (["formats"], 0), (["help"], 0)])
def test_a_system_without_the_locks_of_unix_is_told_so(machine: Any, line: list[str], status: int) -> None:
    """As Windows is: what needs a lock is refused with the way out, and no defect is claimed; the rest works."""
    program = "import sys; sys.modules['fcntl'] = None; from importer.cli.main import main; main()"
    done = subprocess.run([sys.executable, "-c", program, *line], capture_output=True, text=True, check=False)
    assert (done.returncode, "WSL" in done.stderr) == (status, status == 2)


@pytest.mark.parametrize("zone", ["AAA24:00", "<+30>-30"])
def test_a_time_zone_of_a_day_is_told_and_ends_nothing(machine: Any, zone: str) -> None:
    """No clock has one: times are told in UTC, in the page of a report and where the day is spent, too."""
    assert machine.spawn("run", machine.export(EXPORT), "-q", TZ=zone).status == 0
    page = machine.spawn("report", "--format", "html", TZ=zone)
    assert (page.status, page.err, "<html" in page.out) == (0, "", True)
    looked = machine.spawn("doctor", "--json", "--yes", TZ=zone)
    lines = {one["name"]: one for one in looked.document["lines"]}
    assert (looked.status, lines["time zones"]["state"]) == (0, "warning"), looked.err
    machine.sandbox.faults.turn_on("quota")
    stopped = machine.spawn("run", machine.export(f"{EXPORT}2024-05-03,Ran,1985,https://boxd.it/9,4\n"), TZ=zone)
    assert (stopped.status, "your time" in stopped.err + stopped.out) == (6, True), stopped.err
