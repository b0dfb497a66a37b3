"""What feedparser's own tests expect, against what our reader shows: fetched, read, stored and read back.

The cases are beside the repository and are not part of it. Differences are explained one by one in
data/conformance-known.toml; `pytest -s` prints the report.
"""

from __future__ import annotations

import base64
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tui_reader.clean import clean_html, clean_url
from tui_reader.doc import build_doc
from tui_reader.errors import ParseError
from tui_reader.fetch import open_client
from tui_reader.ingest import read_page
from tui_reader.model import Article, Feed, OpmlFeed, Page
from tui_reader.parse import parse
from tui_reader.store import Store

CASES = Path(__file__).parents[1] / "../shared/corpus/conformance/feedparser-expect.jsonl"
KNOWN = Path(__file__).parent / "data" / "conformance-known.toml"
NOW = datetime(2026, 11, 20, tzinfo=UTC)
SERVER = "http://127.0.0.1:8097"
"""Where the cases think that they are served from."""

NOT_SHOWN = {("feed", field) for field in ("any_link", "content", "tag", "date", "author", "guid")} | {("entry", "tag")}
"""What a feed says of itself beyond title and site, and the categories of its entries, appear nowhere in the reader."""

MAIN = {"feed title", "entry title", "entry link", "entry guid", "entry date", "entry content"}
"""What at least 98 % must be right of. Authors and links within the text are compared as well."""

OWN_WORDS = re.compile(r"(?:Embed|Audio|Video|Image|File|Torrent): \S+(?: \(\d+ MB\))?|Duration: [\d:]+|\[image\]")
"""What our article view adds by design: names of what it cannot show."""

Failure = tuple[str, str]
"""Case and field."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What came out at the other end."""

    feed: Feed
    entries: tuple[Article, ...]
    guids: tuple[str, ...]


pytestmark = pytest.mark.skipif(not CASES.is_file(), reason="the shared conformance cases are not here")


async def test_what_is_shown_is_what_feedparser_expects(httpserver: HTTPServer, store: Store) -> None:
    root = httpserver.url_for("").rstrip("/")
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").replace(SERVER, root).splitlines()]
    serve(httpserver, cases)
    shown = await read_through(cases, store)
    tried: Counter[str] = Counter()
    differences: dict[Failure, str] = {}
    for case in cases:
        for field, expected, found, same in compare(case, shown[case["url"]]):
            tried[f"{case['id'].split('/')[0]}: {field}"] += 1
            if not same:
                differences[case["id"], field] = f"expected {expected!r:.80}, shown {found!r:.80}"
    known = {
        (each["case"], each["field"]): each for each in tomllib.loads(KNOWN.read_text("utf-8")).get("difference", [])
    }
    report(tried, differences, known)
    main = sum(count for name, count in tried.items() if name.partition(": ")[2] in MAIN)
    assert main > 400
    assert sum(field in MAIN for _, field in differences) <= 0.02 * main
    assert set(differences) == set(known), "explain new differences, and take out those that are gone"


def serve(server: HTTPServer, cases: list[dict[str, Any]]) -> None:
    answers = {urlsplit(case["url"]).path: case for case in cases}

    def answer(request: Request) -> Response:
        case = answers[request.path]
        response = Response(base64.b64decode(case["body_base64"]), headers=case["headers"])
        if not any(name.lower() == "content-type" for name in case["headers"]):
            del response.headers["Content-Type"]
        return response

    server.expect_request(re.compile("/tests/.*")).respond_with_handler(answer)


async def read_through(cases: list[dict[str, Any]], store: Store) -> dict[str, Shown]:
    """What the store has after one poll of each, by address."""
    store.feeds.add([OpmlFeed(case["url"]) for case in cases], NOW)
    feeds = {feed.url: feed for feed in store.feeds.all()}
    kept: dict[str, dict[str, int]] = {}
    async with open_client() as client:
        for case in cases:
            page = await client.fetch(case["url"])
            assert page is not None
            kept[case["url"]] = {}
            # What nothing is expected of may also be refused as no feed.
            with suppress(*(() if case["expect"] else (ParseError,))):
                kept[case["url"]] = keep(store, feeds[case["url"]], page)
    feeds = {feed.url: feed for feed in store.feeds.all()}
    articles = {url: [store.entries.article(entry_id) for entry_id in ids.values()] for url, ids in kept.items()}
    return {url: Shown(feeds[url], tuple(articles[url]), tuple(ids)) for url, ids in kept.items()}


def keep(store: Store, feed: Feed, page: Page) -> dict[str, int]:
    """The ids of the entries by guid, in the order of the feed, which is not that of the store."""
    parsed = read_page(page, now=NOW)
    with store.writing():
        saved = store.arrivals.save(feed.id, parsed.entries, NOW)
        store.feeds.keep_answer(feed.id, page, parsed, now=NOW)
    ids = {entry.guid: entry_id for entry_id, entry in saved.new.items()}
    listed = parse(page.body, url=page.url, content_type=page.content_type).entries
    return {entry.guid: ids[entry.guid] for entry in listed}


def compare(case: dict[str, Any], shown: Shown) -> Iterator[tuple[str, str, str, bool]]:
    """Field, what was expected, what is shown, and whether that is the same."""
    for each in case["expect"]:
        if (each["on"], each["field"]) in NOT_SHOWN:
            continue
        value = each["value"]
        if each["on"] == "feed":
            # A feed without a title is shown by its address.
            title = "" if shown.feed.title == shown.feed.url.partition("://")[2] else shown.feed.title
            found = title if each["field"] == "title" else shown.feed.site_url or ""
        else:
            found = of_entry(shown.entries[each["n"]], shown.guids[each["n"]], each["field"])
        yield f"{each['on']} {each['field']}", str(value), found, is_same(each["field"], value, each, found)
        if each["field"] == "content" and each["on"] == "entry":
            article = shown.entries[each["n"]]
            for link in links(value):
                yield "links in content", link, article.html, link in unescape(article.html)


def of_entry(article: Article, guid: str, field: str) -> str:
    entry = article.entry
    match field:
        case "title":
            return entry.title
        case "content":
            return OWN_WORDS.sub("", article.text)
        case "author":
            return entry.author
        case "guid":
            return guid
        case "date":
            return str(list(entry.published_at.timetuple()[:6])) if entry.dated else ""
        case "link":
            return entry.url or ""
    return f"{entry.url} {unescape(article.html)}"


def is_same(field: str, value: Any, expected: dict[str, Any], found: str) -> bool:
    if field in ("title", "content"):
        # As text, or as what our own view makes of the markup: formulas, quotes and names of pictures.
        drawn = OWN_WORDS.sub("", build_doc(clean_html(value, base="")).text)
        return flat(found) in {flat(text) for text in (expected["text"], value, drawn)}
    if field in ("any_link", "enclosure"):
        return str(value) in found or (clean_url(value) or "-") in found
    return found == str(value) or (field == "link" and found == clean_url(value))


def links(value: str) -> Iterator[str]:
    """Addresses in the expected markup that lead somewhere."""
    for link in re.findall(r"(?:href|src)=\"(https?://[^\"]+)\"", value):
        if "<math" not in value and "<svg" not in value and (url := clean_url(unescape(link))):
            yield url


def flat(text: str) -> str:
    return " ".join(text.split())


def report(tried: Counter[str], differences: dict[Failure, str], known: dict[Failure, dict[str, str]]) -> None:
    failed = Counter(f"{case.split('/')[0]}: {field}" for case, field in differences)
    print(f"  passed {sum(tried.values()) - len(differences)} of {sum(tried.values())} checks")
    for name, count in sorted(tried.items()):
        print(f"  {name:35} {count - failed[name]} of {count}")
    for (case, field), difference in differences.items():
        why = known.get((case, field), {}).get("why", "NOT EXPLAINED")
        print(f"  {case} ({field}): {difference}\n      {why}")
