"""Costs against their floors, measured in one run: `python tests/bench [--readme]`.

Each line is a ratio or a figure beside its target; nothing here is a test, since machines differ. `--readme` writes the
table into README, between its two marks.
"""

from __future__ import annotations

import compileall
import json
import platform
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import exports
from measure import HERE, at, floor, ours, run, sandbox, typical

TIMES = 5
README = Path(__file__).resolve().parents[2] / "README.md"
BEGIN, END = "<!-- bench -->", "<!-- /bench -->"

Line = tuple[str, str, str]


def reading(folder: Path) -> Iterator[Line]:
    """`check` of large exports over reading them with nothing decided."""
    cases = (
        ("check, 100,000 Letterboxd rows", exports.letterboxd(folder, 100_000), "csv", 1.3, 0.5),
        ("check, 20,000-entry MAL XML", exports.mal(folder, 20_000), "xml", 1.5, 0.4),
        ("check, 100,000 Trakt rows", exports.trakt(folder, 100_000), "json", 1.3, 0.4),
    )
    for name, path, kind, factor, extra in cases:
        least = floor(kind, path, TIMES)
        cost = typical([ours("check", str(path), "--json") for _ in range(TIMES)])
        target = f"≤ {factor} × + {extra} s = {factor * least + extra:.2f} s"
        yield name, f"{cost.cpu:.2f} s CPU, floor {least:.2f} s; peak {cost.memory:.0f} MB", target
    archive = exports.tvtime(folder, 60_000_000)
    cost = typical([ours("check", str(archive), "--json") for _ in range(TIMES)])
    yield "check, TV Time's archive of 60 MB", f"{cost.cpu:.2f} s CPU; peak {cost.memory:.0f} MB", "≤ 3 s"


def tables() -> Iterator[Line]:
    """Each form of CSV over Letterboxd's, read row by row with nothing decided."""
    for line in run([sys.executable, str(HERE / "reading.py")]).output.decode().splitlines():
        form, _, ratio = line.partition("\t")
        if form != "letterboxd":
            yield f"reading 100,000 rows of CSV over Letterboxd's: {form}", f"{ratio} ×", "≤ 1.5 ×"


def starting() -> Iterator[Line]:
    """`--help` over importing click."""
    least = typical([run([sys.executable, "-c", "import click"]) for _ in range(2 * TIMES)]).cpu
    cost = typical([ours("--help") for _ in range(2 * TIMES)]).cpu
    yield "`--help` over `import click`", f"{cost / least:.2f} ×", "≤ 1.5 ×"


def sending(folder: Path) -> Iterator[Line]:
    """Whole runs against a sandbox in another process."""
    path = exports.letterboxd(folder, 10_000)
    with sandbox(0.3, 1.0) as url:
        environment = at(url, folder / "paced", 1.0)
        cost = ours("run", str(path), "--json", environment=environment)
        asked = json.loads(cost.output)["requests"]
        least = asked["post"] * (1.1 + 0.3) + asked["get"] * 0.3
        yield "POSTs for 10,000 ratings", str(asked["post"]), "≤ 14"
        yield "whole run of 10,000, 0.3 s latency, real pace: wall over floor", f"{cost.wall / least:.3f}", "≤ 1.03"
        hundreds = 100 * (1.1 + 0.3)
        yield "the same over 100 batches of 100", f"{cost.wall / hundreds:.2f}", "≤ 0.25"
        yield "CPU of that run", f"{cost.cpu:.2f} s", "≤ 1.2 s"


def growing(folder: Path) -> Iterator[Line]:
    """Ten times the ratings, and the same again unchanged."""
    cpu: dict[int, float] = {}
    start = typical([ours("--version") for _ in range(TIMES)]).cpu
    for rows in (10_000, 100_000):
        with sandbox(0.0, 0.0) as url:
            home = folder / f"home-{rows}"
            environment = at(url, home, 0.0)
            path = exports.letterboxd(folder, rows)
            cost = ours("run", str(path), "--json", environment=environment)
            cpu[rows] = cost.cpu - start
            if rows == 100_000:
                [file] = home.glob("state/*.sqlite")
                before = file.stat().st_size
                yield "peak memory, 100,000 ratings with verification", f"{cost.memory:.0f} MB", "≤ 180 MB"
                yield "resume file, 100,000 ratings", f"{before / 1e6:.0f} MB", "≤ 75 MB"
                again = typical([ours("run", str(path), "--json", environment=environment) for _ in range(TIMES)])
                asked = json.loads(again.output)["requests"]
                grown = file.stat().st_size - before
                figure = f"{asked['post'] + asked['get']} requests, {again.cpu:.2f} s CPU, file + {grown} bytes"
                yield "unchanged re-import of 100,000", figure, "0 requests, ≤ 0.8 s, + 0"
    yield "CPU at 100,000 over CPU at 10,000, start-up taken off", f"{cpu[100_000] / cpu[10_000]:.1f}", "≤ 10"


def main() -> None:
    """Measure everything and print it as a table."""
    # An installed program has its bytecode; a checkout may have none, or be told to keep none.
    for room in ("importer", "adapters"):
        compileall.compile_dir(README.parent / room, quiet=1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = [*reading(folder), *tables(), *starting(), *sending(folder), *growing(folder)]
    machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    table = [
        f"Measured on {datetime.now(UTC):%Y-%m-%d} ({machine}) by `python tests/bench --readme`:",
        "",
        "| what | figure | target |",
        "|---|---|---|",
        *(f"| {what} | {figure} | {target} |" for what, figure, target in lines),
    ]
    print("\n".join(table))
    if "--readme" in sys.argv:
        text = README.read_text(encoding="utf-8")
        head, _, rest = text.partition(BEGIN)
        tail = rest.partition(END)[2]
        README.write_text(f"{head}{BEGIN}\n" + "\n".join(table) + f"\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
