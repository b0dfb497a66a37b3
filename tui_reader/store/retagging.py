"""The retagging drawer: texts to tag anew and what they are tagged with, many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tui_reader.model import TagRow

from .database import Database
from .tags import Tags


class EntryText(NamedTuple):
    id: int
    feed_id: int
    feed_title: str
    parent_id: int | None
    """The issue, if it is a story of one."""
    title: str
    text: str
    taxonomy: str
    """The version that tagged it; "" if none has yet."""


class Given(NamedTuple):
    """What an entry is tagged with."""

    machine: frozenset[TagRow]
    hand: frozenset[tuple[str, str]]
    """(kind, slug) of what the reader gave or vetoed: the machine has no say in these."""


class Retagging:
    def __init__(self, database: Database, tags: Tags) -> None:
        self._database = database
        self._tags = tags

    def ids(self, *, other_than: str | None = None) -> tuple[int, ...]:
        """Entries, newest first; only those that another version than this tagged, or none has, if it is given."""
        if other_than is None:
            return tuple(self._database.column("SELECT id FROM entries ORDER BY id DESC"))
        return tuple(
            self._database.column(
                "SELECT id FROM entries JOIN states ON states.entry_id = entries.id "
                "WHERE taxonomy != ? AND swept < 2 ORDER BY id DESC",
                (other_than,),
            )
        )

    def texts(self, ids: Sequence[int]) -> tuple[EntryText, ...]:
        rows = self._database.rows(
            "SELECT entries.id, feed_id, coalesce(nullif(own_title, ''), nullif(feeds.title, ''), feeds.url) AS feed, "
            "parent_id, entries.title, text, taxonomy FROM json_each(?) AS each "
            "JOIN entries ON entries.id = each.value "
            "JOIN versions ON versions.id = entries.version_id JOIN feeds ON feeds.id = feed_id",
            (_json(ids),),
        )
        return tuple(
            EntryText(
                row["id"], row["feed_id"], row["feed"], row["parent_id"], row["title"], row["text"], row["taxonomy"]
            )
            for row in rows
        )

    def given(self, ids: Sequence[int]) -> dict[int, Given]:
        """By entry; for each of the ids."""
        machine: dict[int, set[TagRow]] = {}
        hand: dict[int, set[tuple[str, str]]] = {}
        for row in self._database.rows(
            "SELECT entry_id, kind, slug, salience, given_by, vetoed, evidence FROM tags "
            "WHERE entry_id IN (SELECT value FROM json_each(?))",
            (_json(ids),),
        ):
            if row["given_by"] == "machine" and not row["vetoed"]:
                tag = TagRow(row["kind"], row["slug"], row["salience"], row["evidence"])
                machine.setdefault(row["entry_id"], set()).add(tag)
            else:
                hand.setdefault(row["entry_id"], set()).add((row["kind"], row["slug"]))
        return {each: Given(frozenset(machine.get(each, ())), frozenset(hand.get(each, ()))) for each in ids}

    def save(self, rows: Mapping[int, Iterable[TagRow]], *, ids: Iterable[int], taxonomy: str) -> None:
        """Replace the machine's tags of the entries in `rows`; all of `ids` then count as tagged by this version."""
        with self._database.writing():
            self._tags.save_rows(rows, taxonomy)
            self._database.run(
                "UPDATE entries SET taxonomy = ? WHERE id IN (SELECT value FROM json_each(?))", (taxonomy, _json(ids))
            )

    def tagged_by(self) -> str:
        """What `keep_tagged_by` was given last; "" if nothing yet."""
        return str(self._database.value("SELECT value FROM meta WHERE key = 'tagged_by'") or "")

    def keep_tagged_by(self, data: str) -> None:
        """A note on the rules that made the tags, by which a later version tells what they change."""
        with self._database.writing():
            self._database.run("INSERT OR REPLACE INTO meta (key, value) VALUES ('tagged_by', ?)", (data,))


def _json(ids: Iterable[int]) -> str:
    return "[" + ",".join(map(str, ids)) + "]"
