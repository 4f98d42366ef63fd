"""What was learned of the service: titles that have a new number, and how it gives dates back."""

from __future__ import annotations

from collections.abc import Iterable

from importer.journal.change import ON_TITLE, Role
from importer.journal.store import Journal
from importer.model import Kind


def moved_titles(journal: Journal) -> dict[int, int]:
    """Return the titles that Simkl gave another number, each with the one it has now."""
    return dict(journal.rows("SELECT simkl, now FROM moved WHERE now <> simkl"))


def vanished_titles(journal: Journal, most: int) -> list[tuple[Kind, int]]:
    """Return the titles of ours that the account as last read lacks, and that were not looked for since they vanished.

    While a change is still to be found, every rating that stood there before its run counts: it may hide that one.
    """
    found = [
        simkl
        for (simkl,) in journal.rows(
            f"SELECT simkl FROM (SELECT simkl FROM changes WHERE role = '{Role.ROW.value}' AND state IN ({ON_TITLE})"
            " UNION SELECT simkl FROM items WHERE said_rating IS NOT NULL"
            " UNION SELECT simkl FROM opening WHERE run IN (SELECT run FROM runs WHERE unsettled = 1))"
            " WHERE simkl NOT IN (SELECT simkl FROM account) AND simkl NOT IN (SELECT simkl FROM moved) LIMIT ?",
            (most,),
        )
    ]
    return [(_kind_of(journal, simkl), simkl) for simkl in found]


def _kind_of(journal: Journal, simkl: int) -> Kind:
    """Return the kind that the account said, else that of the row which lies there."""
    row = journal.row("SELECT kind FROM opening WHERE simkl = ?", (simkl,)) or journal.row(
        "SELECT kind FROM items WHERE simkl = ?", (simkl,)
    )
    return Kind(row[0]) if row is not None and row[0] is not None else Kind.MOVIE


def note_looked_for(journal: Journal, titles: Iterable[int]) -> None:
    """Remember that titles are gone from the account and have no other number: the person took their ratings away.
    Within a transaction.
    """
    journal.write_all("INSERT OR IGNORE INTO moved VALUES (?, ?)", ((simkl, simkl) for simkl in titles))


def forget_looked_for(journal: Journal) -> None:
    """Look again for what is back on the account, once it is gone from there again."""
    back = "simkl = now AND simkl IN (SELECT simkl FROM account)"
    if journal.row(f"SELECT 1 FROM moved WHERE {back}") is not None:
        with journal.transaction():
            journal.write(f"DELETE FROM moved WHERE {back}")


def kept_habit(journal: Journal) -> tuple[int, int] | None:
    """Return how dates come back, as (step, shift) in seconds; None if nobody knows yet."""
    row = journal.row("SELECT value FROM meta WHERE name = 'habit'")
    if row is None:
        return None
    step, shift = str(row[0]).split()
    return int(step), int(shift)


def keep_habit(journal: Journal, step: int, shift: int) -> None:
    """Remember how dates come back, where that is new. Within a transaction."""
    if kept_habit(journal) != (step, shift):
        journal.write("INSERT OR REPLACE INTO meta VALUES ('habit', ?)", (f"{step} {shift}",))


def rename_title(journal: Journal, old: int, new: int) -> None:
    """Simkl has given a title another number: write it into every table at once.

    Where both numbers had an opening value, the new one's counts.
    """
    for sql in (
        "UPDATE changes SET simkl = ? WHERE simkl = ?",
        "UPDATE changes SET sent_simkl = ? WHERE sent_simkl = ?",
        "UPDATE items SET simkl = ? WHERE simkl = ?",
        "UPDATE asks SET simkl = ? WHERE simkl = ?",
        "UPDATE rows SET matched_simkl = ? WHERE matched_simkl = ?",
        "UPDATE OR IGNORE owed SET simkl = ? WHERE simkl = ?",
        "UPDATE OR IGNORE opening SET simkl = ? WHERE simkl = ?",
        "UPDATE OR IGNORE listed SET simkl = ? WHERE simkl = ?",
        "UPDATE moved SET now = ? WHERE now = ?",
    ):
        journal.write(sql, (new, old))
    for table in ("owed", "opening", "listed"):
        journal.write(f"DELETE FROM {table} WHERE simkl = ?", (old,))
    journal.write("INSERT OR REPLACE INTO moved VALUES (?, ?)", (old, new))
