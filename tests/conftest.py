"""What all tests share: hypothesis judges what comes out, not how fast this machine is; nothing is left behind.

Time is not lost where none is measured: what one process has compiled serves the others, and files stand in memory,
where no commit waits for a disk.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

# The workers, and hundreds of processes that tests start, import the same files.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

MEMORY = "/dev/shm"
ROOM = 2 * 1024**3
"""Bytes that have to be free there: ten times what all tests keep at once."""


def pytest_configure() -> None:
    """Put the folders of the tests into memory. None of them pulls a plug: to a killed process it is the same."""
    if _has_room(MEMORY):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", MEMORY)


def _has_room(folder: str) -> bool:
    """Tell whether a folder takes the files of all tests, and lets them be executed."""
    try:
        found = os.statvfs(folder)
    except OSError:
        return False
    return (
        found.f_bavail * found.f_frsize >= ROOM
        and not found.f_flag & (os.ST_NOEXEC | os.ST_RDONLY)
        and os.access(folder, os.W_OK)
    )


def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays to the end: six thousand tests, and all that they import."""
    gc.collect()
    gc.freeze()


def pytest_xdist_auto_num_workers() -> int:
    """Return half as many workers again as there are cores: many tests wait for an answer, or for a process."""
    cores = os.cpu_count() or 1
    return cores + (cores + 1) // 2


@pytest.fixture(scope="session", autouse=True)
def _temporary_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what processes leave among the system's temporary files in a folder of the tests."""
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = str(tmp_path_factory.mktemp("shared"))
    yield
    if before is None:
        del os.environ["TMPDIR"]
    else:
        os.environ["TMPDIR"] = before
