"""The retention drawer: entries that have had their time give back their text; who they are stays known.

Without rules nothing ever goes. What a reader starred, put by, highlighted or tagged by hand never goes, nor does what
they touched in the last weeks: undo must find it.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .database import Database
from .feeds import KEPT
from .index import Index
from .journal import Journal
from .times import from_text, to_text

REMOVED = 2
"""In `states.swept`, where 1 and -1 are out of the lists and still whole."""

_TOUCHED = timedelta(days=30)

_QUIET = timedelta(days=60)
"""How long the feeds may have been silent: a clock that is years ahead must not empty an archive."""

_EMPTY = "INSERT INTO versions (entry_id, title, html, text, origin, made_at) VALUES (?, '', x'', '', 'feed', ?)"

_SPARE = 0.05
"""Share of the file that may lie free for what comes next."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What may go; None is no rule."""

    age: timedelta | None = None
    """Published and fetched longer ago."""
    per_feed: int | None = None
    """Not among the newest so many of its feed."""
    unread: bool = True
    """What is unread stays all the same."""

    def __bool__(self) -> bool:
        return self.age is not None or self.per_feed is not None


KEEP_ALL = Rules()


class Retention:
    def __init__(self, database: Database, journal: Journal, index: Index) -> None:
        self._database = database
        self._journal = journal
        self._index = index

    def due(self, rules: Rules, now: datetime) -> array[int]:
        """The entries that these rules remove, oldest first."""
        if not rules or not self._index.current():
            return array("q")
        parts: list[str] = []
        parameters: list[str | int] = []
        if rules.age is not None:
            before = to_text(self._today(now) - rules.age)
            parts.append("sorted_at < ? AND entry_id IN (SELECT id FROM entries WHERE first_seen_at < ?)")
            parameters += [before, before]
        if rules.per_feed is not None:
            parts.append(
                "entry_id IN (SELECT entry_id FROM (SELECT entry_id, row_number() OVER "
                "(PARTITION BY feed_id ORDER BY sorted_at DESC, entry_id DESC) AS place FROM states) WHERE place > ?)"
            )
            parameters.append(rules.per_feed)
        touched = self._journal.entries_since(now - _TOUCHED)
        found = self._database.column(
            f"SELECT entry_id FROM states WHERE swept < {REMOVED} AND ({' OR '.join(f'({part})' for part in parts)}) "
            f"AND (? OR read = 1 OR swept != 0) AND NOT {KEPT} ORDER BY sorted_at, entry_id",
            (*parameters, not rules.unread),
        )
        return array("q", (entry_id for entry_id in found if entry_id not in touched))

    def size(self, ids: Sequence[int]) -> int:
        """About how many bytes these entries take: their text, its mark-up and its earlier versions."""
        return int(
            self._database.value(
                "SELECT coalesce(sum(length(html) + length(CAST(text AS BLOB)) + coalesce(length(packed), 0)), 0) "
                "FROM versions WHERE entry_id IN (SELECT value FROM json_each(?))",
                (_json(ids),),
            )
        )

    def remove(self, ids: Sequence[int]) -> None:
        """Meant for a hundred at a time: others want to write in between. The row, its guid and its title stay."""
        with self._database.writing():
            for row in self._database.rows(
                "SELECT entries.id, entries.title, versions.text, author, made_at FROM entries "
                "JOIN versions ON versions.id = version_id "
                f"WHERE entries.id IN (SELECT entry_id FROM states WHERE swept < {REMOVED} AND NOT {KEPT} "
                "AND entry_id IN (SELECT value FROM json_each(?)))",
                (_json(ids),),
            ):
                entry_id, title, author = row["id"], row["title"], row["author"]
                self._index.replace(entry_id, old=(title, row["text"], author), new=(title, "", author))
                # A new row, for an old one that shrinks keeps its page.
                self._database.run("DELETE FROM versions WHERE entry_id = ?", (entry_id,))
                self._database.run(
                    "UPDATE entries SET version_id = ? WHERE id = ?",
                    (self._database.run(_EMPTY, (entry_id, row["made_at"])), entry_id),
                )
                self._database.run("DELETE FROM tags WHERE entry_id = ?", (entry_id,))
                self._database.run(f"UPDATE states SET swept = {REMOVED} WHERE entry_id = ?", (entry_id,))
            # The index notes what goes, and forgets it when its parts are merged: a little each time.
            self._database.run("INSERT INTO search (search, rank) VALUES ('merge', 200)")

    def give_back(self, pages: int) -> bool:
        """Return so many free pages to the system. → whether there are more of them than will be needed soon."""
        free, all_pages = (int(self._database.value(f"PRAGMA {name}")) for name in ("freelist_count", "page_count"))
        spare = max(pages, int(all_pages * _SPARE))
        if free <= spare or not self._database.value("PRAGMA auto_vacuum"):
            return False
        self._database.shrink(min(pages, free - spare))
        return free - pages > spare

    def _today(self, now: datetime) -> datetime:
        """The clock, unless the news disagrees: no feed has said anything for long, by this clock."""
        newest = self._database.value("SELECT max(published_at) FROM entries WHERE published_at <= ?", (to_text(now),))
        return min(now, from_text(newest) + _QUIET) if newest else now


def _json(ids: Sequence[int]) -> str:
    return "[" + ",".join(map(str, ids)) + "]"
