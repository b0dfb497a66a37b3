"""One page → a `CleanFeed`: parsed, cleaned and dated. All the work that a hostile feed can make expensive.

It runs in a process that can be killed, and imports nothing that such a process does not need.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from tui_reader.clean import clean_html, clean_line, clean_url
from tui_reader.doc import build_doc
from tui_reader.fold import is_ideograph
from tui_reader.model import CleanEntry, CleanFeed, Enclosure, Page, ParsedEntry
from tui_reader.parse import parse


def read_page(page: Page, *, now: datetime) -> CleanFeed:
    """Parse and clean: all the work that a hostile feed can make expensive. Raises ParseError.

    Dates that cannot be at `now` count as none.
    """
    parsed = parse(page.body, url=page.url, content_type=page.content_type)
    return CleanFeed(
        title=clean_line(parsed.title, limit=120),
        site_url=clean_url(parsed.site_url, base=page.url),
        lang=clean_line(parsed.lang, limit=20),
        entries=tuple(
            clean_entry(entry, feed_lang=parsed.lang, feed_url=page.url, now=now) for entry in parsed.entries
        ),
        ttl=parsed.ttl,
        note=parsed.note,
        skip_hours=parsed.skip_hours,
        skip_days=parsed.skip_days,
    )


def clean_entry(entry: ParsedEntry, *, feed_lang: str, feed_url: str, now: datetime) -> CleanEntry:
    base = entry.base_url or entry.url or feed_url
    html = clean_html(entry.html + _enclosure_links(entry.enclosures, entry.html), base=base)
    title = clean_line(entry.title)
    text = build_doc(html).text
    return CleanEntry(
        guid=entry.guid,
        url=clean_url(entry.url, base=base),
        title=title,
        author=clean_line(entry.author, limit=120),
        lang=language(f"{title}\n{text[:2000]}", declared=entry.lang or feed_lang),
        published_at=plausible(entry.published_at or entry.updated_at, now),
        html=html,
        text=text,
    )


def language(text: str, *, declared: str) -> str:
    """`zh`, `ja`, `ko` by script, else the declared language without its region, else "". Offline and instant."""
    letters = [char for char in text if char.isalpha()]
    if letters:
        kana = sum("぀" <= char <= "ヿ" for char in letters)
        hangul = sum("가" <= char <= "힣" for char in letters)
        ideographs = sum(map(is_ideograph, letters))
        if kana > len(letters) / 20:
            return "ja"
        if hangul > len(letters) / 5:
            return "ko"
        # A Chinese character says as much as a short Latin word: a fifth of the letters makes a text Chinese.
        if ideographs > len(letters) / 5:
            return "zh"
    primary = declared.lower().split("-")[0].split("_")[0]
    return "" if primary in ("zh", "ja", "ko") or not primary.isalpha() else primary[:8]


def plausible(published_at: datetime | None, now: datetime) -> datetime | None:
    """None for a date that cannot be: before the web, or more than two days ahead of the clock."""
    if published_at is None or published_at.year < 1990 or published_at > now + timedelta(days=2):
        return None
    return published_at


def _enclosure_links(enclosures: Iterable[Enclosure], html: str) -> str:
    """Attached files that the text does not show, as links that name them: nothing is fetched."""
    links = []
    for enclosure in enclosures:
        url = clean_url(enclosure.url)
        if url and enclosure.url not in html:
            kind = enclosure.type.split("/")[0].capitalize() if "/" in enclosure.type else "File"
            links.append(
                f'<p><a href="{_attribute(url)}">{_attribute(kind)}: {_attribute(url.rsplit("/", 1)[-1][:80])}</a></p>'
            )
    return "".join(links[:20])


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
