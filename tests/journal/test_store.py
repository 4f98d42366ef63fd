"""The resume file as it is written: many rows at once, each of them once and in their order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from importer.errors import ResumeFileError
from importer.journal.file import copy_journal, memory_journal, open_journal
from importer.journal.store import INSERTED, Journal, connect


@pytest.mark.parametrize("rows", [0, 1, INSERTED - 1, INSERTED, INSERTED + 1, 2 * INSERTED, 2 * INSERTED + 3])
def test_every_row_is_inserted_once_and_in_order_however_many_there_are(rows: int) -> None:
    """A statement holds many of them; what is left over goes by itself."""
    journal = memory_journal("51@sandbox", Path("resume.sqlite"))
    with journal.transaction():
        journal.insert_all("INSERT INTO items (key, title, year, outcome)", "?, ?, ?, 'x'", _values(rows))
    found = list(journal.rows("SELECT rowid, key, title, year, outcome FROM items ORDER BY rowid"))
    assert found == [(n + 1, *values, "x") for n, values in enumerate(_values(rows))]


def test_of_rows_that_are_there_already_the_end_of_the_statement_tells() -> None:
    """Also where they come twice among those of one statement: the later one counts."""
    journal = memory_journal("51@sandbox", Path("resume.sqlite"))
    later = "ON CONFLICT (key) DO UPDATE SET title = excluded.title"
    with journal.transaction():
        for rows in (INSERTED + 1, INSERTED + 2):
            values = [(key, f"{title} of {rows}", year) for key, title, year in _values(rows)]
            again = [("key 0", "the last", None)]
            journal.insert_all("INSERT INTO items (key, title, year, outcome)", "?, ?, ?, 'x'", values + again, later)
    titles = dict(journal.rows("SELECT key, title FROM items"))
    wanted = {key: f"{title} of {INSERTED + 2}" for key, title, _ in _values(INSERTED + 2)}
    assert titles == {**wanted, "key 0": "the last"}


def test_only_damage_is_called_damage(tmp_path: Path) -> None:
    """A file that cannot be written now is whole: its person would move it away for nothing."""
    path = tmp_path / "resume.sqlite"
    open_journal(path, "51@sandbox").close()
    journal = connect(f"{path}", path)
    journal.write("PRAGMA query_only = 1")
    with pytest.raises(ResumeFileError, match="cannot be used") as error:
        journal.write("DELETE FROM meta")
    assert "corrupt" not in error.value.message
    journal.close()
    path.write_bytes(path.read_bytes()[:4096] + b"x" * 8192)
    with pytest.raises(ResumeFileError, match="corrupt"):
        connect(f"{path}", path)


@pytest.mark.parametrize("take", [open_journal, copy_journal])
def test_a_file_of_another_account_is_refused_also_where_nothing_is_written(
    tmp_path: Path, take: Callable[[Path, str], Journal]
) -> None:
    """A dry run over it would foretell what no run does."""
    path = tmp_path / "resume.sqlite"
    open_journal(path, "51@sandbox").close()
    with pytest.raises(ResumeFileError):
        take(path, "52@sandbox")
    take(path, "51@sandbox").close()


def _values(rows: int) -> list[tuple[str, str, int | None]]:
    return [(f"key {n}", f"Film {n}", 1900 + n if n % 2 else None) for n in range(rows)]
