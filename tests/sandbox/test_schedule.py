"""When faults play."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from importer import sandbox
from importer.sandbox.faults import FAULTS, TRANSIENT
from importer.sandbox.schedule import Faults, UnknownFaultError

RATE = ("POST", "/sync/ratings")


def played(faults, *request, times=1):
    return ["+".join(sorted(always | chosen)) for always, chosen in (faults.pick(*request) for _ in range(times))]


def test_every_fault_has_a_line_that_says_what_it_does():
    """The table is for people too."""
    for name, text in FAULTS.items():
        assert name == name.casefold()
        assert 0 < len(text) < 100
    assert set(TRANSIENT) <= set(FAULTS)


def test_every_fault_that_the_sandbox_looks_for_is_in_the_table():
    """A name that stands nowhere else is never played, and what it would do is never tried."""
    looked_for = {
        name
        for path in Path(sandbox.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        for name in names_looked_for(node)
    }
    assert looked_for <= set(FAULTS)
    assert {"echo-lie", "watched-now", "clock-ahead", "zero-counts"} <= looked_for


def names_looked_for(node: ast.AST) -> Iterator[str]:
    """The faults that a piece of code asks a play for: `"a" in play`, `play.isdisjoint({"a", "b"})`."""
    asked: list[ast.expr] = []
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
        plays = {one.id for one in ast.walk(node.comparators[0]) if isinstance(one, ast.Name)}
        plays |= {one.attr for one in ast.walk(node.comparators[0]) if isinstance(one, ast.Attribute)}
        asked = [node.left] if plays & {"play", "_play", "always", "chosen"} else []
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "isdisjoint":
        asked = [one for argument in node.args if isinstance(argument, ast.Set) for one in argument.elts]
    return (one.value for one in asked if isinstance(one, ast.Constant) and isinstance(one.value, str))


def test_an_unknown_fault_names_the_nearest_right_one():
    """A mistyped name is refused wherever it is given."""
    faults = Faults()
    for give in (
        lambda: Faults(["status-50"]),
        lambda: faults.script("POST /sync/ratings", ["status-50"]),
        lambda: faults.random(0.5, ["status-50"]),
    ):
        with pytest.raises(UnknownFaultError, match="did you mean status-50"):
            give()
    with pytest.raises(UnknownFaultError):
        Faults(["stall:x"])


def test_faults_that_are_on_play_where_they_fit():
    """Always on means every request of their place; they combine; they can be turned off."""
    faults = Faults(["shuffle", "status-200"])
    assert played(faults, *RATE, times=2) == ["shuffle+status-200"] * 2
    assert played(faults, "GET", "/sync/activities") == [""]
    faults.turn_off("shuffle")
    assert played(faults, *RATE) == ["status-200"]
    faults.turn_off()
    assert played(faults, *RATE) == [""]


def test_a_number_limits_a_fault_to_the_first_requests():
    """`NAME:2` plays twice."""
    assert played(Faults(["status-502:2"]), *RATE, times=3) == ["status-502", "status-502", ""]


def test_a_script_is_consumed_one_a_request():
    """Scripts play in order on their own path, reads below it included, and then no more."""
    faults = Faults(["shuffle"])
    faults.script("POST /sync/ratings", [None, "stall", "cut-json+echo-millis"])
    faults.script("GET /sync/ratings", ["day-dates"])
    assert played(faults, "POST", "/sync/ratings/remove") == ["shuffle"]
    assert played(faults, *RATE, times=4) == ["shuffle", "shuffle+stall", "cut-json+echo-millis+shuffle", "shuffle"]
    assert faults.pending()
    assert played(faults, "GET", "/sync/ratings/movies/1,2", times=2) == ["day-dates", ""]
    assert not faults.pending()


def test_random_faults_come_at_their_rate_and_by_their_seed():
    """The same seed draws the same faults, about as often as asked."""
    draws = []
    for seed in (7, 7, 8):
        faults = Faults()
        faults.random(rate=0.15, names=["status-502", "stall"], seed=seed)
        draws.append(played(faults, *RATE, times=1000))
    assert draws[0] == draws[1] != draws[2]
    assert 100 < sum(map(bool, draws[0])) < 200
