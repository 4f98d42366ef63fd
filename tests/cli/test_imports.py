"""What a command costs before it begins: nothing is imported that it does not use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from importer.cli.main import COMMANDS

SAMPLES = Path(__file__).parents[2] / "samples"
HEAVY = ("aiohttp", "anyio", "asyncio", "rich", "orjson", "sqlite3", "tenacity", "ssl")
PROGRAM = """
import contextlib, io, json, sys
from importer.cli.main import run
for line in json.loads(sys.argv[2]):
    with contextlib.redirect_stdout(io.StringIO()):
        status = run(line)
    print(status, *(name for name in sys.argv[1].split(",") if name in sys.modules))
"""


def imported(names: tuple[str, ...], *line: str, **environment: str) -> list[str]:
    """The status of a command line and which of these modules it imported."""
    (found,) = each_imported(names, line, **environment)
    return found


def each_imported(names: tuple[str, ...], *lines: tuple[str, ...], **environment: str) -> list[list[str]]:
    """The same of several, one after the other in one process: what one imports is told of those after it as well."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, ",".join(names), json.dumps(lines)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, **environment},
    )
    return [told.split() for told in done.stdout.splitlines()]


def test_help_and_version_import_nothing_heavy() -> None:
    """Of the family and of every command; a script may ask often."""
    lines = [("--version",), ("--help",), *((command, "--help") for command in COMMANDS)]
    found = dict(zip(lines, each_imported(HEAVY, *lines), strict=True))
    assert found == {line: ["0"] for line in lines}


def test_check_imports_neither_network_nor_journal() -> None:
    """And of rich no more than a table of widths, where nobody looks at a terminal."""
    names = ("aiohttp", "anyio", "asyncio", "sqlite3", "tenacity", "ssl", "rich.console", "rich.live", "rich.text")
    samples = ("letterboxd/ratings.csv", "mal/animelist_1767225600_-_4242.xml", "trakt/sync-ratings.json")
    lines = [("check", str(SAMPLES / sample)) for sample in samples]
    assert [found for _, *found in each_imported(names, *lines)] == [[], [], []]


def test_formats_imports_neither_network_nor_screen() -> None:
    """It prints a text."""
    assert imported(("aiohttp", "anyio", "asyncio", "sqlite3", "rich"), "formats") == ["0"]


def test_what_asks_nothing_imports_no_network(machine: Any) -> None:
    """A nightly run that finds nothing new, and what is told of runs. Older anyio brings ssl along: nobody's doing."""
    export = machine.export()
    assert machine.run("run", export).status == 0
    lines = [("run", export), ("status",), ("report", "--format", "csv", "--output", str(machine.folder / "r.csv"))]
    program = "import anyio, sys; print('ssl' in sys.modules)"
    brought = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    names = ("aiohttp", "asyncio", "tenacity") if brought == "True\n" else ("aiohttp", "asyncio", "ssl", "tenacity")
    found = dict(zip(lines, each_imported(names, *lines, **machine.env), strict=True))
    assert found == {line: ["0"] for line in lines}
