"""The resume file as it is read and written, in explicit transactions. The only sqlite3 user."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, islice
from pathlib import Path
from types import NoneType
from typing import Any, TypeAlias

from importer.errors import ResumeFileError

Value: TypeAlias = int | str | bytes | None
PATIENCE = 30.0
"""Seconds to wait for a `status` or `report` that is reading while a run commits."""

CACHE_KIB = 8_192
"""Keys come in no order: with SQLite's own 2 MiB a large import would read the same pages again and again."""

FETCHED = 256
"""Rows fetched at once."""

INSERTED = 64
"""Rows inserted at once: to carry a statement out costs half as much as the row that it inserts."""


class Journal:
    """One open resume file. Every error of SQLite becomes a ResumeFileError; nothing else knows the file's language."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path

    def rows(self, sql: str, values: Sequence[Value] = ()) -> Iterator[tuple[Any, ...]]:
        """Read, row by row."""
        with self._errors():
            cursor = self._connection.execute(sql, values)
        # Only fetching is guarded: a reader that goes away in the middle is no error of the file.
        while True:
            with self._errors():
                found = cursor.fetchmany(FETCHED)
            if not found:
                return
            yield from found

    def row(self, sql: str, values: Sequence[Value] = ()) -> tuple[Any, ...] | None:
        """Read the first row."""
        return next(self.rows(sql, values), None)

    def write(self, sql: str, values: Sequence[Value] = ()) -> None:
        """Write, within a transaction."""
        with self._errors():
            self._connection.execute(sql, values)

    def write_all(self, sql: str, values: Iterable[Sequence[Value]]) -> None:
        """Write once for each set of values, within a transaction."""
        with self._errors():
            self._connection.executemany(sql, values)

    def insert_all(self, into: str, row: str, values: Iterable[Sequence[Value]], then: str = "") -> None:
        """Insert a row for each set of values, in their order, within a transaction.

        The statement is given in its parts: `row` is what stands in the brackets behind VALUES, `then` what comes last.
        """
        many = f"{into} VALUES {', '.join([f'({row})'] * INSERTED)} {then}"
        left = iter(values)
        while len(part := list(islice(left, INSERTED))) == INSERTED:
            self.write(many, list(chain.from_iterable(part)))
        self.write_all(f"{into} VALUES ({row}) {then}", part)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, on disk when it ends."""
        with self._errors():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk has rolled back by itself
                    with suppress(sqlite3.Error):  # else the next one to open the file does it
                        self._connection.execute("ROLLBACK")
                raise

    def copy(self) -> Journal:
        """Return the same content in memory: what a dry run writes into."""
        memory = _connection(":memory:", self.path)
        with self._errors():
            self._connection.backup(memory)
        return Journal(memory, self.path)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            if _damage(error):
                raise refused(self.path, f"it is corrupt ({error})") from error
            raise ResumeFileError(
                f"the resume file cannot be used: {self.path} ({error})", "check the folder and the space on its disk"
            ) from error


def connect(name: str, path: Path) -> Journal:
    """Open the database `name`, a file or `:memory:`; `path` is what its errors call it."""
    return Journal(_connection(name, path), path)


def _connection(name: str, path: Path) -> sqlite3.Connection:
    # Before it binds a NULL, sqlite3 searches for how None could be adapted: that took half the time of writing a row.
    sqlite3.register_adapter(NoneType, _null)
    connection = None
    try:
        connection = sqlite3.connect(name, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = DELETE")
        # EXTRA: FULL, and the folder too, lest a power cut brings the rollback journal back and takes an intent away.
        connection.execute("PRAGMA synchronous = EXTRA")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        if _damage(error):
            raise refused(path, f"it is corrupt ({error})") from error
        raise ResumeFileError(f"the resume file cannot be opened: {path} ({error})") from error
    return connection


def _null(_: None) -> None:
    """Adapt None: it is NULL."""


def _damage(error: sqlite3.Error) -> bool:
    """Tell whether the file's content is at fault: a damaged schema comes under another class than a damaged page."""
    return "malformed" in str(error) or error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def refused(path: Path, why: str) -> ResumeFileError:
    """Return the error for a file that cannot be used as it is."""
    return ResumeFileError(
        f"the resume file is not usable: {path}: {why}",
        "it was left as it is; name another one with --resume-file, or move it away",
    )
