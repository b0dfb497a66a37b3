"""JSON Feed 1.0 and 1.1 (jsonfeed.org), read leniently: anything may be missing or of the wrong type."""

from __future__ import annotations

import html
import json
from datetime import UTC
from typing import Any

from tui_reader.errors import ParseError
from tui_reader.model import Enclosure, ParsedEntry, ParsedFeed

from .dates import CHINA, read_date
from .links import web_link
from .media import duration_html
from .plain import line, line_of_text, scalar, to_html

MAX_LIST = 100
"""Categories, authors and enclosures of one entry."""


def read(text: str, url: str) -> ParsedFeed:
    try:
        feed = json.loads(text)
    except ValueError as error:
        raise ParseError("this address answers with damaged JSON, not a feed") from error
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise ParseError("this address answers with JSON, but not with a JSON feed")
    site_url = web_link(feed.get("home_page_url"), url)
    lang = line(feed.get("language")).lower()
    zone = CHINA if lang.startswith("zh") else UTC
    base, author = site_url or url, _authors(feed)
    entries = (_entry(item, base, author, zone) for item in feed["items"] if isinstance(item, dict))
    return ParsedFeed(
        title=line_of_text(feed.get("title")),
        site_url=site_url,
        lang=lang,
        entries=tuple(entries),
        note="the feed says that it is finished: nothing will follow" if feed.get("expired") is True else "",
    )


def _entry(item: dict[str, Any], base: str, author: str, zone: Any) -> ParsedEntry:
    url, external = web_link(item.get("url"), base), web_link(item.get("external_url"), base)
    return ParsedEntry(
        guid=_id(item.get("id")),
        url=url or external,
        title=line_of_text(item.get("title")),
        author=_authors(item) or author,
        html=_html(item) + (_link_to(external, item) if url else "") + _duration(item),
        base_url=url or base,
        published_at=read_date(line(item.get("date_published")), zone=zone),
        updated_at=read_date(line(item.get("date_modified")), zone=zone),
        lang=line(item.get("language")).lower(),
        categories=tuple(dict.fromkeys(filter(None, map(line, _list(item, "tags"))))),
        enclosures=_enclosures(item, base),
    )


def _id(value: Any) -> str:
    """Ids must be strings, but numbers are what some write."""
    return line(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _html(item: dict[str, Any]) -> str:
    if isinstance(item.get("content_html"), str) and item["content_html"].strip():
        return scalar(item["content_html"])
    texts = [item[key] for key in ("content_text", "summary") if isinstance(item.get(key), str)]
    return to_html(next((text for text in texts if text.strip()), ""))


def _link_to(external: str | None, item: dict[str, Any]) -> str:
    """What an entry with a page of its own is about, unless its text has that link."""
    shown = "".join(str(item.get(key)) for key in ("url", "content_html", "content_text"))
    if not external or external in shown:
        return ""
    address = html.escape(external)
    return f'<p>Link: <a href="{address}">{address.partition("://")[2]}</a></p>'


def _duration(item: dict[str, Any]) -> str:
    lengths = (each.get("duration_in_seconds") for each in _list(item, "attachments") if isinstance(each, dict))
    return duration_html(next(filter(None, map(_count, lengths)), 0))


def _count(value: Any) -> int | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return int(value) if is_number and 0 < value < 2**53 else None


def _authors(thing: dict[str, Any]) -> str:
    """1.1 has a list, 1.0 had one; who writes for both has the one in both."""
    people = _list(thing, "authors") or [thing.get("author")]
    names = [line(person.get("name")) for person in people if isinstance(person, dict)]
    return ", ".join(dict.fromkeys(filter(None, names)))


def _enclosures(item: dict[str, Any], base: str) -> tuple[Enclosure, ...]:
    found = []
    for attachment in _list(item, "attachments"):
        link = web_link(attachment.get("url"), base) if isinstance(attachment, dict) else None
        if link:
            size = _count(attachment.get("size_in_bytes"))
            found.append(Enclosure(link, line(attachment.get("mime_type")), size))
    picture = web_link(item.get("image"), base) or web_link(item.get("banner_image"), base)
    return (*found, Enclosure(picture, "image/*")) if picture else tuple(found)


def _list(thing: dict[str, Any], key: str) -> list[Any]:
    value = thing.get(key)
    return value[:MAX_LIST] if isinstance(value, list) else []
