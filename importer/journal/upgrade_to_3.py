"""How a resume file of version 2 becomes one of version 3: its changes get a life of their own.

Nothing here may follow today's tables, enums or digests.
"""

from __future__ import annotations

import hashlib
import zlib

import orjson

from importer.journal.shapes import BATCHES_3, CHANGES_3, NEW_3, ROWS_3, RUNS_3
from importer.journal.store import Journal

_UNREAD_KEPT = 5
"""Runs without read-back whose whole opening snapshots version 2 kept."""

_TELLING = 3
"""Dates from which on the habit of a service can be told."""

_ZONES = 14 * 3600
"""Seconds by which Simkl may give back a date otherwise than sent."""


def changes_with_a_life(journal: Journal) -> None:
    """2 to 3: a change lives until it is settled, whichever run it belongs to.

    What version 2 kept as names in meta becomes columns of runs. Whether an answer named a title it told by its row;
    where that is gone the careful side is taken: named as added, so that nothing ever calls it "never arrived".
    """
    for table in ("runs", "rows", "batches", "changes"):
        journal.write(f"ALTER TABLE {table} RENAME TO old_{table}")
    for sql in (RUNS_3, ROWS_3, BATCHES_3, CHANGES_3, *NEW_3):
        journal.write(sql)
    journal.write("ALTER TABLE items ADD COLUMN kept TEXT")
    _copy_runs(journal)
    _copy_rows(journal)
    _ask_again(journal)
    _copy_batches(journal)
    _copy_changes(journal)
    _tell_shift(journal)
    _forget_promised_bases(journal)
    _owe_what_undo_began(journal)
    _name_wrong_titles(journal)
    _reopen_what_undo_left(journal)
    # Version 2 read no undo back into its changes: the first reading tells which of them stand all the same.
    journal.write(
        "INSERT INTO meta SELECT 'unproven undo', '1' WHERE EXISTS (SELECT 1 FROM changes WHERE state = 'taken')"
    )
    journal.write(
        "UPDATE runs SET unsettled = 1 WHERE EXISTS (SELECT 1 FROM changes c"
        " WHERE c.run = runs.run AND c.state IN ('intended', 'answered', 'seen'))"
    )
    # Nothing new would hide what an import left open, now that somebody looks after it.
    journal.write(
        "DELETE FROM marks WHERE EXISTS (SELECT 1 FROM runs WHERE unsettled = 1) OR EXISTS (SELECT 1 FROM owed)"
    )
    journal.write(
        "DELETE FROM meta WHERE name LIKE 'opening %' OR name LIKE 'unread %' OR name LIKE 'undone %'"
        " OR name = 'stamps'"
    )
    for table in ("runs", "rows", "batches", "changes"):
        journal.write(f"DROP TABLE old_{table}")


def _copy_runs(journal: Journal) -> None:
    # A run's options were only part of the job's digest: `newer` is the careful reading of what is still open.
    journal.write(
        "INSERT INTO runs SELECT run, command, state, started, ended, job, sources, summary, 'newer', 0, 'watched',"
        " NULL, CASE"
        "  WHEN NOT EXISTS (SELECT 1 FROM meta WHERE name = 'opening ' || run) THEN 'none'"
        "  WHEN run = (SELECT min(CAST(substr(name, 9) AS INTEGER)) FROM meta WHERE name LIKE 'opening %')"
        "   OR run IN (SELECT CAST(substr(name, 8) AS INTEGER) FROM meta WHERE name LIKE 'unread %'"
        f"   ORDER BY 1 DESC LIMIT {_UNREAD_KEPT})"
        "  THEN 'whole' ELSE 'touched' END,"
        " 0, EXISTS (SELECT 1 FROM meta WHERE name = 'undone ' || run) FROM old_runs"
    )


def _copy_rows(journal: Journal) -> None:
    journal.write(
        "INSERT INTO rows SELECT r.run, r.place, r.n, r.source, r.file, r.line, r.key, r.kind, r.title, r.year, r.ids,"
        " r.source_rating, r.rating, r.rated_at, r.date_from,"
        " CASE WHEN i.rated_at / 86400 = r.rated_at / 86400 THEN i.precision"
        "  WHEN r.date_from = 'run' OR r.rated_at % 86400 NOT BETWEEN 43200 AND 46799 THEN 'second' ELSE 'day' END,"
        " NULL, NULL, r.outcome, r.reason, r.note, r.simkl_status, r.prior_rating, r.prior_rated_at, r.matched_simkl,"
        " r.matched_title, r.matched_year,"
        # What was read back after a lost answer had no batch: it counts as sent in all that follows.
        " iif(r.batch IS NULL AND r.outcome = 'applied',"
        "  (SELECT max(c.batch) FROM old_changes c WHERE c.run = r.run AND c.key = r.key), r.batch),"
        " r.fresh FROM old_rows r LEFT JOIN items i USING (key)"
    )


def _ask_again(journal: Journal) -> None:
    """Number the questions anew: 32 bits are too few once a number stands for a question over all keys."""
    found = list(
        journal.rows(
            "SELECT key, kind, title, year, ids, asked FROM items WHERE asked IS NOT NULL AND outcome <> 'rejected'"
        )
    )
    journal.write_all(
        "UPDATE items SET asked = ? WHERE key = ?",
        (
            (_question(kind, title, year, ids) if asked == _question_2(kind, title, year, ids) else None, key)
            for key, kind, title, year, ids, asked in found
        ),
    )


def _question_2(kind: str | None, title: str, year: int | None, ids: str | None) -> int:
    pairs = sorted(orjson.loads(ids).items()) if ids else []
    return zlib.crc32(f"{kind}|{title}|{year}|{pairs}".encode())


def _question(kind: str | None, title: str, year: int | None, ids: str | None) -> int:
    pairs = sorted(orjson.loads(ids).items()) if ids else []
    digest = hashlib.blake2b(f"{kind}|{title}|{year}|{pairs}".encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def _copy_batches(journal: Journal) -> None:
    journal.write(
        "INSERT INTO batches SELECT run, batch, kind, 'movies', state, digest, size, status, started, ended"
        " FROM old_batches"
    )


def _copy_changes(journal: Journal) -> None:
    """What each change was, and where it stands: a batch without its answer, refused, answered, or read back."""
    repair = "c.key LIKE 'simkl:%' AND NOT EXISTS (SELECT 1 FROM items j WHERE j.key = c.key)"
    row = (
        "(SELECT r.{0} FROM old_rows r WHERE r.run = c.run AND r.key = c.key"
        " AND (r.batch = c.batch OR r.batch IS NULL AND r.outcome = 'pending') ORDER BY r.batch IS NULL LIMIT 1)"
    )
    outcome, status = row.format("outcome"), row.format("simkl_status")
    answer = (
        "CASE WHEN b.state = 'sending' THEN NULL WHEN b.status IS NULL OR b.status NOT BETWEEN 200 AND 299"
        f" THEN 'refused' WHEN {outcome} = 'not_found' THEN 'not_found' WHEN {outcome} = 'failed' THEN 'refused'"
        f" WHEN {outcome} IS NULL OR {outcome} IN ('applied', 'kept', 'unchanged', 'duplicate')"
        f" OR {status} IS NOT NULL THEN 'added' ELSE 'unnamed' END"
    )
    role = f"CASE WHEN {repair} THEN CASE WHEN u.command = 'undo' THEN 'undo' ELSE 'give' END ELSE 'row' END"
    journal.write(
        "INSERT INTO changes SELECT c.run, c.batch, c.n, iif(" + repair + ", '', c.key), " + role + ","
        " iif(i.asked IS NULL OR i.outcome = 'rejected', NULL, i.asked), NULL, c.simkl,"
        " iif(c.landed = 1, 'id', NULL), c.before_rating, c.before_at, c.after_rating, c.after_at,"
        " CASE WHEN i.rated_at / 86400 = c.after_at / 86400 THEN i.precision || ' ' || i.origin"
        "  WHEN c.after_at % 86400 BETWEEN 43200 AND 46799 THEN 'day rating' ELSE 'second rating' END,"
        " iif(c.landed = 1, c.after_at, NULL), " + answer + ",'intended', NULL, c.undone"
        " FROM old_changes c JOIN old_batches b USING (run, batch) JOIN old_runs u USING (run)"
        " LEFT JOIN items i ON i.key = c.key AND i.given IS NULL"
    )
    journal.write(
        "UPDATE changes SET state = CASE"
        " WHEN undone IS NOT NULL THEN 'taken'"
        " WHEN answer IN ('refused', 'not_found') THEN 'closed'"
        " WHEN role <> 'row' THEN 'closed'"
        " WHEN evidence IS NOT NULL THEN 'settled'"
        " WHEN answer IS NULL THEN 'intended' ELSE 'answered' END"
    )
    # The first change of a run on a title alone knows what stood there: a batch that was sent twice wrote it wrong.
    journal.write(
        "UPDATE changes SET (before_rating, before_at) = (SELECT f.before_rating, f.before_at FROM changes f"
        " WHERE f.run = changes.run AND f.simkl = changes.simkl AND f.evidence IS NOT NULL"
        " ORDER BY f.batch, f.n LIMIT 1)"
        " WHERE evidence IS NOT NULL AND role = 'row'"
    )
    journal.write(
        "UPDATE changes SET (before_rating, before_at) = (SELECT o.rating, o.rated_at FROM opening o"
        " WHERE o.run = changes.run AND o.simkl = changes.simkl)"
        " WHERE evidence IS NOT NULL AND role = 'row' AND EXISTS (SELECT 1 FROM opening o"
        " WHERE o.run = changes.run AND o.simkl = changes.simkl)"
    )
    # A change that a known title got before the run was read back: its number is where it was sent, not where it is.
    journal.write("UPDATE changes SET sent_simkl = simkl WHERE evidence IS NULL AND role = 'row'")


def _tell_shift(journal: Journal) -> None:
    """Version 2 kept dates as they came back. Where all of them came back shifted by one time, that is how the service
    gives dates: what was sent, and what is to be sent for a date that was read, is earlier by that.
    """
    pairs = list(
        journal.rows(
            "SELECT DISTINCT r.rated_at, c.after_at FROM changes c JOIN old_rows r USING (run, key, batch)"
            " WHERE c.evidence = 'id' AND c.role = 'row' AND r.rated_at IS NOT NULL AND c.after_at IS NOT NULL"
        )
    )
    shifts = {back - sent for sent, back in pairs}
    if len(pairs) < _TELLING or len(shifts) > 1:
        return
    [shift] = shifts
    if not shift or abs(shift) > _ZONES or all(back % 86_400 == 0 for _, back in pairs):
        return  # noons that came back as midnights are days without a time
    journal.write("INSERT OR REPLACE INTO meta VALUES ('habit', ?)", (f"1 {shift}",))
    journal.write("UPDATE changes SET after_at = after_at - ? WHERE evidence = 'id' AND role = 'row'", (shift,))


def _forget_promised_bases(journal: Journal) -> None:
    """The base of a key is no older than what it is to judge: what was agreed after a change, or promised by its
    answer, would make what stood there before look like a change of the person's.
    """
    # A later run that sent the key again had seen that an earlier send without an answer never arrived.
    journal.write(
        "UPDATE changes SET state = 'closed' WHERE state = 'intended' AND role = 'row' AND EXISTS (SELECT 1"
        " FROM changes l WHERE l.key = changes.key AND l.run > changes.run AND l.role = 'row' AND l.state = 'settled')"
    )
    journal.write(
        "UPDATE items SET said_rating = NULL, said_at = NULL, said_precision = NULL, said_origin = NULL,"
        " account_rating = NULL, account_at = NULL WHERE key IN"
        " (SELECT key FROM changes WHERE state IN ('intended', 'answered') AND role = 'row')"
    )


def _owe_what_undo_began(journal: Journal) -> None:
    """An undo that was not complete goes on: what it had begun is owed, what it had not is taken up by the next one."""
    row = journal.row("SELECT run FROM runs WHERE command = 'undo' AND state <> 'finished' ORDER BY run DESC LIMIT 1")
    if row is None:
        return
    undo = row[0]
    order = "(((c.run << 20) | c.batch) << 20) | c.n"
    mine = (
        f"FROM changes c WHERE c.role = 'row' AND c.state = 'settled' AND c.run < {undo} AND c.simkl = u.simkl"
        f" AND c.run = (SELECT max(d.run) FROM changes d WHERE d.role = 'row' AND d.simkl = u.simkl AND d.run < {undo})"
    )
    journal.write(
        "INSERT OR REPLACE INTO owed SELECT u.simkl,"
        " coalesce((SELECT kind FROM opening o WHERE o.simkl = u.simkl LIMIT 1),"
        "  (SELECT i.kind FROM items i WHERE i.simkl = u.simkl LIMIT 1), 'movie'),"
        " coalesce((SELECT title FROM opening o WHERE o.simkl = u.simkl LIMIT 1),"
        "  (SELECT i.title FROM items i WHERE i.simkl = u.simkl LIMIT 1), ''),"
        " coalesce((SELECT year FROM opening o WHERE o.simkl = u.simkl LIMIT 1),"
        "  (SELECT i.year FROM items i WHERE i.simkl = u.simkl LIMIT 1)),"
        f" u.after_rating, u.after_at, u.after_at, 'undo', 'due', '', u.run, (SELECT min({order}) {mine}),"
        f" (SELECT max({order}) {mine}), 0, NULL"
        f" FROM changes u WHERE u.run = {undo} AND u.role = 'undo' AND u.simkl IS NOT NULL AND EXISTS (SELECT 1 {mine})"
    )
    journal.write(
        "UPDATE changes SET undone = ? WHERE role = 'row' AND state = 'settled' AND EXISTS (SELECT 1 FROM owed o"
        " WHERE o.simkl = changes.simkl AND (((changes.run << 20) | changes.batch) << 20) | changes.n"
        " BETWEEN o.since AND o.upto)",
        (undo,),
    )
    plain = orjson.dumps({"run": None, "all": False, "keys": [], "force": False}).decode()
    journal.write("UPDATE runs SET scope = ? WHERE run = ?", (plain, undo))


def _name_wrong_titles(journal: Journal) -> None:
    """A row that was last read back on another title: its question is not asked again until a person mends it."""
    journal.write(
        "INSERT OR IGNORE INTO asks SELECT i.asked, i.kind, i.title, i.year, i.ids, r.matched_simkl, 1 FROM rows r"
        " JOIN items i USING (key) WHERE r.note = 'other_title' AND r.matched_simkl IS NOT NULL AND r.batch IS NOT NULL"
        " AND i.asked IS NOT NULL AND i.outcome <> 'rejected' AND i.given IS NULL"
        " AND r.run = (SELECT max(n.run) FROM rows n WHERE n.key = r.key AND n.batch IS NOT NULL)"
    )
    # What was to be given back there and never was read back as given is owed again, where the person's still lacks.
    journal.write(
        "UPDATE changes SET state = 'seen' WHERE role = 'row' AND state = 'settled' AND EXISTS (SELECT 1 FROM rows r"
        " WHERE r.run = changes.run AND r.key = changes.key AND r.batch = changes.batch AND r.outcome = 'kept'"
        " AND r.note = 'other_title')"
        " AND NOT EXISTS (SELECT 1 FROM old_changes g WHERE g.run >= changes.run AND g.simkl = changes.simkl"
        " AND g.key = 'simkl:' || changes.simkl AND g.landed = 1)"
    )


def _reopen_what_undo_left(journal: Journal) -> None:
    """What an undo closed although its own POST was refused or its answer never came is open again."""
    journal.write(
        "UPDATE changes SET state = iif(evidence IS NULL, 'answered', 'settled'), undone = NULL"
        " WHERE state = 'taken' AND role = 'row' AND EXISTS (SELECT 1 FROM changes u"
        " WHERE u.run = changes.undone AND u.simkl = changes.simkl)"
        " AND NOT EXISTS (SELECT 1 FROM changes u WHERE u.run = changes.undone AND u.simkl = changes.simkl"
        " AND u.answer IS NOT NULL AND u.answer NOT IN ('refused', 'not_found'))"
    )
    journal.write(
        "UPDATE runs SET undone = 0 WHERE EXISTS (SELECT 1 FROM changes c WHERE c.run = runs.run AND c.role = 'row'"
        " AND c.state IN ('answered', 'settled', 'seen') AND c.undone IS NULL)"
        " AND EXISTS (SELECT 1 FROM changes c JOIN old_changes o USING (run, batch, n)"
        " WHERE c.run = runs.run AND o.undone IS NOT NULL AND c.undone IS NULL)"
    )
