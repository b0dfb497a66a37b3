"""Feeds and pages on a real HTTP server, written down as a test would tell them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response


@dataclass
class FakeFeed:
    """An RSS feed; what it says may change between two requests."""

    url: str
    _title: str = "Harbour Weekly"
    _lang: str = "en"
    _items: dict[str, str] = field(default_factory=dict)
    _etag: str = ""
    _answer: Response | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    """The headers of each request, in order."""

    def titled(self, title: str, *, lang: str = "en") -> FakeFeed:
        self._title, self._lang = title, lang
        return self

    def entry(self, guid: str, title: str, html: str = "", *, at: datetime | None = None, url: str = "") -> FakeFeed:
        """Publish it, or publish it anew."""
        date = f"<pubDate>{format_datetime(at)}</pubDate>" if at else ""
        link = url or f"https://news.example/{guid}"
        self._items[guid] = (
            f'<item><guid isPermaLink="false">{escape(guid)}</guid><title>{escape(title)}</title>'
            f"<link>{escape(link)}</link>{date}<description>{escape(html)}</description></item>"
        )
        return self

    def without(self, guid: str) -> FakeFeed:
        del self._items[guid]
        return self

    def tagged(self, etag: str) -> FakeFeed:
        """From now on it answers 304 to who has this ETag."""
        self._etag = etag
        return self

    def answering(self, status: int, body: str = "", *, content_type: str = "text/html", **headers: str) -> FakeFeed:
        """Something else than the feed."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._answer = Response(body, status, headers=named, content_type=content_type)
        return self

    def serve(self, request: Request) -> Response:
        self.asked.append(dict(request.headers))
        if self._answer is not None:
            return self._answer
        if self._etag and request.headers.get("If-None-Match") == self._etag:
            return Response(status=304)
        body = (
            f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{escape(self._title)}</title>'
            f"<link>https://news.example/</link><description/><language>{self._lang}</language>"
            f"{''.join(self._items.values())}</channel></rss>"
        )
        return Response(body, content_type="application/rss+xml", headers={"ETag": self._etag} if self._etag else {})


class FakeWeb:
    def __init__(self, server: HTTPServer) -> None:
        self._server = server

    def feed(self, name: str = "feed") -> FakeFeed:
        path = f"/{name}.xml"
        feed = FakeFeed(self._server.url_for(path))
        self._server.expect_request(path).respond_with_handler(feed.serve)
        return feed

    def page(self, name: str, html: str) -> str:
        """→ its address."""
        self._server.expect_request(f"/{name}").respond_with_data(html, content_type="text/html; charset=utf-8")
        return self._server.url_for(f"/{name}")
