"""A person's desk for the tests of commands: a home of its own and a sandbox on loopback."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
from anyio.from_thread import start_blocking_portal
from click.testing import CliRunner, Result

from importer.cli import consent
from importer.cli.main import run
from importer.errors import ImporterError
from importer.sandbox.app import Sandbox
from importer.sandbox.server import serve

CLIENT = "c11ent5ecret"
TOKEN = "t0ken5ecret"
SAMPLES = Path(__file__).parents[2] / "samples"

RATINGS = """Date,Name,Year,Letterboxd URI,Rating
2024-05-01,Heat,1995,https://boxd.it/2a7i,4.5
2024-05-01,Ronin,1998,https://boxd.it/1AJq,4
2024-05-02,Alien,1979,https://boxd.it/2awY,5
2024-05-03,Collateral,2004,https://boxd.it/28UY,0.5
"""
"""Four films that Simkl knows, as Letterboxd exports them."""


class Desk:
    """A person's machine: a home, an environment, and a sandbox that approves every code at its second poll."""

    def __init__(self, sandbox: Sandbox, home: Path, url: str) -> None:
        self.sandbox = sandbox
        self.home = home
        self.file = home / "token.json"
        self.client_id = CLIENT
        self.env: dict[str, str | None] = {
            "SIMKL_IMPORT_HOME": str(home),
            "TMPDIR": str(home.parent),
            "SIMKL_API_URL": url,
            "SIMKL_IMPORT_TIME_SCALE": "0",
            "SIMKL_CLIENT_ID": CLIENT,
            "SIMKL_ACCESS_TOKEN": None,
        }

    def run(self, command: click.Command, *options: str, typed: str | None = None) -> Result:
        """Run a command; nothing it shows, raises, logs or writes but the token file may hold a secret."""
        result = CliRunner().invoke(command, list(options), env=self.env, input=typed)
        shown = result.output + result.stderr
        if result.exception is not None:
            shown += "".join(traceback.format_exception(result.exception))
            shown += str(getattr(result.exception, "hint", ""))
        for path in self.home.rglob("*"):
            if path.is_file() and path != self.file:
                shown += path.read_text()
        if typed is None:
            assert CLIENT not in shown
        for secret in (*self.sandbox.keyring.tokens, *self.sandbox.keyring.refresh_tokens):
            assert secret not in shown
        return result

    def failed(self, command: click.Command, *options: str, typed: str | None = None) -> ImporterError:
        """Run a command that must fail with an error for the person."""
        error = self.run(command, *options, typed=typed).exception
        assert isinstance(error, ImporterError)
        return error


@pytest.fixture
def desk(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Desk]:
    """A desk whose log holds no secret either."""
    caplog.set_level(logging.DEBUG)
    sandbox = Sandbox(pace=0, client_id=CLIENT, token="fixed5ecret")
    sandbox.auth.interval = 0
    sandbox.auth.approve_after = 2
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(serve(sandbox)) as url:
        yield Desk(sandbox, tmp_path / "home", url)
    assert CLIENT not in caplog.text


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person who can be asked."""
    monkeypatch.setattr(consent, "at_terminal", lambda: True)


@dataclass(frozen=True)
class Ended:
    """How a command ended, and all it said."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on stdout."""
        found: dict[str, Any] = json.loads(self.out)
        return found


class Machine:
    """A person's machine with a sandbox: runs whole command lines, here or in a process of their own."""

    def __init__(self, sandbox: Sandbox, folder: Path, url: str, capture: pytest.CaptureFixture[str]) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self.home = folder / "home"
        self.url = url
        self._capture = capture
        self.env = {
            "SIMKL_IMPORT_HOME": str(self.home),
            "TMPDIR": str(folder),
            "SIMKL_API_URL": url,
            "SIMKL_IMPORT_TIME_SCALE": "0",
            "SIMKL_CLIENT_ID": CLIENT,
            "SIMKL_ACCESS_TOKEN": TOKEN,
        }

    def export(self, content: str | bytes = RATINGS, name: str = "ratings.csv") -> str:
        """Write an export; return its path."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def sample(self, name: str) -> str:
        """The path of a sample."""
        return str(SAMPLES / name)

    def run(self, *line: str, **environment: str | None) -> Ended:
        """Run a command line in this process; nothing it says or writes may hold a secret."""
        before = dict(os.environ)
        for name in list(os.environ):
            if name.startswith(("SIMKL_", "XDG_")):
                del os.environ[name]
        os.environ.update({name: value for name, value in {**self.env, **environment}.items() if value is not None})
        self._capture.readouterr()
        try:
            status = run(list(line))
        finally:
            os.environ.clear()
            os.environ.update(before)
        said = self._capture.readouterr()
        assert CLIENT not in said.out + said.err
        assert TOKEN not in said.out + said.err
        for path in self.folder.rglob("*"):
            if path.is_file():
                assert TOKEN.encode() not in path.read_bytes(), path
                assert CLIENT.encode() not in path.read_bytes(), path
        return Ended(status, said.out, said.err)

    def spawn(self, *line: str, only: Mapping[str, str] | None = None, **environment: str) -> Ended:
        """Run a command line in a process of its own, with `only` these variables if they are given."""
        whole = dict(only) if only is not None else {**os.environ, **self.env, **environment}
        done = subprocess.run(
            [sys.executable, "-m", "importer", *line],
            env=whole,
            cwd=self.folder,
            capture_output=True,
            check=False,
            timeout=60,
            stdin=subprocess.DEVNULL,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    def sent(self) -> list[dict[str, Any]]:
        """Every item of every rating POST, with the group it stood in."""
        items: list[dict[str, Any]] = []
        for request in self.sandbox.requests("POST", "/sync/ratings"):
            assert isinstance(request.body, dict)
            items += [{"group": group, **item} for group, found in request.body.items() for item in found]
        return items

    def resume_file(self) -> Path:
        """The one resume file in the state folder."""
        (found,) = (self.home / "state").glob("*.sqlite")
        return found


@contextmanager
def opened(folder: Path, capture: pytest.CaptureFixture[str], **options: Any) -> Iterator[Machine]:
    """A machine whose sandbox has these options."""
    sandbox = Sandbox(**{"pace": 0, "client_id": CLIENT, "token": TOKEN, **options})
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(serve(sandbox)) as url:
        yield Machine(sandbox, folder, url, capture)


@pytest.fixture
def machine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Machine]:
    """A machine with an account that holds nothing."""
    with opened(tmp_path, capsys) as found:
        yield found


@pytest.fixture
def machine_with(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """A maker of machines whose sandbox has other options (faults, a quota)."""

    def make(**options: Any) -> AbstractContextManager[Machine]:
        return opened(tmp_path, capsys, **options)

    return make
