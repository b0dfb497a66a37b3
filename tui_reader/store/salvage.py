"""A damaged file → a new one with all that can still be read. The damaged one is kept beside it, byte for byte."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from tui_reader.errors import StoreCorruptError, StoreError

from .database import SQLITE_ERRORS, open_database
from .markup import pack_html
from .versions import unpacked

_TABLES = (
    "meta", "feeds", "entries", "versions", "states", "tags", "tag_names", "tag_vetoes", "tag_marks", "aliases",
    "views", "mutes", "highlights", "exports", "journal",
)  # fmt: skip
_FAR = 2**62
_BLIND = 10_000
"""How many rows are tried one by one where no later one was found."""

# What the reader made must not go because its article is gone: highlights carry enough to stand in for it.
_STAND_INS = """
INSERT INTO entries (id, feed_id, guid, url, title, author, lang, published_at, first_seen_at, version_id)
    SELECT entry_id, coalesce((SELECT id FROM feeds WHERE feeds.url = feed_url), 0), 'lost:' || entry_id, url, title,
        author, lang, published_at, min(made_at), max(version_id)
    FROM highlights WHERE entry_id NOT IN (SELECT id FROM entries) GROUP BY entry_id;
INSERT INTO versions (id, entry_id, title, html, text, origin, made_at)
    SELECT version_id, entry_id, title, x'', prefix || exact || suffix, 'feed', min(made_at)
    FROM highlights WHERE version_id NOT IN (SELECT id FROM versions) GROUP BY version_id;
UPDATE entries SET version_id = (SELECT max(id) FROM versions WHERE entry_id = entries.id)
    WHERE version_id IS NULL OR version_id NOT IN (SELECT id FROM versions);
UPDATE entries SET parent_id = NULL WHERE parent_id NOT IN (SELECT id FROM entries);
INSERT INTO versions (entry_id, title, html, text, origin, made_at)
    SELECT id, title, x'', '', 'feed', first_seen_at FROM entries WHERE version_id IS NULL;
UPDATE entries SET version_id = (SELECT max(id) FROM versions WHERE entry_id = entries.id) WHERE version_id IS NULL;
INSERT INTO feeds (id, url, position, added_at, removed_at)
    SELECT feed_id, 'lost:' || feed_id, 0, min(first_seen_at), min(first_seen_at)
    FROM entries WHERE feed_id NOT IN (SELECT id FROM feeds) GROUP BY feed_id
"""


def salvage(path: Path, now: datetime) -> tuple[str, ...]:
    """→ what was done. Raises StoreCorruptError if nothing can be read; the file then stays where it is."""
    part = path.with_name(path.name + ".salvaged")
    _remove(part)
    try:
        kept = _copy_all(path, part)
        if not kept.get("entries") and not kept.get("feeds"):
            raise StoreCorruptError(f"nothing can be read from {path}: restore a backup")
        aside = _set_aside(path, now)
        part.replace(path)
    except SQLITE_ERRORS as error:
        raise StoreCorruptError(f"nothing can be read from {path} ({error}): restore a backup") from error
    except OSError as error:
        raise StoreError(f"cannot write beside {path}: {error.strerror}") from error
    finally:
        _remove(part)
    return (f"saved {_counts(kept)} into a new database", f"the damaged one is {aside}")


def saveable(path: Path) -> str:
    """What `salvage` would save, in words; reads the whole file. Raises StoreCorruptError if nothing can be read."""
    try:
        with contextlib.closing(_open_damaged(path)) as old:
            kept = {table: sum(1 for _ in _readable(old, f"SELECT rowid, * FROM {table}")) for table in _TABLES}
    except SQLITE_ERRORS as error:
        raise StoreCorruptError(f"nothing can be read from {path} ({error}): restore a backup") from error
    if not kept["entries"] and not kept["feeds"]:
        raise StoreCorruptError(f"nothing can be read from {path}: restore a backup")
    return _counts(kept)


def _counts(kept: Mapping[str, int]) -> str:
    return ", ".join(f"{kept[name]:,} {name}" for name in ("feeds", "entries", "versions", "highlights"))


def _copy_all(source: Path, target: Path) -> dict[str, int]:
    """→ how many rows of each table could be read."""
    with contextlib.closing(open_database(target)):
        pass
    old = _open_damaged(source)
    new = sqlite3.connect(target, isolation_level=None)
    with contextlib.closing(old), contextlib.closing(new):
        new.execute("BEGIN")
        kept = {table: _copy(old, new, table) for table in _TABLES}
        _drop_unreadable(new)
        for statement in _STAND_INS.split(";\n"):
            new.execute(statement)
        _unpack_current(new)
        # What is left points at rows that are gone, and means nothing without them.
        while lost := new.execute("PRAGMA foreign_key_check").fetchall():
            for table, rowid, *_ in lost:
                new.execute(f"DELETE FROM {table} WHERE rowid = ?", (rowid,))
        new.execute("COMMIT")
    return kept


def _open_damaged(path: Path) -> sqlite3.Connection:
    # Read-only: closing an ordinary connection would write the rest of the log into the damaged file.
    old = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        # A schema that is damaged in places is then read as far as it goes.
        old.execute("PRAGMA writable_schema = ON")
        old.text_factory = lambda raw: raw.decode("utf-8", "replace")
        # Raises if the file is no database at all; where it is one, the rest may still be broken.
        old.execute("PRAGMA user_version").fetchone()
    except BaseException:
        old.close()
        raise
    return old


def _drop_unreadable(new: sqlite3.Connection) -> None:
    """Earlier texts of which what they were packed against is lost."""
    lost = [version_id for version_id, text in _unpacked(new, "packed IS NOT NULL") if text is None]
    new.executemany("DELETE FROM versions WHERE id = ?", [(version_id,) for version_id in lost])


def _unpack_current(new: sqlite3.Connection) -> None:
    """Where the current text is lost, an earlier one has taken its place."""
    current = "packed IS NOT NULL AND id IN (SELECT version_id FROM entries)"
    for version_id, text in list(_unpacked(new, current)):
        html, plain = text or ("", "")
        new.execute(
            "UPDATE versions SET html = ?, text = ?, packed = NULL WHERE id = ?",
            (pack_html(html, plain), plain, version_id),
        )


def _unpacked(new: sqlite3.Connection, where: str) -> Iterator[tuple[int, tuple[str, str] | None]]:
    """→ id, and HTML and text, or None where they cannot be read."""
    rows = new.cursor()
    rows.row_factory = sqlite3.Row
    for row in rows.execute(
        "SELECT *, (SELECT packed FROM versions AS each WHERE each.entry_id = versions.entry_id ORDER BY id LIMIT 1) "
        f"AS oldest FROM versions WHERE {where}"
    ):
        try:
            yield row["id"], unpacked(row, zlib.decompress(row["oldest"] or b""))
        except (ValueError, zlib.error):
            yield row["id"], None


def _copy(old: sqlite3.Connection, new: sqlite3.Connection, table: str) -> int:
    columns = ", ".join(row[1] for row in new.execute(f"PRAGMA table_info({table})"))
    marks = ", ".join("?" * (columns.count(",") + 1))
    before = new.total_changes
    for row in _readable(old, f"SELECT rowid, {columns} FROM {table}"):
        with contextlib.suppress(sqlite3.IntegrityError):
            new.execute(f"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({marks})", row[1:])
    return new.total_changes - before


def _readable(old: sqlite3.Connection, select: str) -> Iterator[tuple[Any, ...]]:
    """From the front to the first damage, from the back to the last, and what lies between row by row."""
    first, last = 0, _FAR
    with contextlib.suppress(*SQLITE_ERRORS):
        for row in old.execute(f"{select} NOT INDEXED ORDER BY rowid"):
            first = row[0]
            yield row
        return
    with contextlib.suppress(*SQLITE_ERRORS):
        for row in old.execute(f"{select} NOT INDEXED WHERE rowid > ? ORDER BY rowid DESC", (first,)):
            last = row[0]
            yield row
    for rowid in range(first + 1, first + _BLIND if last == _FAR else last):
        with contextlib.suppress(*SQLITE_ERRORS):
            yield from old.execute(f"{select} NOT INDEXED WHERE rowid = ?", (rowid,))


def _set_aside(path: Path, now: datetime) -> Path:
    """A second name for the damaged file, which was free; its log goes there, for it may hold what the file does not.

    At no moment is there no file: a program that starts would make an empty one.
    """
    log = path.with_name(f"{path.name}-wal")
    name = f"{path.name}.damaged-{now:%Y%m%dT%H%M%S}"
    taken = {each.name for each in path.parent.iterdir()}
    aside = path.with_name(next(each for n in range(len(taken) + 1) if (each := f"{name}-{n}") not in taken))
    try:
        aside.hardlink_to(path)
    except OSError:
        # This disk has no second names.
        shutil.copyfile(path, aside)
    if log.exists() and log.stat().st_size:
        log.rename(aside.with_name(f"{aside.name}-wal"))
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    return aside


def _remove(part: Path) -> None:
    """Whatever is left of a database."""
    for ending in ("", "-wal", "-shm"):
        part.with_name(part.name + ending).unlink(missing_ok=True)
