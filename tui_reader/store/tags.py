"""The tags drawer: companies, topics and labels of entries, with the evidence for each and the reader's corrections."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from tui_reader.errors import StoreError
from tui_reader.model import Alias, Evidence, Tag, TagRow

from .database import Database, Row
from .journal import Journal, row_change
from .naming import called_together, check_known, tag_name

_COUNTED = """
SELECT tags.kind, tags.slug, sum(read = 0) AS unread, count(*) AS total
FROM tags JOIN states ON states.entry_id = tags.entry_id AND swept = 0 AND split = 0
WHERE vetoed = 0 GROUP BY tags.kind, tags.slug
"""

_COLUMNS = ("salience", "given_by", "vetoed", "evidence")


@dataclass(frozen=True, slots=True)
class TagCount:
    kind: str
    slug: str
    name: str
    unread: int
    total: int
    days: tuple[int, ...] = ()
    """Entries a day, today's last."""
    usual: float = 0
    """Entries a day in the weeks before."""
    mark: str = ""
    """`pinned`, `hidden`, or ""."""

    @property
    def activity(self) -> float:
        """How much more there is these two days than usually; small numbers weigh little."""
        recent = sum(self.days[-2:]) / 2
        return (recent + 0.5) / (self.usual + 0.5) if recent else 0


class Slugs(NamedTuple):
    primary: tuple[str, ...] = ()
    """Of the companies those that the entry is about."""
    companies: tuple[str, ...] = ()
    """All, primary ones first."""
    topics: tuple[str, ...] = ()


class Tags:
    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def of(self, entry_id: int) -> tuple[Tag, ...]:
        """Primary first."""
        rows = self._database.rows(
            "SELECT tags.*, coalesce(names.name, tags.slug) AS name, entries.taxonomy FROM tags "
            "JOIN entries ON entries.id = tags.entry_id "
            "LEFT JOIN tag_names AS names ON names.kind = tags.kind AND names.slug = tags.slug "
            "WHERE tags.entry_id = ? AND vetoed = 0 ORDER BY tags.kind, salience = 'mentioned', name",
            (entry_id,),
        )
        return tuple(map(_tag, rows))

    def slugs(self, ids: Sequence[int]) -> dict[int, Slugs]:
        """What each of these entries is tagged with; nothing of those that are not."""
        found: dict[int, tuple[list[str], list[str], list[str]]] = {}
        for row in self._database.rows(
            "SELECT entry_id, kind, slug, salience FROM tags WHERE entry_id IN (SELECT value FROM json_each(?)) "
            "AND vetoed = 0 AND kind != 'label' ORDER BY salience = 'mentioned', slug",
            ("[" + ",".join(map(str, ids)) + "]",),
        ):
            primary, companies, topics = found.setdefault(row["entry_id"], ([], [], []))
            (companies if row["kind"] == "company" else topics).append(row["slug"])
            if row["kind"] == "company" and row["salience"] == "primary":
                primary.append(row["slug"])
        return {entry_id: Slugs(*map(tuple, slugs)) for entry_id, slugs in found.items()}

    def counts(self, kind: str) -> tuple[TagCount, ...]:
        """All tags of a kind that any entry has, most unread first.

        The first call walks all tags; from then on triggers keep the numbers true, until many entries change at once.
        """
        counted = self._database.rows("SELECT kind, slug, unread, total FROM tag_counts") or self._count()
        names = self.names()
        found = [
            TagCount(kind, row["slug"], names.get((kind, row["slug"]), row["slug"]), row["unread"], row["total"])
            for row in counted
            if row["kind"] == kind and row["total"] > 0
        ]
        return tuple(sorted(found, key=lambda each: (-each.unread, -each.total, each.name)))

    def _count(self) -> list[Row]:
        """Walk all tags, and keep the result unless somebody else wrote meanwhile or is writing."""
        with self._database.reading():
            rows = self._database.rows(_COUNTED)
            with contextlib.suppress(StoreError):
                self._database.run_many("INSERT INTO tag_counts (kind, slug, unread, total) VALUES (?, ?, ?, ?)", rows)
        return rows

    def names(self) -> dict[tuple[str, str], str]:
        """(kind, slug) → what the taxonomy calls it."""
        rows = self._database.rows("SELECT kind, slug, name FROM tag_names")
        return {(row["kind"], row["slug"]): row["name"] for row in rows}

    def names_in(self, entry_id: int) -> frozenset[str]:
        """What the entry calls its companies and topics, and what we call them."""
        tags = [tag for tag in self.of(entry_id) if tag.kind != "label"]
        return frozenset({each.alias for tag in tags for each in tag.evidence} | {tag.name for tag in tags})

    def labels(self) -> tuple[str, ...]:
        """The reader's own tags, in order."""
        return tuple(
            self._database.column("SELECT DISTINCT slug FROM tags WHERE kind = 'label' AND vetoed = 0 ORDER BY slug")
        )

    def known(self, kind: str, slug: str) -> bool:
        return self._database.value("SELECT 1 FROM tags WHERE kind = ? AND slug = ? LIMIT 1", (kind, slug)) is not None

    # --- what the machine gives

    def save(self, entry_id: int, tags: Iterable[Tag], taxonomy: str) -> None:
        """Replace the machine's tags of an entry. What the reader gave or vetoed by hand stays as it is."""
        self.save_rows({entry_id: tuple(map(TagRow.of, tags))}, taxonomy)

    def save_rows(self, rows: Mapping[int, Iterable[TagRow]], taxonomy: str) -> None:
        """The same for many entries."""
        ids = "[" + ",".join(map(str, rows)) + "]"
        with self._database.writing():
            self._database.run(
                "DELETE FROM tags WHERE entry_id IN (SELECT value FROM json_each(?)) AND given_by = 'machine' "
                "AND vetoed = 0",
                (ids,),
            )
            self._database.run_many(
                "INSERT OR IGNORE INTO tags (entry_id, kind, slug, salience, given_by, evidence) "
                "VALUES (?, ?, ?, ?, 'machine', ?)",
                [(entry_id, *row) for entry_id, tags in rows.items() for row in tags],
            )
            self._database.run(
                "UPDATE entries SET taxonomy = ? WHERE id IN (SELECT value FROM json_each(?))", (taxonomy, ids)
            )

    def save_names(self, names: Mapping[tuple[str, str], str], taxonomy: str, aliases: Iterable[Alias] = ()) -> None:
        """What the taxonomy calls its slugs, by (kind, slug), and what else people call them."""
        if self._database.value("SELECT value FROM meta WHERE key = 'taxonomy'") == taxonomy:
            return
        with self._database.writing():
            self._database.run("DELETE FROM tag_names")
            self._database.run_many(
                "INSERT INTO tag_names (kind, slug, name) VALUES (?, ?, ?)",
                [(kind, slug, name) for (kind, slug), name in names.items()],
            )
            self._database.run("DELETE FROM aliases")
            self._database.run_many(
                "INSERT OR IGNORE INTO aliases (key, kind, slug, widens, same) VALUES (?, ?, ?, ?, ?)",
                [
                    (each.key, each.kind, each.slug, int(each.widens), json.dumps(each.same, ensure_ascii=False))
                    for each in aliases
                ],
            )
            self._database.run("INSERT OR REPLACE INTO meta (key, value) VALUES ('taxonomy', ?)", (taxonomy,))

    # --- what the reader gives

    def give(self, ids: Iterable[int], kind: str, slug: str, *, now: datetime) -> int:
        """By hand: it wins over every later tagging. One undoable step. → how many entries changed.

        Raises NotFoundError.
        """
        new = {"salience": "primary", "given_by": "hand", "vetoed": 0, "evidence": "[]"}
        return self._change(ids, kind, slug, new=new, did="tagged {entries} with {tag}", now=now)

    def take_away(self, ids: Iterable[int], kind: str, slug: str, *, now: datetime) -> int:
        """One undoable step. → how many entries changed. Raises NotFoundError.

        A company or topic is "not this": it does not come back to these entries, whatever the machine finds.
        """
        veto = {"salience": "mentioned", "given_by": "hand", "vetoed": 1, "evidence": "[]"}
        new = None if kind == "label" else veto
        return self._change(ids, kind, slug, new=new, did="took the tag {tag} from {entries}", now=now)

    def name(self, kind: str, slug: str) -> str:
        """What a person reads; the slug itself where the taxonomy has no other name."""
        return tag_name(self._database, kind, slug)

    # --- the same for many entries

    def shared(self, ids: Sequence[int]) -> dict[tuple[str, str], int]:
        """(kind, slug) → how many of these entries have it."""
        rows = self._database.rows(
            "SELECT kind, slug, count(*) AS entries FROM tags WHERE vetoed = 0 "
            "AND entry_id IN (SELECT value FROM json_each(?)) GROUP BY kind, slug",
            ("[" + ",".join(map(str, ids)) + "]",),
        )
        return {(row["kind"], row["slug"]): row["entries"] for row in rows}

    def give_all(self, ids: Sequence[int], kind: str, slug: str, *, now: datetime) -> int:
        """To those that do not have it, by hand, in one undoable step. → how many."""
        return self._change_all(ids, kind, slug, give=True, now=now)

    def take_all(self, ids: Sequence[int], kind: str, slug: str, *, now: datetime) -> int:
        """From those that have it: a label goes, another tag is vetoed. One undoable step. → how many."""
        return self._change_all(ids, kind, slug, give=False, now=now)

    def _change_all(self, ids: Sequence[int], kind: str, slug: str, *, give: bool, now: datetime) -> int:
        hand = {"salience": "primary" if give else "mentioned", "given_by": "hand", "vetoed": int(not give)}
        new = {**hand, "evidence": "[]"} if give or kind != "label" else None
        with self._database.writing():
            rows = self._database.rows(
                f"SELECT entry_id, {', '.join(_COLUMNS)} FROM tags WHERE kind = ? AND slug = ? "
                "AND entry_id IN (SELECT value FROM json_each(?))",
                (kind, slug, "[" + ",".join(map(str, ids)) + "]"),
            )
            olds = {row["entry_id"]: {name: row[name] for name in _COLUMNS} for row in rows}
            has = {entry_id for entry_id, old in olds.items() if not old["vetoed"]}
            changes = [
                row_change("tags", {"entry_id": each, "kind": kind, "slug": slug}, old=olds.get(each), new=new)
                for each in dict.fromkeys(ids)
                if (each in has) != give
            ]
            entries = f"{len(changes):,} {'entry' if len(changes) == 1 else 'entries'}"
            description = f"tagged {entries} with {slug}" if give else f"removed the tag {slug} from {entries}"
            self._journal.do(changes, action="tag", description=description, now=now)
        return len(changes)

    # --- both

    def _change(
        self, ids: Iterable[int], kind: str, slug: str, *, new: dict[str, Any] | None, did: str, now: datetime
    ) -> int:
        wanted = list(dict.fromkeys(ids))
        with self._database.writing():
            check_known(self._database, wanted)
            rows = self._given(wanted, kind, slug)
            olds = {each: rows.get(each) for each in wanted}
            changes = [
                row_change("tags", {"entry_id": each, "kind": kind, "slug": slug}, old=old, new=new)
                for each, old in olds.items()
                if old != new
            ]
            entries = called_together(self._database, [change["key"]["entry_id"] for change in changes])
            description = did.format(entries=entries, tag=self.name(kind, slug))
            self._journal.do(changes, action="tag", description=description, now=now)
        return len(changes)

    def _given(self, ids: Sequence[int], kind: str, slug: str) -> dict[int, dict[str, Any]]:
        """By entry: the row of each that has the tag, or refuses it."""
        rows = self._database.rows(
            f"SELECT entry_id, {', '.join(_COLUMNS)} FROM tags "
            "WHERE kind = ? AND slug = ? AND entry_id IN (SELECT value FROM json_each(?))",
            (kind, slug, "[" + ",".join(map(str, ids)) + "]"),
        )
        return {row["entry_id"]: {name: row[name] for name in _COLUMNS} for row in rows}


def _tag(row: Row) -> Tag:
    return Tag(
        kind=row["kind"],
        slug=row["slug"],
        name=row["name"],
        salience=row["salience"],
        by=row["given_by"],
        evidence=tuple(Evidence(**each) for each in json.loads(row["evidence"])),
        taxonomy=row["taxonomy"] if row["given_by"] == "machine" else "",
    )
