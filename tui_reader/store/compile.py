"""A parsed query → SQL over `states` or `highlights`. Values travel as parameters, never as SQL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tui_reader.fold import fold
from tui_reader.model import And, Dates, Field, Near, Not, Or, Term, Words

from .database import Database
from .index import match_words
from .times import to_text

Resolve = Callable[[str, str], str]
"""(kind, what the reader typed) → the slug, or the text itself if nothing fits."""


@dataclass(frozen=True, slots=True)
class Condition:
    sql: str
    parameters: tuple[Any, ...] = ()


EVERYTHING = Condition("swept = 0")
_NOTHING = Condition("0")

_IS = {
    "unread": "read = 0",
    "read": "read = 1",
    "starred": "starred = 1",
    "later": "later = 1",
    "highlighted": "entry_id IN (SELECT entry_id FROM highlights)",
    "orphan": "entry_id IN (SELECT entry_id FROM highlights WHERE state = 'orphan')",
    "moved": "entry_id IN (SELECT entry_id FROM highlights WHERE state = 'moved')",
    "changed": "read = 1 AND entry_id IN (SELECT entry_id FROM versions GROUP BY entry_id HAVING count(*) > 1) "
    "AND EXISTS (SELECT 1 FROM entries WHERE entries.id = entry_id "
    "AND entries.version_id != states.read_version_id)",
    "new": "entry_id IN (SELECT id FROM entries "
    "WHERE first_seen_at > coalesce((SELECT value FROM meta WHERE key = 'last_session_at'), ''))",
}


def entry_condition(term: Term | None, database: Database, *, resolve: Resolve) -> Condition:
    """For `SELECT … FROM states WHERE …`. None is everything."""
    if term is None:
        return EVERYTHING
    found = _combined(term, lambda leaf: _entry_leaf(leaf, database, resolve))
    return Condition(f"swept = 0 AND {found.sql}", found.parameters)


def highlight_condition(term: Term | None, database: Database, *, resolve: Resolve) -> Condition:
    """For `SELECT … FROM highlights WHERE …`: words are sought in quote, note, tags and title; dates are of making."""
    if term is None:
        return Condition("1")
    return _combined(term, lambda leaf: _highlight_leaf(leaf, database, resolve))


def match_any(term: Term | None) -> str:
    """An FTS5 query that any positive word of the term fulfils, for ranking; "" if there is none."""
    return " OR ".join(_positive(term)) if term else ""


def implies_match(term: Term) -> bool:
    """Whether nothing fits the term but what `match_any` finds in the index (or in a note)."""
    match term:
        case Words() | Near() | Field("title" | "author"):
            return True
        case And(terms):
            return any(map(implies_match, terms))
        case Or(terms):
            return all(map(implies_match, terms))
    return False


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


def _entry_leaf(leaf: Words | Near | Field | Dates, database: Database, resolve: Resolve) -> Condition:
    match leaf:
        case Words(text, phrase):
            return _words(match_words(text, phrase=phrase), text)
        case Near():
            return _matching(_near(leaf))
        case Dates(since, until):
            return _span("sorted_at", since, until)
        case Field(name, value):
            return _entry_field(name, value, database, resolve)


def _entry_field(name: str, value: str, database: Database, resolve: Resolve) -> Condition:
    if name in ("company", "topic"):
        return Condition(
            "entry_id IN (SELECT entry_id FROM tags WHERE kind = ? AND slug = ? AND vetoed = 0)",
            (name, resolve(name, value)),
        )
    if name in ("feed", "folder"):
        return _feeds(_named_feeds(value, database) if name == "feed" else _folder_feeds(value, database))
    if name in ("title", "author"):
        return _matching(_in_column(name, value))
    if name == "is":
        return Condition(_IS[value.lower()])
    sql, parameters = _SIMPLE[name]
    return Condition(sql, tuple(make(value) for make in parameters))


_SIMPLE: dict[str, tuple[str, tuple[Callable[[str], str], ...]]] = {
    "tag": (
        "entry_id IN (SELECT entry_id FROM tags "
        "WHERE kind IN ('company', 'topic', 'label') AND slug = ? AND vetoed = 0)",
        (fold,),
    ),
    "lang": (
        "EXISTS (SELECT 1 FROM entries WHERE entries.id = entry_id AND (lang = ? OR lang LIKE ?))",
        (str.lower, lambda value: f"{value.lower()}-%"),
    ),
    "kind": ("entry_id IN (SELECT entry_id FROM highlights WHERE kind = ?)", (str.lower,)),
    "due": ("entry_id IN (SELECT entry_id FROM highlights WHERE check_by <= ?)", (str,)),
}


def _highlight_leaf(leaf: Words | Near | Field | Dates, database: Database, resolve: Resolve) -> Condition:
    match leaf:
        case Words(text, _):
            return Condition("instr(fold(exact || ' ' || note || ' ' || tags || ' ' || title), ?)", (fold(text),))
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
            found = _entry_field(name, value, database, resolve)
            return Condition(f"entry_id IN (SELECT entry_id FROM states WHERE {found.sql})", found.parameters)


_OF_HIGHLIGHTS = {
    "kind": "kind = ?",
    "due": "check_by <= ?",
    "tag": "EXISTS (SELECT 1 FROM json_each(highlights.tags) WHERE fold(value) = ?)",
    "title": "instr(fold(title), ?)",
    "author": "instr(fold(author), ?)",
    "feed": "instr(fold(feed_title || ' ' || feed_url), ?)",
}


def _words(match: str, text: str) -> Condition:
    if not match:
        return _NOTHING
    return Condition(
        "entry_id IN (SELECT rowid FROM search WHERE search MATCH ?) "
        "OR entry_id IN (SELECT entry_id FROM highlights WHERE instr(fold(note), ?))",
        (match, fold(text)),
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


def _feeds(ids: list[int]) -> Condition:
    # `=` lets SQLite read one feed in order of date; IN would sort.
    if len(ids) == 1:
        return Condition("feed_id = ?", (ids[0],))
    return Condition(f"feed_id IN ({', '.join('?' * len(ids))})", tuple(ids))


def _named_feeds(value: str, database: Database) -> list[int]:
    exact = database.column(
        "SELECT id FROM feeds WHERE (url = ? OR CAST(id AS TEXT) = ?) AND removed_at IS NULL", (value, value)
    )
    return exact or database.column(
        "SELECT id FROM feeds WHERE instr(fold(title || ' ' || own_title || ' ' || url), ?)", (fold(value),)
    )


def _folder_feeds(value: str, database: Database) -> list[int]:
    folded = fold(value)
    return database.column(
        "SELECT id FROM feeds WHERE fold(folder) = ? OR substr(fold(folder), 1, ?) = ?",
        (folded, len(folded) + 3, f"{folded} / "),
    )
