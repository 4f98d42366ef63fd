"""Watches what an adapter does while it reads: no network, no processes, no writes, and no file but through its source.

Python tells of each such act by an audit event, whatever library asks for it. The hook is set on first use and cannot
be taken out again; outside of `watched` it does nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_PREFIXES: Final = {
    "socket.": "uses the network",
    "subprocess.": "starts a process",
    "os.exec": "starts a process",
    "os.fork": "starts a process",
    "os.posix_spawn": "starts a process",
    "os.spawn": "starts a process",
    "os.system": "starts a process",
    "shutil.": "writes to the disk",
    "tempfile.": "writes to the disk",
    "os.mkdir": "writes to the disk",
    "os.rename": "writes to the disk",
    "os.remove": "writes to the disk",
    "os.rmdir": "writes to the disk",
    "os.truncate": "writes to the disk",
    "os.link": "writes to the disk",
    "os.symlink": "writes to the disk",
    "os.chmod": "writes to the disk",
    "sqlite3.connect": "opens a database",
}


@dataclass(slots=True)
class Watch:
    """What is not allowed, and what was done of it; `sample` is the export, which only its source may open."""

    sample: Path
    deeds: list[str] = field(default_factory=list)

    def see(self, event: str, arguments: tuple[object, ...]) -> None:
        """Note an act that is not allowed, and stop it: raises PermissionError."""
        deed = next((deed for prefix, deed in _PREFIXES.items() if event.startswith(prefix)), "")
        if event == "open":
            deed = self._opened(*arguments[:3])
        if deed:
            self.deeds.append(f"{deed} ({event})")
            raise PermissionError(f"an adapter reads what its source gives it, and {deed}: that is not allowed")

    def _opened(self, path: object, _mode: object, flags: object) -> str:
        if isinstance(flags, int) and flags & _WRITING:
            return "writes to the disk"
        if isinstance(path, str | bytes):
            opened = Path(os.fsdecode(path)).absolute()
            if opened == self.sample or self.sample in opened.parents:
                return "opens the export by its path, past the limits of its source"
        return ""


_watch: list[Watch] = []
_hooked: list[bool] = []


@contextmanager
def watched(sample: Path) -> Iterator[list[str]]:
    """Watch all threads; give a list to which each act that is not allowed is added. Such an act fails."""
    if not _hooked:
        sys.addaudithook(_hook)
        _hooked.append(True)
    watch = Watch(sample)
    # A module that an adapter imports while it reads is none of its deeds.
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    _watch.append(watch)
    try:
        yield watch.deeds
    finally:
        _watch.pop()
        sys.dont_write_bytecode = before


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if _watch:
        _watch[-1].see(event, arguments)
