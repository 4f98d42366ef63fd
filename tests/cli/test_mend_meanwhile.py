"""`mend` while other commands work on the same account: a person who thinks keeps nobody waiting."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from importer.machine.lock import exclusive

HEADER = "Date,Name,Year,Letterboxd URI,Rating\n"
EXPORT = HEADER + "2024-05-02,Seven Samurais,1954,https://boxd.it/samu,4.5\n2024-05-03,Heat,,https://boxd.it/heat,3\n"

HEAT, SAMURAI, RONIN = 53036, 53041, 53038


class Thinking:
    """A person who types these lines, and while they think about one other things happen."""

    def __init__(self, *lines: str | Callable[[], str]) -> None:
        self._lines = list(lines)

    def readline(self) -> str:
        """The next line; the end of input after the last."""
        if not self._lines:
            return ""
        line = self._lines.pop(0)
        return (line if isinstance(line, str) else line()) + "\n"


@pytest.fixture
def told(machine_with: Any, terminal: None) -> Iterator[Any]:
    """A machine whose last run told of two findings."""
    with machine_with(catalog="closed") as machine:
        assert machine.run("run", machine.export(EXPORT), "--json").status == 3
        yield machine


def _rated(machine: Any) -> dict[int, int]:
    return {simkl: one.rating for simkl, one in machine.sandbox.account.ratings.items()}


def _lock(machine: Any) -> Path:
    (found,) = (machine.home / "state").glob("*@*.lock")
    return found


def test_a_run_goes_on_while_a_person_thinks(told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what was chosen before and after it is sent all the same."""
    more = told.export(EXPORT + "2024-05-04,Alien,1979,https://boxd.it/2awY,5\n", "more.csv")
    runs: list[Any] = []

    def meanwhile() -> str:
        runs.append(told.spawn("run", more, "--json"))
        return "1"

    monkeypatch.setattr("sys.stdin", Thinking(f"simkl:{SAMURAI}", meanwhile))
    ended = told.run("mend", "--json")
    assert (runs[0].status, runs[0].document["totals"]["applied"]) == (0, 2), "what was chosen before it goes with it"
    assert (ended.status, ended.document["totals"]["applied"]) == (0, 1)
    rated = _rated(told)
    assert (rated[SAMURAI], rated[HEAT]) == (9, 6)
    assert sum(item.get("rated_at", "").startswith("2024-05-02") for item in told.sent()) == 2, "sent once more by none"


def test_what_a_run_settles_while_a_person_thinks_is_left_as_it_is(told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The person is told, and the title that they chose instead gets nothing."""
    rows = "key,type,title,year,rating,rated_at,simkl\n"
    (key,) = [one for one in _keys(told) if one.endswith("samu")]
    mended = told.export(rows + f"{key},movie,Seven Samurais,1954,9,2024-05-02,{SAMURAI}\n", "rejects.csv")

    def meanwhile() -> str:
        assert told.spawn("run", mended, "--json").document["totals"]["applied"] == 1
        return f"simkl:{RONIN}"

    monkeypatch.setattr("sys.stdin", Thinking(meanwhile, "q"))
    ended = told.run("mend", "--json")
    assert "Seven Samurais: another command has settled this row meanwhile" in ended.err
    assert ended.document["run"] is None
    assert _rated(told) == {SAMURAI: 9}


def test_while_a_run_holds_the_account_choices_wait_and_the_person_need_not(
    told: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are on disk, and sent, when it has ended."""
    monkeypatch.setattr("importer.cli.dialogue.SHORT", 0.0)
    with ExitStack() as held:

        def another() -> str:
            held.enter_context(exclusive(_lock(told)))
            return f"simkl:{SAMURAI}"

        def ends() -> str:
            timer = threading.Timer(0.3, held.close)
            timer.start()
            return "1"

        monkeypatch.setattr("sys.stdin", Thinking(another, ends))
        ended = told.run("mend", "--json")
    assert "your choices wait until it has ended" in ended.err
    assert "waiting until it has ended" in ended.err
    assert (ended.status, ended.document["totals"]["applied"]) == (0, 2)
    assert _rated(told) == {SAMURAI: 9, HEAT: 6}


def test_choices_that_an_interruption_loses_are_counted(told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is said of them where they could still be written."""
    monkeypatch.setattr("importer.cli.dialogue.SHORT", 0.0)

    def interrupted() -> str:
        raise KeyboardInterrupt

    with ExitStack() as held:

        def another() -> str:
            held.enter_context(exclusive(_lock(told)))
            return f"simkl:{SAMURAI}"

        monkeypatch.setattr("sys.stdin", Thinking(another, interrupted))
        ended = told.run("mend")
    assert ended.status == 130
    assert "1 choice is not remembered" in ended.err
    monkeypatch.setattr("sys.stdin", Thinking(f"simkl:{SAMURAI}", interrupted))
    ended = told.run("mend")
    assert (ended.status, "not remembered" in ended.err) == (130, False)
    assert [one["title"] for one in told.run("status", "--json").document["choices"]] == ["Seven Samurais"]


def test_mend_is_refused_while_a_run_goes_on(told: Any) -> None:
    """Before anybody is asked: what is open would change under their hands."""
    with exclusive(_lock(told)):
        assert told.run("mend").status == 7


def test_a_dry_run_holds_nobody_up_and_leaves_nothing(told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it would send is pending, also where a run came between."""
    alien = told.export(HEADER + "2024-05-04,Alien,1979,https://boxd.it/2awY,5\n", "alien.csv")

    def meanwhile() -> str:
        assert told.spawn("run", alien, "--json").status == 0
        return f"simkl:{SAMURAI}"

    monkeypatch.setattr("sys.stdin", Thinking(meanwhile, "q"))
    ended = told.run("mend", "-n", "--json")
    assert ended.document["totals"]["pending"] == 1
    assert SAMURAI not in _rated(told)
    assert told.run("status", "--json").document["choices"] == []


def test_not_on_simkl_takes_the_wrong_rating_away_also_after_an_interruption(
    machine: Any, terminal: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the choice and the sending lies time: the next mend makes up for it."""

    def interrupted() -> str:
        raise KeyboardInterrupt

    machine.sandbox.catalog.alias("Shark Film", 1975, "movie", 53037)
    machine.sandbox.catalog.alias("Whale Film", 1977, "movie", RONIN)
    rows = "2024-05-03,Shark Film,1975,https://boxd.it/shrk,4\n2024-05-03,Whale Film,1977,https://boxd.it/whal,3\n"
    assert machine.run("run", machine.export(HEADER + rows), "--yes").status == 3
    assert set(_rated(machine)) == {53037, RONIN}
    monkeypatch.setattr("sys.stdin", Thinking("n", interrupted))
    assert machine.run("mend").status == 130
    monkeypatch.setattr("sys.stdin", Thinking("q"))
    ended = machine.run("mend", "--json")
    assert "1 row is chosen before" in ended.err
    assert _rated(machine) == {RONIN: 6}
    requests = len(machine.sandbox.log)
    monkeypatch.setattr("sys.stdin", Thinking("q"))
    assert machine.run("mend", "--json").document["run"] is None, "done once"
    assert not [one for one in list(machine.sandbox.log)[requests:] if one.method == "POST"]


def _keys(machine: Any) -> list[str]:
    out = machine.run("report", "--format", "csv").out
    return [row["key"] for row in csv.DictReader(io.StringIO(out.removeprefix("\ufeff")))]
