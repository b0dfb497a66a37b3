"""The search drawer: entries that fit a query, best first, each with a line that shows why."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tui_reader.fold import fold, is_ideograph
from tui_reader.model import And, Field, Near, Or, SearchHit, Term, Words

from .compile import Condition, implies_match, match_any
from .database import Database
from .entries import Entries

_BEFORE, _LENGTH = 24, 120
"""Characters of a snippet before the first match, and in all."""

_RANKED = """
SELECT search.rowid FROM search JOIN states ON states.entry_id = search.rowid
WHERE search MATCH ? AND {condition}
ORDER BY round(bm25(search, 8.0, 1.0, 2.0), 1), sorted_at DESC LIMIT ?
"""


class Search:
    def __init__(self, database: Database, entries: Entries) -> None:
        self._database = database
        self._entries = entries

    def ids(self, term: Term | None, condition: Condition, *, limit: int | None = None) -> Sequence[int]:
        """Entry ids: titles before texts, newer before older where equal. Without words in the query, newest first."""
        match = match_any(term)
        if not match:
            return self._entries.ids(condition, limit=limit)
        limited = -1 if limit is None else limit
        found = self._database.column(_RANKED.format(condition=condition.sql), (match, *condition.parameters, limited))
        if len(found) == limited or (term and implies_match(term) and not self._any_note()):
            return found
        # What fits for another reason than its text, such as a note, comes after.
        seen = set(found)
        rest = [entry_id for entry_id in self._entries.ids(condition) if entry_id not in seen]
        return [*found, *rest][: len(found) + len(rest) if limit is None else limit]

    def _any_note(self) -> bool:
        return self._database.value("SELECT 1 FROM highlights WHERE note != '' LIMIT 1") is not None

    def hits(self, ids: Sequence[int], term: Term | None) -> tuple[SearchHit, ...]:
        """The entries of these ids with their snippets. Meant for a screenful."""
        entries = self._entries.rows(ids)
        pattern = words_pattern(term)
        text = "versions.text" if pattern else f"substr(versions.text, 1, {_LENGTH + 1})"
        texts = dict(
            tuple(row)
            for row in self._database.rows(
                f"SELECT entries.id, {text} FROM entries JOIN versions ON versions.id = entries.version_id "
                "WHERE entries.id IN (SELECT value FROM json_each(?))",
                ("[" + ",".join(map(str, ids)) + "]",),
            )
        )
        return tuple(SearchHit(entry, *snippet(texts.get(entry.id, ""), pattern)) for entry in entries)


def words_pattern(term: Term | None) -> re.Pattern[str] | None:
    """What matches the positive words of a query in folded text; None if there are none."""
    words = sorted({each for each in _words(term) if each}, key=len, reverse=True) if term else []
    return re.compile("|".join(map(_word_pattern, words))) if words else None


def snippet(text: str, pattern: re.Pattern[str] | None) -> tuple[str, tuple[tuple[int, int], ...]]:
    """One line of `text` around the first match, and where matches are in it."""
    first = pattern.search(fold(text)) if pattern else None
    start = max(0, first.start() - _BEFORE) if first else 0
    if start:
        # Begin at a word.
        space = text.find(" ", start, start + _BEFORE)
        start = space + 1 if space >= 0 and not is_ideograph(text[start]) else start
    line = re.sub(r"\s", " ", text[start : start + _LENGTH])
    shown = ("…" if start else "") + line + ("…" if start + _LENGTH < len(text) else "")
    marks = tuple(match.span() for match in pattern.finditer(fold(shown))) if pattern else ()
    return shown, tuple(span for span in marks if span[0] < span[1])


def _words(term: Term) -> list[str]:
    match term:
        case Words(text):
            return [fold(text)]
        case Near(words):
            return [fold(word) for word in words]
        case Field("title" | "author", value):
            return [fold(value)]
        case And(terms) | Or(terms):
            return [word for each in terms for word in _words(each)]
    return []


def _word_pattern(word: str) -> str:
    """Latin words begin at a word's beginning and may go on (the index stems); what parts words may be anything."""
    parts = re.findall(r"[^\W_]+", word)
    joined = r"[\W_]*".join(map(re.escape, parts)) if parts else re.escape(word)
    return (r"(?<![a-z0-9])" if word[:1].isascii() else "") + joined
