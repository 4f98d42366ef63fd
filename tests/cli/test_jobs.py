"""The jobs among the samples do what they say, night after night, and know every exit status."""

from __future__ import annotations

import ast
import configparser
import os
import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from importer.cli.help import topics
from importer.errors import ExitStatus
from importer.machine.places import Places
from importer.machine.settings_file import load_config

JOBS = Path(__file__).parents[2] / "samples" / "jobs"
EXPORT = Path(__file__).parents[2] / "samples" / "letterboxd" / "letterboxd-sample-2026-03-01-20-15-utc.zip"


def test_the_nightly_job_never_replaces_a_mended_rejects_file(machine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over four nights: one writes it, a person begins to mend it, one finds nothing new, one finds a newer export."""
    monkeypatch.setenv("HOME", str(machine.folder))
    downloads = machine.folder / "Downloads"
    downloads.mkdir()
    job = shutil.copy(JOBS / "nightly.toml", machine.folder / "nightly.toml")
    rejects = machine.folder / "rejects.csv"
    shutil.copy(EXPORT, downloads / "letterboxd-me-1.zip")
    assert machine.run("run", "--config", str(job)).status == 3
    mended = rejects.read_text().replace("The Haunted Castle", "The Haunted Castle (mended)", 1)
    rejects.write_text(mended)
    ended = machine.run("run", "--config", str(job))
    assert (ended.status, ended.out, ended.err) == (0, "", "")
    shutil.copy(machine.export(), downloads / "letterboxd-me-2.zip")
    os.utime(downloads / "letterboxd-me-2.zip", (4e9, 4e9))
    assert machine.run("run", "--config", str(job)).status == 0
    assert machine.run("run", "--config", str(job)).status == 0
    assert rejects.read_text() == mended
    assert (machine.folder / "rejects-2.csv").exists()
    assert "letterboxd-me-2.zip: the newest of 2 files" in (machine.folder / "nightly.jsonl").read_text()


@pytest.mark.parametrize("name", ["nightly.toml", "container.toml"])
def test_the_settings_files_hold_settings(name: str) -> None:
    """Every key is one, and every value may stand there."""
    found = load_config(JOBS / name, Places(Path(), Path()))
    assert found.exports
    assert "rejects" in found.values


@pytest.mark.parametrize(
    "name", ["crontab", "simkl-import.service", "simkl-import@.service", "compose.yaml", "cronjob.yaml"]
)
def test_every_job_gives_a_command_that_there_is(machine: Any, name: str) -> None:
    """With options that it has; only its settings file is elsewhere."""
    text = (JOBS / name).read_text()
    listed = re.search(r"^\s*(?:args|command): (\[.*\])$", text, re.MULTILINE)
    words = (
        ast.literal_eval(listed[1]) if listed else re.search(r"bin/simkl-import (.*)$", text, re.MULTILINE)[1].split()
    )
    place = words.index("--config") + 1
    ended = machine.run(*words[:place], str(machine.folder / "none.toml"), *words[place + 1 :])
    assert (ended.status, "there is no settings file" in ended.err) == (2, True)


def test_the_image_is_built_with_all_that_the_build_needs() -> None:
    """Of what pyproject.toml names, each file or folder is copied into the first stage."""
    root = JOBS.parents[1]
    project = tomllib.loads((root / "pyproject.toml").read_text())
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = [*wheel["packages"], *wheel["force-include"], wheel["hooks"]["custom"]["path"]]
    needed.append(project["tool"]["hatch"]["metadata"]["hooks"]["custom"]["path"])
    needed += ["README.md", *project["project"]["license-files"], "pyproject.toml"]
    stage = (JOBS / "Containerfile").read_text().partition("RUN ")[0]
    copied = {name for line in re.findall(r"^COPY (.*) \S+$", stage, re.MULTILINE) for name in line.split()}
    for name in needed:
        assert {name, *map(str, Path(name).parents)} & copied, name


def test_a_template_unit_is_for_one_profile_and_keeps_a_token_out_of_the_environment() -> None:
    """The profile is the unit's own name; a token that is handed over comes as a file, beside no other sign-in."""
    service = unit("simkl-import@.service")["Service"]
    assert "SIMKL_IMPORT_PROFILE=%i" in service["Environment"]
    assert "TOKEN" not in service["Environment"]
    assert set(map(int, service["SuccessExitStatus"].split())) == {ExitStatus.FINDINGS, ExitStatus.SERVICE}
    handed = unit("token.conf")["Service"]
    assert handed["LoadCredential"].partition(":")[0] == "token"
    assert handed["Environment"] == "SIMKL_ACCESS_TOKEN_FILE=%d/token"


def unit(name: str) -> configparser.ConfigParser:
    """A unit of systemd, or what is dropped in beside one."""
    found = configparser.ConfigParser(strict=False, interpolation=None)
    found.optionxform = str  # type: ignore[assignment,method-assign]
    found.read(JOBS / name)
    return found


def test_no_job_rests_on_a_token_that_ends() -> None:
    """Simkl ends a token after days: what runs for months needs the sign-in that renews itself, but for token.conf."""
    for path in JOBS.iterdir():
        assert path.name == "token.conf" or "SIMKL_ACCESS_TOKEN" not in path.read_text(), path.name


def test_the_manual_tells_of_every_job() -> None:
    """By the name of its file."""
    told = topics()["jobs"]
    for path in JOBS.iterdir():
        assert path.name in told, path.name


def test_every_exit_status_is_told_what_to_do_about() -> None:
    """In the cluster's job, in the scheduler's task and in the manual: none is forgotten."""
    text = (JOBS / "cronjob.yaml").read_text()
    final = set(ast.literal_eval(re.search(r"values: (\[.*\])", text)[1]))
    assert final | {0, 6, 130, 143} == set(ExitStatus)
    assert not final & {0, 6, 130, 143}
    task = (JOBS / "airflow_task.py").read_text()
    again, done = (
        set(ast.literal_eval(re.search(rf"^{name} = (.*)$", task, re.MULTILINE)[1])) for name in ("AGAIN", "DONE")
    )
    assert (again, done) == ({6, 130, 143}, {0, 3, 7})
    manual = topics()["jobs"]
    table = manual[manual.index("should do about a status") : manual.index("## Is it still alive")]
    assert set(map(int, re.findall(r"\b\d+\b", table))) == set(ExitStatus)
