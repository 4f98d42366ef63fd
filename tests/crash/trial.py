"""One trial: an export, an account in a sandbox, one resume file, and as many processes as it takes.

What must hold whatever was killed is checked item by item; a breach is an AssertionError.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from anyio.from_thread import start_blocking_portal
from invariants import Witness

import importer
from importer.sandbox.account import Rating
from importer.sandbox.app import Sandbox
from importer.sandbox.log import Request
from importer.sandbox.server import serve

CLIENT, TOKEN = "c11ent-5ecret-0f-trials", "acce55-5ecret-0f-trials"
KILLED = -signal.SIGKILL


class Nursery:
    """The processes of a trial; see nursery.py."""

    def __init__(self) -> None:
        script = Path(__file__).with_name("nursery.py")
        self._peak = 0
        # The program that is on trial is the one that this process would import, wherever another is installed.
        env = os.environ | {"PYTHONPATH": str(Path(importer.__file__).parents[1])}
        self._process = subprocess.Popen(
            [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env
        )

    def start(self, **wish: Any) -> int:
        """Start a command; return its process id."""
        return int(self._ask(wish)["pid"])

    def look(self, pid: int) -> bool:
        """Tell whether it has ended; once it has, wait for it and look no more."""
        return bool(self._ask({"look": pid})["ended"])

    def wait(self, pid: int) -> int:
        """Wait for its end; return its status."""
        answer = self._ask({"wait": pid})
        self._peak = int(answer["peak"])
        return int(answer["status"])

    def peak(self) -> int:
        """The most memory that one of the processes held, in kilobytes (on Linux)."""
        return self._peak

    def close(self) -> None:
        """End the nursery."""
        self._process.communicate()

    def _ask(self, wish: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(wish) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


class Trial:
    """`count` films on the way to an empty account, in batches of `size`. `second` is how long one takes here."""

    def __init__(
        self,
        folder: Path,
        sandbox: Sandbox,
        nursery: Nursery,
        env: dict[str, str],
        count: int,
        size: int | None,
        scale: float,
    ) -> None:
        self.folder = folder
        self.sandbox = sandbox
        self.count = count
        self.resume = folder / "resume.sqlite"
        self.export = folder / "export.csv"
        self.out, self.err = folder / "stdout", folder / "stderr"
        self.err.touch()
        self.env = env
        self.slices: list[list[Request]] = []
        self.statuses: list[int] = []
        self.witness = Witness(self.resume, sandbox)
        self.second = scale
        self._heard = 0
        self._ended: set[int] = set()
        self._nursery = nursery
        self._size = size
        rows = (f"movie,Film {n},{1950 + n % 70},{n % 10 + 1},{_date(n)},tt{7000000 + n}" for n in range(count))
        self.export.write_text("\n".join(["type,title,year,rating,rated_at,imdb", *rows, ""]))

    def plan(self) -> dict[str, Rating]:
        """What the account should hold in the end."""
        return {f"Film {n}": Rating(n % 10 + 1, _date(n)) for n in range(self.count)}

    def account(self) -> dict[str, Rating]:
        """What it holds."""
        titles = self.sandbox.catalog.titles
        return {titles[simkl].title: rating for simkl, rating in self.sandbox.account.ratings.items()}

    def run(self, *options: str, **how: Any) -> int:
        """Run the import once; see `command`."""
        size = ["--batch-size", str(self._size)] if self._size else []
        return self.command("run", str(self.export), *size, "--quiet", *options, **how)

    def command(
        self, *argv: str, kill: tuple[str, int] | None = None, after: tuple[int, float] | None = None, **how: Any
    ) -> int:
        """Run a command over the resume file; return its status, negative for a signal.

        With `kill` it dies at that point, with `after` so many seconds after its so many-th request, or after its start
        where that is 0. `broken` breaks its protocol; for the rest of `how` see limits.py.
        """
        begin = len(self.sandbox.log)
        self._heard = self.err.stat().st_size
        stall = kill is not None and kill[0] == "in-post"
        if kill is not None and stall:
            path = "POST /sync/ratings/remove" if argv[0] == "undo" else "POST /sync/ratings"
            self.sandbox.faults.script(path, [*[None] * (kill[1] - 1), "stall"])
        pid = self.start(*argv, kill=kill, **how)
        if after is not None:
            requests, pause = after
            self.until(lambda: len(self.sandbox.log) - begin >= requests or self.ended(pid))
            time.sleep(pause)
            if pid not in self._ended:
                os.kill(pid, signal.SIGKILL)
        status = self.finish(pid, begin)
        if stall:
            self.sandbox.faults.turn_off()
        return status

    def start(self, *argv: str, **how: Any) -> int:
        """Start a command over the resume file; return its process id."""
        named = ["--resume-file", str(self.resume)]
        pid = self._nursery.start(argv=[*argv, *named], env=self.env, out=str(self.out), err=str(self.err), **how)
        self._ended.discard(pid)
        return pid

    def ended(self, pid: int) -> bool:
        """Tell whether a process that was started has ended."""
        if pid not in self._ended and self._nursery.look(pid):
            self._ended.add(pid)
        return pid in self._ended

    def finish(self, pid: int, begin: int = 0) -> int:
        """Wait for the end of a process whose requests are in the log from `begin` on; return its status."""
        status = self._nursery.wait(pid)
        self._settle(begin)
        self.slices.append(self.sandbox.log[begin:])
        self.statuses.append(status)
        return status

    def until(self, true: Callable[[], object]) -> None:
        """Wait until something is true; a test that waits for a minute has failed."""
        ends = time.monotonic() + 60
        while not true():
            assert time.monotonic() < ends, "it never came"
            time.sleep(0.002)

    def hold_answers(self, until: Callable[[], object]) -> None:
        """Hold every answer of the sandbox back while something is not true yet, however long this machine takes."""

        async def wait(_seconds: float) -> None:
            while not until():  # noqa: ASYNC110 - other threads and processes ring no bell
                await asyncio.sleep(0.005)

        self.sandbox.sleep, self.sandbox.latency = wait, 1.0

    def stops_in_post(self, number: int) -> Callable[[], object]:
        """Return what is true before so many POSTs of ratings are there, and when a process says that it stops."""
        return lambda: (
            len(self.sandbox.requests("POST", "/sync/ratings")) < number or b"Stopping" in self.err.read_bytes()
        )

    def said(self) -> str:
        """What the last command said on stderr."""
        return self.err.read_bytes()[self._heard :].decode()

    def report(self) -> list[dict[str, Any]]:
        """The rows of the last run as `report --format jsonl` tells them."""
        place = self.folder / "rows.jsonl"
        place.unlink(missing_ok=True)
        assert self.command("report", "--format", "jsonl", "--output", str(place)) == 0
        return [json.loads(line) for line in place.read_text().splitlines()]

    def _settle(self, begin: int) -> None:
        """Wait until the sandbox has noticed that its caller is gone."""
        ends = time.monotonic() + 60
        while any(entry.ended is None for entry in self.sandbox.log[begin:]) and time.monotonic() < ends:
            time.sleep(0.002)


def _date(n: int) -> str:
    return f"2024-03-{1 + n // 86400:02d}T{n // 3600 % 24:02d}:{n // 60 % 60:02d}:{n % 60:02d}Z"


@contextmanager
def trial(
    folder: Path, nursery: Nursery, count: int, size: int | None = None, *, scale: float = 0.01
) -> Iterator[Trial]:
    """A trial with a sandbox of its own in a thread of this process; `scale` of the real waits."""
    sandbox = Sandbox(pace=0, plan="vip", token=TOKEN, client_id=CLIENT)
    sandbox.quota = 10**9
    # When an answer has arrived the sandbox cannot know; how far apart POSTs begin is for the invariants to judge.
    sandbox.throttle.watched = 0.0
    with ExitStack() as stack:
        portal = stack.enter_context(start_blocking_portal())
        url = stack.enter_context(portal.wrap_async_context_manager(serve(sandbox)))
        env = {
            "SIMKL_IMPORT_HOME": str(folder / "home"),
            "TMPDIR": str(folder),
            "SIMKL_IMPORT_TIME_SCALE": str(scale),
            "SIMKL_API_URL": url,
            "SIMKL_CLIENT_ID": CLIENT,
            "SIMKL_ACCESS_TOKEN": TOKEN,
            "PATH": os.environ.get("PATH", ""),
        }
        yield Trial(folder, sandbox, nursery, env, count, size, scale)


def some_moment(dice: random.Random, most: int) -> tuple[int, float]:
    """Draw a moment to kill a run at: a little after one of its first `most` requests, or after its start."""
    return dice.randint(0, most), dice.uniform(0.0, 0.05)


def kill_at_random(tried: Trial, kills: int, seed: int, most: int, options: Sequence[str] = ()) -> int:
    """Start so many runs and kill each at a random moment; return how many of them were still alive then."""
    dice = random.Random(seed)
    died = 0
    for _ in range(kills):
        died += tried.run(*options, after=some_moment(dice, most)) == KILLED
        tried.witness.check_disk()
    return died
