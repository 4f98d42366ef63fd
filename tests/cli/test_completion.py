"""What a shell completes, asked as shells ask; test_shells tries real ones. And the help that is asked for by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.shell_completion import ShellComplete

from adapters import ADAPTERS
from importer.cli.completion import SHELLS, VARIABLE
from importer.cli.help import topics
from importer.cli.main import COMMANDS, family


def offered(*words: str) -> list[str]:
    """What is offered for the last of these words; a file name as <file>."""
    found = ShellComplete(family, {}, "simkl-import", VARIABLE).get_completions(list(words[:-1]), words[-1])
    return ["<file>" if one.type == "file" else str(one.value) for one in found]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["und"], ["undo"]),
        (["me"], ["mend"]),
        (["mend", "rej"], ["<file>"]),
        (["mend", "--suggest", ""], ["<file>"]),
        (["mend", "--on-conflict", "k"], ["keep"]),
        (["run", ""], ["<file>"]),
        (["check", "letterb"], ["<file>"]),
        (["run", "--on-conflict", ""], ["newer", "keep", "overwrite"]),
        (["run", "--undated", "w"], ["watched"]),
        (["run", "--only", "movies", "--only", "s"], ["shows"]),
        (["run", "--batch-size", ""], ["auto"]),
        (["run", "--encoding", "utf-1"], ["utf-16"]),
        (["run", "--set", "ti"], ["title="]),
        (["run", "--map", "Na"], []),
        (["run", "--rejects", ""], ["<file>"]),
        (["run", "--config", "n"], ["<file>"]),
        (["check", "--from", ""], [adapter.name for adapter in ADAPTERS]),
        (["report", "--format", "js"], ["json", "jsonl"]),
        (["report", "--output", "r"], ["<file>"]),
        (["login", "--flow", ""], ["auto", "device", "pin"]),
        (["completion", ""], list(SHELLS)),
        (["help", "peo"], ["people"]),
        (["help", "unde"], []),
    ],
)
def test_every_place_offers_what_could_stand_there(words: list[str], expected: list[str]) -> None:
    """Commands, values of every choice, and file names for exports and everything that is written."""
    assert offered(*words) == expected


def test_every_option_of_a_command_is_offered() -> None:
    """By its beginning."""
    assert {"--report", "--rejects", "--redate", "--resume-file", "--retry-not-found", "--replace-files"} <= set(
        offered("run", "--re")
    )


def test_the_profiles_of_this_machine_are_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For commands of both kinds."""
    for name in ("ann", "bob"):
        (tmp_path / "profiles" / name).mkdir(parents=True)
    monkeypatch.setenv("SIMKL_IMPORT_HOME", str(tmp_path))
    monkeypatch.setenv("SIMKL_IMPORT_PROFILE", "bob")
    assert offered("run", "--profile", "") == ["ann", "bob"]
    assert offered("whoami", "--profile", "b") == ["bob"]


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_a_script_that_asks_the_command(machine: Any, shell: str) -> None:
    """By the variable that the command answers to."""
    ended = machine.run("completion", shell)
    assert (ended.status, ended.err) == (0, "")
    assert f"{VARIABLE}={shell}_complete" in ended.out
    assert machine.run("completion", "csh").status == 2


def test_help_shows_topics_and_commands_by_name(machine: Any) -> None:
    """The nearest right name for a wrong one; without a name, everything there is."""
    assert machine.run("help", "status").out == machine.run("status", "--help").out
    both = machine.run("help", "undo").out
    assert both.startswith("# Undo")
    assert both.endswith(machine.run("undo", "--help").out), "a topic and a command of one name: first the topic"
    everything = machine.run("help").out
    for name in (*COMMANDS, *topics()):
        assert name in everything
        assert machine.run("help", name).status == 0
    assert "SIMKL_ACCESS_TOKEN_FILE" in machine.run("help", "people").out
    ended = machine.run("help", "fils")
    assert (ended.status, "files" in ended.err) == (2, True)


def test_every_topic_fits_a_terminal_of_120_columns() -> None:
    """It is shown as it stands."""
    assert topics()
    for name, text in topics().items():
        assert text.startswith("# "), name
        assert max(map(len, text.splitlines())) <= 120, name
