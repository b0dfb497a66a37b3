"""The bundled sample: invented feeds of invented outlets, read through the same recipe as real ones."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

from tui_reader.ingest import read_page
from tui_reader.model import CleanEntry, CleanFeed, Feed, OpmlFeed, Outcome, Page
from tui_reader.refresh import keep
from tui_reader.retag import save_names
from tui_reader.store import Store
from tui_reader.tagging import Tagger, load_taxonomy

MADE_AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
"""The moment at which the sample is fresh: its dates are moved so that this is now."""

_FEEDS = {
    "Newsletters": ("en-harbour-weekly", "zh-zhoubao"),
    "News": ("en-wire", "zh-kuaixun", "zh-gang", "en-rewrites"),
    "Analysis": ("zh-shendu", "en-chip-desk", "en-policy"),
    "Research": ("en-lab-notes", "zh-kaiyuan"),
    "Other": ("en-culture",),
}


def fill_demo(store: Store, now: datetime) -> None:
    """Feeds, entries, tags, and what an imagined reader has read, starred and highlighted."""
    names = [(folder, name) for folder, some in _FEEDS.items() for name in some]
    added, _ = store.feeds.add([OpmlFeed(_address(name), folder=folder) for folder, name in names], now)
    taxonomy = load_taxonomy()
    tagger = Tagger(taxonomy)
    save_names(store, taxonomy)
    for feed, (_, name) in zip(store.feeds.all(), names, strict=True):
        _fill_feed(store, feed, name, tagger, taxonomy.version, now)
    assert len(added) == len(names)
    _mark(store, now - MADE_AT, now)


def _address(name: str) -> str:
    return f"https://{name}.example/feed.xml"


def _fill_feed(store: Store, feed: Feed, name: str, tagger: Tagger, taxonomy: str, now: datetime) -> None:
    body = files(__package__).joinpath(f"{name}.xml").read_bytes()
    page = Page(feed.url, body, "application/xml", None, None)
    parsed = _moved(read_page(page, now=MADE_AT), now - MADE_AT)
    keep(store, feed, page, parsed, tagger=tagger, taxonomy=taxonomy, now=now)
    answered = Outcome(feed.id, feed.url, parsed.title, "ok", new=len(parsed.entries))
    store.feeds.record(answered, next_at=now + timedelta(hours=1), now=now)


def _moved(parsed: CleanFeed, by: timedelta) -> CleanFeed:
    entries = tuple(
        replace(entry, published_at=entry.published_at and entry.published_at + by) for entry in parsed.entries
    )
    return replace(parsed, entries=entries)


def _mark(store: Store, by: timedelta, now: datetime) -> None:
    marks = tomllib.loads(files(__package__).joinpath("highlights.toml").read_text(encoding="utf-8"))
    ids = store.entries.by_guid()
    for each in marks["state"]:
        for field in ("read", "starred", "later"):
            if each.get(field):
                store.entries.mark([ids[each["guid"]]], field, value=True, now=now, action="open")
    for each in marks["highlight"]:
        _highlight(store, ids[each["guid"]], each, datetime.fromisoformat(each["made"]) + by)
    for each in marks["edit"]:
        _edit(store, ids[each["guid"]], each, now)


def _edit(store: Store, entry_id: int, edit: dict[str, str], now: datetime) -> None:
    """What its publisher changes after it was read."""
    article = store.entries.article(entry_id)
    entry = article.entry
    html, text = (each.replace(edit["was"], edit["is"]) for each in (article.html, article.text))
    changed = CleanEntry(edit["guid"], entry.url, entry.title, entry.author, entry.lang, entry.published_at, html, text)
    store.arrivals.save(entry.feed_id, [changed], now)
    store.versions.settle(entry_id, store.tags.names_in(entry_id))


def _highlight(store: Store, entry_id: int, mark: dict[str, Any], made_at: datetime) -> None:
    article = store.entries.article(entry_id)
    start = article.text.index(mark["quote"])
    store.highlights.add(
        article,
        start,
        start + len(mark["quote"]),
        now=made_at,
        note=mark.get("note", ""),
        kind=mark.get("kind", ""),
        tags=mark.get("tags", ()),
        action="open",
    )
