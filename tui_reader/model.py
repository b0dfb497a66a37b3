"""The nouns: what travels between the steps. Frozen values only; nothing here reads, writes or decides."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple

# --- what comes in ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """The answer of one URL, decoded from its transfer and content encodings but not from its charset."""

    url: str
    """The address that answered, after redirects."""
    body: bytes
    content_type: str
    """The header as sent, charset included; "" if there was none."""
    etag: str | None
    """Opaque (RFC 9110 8.8.3): stored and sent back as it came, W/ and quotes included."""
    last_modified: str | None
    """Verbatim, for the same reason."""
    moved_to: str | None = None
    """Where 301 or 308 led, if every redirect on the way was permanent."""
    max_age: float | None = None
    """Seconds that the server says the answer stays fresh; None if it says nothing."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    url: str
    type: str = ""
    length: int | None = None


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """One entry as the feed meant it: decoded and absolute, but not yet cleaned."""

    guid: str
    """The feed's own id, else one derived from the link, else from title and text: never empty."""
    url: str | None
    title: str
    """Plain text: markup removed, entities decoded. May be empty."""
    author: str
    html: str
    """The fullest content the feed carries. Hostile until cleaned. Relative links resolve against `base_url`."""
    base_url: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    lang: str = ""
    """As declared (BCP 47), lower case; "" if not."""
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    comments_url: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    title: str
    site_url: str | None
    lang: str
    entries: tuple[ParsedEntry, ...]
    ttl: float | None = None
    """Seconds between polls that the feed itself asks for (`ttl`, `sy:updatePeriod`); None if it does not."""
    note: str = ""
    """What was wrong but survivable, in one line for a person; "" if nothing."""
    skip_hours: tuple[int, ...] = ()
    """Hours of the day, UTC, in which the feed wants to be left alone (RSS 2.0)."""
    skip_days: tuple[int, ...] = ()
    """Days of the week; 0 is Monday."""


@dataclass(frozen=True, slots=True)
class CleanEntry:
    """One entry as the store takes it: nothing in it can harm a terminal, a file or a page."""

    guid: str
    url: str | None
    title: str
    author: str
    lang: str
    """`zh`, `en` …, as declared or told from the script; "" if unknown."""
    published_at: datetime | None
    """None if the feed gives no date, or an absurd one."""
    html: str
    text: str
    """Canonical."""
    stories: tuple[CleanEntry, ...] = ()
    """What it tells one after the other, if it is an issue of a newsletter or the like; else nothing."""


@dataclass(frozen=True, slots=True)
class CleanFeed:
    title: str
    site_url: str | None
    lang: str
    entries: tuple[CleanEntry, ...]
    ttl: float | None = None
    note: str = ""
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class OpmlFeed:
    """A subscription as an OPML file names it."""

    url: str
    title: str = ""
    folder: str = ""
    """Nested folders are joined with " / "; "" is the top."""
    site_url: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a refresh did with one feed. An expected failure is a value here, not an exception."""

    feed_id: int
    url: str
    title: str
    status: Literal["ok", "not-modified", "failed", "gone", "skipped"]
    new: int = 0
    updated: int = 0
    error: str = ""
    """One line for a person; "" unless failed or gone."""


# --- what is kept ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Feed:
    id: int
    url: str
    title: str
    """The reader's own title, else the feed's, else its address: never empty."""
    folder: str
    site_url: str | None
    unread: int
    total: int
    checked_at: datetime | None
    """When it was last asked, whatever came of it."""
    succeeded_at: datetime | None
    next_at: datetime | None
    """When it is due; None means now."""
    status: str
    """The status of the last `Outcome`; "" before the first."""
    error: str
    failures: int
    """Failures in a row."""
    failing_since: datetime | None = None
    """When the first of these was."""
    missed: int = 0
    """About how many entries came and went between two polls, the last time that happened."""
    missed_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    """A permanent redirect that is on trial, or was refused."""
    full_at: datetime | None = None
    """The last answer with a body."""
    digest: Literal["auto", "split", "whole"] = "auto"
    """What becomes of its issues: split where they look like digests, or as the reader wishes."""


class Evidence(NamedTuple):
    """Why a tag is there: one passage that speaks for it. An entry has dozens, and a tuple is made in a quarter of the
    time."""

    alias: str
    """The name that matched, as the taxonomy writes it."""
    start: int
    end: int
    """Half-open, in characters of the canonical text, or of the title where `where` says so."""
    where: Literal["title", "text"]
    rule: str
    """The kind of evidence: `name`, `product`, `weak name`, `ticker`, `cue`, …"""


@dataclass(frozen=True, slots=True)
class Tag:
    kind: Literal["company", "topic", "label"]
    """A label is a tag of the reader's own wording."""
    slug: str
    name: str
    """For display; the slug if the taxonomy does not know it (any more)."""
    salience: Literal["primary", "mentioned"] = "primary"
    by: Literal["machine", "hand"] = "machine"
    evidence: tuple[Evidence, ...] = ()
    taxonomy: str = ""
    """The version of the taxonomy that gave it; "" by hand."""


_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""json.dumps would make an encoder for each tag."""


class TagRow(NamedTuple):
    """A machine's tag as the store has it: quicker to compare, and to send to another process, than the value."""

    kind: str
    slug: str
    salience: str
    evidence: str
    """JSON."""

    @classmethod
    def of(cls, tag: Tag) -> TagRow:
        # By hand: asdict took three times as long as all the rest.
        evidence = [
            {"alias": each.alias, "start": each.start, "end": each.end, "where": each.where, "rule": each.rule}
            for each in tag.evidence
        ]
        return cls(tag.kind, tag.slug, tag.salience, _compact(evidence))


@dataclass(frozen=True, slots=True)
class Veto:
    """A name that its reader will not have tagged as this company or topic."""

    kind: str
    slug: str
    alias: str
    feed_id: int = 0
    """0 is every feed."""


@dataclass(frozen=True, slots=True)
class Reason:
    """What one passage came to when its entry was tagged, and why."""

    kind: Literal["company", "topic"]
    slug: str
    name: str
    alias: str
    start: int
    end: int
    where: Literal["title", "text"]
    rule: str
    counts: bool
    """False if it was considered and left out."""
    why: str
    """For a person."""
    weight: float = 0
    """Of the sign of a topic; companies weigh nothing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a list."""

    id: int
    feed_id: int
    feed_title: str
    feed_url: str
    title: str
    """May be empty: screens then show the first words of the text."""
    url: str | None
    author: str
    published_at: datetime
    """What the feed says, or when it was first seen if the feed says nothing or something absurd."""
    dated: bool
    """False if `published_at` is only when the entry was first seen."""
    lang: str
    read: bool
    starred: bool
    later: bool
    changed: bool
    """Its publisher changed a number, a name or a highlighted passage after it was read."""
    highlights: int
    companies: tuple[str, ...] = ()
    """Slugs, primary first."""
    primary: tuple[str, ...] = ()
    """Those of them that it is about."""
    topics: tuple[str, ...] = ()
    parent_id: int | None = None
    """The issue that a story stands in."""
    parent_title: str = ""
    stories: int = 0
    """How many stories an issue is split into; 0 if it is whole, or none."""
    unread_stories: int = 0


@dataclass(frozen=True, slots=True)
class Article:
    """An entry with its text."""

    entry: Entry
    version_id: int
    html: str
    """Cleaned."""
    text: str
    """Canonical: what highlights, evidence and search count in."""
    tags: tuple[Tag, ...]
    highlights: tuple[Highlight, ...]
    versions: int
    """How many texts of this entry are kept, this one included."""


@dataclass(frozen=True, slots=True)
class Version:
    """A text that an entry has, or had."""

    id: int
    title: str
    text: str
    """Canonical."""
    origin: Literal["feed", "page"]
    made_at: datetime
    """When it was first seen."""
    read: bool
    """It is the last one that the reader knows: by reading it, or because it says nothing new."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Where a highlight lies: W3C TextQuoteSelector, with TextPositionSelector as a hint."""

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int


HighlightKind = Literal["", "fact", "claim", "number", "question"]


@dataclass(frozen=True, slots=True)
class Source:
    """What a highlight keeps of its article, so that it outlives entry and feed."""

    title: str
    url: str | None
    author: str
    published_at: datetime | None
    feed_title: str
    feed_url: str
    lang: str = ""
    companies: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


def source_of(entry: Entry) -> Source:
    return Source(
        title=entry.title,
        url=entry.url,
        author=entry.author,
        published_at=entry.published_at if entry.dated else None,
        feed_title=entry.feed_title,
        feed_url=entry.feed_url,
        lang=entry.lang,
        companies=entry.companies,
        topics=entry.topics,
    )


@dataclass(frozen=True, slots=True)
class Passage:
    """Where a highlight was found in the text that its article has now, and what stands there."""

    start: int
    words: str


@dataclass(frozen=True, slots=True)
class Highlight:
    id: str
    """Letters and digits, unique for ever: also the block id in exports."""
    entry_id: int
    version_id: int
    quote: Quote
    note: str
    kind: HighlightKind
    tags: tuple[str, ...]
    state: Literal["anchored", "moved", "orphan"]
    made_at: datetime
    changed_at: datetime
    source: Source
    check_by: date | None = None
    """Of a claim: the day on which one will know."""
    found: Passage | None = None
    """None if it lies where it was made, or nowhere."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A line in a list of highlights: its id, and the group it stands in ("" where there are no groups)."""

    id: str
    group: str = ""
    group_name: str = ""
    """For display. Two groups, such as articles, may have one name."""


@dataclass(frozen=True, slots=True)
class HighlightCounts:
    total: int
    orphans: int
    due: int
    """Claims that are to be checked by now."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What a Markdown file says of a highlight that its reader may edit there."""

    note: str
    tags: tuple[str, ...] | None
    """In the letters that a file has for them; None if the line with them is gone."""
    kind: str | None = None
    """With the day to check it by, in the words of a file: `claim · check by 2026-12-01`; None like `tags`."""


@dataclass(frozen=True, slots=True)
class Clipping:
    """A highlight that was made in another program, cleaned."""

    program: str
    """`Kindle`, `Readwise`, `Hypothesis` …"""
    quote: str
    note: str = ""
    kind: HighlightKind = ""
    tags: tuple[str, ...] = ()
    title: str = ""
    author: str = ""
    url: str = ""
    """A web address, or ""."""
    prefix: str = ""
    suffix: str = ""
    made_at: datetime | None = None
    id: str = ""
    """Of a highlight of our own that comes back; else ""."""


@dataclass(frozen=True, slots=True)
class SearchHit:
    entry: Entry
    snippet: str
    """One line around the first match."""
    marks: tuple[tuple[int, int], ...] = field(default=())
    """Half-open spans of the matches in `snippet`."""
    title_marks: tuple[tuple[int, int], ...] = field(default=())
    """The same in the entry's title."""


# --- queries ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Words:
    """Text to find in title, text, author, notes and quotes."""

    text: str
    phrase: bool = False
    """True if it was quoted: the words then stand side by side and are not extended to longer words."""


@dataclass(frozen=True, slots=True)
class Near:
    """All words within `distance` words of each other."""

    words: tuple[str, ...]
    distance: int = 10


@dataclass(frozen=True, slots=True)
class Field:
    """`company:alibaba`, `is:unread`, `feed:chinatalk` … with the name in lower case."""

    name: str
    value: str
    at: int = field(default=0, compare=False)
    """Where it stands in the query, for errors that only the store can find."""


@dataclass(frozen=True, slots=True)
class Dates:
    """Published in the half-open span; None is open."""

    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Not:
    term: Term


@dataclass(frozen=True, slots=True)
class And:
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Or:
    terms: tuple[Term, ...]


Term = Words | Near | Field | Dates | Not | And | Or


@dataclass(frozen=True, slots=True)
class View:
    """What a list shows: a query, parsed."""

    name: str
    """For the title of the pane."""
    query: str
    """As typed; "" is everything."""
    term: Term | None = None
    """None is everything."""


@dataclass(frozen=True, slots=True)
class Alias:
    """One of the names by which people call what the taxonomy knows."""

    key: str
    """As `fold.bare` writes it."""
    kind: Literal["company", "topic"]
    slug: str
    widens: bool = False
    """True if a search for it also means all that is tagged so."""
    same: tuple[str, ...] = ()
    """Other names of the very same thing: 通义千问 and Tongyi Qianwen for 千问. A search for it also means these."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """What a search for a word also looks for."""

    word: str
    names: tuple[str, ...] = ()
    company: str = ""
    """Slug, if it looks for all that is tagged with this company."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """A query that the reader gave a name."""

    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Mute:
    """A query whose entries the reader does not want to see for a while."""

    query: str
    until: datetime | None
    """None: until it is taken back."""


# --- undo ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Undone:
    """What `undo` or `redo` did, for the message: "undid: marked 120 read"."""

    description: str
    entry_ids: tuple[int, ...] = ()
