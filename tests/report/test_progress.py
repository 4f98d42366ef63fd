"""What is told while a run goes on: not too often, never in the way, and never a reason to fail."""

from __future__ import annotations

import io
import re
import time

import pytest
from rich.cells import cell_len

from importer.events import (
    Answered,
    Closed,
    Phase,
    PhaseBegan,
    PostsToCome,
    RequestsUsed,
    Retrying,
    RowsDecided,
    Stopping,
    Warned,
    nobody,
)
from importer.report.listening import listener_for
from importer.report.live import LiveView
from importer.report.plain import PlainLines
from importer.report.progress import Progress


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
        r"sending: 5\d\d of 6,000 rows decided, 1\d\d rows/s, 55\d POSTs to come, at least 55 s left, "
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


def test_live_view_is_taken_away_and_what_a_person_should_read_stays(terminal, monkeypatch):
    """Phase, bar, rows, rate; time left, POSTs to come, requests; a retry has a line of its own while it lasts."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    clock, stream = Clock(), terminal()
    listen = LiveView(stream, clock)
    work(listen, clock, steps=300)
    listen(PostsToCome(20, 1.1))
    assert listen._view().plain.splitlines() == [
        "sending " + "━" * 24 + " 3,000/3,000 rows 100/s",
        "  at least 22 s left, 20 POSTs to come, 300 of 500 requests today",
    ]
    clock.now += 10
    assert "at least 12 s left" in listen._view().plain
    listen(Retrying("503 from Simkl", 8))
    listen(Warned("kept on the screen: " + "/long" * 60))
    assert listen._view().plain.splitlines()[2] == "  again in 8 s: 503 from Simkl"
    clock.now += 9
    assert "again in" not in listen._view().plain
    listen(Closed())
    kept = stream.getvalue()
    assert 0 < kept.index("warning: kept on the screen:") < kept.index("/long" * 60)
    assert stream.getvalue().endswith("\x1b[2K\n")


@pytest.mark.parametrize("columns", [20, 40, 80, 120])
def test_live_view_fits_every_terminal_and_cuts_nothing(terminal, monkeypatch, columns):
    """What has no room beside goes below; a reason is broken between words."""
    monkeypatch.setenv("COLUMNS", str(columns))
    clock = Clock()
    listen = LiveView(terminal(), clock)
    work(listen, clock, steps=300)
    listen(PostsToCome(20, 1.1))
    listen(Retrying("千 Simkl answered nothing that could be read, twice", 8))
    view = listen._view().plain
    assert all(cell_len(line) < max(columns, 28) for line in view.splitlines())
    whole = " ".join(view.split())
    for part in ("3,000/3,000 rows 100/s", "at least 30 s left, 20 POSTs to come, 300 of 500 requests today"):
        assert part in whole
    assert "again in 8 s: 千 Simkl answered nothing that could be read, twice" in whole


def test_the_cursor_is_never_hidden(terminal, monkeypatch):
    """So that whatever ends the process, a kill included, leaves a terminal with a cursor."""
    monkeypatch.setenv("TERM", "xterm-256color")
    stream = terminal()
    listen = LiveView(stream)
    listen(PhaseBegan(Phase.SENDING))
    listen(Closed())
    assert "sending" in stream.getvalue()
    assert "\x1b[?25l" not in stream.getvalue()


def sent(progress, clock, *, batches, rows, answer, posts, start=0, total=None):
    """Batches of so many rows go out, each answered after so many seconds; `posts` are to come after them."""
    total = start + (batches + posts) * rows if total is None else total
    progress.take(PhaseBegan(Phase.SENDING), clock.now)
    for batch in range(batches + 1):
        progress.take(RowsDecided(start + batch * rows, total), clock.now)
        progress.take(PostsToCome(posts + batches - batch, 1.1), clock.now)
        if batch < batches:
            clock.now += answer + 1.1
            progress.take(Answered("POST", "/sync/ratings", 201, answer), clock.now)


@pytest.mark.parametrize(("answer", "seconds"), [(2.6, 44), (0.1, 14), (0, 13)])
def test_the_time_left_follows_from_the_pace_and_the_answers_seen(answer, seconds):
    """Twelve requests take 13 seconds by the pace alone, and 44 where each answer takes 2.6."""
    clock, progress = Clock(), Progress()
    sent(progress, clock, batches=3, rows=100, answer=answer, posts=12)
    assert progress.left(clock.now) == f"about {seconds} s left"


def test_larger_batches_are_foretold_by_their_rows():
    """Answers take longer the more they hold: 10 requests of 400 rows take as long a row as those of 100."""
    clock, progress = Clock(), Progress()
    sent(progress, clock, batches=2, rows=100, answer=1.0, posts=10, total=4_200)
    assert progress.left(clock.now) == "about 51 s left"


def test_a_wait_before_a_retry_counts():
    """Thirty seconds more to wait are thirty seconds more to come."""
    clock, progress = Clock(), Progress()
    sent(progress, clock, batches=1, rows=100, answer=0.0, posts=10)
    progress.take(Retrying("503 from Simkl", 30), clock.now)
    assert progress.left(clock.now) == "about 41 s left"


def test_the_rate_is_that_of_this_process():
    """Nine thousand rows that an earlier process sent make no rate."""
    clock, progress = Clock(), Progress()
    sent(progress, clock, batches=4, rows=100, answer=0.9, posts=6, start=9_000)
    assert progress.rate(clock.now) == pytest.approx(50)


@pytest.mark.parametrize("kind", [PlainLines, LiveView])
def test_who_interrupts_is_answered_at_once(terminal, monkeypatch, kind):
    """With what is waited for, how long at most, and what a second time does."""
    monkeypatch.setenv("TERM", "xterm-256color")
    stream = terminal()
    listen = kind(stream)
    listen(PhaseBegan(Phase.SENDING))
    listen(Stopping(10.0))
    assert "Stopping: waiting for the answer in flight, 10 s at most; again stops now" in stream.getvalue()
    listen(Stopping(None))
    assert "Stopping; again stops now" in stream.getvalue()
    listen(Closed())


def test_quiet_answers_who_interrupts_and_says_nothing_else():
    """Its status will not be 0."""
    stream = io.StringIO()
    listen = listener_for(stream, quiet=True)
    work(listen, Clock(), steps=3)
    listen(Warned("something"))
    assert stream.getvalue() == ""
    listen(Stopping(10.0))
    assert stream.getvalue().startswith("Stopping: ")


def test_live_view_redraws_at_most_ten_times_a_second(terminal, monkeypatch):
    """However often it is told something."""
    monkeypatch.setenv("TERM", "xterm-256color")
    writes = []
    stream = terminal()
    real = stream.write
    monkeypatch.setattr(stream, "write", lambda text: (writes.append(text), real(text))[1])
    listen = LiveView(stream)
    listen(PhaseBegan(Phase.SENDING))
    began = time.monotonic()
    while time.monotonic() - began < 0.5:
        listen(RowsDecided(1, 2))
    drawn = sum("sending" in text for text in writes)
    lasted = time.monotonic() - began
    listen(Closed())
    assert 1 <= drawn <= 2 + 10 * lasted


def test_who_listens_depends_on_the_stream(terminal, monkeypatch):
    """A live view on a terminal, lines on a dumb one and in a pipe."""
    monkeypatch.setenv("TERM", "xterm")
    assert isinstance(listener_for(io.StringIO()), PlainLines)
    live = listener_for(terminal())
    live(Closed())
    assert isinstance(live, LiveView)
    monkeypatch.setenv("TERM", "dumb")
    assert isinstance(listener_for(terminal()), PlainLines)
