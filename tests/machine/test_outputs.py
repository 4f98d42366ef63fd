"""What may be written where on a real disk, and what is remembered of it."""

from __future__ import annotations

import json
import os
import threading
from functools import partial
from pathlib import Path

import pytest

from importer.errors import UsageError
from importer.machine.outputs import Outputs, Write, kept_files
from importer.machine.places import Places
from importer.machine.state_file import StateFile
from importer.machine.written import MOST, Written


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A person's folders, in which there is something of everything."""
    found = Places(tmp_path / "config", tmp_path / "state")
    found.config.mkdir()
    found.state.mkdir()
    for path in (found.config_file, found.token_file):
        path.write_text("")
    for name in ("51@host.sqlite", "51@host.pace", "accounts.json"):
        (found.state / name).write_text("{}")
    return found


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """An export that is a folder with a member deeper in it."""
    folder = tmp_path / "export"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "ratings.csv").write_text("mine")
    return folder


def outputs(places: Places, *exports: Path, resume_file: Path | None = None, **options: bool) -> Outputs:
    """The rules of a call."""
    kept = kept_files(exports, places, resume_file=resume_file, settings_file=None, look_inside=True)
    return Outputs(tuple(kept), Written.at(places.state), **options)


def put(text: str) -> Write:
    """Write this."""
    return lambda stream: stream.write(text.encode())


def test_nothing_of_the_programs_own_is_an_output(places: Places, tmp_path: Path) -> None:
    """Neither under its name nor under another, and not the resume file that is yet to be made."""
    os.link(places.token_file, tmp_path / "hard")
    (tmp_path / "soft").symlink_to(places.state / "accounts.json")
    resume = tmp_path / "mine.sqlite"
    rules = outputs(places, resume_file=resume)
    for path in (
        places.config_file,
        places.token_file,
        *places.own_files(),
        tmp_path / "hard",
        tmp_path / "soft",
        resume,
        tmp_path / "config" / ".." / "mine.sqlite",
        tmp_path / "mine.sqlite-journal",
    ):
        with pytest.raises(UsageError, match="cannot write"):
            rules.refuse([path])
    rules.refuse([tmp_path / "report.csv", places.state / "log"])


def test_a_path_inside_an_export_is_one(places: Places, export: Path, tmp_path: Path) -> None:
    """Whether it exists or not, through links to the folder and to its members; beside it is beside it."""
    (tmp_path / "way in").symlink_to(export / "deep")
    os.link(export / "deep" / "ratings.csv", tmp_path / "hard.csv")
    (export / "way out.csv").symlink_to(tmp_path / "outside.csv")
    (tmp_path / "outside.csv").write_text("linked from within")
    rules = outputs(places, export)
    for path in (
        export / "new.csv",
        export / "deep" / "ratings.csv",
        tmp_path / "way in" / "new.csv",
        tmp_path / "hard.csv",
        export / "way out.csv",
        tmp_path / "outside.csv",
    ):
        assert rules.is_export(path), path
        with pytest.raises(UsageError, match="export"):
            rules.refuse([path])
    rules.refuse([tmp_path / "new.csv"])


def test_only_what_was_written_here_is_replaced(places: Places, tmp_path: Path) -> None:
    """As long as nobody changed it since; what was written beside it is remembered just as well."""
    path = tmp_path / "rejects.csv"
    rules = outputs(places)
    assert rules.write(path, put("1")) == path
    assert rules.write(path, put("2")) == path
    path.write_text("mended")
    assert rules.write(path, put("3")) == tmp_path / "rejects-2.csv"
    assert rules.write(path, put("4")) == tmp_path / "rejects-2.csv"
    assert (path.read_text(), (tmp_path / "rejects-2.csv").read_text()) == ("mended", "4")
    assert outputs(places, replace=True).write(path, put("5")) == path
    assert rules.write(path, put("6")) == path


def test_a_mended_file_that_is_an_export_now_is_not_taken_for_the_next(places: Places, tmp_path: Path) -> None:
    """Not even if it is just as it was written."""
    path = tmp_path / "rejects.csv"
    path.write_text("mine")
    assert outputs(places).write(path, put("1")) == tmp_path / "rejects-2.csv"
    rules = outputs(places, tmp_path / "rejects-2.csv")
    assert rules.write(path, put("2")) == tmp_path / "rejects-3.csv"
    assert (tmp_path / "rejects-2.csv").read_text() == "1"


def test_a_file_that_holds_what_a_run_wrote_is_nobodys_work(places: Places, tmp_path: Path) -> None:
    """What would be written now, or what stood there after the run before, also if nobody remembers writing it."""
    path = tmp_path / "report.csv"
    for text in ("now", "before"):
        path.write_text(text)
        assert outputs(places).write(path, put("now"), put("before")) == path
        assert path.read_text() == "now"
        (places.state / "written.json").unlink()
    path.write_text("")
    assert outputs(places).write(path, put("now")) == path
    path.write_text("else")
    assert outputs(places).write(path, put("now"), put("before")) == tmp_path / "report-2.csv"


def test_a_link_into_the_void_is_written_through_if_it_was_named(places: Places, tmp_path: Path) -> None:
    """But is no free name for another file."""
    (tmp_path / "a.csv").symlink_to(tmp_path / "real.csv")
    (tmp_path / "b.csv").write_text("mine")
    (tmp_path / "b-2.csv").symlink_to(tmp_path / "void.csv")
    assert outputs(places).write(tmp_path / "a.csv", put("1")) == tmp_path / "a.csv"
    assert (tmp_path / "real.csv").read_text() == "1"
    assert outputs(places).write(tmp_path / "b.csv", put("1")) == tmp_path / "b-3.csv"
    assert not (tmp_path / "void.csv").exists()


def test_a_machine_without_memory_leaves_every_file(tmp_path: Path) -> None:
    """It cannot know which are its own."""
    path = tmp_path / "report.csv"
    rules = Outputs(())
    assert [rules.write(path, put(text)).name for text in "123"] == ["report.csv", "report-2.csv", "report-3.csv"]


def test_a_damaged_memory_forgets_and_goes_on(places: Places, tmp_path: Path) -> None:
    """The careful side: nothing is ours then."""
    path = tmp_path / "report.csv"
    for text in ("{", "[]", '{"x": 3}', "\x00"):
        outputs(places, replace=True).write(path, put("1"))
        (places.state / "written.json").write_text(text)
        assert not Written.at(places.state).is_ours(path)
        assert outputs(places, replace=True).write(path, put("2")) == path
        assert Written.at(places.state).is_ours(path)


def test_the_memory_stays_small(places: Places, tmp_path: Path) -> None:
    """The oldest file is forgotten first."""
    written = Written.at(places.state)
    (places.state / "written.json").write_text(json.dumps({f"/{n}": "x" for n in range(MOST)}))
    written.remember(tmp_path / "new", "digest")
    kept = list(json.loads((places.state / "written.json").read_text()))
    assert (len(kept), kept[0], kept[-1]) == (MOST, "/1", str(tmp_path / "new"))


def test_commands_at_once_lose_no_word_of_each_other(tmp_path: Path) -> None:
    """Each change is made on what the one before left."""
    file = StateFile(tmp_path / "state" / "accounts.json")

    def add(name: str) -> None:
        for n in range(10):
            assert file.change(partial(dict.update, **{f"{name}{n}": n}))

    threads = [threading.Thread(target=add, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(file.read()) == 40


def test_a_folder_that_cannot_be_written_costs_the_memory_alone(tmp_path: Path) -> None:
    """The command goes on, and is told that nothing was kept."""
    (tmp_path / "state").write_text("a file, not a folder")
    assert not StateFile(tmp_path / "state" / "last.json").change(lambda content: content.update(a=1))
