"""The resume file itself: opened, refused or made, and written in explicit transactions. The only sqlite3 user."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeAlias

from importer.errors import ResumeFileError
from importer.journal.schema import APPLICATION_ID, TABLES, UPGRADES, VERSION

Value: TypeAlias = int | str | bytes | None
PATIENCE = 30.0
"""Seconds to wait for a `status` or `report` that is reading while a run commits."""

CACHE_KIB = 8_192
"""Keys come in no order: with SQLite's own 2 MiB a large import would read the same pages again and again."""

FETCHED = 256
"""Rows fetched at once."""

_MAGIC = b"SQLite format 3\x00"


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
        """The same content in memory: what a dry run writes into."""
        memory = _connect(":memory:")
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
                raise _refused(self.path, f"it is corrupt ({error})") from error
            raise ResumeFileError(
                f"the resume file cannot be used: {self.path} ({error})", "check the folder and the space on its disk"
            ) from error


def open_journal(path: Path, account: str, *, checked: bool = False) -> Journal:
    """Open the resume file of an account (`51@api.simkl.com`), or make it.

    Raises ResumeFileError for a file that is not ours, is corrupt, is newer or belongs to another account, and leaves
    it as it was. `checked` spares a file that was opened just before the search for damage, which reads all of it.
    """
    if _is_new(path):
        return _make(path, account)
    journal = _open(path)
    try:
        owner = journal.row("SELECT value FROM meta WHERE name = 'account'")
        if owner != (account,):
            raise _refused(path, f"it belongs to another account ({owner[0] if owner else 'none'}, not {account})")
        if not checked:
            _check_whole(journal)
        _upgrade(journal)
    except BaseException:
        journal.close()
        raise
    return journal


def read_journal(path: Path) -> Journal:
    """Open an existing resume file of whatever account, as `status` and `report` do."""
    journal = _open(path)
    try:
        _upgrade(journal)
    except BaseException:
        journal.close()
        raise
    return journal


def _open(path: Path) -> Journal:
    _check_header(path)
    journal = Journal(_connect(str(path), path), path)
    try:
        found = journal.row("SELECT count(*) FROM meta")
        if found is None:
            raise _refused(path, "it is corrupt")
    except BaseException:
        journal.close()
        raise
    return journal


def _upgrade(journal: Journal) -> None:
    """Bring a file of an older version to today's shape, all or nothing."""
    if _version(journal) == VERSION:
        return
    with journal.transaction():
        while (version := _version(journal)) < VERSION:  # asked again: another process may just have done it
            _run_all(journal, UPGRADES[version])
            journal.write(f"PRAGMA user_version = {version + 1}")


def _version(journal: Journal) -> int:
    row = journal.row("PRAGMA user_version")
    return VERSION if row is None else int(row[0])


def account_of(journal: Journal) -> str:
    """The account that a resume file belongs to."""
    row = journal.row("SELECT value FROM meta WHERE name = 'account'")
    return str(row[0]) if row is not None else ""


def set_owner(journal: Journal, name: str) -> None:
    """Remember the account's name for reports, where it is new."""
    if owner_of(journal) != name:
        with journal.transaction():
            journal.write("INSERT OR REPLACE INTO meta VALUES ('name', ?)", (name,))


def owner_of(journal: Journal) -> str:
    """The account's name, "" where nobody told it yet."""
    row = journal.row("SELECT value FROM meta WHERE name = 'name'")
    return str(row[0]) if row is not None else ""


def memory_journal(account: str, path: Path) -> Journal:
    """An empty resume file in memory: what a first dry run writes into. `path` is where it would be."""
    journal = Journal(_connect(":memory:"), path)
    _fill(journal, account)
    return journal


def _is_new(path: Path) -> bool:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise _refused(path, "it is no file")
        return False
    except FileNotFoundError:
        return True
    except OSError as error:
        raise ResumeFileError(f"the resume file cannot be used: {path} ({error.strerror})") from error


def _check_header(path: Path) -> None:
    """Refuse what SQLite would misread or mend in place: the 100 bytes that begin each of its files tell."""
    if _is_new(path):
        raise ResumeFileError(f"there is no resume file {path}", "run an import first, or name another one")
    try:
        with path.open("rb") as file:
            header = file.read(100)
            size = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise ResumeFileError(f"the resume file cannot be read: {path} ({error.strerror})") from error
    if not header:
        raise _refused(path, "it is empty")
    if not header.startswith(_MAGIC) or len(header) < 100:
        raise _refused(path, "it is none, or it is corrupt")
    page = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    if size < (65536 if page == 1 else page) * pages and not Path(f"{path}-journal").exists():
        raise _refused(path, "it is cut short")
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise _refused(path, "it belongs to another program")
    version = int.from_bytes(header[60:64], "big")
    if not version:
        raise _refused(path, "it is corrupt")
    if version > VERSION:
        raise _refused(path, f"a newer version of simkl-import wrote it (schema {version})")


def _check_whole(journal: Journal) -> None:
    """Refuse a file that is damaged somewhere, before anything is written into it."""
    found = journal.row("PRAGMA quick_check(1)")
    if found != ("ok",):
        raise _refused(journal.path, "it is corrupt")


def _make(path: Path, account: str) -> Journal:
    """Make the file beside its place and move it there: whoever is killed meanwhile leaves no half of one."""
    place = Path(os.path.realpath(path))  # a link to the file stays a link
    draft = place.with_name(f".{place.name}.new")
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for remains in (draft, Path(f"{draft}-journal")):
            remains.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        try:
            journal = Journal(_connect(str(draft), path), path)
            try:
                _fill(journal, account)
            finally:
                journal.close()
            draft.replace(place)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        _settle_folder(place.parent)
    except OSError as error:
        raise ResumeFileError(
            f"the resume file cannot be made: {path} ({error.strerror})", "choose another place with --resume-file"
        ) from error
    return Journal(_connect(str(path), path), path)


def _settle_folder(folder: Path) -> None:
    """Put a moved file's name on disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _fill(journal: Journal, account: str) -> None:
    """Make all tables in one transaction: a file is either empty or whole."""
    with journal.transaction():
        _run_all(journal, TABLES)
        journal.write("INSERT INTO meta VALUES ('account', ?)", (account,))
        journal.write(f"PRAGMA application_id = {APPLICATION_ID}")
        journal.write(f"PRAGMA user_version = {VERSION}")


def _run_all(journal: Journal, script: str) -> None:
    for statement in filter(str.strip, script.split(";\n")):
        journal.write(statement)


def _connect(name: str, path: Path | None = None) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(name, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = DELETE")
        # EXTRA: FULL, and the folder too, lest a power cut brings the rollback journal back and takes an intent away.
        connection.execute("PRAGMA synchronous = EXTRA")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    except sqlite3.Error as error:
        if _damage(error):
            raise _refused(path or Path(name), f"it is corrupt ({error})") from error
        raise ResumeFileError(f"the resume file cannot be opened: {path} ({error})") from error
    return connection


def _damage(error: sqlite3.Error) -> bool:
    """Whether the file's content is at fault: a damaged schema comes under another class than a damaged page."""
    return "malformed" in str(error) or error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _refused(path: Path, why: str) -> ResumeFileError:
    return ResumeFileError(
        f"the resume file is not usable: {path}: {why}",
        "it was left as it is; name another one with --resume-file, or move it away",
    )
