"""What the tests in a browser share: one Chromium, and for each test a machine with a sandbox, a page and a person.

Run them by themselves: the driver's loop and that of asynchronous tests do not go together in one process.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from playwright.sync_api import Browser, expect

sys.path.insert(0, str(Path(__file__).resolve().parent))

from person import Person
from served import Served, browsing, serving

from importer.sandbox.app import Sandbox
from importer.sandbox.server import serve

CLIENT = "c11ent5ecret"
TOKEN = "t0ken5ecret"
ANOTHER_NAME = "evil.test"
"""A name that the browser takes for this machine."""

PATIENCE = 60_000
"""Milliseconds that anything may take; a busy machine is slow, and nothing here is measured."""

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give a walk through the whole page the time that it takes on a busy machine."""
    for item in items:
        item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a process; each has a context of its own."""
    with browsing(f"--host-resolver-rules=MAP {ANOTHER_NAME} 127.0.0.1") as found:
        yield found


@dataclass
class Machine:
    """A person's machine: a home, a Simkl look-alike on loopback, commands and the page in processes of their own."""

    sandbox: Sandbox
    folder: Path
    url: str
    browser: Browser
    stack: ExitStack
    scale: str = "0"
    people: list[Person] = field(default_factory=list)
    signed_in: bool = True

    @property
    def environment(self) -> dict[str, str]:
        """The variables that commands find."""
        found = {
            "SIMKL_IMPORT_HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder),
            "SIMKL_API_URL": self.url,
            "SIMKL_IMPORT_TIME_SCALE": self.scale,
        }
        if self.signed_in:
            found |= {"SIMKL_CLIENT_ID": CLIENT, "SIMKL_ACCESS_TOKEN": TOKEN}
        return found

    @property
    def resume_file(self) -> Path:
        """The one resume file in the state folder."""
        (found,) = (self.folder / "home" / "state").glob("*.sqlite")
        return found

    def serve(self, *options: str, opener: Path | None = None, **more: Any) -> Served:
        """Begin to serve the page; `opener` is a program that is to open it, in place of nobody."""
        environment = self.environment | ({"BROWSER": f"{opener} %s", "DISPLAY": ":0"} if opener is not None else {})
        opens = opener is not None
        return self.stack.enter_context(serving(self.folder, environment, *options, opens=opens, **more))

    def person(self, served: Served | None = None, **context: Any) -> Person:
        """Somebody who opens the page. `context`: what their browser is like."""
        served = served or self.serve()
        opened = self.stack.enter_context(self.context(**context))
        found = Person(opened, served.address)
        self.people.append(found)
        return found

    @contextmanager
    def context(self, **options: Any) -> Iterator[Any]:
        """A browser of its own, as far as cookies go."""
        made = self.browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        made.set_default_timeout(PATIENCE)
        try:
            yield made
        finally:
            made.close()

    def start(self, *line: str) -> subprocess.Popen[str]:
        """Begin a command."""
        whole = {name: value for name, value in os.environ.items() if not name.startswith(("SIMKL_", "XDG_"))}
        process = subprocess.Popen(
            [sys.executable, "-m", "importer", *line],
            env={**whole, **self.environment},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.stack.callback(_end, process)
        return process

    def run(self, *line: str) -> tuple[int, str]:
        """Run a command to its end; return its status and what it printed."""
        process = self.start(*line)
        out, _ = process.communicate(timeout=60)
        return process.returncode, out

    def sent(self) -> list[object]:
        """The body of every rating POST."""
        return [request.body for request in self.sandbox.requests("POST", "/sync/ratings")]


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


MachineWith = Callable[..., AbstractContextManager[Machine]]


@pytest.fixture
def machine_with(tmp_path: Path, browser: Browser) -> MachineWith:
    """A maker of machines: `scale` of its waits, `signed_in` or not, and the options of the sandbox.

    At its end nobody's browser may have complained: no breach of the policy, no error of a script, nothing that was
    loaded from elsewhere.
    """
    made = 0

    @contextmanager
    def make(*, scale: str = "0", signed_in: bool = True, **options: Any) -> Iterator[Machine]:
        nonlocal made
        made += 1
        folder = tmp_path / str(made)
        folder.mkdir()
        sandbox = Sandbox(**{"pace": 0, "client_id": CLIENT, "token": TOKEN, **options})
        with ExitStack() as stack:
            portal = stack.enter_context(start_blocking_portal())
            url = stack.enter_context(portal.wrap_async_context_manager(serve(sandbox)))
            found = Machine(sandbox, folder, url, browser, stack, scale, signed_in=signed_in)
            yield found
            for person in found.people:
                assert not person.troubles
                assert not person.elsewhere()

    return make


@pytest.fixture
def machine(machine_with: MachineWith) -> Iterator[Machine]:
    """A machine whose person is signed in, with an account that holds nothing."""
    with machine_with() as found:
        yield found


@pytest.fixture
def person(machine: Machine) -> Person:
    """Somebody on that machine who has opened the page."""
    return machine.person()
