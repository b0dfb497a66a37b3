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
    # Views first: SQLite checks a file for lost pages only if what its schema names last is a table.
    for statement in (*_VIEWS.split(";\n\n"), *_M001.split(";\n\n")):
        db.conn.execute(statement)
    db.conn.execute("INSERT INTO meta (key, value) VALUES ('fold', '1')")
    # Parts of the index are merged by eight, not by four: a fifth less to write, and searches look into a few more.
    db.conn.execute("INSERT INTO search (search, rank) VALUES ('automerge', 8)")
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
    moved_since TEXT,
    digest TEXT NOT NULL DEFAULT 'auto'      -- issues with several stories: 'auto', or as the reader wishes
        CHECK (digest IN ('auto', 'split', 'whole'))
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
    parent_id INTEGER REFERENCES entries(id) ON DELETE SET NULL,    -- the issue that a story stands in
    UNIQUE (feed_id, guid)
) STRICT;

CREATE INDEX entries_first_seen ON entries(first_seen_at);

CREATE INDEX entries_lang ON entries(lang);

CREATE INDEX entries_stories ON entries(parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE versions (                      -- every text an entry has had
    id INTEGER PRIMARY KEY,
    entry_id INTEGER NOT NULL REFERENCES entries(id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    html BLOB NOT NULL,                      -- cleaned, packed beside its text (store/markup.py); empty where packed
    text TEXT NOT NULL,                      -- canonical; '' where packed
    packed BLOB,                             -- of an earlier version: zlib of the JSON [html, text]
    origin TEXT NOT NULL CHECK (origin IN ('feed', 'page')),
    made_at TEXT NOT NULL
) STRICT;

CREATE INDEX versions_entry ON versions(entry_id);

CREATE INDEX versions_earlier ON versions(entry_id) WHERE packed IS NOT NULL;

CREATE TABLE states (                        -- what the reader did, and the order of every list
    entry_id INTEGER PRIMARY KEY REFERENCES entries(id) ON DELETE CASCADE,
    feed_id INTEGER NOT NULL REFERENCES feeds(id),
    sorted_at TEXT NOT NULL,                 -- published_at, else first_seen_at; "~" and a place below their issue
    read INTEGER NOT NULL DEFAULT 0,
    starred INTEGER NOT NULL DEFAULT 0,
    later INTEGER NOT NULL DEFAULT 0,
    swept INTEGER NOT NULL DEFAULT 0,        -- out of every list, but known: -1 muted, 1 unsubscribed, 2 text removed
    read_version_id INTEGER,                 -- the version that was read; NULL if never opened
    split INTEGER NOT NULL DEFAULT 0         -- an issue whose stories are in the lists, and stand for it
) STRICT;

CREATE INDEX states_split ON states(entry_id) WHERE split = 1;

-- Each view's order. What its condition names is in the index too: SQLite then reads no row to look at it again.
CREATE INDEX states_order ON states(sorted_at DESC, entry_id DESC, feed_id, swept) WHERE swept = 0;

CREATE INDEX states_feed ON states(feed_id, sorted_at DESC, entry_id DESC, swept) WHERE swept = 0;

CREATE INDEX states_counts ON states(feed_id, read, swept) WHERE swept = 0;

CREATE INDEX states_unread ON states(sorted_at DESC, entry_id DESC, feed_id, read, swept) WHERE read = 0 AND swept = 0;

CREATE INDEX states_read ON states(sorted_at DESC, entry_id DESC, feed_id, read, swept) WHERE read = 1 AND swept = 0;

CREATE INDEX states_unread_feed ON states(feed_id, sorted_at DESC, entry_id DESC, read, swept)
    WHERE read = 0 AND swept = 0;

CREATE INDEX states_starred ON states(sorted_at DESC, entry_id DESC, feed_id, starred, swept)
    WHERE starred = 1 AND swept = 0;

CREATE INDEX states_later ON states(sorted_at DESC, entry_id DESC, feed_id, later, swept)
    WHERE later = 1 AND swept = 0;

CREATE INDEX states_muted ON states(entry_id) WHERE swept = -1;

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

CREATE INDEX tags_by_hand ON tags(entry_id) WHERE given_by = 'hand';

CREATE TABLE tag_counts (                    -- how many entries have a tag; empty until somebody asks
    kind TEXT NOT NULL,
    slug TEXT NOT NULL,
    unread INTEGER NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (kind, slug)
) STRICT;

CREATE TRIGGER tags_given AFTER INSERT ON tags WHEN new.vetoed = 0 AND EXISTS (SELECT 1 FROM tag_counts) BEGIN
    INSERT INTO tag_counts SELECT new.kind, new.slug, read = 0, 1 FROM states
        WHERE entry_id = new.entry_id AND swept = 0 AND split = 0
        ON CONFLICT DO UPDATE SET unread = unread + excluded.unread, total = total + excluded.total;
END;

CREATE TRIGGER tags_taken AFTER DELETE ON tags WHEN old.vetoed = 0 AND EXISTS (SELECT 1 FROM tag_counts) BEGIN
    INSERT INTO tag_counts SELECT old.kind, old.slug, -(read = 0), -1 FROM states
        WHERE entry_id = old.entry_id AND swept = 0 AND split = 0
        ON CONFLICT DO UPDATE SET unread = unread + excluded.unread, total = total + excluded.total;
END;

CREATE TRIGGER tags_vetoed AFTER UPDATE OF vetoed ON tags
WHEN old.vetoed != new.vetoed AND EXISTS (SELECT 1 FROM tag_counts) BEGIN
    INSERT INTO tag_counts SELECT new.kind, new.slug, (read = 0) * (old.vetoed - new.vetoed), old.vetoed - new.vetoed
        FROM states WHERE entry_id = new.entry_id AND swept = 0 AND split = 0
        ON CONFLICT DO UPDATE SET unread = unread + excluded.unread, total = total + excluded.total;
END;

CREATE TRIGGER states_changed AFTER UPDATE OF read, swept, split ON states
WHEN (old.read != new.read OR old.swept != new.swept OR old.split != new.split) AND EXISTS (SELECT 1 FROM tag_counts)
BEGIN
    INSERT INTO tag_counts
        SELECT kind, slug,
            (new.read = 0 AND new.swept = 0 AND new.split = 0) - (old.read = 0 AND old.swept = 0 AND old.split = 0),
            (new.swept = 0 AND new.split = 0) - (old.swept = 0 AND old.split = 0)
        FROM tags WHERE entry_id = new.entry_id AND vetoed = 0
        ON CONFLICT DO UPDATE SET unread = unread + excluded.unread, total = total + excluded.total;
END;

CREATE TRIGGER states_gone BEFORE DELETE ON states
WHEN old.swept = 0 AND old.split = 0 AND EXISTS (SELECT 1 FROM tag_counts) BEGIN
    INSERT INTO tag_counts SELECT kind, slug, -(old.read = 0), -1 FROM tags
        WHERE entry_id = old.entry_id AND vetoed = 0
        ON CONFLICT DO UPDATE SET unread = unread + excluded.unread, total = total + excluded.total;
END;

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

CREATE TABLE aliases (                       -- names by which people search for companies and topics
    key TEXT PRIMARY KEY,                    -- folded, without blanks and hyphens
    kind TEXT NOT NULL,
    slug TEXT NOT NULL,
    widens INTEGER NOT NULL,                 -- 1: a search for it also finds what is tagged so
    same TEXT NOT NULL                       -- JSON: other names of the same thing, which it also finds
) STRICT;

CREATE TABLE views (                         -- queries that the reader gave a name
    name TEXT PRIMARY KEY,
    query TEXT NOT NULL,
    made_at TEXT NOT NULL                    -- their order in the pane
) STRICT;

CREATE TABLE mutes (                         -- queries whose entries are out of the lists for a while
    query TEXT PRIMARY KEY,
    until TEXT,                              -- NULL: until it is taken back
    made_at TEXT NOT NULL
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
    found_at INTEGER,                        -- in the text of now; NULL: where it was made, or nowhere
    found_text TEXT,                         -- what stands there
    check_by TEXT,                           -- a day; of claims
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

CREATE INDEX highlights_orphan ON highlights(entry_id) WHERE state = 'orphan';

CREATE INDEX highlights_due ON highlights(check_by) WHERE check_by IS NOT NULL;

CREATE TABLE exports (                       -- what stands in the reader's Markdown files: who changed it since?
    folder TEXT NOT NULL,
    part TEXT NOT NULL,                      -- which file: e42, company-alibaba, 2026-03-02, all
    highlight_id TEXT NOT NULL,              -- no reference: the file outlives the highlight
    note TEXT NOT NULL,                      -- as last written into the file, or read from it
    tags TEXT,                               -- JSON; NULL if the file has none to edit
    kind TEXT,                               -- with the day to check it by; NULL like tags
    stamp TEXT NOT NULL DEFAULT '',          -- of the highlight as it was written; '' if it was only read
    PRIMARY KEY (folder, part, highlight_id)
) STRICT;

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

# For people with queries of their own (docs/schema.md): whatever becomes of the tables, later migrations make these
# anew with the same columns, and only ever add to them.
_VIEWS = """
CREATE VIEW reader_feeds AS
    SELECT feeds.id, feeds.url, coalesce(nullif(own_title, ''), nullif(title, ''), url) AS title, folder, site_url,
        (SELECT count(*) FROM states WHERE feed_id = feeds.id AND swept = 0 AND read = 0) AS unread,
        (SELECT count(*) FROM states WHERE feed_id = feeds.id AND swept = 0) AS total,
        added_at, checked_at, succeeded_at, next_at, status, error
    FROM feeds WHERE removed_at IS NULL;

CREATE VIEW reader_entries AS
    SELECT entries.id, entries.feed_id,
        coalesce(nullif(feeds.own_title, ''), nullif(feeds.title, ''), feeds.url) AS feed, feeds.url AS feed_url,
        entries.guid, entries.title, entries.url, entries.author, entries.lang,
        substr(states.sorted_at, 1, 20) AS published_at, entries.published_at IS NOT NULL AS dated,
        entries.first_seen_at, states.read, states.starred, states.later,
        versions.text
    FROM entries JOIN states ON states.entry_id = entries.id JOIN feeds ON feeds.id = entries.feed_id
    JOIN versions ON versions.id = entries.version_id WHERE states.swept = 0;

CREATE VIEW reader_tags AS
    SELECT tags.entry_id, tags.kind, tags.slug, coalesce(tag_names.name, tags.slug) AS name, tags.salience,
        tags.given_by, tags.evidence
    FROM tags LEFT JOIN tag_names ON tag_names.kind = tags.kind AND tag_names.slug = tags.slug WHERE vetoed = 0;

CREATE VIEW reader_highlights AS
    SELECT id, entry_id, exact AS quote, note, kind, tags, state, made_at, changed_at, title, url, author,
        published_at, feed_title AS feed, feed_url, lang
    FROM highlights
"""
