"""Somebody else's package, made as the manual's chapter says: installed by pip, found, listed, and used."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import fields
from pathlib import Path

import pytest

from adapters.conformance.__main__ import main
from adapters.reading.forms import Form
from adapters.reading.json_forms import JsonForm
from importer import exports

EXAMPLE = Path(__file__).resolve().parents[1] / "example"
SAMPLES = sorted(path for path in (EXAMPLE / "samples").iterdir() if path.suffix != ".golden")
CHAPTER = (Path(exports.__file__).parent / "manual" / "adapter.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", CHAPTER, re.MULTILINE | re.DOTALL)

PROGRAM = """
import json, sys
from importer.cli.main import run
for line in json.loads(sys.argv[1]):
    assert run(line) in (0, 3), line
"""


def wheel(folder: Path) -> Path:
    """Pack the example as its pyproject.toml says: what hatchling would do, which is not there without a network."""
    about = tomllib.loads((EXAMPLE / "pyproject.toml").read_text("utf-8"))["project"]
    name = about["name"].replace("-", "_")
    home = f"{name}-{about['version']}.dist-info"
    members = {
        path.relative_to(EXAMPLE).as_posix(): path.read_bytes() for path in sorted((EXAMPLE / name).glob("*.py"))
    }
    points = [
        line
        for group, named in about["entry-points"].items()
        for line in (f"[{group}]", *(f"{key} = {value}" for key, value in named.items()))
    ]
    facts = (f"Metadata-Version: 2.1\nName: {about['name']}\nVersion: {about['version']}\n").encode()
    members[f"{home}/METADATA"] = facts
    members[f"{home}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    members[f"{home}/entry_points.txt"] = "\n".join(points).encode()
    record = io.StringIO()
    for member, data in members.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        csv.writer(record, lineterminator="\n").writerow([member, f"sha256={digest}", len(data)])
    members[f"{home}/RECORD"] = f"{record.getvalue()}{home}/RECORD,,\n".encode()
    target = folder / f"{name}-{about['version']}-py3-none-any.whl"
    with zipfile.ZipFile(target, "w") as archive:
        for member, data in members.items():
            archive.writestr(member, data)
    return target


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the example by pip, without a network, into a folder of its own."""
    folder = tmp_path_factory.mktemp("site")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--isolated", "--quiet")
    subprocess.run(
        [*pip, "install", "--no-deps", "--no-index", "--no-compile", "--target", folder / "packages", wheel(folder)],
        check=True,
        timeout=60,
    )
    return folder / "packages"


def test_an_installed_package_is_found_listed_and_used(installed: Path, tmp_path: Path) -> None:
    """In a process of its own, with nothing but the package on its path."""
    environment = {**os.environ, "PYTHONPATH": str(installed), "SIMKL_IMPORT_HOME": str(tmp_path)}
    checks = [["check", str(sample), "--json"] for sample in SAMPLES]
    forced = ["check", str(SAMPLES[0]), "--from", "filmlog", "--json"]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps([["formats", "--json"], *checks, forced])],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    formats, *documents, told = map(json.loads, done.stdout.splitlines())
    listed = {one["name"] for one in formats["formats"]}
    assert {"filmlog", "seriesbox", "reels", "letterboxd"} <= listed
    for sample, document, totals in zip(SAMPLES, documents, ((8, 3), (4, 2), (3, 2)), strict=True):
        [source] = document["sources"]
        assert source["format"] == sample.stem
        assert (document["totals"]["read"], document["totals"]["pending"]) == totals
    assert told["reasons"] == {
        "rejected": {"out_of_range": 1, "unknown_kind": 1, "unreadable_date": 1},
        "skipped": {"unrated": 1, "unsupported_kind": 1},
    }


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_each_adapter_of_the_example_conforms_and_reads_as_its_golden_file_says(
    sample: Path, installed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the command that the chapter shows, with the output that it shows."""
    monkeypatch.syspath_prepend(installed)
    monkeypatch.chdir(EXAMPLE)
    command = f"simkl_import_filmlog.{sample.stem}:ADAPTER samples/{sample.name}"
    assert main([*command.split(), "--golden", f"samples/{sample.name}.golden"]) == 0
    shown = capsys.readouterr()
    [transcript] = [text for kind, text in BLOCKS if kind == "console" and command in text]
    assert transcript == f"$ python -m adapters.conformance {command}\n{shown.out}{shown.err}"


def test_the_test_that_the_chapter_shows_passes(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Word for word, beside the example's samples."""
    monkeypatch.syspath_prepend(installed)
    monkeypatch.chdir(EXAMPLE)
    [block] = [text for kind, text in BLOCKS if kind == "python" and text.startswith("# tests/")]
    space: dict[str, object] = {}
    exec(block, space)
    tests = [value for name, value in space.items() if name.startswith("test_") and callable(value)]
    assert len(tests) == 2
    for test in tests:
        test()


def test_the_chapter_shows_the_files_of_the_example() -> None:
    """Each block that names a file is that file; each sample stands there as well."""
    named = {text.partition("\n")[0].removeprefix("# "): text for _, text in BLOCKS if text.startswith("# ")}
    files = [path for path in (*EXAMPLE.glob("*.toml"), *EXAMPLE.glob("*/*.py")) if path.name != "__init__.py"]
    for path in files:
        assert named[path.relative_to(EXAMPLE).as_posix()] == path.read_text("utf-8")
    assert len(named) == len(files) + 1
    assert [text for kind, text in BLOCKS if kind == "text"] == [
        (EXAMPLE / "samples" / name).read_text("utf-8") for name in ("filmlog.csv", "seriesbox.json", "reels.xml")
    ]


def test_the_chapter_names_no_field_that_a_form_has_not() -> None:
    """In its two tables: what is renamed is renamed there."""
    rows = re.findall(r"^\| (`[^|]*) \|", CHAPTER, re.MULTILINE)
    told = {field for row in rows for field in re.findall(r"`(\w+)`", row)}
    known = {field.name for form in (Form, JsonForm) for field in fields(form)}
    assert len(told) > 15
    assert told <= known
