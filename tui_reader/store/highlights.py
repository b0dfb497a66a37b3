"""The highlights drawer: passages that the reader marked, with notes; found again whenever their article changes."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Literal

from tui_reader.anchor import Edit, find_quote, make_quote
from tui_reader.errors import NotFoundError
from tui_reader.model import (
    Article,
    Highlight,
    HighlightCounts,
    HighlightKind,
    Listed,
    Passage,
    Quote,
    Source,
    source_of,
)

from .compile import Condition
from .database import Database, Row
from .journal import Change, Journal, row_change
from .naming import called
from .tags import Slugs, Tags
from .times import from_text, from_text_or_none, to_text, to_text_or_none
from .versions import Versions

ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
"""Without l, o, 0 and 1, which people mistake for each other."""

Grouping = Literal["", "article", "company", "topic", "kind", "day"]
Sorting = Literal["newest", "oldest", "changed", "published", "due"]

_ORDERS: dict[Sorting, str] = {
    "newest": "made_at DESC, place DESC",
    "oldest": "made_at, place",
    "changed": "changed_at DESC, place DESC",
    "published": "published_at DESC NULLS LAST, made_at DESC, place DESC",
    "due": "check_by NULLS LAST, made_at DESC, place DESC",
}
_OF_TAGS = (
    "coalesce(tagged.slug, '')",
    "coalesce(tag_names.name, tagged.slug, 'untagged')",
    "tagged.slug IS NULL, count(*) OVER (PARTITION BY tagged.slug) DESC, 2, 3",
)
_GROUPS: dict[Grouping, tuple[str, str, str]] = {
    "": ("''", "''", "NULL"),
    "article": ("chosen.entry_id", "chosen.title", "max(made_at) OVER (PARTITION BY chosen.entry_id) DESC, 2"),
    "company": _OF_TAGS,
    "topic": _OF_TAGS,
    "kind": ("chosen.kind", "chosen.kind", "chosen.kind = '', 2"),
    "day": ("substr(made_at, 1, 10)", "substr(made_at, 1, 10)", "2 DESC"),
}
"""Columns `group` and `group_name`, and the order of the groups: articles with the newest highlights first, companies
and topics with the most."""


class Highlights:
    def __init__(self, database: Database, journal: Journal, tags: Tags, versions: Versions) -> None:
        self._database = database
        self._versions = versions
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

    def get(self, highlight_id: str) -> Highlight:
        """Raises NotFoundError."""
        rows = self._database.rows("SELECT * FROM highlights WHERE id = ?", (highlight_id,))
        if not rows:
            raise NotFoundError(f"no highlight {highlight_id}: `tui-reader highlights --json` shows the ids")
        return self._read(rows)[0]

    def some(self, ids: Iterable[str]) -> tuple[Highlight, ...]:
        """Those of these ids that there are, in no order."""
        return self._read(
            self._database.rows(
                "SELECT * FROM highlights WHERE id IN (SELECT value FROM json_each(?))", (_json(list(ids)),)
            )
        )

    def listed(
        self,
        condition: Condition | None = None,
        *,
        group: Grouping = "",
        order: Sorting = "newest",
        limit: int | None = None,
    ) -> tuple[Listed, ...]:
        """What a list shows, without its content. In groups of companies or topics, one stands in each of its own."""
        key, name, groups = _GROUPS[group]
        tagged = (
            f"LEFT JOIN tags AS tagged ON tagged.entry_id = chosen.entry_id AND tagged.kind = '{group}' "
            "AND tagged.salience = 'primary' AND tagged.vetoed = 0 "
            "LEFT JOIN tag_names ON tag_names.kind = tagged.kind AND tag_names.slug = tagged.slug"
        )
        sql = (
            f"SELECT chosen.id, {key}, {name} FROM (SELECT rowid AS place, * FROM highlights "
            f"WHERE {condition.sql if condition else '1'}) AS chosen {tagged if group in ('company', 'topic') else ''} "
            f"ORDER BY {groups}, {_ORDERS[order]} LIMIT ?"
        )
        rows = self._database.rows(sql, (*(condition.parameters if condition else ()), -1 if limit is None else limit))
        return tuple(Listed(*map(str, row)) for row in rows)

    def counts(self, today: date) -> HighlightCounts:
        row = self._database.row(
            "SELECT (SELECT count(*) FROM highlights), (SELECT count(*) FROM highlights WHERE state = 'orphan'), "
            "(SELECT count(*) FROM highlights WHERE check_by <= ?)",
            (today.isoformat(),),
        )
        assert row is not None
        return HighlightCounts(*row)

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
        check_by: date | None = None,
        joining: Sequence[Highlight] = (),
        action: str = "highlight",
    ) -> Highlight:
        """Highlight `article.text[start:end]`, undoably. Once this returns, it is on the disk.

        Those of the entry that it is `joining` become one with it: it has all their notes and tags, and is known by the
        id of the oldest, so that exports and links to it stay true.
        """
        made = self.made(article, start, end, now=now, note=note, kind=kind, tags=tags, check_by=check_by)
        if joining:
            return self._join(made, joining, now=now)
        self._write(None, made, "highlighted", now=now, action=action)
        return self.get(made.id)

    def made(
        self,
        article: Article,
        start: int,
        end: int,
        *,
        now: datetime,
        note: str = "",
        kind: HighlightKind = "",
        tags: Sequence[str] = (),
        check_by: date | None = None,
    ) -> Highlight:
        """One that is not kept (yet). Whatever has a day to check it by is a claim."""
        return Highlight(
            id="".join(secrets.choice(ALPHABET) for _ in range(10)),
            entry_id=article.entry.id,
            version_id=article.version_id,
            quote=make_quote(article.text, start, end),
            note=note,
            kind="claim" if check_by else kind,
            tags=tuple(tags),
            state="anchored",
            made_at=now,
            changed_at=now,
            source=source_of(article.entry),
            check_by=check_by,
        )

    def _join(self, made: Highlight, others: Sequence[Highlight], *, now: datetime) -> Highlight:
        oldest = min(others, key=lambda each: each.made_at)
        parts = sorted((*others, made), key=lambda each: each.quote.start)
        joined = replace(
            made,
            id=oldest.id,
            note="\n\n".join(dict.fromkeys(each.note for each in parts if each.note)),
            kind=made.kind or next((each.kind for each in parts if each.kind), ""),
            tags=tuple(dict.fromkeys(tag for each in parts for tag in each.tags)),
            made_at=oldest.made_at,
            check_by=next((each.check_by for each in parts if each.check_by), None),
        )
        gone = [
            row_change("highlights", {"id": each.id}, old=_columns(each), new=None)
            for each in others
            if each.id != oldest.id
        ]
        self._change([*gone, _change(oldest, joined)], f"highlighted {_shown(joined)}", joined.entry_id, now=now)
        return self.get(joined.id)

    def attach(self, highlight: Highlight, article: Article, start: int, end: int, *, now: datetime) -> Highlight:
        """By hand, to another passage, whose words it has from now on. Note, kind and tags stay; undo knows the old."""
        attached = replace(
            highlight,
            quote=make_quote(article.text, start, end),
            version_id=article.version_id,
            changed_at=now,
        )
        described = f"attached {_shown(attached)}"
        self._change([_change(highlight, attached)], described, highlight.entry_id, now=now)
        return self.get(highlight.id)

    def change(
        self,
        highlight: Highlight,
        *,
        now: datetime,
        note: str | None = None,
        kind: HighlightKind | None = None,
        tags: Sequence[str] | None = None,
    ) -> Highlight:
        """Note, kind or tags; None leaves one as it is. The day to check it by is a claim's, and goes with the kind."""
        new_kind = highlight.kind if kind is None else kind
        changed = replace(
            highlight,
            note=highlight.note if note is None else note,
            kind=new_kind,
            tags=highlight.tags if tags is None else tuple(tags),
            check_by=highlight.check_by if new_kind == "claim" else None,
            changed_at=now,
        )
        self._write(highlight, changed, "changed the note or tags of", now=now)
        return self.get(highlight.id)

    def set_check_by(self, highlight: Highlight, day: date | None, *, now: datetime) -> Highlight:
        """The day by which to check it; whatever has one is a claim."""
        changed = replace(highlight, kind="claim", check_by=day, changed_at=now)
        self._write(highlight, changed, "changed the day of", now=now)
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
        described = f"read {len(pairs)} edited {'highlight' if len(pairs) == 1 else 'highlights'} back"
        self.change_all(pairs, described, now=now)

    def change_all(
        self, pairs: Sequence[tuple[Highlight, Highlight | None]], description: str, *, now: datetime
    ) -> None:
        """Any number of them in one undoable step: pairs of old and new, or None to remove one."""
        changes = [_change(old, replace(new, changed_at=now) if new else None) for old, new in pairs]
        self._journal.do(changes, action="highlight", description=description, now=now)

    def remove(self, highlight: Highlight, *, now: datetime) -> None:
        """Undoably."""
        self._write(highlight, None, "removed the highlight", now=now)

    def find_again(self, entry_id: int, text: str) -> None:
        """After an edit: where each highlight of the entry lies now, or that it is lost. Never guesses."""
        edits: dict[int, Edit | None] = {}
        for highlight in self.of_entry(entry_id):
            made_on = highlight.version_id
            if made_on not in edits:
                before = self._versions.text(made_on)
                edits[made_on] = Edit(before, text) if before else None
            found = find_quote(text, highlight.quote, edits[made_on])
            state = "orphan" if found is None else "anchored" if found.exact else "moved"
            elsewhere = found and (not found.exact or found.start != highlight.quote.start)
            passage = Passage(found.start, text[found.start : found.end]) if found and elsewhere else None
            if (state, passage) != (highlight.state, highlight.found):
                self._database.run(
                    "UPDATE highlights SET state = ?, found_at = ?, found_text = ? WHERE id = ?",
                    (state, passage and passage.start, passage and passage.words, highlight.id),
                )

    def find_all_again(self, entry_ids: Sequence[int]) -> None:
        """The same for those of these entries that have highlights, with the text that each has now."""
        # From the few that are highlighted: an undo may have touched fifty thousand.
        chosen = set(entry_ids).intersection(self._database.column("SELECT DISTINCT entry_id FROM highlights"))
        for row in self._database.rows(
            "SELECT entries.id, versions.text FROM entries JOIN versions ON versions.id = entries.version_id "
            "WHERE entries.id IN (SELECT value FROM json_each(?))",
            ("[" + ",".join(map(str, chosen)) + "]",),
        ):
            self.find_again(row["id"], row["text"])

    def _write(
        self, old: Highlight | None, new: Highlight | None, verb: str, *, now: datetime, action: str = "highlight"
    ) -> None:
        shown = new or old
        assert shown is not None
        self._journal.do([_change(old, new)], action=action, description=f"{verb} {_shown(shown)}", now=now)

    def _change(self, changes: Sequence[Change], description: str, entry_id: int, *, now: datetime) -> None:
        """Of quotes: where they lie now is found out anew."""
        with self._database.writing():
            self._journal.do(changes, action="highlight", description=description, now=now)
            self.find_all_again([entry_id])

    def _read(self, rows: Sequence[Row]) -> tuple[Highlight, ...]:
        tags = self._tags.slugs([row["entry_id"] for row in rows])
        return tuple(_highlight(row, tags.get(row["entry_id"], Slugs())) for row in rows)


def _change(old: Highlight | None, new: Highlight | None) -> Change:
    shown = new or old
    assert shown is not None
    return row_change("highlights", {"id": shown.id}, old=_columns(old), new=_columns(new))


def _shown(highlight: Highlight) -> str:
    return called(highlight.quote.exact)


def _json(ids: Sequence[str]) -> str:
    return json.dumps(list(ids))


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
        "check_by": highlight.check_by.isoformat() if highlight.check_by else None,
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


def _highlight(row: Row, slugs: Slugs) -> Highlight:
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
            companies=slugs.companies,
            topics=slugs.topics,
        ),
        check_by=date.fromisoformat(row["check_by"]) if row["check_by"] else None,
        found=Passage(row["found_at"], row["found_text"]) if row["found_at"] is not None else None,
    )
