"""How a command ends: told to stop, asked to confirm, or with several errors at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import Any

import click
import pytest

from importer.cli import consent
from importer.cli.session import most_telling
from importer.errors import (
    CredentialsError,
    ExportError,
    ImporterError,
    InterruptedRunError,
    LockedError,
    ServiceStopError,
    UsageError,
)

ORDER: list[BaseException] = [
    ValueError("a defect"),
    UsageError("2"),
    LockedError("7"),
    ExportError("5"),
    CredentialsError("4"),
    InterruptedRunError(signal.SIGINT),
    InterruptedRunError(signal.SIGTERM),
    ServiceStopError("6"),
]
SLOW = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a suite in the background of a script has it ignored
import importer.run.reading as reading
def read(exports):
    print("reading", file=sys.stderr, flush=True)
    for _ in range(600):  # not one long sleep: a signal right before it would be seen after it alone
        time.sleep(0.1)
reading.read_exports = read
sys.argv[0] = "simkl-import"
from importer.cli.main import main
main()
"""


def test_of_several_errors_the_first_of_the_order_decides() -> None:
    """However deep they lie and whichever came first."""
    for i, error in enumerate(ORDER):
        later = ORDER[i:][::-1]
        nested = BaseExceptionGroup("all", [BaseExceptionGroup("some", later), later[0]])
        assert most_telling(nested) is error


def test_every_error_has_a_status_of_the_contract() -> None:
    """And none that the order does not know."""

    def statuses(kind: type[ImporterError]) -> set[int]:
        return {kind.exit_code}.union(*map(statuses, kind.__subclasses__()))

    assert statuses(ImporterError) <= {1, 2, 7, 5, 4, 6, 3}


@pytest.mark.parametrize(("sent", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_while_exports_are_read_ends_the_command(machine: Any, sent: signal.Signals, status: int) -> None:
    """With its status, one line, and its document."""
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, "check", machine.export(), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=machine.folder,
    )
    with process:
        assert process.stderr is not None
        assert process.stderr.readline() == "reading\n"
        process.send_signal(sent)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err.strip()) == (status, "simkl-import: interrupted")
    assert json.loads(out)["exit"] == status


@pytest.fixture
def answer(machine: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A machine after a run, at whose terminal a person answers the question of an undo."""
    machine.run("run", machine.export())
    monkeypatch.setattr(consent, "at_terminal", lambda: True)
    asked: list[str] = []

    def give(said: bool | None, *line: str) -> tuple[Any, list[str]]:
        def confirm(text: str, **_: object) -> bool:
            asked.append(text)
            if said is None:
                raise click.Abort
            return said

        monkeypatch.setattr(click, "confirm", confirm)
        return machine.run("undo", *line), asked

    return give


def test_no_leaves_everything_as_it_is(machine: Any, answer: Any) -> None:
    """Which is no failure."""
    ended, asked = answer(False)
    assert asked == ["Take back 4 ratings of run 1 on Simkl?"]
    assert (ended.status, "Nothing was taken back" in ended.out) == (0, True)
    assert machine.sandbox.rated("Heat", 1995).rating == 9


def test_a_question_can_be_interrupted(machine: Any, answer: Any) -> None:
    """By Ctrl-C, although an event loop runs."""
    ended, _ = answer(None)
    assert (ended.status, "interrupted" in ended.err) == (130, True)
    assert machine.sandbox.rated("Heat", 1995).rating == 9
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_yes_takes_it_back(machine: Any, answer: Any) -> None:
    """And tells what came of it."""
    ended, _ = answer(True)
    assert (ended.status, "4 taken off" in ended.out) == (0, True)
    assert machine.sandbox.rated("Heat", 1995) is None


@pytest.mark.parametrize("option", ["--yes", "--dry-run"])
def test_yes_and_dry_run_ask_nothing(answer: Any, option: str) -> None:
    """As in a script."""
    ended, asked = answer(None, option)
    assert (ended.status, asked) == (0, [])


def test_without_a_terminal_undo_needs_yes(machine: Any) -> None:
    """Nobody could answer, and a script should say what it means."""
    machine.run("run", machine.export())
    ended = machine.run("undo")
    assert (ended.status, "--yes" in ended.err) == (2, True)
    assert machine.sandbox.rated("Heat", 1995).rating == 9
    assert machine.run("undo", "--yes").status == 0
    assert machine.sandbox.rated("Heat", 1995) is None


def test_after_a_rehearsal_every_command_shown_stays_in_it(machine: Any) -> None:
    """None would touch the real account or read its resume file."""
    text = machine.run("run", machine.export(), "--sandbox").out
    (resume,) = (machine.home / "state" / "sandbox").glob("*/*.sqlite")
    assert "simkl-import undo --run 1 --sandbox" in text
    assert f"simkl-import report --format html --output report.html --resume-file {resume}" in text
    assert machine.run("undo", "--run", "1", "--sandbox", "--json").document["totals"]["removed"] == 4
    own = str(machine.folder / "own.sqlite")
    text = machine.run("run", machine.export(), "--sandbox", "--resume-file", own).out
    assert f"simkl-import undo --run 1 --sandbox --resume-file {own}" in text
    assert f"simkl-import report --format html --output report.html --resume-file {own}" in text
    assert machine.sandbox.log == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_the_end_is_told_ends_at_once(machine: Any, number: signal.Signals) -> None:
    """Nobody reads what is told last, and it waits: no traceback, and the status of the signal."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with suppress(BlockingIOError):
        while True:
            os.write(writing, b"x" * 4096)
    os.set_blocking(writing, True)

    def as_in_a_terminal() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a suite in the background of a script has it ignored

    process = subprocess.Popen(
        [sys.executable, "-m", "importer", "run", "nowhere.csv", "--json"],
        env={**os.environ, **machine.env},
        cwd=machine.folder,
        stdin=subprocess.DEVNULL,
        stdout=writing,
        stderr=subprocess.PIPE,
        preexec_fn=as_in_a_terminal,
    )
    try:
        assert process.stderr is not None
        assert process.stderr.readline().startswith(b"simkl-import: ")
        process.send_signal(number)
        told = process.stderr.read()
        assert (process.wait(60), b"Traceback" in told) == (128 + number, False), told
    finally:
        process.kill()
        process.communicate()
        os.close(reading)
        os.close(writing)
