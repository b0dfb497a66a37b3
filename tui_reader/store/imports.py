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
from urllib.parse import parse_qsl, urlencode, urlsplit

from tui_reader.anchor import find_quote, make_quote
from tui_reader.fold import fold
from tui_reader.model import Article, CleanEntry, Clipping, Highlight, Quote, Source, source_of

from .arrivals import Arrivals
from .database import Database
from .entries import Entries
from .highlights import ALPHABET, Highlights
from .times import to_text

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
        with self._database.writing():
            work = _Work(self._database, self._entries, self._arrivals, self._highlights, now)
            for clipping in clippings:
                work.take(clipping)
            self._highlights.add_all(work.made, now=now)
            added = tuple(self._highlights.get(each.id) for each in work.made)
        return Imported(added, work.known, work.removed)


class _Work:
    """One import: what is in the store is looked up once for all clippings."""

    def __init__(
        self, database: Database, entries: Entries, arrivals: Arrivals, highlights: Highlights, now: datetime
    ) -> None:
        self.made: list[Highlight] = []
        self.known = 0
        self.removed = 0
        self._database = database
        self._entries = entries
        self._arrivals = arrivals
        self._now = now
        self._gone = highlights.removed_ids()
        self._here = {one.id for one in highlights.all()}
        self._quotes = {(one.entry_id, _bare(one.quote.exact)) for one in highlights.all()}
        self._by_url: dict[str, list[int]] = defaultdict(list)
        self._by_title: dict[str, list[int]] = defaultdict(list)
        self._articles: dict[int, Article] = {}
        self._standing: dict[str, int] = {}
        for row in database.rows("SELECT id, url, title FROM entries WHERE guid NOT LIKE 'import:%' ORDER BY id DESC"):
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
            self._make(clipping, highlight_id)

    def _make(self, clipping: Clipping, highlight_id: str) -> None:
        article, quote = self._place(clipping)
        key = (article.entry.id, _bare(quote.exact))
        if key in self._quotes:
            self.known += 1
            return
        made_at = min(clipping.made_at or self._now, self._now)
        self._quotes.add(key)
        self._here.add(highlight_id)
        self.made.append(
            Highlight(
                id=highlight_id,
                entry_id=article.entry.id,
                version_id=article.version_id,
                quote=quote,
                note=clipping.note,
                kind=clipping.kind,
                tags=clipping.tags,
                state="anchored",
                made_at=made_at,
                changed_at=made_at,
                source=_source(article, clipping),
            )
        )

    # --- where it is from

    def _place(self, clipping: Clipping) -> tuple[Article, Quote]:
        """By the address, whether the article says it or not; by its title only if it does."""
        same_url = self._by_url.get(_bare_url(clipping.url), []) if clipping.url else []
        same_title = self._by_title.get(_bare(clipping.title), []) if clipping.title else []
        for entry_id in (*same_url, *same_title[:20]):
            article = self._article(entry_id)
            found = _found(article.text, clipping)
            if found:
                return article, found
        entry_id = same_url[0] if same_url else self._stand_in(clipping)
        return self._article(entry_id), Quote(clipping.quote, clipping.prefix, clipping.suffix, 0, len(clipping.quote))

    def _article(self, entry_id: int) -> Article:
        if entry_id not in self._articles:
            self._articles[entry_id] = self._entries.article(entry_id)
        return self._articles[entry_id]

    def _stand_in(self, clipping: Clipping) -> int:
        """The entry for an article or book that is not here, whichever program told of it first; made if need be."""
        url = clipping.url
        about = _bare_url(url) if url else f"{_bare(clipping.title)}\0{_bare(clipping.author)}"
        guid = f"import:{hashlib.sha256(about.encode('utf-8', 'replace')).hexdigest()[:24]}"
        if guid not in self._standing:
            known = self._database.value("SELECT min(id) FROM entries WHERE guid = ?", (guid,))
            entry = CleanEntry(guid, url or None, clipping.title, clipping.author, "", None, html="", text="")
            feed_id = self._feed(clipping.program)
            self._standing[guid] = known or self._arrivals.stand_in(feed_id, entry, self._now)
        return self._standing[guid]

    def _feed(self, program: str) -> int:
        url = f"import:{program.lower().replace(' ', '-')}"
        self._database.run(
            "INSERT OR IGNORE INTO feeds (url, title, position, added_at, removed_at) VALUES (?, ?, 0, ?, ?)",
            (url, program, to_text(self._now), to_text(self._now)),
        )
        return int(self._database.value("SELECT id FROM feeds WHERE url = ?", (url,)))


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


def _stable_id(clipping: Clipping) -> str:
    """The same for the same words of the same article, whichever program tells of them."""
    about = "\0".join([_bare_url(clipping.url) if clipping.url else _bare(clipping.title), _bare(clipping.quote)])
    number = int.from_bytes(hashlib.sha256(about.encode("utf-8", "replace")).digest())
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(10))
