"""Shows how an adapter reads a sample, and what it does wrong: `python -m adapters.conformance my_site:ADAPTER SAMPLE`.

What is told of the sample goes to stdout, as in a golden file; the verdict to stderr. The status is 1 where the adapter
has faults or the golden file differs.
"""

from __future__ import annotations

import argparse
import difflib
import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.conformance.checks import faults
from adapters.conformance.telling import told

if TYPE_CHECKING:
    from adapters.protocol import Adapter


def main(arguments: list[str] | None = None) -> int:
    """Read the sample, hold the adapter to its promises, and what was read to the golden file; return the status."""
    asked = _parser().parse_args(arguments)
    adapter = _named(asked.adapter)
    lines = told(asked.sample, adapters=(adapter,))
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()
    rows = sum(not line.startswith("remark ") for line in lines[1:])
    found = faults(adapter, asked.sample, rows if asked.rows is None else asked.rows)
    found += _differences(lines, asked.golden, write=asked.write) if asked.golden is not None else []
    sys.stderr.write("".join(f"fault: {fault}\n" for fault in found))
    if not found:
        sys.stderr.write(f"{adapter.name} conforms on {asked.sample.name}: {rows} rows\n")
    return 1 if found else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m adapters.conformance", description="Show how an adapter reads a sample, and what it does wrong."
    )
    parser.add_argument("adapter", metavar="MODULE:NAME", help="the adapter, as an entry point names it")
    parser.add_argument("sample", type=Path, help="an export in one of its forms")
    parser.add_argument("--rows", type=int, metavar="N", help="how many rows the sample holds, counted by you")
    parser.add_argument("--golden", type=Path, metavar="FILE", help="the text that it has to read as")
    parser.add_argument("--write", action="store_true", help="write the golden file anew")
    return parser


def _named(name: str) -> Adapter:
    module, _, attribute = name.partition(":")
    adapter: Adapter = getattr(importlib.import_module(module), attribute)
    return adapter


def _differences(lines: list[str], golden: Path, *, write: bool) -> list[str]:
    before = golden.read_text("utf-8").splitlines() if golden.exists() else []
    changes = list(difflib.unified_diff(before, lines, str(golden), "now", lineterm=""))
    if changes and write:
        golden.write_text("".join(f"{line}\n" for line in lines), "utf-8", newline="\n")
        return []
    sys.stderr.write("".join(f"{change}\n" for change in changes))
    return [f"{golden} says something else; --write writes it anew"] if changes else []


if __name__ == "__main__":
    sys.exit(main())
