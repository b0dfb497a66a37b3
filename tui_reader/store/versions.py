"""The versions drawer: every text that an entry has had. The current one lies there plain; earlier ones are packed.

The oldest is packed by itself (zlib), those between it and the current one as what differs from it: the hundredth text
of an entry that changes with every poll costs next to nothing, and no text hangs on a chain of others.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection
from datetime import datetime
from typing import Literal, NamedTuple

from tui_reader.changes import matters
from tui_reader.model import Version

from .database import Database, Row
from .markup import pack_html, unpack_html
from .times import from_text, to_text

Origin = Literal["feed", "page"]

_WINDOW = 2**15
"""How far back zlib looks."""


class FeedText(NamedTuple):
    """What a feed gives of an entry."""

    version_id: int
    title: str
    html: str
    text: str


class Versions:
    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, entry_id: int) -> tuple[Version, ...]:
        """Oldest first; the last one is the current one. Empty if there is no such entry."""
        return self._read("entry_id = ? ORDER BY versions.id", entry_id)

    def text(self, version_id: int) -> str:
        """Canonical; "" if there is no such version."""
        row = self._database.row("SELECT * FROM versions WHERE id = ?", (version_id,))
        return unpacked(row, self._oldest(row["entry_id"]))[1] if row else ""

    def last_of_feed(self, entry_id: int) -> FeedText | None:
        """As the feed gave it last: a page that was fetched since is no news to it. None if there is no such entry."""
        row = self._database.row(
            "SELECT * FROM versions WHERE entry_id = ? AND origin = 'feed' ORDER BY id DESC LIMIT 1", (entry_id,)
        )
        return FeedText(row["id"], row["title"], *unpacked(row, self._oldest(entry_id))) if row else None

    def begin(self, entry_id: int, *, title: str, html: str, text: str, now: datetime) -> None:
        """With what a new entry comes with."""
        version_id = self._insert(entry_id, title, html, text, "feed", now)
        self._database.run("UPDATE entries SET version_id = ? WHERE id = ?", (version_id, entry_id))

    def add(self, entry_id: int, *, title: str, html: str, text: str, origin: Origin, now: datetime) -> None:
        """From now on the current one."""
        self._pack_current(entry_id)
        version_id = self._insert(entry_id, title, html, text, origin, now)
        if origin == "page":
            # Who has read the lines of the feed asked for the rest: that is no edit.
            self._database.run(
                "UPDATE states SET read_version_id = ? WHERE entry_id = ? "
                "AND read_version_id = (SELECT version_id FROM entries WHERE entries.id = entry_id)",
                (version_id, entry_id),
            )
        self._database.run("UPDATE entries SET version_id = ? WHERE id = ?", (version_id, entry_id))

    def _insert(self, entry_id: int, title: str, html: str, text: str, origin: Origin, now: datetime) -> int:
        return self._database.run(
            "INSERT INTO versions (entry_id, title, html, text, origin, made_at) VALUES (?, ?, ?, ?, ?, ?)",
            (entry_id, title, pack_html(html, text), text, origin, to_text(now)),
        )

    def settle(self, entry_id: int, names: Collection[str]) -> None:
        """After an edit: where it touches no number, none of these names and no highlight, the reader knows it already.

        So that lists mark what is worth coming back for, and not every comma.
        """
        known = self._database.value("SELECT read_version_id FROM states WHERE entry_id = ? AND read = 1", (entry_id,))
        current = next(iter(self._read("entry_id = ? ORDER BY versions.id DESC LIMIT 1", entry_id)), None)
        if known is None or current is None or known == current.id:
            return
        alike = "entry_id = ? AND origin = ? AND versions.id <= ? ORDER BY versions.id DESC LIMIT 1"
        for seen in self._read(alike, entry_id, current.origin, known):
            if not self._matters(seen, current, names):
                self._database.run("UPDATE states SET read_version_id = ? WHERE entry_id = ?", (current.id, entry_id))

    def _matters(self, old: Version, new: Version, names: Collection[str]) -> bool:
        quotes = self._database.column(
            "SELECT exact FROM highlights WHERE entry_id = (SELECT entry_id FROM versions WHERE id = ?)", (new.id,)
        )
        if any(quote in old.text and quote not in new.text for quote in quotes):
            return True
        return matters(f"{old.title}\n\n{old.text}", f"{new.title}\n\n{new.text}", names)

    def _read(self, where: str, *parameters: object) -> tuple[Version, ...]:
        rows = self._database.rows(
            "SELECT versions.*, states.read = 1 AND versions.id = states.read_version_id AS read "
            f"FROM versions JOIN states USING (entry_id) WHERE {where}",
            parameters,
        )
        oldest = self._oldest(rows[0]["entry_id"]) if rows else b""
        return tuple(_version(row, oldest) for row in rows)

    def _oldest(self, entry_id: int) -> bytes:
        """What those after it are packed against; b"" while there is none."""
        found = self._database.value("SELECT packed FROM versions WHERE entry_id = ? ORDER BY id LIMIT 1", (entry_id,))
        return zlib.decompress(found) if found else b""

    def _pack_current(self, entry_id: int) -> None:
        row = self._database.row(
            "SELECT versions.* FROM versions JOIN entries ON entries.version_id = versions.id WHERE entries.id = ?",
            (entry_id,),
        )
        if row is not None:
            html = unpack_html(row["html"], row["text"])
            self._database.run(
                "UPDATE versions SET html = x'', text = '', packed = ? WHERE id = ?",
                (packed(html, row["text"], self._oldest(entry_id)), row["id"]),
            )


def packed(html: str, text: str, oldest: bytes = b"") -> bytes:
    """`oldest`: the first text of the entry, unpacked; b"" for that one itself."""
    # In one stream the text costs little: nearly all of it stands in the HTML before it.
    data = json.dumps([html, text], ensure_ascii=False).encode()
    if not oldest:
        return zlib.compress(data, 9)
    stream = zlib.compressobj(9, zdict=oldest[-_WINDOW:])
    return stream.compress(data) + stream.flush()


def unpacked(row: Row, oldest: bytes) -> tuple[str, str]:
    """HTML and text of a row of `versions`."""
    if row["packed"] is None:
        return unpack_html(row["html"], row["text"]), row["text"]
    # A stream that was packed by itself does not look at the dictionary.
    html, text = json.loads(zlib.decompressobj(zdict=oldest[-_WINDOW:]).decompress(row["packed"]))
    return html, text


def _version(row: Row, oldest: bytes) -> Version:
    return Version(
        id=row["id"],
        title=row["title"],
        text=unpacked(row, oldest)[1],
        origin=row["origin"],
        made_at=from_text(row["made_at"]),
        read=bool(row["read"]),
    )
