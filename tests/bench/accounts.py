"""Many accounts of one machine at once: `python tests/bench/accounts.py [ACCOUNTS] [RATINGS]`, by default 20 and 1,000.

Every account is a profile of one home, with a sign-in, an export and a process of its own; they start together, against
one sandbox that answers in 0.3 s and refuses what comes faster than one POST a second. Then the same again with nothing
new. Told is what each process cost beside the same import alone, and whether anything of one got into another: every
rating on every account, every status, every total, every resume file, and what the sandbox saw of the pace.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

CLIENT = "many-client"
LATENCY = 0.3
SERVE = "--serve"


@dataclass(frozen=True, slots=True)
class Ended:
    """One process: its status and document, and its cost in seconds of CPU, of wall time and in MB."""

    status: int
    document: dict[str, object]
    cpu: float
    wall: float
    memory: float


def token(n: int) -> str:
    """The token of an account."""
    return f"many-token-{n}"


def rating(account: int, film: int) -> int:
    """What an account gives to a film: no two accounts give the same ones."""
    return 1 + (film + account + film // 7 * account) % 10


def export(folder: Path, account: int, films: int) -> Path:
    """Write an account's ratings. Half of the films are rated by everybody, half by this account alone."""
    path = folder / f"ratings-{account}.csv"
    lines = ["type,title,year,rating,rated_at"]
    for n in range(films):
        owner = "Everybody" if n % 2 else f"Account {account}"
        lines.append(f"movie,Film {n} of {owner},{1930 + n % 90},{rating(account, n)},2024-{1 + n % 12:02d}-01")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def person(home: Path, account: int) -> str:
    """Give an account a profile with a sign-in; return its name."""
    name = f"person-{account}"
    file = home / "profiles" / name / "token.json"
    file.parent.mkdir(parents=True)
    file.touch(mode=0o600)
    file.write_text(json.dumps({"client_id": CLIENT, "access_token": token(account)}), encoding="utf-8")
    return name


def together(lines: Sequence[Sequence[str]], environment: dict[str, str], folder: Path) -> list[Ended]:
    """Run one command a process, all at once; return how each ended, in order."""
    began = time.monotonic()
    running = {}
    for n, line in enumerate(lines):
        with (folder / f"{n}.out").open("wb") as out:
            command = [sys.executable, "-m", "importer", *line]
            process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, env=environment)
        running[process.pid] = (n, process)
    ended: dict[int, Ended] = {}
    while running:
        pid, status, usage = os.wait4(-1, 0)
        if pid not in running:  # the sandbox alone, and it does not end by itself
            raise RuntimeError("the sandbox ended")
        n, process = running.pop(pid)
        process.returncode = os.waitstatus_to_exitcode(status)
        document = json.loads((folder / f"{n}.out").read_bytes())
        memory = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
        ended[n] = Ended(
            process.returncode, document, usage.ru_utime + usage.ru_stime, time.monotonic() - began, memory
        )
    return [ended[n] for n in range(len(lines))]


async def serve(accounts: int) -> None:
    """Serve an account for each token; once a line comes in, print all that stands on them and was noticed."""
    from importer.sandbox.app import Sandbox
    from importer.sandbox.server import serve as served

    sandbox = Sandbox(latency=LATENCY, pace=1.0, client_id=CLIENT)
    people = [sandbox.add_account(f"person-{n}") for n in range(accounts)]
    for n, account in enumerate(people):
        sandbox.add_token(token(n), account)
    async with served(sandbox) as url:
        print(url, flush=True)
        await asyncio.to_thread(sys.stdin.readline)
    ratings = [
        {sandbox.catalog.titles[simkl].title: one.rating for simkl, one in account.ratings.items()}
        for account in people
    ]
    found = {"ratings": ratings, "breaches": [one.text for one in sandbox.violations], "calls": len(sandbox.log)}
    print(json.dumps(found), flush=True)


@contextmanager
def sandbox(accounts: int) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A sandbox in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, __file__, SERVE, str(accounts)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip(), process
    finally:
        process.kill()
        process.wait()


def at(url: str, home: Path) -> dict[str, str]:
    """The environment that every process has: one home, one folder for temporary files."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SIMKL_")}
    return {**clean, "SIMKL_API_URL": url, "SIMKL_IMPORT_HOME": str(home), "TMPDIR": str(home.parent)}


def expected(account: int, films: int) -> dict[str, int]:
    """What has to stand on an account in the end."""
    return {f"Film {n} of {'Everybody' if n % 2 else f'Account {account}'}": rating(account, n) for n in range(films)}


def holding(folder: Path, secret: str) -> list[str]:
    """Return the files that hold a secret as a whole word."""
    word = re.compile(rf"(?<![\w-]){re.escape(secret)}(?![\w-])".encode())
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return [str(path.relative_to(folder)) for path in files if word.search(path.read_bytes())]


def told(name: str, ended: Sequence[Ended]) -> str:
    """A line of the table."""
    cpu, memory = [one.cpu for one in ended], [one.memory for one in ended]
    wall = max(one.wall for one in ended)
    return f"| {name} | {wall:.1f} s | {median(cpu):.2f} s | {max(memory):.0f} MB |"


def main(accounts: int, films: int) -> None:
    """Measure, compare, and print."""
    with tempfile.TemporaryDirectory() as name, sandbox(accounts + 1) as (url, process):
        folder = Path(name)
        home = folder / "home"
        environment = at(url, home)
        lines = [
            ["run", str(export(folder, n, films)), "--yes", "--json", "--profile", person(home, n)]
            for n in range(accounts + 1)
        ]
        alone = together(lines[-1:], environment, folder)
        first = together(lines[:-1], environment, folder)
        again = together(lines[:-1], environment, folder)
        files = sorted(path.relative_to(home / "state" / "profiles").parts[0] for path in home.rglob("*.sqlite"))
        holders = [holding(folder, token(n)) for n in range(accounts + 1)]
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("\n")
        process.stdin.flush()
        found = json.loads(process.stdout.readline())
    for one in (*alone, *first):
        assert one.status == 0, one.document
        assert one.document["totals"]["applied"] == films, one.document  # type: ignore[index]
    for one in again:
        assert one.status == 0, one.document
        assert one.document["requests"] == {"post": 0, "get": 0, "retries": 0, "left_today": None}, one.document
    assert files == sorted(line[-1] for line in lines), "a resume file for each, and no other"
    for n in range(accounts + 1):
        assert holders[n] == [f"home/profiles/person-{n}/token.json"], "a token is where it was put, and nowhere else"
        assert found["ratings"][n] == expected(n, films), f"account {n}"
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    print(f"{accounts} accounts at once, {films:,} ratings each ({machine}):\n")
    print("| what | until the last ended | CPU of each | most memory of one |\n|---|---|---|---|")
    print(told("one alone", alone), told(f"{accounts} at once", first), told("the same, nothing new", again), sep="\n")
    print(f"\nEvery one of {accounts * films:,} ratings is on its own account and on no other; {found['calls']} calls,")
    print(f"{len(found['breaches'])} of them too early or overlapping: {found['breaches'] or 'none'}.")


if __name__ == "__main__":
    if SERVE in sys.argv:
        asyncio.run(serve(int(sys.argv[2])))
    else:
        numbers = [int(one) for one in sys.argv[1:]]
        main(*numbers, *(20, 1_000)[len(numbers) :])
