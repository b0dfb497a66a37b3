"""The recipe, and the only place where the steps meet: fetch → parse → clean → store → tag.

A feed that fails becomes an `Outcome` with its error; the others go on. Each feed is stored in one transaction.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tui_reader.clean import clean_html, clean_line
from tui_reader.doc import build_doc
from tui_reader.errors import FetchError, ParseError, StoreError
from tui_reader.extract import extract
from tui_reader.model import CleanFeed, Entry, Feed, Outcome, Page
from tui_reader.schedule import next_poll
from tui_reader.store import KEEP_ALL, Rules, Saved, Store
from tui_reader.tagging import Tagger, Taxonomy

if TYPE_CHECKING:
    from tui_reader.fetch import Client

FEED_TYPES = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"

_STEP = 100
"""Entries that are tagged anew in one transaction: short enough for others to write in between."""

_FEW = 50
"""Entries that are removed in one transaction: each costs as much as several new ones."""

_PAGES = 250
"""Pages that are given back in one transaction: a megabyte."""

_BELIEVED = timedelta(days=14)
"""How long "not modified" is taken on trust."""

Read = Callable[[Page], Awaitable[CleanFeed]]
"""`ingest.read_page`, here or in another process. Raises ParseError."""

Access = Callable[[Feed], tuple[tuple[str, str], ...]]
"""Headers that open a feed to its reader. Raises FetchError if a secret is not where it should be."""

Report = Callable[[Outcome], object]
"""Called once a feed, as soon as it is stored."""


async def refresh(
    store: Store,
    client: Client,
    read: Read,
    feeds: Sequence[Feed],
    report: Report,
    *,
    tagger: Tagger,
    taxonomy: Taxonomy,
    access: Access = lambda feed: (),
    rules: Rules = KEEP_ALL,
) -> tuple[Outcome, ...]:
    """Poll these feeds now, many at a time, and store what is new. Cancelled, it leaves every feed whole."""
    save_names(store, taxonomy)
    recipe = _Recipe(store, client, read, tagger, taxonomy.version, access)
    tasks = [asyncio.create_task(recipe.poll(feed)) for feed in feeds]
    outcomes = []
    try:
        for done in asyncio.as_completed(tasks):
            outcome = await done
            report(outcome)
            outcomes.append(outcome)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    await tidy(store, tagger=tagger, taxonomy=taxonomy, rules=rules)
    return tuple(outcomes)


async def tidy(store: Store, *, tagger: Tagger, taxonomy: Taxonomy, rules: Rules) -> None:
    """What is left to do when the feeds are stored."""
    await retag_stale(store, tagger=tagger, taxonomy=taxonomy)
    await remove_due(store, rules)


async def retag_stale(store: Store, *, tagger: Tagger, taxonomy: Taxonomy) -> None:
    """Tag what another version of the taxonomy tagged; newest first, in small steps that a cancellation parts."""
    stale = store.tags.stale(taxonomy.version)
    for start in range(0, len(stale), _STEP):
        with store.writing():
            retag(store, stale[start : start + _STEP], tagger=tagger, taxonomy=taxonomy)
        await asyncio.sleep(0)


async def remove_due(store: Store, rules: Rules) -> None:
    """Remove what has had its time, and give its space back; in small steps that a cancellation parts."""
    due = store.retention.due(rules, datetime.now(UTC))
    for start in range(0, len(due), _FEW):
        store.retention.remove(due[start : start + _FEW])
        await asyncio.sleep(0)
    more = bool(rules)
    while more:
        more = store.retention.give_back(_PAGES)
        await asyncio.sleep(0)


def keep(
    store: Store, feed: Feed, page: Page, parsed: CleanFeed, *, tagger: Tagger, taxonomy: str, now: datetime
) -> Saved:
    """Store what a feed says now, and tag what is new or changed: one transaction."""
    with store.writing():
        saved = store.arrivals.save(feed.id, parsed.entries, now)
        for entry_id, entry in (saved.new | saved.updated).items():
            names = store.tags.names_in(entry_id) if entry_id in saved.updated else frozenset()
            tags = tagger.tag(entry.title, entry.text, feed_title=parsed.title)
            store.tags.save(entry_id, tags, taxonomy)
            if entry_id in saved.updated:
                store.versions.settle(entry_id, names | store.tags.names_in(entry_id))
        store.feeds.keep_answer(feed.id, page, parsed, now=now, missed=saved.missed)
    return saved


def save_names(store: Store, taxonomy: Taxonomy) -> None:
    """What the taxonomy calls its slugs, so that screens need not load it."""
    companies = {("company", slug): company.name for slug, company in taxonomy.companies.items()}
    topics = {("topic", slug): topic.name for slug, topic in taxonomy.topics.items()}
    store.tags.save_names(companies | topics, taxonomy.version)


async def extract_entries(
    store: Store,
    client: Client,
    ids: Iterable[int],
    report: Callable[[int, str], object],
    *,
    tagger: Tagger,
    taxonomy: Taxonomy,
) -> int:
    """Fetch the full text of entries from their pages. → how many failed; `report` gets the error, or ""."""
    failed = 0
    for entry_id in ids:
        error = await _extract_one(store, client, entry_id, tagger, taxonomy.version)
        failed += bool(error)
        report(entry_id, error)
    return failed


def retag(
    store: Store, ids: Iterable[int], *, tagger: Tagger, taxonomy: Taxonomy, dry_run: bool = False
) -> tuple[int, int, int]:
    """Tag entries anew. → (entries whose tags changed, tags new, tags gone)."""
    touched = new = gone = 0
    if not dry_run:
        save_names(store, taxonomy)
    for entry_id in ids:
        article = store.entries.article(entry_id)
        before = {(tag.kind, tag.slug) for tag in article.tags if tag.by == "machine"}
        tags = tagger.tag(article.entry.title, article.text, feed_title=article.entry.feed_title)
        after = {(tag.kind, tag.slug) for tag in tags} - store.tags.by_hand(entry_id)
        touched += before != after
        new += len(after - before)
        gone += len(before - after)
        if not dry_run:
            store.tags.save(entry_id, tags, taxonomy.version)
    return touched, new, gone


@dataclass(frozen=True, slots=True)
class _Recipe:
    store: Store
    client: Client
    read: Read
    tagger: Tagger
    taxonomy: str
    access: Access

    async def poll(self, feed: Feed) -> Outcome:
        try:
            etag, last_modified = _validators(feed, datetime.now(UTC))
            # The answer is held while it is read: pages do not pile up before the parsers.
            async with self.client.asking(
                feed.url, etag=etag, last_modified=last_modified, accept=FEED_TYPES, headers=self.access(feed)
            ) as answer:
                if isinstance(answer, Page):
                    return self._keep(feed, answer, await self.read(answer))
                return self._finish(feed, "not-modified", max_age=answer.max_age)
        except FetchError as error:
            status = "gone" if error.status == 410 else "failed"
            return self._finish(feed, status, error=_explained(error, feed), retry_after=error.retry_after)
        except ParseError as error:
            return self._finish(feed, "failed", error=str(error))
        except StoreError:
            raise
        except Exception as error:
            # A mistake of ours over one feed must not cost the others their news; it is shown by its name.
            return self._finish(feed, "failed", error=f"tui-reader stumbled: {type(error).__name__}: {error}")

    def _keep(self, feed: Feed, page: Page, parsed: CleanFeed) -> Outcome:
        now = datetime.now(UTC)
        with self.store.writing():
            if not self.store.feeds.is_subscribed(feed.id):
                # Unsubscribed while the answer was on its way: its entries must not come back into the lists.
                return Outcome(feed.id, feed.url, feed.title, "skipped")
            saved = keep(self.store, feed, page, parsed, tagger=self.tagger, taxonomy=self.taxonomy, now=now)
            return self._finish(
                feed, "ok", new=len(saved.new), updated=len(saved.updated), max_age=page.max_age, parsed=parsed
            )

    def _finish(
        self,
        feed: Feed,
        status: str,
        *,
        new: int = 0,
        updated: int = 0,
        error: str = "",
        retry_after: float | None = None,
        max_age: float | None = None,
        parsed: CleanFeed | None = None,
    ) -> Outcome:
        now = datetime.now(UTC)
        failed = status in ("failed", "gone")
        outcome = Outcome(feed.id, feed.url, feed.title, status, new, updated, clean_line(error, limit=300))  # type: ignore[arg-type]
        due = next_poll(
            now=now,
            outcome_ok=not failed,
            failures=feed.failures + 1 if failed else 0,
            max_age=max_age,
            ttl=parsed.ttl if parsed else None,
            skip_hours=parsed.skip_hours if parsed else (),
            skip_days=parsed.skip_days if parsed else (),
            retry_after=retry_after,
            recent=self.store.entries.published(feed.id),
            jitter=random.random(),
        )
        with self.store.writing():
            self.store.feeds.record(outcome, next_at=due, now=now)
        return outcome


def _validators(feed: Feed, now: datetime) -> tuple[str | None, str | None]:
    """None of them after weeks of "not modified": a server may say that for ever, and be wrong; so may our clock."""
    if feed.full_at is None or abs(now - feed.full_at) > _BELIEVED:
        return None, None
    return feed.etag, feed.last_modified


def _explained(error: FetchError, feed: Feed) -> str:
    """The error, and what it means by now."""
    if error.status == 410:
        return f"{error}: it is asked no more; x unsubscribes"
    days = (datetime.now(UTC) - feed.failing_since).days if feed.failing_since else 0
    if error.status == 404 and days >= 14:
        return f"{error}, for {days} days now: it may have moved, or be gone for good"
    return str(error)


def _same_host(entry: Entry) -> bool:
    """A feed of the reader's own network may name pages there; a public feed must not lead into it."""
    return urlsplit(entry.url or "").hostname == urlsplit(entry.feed_url).hostname


async def _extract_one(store: Store, client: Client, entry_id: int, tagger: Tagger, taxonomy: str) -> str:
    article = store.entries.article(entry_id)
    if not article.entry.url:
        return "this entry has no address"
    try:
        page = await client.fetch(
            article.entry.url, accept="text/html, */*;q=0.5", public_only=not _same_host(article.entry)
        )
        if page is None:
            return "the server sent nothing"
        found = await asyncio.to_thread(extract, page.body, url=page.url)
    except (FetchError, ParseError) as error:
        return str(error)
    html = clean_html(found.html, base=page.url)
    text = build_doc(html).text
    if len(text) < len(article.text):
        return "the page has less text than the feed: nothing was changed"
    with store.writing():
        if store.arrivals.save_page(entry_id, html=html, text=text, now=datetime.now(UTC)):
            tags = tagger.tag(article.entry.title, text, feed_title=article.entry.feed_title)
            store.tags.save(entry_id, tags, taxonomy)
    return ""
