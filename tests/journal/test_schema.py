"""The tables and their version number go together: files with every older shape are out there."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from importer.errors import ResumeFileError
from importer.journal.file import copy_journal, open_journal, read_journal
from importer.journal.row_columns import ADDED
from importer.journal.schema import TABLES, VERSION, tables
from importer.journal.store import connect
from importer.journal.upgrades import upgrade

FILES = Path(__file__).with_name("files")
OWNER = "51@sandbox"

DIGESTS = {2: "e79eae588064f708", 3: "7f502de624ea6802"}
"""Of each version's tables, comments and blanks left out. A digest is never changed, only added."""


RENUMBERED = {"asked"}
"""Columns whose values an upgrade works out anew."""


def test_tables_change_only_with_a_new_version() -> None:
    """A change of TABLES needs a new VERSION, an upgrade of the one before, and files of it under `files/`."""
    said = " ".join(re.sub("--.*", "", TABLES).split())
    assert DIGESTS.get(VERSION) == hashlib.sha256(said.encode()).hexdigest()[:16]


def test_every_version_before_has_files_of_its_own() -> None:
    """An upgrade is tried on what the older program wrote."""
    kept = {_version(path) for path in FILES.glob("*/*.sqlite")}
    assert kept >= set(range(1, VERSION))


@pytest.mark.parametrize("folder", sorted(path.name for path in FILES.iterdir()))
def test_an_upgraded_file_has_the_tables_of_a_new_one(tmp_path: Path, folder: str) -> None:
    """No column is missing or in another place, whichever version the file began with."""
    old, new = tmp_path / "old.sqlite", tmp_path / "new.sqlite"
    old.write_bytes((FILES / folder / "finished.sqlite").read_bytes())
    for path in (old, new):
        open_journal(path, OWNER).close()
    assert _columns(old) == _columns(new)
    assert _version(old) == VERSION


@pytest.mark.parametrize("table", ["runs", "rows", "items", "account", "opening"])
@pytest.mark.parametrize("folder", sorted(path.name for path in FILES.iterdir()))
def test_an_upgrade_keeps_every_value(tmp_path: Path, folder: str, table: str) -> None:
    """What stood in a column stands there afterwards, in the same row."""
    path = tmp_path / "old.sqlite"
    path.write_bytes((FILES / folder / "finished.sqlite").read_bytes())
    before = _columns(path)[table]
    open_journal(path, OWNER).close()
    kept = {one[1] for one in _columns(path)[table]} - RENUMBERED
    shared = ", ".join(str(name) for _, name, *_ in before if name in kept)
    with closing(sqlite3.connect(FILES / folder / "finished.sqlite")) as old, closing(sqlite3.connect(path)) as new:
        asked = f"SELECT {shared} FROM {table} ORDER BY {shared}"
        assert (rows := list(new.execute(asked))) == list(old.execute(asked))
    assert rows


def test_a_column_that_is_added_stands_in_new_files_and_in_old_ones_alike(tmp_path: Path) -> None:
    """Last, in the version that has it, and not before."""
    added = (*ADDED, (VERSION + 1, "one_more TEXT"), (VERSION + 2, "and_another TEXT"))
    old = tmp_path / "old.sqlite"
    with closing(open_journal(old, OWNER)) as journal, journal.transaction():
        upgrade(journal, VERSION, added)
        [*_, last] = journal.rows("PRAGMA table_xinfo(rows)")
        assert last[1] == "one_more"
        upgrade(journal, VERSION + 1, added)
    with closing(sqlite3.connect(tmp_path / "new.sqlite")) as new:
        new.executescript(tables(added))
    assert _columns(old) == _columns(tmp_path / "new.sqlite")


def _version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as file:
        [(version,)] = file.execute("PRAGMA user_version")
    return int(version)


def _columns(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as file:
        tables = [name for (name,) in file.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {table: list(file.execute(f"PRAGMA table_xinfo({table})")) for table in tables}


_NEVER_RELEASED = """
DROP TABLE changes;
CREATE TABLE changes (
    run INTEGER NOT NULL, batch INTEGER NOT NULL, key TEXT NOT NULL, simkl INTEGER, before_rating INTEGER,
    before_at INTEGER, after_rating INTEGER, after_at INTEGER, PRIMARY KEY (run, batch, key)
) STRICT, WITHOUT ROWID;
"""
"""The changes as they were on the first day, under the number of version 1, before anybody could have such a file."""


@pytest.mark.parametrize(
    "how",
    [lambda path: open_journal(path, OWNER), lambda path: copy_journal(path, OWNER), read_journal],
    ids=["to write", "in a dry run", "to read"],
)
def test_a_file_that_was_never_released_is_refused_as_it_is(tmp_path: Path, how: Callable[[Path], object]) -> None:
    """In a sentence that says why, and not a byte of it is changed."""
    path = tmp_path / "resume.sqlite"
    path.write_bytes((FILES / "version_1_early" / "finished.sqlite").read_bytes())
    with closing(sqlite3.connect(path)) as file:
        file.executescript(_NEVER_RELEASED)
    before = path.read_bytes()
    with pytest.raises(ResumeFileError, match="never released"):
        how(path)
    assert path.read_bytes() == before


def test_a_file_that_cannot_be_used_is_let_go(tmp_path: Path) -> None:
    """Also while somebody holds the error: else Python 3.13 and newer warn of it."""
    path = tmp_path / "resume.sqlite"
    path.write_text("a letter to a friend, long enough to be taken for a database that is damaged; " * 20)
    with pytest.raises(ResumeFileError) as caught:
        connect(str(path), path)
    held = [link for link in Path("/dev/fd").iterdir() if link.exists() and link.samefile(path)]
    assert (held, caught.value.exit_code) == ([], 2)
