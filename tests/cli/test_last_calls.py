"""What is kept of the last call of each account, and which file a pattern took: for whoever watches over jobs."""

from __future__ import annotations

import os
from typing import Any


def test_a_run_with_nothing_new_leaves_a_line_outside_the_resume_file(machine: Any) -> None:
    """It says when, over what, with which status and version; `status` shows it."""
    export = machine.export()
    assert machine.run("run", export).status == 0
    first = machine.run("status", "--json").document["last"]
    assert (first["run"], first["exit"], first["nothing_new"], first["exports"]) == (1, 0, False, [export])
    assert first["time"].endswith("Z")
    assert first["version"]
    before = machine.resume_file().read_bytes()
    assert machine.run("run", export, "-q").status == 0
    last = machine.run("status", "--json").document["last"]
    assert (last["run"], last["exit"], last["nothing_new"], last["message"]) == (1, 0, True, "nothing new")
    assert machine.resume_file().read_bytes() == before
    assert f"Last call of run  {last['time']}: nothing new" in machine.run("status").out


def test_only_a_real_run_counts_as_one(machine: Any) -> None:
    """Neither a dry run, nor a rehearsal, nor an undo."""
    machine.run("run", machine.export(), "--dry-run")
    machine.run("run", machine.export(), "--sandbox")
    assert not (machine.home / "state" / "last.json").exists()
    machine.run("run", machine.export())
    before = (machine.home / "state" / "last.json").read_bytes()
    machine.run("undo", "--yes")
    assert (machine.home / "state" / "last.json").read_bytes() == before


def test_a_status_other_than_0_is_kept_too(machine: Any) -> None:
    """And a message, if there is one."""
    bad = machine.export("Date,Name,Year,Letterboxd URI,Rating\n2024-05-01,Heat,1995,https://boxd.it/2a7i,9\n")
    assert machine.run("run", bad).status == 3
    assert machine.run("status", "--json").document["last"]["exit"] == 3


def test_what_a_pattern_took_is_told(machine: Any) -> None:
    """On the screen and in the log: the newest of how many."""
    for age, name in enumerate(("lb-b.csv", "lb-a.csv")):
        path = machine.export(name=f"jobs/{name}")
        os.utime(path, (1e9 - age, 1e9 - age))
    job = machine.export("exports = ['lb-*.csv']\n", "jobs/job.toml")
    log = machine.folder / "log.txt"
    newest = str(machine.folder / "jobs" / "lb-b.csv")
    ended = machine.run("run", "--config", job, "--log-file", str(log))
    assert f"Taking {newest}" in ended.err.replace("\n", "")
    assert f"Taking {newest}: the newest of 2 files that match lb-*.csv" in log.read_text()
    assert "the newest of 2 files" in machine.run("check", "--config", job, "-v").err
