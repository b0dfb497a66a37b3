"""The tables, as migrations. A migration imports nothing from the program and is never edited once released.

This is the one module that imports sqlite-utils: an application that starts on a current database never loads it.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from sqlite_utils import Database, Migrations

if TYPE_CHECKING:
    from collections.abc import Callable

    Migration = Callable[[Database], None]

migrations = Migrations("tui_reader")


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the database to `LATEST` (see the package); each migration is one transaction."""
    migrations.apply(Database(connection))


@migrations()
def m001_first_tables(db: Database) -> None:
    for statement in _M001.split(";\n\n"):
        db.conn.execute(statement)
    db.conn.execute("INSERT INTO meta (key, value) VALUES ('fold', '1')")
    db.conn.execute("PRAGMA user_version = 1")


_M001 = """
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE feeds (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL DEFAULT '',          -- what the feed calls itself
    own_title TEXT NOT NULL DEFAULT '',      -- what its reader calls it
    folder TEXT NOT NULL DEFAULT '',
    position INTEGER NOT NULL,               -- order in the pane
    site_url TEXT,
    lang TEXT NOT NULL DEFAULT '',
    added_at TEXT NOT NULL,
    removed_at TEXT,                         -- unsubscribed; the row stays for undo and for kept entries
    etag TEXT,
    last_modified TEXT,
    checked_at TEXT,
    succeeded_at TEXT,
    full_at TEXT,                            -- last answer with a body, not 304
    failing_since TEXT,
    missed INTEGER NOT NULL DEFAULT 0,       -- entries that came and went between two polls, about
    missed_at TEXT,
    next_at TEXT,                            -- NULL: due now
    status TEXT NOT NULL DEFAULT '',
    error TEXT NOT NULL DEFAULT '',
    failures INTEGER NOT NULL DEFAULT 0,     -- in a row
    moved_to TEXT,                           -- a permanent redirect, on trial
    moved_since TEXT
) STRICT;

CREATE TABLE entries (                       -- what the feed said
    id INTEGER PRIMARY KEY,
    feed_id INTEGER NOT NULL REFERENCES feeds(id),
    guid TEXT NOT NULL,
    url TEXT,
    title TEXT NOT NULL,
    author TEXT NOT NULL,
    lang TEXT NOT NULL,
    published_at TEXT,                       -- NULL if the feed gives no date, or an absurd one
    first_seen_at TEXT NOT NULL,
    version_id INTEGER,                      -- the current version
    taxonomy TEXT NOT NULL DEFAULT '',       -- version of the taxonomy that tagged it; '' if none has yet
    UNIQUE (feed_id, guid)
) STRICT;

CREATE INDEX entries_first_seen ON entries(first_seen_at);

CREATE TABLE versions (                      -- every text an entry has had
    id INTEGER PRIMARY KEY,
    entry_id INTEGER NOT NULL REFERENCES entries(id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    html TEXT NOT NULL,                      -- cleaned
    text TEXT NOT NULL,                      -- canonical
    origin TEXT NOT NULL CHECK (origin IN ('feed', 'page')),
    made_at TEXT NOT NULL
) STRICT;

CREATE INDEX versions_entry ON versions(entry_id);

CREATE TABLE states (                        -- what the reader did, and the order of every list
    entry_id INTEGER PRIMARY KEY REFERENCES entries(id) ON DELETE CASCADE,
    feed_id INTEGER NOT NULL REFERENCES feeds(id),
    sorted_at TEXT NOT NULL,                 -- published_at, else first_seen_at
    read INTEGER NOT NULL DEFAULT 0,
    starred INTEGER NOT NULL DEFAULT 0,
    later INTEGER NOT NULL DEFAULT 0,
    swept INTEGER NOT NULL DEFAULT 0,        -- out of every list, but known: it does not come back as new
    read_version_id INTEGER                  -- the version that was read; NULL if never opened
) STRICT;

CREATE INDEX states_order ON states(sorted_at DESC, entry_id DESC) WHERE swept = 0;

CREATE INDEX states_feed ON states(feed_id, sorted_at DESC, entry_id DESC) WHERE swept = 0;

CREATE INDEX states_counts ON states(feed_id, read) WHERE swept = 0;

CREATE INDEX states_unread ON states(sorted_at DESC, entry_id DESC) WHERE read = 0 AND swept = 0;

CREATE INDEX states_unread_feed ON states(feed_id, sorted_at DESC, entry_id DESC) WHERE read = 0 AND swept = 0;

CREATE INDEX states_starred ON states(sorted_at DESC, entry_id DESC) WHERE starred = 1 AND swept = 0;

CREATE INDEX states_later ON states(sorted_at DESC, entry_id DESC) WHERE later = 1 AND swept = 0;

CREATE TABLE tags (
    entry_id INTEGER NOT NULL REFERENCES entries(id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('company', 'topic', 'label')),
    slug TEXT NOT NULL,
    salience TEXT NOT NULL CHECK (salience IN ('primary', 'mentioned')),
    given_by TEXT NOT NULL CHECK (given_by IN ('machine', 'hand')),
    vetoed INTEGER NOT NULL DEFAULT 0,       -- "not this", by hand: it stays, and wins over every later tagging
    evidence TEXT NOT NULL DEFAULT '[]',     -- JSON: alias, start, end, where, rule
    PRIMARY KEY (entry_id, kind, slug)
) STRICT;

CREATE INDEX tags_slug ON tags(kind, slug, vetoed, entry_id);

CREATE TABLE tag_vetoes (                    -- "not this" for more than one entry
    kind TEXT NOT NULL,
    slug TEXT NOT NULL,
    alias TEXT NOT NULL,                     -- in small letters
    feed_id INTEGER NOT NULL,                -- 0: in every feed
    made_at TEXT NOT NULL,
    PRIMARY KEY (kind, slug, alias, feed_id)
) STRICT;

CREATE TABLE tag_marks (                     -- companies and topics that the reader keeps on top, or out of sight
    kind TEXT NOT NULL,
    slug TEXT NOT NULL,
    mark TEXT NOT NULL CHECK (mark IN ('pinned', 'hidden')),
    PRIMARY KEY (kind, slug)
) STRICT;

CREATE TABLE tag_names (                     -- what the taxonomy calls its slugs, so that screens need not load it
    kind TEXT NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (kind, slug)
) STRICT;

CREATE TABLE highlights (                    -- with a copy of their source: they outlive entry and feed
    id TEXT PRIMARY KEY,
    entry_id INTEGER NOT NULL REFERENCES entries(id) ON DELETE RESTRICT,
    version_id INTEGER NOT NULL REFERENCES versions(id) ON DELETE RESTRICT,
    exact TEXT NOT NULL,
    prefix TEXT NOT NULL,
    suffix TEXT NOT NULL,
    start_offset INTEGER NOT NULL,
    end_offset INTEGER NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL DEFAULT '' CHECK (kind IN ('', 'fact', 'claim', 'number', 'question')),
    tags TEXT NOT NULL DEFAULT '[]',         -- JSON
    state TEXT NOT NULL DEFAULT 'anchored' CHECK (state IN ('anchored', 'moved', 'orphan')),
    made_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    title TEXT NOT NULL,
    url TEXT,
    author TEXT NOT NULL,
    published_at TEXT,
    feed_title TEXT NOT NULL,
    feed_url TEXT NOT NULL,
    lang TEXT NOT NULL
) STRICT;

CREATE INDEX highlights_entry ON highlights(entry_id);

CREATE INDEX highlights_made ON highlights(made_at DESC);

CREATE TABLE journal (                       -- append only; an undo is an event too
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    device TEXT NOT NULL,
    made_at TEXT NOT NULL,
    action TEXT NOT NULL,
    description TEXT NOT NULL,
    changes TEXT NOT NULL,                   -- JSON: what was and what is, so that each event holds its inverse
    undoes INTEGER REFERENCES journal(id)
) STRICT;

CREATE INDEX journal_undoes ON journal(undoes) WHERE undoes IS NOT NULL;

CREATE VIRTUAL TABLE search USING fts5(      -- rowid is entries.id; no copy of the text: see the search drawer
    title, body, author, content='', tokenize="porter unicode61 remove_diacritics 2"
)
"""
