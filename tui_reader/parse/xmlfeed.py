"""RSS, RDF and Atom, as feedparser reads them, → our nouns."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timezone
from typing import Any
from urllib.parse import urlsplit

from tui_reader.errors import ParseError
from tui_reader.model import Enclosure, ParsedEntry, ParsedFeed

from .dates import CHINA, read_date
from .links import web_link
from .markup import Document
from .plain import has_tags, line, line_of_html, scalar, to_html, weight

MAX_LIST = 100
"""Categories, authors and enclosures of one entry."""

_HTML_TYPES = ("text/html", "application/xhtml+xml")
_PERIODS = {"hourly": 3600, "daily": 86400, "weekly": 604800, "monthly": 2592000, "yearly": 31536000}


def read(document: Document, url: str) -> ParsedFeed:
    """The feed in `document`, which `url` answered with."""
    import feedparser

    # From a stream, never from bytes: those feedparser takes for the name of a file first.
    source = io.BytesIO(b"<?xml version='1.0' encoding='utf-8'?>\n" + document.text.encode("utf-8", "replace"))
    # Without the feed's address, which would become part of relative guids: those must survive a move of the feed.
    headers = {"content-type": "application/xml; charset=utf-8"}
    # Markup stays as it is: cleaning is the next step's work, and it resolves links as well.
    parsed = feedparser.parse(source, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    if not parsed.entries:
        _check_empty(document, parsed.version)
    feed = parsed.feed
    lang = _tag(feed.get("language"))
    site_url = web_link(feed.get("link"), url)
    title = _title(feed)
    is_atom = document.root == "feed"
    # In Atom links are relative to the document, by its specification; RSS has none, and means the site.
    base = url if is_atom else site_url or url
    reader = _EntryReader(base=base, zone=_zone(lang, url, title), author=_author(feed) if is_atom else "")
    return ParsedFeed(
        title=title,
        site_url=site_url,
        lang=lang,
        entries=tuple(reader.read(entry) for entry in parsed.entries if entry),
        ttl=_ttl(feed),
        note=f"the feed is malformed ({document.problem})" if document.problem else "",
    )


def _check_empty(document: Document, version: str) -> None:
    """No entries are fine in a feed that can be read to its end."""
    if not version:
        raise ParseError(f"this address answers with XML ({document.root[:40]}), but not with a feed")
    if document.problem:
        raise ParseError(f"the feed is too damaged to read ({document.problem})")


class _EntryReader:
    """What all entries of one feed have in common."""

    def __init__(self, *, base: str, zone: timezone, author: str) -> None:
        self._base = base
        self._zone = zone
        self._author = author

    def read(self, entry: Any) -> ParsedEntry:
        link = web_link(entry.get("link"), self._base) or self._other_link(entry)
        html, base = _body(entry)
        published, updated = self._date(entry, "published"), self._date(entry, "updated")
        return ParsedEntry(
            guid=line(entry.get("id")),
            url=link,
            title=_title(entry),
            author=_author(entry) or self._author,
            html=html,
            base_url=web_link(base, self._base) or link or self._base,
            published_at=published or self._date(entry, "created") or updated,
            updated_at=updated,
            lang=_lang(entry),
            categories=_categories(entry),
            enclosures=tuple(_enclosures(entry, self._base)),
            comments_url=web_link(entry.get("comments"), self._base),
        )

    def _other_link(self, entry: Any) -> str | None:
        """An entry that has links, but none to a web page: the first that leads anywhere."""
        links = (
            web_link(each.get("href"), self._base) for each in entry.get("links", ()) if each.get("rel") != "enclosure"
        )
        permalink = web_link(entry.get("id"), "") if entry.get("guidislink") else None
        return permalink or next(filter(None, links), None)

    def _date(self, entry: Any, name: str) -> datetime | None:
        # Not by get(): feedparser answers for `updated` with `published`, and warns.
        if name not in entry and f"{name}_parsed" not in entry:
            return None
        text, parsed = dict.get(entry, name), dict.get(entry, f"{name}_parsed")
        return read_date(text if isinstance(text, str) else "", zone=self._zone, parsed=parsed)


def _zone(lang: str, url: str, title: str) -> timezone:
    """Chinese feeds that name no zone mean their own."""
    is_chinese = lang.startswith("zh") or (not lang and re.search("[一-鿿]", title) and not re.search("[ぁ-ヿ]", title))
    host = urlsplit(url).hostname or ""
    return CHINA if is_chinese or host.endswith((".cn", ".tw", ".hk")) else UTC


def _title(thing: Any) -> str:
    detail = thing.get("title_detail") or {}
    text = detail.get("value") or thing.get("title")
    if not isinstance(text, str):
        return ""
    return line_of_html(text) if detail.get("type") in _HTML_TYPES else line(text)


def _body(entry: Any) -> tuple[str, str]:
    """The fullest of what the entry carries, as HTML, and the base of its links."""
    names = ("summary_detail", "subtitle_detail")
    details = [*entry.get("content", ()), *(entry.get(name) or {} for name in names), {"value": entry.get("summary")}]
    candidates = [detail for detail in details if _is_readable(detail)]
    if not candidates:
        return "", ""
    best = max(candidates, key=lambda detail: weight(detail["value"]))
    return _as_html(best, is_video="yt_videoid" in entry or "media_content" in entry), best.get("base") or ""


def _is_readable(detail: Any) -> bool:
    """Atom's content may also be an image, in base64."""
    value, kind = detail.get("value"), detail.get("type") or ""
    return isinstance(value, str) and bool(value.strip()) and not kind.startswith(("image/", "audio/", "video/"))


def _as_html(detail: Any, *, is_video: bool) -> str:
    """Text is declared as HTML more often than it is, above all where RSS has no way to declare anything."""
    value = scalar(detail["value"])
    if detail.get("type", "text/html") not in _HTML_TYPES and not re.search(r"</\w+>|<br", value):
        return to_html(value)
    if not has_tags(value) and "\n" in value.strip():
        return to_html(value, line_breaks=is_video).replace("&amp;", "&")
    return value


def _author(thing: Any) -> str:
    people = [person for person in thing.get("authors", ())[:MAX_LIST] if hasattr(person, "get")]
    if len(people) > 1:
        return ", ".join(dict.fromkeys(filter(None, (line(person.get("name")) for person in people))))
    # The text as it is: what feedparser takes for a mail address in it ends after four letters of the domain.
    return _without_address(line(thing.get("author"))[:500])


def _without_address(author: str) -> str:
    """RSS wants `mail@example.org (Name)`, and gets all kinds of it."""
    named = re.fullmatch(r"\S+@\S+\s*\((.+)\)|(.+?)\s*[<(]\S+@\S+[>)]", author)
    return (named[1] or named[2]).strip() if named else author


def _lang(entry: Any) -> str:
    details = [*entry.get("content", ()), entry.get("title_detail") or {}]
    return next((_tag(detail["language"]) for detail in details if detail.get("language")), "")


def _tag(language: object) -> str:
    return line(language).lower().replace("_", "-")


def _categories(entry: Any) -> tuple[str, ...]:
    names = (_category(line(tag.get("term")), line(tag.get("label"))) for tag in entry.get("tags", ())[:MAX_LIST])
    return tuple(dict.fromkeys(filter(None, names)))


def _category(term: str, label: str) -> str:
    """The term, unless it is only for machines."""
    return label if label and (not term or term.isdigit() or "://" in term) else term


def _enclosures(entry: Any, url: str) -> Iterator[Enclosure]:
    links = [each for each in entry.get("links", ()) if each.get("rel") == "enclosure"]
    seen = set()
    for each in [*links, *entry.get("media_content", ())][:MAX_LIST]:
        link = web_link(each.get("href") or each.get("url"), url)
        if link and link not in seen:
            seen.add(link)
            length = str(each.get("length") or each.get("filesize") or "").strip()
            size = int(length) if length.isascii() and length.isdigit() and len(length) < 18 else None
            yield Enclosure(link, line(each.get("type")), size or None)


def _ttl(feed: Any) -> float | None:
    """`ttl` is in minutes; RSS 1.0's syndication module has a period and how often in it."""
    minutes = _number(feed.get("ttl"))
    if minutes:
        return minutes * 60
    period = _PERIODS.get(line(feed.get("sy_updateperiod")).lower())
    return period / (_number(feed.get("sy_updatefrequency")) or 1) if period else None


def _number(text: object) -> float:
    digits = str(text or "").strip()
    return float(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0.0
