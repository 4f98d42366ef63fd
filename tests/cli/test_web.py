"""`web` as a process: its address, its keys, its folder, and how it ends."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

FOREVER = 60.0


class Served:
    """A page that is being served, with its terminal."""

    def __init__(self, process: subprocess.Popen[bytes], terminal: int) -> None:
        self.process = process
        self._terminal = terminal
        self.seen = ""

    def address(self) -> str:
        """Return the next address that it prints."""
        return self.waited(r"http://127\.0\.0\.1:\d+/\S+/enter/\S+")

    def waited(self, pattern: str) -> str:
        """Return what is printed next like the pattern."""
        ends = time.monotonic() + FOREVER
        while time.monotonic() < ends:
            found = re.search(pattern + r"(?=\s)", self.seen)
            if found is not None:
                self.seen = self.seen[found.end() :]
                return found[0]
            if select.select([self._terminal], [], [], 0.1)[0]:
                with suppress(OSError):  # its end
                    self.seen += os.read(self._terminal, 65536).decode()
            elif self.process.poll() is not None:
                break
        raise AssertionError(f"never came: {pattern}; there is {self.seen!r}")

    def press_enter(self) -> None:
        """As a person does in the terminal."""
        os.write(self._terminal, b"\n")

    def end(self, number: int = signal.SIGINT) -> int:
        """End it by a signal, and return its status."""
        self.process.send_signal(number)
        return self.process.wait(FOREVER)


@contextmanager
def served(home: Path, *options: str) -> Iterator[Served]:
    """Serve the page with a terminal of its own."""
    ours, its = pty.openpty()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("SIMKL_", "DISPLAY", "WAYLAND"))},
        "SIMKL_IMPORT_HOME": str(home),
        "TERM": "dumb",
        "TMPDIR": str(home.parent),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "importer", "web", *options],
        stdin=its,
        stdout=its,
        stderr=its,
        env=environment,
        start_new_session=True,
    )
    os.close(its)
    try:
        yield Served(process, ours)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def status_of(address: str, **headers: str) -> int:
    """Ask for an address, and return the status of the answer."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=FOREVER) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_it_prints_an_address_that_works_once_and_enter_prints_another(tmp_path: Path) -> None:
    """The older session is over then."""
    with served(tmp_path / "home", "--no-open") as page:
        first = page.address()
        with urllib.request.urlopen(first, timeout=FOREVER) as answer:
            cookie = answer.headers["Set-Cookie"].split(";")[0]
        root = first.partition("/enter/")[0] + "/"
        assert status_of(first) == 403
        assert status_of(root, Cookie=cookie) == 200
        page.press_enter()
        second = page.address()
        assert second != first
        assert status_of(root, Cookie=cookie) == 403
        assert status_of(second) == 200
        assert page.end() == 0
        assert "The page has ended" in page.waited("The page has ended.")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_0_and_its_folder_is_gone(tmp_path: Path, number: int) -> None:
    """Whatever lay there, and what a server left that was killed."""
    home = tmp_path / "home"
    left = home / "state" / "web" / "uploads" / "1" / "ratings.csv"
    left.parent.mkdir(parents=True)
    left.write_text("of somebody")
    with served(home, "--no-open") as page:
        page.address()
        assert not left.exists()
        assert (home / "state" / "web").stat().st_mode & 0o077 == 0
        assert page.end(number) == 0
    assert not (home / "state" / "web").exists()


def test_a_second_one_ends_with_7_and_touches_nothing(tmp_path: Path) -> None:
    """For another person on this machine it is no second one."""
    home = tmp_path / "home"
    with served(home, "--no-open") as page:
        address = page.address()
        with served(home, "--no-open") as second:
            assert "the page is open already" in second.waited(r"the page is open already")
            assert second.process.wait(FOREVER) == 7
        with served(home, "--no-open", "--profile", "ann") as other:
            other.address()
            assert other.end() == 0
        assert status_of(address) == 200


def test_a_port_that_is_taken_is_a_usage_error(tmp_path: Path) -> None:
    """It names the way out."""
    with served(tmp_path / "home", "--no-open") as page:
        port = page.address().split(":")[2].split("/")[0]
        with served(tmp_path / "other", "--no-open", "--port", port) as second:
            assert second.waited(r"take another --port")
            assert second.process.wait(FOREVER) == 2


def test_the_browser_gets_a_private_file_and_no_process_an_address(tmp_path: Path) -> None:
    """Arguments can be read by everybody on a machine."""
    seen = tmp_path / "seen"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf "%s" "$1" > {seen}.new && mv {seen}.new {seen}\n')
    browser.chmod(0o700)
    environment = {"BROWSER": f"{browser} %s", "DISPLAY": ":0"}
    ours, its = pty.openpty()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"):
            patch.delenv(name, raising=False)
        process = subprocess.Popen(
            [sys.executable, "-m", "importer", "web"],
            stdin=its,
            stdout=its,
            stderr=its,
            start_new_session=True,
            env={**os.environ, **environment, "SIMKL_IMPORT_HOME": str(tmp_path / "home"), "TERM": "dumb"},
        )
    os.close(its)
    page = Served(process, ours)
    try:
        address = page.address()
        ends = time.monotonic() + FOREVER
        while not seen.exists() and time.monotonic() < ends:
            time.sleep(0.02)
        given = seen.read_text()
        assert given.startswith("file://")
        assert address.rpartition("/")[2] not in given
        way = Path(urllib.request.url2pathname(given.removeprefix("file://")))
        assert way.stat().st_mode & 0o077 == 0
        assert address in way.read_text()
        assert page.end() == 0
        assert not way.exists()
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def test_the_try_out_leaves_nothing_and_touches_no_account_of_the_person(tmp_path: Path) -> None:
    """Neither their folders nor their sign-in."""
    home = tmp_path / "home"
    with served(home, "--sandbox", "--no-open") as page:
        address = page.address()
        with urllib.request.urlopen(address, timeout=FOREVER) as answer:
            cookie = answer.headers["Set-Cookie"].split(";")[0]
        root = address.partition("/enter/")[0] + "/"
        request = urllib.request.Request(root, headers={"Cookie": cookie})
        with urllib.request.urlopen(request, timeout=FOREVER) as answer:
            assert "try-out" in answer.read().decode()
        assert page.end() == 0
    assert not home.exists()
    assert list(tmp_path.glob("simkl-import-web-*")) == []
