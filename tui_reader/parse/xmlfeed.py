"""RSS, RDF, CDF and Atom, as feedparser reads them, → our nouns."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timezone
from typing import Any
from urllib.parse import urlsplit

from tui_reader.errors import ParseError
from tui_reader.model import ParsedEntry, ParsedFeed

from . import media, polling
from .dates import CHINA, JAPAN, read_date
from .links import web_link
from .markup import Document
from .people import author
from .plain import decoded, has_tags, line, line_of_html, line_of_text, scalar, to_html, weight

MAX_CATEGORIES = 100

_HTML_TYPES = ("text/html", "application/xhtml+xml")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]{40,}")


def read(document: Document, url: str) -> ParsedFeed:
    """The feed in `document`, which `url` answered with."""
    # Importing feedparser takes a while, and what comes before tells most of what is no feed.
    from .elements import read_elements

    found = read_elements(document.text, well_formed=not document.problem)
    if not found.entries:
        _check_empty(document, found.version)
    feed = found.feeddata
    lang = _tag(feed.get("language"))
    title = _title(feed)
    is_atom = document.root == "feed"
    site_url = _site(feed, url, is_atom=is_atom)
    # In Atom links are relative to the document, by its specification; RSS has none, and means the site.
    base = url if is_atom else site_url or url
    reader = _EntryReader(base=base, zone=_zone(lang, url, title), feed=feed if is_atom else {})
    return ParsedFeed(
        title=title,
        site_url=site_url,
        lang=lang,
        entries=tuple(reader.read(entry) for entry in found.entries if entry),
        ttl=polling.ttl(feed),
        note=f"the feed is malformed ({document.problem})" if document.problem else "",
        skip_hours=polling.skip_hours(feed),
        skip_days=polling.skip_days(feed),
    )


def _check_empty(document: Document, version: str) -> None:
    """No entries are fine in a feed that can be read to its end."""
    if not version and document.root != "channel":
        raise ParseError(f"this address answers with XML ({document.root[:40]}), but not with a feed")
    if document.problem:
        raise ParseError(f"the feed is too damaged to read ({document.problem})")


def _site(feed: Any, url: str, *, is_atom: bool) -> str | None:
    """The page that the feed is the feed of. In Atom feedparser takes the id for it where there is no link."""
    if not is_atom:
        return web_link(feed.get("link"), url)
    return _first_link(feed, ("alternate",), url)


class _EntryReader:
    """What all entries of one feed have in common."""

    def __init__(self, *, base: str, zone: timezone, feed: Any) -> None:
        self._base = base
        self._zone = zone
        self._feed = feed

    def read(self, entry: Any) -> ParsedEntry:
        link = _link(entry, self._base)
        html, base = _body(entry)
        files = media.enclosures(entry, self._base)
        published = self._date(entry, "published") or self._date(entry, "prism_publicationdate")
        updated = self._date(entry, "updated") or self._date(entry, "date")
        return ParsedEntry(
            guid=line(entry.get("id")),
            url=link,
            title=_title(entry),
            author=author(entry, entry.get("source"), self._feed),
            html=html + media.duration(entry, files),
            base_url=web_link(base, self._base) or link or self._base,
            published_at=published or self._date(entry, "created") or updated,
            updated_at=updated,
            lang=_lang(entry),
            categories=_categories(entry),
            enclosures=files,
            comments_url=web_link(entry.get("comments"), self._base),
        )

    def _date(self, entry: Any, name: str) -> datetime | None:
        # Not by get(): feedparser answers for `updated` with `published`, and warns.
        text = dict.get(entry, name)
        return read_date(text, zone=self._zone) if isinstance(text, str) else None


def _zone(lang: str, url: str, title: str) -> timezone:
    """Feeds from China, Japan and Korea that name no zone mean their own."""
    host = urlsplit(url).hostname or ""
    if lang[:2] in ("ja", "ko") or (not lang and (host.endswith((".jp", ".kr")) or re.search("[ぁ-ヿ가-힣]", title))):
        return JAPAN
    is_chinese = lang.startswith("zh") or (not lang and re.search("[一-鿿]", title))
    return CHINA if is_chinese or host.endswith((".cn", ".tw", ".hk")) else UTC


# --- links -----------------------------------------------------------------------------------------------------------

_COUNTED = re.compile(r"//(?:feedproxy\.google|(?:feeds\d*|rss)\.feedburner)\.com/|//[^/]+/~r/|\.feedsportal\.com/")


def _link(entry: Any, base: str) -> str | None:
    """The page of an entry; where its publisher counts readers by a redirect, the page behind that."""
    written = entry.get("link")
    if any(each.get("href") == written for each in entry.get("links", ())):
        link = web_link(written, base)
        if link and _COUNTED.search(link):
            return web_link(entry.get("feedburner_origlink"), base) or link
        if link:
            return link
    # In Atom, where a link to a page is missing, in the order of what is most like one. feedparser takes any id that
    # is not declared to be something else for a link.
    permalink = web_link(written, base if str(written).startswith("/") else "")
    others = (_first_link(entry, (rel,), base) for rel in ("related", "via", "self", ""))
    return _first_link(entry, ("alternate",), base) or permalink or next(filter(None, others), None)


def _first_link(thing: Any, rels: tuple[str, ...], base: str) -> str | None:
    links = (web_link(each.get("href"), base) for each in thing.get("links", ()) if each.get("rel", "") in rels)
    return next(filter(None, links), None)


# --- texts -----------------------------------------------------------------------------------------------------------


def _title(thing: Any) -> str:
    detail = thing.get("title_detail") or {}
    text = detail.get("value") or thing.get("title")
    if not isinstance(text, str):
        return ""
    return line_of_html(text) if detail.get("type") in _HTML_TYPES else line_of_text(text)


def _body(entry: Any) -> tuple[str, str]:
    """The fullest of what the entry carries, as HTML, and the base of its links."""
    names = ("summary_detail", "subtitle_detail")
    details = [*entry.get("content", ()), *(entry.get(name) or {} for name in names), {"value": entry.get("summary")}]
    candidates = [detail for detail in details if _is_readable(detail)]
    is_video = "yt_videoid" in entry or "media_content" in entry
    if not candidates:
        # The caption of a picture or video stands for a text only where there is no other.
        candidates = [detail for detail in (entry.get("media_description_detail") or {},) if _is_readable(detail)]
        is_video = True
    if not candidates:
        return "", ""
    best = max(candidates, key=lambda detail: weight(detail["value"]))
    return _as_html(best, line_breaks=is_video), best.get("base") or ""


def _is_readable(detail: Any) -> bool:
    """Atom's content may also be an image or any other file, in base64."""
    value, kind = detail.get("value"), detail.get("type") or ""
    if not isinstance(value, str) or not value.strip() or kind.startswith(("image/", "audio/", "video/")):
        return False
    return not (kind.startswith("application/") and kind not in _HTML_TYPES and _BASE64.fullmatch(value))


def _as_html(detail: Any, *, line_breaks: bool) -> str:
    """Text is declared as HTML more often than it is, above all where RSS has no way to declare anything."""
    value = scalar(detail["value"])
    if detail.get("type", "text/html") not in _HTML_TYPES and not re.search(r"</\w+>|<br", value):
        return to_html(decoded(value))
    if not has_tags(value) and "\n" in value.strip():
        return to_html(value, line_breaks=line_breaks).replace("&amp;", "&")
    return value


def _lang(entry: Any) -> str:
    details = [*entry.get("content", ()), *(entry.get(name) or {} for name in ("title_detail", "summary_detail"))]
    return next((_tag(detail["language"]) for detail in details if detail.get("language")), "")


def _tag(language: object) -> str:
    return line(language).lower().replace("_", "-")


def _categories(entry: Any) -> tuple[str, ...]:
    names = (_category(line(tag.get("term")), line(tag.get("label"))) for tag in entry.get("tags", ())[:MAX_CATEGORIES])
    return tuple(dict.fromkeys(filter(None, names)))


def _category(term: str, label: str) -> str:
    """The term, unless it is only for machines."""
    return label if label and (not term or term.isdigit() or "://" in term) else term
