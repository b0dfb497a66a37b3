"""The recipe of parsing: which kind of document it is, and what holds for all kinds of feed."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace

from tui_reader.errors import ParseError
from tui_reader.model import ParsedEntry, ParsedFeed

from . import jsonfeed, markup, xmlfeed
from .charset import to_text
from .webpage import describe_page

MAX_ENTRIES = 5_000
MAX_HTML = 2_000_000
"""Characters of one entry."""

_NOT_FEEDS = {
    "opml": "a list of feeds (OPML)",
    "urlset": "a sitemap",
    "sitemapindex": "a sitemap",
    "svg": "an image",
    "error": "an error message",
}

_PAGE_ROOTS = frozenset(
    {"html", "head", "body", "script", "meta", "title", "div", "p", "h1", "center", "form", "br", "b", "pre"}
)
"""What a web page begins with, some of which leave out their <html>."""


def parse(body: bytes, *, url: str, content_type: str = "") -> ParsedFeed:
    """The feed in `body`, which `url` answered with. Raises ParseError, and nothing else."""
    try:
        return _parse(body, url, content_type)
    except ParseError:
        raise
    except (RecursionError, MemoryError) as error:
        raise ParseError("the feed is nested too deep or too large to read") from error
    except Exception as error:
        # The parsers raise whatever their input makes them stumble over, and one feed must not take others with it.
        raise ParseError(f"the feed is too damaged to read ({type(error).__name__})") from error


def _parse(body: bytes, url: str, content_type: str) -> ParsedFeed:
    text = to_text(body, content_type).lstrip("\ufeff \t\r\n\0")
    if not text:
        raise ParseError("the server sent an empty answer")
    if text[0] in "{[":
        return _limited(jsonfeed.read(text, url))
    document = markup.tidy(text)
    root = document.root
    if root in _PAGE_ROOTS:
        raise ParseError(describe_page(text))
    if root in _NOT_FEEDS:
        raise ParseError(f"this address answers with {_NOT_FEEDS[root]}, not a feed")
    if not root:
        raise ParseError("this address answers with plain text, not a feed")
    return _limited(xmlfeed.read(document, url))


def _limited(feed: ParsedFeed) -> ParsedFeed:
    notes = [feed.note] if feed.note else []
    entries = feed.entries
    if len(entries) > MAX_ENTRIES:
        notes.append(f"only the first {MAX_ENTRIES} of {len(entries)} entries were read")
        entries = entries[:MAX_ENTRIES]
    long = sum(len(entry.html) > MAX_HTML for entry in entries)
    if long:
        notes.append(f"{long} overlong entries were cut")
        entries = tuple(replace(entry, html=entry.html[:MAX_HTML]) for entry in entries)
    return replace(feed, entries=_identified(entries), note="; ".join(notes))


def _identified(entries: tuple[ParsedEntry, ...]) -> tuple[ParsedEntry, ...]:
    """Every entry with a guid of its own, and none of them twice.

    Where different entries share a guid (some feeds give every item the address of the site) or, having none, share a
    link, all of them get a longer one: were the first to keep the short one, the next new entry would pass for an
    update of it.
    """
    distinct: dict[tuple[str, str], ParsedEntry] = {}
    for entry in entries:
        distinct.setdefault(_names(entry), entry)
    shared = Counter(name for name, _ in distinct)
    return tuple(
        replace(entry, guid=f"{name} {finer}" if shared[name] > 1 else name)
        for (name, finer), entry in distinct.items()
    )


def _names(entry: ParsedEntry) -> tuple[str, str]:
    """What identifies an entry, and what tells it from others with the same name."""
    words = entry.title or entry.html or repr(entry)
    if entry.guid:
        return entry.guid, entry.url or _digest(words)
    return entry.url or _digest(words), _digest(f"{words}\0{entry.published_at}")


def _digest(text: str) -> str:
    return "urn:sha256:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:40]
