"""An entry as the rules see it: title and text, each with its hits, sentences and furniture."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from itertools import accumulate
from typing import Literal

from tui_reader.tagging.context import furniture
from tui_reader.tagging.matching import Hit, Matcher, keyed, longest

CLAIMS = frozenset({"names", "products", "weak", "vague", "platforms", "speakers", "people", "tickers"})
"""Roles of phrases that claim to be a company; of overlapping ones only the longest counts."""

_SENTENCE = re.compile(r"[.!?][\"'”’)\]]*\s+|[。！？；;\n]+")
_HAN = re.compile("[一-鿿]")
_NOTHING: Mapping[str, list[Hit]] = {}


class Part:
    """Title or text."""

    def __init__(self, where: Literal["title", "text"], text: str, matcher: Matcher) -> None:
        self.where = where
        self.text = text
        self.density = 0.35 if _is_chinese(text[:400]) else 1.0
        """How many characters the text needs for what English says in one."""
        self.reach = round(130 * self.density)
        """How many characters away another word is still close by."""
        self._sentences = [match.end() for match in _SENTENCE.finditer(text)]
        key = keyed(text)
        masked = _Spans(furniture(key))
        hits = [hit for hit in matcher.find(text, key) if not masked.cover(hit.start, hit.end)]
        claims = _unless("never", [hit for hit in hits if hit.phrase.role in CLAIMS], hits)
        self.claims = list(longest(claims))
        self._others: dict[str, dict[str, list[Hit]]] = {}
        for hit in _unless("never cue", [hit for hit in hits if hit.phrase.role not in CLAIMS], hits):
            self._others.setdefault(hit.phrase.role, {}).setdefault(hit.phrase.slug, []).append(hit)

    def by_slug(self, role: str) -> Mapping[str, list[Hit]]:
        """Hits of a role that claims no company (near, against, cues, hints, word), in order of their ends."""
        return self._others.get(role, _NOTHING)

    def sentence(self, offset: int) -> int:
        """The number of the sentence an offset lies in."""
        return bisect_right(self._sentences, offset)

    def is_close(self, hit: Hit, others: list[Hit]) -> bool:
        """True if one of the others, which are in order of their ends, is within reach and apart from the hit."""
        first = bisect_left(others, hit.start - self.reach, key=_end)
        for other in others[first : first + 9]:
            if other.end <= hit.start or hit.end <= other.start <= hit.end + self.reach:
                return True
        return False


class Page:
    """Both parts of an entry."""

    def __init__(self, title: str, text: str, matcher: Matcher) -> None:
        self.title = Part("title", title, matcher)
        self.text = Part("text", text, matcher)
        self.parts = (self.title, self.text)

    def has(self, role: str, slug: str) -> bool:
        """True if either part has such a hit."""
        return any(slug in part.by_slug(role) for part in self.parts)

    def is_close(self, part: Part, hit: Hit, role: str, slug: str) -> bool:
        """True if such a hit is near by. The title is near to all of the text, the lead of the text to the title."""
        here = part.by_slug(role).get(slug)
        if here and part.is_close(hit, here):
            return True
        if part is self.text:
            return slug in self.title.by_slug(role)
        return any(self.is_lead(hit) for hit in self.text.by_slug(role).get(slug, [])[:1])

    def is_lead(self, hit: Hit) -> bool:
        """True for what the text says first."""
        return hit.start <= 2 * self.text.reach


class _Spans:
    """Answers in logarithmic time whether one of many spans covers another."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._furthest = list(accumulate((end for _, end in ordered), max))

    def cover(self, start: int, end: int) -> bool:
        before = bisect_right(self._starts, start)
        return before > 0 and self._furthest[before - 1] >= end


def _unless(role: str, hits: list[Hit], vetoes: list[Hit]) -> list[Hit]:
    spans = [(hit.start, hit.end) for hit in vetoes if hit.phrase.role == role]
    if not spans:
        return hits
    vetoed = _Spans(spans)
    return [hit for hit in hits if not vetoed.cover(hit.start, hit.end)]


def _end(hit: Hit) -> int:
    return hit.end


def _is_chinese(text: str) -> bool:
    return not text.isascii() and len(_HAN.findall(text)) * 4 > len(text)
