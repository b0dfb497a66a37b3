"""The SQLite store, a drawer for each noun. No row and no dict leaves it: only the values of `model`.

A store belongs to the thread that opened it; other threads and processes open their own on the same file.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from tui_reader.model import Expansion, Term, Undone

from .aliases import Aliases
from .arrivals import Arrivals, Saved
from .compile import Condition, entry_condition, highlight_condition
from .database import Database, open_database, open_memory
from .entries import Entries, StateField
from .exports import Exports, Stamped
from .feeds import Feeds
from .following import Following, Mark, Order, Together
from .health import Problem, check, damage, repair
from .highlights import Grouping, Highlights, Sorting
from .imports import Imported, Imports
from .index import Index
from .journal import Journal, Step
from .lease import LeaseHeld, refresh_lease
from .mutes import Mutes
from .retagging import EntryText, Given, Retagging
from .retention import KEEP_ALL, Retention, Rules
from .salvage import salvage, saveable
from .search import Search, words_pattern
from .stories import Stories
from .tags import TagCount, Tags
from .times import to_text
from .versions import Versions
from .vetoes import Vetoes
from .views import Views

__all__ = [
    "KEEP_ALL",
    "Condition",
    "EntryText",
    "Exports",
    "Given",
    "Grouping",
    "Highlights",
    "Imported",
    "LeaseHeld",
    "Mark",
    "Order",
    "Problem",
    "Rules",
    "Saved",
    "Sorting",
    "Stamped",
    "StateField",
    "Store",
    "TagCount",
    "Together",
    "open_demo_store",
    "open_store",
    "refresh_lease",
    "salvage",
    "saveable",
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
        self.following = Following(database, self.journal, self.tags)
        self.vetoes = Vetoes(database, self.journal)
        self.retagging = Retagging(database, self.tags)
        self.versions = Versions(database)
        self.highlights = Highlights(database, self.journal, self.tags, self.versions)
        self.exports = Exports(database)
        self.feeds = Feeds(database, self.journal)
        self.entries = Entries(database, self.journal, self.tags, self.highlights)
        self.arrivals = Arrivals(database, self.index, self.highlights, self.versions)
        self.imports = Imports(database, self.entries, self.highlights, self.arrivals)
        self.stories = Stories(database, self.journal, self.arrivals)
        self.retention = Retention(database, self.journal, self.index)
        self.aliases = Aliases(database, self.tags)
        self.search = Search(database, self.entries, self.tags, self.aliases)
        self.views = Views(database, self.journal)
        self.mutes = Mutes(database, self.journal, self._condition_among)

    @property
    def writable(self) -> bool:
        return self.database.writable

    def condition(self, term: Term | None, *, whole: bool = False) -> Condition:
        """A query, for lists of entries. Names of companies and products stand for their other names too.

        `whole`: to count all that fit, not to list the first of them in their order.

        Raises QueryError for a company, topic, feed or folder that nobody knows.
        """
        expanded = self.aliases.expand(term).term
        return entry_condition(expanded, self.database, resolve=self.aliases.slug, whole=whole)

    def expansions(self, term: Term | None) -> tuple[Expansion, ...]:
        """What `condition` looks for beyond the words themselves."""
        return self.aliases.expand(term).used

    def highlight_condition(self, term: Term | None) -> Condition:
        """A query, for lists of highlights: here words are what the reader marked or wrote, and nothing else."""
        return highlight_condition(term, self.database, resolve=self.aliases.slug)

    def undo(self, now: datetime) -> Undone | None:
        return self._turn(self.journal.undo, now)

    def redo(self, now: datetime) -> Undone | None:
        return self._turn(self.journal.redo, now)

    def one_step(self, now: datetime) -> contextlib.AbstractContextManager[Step]:
        """A transaction whose deeds are undone together."""
        return self.journal.one_step(now)

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

    def _condition_among(self, term: Term, among: str) -> Condition:
        expanded = self.aliases.expand(term).term
        return entry_condition(expanded, self.database, resolve=self.aliases.slug, whole=True, among=among)

    def _turn(self, turn: Callable[[datetime], Undone | None], now: datetime) -> Undone | None:
        with self.writing():
            undone = turn(now)
            if undone:
                self.mutes.settle(now)
                # A highlight that comes back may find its article edited.
                self.highlights.find_all_again(undone.entry_ids)
        return undone


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
