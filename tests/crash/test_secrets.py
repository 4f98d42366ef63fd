"""No token, no client id in anything a process says or leaves behind, and no connection that is not to be trusted."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NOBODY = Path(__file__).with_name("nobody.pem")
"""A self-signed certificate for localhost with its key: made for this test, trusted by nobody."""


@contextmanager
def stranger() -> Iterator[tuple[int, list[bytes]]]:
    """A server on loopback that calls itself localhost; yields its port and what it was told."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(NOBODY)
    heard: list[bytes] = []
    with socket.create_server(("localhost", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                try:
                    with connection, context.wrap_socket(connection, server_side=True) as secured:
                        heard.append(secured.recv(4096))
                except OSError:
                    pass

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield server.getsockname()[1], heard
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def test_a_certificate_that_nobody_vouches_for_is_refused(make, law) -> None:
    """Status 6, at once, without a byte of the request: whoever answers there is not told the token."""
    with stranger() as (port, heard), make(5) as trial:
        trial.env["SIMKL_API_URL"] = f"https://localhost:{port}"
        assert trial.run() == 6
        assert "certificate" in trial.said()
        assert not [said for said in heard if said]
        law.check_words(trial)


@pytest.mark.parametrize(
    "fault", ["html-200", "status-401", "status-404", "status-412", "status-400", "reset-before-write", "quota"]
)
@pytest.mark.parametrize("place", ["GET /users/settings", "GET /sync/activities", "POST /sync/ratings"])
def test_no_failure_shows_a_secret(make, law, fault: str, place: str) -> None:
    """Log, reports, streams, resume file and state folder, whatever failed and wherever."""
    with make(4, scale=0) as trial:
        trial.sandbox.faults.script(place, [fault] * 7)
        into = [str(trial.folder / name) for name in ("log.txt", "r.html", "r.csv", "r.json", "r.jsonl", "rejects.csv")]
        reports = [word for path in into[1:5] for word in ("--report", path)]
        status = trial.command(
            "run", str(trial.export), "--verbose", "--log-file", into[0], *reports, "--rejects", into[5]
        )
        assert status in (0, 3, 4, 6)
        assert (trial.folder / "log.txt").exists()
        law.check_words(trial)


def test_a_service_that_is_not_there_shows_no_address_with_secrets(make, law) -> None:
    """The client id travels in the query: no error may quote it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with make(4, scale=0) as trial:
        trial.env["SIMKL_API_URL"] = f"http://127.0.0.1:{port}"
        assert trial.run("--verbose", "--json") == 6
        law.check_words(trial)


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="no process list to read")
def test_the_real_command_takes_no_secret_as_an_argument(make, law) -> None:
    """Its argument list, which every person on the machine can read, holds paths and options alone."""
    with make(40, 10) as trial:
        looked = threading.Event()
        trial.hold_answers(lambda: looked.is_set() or not trial.sandbox.requests("POST", "/sync/ratings"))
        command = [sys.executable, "-m", "importer", "run", str(trial.export), "--json"]
        with subprocess.Popen(
            [*command, "--resume-file", str(trial.resume)],
            env=trial.env,
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            trial.until(lambda: trial.sandbox.requests("POST", "/sync/ratings"))
            listed = Path(f"/proc/{process.pid}/cmdline").read_bytes()
            looked.set()
            said = b"".join(process.communicate(timeout=60))
        assert process.returncode == 0, said
        for secret in (trial.sandbox.token, trial.sandbox.client_id):
            assert secret.encode() not in listed + said
        trial.err.touch()
        trial.out.touch()
        law.check_words(trial)
