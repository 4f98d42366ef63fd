"""The one question before titles are put onto lists, which an undo cannot take back."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click
import pytest

from importer.cli import consent

MORE = "Date,Name,Year,Letterboxd URI,Rating\n2024-06-01,Casino,1995,https://boxd.it/1Xc2,4\n"


@pytest.fixture
def person(machine: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A machine with somebody at its terminal who gives one answer; keeps what was asked, and what was held then."""
    monkeypatch.setattr(consent, "at_terminal", lambda: True)
    asked: list[str] = []

    def give(said: bool | None, *line: str, **environment: str) -> tuple[Any, list[str]]:
        def confirm(text: str, **_: object) -> bool:
            asked.append(text)
            for lock in machine.home.rglob("*.lock"):
                with lock.open() as file:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if said is None:
                raise click.Abort
            return said

        monkeypatch.setattr(click, "confirm", confirm)
        asked.clear()
        return machine.run(*line, **environment), list(asked)

    return give


def test_no_sends_nothing_and_leaves_no_trace(machine: Any, person: Any) -> None:
    """Status 0, no run on record, and the next run asks again."""
    for _ in range(2):
        ended, asked = person(False, "run", machine.export())
        assert (ended.status, ended.out, len(asked)) == (0, "", 1)
        assert "up to 4 titles" in asked[0]
        assert "4 movies onto Completed" in ended.err
        assert "Nothing was sent" in ended.err
        assert (machine.sent(), list(machine.home.rglob("*.sqlite"))) == ([], [])


def test_yes_goes_on_and_is_asked_once_in_an_accounts_life(machine: Any, person: Any) -> None:
    """What was told before the question is not told again after it."""
    ended, asked = person(True, "run", machine.export())
    assert (ended.status, len(asked), len(machine.sent())) == (0, 1, 4)
    assert ended.err.count("4 movies onto Completed") == 1
    ended, asked = person(None, "run", machine.export(MORE, "more.csv"))
    assert (ended.status, asked, len(machine.sent())) == (0, [], 5)


def test_a_limited_run_is_a_trial_and_does_not_count(machine: Any, person: Any) -> None:
    """It asks as well, and the whole run after it asks again."""
    assert len(person(True, "run", machine.export(), "--limit", "1")[1]) == 1
    ended, asked = person(True, "run", machine.export())
    assert (ended.status, len(asked), "up to 3 titles" in asked[0]) == (0, 1, True)
    assert person(None, "run", machine.export(MORE, "more.csv"))[1] == []


def test_what_puts_no_title_onto_a_list_asks_nothing(machine: Any, person: Any) -> None:
    """As a run over titles that the account has rated already, or with nothing to send."""
    machine.run("run", machine.export(), "--yes")
    machine.home = machine.folder / "another home"
    home = {"SIMKL_IMPORT_HOME": str(machine.home)}
    assert person(None, "run", machine.export(), **home)[1] == []
    others = Path(machine.export()).read_text().replace(",4\n", ",3\n")
    ended, asked = person(None, "run", machine.export(others), "--on-conflict", "overwrite", **home)
    assert (ended.status, asked, len(machine.sent())) == (0, [], 5)


@pytest.mark.parametrize("option", ["--yes", "-y", "--json", "--quiet", "--dry-run", "--sandbox"])
def test_who_says_so_beforehand_is_not_asked(machine: Any, person: Any, option: str) -> None:
    """Nor is a rehearsal."""
    ended, asked = person(None, "run", machine.export(), option)
    assert (ended.status, asked) == (0, [])


def test_a_job_without_a_terminal_is_not_asked(machine: Any) -> None:
    """Cron sends as it was told to; the whole run counts for a later one at a terminal."""
    assert machine.run("run", machine.export()).status == 0
    assert len(machine.sent()) == 4


def test_the_question_can_be_interrupted(machine: Any, person: Any) -> None:
    """With the status of an interrupted command, and nothing sent."""
    ended, _ = person(None, "run", machine.export())
    assert (ended.status, machine.sent()) == (130, [])


@pytest.mark.parametrize(
    ("typed", "status", "sent"), [(b"n\n", 0, 0), (b"\n", 0, 0), (b"y\n", 0, 4), (b"\x03", 130, 0)]
)
def test_a_person_at_a_real_terminal_answers(machine: Any, typed: bytes, status: int, sent: int) -> None:
    """By keyboard: no is what Enter alone says, and Ctrl-C ends the command."""
    shown, ended = at_terminal(machine, ["run", machine.export()], b"[y/N]", typed)
    assert (ended, len(machine.sent())) == (status, sent), shown
    assert b"4 movies onto Completed" in shown


def test_undo_asks_at_a_real_terminal(machine: Any) -> None:
    """Default no."""
    machine.run("run", machine.export())
    shown, ended = at_terminal(machine, ["undo"], b"[y/N]", b"\n")
    assert (ended, b"Nothing was taken back" in shown) == (0, True)
    assert machine.sandbox.rated("Heat", 1995).rating == 9


def at_terminal(machine: Any, line: list[str], question: bytes, typed: bytes) -> tuple[bytes, int]:
    """Run a command at a pseudo-terminal of its own, answer its question; return what was shown, and its status."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "importer", *line],
        env={**os.environ, **machine.env, "TERM": "dumb"},
        cwd=Path(machine.folder),
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    shown, answered, ends, again = b"", False, time.monotonic() + 60, 0.0
    try:
        while time.monotonic() < ends:
            if select.select([master], [], [], 0.2)[0]:
                try:
                    shown += os.read(master, 65_536)
                except OSError:  # Linux: nobody holds the other side any more
                    break
            elif process.poll() is not None:
                break
            if question in shown and typed == b"\x03" and time.monotonic() > again:
                # The question may be shown before anybody reads its answer: a signal in between is seen with the next.
                again = time.monotonic() + 1
                os.kill(process.pid, signal.SIGINT)
            elif question in shown and not answered:
                os.write(master, typed)
                answered = True
        return shown, process.wait(60)
    finally:
        process.kill()
        process.wait()
        os.close(master)
