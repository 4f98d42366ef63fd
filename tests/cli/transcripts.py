"""Write the manual's transcripts anew, from what the program prints: `python tests/cli/transcripts.py`.

A block of a topic that begins with ```console and `$ simkl-import` is one: its command is given on a terminal of 80
columns, to a sandbox with an empty account, and what stands on the screen afterwards is written below it. The commands
of all topics are one story, in the order of TOPICS. What differs from machine to machine (the home folder, the port,
seconds) is written as a person would see it.
"""

from __future__ import annotations

import fcntl
import os
import re
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path

import pyte
from anyio.from_thread import start_blocking_portal

from importer.cli.help import topics
from importer.sandbox.app import Sandbox
from importer.sandbox.server import serve

ROOT = Path(__file__).parents[2]
TOPICS = ("start", "undo")
EXPORT = ROOT / "samples" / "letterboxd" / "letterboxd-sample-2026-03-01-20-15-utc.zip"
NAME = "letterboxd-me.zip"
COLUMNS, LINES, WIDE = 80, 100, 400
QUESTION = "[y/N]:"
_BLOCK = re.compile(r"(?<=^```console\n)\$ simkl-import (.*)\n(?:.*\n)*?(?=```$)", re.MULTILINE)


def transcribed() -> dict[str, str]:
    """Return these topics with their transcripts as they are now."""
    sandbox = Sandbox(pace=0)
    with (
        tempfile.TemporaryDirectory() as name,
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(serve(sandbox)) as url,
    ):
        home = Path(name).resolve()
        shutil.copy(EXPORT, home / NAME)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "TMPDIR": str(home),
            "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            "SIMKL_API_URL": url,
            "SIMKL_CLIENT_ID": sandbox.client_id,
            "SIMKL_ACCESS_TOKEN": sandbox.token,
            "SIMKL_IMPORT_TIME_SCALE": "0",
        }

        def block(found: re.Match[str]) -> str:
            said = shown(found[1], home, environment)
            return f"$ simkl-import {found[1]}\n{told(said, home, url)}\n"

        return {topic: _BLOCK.sub(block, topics()[topic]) for topic in TOPICS}


def shown(line: str, folder: Path, environment: dict[str, str]) -> str:
    """Return what a command leaves on a terminal; a question is answered with yes."""
    # The program sees 80 columns. The screen itself is wider, so that a long path does not break its line.
    screen = pyte.Screen(WIDE, LINES)
    stream = pyte.ByteStream(screen)
    ours, terminal = os.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "importer", *shlex.split(line)],
        env=environment,
        cwd=folder,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    )
    os.close(terminal)
    answered = False
    try:
        while data := _read(ours):
            stream.feed(data)
            if not answered and any(row.rstrip().endswith(QUESTION) for row in screen.display):
                answered = True
                os.write(ours, b"y\n")
    finally:
        os.close(ours)
        process.wait(30)
    return "\n".join(row.rstrip() for row in screen.display).strip("\n")


def told(said: str, home: Path, url: str) -> str:
    """Return it as a person would see it who is signed in to Simkl."""
    port = url.rpartition(":")[2]
    said = said.replace(str(home), "/home/me").replace(f"@127.0.0.1-{port}", "@api.simkl.com")
    return re.sub(r"\bin \d+ s$", "in 3 s", said, flags=re.MULTILINE)


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65_536)
    except OSError:  # Linux says so when the other end is closed
        return b""


if __name__ == "__main__":
    for topic, text in transcribed().items():
        (ROOT / "importer" / "manual" / f"{topic}.md").write_text(text, encoding="utf-8")
