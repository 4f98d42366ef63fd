"""What an undo is to take back: the last run, one by its number, single rows, or everything on record."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Sequence

from importer.errors import UsageError
from importer.journal import runs
from importer.journal.change import Change, State
from importer.journal.changes import open_changes, placed_changes, runs_with_changes, undoable_changes
from importer.journal.store import Journal
from importer.model import Command, value


@value
class Scope:
    """What to take back: `run` None is the last run that changed the account, unless all or `keys` are named.

    `force` takes back what the person changed since, too; `unlist` also takes titles off the lists that a rating of
    ours put them onto.
    """

    run: int | None = None
    all_runs: bool = False
    keys: tuple[str, ...] = ()
    force: bool = False
    unlist: bool = False

    @property
    def plain(self) -> bool:
        """Tell whether it names nothing: an undo that is not complete is gone on with then."""
        return self.run is None and not self.all_runs and not self.keys

    def text(self) -> str:
        """Return the scope as it stands in the resume file."""
        switches = {"all": self.all_runs, "force": self.force, "unlist": self.unlist}
        return json.dumps({"run": self.run, "keys": list(self.keys), **switches})

    def has(self, key: str) -> bool:
        """Tell whether a row of the runs in scope is in scope itself."""
        return not self.keys or key in self.keys


def scope_of(text: str) -> Scope:
    """Read a scope back. Files of earlier versions know of no unlisting."""
    found = json.loads(text)
    return Scope(
        run=found["run"],
        all_runs=found["all"],
        keys=tuple(found["keys"]),
        force=found["force"],
        unlist=found.get("unlist", False),
    )


@value
class Chosen:
    """What is in scope: runs, the newest first, and of them the changes on a title, the oldest first.

    `taken` are changes that were taken back before, of which only the list is still to be left: empty unless that is
    asked for. `unseen` are the keys of rows that Simkl accepted and that were never seen on a title; `told` tells that
    an undo has told of all of them.
    """

    runs: Sequence[int] = ()
    changes: Sequence[Change] = ()
    taken: Sequence[Change] = ()
    unseen: frozenset[str] = frozenset()
    told: bool = False


def choose(journal: Journal, scope: Scope) -> Chosen:
    """Tell what is in scope. Raises UsageError where the run or a row that it names is not on record."""
    able = runs_with_changes(journal)
    if scope.run is not None and is_live_test(runs.find_run(journal, scope.run)):
        raise UsageError(
            f"run {scope.run} was a live test, which puts back by itself what it writes",
            "simkl-import status tells whether anything of it is left",
        )
    if scope.run is not None and scope.run not in able:
        raise UsageError(f"run {scope.run} changed nothing on Simkl, or is not on record", "simkl-import status")
    found = [change for change in undoable_changes(journal) if scope.has(change.key)]
    unseen = [one for one in open_changes(journal) if one.state is State.ANSWERED and scope.has(one.key)]
    undone = runs.undone_runs(journal)
    taken: list[Change] = []
    if scope.unlist:
        taken = [one for one in placed_changes(journal) if one.state is State.TAKEN and scope.has(one.key)]
    if scope.run is not None or scope.all_runs:
        over = set(able) if scope.run is None else {scope.run}
        _refuse_unknown(scope.keys, (one for one in (*found, *unseen, *taken) if one.run in over))
    elif scope.keys:
        _refuse_unknown(scope.keys, (*found, *unseen, *taken))
        last = {one.key: one.run for one in sorted((*found, *unseen, *taken), key=lambda one: one.order)}
        found, unseen, taken = ([one for one in some if one.run == last[one.key]] for some in (found, unseen, taken))
        over = set(last.values())
    else:
        left = {one.run for one in (*found, *unseen)} - undone
        over = {max(left)} if left else set()
    return Chosen(
        sorted(over, reverse=True),
        [one for one in found if one.run in over],
        [one for one in taken if one.run in over],
        frozenset(one.key for one in unseen if one.run in over),
        told=all(one.run in undone for one in unseen if one.run in over),
    )


def is_live_test(run: runs.Run | None) -> bool:
    """Tell whether a run is a live test, of which there is nothing to take back."""
    return run is not None and run.command == Command.DOCTOR


def _refuse_unknown(keys: Sequence[str], found: Iterable[Change]) -> None:
    missing = sorted(set(keys) - {change.key for change in found}) if keys else []
    if missing:
        raise UsageError(f"there is nothing to take back for {missing[0]}", "simkl-import report shows the keys")


def command_for(scope: Scope, over: Sequence[int], switch: str) -> str:
    """Return the whole command for the same titles with one more switch: a plain undo would take the run before."""
    if scope.keys:
        keys = " ".join(f"--key {shlex.quote(key)}" for key in scope.keys)
        return f"simkl-import undo {keys} {switch}"
    if scope.all_runs or not over:
        return f"simkl-import undo --all {switch}"
    return f"simkl-import undo --run {over[0]} {switch}"
