"""What is known of a feed, an entry, a highlight: the text of the info screens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textual.content import Content

from tui_reader.model import Article, Feed, Highlight
from tui_reader.ui.text import age, cells, fit, safe


def feed_info(feed: Feed, now: datetime) -> Content:
    return _table(
        [
            ("address", feed.url),
            ("site", feed.site_url or "unknown"),
            ("folder", feed.folder or "none"),
            ("entries", f"{feed.total:,}, {feed.unread:,} unread"),
            ("last asked", _ago(feed.checked_at, now)),
            ("last answer", _ago(feed.succeeded_at, now)),
            ("next poll", _ahead(feed.next_at, now)),
            ("status", feed.status or "not asked yet"),
            ("error", f"{feed.error} ({feed.failures} in a row)" if feed.error else "none"),
        ]
    )


def article_info(article: Article) -> Content:
    entry = article.entry
    return _table(
        [
            ("id", str(entry.id)),
            ("feed", entry.feed_title),
            ("address", entry.url or "none"),
            ("author", entry.author or "unknown"),
            ("published", f"{entry.published_at:%Y-%m-%d %H:%M} UTC" + ("" if entry.dated else " (first seen)")),
            ("language", entry.lang or "unknown"),
            ("length", f"{len(article.text):,} characters"),
            ("texts kept", f"{article.versions} (it was edited)" if article.versions > 1 else "1"),
            ("highlights", str(len(article.highlights))),
        ]
    )


def highlight_info(highlight: Highlight) -> Content:
    states = {
        "anchored": "found in the article",
        "moved": "found, with changed words",
        "orphan": "no longer in the article",
    }
    return _table(
        [
            ("id", highlight.id),
            ("state", states[highlight.state]),
            ("kind", highlight.kind or "none"),
            ("tags", ", ".join(highlight.tags) or "none"),
            ("made", f"{highlight.made_at:%Y-%m-%d %H:%M} UTC"),
            ("article", highlight.source.title),
            ("feed", highlight.source.feed_title),
            ("address", highlight.source.url or "none"),
        ]
    )


def health_info(feeds: Sequence[Feed], now: datetime) -> Content:
    """Failing feeds first, then all, by when they last answered."""
    lines = []
    for feed in sorted(feeds, key=lambda feed: (not feed.error, feed.title.casefold())):
        title = Content.styled(fit(safe(feed.title), 28), "bold" if feed.error else "")
        state = (
            Content.styled(safe(feed.error), "$error")
            if feed.error
            else Content(f"answered {_ago(feed.succeeded_at, now)}")
        )
        lines.append(Content.assemble(title, "  ", state))
    return Content("\n").join(lines) if lines else Content("no feeds yet")


def link_markdown(title: str, url: str | None) -> str:
    """`[title](url)`, with what would end either escaped."""
    text = safe(title).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]") or "(no title)"
    return f"[{text}](<{url}>)" if url else text


def _table(rows: Sequence[tuple[str, str]]) -> Content:
    width = max(cells(name) for name, _ in rows) + 2
    return Content("\n").join(
        [Content.assemble((fit(name, width), "$foreground-muted"), safe(value)) for name, value in rows]
    )


def _ago(moment: datetime | None, now: datetime) -> str:
    return f"{age(moment, now)} ago" if moment else "never"


def _ahead(moment: datetime | None, now: datetime) -> str:
    if moment is None or moment <= now:
        return "now"
    return f"in {age(now, moment)}"
