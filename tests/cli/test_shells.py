"""Completion in real shells, at a terminal, as a person types: each that this machine has."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyte
import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
PROMPT = "give>"
SHELLS = {
    "bash": (["--norc", "--noprofile", "-i"], 'eval "$(simkl-import completion bash)"'),
    "zsh": (["-f", "-i"], 'autoload -U compinit; compinit -u -D; eval "$(simkl-import completion zsh)"'),
    "fish": (["--private", "-i"], "simkl-import completion fish >$HOME/done.fish; source $HOME/done.fish"),
}
"""How each is started without a person's own settings, and what the manual has a person put into them."""


class Typist:
    """A person at a shell: types, and looks at the screen."""

    def __init__(self, shell: str, home: Path) -> None:
        self._screen = pyte.Screen(100, 40)
        self._stream = pyte.ByteStream(self._screen)
        self._ours, terminal = os.openpty()
        options, self._setting = SHELLS[shell]
        self._process = subprocess.Popen(
            [shell, *options],
            env={
                "HOME": str(home),
                "PATH": f"{home}:{os.environ['PATH']}",
                "TERM": "xterm",
                "LC_ALL": "C.UTF-8",
                "PS1": f"{PROMPT} ",
                "SIMKL_IMPORT_HOME": str(home),
                "PYTHONPATH": str(ROOT),
                "XDG_CONFIG_HOME": str(home / "config"),
                "XDG_DATA_HOME": str(home / "data"),
            },
            cwd=home,
            preexec_fn=lambda: os.login_tty(terminal),
            close_fds=False,
        )
        os.close(terminal)

    def prepare(self, shell: str) -> None:
        """Have a prompt that can be known again, and completion."""
        prompt = f"function fish_prompt; echo -n '{PROMPT} '; end" if shell == "fish" else f"PS1='{PROMPT} '"
        self.type(f"{prompt}\n")
        self.type(f"{self._setting}\n")
        self.type("clear; echo rea''dy\n")
        # What is typed before the prompt is there is echoed by the terminal, and stands in front of it.
        self.until(lambda: self._lines()[-2:] == ["ready", PROMPT])

    def completed(self, words: str) -> str:
        """Type words and Tab; return the line as the shell has it once it has changed."""
        self.type("\x15")  # takes away what stood on the line
        self.type(words)
        self.until(lambda: self._line() == words)
        self.type("\t")
        self.until(lambda: self._line() != words)
        return self._line()

    def offered(self, words: str, every: set[str]) -> None:
        """Type words and Tab, twice where one does not list what could stand there; wait until all of it is shown."""
        self.type("\x15")
        self.type(words)
        self.until(lambda: self._line().startswith(words.strip()))
        self.type("\t\t")
        self.until(lambda: every <= set(" ".join(self._lines()).split()))

    def until(self, seen: Callable[[], object]) -> None:
        """Look until something is so."""
        ends = time.monotonic() + PATIENCE
        while not seen():
            assert time.monotonic() < ends, "\n".join(self._lines())
            if select.select([self._ours], [], [], 0.05)[0]:
                self._stream.feed(os.read(self._ours, 65_536))

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._ours, keys.encode())

    def leave(self) -> None:
        """Go away, and the shell with it."""
        self._process.kill()
        self._process.wait()
        os.close(self._ours)

    def _lines(self) -> list[str]:
        return [line.rstrip() for line in self._screen.display if line.strip()]

    def _line(self) -> str:
        """What stands behind the last prompt."""
        found = [line for line in self._lines() if line.startswith(PROMPT)]
        return found[-1].removeprefix(PROMPT).strip() if found else ""


@pytest.fixture(params=SHELLS)
def typist(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Typist]:
    """A person at each shell that is there, who has set it up as the manual says."""
    shell = str(request.param)
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} on this machine")
    if (
        shell == "bash"
        and subprocess.run(["bash", "-c", "((BASH_VERSINFO[0] * 10 + BASH_VERSINFO[1] >= 44))"]).returncode
    ):
        pytest.skip("this bash is too old")
    link = tmp_path / "simkl-import"
    link.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m importer "$@"\n')
    link.chmod(0o755)
    (tmp_path / "letterboxd-me.zip").touch()
    # Where this folder is missing, fish reads every manual page of the machine, for minutes and after the test is over.
    (tmp_path / "data" / "fish" / "generated_completions").mkdir(parents=True)
    found = Typist(shell, tmp_path)
    try:
        found.prepare(shell)
        yield found
    finally:
        found.leave()


def test_tab_completes_a_command_an_option_a_value_and_a_file(typist: Typist) -> None:
    """What alone could stand there is filled in."""
    assert typist.completed("simkl-import stat") == "simkl-import status"
    assert typist.completed("simkl-import run --on-con") == "simkl-import run --on-conflict"
    assert typist.completed("simkl-import run --on-conflict over") == "simkl-import run --on-conflict overwrite"
    assert typist.completed("simkl-import check --from trak") == "simkl-import check --from trakt"
    assert typist.completed("simkl-import check letter") == "simkl-import check letterboxd-me.zip"


def test_tab_offers_every_value_of_a_choice(typist: Typist) -> None:
    """Where several could stand."""
    typist.offered("simkl-import run --undated ", {"watched", "now", "skip"})
