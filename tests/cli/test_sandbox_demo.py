"""What needs no account: the sandbox that is served, the demo, and the list of formats."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from adapters import ADAPTERS
from importer.cli.demo import sample_exports
from importer.sandbox.faults import FAULTS, GROUPS


@contextmanager
def served(machine: Any, *options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """A sandbox in a process of its own, and the variables that it prints."""
    process = subprocess.Popen(
        [sys.executable, "-m", "importer", "sandbox", *options],
        cwd=machine.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    try:
        lines = [process.stdout.readline().removeprefix("export ").strip() for _ in range(3)]
        yield process, dict(line.split("=", 1) for line in lines)
    finally:
        process.kill()
        process.communicate()


def test_the_sandbox_serves_and_prints_what_to_set(machine: Any) -> None:
    """As lines a shell can take; Ctrl-C ends it well, and its account is kept in the file."""
    state = machine.folder / "account.json"
    with served(machine, "--state", str(state)) as (process, variables):
        assert list(variables) == ["SIMKL_API_URL", "SIMKL_CLIENT_ID", "SIMKL_ACCESS_TOKEN"]
        ended = machine.run("run", machine.export(), "--json", SIMKL_IMPORT_TIME_SCALE="1", **variables)
        assert ended.document["totals"]["applied"] == 4
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
    with served(machine, "--state", str(state)) as (_, variables):
        ended = machine.run("run", machine.export(), "-n", "--json", SIMKL_IMPORT_TIME_SCALE="1", **variables)
        assert ended.document["totals"]["unchanged"] == 4


def test_the_sandbox_plays_faults(machine: Any) -> None:
    """Named on the command line; an unknown one is told the nearest."""
    with served(machine, "--fault", "quota") as (_, variables):
        assert machine.run("run", machine.export(), SIMKL_IMPORT_TIME_SCALE="0", **variables).status == 6
    assert machine.run("sandbox", "--fault", "quotta").status == 2
    assert machine.run("sandbox", "--fault", "quota:often").status == 2


def test_the_faults_are_listed_for_people(machine: Any) -> None:
    """Every one by its group, within 80 columns."""
    listed = machine.run("sandbox", "--faults").out
    assert set(FAULTS) <= set(listed.split())
    assert set(GROUPS) <= set(listed.splitlines())
    assert all(len(line) < 80 for line in listed.splitlines())


def test_a_state_file_that_is_none_is_refused(machine: Any) -> None:
    """It is named, and left as it was."""
    path = machine.export("my diary", "diary.txt")
    ended = machine.run("sandbox", "--state", path)
    assert (ended.status, path in ended.err, Path(path).read_text()) == (2, True, "my diary")


def test_a_port_that_is_taken_is_told(machine: Any) -> None:
    """With what to do."""
    port = machine.url.rpartition(":")[2]
    ended = machine.run("sandbox", "--port", port)
    assert (ended.status, "--port" in ended.err) == (2, True)


def test_the_demo_shows_the_whole_job_and_names_only_what_still_exists(
    machine: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Import, again, undo; it ends well although its samples hold problems on purpose, and keeps its report."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    ended = machine.run("demo", SIMKL_IMPORT_PROFILE="ann")
    assert ended.status == 0, ended.err
    assert "on Simkl" in ended.out
    assert "rejected" in ended.out
    (kept,) = temporary.iterdir()
    named = {Path(found) for found in re.findall(rf"{re.escape(str(temporary))}/[^\s:,]+", ended.out + ended.err)}
    assert kept / "report.html" in named
    assert all(path.exists() for path in named), named
    assert not machine.home.exists()
    assert machine.sandbox.log == []


def test_the_demo_needs_nothing_of_the_machine(machine: Any) -> None:
    """No home, no credentials, no path."""
    ended = machine.spawn("demo", only={"TMPDIR": str(machine.folder)})
    assert ended.status == 0, ended.err


def test_the_samples_of_the_demo_are_there() -> None:
    """One export of each site."""
    exports = sample_exports()
    assert [path.parent.name for path in exports] == ["letterboxd", "mal", "trakt"]
    assert all(path.is_file() for path in exports)


def test_formats_tell_where_scale_and_dates_of_each(machine: Any) -> None:
    """For a person within 80 columns, and as a document."""
    text = machine.run("formats").out
    assert all(len(line) <= 80 for line in text.splitlines())
    formats = machine.run("formats", "--json").document["formats"]
    assert [one["name"] for one in formats] == [adapter.name for adapter in ADAPTERS]
    for one in formats:
        assert one["name"] in text
        assert all(one[field] for field in ("site", "where", "forms", "scale", "dates"))


def test_a_rejects_file_mends_the_last_rehearsal(machine: Any) -> None:
    """Its rows belong to the import before, so it must find that one's account and resume file."""
    export = machine.export(
        "Date,Name,Year,Letterboxd URI,Rating\n2024-01-02,Untold,,https://boxd.it/aaaa,4\n", "a.csv"
    )
    rejects = machine.export("", "rejects.csv")
    assert machine.run("run", export, "--sandbox", "--rejects", rejects).status == 3
    text = Path(rejects).read_text()
    Path(rejects).write_text(text.replace("Untold,,", "Untold,2020,"))
    mended = machine.run("run", rejects, "--sandbox", "--json")
    assert mended.status == 0
    assert mended.document["run"] == 2
    assert mended.document["totals"]["applied"] == 1
    assert machine.run("run", export, "--sandbox", "--json").document["totals"]["unchanged"] == 1
