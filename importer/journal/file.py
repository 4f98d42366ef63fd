"""The resume file as a file: opened, brought up to date, refused or made."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from importer.errors import ResumeFileError
from importer.journal.owner import account_of
from importer.journal.schema import APPLICATION_ID, TABLES, VERSION
from importer.journal.store import Journal, connect, refused
from importer.journal.upgrades import upgrade

_MAGIC = b"SQLite format 3\x00"


def open_journal(path: Path, account: str, *, checked: bool = False) -> Journal:
    """Open the resume file of an account (`51@api.simkl.com`) for writing, or make it. Who does so holds its lock.

    Raises ResumeFileError for a file that is not ours, is corrupt, is newer or belongs to another account, and leaves
    it as it was. `checked` spares a file that was checked just before the search for damage, which reads all of it.
    """
    if _is_new(path):
        return _make(path, account)
    journal = _open(path)
    try:
        old = _version(journal) < VERSION
        _refuse_unusable(journal, account, whole=old or not checked)
        if old:
            _upgrade(journal)
    except BaseException:
        journal.close()
        raise
    return journal


def check_journal(path: Path, account: str | None) -> None:
    """Raise ResumeFileError for an existing file that a run of an account could not use; None: that is not known."""
    journal = _open(path)
    try:
        _refuse_unusable(journal, account, whole=account is not None)
    finally:
        journal.close()


def read_journal(path: Path) -> Journal:
    """Open an existing resume file of whatever account to read it. One of an older version is read from a copy."""
    journal = _open(path)
    return journal if _version(journal) == VERSION else _moved_to_memory(journal)


def copy_journal(path: Path, account: str, *, checked: bool = False) -> Journal:
    """Return a copy in memory of the resume file of an account, as it is or as it would be made: what a dry run writes
    into.

    Raises ResumeFileError like `open_journal`.
    """
    if _is_new(path):
        return memory_journal(account, path)
    journal = _open(path)
    try:
        _refuse_unusable(journal, account, whole=not checked)
    except BaseException:
        journal.close()
        raise
    return _moved_to_memory(journal)


def _open(path: Path) -> Journal:
    _check_header(path)
    journal = connect(str(path), path)
    try:
        if journal.row("SELECT count(*) FROM meta") is None:
            raise refused(path, "it is corrupt")
        order = "SELECT 1 FROM pragma_table_info('changes') WHERE name = 'n'"
        if _version(journal) == 1 and journal.row(order) is None:
            raise refused(path, "a version of simkl-import that was never released wrote it")
    except BaseException:
        journal.close()
        raise
    return journal


def _refuse_unusable(journal: Journal, account: str | None, *, whole: bool) -> None:
    owner = account_of(journal)
    if account is not None and owner != account:
        raise refused(journal.path, f"it belongs to another account ({owner or 'none'}, not {account})")
    if whole:
        _check_whole(journal)


def _moved_to_memory(journal: Journal) -> Journal:
    """Return what a file holds, in memory and in today's shape; the file itself is closed and stays as it is."""
    try:
        memory = journal.copy()
    finally:
        journal.close()
    _upgrade(memory)
    return memory


def _upgrade(journal: Journal) -> None:
    """Bring a journal of an older version to today's shape, all or nothing."""
    with journal.transaction():
        for version in range(_version(journal), VERSION):
            upgrade(journal, version)
            journal.write(f"PRAGMA user_version = {version + 1}")


def _version(journal: Journal) -> int:
    row = journal.row("PRAGMA user_version")
    return 0 if row is None else int(row[0])


def memory_journal(account: str, path: Path) -> Journal:
    """Return an empty resume file in memory: what a first dry run writes into. `path` is where it would be."""
    journal = connect(":memory:", path)
    _fill(journal, account)
    return journal


def _is_new(path: Path) -> bool:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise refused(path, "it is no file")
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
        raise refused(path, "it is empty")
    if not header.startswith(_MAGIC) or len(header) < 100:
        raise refused(path, "it is none, or it is corrupt")
    page = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    if size < (65536 if page == 1 else page) * pages and not Path(f"{path}-journal").exists():
        raise refused(path, "it is cut short")
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise refused(path, "it belongs to another program")
    version = int.from_bytes(header[60:64], "big")
    if not version:
        raise refused(path, "it is corrupt")
    if version > VERSION:
        raise refused(path, f"a newer version of simkl-import wrote it (schema {version})")


def _check_whole(journal: Journal) -> None:
    """Refuse a file that is damaged somewhere, before anything is written into it."""
    found = journal.row("PRAGMA quick_check(1)")
    if found != ("ok",):
        raise refused(journal.path, "it is corrupt")


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
            journal = connect(str(draft), path)
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
    return connect(str(path), path)


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
