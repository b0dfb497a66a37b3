"""The JSON objects of the command line. Their keys are a contract: scripts rely on them."""

from __future__ import annotations

from typing import Any

from tui_reader.model import Article, Entry, Feed, Highlight, Outcome, SearchHit, Tag

Record = dict[str, Any]


def feed_record(feed: Feed, rate: float) -> Record:
    """`rate`: entries a week."""
    return {
        "id": feed.id,
        "url": feed.url,
        "title": feed.title,
        "folder": feed.folder,
        "unread": feed.unread,
        "total": feed.total,
        "checked_at": feed.checked_at,
        "succeeded_at": feed.succeeded_at,
        "next_at": feed.next_at,
        "status": feed.status,
        "error": feed.error,
        "failures": feed.failures,
        "failing_since": feed.failing_since,
        "missed": feed.missed,
        "missed_at": feed.missed_at,
        "moved_to": feed.moved_to,
        "digest": feed.digest,
        "a_week": round(rate, 2),
    }


def outcome_record(outcome: Outcome) -> Record:
    return {
        "id": outcome.feed_id,
        "url": outcome.url,
        "title": outcome.title,
        "status": outcome.status,
        "new": outcome.new,
        "updated": outcome.updated,
        "error": outcome.error,
    }


def entry_record(entry: Entry) -> Record:
    return {
        "id": entry.id,
        "feed": entry.feed_title,
        "feed_url": entry.feed_url,
        "title": entry.title,
        "url": entry.url,
        "author": entry.author,
        "published": entry.published_at,
        "dated": entry.dated,
        "read": entry.read,
        "starred": entry.starred,
        "later": entry.later,
        "lang": entry.lang,
        "companies": list(entry.companies),
        "topics": list(entry.topics),
        "highlights": entry.highlights,
        "parent": entry.parent_id,
        "stories": entry.stories,
    }


def hit_record(hit: SearchHit) -> Record:
    return {**entry_record(hit.entry), "snippet": hit.snippet, "marks": [list(span) for span in hit.marks]}


def article_record(article: Article) -> Record:
    from tui_reader.doc import build_doc

    links = [span.href for span in build_doc(article.html).spans if span.kind == "link" and span.href]
    return {
        **entry_record(article.entry),
        "text": article.text,
        "html": article.html,
        "links": list(dict.fromkeys(links)),
        "tags": [tag_record(tag) for tag in article.tags],
        "highlights": [highlight_record(highlight) for highlight in article.highlights],
        "versions": article.versions,
    }


def tag_record(tag: Tag) -> Record:
    return {
        "kind": tag.kind,
        "slug": tag.slug,
        "name": tag.name,
        "salience": tag.salience,
        "by": tag.by,
        "evidence": [each._asdict() for each in tag.evidence],
    }


def highlight_record(highlight: Highlight) -> Record:
    return {
        "id": highlight.id,
        "entry_id": highlight.entry_id,
        "quote": highlight.quote.exact,
        "prefix": highlight.quote.prefix,
        "suffix": highlight.quote.suffix,
        "start": highlight.quote.start,
        "end": highlight.quote.end,
        "note": highlight.note,
        "kind": highlight.kind,
        "check_by": highlight.check_by.isoformat() if highlight.check_by else None,
        "tags": list(highlight.tags),
        "state": highlight.state,
        "made_at": highlight.made_at,
        "changed_at": highlight.changed_at,
        "title": highlight.source.title,
        "url": highlight.source.url,
        "feed": highlight.source.feed_title,
    }
