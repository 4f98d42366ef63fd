"""No command writes over a person's file: a matrix of outputs by inputs, and mended files over several nights."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

HEAD = "Date,Name,Year,Letterboxd URI,Rating\n"
BAD = HEAD + "2024-05-01,Heat,1995,https://boxd.it/2a7i,4.5\n2024-05-01,Ronin,1998,https://boxd.it/1AJq,5.5\n"
OUTPUTS = {
    "report": ("run", "--report", ".csv"),
    "page": ("run", "--report", ".html"),
    "rejects": ("run", "--rejects", ".csv"),
    "log": ("run", "--log-file", ".jsonl"),
    "log of a check": ("check", "--log-file", ".txt"),
}
INPUTS = ("export", "link", "hard link", "member", "new member", "resume file", "settings", "own settings", "token")


def place(machine: Any, kind: str, suffix: str) -> tuple[Path, list[str]]:
    """Make an input that an output could hit; return the path of the output and the words of the command."""
    folder: Path = machine.folder
    path = folder / f"out{suffix}"
    export = Path(machine.export(BAD, f"taken{suffix}" if kind == "export" else "ratings.csv"))
    words = [str(export)]
    match kind:
        case "export":
            path = export
        case "link":
            path.symlink_to(export)
        case "hard link":
            os.link(export, path)
        case "member":
            path = Path(machine.export("mine", f"folder/notes{suffix}"))
            words = [str(folder / "folder")]
            machine.export(BAD, "folder/ratings.csv")
        case "new member":
            path = folder / "folder" / f"new{suffix}"
            words = [str(folder / "folder")]
            machine.export(BAD, "folder/ratings.csv")
        case "resume file":
            words += ["--resume-file", str(path)]
        case "settings":
            path.write_text("limit = 3\n")
            words += ["--config", str(path)]
        case "own settings" | "token":
            machine.home.mkdir(exist_ok=True)
            own = machine.home / ("config.toml" if kind == "own settings" else "token.json")
            own.write_text("")
            path.symlink_to(own)
    return path, words


def everything(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


MATRIX = [
    (output, kind, dry)
    for output in OUTPUTS
    for kind in INPUTS
    for dry in (False, True)
    if output != "log of a check" or not (dry or kind == "resume file")  # a check has neither
]


@pytest.mark.parametrize(("output", "kind", "dry"), MATRIX)
def test_an_output_that_is_an_input_is_refused(machine: Any, output: str, kind: str, dry: bool) -> None:
    """With a usage error that names it, before anything is read, sent or written; in a dry run too."""
    command, option, suffix = OUTPUTS[output]
    path, words = place(machine, kind, suffix)
    before = everything(machine.folder)
    ended = machine.run(command, *words, option, str(path), *(["--dry-run"] if dry else []))
    assert ended.status == 2, ended.err
    assert str(path) in ended.err
    assert everything(machine.folder) == before
    assert machine.sandbox.log == []


@pytest.mark.parametrize("kind", ["resume file", "own settings", "token", "state"])
def test_a_report_over_what_the_program_keeps_is_refused(machine: Any, kind: str) -> None:
    """Also with --replace-files: that is for files of a person."""
    machine.run("run", machine.export(BAD))
    own = {
        "resume file": machine.resume_file(),
        "own settings": machine.home / "config.toml",
        "token": machine.home / "token.json",
        "state": machine.home / "state" / "accounts.json",
    }[kind]
    own.touch()
    before = everything(machine.folder)
    for more in ([], ["--replace-files"]):
        ended = machine.run("report", "--format", "csv", "--output", str(own), *more)
        assert (ended.status, str(own) in ended.err) == (2, True)
        assert everything(machine.folder) == before


def test_a_resume_file_inside_an_export_is_refused(machine: Any) -> None:
    """It would be made there."""
    machine.export(BAD, "folder/ratings.csv")
    inside = machine.folder / "folder" / "mine.sqlite"
    ended = machine.run("run", str(machine.folder / "folder"), "--resume-file", str(inside))
    assert (ended.status, inside.exists(), machine.sandbox.log) == (2, False, [])


def test_two_outputs_to_one_file_are_refused(machine: Any) -> None:
    """The second would take the first away."""
    path = str(machine.folder / "out.csv")
    ended = machine.run("run", machine.export(BAD), "--report", path, "--rejects", path)
    assert (ended.status, "twice" in ended.err, machine.sandbox.log) == (2, True, [])
    assert machine.run("run", machine.export(), "--log-file", "/dev/null", "--report", path).status == 0


def test_an_export_that_the_settings_file_names_as_an_output_is_left_out_with_a_word(machine: Any) -> None:
    """The job of every night cannot know that its rejects file is imported by hand today."""
    job = machine.export("rejects = ['rejects.csv']\nreport = ['all.csv']\n", "jobs/job.toml")
    rejects = machine.folder / "jobs" / "rejects.csv"
    assert machine.run("run", machine.export(BAD), "--config", job).status == 3
    mended = rejects.read_text().replace("5.5", "5")
    assert "Ronin" in mended
    rejects.write_text(mended)
    ended = machine.run("run", str(rejects), "--config", job)
    assert f"{rejects} is not written" in ended.err
    assert rejects.read_text() == mended
    assert not (machine.folder / "jobs" / "rejects-2.csv").exists()


def test_a_mended_rejects_file_outlives_every_night(machine: Any) -> None:
    """The job writes beside it, and always to the same file until that one is changed as well."""
    rejects = machine.folder / "rejects.csv"
    second, third = machine.folder / "rejects-2.csv", machine.folder / "rejects-3.csv"

    def night(n: int) -> Any:
        more = "".join(f"2024-06-0{i},Film {i},2001,https://boxd.it/n{i},9\n" for i in range(1, n + 1))
        return machine.run("run", machine.export(BAD + more), "--rejects", str(rejects))

    assert night(1).status == 3
    assert rejects.read_text().count("\n") == 3
    assert night(2).status == 3
    assert rejects.read_text().count("\n") == 4
    rejects.write_text("half mended")
    ended = night(3)
    assert f"Written instead: {second}" in ended.err
    assert f"simkl-import run {second}" in ended.out
    night(4)
    assert (rejects.read_text(), second.read_text().count("\n"), third.exists()) == ("half mended", 6, False)
    second.write_text("half mended too")
    night(5)
    assert (rejects.read_text(), second.read_text()) == ("half mended", "half mended too")
    assert third.read_text().count("\n") == 7
    assert machine.run("run", machine.export(BAD), "--rejects", str(rejects), "--replace-files", "--redate").status == 0
    assert rejects.read_text().count("\n") == 2


def test_nothing_new_touches_no_file_and_writes_what_is_missing(machine: Any) -> None:
    """A deleted report comes back as the run on record has it; a changed one stays as it is."""
    paths = [machine.folder / name for name in ("a.html", "b.csv", "c.json", "r.csv")]
    options = [word for path in paths[:3] for word in ("--report", str(path))] + ["--rejects", str(paths[3])]
    machine.run("run", machine.export(BAD), *options)
    first = [path.read_bytes() for path in paths]
    paths[0].write_text("mine")
    paths[1].unlink()
    paths[2].unlink()
    asked = len(machine.sandbox.log)
    stamp = paths[3].stat().st_mtime_ns
    ended = machine.run("run", machine.export(BAD), *options)
    assert (ended.status, len(machine.sandbox.log)) == (0, asked)
    assert [path.read_bytes() for path in paths[1:]] == first[1:]
    assert (paths[0].read_text(), paths[3].stat().st_mtime_ns) == ("mine", stamp)
    assert not list(machine.folder.glob("*-2.*"))
    assert str(paths[1]) in ended.out
    assert str(paths[0]) not in ended.out


def test_a_file_of_the_run_before_is_replaced_although_nobody_remembers_writing_it(machine: Any) -> None:
    """As one that an earlier version wrote, or one of which the state folder was lost."""
    paths = [machine.folder / name for name in ("a.html", "b.csv", "c.json", "d.jsonl", "r.csv")]
    options = [word for path in paths[:4] for word in ("--report", str(path))] + ["--rejects", str(paths[4])]
    machine.run("run", machine.export(BAD), *options)
    (machine.home / "state" / "written.json").unlink()
    more = BAD + "2024-05-01,Alien,1979,https://boxd.it/2awY,9\n"
    assert machine.run("run", machine.export(more), *options).status == 3
    assert not list(machine.folder.glob("*-2.*"))
    assert paths[4].read_text().count("\n") == 3


def test_a_report_leaves_a_file_that_it_did_not_write(machine: Any) -> None:
    """And says where it went instead, also in its document."""
    machine.run("run", machine.export(BAD))
    path = Path(machine.export("mine", "report.csv"))
    second = machine.folder / "report-2.csv"
    ended = machine.run("report", "--output", str(path), "--json")
    assert (ended.status, ended.document["output"]) == (0, str(second))
    assert f"Written instead: {second}" in ended.err
    assert path.read_text() == "mine"
    again = machine.run("report", "--output", str(path))
    assert (again.status, second.exists(), (machine.folder / "report-3.csv").exists()) == (0, True, False)
    assert machine.run("report", "--output", str(path), "--replace-files").status == 0
    assert path.read_text() == second.read_text()


def test_a_log_is_appended_to_whoever_began_it(machine: Any) -> None:
    """It takes nothing away."""
    log = Path(machine.export("begun by hand\n", "run.log"))
    machine.run("run", machine.export(BAD), "--log-file", str(log))
    machine.run("check", machine.export(BAD), "--log-file", str(log))
    lines = log.read_text().splitlines()
    assert lines[0] == "begun by hand"
    assert sum("began" in line for line in lines) == 2


def test_replace_files_is_for_the_command_line_alone(machine: Any) -> None:
    """A file that says so once would say so every night."""
    ended = machine.run("run", machine.export(), "--config", machine.export("replace-files = true\n", "job.toml"))
    assert (ended.status, "command line alone" in ended.err) == (2, True)


def test_a_job_does_not_import_its_own_rejects(machine: Any) -> None:
    """Although they are the newest file that its pattern matches."""
    machine.export(BAD, "jobs/ratings.csv")
    job = machine.export("exports = ['*.csv']\nrejects = ['rejects.csv']\n", "jobs/job.toml")
    for _ in range(2):
        ended = machine.run("run", "--config", job, "--json")
        assert [source["format"] for source in ended.document["sources"]] == ["letterboxd"]
    assert (machine.folder / "jobs" / "rejects.csv").exists()


@pytest.mark.parametrize("option", ["--report", "--rejects", "--log-file", "--resume-file", "--config"])
def test_a_name_that_no_disk_takes_is_a_usage_error(machine: Any, option: str) -> None:
    """Told before the run, as is a folder that is none."""
    for path in (f"{machine.folder}/{'x' * 300}.csv", f"{machine.export()}/x.csv"):
        ended = machine.run("run", machine.export(), option, path)
        assert (ended.status, machine.sent()) == (2, []), ended.err
    assert machine.run("run", f"{machine.folder}/{'x' * 300}", "--report", "r.csv").status == 5
    if option == "--report":
        machine.run("run", machine.export())
        assert machine.run("report", "--output", f"{machine.folder}/{'x' * 300}.csv").status == 2
