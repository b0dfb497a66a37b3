"""The feeds of a web page: those it names, and those that a well-known kind of site has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from .charset import to_text
from .links import web_link
from .plain import line

_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_VAGUE_TYPES = ("application/json", "application/xml", "text/xml")
_FEEDISH = re.compile(r"(?:^|[/._-])(?:rss|atom|feeds?|rdf|index\.xml)(?:$|[/._?-])", re.IGNORECASE)
_ANCHOR = re.compile(r"(?:/(?:rss|atom|feed|index)\.(?:xml|json)|\.rss|\.atom|/(?:rss|feed|atom)/?)$", re.IGNORECASE)
_MAX_FEEDS = 20


def find_feeds(html: bytes, base_url: str) -> tuple[tuple[str, str], ...]:
    """Address and title of each feed of the page, the likeliest first; the title may be ""."""
    from selectolax.lexbor import LexborHTMLParser

    text = to_text(html[: 2**22])
    tree = LexborHTMLParser(text)
    base_tag = tree.css_first("base[href]")
    base = (web_link(base_tag.attributes.get("href"), base_url) if base_tag else None) or base_url
    named = sorted(_named(tree, base), key=_is_of_comments)
    linked = [] if named else _linked(tree, base)
    found: dict[str, str] = {}
    for url, title in [*named, *_known(base_url, text), *linked]:
        found.setdefault(url, title)
    return tuple(found.items())[:_MAX_FEEDS]


def _named(tree: object, base: str) -> Iterator[tuple[str, str]]:
    for link in tree.css("link[href][rel]"):  # type: ignore[attr-defined]
        rel = (link.attributes.get("rel") or "").lower().split()
        kind = (link.attributes.get("type") or "").lower().partition(";")[0].strip()
        href = link.attributes.get("href") or ""
        is_feed = kind in _TYPES or "feed" in rel or (kind in _VAGUE_TYPES and _FEEDISH.search(href))
        url = web_link(href, base) if is_feed and ("alternate" in rel or "feed" in rel) else None
        if url:
            yield url, line(link.attributes.get("title") or "")


def _is_of_comments(feed: tuple[str, str]) -> bool:
    return bool(re.search(r"comment|评论|評論", " ".join(feed), re.IGNORECASE))


def _linked(tree: object, base: str) -> Iterator[tuple[str, str]]:
    """Links in the text that look like a feed, for pages that name none in their head."""
    for anchor in tree.css("a[href]"):  # type: ignore[attr-defined]
        url = web_link(anchor.attributes.get("href"), base)
        if url and _ANCHOR.search(urlsplit(url).path):
            yield url, ""


def _known(url: str, html: str) -> Iterator[tuple[str, str]]:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    root = f"{parts.scheme}://{parts.netloc}"
    path = parts.path.rstrip("/")
    if host == "youtube.com":
        yield from _youtube(path, parts.query, html)
    elif host == "github.com" and re.fullmatch(r"/[\w.-]+/[\w.-]+", path):
        yield f"{root}{path}/releases.atom", "releases"
    elif host.endswith("reddit.com") and re.match(r"/(?:r|user)/[^/]+", path):
        yield f"{root}{path}/.rss", ""
    elif host == "medium.com" and path:
        yield f"{root}/feed{path}", ""
    elif host.endswith(".substack.com") or "substackcdn.com" in html:
        yield f"{root}/feed", ""
    elif "/wp-content/" in html or re.search(r"<meta[^>]{1,100}WordPress", html):
        yield f"{root}/feed/", ""


def _youtube(path: str, query: str, html: str) -> Iterator[tuple[str, str]]:
    feeds = "https://www.youtube.com/feeds/videos.xml"
    playlist = parse_qs(query).get("list", [""])[0]
    if re.fullmatch(r"[\w-]{10,64}", playlist):
        yield f"{feeds}?playlist_id={playlist}", ""
    channel = re.match(r"/channel/(UC[\w-]{22})", path) or re.search(
        r"(?:youtube\.com/channel/|itemprop=\"(?:channelId|identifier)\" content=\"|\"externalId\":\")(UC[\w-]{22})",
        html,
    )
    if channel:
        yield f"{feeds}?channel_id={channel[1]}", ""
