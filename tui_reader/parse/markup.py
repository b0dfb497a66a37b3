"""XML as it is written in the wild → XML that a strict parser reads, where that is possible without guessing."""

from __future__ import annotations

import html
import html.entities
import re
from dataclasses import dataclass
from functools import partial
from xml.parsers import expat

_START = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_PROLOG = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_ENTITY = re.compile(r"<!ENTITY\s+([A-Za-z_]\w{0,31})\s+(?:\"([^\"&%<]{0,100})\"|'([^'&%<]{0,100})')\s*>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_ROOTS = re.compile(r"<(?:\?xml\s|rss[\s>]|feed[\s>]|rdf:RDF[\s>])", re.IGNORECASE)
_FEED_ROOTS = frozenset({"rss", "feed", "rdf", "channel"})
_ENDS = re.compile(r"</(?:\w+:)?(?:rss|feed|RDF)\s*>", re.IGNORECASE)
_CUT_OFF_END = re.compile(r"</[\w:.-]+\s*\Z")

# What XML 1.0 (2.2) forbids even as a reference.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NUMBER = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,9}));?")
_CDATA = re.compile(r"(<!\[CDATA\[(?:.*?\]\]>|.*\Z))", re.DOTALL)
"""Where one is not closed it reaches to the end: without that, every further one would be tried as well."""
_AMPERSAND = re.compile(r"&(?:(#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]{1,31});)?")
_BARE = re.compile(r"<(?![A-Za-z_/!?])")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_PREFIX = re.compile(r"<([A-Za-z_][\w.-]*):[A-Za-z_]")
_DECLARED_PREFIX = re.compile(r"\sxmlns:([\w.-]+)\s*=")
_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
}


@dataclass(frozen=True, slots=True)
class Document:
    text: str
    """Without XML declaration and document type, so that no parser ever expands an entity."""
    root: str
    """The name of the outermost element, lower case and without prefix; "" if there is none."""
    problem: str
    """Why it is not well-formed, after all repairs; "" if it is."""


def tidy(text: str) -> Document:
    """The document without what comes before it, repaired if it is not well-formed."""
    text = _dereferenced(_FORBIDDEN.sub("", text))
    start, root = _root(text)
    if root not in _FEED_ROOTS and (wrapped := _ROOTS.search(text, 1, 10_000)):
        # The warnings of a script before the feed, or a feed wrapped in a page.
        text = text[wrapped.start() :]
        start, root = _root(text)
    prolog, text = text[:start], text[start:]
    if not root or root == "html" or not _problem(text):
        return Document(text, root, "")
    text = _repaired(text, _entities(prolog))
    return Document(text, root, _problem(text, lines_before=prolog.count("\n")))


def _dereferenced(text: str) -> str:
    """Without references to characters that do not exist: they are fatal errors in XML, and raise in feedparser."""

    def keep(reference: re.Match[str]) -> str:
        code = int(reference[1], 16) if reference[1] else int(reference[2])
        exists = code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
        return reference[0] if exists else ""

    return _NUMBER.sub(keep, text) if "&#" in text else text


def _root(text: str) -> tuple[int, str]:
    """Where the first element begins, and its name."""
    position = 0
    while match := _PROLOG.match(text, position) or _DOCTYPE.match(text, position):
        position = match.end()
    found = _START.match(text, position)
    return position, found[1].lower() if found else ""


def _problem(text: str, *, lines_before: int = 0) -> str:
    """Where and why an XML parser would give up; "" if it would not."""
    parser = expat.ParserCreate(namespace_separator=" ")
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        return f"line {lines_before + error.lineno}: {expat.errors.messages[error.code]}"
    return ""


def _entities(prolog: str) -> dict[str, str]:
    """What the document type defines, where it is plain text: no entity within an entity, so nothing multiplies."""
    return {name: html.escape(double or single) for name, double, single in _ENTITY.findall(prolog)[:100]}


def _repaired(text: str, entities: dict[str, str]) -> str:
    """Without the slips that publishers make most: a bare & or <, a name that only HTML knows, an undeclared prefix,
    something printed after the end, or its last character missing."""
    if _CUT_OFF_END.search(text[-200:]):
        text += ">"
    ends = list(_ENDS.finditer(text))
    if ends:
        text = text[: ends[-1].end()]
    parts = _CDATA.split(text)
    parts[::2] = [_AMPERSAND.sub(partial(_as_xml, entities), _BARE.sub("&lt;", part)) for part in parts[::2]]
    return _declaring("".join(parts))


def _as_xml(entities: dict[str, str], reference: re.Match[str]) -> str:
    name = reference[1]
    if not name:
        return "&amp;"
    if name in _XML_NAMES or name.startswith("#"):
        return reference[0]
    character = entities.get(name) or html.entities.html5.get(f"{name};")
    return character if character and character not in "<&" else f"&amp;{name};"


def _declaring(text: str) -> str:
    """With the well-known namespaces whose prefixes are used but not declared."""
    names = sorted(set(_PREFIX.findall(text)) - set(_DECLARED_PREFIX.findall(text)))
    missing = "".join(f' xmlns:{name}="{_NAMESPACES.get(name, "urn:x-undeclared:" + name)}"' for name in names)
    start = re.match(r"<[\w.:-]+", text)
    return text[: start.end()] + missing + text[start.end() :] if start and missing else text
