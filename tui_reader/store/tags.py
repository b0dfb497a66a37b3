"""The tags drawer: companies, topics and labels of entries, with the evidence for each and the reader's corrections."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tui_reader.model import Evidence, Tag

from .database import Database, Row
from .journal import Journal, row_change

_COLUMNS = ("salience", "given_by", "vetoed", "evidence")


@dataclass(frozen=True, slots=True)
class TagCount:
    kind: str
    slug: str
    name: str
    unread: int
    total: int


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

    def slugs(self, ids: Sequence[int]) -> dict[int, tuple[tuple[str, ...], tuple[str, ...]]]:
        """Companies and topics of each entry, primary first."""
        found: dict[int, tuple[list[str], list[str]]] = {}
        for row in self._database.rows(
            "SELECT entry_id, kind, slug FROM tags WHERE entry_id IN (SELECT value FROM json_each(?)) AND vetoed = 0 "
            "AND kind != 'label' ORDER BY salience = 'mentioned', slug",
            ("[" + ",".join(map(str, ids)) + "]",),
        ):
            companies, topics = found.setdefault(row["entry_id"], ([], []))
            (companies if row["kind"] == "company" else topics).append(row["slug"])
        return {entry_id: (tuple(companies), tuple(topics)) for entry_id, (companies, topics) in found.items()}

    def counts(self, kind: str) -> tuple[TagCount, ...]:
        """All tags of a kind that any entry has, most unread first."""
        rows = self._database.rows(
            "SELECT tags.slug, coalesce(names.name, tags.slug) AS name, sum(read = 0) AS unread, count(*) AS total "
            "FROM tags JOIN states ON states.entry_id = tags.entry_id AND swept = 0 AND split = 0 "
            "LEFT JOIN tag_names AS names ON names.kind = tags.kind AND names.slug = tags.slug "
            "WHERE tags.kind = ? AND vetoed = 0 GROUP BY tags.slug ORDER BY unread DESC, total DESC, name",
            (kind,),
        )
        return tuple(TagCount(kind, row["slug"], row["name"], row["unread"], row["total"]) for row in rows)

    def names(self) -> dict[tuple[str, str], str]:
        """(kind, slug) → what the taxonomy calls it."""
        rows = self._database.rows("SELECT kind, slug, name FROM tag_names")
        return {(row["kind"], row["slug"]): row["name"] for row in rows}

    def known(self, kind: str, slug: str) -> bool:
        return self._database.value("SELECT 1 FROM tags WHERE kind = ? AND slug = ? LIMIT 1", (kind, slug)) is not None

    # --- what the machine gives

    def save(self, entry_id: int, tags: Iterable[Tag], taxonomy: str) -> None:
        """Replace the machine's tags of an entry. What the reader gave or vetoed by hand stays as it is."""
        with self._database.writing():
            self._database.run(
                "DELETE FROM tags WHERE entry_id = ? AND given_by = 'machine' AND vetoed = 0", (entry_id,)
            )
            self._database.run_many(
                "INSERT OR IGNORE INTO tags (entry_id, kind, slug, salience, given_by, evidence) "
                "VALUES (?, ?, ?, ?, 'machine', ?)",
                [(entry_id, tag.kind, tag.slug, tag.salience, _evidence_json(tag.evidence)) for tag in tags],
            )
            self._database.run("UPDATE entries SET taxonomy = ? WHERE id = ?", (taxonomy, entry_id))

    def save_names(self, names: Mapping[tuple[str, str], str], taxonomy: str) -> None:
        """What the taxonomy calls its slugs, by (kind, slug)."""
        if self._database.value("SELECT value FROM meta WHERE key = 'taxonomy'") == taxonomy:
            return
        with self._database.writing():
            self._database.run("DELETE FROM tag_names")
            self._database.run_many(
                "INSERT INTO tag_names (kind, slug, name) VALUES (?, ?, ?)",
                [(kind, slug, name) for (kind, slug), name in names.items()],
            )
            self._database.run("INSERT OR REPLACE INTO meta (key, value) VALUES ('taxonomy', ?)", (taxonomy,))

    def stale(self, taxonomy: str) -> tuple[int, ...]:
        """Entries that another version of the taxonomy tagged, or none has yet; newest first."""
        return tuple(self._database.column("SELECT id FROM entries WHERE taxonomy != ? ORDER BY id DESC", (taxonomy,)))

    # --- what the reader gives

    def by_hand(self, entry_id: int) -> frozenset[tuple[str, str]]:
        """(kind, slug) of what the reader gave or vetoed: the machine has no say in these."""
        rows = self._database.rows("SELECT kind, slug FROM tags WHERE entry_id = ? AND given_by = 'hand'", (entry_id,))
        return frozenset((row["kind"], row["slug"]) for row in rows)

    def add(self, entry_id: int, kind: str, slug: str, *, now: datetime) -> None:
        """By hand: it wins over every later tagging."""
        new = {"salience": "primary", "given_by": "hand", "vetoed": 0, "evidence": "[]"}
        self._change(entry_id, kind, slug, new=new, description=f"tagged with {slug}", now=now)

    def veto(self, entry_id: int, kind: str, slug: str, *, now: datetime) -> None:
        """ "Not this": the tag is gone from this entry and does not come back."""
        new = {"salience": "mentioned", "given_by": "hand", "vetoed": 1, "evidence": "[]"}
        self._change(entry_id, kind, slug, new=new, description=f"removed the tag {slug}", now=now)

    def _change(
        self, entry_id: int, kind: str, slug: str, *, new: dict[str, Any], description: str, now: datetime
    ) -> None:
        key = {"entry_id": entry_id, "kind": kind, "slug": slug}
        with self._database.writing():
            row = self._database.row(
                f"SELECT {', '.join(_COLUMNS)} FROM tags WHERE entry_id = ? AND kind = ? AND slug = ?",
                tuple(key.values()),
            )
            old = dict(row) if row else None
            self._journal.do(
                [row_change("tags", key, old=old, new=new)], action="tag", description=description, now=now
            )


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


def _evidence_json(evidence: Iterable[Evidence]) -> str:
    # By hand: asdict took three times as long as all the rest.
    rows = [
        {"alias": each.alias, "start": each.start, "end": each.end, "where": each.where, "rule": each.rule}
        for each in evidence
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
