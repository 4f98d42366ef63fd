"""What a command costs before it begins: nothing is imported that it does not use."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from importer.cli.main import COMMANDS

SAMPLES = Path(__file__).parents[2] / "samples"
HEAVY = ("aiohttp", "anyio", "asyncio", "rich", "orjson", "sqlite3", "tenacity", "ssl")
PROGRAM = """
import contextlib, io, sys
from importer.cli.main import run
with contextlib.redirect_stdout(io.StringIO()):
    status = run(sys.argv[2:])
print(status, *(name for name in sys.argv[1].split(",") if name in sys.modules))
"""


def imported(names: tuple[str, ...], *line: str, **environment: str) -> list[str]:
    """The status of a command line and which of these modules it imported."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, ",".join(names), *line], capture_output=True, text=True, check=True, timeout=60,
        env={**os.environ, **environment},
    )  # fmt: skip
    return done.stdout.split()


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_help_imports_nothing_heavy(command: str | None) -> None:
    """Of the family and of every command."""
    assert imported(HEAVY, *([command] if command else []), "--help") == ["0"]


def test_version_imports_nothing_heavy() -> None:
    """A script may ask often."""
    assert imported(HEAVY, "--version") == ["0"]


def test_check_imports_neither_network_nor_journal() -> None:
    """And of rich no more than a table of widths, where nobody looks at a terminal."""
    names = ("aiohttp", "anyio", "asyncio", "sqlite3", "tenacity", "ssl", "rich.console", "rich.live", "rich.text")
    for sample in ("letterboxd/ratings.csv", "mal/animelist_1767225600_-_4242.xml", "trakt/sync-ratings.json"):
        assert imported(names, "check", str(SAMPLES / sample))[1:] == []


def test_formats_imports_neither_network_nor_screen() -> None:
    """It prints a text."""
    assert imported(("aiohttp", "anyio", "asyncio", "sqlite3", "rich"), "formats") == ["0"]


def test_what_asks_nothing_imports_no_network(machine: Any) -> None:
    """A nightly run that finds nothing new, and what is told of runs."""
    export = machine.export()
    assert machine.run("run", export).status == 0
    for line in (
        ("run", export),
        ("status",),
        ("report", "--format", "csv", "--output", str(machine.folder / "r.csv")),
    ):
        assert imported(("aiohttp", "asyncio", "ssl", "tenacity"), *line, **machine.env) == ["0"], line
