"""What a person is told to do next: each command that is shown can be given just so, and comes last."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

PROBLEMS = """Date,Name,Year,Letterboxd URI,Rating
2024-05-01,Heat,1995,https://boxd.it/2a7i,4.5
2024-05-01,Ronin,1998,https://boxd.it/1AJq,5.5
2024-05-02,Shark Film,1975,https://boxd.it/2awY,4
2024-05-03,Nobody Made This,,https://boxd.it/zzzz,3
"""
JAWS = 53037
COMMAND = re.compile(r"simkl-import (?!exit)[a-z]+.*$", re.MULTILINE)


def shown(*texts: str) -> list[str]:
    """The commands that stand in texts, each once."""
    return list(dict.fromkeys(line for text in texts for line in COMMAND.findall(text)))


def words(line: str) -> Iterator[str]:
    """A command line as a shell takes it apart."""
    done = subprocess.run(["bash", "-c", f"printf '%s\\0' {line}"], capture_output=True, check=True, text=True)
    yield from done.stdout.split("\0")[1:-1]


@pytest.fixture
def trouble(machine: Any) -> Any:
    """A machine in whose account one row lands on another title."""
    machine.sandbox.catalog.alias("Shark Film", 1975, "movie", JAWS)
    return machine


@pytest.mark.parametrize("name", ["r.sqlite", "it's mine.sqlite", "\x1b[2Jred\n.sqlite"])
def test_every_command_that_is_shown_can_be_given_just_so(
    trouble: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Whatever the files are called: after a check, a dry run, a run, a report, a run of the rejects, an undo."""
    folder = trouble.folder / "my exports"
    export = trouble.export(PROBLEMS, "my exports/ratings.csv")
    options = ("--resume-file", str(folder / name))
    said = [trouble.run("check", export).out, trouble.run("run", export, "-n", *options).out]
    said.append(trouble.run("run", export, *options).out)
    said.append(trouble.run("report", "--format", "text", *options).out)
    found = shown(*said)
    assert {next(words(line)) for line in found} == {"run", "report", "undo", "mend"}
    assert any("undo --key letterboxd:" in line for line in found)
    monkeypatch.chdir(folder)
    for line in sorted(found, key=lambda line: ("undo" in line, "--run" in line)):
        # There is no terminal here at which to say so, or to choose.
        yes = ["--yes"] if "undo" in line else ["--suggest", "suggested.csv"] if " mend" in line else []
        ended = trouble.run(*words(line), *yes)
        assert ended.status in (0, 3), (line, ended.err)
        assert "\x1b" not in ended.out + ended.err
    assert trouble.sandbox.rated("Heat", 1995) is None, "the undo that was shown took the run back"


def test_what_to_do_now_is_the_last_that_is_said(trouble: Any) -> None:
    """After the numbers, the files and the way back."""
    out = trouble.run("run", trouble.export(PROBLEMS)).out.splitlines()
    assert out[-3:] == [
        "    simkl-import mend",
        "    simkl-import report --format rejects --output rejects.csv",
        "    simkl-import run rejects.csv",
    ]
    assert out.index("Undo      simkl-import undo --run 1") < out.index(out[-2])
    dry = trouble.run("run", trouble.export(), "-n").out.splitlines()
    assert dry[-1] == "To send this, give the same run command without --dry-run."


def test_a_name_with_control_characters_does_nothing_to_a_terminal(machine: Any) -> None:
    """In an error, in a warning, in the end of a check."""
    bad = "\x1b[2Jgone\x9b31m\u202e.csv"
    for line in (["check", machine.export(name=bad)], ["check", bad], ["run", "x.zip", "--log-file", f"{bad}/x/y"]):
        ended = machine.run(*line)
        assert "gone" in ended.out + ended.err
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", ended.out + ended.err)


@pytest.mark.parametrize("fault", ["reset-before-write", "reset-mid-body", "cut-json", "close-mid-body", "html-200"])
def test_no_message_holds_a_name_of_the_programs_own(machine: Any, fault: str) -> None:
    """A connection that fails is told in plain words, also where nobody listens any more."""
    machine.sandbox.faults.script("GET /sync/ratings", [fault] * 3)
    machine.sandbox.faults.script("POST /sync/ratings", [fault] * 3)
    ended = machine.run("run", machine.export(), "-v")
    assert "trying again" in ended.err
    assert not re.search(r"[a-z]Error|Exception|Traceback|warning: warning", ended.out + ended.err)


def test_a_service_that_is_not_there_is_told_in_plain_words(machine: Any) -> None:
    """Without the name of any class."""
    ended = machine.run("run", machine.export(), SIMKL_API_URL="http://127.0.0.1:9")
    assert ended.status == 6
    assert "connection refused" in ended.err
    assert not re.search(r"[A-Z][a-z]+[A-Z][a-z]+Error", ended.out + ended.err)


def test_the_report_of_a_run_names_the_undo_that_took_it_back(machine: Any) -> None:
    """And that undo can be looked up by its number."""
    machine.run("run", machine.export())
    machine.run("undo", "--yes")
    out = machine.run("report", "--format", "text").out
    assert "Taken back since by run 2: 4 ratings taken off" in out
    assert machine.run("report", "--run", "2", "--format", "json").document["run"]["command"] == "undo"


def test_a_sign_in_that_ended_is_mended_first(machine: Any) -> None:
    """Then the run goes on."""
    machine.sandbox.faults.script("POST /sync/ratings", [None, *["status-401"] * 9])
    out = machine.run("run", machine.export(), "--batch-size", "1").out.splitlines()
    assert "simkl-import login" in out[-2]
    assert out[-1] == "To go on, give the same run command again."


def test_a_spent_quota_says_when_a_later_call_may_go_on(machine: Any) -> None:
    """To a person in the message, to a script in the document."""
    machine.sandbox.faults.script("POST /sync/ratings", ["quota"] * 9)
    document = machine.run("run", machine.export(), "--batch-size", "1", "--json").document
    assert (document["exit"], document["totals"]["pending"]) == (6, 4)
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", document["resume_at"])
