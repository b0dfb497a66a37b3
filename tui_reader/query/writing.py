"""Terms → query text, and the words in it to mark on the screen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo

from tui_reader.errors import QueryError
from tui_reader.model import And, Dates, Expansion, Field, Near, Not, Or, Term, Words
from tui_reader.query.dates import format_dates
from tui_reader.query.grammar import NEAR_WORD, QUOTES, WORD, tokenize


def format_query(term: Term | None, *, zone: tzinfo = UTC) -> str:
    """The text that parses to `term` where `now` is in `zone`. To keep "the last 7 days", keep `View.query` instead.

    Two things cannot be said in the language and become their neighbours: a `Words` of several words becomes a
    phrase, and a text with all four kinds of closing quotes loses the straight ones.
    """
    match term:
        case None:
            return ""
        case Not(inner):
            text = format_query(inner, zone=zone)
            return f"-({text})" if isinstance(inner, And | Or | Not) else f"-{text}"
        case And(terms):
            texts = (format_query(inner, zone=zone) for inner in terms)
            return " ".join(
                f"({text})" if isinstance(inner, Or) else text for inner, text in zip(terms, texts, strict=True)
            )
        case Or(terms):
            return " or ".join(format_query(inner, zone=zone) for inner in terms)
        case Dates():
            return format_dates(term, zone)
        case _:
            return _format_text(term)


def _format_text(term: Words | Near | Field) -> str:
    match term:
        case Words(text):
            return text if _stands_bare(term) else _quoted(text)
        case Near(words, distance):
            return f"near({' '.join(quoted_unless(NEAR_WORD, word) for word in words)}, {distance})"
        case Field(name, value):
            return f"{name}:{quoted_unless(WORD, value)}"


def quoted_unless(pattern: str, text: str) -> str:
    """`text`, in quotes unless all of it is as `pattern` says."""
    return text if re.fullmatch(pattern, text) else _quoted(text)


def words_of(term: Term | None) -> tuple[str, ...]:
    """The words and phrases that a match may contain, each once."""
    match term:
        case Words(text):
            return (text,)
        case Near(words):
            return words
        case And(terms) | Or(terms):
            return tuple(dict.fromkeys(word for inner in terms for word in words_of(inner)))
        case _:
            return ()


def describe(expansions: Sequence[Expansion]) -> str:
    """What a search looked for beyond its words, and how to have it look for them alone; "" if for nothing."""
    if not expansions:
        return ""
    others = (
        name for each in expansions for name in (*each.names, *([f"company:{each.company}"] if each.company else []))
    )
    words = " ".join(f'"{each.word}"' for each in expansions)
    return f"also {', '.join(dict.fromkeys(others))} · in quotes only the word: {words}"


def _stands_bare(words: Words) -> bool:
    """Ask the grammar: `or`, `-x` and `topic:x` are words that need quotes, `x-or-y` is not."""
    try:
        tokens = list(tokenize(words.text, datetime(2000, 1, 1, tzinfo=UTC)))
    except QueryError:
        return False
    return [token.term for token in tokens] == [words]


def _quoted(text: str) -> str:
    for opening, closing in QUOTES.items():
        if closing not in text:
            return f"{opening}{text}{closing}"
    return '"' + text.replace('"', "") + '"'
