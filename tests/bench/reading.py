"""How long each form of CSV takes to be read, over Letterboxd's: `python tests/bench/reading.py [FORM …]`."""

from __future__ import annotations

import gc
import sys
import tempfile
from datetime import date
from pathlib import Path
from statistics import median
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parent))

from tables import tables

from adapters import read, recognise
from adapters.reading.files import open_source

ROWS, TIMES = 100_000, 5
TODAY = date(2026, 11, 27)


def reading(path: Path) -> float:
    """Read an export from its path to its last row: seconds of CPU."""
    gc.collect()
    before = process_time()
    seen = list(read(*recognise(open_source(path, today=TODAY))))
    spent = process_time() - before
    assert len(seen) >= ROWS
    return spent


def ratios(folder: Path, forms: tuple[str, ...] = ()) -> dict[str, float]:
    """Read every form in turn, again and again, and give the median of its time over Letterboxd's of the same round."""
    paths = {name: path for name, path in tables(folder, ROWS) if not forms or name in ("letterboxd", *forms)}
    costs: dict[str, list[float]] = {name: [] for name in paths}
    for _ in range(TIMES):
        for name, path in paths.items():
            costs[name].append(reading(path))
    return {
        name: median(cost / base for cost, base in zip(spent, costs["letterboxd"], strict=True))
        for name, spent in costs.items()
    }


def main() -> None:
    """Print each form with its ratio."""
    # As the command does: the default would walk all rows again and again.
    gc.set_threshold(1_000_000, 20, 100)
    with tempfile.TemporaryDirectory() as name:
        for form, ratio in ratios(Path(name), tuple(sys.argv[1:])).items():
            print(f"{form}\t{ratio:.2f}")


if __name__ == "__main__":
    main()
