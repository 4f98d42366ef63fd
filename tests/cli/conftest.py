"""A person's desk for the tests of commands: a home of its own and a sandbox on loopback."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from anyio.from_thread import start_blocking_portal
from click.testing import CliRunner, Result

from importer.cli import consent
from importer.errors import ImporterError
from importer.sandbox.app import Sandbox
from importer.sandbox.server import serve

CLIENT = "c11ent5ecret"


class Desk:
    """A person's machine: a home, an environment, and a sandbox that approves every code at its second poll."""

    def __init__(self, sandbox: Sandbox, home: Path, url: str) -> None:
        self.sandbox = sandbox
        self.home = home
        self.file = home / "token.json"
        self.client_id = CLIENT
        self.env: dict[str, str | None] = {
            "SIMKL_IMPORT_HOME": str(home),
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
