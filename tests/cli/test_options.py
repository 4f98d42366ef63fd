"""Every option of the contract, its default, its words when it is wrong, and who wins over whom."""

from __future__ import annotations

import os
from datetime import date
from typing import Any

import click
import pytest

from importer.cli.main import COMMANDS, family
from importer.machine.settings import BY_NAME, SETTINGS

RUN = {
    "from": None,
    "resume-file": None,
    "dry-run": False,
    "on-conflict": "newer",
    "undated": "watched",
    "redate": False,
    "date-order": None,
    "scale": None,
    "round": None,
    "map": (),
    "set": (),
    "only": (),
    "since": None,
    "limit": None,
    "encoding": None,
    "batch-size": "auto",
    "verify": True,
    "retry-not-found": False,
    "timeout": 60.0,
    "report": (),
    "rejects": (),
    "json": False,
    "quiet": False,
    "verbose": False,
    "log-file": None,
    "config": None,
    "sandbox": False,
    "replace-files": False,
    "profile": None,
    "listed-only": False,
    "yes": False,
}
CHECK = {
    "from",
    "undated",
    "date-order",
    "scale",
    "round",
    "map",
    "set",
    "only",
    "since",
    "encoding",
    "json",
    "quiet",
    "verbose",
    "log-file",
    "config",
    "profile",
}
UNDO = {
    "resume-file",
    "dry-run",
    "timeout",
    "json",
    "quiet",
    "verbose",
    "log-file",
    "config",
    "sandbox",
    "profile",
    "yes",
}
STATUS = {"resume-file", "json", "config", "profile"}
MEND = UNDO | {"on-conflict", "replace-files"}
OWN = {
    "undo": {"run", "all", "key", "force", "unlist"},
    "report": {"format", "output", "open", "outcome", "run"},
    "mend": {"forget", "limit", "suggest"},
    "login": {"flow"},
    "sandbox": {"port", "fault", "state"},
}


def options(command: str) -> dict[str, set[str]]:
    """Each option of a command by its long name, with all its forms."""
    found = family.get_command(click.Context(family), command)
    assert found is not None
    named = {}
    for one in found.params:
        if isinstance(one, click.Option):
            forms = {*one.opts, *one.secondary_opts}
            named[next(form for form in one.opts if form.startswith("--")).removeprefix("--")] = forms
    return named


def test_every_command_of_the_contract_is_there() -> None:
    """With a line of help, its options, and an example."""
    assert list(COMMANDS) == [
        "run",
        "check",
        "undo",
        "status",
        "report",
        "mend",
        "login",
        "logout",
        "whoami",
        "web",
        "doctor",
        "config",
        "formats",
        "sandbox",
        "demo",
        "completion",
        "help",
    ]
    for name in COMMANDS:
        command = family.get_command(click.Context(family), name)
        assert command is not None
        assert command.help
        assert f"simkl-import {name}" in (command.epilog or "")
        assert all(one.help for one in command.params if isinstance(one, click.Option)), name


def test_the_options_of_run_have_their_defaults() -> None:
    """As one table."""
    assert {setting.name: setting.default for setting in SETTINGS} == RUN


def test_every_command_takes_its_options_and_no_others() -> None:
    """run, check, undo, status and report share the table."""
    assert set(options("run")) == set(RUN)
    assert set(options("check")) == CHECK
    assert set(options("undo")) == UNDO | OWN["undo"]
    assert set(options("status")) == STATUS | {"all"}
    assert set(options("report")) == STATUS | OWN["report"] | {"replace-files"}
    assert set(options("mend")) == MEND | OWN["mend"]
    for name in ("login", "sandbox"):
        assert OWN[name] <= set(options(name))


def test_short_forms_are_there() -> None:
    """-n, -q, -v and -y."""
    for command in ("run", "undo"):
        assert {"-y"} <= options(command)["yes"]
        assert {"-n"} <= options(command)["dry-run"]
        assert {"-q"} <= options(command)["quiet"]
        assert {"-v"} <= options(command)["verbose"]
    assert {"-q"} <= options("check")["quiet"]


def test_help_lists_no_more_forms_than_a_person_needs(machine: Any) -> None:
    """The --no- forms overrule a settings file; --no-verify alone is of everyday use."""
    text = machine.run("run", "--help").out
    assert "--verify / --no-verify" in text
    assert "--no-dry-run" not in text
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (["rn"], "run"),
        (["stat"], "status"),
        (["run", "x", "--limt", "3"], "--limit"),
        (["run", "x", "--on-conflict", "newest"], "newer"),
        (["check", "x", "--only", "movie"], "movies"),
        (["check", "x", "--from", "letterbox"], "letterboxd"),
        (["check", "x", "--undated", "wached"], "watched"),
        (["run", "x", "--batch-size", "0"], "1 is the nearest"),
        (["run", "x", "--limit", "0"], "1 is the nearest"),
        (["run", "x", "--batch-size", "many"], "auto"),
        (["run", "x", "--since", "01.05.2024"], "2024-05-01"),
        (["check", "x", "--encoding", "utf8x"], "utf-8"),
        (["run", "x", "--report", "x.htm"], ".html"),
        (["run", "x", "--timeout", "0"], "0.05"),
        (["report", "--format", "htm"], "html"),
        (["login", "--flow", "devise"], "device"),
        (["sandbox", "--fault", "shufle"], "shuffle"),
    ],
)
def test_a_wrong_word_is_told_the_nearest_right_one(machine: Any, line: list[str], word: str) -> None:
    """Command, option, or value."""
    ended = machine.run(*line)
    assert (ended.status, ended.out) == (2, "")
    assert word in ended.err


def totals(machine: Any, *line: str, **environment: str) -> dict[str, int]:
    """What became of the rows."""
    found: dict[str, int] = machine.run(*line, "--json", **environment).document["totals"]
    return found


def test_an_option_wins_over_the_file_and_the_file_over_the_default(machine: Any) -> None:
    """For a value and for a flag, either way round."""
    job = machine.export('since = "2024-05-02"\ndry-run = true\nverify = false\n', "job.toml")
    line = ("run", machine.export(), "--config", job)
    assert totals(machine, *line)["pending"] == 2
    assert totals(machine, *line, "--since", "2024-05-03")["pending"] == 1
    assert machine.sent() == []
    assert totals(machine, *line, "--no-dry-run")["applied"] == 2
    assert [request.path for request in machine.sandbox.log][-1] == "/sync/ratings"


def test_the_default_file_is_read_where_it_is_there(machine: Any) -> None:
    """And a named one is read instead."""
    machine.home.mkdir()
    (machine.home / "config.toml").write_text("only = ['shows']\n")
    assert totals(machine, "check", machine.export())["skipped"] == 4
    other = machine.export("only = ['movies']\n", "other.toml")
    assert totals(machine, "check", machine.export(), "--config", other)["pending"] == 4


def test_json_may_stand_in_the_file(machine: Any) -> None:
    """Then errors are a document too."""
    job = machine.export("json = true\n", "job.toml")
    assert machine.run("check", "missing.zip", "--config", job).document["exit"] == 5


def test_a_job_names_its_exports_and_a_pattern_takes_the_newest(machine: Any) -> None:
    """Relative to the file; the command line's exports win over them."""
    for age, name in enumerate(["letterboxd-b.csv", "letterboxd-a.csv", "letterboxd-c.csv"]):
        rows = "2024-05-01,Heat,1995,https://boxd.it/2a7i,4\n" * (age + 1)
        path = machine.export(f"Date,Name,Year,Letterboxd URI,Rating\n{rows}", f"jobs/{name}")
        os.utime(path, (1_700_000_000 - age, 1_700_000_000 - age))
    job = machine.export("exports = ['letterboxd-*.csv']\n", "jobs/nightly.toml")
    document = machine.run("check", "--config", job, "--json").document
    assert [source["path"] for source in document["sources"]] == [str(machine.folder / "jobs" / "letterboxd-b.csv")]
    assert totals(machine, "check", "--config", job, machine.export())["read"] == 4
    nothing = machine.export("exports = ['trakt-*.zip']\n", "jobs/nothing.toml")
    ended = machine.run("check", "--config", nothing)
    assert (ended.status, "trakt-*.zip" in ended.err) == (5, True)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("limt = 3", "limit"),
        ("on-conflict = 'newest'", "newer"),
        ("batch-size = 0", "1 is the nearest"),
        ("exports = 3", "exports"),
        ("token = 'x'", "login"),
        ("config = 'x'", "command line"),
        ("limit", "TOML"),
    ],
)
def test_a_wrong_file_is_told_with_its_name(machine: Any, text: str, word: str) -> None:
    """And the nearest right word; nothing is read."""
    job = machine.export(text, "job.toml")
    ended = machine.run("run", machine.export(), "--config", job)
    assert (ended.status, machine.sent()) == (2, [])
    assert job in ended.err
    assert word in ended.err


def test_every_setting_of_the_table_may_stand_in_the_file(machine: Any) -> None:
    """Except --config, which names it, and what is for the command line alone."""
    values = {
        "from": "'letterboxd'",
        "resume-file": "'r.sqlite'",
        "on-conflict": "'keep'",
        "undated": "'skip'",
        "only": "['movies', 'shows']",
        "since": date(2024, 5, 1).isoformat(),
        "limit": "3",
        "encoding": "'utf-8'",
        "date-order": "'dmy'",
        "scale": "5",
        "round": "'even'",
        "map": "['My stars=rating']",
        "set": "['type=movie']",
        "batch-size": "50",
        "timeout": "2.5",
        "report": "['a.html']",
        "rejects": "'r.csv'",
        "log-file": "'x.log'",
    }
    flags = {name: "false" for name, one in BY_NAME.items() if isinstance(one.default, bool) and one.in_file}
    assert {*values, *flags, "config", "replace-files", "profile"} == set(RUN)
    lines = "\n".join(f"{name} = {value}" for name, value in {**values, **flags}.items())
    job = machine.export(lines + "\n", "job.toml")
    assert machine.run("run", machine.export(), "--config", job).status == 0
    assert (machine.folder / "r.sqlite").exists()
    assert (machine.folder / "a.html").exists()
    assert (machine.folder / "x.log").exists()
    assert len(machine.sent()) == 3


def test_the_environment_wins_over_the_token_file(machine: Any) -> None:
    """SIMKL_ACCESS_TOKEN is asked first, and a wrong one is not passed over."""
    assert totals(machine, "run", machine.export())["applied"] == 4
    assert machine.run("run", machine.export(), SIMKL_ACCESS_TOKEN="wrong-t0ken").status == 4


def test_plain_http_elsewhere_is_refused(machine: Any) -> None:
    """It would show the token to the network."""
    ended = machine.run("run", machine.export(), SIMKL_API_URL="http://api.example.com")
    assert (ended.status, "https://api.example.com" in ended.err) == (2, True)


@pytest.mark.parametrize("sandbox", [True, False])
def test_a_time_scale_that_is_no_number_is_a_usage_error(machine: Any, sandbox: bool) -> None:
    """Also for the embedded sandbox."""
    line = ["run", machine.export(), *(["--sandbox"] if sandbox else [])]
    ended = machine.run(*line, SIMKL_IMPORT_TIME_SCALE="fast")
    assert (ended.status, "SIMKL_IMPORT_TIME_SCALE" in ended.err) == (2, True)
