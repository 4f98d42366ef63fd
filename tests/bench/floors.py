"""What no program can do without, measured beside ours: `python tests/bench/floors.py NAME FILE` runs one."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from xml.parsers import expat


@dataclass(frozen=True, slots=True)
class Plain:
    """One row with nothing decided."""

    a: object
    b: object
    c: object
    d: object
    e: object


def read_csv(path: Path) -> None:
    """`csv.reader` into one frozen slots dataclass a row."""
    with path.open(newline="", encoding="utf-8") as file:
        _ = [Plain(*row) for row in csv.reader(file)]


def read_json(path: Path) -> None:
    """`orjson.loads` and one frozen slots dataclass a row."""
    import orjson

    rows = []
    for row in orjson.loads(path.read_bytes()):
        movie = row["movie"]
        rows.append(Plain(row["rated_at"], row["rating"], movie["title"], movie["year"], movie["ids"]))


def read_xml(path: Path) -> None:
    """Bare pyexpat with empty handlers."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda _name, _attributes: None
    parser.EndElementHandler = lambda _name: None
    parser.CharacterDataHandler = lambda _data: None
    parser.Parse(path.read_bytes(), True)


FLOORS: dict[str, Callable[[Path], None]] = {"csv": read_csv, "json": read_json, "xml": read_xml}

if __name__ == "__main__":
    before = process_time()
    FLOORS[sys.argv[1]](Path(sys.argv[2]))
    print(process_time() - before)
