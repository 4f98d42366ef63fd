"""The page as a process of its own, `simkl-import web`, and a Chromium to open it with."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = "SIMKL_IMPORT_CHROMIUM"
"""The variable that names another Chromium than the one in PATH."""

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PATIENCE = 60


def chromium() -> str:
    """Return the Chromium of this machine. Raises FileNotFoundError where there is none: nothing is skipped."""
    found = os.environ.get(CHROMIUM) or next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        raise FileNotFoundError(f"no Chromium here: install one (apt-get install chromium), or name it by {CHROMIUM}")
    return found


@contextmanager
def browsing(*more: str) -> Iterator[Browser]:
    """A browser without a window; `more` are its own options."""
    with sync_playwright() as play:
        # A container has no user namespaces to make a sandbox of, and little shared memory.
        arguments = ["--no-sandbox", "--disable-dev-shm-usage", *more]
        found = play.chromium.launch(executable_path=chromium(), args=arguments)
        try:
            yield found
        finally:
            found.close()


class Served:
    """`simkl-import web`, on its way until it is ended. `address` holds the key that is good once."""

    def __init__(self, process: subprocess.Popen[str], errors: IO[str]) -> None:
        self.process = process
        self._errors = errors
        self.address = self.line()

    @property
    def port(self) -> int:
        """The port that it serves on."""
        return int(self.address.split("/")[2].partition(":")[2])

    @property
    def home(self) -> str:
        """The address of the page itself, which opens to nobody without the key."""
        return self.address[: self.address.index("enter/")]

    def line(self) -> str:
        """Return the next line that it prints."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline().strip()
        assert line, self.said()
        return line

    def said(self) -> str:
        """Return what it said on stderr so far."""
        self._errors.seek(0)
        return self._errors.read()

    def kill(self) -> None:
        """End it as a machine that loses its power does."""
        self.process.kill()
        self.process.wait(_PATIENCE)

    def end(self) -> int:
        """End it as Ctrl-C does; return its exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(_PATIENCE)


@contextmanager
def serving(
    folder: Path, environment: Mapping[str, str], *options: str, opens: bool = False, stdin: int = subprocess.DEVNULL
) -> Iterator[Served]:
    """Serve the page as long as the block lasts; `opens`: it opens a browser itself."""
    whole = {name: value for name, value in os.environ.items() if not name.startswith(("SIMKL_", "XDG_"))}
    line = [sys.executable, "-m", "importer", "web", *([] if opens else ["--no-open"]), *options]
    with (folder / "web.err").open("a+") as errors:
        process = subprocess.Popen(
            line,
            env={**whole, **environment},
            cwd=folder,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        with process:
            try:
                yield Served(process, errors)
            finally:
                process.kill()
