"""How a resume file of an older version becomes one of the next: named functions on frozen text.

Nothing here may follow today's tables, enums or digests: what a version was, it stays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from importer.journal.row_columns import ADDED
from importer.journal.shapes import ROWS_2
from importer.journal.store import Journal
from importer.journal.upgrade_to_3 import changes_with_a_life


def rows_in_sending_order(journal: Journal) -> None:
    """1 to 2: the rows of a run lay in input order, whatever order they were sent in."""
    journal.write("ALTER TABLE rows RENAME TO old_rows")
    journal.write(ROWS_2)
    journal.write(
        "INSERT INTO rows SELECT run, n, n, source, file, line, key, kind, title, year, ids, source_rating, rating,"
        " rated_at, date_from, outcome, reason, note, simkl_status, prior_rating, prior_rated_at, matched_simkl,"
        " matched_title, matched_year, batch, fresh FROM old_rows"
    )
    journal.write("DROP TABLE old_rows")


def upgrade(journal: Journal, version: int, added: Sequence[tuple[int, str]] = ADDED) -> None:
    """Make of a file of this version one of the next, within one transaction; `added` are the columns of `rows`."""
    reshape = UPGRADES.get(version)
    if reshape is not None:
        reshape(journal)
    for since, column in added:
        if since == version + 1:
            journal.write(f"ALTER TABLE rows ADD COLUMN {column}")


UPGRADES: dict[int, Callable[[Journal], None]] = {1: rows_in_sending_order, 2: changes_with_a_life}
"""What else has to be done to make of an older version the next one."""
