"""The resume file's shape. People keep such files for years: it only ever grows by a new user_version."""

from __future__ import annotations

from collections.abc import Sequence

from importer.journal.row_columns import ADDED

APPLICATION_ID = 0x53_4B_4C_49
"""Written in the file's header, so that a database of another program is told from ours."""

_FIRST = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
    run INTEGER PRIMARY KEY,
    command TEXT NOT NULL,           -- run, undo, mend, settle: what was done under this number
    state TEXT NOT NULL,             -- running, stopped, finished
    started INTEGER NOT NULL,        -- times are seconds since the epoch, UTC
    ended INTEGER,
    job TEXT NOT NULL,               -- digest of the exports' bytes, the deciding options and the program's version
    sources TEXT NOT NULL,           -- JSON: [{path, format, rows, fingerprint}]
    summary TEXT,                    -- JSON: the --json document
    on_conflict TEXT,                -- the rules by which its changes are judged, whichever command does it later
    redate INTEGER NOT NULL,
    undated TEXT,
    scope TEXT,                      -- JSON, of an undo: what it takes back
    opening TEXT NOT NULL,           -- none, whole, touched: what is kept of the account before its first write
    unsettled INTEGER NOT NULL,      -- 1: changes of it may still be open
    undone INTEGER NOT NULL          -- 1: taken back, so that the next undo takes the run before
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
    precision TEXT,                  -- second, day: how exactly the row's date is known
    said_date TEXT,                  -- a date and a type that could not be read, word for word
    said_kind TEXT,
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
    -- ADDED
    PRIMARY KEY (run, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE items (                 -- with a rowid: a batch then writes neighbouring pages, whatever its keys
    key TEXT PRIMARY KEY NOT NULL,
    kind TEXT,
    title TEXT NOT NULL,
    year INTEGER,
    ids TEXT,
    given TEXT,                      -- JSON: what a person gave for this key
    simkl INTEGER,                   -- where the question last asked for it led
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
    asked INTEGER,                   -- digest of the question last asked for it; of a rejected row, of what it says
    kept TEXT                        -- JSON: [simkl, standing rating, its date, row's rating, its date] as kept
) STRICT;

CREATE TABLE batches (
    run INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    kind TEXT NOT NULL,              -- rate, remove, unlist
    box TEXT NOT NULL,               -- movies, shows: a batch holds one of them
    state TEXT NOT NULL,             -- sending, done
    digest TEXT NOT NULL,            -- of the exact bytes
    size INTEGER NOT NULL,           -- members; their keys are those of its changes
    status INTEGER,                  -- HTTP
    started INTEGER NOT NULL,
    ended INTEGER,
    PRIMARY KEY (run, batch)
) STRICT, WITHOUT ROWID;

CREATE TABLE changes (               -- one write of ours each, with a life of its own until it is settled
    run INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    n INTEGER NOT NULL,              -- order within the batch, from 0
    key TEXT NOT NULL,               -- of the row; of a payment, of the row whose rating it is, or ""
    role TEXT NOT NULL,              -- row, winner, give, undo: a row's own, or what a payment is for; unlist
    asked INTEGER,                   -- digest of the question as sent: kind, title, year, ids
    sent_simkl INTEGER,              -- the number it was sent by
    simkl INTEGER,                   -- the title it was placed on
    evidence TEXT,                   -- how: id, asked, name, moment, set, only
    before_rating INTEGER,           -- what stood there before the first write of its run; NULL: nothing
    before_at INTEGER,
    after_rating INTEGER,            -- as sent; NULL: removed
    after_at INTEGER,
    dated TEXT,                      -- how exactly the row knows its date, and where from: `day rating`
    seen_at INTEGER,                 -- its date as it was read back
    answer TEXT,                     -- NULL, added, not_found, unnamed, refused
    state TEXT NOT NULL,             -- intended, answered, seen, settled, closed, taken
    listed INTEGER,                  -- whether the title was on a list before; NULL: nobody knows
    undone INTEGER,                  -- the undo that took it back
    PRIMARY KEY (run, batch, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE owed (                  -- what a title still has to get; one debt a title
    simkl INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    year INTEGER,
    want_rating INTEGER,             -- as it is to be read; NULL: none
    want_at INTEGER,
    store_at INTEGER,                -- the date to send for that
    why TEXT NOT NULL,               -- give, winner, undo
    state TEXT NOT NULL,             -- due, stuck
    key TEXT NOT NULL,               -- of the row that wins, or ""
    run INTEGER NOT NULL,            -- the run that found it, or the undo
    since INTEGER NOT NULL,          -- the first and the last change that it covers, as numbers in sending order
    upto INTEGER NOT NULL,
    tries INTEGER NOT NULL,          -- payments that were answered for this title
    tried_at INTEGER
) STRICT;

CREATE TABLE asks (                  -- questions whose answer is not the one on record of the key that asked them
    asked INTEGER PRIMARY KEY,
    kind TEXT,
    title TEXT NOT NULL,
    year INTEGER,
    ids TEXT,
    simkl INTEGER,                   -- where it led
    wrong INTEGER NOT NULL           -- 1: to a title that is not the one it names
) STRICT;

CREATE TABLE moved (simkl INTEGER PRIMARY KEY, now INTEGER NOT NULL) STRICT;

CREATE TABLE account (
    simkl INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    year INTEGER,
    ids TEXT,
    rating INTEGER NOT NULL,
    rated_at INTEGER
) STRICT;

CREATE TABLE listed (                -- the titles on the account's lists, as last read
    simkl INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    year INTEGER,
    ids TEXT,
    status TEXT NOT NULL
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


def tables(added: Sequence[tuple[int, str]]) -> str:
    """Return the statements that make every table, with the columns that were added to `rows`."""
    return _FIRST.replace("    -- ADDED\n", "".join(f"    {column},\n" for _, column in added))


VERSION = max((3, *(version for version, _ in ADDED)))
TABLES = tables(ADDED)
