"""The changes on record, as each command asks for them. Undo reads them and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from importer.identity import Box
from importer.journal.batch import Work
from importer.journal.change import (
    ON_TITLE,
    OPEN,
    Answer,
    Change,
    Evidence,
    Role,
    State,
)
from importer.journal.change_reading import KINDS, read_changes
from importer.journal.store import Journal
from importer.model import Kind, Outcome

_NOT_WRITTEN = f"'{Answer.REFUSED.value}', '{Answer.NOT_FOUND.value}'"

_OPEN_CHANGE = (
    f"c.run IN (SELECT run FROM runs WHERE unsettled = 1) AND c.role = '{Role.ROW.value}' AND (c.state IN ({OPEN})"
    f" OR c.state = '{State.SEEN.value}' AND c.simkl NOT IN (SELECT simkl FROM owed))"
)


# CROSS makes SQLite begin with the batches: by itself it reads every change of the run first.
_ACCEPTED = (
    "FROM batches b CROSS JOIN changes c USING (run, batch) WHERE b.run = ?"
    f" AND c.role = '{Role.ROW.value}' AND c.answer = '{Answer.ADDED.value}' AND c.state = '{State.ANSWERED.value}'"
)


def open_changes(journal: Journal) -> Iterator[Change]:
    """Return the changes of rows that are not settled, in sending order; also those seen on a title that is owed
    nothing.
    """
    return read_changes(journal, f"WHERE {_OPEN_CHANGE}")


def open_but_plain(journal: Journal) -> Iterator[Change]:
    """Return the open changes that were not noted as plain."""
    plain = "SELECT 1 FROM temp.plain p WHERE p.run = c.run AND p.batch = c.batch AND p.n = c.n"
    return read_changes(journal, f"WHERE {_OPEN_CHANGE} AND NOT EXISTS ({plain})")


def runs_open(journal: Journal) -> list[int]:
    """Return the runs that have an open change."""
    return [run for (run,) in journal.rows(f"SELECT DISTINCT c.run FROM changes c WHERE {_OPEN_CHANGE}")]


def titles_with_changes(journal: Journal) -> set[int]:
    """Return the titles on which a change of ours is known to have been."""
    return {
        simkl
        for (simkl,) in journal.rows(
            "SELECT DISTINCT simkl FROM changes WHERE simkl IS NOT NULL AND evidence IS NOT NULL"
        )
    }


def any_unsettled(journal: Journal) -> bool:
    """Tell whether any change may still be open. Costs nothing, whatever the size of the file."""
    return journal.row("SELECT 1 FROM runs WHERE unsettled = 1 LIMIT 1") is not None


def changes_on(journal: Journal, titles: Iterable[int]) -> dict[int, list[Change]]:
    """Return, by title, all that we ever wrote there and know to have been there, in sending order."""
    wanted = set(titles)
    found: dict[int, list[Change]] = {}
    if not wanted:
        return found
    few = len(wanted) <= 500
    among = f" AND c.simkl IN ({', '.join(map(str, wanted))})" if few else ""
    for change in read_changes(journal, f"WHERE c.simkl IS NOT NULL AND c.evidence IS NOT NULL{among}"):
        if change.simkl in wanted:
            found.setdefault(change.simkl, []).append(change)
    return found


def titles_cleared(journal: Journal, titles: Collection[int]) -> dict[int, int]:
    """Return, by title, of those given, when a payment of ours took its rating away last."""
    found = journal.rows(
        "SELECT c.sent_simkl, b.started FROM batches b JOIN changes c USING (run, batch)"
        f" WHERE b.kind = '{Work.REMOVE.value}' AND (c.answer IS NULL OR c.answer NOT IN ({_NOT_WRITTEN}))"
        " ORDER BY b.started"
    )
    return {simkl: posted for simkl, posted in found if simkl in titles}


def last_payments(journal: Journal, titles: Collection[int]) -> dict[int, Change]:
    """Return, by title, of those given, the payment that was sent there last and that may have been carried out."""
    if not titles:
        return {}
    roles = ", ".join(f"'{role.value}'" for role in (Role.GIVE, Role.WINNER, Role.UNDO))
    among = ", ".join(map(str, titles))
    found = read_changes(journal, f"WHERE c.role IN ({roles}) AND c.sent_simkl IN ({among})")
    return {change.sent_simkl: change for change in found if change.sent_simkl is not None and change.written}


def dates_otherwise(journal: Journal) -> list[tuple[int, int]]:
    """Dates as sent and as they came back otherwise, of some rows that are surely where they were seen."""
    return list(
        journal.rows(
            f"SELECT DISTINCT after_at, seen_at FROM changes WHERE role = '{Role.ROW.value}' AND seen_at <> after_at"
            f" AND evidence IN ('{Evidence.ID.value}', '{Evidence.NAME.value}') LIMIT 20"
        )
    )


def changes_of_run(journal: Journal, run: int) -> Iterator[Change]:
    """Return all changes of a run in sending order, payments too."""
    return read_changes(journal, "WHERE c.run = ?", run)


def undoable_changes(journal: Journal) -> Iterator[Change]:
    """Return what an undo may take back: the changes of rows that are on a title, in sending order."""
    return read_changes(journal, f"WHERE c.role = '{Role.ROW.value}' AND c.state IN ({ON_TITLE})")


def kinds_accepted(journal: Journal, run: int) -> set[Kind]:
    """Return the kinds of which a run's answers named something as added that is not settled yet."""
    # A batch of films holds nothing else: whatever its size, its first change tells.
    films = journal.row(f"SELECT 1 {_ACCEPTED} AND b.box = '{Box.MOVIES.value}' LIMIT 1", (run,))
    kind = "(SELECT i.kind FROM items i WHERE i.key = c.key)"
    others = journal.rows(f"SELECT DISTINCT {kind} {_ACCEPTED} AND b.box <> '{Box.MOVIES.value}'", (run,))
    kinds = {KINDS[name] for (name,) in others if name in KINDS}
    return kinds if films is None else {*kinds, Kind.MOVIE}


def open_numbers(journal: Journal) -> Iterator[tuple[Kind, int]]:
    """Yield the titles, by kind and number, to which answered changes that are not settled were sent by number."""
    for kind, simkl in journal.rows(
        "SELECT DISTINCT i.kind, c.sent_simkl FROM changes c LEFT JOIN items i USING (key)"
        " WHERE c.run IN (SELECT run FROM runs WHERE unsettled = 1)"
        f" AND c.role = '{Role.ROW.value}' AND c.state IN ({OPEN}) AND c.answer IS NOT NULL"
        " AND c.sent_simkl IS NOT NULL"
    ):
        yield KINDS.get(kind, Kind.MOVIE), simkl


def placed_changes(journal: Journal) -> Iterator[Change]:
    """Return the changes of rows that are on a title or were taken back from it, in sending order."""
    states = f"{ON_TITLE}, '{State.TAKEN.value}'"
    where = f"WHERE c.role = '{Role.ROW.value}' AND c.simkl IS NOT NULL AND c.state IN ({states})"
    return read_changes(journal, where)


def count_open(journal: Journal) -> int:
    """Return how many changes of rows are not settled."""
    row = journal.row(
        f"SELECT count(*) FROM changes WHERE run IN (SELECT run FROM runs WHERE unsettled = 1) AND state IN ({OPEN})"
        f" AND role = '{Role.ROW.value}'"
    )
    return int(row[0]) if row else 0


def any_unread(journal: Journal) -> bool:
    """Tell whether anything was accepted that no reading was held against yet, because its run read nothing back.

    What a reading does not show stays open too, but is no longer said to be applied.
    """
    return any_unsettled(journal) and (
        journal.row(
            "SELECT 1 FROM changes c JOIN items i USING (key) WHERE c.run IN (SELECT run FROM runs WHERE unsettled = 1)"
            f" AND c.role = '{Role.ROW.value}' AND c.state = '{State.ANSWERED.value}'"
            f" AND c.answer = '{Answer.ADDED.value}' AND i.outcome = '{Outcome.APPLIED.value}' LIMIT 1"
        )
        is not None
    )


def any_older(journal: Journal, moment: int) -> bool:
    """Tell whether anything that was sent before `moment` is not settled."""
    return any_unsettled(journal) and (
        journal.row(
            "SELECT 1 FROM changes c JOIN batches b USING (run, batch) WHERE c.run IN (SELECT run FROM runs WHERE"
            f" unsettled = 1) AND c.role = '{Role.ROW.value}' AND c.state IN ({OPEN}) AND b.started < ? LIMIT 1",
            (moment,),
        )
        is not None
    )


def missing_changes(journal: Journal, now: int) -> list[Change]:
    """Return what was answered, was never seen on any title and is worth another try at `now`: of each key the last, if
    nothing else was asked, given or taken back for it since, and no later run had a row of it that says what it wants.

    Where its title is known, other rows and the person have a say in it: that is for its own export to ask.
    """
    lacking = f"SELECT 1 FROM items WHERE outcome = '{Outcome.UNCONFIRMED.value}' AND due <= ? LIMIT 1"
    if not any_unsettled(journal) or journal.row(lacking, (now,)) is None:  # then no change needs to be looked at
        return []
    found = read_changes(
        journal,
        "JOIN runs r ON r.run = c.run WHERE r.unsettled = 1 AND r.undone = 0"
        f" AND c.role = '{Role.ROW.value}' AND c.state = '{State.ANSWERED.value}' AND c.simkl IS NULL"
        f" AND i.simkl IS NULL AND i.outcome = '{Outcome.UNCONFIRMED.value}' AND i.due <= ?"
        " AND i.given IS NULL AND i.asked = c.asked AND c.asked NOT IN (SELECT asked FROM asks WHERE wrong = 1)",
        now,
    )
    last = {change.key: change for change in found if change.question is not None}
    if last:
        since = min(change.run for change in last.values())
        for run, key in journal.rows("SELECT run, key FROM rows WHERE run > ?", (since,)):
            if key in last and run > last[key].run:
                del last[key]
    return list(last.values())


def runs_with_changes(journal: Journal) -> list[int]:
    """Return the imports that sent anything, the newest first."""
    return [
        number
        for (number,) in journal.rows(
            f"SELECT DISTINCT run FROM changes WHERE role = '{Role.ROW.value}' ORDER BY run DESC"
        )
    ]
