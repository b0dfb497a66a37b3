"""The arrivals drawer: what feeds and pages say, stored as new entries and as new versions of known ones."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tui_reader.model import CleanEntry
from tui_reader.store.database import Database
from tui_reader.store.highlights import Highlights
from tui_reader.store.identity import Known, gap, recognise
from tui_reader.store.index import Index
from tui_reader.store.markup import pack_html
from tui_reader.store.naming import no_such_entry
from tui_reader.store.retention import REMOVED
from tui_reader.store.times import to_text, to_text_or_none
from tui_reader.store.versions import Origin, Versions


@dataclass(frozen=True, slots=True)
class Saved:
    """What `save` did, by the ids of the entries."""

    new: dict[int, CleanEntry]
    updated: dict[int, CleanEntry]
    missed: int = 0
    """About how many entries came and went since the last poll."""


class Arrivals:
    def __init__(self, database: Database, index: Index, highlights: Highlights, versions: Versions) -> None:
        self._database = database
        self._index = index
        self._highlights = highlights
        self._versions = versions

    def save(self, feed_id: int, entries: Iterable[CleanEntry], now: datetime) -> Saved:
        """Store what a feed says now. What is known gets a new version if its title or text is another one.

        An entry is known by its guid; if that is new, by what `recognise` finds in it.
        """
        listed = _distinct(entries)
        new: dict[int, CleanEntry] = {}
        updated: dict[int, CleanEntry] = {}
        with self._database.writing():
            known = {
                row["guid"]: (row["id"], row["version_id"], row["swept"])
                for row in self._database.rows(
                    "SELECT id, guid, version_id, swept FROM entries JOIN states ON states.entry_id = entries.id "
                    "WHERE entries.feed_id = ? AND parent_id IS NULL",
                    (feed_id,),
                )
            }
            listed = self._without_stories(feed_id, listed)
            strange = [entry for entry in listed if entry.guid not in known]
            renamed = self._recognise(feed_id, strange, {entry.guid for entry in listed}) if known and strange else {}
            missed = 0
            if known and listed and len(strange) == len(listed) and not renamed:
                missed = gap(listed, self._newest(feed_id), [to_text_or_none(entry.published_at) for entry in listed])
            for entry in listed:
                entry_id, version_id, swept = known.get(renamed.get(entry.guid, entry.guid), (0, 0, 0))
                if entry.guid in renamed:
                    self._database.run("UPDATE entries SET guid = ? WHERE id = ?", (entry.guid, entry_id))
                if not entry_id:
                    new[self.insert(feed_id, entry, now)] = entry
                elif swept != REMOVED and self.update(entry_id, version_id, entry, now=now):
                    updated[entry_id] = entry
        return Saved(new, updated, missed)

    def unknown(self, feed_id: int, entries: Iterable[CleanEntry]) -> tuple[CleanEntry, ...]:
        """Those that the feed has not had under their guids."""
        listed = _distinct(entries)
        known = set(
            self._database.column(
                "SELECT guid FROM entries WHERE feed_id = ? AND guid IN (SELECT value FROM json_each(?))",
                (feed_id, json.dumps([entry.guid for entry in listed], ensure_ascii=False)),
            )
        )
        return tuple(entry for entry in listed if entry.guid not in known)

    def stand_in(self, feed_id: int, entry: CleanEntry, now: datetime) -> int:
        """An entry, in no list, for an article that is not in the store. → its id."""
        with self._database.writing():
            entry_id = self.insert(feed_id, entry, now)
            self._database.run("UPDATE states SET swept = 1, read = 1 WHERE entry_id = ?", (entry_id,))
        return entry_id

    def save_page(self, entry_id: int, *, html: str, text: str, now: datetime) -> bool:
        """The full text of an entry, as its web page has it: a new version. → False if it says nothing new."""
        with self._database.writing():
            row = self._database.row(
                "SELECT v.title, v.text FROM entries JOIN versions AS v ON v.id = entries.version_id "
                "WHERE entries.id = ?",
                (entry_id,),
            )
            if row is None:
                raise no_such_entry(entry_id)
            if row["text"] == text:
                return False
            self._new_version(entry_id, title=row["title"], html=html, text=text, origin="page", now=now)
        return True

    def _recognise(self, feed_id: int, strange: Sequence[CleanEntry], listed: set[str]) -> dict[str, str]:
        """New guid → the old one, of entries that are known under another."""
        candidates = [
            Known(row["id"], row["guid"], row["url"], row["title"], row["published_at"])
            for row in self._database.rows(
                "SELECT id, guid, url, title, published_at FROM entries WHERE feed_id = ? AND parent_id IS NULL",
                (feed_id,),
            )
            if row["guid"] not in listed
        ]
        dates = [to_text_or_none(entry.published_at) for entry in strange]
        return {guid: known.guid for guid, known in recognise(strange, candidates, dates).items()}

    def _newest(self, feed_id: int) -> str | None:
        newest: str | None = self._database.value("SELECT max(published_at) FROM entries WHERE feed_id = ?", (feed_id,))
        return newest

    def _without_stories(self, feed_id: int, listed: tuple[CleanEntry, ...]) -> tuple[CleanEntry, ...]:
        """A guid that was made for a story is no feed's own: one that lists it is up to something."""
        made = [entry.guid for entry in listed if entry.guid.startswith("story:")]
        taken = {
            guid
            for guid in made
            if self._database.value(
                "SELECT 1 FROM entries WHERE feed_id = ? AND guid = ? AND parent_id IS NOT NULL", (feed_id, guid)
            )
        }
        return tuple(entry for entry in listed if entry.guid not in taken) if taken else listed

    def insert(self, feed_id: int, entry: CleanEntry, now: datetime) -> int:
        """→ the id of the new entry, which is in the lists and in the index."""
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
        self._versions.begin(entry_id, title=entry.title, html=entry.html, text=entry.text, now=now)
        self._index.add(entry_id, title=entry.title, text=entry.text, author=entry.author)
        return entry_id

    def update(self, entry_id: int, version_id: int, entry: CleanEntry, *, now: datetime) -> bool:
        """→ whether the reader would see a difference."""
        known = self._versions.last_of_feed(entry_id)
        if known is None or (known.title, known.text) == (entry.title, entry.text):
            self._touch(entry_id, version_id, entry)
            return False
        self._new_version(entry_id, title=entry.title, html=entry.html, text=entry.text, origin="feed", now=now)
        self._database.run(
            "UPDATE entries SET url = ?, title = ?, lang = ? WHERE id = ?",
            (entry.url, entry.title, entry.lang, entry_id),
        )
        return True

    def _touch(self, entry_id: int, version_id: int, entry: CleanEntry) -> None:
        """The same words in another mark-up, or at another address: no new version."""
        self._database.run("UPDATE entries SET url = ? WHERE id = ? AND url IS NOT ?", (entry.url, entry_id, entry.url))
        html = pack_html(entry.html, entry.text)
        self._database.run(
            "UPDATE versions SET html = ? WHERE id = ? AND origin = 'feed' AND html != ?", (html, version_id, html)
        )

    def _new_version(self, entry_id: int, *, title: str, html: str, text: str, origin: Origin, now: datetime) -> None:
        old = self._database.row(
            "SELECT entries.title, entries.author, v.text FROM entries JOIN versions AS v ON v.id = entries.version_id "
            "WHERE entries.id = ?",
            (entry_id,),
        )
        if old is not None:
            self._index.replace(
                entry_id, old=(old["title"], old["text"], old["author"]), new=(title, text, old["author"])
            )
        self._versions.add(entry_id, title=title, html=html, text=text, origin=origin, now=now)
        self._highlights.find_again(entry_id, text)


def _distinct(entries: Iterable[CleanEntry]) -> tuple[CleanEntry, ...]:
    """Of those with one guid the first."""
    return tuple({entry.guid: entry for entry in reversed(tuple(entries))}.values())[::-1]
