"""The imports drawer: highlights of other programs, tied to the article they are from, else kept with their own words.

An article that is not in the store gets an entry that stands for it, in no list, of a feed that nobody polls.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from tui_reader.anchor import find_quote, make_quote
from tui_reader.fold import fold
from tui_reader.model import Article, CleanEntry, Clipping, Highlight, Quote, Source, source_of

from .arrivals import Arrivals
from .database import Database
from .entries import Entries
from .highlights import ALPHABET, Highlights
from .times import to_text

_STANDS = "import:"
_TRACKING = re.compile(r"utm_|fbclid$|gclid$|mc_[ce]id$|spm$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    added: tuple[Highlight, ...]
    known: int
    """Here already, from an earlier import or made here."""
    removed: int
    """Once imported, and removed by the reader since: these stay away."""


class Imports:
    def __init__(self, database: Database, entries: Entries, highlights: Highlights, arrivals: Arrivals) -> None:
        self._database = database
        self._entries = entries
        self._highlights = highlights
        self._arrivals = arrivals

    def add(self, clippings: Iterable[Clipping], *, now: datetime) -> Imported:
        """In one undoable step. The same clippings again add nothing."""
        # Looking for quotes may take long: others may write meanwhile.
        work = _Work(self._database, self._entries, self._highlights, now)
        for clipping in clippings:
            work.take(clipping)
        with self._database.writing():
            made = [placed.highlight(self._article(placed.owner, placed.clipping, now), now) for placed in work.placed]
            self._highlights.add_all(made, now=now)
            added = self._highlights.some(each.id for each in made)
        return Imported(added, work.known, work.removed)

    def _article(self, owner: int | str, clipping: Clipping, now: datetime) -> Article:
        """The article, or the entry that stands for it; made if need be."""
        if isinstance(owner, str):
            known = self._database.value("SELECT min(id) FROM entries WHERE guid = ?", (owner,))
            owner = known or self._stand_in(owner, clipping, now)
        return self._entries.article(owner)

    def _stand_in(self, guid: str, clipping: Clipping, now: datetime) -> int:
        url = f"import:{clipping.program.lower().replace(' ', '-')}"
        self._database.run(
            "INSERT OR IGNORE INTO feeds (url, title, position, added_at, removed_at) VALUES (?, ?, 0, ?, ?)",
            (url, clipping.program, to_text(now), to_text(now)),
        )
        feed_id = int(self._database.value("SELECT id FROM feeds WHERE url = ?", (url,)))
        entry = CleanEntry(guid, clipping.url or None, clipping.title, clipping.author, "", None, html="", text="")
        return self._arrivals.stand_in(feed_id, entry, now)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A clipping that is to be kept, and where."""

    id: str
    clipping: Clipping
    owner: int | str
    """The entry, or the guid of one that is to stand for the article."""
    quote: Quote
    state: Literal["anchored", "moved", "orphan"]

    def highlight(self, article: Article, now: datetime) -> Highlight:
        made_at = min(self.clipping.made_at or now, now)
        return Highlight(
            id=self.id,
            entry_id=article.entry.id,
            version_id=article.version_id,
            quote=self.quote,
            note=self.clipping.note,
            kind=self.clipping.kind,
            tags=self.clipping.tags,
            state=self.state,
            made_at=made_at,
            changed_at=made_at,
            source=_source(article, self.clipping),
        )


class _Work:
    """One import: what is in the store is looked up once for all clippings. Only reads."""

    def __init__(self, database: Database, entries: Entries, highlights: Highlights, now: datetime) -> None:
        self.placed: list[_Placed] = []
        self.known = 0
        self.removed = 0
        self._entries = entries
        self._now = now
        self._gone = highlights.removed_ids()
        here = highlights.all()
        self._here = {one.id for one in here}
        self._quotes: set[tuple[int | str, str]] = {(one.entry_id, _bare(one.quote.exact)) for one in here}
        self._by_url: dict[str, list[int]] = defaultdict(list)
        self._by_title: dict[str, list[int]] = defaultdict(list)
        self._standing: dict[str, int] = {}
        self._texts: dict[int, str] = {}
        for row in database.rows("SELECT id, guid, url, title FROM entries ORDER BY id DESC"):
            if row["guid"].startswith(_STANDS):
                self._standing[row["guid"]] = row["id"]
                continue
            if row["url"]:
                self._by_url[_bare_url(row["url"])].append(row["id"])
            if row["title"]:
                self._by_title[_bare(row["title"])].append(row["id"])

    def take(self, clipping: Clipping) -> None:
        highlight_id = clipping.id or _stable_id(clipping)
        if highlight_id in self._here:
            self.known += 1
        elif highlight_id in self._gone:
            self.removed += 1
        else:
            placed = self._place(highlight_id, clipping)
            key = (placed.owner, _bare(placed.quote.exact))
            if key in self._quotes:
                self.known += 1
                return
            self._quotes.add(key)
            self._here.add(highlight_id)
            self.placed.append(placed)

    def _place(self, highlight_id: str, clipping: Clipping) -> _Placed:
        """By the address, whether the article says it or not; by its title only if it does."""
        same_url = self._by_url.get(_bare_url(clipping.url), []) if clipping.url else []
        same_title = self._by_title.get(_bare(clipping.title), []) if clipping.title else []
        for entry_id in (*same_url, *same_title[:20]):
            text = self._text(entry_id)
            found = _found(text, clipping)
            if found:
                unchanged = text[found.start : found.end] == found.exact
                return _Placed(highlight_id, clipping, entry_id, found, "anchored" if unchanged else "moved")
        guid = _guid(clipping)
        owner = same_url[0] if same_url else self._standing.get(guid, guid)
        quote = Quote(clipping.quote, clipping.prefix, clipping.suffix, 0, len(clipping.quote))
        return _Placed(highlight_id, clipping, owner, quote, "orphan")

    def _text(self, entry_id: int) -> str:
        if entry_id not in self._texts:
            self._texts[entry_id] = self._entries.article(entry_id).text
        return self._texts[entry_id]


def _found(text: str, clipping: Clipping) -> Quote | None:
    """Where the article says it: with its own words, if they are the same but for spacing and script."""
    wanted = Quote(clipping.quote, clipping.prefix, clipping.suffix, 0, len(clipping.quote))
    found = find_quote(text, wanted) if text else None
    if found is None:
        return None
    here = make_quote(text, found.start, found.end)
    return here if _bare(here.exact) == _bare(clipping.quote) else replace(here, exact=clipping.quote)


def _source(article: Article, clipping: Clipping) -> Source:
    """What the clipping says of itself, where the article says nothing."""
    source = source_of(article.entry)
    return replace(
        source,
        title=source.title or clipping.title,
        author=source.author or clipping.author,
        url=source.url or clipping.url or None,
    )


def _bare(text: str) -> str:
    return "".join(fold(text).split())


def _bare_url(url: str) -> str:
    """What an address has in common with others of the same page."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return url
    query = [(name, value) for name, value in parse_qsl(parts.query) if not _TRACKING.match(name)]
    return f"{host}{parts.path.rstrip('/')}?{urlencode(query)}"


def _guid(clipping: Clipping) -> str:
    """Of the entry that stands for the article or book, whichever program tells of it."""
    title = f"{_bare(clipping.title)}\0{_bare(clipping.author)}"
    about = _bare_url(clipping.url) if clipping.url else title
    return _STANDS + hashlib.sha256(about.encode("utf-8", "replace")).hexdigest()[:24]


def _stable_id(clipping: Clipping) -> str:
    """The same for the same words of the same article, whichever program tells of them."""
    about = "\0".join([_bare_url(clipping.url) if clipping.url else _bare(clipping.title), _bare(clipping.quote)])
    number = int.from_bytes(hashlib.sha256(about.encode("utf-8", "replace")).digest())
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(10))
