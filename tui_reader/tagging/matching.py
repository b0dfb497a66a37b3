"""Finds every phrase of a taxonomy in a text in one pass, at whole words, and says where exactly.

It knows how names are written (case, hyphens, full width, traditional Chinese), not what they mean.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Generic, Literal, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick, Implementation

from tui_reader.fold import fold


class Phrase(NamedTuple):
    """What to look for, and for whom. A trailing `*` lets the word go on: `deepfake*`."""

    text: str
    role: str
    slug: str
    proper: bool = False
    """Proper names must be written as they are listed, but for coined ones (OpenAI, GPT-4o) and headlines in capitals.
    Other phrases match in any case, but for short acronyms (AI, IPO)."""
    grows: str = ""
    """What may be glued to it: "9" a number (Qwen3), "s" a plural (iPhones), "v" a letter after a number (GPT-4V)."""


class Hit(NamedTuple):
    start: int
    end: int
    phrase: Phrase


T = TypeVar("T")


class Matcher(Generic[T]):
    """An automaton over all phrases. Making it costs some milliseconds: make it once.

    Most spellings belong to many phrases (chips: a cue, and near a dozen companies). `sort` says once, when one is
    first met, what such a group of phrases means; a match then costs the same however many they are. Few are ever met.
    """

    def __init__(self, phrases: Iterable[Phrase], sort: Callable[[tuple[Phrase, ...]], T]) -> None:
        phrases = tuple(phrases)
        # All are folded in one go, because five thousand small calls would take longer than the whole automaton.
        keys = keyed("\n".join(phrase.text for phrase in phrases)).split("\n") if phrases else []
        patterns: dict[str, list[Phrase]] = {}
        for phrase, key in zip(phrases, keys, strict=True):
            for spelling in _spellings(key.rstrip("*"), hyphened="-" in phrase.text and phrase.proper):
                patterns.setdefault(spelling, []).append(phrase)
        self._sort = sort
        self._owners = tuple(patterns.items())
        self._patterns: list[_Pattern[T] | None] = [None] * len(patterns)
        self._automaton = AhoCorasick(patterns, implementation=Implementation.ContiguousNFA, store_patterns=False)

    def find(self, text: str, key: str) -> list[tuple[int, int, T]]:
        """All matches in a text and its `keyed` form, overlapping ones too, in order of their ends.

        `text[start:end]` is what matched.
        """
        found: list[tuple[int, int, T]] = []
        for number, start, end in self._matches(key):
            word_first, word_last, easy, hard = self._patterns[number] or self._pattern(number)
            if word_first and start and key[start - 1] in _WORD:
                continue
            tail = _tail(key, end) if word_last and key[end : end + 1] in _GLUED else ""
            if easy is not None and (not tail or tail == "."):
                found.append((start, end, easy))
            for spelling, meaning in hard:
                if _is_spelled(spelling, text[start:end], key, end, tail):
                    found.append((start, _word_end(key, end) if spelling.open else end, meaning))
        return found

    def _pattern(self, number: int) -> _Pattern[T]:
        key, owners = self._owners[number]
        word_last = key[-1] in _WORD
        easy: list[Phrase] = []
        hard: list[tuple[_Spelling, T]] = []
        for phrase in owners:
            case = _case(phrase)
            is_open = phrase.text[-1] == "*"
            if not case and not is_open and not (word_last and (phrase.proper or phrase.grows)):
                # Neither case nor what is glued to it matters.
                easy.append(phrase)
            else:
                letters = _letters(phrase.text.rstrip("*"))
                hard.append((_Spelling(phrase, case, letters, is_open), self._sort((phrase,))))
        pattern = (key[0] in _WORD, word_last, self._sort(tuple(easy)) if easy else None, tuple(hard))
        self._patterns[number] = pattern
        return pattern

    def _matches(self, key: str) -> list[tuple[int, int, int]]:
        """(number of the pattern, start, end)"""
        try:
            return self._automaton.find_matches_as_indexes(key, overlapping=True)
        except UnicodeEncodeError:
            # Half a pair of surrogates is no text to the automaton.
            return self._automaton.find_matches_as_indexes(_SURROGATE.sub("?", key), overlapping=True)


def keyed(text: str) -> str:
    """The text as it is compared, character by character: folded, with hyphens as spaces."""
    key = fold(text)
    for odd, plain in _PLAIN_ASCII if key.isascii() else _PLAIN:
        key = key.replace(odd, plain)
    return key


def longest(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Leftmost-longest: of overlapping hits only the first and longest. Equal spans all stay."""
    taken: tuple[int, int] = (-1, -1)
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if hit.start >= taken[1] or (hit.start, hit.end) == taken:
            taken = (hit.start, hit.end)
            yield hit


_SURROGATE = re.compile("[\ud800-\udfff]")
_WORD = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_GLUED = _WORD | {"."}
_PLAIN_ASCII = (("-", " "), ("_", " "))
_PLAIN = (*((odd, " ") for odd in "-_·\u2010\u2011\u2012\u2013\u2212\u30fb\u00a0\u2009\u202f"), ("’", "'"))
_DOMAIN = re.compile(r"\.(?:com|cn|org|net|io|ai|app|dev|co|gov|edu|hk|tw)(?![a-z0-9])")


def _tail(key: str, end: int) -> str:
    """What is glued to the right of a word: see Phrase.grows, and "" nothing, "." a domain, "x" more of a word."""
    after = key[end : end + 1]
    if after == ".":
        return "." if _DOMAIN.match(key, end) else ""
    if after.isdigit():
        return "9"
    if key[end + 1 : end + 2] not in _WORD:
        return "s" if after == "s" else "v"
    return "x"


_VERSION = re.compile(r"\d| \d\.\d")


def _version_at(key: str, end: int) -> bool:
    """True for qwen2.5 and claude-3.5, which are sure to be models even in small letters."""
    return bool(_VERSION.match(key, end))


def _word_end(key: str, end: int) -> int:
    while key[end : end + 1] in _WORD:
        end += 1
    return end


def _goes_on(phrase: Phrase, tail: str) -> bool:
    if tail == ".":
        return not phrase.proper
    return tail in phrase.grows and (tail != "v" or phrase.text[-1].isdigit())


_Case = Literal["", "exact", "proper"]
_COINED = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]|[A-Z]{5}|[A-Za-z]\d|\d[A-Za-z]|[A-Z]{2,}-?\d|\w\.[A-Za-z]{2}")


def _case(phrase: Phrase) -> _Case:
    text = phrase.text.rstrip("*")
    if not text.isascii() or text.islower() or not re.search("[A-Z]", text):
        return ""
    if phrase.proper:
        return "" if _COINED.search(text) else "proper"
    return "exact" if text.isupper() and len(text) <= 4 else ""


class _Spelling(NamedTuple):
    phrase: Phrase
    case: _Case
    letters: str
    open: bool
    """Whether the word may go on: see Phrase."""


_Pattern = tuple[bool, bool, T | None, tuple[tuple[_Spelling, T], ...]]
"""Whether it begins and ends with a letter that a word could go on with; what it means where it stands as a word, and
where it must be written in one way."""


def _is_spelled(spelling: _Spelling, surface: str, key: str, end: int, tail: str) -> bool:
    """True if a phrase that reads like the surface is also written like it, and may go on as it does."""
    phrase, case, letters, is_open = spelling
    if tail and not (is_open or _goes_on(phrase, tail)):
        return False
    is_written = not case or surface == phrase.text or _written(surface, letters, case)
    return is_written or bool(phrase.grows and _version_at(key, end))


def _written(surface: str, letters: str, case: _Case) -> bool:
    found = _letters(surface)
    return found == letters or (case == "proper" and len(found) > 3 and found.isupper())


def _letters(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _JOINTS.sub("", text)


_JOINTS = re.compile(r"[\s\-_·\u2010-\u2013\u2212’']")


_JOINT = re.compile(r"(?<=[a-z]{2}) ?(?=\d)|(?<=[a-z0-9]) ?(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff]) ?(?=[a-z0-9])")


def _spellings(key: str, *, hyphened: bool = False) -> Iterator[str]:
    """The keys under which a phrase is looked for: with and without a space where scripts or letter and digit meet.

    Around a name's hyphens machines put spaces: DALL - E, ERNIE- ViLG.
    """
    if hyphened:
        yield key.replace(" ", "  ")
        yield key.replace(" ", "   ")
    is_plain = key.replace(" ", "").isalpha() and (key.isascii() or min(key) >= "\u3400")
    parts = () if is_plain else _JOINT.split(key)
    if not 1 < len(parts) <= 4:
        yield key
        return
    for gaps in product(("", " "), repeat=len(parts) - 1):
        yield parts[0] + "".join(gap + part for gap, part in zip(gaps, parts[1:], strict=True))
