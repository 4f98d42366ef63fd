"""The screens at the end of a run and of a check: they fit, they say what to do, and no title gets at the terminal."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from importer.model import Outcome, Reason, Remark
from importer.record import SourceSummary, Summary
from importer.report.check import CheckedSource, CheckView, print_check
from importer.report.console import print_end
from importer.report.words import OUTCOMES, REASONS, STEPS, problem, problem_words, problems

ANSI = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


def lines(text):
    return ANSI.sub("", text).splitlines()


def end(summary, samples=(), reports=(), stream=None, **more):
    stream = io.StringIO() if stream is None else stream
    print_end(summary, samples, reports, stream, **more)
    return stream.getvalue()


def test_one_screen_with_the_next_steps(mixed, summarise):
    """Two dozen lines tell what was read, the outcomes, the problems and their commands, the files, the way back."""
    text = end(summarise(mixed), filter(problem, mixed), ["report.html"])
    assert len(text.splitlines()) <= 26
    for part in (
        "1,525 rows read; 1,105 are on Simkl",
        "/home/heidi/letterboxd.zip  letterboxd, 1,525 rows",
        "heidi (51)",
        "  1,102  applied",
        "412 out_of_range",
        "ratings.csv:2",
        "    simkl-import report --format rejects --output rejects.csv\n    simkl-import run rejects.csv\n",
        "same run command again",
        "/home/heidi/.local/state/simkl-import/51.sqlite",
        "report.html",
        "simkl-import undo --run 7",
    ):
        assert part in text
    assert "\x1b" not in text


@pytest.mark.parametrize("plain", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {}])
def test_a_terminal_gets_at_most_80_columns(mixed, summarise, terminal, monkeypatch, plain):
    """With colour, without it and on a dumb terminal; paths alone stay whole, to be copied; NO_COLOR has no colour."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    for name, value in plain.items():
        monkeypatch.setenv(name, value)
    sources = tuple(SourceSummary("/very" * 40 + "/long.zip", "letterboxd", 5) for _ in range(9))
    summary = summarise(mixed, sources=sources, resume_file="/deep" * 40, message="because " * 40)
    text = end(summary, mixed, ["r" * 200], terminal())
    assert max(cell_len(line) for line in lines(text) if "/deep" not in line and "rrr" not in line) <= 80
    assert "/deep" * 40 in text
    assert ("\x1b" in text) == (plain.get("TERM") != "dumb")
    if "NO_COLOR" in plain:
        assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", text)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text() | st.sampled_from(["\x1b[2J", "千" * 90, "\u202eabc", "a\r\nb", "\x9b31m", "[bold]x[/bold]"]))
def test_no_text_of_an_export_gets_at_the_terminal(record, summarise, text):
    """No control or direction character gets through, and wide characters count double."""
    records = [record(title=text, file=text, source_rating=text, outcome=Outcome.NOT_FOUND)]
    summary = summarise(records, account_name=text, message=text)
    shown = end(summary, records, [])
    source, remark = CheckedSource(text, "mal", 1, text), Remark(text, 1, text)
    view = CheckView((source,), {}, {}, None, None, tuple(records), (remark,))
    stream = io.StringIO()
    print_check(summary, view, stream)
    for output in (shown, stream.getvalue()):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", output)
        assert max(cell_len(line) for line in output.split("\n")) <= 80


def test_commands_carry_the_options_and_the_rejects_file_that_is_there(mixed, summarise):
    """A rejects file already written is named; options of the resume file go onto every command."""
    text = end(summarise(mixed), [], [], rejects="my rejects.csv", options=("--resume-file", "a b"))
    assert "simkl-import run 'my rejects.csv' --resume-file 'a b'" in text
    assert "--format rejects" not in text
    assert "simkl-import undo --run 7 --resume-file 'a b'" in text


def test_a_dry_run_and_a_clean_run_offer_no_needless_command(record, summarise):
    """Nothing to undo after a dry run, nothing to mend after a clean one."""
    dry = end(summarise([record(outcome=Outcome.PENDING)], dry_run=True))
    assert "1 would be sent" in dry
    assert "undo" not in dry
    assert "rejects" not in end(summarise([record()]))


def test_an_undo_and_a_failure_have_their_words():
    """Undo has totals of its own; a run that read nothing tells its message."""
    undo = Summary(command="undo", exit=0, run=8, totals={"read": 5, "restored": 2, "removed": 2, "left": 1})
    text = end(undo)
    assert "5 ratings looked at; 2 put back; 2 taken off; 1 left as you changed them." in text
    assert "undo --run" not in text
    assert "No such file" in end(Summary(command="run", exit=5, message="no such file"))


def test_a_stream_that_went_away_or_speaks_ascii_does_no_harm(mixed, summarise, gone):
    """No screen is worth a traceback."""
    end(summarise(mixed), mixed, [], gone())
    closed = io.StringIO()
    closed.close()
    print_end(summarise(mixed), mixed, [], closed)
    raw = io.BytesIO()
    ascii_only = io.TextIOWrapper(raw, encoding="ascii", write_through=True)
    print_end(summarise(mixed), mixed, [], ascii_only)
    assert "?Heat?" in raw.getvalue().decode("ascii")


def test_check_shows_files_outcomes_histogram_dates_and_rows(mixed, summarise):
    """All that can be known offline, with up to three rows of each kind of problem."""
    summary = summarise(mixed, command="check", run=None, account_id=None)
    view = CheckView(
        sources=(CheckedSource("/home/heidi/letterboxd.zip", "letterboxd", 1_525, "ratings.csv has its five columns"),),
        counts=Counter((one.outcome, one.reason) for one in mixed),
        histogram=Counter(one.rating for one in mixed if one.rating is not None),
        first=0,
        last=1_614_859_205,
        samples=tuple(filter(problem, mixed)),
        remarks=(Remark("a.xml", 3, "a comment was repaired"),),
    )
    stream = io.StringIO()
    print_check(summary, view, stream)
    text = stream.getvalue()
    for part in (
        "content: ratings.csv has its five columns",
        "a.xml:3: a comment was repaired",
        "    412  rejected out_of_range",
        "Rated from 1970-01-01 to 2021-03-04",
        "   9 ####",
        "412 out_of_range  the rating is off the 1-10 scale",
        "and 409 more",
    ):
        assert part in text
    assert text.count("ratings.csv:2  “Heat” (1995), rating 5.5") == 3
    assert max(map(len, text.splitlines())) <= 80


def test_importing_the_reports_does_not_import_rich():
    """A command that shows nothing starts fast."""
    rooms = ("check", "console", "html", "progress", "rows", "words")
    program = ";".join(f"import importer.report.{room}" for room in rooms)
    subprocess.run([sys.executable, "-c", f"{program};import sys;sys.exit('rich' in sys.modules)"], check=True)


def test_every_outcome_reason_and_problem_has_its_words(mixed, summarise):
    """The one table of words knows all there is; problems are counted once."""
    assert set(Outcome) <= set(OUTCOMES)
    assert set(Reason) == set(REASONS)
    assert {problem(one) for one in mixed} - {None} <= set(STEPS)
    assert all(problem_words(name) for name in STEPS)
    counted = Counter(problem(one) for one in mixed)
    del counted[None]
    assert dict(problems(summarise(mixed))) == counted
