"""feedparser's reading of a document, with what it mixes up kept apart. The only module that imports it.

Its classes are used directly: its `parse` would decode and repair anew what `charset` and `markup` have done already,
and takes names of files for feeds.
"""

from __future__ import annotations

import io
import xml.sax
import xml.sax.saxutils
from typing import Any
from xml.sax.expatreader import ExpatParser

from feedparser.api import LooseFeedParser, StrictFeedParser
from feedparser.util import FeedParserDict


def read_elements(text: str, *, well_formed: bool) -> Any:
    """The document as feedparser has it: `feeddata`, `entries` and `version`.

    Dates stay text. Persons are in `authors` only. `media_description` is not the summary, `skip_hours` and
    `skip_days` are lists of text.
    """
    if well_formed:
        strict = _prepared(_Strict("", None, "utf-8"))
        source = xml.sax.xmlreader.InputSource()
        source.setByteStream(io.BytesIO(text.encode("utf-8", "replace")))
        source.setEncoding("utf-8")
        reader = _Expat()
        reader.setFeature(xml.sax.handler.feature_namespaces, 1)
        reader.setFeature(xml.sax.handler.feature_external_ges, 0)
        reader.setContentHandler(strict)
        reader.setErrorHandler(strict)
        try:
            reader.parse(source)
        except xml.sax.SAXException:
            pass
        else:
            return _plain(strict)
    loose = _prepared(_Loose("", None, "utf-8", {}))
    loose.feed(text)
    return _plain(loose)


def _plain(parser: Any) -> Any:
    # feedparser's dictionaries know old names of keys, and look through them each time that they are asked.
    parser.entries = [dict(entry) for entry in parser.entries]
    return parser


class _Expat(ExpatParser):
    """Hands over the text of an element in few pieces: Python's own comes line by line, at a call each."""

    _parser: Any

    def reset(self) -> None:
        super().reset()
        self._parser.buffer_text = True
        self._parser.buffer_size = 2**16


def _prepared(parser: Any) -> Any:
    # Markup stays as it is: cleaning is the next step's work, and it resolves links as well. There is no address of
    # the feed, which would become part of relative guids: those must survive a move of the feed.
    parser.resolve_relative_uris = parser.sanitize_html = False
    return parser


class _Texts(FeedParserDict):  # type: ignore[misc]
    """What is known of one text: feedparser copies it deeply for each, and all in it is text itself."""

    def __deepcopy__(self, memo: object) -> _Texts:
        return _Texts(self)


class _Corrections:
    """Methods that feedparser calls at the start and end of elements, by name."""

    def push_content(self: Any, tag: str, attrs_d: Any, default_content_type: str, expecting_text: int) -> None:
        super().push_content(tag, attrs_d, default_content_type, expecting_text)  # type: ignore[misc]
        # What Atom 0.3 encodes in base64 without a type is markup: plain text needs no such protection.
        untyped = "type" not in attrs_d or self.contentparams["type"] == "application/octet-stream"
        if self.contentparams["base64"] and untyped:
            self.contentparams["type"] = "text/html"
        self.contentparams = _Texts(self.contentparams)

    def handle_data(self: Any, text: str, escape: int = 1) -> None:
        """As feedparser's, which is called for each line of text, and looks up the type in a roundabout way."""
        if self.elementstack:
            is_markup = escape and dict.get(self.contentparams, "type") == "application/xhtml+xml"
            self.elementstack[-1][2].append(xml.sax.saxutils.escape(text) if is_markup else text)

    def _start_media_description(self: Any, attrs_d: Any) -> None:
        """The caption of a file. feedparser takes it for one more text of the entry."""
        self.push_content("media_description", attrs_d, "text/plain", 1)

    def _end_media_description(self: Any) -> None:
        self.pop_content("media_description")

    def _end_author(self: Any) -> None:
        """The text of an element that has no name in it. feedparser cuts mail addresses after four letters."""
        value = self.pop("author")
        self.inauthor = 0
        person = (self._get_context().get("authors") or [{}])[-1]
        if value and not person:
            person["name"] = value

    _end_managingeditor = _end_author

    def _sync_author_detail(self: Any, key: str = "author") -> None:
        pass

    def _end_published(self: Any) -> None:
        self.pop("published")

    _end_issued = _end_pubdate = _end_published

    def _end_updated(self: Any) -> None:
        self.pop("updated")

    _end_modified = _end_lastbuilddate = _end_updated

    def _end_created(self: Any) -> None:
        self.pop("created")

    def _end_expirationdate(self: Any) -> None:
        self.pop("expired")

    def _start_hour(self: Any, attrs_d: Any) -> None:
        self.push("hour", 0)

    def _end_hour(self: Any) -> None:
        self._get_context().setdefault("skip_hours", []).append(self.pop("hour"))

    def _start_day(self: Any, attrs_d: Any) -> None:
        self.push("day", 0)

    def _end_day(self: Any) -> None:
        self._get_context().setdefault("skip_days", []).append(self.pop("day"))


class _Strict(_Corrections, StrictFeedParser):  # type: ignore[misc]
    pass


class _Loose(_Corrections, LooseFeedParser):  # type: ignore[misc]
    pass
