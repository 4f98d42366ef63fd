"""What is not in the manual does not exist: every name that users and scripts rely on stands there."""

from __future__ import annotations

import math
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from importer.cli import consent
from importer.cli.help import topics
from importer.cli.main import COMMANDS, family
from importer.errors import PRECEDENCE, ExitStatus
from importer.machine.setting import ENCODINGS, Type
from importer.machine.settings import BY_NAME, SETTINGS
from importer.manual.layout import Sort, laid_out, parts
from importer.model import Note, Origin, Outcome, Reason
from importer.record import TOTALS, UNDO_TOTALS, TakenBack
from importer.report.rejects import COLUMNS, SUGGESTED
from importer.report.rows import CSV_COLUMNS
from importer.run.checkup.observing import Question
from importer.signin.registration import VALUES
from importer.simkl.refusals import CONNECTED_APPS, DEVELOPER

ROOT = Path(__file__).parents[2]
MANUAL = topics()


def section(topic: str, title: str) -> str:
    """Return what stands under a heading of a topic, up to the next one."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", MANUAL[topic], re.MULTILINE | re.DOTALL)
    assert found is not None, f"{topic}.md has no section {title!r}"
    return found[1]


def entries(text: str) -> list[str]:
    """Return the names that the indented lists of a text explain: `    name   its meaning`."""
    return [
        name
        for line in re.findall(r"^    (\S+(?:, \S+)*) {2,}\S", text, re.MULTILINE)
        for name in re.split(r", ", line)
    ]


OPTION = r"(?<![\w-])--?[a-z][a-z-]*"


def options(command: str) -> Iterator[tuple[str, click.Option]]:
    """Every form of every option of a command; of a flag's --no- form only where the flag is on by itself."""
    found = family.get_command(click.Context(family), command)
    assert found is not None
    for one in found.params:
        if isinstance(one, click.Option):
            setting = BY_NAME.get(one.opts[0].removeprefix("--"))
            off = one.secondary_opts if setting is not None and setting.default is True else ()
            for form in (*one.opts, *off):
                yield form, one


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_section_with_all_its_options_and_no_other(command: str) -> None:
    """In both directions, so that an option that goes leaves the manual too."""
    text = section("commands", command)
    told = set(re.findall(OPTION, text)) - {"--help", "-h"}
    there = {form for form, _ in options(command)} - {"--help", "-h"}
    assert there <= told, "not in commands.md"
    explained = "\n".join(re.findall(r"^    -.*?(?=   |$)", text, re.MULTILINE))
    assert set(re.findall(OPTION, explained)) <= there, "in commands.md, and no option"


def test_every_choice_that_an_option_takes_is_named() -> None:
    """Those of the settings and how far they go, fields of a CSV, suffixes of reports; and those of other commands."""
    run = section("commands", "run")
    for setting in SETTINGS:
        for choice in setting.choices:
            assert re.search(rf"(?<!\w){re.escape(choice)}(?!\w)", run), (setting.name, choice)
        explained = re.search(rf"^    (?:-\w, )?--{setting.name} .*\n(?: {{8,}}.*\n)*", run, re.MULTILINE)
        bounds = [f"{bound:g}" for bound in (setting.low, setting.high) if math.isfinite(setting.high)]
        for word in (*bounds, *(ENCODINGS if setting.type is Type.ENCODING else ())):
            assert explained is not None, setting.name
            assert re.search(rf"(?<!\w){re.escape(word)}(?!\w)", explained[0]), (setting.name, word)
    for command in COMMANDS:
        for form, option in options(command):
            if isinstance(option.type, click.Choice) and option.metavar is None:
                for choice in option.type.choices:
                    assert choice in section("commands", command), (command, form, choice)


def test_no_section_is_about_a_command_that_is_not_there() -> None:
    """The commands stand in their order."""
    assert re.findall(r"^## (.+)$", MANUAL["commands"], re.MULTILINE) == list(COMMANDS)


def test_every_outcome_reason_and_note_is_explained_once() -> None:
    """Each in the list where a person looks for it, and nothing else there."""
    head = MANUAL["outcomes"].partition("\n## ")[0]
    assert entries(head) == [*Outcome, *TakenBack]
    titles = [f"Reasons of {name}" for name in (Outcome.REJECTED, Outcome.SKIPPED, Outcome.KEPT)]
    told = [name for title in titles for name in entries(section("outcomes", title))]
    assert sorted(told) == sorted(Reason)
    assert sorted(entries(section("outcomes", "Notes"))) == sorted(Note)


def test_every_exit_status_is_explained_and_their_order_is_the_programs() -> None:
    """Also in the list of what a job should do about each."""
    text = section("outcomes", "Exit statuses")
    assert [int(name) for name in entries(text)] == sorted(ExitStatus)
    order = re.search(r"the first of ([\d, ]+) is the one", text)
    assert order is not None
    assert [int(one) for one in order[1].split(", ")] == list(PRECEDENCE)
    jobs = section("jobs", "What a job should do about a status")
    assert {int(one) for one in re.findall(r"\b\d+\b", jobs)} == set(ExitStatus)


def test_every_environment_variable_that_the_program_reads_is_explained() -> None:
    """And none that it does not read."""
    source = "\n".join(path.read_text() for path in (ROOT / "importer").rglob("*.py") if "sandbox" not in path.parts)
    read = set(re.findall(r"\"((?:SIMKL|XDG)_[A-Z_]+)\"", source))
    read |= set(re.findall(r"environ(?:ment)?\.get\(\"([A-Z_]+)\"", source))
    read |= {*consent.REMOTE, *consent.DISPLAYS, "BROWSER"}  # the last by Python's own webbrowser
    assert {name for name in entries(MANUAL["environment"]) if name.isupper()} == read


def fields(value: Any) -> Iterator[str]:
    """The names of a JSON document, however deep."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield name
            yield from fields(part)
    elif isinstance(value, list):
        for part in value:
            yield from fields(part)


def test_every_field_of_every_document_stands_in_the_manual(machine: Any) -> None:
    """Of documents as the commands print them; names that are data (formats, settings, ids) are told elsewhere."""
    unfinished = machine.export("Date,Name,Year,Letterboxd URI,Rating\n2024-05-01,Heat,,https://boxd.it/2a7i,4\n")
    machine.run("run", unfinished)
    mended = machine.run("report", "--format", "rejects").out.replace("Heat,,", "Heat,1995,")
    machine.run("run", machine.export(mended, "rejects.csv"))
    assert machine.run("status", "--json").document["choices"]
    export = machine.export(name="again.csv")
    said: dict[str, set[str]] = {}
    asking = (["status"], ["status", "--all"], ["whoami"], ["doctor", "--live", "--yes"])
    for line in (["check", export], ["run", export], *asking, ["undo", "--yes"]):
        said.setdefault(line[0], set()).update(fields(machine.run(*line, "--json").document))
    rows = machine.run("report", "--run", "2", "--format", "json").document["rows"]
    assert rows
    said["rows"] = set(fields(rows))
    formats = machine.run("formats", "--json").document["formats"]
    said["formats"] = set(formats[0])
    said["config"] = {"settings", "service", "environment", "exports", "value", "source"}
    assert set(machine.run("config", "--json").document) - {"schema", "command"} <= said["config"]
    for command, names in said.items():
        for name in names:
            assert re.search(rf"(?<!\w){re.escape(name)}(?!\w)", MANUAL["json"]), (command, name)


def test_every_total_origin_and_column_stands_in_the_manual() -> None:
    """Also those of which a document happens to have none."""
    for name in (*TOTALS, *UNDO_TOTALS, *Origin, *CSV_COLUMNS, *SUGGESTED):
        assert re.search(rf"(?<!\w){re.escape(name)}(?!\w)", MANUAL["json"]), name
    for question in Question:
        assert f"{question}" in " ".join(section("json", "doctor").split()), question
    rejects = section("json", "The rejects file")
    assert re.findall(r"\w+", rejects.partition("`")[0]) == list(COLUMNS)


def test_every_page_on_formats_is_what_the_adapters_tell() -> None:
    """The manual's, README's list and the keywords. If not: python tests/cli/formats_page.py."""
    written = runpy.run_path(str(Path(__file__).with_name("formats_page.py")))["pages"]()
    assert len(written) == 3
    for page, text in written.items():
        assert page.read_text("utf-8") == text, "python tests/cli/formats_page.py"


def test_every_transcript_is_what_the_program_prints() -> None:
    """If not: python tests/cli/transcripts.py."""
    written = runpy.run_path(str(Path(__file__).with_name("transcripts.py")))["transcribed"]()
    assert written == {topic: MANUAL[topic] for topic in written}
    sessions = [topic for topic, text in MANUAL.items() if "```console\n$ simkl-import " in text]
    assert sessions == sorted(written)


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("topic", MANUAL)
def test_every_topic_is_laid_out_anew_for_a_narrow_terminal(topic: str, width: int) -> None:
    """No word is lost or moved; only commands, transcripts, code and a single long word may be wider."""
    text = laid_out(MANUAL[topic], width)
    frames = r"^```.*\n|^\|[| -]*\n|^\| | \|$|(?<=`) \|(?= )"
    assert text.split() == re.sub(frames, "", MANUAL[topic], flags=re.MULTILINE).split()
    fixed = {line for part in parts(MANUAL[topic]) if part.sort is Sort.AS_IT_IS for line in part.lines}
    fenced = "".join(re.findall(r"^```.*?\n(.*?)^```", MANUAL[topic], re.MULTILINE | re.DOTALL)).splitlines()
    commands = [line for line in fixed if re.match(r"simkl-import |python |10 4 \* |( *samples/)", line)]
    as_they_are = {f"    {line}" for line in fixed & {*fenced, *commands}}
    for line in text.splitlines():
        longest = max((len(word) for word in line.split()), default=0)
        assert len(line) <= width or line in as_they_are or longest > width // 2, line
    assert laid_out(MANUAL[topic], 120) == MANUAL[topic]


def test_a_list_of_names_keeps_its_names_and_a_transcript_its_lines() -> None:
    """A name too wide for its column stands alone; lines that begin with a label stay lines; a code stays as it is."""
    text = (
        "# Title\n\nWords.\n\n"
        "    one      what one means, in so many words that they need two lines\n"
        "             do: nothing\n"
        "    a-long-name-that-does-not-fit   something else\n\n"
        "- a point that goes on and on and on\n"
        "1. a first step that goes on and on\n\n"
        "    $ a command that is as long as it happens to be\n\n"
        "| | |\n|---|---|\n| `a` | b |\n"
    )
    assert laid_out(text, 32).splitlines() == [
        "# Title",
        "",
        "Words.",
        "",
        "    one   what one means, in so",
        "          many words that they",
        "          need two lines",
        "          do: nothing",
        "    a-long-name-that-does-not-fit",
        "          something else",
        "",
        "- a point that goes on and on",
        "  and on",
        "1. a first step that goes on and",
        "   on",
        "",
        "    $ a command that is as long as it happens to be",
        "",
        "    `a`   b",
    ]


def test_what_a_person_types_into_the_form_is_what_login_tells() -> None:
    """With the addresses where it is done and undone."""
    for name, value in VALUES:
        assert re.search(rf"{name} +{re.escape(value)}\n", MANUAL["start"])
    assert DEVELOPER in MANUAL["start"]
    assert CONNECTED_APPS in MANUAL["privacy"]


def test_every_command_line_in_the_manual_is_one_that_the_program_takes() -> None:
    """Its command is there, and so is each of its options."""
    lines = [
        (topic, line)
        for topic, text in MANUAL.items()
        for line in re.findall(r"simkl-import ([a-z][^`\n;,:()]*)", text)
        if line.split()[0] in COMMANDS or topic != "adapter"
    ]
    assert len(lines) > 40
    for topic, line in lines:
        command, *rest = line.rstrip(".").split()
        if command not in COMMANDS:
            continue
        known = {form for form, _ in options(command)} | {"--help", "-h"}
        assert {word for word in rest if re.fullmatch(r"--[a-z-]+", word)} <= known, (topic, line)


def test_every_topic_that_is_pointed_to_is_there() -> None:
    """Within the manual, in README and in the helps of the commands."""
    texts = [*MANUAL.values(), (ROOT / "README.md").read_text()]
    for text in texts:
        for topic in re.findall(r"(?:simkl-import |\(|see: |: )help ([a-z]+)", text):
            assert topic in MANUAL or topic in COMMANDS, topic


def test_the_layout_is_loaded_alone_while_the_wheel_is_built() -> None:
    """Nothing of the program is installed then, nor what it needs."""
    code = f"import runpy; runpy.run_path({str(ROOT / 'importer/manual/layout.py')!r})"
    subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True, cwd=ROOT.anchor)
