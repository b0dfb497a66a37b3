"""A parsed query → SQL over `states` or `highlights`. Values travel as parameters, never as SQL."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tui_reader.fold import bare, fold
from tui_reader.language import NAMES
from tui_reader.model import And, Dates, Field, Near, Not, Or, Term, Words

from .aliases import proposing, unknown_value
from .database import Database
from .index import match_words, word_pattern
from .times import to_text

Resolve = Callable[[Field], str]
"""`company:` or `topic:` → the slug that the reader means. Raises QueryError."""


@dataclass(frozen=True, slots=True)
class Condition:
    sql: str
    parameters: tuple[Any, ...] = ()


LISTED = "swept = 0"
WITH_MUTED = "swept < 1"
EVERYTHING = Condition(LISTED)
_MANY = 10_000
_NOTHING = Condition("0")

_IS = {
    "unread": "read = 0",
    "read": "read = 1",
    "starred": "starred = 1",
    "later": "later = 1",
    "muted": "swept = -1",
    "highlighted": "entry_id IN (SELECT entry_id FROM highlights)",
    "orphan": "entry_id IN (SELECT entry_id FROM highlights WHERE state = 'orphan')",
    "moved": "entry_id IN (SELECT entry_id FROM highlights WHERE state = 'moved')",
    # Only of an edited entry an earlier text is packed.
    "changed": "read = 1 AND entry_id IN (SELECT entry_id FROM versions WHERE packed IS NOT NULL) "
    "AND EXISTS (SELECT 1 FROM entries WHERE entries.id = entry_id AND entries.version_id != read_version_id)",
}


def entry_condition(
    term: Term | None,
    database: Database,
    *,
    resolve: Resolve,
    match: str = "",
    whole: bool = False,
    among: str = LISTED,
) -> Condition:
    """For `SELECT … FROM states WHERE …`. None is everything. `match`: an FTS5 query that the caller seeks besides.

    `whole`: to count all that fit, not to list the first of them in their order. What is muted fits only where it is
    asked for.
    """
    if term is None and not match:
        return EVERYTHING
    many = None if whole else _MANY

    def leaf(term: Words | Near | Field | Dates) -> Condition:
        if whole and term in _FLAGS:
            return _FLAGS[term]
        return _entry_leaf(term, database, resolve, many)

    found = _combined(term, leaf) if term is not None else Condition("1")
    if asks(term, Field("is", "muted")):
        among = WITH_MUTED
    if not match and not _of_content(term):
        return Condition(f"{among} AND {found.sql}", found.parameters)
    told = found.sql.replace("states.entry_id", "story.entry_id")
    matched = _matching(match) if match else Condition("1")
    return Condition(
        f"{among} AND {found.sql} AND NOT (split = 1 AND {_TOLD.format(told, matched.sql)})",
        (*found.parameters, *found.parameters, *matched.parameters),
    )


_FLAGS = {
    Field("is", flag): Condition(
        f"entry_id IN (SELECT entry_id FROM states INDEXED BY states_{flag} WHERE {flag} = 1 AND swept = 0)"
    )
    for flag in ("starred", "later")
}
"""Gathered, so that beside an `or` SQLite need not ask all entries."""


_TOLD = """EXISTS (SELECT 1 FROM states AS story WHERE swept < 1
    AND entry_id IN (SELECT id FROM entries WHERE parent_id = states.entry_id) AND {} AND {})"""
"""One of its stories fits, muted or not: then that is what was looked for, not the issue. Columns of a condition are
unqualified, or `states.entry_id` where they must not be, so that they can be the story's here."""


def _of_content(term: Term | None) -> bool:
    """Whether it asks what an entry is about: the answer may be one story of an issue."""
    match term:
        case Words() | Near() | Field("company" | "topic" | "tag" | "title"):
            return True
        case And(terms) | Or(terms):
            return any(map(_of_content, terms))
    return False


def asks(term: Term | None, field: Field) -> bool:
    """True if the field with that value stands anywhere in the query."""
    match term:
        case And(terms) | Or(terms):
            return any(asks(each, field) for each in terms)
        case Not(inner):
            return asks(inner, field)
    return term == field


def highlight_condition(term: Term | None, database: Database, *, resolve: Resolve) -> Condition:
    """For `SELECT … FROM highlights WHERE …`: words are sought in quote, note, tags and title; dates are of making."""
    if term is None:
        return Condition("1")
    return _combined(term, lambda leaf: _highlight_leaf(leaf, database, resolve))


def match_any(term: Term | None) -> str:
    """An FTS5 query that any positive word of the term fulfils, for ranking; "" if there is none."""
    return " OR ".join(_positive(term)) if term else ""


def split_match(term: Term | None) -> tuple[str, Term | None]:
    """→ an FTS5 query, and what is left of the term: an entry fits both, or fits by a note.

    "" if the words cannot be parted from the rest, as in `chips or is:starred`.
    """
    terms = term.terms if isinstance(term, And) else (term,) if term is not None else ()
    matches = {index: match for index, each in enumerate(terms) if (match := _as_match(each))}
    left = tuple(each for index, each in enumerate(terms) if index not in matches)
    return " AND ".join(matches.values()), (left[0] if len(left) == 1 else And(left)) if left else None


def _as_match(term: Term) -> str:
    """The whole term as an FTS5 query; "" if it is more than words."""
    if isinstance(term, And | Or):
        parts = [_as_match(each) for each in term.terms]
        return f"({(' AND ' if isinstance(term, And) else ' OR ').join(parts)})" if all(parts) else ""
    found = _positive(term)
    return f"({found[0]})" if found else ""


def _positive(term: Term) -> list[str]:
    match term:
        case Words(text, phrase):
            return [found] if (found := match_words(text, phrase=phrase)) else []
        case Near():
            return [found] if (found := _near(term)) else []
        case Field("title" | "author" as name, value):
            return [found] if (found := _in_column(name, value)) else []
        case And(terms) | Or(terms):
            return [found for each in terms for found in _positive(each)]
    return []


def _combined(term: Term, leaf: Callable[[Words | Near | Field | Dates], Condition]) -> Condition:
    match term:
        case Not(inner):
            found = _combined(inner, leaf)
            return Condition(f"NOT ({found.sql})", found.parameters)
        case And(terms) | Or(terms):
            word = " AND " if isinstance(term, And) else " OR "
            parts = [_combined(each, leaf) for each in terms]
            return Condition(
                "(" + word.join(part.sql for part in parts) + ")", tuple(p for part in parts for p in part.parameters)
            )
        case _:
            found = leaf(term)
            return Condition(f"({found.sql})", found.parameters)


def _entry_leaf(
    leaf: Words | Near | Field | Dates, database: Database, resolve: Resolve, many: int | None
) -> Condition:
    match leaf:
        case Words(text, phrase):
            return _words(text, phrase=phrase)
        case Near():
            return _matching(_near(leaf))
        case Dates(since, until):
            return _span("sorted_at", since, until)
        case Field():
            return _entry_field(leaf, database, resolve, many)


def _entry_field(field: Field, database: Database, resolve: Resolve, many: int | None) -> Condition:
    name, value = field.name, field.value
    if name in ("company", "topic"):
        where = "kind = ? AND slug = ? AND vetoed = 0"
        return _among("tags", "entry_id", where, (name, resolve(field)), database, many)
    if name == "tag":
        # A label keeps the capitals that the reader gave it.
        slug = fold(value)
        labels = database.column("SELECT DISTINCT slug FROM tags WHERE kind = 'label' AND fold(slug) = ?", (slug,))
        slugs = tuple(dict.fromkeys((slug, *labels)))
        where = f"kind IN ('company', 'topic', 'label') AND slug IN ({', '.join('?' * len(slugs))}) AND vetoed = 0"
        return _among("tags", "entry_id", where, slugs, database, many)
    if name in ("feed", "folder"):
        feeds = _named_feeds(field, database) if name == "feed" else _folder_feeds(field, database)
        return _of_feeds(feeds, database, many)
    if name in ("title", "author"):
        return _matching(_in_column(name, value))
    if name == "lang":
        lang = _language(field, database)
        return _among("entries", "id", "lang = ? OR lang GLOB ?", (lang, f"{lang}-*"), database, many)
    if (name, value.lower()) == ("is", "new"):
        since = database.value("SELECT value FROM meta WHERE key = 'last_session_at'") or ""
        return _among("entries", "id", "first_seen_at > ?", (since,), database, many)
    if name == "is":
        return Condition(_IS[value.lower()])
    where = {"kind": "kind = ?", "due": "check_by <= ?"}[name]
    return Condition(f"entry_id IN (SELECT entry_id FROM highlights WHERE {where})", (value.lower(),))


def _among(
    table: str, key: str, where: str, parameters: tuple[str, ...], database: Database, many: int | None
) -> Condition:
    """The entries that have such a row in another table.

    They are gathered and looked up; but not more than `many`, if that is given: on its way through the order of date a
    list soon meets enough of them.
    """
    if many is None or database.value(f"SELECT 1 FROM {table} WHERE {where} LIMIT 1 OFFSET {many}", parameters) is None:
        return Condition(f"entry_id IN (SELECT {key} FROM {table} WHERE {where})", parameters)
    return Condition(f"EXISTS (SELECT 1 FROM {table} WHERE {table}.{key} = states.entry_id AND ({where}))", parameters)


def _highlight_leaf(leaf: Words | Near | Field | Dates, database: Database, resolve: Resolve) -> Condition:
    match leaf:
        case Words(text, phrase):
            pattern = word_pattern(text, phrase=phrase)
            return Condition("says(exact || char(10) || note || char(10) || tags || char(10) || title, ?)", (pattern,))
        case Near(words):
            every = And(tuple(Words(word) for word in words))
            return _combined(every, lambda each: _highlight_leaf(each, database, resolve))
        case Dates(since, until):
            return _span("made_at", since, until)
        case Field(name, value):
            if name == "is" and value.lower() in ("orphan", "moved"):
                return Condition("state = ?", (value.lower(),))
            if name in _OF_HIGHLIGHTS:
                return Condition(_OF_HIGHLIGHTS[name], (fold(value),))
            found = _entry_field(leaf, database, resolve, None)
            return Condition(f"entry_id IN (SELECT entry_id FROM states WHERE {found.sql})", found.parameters)


_OF_HIGHLIGHTS = {
    "kind": "kind = ?",
    "due": "check_by <= ?",
    "tag": "EXISTS (SELECT 1 FROM json_each(highlights.tags) WHERE fold(value) = ?)",
    "title": "instr(fold(title), ?)",
    "author": "instr(fold(author), ?)",
    "feed": "instr(fold(feed_title || ' ' || feed_url), ?)",
}


def _words(text: str, *, phrase: bool) -> Condition:
    match = match_words(text, phrase=phrase)
    if not match:
        return _NOTHING
    return Condition(
        "entry_id IN (SELECT rowid FROM search WHERE search MATCH ?) "
        "OR entry_id IN (SELECT entry_id FROM highlights WHERE says(exact || char(10) || note, ?))",
        (match, word_pattern(text, phrase=phrase)),
    )


def _matching(match: str) -> Condition:
    return Condition("entry_id IN (SELECT rowid FROM search WHERE search MATCH ?)", (match,)) if match else _NOTHING


def _in_column(name: str, value: str) -> str:
    found = match_words(value, phrase=False)
    return f"{name} : {found}" if found else ""


def _near(near: Near) -> str:
    words = [found for word in near.words if (found := match_words(word, phrase=True))]
    return f"NEAR({' '.join(words)}, {near.distance})" if words else ""


def _span(column: str, since: datetime | None, until: datetime | None) -> Condition:
    parts = [(f"{column} >= ?", since), (f"{column} < ?", until)]
    chosen = [(sql, to_text(moment)) for sql, moment in parts if moment is not None]
    return Condition(" AND ".join(sql for sql, _ in chosen) or "1", tuple(text for _, text in chosen))


def _of_feeds(ids: list[int], database: Database, many: int | None) -> Condition:
    # `=` lets SQLite read one feed in order of date; of several it gathers all entries, and sorts them.
    if len(ids) == 1:
        return Condition("feed_id = ?", (ids[0],))
    among = f"feed_id IN ({', '.join('?' * len(ids))})"
    full = many is not None and database.value(
        f"SELECT 1 FROM states WHERE {among} AND swept = 0 LIMIT 1 OFFSET {many}", ids
    )
    # The plus keeps it from using an index on feeds: where they have many, the order of date soon meets enough.
    return Condition(f"+{among}" if full else among, tuple(ids))


def _named_feeds(field: Field, database: Database) -> list[int]:
    value = field.value
    # One that is unsubscribed too: what was starred or highlighted of it is still there.
    found = database.column("SELECT id FROM feeds WHERE url = ? OR CAST(id AS TEXT) = ?", (value, value))
    found = found or database.column(
        "SELECT id FROM feeds WHERE instr(fold(title || ' ' || own_title || ' ' || url), ?)", (fold(value),)
    )
    if not found:
        titles = database.column("SELECT coalesce(nullif(own_title, ''), nullif(title, ''), url) FROM feeds")
        raise unknown_value(field, {bare(title): title for title in titles}, what="feed")
    return found


def _folder_feeds(field: Field, database: Database) -> list[int]:
    folded = fold(field.value)
    found = database.column(
        "SELECT id FROM feeds WHERE fold(folder) = ? OR substr(fold(folder), 1, ?) = ?",
        (folded, len(folded) + 3, f"{folded} / "),
    )
    if not found:
        folders = database.column("SELECT DISTINCT folder FROM feeds WHERE folder != ''")
        raise unknown_value(field, {bare(folder): folder for folder in folders}, what="folder")
    return found


def _language(field: Field, database: Database) -> str:
    lang = "".join(char for char in field.value.lower() if char.isalnum() or char == "-")
    seen = "SELECT 1 FROM entries WHERE lang = ? OR lang GLOB ? LIMIT 1"
    if lang in NAMES or (lang and database.value(seen, (lang, f"{lang}-*"))):
        return lang
    langs = database.column("SELECT lang FROM entries WHERE lang != '' GROUP BY lang ORDER BY count(*) DESC")
    primary = re.split("[-_]", field.value.lower())[0]
    if primary in {*langs, *NAMES}:
        # Regions are seldom kept: what a feed calls zh-CN is zh.
        raise proposing(field, primary)
    names = {bare(name): code for code, names in NAMES.items() for name in (code, *names.split())}
    raise unknown_value(field, {code: code for code in langs} | names, what="language")
