"""The tables as the versions before had them, word for word: what a version was, it stays.

Each is named by the version that first had it.
"""

from __future__ import annotations

ROWS_2 = """
CREATE TABLE rows (
    run INTEGER NOT NULL, place INTEGER NOT NULL, n INTEGER NOT NULL, source TEXT NOT NULL, file TEXT NOT NULL,
    line INTEGER NOT NULL, key TEXT NOT NULL, kind TEXT, title TEXT NOT NULL, year INTEGER, ids TEXT,
    source_rating TEXT NOT NULL, rating INTEGER, rated_at INTEGER, date_from TEXT, outcome TEXT NOT NULL, reason TEXT,
    note TEXT, simkl_status TEXT, prior_rating INTEGER, prior_rated_at INTEGER, matched_simkl INTEGER,
    matched_title TEXT, matched_year INTEGER, batch INTEGER, fresh INTEGER NOT NULL, PRIMARY KEY (run, place)
) STRICT, WITHOUT ROWID
"""

RUNS_3 = """
CREATE TABLE runs (
    run INTEGER PRIMARY KEY, command TEXT NOT NULL, state TEXT NOT NULL, started INTEGER NOT NULL, ended INTEGER,
    job TEXT NOT NULL, sources TEXT NOT NULL, summary TEXT, on_conflict TEXT, redate INTEGER NOT NULL, undated TEXT,
    scope TEXT, opening TEXT NOT NULL, unsettled INTEGER NOT NULL, undone INTEGER NOT NULL
) STRICT
"""

ROWS_3 = """
CREATE TABLE rows (
    run INTEGER NOT NULL, place INTEGER NOT NULL, n INTEGER NOT NULL, source TEXT NOT NULL, file TEXT NOT NULL,
    line INTEGER NOT NULL, key TEXT NOT NULL, kind TEXT, title TEXT NOT NULL, year INTEGER, ids TEXT,
    source_rating TEXT NOT NULL, rating INTEGER, rated_at INTEGER, date_from TEXT, precision TEXT, said_date TEXT,
    said_kind TEXT, outcome TEXT NOT NULL, reason TEXT, note TEXT, simkl_status TEXT, prior_rating INTEGER,
    prior_rated_at INTEGER, matched_simkl INTEGER, matched_title TEXT, matched_year INTEGER, batch INTEGER,
    fresh INTEGER NOT NULL, PRIMARY KEY (run, place)
) STRICT, WITHOUT ROWID
"""

BATCHES_3 = """
CREATE TABLE batches (
    run INTEGER NOT NULL, batch INTEGER NOT NULL, kind TEXT NOT NULL, box TEXT NOT NULL, state TEXT NOT NULL,
    digest TEXT NOT NULL, size INTEGER NOT NULL, status INTEGER, started INTEGER NOT NULL, ended INTEGER,
    PRIMARY KEY (run, batch)
) STRICT, WITHOUT ROWID
"""

CHANGES_3 = """
CREATE TABLE changes (
    run INTEGER NOT NULL, batch INTEGER NOT NULL, n INTEGER NOT NULL, key TEXT NOT NULL, role TEXT NOT NULL,
    asked INTEGER, sent_simkl INTEGER, simkl INTEGER, evidence TEXT, before_rating INTEGER, before_at INTEGER,
    after_rating INTEGER, after_at INTEGER, dated TEXT, seen_at INTEGER, answer TEXT, state TEXT NOT NULL,
    listed INTEGER, undone INTEGER, PRIMARY KEY (run, batch, n)
) STRICT, WITHOUT ROWID
"""

NEW_3 = (
    """
CREATE TABLE owed (
    simkl INTEGER PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, year INTEGER, want_rating INTEGER,
    want_at INTEGER, store_at INTEGER, why TEXT NOT NULL, state TEXT NOT NULL, key TEXT NOT NULL, run INTEGER NOT NULL,
    since INTEGER NOT NULL, upto INTEGER NOT NULL, tries INTEGER NOT NULL, tried_at INTEGER
) STRICT
""",
    """
CREATE TABLE asks (
    asked INTEGER PRIMARY KEY, kind TEXT, title TEXT NOT NULL, year INTEGER, ids TEXT, simkl INTEGER,
    wrong INTEGER NOT NULL
) STRICT
""",
    "CREATE TABLE moved (simkl INTEGER PRIMARY KEY, now INTEGER NOT NULL) STRICT",
    """
CREATE TABLE listed (
    simkl INTEGER PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, year INTEGER, ids TEXT, status TEXT NOT NULL
) STRICT
""",
)
