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

from importer.model import Note, Outcome, Reason, Remark
from importer.record import Match, SourceSummary, Summary, TakenBack
from importer.report.check import CheckedSource, CheckView, print_check
from importer.report.console import print_end
from importer.report.safe import for_terminal, quoted
from importer.report.steps import Commands
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
    assert len(text.splitlines()) <= 27
    for part in (
        "1,525 rows read; 1,105 are on Simkl",
        "/home/heidi/letterboxd.zip  letterboxd, 1,525 rows",
        "heidi (51)",
        "  1,102  applied",
        "412 out_of_range",
        "ratings.csv:2",
        "    simkl-import report --format rejects --output rejects.csv\n    simkl-import run rejects.csv\n",
        "/home/heidi/.local/state/simkl-import/51.sqlite",
        "report.html",
        "simkl-import undo --run 7",
    ):
        assert part in text
    assert "\x1b" not in text
    assert text.splitlines()[-1] == "To go on, give the same run command again."


@pytest.mark.parametrize("plain", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {}])
@pytest.mark.parametrize("columns", [40, 80, 120])
def test_prose_and_titles_fit_a_terminal_and_nothing_to_copy_is_cut(
    mixed, record, summarise, terminal, monkeypatch, plain, columns
):
    """As wide as COLUMNS says, with colour, without it and on a dumb terminal; NO_COLOR has no colour."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", str(columns))
    for name, value in plain.items():
        monkeypatch.setenv(name, value)
    folder = "/very" * 40
    sources = tuple(SourceSummary(f"{folder}/long.zip", "letterboxd", 5) for _ in range(9))
    long = record(outcome=Outcome.NOT_FOUND, title="Heat " * 40)
    summary = summarise([*mixed, long], sources=sources, resume_file=folder, message="because of it " * 40)
    text = end(
        summary,
        [long, *mixed],
        ["r" * 200],
        terminal(),
        commands=Commands(None, ("--resume-file", folder), ("--resume-file", folder)),
    )
    shown = lines(text)
    way_back = f"undo --run 7 --resume-file {folder}"
    for whole in (f"Read      {folder}/long.zip", f"Resume    {folder}", "r" * 200, way_back):
        assert any(whole in line for line in shown)
    assert " ".join(shown).casefold().count("because of it") == 40
    for line in shown:
        if "because" in line or "“Heat" in line:
            assert cell_len(line) <= columns
    assert all("“" in line for line in shown if "…" in line)
    assert ("\x1b" in text) == (plain.get("TERM") != "dumb")
    if "NO_COLOR" in plain:
        assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", text)


def test_a_pipe_gets_whole_lines(record, summarise, monkeypatch):
    """Whatever COLUMNS says, nothing is broken and no title is cut."""
    monkeypatch.setenv("COLUMNS", "40")
    title = "The Assassination of Jesse James by the Coward Robert Ford " * 2
    one = record(outcome=Outcome.NOT_FOUND, title=title)
    text = end(summarise([one], message="because of it " * 40), [one])
    assert f"“{title.strip()}” (1995), rating 4.5\n" in text
    assert "Because of it " + "because of it " * 38 + "because of it\n" in text


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text() | st.sampled_from(["\x1b[2J", "千" * 90, "\u202eabc", "a\r\nb", "\x9b31m", "[bold]x[/bold]"]))
def test_no_text_of_an_export_gets_at_the_terminal(record, summarise, text):
    """No control or direction character gets through, wherever it stands: titles, paths, names, messages, commands."""
    one = record(title=text, file=text, key=text, source_rating=text, note=Note.OTHER_TITLE, matched=Match(text, 1, 2))
    records = [one, record(title=text, file=text, key=text, source_rating=text, outcome=Outcome.NOT_FOUND)]
    sources = (SourceSummary(text, text, 1),)
    summary = summarise(records, account_name=text, message=text, hint=text, resume_file=text, sources=sources)
    shown = end(summary, records, [text], commands=Commands(text, (text,), (text,)), rows=records, verbose=True)
    source, remark = CheckedSource(text, "mal", 1, text), Remark(text, 1, text)
    view = CheckView((source,), {}, {}, None, None, tuple(records), (remark,))
    stream = io.StringIO()
    print_check(summary, view, stream)
    for output in (shown, stream.getvalue()):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", output)


@pytest.mark.parametrize("word", ["a b", "it's", "\x1b[2J", "a\nb", "\u202eabc", "千", "\udcff", "$(reboot)", "\\", ""])
def test_a_command_is_what_a_shell_reads_back(word):
    """A name with whatever is in it comes back from bash byte for byte."""
    line = f"printf %s {quoted(word)}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, check=True)
    assert done.stdout == word.encode("utf-8", "surrogateescape")
    assert for_terminal(quoted(word)) == quoted(word)


def test_commands_carry_the_options_and_the_rejects_file_that_is_there(mixed, summarise):
    """A rejects file already written is named; options of the resume file go onto every command."""
    text = end(summarise(mixed), [], [], commands=Commands("my rejects.csv", ("--resume-file", "a b")))
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
        "and 409 more rows",
    ):
        assert part in text
    assert text.count("ratings.csv:2  “Heat” (1995), rating 5.5") == 3


def test_importing_the_reports_does_not_import_rich():
    """A command that shows nothing starts fast."""
    rooms = ("check", "console", "html", "listening", "rows", "words")
    program = ";".join(f"import importer.report.{room}" for room in rooms)
    subprocess.run([sys.executable, "-c", f"{program};import sys;sys.exit('rich' in sys.modules)"], check=True)


def test_every_outcome_reason_and_problem_has_its_words(mixed, summarise):
    """The one table of words knows all there is; problems are counted once."""
    assert {*Outcome, *TakenBack} == set(OUTCOMES)
    assert set(Reason) == set(REASONS)
    assert {problem(one) for one in mixed} - {None} <= set(STEPS)
    assert all(problem_words(name) for name in STEPS)
    counted = Counter(problem(one) for one in mixed)
    del counted[None]
    assert dict(problems(summarise(mixed))) == counted


def test_a_command_in_the_words_of_an_end_looks_at_the_same_place() -> None:
    """Word for word, `simkl-import undo --run 1 --force` would look at the resume file that nobody named."""
    commands = Commands(None, ("--sandbox", "--resume-file", "a b"), ("--resume-file", "a b"))
    text = "simkl-import undo --run 1 --force takes it back; simkl-import report lists it"
    assert commands.completed(text) == (
        "simkl-import undo --sandbox --resume-file 'a b' --run 1 --force takes it back;"
        " simkl-import report --resume-file 'a b' lists it"
    )
    assert Commands().completed(text) == text
