"""Small values that tests of the store need again and again: entries, a feed, a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tui_reader.model import CleanEntry, Feed, OpmlFeed
from tui_reader.store import Store

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
FEED_URL = "https://harbour.example/feed.xml"


def later(**parts: float) -> datetime:
    return NOW + timedelta(**parts)


def entry(
    guid: str,
    title: str | None = None,
    text: str = "The weights of the small model are free to use from Monday.",
    *,
    html: str | None = None,
    author: str = "Mara Ellison",
    lang: str = "en",
    published_at: datetime | None = NOW - timedelta(hours=1),
    url: str | None = None,
) -> CleanEntry:
    """The title names the guid, and the HTML is one paragraph of the text, unless they are given."""
    return CleanEntry(
        guid=guid,
        url=url or f"https://harbour.example/{guid}",
        title=f"Quarry Labs opens model {guid}" if title is None else title,
        author=author,
        lang=lang,
        published_at=published_at,
        html=f"<p>{text}</p>" if html is None else html,
        text=text,
    )


def subscribe(store: Store, url: str = FEED_URL, *, title: str = "Harbour Weekly", folder: str = "") -> Feed:
    store.feeds.add([OpmlFeed(url, title=title, folder=folder)], NOW)
    return next(feed for feed in store.feeds.all() if feed.url == url)


def save(store: Store, *entries: CleanEntry, feed: Feed | None = None, now: datetime = NOW) -> list[int]:
    """→ the ids of these entries, new or not, in their order."""
    chosen = feed or next(iter(store.feeds.all()), None) or subscribe(store)
    store.arrivals.save(chosen.id, entries, now)
    ids = store.entries.by_guid()
    return [ids[each.guid] for each in entries]
