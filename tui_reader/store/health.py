"""What is wrong with a database, and making what can be made anew."""

from __future__ import annotations

from dataclasses import dataclass

from tui_reader.fold import VERSION

from .database import Database
from .index import Index


@dataclass(frozen=True, slots=True)
class Problem:
    what: str
    remedy: str
    """What puts it right, for a person; "" if nothing can."""


def check(database: Database, index: Index) -> tuple[Problem, ...]:
    """All that is wrong; reads the whole file."""
    problems = [
        Problem(f"damaged: {line}", "`tui-reader doctor --repair`, or restore a backup") for line in damage(database)
    ]
    orphans = len(database.rows("PRAGMA foreign_key_check"))
    if orphans:
        problems.append(Problem(f"{orphans} rows point at rows that are gone", ""))
    stateless = database.value("SELECT count(*) FROM entries WHERE id NOT IN (SELECT entry_id FROM states)")
    if stateless:
        problems.append(Problem(f"{stateless} entries are in no list", "`tui-reader doctor --repair`"))
    if not index.current():
        problems.append(Problem(f"the search index is not of version {VERSION}", "`tui-reader doctor --repair`"))
    entries = database.value("SELECT count(*) FROM entries WHERE version_id IS NOT NULL")
    indexed = database.value("SELECT count(*) FROM search")
    if entries != indexed:
        problems.append(
            Problem(f"the search index has {indexed:,} of {entries:,} entries", "`tui-reader doctor --repair`")
        )
    return tuple(problems)


def damage(database: Database) -> tuple[str, ...]:
    """What SQLite finds broken in the file, the first few of it. Reads the whole file."""
    return tuple(line for line in database.column("PRAGMA integrity_check(5)") if line != "ok")


def repair(database: Database, index: Index) -> tuple[str, ...]:
    """Make anew what follows from the rest. → what was done. For a file that is not damaged: see `salvage`."""
    done = []
    with database.writing():
        missing = database.value("SELECT count(*) FROM entries WHERE id NOT IN (SELECT entry_id FROM states)")
        if missing:
            database.run(
                "INSERT INTO states (entry_id, feed_id, sorted_at) "
                "SELECT id, feed_id, coalesce(published_at, first_seen_at) FROM entries "
                "WHERE id NOT IN (SELECT entry_id FROM states)"
            )
            done.append(f"put {missing:,} entries back into the lists")
        database.run("DELETE FROM tag_counts")
        count = index.rebuild()
        done.append(f"indexed {count:,} {'entry' if count == 1 else 'entries'} anew")
    return tuple(done)
