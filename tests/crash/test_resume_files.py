"""Resume files that are not usable: status 2, one clear line, and every byte left as it was."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from importer.machine.lock import exclusive


def cut(path: Path) -> None:
    """Half of it is gone."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def cut_to_a_stump(path: Path) -> None:
    """Less than a header is left."""
    path.write_bytes(path.read_bytes()[:50])


def noise(path: Path) -> None:
    """Nothing of it is left."""
    path.write_bytes(random.Random(1).randbytes(path.stat().st_size))


def noise_within(path: Path) -> None:
    """The header is whole; what follows is not."""
    content = bytearray(path.read_bytes())
    content[4096 * 2 :] = random.Random(1).randbytes(len(content) - 4096 * 2)
    path.write_bytes(content)


def one_bad_page(path: Path) -> None:
    """One page somewhere in the file."""
    content = bytearray(path.read_bytes())
    page = len(content) // 4096 // 2
    content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(content)


def newer(path: Path) -> None:
    """A later version of the program wrote it."""
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA user_version = 99")


def of_another_account(path: Path) -> None:
    """Somebody else's, or of another API."""
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE meta SET value = '77@elsewhere' WHERE name = 'account'")
        file.commit()


def of_another_program(path: Path) -> None:
    """A database, and none of ours."""
    path.unlink()
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE TABLE songs (name TEXT)")


def text(path: Path) -> None:
    """Somebody's notes."""
    path.write_text("dear diary\n" * 50)


DAMAGES = {
    cut: "cut short",
    cut_to_a_stump: "corrupt",
    noise: "corrupt",
    noise_within: "corrupt",
    one_bad_page: "corrupt",
    newer: "newer version",
    of_another_account: "another account",
    of_another_program: "another program",
    text: "corrupt",
}


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_an_unusable_resume_file_is_refused_and_left_as_it_was(make, damage: Callable[[Path], None]) -> None:
    """By run and by undo: nothing is sent, the line names the file and what is wrong with it."""
    with make(20) as trial:
        assert trial.run("--limit", "10") == 0
        damage(trial.resume)
        before, sent = trial.resume.read_bytes(), len(trial.sandbox.requests("POST", "/sync/ratings"))
        for line in (["run", str(trial.export)], ["undo", "--yes"]):
            assert trial.command(*line) == 2, line
            first = trial.said().splitlines()[0]
            assert str(trial.resume) in first
            assert DAMAGES[damage] in first
            assert "Traceback" not in trial.said()
            assert trial.resume.read_bytes() == before
            assert not trial.sandbox.requests("POST", "/sync/ratings/remove")
            assert len(trial.sandbox.requests("POST", "/sync/ratings")) == sent
            assert {path.name for path in trial.folder.iterdir() if "resume" in path.name} == {"resume.sqlite"}


def test_an_empty_file_is_refused_by_every_command(make) -> None:
    """It may be all that is left of years: a new file is made beside its place, so an empty one is never ours."""
    with make(10) as trial:
        trial.resume.touch()
        assert trial.run() == 2
        assert "it is empty" in trial.said()
        assert trial.resume.read_bytes() == b""


@pytest.mark.parametrize("kind", ["pipe", "folder"])
def test_what_is_no_file_is_refused_and_stays(make, kind: str) -> None:
    """A pipe or a folder must not become a resume file."""
    with make(10) as trial:
        os.mkfifo(trial.resume) if kind == "pipe" else trial.resume.mkdir()
        before = trial.resume.stat()
        assert trial.run() == 2
        assert "it is no file" in trial.said()
        assert (trial.resume.stat().st_ino, trial.resume.stat().st_mode) == (before.st_ino, before.st_mode)


def test_a_killed_beginning_leaves_no_half_of_a_file(make, law) -> None:
    """What is left of a draft is no obstacle."""
    with make(10) as trial:
        assert trial.run(kill=("in-transaction", 1)) == -9
        assert not trial.resume.exists()
        assert trial.run() == 0
        law.check(trial)
        assert {path.name for path in trial.folder.iterdir() if "resume" in path.name} == {"resume.sqlite"}


KEPT = Path(__file__).parents[1] / "journal" / "files" / "version_1" / "finished.sqlite"


def older(path: Path) -> None:
    """Put a file there that the first version of the program wrote, as one of the same account."""
    with closing(sqlite3.connect(path)) as file:
        [(account,)] = file.execute("SELECT value FROM meta WHERE name = 'account'")
    path.write_bytes(KEPT.read_bytes())
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE meta SET value = ? WHERE name = 'account'", (account,))
        file.commit()


def forget_the_owner(home: Path) -> None:
    """As on another machine: nobody has asked Simkl yet whose token it is."""
    for path in home.rglob("accounts.json"):
        path.unlink()


@pytest.mark.parametrize("known", [True, False], ids=["owner known", "owner unknown"])
@pytest.mark.parametrize("damage", [of_another_account, one_bad_page], ids=lambda damage: damage.__name__)
def test_an_older_file_that_is_refused_is_left_as_it_was(make, damage: Callable[[Path], None], known: bool) -> None:
    """Nothing is brought up to date before it is known to be whole and whose it is."""
    with make(30) as trial:
        assert trial.run("--limit", "10") == 0
        older(trial.resume)
        damage(trial.resume)
        if not known:
            forget_the_owner(trial.folder)
        before = trial.resume.read_bytes()
        assert trial.run() == 2
        assert trial.resume.read_bytes() == before


@pytest.mark.parametrize("line", ["run --dry-run", "undo --dry-run", "status", "report --format csv"])
def test_what_changes_nothing_leaves_an_older_file_as_it_is(make, line: str) -> None:
    """It is read from a copy in memory."""
    with make(30) as trial:
        assert trial.run("--limit", "10") == 0
        older(trial.resume)
        before = trial.resume.read_bytes()
        assert (trial.run("--dry-run") if line.startswith("run") else trial.command(*line.split())) == 0
        assert trial.resume.read_bytes() == before


def test_a_locked_account_leaves_an_older_file_as_it_is(make) -> None:
    """A process of the older version may be writing it."""
    with make(20) as trial:
        assert trial.run("--limit", "10") == 0
        older(trial.resume)
        before = trial.resume.read_bytes()
        [lock] = (trial.folder / "home" / "state").glob("51@*.lock")
        with exclusive(lock):
            assert trial.run() == 7
        assert trial.resume.read_bytes() == before
