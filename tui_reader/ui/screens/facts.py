"""What is known of a feed, an entry, a highlight: the text of the info screens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from textual.content import Content

from tui_reader.model import Article, Feed, Highlight
from tui_reader.ui.text import age, cells, fit, local, safe

_ISSUES = {
    "auto": "split where they tell several stories",
    "split": "split into their stories, as you wish (D)",
    "whole": "whole, as you wish (D)",
}


def feed_info(feed: Feed, rate: float, now: datetime) -> Content:
    """`rate`: entries a week."""
    return _table(
        [
            ("address", feed.url),
            ("site", feed.site_url or "unknown"),
            ("folder", feed.folder or "none"),
            ("entries", f"{feed.total:,}, {feed.unread:,} unread"),
            ("pace", f"{rate:.1f} entries a week"),
            ("probably missed", _missed(feed)),
            ("last asked", _ago(feed.checked_at, now)),
            ("last answer", _ago(feed.succeeded_at, now)),
            ("next poll", _ahead(feed.next_at, now)),
            ("status", feed.status or "not asked yet"),
            ("error", f"{feed.error} ({feed.failures} in a row)" if feed.error else "none"),
            ("its issues", _ISSUES[feed.digest]),
            ("moving to", feed.moved_to or "nowhere"),
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
            ("published", local(entry.published_at) + ("" if entry.dated else " (first seen)")),
            ("language", entry.lang or "unknown"),
            ("length", f"{len(article.text):,} characters"),
            ("texts kept", f"{article.versions} (d shows what changed)" if article.versions > 1 else "1"),
            ("highlights", str(len(article.highlights))),
            *([("issue", entry.parent_title)] if entry.parent_title else []),
            *([("stories", f"{entry.stories}, {entry.unread_stories} unread")] if entry.stories else []),
        ]
    )


def highlight_info(highlight: Highlight) -> Content:
    states = {
        "anchored": "found in the article",
        "moved": "found, with changed words",
        "orphan": "no longer in the article: r attaches it by hand",
    }
    return _table(
        [
            ("id", highlight.id),
            ("state", states[highlight.state]),
            ("kind", highlight.kind or "none"),
            ("check by", f"{highlight.check_by}" if highlight.check_by else "no day"),
            ("tags", ", ".join(highlight.tags) or "none"),
            ("made", local(highlight.made_at)),
            ("article", highlight.source.title),
            ("feed", highlight.source.feed_title),
            ("address", highlight.source.url or "none"),
        ]
    )


def health_info(feeds: Sequence[Feed], rates: Mapping[int, float], now: datetime) -> Content:
    """Failing feeds first; each with its pace, its last answer, its next poll. `rates`: entries a week."""
    lines = [Content.styled(f"{'feed':<28}  {'a week':>6}  {'answered':>8}  {'next':>6}", "$foreground-muted")]
    for feed in sorted(feeds, key=lambda feed: (not feed.error, not feed.missed, feed.title.casefold())):
        title = Content.styled(fit(safe(feed.title), 28), "bold" if feed.error else "")
        answered = age(feed.succeeded_at, now) if feed.succeeded_at else "never"
        due = "gone" if feed.status == "gone" else age(now, feed.next_at) if feed.next_at else "now"
        state = Content(f"  {rates.get(feed.id, 0):>6.1f}  {answered:>8}  {due:>6}")
        lines.append(Content.assemble(title, state))
        if feed.error:
            lines.append(Content.styled(f"  ! {safe(feed.error)}", "$error"))
        elif feed.missed:
            lines.append(Content.styled(f"  ≈ {_missed(feed)}", "$warning"))
    return Content("\n").join(lines) if feeds else Content("no feeds yet")


def link_markdown(title: str, url: str | None) -> str:
    """`[title](url)`, with what would end either escaped."""
    text = safe(title).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]") or "(no title)"
    return f"[{text}](<{url}>)" if url else text


def _table(rows: Sequence[tuple[str, str]]) -> Content:
    width = max(cells(name) for name, _ in rows) + 2
    return Content("\n").join(
        [Content.assemble((fit(name, width), "$foreground-muted"), safe(value)) for name, value in rows]
    )


def _missed(feed: Feed) -> str:
    """Entries that came and went between two polls."""
    if not feed.missed or feed.missed_at is None:
        return "nothing"
    return f"about {feed.missed:,} before {feed.missed_at:%d %B}: it lists few entries, poll it more often"


def _ago(moment: datetime | None, now: datetime) -> str:
    return f"{age(moment, now)} ago" if moment else "never"


def _ahead(moment: datetime | None, now: datetime) -> str:
    if moment is None or moment <= now:
        return "now"
    return f"in {age(now, moment)}"
