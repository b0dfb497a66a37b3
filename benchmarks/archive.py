"""A store as a reader has it after some years: made once through the store's own interface, then used again."""

from __future__ import annotations

import hashlib
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from benchmarks.corpus import clean_entries, feed_title
from tui_reader.model import CleanEntry, OpmlFeed, Outcome, TagRow
from tui_reader.retag import save_names
from tui_reader.store import Store, open_store, schema
from tui_reader.tagging import Tagger, load_taxonomy, tag_entries

FOLDER = Path(".benchmarks")
ENTRIES_A_FEED = 250
UNREAD_SHARE = 0.6

_NEVER = datetime(2100, 1, 1, tzinfo=UTC)


def archive(entries: int) -> Path:
    """The store of so many entries; the first call makes it, which takes some minutes for 100,000.

    Other tables make another archive.
    """
    FOLDER.mkdir(exist_ok=True)
    tables = hashlib.sha256(Path(schema.__file__).read_bytes()).hexdigest()[:8]
    path = FOLDER / f"archive-{entries}-{tables}.db"
    if not path.exists():
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        with open_store(part) as store:
            _fill(store, feeds=max(1, entries // ENTRIES_A_FEED), now=datetime.now(UTC))
        part.replace(path)
    return path


def copy_of(path: Path, folder: Path) -> Path:
    """A store to write into. No program may have the original open."""
    return Path(shutil.copy(path, folder / path.name))


def subscribe(store: Store, urls: Sequence[str], *, now: datetime) -> None:
    store.feeds.add([OpmlFeed(url, title=f"Feed {number:04d}") for number, url in enumerate(urls)], now)


def insert(
    store: Store,
    feed_id: int,
    entries: Sequence[CleanEntry],
    tagger: Tagger,
    *,
    now: datetime,
    given: Mapping[str, tuple[TagRow, ...]] = MappingProxyType({}),
) -> None:
    """What a refresh does once a feed is parsed: entries, index and tags in one transaction.

    `given`: tags that are known already, by guid.
    """
    with store.writing():
        new = store.arrivals.save(feed_id, entries, now).new
        found = given or tag_entries(tagger, entries=entries, feed_title="")
        rows = {entry_id: found[entry.guid] for entry_id, entry in new.items()}
        store.tags.save_rows(rows, tagger.taxonomy.version)


def _fill(store: Store, *, feeds: int, now: datetime) -> None:
    taxonomy = load_taxonomy()
    tagger = Tagger(taxonomy)
    save_names(store, taxonomy)
    sources = [(feed_title(feed), f"https://news{feed:04d}.example/feed") for feed in range(feeds)]
    store.feeds.add([OpmlFeed(url, title, f"Folder {i % 12 + 1}") for i, (title, url) in enumerate(sources)], now)
    begin = time.perf_counter()
    for number, feed in enumerate(store.feeds.all()):
        insert(store, feed.id, clean_entries(number, ENTRIES_A_FEED), tagger, now=now)
        with store.writing():
            # Not due while the benchmarks run: these feeds are not served.
            store.feeds.record(Outcome(feed.id, feed.url, feed.title, "ok"), next_at=_NEVER, now=now)
        if number % 40 == 39:
            rate = 40 * ENTRIES_A_FEED / (time.perf_counter() - begin)
            print(f"making the archive: {number + 1}/{feeds} feeds, {rate:,.0f} entries/s", file=sys.stderr)
            begin = time.perf_counter()
    _read_some(store, now)


def _read_some(store: Store, now: datetime) -> None:
    ids = store.entries.ids(store.condition(None))
    store.entries.mark(ids[int(len(ids) * UNREAD_SHARE) :], "read", value=True, now=now)
    store.entries.mark(ids[::211], "starred", value=True, now=now)
    store.entries.mark(ids[::503], "later", value=True, now=now)
