"""The entries drawer: what feeds said, version by version, and whether the reader has read, starred or kept it."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from tui_reader.model import Article, Entry

from .compile import Condition
from .database import Database, Row
from .highlights import Highlights
from .journal import Journal, field_changes
from .markup import unpack_html
from .naming import called_together, missing_entry
from .tags import Slugs, Tags
from .times import from_text

StateField = Literal["read", "starred", "later"]

_WORDS = {
    ("read", True): "marked {} read", ("read", False): "marked {} unread",
    ("starred", True): "starred {}", ("starred", False): "unstarred {}",
    ("later", True): "put {} on the read-later list", ("later", False): "took {} off the read-later list",
}  # fmt: skip

_CUT_OFF = ("…", "...", "[…]", "[...]", "Read more", "Continue reading", "阅读全文", "閱讀全文", "查看全文")

_IDS = "SELECT states.entry_id FROM states WHERE {condition} ORDER BY sorted_at DESC, entry_id DESC LIMIT ?"

_ROWS = """
SELECT entries.id, entries.feed_id,
    coalesce(nullif(feeds.own_title, ''), nullif(feeds.title, ''), feeds.url) AS feed_title, feeds.url AS feed_url,
    entries.title, entries.url, entries.author, states.sorted_at, entries.published_at,
    entries.lang, states.read, states.starred, states.later,
    states.read = 1 AND states.read_version_id IS NOT NULL AND states.read_version_id != entries.version_id AS changed,
    (SELECT count(*) FROM highlights WHERE highlights.entry_id = entries.id) AS highlights,
    entries.parent_id, coalesce(parent.title, '') AS parent_title,
    CASE WHEN split THEN (SELECT count(*) FROM entries AS story JOIN states ON states.entry_id = story.id
        WHERE story.parent_id = entries.id AND swept = 0) ELSE 0 END AS stories,
    CASE WHEN split THEN (SELECT count(*) FROM entries AS story JOIN states ON states.entry_id = story.id
        WHERE story.parent_id = entries.id AND swept = 0 AND read = 0) ELSE 0 END AS unread_stories
FROM entries JOIN states ON states.entry_id = entries.id JOIN feeds ON feeds.id = entries.feed_id
LEFT JOIN entries AS parent ON parent.id = entries.parent_id
WHERE entries.id IN (SELECT value FROM json_each(?)) AND states.swept < 2
"""


class Entries:
    def __init__(self, database: Database, journal: Journal, tags: Tags, highlights: Highlights) -> None:
        self._database = database
        self._journal = journal
        self._tags = tags
        self._highlights = highlights

    # --- lists

    def ids(self, condition: Condition, *, limit: int | None = None) -> array[int]:
        """The snapshot behind a list: entry ids, newest first."""
        limited = -1 if limit is None else limit
        return array("q", self._database.column(_IDS.format(condition=condition.sql), (*condition.parameters, limited)))

    def plan(self, condition: Condition) -> tuple[str, ...]:
        """How SQLite finds what `ids` gives, in its own words."""
        rows = self._database.rows(
            f"EXPLAIN QUERY PLAN {_IDS.format(condition=condition.sql)}", (*condition.parameters, 1)
        )
        return tuple(row["detail"] for row in rows)

    def count(self, condition: Condition) -> int:
        return int(self._database.value(f"SELECT count(*) FROM states WHERE {condition.sql}", condition.parameters))

    def count_unread(self, condition: Condition) -> int:
        return self.count(_unread(condition))

    def count_state(self, field: Literal["starred", "later"]) -> int:
        """How many entries are starred, or on the read-later list."""
        # Told which index: the planner prefers a larger one.
        sql = f"SELECT count(*) FROM states INDEXED BY states_{field} WHERE {field} = 1 AND swept = 0"
        return int(self._database.value(sql))

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
                f"AND parent_id IS NULL AND origin = 'feed' AND ({endings}) ORDER BY sorted_at DESC",
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

    def fitting(self, ids: Sequence[int], condition: Condition) -> frozenset[int]:
        """Those of these that a view would list now."""
        sql = f"SELECT entry_id FROM states WHERE entry_id IN (SELECT value FROM json_each(?)) AND ({condition.sql})"
        return frozenset(self._database.column(sql, ("[" + ",".join(map(str, ids)) + "]", *condition.parameters)))

    def rows(self, ids: Sequence[int]) -> tuple[Entry, ...]:
        """The entries of these ids, in this order; ids that do not exist are left out. Meant for a screenful."""
        wanted = "[" + ",".join(map(str, ids)) + "]"
        tags = self._tags.slugs(ids)
        found = {row["id"]: _entry(row, tags.get(row["id"], Slugs())) for row in self._database.rows(_ROWS, (wanted,))}
        return tuple(found[entry_id] for entry_id in ids if entry_id in found)

    def article(self, entry_id: int) -> Article:
        """Raises NotFoundError."""
        entry = self.rows([entry_id])
        if not entry:
            raise missing_entry(self._database, entry_id)
        row = self._database.row(
            "SELECT versions.id, html, text, "
            "(SELECT count(*) FROM versions AS v WHERE v.entry_id = entries.id) AS versions "
            "FROM entries JOIN versions ON versions.id = entries.version_id WHERE entries.id = ?",
            (entry_id,),
        )
        if row is None:
            raise missing_entry(self._database, entry_id)
        return Article(
            entry=entry[0],
            version_id=row["id"],
            html=unpack_html(row["html"], row["text"]),
            text=row["text"],
            tags=self._tags.of(entry_id),
            highlights=self._highlights.of_entry(entry_id),
            versions=row["versions"],
        )

    # --- what the reader does

    def still_there(self, ids: Sequence[int]) -> list[int]:
        """Without those that have left the store since they were listed."""
        found = set(
            self._database.column(
                "SELECT entry_id FROM states WHERE entry_id IN (SELECT value FROM json_each(?)) AND swept < 2",
                ("[" + ",".join(map(str, ids)) + "]",),
            )
        )
        return [each for each in ids if each in found]

    def mark(self, ids: Iterable[int], field: StateField, *, value: bool, now: datetime, action: str = "mark") -> int:
        """One undoable step for all of them. → how many changed. `action` "open" is reading on, which undo passes over.

        Whoever marks an issue that is split as read, or as unread, means its stories.

        Raises NotFoundError for an id that does not exist.
        """
        wanted = list(dict.fromkeys(ids))
        with self._database.writing():
            rows = self._database.rows(
                f"SELECT entry_id, {field} FROM states "
                "WHERE entry_id IN (SELECT value FROM json_each(?)) AND swept < 2",
                ("[" + ",".join(map(str, wanted)) + "]",),
            )
            olds: dict[int, int] = dict(map(tuple, rows))
            if len(olds) < len(wanted):
                raise missing_entry(self._database, next(entry_id for entry_id in wanted if entry_id not in olds))
            if field == "read":
                olds = self._by_stories(olds)
            changes = field_changes("states", field, olds, new=int(value))
            changed = [entry_id for change in changes for entry_id in change["ids"]]
            description = _WORDS[field, value].format(called_together(self._database, changed))
            self._journal.do(changes, action=action, description=description, now=now)
            if field == "read" and value:
                self._remember_version(changed)
        return len(changed)

    def mark_view_read(self, condition: Condition, *, now: datetime) -> int:
        """All unread entries of a view, in one undoable step. → how many."""
        with self._database.writing():
            return self.mark(self.ids(_unread(condition)), "read", value=True, now=now)

    def published(self, feed_id: int, *, limit: int = 20) -> tuple[datetime, ...]:
        """When the newest entries of a feed were published: its rhythm."""
        times = self._database.column(
            "SELECT sorted_at FROM states WHERE feed_id = ? AND swept = 0 AND "
            "NOT EXISTS (SELECT 1 FROM entries WHERE id = entry_id AND parent_id IS NOT NULL) "
            "ORDER BY sorted_at DESC LIMIT ?",
            (feed_id, limit),
        )
        return tuple(map(from_text, times))

    def _by_stories(self, olds: dict[int, int]) -> dict[int, int]:
        """What each entry holds in `read`, with the stories in place of issues that are split."""
        split = olds.keys() & self._database.column("SELECT entry_id FROM states WHERE split = 1")
        if not split:
            return olds
        stories = self._database.rows(
            "SELECT entry_id, read FROM states JOIN entries ON entries.id = entry_id "
            "WHERE swept = 0 AND parent_id IN (SELECT value FROM json_each(?))",
            ("[" + ",".join(map(str, split)) + "]",),
        )
        whole = {entry_id: old for entry_id, old in olds.items() if entry_id not in split}
        return whole | {row["entry_id"]: row["read"] for row in stories}

    def _remember_version(self, ids: Sequence[int]) -> None:
        self._database.run(
            "UPDATE states SET read_version_id = (SELECT version_id FROM entries WHERE entries.id = states.entry_id) "
            "WHERE entry_id IN (SELECT value FROM json_each(?))",
            ("[" + ",".join(map(str, ids)) + "]",),
        )


def _unread(condition: Condition) -> Condition:
    return Condition(f"({condition.sql}) AND read = 0", condition.parameters)


def _entry(row: Row, slugs: Slugs) -> Entry:
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
        companies=slugs.companies,
        primary=slugs.primary,
        topics=slugs.topics,
        parent_id=row["parent_id"],
        parent_title=row["parent_title"],
        stories=row["stories"],
        unread_stories=row["unread_stories"],
    )
