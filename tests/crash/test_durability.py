"""The settings under which a commit is on disk when it returns: no kill of a process can tell, only a power cut."""

from __future__ import annotations

from pathlib import Path

from importer.journal.file import open_journal


def test_a_commit_waits_for_the_disk(tmp_path: Path) -> None:
    """A rollback journal and EXTRA synchronisation, on a new file and on one that is opened again: the folder is synced
    too, so that a power cut cannot bring back the rollback journal of a commit that has returned.
    """
    for _ in range(2):
        journal = open_journal(tmp_path / "resume.sqlite", "51@sandbox")
        assert journal.row("PRAGMA synchronous") == (3,)
        assert journal.row("PRAGMA journal_mode") == ("delete",)
        journal.close()


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """It tells what a person watched and liked."""
    path = tmp_path / "folder" / "resume.sqlite"
    open_journal(path, "51@sandbox").close()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_a_link_to_a_resume_file_stays_a_link(tmp_path: Path) -> None:
    """The file is made where the link points."""
    (tmp_path / "link").symlink_to(tmp_path / "real.sqlite")
    open_journal(tmp_path / "link", "51@sandbox").close()
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real.sqlite").stat().st_size
