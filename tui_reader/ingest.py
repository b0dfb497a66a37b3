"""One page → a `CleanFeed`: parsed, cleaned and dated. All the work that a hostile feed can make expensive.

It runs in a process that can be killed, and imports nothing that such a process does not need.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from html import escape
from urllib.parse import unquote, urlsplit

from tui_reader.clean import clean_html, clean_line, clean_url
from tui_reader.digest import story_entries
from tui_reader.doc import build_doc
from tui_reader.language import language
from tui_reader.model import CleanEntry, CleanFeed, Enclosure, Page, ParsedEntry
from tui_reader.parse import kind_of, parse

_SHOWN = re.compile(r"<img|(?:\A|>)\s*[^<\s]")
"""A picture or a word of clean HTML."""


def read_page(page: Page, *, now: datetime) -> CleanFeed:
    """Parse and clean: all the work that a hostile feed can make expensive. Raises ParseError.

    Dates that cannot be at `now` count as none. The entries come in the order to store them in, the newest last.
    """
    parsed = parse(page.body, url=page.url, content_type=page.content_type)
    return CleanFeed(
        title=clean_line(parsed.title, limit=120),
        site_url=clean_url(parsed.site_url, base=page.url),
        lang=clean_line(parsed.lang, limit=20),
        entries=_in_order(
            tuple(
                clean_entry(entry, feed_lang=parsed.lang, feed_url=page.url, feed_title=parsed.title, now=now)
                for entry in parsed.entries
            )
        ),
        ttl=parsed.ttl,
        note=parsed.note,
        skip_hours=parsed.skip_hours,
        skip_days=parsed.skip_days,
    )


def clean_entry(
    entry: ParsedEntry, *, feed_lang: str, feed_url: str, feed_title: str = "", now: datetime
) -> CleanEntry:
    base = entry.base_url or entry.url or feed_url
    html = clean_html(entry.html, base=base)
    html += _attachments(entry.enclosures, html)
    title = clean_line(entry.title)
    doc = build_doc(html)
    text = doc.text
    cleaned = CleanEntry(
        guid=entry.guid,
        url=clean_url(entry.url, base=base),
        title=title,
        author=clean_line(entry.author, limit=120),
        lang=language(f"{title}\n{text[:2000]}", declared=entry.lang or feed_lang),
        published_at=plausible(entry.published_at, now) or plausible(entry.updated_at, now),
        html=html,
        text=text,
    )
    return replace(cleaned, stories=story_entries(cleaned, doc, feed_title=feed_title))


def plausible(published_at: datetime | None, now: datetime) -> datetime | None:
    """None for a date that cannot be: before the web, or more than two days ahead of the clock."""
    if published_at is None or published_at.year < 1990 or published_at > now + timedelta(days=2):
        return None
    return published_at


def _in_order(entries: tuple[CleanEntry, ...]) -> tuple[CleanEntry, ...]:
    """The newest last, so that of entries without a date, or of one date, those that the feed puts first come to
    stand on top. Feeds begin with the newest; those whose dates ascend do not."""
    dates = [entry.published_at for entry in entries if entry.published_at]
    ascending = len(dates) > 1 and dates[0] < dates[-1]
    return entries if ascending else entries[::-1]


def _attachments(enclosures: Iterable[Enclosure], html: str) -> str:
    """Attached files that the text does not show, as links that name them; a picture only where there is nothing
    else. Nothing is fetched."""
    pictures, links = list[str](), list[str]()
    for enclosure in enclosures:
        url = clean_url(enclosure.url)
        if url and escape(url) not in html:
            kind = kind_of(enclosure.type, url)
            (pictures if kind == "image" else links).append(_link(url, kind, enclosure.length))
    return "".join(links[:20]) or ("" if _SHOWN.search(html) else "".join(pictures[:1]))


def _link(url: str, kind: str, length: int | None) -> str:
    address = escape(url)
    if kind == "image":
        return f'<p><img src="{address}" alt=""></p>'
    path = urlsplit(url).path.rstrip("/")
    name = clean_line(unquote(path.rpartition("/")[2]), limit=80) or urlsplit(url).netloc
    size = f" ({length / 1e6:.0f} MB)" if length and length >= 1_000_000 else ""
    return f'<p><a href="{address}">{kind.capitalize() or "File"}: {escape(name)}</a>{size}</p>'
