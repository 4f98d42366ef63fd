"""Files that a person names to be written: whole or not at all, and through no link that somebody planted."""

from __future__ import annotations

import hashlib
import os
import stat
import threading
from pathlib import Path

import pytest

from importer.machine.files import Sink, is_stream, write_file


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    """Nothing stays beside it, its mode stays, and the digest of what was written comes back."""
    path = tmp_path / "report.csv"
    path.write_text("old")
    path.chmod(0o640)
    assert write_file(path, lambda stream: stream.write(b"new")) == hashlib.sha256(b"new").hexdigest()
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [beside.name for beside in tmp_path.iterdir()] == ["report.csv"]


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    """Half a report is none."""
    path = tmp_path / "report.csv"
    path.write_text("old")

    def fail(stream: Sink) -> None:
        stream.write(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_file(path, fail)
    assert path.read_text() == "old"
    assert [beside.name for beside in tmp_path.iterdir()] == ["report.csv"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """What it points to is written."""
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    write_file(tmp_path / "link.csv", lambda stream: stream.write(b"new"))
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "new"


def test_a_private_file_is_its_owners_alone(tmp_path: Path) -> None:
    """From its first byte on, and also if it was open to others before."""
    path = tmp_path / "token.json"
    path.write_text("old")
    path.chmod(0o644)
    seen: list[int] = []

    def write(stream: Sink) -> None:
        seen.extend(stat.S_IMODE(beside.stat().st_mode) for beside in tmp_path.iterdir() if beside != path)
        stream.write(b"new")

    write_file(path, write, private=True)
    assert (seen, stat.S_IMODE(path.stat().st_mode)) == ([0o600], 0o600)


def test_links_planted_beside_a_file_are_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever guesses the name of the draft gains nothing: the file is not written, and theirs is not touched."""
    victim = tmp_path / "victim"
    victim.write_text("mine")
    monkeypatch.setattr("secrets.token_hex", lambda _: "guessed")
    (tmp_path / ".simkl-import-guessed.part").symlink_to(victim)
    with pytest.raises(FileExistsError):
        write_file(tmp_path / "report.csv", lambda stream: stream.write(b"new"))
    assert victim.read_text() == "mine"


def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    """A pipe, like a device, must not become a file."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    heard: list[bytes] = []
    reader = threading.Thread(target=lambda: heard.append(path.read_bytes()))
    reader.start()
    write_file(path, lambda stream: stream.write(b"new"))
    reader.join(10)
    assert heard == [b"new"]
    assert path.is_fifo()


@pytest.mark.parametrize(
    ("path", "stream"),
    [
        ("/dev/null", True),
        ("/dev/stdout", True),
        ("/dev/fd/1", True),
        ("/proc/self/fd/1", True),
        ("/dev/shm/report.csv", False),
        ("/nowhere/fd/1", False),
        ("report.csv", False),
    ],
)
def test_what_is_no_regular_file_is_a_stream(path: str, stream: bool) -> None:
    """So is what a shell hands over, wherever it leads; a file in /dev/shm is a file."""
    assert is_stream(Path(path)) is stream
