"""The recipe, and the only place where the steps meet: fetch → parse → clean → tag → store.

A feed that fails becomes an `Outcome` with its error; the others go on. Each feed is stored in one transaction.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tui_reader.clean import clean_html, clean_line
from tui_reader.digest import story_entries
from tui_reader.doc import build_doc
from tui_reader.errors import FetchError, ParseError, StoreError
from tui_reader.extract import extract
from tui_reader.model import Article, CleanEntry, CleanFeed, Entry, Feed, Outcome, Page, TagRow
from tui_reader.retag import Plan, plan, save_names, steps, surroundings
from tui_reader.schedule import next_poll
from tui_reader.store import KEEP_ALL, Rules, Saved, Store
from tui_reader.tagging import NO_VETOES, Tagger, Taxonomy, Vetoes

if TYPE_CHECKING:
    from tui_reader.fetch import Client

FEED_TYPES = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"

_STEP = 100
"""Entries that are removed in one transaction: short enough for others to write in between."""

_FEW = 50
"""Entries that are removed in one transaction: each costs as much as several new ones."""

_PAGES = 250
"""Pages that are given back in one transaction: a megabyte."""

_FEW_NEW = 8
"""Entries that are tagged where they are stored: another process would first have to learn the taxonomy."""

_BELIEVED = timedelta(days=14)
"""How long "not modified" is taken on trust."""

Read = Callable[[Page], Awaitable[CleanFeed]]
"""`ingest.read_page`, here or in another process. Raises ParseError."""

Tag = Callable[[Sequence[CleanEntry], str, Vetoes], Awaitable[Mapping[str, tuple[TagRow, ...]]]]
"""`tagging.tag_entries` in another process: of entries, the title of their feed, vetoes. Raises ParseError."""

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
    tag: Tag | None = None,
    access: Access = lambda feed: (),
    rules: Rules = KEEP_ALL,
) -> tuple[Outcome, ...]:
    """Poll these feeds now, many at a time, and store what is new. Cancelled, it leaves every feed whole.

    `tag` tags what many feeds have new while others are stored; without it, all is tagged here.
    """
    stale = plan(store, taxonomy)
    save_names(store, taxonomy)
    recipe = _Recipe(store, client, read, tagger, taxonomy.version, tag, access)
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
    await tidy(store, stale, tagger, rules=rules)
    return tuple(outcomes)


async def tidy(store: Store, stale: Plan, tagger: Tagger, *, rules: Rules) -> None:
    """What is left to do when the feeds are stored."""
    await retag_stale(store, stale, tagger)
    store.mutes.settle(datetime.now(UTC))
    await remove_due(store, rules)


async def retag_stale(store: Store, stale: Plan, tagger: Tagger) -> None:
    """Tag what another version of the taxonomy tagged; newest first, in small steps that a cancellation parts."""
    for _ in steps(store, stale, tagger):
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


@dataclass(frozen=True, slots=True)
class Tagged:
    """Tags of new entries that were found before the entries are stored."""

    vetoes: Vetoes
    """By which they were found: where the reader has settled others since, they count for nothing."""
    rows: Mapping[str, tuple[TagRow, ...]]
    """By guid."""


UNTAGGED = Tagged(NO_VETOES, {})


def keep(
    store: Store,
    feed: Feed,
    page: Page,
    parsed: CleanFeed,
    *,
    tagger: Tagger,
    taxonomy: str,
    now: datetime,
    tagged: Tagged = UNTAGGED,
) -> Saved:
    """Store what a feed says now, split its digests, and tag what is new or changed: one transaction."""
    with store.writing():
        saved = store.arrivals.save(feed.id, parsed.entries, now)
        vetoes = store.vetoes.of_feed(feed.id)
        rows = tagged.rows if tagged.vetoes == vetoes else {}
        tag = partial(
            _tag, store, feed_title=parsed.title, tagger=tagger, taxonomy=taxonomy, vetoes=vetoes, tagged=rows
        )
        tag(saved)
        for entry_id, entry in (saved.new | saved.updated).items():
            tag(keep_stories(store, feed, entry_id, entry, known=entry_id in saved.updated, now=now), issue_id=entry_id)
        if saved.new:
            store.mutes.settle_new(min(saved.new) - 1, now)
        store.feeds.keep_answer(feed.id, page, parsed, now=now, missed=saved.missed)
    return saved


def keep_stories(
    store: Store, feed: Feed, issue_id: int, issue: CleanEntry, *, known: bool = True, now: datetime
) -> Saved:
    """Split an issue that is new, or changed; as it looks, or as the reader wishes. What was joined stays whole."""
    split = known and store.stories.is_split(issue_id)
    if not split and (feed.digest == "whole" or (known and store.stories.every(issue_id))):
        return Saved({}, {})
    stories = issue.stories
    if not stories and (split or feed.digest == "split"):
        stories = story_entries(issue, build_doc(issue.html), feed_title=feed.title, wished=True)
    return store.stories.keep(issue_id, stories, now)


def split_issue(store: Store, issue_id: int, *, tagger: Tagger, taxonomy: Taxonomy, now: datetime) -> int:
    """Because the reader wishes so, undoably. → how many stories it has; 0 if it has not even two."""
    article = store.entries.article(issue_id)
    issue = _as_it_came(article)
    stories = story_entries(issue, build_doc(article.html), feed_title=article.entry.feed_title, wished=True)
    if stories:
        with store.writing():
            saved = store.stories.split(issue_id, stories, now)
            _tag(
                store,
                saved,
                feed_title=article.entry.feed_title,
                tagger=tagger,
                taxonomy=taxonomy.version,
                vetoes=store.vetoes.of_feed(article.entry.feed_id),
                issue_id=issue_id,
            )
    return len(stories)


def _tag(
    store: Store,
    saved: Saved,
    *,
    feed_title: str,
    tagger: Tagger,
    taxonomy: str,
    vetoes: Vetoes,
    tagged: Mapping[str, tuple[TagRow, ...]] = MappingProxyType({}),
    issue_id: int | None = None,
) -> None:
    rows: dict[int, tuple[TagRow, ...]] = {}
    for entry_id, entry in (saved.new | saved.updated).items():
        found = tagged.get(entry.guid)
        if found is None:
            around = surroundings(store, feed_title, issue_id, entry.title)
            found = tuple(map(TagRow.of, tagger.tag(entry.title, entry.text, feed_title=around, vetoes=vetoes)))
        rows[entry_id] = found
    names = {entry_id: store.tags.names_in(entry_id) for entry_id in saved.updated}
    store.tags.save_rows(rows, taxonomy)
    for entry_id, before in names.items():
        store.versions.settle(entry_id, before | store.tags.names_in(entry_id))


def _as_it_came(article: Article) -> CleanEntry:
    entry = article.entry
    return CleanEntry(
        guid=f"entry:{entry.id}",
        url=entry.url,
        title=entry.title,
        author=entry.author,
        lang=entry.lang,
        published_at=entry.published_at if entry.dated else None,
        html=article.html,
        text=article.text,
    )


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


@dataclass(frozen=True, slots=True)
class _Recipe:
    store: Store
    client: Client
    read: Read
    tagger: Tagger
    taxonomy: str
    tag: Tag | None
    access: Access

    async def poll(self, feed: Feed) -> Outcome:
        try:
            etag, last_modified = _validators(feed, datetime.now(UTC))
            # The answer is held while it is read: pages do not pile up before the parsers.
            async with self.client.asking(
                feed.url, etag=etag, last_modified=last_modified, accept=FEED_TYPES, headers=self.access(feed)
            ) as answer:
                if isinstance(answer, Page):
                    parsed = await self.read(answer)
                    return self._keep(feed, answer, parsed, await self._tagged(feed, parsed))
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

    async def _tagged(self, feed: Feed, parsed: CleanFeed) -> Tagged:
        """What can be known of tags before anything is stored; nothing where there is little to tag."""
        new = self.store.arrivals.unknown(feed.id, parsed.entries)
        if self.tag is None or len(new) <= _FEW_NEW:
            return UNTAGGED
        vetoes = self.store.vetoes.of_feed(feed.id)
        return Tagged(vetoes, await self.tag(new, parsed.title, vetoes))

    def _keep(self, feed: Feed, page: Page, parsed: CleanFeed, tagged: Tagged) -> Outcome:
        now = datetime.now(UTC)
        with self.store.writing():
            if not self.store.feeds.is_subscribed(feed.id):
                # Unsubscribed while the answer was on its way: its entries must not come back into the lists.
                return Outcome(feed.id, feed.url, feed.title, "skipped")
            saved = keep(
                self.store, feed, page, parsed, tagger=self.tagger, taxonomy=self.taxonomy, now=now, tagged=tagged
            )
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
    if article.entry.parent_id and "#:~:text=" in article.entry.url:
        return "a story of this issue: it has no page of its own"
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
            entry = article.entry
            vetoes = store.vetoes.of_feed(entry.feed_id)
            around = surroundings(store, entry.feed_title, entry.parent_id, entry.title)
            tags = tagger.tag(entry.title, text, feed_title=around, vetoes=vetoes)
            store.tags.save(entry_id, tags, taxonomy)
            _split_page(store, replace(article, html=html, text=text), tagger, taxonomy)
    return ""


def _split_page(store: Store, article: Article, tagger: Tagger, taxonomy: str) -> None:
    """An issue whose feed only announced it may turn out to be a digest."""
    entry = article.entry
    feed = next((each for each in store.feeds.all() if each.id == entry.feed_id), None)
    if feed is None or entry.parent_id:
        return
    issue = _as_it_came(article)
    issue = replace(issue, stories=story_entries(issue, build_doc(article.html), feed_title=feed.title))
    stories = keep_stories(store, feed, entry.id, issue, now=datetime.now(UTC))
    vetoes = store.vetoes.of_feed(feed.id)
    _tag(store, stories, feed_title=feed.title, tagger=tagger, taxonomy=taxonomy, vetoes=vetoes, issue_id=entry.id)
