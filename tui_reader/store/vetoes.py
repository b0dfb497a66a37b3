"""The vetoes drawer: names that the reader will not have tagged, in one feed or anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tui_reader.model import Veto

from .database import Database, Row
from .journal import Change, Journal, row_change
from .naming import tag_name
from .times import to_text


class Vetoes:
    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def all(self) -> tuple[Veto, ...]:
        rows = self._database.rows(
            "SELECT kind, slug, alias, feed_id FROM tag_vetoes ORDER BY kind, slug, alias, feed_id"
        )
        return tuple(Veto(row["kind"], row["slug"], row["alias"], row["feed_id"]) for row in rows)

    def of_feed(self, feed_id: int) -> frozenset[tuple[str, str, str]]:
        """(kind, slug, alias in small letters) of what the tagger must not count in this feed."""
        rows = self._database.rows(
            "SELECT kind, slug, alias FROM tag_vetoes WHERE feed_id IN (0, ?)",
            (feed_id,),
        )
        return frozenset((row["kind"], row["slug"], row["alias"]) for row in rows)

    def add(self, veto: Veto, *, where: str, now: datetime) -> int:
        """Never again, and gone from all entries that have it by that name alone. → how many entries changed.

        One undoable step. `where` says for the journal how far it goes. It may take a while: not for the screen's loop.
        """
        key = {"kind": veto.kind, "slug": veto.slug, "alias": veto.alias.lower(), "feed_id": veto.feed_id}
        with self._database.writing():
            known = self._database.row(
                "SELECT made_at FROM tag_vetoes WHERE kind = ? AND slug = ? AND alias = ? AND feed_id = ?",
                tuple(key.values()),
            )
            changes = list(self._without(veto))
            entries = len(changes)
            if known is None:
                changes.append(row_change("tag_vetoes", key, old=None, new={"made_at": to_text(now)}))
            description = f"“{veto.alias}” is not {tag_name(self._database, veto.kind, veto.slug)} {where}"
            self._journal.do(changes, action="tag", description=description, now=now)
        return entries

    def _without(self, veto: Veto) -> Iterator[Change]:
        """What becomes of the tags that rest on the name: less evidence, or none and no tag."""
        rows = self._database.rows(
            "SELECT entry_id, salience, given_by, vetoed, evidence FROM tags "
            "JOIN entries ON entries.id = tags.entry_id "
            "WHERE kind = ? AND slug = ? AND given_by = 'machine' AND vetoed = 0 AND (feed_id = ? OR ? = 0)",
            (veto.kind, veto.slug, veto.feed_id, veto.feed_id),
        )
        for row in rows:
            passages: list[dict[str, Any]] = json.loads(row["evidence"])
            kept = [passage for passage in passages if passage["alias"].lower() != veto.alias.lower()]
            if len(kept) < len(passages):
                key = {"entry_id": row["entry_id"], "kind": veto.kind, "slug": veto.slug}
                old = _columns(row)
                new = old | {"evidence": json.dumps(kept, ensure_ascii=False, separators=(",", ":"))}
                yield row_change("tags", key, old=old, new=new if kept else None)


def _columns(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("salience", "given_by", "vetoed", "evidence")}
