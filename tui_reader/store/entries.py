"""The entries drawer: what feeds said, version by version, and whether the reader has read, starred or kept it."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tui_reader.errors import NotFoundError
from tui_reader.model import Article, CleanEntry, Entry

from .compile import Condition
from .database import Database, Row
from .highlights import Highlights
from .index import Index
from .journal import Journal, field_changes
from .tags import Tags
from .times import from_text, to_text, to_text_or_none

StateField = Literal["read", "starred", "later"]

_WORDS = {
    ("read", True): "marked {} read", ("read", False): "marked {} unread",
    ("starred", True): "starred {}", ("starred", False): "unstarred {}",
    ("later", True): "put {} on the read-later list", ("later", False): "took {} off the read-later list",
}  # fmt: skip

_CUT_OFF = ("…", "...", "[…]", "[...]", "Read more", "Continue reading", "阅读全文", "閱讀全文", "查看全文")

_ROWS = """
SELECT entries.id, entries.feed_id,
    coalesce(nullif(feeds.own_title, ''), nullif(feeds.title, ''), feeds.url) AS feed_title, feeds.url AS feed_url,
    entries.title, entries.url, entries.author, states.sorted_at, entries.published_at,
    entries.lang, states.read, states.starred, states.later,
    states.read = 1 AND states.read_version_id IS NOT NULL AND states.read_version_id != entries.version_id AS changed,
    (SELECT count(*) FROM highlights WHERE highlights.entry_id = entries.id) AS highlights
FROM entries JOIN states ON states.entry_id = entries.id JOIN feeds ON feeds.id = entries.feed_id
WHERE entries.id IN (SELECT value FROM json_each(?))
"""


@dataclass(frozen=True, slots=True)
class Saved:
    """What `save` did, by the ids of the entries."""

    new: dict[int, CleanEntry]
    updated: dict[int, CleanEntry]


class Entries:
    def __init__(self, database: Database, journal: Journal, index: Index, tags: Tags, highlights: Highlights) -> None:
        self._database = database
        self._journal = journal
        self._index = index
        self._tags = tags
        self._highlights = highlights

    # --- lists

    def ids(self, condition: Condition, *, limit: int | None = None) -> array[int]:
        """The snapshot behind a list: entry ids, newest first."""
        sql = f"SELECT states.entry_id FROM states WHERE {condition.sql} ORDER BY sorted_at DESC, entry_id DESC LIMIT ?"
        return array("q", self._database.column(sql, (*condition.parameters, -1 if limit is None else limit)))

    def count(self, condition: Condition) -> int:
        return int(self._database.value(f"SELECT count(*) FROM states WHERE {condition.sql}", condition.parameters))

    def count_state(self, field: Literal["starred", "later"]) -> int:
        """How many entries are starred, or on the read-later list."""
        return int(self._database.value(f"SELECT count(*) FROM states WHERE {field} = 1 AND swept = 0"))

    def by_guid(self) -> dict[str, int]:
        """The ids of all entries, by what their feeds call them. Meant for small stores."""
        return {row["guid"]: row["id"] for row in self._database.rows("SELECT guid, id FROM entries")}

    def cut_off(self) -> tuple[int, ...]:
        """Unread entries whose feed text ends as cut-off texts do, and whose page has not been read yet."""
        endings = " OR ".join(["versions.text LIKE ?"] * len(_CUT_OFF))
        return tuple(
            self._database.column(
                "SELECT entries.id FROM states JOIN entries ON entries.id = states.entry_id "
                f"JOIN versions ON versions.id = entries.version_id WHERE read = 0 AND swept = 0 AND url IS NOT NULL "
                f"AND origin = 'feed' AND ({endings}) ORDER BY sorted_at DESC",
                tuple(f"%{ending}" for ending in _CUT_OFF),
            )
        )

    def first_unread(self, ids: Sequence[int]) -> int | None:
        """Index of the first of these that is unread; None if all are read."""
        for start in range(0, len(ids), 5000):
            found = self._database.value(
                "SELECT min(each.key) FROM json_each(?) AS each JOIN states ON states.entry_id = each.value "
                "WHERE read = 0",
                ("[" + ",".join(map(str, ids[start : start + 5000])) + "]",),
            )
            if found is not None:
                return start + int(found)
        return None

    def rows(self, ids: Sequence[int]) -> tuple[Entry, ...]:
        """The entries of these ids, in this order; ids that do not exist are left out. Meant for a screenful."""
        wanted = "[" + ",".join(map(str, ids)) + "]"
        tags = self._tags.slugs(ids)
        found = {
            row["id"]: _entry(row, *tags.get(row["id"], ((), ()))) for row in self._database.rows(_ROWS, (wanted,))
        }
        return tuple(found[entry_id] for entry_id in ids if entry_id in found)

    def article(self, entry_id: int) -> Article:
        """Raises NotFoundError."""
        entry = self.rows([entry_id])
        if not entry:
            raise _no_entry(entry_id)
        row = self._database.row(
            "SELECT versions.id, html, text, "
            "(SELECT count(*) FROM versions AS v WHERE v.entry_id = entries.id) AS versions "
            "FROM entries JOIN versions ON versions.id = entries.version_id WHERE entries.id = ?",
            (entry_id,),
        )
        if row is None:
            raise _no_entry(entry_id)
        return Article(
            entry=entry[0],
            version_id=row["id"],
            html=row["html"],
            text=row["text"],
            tags=self._tags.of(entry_id),
            highlights=self._highlights.of_entry(entry_id),
            versions=row["versions"],
        )

    # --- what the reader does

    def mark(self, ids: Iterable[int], field: StateField, *, value: bool, now: datetime, action: str = "mark") -> int:
        """One undoable step for all of them. → how many changed. `action` "open" is reading on, which undo passes over.

        Raises NotFoundError for an id that does not exist.
        """
        wanted = list(dict.fromkeys(ids))
        with self._database.writing():
            olds = dict(
                tuple(row)
                for row in self._database.rows(
                    f"SELECT entry_id, {field} FROM states WHERE entry_id IN (SELECT value FROM json_each(?))",
                    ("[" + ",".join(map(str, wanted)) + "]",),
                )
            )
            missing = next((entry_id for entry_id in wanted if entry_id not in olds), None)
            if missing is not None:
                raise _no_entry(missing)
            changes = field_changes("states", field, olds, new=int(value))
            changed = [entry_id for change in changes for entry_id in change["ids"]]
            description = _WORDS[field, value].format(self._name(changed))
            self._journal.do(changes, action=action, description=description, now=now)
            if field == "read" and value:
                self._remember_version(changed)
        return len(changed)

    def mark_view_read(self, condition: Condition, *, now: datetime) -> int:
        """All unread entries of a view, in one undoable step. → how many."""
        unread = Condition(f"({condition.sql}) AND read = 0", condition.parameters)
        with self._database.writing():
            return self.mark(self.ids(unread), "read", value=True, now=now)

    # --- what comes in

    def save(self, feed_id: int, entries: Iterable[CleanEntry], now: datetime) -> Saved:
        """Store what a feed says now. Known guids with another title or text get a new version."""
        new: dict[int, CleanEntry] = {}
        updated: dict[int, CleanEntry] = {}
        with self._database.writing():
            known = {
                row["guid"]: (row["id"], row["version_id"])
                for row in self._database.rows("SELECT id, guid, version_id FROM entries WHERE feed_id = ?", (feed_id,))
            }
            seen = set()
            for entry in entries:
                if entry.guid in seen:
                    continue
                seen.add(entry.guid)
                if entry.guid not in known:
                    new[self._insert(feed_id, entry, now)] = entry
                elif self._update(*known[entry.guid], entry, now=now):
                    updated[known[entry.guid][0]] = entry
        return Saved(new, updated)

    def save_page(self, entry_id: int, *, html: str, text: str, now: datetime) -> bool:
        """The full text of an entry, as its web page has it: a new version. → False if it says nothing new."""
        with self._database.writing():
            row = self._database.row(
                "SELECT v.title, v.text FROM entries JOIN versions AS v ON v.id = entries.version_id "
                "WHERE entries.id = ?",
                (entry_id,),
            )
            if row is None:
                raise _no_entry(entry_id)
            if row["text"] == text:
                return False
            self._new_version(entry_id, title=row["title"], html=html, text=text, origin="page", now=now)
        return True

    def published(self, feed_id: int, *, limit: int = 20) -> tuple[datetime, ...]:
        """When the newest entries of a feed were published: its rhythm."""
        times = self._database.column(
            "SELECT sorted_at FROM states WHERE feed_id = ? AND swept = 0 ORDER BY sorted_at DESC LIMIT ?",
            (feed_id, limit),
        )
        return tuple(map(from_text, times))

    def _insert(self, feed_id: int, entry: CleanEntry, now: datetime) -> int:
        entry_id = self._database.run(
            "INSERT INTO entries (feed_id, guid, url, title, author, lang, published_at, first_seen_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                feed_id, entry.guid, entry.url, entry.title, entry.author, entry.lang,
                to_text_or_none(entry.published_at), to_text(now),
            ),
        )  # fmt: skip
        self._database.run(
            "INSERT INTO states (entry_id, feed_id, sorted_at) VALUES (?, ?, ?)",
            (entry_id, feed_id, to_text(entry.published_at or now)),
        )
        self._add_version(entry_id, title=entry.title, html=entry.html, text=entry.text, origin="feed", now=now)
        self._index.add(entry_id, title=entry.title, text=entry.text, author=entry.author)
        return entry_id

    def _update(self, entry_id: int, version_id: int, entry: CleanEntry, *, now: datetime) -> bool:
        """→ whether the reader would see a difference."""
        row = self._database.row(
            "SELECT entries.url, entries.author, v.title, v.html, v.text FROM entries JOIN versions AS v ON v.id = ? "
            "WHERE entries.id = ?",
            (self._feed_version(entry_id, version_id), entry_id),
        )
        if row is None or (row["title"], row["text"]) == (entry.title, entry.text):
            if row is not None and (row["url"], row["html"]) != (entry.url, entry.html):
                self._touch(entry_id, version_id, entry)
            return False
        self._new_version(entry_id, title=entry.title, html=entry.html, text=entry.text, origin="feed", now=now)
        self._database.run(
            "UPDATE entries SET url = ?, title = ?, lang = ? WHERE id = ?",
            (entry.url, entry.title, entry.lang, entry_id),
        )
        return True

    def _feed_version(self, entry_id: int, version_id: int) -> int:
        """The last version that came from the feed: an extracted page is no news when the feed says what it said."""
        found = self._database.value("SELECT max(id) FROM versions WHERE entry_id = ? AND origin = 'feed'", (entry_id,))
        return int(found) if found else version_id

    def _touch(self, entry_id: int, version_id: int, entry: CleanEntry) -> None:
        """The same words in another mark-up, or at another address: no new version."""
        self._database.run("UPDATE entries SET url = ? WHERE id = ?", (entry.url, entry_id))
        self._database.run("UPDATE versions SET html = ? WHERE id = ? AND origin = 'feed'", (entry.html, version_id))

    def _new_version(self, entry_id: int, *, title: str, html: str, text: str, origin: str, now: datetime) -> None:
        old = self._database.row(
            "SELECT entries.title, entries.author, v.text FROM entries JOIN versions AS v ON v.id = entries.version_id "
            "WHERE entries.id = ?",
            (entry_id,),
        )
        if old is not None:
            self._index.replace(
                entry_id, old=(old["title"], old["text"], old["author"]), new=(title, text, old["author"])
            )
        self._add_version(entry_id, title=title, html=html, text=text, origin=origin, now=now)
        self._highlights.find_again(entry_id, text)

    def _add_version(self, entry_id: int, *, title: str, html: str, text: str, origin: str, now: datetime) -> None:
        version_id = self._database.run(
            "INSERT INTO versions (entry_id, title, html, text, origin, made_at) VALUES (?, ?, ?, ?, ?, ?)",
            (entry_id, title, html, text, origin, to_text(now)),
        )
        self._database.run("UPDATE entries SET version_id = ? WHERE id = ?", (version_id, entry_id))

    def _remember_version(self, ids: Sequence[int]) -> None:
        self._database.run(
            "UPDATE states SET read_version_id = (SELECT version_id FROM entries WHERE entries.id = states.entry_id) "
            "WHERE entry_id IN (SELECT value FROM json_each(?))",
            ("[" + ",".join(map(str, ids)) + "]",),
        )

    def _name(self, ids: Sequence[int]) -> str:
        if len(ids) != 1:
            return f"{len(ids):,} entries"
        title = str(self._database.value("SELECT title FROM entries WHERE id = ?", (ids[0],)))
        return f"“{title[:60]}”" if title else "an entry"


def _no_entry(entry_id: int) -> NotFoundError:
    return NotFoundError(f"no entry {entry_id}: `tui-reader list --json` shows the ids")


def _entry(row: Row, companies: tuple[str, ...], topics: tuple[str, ...]) -> Entry:
    return Entry(
        id=row["id"],
        feed_id=row["feed_id"],
        feed_title=row["feed_title"],
        feed_url=row["feed_url"],
        title=row["title"],
        url=row["url"],
        author=row["author"],
        published_at=from_text(row["sorted_at"]),
        dated=row["published_at"] is not None,
        lang=row["lang"],
        read=bool(row["read"]),
        starred=bool(row["starred"]),
        later=bool(row["later"]),
        changed=bool(row["changed"]),
        highlights=row["highlights"],
        companies=companies,
        topics=topics,
    )
