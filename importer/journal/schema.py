"""The resume file's shape. People keep such files for years: it only ever grows by a new user_version."""

from __future__ import annotations

APPLICATION_ID = 0x53_4B_4C_49
"""Written in the file's header, so that a database of another program is told from ours."""

VERSION = 2

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
    run INTEGER PRIMARY KEY,
    command TEXT NOT NULL,           -- run, undo
    state TEXT NOT NULL,             -- running, stopped, finished
    started INTEGER NOT NULL,        -- times are seconds since the epoch, UTC
    ended INTEGER,
    job TEXT NOT NULL,               -- digest of the exports' bytes, the deciding options and the program's version
    sources TEXT NOT NULL,           -- JSON: [{path, format, rows, fingerprint}]
    summary TEXT                     -- JSON: the --json document
) STRICT;

CREATE TABLE rows (
    run INTEGER NOT NULL,
    place INTEGER NOT NULL,          -- first what is to be sent, in that order: a batch then writes neighbouring pages
    n INTEGER NOT NULL,              -- input order, from 0
    source TEXT NOT NULL,            -- format
    file TEXT NOT NULL,
    line INTEGER NOT NULL,
    key TEXT NOT NULL,
    kind TEXT,
    title TEXT NOT NULL,
    year INTEGER,
    ids TEXT,                        -- JSON: {key: value}; NULL: none
    source_rating TEXT NOT NULL,
    rating INTEGER,
    rated_at INTEGER,
    date_from TEXT,
    outcome TEXT NOT NULL,
    reason TEXT,
    note TEXT,
    simkl_status TEXT,
    prior_rating INTEGER,
    prior_rated_at INTEGER,
    matched_simkl INTEGER,
    matched_title TEXT,
    matched_year INTEGER,
    batch INTEGER,
    fresh INTEGER NOT NULL,          -- 1: a finding that the run before did not have
    PRIMARY KEY (run, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE items (                 -- with a rowid: a batch then writes neighbouring pages, whatever its keys
    key TEXT PRIMARY KEY NOT NULL,
    kind TEXT,
    title TEXT NOT NULL,
    year INTEGER,
    ids TEXT,
    given TEXT,                      -- JSON: what a person gave for this key {ids, kind, year}
    simkl INTEGER,                   -- as read back
    rating INTEGER,                  -- wanted, and with which date
    rated_at INTEGER,
    precision TEXT,
    origin TEXT,
    said_rating INTEGER,             -- base: what the row said ...
    said_at INTEGER,
    said_precision TEXT,
    said_origin TEXT,
    account_rating INTEGER,          -- ... and what the account said, when they were last settled
    account_at INTEGER,
    outcome TEXT NOT NULL,
    reason TEXT,
    due INTEGER,                     -- when a row that was not taken is worth another try
    asked INTEGER                    -- digest of the identity that was last sent
) STRICT;

CREATE TABLE batches (
    run INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    kind TEXT NOT NULL,              -- rate, remove
    state TEXT NOT NULL,             -- sending, done
    digest TEXT NOT NULL,            -- of the exact bytes
    size INTEGER NOT NULL,           -- members; their keys are those of its changes
    status INTEGER,                  -- HTTP
    started INTEGER NOT NULL,
    ended INTEGER,
    PRIMARY KEY (run, batch)
) STRICT, WITHOUT ROWID;

CREATE TABLE changes (
    run INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    key TEXT NOT NULL,
    n INTEGER NOT NULL,              -- order within the batch, from 0: of two on one title the later one stays
    simkl INTEGER,                   -- filled in when it is known
    before_rating INTEGER,           -- NULL: there was none
    before_at INTEGER,
    after_rating INTEGER,            -- NULL: removed
    after_at INTEGER,
    landed INTEGER NOT NULL,         -- 1: read back, so that all of the above is what the account really said
    undone INTEGER,                  -- the undo that took it back, or found nothing left to take back
    PRIMARY KEY (run, batch, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
    simkl INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    year INTEGER,
    ids TEXT,
    rating INTEGER NOT NULL,
    rated_at INTEGER
) STRICT;

CREATE TABLE opening (               -- the account before a run's first write
    run INTEGER NOT NULL,
    simkl INTEGER NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    year INTEGER,
    ids TEXT,
    rating INTEGER NOT NULL,
    rated_at INTEGER,
    PRIMARY KEY (run, simkl)
) STRICT, WITHOUT ROWID;

CREATE TABLE marks (                 -- jobs with nothing new: their next run costs nothing
    job TEXT PRIMARY KEY,
    run INTEGER NOT NULL,
    due INTEGER,
    summary TEXT NOT NULL,           -- JSON: what the next, unchanged run tells
    keys BLOB NOT NULL               -- 8 bytes a row, sorted, in the machine's order: its key's CRC-32 << 4 | rating
) STRICT, WITHOUT ROWID;

CREATE TABLE gone (key TEXT PRIMARY KEY, run INTEGER NOT NULL) STRICT, WITHOUT ROWID;
"""

_ROWS = next(table for table in TABLES.split(";\n") if "TABLE rows" in table)
"""As it is since version 2: whoever changes it writes the old one out in UPGRADES."""

UPGRADES = {
    # Its rows lay in input order, whatever order they were sent in.
    1: f"""
ALTER TABLE rows RENAME TO old_rows;
{_ROWS};
INSERT INTO rows
    SELECT run, n, n, source, file, line, key, kind, title, year, ids, source_rating, rating, rated_at, date_from,
        outcome, reason, note, simkl_status, prior_rating, prior_rated_at, matched_simkl, matched_title, matched_year,
        batch, fresh
    FROM old_rows;
DROP TABLE old_rows;
""",
}
"""The statements that make of each older version the next one."""
