"""OPML in and out. Reading is forgiving about what other readers write and says why it leaves an outline out.

Own code on expat, because a list parser gives no reasons, loses declared encodings, and follows entities.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlsplit
from xml.parsers import expat
from xml.sax.saxutils import escape

from .errors import OpmlError
from .model import OpmlFeed

_MAX_DEPTH = 64
_SEPARATOR = " / "


def read_opml(data: bytes, *, name: str = "OPML") -> tuple[tuple[OpmlFeed, ...], tuple[str, ...]]:
    """The feeds in the order of the file, and for every outline left out one line saying which and why.

    `name` is what error messages call the file. Addresses other than http(s) are never passed on: newsboat's
    `exec:` and `|` lines are commands.
    """
    outlines = _Outlines(name)
    parser = expat.ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = outlines.doctype
    parser.StartElementHandler = lambda tag, attributes: outlines.start(tag, attributes, parser.CurrentLineNumber)
    parser.EndElementHandler = outlines.end
    try:
        parser.Parse(_repaired(_decoded(data, name)).encode(), True)
    except expat.ExpatError as error:
        problem = expat.errors.messages[error.code]
        raise OpmlError(f"{name} is not OPML: {problem} in line {error.lineno}") from None
    return tuple(outlines.feeds.values()), tuple(outlines.reasons)


def write_opml(feeds: Iterable[OpmlFeed], *, title: str, made_at: datetime) -> bytes:
    """OPML 2.0. Feeds of one folder come together, at the place of the folder's first; else the order stays."""
    root = _Folder()
    for feed in feeds:
        folder = root
        for part in filter(None, (part.strip() for part in feed.folder.split(_SEPARATOR))):
            folder = folder.child(part)
        folder.items.append(feed)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        "  <head>",
        f"    <title>{escape(_line(title))}</title>",
        f"    <dateCreated>{format_datetime(made_at.astimezone(UTC), usegmt=True)}</dateCreated>",
        "  </head>",
        "  <body>",
        *_outlines(root, "    "),
        "  </body>",
        "</opml>",
    ]
    return ("\n".join(lines) + "\n").encode()


# --- reading ---------------------------------------------------------------------------------------------------------


class _Outlines:
    """Takes the events of one file and gathers feeds and reasons."""

    def __init__(self, name: str) -> None:
        self.feeds: dict[str, OpmlFeed] = {}
        self.reasons: list[str] = []
        self._name = name
        self._open: list[_Open] = []
        self._root = ""

    def doctype(self, _name: str, _system: str | None, _public: str | None, has_subset: int) -> None:
        # No reader writes a subset, and everything that makes XML explode is declared in one.
        if has_subset:
            raise OpmlError(f"{self._name} declares its own entities, which OPML never needs: refused")

    def start(self, tag: str, attributes: dict[str, str], line: int) -> None:
        tag = tag.lower()
        if not self._root:
            self._root = tag
            if tag != "opml":
                raise OpmlError(f"{self._name} is not OPML: it starts with <{_line(tag)[:40]}>")
        if tag != "outline":
            return
        if len(self._open) == _MAX_DEPTH:
            raise OpmlError(f"{self._name} nests outlines deeper than {_MAX_DEPTH} in line {line}")
        if self._open:
            self._open[-1].has_children = True
        values = {key.lower(): _line(value) for key, value in attributes.items()}
        title = values.get("title") or values.get("text", "")
        address = values.get("xmlurl", "")
        self._open.append(_Open(title, is_feed=bool(address), line=line))
        if address:
            self._feed(address, title, values, line)

    def end(self, tag: str) -> None:
        if tag.lower() != "outline":
            return
        outline = self._open.pop()
        if not outline.is_feed and not outline.has_children:
            self._skip(outline.title, outline.line, "no address")

    def _feed(self, address: str, title: str, values: dict[str, str], line: int) -> None:
        url = re.sub(r"^feed:(//)?(?=https?:)", "", address)
        url = re.sub(r"^feed://", "http://", url)
        if not _is_web(url):
            self._skip(title or address, line, f"not an http(s) address: {address[:200]}")
        elif url in self.feeds:
            self._skip(title or address, line, f"the same address as {self.feeds[url].title or url!r}")
        else:
            folders = [outline.title for outline in self._open if not outline.is_feed and outline.title]
            site = values.get("htmlurl", "")
            self.feeds[url] = OpmlFeed(
                url=url,
                title="" if title == url else title,
                folder=_SEPARATOR.join(folders) or _category(values.get("category", "")),
                site_url=site if _is_web(site) else "",
            )

    def _skip(self, title: str, line: int, reason: str) -> None:
        self.reasons.append(f"line {line}, outline {title!r}: {reason}")


class _Open:
    """An outline whose end is still to come."""

    __slots__ = ("has_children", "is_feed", "line", "title")

    def __init__(self, title: str, *, is_feed: bool, line: int) -> None:
        self.title = title
        self.is_feed = is_feed
        self.line = line
        self.has_children = False


def _decoded(data: bytes, name: str) -> str:
    if not data.strip():
        raise OpmlError(f"{name} is empty")
    for encoding in _encodings(data):
        try:
            text, _length = codecs.lookup(encoding).decode(data)
        except (LookupError, ValueError):
            continue
        # Only now could UTF-16 hold a declaration. None is wanted: the text is handed on as UTF-8.
        return re.sub(r"^\s*<\?xml[^>]*\?>", _blank_lines, text.removeprefix("\ufeff"), count=1)
    return data.decode("utf-8", "replace")


def _encodings(data: bytes) -> Iterable[str]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield "utf-16"
    declared = re.match(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z][\w.-]{1,40})["']""", data)
    # The rest of Python's codecs is no charset; decoding by some of them takes forever.
    if declared and re.match(rb"(?i)utf-?8|gb|big5|hz|euc|shift|iso|windows|cp|koi|mac|us-ascii|latin", declared[1]):
        yield declared[1].decode()
    yield "utf-8"
    # Imported only for files that are not what they say: it takes 45 ms.
    import chardet

    yield chardet.detect(data[:200_000])["encoding"] or "windows-1252"


def _repaired(text: str) -> str:
    """The text with what hand-made files get wrong put right: bare ampersands, HTML's entities, control characters."""
    text = re.sub(r"[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)
    return re.sub(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)(\w{1,32};)?", _ampersand, text)


def _ampersand(match: re.Match[str]) -> str:
    char = html.unescape(match[0])
    return char if len(char) == 1 and char not in "&<>\"'" else f"&amp;{match[1] or ''}"


def _blank_lines(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


def _category(value: str) -> str:
    """The first of `Chips,News` or `/Industry/Chips,/News`."""
    first = value.split(",")[0]
    return _SEPARATOR.join(filter(None, (part.strip() for part in first.split("/"))))


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _line(value: str) -> str:
    """One line without anything that a terminal or an XML parser would trip over."""
    value = re.sub(
        r"[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\uffff\ud800-\udfff]", "", value
    )
    return " ".join(value.split())[:4000]


# --- writing ---------------------------------------------------------------------------------------------------------


class _Folder:
    """Feeds and folders in order, while a tree is made of the flat list."""

    __slots__ = ("_children", "items")

    def __init__(self) -> None:
        self.items: list[OpmlFeed | tuple[str, _Folder]] = []
        self._children: dict[str, _Folder] = {}

    def child(self, name: str) -> _Folder:
        if name not in self._children:
            self._children[name] = _Folder()
            self.items.append((name, self._children[name]))
        return self._children[name]


def _outlines(folder: _Folder, indent: str) -> Iterable[str]:
    for item in folder.items:
        if isinstance(item, OpmlFeed):
            yield f"{indent}<outline {_attributes(item)}/>"
        else:
            name, child = item
            yield f"{indent}<outline text={_quoted(name)} title={_quoted(name)}>"
            yield from _outlines(child, indent + "  ")
            yield f"{indent}</outline>"


def _attributes(feed: OpmlFeed) -> str:
    title = feed.title or feed.url
    values = {"type": "rss", "text": title, "title": title, "xmlUrl": feed.url, "htmlUrl": feed.site_url}
    return " ".join(f"{key}={_quoted(value)}" for key, value in values.items() if value)


def _quoted(value: str) -> str:
    return '"' + escape(_line(value), {'"': "&quot;"}) + '"'
