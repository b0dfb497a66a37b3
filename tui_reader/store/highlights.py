"""The highlights drawer: passages that the reader marked, with notes; found again whenever their article changes."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from tui_reader.anchor import find_quote, make_quote
from tui_reader.errors import NotFoundError
from tui_reader.model import Article, Highlight, HighlightKind, Quote, Source, source_of

from .compile import Condition
from .database import Database, Row
from .journal import Journal, row_change
from .tags import Tags
from .times import from_text, from_text_or_none, to_text, to_text_or_none

ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
"""Without l, o, 0 and 1, which people mistake for each other."""


class Highlights:
    def __init__(self, database: Database, journal: Journal, tags: Tags) -> None:
        self._database = database
        self._journal = journal
        self._tags = tags

    def all(self, condition: Condition | None = None) -> tuple[Highlight, ...]:
        """Newest first."""
        sql = f"SELECT * FROM highlights WHERE {condition.sql if condition else '1'} ORDER BY made_at DESC, rowid DESC"
        return self._read(self._database.rows(sql, condition.parameters if condition else ()))

    def of_entry(self, entry_id: int) -> tuple[Highlight, ...]:
        """In order of the text."""
        return self._read(
            self._database.rows("SELECT * FROM highlights WHERE entry_id = ? ORDER BY start_offset, rowid", (entry_id,))
        )

    def of_entries(self, condition: Condition) -> tuple[Highlight, ...]:
        """Of all entries that a view shows."""
        sql = f"SELECT * FROM highlights WHERE entry_id IN (SELECT entry_id FROM states WHERE {condition.sql})"
        return self._read(self._database.rows(sql, condition.parameters))

    def some(self, ids: Iterable[str]) -> tuple[Highlight, ...]:
        """Those of these that are in the store."""
        sql = "SELECT * FROM highlights WHERE id IN (SELECT value FROM json_each(?))"
        return self._read(self._database.rows(sql, (json.dumps(list(ids)),)))

    def get(self, highlight_id: str) -> Highlight:
        """Raises NotFoundError."""
        rows = self._database.rows("SELECT * FROM highlights WHERE id = ?", (highlight_id,))
        if not rows:
            raise NotFoundError(f"no highlight {highlight_id}: `tui-reader highlights --json` shows the ids")
        return self._read(rows)[0]

    def count(self) -> int:
        return int(self._database.value("SELECT count(*) FROM highlights"))

    def add(
        self,
        article: Article,
        start: int,
        end: int,
        *,
        now: datetime,
        note: str = "",
        kind: HighlightKind = "",
        tags: Sequence[str] = (),
        action: str = "highlight",
    ) -> Highlight:
        """Highlight `article.text[start:end]`, undoably. Once this returns, it is on the disk."""
        entry = article.entry
        made = Highlight(
            id="".join(secrets.choice(ALPHABET) for _ in range(10)),
            entry_id=entry.id,
            version_id=article.version_id,
            quote=make_quote(article.text, start, end),
            note=note,
            kind=kind,
            tags=tuple(tags),
            state="anchored",
            made_at=now,
            changed_at=now,
            source=source_of(entry),
        )
        self._write(None, made, "highlighted", now=now, action=action)
        return self.get(made.id)

    def change(
        self,
        highlight: Highlight,
        *,
        now: datetime,
        note: str | None = None,
        kind: HighlightKind | None = None,
        tags: Sequence[str] | None = None,
    ) -> Highlight:
        """Note, kind or tags; None leaves one as it is."""
        changed = replace(
            highlight,
            note=highlight.note if note is None else note,
            kind=highlight.kind if kind is None else kind,
            tags=highlight.tags if tags is None else tuple(tags),
            changed_at=now,
        )
        self._write(highlight, changed, "changed the note or tags of", now=now)
        return self.get(highlight.id)

    def add_all(self, made: Sequence[Highlight], *, now: datetime) -> None:
        """Highlights that come from elsewhere and whose state is known, in one undoable step."""
        changes = [row_change("highlights", {"id": each.id}, old=None, new=_columns(each)) for each in made]
        description = f"imported {len(made):,} {'highlight' if len(made) == 1 else 'highlights'}"
        with self._database.writing():
            self._journal.do(changes, action="import", description=description, now=now)
            self._database.run_many(
                "UPDATE highlights SET state = ? WHERE id = ?", [(each.state, each.id) for each in made]
            )

    def removed_ids(self) -> frozenset[str]:
        """Those that the reader has removed, unless that was undone."""
        changes = self._journal.removals("highlights")
        return frozenset(str(change["key"]["id"]) for change in changes)

    def take_back(self, pairs: Sequence[tuple[Highlight, Highlight]], *, now: datetime) -> None:
        """Notes and tags as the reader has edited them elsewhere: pairs of old and new, all in one undoable step."""
        changes = [
            row_change("highlights", {"id": old.id}, old=_columns(old), new=_columns(replace(new, changed_at=now)))
            for old, new in pairs
        ]
        description = f"read {len(pairs)} edited {'highlight' if len(pairs) == 1 else 'highlights'} back"
        self._journal.do(changes, action="highlight", description=description, now=now)

    def remove(self, highlight: Highlight, *, now: datetime) -> None:
        """Undoably."""
        self._write(highlight, None, "removed the highlight", now=now)

    def find_again(self, entry_id: int, text: str) -> None:
        """After an edit: where each highlight of the entry lies now, or that it is lost. Never guesses."""
        for highlight in self.of_entry(entry_id):
            found = find_quote(text, highlight.quote)
            state = "orphan" if found is None else "anchored" if found.exact else "moved"
            if state != highlight.state:
                self._database.run("UPDATE highlights SET state = ? WHERE id = ?", (state, highlight.id))

    def find_all_again(self, entry_ids: Sequence[int]) -> None:
        """The same for those of these entries that have highlights, with the text that each has now."""
        for row in self._database.rows(
            "SELECT DISTINCT entries.id, versions.text FROM highlights "
            "JOIN entries ON entries.id = highlights.entry_id "
            "JOIN versions ON versions.id = entries.version_id "
            "WHERE highlights.entry_id IN (SELECT value FROM json_each(?))",
            ("[" + ",".join(map(str, entry_ids)) + "]",),
        ):
            self.find_again(row["id"], row["text"])

    def _write(
        self, old: Highlight | None, new: Highlight | None, verb: str, *, now: datetime, action: str = "highlight"
    ) -> None:
        shown = new or old
        assert shown is not None
        change = row_change("highlights", {"id": shown.id}, old=_columns(old), new=_columns(new))
        description = f"{verb} “{shown.quote.exact[:50]}”"
        self._journal.do([change], action=action, description=description, now=now)

    def _read(self, rows: Sequence[Row]) -> tuple[Highlight, ...]:
        tags = self._tags.slugs([row["entry_id"] for row in rows])
        return tuple(_highlight(row, *tags.get(row["entry_id"], ((), ()))) for row in rows)


def _columns(highlight: Highlight | None) -> dict[str, Any] | None:
    """What the reader made. Not the state: that follows from the article, which may have changed since."""
    if highlight is None:
        return None
    quote, source = highlight.quote, highlight.source
    return {
        "entry_id": highlight.entry_id,
        "version_id": highlight.version_id,
        "exact": quote.exact,
        "prefix": quote.prefix,
        "suffix": quote.suffix,
        "start_offset": quote.start,
        "end_offset": quote.end,
        "note": highlight.note,
        "kind": highlight.kind,
        "tags": json.dumps(highlight.tags, ensure_ascii=False),
        "made_at": to_text(highlight.made_at),
        "changed_at": to_text(highlight.changed_at),
        "title": source.title,
        "url": source.url,
        "author": source.author,
        "published_at": to_text_or_none(source.published_at),
        "feed_title": source.feed_title,
        "feed_url": source.feed_url,
        "lang": source.lang,
    }


def _highlight(row: Row, companies: tuple[str, ...], topics: tuple[str, ...]) -> Highlight:
    return Highlight(
        id=row["id"],
        entry_id=row["entry_id"],
        version_id=row["version_id"],
        quote=Quote(row["exact"], row["prefix"], row["suffix"], row["start_offset"], row["end_offset"]),
        note=row["note"],
        kind=row["kind"],
        tags=tuple(json.loads(row["tags"])),
        state=row["state"],
        made_at=from_text(row["made_at"]),
        changed_at=from_text(row["changed_at"]),
        source=Source(
            title=row["title"],
            url=row["url"],
            author=row["author"],
            published_at=from_text_or_none(row["published_at"]),
            feed_title=row["feed_title"],
            feed_url=row["feed_url"],
            lang=row["lang"],
            companies=companies,
            topics=topics,
        ),
    )
