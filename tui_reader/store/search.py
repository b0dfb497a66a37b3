"""The search drawer: entries that fit a query, best first, each with a line that shows why."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tui_reader.fold import is_ideograph, plain
from tui_reader.model import And, Entry, Field, Near, Or, SearchHit, Term, Words

from .aliases import Aliases
from .compile import Condition, entry_condition, match_any, split_match
from .database import Database
from .entries import Entries
from .index import word_pattern
from .tags import Tags

_BEFORE, _LENGTH = 24, 120
"""Characters of a snippet before the first match, and in all."""

_RANKED = """
SELECT search.rowid FROM search JOIN states ON states.entry_id = search.rowid
WHERE search MATCH ? AND {condition}
ORDER BY round(bm25(search, 8.0, 1.0, 2.0), 1), sorted_at DESC LIMIT ?
"""


class Search:
    def __init__(self, database: Database, entries: Entries, tags: Tags, aliases: Aliases) -> None:
        self._database = database
        self._entries = entries
        self._tags = tags
        self._aliases = aliases

    def ids(self, term: Term | None, condition: Condition, *, limit: int | None = None) -> Sequence[int]:
        """Entry ids: titles before texts, newer before older where equal. Without words in the query, newest first."""
        term = self._aliases.expand(term).term
        match, left = split_match(term)
        if match:
            # What else the query asks for is left to fit; the words are sought once.
            narrowed = entry_condition(left, self._database, resolve=self._aliases.slug, match=match)
            return self._ranked(match, narrowed, self._by_notes(term, condition), limit)
        match = match_any(term)
        if not match:
            return self._entries.ids(condition, limit=limit)
        return self._ranked(match, condition, condition, limit)

    def _ranked(self, match: str, fits: Condition, others: Condition | None, limit: int | None) -> Sequence[int]:
        """Those that match and fit, best first; then `others`, newest first: what fits by a note or a tag."""
        limited = -1 if limit is None else limit
        found = self._database.column(_RANKED.format(condition=fits.sql), (match, *fits.parameters, limited))
        if others is None or len(found) == limited:
            return found
        seen = set(found)
        rest = [entry_id for entry_id in self._entries.ids(others) if entry_id not in seen]
        return [*found, *rest][: len(found) + len(rest) if limit is None else limit]

    def _by_notes(self, term: Term | None, condition: Condition) -> Condition | None:
        """Those that fit and whose highlights have one of the words; None if no highlight has."""
        pattern = words_pattern(term)
        if pattern is None:
            return None
        noted = "SELECT entry_id FROM highlights WHERE says(exact || char(10) || note, ?)"
        if self._database.value(f"{noted} LIMIT 1", (pattern.pattern,)) is None:
            return None
        return Condition(f"entry_id IN ({noted}) AND {condition.sql}", (pattern.pattern, *condition.parameters))

    def hits(self, ids: Sequence[int], term: Term | None) -> tuple[SearchHit, ...]:
        """The entries of these ids, each with the passage that fits best. Meant for a screenful."""
        entries = self._entries.rows(ids)
        expanded = self._aliases.expand(term)
        pattern = words_pattern(expanded.term)
        text = "versions.text" if pattern else f"substr(versions.text, 1, {_LENGTH + 1})"
        texts = dict(
            tuple(row)
            for row in self._database.rows(
                f"SELECT entries.id, {text} FROM entries JOIN versions ON versions.id = entries.version_id "
                "WHERE entries.id IN (SELECT value FROM json_each(?))",
                ("[" + ",".join(map(str, ids)) + "]",),
            )
        )
        companies = tuple(each.company for each in expanded.used if each.company)
        return tuple(self._hit(entry, texts.get(entry.id, ""), pattern, companies) for entry in entries)

    def pattern(self, term: Term | None) -> re.Pattern[str] | None:
        """What to mark in plain text, other names included; None if the query has no words."""
        return words_pattern(self._aliases.expand(term).term)

    def _hit(self, entry: Entry, text: str, pattern: re.Pattern[str] | None, companies: Sequence[str]) -> SearchHit:
        shown, marks = snippet(text, pattern)
        titled = _marks(entry.title, pattern)
        if pattern is not None and not marks and entry.highlights:
            said = self._said(entry.id, pattern)
            shown, marks = snippet(said, pattern) if said else (shown, marks)
        if not marks and not titled:
            named = self._named(entry.id, companies)
            shown, marks = snippet(text, named) if named else (shown, marks)
        return SearchHit(entry, shown, marks, titled)

    def _named(self, entry_id: int, companies: Sequence[str]) -> re.Pattern[str] | None:
        """By what the text calls the companies that the query means by another name."""
        tags = self._tags.of(entry_id) if companies else ()
        evidence = [each for tag in tags if tag.kind == "company" and tag.slug in companies for each in tag.evidence]
        aliases = dict.fromkeys(each.alias for each in evidence if each.where == "text")
        return re.compile("|".join(word_pattern(alias, phrase=True) for alias in aliases)) if aliases else None

    def _said(self, entry_id: int, pattern: re.Pattern[str]) -> str:
        """The note, or the quote of an earlier text, that fits."""
        return str(
            self._database.value(
                "SELECT '✎ ' || CASE WHEN says(note, ?1) THEN note ELSE exact END FROM highlights "
                "WHERE entry_id = ?2 AND says(exact || char(10) || note, ?1)",
                (pattern.pattern, entry_id),
            )
            or ""
        )


def words_pattern(term: Term | None) -> re.Pattern[str] | None:
    """What matches the positive words of a query in plain text; None if there are none."""
    patterns = sorted(set(_patterns(term)), key=len, reverse=True) if term else []
    return re.compile("|".join(patterns)) if patterns else None


def snippet(text: str, pattern: re.Pattern[str] | None) -> tuple[str, tuple[tuple[int, int], ...]]:
    """One line of `text` around the first match, and where matches are in it."""
    first = pattern.search(plain(text)) if pattern else None
    start = max(0, first.start() - _BEFORE) if first else 0
    if start:
        # Begin at a word.
        space = text.find(" ", start, start + _BEFORE)
        start = space + 1 if space >= 0 and not is_ideograph(text[start]) else start
    line = re.sub(r"\s", " ", text[start : start + _LENGTH])
    shown = ("…" if start else "") + line + ("…" if start + _LENGTH < len(text) else "")
    return shown, _marks(shown, pattern)


def _marks(line: str, pattern: re.Pattern[str] | None) -> tuple[tuple[int, int], ...]:
    return tuple(found.span() for found in pattern.finditer(plain(line)) if found.group()) if pattern else ()


def _patterns(term: Term) -> list[str]:
    match term:
        case Words(text, phrase):
            return [word_pattern(text, phrase=phrase)]
        case Near(words):
            return [word_pattern(word, phrase=True) for word in words]
        case Field("title" | "author", value):
            return [word_pattern(value, phrase=False)]
        case And(terms) | Or(terms):
            return [pattern for each in terms for pattern in _patterns(each)]
    return []
