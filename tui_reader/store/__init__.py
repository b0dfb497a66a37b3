"""The SQLite store, a drawer for each noun. No row and no dict leaves it: only the values of `model`.

A store belongs to the thread that opened it; other threads and processes open their own on the same file.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from tui_reader.model import Term, Undone

from .arrivals import Arrivals, Saved
from .compile import Condition, entry_condition, highlight_condition
from .database import Database, open_database, open_memory
from .entries import Entries, StateField
from .exports import Exports, Stamped
from .feeds import Feeds
from .health import Problem, check, damage, repair
from .highlights import Highlights
from .imports import Imported, Imports
from .index import Index
from .journal import Journal
from .lease import LeaseHeld, refresh_lease
from .salvage import salvage
from .search import Search, words_pattern
from .tags import TagCount, Tags
from .times import to_text

__all__ = [
    "Condition",
    "Exports",
    "Highlights",
    "Imported",
    "LeaseHeld",
    "Problem",
    "Saved",
    "Stamped",
    "StateField",
    "Store",
    "TagCount",
    "open_demo_store",
    "open_store",
    "refresh_lease",
    "salvage",
    "words_pattern",
]


class Store:
    def __init__(self, database: Database, path: Path | None) -> None:
        self.path = path
        """None for the demo, which has no file."""
        self.database = database
        self.journal = Journal(database)
        self.index = Index(database)
        self.tags = Tags(database, self.journal)
        self.highlights = Highlights(database, self.journal, self.tags)
        self.exports = Exports(database)
        self.feeds = Feeds(database, self.journal)
        self.entries = Entries(database, self.journal, self.tags, self.highlights)
        self.arrivals = Arrivals(database, self.index, self.highlights)
        self.imports = Imports(database, self.entries, self.highlights, self.arrivals)
        self.search = Search(database, self.entries)
        self._slugs: dict[tuple[str, str], str] = {}

    @property
    def writable(self) -> bool:
        return self.database.writable

    def condition(self, term: Term | None) -> Condition:
        """A query, for lists of entries."""
        return entry_condition(term, self.database, resolve=self._resolve)

    def highlight_condition(self, term: Term | None) -> Condition:
        """A query, for lists of highlights."""
        return highlight_condition(term, self.database, resolve=self._resolve)

    def undo(self, now: datetime) -> Undone | None:
        return self._turn(self.journal.undo, now)

    def redo(self, now: datetime) -> Undone | None:
        return self._turn(self.journal.redo, now)

    def writing(self) -> contextlib.AbstractContextManager[None]:
        """A transaction: all that is done within it happens, or nothing."""
        return self.database.writing()

    def changes_by_others(self) -> int:
        return self.database.changes_by_others()

    def check(self) -> tuple[Problem, ...]:
        return check(self.database, self.index)

    def damage(self) -> tuple[str, ...]:
        """What is broken in the file itself; empty if it is sound."""
        return damage(self.database)

    def repair(self) -> tuple[str, ...]:
        return repair(self.database, self.index)

    def end_session(self, now: datetime) -> None:
        """From here on, `is:new` means what came after."""
        with self.writing():
            self.database.run("INSERT OR REPLACE INTO meta (key, value) VALUES ('last_session_at', ?)", (to_text(now),))

    def _turn(self, turn: Callable[[datetime], Undone | None], now: datetime) -> Undone | None:
        with self.writing():
            undone = turn(now)
            if undone:
                # A highlight that comes back may find its article edited.
                self.highlights.find_all_again(undone.entry_ids)
        return undone

    def _resolve(self, kind: str, text: str) -> str:
        """A slug for what a reader calls a company or topic."""
        if self.tags.known(kind, text.lower()):
            return text.lower()
        if (kind, text) not in self._slugs:
            # Loaded late: most queries name a slug, and the application should start without the taxonomy.
            from tui_reader.tagging import load_taxonomy

            self._slugs[kind, text] = load_taxonomy().find(text) or text.lower()
        return self._slugs[kind, text]


@contextlib.contextmanager
def open_store(path: Path, *, create: bool = True, busy_seconds: float = 30.0) -> Iterator[Store]:
    """The store in the file, made or brought up to date if need be. Raises StoreError and its kinds."""
    database = open_database(path, create=create, busy_seconds=busy_seconds)
    try:
        yield Store(database, path)
    finally:
        database.close()


@contextlib.contextmanager
def open_demo_store() -> Iterator[Store]:
    """A store in memory, which leaves no trace on disk."""
    database = open_memory("tui-reader-demo")
    try:
        yield Store(database, None)
    finally:
        database.close()
