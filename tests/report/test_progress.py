"""What is told while a run goes on: not too often, never in the way, and never a reason to fail."""

from __future__ import annotations

import io
import re
import time

import pytest
from rich.cells import cell_len

from importer.events import Closed, Phase, PhaseBegan, PostsToCome, RequestsUsed, Retrying, RowsDecided, Warned, nobody
from importer.report.listening import listener_for
from importer.report.live import LiveView
from importer.report.plain import PlainLines


class Clock:
    """Hands out the time that a test sets, in seconds."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def work(listen, clock, steps=600, each=0.1):
    listen(PhaseBegan(Phase.READING))
    listen(PhaseBegan(Phase.SENDING))
    for step in range(1, steps + 1):
        clock.now += each
        listen(RowsDecided(step * 10, steps * 10))
        listen(PostsToCome(steps - step, each))
        listen(RequestsUsed(step, 500))


def test_plain_lines_come_every_few_seconds_and_at_phases():
    """A minute of work in 600 steps: two phases, and a line each five seconds."""
    clock, stream = Clock(), io.StringIO()
    work(PlainLines(stream, clock, interval=5), clock)
    lines = stream.getvalue().splitlines()
    assert lines[:2] == ["reading the exports", "sending"]
    assert 11 <= len(lines) - 2 <= 12
    assert re.fullmatch(
        r"sending: 5\d\d of 6,000 rows decided, 1\d\d rows/s, 55\d POSTs to come, about 55 s left, "
        r"5\d of 500 requests today",
        lines[2],
    )


def test_retries_are_told_at_once_and_a_storm_of_them_once_an_interval():
    """The first says its reason and its wait; the next line counts those left out."""
    clock, stream = Clock(), io.StringIO()
    listen = PlainLines(stream, clock, interval=5)
    for _ in range(100):
        listen(Retrying("503 from Simkl", 4))
        clock.now += 0.125
    assert stream.getvalue().splitlines() == [
        "trying again in 4 s: 503 from Simkl",
        "trying again in 4 s: 503 from Simkl (39 more before)",
        "trying again in 4 s: 503 from Simkl (39 more before)",
    ]


def test_notes_are_told_at_once_and_cleaned():
    """A warning is never held back, and holds no escape sequence."""
    stream = io.StringIO()
    listen = PlainLines(stream, Clock())
    listen(Warned("a\x1b[2Jb"))
    listen(Closed())
    assert stream.getvalue() == "warning: a\ufffd[2Jb\n"


@pytest.mark.parametrize("kind", ["plain", "live", "silent"])
@pytest.mark.parametrize("writes", [0, 1, 3])
def test_a_stream_that_hangs_up_does_no_harm(gone, kind, writes):
    """The run goes on in silence."""
    clock, stream = Clock(), gone(writes)
    makers = {
        "plain": lambda: PlainLines(stream, clock),
        "live": lambda: LiveView(stream, clock),
        "silent": lambda: nobody,
    }
    listen = makers[kind]()
    work(listen, clock, steps=50)
    listen(Retrying("503 from Simkl", 1))
    listen(Warned("something"))
    listen(Closed())
    listen(Warned("after the end"))
    listen(Closed())


def test_live_view_is_two_narrow_lines_that_are_taken_away(terminal, monkeypatch):
    """Phase, bar, rows, rate; time left, POSTs to come, requests; a retry takes the second line while it lasts."""
    monkeypatch.setenv("TERM", "xterm-256color")
    clock, stream = Clock(), terminal()
    listen = LiveView(stream, clock)
    work(listen, clock, steps=300)
    listen(PostsToCome(20, 1.1))
    first, second = listen._view().plain.splitlines()
    assert first == "sending " + "━" * 24 + " 3,000/3,000 rows 100/s"
    assert second == "  about 22 s left, 20 POSTs to come, 300 of 500 requests today"
    clock.now += 10
    assert "about 12 s left" in listen._view().plain
    listen(Retrying("千" * 90 + " from Simkl", 8))
    listen(Warned("kept on the screen"))
    assert listen._view().plain.splitlines()[1].startswith("  again in 8 s: 千")
    assert all(cell_len(line) < 80 for line in listen._view().plain.splitlines())
    clock.now += 9
    assert "again in" not in listen._view().plain
    listen(Closed())
    assert "warning: kept on the screen" in stream.getvalue()
    assert stream.getvalue().endswith("\x1b[2K\n")


def test_live_view_redraws_at_most_ten_times_a_second(terminal, monkeypatch):
    """However often it is told something."""
    monkeypatch.setenv("TERM", "xterm-256color")
    writes = []
    stream = terminal()
    real = stream.write
    monkeypatch.setattr(stream, "write", lambda text: (writes.append(text), real(text))[1])
    listen = LiveView(stream)
    listen(PhaseBegan(Phase.SENDING))
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        listen(RowsDecided(1, 2))
    listen(Closed())
    assert sum("sending" in text for text in writes) <= 6


def test_who_listens_depends_on_the_stream(terminal, monkeypatch):
    """Nobody when quiet, a live view on a terminal, lines on a dumb one and in a pipe."""
    monkeypatch.setenv("TERM", "xterm")
    assert listener_for(terminal(), quiet=True) is nobody
    assert isinstance(listener_for(io.StringIO()), PlainLines)
    live = listener_for(terminal())
    live(Closed())
    assert isinstance(live, LiveView)
    monkeypatch.setenv("TERM", "dumb")
    assert isinstance(listener_for(terminal()), PlainLines)
