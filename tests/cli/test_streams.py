"""Where words go: the result to stdout, everything else to stderr or a log, and nothing where quiet was asked for."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from importer.cli.help import topics
from importer.machine.version import program_version

BAD = "Date,Name,Year,Letterboxd URI,Rating\n2024-05-01,Heat,1995,https://boxd.it/2a7i,5.5\n"


def test_stdout_holds_the_result_alone(machine: Any) -> None:
    """Progress and warnings are on stderr."""
    ended = machine.run("run", machine.export())
    assert "on Simkl" in ended.out
    assert "sending" in ended.err
    assert "sending" not in ended.out.splitlines()


def test_json_is_one_document_on_stdout(machine: Any) -> None:
    """One line that ends in a line feed, with progress beside it on stderr."""
    ended = machine.run("run", machine.export(), "--json")
    assert ended.out.count("\n") == 1
    assert ended.out.endswith("}\n")
    assert ended.document["exit"] == 0


@pytest.mark.parametrize("command", ["run", "check"])
def test_quiet_is_silent_while_all_is_well(machine: Any, command: str) -> None:
    """Also the second time, and for an undo."""
    for _ in range(2):
        ended = machine.run(command, machine.export(), "-q")
        assert (ended.status, ended.out, ended.err) == (0, "", "")
    if command == "run":
        ended = machine.run("undo", "--quiet", "--yes")
        assert (ended.status, ended.out, ended.err) == (0, "", "")


@pytest.mark.parametrize("command", ["run", "check"])
def test_quiet_speaks_where_the_status_is_not_0(machine: Any, command: str) -> None:
    """On stderr, where cron looks: the screen that would have been shown, or the error."""
    ended = machine.run(command, machine.export(BAD), "-q")
    assert (ended.status, ended.out) == (3, "")
    assert "out_of_range" in ended.err
    ended = machine.run(command, "missing.zip", "-q")
    assert (ended.status, ended.out) == (5, "")
    assert "missing.zip" in ended.err


def test_quiet_keeps_the_document(machine: Any) -> None:
    """--json was asked for."""
    ended = machine.run("check", machine.export(), "-q", "--json")
    assert (ended.status, ended.err, ended.document["totals"]["pending"]) == (0, "", 4)


def test_verbose_tells_every_request(machine: Any) -> None:
    """With its status, never with its query."""
    ended = machine.run("run", machine.export(), "-v")
    assert "POST /sync/ratings: 201" in ended.err
    assert "client_id" not in ended.err


def test_a_log_is_text_or_json_lines(machine: Any) -> None:
    """By its suffix; appended to, also where quiet was asked for."""
    text, lines = machine.folder / "run.log", machine.folder / "run.jsonl"
    machine.run("run", machine.export(), "-q", "--log-file", str(text))
    assert "request method=POST path=/sync/ratings status=201" in text.read_text()
    machine.run("undo", "-yq", "--log-file", str(lines))
    machine.run("undo", "-yq", "--log-file", str(lines))
    events = [json.loads(line) for line in lines.read_text().splitlines()]
    assert {"phase", "request"} <= {event["event"] for event in events}
    assert all(event["time"].endswith("Z") for event in events)


def test_a_log_names_version_run_account_and_exports(machine: Any) -> None:
    """Whoever watches many accounts needs no other file; also where nothing was new."""
    log, export = machine.folder / "run.jsonl", machine.export()
    for _ in range(2):
        machine.run("run", export, "-q", "--log-file", str(log))
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert {event["version"] for event in events if event["event"] == "began"} == {program_version()}
    ended = [event for event in events if event["event"] == "ended"]
    assert [(one["run"], one["account"], one["exports"]) for one in ended] == [(1, 51, [export])] * 2
    assert (ended[0]["applied"], ended[1]["unchanged"]) == (4, 4)
    for event in events:
        for name in {"event": event["event"], **event}:
            assert re.search(rf"(?<!\w){name}(?!\w)", topics()["json"]), name
        assert re.search(rf"^    {event['event']} ", topics()["json"], re.MULTILINE), event


def test_check_writes_its_log_too(machine: Any) -> None:
    """The option is there, so it does something."""
    log = machine.folder / "check.jsonl"
    machine.run("check", machine.export(), "--log-file", str(log))
    assert "reading" in log.read_text()


def test_a_log_that_cannot_be_written_is_told_before_anything_is_sent(machine: Any) -> None:
    """A usage error."""
    ended = machine.run("run", machine.export(), "--log-file", str(machine.folder / "none" / "x.log"))
    assert (ended.status, machine.sent()) == (2, [])


@pytest.mark.parametrize("command", ["formats", "config", "check"])
def test_no_encoding_of_a_terminal_ends_a_command(machine: Any, command: str) -> None:
    """What it cannot show becomes a question mark; a document stays UTF-8."""
    export = machine.export("Date,Name,Year,Letterboxd URI,Rating\n2024-05-01,Amélie 千,2001,https://b/1,9\n", "ä.csv")
    line = [command, export] if command == "check" else [command]
    ended = machine.spawn(*line, PYTHONIOENCODING="ascii")
    assert ended.status in (0, 3)
    assert ended.out
    ended = machine.spawn(*line, "--json", PYTHONIOENCODING="latin-1")
    assert ended.document
    if command == "check":
        assert "ä.csv" in ended.out


def shell(machine: Any, line: str) -> subprocess.CompletedProcess[str]:
    """A command line with redirections; $C stands for the command."""
    return subprocess.run(
        ["/bin/bash", "-c", line.replace("$C", f"{sys.executable} -m importer")],
        env={**os.environ, **machine.env},
        cwd=machine.folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_closed_streams_do_no_harm(machine: Any) -> None:
    """A job started without any of them still does its work and tells by its status."""
    machine.export(BAD)
    assert shell(machine, "$C check ratings.csv >&- 2>&- <&-").returncode == 3
    assert shell(machine, "$C run ratings.csv >&- 2>&- <&-").returncode == 3
    assert shell(machine, "$C check missing.zip 2>&-").returncode == 5
    assert machine.run("status").status == 0


def test_a_reader_that_goes_away_is_no_failure(machine: Any) -> None:
    """As with `head`."""
    machine.run("run", machine.export())
    done = shell(machine, "$C report --format jsonl | head -n 1; echo ${PIPESTATUS[0]}")
    assert done.stdout.splitlines()[-1] == "0"
    assert done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that only Linux has")
def test_a_full_disk_under_stdout_is_told(machine: Any) -> None:
    """A report that is cut short must not look whole."""
    machine.run("run", machine.export())
    for line in ("report", "formats --json", "status"):
        done = shell(machine, f"$C {line} > /dev/full")
        assert done.returncode == 2
        assert "No space left" in done.stderr
