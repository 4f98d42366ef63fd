"""Files that a person names to be written."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import BinaryIO

import pytest

from importer.machine.files import write_file


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    """And nothing stays beside it."""
    path = tmp_path / "report.csv"
    path.write_text("old")
    write_file(path, lambda stream: stream.write(b"new"))
    assert path.read_text() == "new"
    assert [beside.name for beside in tmp_path.iterdir()] == ["report.csv"]


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    """Half a report is none."""
    path = tmp_path / "report.csv"
    path.write_text("old")

    def fail(stream: BinaryIO) -> None:
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
