from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from fake_web import FakeFeed, FakeWeb
from samples import entry, save, subscribe

from tui_reader.errors import StoreError
from tui_reader.fetch import FetchLimits, open_client
from tui_reader.ingest import read_page
from tui_reader.model import CleanEntry, CleanFeed, OpmlFeed, Outcome, Page, TagRow, Veto
from tui_reader.refresh import Tag, extract_entries, refresh, split_issue
from tui_reader.retag import plan, steps
from tui_reader.store import Store, open_store
from tui_reader.tagging import Tagger, Taxonomy, Vetoes, load_taxonomy, tag_entries

Poll = Callable[..., Awaitable[dict[str, Outcome]]]

STORY = (
    "<p>The ministry will licence exports of gallium one shipment at a time. Buyers have asked for a yearly permit.</p>"
    "<p>Two traders in Rotterdam said that they hold enough for six weeks.</p>"
)
CLOSED_PORT = "http://127.0.0.1:1/feed.xml"


@cache
def taxonomy() -> Taxonomy:
    return load_taxonomy()


@cache
def tagger() -> Tagger:
    return Tagger(taxonomy())


async def read_here(page: Page) -> CleanFeed:
    return read_page(page, now=datetime.now(UTC))


@pytest.fixture
async def poll(store: Store, home: Path) -> AsyncIterator[Poll]:
    """Refresh these feeds, or all; those that are not subscribed yet are. → outcomes by address."""
    async with open_client(limits=FetchLimits(connect=2, read=2, total=4)) as client:

        async def run(*feeds: FakeFeed | str, read: object = read_here, tag: Tag | None = None) -> dict[str, Outcome]:
            urls = [each if isinstance(each, str) else each.url for each in feeds]
            store.feeds.add([OpmlFeed(url) for url in urls], datetime.now(UTC))
            chosen = [each for each in store.feeds.all() if not urls or each.url in urls]
            reported: list[Outcome] = []
            outcomes = await refresh(
                store,
                client,
                read,
                chosen,
                reported.append,
                tagger=tagger(),
                taxonomy=taxonomy(),  # type: ignore[arg-type]
                tag=tag,
            )
            assert list(outcomes) == reported
            assert len(outcomes) == len(chosen)
            return {outcome.url: outcome for outcome in outcomes}

        yield run


def ids(store: Store) -> list[int]:
    return list(store.entries.ids(store.condition(None)))


async def test_new_entries_come_whole(store: Store, web: FakeWeb, poll: Poll) -> None:
    at = datetime(2026, 11, 3, 8, tzinfo=UTC)
    feed = (
        web.feed()
        .titled("  Harbour \x1b[31mWeekly ")
        .entry("a", "Gallium permits", STORY + "<script>x()</script>", at=at)
    )
    outcome = (await poll(feed))[feed.url]
    assert (outcome.status, outcome.new, outcome.updated, outcome.error) == ("ok", 1, 0, "")
    article = store.entries.article(ids(store)[0])
    assert article.text.split("\n\n")[1] == "Two traders in Rotterdam said that they hold enough for six weeks."
    assert "script" not in article.html
    assert (article.entry.title, article.entry.url, article.entry.published_at) == (
        "Gallium permits", "https://news.example/a", at,
    )  # fmt: skip
    (kept,) = store.feeds.all()
    assert kept.title.isprintable()
    assert kept.title.startswith("Harbour")
    assert (kept.unread, kept.status, kept.failures) == (1, "ok", 0)
    assert kept.next_at is not None
    assert kept.next_at > datetime.now(UTC) + timedelta(minutes=14)


async def test_the_same_again_is_nothing_new(store: Store, web: FakeWeb, poll: Poll) -> None:
    feed = web.feed().entry("a", "One", STORY).entry("b", "Two", STORY)
    await poll(feed)
    outcome = (await poll(feed))[feed.url]
    assert (outcome.status, outcome.new, outcome.updated) == ("ok", 0, 0)
    assert [store.entries.article(each).versions for each in ids(store)] == [1, 1]


async def test_an_edit_is_a_version_and_highlights_survive_it(store: Store, web: FakeWeb, poll: Poll) -> None:
    feed = web.feed().entry("a", "Gallium permits", STORY)
    await poll(feed)
    article = store.entries.article(ids(store)[0])
    kept = [article.text.index(words) for words in ("one shipment at a time", "enough for six weeks")]
    for start in kept:
        store.highlights.add(article, start, start + 20, now=datetime.now(UTC))
    store.entries.mark([article.entry.id], "read", value=True, now=datetime.now(UTC))

    feed.entry(
        "a", "Gallium permits (corrected)", "<p>Corrected on Tuesday.</p>" + STORY.replace("six weeks", "eight weeks")
    )
    outcome = (await poll(feed))[feed.url]
    assert (outcome.new, outcome.updated) == (0, 1)
    edited = store.entries.article(article.entry.id)
    assert (edited.versions, edited.entry.changed, edited.entry.title) == (2, True, "Gallium permits (corrected)")
    assert [each.state for each in edited.highlights] == ["anchored", "moved"]

    feed.entry("a", "Withdrawn", "<p>This story has been withdrawn.</p>")
    await poll(feed)
    assert [each.state for each in store.highlights.all()] == ["orphan", "orphan"]
    feed.without("a")
    await poll(feed)
    assert len(store.highlights.all()) == 2


async def test_not_modified_costs_no_body_and_keeps_the_validator(store: Store, web: FakeWeb, poll: Poll) -> None:
    feed = web.feed().entry("a", "One").tagged('W/"7f"')
    await poll(feed)
    for _ in range(2):
        outcome = (await poll(feed))[feed.url]
        assert (outcome.status, outcome.new, outcome.updated) == ("not-modified", 0, 0)
    assert [asked.get("If-None-Match") for asked in feed.asked] == [None, 'W/"7f"', 'W/"7f"']
    feed.entry("b", "Two").tagged('W/"80"')
    assert (await poll(feed))[feed.url].new == 1
    assert store.feeds.all()[0].etag == 'W/"80"'


async def test_a_validator_is_kept_only_with_the_body_it_came_with(store: Store, web: FakeWeb, poll: Poll) -> None:
    feed = web.feed().entry("a", "One")
    feed.answering(200, "<html><body>Log in to this network</body></html>", ETag='"portal"')
    assert (await poll(feed))[feed.url].status == "failed"
    assert store.feeds.all()[0].etag is None


async def test_one_bad_feed_never_stops_the_others(store: Store, web: FakeWeb, poll: Poll) -> None:
    good = [web.feed(f"good{number}").entry("a", "News", STORY) for number in range(3)]
    bad = {
        web.feed("missing").answering(404).url: "404",
        web.feed("broken").answering(500, "<h1>Oops\x1b[2J</h1>").url: "500",
        web.feed("html").answering(200, "<!doctype html><title>A page</title><p>Hello").url: "",
        web.feed("empty").answering(200, "").url: "",
        web.feed("json").answering(200, '{"feed": ', content_type="application/json").url: "",
        CLOSED_PORT: "",
        "http://no-such-host.invalid/feed": "no-such-host.invalid",
        "ftp://files.example/feed": "http",
    }
    outcomes = await poll(*list(bad)[:4], *good, *list(bad)[4:])
    assert [outcomes[feed.url].status for feed in good] == ["ok"] * 3
    for url, words in bad.items():
        outcome = outcomes[url]
        assert outcome.status == "failed", url
        assert words in outcome.error
        assert outcome.error.isprintable()
        assert outcome.error
    assert len(ids(store)) == 3
    failing = [feed for feed in store.feeds.all() if feed.failures]
    assert {feed.url for feed in failing} == set(bad)
    assert all(feed.error == outcomes[feed.url].error for feed in failing)


async def test_a_mistake_of_ours_over_one_feed_is_named_and_stops_no_other(
    store: Store, web: FakeWeb, poll: Poll
) -> None:
    bad, good = web.feed("bad").entry("a", "One"), web.feed("good").entry("a", "One")

    async def read(page: Page) -> CleanFeed:
        if page.url == bad.url:
            raise MemoryError("out of room")
        return await read_here(page)

    outcomes = await poll(bad, good, read=read)
    assert outcomes[good.url].new == 1
    assert outcomes[bad.url].status == "failed"
    assert "MemoryError: out of room" in outcomes[bad.url].error


async def test_a_store_that_cannot_be_written_ends_the_refresh(store: Store, web: FakeWeb, poll: Poll) -> None:
    feed = web.feed().entry("a", "One")

    async def read(page: Page) -> CleanFeed:
        raise StoreError("the disk is full")

    with pytest.raises(StoreError, match="the disk is full"):
        await poll(feed, read=read)


async def test_gone_is_told_from_failed_and_waits_grow(store: Store, web: FakeWeb, poll: Poll) -> None:
    feed = web.feed().entry("a", "One")
    await poll(feed)
    feed.answering(410)
    waits = []
    for _ in range(3):
        outcome = (await poll())[feed.url]
        (kept,) = store.feeds.all()
        assert kept.next_at is not None
        waits.append(kept.next_at - datetime.now(UTC))
    assert (outcome.status, kept.status, kept.failures) == ("gone", "gone", 3)
    assert waits[0] * 1.5 < waits[1] < waits[2] / 1.5
    assert len(ids(store)) == 1


async def test_retry_after_is_obeyed(store: Store, web: FakeWeb, poll: Poll) -> None:
    feed = web.feed().answering(503, Retry_After="86400")
    await poll(feed)
    (kept,) = store.feeds.all()
    assert kept.next_at is not None
    assert kept.next_at > datetime.now(UTC) + timedelta(hours=23)


async def test_tags_are_stored_with_evidence_that_points_at_the_words(store: Store, web: FakeWeb, poll: Poll) -> None:
    feed = web.feed().titled("快讯", lang="zh-CN")
    feed.entry("a", "阿里巴巴发布Qwen3", "<p>新模型在英伟达H20上训练，<b>阿里云</b>同步上线。</p>")
    await poll(feed)
    article = store.entries.article(ids(store)[0])
    assert article.entry.companies[0] == "alibaba"
    assert article.entry.lang == "zh"
    assert {tag.slug for tag in article.tags if tag.kind == "topic"} == set(article.entry.topics)
    for tag in article.tags:
        assert (tag.by, tag.taxonomy) == ("machine", taxonomy().version)
        assert tag.evidence
        for each in tag.evidence:
            where = article.text if each.where == "text" else article.entry.title
            assert 0 <= each.start < each.end <= len(where)
    alibaba = next(tag for tag in article.tags if tag.slug == "alibaba")
    passages = {(article.text if e.where == "text" else article.entry.title)[e.start : e.end] for e in alibaba.evidence}
    assert "阿里巴巴" in passages
    assert alibaba.name == "Alibaba"


async def test_an_unsubscribed_feed_brings_nothing_back(store: Store, web: FakeWeb, poll: Poll) -> None:
    feed = web.feed().entry("a", "One")

    async def read(page: Page) -> CleanFeed:
        # The reader unsubscribes while the answer is on its way.
        store.feeds.remove(store.feeds.find(feed.url), datetime.now(UTC))
        return await read_here(page)

    assert (await poll(feed, read=read))[feed.url].status == "skipped"
    assert ids(store) == []
    store.undo(datetime.now(UTC))
    assert (await poll())[feed.url].new == 1


async def test_cancelled_it_leaves_every_feed_whole(store: Store, web: FakeWeb, poll: Poll) -> None:
    feeds = [web.feed(f"f{number}").entry("a", "One").entry("b", "Two") for number in range(4)]
    started = asyncio.Event()

    async def read(page: Page) -> CleanFeed:
        if page.url == feeds[3].url:
            started.set()
            await asyncio.Event().wait()
        return await read_here(page)

    task = asyncio.ensure_future(poll(*feeds, read=read))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert all(feed.total in (0, 2) for feed in store.feeds.all())
    assert store.feeds.find(feeds[3].url).checked_at is None
    outcomes = await poll()
    assert sorted(store.feeds.find(feed.url).total for feed in feeds) == [2, 2, 2, 2]
    assert outcomes[feeds[3].url].new == 2


# --- full texts and tags anew ----------------------------------------------------------------------------------------


async def test_the_full_text_replaces_a_cut_off_one(store: Store, web: FakeWeb, home: Path) -> None:
    body = "".join(f"<p>Paragraph {n} of the story says what the feed left out, at some length.</p>" for n in range(8))
    page = web.page("story", f"<!doctype html><title>t</title><body><nav>Menu</nav><article><h1>T</h1>{body}</article>")
    short = entry("a", "The story", "Paragraph 0 of the story says …", url=page)
    # A feed of the reader's own network may name pages there.
    feed = subscribe(store, f"{page}.xml")
    a, lost, unlinked = save(store, short, entry("b", url=f"{page}-gone"), entry("c"), feed=feed)
    with closing(sqlite3.connect(store.database.name)) as raw:
        raw.execute("UPDATE entries SET url = NULL WHERE id = ?", (unlinked,))
        raw.commit()
    reported: dict[int, str] = {}
    async with open_client() as client:
        failed = await extract_entries(
            store, client, [a, lost, unlinked], reported.__setitem__, tagger=tagger(), taxonomy=taxonomy()
        )
    assert failed == 2
    assert reported[a] == ""
    assert "no address" in reported[unlinked]
    assert reported[lost]
    article = store.entries.article(a)
    assert "Paragraph 7" in article.text
    assert "Menu" not in article.text
    assert (article.versions, store.entries.article(lost).versions) == (2, 1)


async def test_a_public_feed_leads_nobody_into_the_private_network(store: Store, web: FakeWeb) -> None:
    asked = web.page(
        "router", "<html><body><article><p>settings of a router, at some length</p></article></body></html>"
    )
    (entry_id,) = save(store, entry("a", url=asked), feed=subscribe(store, "https://public.example/feed.xml"))
    reported: dict[int, str] = {}
    async with open_client() as client:
        await extract_entries(store, client, [entry_id], reported.__setitem__, tagger=tagger(), taxonomy=taxonomy())
    assert "private" in reported[entry_id]
    assert store.entries.article(entry_id).versions == 1


# --- real processes --------------------------------------------------------------------------------------------------

LOOP = """
import sys, contextlib, io
from tui_reader.cli import run
db, times, *words = sys.argv[1:]
for turn in range(int(times)):
    with contextlib.redirect_stdout(io.StringIO()):
        code = run(["--db", db, *(word.replace("{turn}", str(turn)) for word in words)])
    if code:
        sys.exit(f"turn {turn} of {words}: exit {code}")
"""


def python(*words: str, code: str = LOOP) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_processes_that_write_at_the_same_time_do_not_lock_each_other_out(db: Path, web: FakeWeb, home: Path) -> None:
    feeds = [web.feed(f"f{n}").entry("a", "One", STORY).entry("b", "Two", STORY) for n in range(6)]
    with open_store(db) as store:
        store.feeds.add([OpmlFeed(feed.url) for feed in feeds], datetime.now(UTC))
        for number, feed in enumerate(store.feeds.all()):
            save(store, *(entry(f"{number}-{n}", f"Item {n}") for n in range(5)), feed=feed)
    running = [
        python(str(db), "3", "refresh"),
        python(str(db), "30", "mark", "1", "2", "--read"),
        python(str(db), "30", "mark", "1", "2", "--unread"),
        python(str(db), "25", "highlight", "3", "--quote", "free to use", "--note", "turn {turn}"),
        python(str(db), "40", "count", "is:unread"),
    ]
    for process in running:
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors.decode()) == (0, "")
    with open_store(db) as store:
        assert store.check() == ()
        assert sorted(each.note for each in store.highlights.all()) == sorted(f"turn {n}" for n in range(25))
        assert [feed.total for feed in store.feeds.all()] == [7] * 6


def test_a_refresh_that_is_killed_leaves_a_sound_database_and_the_next_one_ends_the_work(
    db: Path, web: FakeWeb, home: Path
) -> None:
    long = "<p>" + "A paragraph of some length about licences. " * 40 + "</p>"
    feeds = [web.feed(f"f{n}") for n in range(8)]
    for feed in feeds:
        for number in range(15):
            feed.entry(str(number), f"Item {number}", long)
    with open_store(db) as store:
        store.feeds.add([OpmlFeed(feed.url) for feed in feeds], datetime.now(UTC))
    command = "import sys; from tui_reader.cli import run; sys.exit(run(sys.argv[1:]))"
    killed = python("--db", str(db), "refresh", "--json", code=command)
    assert killed.stdout is not None
    first = json.loads(killed.stdout.readline())
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()
    with closing(sqlite3.connect(db)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with open_store(db) as store:
        assert store.check() == ()
        totals = [feed.total for feed in store.feeds.all()]
        assert store.feeds.find(first["url"]).total == 15
        assert set(totals) <= {0, 15}
        assert 0 in totals
    done = python("--db", str(db), "refresh", "--json", code=command)
    out, errors = done.communicate(timeout=60)
    assert (done.returncode, errors.decode()) == (0, "")
    assert sum(json.loads(line)["new"] for line in out.splitlines()) == totals.count(0) * 15
    with open_store(db) as store:
        assert [feed.total for feed in store.feeds.all()] == [15] * 8
        assert store.check() == ()


def test_a_refresh_that_is_told_to_stop_ends_quietly(db: Path, web: FakeWeb, home: Path) -> None:
    feeds = [web.feed(f"f{n}").entry("a", "One", STORY) for n in range(40)]
    with open_store(db) as store:
        store.feeds.add([OpmlFeed(feed.url) for feed in feeds], datetime.now(UTC))
    command = "import sys; from tui_reader.cli import run; sys.exit(run(sys.argv[1:]))"
    told = python("--db", str(db), "refresh", "--json", code=command)
    assert told.stdout is not None
    told.stdout.readline()
    told.terminate()
    _, errors = told.communicate(timeout=20)
    assert errors.decode() == ""
    assert told.returncode == 0
    with open_store(db) as store:
        assert store.check() == ()


def set_feed(store: Store, **columns: object) -> None:
    """As if it had happened earlier."""
    with closing(sqlite3.connect(store.database.name)) as raw:
        for name, value in columns.items():
            raw.execute(f"UPDATE feeds SET {name} = ?", (value,))
        raw.commit()


async def test_after_weeks_of_not_modified_the_whole_feed_is_asked_for(store: Store, web: FakeWeb, poll: Poll) -> None:
    feed = web.feed().entry("a", "One").tagged('"1"')
    await poll(feed)
    set_feed(store, full_at="2026-01-01T00:00:00Z")
    assert (await poll(feed))[feed.url].status == "ok"
    assert feed.asked[-1].get("If-None-Match") is None
    assert (await poll(feed))[feed.url].status == "not-modified"


async def test_a_feed_not_found_for_weeks_is_suspected_to_be_gone(store: Store, web: FakeWeb, poll: Poll) -> None:
    feed = web.feed().answering(404)
    assert "gone" not in (await poll(feed))[feed.url].error
    set_feed(store, failing_since="2026-01-01T00:00:00Z")
    error = (await poll(feed))[feed.url].error
    assert "days now" in error
    assert "gone for good" in error


async def test_a_gap_between_polls_is_told(store: Store, web: FakeWeb, poll: Poll) -> None:
    now = datetime.now(UTC)
    feed = web.feed()
    for hour in range(100, 90, -1):
        feed.entry(f"h{hour}", f"Hour {hour}", at=now - timedelta(hours=hour))
    await poll(feed)
    assert store.feeds.all()[0].missed == 0
    for hour in range(100, 90, -1):
        feed.without(f"h{hour}")
    for hour in range(20, 10, -1):
        feed.entry(f"h{hour}", f"Hour {hour}", at=now - timedelta(hours=hour))
    await poll(feed)
    assert 60 <= store.feeds.all()[0].missed <= 75


async def test_a_feed_that_wants_headers_gets_them(store: Store, web: FakeWeb) -> None:
    feed = web.feed().entry("a", "One")
    store.feeds.add([OpmlFeed(feed.url)], datetime.now(UTC))
    async with open_client() as client:
        await refresh(
            store, client, read_here, store.feeds.all(), lambda _: None,
            tagger=tagger(), taxonomy=taxonomy(), access=lambda _: (("X-Token", "opensesame"),),
        )  # fmt: skip
    assert feed.asked[-1]["X-Token"] == "opensesame"


async def test_what_an_older_taxonomy_tagged_is_tagged_anew(store: Store, web: FakeWeb, poll: Poll) -> None:
    feed = web.feed().entry("a", "Alibaba opens Qwen3", "<p>The weights are free.</p>")
    await poll(feed)
    with closing(sqlite3.connect(store.database.name)) as raw:
        raw.execute("DELETE FROM tags")
        raw.execute("UPDATE entries SET taxonomy = 'older'")
        raw.commit()
    await poll(feed)
    assert [tag.slug for tag in store.tags.of(1) if tag.kind == "company"] == ["alibaba"]


# --- digests

LETTER = "".join(
    f"<h2>{name}</h2><p><b>What's new:</b> {text}</p><p><b>Why it matters:</b> Nobody had expected it so early.</p>"
    for name, text in (
        ("Nvidia ships a cheaper board", "Nvidia ships it from May, at half the price of the last one."),
        ("A port buys ferries", "Two boats will cross without a captain, at night only."),
        ("Moonshot AI opens an office", "Moonshot AI has rented two floors for its Kimi models team."),
    )
)

DOUBTFUL = """<h2>Kimi compares contracts</h2>
<p><b>What's new:</b> Side by side and clause by clause, in colours that the blind can hear.</p>"""


def titles(store: Store, query: str = "") -> list[str]:
    from tui_reader.query import parse_query

    condition = store.condition(parse_query(query, now=datetime.now(UTC)).term)
    return [each.title for each in store.entries.rows(store.entries.ids(condition))]


async def test_a_digest_comes_with_its_stories_each_with_its_own_tags(store: Store, web: FakeWeb, poll: Poll) -> None:
    feed = web.feed().entry("n1", "Weekly digest 1", LETTER, at=datetime(2026, 11, 20, tzinfo=UTC))
    outcome = (await poll(feed))[feed.url]
    assert (outcome.new, store.feeds.all()[0].unread) == (1, 3)
    assert titles(store) == [
        "Weekly digest 1", "Nvidia ships a cheaper board", "A port buys ferries", "Moonshot AI opens an office",
    ]  # fmt: skip
    assert titles(store, "company:nvidia") == ["Nvidia ships a cheaper board"]
    assert titles(store, "company:moonshot-ai") == ["Moonshot AI opens an office"]


async def test_the_same_issue_again_is_nothing_new_and_an_edit_edits_its_story(
    store: Store, web: FakeWeb, poll: Poll
) -> None:
    feed = web.feed().entry("n1", "Weekly digest 1", LETTER)
    await poll(feed)
    before = ids(store)
    await poll(feed)
    assert ids(store) == before
    feed.entry("n1", "Weekly digest 1", LETTER.replace("from May", "from June"))
    await poll(feed)
    assert ids(store) == before
    assert [store.entries.article(each).versions for each in before] == [2, 2, 1, 1]


async def test_the_coming_issues_follow_the_wish(store: Store, web: FakeWeb, poll: Poll) -> None:
    plain = LETTER.replace("What's new:", "One,").replace("Why it matters:", "Two,")
    days = [datetime(2026, 11, day, tzinfo=UTC) for day in (18, 19, 20)]
    feed = web.feed().entry("n1", "Weekly digest 1", LETTER, at=days[0])
    await poll(feed)
    store.stories.join(ids(store)[0], datetime.now(UTC))
    feed.entry("n2", "Weekly digest 2", LETTER, at=days[1])
    feed.entry("n1", "Weekly digest 1, corrected", LETTER + "<p>One more.</p>", at=days[0])
    await poll(feed)
    assert titles(store) == ["Weekly digest 2", "Weekly digest 1, corrected"]

    split_issue(store, ids(store)[0], tagger=tagger(), taxonomy=taxonomy(), now=datetime.now(UTC))
    await poll(feed.entry("n3", "An evening at the port", plain, at=days[2]))
    assert len(titles(store)) == 9
    assert titles(store)[0] == "An evening at the port"


async def test_a_digest_that_its_feed_only_announced_is_split_once_its_page_is_read(
    store: Store, web: FakeWeb, home: Path
) -> None:
    page = web.page("n1", f"<!doctype html><title>t</title><body><article><h1>T</h1>{LETTER}</article></body>")
    short = entry("n1", "Weekly digest 1", "Three stories today …", url=page)
    (issue,) = save(store, short, feed=subscribe(store, f"{page}.xml"))
    async with open_client() as client:
        extracting = {"tagger": tagger(), "taxonomy": taxonomy()}
        assert not await extract_entries(store, client, [issue], lambda *_: None, **extracting)  # type: ignore[arg-type]
        assert len(store.stories.of(issue)) == 3
        reported: dict[int, str] = {}
        story = store.stories.of(issue)[0]
        assert await extract_entries(store, client, [story], reported.__setitem__, **extracting)  # type: ignore[arg-type]
    assert "no page of its own" in reported[story]


async def test_a_doubtful_name_in_a_story_has_the_support_of_its_issue(store: Store, web: FakeWeb, poll: Poll) -> None:
    """Kimi alone may be an actor; two stories before, Moonshot AI has just shown a model of that name."""
    feed = web.feed().entry("n1", "Weekly digest 1", LETTER + DOUBTFUL)
    await poll(feed)
    expected = ["Moonshot AI opens an office", "Kimi compares contracts"]
    assert titles(store, "company:moonshot-ai") == expected
    list(steps(store, plan(store, taxonomy(), all=True), tagger()))
    assert titles(store, "company:moonshot-ai") == expected


def test_one_article_is_not_split_whoever_wishes_it(store: Store) -> None:
    (entry_id,) = save(store, entry("a"))
    assert not split_issue(store, entry_id, tagger=tagger(), taxonomy=taxonomy(), now=datetime.now(UTC))
    assert store.feeds.all()[0].digest == "auto"
    assert store.undo(datetime.now(UTC)) is None


# --- tags that are found elsewhere


@dataclass
class Elsewhere:
    """Tags as another process would, and remembers what it was asked for."""

    before: Callable[[], object] = lambda: None
    """What happens meanwhile."""
    asked: list[str] = field(default_factory=list)

    async def __call__(
        self, entries: Sequence[CleanEntry], feed_title: str, vetoes: Vetoes
    ) -> dict[str, tuple[TagRow, ...]]:
        self.asked += (entry.guid for entry in entries)
        self.before()
        return tag_entries(tagger(), entries=entries, feed_title=feed_title, vetoes=vetoes)


def many(feed: FakeFeed) -> FakeFeed:
    """More than are tagged where they are stored; a digest among them."""
    day = datetime(2026, 11, 20, tzinfo=UTC)
    for number in range(20):
        text = f"<p>Nvidia and 智谱 sign contract {number} for chips. Kimi is not part of it.</p>"
        feed.entry(f"n{number}", f"Contract {number}", text, at=day - timedelta(days=1, hours=number))
    return feed.entry("digest", "Weekly digest 1", LETTER + DOUBTFUL, at=day)


def tags_of(store: Store) -> dict[str, list[TagRow]]:
    articles = [store.entries.article(each) for each in ids(store)]
    return {article.entry.title: sorted(map(TagRow.of, article.tags)) for article in articles}


async def test_tags_found_elsewhere_are_the_same(store: Store, web: FakeWeb, poll: Poll) -> None:
    elsewhere = Elsewhere()
    here, there = (many(web.feed(name).titled("Harbour Weekly")) for name in ("here", "there"))
    await poll(here)
    expected = tags_of(store)
    store.feeds.remove(store.feeds.all()[0], now=datetime.now(UTC))
    await poll(there, tag=elsewhere)
    assert tags_of(store) == expected
    assert sum(map(len, expected.values())) > 40
    assert len(elsewhere.asked) == 21
    assert {article.taxonomy for each in ids(store) for article in store.entries.article(each).tags} == {
        taxonomy().version
    }


async def test_only_what_is_new_is_tagged_elsewhere(store: Store, web: FakeWeb, poll: Poll) -> None:
    elsewhere = Elsewhere()
    feed = web.feed()
    for number in range(3):
        feed.entry(f"first {number}", "Nvidia ships chips", STORY)
    await poll(feed, tag=elsewhere)
    assert elsewhere.asked == []
    assert "nvidia" in {tag.slug for tag in store.entries.article(ids(store)[0]).tags}
    await poll(many(feed).entry("first 0", "Anthropic ships a model", STORY + "<p>More.</p>"), tag=elsewhere)
    assert len(elsewhere.asked) == 21
    assert not any(guid.startswith("first") for guid in elsewhere.asked)
    edited = next(row.companies for row in store.entries.rows(ids(store)) if row.title == "Anthropic ships a model")
    assert edited == ("anthropic",)


async def test_a_veto_that_comes_while_tags_are_found_elsewhere_holds(store: Store, web: FakeWeb, poll: Poll) -> None:
    veto = Veto("company", "nvidia", "nvidia")
    elsewhere = Elsewhere(lambda: store.vetoes.add(veto, where="anywhere", now=datetime.now(UTC)))
    await poll(many(web.feed()), tag=elsewhere)
    assert elsewhere.asked
    assert "nvidia" not in {slug for row in store.entries.rows(ids(store)) for slug in row.companies}
