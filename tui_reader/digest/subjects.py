"""What the parts of a text are about: stories name different people and things, chapters come back to the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

_NAME = re.compile(
    r"(?:(?<=[^\W_] )|(?<=[,;、，’)] )|(?<=[㐀-鿿、，]))[A-Z][A-Za-z0-9]+(?:[-.][A-Za-z0-9]+)*"
    r"|(?<=[《「『])[^》」』\n]{2,12}(?=[》」』])"
)
"""A word in capitals that does not begin a sentence, or what stands in Chinese quotation marks."""

_COMMON = frozenset(
    ["ai", "ceo", "cto", "api", "us", "usa", "uk", "eu",
     "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
     "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
)  # fmt: skip
"""Names that say nothing about a subject."""

_WORD = re.compile(r"[A-Za-z]{5,}")
_HAN = re.compile(r"[㐀-鿿]{2,}")


def names(text: str) -> frozenset[str]:
    """Of Chinese, which has no capitals: whatever comes twice."""
    twice = (pair for pair, count in Counter(_pairs(text)).items() if count > 1)
    return frozenset(found.casefold() for found in _NAME.findall(text)).union(twice) - _COMMON


def words(text: str) -> frozenset[str]:
    """Those of five letters or more; of Chinese, which has no spaces, every two characters."""
    return frozenset(found.casefold() for found in _WORD.findall(text)).union(_pairs(text))


def _pairs(text: str) -> Iterator[str]:
    return (one + other for run in _HAN.findall(text) for one, other in pairwise(run))


def sameness(parts: Sequence[frozenset[str]]) -> float:
    """How likely another part has what one part has: 0 if all differ, 1 if all are alike."""
    counts = Counter(each for part in parts for each in part).values()
    total = sum(counts) * (len(parts) - 1)
    return sum(count * (count - 1) for count in counts) / total if total else 0.0


def spread(title: frozenset[str], parts: Sequence[frozenset[str]]) -> float:
    """The share of parts that have the commonest word of the title: small if it tells one story of several."""
    return max((sum(word in part for part in parts) for word in title), default=0) / len(parts)
