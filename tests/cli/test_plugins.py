"""Adapters that other packages bring: found by their entry point, judged like ours."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from importlib.metadata import EntryPoint
from typing import Any

import pytest

from adapters.protocol import About, Claim, Source
from importer import exports
from importer.model import Item, Kind, Remark, Row


class Careless:
    """Yields what no adapter should."""

    name = "careless"
    about = About("Careless", "nowhere", "anything", "none", "none")

    def claim(self, source: Source) -> Claim | None:
        """Takes files of its own name."""
        return Claim(tuple(source.members), "its name") if source.path.endswith(".careless") else None

    def read(self, source: Source, claim: Claim) -> Iterator[Row | Remark]:
        """One good row among many that are none."""
        ratings: list[Any] = [11, 0, 7.5, True, Decimal("7.5"), Decimal(7), "7", None, -1, 10**30, 7]
        for line, rating in enumerate(ratings, 1):
            yield Item(
                f"careless:{line}", Kind.MOVIE, f"Film {line}", 2000, (("plex", "1"),), "?", rating, None, "f", line
            )


@pytest.fixture
def plugged(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Install adapters as if other packages had brought them."""

    def plug(*found: Any) -> None:
        entries = [EntryPoint(f"a{n}", "some_package:adapter", exports.GROUP) for n, _ in enumerate(found)]
        loaded = dict(zip([entry.name for entry in entries], found, strict=True))

        def load(entry: EntryPoint) -> Any:
            adapter = loaded[entry.name]
            if isinstance(adapter, Exception):
                raise adapter
            return adapter

        monkeypatch.setattr(EntryPoint, "load", load)
        monkeypatch.setattr(exports, "entry_points", lambda **_: entries)

    return plug


def test_somebody_elses_adapter_cannot_get_a_bad_rating_onto_the_wire(machine: Any, plugged: Any) -> None:
    """Of all it yields one row is sent; the others are refused with their reasons, and the sums balance."""
    plugged(Careless())
    ended = machine.run("run", machine.export("x", "my.careless"), "--json")
    assert ended.status == 3
    assert [(item["title"], item["rating"], item.get("ids")) for item in machine.sent()] == [("Film 11", 7, None)]
    assert ended.document["reasons"] == {"rejected": {"out_of_range": 9, "not_a_number": 1}}
    assert ended.document["totals"]["read"] == 11
    rows = machine.run("report", "--format", "jsonl")
    assert rows.status == 0
    assert len(rows.out.splitlines()) == 11


def test_it_is_listed_and_can_be_named(machine: Any, plugged: Any) -> None:
    """Like one of ours."""
    plugged(Careless())
    assert "careless: Careless" in machine.run("formats").out
    assert machine.run("check", machine.export("x", "my.careless"), "--from", "careless").status == 3


def test_two_adapters_that_claim_one_export_are_both_named(machine: Any, plugged: Any) -> None:
    """And nothing is read until the person says which."""
    other = Careless()
    other.name = "reckless"
    plugged(Careless(), other)
    export = machine.export("x", "my.careless")
    ended = machine.run("run", export)
    assert (ended.status, machine.sent()) == (5, [])
    for word in ("careless", "reckless", "--from"):
        assert word in ended.err
    assert machine.run("check", export, "--from", "reckless").status == 3


def test_one_that_cannot_be_loaded_is_named(machine: Any, plugged: Any) -> None:
    """With its package, and without what its error says."""
    plugged(ImportError("t0psecret"))
    ended = machine.run("check", machine.export())
    assert (ended.status, "some_package" in ended.err, "t0psecret" in ended.err) == (2, True, False)
