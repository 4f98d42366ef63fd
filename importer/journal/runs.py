"""The runs of a resume file: begun, continued, ended; and the marks of jobs with nothing new."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import orjson

from importer.journal.store import Journal
from importer.model import Command, value

MARKS_KEPT = 64
"""Jobs whose unchanged exports cost nothing; the oldest mark goes first."""


_RATING_BITS = 4
UNKNOWN = 15
"""Stands for a rating in the sums given to `unmark`: another one than any row gives."""


class State(StrEnum):
    """Where a run stands. `running` without its process means that it was killed."""

    RUNNING = "running"
    STOPPED = "stopped"
    FINISHED = "finished"


@value
class Run:
    """One run on record. Times are seconds since the epoch; `summary` is its --json document, once it has ended.

    `on_conflict`, `redate` and `undated` are the rules by which its changes are judged, whichever command does it
    later; `scope` is what an undo takes back, as JSON.
    """

    number: int
    command: str
    state: State
    started: int
    ended: int | None
    job: str
    summary: dict[str, Any] | None
    on_conflict: str | None = None
    redate: bool = False
    undated: str | None = None
    scope: str | None = None


class Opening(StrEnum):
    """What is kept of the account as it was before the first write of a run."""

    NONE = "none"
    WHOLE = "whole"
    TOUCHED = "touched"


@value
class Mark:
    """A job whose last run left nothing pending: until `due`, its unchanged exports need no request."""

    run: int
    due: int | None
    summary: dict[str, Any]


_COLUMNS = "run, command, state, started, ended, job, summary, on_conflict, redate, undated, scope"


def last_run(journal: Journal) -> Run | None:
    """The newest run on record, of any command but a live test: that one is no matter of any import."""
    return _one(
        journal,
        f"SELECT {_COLUMNS} FROM runs WHERE command <> '{Command.DOCTOR.value}' ORDER BY run DESC LIMIT 1",
    )


def find_run(journal: Journal, number: int) -> Run | None:
    """A run by its number."""
    return _one(journal, f"SELECT {_COLUMNS} FROM runs WHERE run = ?", number)


def last_import(journal: Journal) -> Run | None:
    """The newest run that imported, which `report` shows."""
    return _one(
        journal,
        f"SELECT {_COLUMNS} FROM runs WHERE command = '{Command.RUN.value}' AND run IN (SELECT run FROM rows)"
        " ORDER BY run DESC LIMIT 1",
    )


def all_runs(journal: Journal, most: int) -> list[Run]:
    """The newest runs, the newest first."""
    return [_run(row) for row in journal.rows(f"SELECT {_COLUMNS} FROM runs ORDER BY run DESC LIMIT ?", (most,))]


def names_of_exports(journal: Journal, run: int) -> list[str]:
    """The exports of a run by the last part of their paths, as they were named when it began."""
    row = journal.row("SELECT sources FROM runs WHERE run = ?", (run,))
    found: list[dict[str, Any]] = orjson.loads(row[0]) if row is not None else []
    return [str(one["path"]).rstrip("/").rpartition("/")[2] for one in found]


def unfinished(journal: Journal, command: str, job: str) -> Run | None:
    """The newest run, where it is of this job and was stopped or killed: the next one continues it."""
    run = last_run(journal)
    if run is None or run.command != command or run.job != job or run.state is State.FINISHED:
        return None
    return run


def all_rules(journal: Journal) -> dict[int, Run]:
    """Every run on record, by number, for the rules by which its changes are judged."""
    return {row[0]: _run(row) for row in journal.rows(f"SELECT {_COLUMNS} FROM runs")}


def unfinished_undo(journal: Journal) -> Run | None:
    """The newest undo that is not complete, whatever came after it."""
    return _one(
        journal,
        f"SELECT {_COLUMNS} FROM runs WHERE command = '{Command.UNDO.value}' AND state <> '{State.FINISHED.value}'"
        " ORDER BY run DESC LIMIT 1",
    )


def begin(
    journal: Journal,
    command: str,
    started: int,
    job: str,
    sources: list[dict[str, Any]],
    *,
    on_conflict: str | None = None,
    redate: bool = False,
    undated: str | None = None,
    scope: str | None = None,
) -> int:
    """Put a new run on record and return its number. Within a transaction."""
    row = journal.row("SELECT coalesce(max(run), 0) + 1 FROM runs")
    number = int(row[0]) if row else 1
    journal.write(
        "INSERT INTO runs VALUES (?, ?, ?, ?, NULL, ?, ?, NULL, ?, ?, ?, ?, ?, 0, 0)",
        (
            number,
            command,
            State.RUNNING.value,
            started,
            job,
            orjson.dumps(sources).decode(),
            on_conflict,
            int(redate),
            undated,
            scope,
            Opening.NONE.value,
        ),
    )
    return number


def resume(journal: Journal, number: int) -> None:
    """Go on with a stopped run. Within a transaction."""
    journal.write("UPDATE runs SET state = ?, ended = NULL WHERE run = ?", (State.RUNNING.value, number))


def end(journal: Journal, number: int, state: State, ended: int, summary: dict[str, Any]) -> None:
    """Record how a run ended. Within a transaction."""
    journal.write(
        "UPDATE runs SET state = ?, ended = ?, summary = ? WHERE run = ?",
        (state.value, ended, orjson.dumps(summary).decode(), number),
    )


def close(journal: Journal, number: int) -> None:
    """Let nothing continue a run that was taken back, and the next undo take the run before. Within a transaction."""
    journal.write("UPDATE runs SET state = ?, undone = 1 WHERE run = ?", (State.FINISHED.value, number))


def undone_runs(journal: Journal) -> set[int]:
    """The runs that were taken back."""
    return {number for (number,) in journal.rows("SELECT run FROM runs WHERE undone = 1")}


def find_mark(journal: Journal, job: str) -> Mark | None:
    """The mark of a job, where its last run left nothing to do."""
    row = journal.row("SELECT run, due, summary FROM marks WHERE job = ?", (job,))
    return None if row is None else Mark(row[0], row[1], orjson.loads(row[2]))


def set_mark(journal: Journal, job: str, mark: Mark, sums: Sequence[int]) -> None:
    """Mark a job with the sums of the ratings that its rows give, and let the oldest marks go. Within a transaction."""
    journal.write(
        "INSERT OR REPLACE INTO marks VALUES (?, ?, ?, ?, ?)",
        (job, mark.run, mark.due, orjson.dumps(mark.summary).decode(), array("Q", sums).tobytes()),
    )
    journal.write("DELETE FROM marks WHERE job NOT IN (SELECT job FROM marks ORDER BY run DESC LIMIT ?)", (MARKS_KEPT,))


def unmark(journal: Journal, sums: Sequence[int], but: str = "") -> None:
    """Drop the marks of all jobs, save `but`, whose rows give one of the keys of these sums another rating. Within a
    transaction.

    A checksum that two keys share drops a mark too many: that costs a request and changes nothing.
    """
    given = set(sums)
    keys = {one >> _RATING_BITS for one in given}
    for job, blob in list(journal.rows("SELECT job, keys FROM marks WHERE job <> ?", (but,))) if given else ():
        kept = array("Q")
        kept.frombytes(blob)
        if any(one >> _RATING_BITS in keys and one not in given for one in kept):
            journal.write("DELETE FROM marks WHERE job = ?", (job,))


def rating_sums(ratings: Mapping[str, object]) -> Sequence[int]:
    """One number a key, sorted: its CRC-32 << 4 | its rating, which is 0 where it is no whole number from 1 to 15."""
    return array(
        "Q",
        sorted(
            zlib.crc32(key.encode()) << _RATING_BITS | (rating if type(rating) is int and 0 < rating <= UNKNOWN else 0)
            for key, rating in ratings.items()
        ),
    )


def _one(journal: Journal, sql: str, *values: int) -> Run | None:
    row = journal.row(sql, values)
    return None if row is None else _run(row)


def _run(row: tuple[Any, ...]) -> Run:
    return Run(
        number=row[0],
        command=row[1],
        state=State(row[2]),
        started=row[3],
        ended=row[4],
        job=row[5],
        summary=orjson.loads(row[6]) if row[6] else None,
        on_conflict=row[7],
        redate=bool(row[8]),
        undated=row[9],
        scope=row[10],
    )
