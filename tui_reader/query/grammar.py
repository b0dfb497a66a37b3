"""Query text → View: tokens first, then three rules.

By hand, because importing lark and compiling the grammar takes 110 ms, for which every start of the program would wait.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal
from unicodedata import normalize

from tui_reader.errors import QueryError
from tui_reader.model import And, Field, Near, Not, Or, Term, View, Words
from tui_reader.query.dates import parse_dates, parse_day
from tui_reader.query.mistakes import (
    OTHER_NAMES,
    nearest,
    no_value,
    shown,
    wrong_date,
    wrong_day,
    wrong_near,
    wrong_sign,
    wrong_value,
)

FIELDS = ("company", "topic", "tag", "feed", "folder", "author", "title", "lang", "kind", "is", "due")
DATE_FIELDS = ("after", "before", "on")
CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "is": (
            "unread", "read", "starred", "later", "highlighted", "changed", "new", "muted", "orphan", "moved", "due",
        ),
        "kind": ("fact", "claim", "number", "question"),
    }
)  # fmt: skip
"""The fields that take one of a few words only."""

QUOTES: Mapping[str, str] = MappingProxyType({'"': '"', "“": "”", "「": "」", "『": "』"})
PHRASE = r'"[^"]*"|“[^”]*”|「[^」]*」|『[^』]*』'
UNCLOSED = r'["“「『].*'
# Chinese is written without blanks: there its punctuation parts the words (芯片、机器人).
STOPS = "，、；。"
WORD = rf'[^\s()（）"“「『{STOPS}]+'
NEAR_WORD = rf'[^\s()（）"“「『,{STOPS}]+'
# Every character begins exactly one of these, so that any text falls apart into tokens. A dash that does not stand
# right before a term is a blank: a title pasted into the search box ("Qwen - the next step") means nothing by it.
TOKEN = re.compile(
    rf"""
      (?P<not>(?<![^\s(（])[-－](?=[^\s)）\-－]))
    | (?P<blank>\s+|[-－]+|[{STOPS}]+)
    | (?P<near>(?i:near)[(（])
    | (?P<open>[(（])
    | (?P<close>[)）])
    | (?P<phrase>{PHRASE}|{UNCLOSED})
    | (?P<field>(?P<name>[A-Za-z]+)[:：](?P<value>{PHRASE}|{UNCLOSED}|{WORD})?)
    | (?P<word>{WORD})
    """,
    re.VERBOSE | re.DOTALL,
)
_NEAR = re.compile(
    rf"""
    (?i:near)[(（]
    (?P<words>(?:{PHRASE}|[^()（）"“「『,，])*)
    (?:[,，]\s*(?P<distance>[0-9]{{1,3}})\s*)?
    [)）]
    """,
    re.VERBOSE,
)
_JUST_WORD = re.compile(WORD)
# In capitals, as other search boxes have them: sought as words they would be missed in silence.
_OPERATORS: Mapping[str, Literal["and", "or", "without"]] = MappingProxyType(
    {"or": "or", "OR": "or", "AND": "and", "NOT": "without"}
)
# Also what comes along invisibly when text is copied: zero-width spaces, marks of direction, the mark of byte order.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]")

# These keep what the store makes of a query below SQLite's limit on the depth of an expression, and our own recursion
# below Python's.
_MOST_TERMS = 250
_MOST_TOKENS = 1_000
_MOST_NEAR = 20
_DEEPEST = 50


def parse_query(text: str, *, now: datetime, name: str = "") -> View:
    """Raise QueryError, which knows the place of the mistake, unless the whole text can be understood.

    Days are days in the zone of `now`; the dates that come out are in UTC. `after:D` is from the start of D,
    `before:D` up to the start of D, `on:D` all of D, `on:D..E` from the start of D to the end of E.
    """
    # Blanks, and nothing removed: offsets in errors count in what was typed.
    query = _UNPRINTABLE.sub(" ", text)
    tokens: list[Token] = []
    left = _MOST_TERMS
    for token in tokenize(query, now):
        left -= token.kind == "term"
        # At once: a megabyte of terms is not read to its end first.
        if left < 0:
            raise QueryError(f"more than {_MOST_TERMS} terms in one query", offset=token.start)
        if len(tokens) == _MOST_TOKENS:
            raise QueryError(f"more than {_MOST_TOKENS} words and signs in one query", offset=token.start)
        tokens.append(token)
    if not tokens and text.strip():
        raise QueryError(f"no word to search for in '{shown(query.strip())}'", offset=0)
    return View(name, query, _Parser(tokens, end=len(query)).parse() if tokens else None)


# --- text → tokens ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Token:
    kind: Literal["term", "not", "without", "and", "or", "open", "close", "end"]
    start: int
    term: Term | None = None
    written: str = ""


def tokenize(query: str, now: datetime) -> Iterator[Token]:
    """Words, phrases, near() and fields come out as the terms they are."""
    at = 0
    while found := TOKEN.match(query, at):
        start, at = found.span()
        match found.lastgroup:
            case "not" | "open" | "close" as kind:
                yield Token(kind, start)
            case "near":
                near, at = _near(query, start)
                yield Token("term", start, near)
            case "phrase":
                yield Token("term", start, _phrase(found.group(), start))
            case "field" if _is_field(found):
                yield Token("term", start, _field(found, now))
            case "field" | "word":
                word = _JUST_WORD.match(query, start)
                assert word, "a field begins with a word"
                at = word.end()
                yield from _word(word.group(), start)


def _near(query: str, start: int) -> tuple[Near, int]:
    found = _NEAR.match(query, start)
    if found is None:
        raise wrong_near(query, start)
    written = re.findall(f"{PHRASE}|{NEAR_WORD}", found["words"])
    words = tuple(_tidy(word[1:-1] if word[0] in QUOTES else word) for word in written if _has_word(word))
    if not 2 <= len(words) <= _MOST_NEAR:
        raise QueryError(f"near( at {start} takes 2 to {_MOST_NEAR} words", offset=start)
    return (Near(words, int(found["distance"])) if found["distance"] else Near(words)), found.end()


def _phrase(written: str, start: int) -> Words:
    text = _unquoted(written, start)
    if not _has_word(text):
        raise QueryError(f"no word between the quotes at {start}", offset=start)
    return Words(text, phrase=True)


def _is_field(found: re.Match[str]) -> bool:
    """True for a field, False for text such as `https://…` or `C:`; raise if it is nearly a field.

    Nearly: four letters or more, a value right after the colon as prose has none ("Topics: chips, power"), and no
    word of `is:`. Short words are near to everything; "Fed:" is news, not a slip for feed:.
    """
    name, start, known = found["name"].lower(), found.start(), FIELDS + DATE_FIELDS
    if name in known:
        return True
    if len(name) < 4 or not found["value"] or name in CHOICES["is"]:
        return False
    meant = OTHER_NAMES.get(name) or nearest(name, known, cutoff=0.75)
    if meant:
        message = f"unknown field '{shown(found['name'])}:' at {start}: did you mean {meant}:?"
        raise QueryError(message, offset=start, hint=f"{meant}:")
    return False


def _field(found: re.Match[str], now: datetime) -> Term:
    name, written, start = found["name"].lower(), found["value"] or "", found.start()
    value = _unquoted(written, found.start("value")) if written[:1] in QUOTES else _tidy(written)
    if not value:
        raise no_value(name, start, found.string[found.end() :], CHOICES.get(name, ()))
    if name in DATE_FIELDS:
        try:
            return parse_dates(name, value, now=now)
        except (ValueError, OverflowError):
            raise wrong_date(name, value, start, now=now) from None
    if name == "due":
        return _due(value, start, now)
    if name in CHOICES:
        value = value.lower()
        if value not in CHOICES[name]:
            expected = f"one of {', '.join(CHOICES[name])}"
            raise wrong_value(name, value, start, choices=CHOICES[name], expected=expected)
        if (name, value) == ("is", "due"):
            return _due("today", start, now)
    return Field(name, value, start)


def _due(value: str, start: int, now: datetime) -> Field:
    """Claims to be checked by a day: the only thing said of the future."""
    try:
        return Field("due", parse_day(value, now=now).isoformat(), start)
    except (ValueError, OverflowError):
        raise wrong_day(value, start, now=now) from None


def _word(word: str, start: int) -> Iterator[Token]:
    if word in _OPERATORS:
        yield Token(_OPERATORS[word], start, written=word)
    elif mistake := wrong_sign(word, start):
        raise mistake
    # Punctuation alone is in no index of words.
    elif _has_word(word):
        yield Token("term", start, Words(_tidy(word)))


def _unquoted(written: str, start: int) -> str:
    opening, closing = written[0], QUOTES[written[0]]
    if len(written) < 2 or not written.endswith(closing):
        raise QueryError(f"the quote {opening} at {start} is never closed", offset=start, hint=closing)
    return _tidy(written[1:-1])


def _tidy(text: str) -> str:
    """As canonical texts are: NFC, white space collapsed."""
    return " ".join(normalize("NFC", text).split())


def _has_word(text: str) -> bool:
    return any(character.isalnum() for character in text)


# --- tokens → terms --------------------------------------------------------------------------------------------------


_ENDS = frozenset({"or", "close", "end"})


class _Parser:
    """Owns the place in the tokens."""

    def __init__(self, tokens: Sequence[Token], *, end: int) -> None:
        self._tokens = (*tokens, Token("end", end))
        self._at = 0
        self._depth = 0

    def parse(self) -> Term:
        term = self._either()
        if self._next.kind == "close":
            raise QueryError(f"the parenthesis ) at {self._next.start} closes nothing", offset=self._next.start)
        return term

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _either(self) -> Term:
        terms = [self._all()]
        while self._next.kind == "or":
            self._take()
            terms.append(self._all())
        return terms[0] if len(terms) == 1 else Or(_flat(Or, terms))

    def _all(self) -> Term:
        terms: list[Term] = []
        while self._next.kind not in _ENDS:
            if self._next.kind == "and":
                self._take_and(after_term=bool(terms))
            terms.append(self._term())
        if not terms:
            raise self._nothing_here()
        return terms[0] if len(terms) == 1 else And(_flat(And, terms))

    def _take_and(self, *, after_term: bool) -> None:
        """It says what standing side by side says."""
        token = self._take()
        if not after_term or self._next.kind in {*_ENDS, "and"}:
            raise _lonely(token)

    def _term(self) -> Term:
        token = self._take()
        if token.kind == "without":
            if self._next.kind in {*_ENDS, "and"}:
                raise QueryError(
                    f"'NOT' at {token.start} has no term after it; to find the word, write \"NOT\"",
                    offset=token.start,
                    hint='"NOT"',
                )
            with self._deeper(token.start):
                return Not(self._term())
        if token.kind == "not":
            # Dropped punctuation may lie between: in `-& Qwen` the dash must not reach Qwen.
            if self._next.kind in {*_ENDS, "and"} or self._next.start != token.start + 1:
                raise QueryError(f"the - at {token.start} has no term right after it", offset=token.start)
            return Not(self._term())
        if token.kind == "open":
            return self._group(token.start)
        assert token.term is not None
        return token.term

    def _group(self, start: int) -> Term:
        with self._deeper(start):
            term = self._either()
            if self._take().kind != "close":
                raise QueryError(f"the parenthesis ( at {start} is never closed", offset=start, hint=")")
            return term

    @contextmanager
    def _deeper(self, start: int) -> Iterator[None]:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise QueryError(f"more than {_DEEPEST} parentheses inside each other at {start}", offset=start)
        yield
        self._depth -= 1

    def _nothing_here(self) -> QueryError:
        """The error for an empty side of an `or`, or an empty pair of parentheses."""
        before = self._tokens[self._at - 1] if self._at else None
        for token in (self._next, before):
            if token and token.kind == "or":
                return _lonely(token)
        if before is None:
            return QueryError(f"the parenthesis ) at {self._next.start} closes nothing", offset=self._next.start)
        if self._next.kind == "end":
            return QueryError(f"the parenthesis ( at {before.start} is never closed", offset=before.start, hint=")")
        return QueryError(f"nothing between the parentheses at {before.start}", offset=before.start)


def _lonely(token: Token) -> QueryError:
    word = f'"{token.written}"'
    message = f"'{token.written}' at {token.start} needs a term on both sides; to find the word, write {word}"
    return QueryError(message, offset=token.start, hint=word)


def _flat(kind: type[And | Or], terms: Sequence[Term]) -> tuple[Term, ...]:
    """`(a b) c` means `a b c`."""
    return tuple(inner for term in terms for inner in (term.terms if isinstance(term, kind) else (term,)))
