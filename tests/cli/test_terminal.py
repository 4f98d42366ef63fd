"""What a person sees on a terminal, told from a model of its screen: above all after an end in the middle."""

from __future__ import annotations

import asyncio
import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pyte
import pytest

PATIENCE = 60.0
"""Seconds until a test gives up on what never comes."""
PROGRAM = (
    f"from importer.machine import clock; clock.LAST_FLIGHT = {PATIENCE}; from importer.cli.main import main; main()"
)
"""The command, but that a request in flight has as long as the test: no machine is so slow that it would end before."""
SENDS = "POST", "/sync/ratings"
CTRL_C = b"\x03"
MAL = Path(__file__).parents[2] / "samples" / "mal" / "animelist_1767225600_-_4242.xml"
"""An export that is warned about."""


class Sitting:
    """A person at a terminal of so many columns: reads the screen, presses keys."""

    def __init__(self, machine: Any, line: list[str], columns: int, environment: dict[str, str]) -> None:
        self.screen = pyte.Screen(columns, 60)
        self._stream = pyte.ByteStream(self.screen)
        self.master, terminal = os.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 60, columns, 0, 0))
        whole = {**os.environ, **machine.env, "TERM": "xterm-256color", **environment}
        for name in ("COLUMNS", "LINES", "NO_COLOR"):
            whole.pop(name, None)
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *line],
            env=whole | environment,
            cwd=machine.folder,
            preexec_fn=lambda: os.login_tty(terminal),
            close_fds=False,
        )
        os.close(terminal)

    @property
    def shown(self) -> str:
        """What stands on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip()

    def look(self) -> bool:
        """Take in what has come; False once nothing more can."""
        if not select.select([self.master], [], [], 0.05)[0]:
            return True
        try:
            data = os.read(self.master, 65_536)
        except OSError:  # Linux says so when the other end is closed
            return False
        self._stream.feed(data)
        return bool(data)

    def until(self, seen: Callable[[], object]) -> None:
        """Look until something is so."""
        ends = time.monotonic() + PATIENCE
        while not seen():
            assert time.monotonic() < ends, self.shown
            self.look()

    def press(self, keys: bytes) -> None:
        """Type."""
        os.write(self.master, keys)

    def leave(self) -> int:
        """Look until the command has ended; return its status."""
        ends = time.monotonic() + PATIENCE
        while self.look():
            assert time.monotonic() < ends, self.shown
        return self.process.wait(timeout=PATIENCE)


@contextmanager
def sitting(machine: Any, *line: str, columns: int = 80, **environment: str) -> Iterator[Sitting]:
    """A command begun at a terminal, ended whatever happens."""
    found = Sitting(machine, list(line), columns, environment)
    try:
        yield found
    finally:
        if found.process.poll() is None:
            found.process.kill()
            found.process.wait()
        os.close(found.master)


def left_clean(one: Sitting) -> bool:
    """Whether the cursor is there, at the start of a line, and nothing of the view is left."""
    cursor = one.screen.cursor
    return not cursor.hidden and cursor.x == 0 and "━" not in one.shown and "POST to come" not in one.shown


def under_way(machine: Any) -> Callable[[], bool]:
    """Whether the second POST is waited for: before it come its run's first, and that of the import before."""

    def waits() -> bool:
        sent = machine.sandbox.requests(*SENDS)
        return len(sent) == 3 and sent[-1].ended is None

    return waits


@pytest.fixture
def known(machine: Any) -> Any:
    """A machine whose account had a first import: a later one has nothing to ask."""
    first = machine.export("Date,Name,Year,Letterboxd URI,Rating\n2024-05-01,Jaws,1975,https://b/j,4\n", "first.csv")
    assert machine.run("run", first).status == 0
    return machine


@pytest.fixture
def answered(known: Any) -> Iterator[Event]:
    """What the answer to the second POST waits for, however long this machine takes."""
    told = Event()

    async def wait(_seconds: float) -> None:
        while under_way(known)() and not told.is_set():  # noqa: ASYNC110 - another thread rings no bell
            await asyncio.sleep(0.005)

    known.sandbox.sleep, known.sandbox.latency = wait, 1.0
    yield told
    told.set()


def test_the_first_ctrl_c_says_at_once_what_happens(known: Any, answered: Event) -> None:
    """While the answer is still waited for; then the end is told as always, and the terminal is as it was."""
    with sitting(known, "run", known.export(), "--batch-size", "1") as one:
        one.until(lambda: "━" in one.shown and under_way(known)())
        one.press(CTRL_C)
        one.until(lambda: "Stopping: waiting for the answer in flight, 60 s at most; again stops now" in one.shown)
        assert under_way(known)()
        answered.set()
        assert one.leave() == 130
        assert left_clean(one)
        assert "2 are on Simkl" in one.shown
        assert one.shown.splitlines()[-1] == "To go on, give the same run command again."


@pytest.mark.usefixtures("answered")
def test_the_second_ctrl_c_ends_at_once_and_leaves_the_terminal_as_it_was(known: Any) -> None:
    """With a line on what is not known, below what was said before."""
    with sitting(known, "run", known.export(), "--batch-size", "1") as one:
        one.until(lambda: "━" in one.shown and under_way(known)())
        one.press(CTRL_C)
        one.until(lambda: "again stops now" in one.shown)
        one.press(CTRL_C)
        assert one.leave() == 130
        assert left_clean(one)
        assert "Stopped now: the same command finds out what arrived" in one.shown


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_signal_from_elsewhere_leaves_a_cursor(known: Any, answered: Event, number: signal.Signals) -> None:
    """Also the one that no program can answer."""
    with sitting(known, "run", known.export(), "--batch-size", "1") as one:
        one.until(lambda: "━" in one.shown and under_way(known)())
        one.process.send_signal(number)
        if number is signal.SIGTERM:
            one.until(lambda: "again stops now" in one.shown)
            answered.set()
        assert one.leave() == (143 if number is signal.SIGTERM else -number)
        assert not one.screen.cursor.hidden
        assert number is signal.SIGKILL or left_clean(one)


@pytest.mark.parametrize(
    ("fault", "status", "last"),
    [
        (None, 0, "simkl-import undo --run 2"),
        ("status-401", 4, "To go on, give the same run command again."),
        ("quota", 6, "https://simkl.com/settings/connected-apps/"),
    ],
)
def test_every_end_leaves_the_terminal_as_it_was(known: Any, fault: str | None, status: int, last: str) -> None:
    """A good one, a token that ended, a spent quota; what to do comes last."""
    known.sandbox.faults.script("POST /sync/ratings", [None, *([fault] * 9)])
    with sitting(known, "run", known.export(), "--batch-size", "1") as one:
        assert one.leave() == status
        assert left_clean(one)
        assert one.shown.splitlines()[-1].endswith(last)


@pytest.mark.parametrize("columns", [80, 120])
def test_a_terminal_of_any_width_shows_paths_and_commands_whole(machine: Any, columns: int) -> None:
    """As the terminal says, or COLUMNS where it is set."""
    long = f"{'a-long-folder-name/' * 6}ratings.csv"
    export = machine.export(name=long)
    with sitting(machine, "check", export, columns=columns) as one:
        assert one.leave() == 0
        assert f"simkl-import run {export}" in one.shown.replace("\n", "")
        assert left_clean(one)


def test_what_is_told_is_broken_between_words(machine: Any) -> None:
    """A warning, also one that is wider than the terminal; its words are all there."""
    with sitting(machine, "run", "-n", str(MAL), columns=50) as one:
        assert one.leave() == 0
        lines = one.shown.splitlines()
        start = next(n for n, line in enumerate(lines) if "3 dates" in line)
        assert " ".join(lines[start : start + 2]).endswith("3 dates say that there is none")
        assert all(len(line) < 50 for line in lines[: start + 2])


def test_an_error_is_broken_between_words(machine: Any) -> None:
    """With its next step on lines of its own."""
    with sitting(machine, "report", "--format", "pdf", columns=60) as one:
        assert one.leave() == 2
        *said, step = one.shown.splitlines()
        assert " ".join(said).endswith("text, html, csv, json, jsonl, rejects, snapshot")
        assert step == "  see: simkl-import report --help"


def test_a_topic_is_as_wide_as_the_terminal_behind_a_pager_too() -> None:
    """The pager's terminal is that of the messages; without any, the topic stands as it is."""
    ours, terminal = os.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 72, 0, 0))
    widths = []
    for stream in (terminal, subprocess.DEVNULL):
        line = [sys.executable, "-m", "importer", "help", "privacy"]
        settings = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
        done = subprocess.run(line, stdout=subprocess.PIPE, stderr=stream, text=True, env=settings, check=True)
        widths.append(max(map(len, done.stdout.splitlines())))
    os.close(ours)
    os.close(terminal)
    assert widths[0] <= 72 < widths[1]


def test_columns_counts_before_what_the_terminal_says(machine: Any) -> None:
    """A title has as much room as COLUMNS gives."""
    title = "The Assassination of Jesse James by the Coward Robert Ford"
    export = machine.export(f"Date,Name,Year,Letterboxd URI,Rating\n2024-05-01,{title},2007,u,5.5\n")
    for said, whole in (("200", True), ("60", False)):
        with sitting(machine, "check", export, columns=120, COLUMNS=said) as one:
            assert one.leave() == 3
            assert (title in one.shown) is whole


def test_titles_are_chosen_with_the_keyboard_alone(known: Any) -> None:
    """In 80 columns: a number, Enter, and the end of a run as always; Ctrl-C in a question ends without sending."""
    known.sandbox.catalog.add("movie", "A Very Long Name " + "of a Film " * 9, 1999)
    nameless = "Date,Name,Year,Letterboxd URI,Rating\n2024-05-01,Stalker,,https://b/s,4\n"
    assert known.run("run", known.export(nameless, "nameless.csv")).status == 3
    sent = len(known.sent())
    with sitting(known, "mend") as one:
        one.until(lambda: "q stop:" in one.shown)
        assert "1  Stalker (1979), film" in one.shown
        one.press(CTRL_C)
        assert one.leave() == 130
        assert left_clean(one)
    assert len(known.sent()) == sent
    with sitting(known, "mend") as one:
        one.until(lambda: "q stop:" in one.shown)
        one.press(b"1\n")
        assert one.leave() == 0
        assert left_clean(one)
        assert "1 is on Simkl" in one.shown
    assert len(known.sent()) == sent + 1
