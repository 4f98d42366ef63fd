"""Every command that a message gives can be typed as it stands, and does what it is given for."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

import importer
from importer.cli.main import COMMANDS, family

ROOT = Path(importer.__file__).parent
MANUALS = (ROOT.parent / "README.md", ROOT.parent / "samples" / "README.md")
TEXTS = [*ROOT.rglob("*.py"), *ROOT.rglob("*.md"), *MANUALS]
PROSE = ("and", "from", "in", "is", "keeps", "wrote")
"""Words that follow the program's name in a sentence about it."""
GIVEN = re.compile(r"simkl-import ([a-z]+)((?: (?!simkl-import)[^\s`]+)*)")
HEAD = "Date,Name,Year,Letterboxd URI,Rating\n"
MIXED = HEAD + (
    "2024-05-01,Heat,1995,https://boxd.it/2a7i,4.5\n"
    "2024-05-01,Ronin,1998,https://boxd.it/1AJq,5.5\n"
    "2024-05-02,Untold,,https://boxd.it/aaaa,4\n"
    "2024-05-02,A Film That Nobody Knows,2001,https://boxd.it/bbbb,4\n"
)


def written(path: Path) -> Iterator[str]:
    """The texts of a file: of a module its strings, with {} for every value that is filled in."""
    if path.suffix != ".py":
        yield path.read_text(encoding="utf-8")
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_command_that_is_written_anywhere_exists_with_its_options() -> None:
    """In messages, help, the manual and README."""
    for path in TEXTS:
        for name, rest in (found for text in written(path) for found in GIVEN.findall(text)):
            if name in PROSE:
                continue
            assert name in COMMANDS, f"{path}: {name}"
            command = family.get_command(click.Context(family), name)
            assert command is not None
            known = {form for one in command.params for form in (*one.opts, *one.secondary_opts)} | {"--help", "-h"}
            for option in re.findall(r"(?<=\s)--?[a-z][a-z-]*", rest):
                assert option in known, f"{path}: {name} {option}"


def commands_in(text: str) -> list[str]:
    """The commands that a person would copy out of what is shown: whole lines, and what follows a colon."""
    found = []
    for line in text.splitlines():
        shown = re.search(r"(?:^|  |: |\()(simkl-import [a-z]+[^()]*?)(?: ?\(.*|\)|$)", line)
        if shown and not shown[1].rstrip().endswith("EXPORT"):
            found.append(re.split(r" (?:lists|shows|forgets) ", shown[1])[0].strip())
    return found


def situations(machine: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Any]]:
    """Commands that tell a person what to do next, each in a situation of its own."""
    monkeypatch.chdir(machine.folder)
    nobody: dict[str, Any] = {"SIMKL_ACCESS_TOKEN": None, "SIMKL_CLIENT_ID": None}
    machine.sandbox.faults.script("POST /sync/ratings", [None])
    mixed = machine.export(MIXED)
    yield "check", machine.run("check", mixed)
    yield "nobody is signed in", machine.run("run", mixed, **nobody)
    yield "nothing on record", machine.run("status")
    yield "a dry run", machine.run("run", mixed, "-n")
    yield "findings", machine.run("run", mixed)
    yield (
        "findings in a file",
        machine.run("run", machine.export(MIXED + "2024-06-01,Bad,1990,https://boxd.it/cc,9\n"), "--rejects", "r.csv"),
    )
    yield "another resume file", machine.run("run", mixed, "--resume-file", str(machine.folder / "an other.sqlite"))
    yield "a rehearsal", machine.run("run", mixed, "--sandbox")
    yield "a report", machine.run("report", "--output", "report.html")
    yield "the report's page", Said((machine.folder / "report.html").read_text())
    yield "nothing new", machine.run("run", mixed)
    yield "a profile", machine.run("run", mixed, "--profile", "ann")
    yield "a token that is refused", machine.run("run", machine.export(HEAD, "none.csv"), SIMKL_ACCESS_TOKEN="wr0ng")
    yield "an unknown setting", machine.run("run", mixed, "--config", machine.export("limt = 3\n", "job.toml"))
    yield (
        "a secret in the settings",
        machine.run("run", mixed, "--config", machine.export("token = 'x'\n", "job2.toml")),
    )
    yield "a run that is not there", machine.run("undo", "--yes", "--run", "99")
    yield "a key that is not there", machine.run("undo", "--yes", "--key", "none")
    yield "an undo", machine.run("undo", "--yes")
    yield "after an undo", machine.run("status")
    yield "status, signed out", machine.run("status", **nobody)
    yield "formats", machine.run("formats")


class Said:
    """What a report says, as if a command had said it."""

    def __init__(self, page: str) -> None:
        blocks = re.findall(r"<code>(.*?)</code>", page, re.DOTALL)
        self.out = "\n".join(re.sub(r"<[^>]+>", "", block) for block in blocks)
        self.err = ""


def test_every_command_that_is_shown_works_as_it_stands(machine_with: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Typed in the folder where it was shown; only a question, which nobody is there to answer, is answered before."""
    with machine_with(catalog="closed") as machine:
        machine.sandbox.auth.interval = 0
        machine.sandbox.auth.approve_after = 1
        shown: dict[str, str] = {}
        for situation, ended in situations(machine, monkeypatch):
            for command in commands_in(ended.out + "\n" + ended.err):
                shown.setdefault(command, situation)
        assert {line.split()[1] for line in shown} >= {"login", "report", "run", "undo", "status"}
        for line, situation in shown.items():
            words = shlex.split(line)[1:]
            environment: dict[str, str | None] = {}
            if words[0] == "login":
                machine.sandbox.keyring.apps["0ther"] = machine.sandbox.keyring.apps["c11ent5ecret"]
                environment = {"SIMKL_CLIENT_ID": "0ther", "SIMKL_ACCESS_TOKEN": None}
            if words[0] == "undo":
                words.append("--yes")
            again = machine.run(*words, **environment)
            assert again.status in (0, 3), f"{situation}: {line}: {again.err}"
