"""One command in a process of its own: its CPU, wall time and peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of CPU (user and system) and of wall time, and the peak of resident memory in MB."""

    cpu: float
    wall: float
    memory: float
    output: bytes


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end. Raises CalledProcessError for a status other than 0 and 3."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - began
    if process.returncode not in (0, 3):
        raise subprocess.CalledProcessError(process.returncode, command)
    scale = 1 if sys.platform == "darwin" else 1024
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * scale / 1e6, output)


def ours(*arguments: str, environment: Mapping[str, str] | None = None) -> Cost:
    """Run simkl-import."""
    return run([sys.executable, "-m", "importer", *arguments], environment)


def typical(costs: Sequence[Cost]) -> Cost:
    """The medians."""
    return Cost(
        median(c.cpu for c in costs), median(c.wall for c in costs), median(c.memory for c in costs), costs[-1].output
    )


def floor(name: str, path: Path, times: int) -> float:
    """The median seconds of CPU of a floor."""
    command = [sys.executable, str(HERE / "floors.py"), name, str(path)]
    return median(float(run(command).output) for _ in range(times))


@contextmanager
def sandbox(latency: float, pace: float) -> Iterator[str]:
    """A sandbox in a process of its own; yields its address."""
    process = subprocess.Popen(
        [sys.executable, str(HERE / "serve.py"), str(latency), str(pace)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


def at(url: str, home: Path, scale: float) -> dict[str, str]:
    """The environment that points the command at a sandbox."""
    return {
        **os.environ,
        "SIMKL_API_URL": url,
        "SIMKL_CLIENT_ID": "sandbox-client",
        "SIMKL_ACCESS_TOKEN": "sandbox-token",
        "SIMKL_IMPORT_TIME_SCALE": str(scale),
        "SIMKL_IMPORT_HOME": str(home),
        "TMPDIR": str(home),
    }
