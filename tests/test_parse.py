from __future__ import annotations

import asyncio
import json
import os
import pickle
import re
import time
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_reader.errors import ParseError
from tui_reader.model import Enclosure, ParsedEntry, ParsedFeed
from tui_reader.parse import find_feeds, killable, parse, parsing
from tui_reader.parse.charset import to_text
from tui_reader.parse.dates import CHINA, read_date
from tui_reader.parse.reading import MAX_ENTRIES, MAX_HTML

FEEDS = Path(__file__).parent / "data" / "feeds"
CORPUS = Path(__file__).parents[1] / "../shared/corpus/feeds"
URL = "https://feeds.example/all.xml"


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


def stored(name: str) -> ParsedFeed:
    return parse((FEEDS / name).read_bytes(), url=URL)


def atom(entry: str, *, feed: str = "", url: str = URL) -> ParsedEntry:
    body = f'<feed xmlns="http://www.w3.org/2005/Atom">{feed}<entry><id>1</id>{entry}</entry></feed>'
    return parse(body.encode(), url=url).entries[0]


def rss(items: str, *, channel: str = "", prolog: str = "") -> bytes:
    return f'{prolog}<rss version="2.0"><channel>{channel}{items}</channel></rss>'.encode()


def only(items: str, *, channel: str = "") -> ParsedEntry:
    (entry,) = parse(rss(items, channel=channel), url=URL).entries
    return entry


def titles(body: bytes, content_type: str = "") -> list[str]:
    return [entry.title for entry in parse(body, url=URL, content_type=content_type).entries]


# --- the formats -----------------------------------------------------------------------------------------------------


def test_rss() -> None:
    feed = stored("lab.rss")
    assert (feed.title, feed.site_url) == ("Open Weights Weekly", "https://weights.example/blog/")
    assert (feed.lang, feed.ttl, feed.note) == ("en-gb", 5400, "")
    sparse = feed.entries[0]
    assert sparse.guid == "0042"
    assert sparse.url == "https://weights.example/blog/sparse?a=1&b=2"
    assert sparse.title == "Sparse models & what they cost"
    assert sparse.author == "Mei Lin"
    assert sparse.html.startswith("<p>Serving a sparse model")
    assert sparse.base_url == sparse.url
    assert sparse.published_at == utc(2026, 8, 3, 6, 5)
    assert sparse.categories == ("Pricing", "Inference")
    assert sparse.enclosures == (Enclosure("https://weights.example/audio/42.mp3", "audio/mpeg", 1048576),)
    assert sparse.comments_url == "https://weights.example/blog/sparse#comments"


def test_rss_without_markup_or_guid() -> None:
    brackets = stored("lab.rss").entries[1]
    assert brackets.title == "if a < b then [red] is not red"
    assert brackets.author == "Jo Park"
    assert brackets.guid == brackets.url == "https://weights.example/blog/brackets"
    assert brackets.html == "<p>First line</p>\n<p>Second paragraph, R&D only.</p>"


def test_only_web_links_are_links() -> None:
    unsafe = stored("lab.rss").entries[2]
    assert (unsafe.url, unsafe.enclosures) == (None, ())
    assert unsafe.guid == "https://weights.example/blog/unsafe"


def test_atom() -> None:
    feed = stored("research.atom")
    assert (feed.title, feed.site_url) == ("Notes & Measurements", "https://research.example/notes/")
    first, second = feed.entries
    assert first.guid == "tag:research.example,2026:1"
    assert first.url == "https://research.example/notes/one"
    assert first.title == "When <b> is only a letter"
    assert first.author == "The Evaluation Group"
    assert first.html == "<p>评测<b>结果</b></p>"
    assert (first.lang, first.base_url) == ("zh-hans", "https://research.example/notes/")
    assert (first.published_at, first.updated_at) == (utc(2026, 8, 1, 15, 30), utc(2026, 8, 2))
    assert second.title == "A second look at x < y"
    assert second.author == "Ana Ruiz, 王伟"
    assert second.html == "<p>1 &lt; 2 &amp; both are numbers</p>"
    assert second.published_at == utc(2026, 8, 2, 12)
    assert second.enclosures == (Enclosure("https://research.example/notes/two.pdf", "application/pdf", 2048),)


def test_rdf() -> None:
    feed = stored("notes.rdf")
    assert (feed.title, feed.ttl) == ("Chip notes", 6 * 3600)
    (entry,) = feed.entries
    assert (entry.guid, entry.author) == ("https://chips.example/n/1", "Lee")
    assert entry.published_at == utc(2026, 8, 3, 1)


def test_media_descriptions_keep_their_lines() -> None:
    (video,) = stored("channel.xml").entries
    assert video.html == (
        "<p>Slides: https://videos.example/s<br>\nPaper: https://videos.example/p?a=1&amp;b=2</p>\n"
        "<p>With thanks to all.</p>"
    )


def test_json_feed() -> None:
    feed = stored("weekly.json")
    assert (feed.title, feed.lang, feed.site_url) == ("模型周报", "zh-cn", "https://weekly.example/")
    first, untitled, summary = feed.entries
    assert (first.guid, first.url) == ("1024", "https://weekly.example/w/1024")
    assert first.title == "开源模型一周 & 更多"
    assert first.author == "李雷, 韩梅梅"
    assert first.html == "<p>本周发布了三个<b>开源</b>模型。</p>"
    assert (first.published_at, first.updated_at) == (utc(2026, 8, 3, 6, 5), utc(2026, 8, 3, 7))
    assert first.categories == ("开源", "模型")
    assert first.enclosures == (Enclosure("https://weekly.example/a.m4a", "audio/x-m4a", 99),)
    assert untitled.html == "<p>没有标题的一条。</p>\n<p>第二段 &lt;不是标签&gt;。</p>"
    assert untitled.guid == untitled.url == "https://elsewhere.example/x"
    assert untitled.author == "编辑部"
    assert (summary.url, summary.html) == (None, "<p>只有摘要</p>")


def test_references_in_titles_of_json_feeds_are_decoded_if_they_are_whole() -> None:
    body = b'{"items": [{"id": "1", "title": "R&amp;D, AT&T, &copy, a &lt; b &#8217;"}]}'
    assert titles(body) == ["R&D, AT&T, &copy, a < b \u2019"]


def test_the_fullest_text_wins_wherever_it_stands() -> None:
    long, short = "<p>" + "The whole story. " * 9 + "</p>", '<p class="' + "x" * 400 + '">Teaser.</p>'
    for first, second in ((long, short), (short, long)):
        entry = only(
            f"<item><description><![CDATA[{first}]]></description>"
            f'<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/"><![CDATA[{second}]]>'
            "</content:encoded></item>"
        )
        assert entry.html == long


def test_content_that_is_an_image_is_not_text() -> None:
    content = '<content type="image/png">iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAf</content><summary>A chart.</summary>'
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id>{content}</entry></feed>'
    assert parse(body.encode(), url=URL).entries[0].html == "<p>A chart.</p>"


def test_the_base_of_links_is_what_is_declared_else_the_entry_else_the_site() -> None:
    site, entry = "<link>https://site.example/blog/</link>", "<link>posts/1</link>"
    assert only(f"<item><title>a</title>{entry}</item>", channel=site).base_url == "https://site.example/blog/posts/1"
    assert only("<item><title>a</title></item>", channel=site).base_url == "https://site.example/blog/"
    based = '<description xml:base="https://cdn.example/x/">text</description>'
    assert only(f"<item>{entry}{based}</item>", channel=site).base_url == "https://cdn.example/x/"


def test_the_caption_of_a_picture_is_not_the_text() -> None:
    caption = "<media:description>The new fab, seen from the south on a clear morning in May.</media:description>"
    space = 'xmlns:media="http://search.yahoo.com/mrss/"'
    assert only(f"<item {space}>{caption}<description>A new fab.</description></item>").html == "A new fab."
    assert "from the south" in only(f"<item {space}><title>a</title>{caption}</item>").html


@pytest.mark.parametrize(
    ("links", "url"),
    [
        ('<link href="/a"/>', "https://feeds.example/a"),
        ('<link rel="alternate" type="application/pdf" href="/a.pdf"/>', "https://feeds.example/a.pdf"),
        ('<link rel="self" href="/s"/><link rel="related" href="/r"/>', "https://feeds.example/r"),
        ('<link rel="replies" href="/c"/><link rel="via" href="/v"/>', "https://feeds.example/v"),
        ('<link rel="edit" href="/e"/><link rel="enclosure" href="/f.mp3"/>', None),
        ('<link rel="alternate" xml:base="https://b.example/x/" href="y"/>', "https://b.example/x/y"),
        ('<link href="javascript:alert(1)"/><link rel="self" href="/s"/>', "https://feeds.example/s"),
    ],
)
def test_which_link_of_atom_is_the_entry(links: str, url: str | None) -> None:
    assert atom(links).url == url


def test_the_site_of_an_atom_feed_is_not_its_id() -> None:
    body = '<feed xmlns="http://www.w3.org/2005/Atom"><id>https://a.example/7f3</id><title>a</title>{}</feed>'
    assert parse(body.format("").encode(), url=URL).site_url is None
    assert parse(body.format('<link href="/"/>').encode(), url=URL).site_url == "https://feeds.example/"


def test_bases_within_bases() -> None:
    feed = '<link xml:base="https://a.example/" rel="self" href="x"/>'
    content = '<content type="html" xml:base="deep/">&lt;a href="y"&gt;</content>'
    body = (
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://b.example/blog/">{feed}'
        f'<entry xml:base="2026/"><id>1</id><link href="one"/>{content}</entry></feed>'
    )
    entry = parse(body.encode(), url=URL).entries[0]
    assert entry.url == "https://b.example/blog/2026/one"
    assert entry.base_url == "https://b.example/blog/2026/deep/"


@pytest.mark.parametrize(
    ("element", "author"),
    [
        ("<author>mei@lab.research.example (Mei Lin)</author>", "Mei Lin"),
        ("<author>Mei Lin &lt;mei@lab.example&gt;</author>", "Mei Lin"),
        ('<author>"Mei Lin" mei@lab.example</author>', "Mei Lin"),
        ("<author>mei@lab.example</author>", "mei@lab.example"),
        ("<author>Tom &amp;amp; Mei</author>", "Tom & Mei"),
        ("<author>&lt;a href='/mei'&gt;Mei&lt;/a&gt;</author>", "Mei"),
        ("<author>  </author><dc:creator>李雷</dc:creator><dc:creator>韩梅梅</dc:creator>", "李雷, 韩梅梅"),
        ("<itunes:author>The Lab</itunes:author>", "The Lab"),
        ("<author><name>Mei Lin</name><email>mei@lab.example</email></author>", "Mei Lin"),
        ("<author><email>mei@lab.example</email></author>", "mei@lab.example"),
    ],
)
def test_authors(element: str, author: str) -> None:
    assert only(f"<item><title>a</title>{element}</item>").author == author


def test_an_entry_without_author_has_that_of_its_source_or_its_feed() -> None:
    feed = "<author><name>The Feed</name></author>"
    source = "<source><author><name>The Source</name></author></source>"
    assert atom("<title>a</title>", feed=feed).author == "The Feed"
    assert atom(source, feed=feed).author == "The Source"
    assert atom(f"{source}<author><name>Mei</name></author>", feed=feed).author == "Mei"


def test_atom_03() -> None:
    body = (
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#">'
        '<title mode="escaped" type="text/html">Q&amp;amp;A</title>'
        '<entry><id>1</id><title mode="base64">PGI+5Y+R5biDPC9iPg==</title><issued>2026-08-03T14:05:00Z</issued>'
        '<content type="text/html" mode="escaped">&lt;p&gt;one&lt;/p&gt;</content></entry></feed>'
    )
    feed = parse(body.encode(), url=URL)
    entry = feed.entries[0]
    assert (feed.title, entry.title, entry.html) == ("Q&A", "发布", "<p>one</p>")
    assert entry.published_at == utc(2026, 8, 3, 14, 5)


def test_cdf() -> None:
    body = (
        '<channel href="https://c.example/"><title>Channel</title>'
        '<item href="https://c.example/1" lastmod="2026-08-03T14:05Z">'
        "<title>One</title><abstract>Text</abstract></item>"
        "</channel>"
    )
    feed = parse(body.encode(), url=URL)
    (entry,) = feed.entries
    assert (feed.title, entry.url, entry.title) == ("Channel", "https://c.example/1", "One")
    assert entry.updated_at == utc(2026, 8, 3, 14, 5)
    assert "Text" in entry.html


def test_json_feed_in_full() -> None:
    item = {
        "id": 7,
        "url": "/7",
        "external_url": "https://elsewhere.example/x?a=1&b=2",
        "title": "R&amp;D",
        "content_html": "<p>Noted.</p>",
        "date_modified": "2026-08-03T14:05:00+08:00",
        "authors": [{"name": "Mei"}],
        "author": {"name": "Old form"},
        "attachments": [
            {"url": "/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 9.0, "duration_in_seconds": 62},
            {"url": "file:///etc/passwd"},
        ],
        "image": "/i.png",
    }
    body = {"version": "https://jsonfeed.org/version/1.1", "items": [item], "hubs": [{"type": "x"}], "expired": True}
    feed = parse(json.dumps(body).encode("utf-8-sig"), url=URL)
    (entry,) = feed.entries
    assert feed.note == "the feed says that it is finished: nothing will follow"
    assert (entry.guid, entry.url, entry.author) == ("7", "https://feeds.example/7", "Mei")
    assert entry.html == (
        '<p>Noted.</p><p>Link: <a href="https://elsewhere.example/x?a=1&amp;b=2">elsewhere.example/x?a=1&amp;b=2</a></p>'
        "<p>Duration: 1:02</p>"
    )
    assert (entry.published_at, entry.updated_at) == (None, utc(2026, 8, 3, 6, 5))
    assert entry.enclosures == (
        Enclosure("https://feeds.example/a.mp3", "audio/mpeg", 9),
        Enclosure("https://feeds.example/i.png", "image/*"),
    )


# --- titles ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a &lt; b", "a < b"),
        ("[red]stop[/red] [/x]", "[red]stop[/red] [/x]"),
        ("Why &amp;lt;div&amp;gt; is &lt;em&gt;hard&lt;/em&gt;", "Why <div> is hard"),
        ("<![CDATA[Tom &amp; Jerry]]>", "Tom & Jerry"),
        ("<![CDATA[A <b>clear</b><br/>title]]>", "A clear title"),
        ("<![CDATA[<i>发布</i>Qwen&#8217;s]]>", "发布Qwen’s"),
        ("  two\n\n   lines ", "two lines"),
        ("", ""),
    ],
)
def test_titles_become_plain_text(written: str, read: str) -> None:
    assert only(f"<item><title>{written}</title><link>https://a.example/</link></item>").title == read


@pytest.mark.parametrize(
    ("guid", "url"),
    [
        ("https://a.example/1", "https://a.example/1"),
        ("/posts/1", "https://a.example/posts/1"),
        ("0042", None),
        ("tag:a.example,2026:1", None),
    ],
)
def test_a_guid_is_a_link_only_if_it_looks_like_one(guid: str, url: str | None) -> None:
    site = "<link>https://a.example/</link>"
    assert only(f"<item><title>a</title><guid>{guid}</guid></item>", channel=site).url == url
    assert only(f"<item><title>a</title><guid isPermaLink='false'>{guid}</guid></item>", channel=site).url is None


# --- identity --------------------------------------------------------------------------------------------------------


def guids(items: str) -> list[str]:
    return [entry.guid for entry in parse(rss(items), url=URL).entries]


def item(title: str, *, guid: str = "", link: str = "") -> str:
    return f"<item><title>{title}</title><guid isPermaLink='false'>{guid}</guid><link>{link}</link></item>"


def test_guids_are_text() -> None:
    assert guids(item("a", guid="00123") + item("b", guid="9" * 40)) == ["00123", "9" * 40]


def test_guids_do_not_depend_on_where_the_feed_lives() -> None:
    body = rss("<item><title>a</title><guid>posts/7</guid></item>")
    assert parse(body, url="https://old.example/f").entries[0].guid == "posts/7"
    assert parse(body, url="https://new.example/f").entries[0].guid == "posts/7"


def test_an_entry_that_is_there_twice_is_taken_once() -> None:
    feed = parse(
        rss(item("new", guid="7", link="https://a.example/7") + item("old", guid="7", link="https://a.example/7")),
        url=URL,
    )
    assert [entry.title for entry in feed.entries] == ["new"]


def test_entries_that_share_a_guid_keep_their_identity_when_another_joins_them() -> None:
    first = item("one", guid="site", link="https://a.example/1") + item("two", guid="site", link="https://a.example/2")
    before = guids(first)
    after = guids(item("three", guid="site", link="https://a.example/3") + first)
    assert len(set(after)) == 3
    assert after[1:] == before


def test_entries_without_guid_that_share_a_link_stay_apart() -> None:
    both = guids(item("one", link="https://a.example/news") + item("two", link="https://a.example/news"))
    assert len(set(both)) == 2


def test_an_entry_with_neither_guid_nor_link_has_a_stable_guid() -> None:
    alone = guids(item("nothing else"))
    assert alone[0]
    assert guids(item("another") + item("nothing else"))[1:] == alone


# --- dates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon, 03 Aug 2026 14:05:00 +0800", utc(2026, 8, 3, 6, 5)),
        ("03 Aug 2026 14:05 GMT", utc(2026, 8, 3, 14, 5)),
        ("Mon, 3 Aug 2026 14:05:00 EST", utc(2026, 8, 3, 19, 5)),
        ("2026-08-03T14:05:00.123456789Z", utc(2026, 8, 3, 14, 5)),
        ("2026-08-03 14:05", utc(2026, 8, 3, 14, 5)),
        ("2026/8/3", utc(2026, 8, 3)),
        ("2026-08-03T24:00:00Z", utc(2026, 8, 4)),
        ("2026年8月3日 14:05", utc(2026, 8, 3, 6, 5)),
        ("发布于2026年08月03日 星期一 下午2点05分", utc(2026, 8, 3, 6, 5)),
        ("2026年8月3日", utc(2026, 8, 2, 16)),
        ("1785765900", utc(2026, 8, 3, 14, 5)),
        ("1785765900000", utc(2026, 8, 3, 14, 5)),
        ("Mon Aug 03 14:05:00 GMT 2026", utc(2026, 8, 3, 14, 5)),
        ("Mon, 3 Aug 2026 14:05:00 GMT+8", utc(2026, 8, 3, 6, 5)),
        ("Mon, 3 Aug 2026 14:05:00 +0800 (CST)", utc(2026, 8, 3, 6, 5)),
        ("Fri, 3 Aug 26 14:05 Z", utc(2026, 8, 3, 14, 5)),
        ("3 Aug 98 14:05 UT", utc(1998, 8, 3, 14, 5)),
        ("Monday, August 3rd, 2026, 2:05 PM", utc(2026, 8, 3, 14, 5)),
        ("12:05 AM, Aug 3 2026", utc(2026, 8, 3, 0, 5)),
        ("8/13/2026 2:05 PM EDT", utc(2026, 8, 13, 18, 5)),
        ("03.08.2026, 14:05 Uhr", utc(2026, 8, 3, 14, 5)),
        ("3/8/2026", utc(2026, 8, 3)),
        ("Ter, 20 Nov 2018 10:00:00 -0200", utc(2018, 11, 20, 12)),
        ("Seg, 24 Set 2018 19:42:40 -0300", utc(2018, 9, 24, 22, 42)),
        ("Lun, 20 Août 2018 10:00:00 +0200", utc(2018, 8, 20, 8)),
        ("mar. 20 mars 2018 à 14h30", utc(2018, 3, 20, 14, 30)),
        ("Di, 20 Mär 2018 10:00:00 +0100", utc(2018, 3, 20, 9)),
        ("20 de noviembre de 2018", utc(2018, 11, 20)),
        ("Вт, 20 ноября 2018 г., 10:00 MSK", utc(2018, 11, 20, 7)),
        ("Δευ, 20 Αυγ 2018 10:00:00 EET", utc(2018, 8, 20, 8)),
        ("2018-július-13T9:15-05:00", utc(2018, 7, 13, 14, 15)),
        ("2018년 11월 20일  10:00:00", utc(2018, 11, 20, 1)),
        ("2018-11-20 오후 10:00:00", utc(2018, 11, 20, 13)),
        ("Fri, 2006/09/15 08:19:53 EDT", utc(2006, 9, 15, 12, 19)),
        ("２０２６年８月３日　１４：０５", utc(2026, 8, 3, 6, 5)),
        ("2026年8月3日 上午12点", utc(2026, 8, 3, 4)),
        ("20260803T140500Z", utc(2026, 8, 3, 14, 5)),
        ("20260803 14:05:00 -0500", utc(2026, 8, 3, 19, 5)),
        ("20260803", utc(2026, 8, 3)),
        ("26-08-03", utc(2026, 8, 3)),
        ("2026-215", utc(2026, 8, 3)),
        ("2026-08", utc(2026, 8, 1)),
        ("2026-08-03+08:00", utc(2026, 8, 3)),
        ("2026-08-03T25:00:00Z", None),
        ("30 Feb 2026", None),
        ("15", None),
        ("0000-00-00 00:00:00", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("2026年13月40日", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates(text: str, expected: datetime | None) -> None:
    moment = read_date(text)
    assert (moment and moment.replace(second=0)) == expected


@pytest.mark.parametrize(
    "text", ["2026-08-03 14:05:00", "Mon, 03 Aug 2026 14:05:00", "Mon Aug 03 14:05:00 CST 2026", "2026年8月3日 14:05"]
)
def test_chinese_feeds_that_name_no_zone_mean_their_own(text: str) -> None:
    assert read_date(text, zone=CHINA) == utc(2026, 8, 3, 6, 5)
    entry = only(f"<item><title>发布</title><pubDate>{text}</pubDate></item>", channel="<language>zh_CN</language>")
    assert entry.published_at == utc(2026, 8, 3, 6, 5)


def test_what_cst_means_depends_on_the_continent() -> None:
    assert read_date("Mon, 3 Aug 2026 14:05:00 CST") == utc(2026, 8, 3, 20, 5)
    assert read_date("Mon, 3 Aug 2026 14:05:00 CST", zone=CHINA) == utc(2026, 8, 3, 6, 5)


@pytest.mark.parametrize(
    "date", ["prism:publicationDate", "dc:date", "dcterms:issued", "dcterms:created", "dcterms:modified", "date"]
)
def test_where_dates_stand(date: str) -> None:
    spaces = (
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:prism="http://prismstandard.org/namespaces/1.2/basic/"'
    )
    assert only(f"<item {spaces}><title>a</title><{date}>2026-08-03</{date}></item>").published_at == utc(2026, 8, 3)


@settings(max_examples=100)
@given(
    st.text(max_size=60)
    | st.from_regex(r"\d{1,5}[-年/]\d{1,3}[-月/]\d{1,3}[日T ]{0,2}\d{0,3}:?\d{0,3}([+-]\d\d:\d\d)?")
)
def test_any_date_is_aware_or_none(text: str) -> None:
    moment = read_date(text)
    assert moment is None or moment.tzinfo is UTC


# --- charsets --------------------------------------------------------------------------------------------------------

CHINESE = "国产大模型发布新版本，推理成本再降一半"
TAIWANESE = "晶圓代工廠公布先進製程的良率與產能規劃"
JAPANESE = "国内企業が新しい言語モデルを公開しました"
KOREAN = "새로운 언어 모델이 공개되었습니다 그리고 가격"


def feed_in(text: str, codec: str, *, declared: str = "") -> bytes:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    return (
        f"{declaration}<rss version='2.0'><channel><title>{text}</title>"
        f"<item><title>{text}</title><description>{text * 3}</description></item></channel></rss>"
    ).encode(codec)


@pytest.mark.parametrize(
    ("text", "codec", "declared"),
    [
        (CHINESE, "gb18030", ""),
        (CHINESE, "gb18030", "gb2312"),
        (CHINESE + "镕㐀", "gb18030", "GBK"),
        (CHINESE, "gb18030", "iso-8859-1"),
        (CHINESE, "gb18030", "utf-8"),
        (CHINESE, "utf-8", ""),
        (CHINESE, "utf-8", "gb2312"),
        (CHINESE, "utf-8", "iso-8859-1"),
        (CHINESE, "utf-8-sig", "gb2312"),
        (CHINESE, "utf-16", ""),
        (CHINESE, "utf-16", "utf-8"),
        (CHINESE, "utf-16-le", ""),
        (CHINESE, "utf-16-be", "utf-16"),
        (CHINESE, "utf-32", ""),
        (CHINESE, "hz", "hz-gb-2312"),
        (TAIWANESE, "big5", ""),
        (TAIWANESE, "big5", "big5"),
        (TAIWANESE + "碁", "cp950", "Big5"),
        (JAPANESE + "①", "cp932", "Shift_JIS"),
        (JAPANESE, "euc-jp", ""),
        (JAPANESE, "iso-2022-jp", "iso-2022-jp"),
        (KOREAN + "뷁", "cp949", "euc-kr"),
        ("Des modèles à coût réduit, dès l’été", "cp1252", "iso-8859-1"),
        ("Des modèles à coût réduit, dès l'été", "latin-1", "no-such-charset"),
        ("Des modèles à coût réduit, dès l'été", "utf-8", "punycode"),
        ("Новая модель вышла сегодня утром", "koi8-r", "koi8-r"),
    ],
)
def test_charsets(text: str, codec: str, declared: str) -> None:
    assert titles(feed_in(text, codec, declared=declared)) == [text]


@pytest.mark.parametrize(
    ("content_type", "codec", "declared"),
    [
        ("text/xml; charset=gbk", "gb18030", ""),
        ("text/xml; charset=ISO-8859-1", "gb18030", "gb2312"),
        ("text/xml; charset=gb2312", "utf-8", "utf-8"),
        ('application/xml; charset="utf-8"', "gb18030", "gbk"),
        ("text/xml; charset=undefined", "utf-8", ""),
        ("text/xml", "utf-8", "utf-8"),
    ],
)
def test_http_and_document_may_disagree(content_type: str, codec: str, declared: str) -> None:
    assert titles(feed_in(CHINESE, codec, declared=declared), content_type) == [CHINESE]


def test_a_character_cut_in_half_costs_only_itself() -> None:
    body = feed_in(CHINESE * 5, "utf-8", declared="utf-8").replace("版本，".encode(), "版本".encode()[:-1], 1)
    feed = parse(body, url=URL)
    assert feed.entries[0].title == CHINESE * 5
    assert feed.title.startswith("国产大模型发布新版�")


def test_damage_does_not_make_utf8_another_charset() -> None:
    body = feed_in("It’s …", "utf-8", declared="utf-8").replace("…".encode(), b"\x8a\xa9")
    assert titles(body) == ["It’s ��"]


@pytest.mark.parametrize("text", ["It’s “new” – a café", "Новая модель вышла сегодня", "发布新版本"])
def test_what_was_encoded_twice_is_decoded_twice(text: str) -> None:
    twice = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())
    assert titles(feed_in(twice, "utf-8", declared="utf-8")) == [text]


@pytest.mark.parametrize("text", ["Déjà vu à São Tomé", "Ãrvores e Âncoras", "¿Qué? ¡Ä!"])
def test_what_only_looks_strange_stays(text: str) -> None:
    assert titles(feed_in(text, "utf-8")) == [text]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus is not here")
def test_chinese_feeds_in_any_charset_are_read_without_being_declared() -> None:
    different = []
    for path in sorted(
        [*CORPUS.glob("zh-*"), *CORPUS.glob("cd-GB*"), *CORPUS.glob("cd-Big5*"), CORPUS / "nnw-kc0011.rss"]
    ):
        text = re.sub(r"\s*encoding\s*=\s*[\"'][^\"']+[\"']", "", to_text(path.read_bytes()), count=1)
        expected = parse(text.encode(), url=URL)
        for codec in ("gb18030", "utf-8", "utf-16"):
            if parse(text.encode(codec, "replace"), url=URL) != expected:
                different.append((path.name, codec))
    assert not different


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus is not here")
def test_real_feeds_read_the_same_without_their_declaration() -> None:
    different = []
    for path in sorted(CORPUS.glob("cd-*")):
        body = path.read_bytes()
        bare = re.sub(rb"\s*encoding\s*=\s*[\"'][^\"']+[\"']", b"", body, count=1)
        if parse(bare, url=URL) != parse(body, url=URL):
            different.append(path.name)
    assert not different


# --- malformed -------------------------------------------------------------------------------------------------------


CHIPS = "<rss version='2.0'><channel><item><title>AT&amp;T on chips</title></item></channel></rss>"


@pytest.mark.parametrize(
    "body",
    [
        "\n\n  <?xml version='1.0'?>" + CHIPS,
        "Warning: mysql_connect() in db.php<br />\n<?xml version='1.0'?>" + CHIPS,
        CHIPS + "<script>track()</script>\n<!-- served in 3 ms -->",
        CHIPS.replace("&amp;", "&"),
        CHIPS.replace(" on", "&nbsp;on"),
        CHIPS.replace("chips", "\x00ch\x1bi&#27;p&#xD800;&#x110000;s"),
        CHIPS.replace("<title>", "<dc:creator>x</dc:creator><own:tag/><title>"),
        "<!DOCTYPE rss [<!ENTITY who 'AT'>]>" + CHIPS.replace("AT", "&who;"),
        "<br />\n<b>Warning</b>: date() in /www/feed.php<br />\n<?xml version='1.0'?>" + CHIPS,
        CHIPS[:-1],
    ],
    ids=[
        "space",
        "warning",
        "junk at the end",
        "ampersand",
        "html entity",
        "control",
        "prefix",
        "entity",
        "php",
        "end",
    ],
)
def test_common_slips_are_repaired_without_a_word(body: str) -> None:
    feed = parse(body.encode(), url=URL)
    assert [entry.title for entry in feed.entries] == ["AT&T on chips"]
    assert feed.note == ""


def test_what_only_a_lenient_parser_reads_is_kept_with_a_note() -> None:
    feed = parse(rss("\n<item><title>One</title><description><b>bold</description></item>" + item("Two")), url=URL)
    assert [entry.title for entry in feed.entries] == ["One", "Two"]
    assert feed.note == "the feed is malformed (line 2: mismatched tag)"


PAGE = "this address now answers with a web page, not a feed"


@pytest.mark.parametrize(
    ("html", "message"),
    [
        ("<!DOCTYPE html><html><body>Moved to our new site</body></html>", PAGE),
        ("<head><title>404</title></head>", PAGE),
        ("<html><title>登录 - 内部网</title>", f"{PAGE}: it asks for a login"),
        ("<html><form><input name=p type=password></form>", f"{PAGE}: it asks for a login"),
        ("<html><p>" + "News of the day. " * 400 + "<input type='password'>", PAGE),
        (
            "<!doctype html><html><title>Just a moment...</title><script src='/cdn-cgi/challenge-platform/h'></script>",
            f"{PAGE}: a challenge page (Cloudflare) that only a browser gets past",
        ),
        (
            "<html><script>var acw_sc__v2 = 1</script>",
            f"{PAGE}: a challenge page (Aliyun) that only a browser gets past",
        ),
        ("<html><title>Are you a robot?</title>", f"{PAGE}: a challenge page that only a browser gets past"),
    ],
)
def test_what_a_web_page_wants_is_said(html: str, message: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(html.encode(), url=URL)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "the server sent an empty answer"),
        (b" \r\n\t\xef\xbb\xbf", "the server sent an empty answer"),
        (b"<!DOCTYPE html><html><body>Please log in</body></html>", "a web page, not a feed"),
        (b"\xef\xbb\xbf\n<!-- x --><HTML>", "a web page, not a feed"),
        (b"<opml version='2.0'><body/></opml>", "a list of feeds"),
        (b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>", "a sitemap"),
        (b"<note><to>you</to></note>", "XML (note), but not with a feed"),
        (b"<feed>", "too damaged"),
        (b"Moved.", "plain text, not a feed"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "plain text, not a feed"),
        (b'{"version": "1"}', "JSON, but not with a JSON feed"),
        (b"[1, 2]", "JSON, but not with a JSON feed"),
        (b'{"items": [', "damaged JSON"),
        (b"[" * 100_000, "too deep"),
        (b'{"items": ' + b"9" * 10_000 + b"}", "damaged JSON"),
    ],
)
def test_what_is_no_feed_is_said_in_words(body: bytes, message: str) -> None:
    with pytest.raises(ParseError, match=re.escape(message)) as caught:
        parse(body, url=URL)
    assert str(caught.value).isprintable()


def test_an_empty_feed_is_a_feed() -> None:
    assert parse(rss("", channel="<title>Quiet</title>"), url=URL).entries == ()


def test_a_page_about_feeds_is_a_page() -> None:
    with pytest.raises(ParseError, match="web page"):
        parse(b"<html><head><title>How to write &lt;rss version='2.0'&gt;</title></head></html>", url=URL)


def test_nothing_is_read_from_disk_or_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """feedparser opens a file if its input is the name of one."""
    (tmp_path / "secret.xml").write_bytes(rss(item("secret")))
    monkeypatch.chdir(tmp_path)
    for body in (
        b"secret.xml",
        b"<rss>secret.xml",
        f'<!DOCTYPE rss SYSTEM "file://{tmp_path}/secret.xml"><rss/>'.encode(),
    ):
        try:
            entries = parse(body, url=URL).entries
        except ParseError:
            entries = ()
        assert entries == ()


def test_entities_do_not_multiply() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    body = rss(item("x &e8; y"), prolog=f'<!DOCTYPE rss [<!ENTITY e0 "ha">{levels}]>')
    (entry,) = parse(body, url=URL).entries
    assert len(entry.title) < 100


def test_too_much_is_cut_and_said() -> None:
    feed = parse(json.dumps({"items": [{"id": n, "title": "x"} for n in range(MAX_ENTRIES + 1)]}).encode(), url=URL)
    assert len(feed.entries) == MAX_ENTRIES
    assert feed.note == "only the first 5000 of 5001 entries were read"
    feed = parse(json.dumps({"items": [{"id": 1, "content_html": "x" * (MAX_HTML + 1)}]}).encode(), url=URL)
    assert len(feed.entries[0].html) == MAX_HTML
    assert feed.note == "1 overlong entries were cut"


def test_lone_surrogates_do_not_reach_the_store() -> None:
    feed = parse(b'{"title": "a\\ud800b", "items": [{"id": "\\udfff1", "content_html": "\\ud83d"}]}', url=URL)
    repr(feed).encode()
    pickle.dumps(feed)
    assert feed.title == "ab"


PIECES = [
    *("<item>", "</item>", "<entry>", "</entry>", "<title>", "</title>", "<guid>", "</guid>", "<svg><title>", "中文"),
    *("<![CDATA[", "]]>", "<!--", "-->", "&amp;", "&#0;", "&x", "<a b='", "'>", "\x1b", "\ud800", "<xhtml:div>"),
    *("<link href='http://a'/>", "<base href='http://['/>", "<source url='//'>", "<enclosure length='x'/>"),
    *("<content type='application/xml' mode='base64'>", "</content>", "<media:content url='x'>", "<ttl>-1</ttl>"),
    *("<pubDate>9999-12-31T23:59:59-14:00</pubDate>", "<georss:point srsName='x'>1</georss:point>"),
]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.sampled_from(["rss", "feed", "rdf:RDF", ""]))
def test_any_document_gives_a_feed_or_a_parse_error(soup: str, root: str) -> None:
    body = f"<{root}><channel>{soup}</channel></{root}>" if root else soup
    with suppress(ParseError):
        feed = parse(body.encode("utf-8", "surrogatepass"), url=URL)
        assert repr(feed).encode()
        assert all(entry.guid for entry in feed.entries)


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"<rss><channel><item>", b"\xff\xfe<\0", b"{", b"<?xml version='1.0' encoding='"]),
)
def test_any_bytes_give_a_feed_or_a_parse_error(noise: bytes, start: bytes) -> None:
    for content_type in ("", "text/xml; charset=\udcff"):
        try:
            parse(start + noise, url=URL, content_type=content_type)
        except ParseError:
            continue


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "url"]), inner, max_size=2),
    max_leaves=6,
)
KEYS = [
    "id",
    "url",
    "title",
    "content_html",
    "content_text",
    "date_published",
    "authors",
    "author",
    "tags",
    "attachments",
]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(KEYS), JSONS, max_size=5), max_size=3), JSONS)
def test_any_json_feed_is_read(items: list[dict[str, object]], anything: object) -> None:
    feed = parse(json.dumps({"items": items, "title": anything, "language": anything}).encode(), url=URL)
    assert len(feed.entries) <= len(items)


# --- discovery -------------------------------------------------------------------------------------------------------


def test_the_feeds_of_a_page_likeliest_first() -> None:
    assert find_feeds((FEEDS / "page.html").read_bytes(), "https://news.example/2026/08/") == (
        ("https://news.example/news/atom.xml", "Model news"),
        ("https://cdn.example/feed.json", ""),
        ("https://news.example/news/comments/feed/", "Model news » Comments Feed"),
    )


@pytest.mark.parametrize(
    ("url", "html", "feed"),
    [
        (
            "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv",
            "",
            "feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv",
        ),
        (
            "https://www.youtube.com/@lab",
            '{"externalId":"UCabcdefghijklmnopqrstuv"}',
            "?channel_id=UCabcdefghijklmnopqrstuv",
        ),
        ("https://www.youtube.com/playlist?list=PLabcdefghijkl", "", "feeds/videos.xml?playlist_id=PLabcdefghijkl"),
        ("https://github.com/lab/model", "", "https://github.com/lab/model/releases.atom"),
        ("https://www.reddit.com/r/LocalModels/", "", "https://www.reddit.com/r/LocalModels/.rss"),
        ("https://news.substack.com/p/one", "", "https://news.substack.com/feed"),
        ("https://own-domain.example/p/1", "<img src=https://substackcdn.com/x>", "https://own-domain.example/feed"),
        ("https://medium.com/@lab", "", "https://medium.com/feed/@lab"),
        ("https://blog.example/", '<link href="/wp-content/x.css">', "https://blog.example/feed/"),
        ("https://plain.example/a/", "<a href='../feed.xml'>订阅</a>", "https://plain.example/feed.xml"),
    ],
)
def test_sites_whose_feeds_are_known(url: str, html: str, feed: str) -> None:
    found = find_feeds(html.encode(), url)
    assert found
    assert found[0][0].endswith(feed)


@pytest.mark.parametrize("html", [b"", b"\0\xff", b"<link rel=alternate type=application/rss+xml href='javascript:x'>"])
def test_a_page_without_feeds_has_none(html: bytes) -> None:
    assert find_feeds(html, "https://plain.example/") == ()


# --- worker processes ------------------------------------------------------------------------------------------------


async def test_parsing_elsewhere_gives_the_same() -> None:
    body = (FEEDS / "lab.rss").read_bytes()
    async with parsing() as parse_body:
        assert await parse_body(body, url=URL) == parse(body, url=URL)
        assert (
            await parse_body(feed_in(CHINESE, "gb18030"), url=URL, content_type="text/xml; charset=gbk")
        ).title == CHINESE
        with pytest.raises(ParseError, match="web page"):
            await parse_body(b"<html>", url=URL)


async def test_a_feed_that_takes_too_long_fails_alone() -> None:
    # Six seconds: a busy machine may take two of them to start a process that reads the others.
    async with killable(workers=2, deadline=6.0) as run:
        read = partial(parse, rss(item("good")), url=URL)
        results = await asyncio.gather(
            run(partial(time.sleep, 600)), *(run(read) for _ in range(5)), return_exceptions=True
        )
        assert str(results[0]) == "the feed took longer than 6 s to read"
        assert all(isinstance(result, ParsedFeed) for result in results[1:])
        assert (await run(read)).entries


async def test_a_crash_of_the_parser_fails_alone() -> None:
    async with killable(workers=1) as run:
        with pytest.raises(ParseError, match="crashed"):
            await run(partial(os.abort))
        assert await run(partial(max, 3, 4)) == 4


async def test_memory_is_bounded() -> None:
    async with killable(workers=1) as run:
        with pytest.raises((MemoryError, ParseError)):
            await run(partial(bytes, 2**31))
        assert await run(partial(max, 3, 4)) == 4


async def test_cancelling_does_not_mix_up_answers() -> None:
    async with killable(workers=1) as run:
        await run(partial(max, 0, 1))
        task = asyncio.create_task(run(partial(time.sleep, 5)))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await run(partial(max, 3, 4)) == 4


async def test_no_process_is_left_behind() -> None:
    async with killable(workers=2) as run:
        pids = await asyncio.gather(run(os.getpid), run(os.getpid))
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


async def test_one_feed_at_a_time_needs_one_process() -> None:
    async with killable(workers=4) as run:
        assert len({await run(os.getpid) for _ in range(4)}) == 1


async def test_a_tool_is_made_once_a_process() -> None:
    async with killable(workers=1) as run:
        tool, other = partial(time.monotonic_ns), partial(os.getpid)
        made = await run(str, tool=tool)
        assert await run(str, tool=other) == str(await run(os.getpid))
        assert await run(str, tool=tool) == made
        with pytest.raises(ParseError, match="crashed"):
            await run(partial(os.kill, await run(os.getpid)), tool=partial(int, 9))
        assert await run(str, tool=tool) != made


async def test_a_tool_that_cannot_be_made_fails_each_time_by_its_name() -> None:
    async with killable(workers=1) as run:
        tool = partial(int, "x")
        for _ in range(2):
            with pytest.raises(ValueError, match="invalid literal"):
                await run(str, tool=tool)
