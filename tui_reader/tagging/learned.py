"""How much the words of an entry, taken together, sound like each topic: a logistic regression over single words.

Its weights come from scripts/train_topics.py. What it is worth beside the rules: see topics.py.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from functools import lru_cache
from struct import Struct
from typing import NamedTuple

from tui_reader.tagging.page import Part

_LATIN = re.compile(r"[a-z][a-z0-9]*|[$%]")
_HAN = re.compile("[一-鿿]{2,}")
_ENDINGS = ("ing", "ed", "es", "s", "e")
_READ = 1000
"""Characters of English that are read: what a story is about, it says at its beginning."""
SCALE = 2.5
_STOP = frozenset(re.findall(r"\w+", """
    the a an of to in and is it that for on with as by at from be are was has have its he she they who which this but
    or not than more one had been will would their his her an were also after so can may could about into out up all
    no if there what when says said
"""))  # fmt: skip


class Learned:
    """By topic, how likely it is before a word is read, in log-odds, and what each word adds to that, in tenths.

    Words that add most come first, as in the file.
    """

    def __init__(self, bias: Mapping[str, float], weights: Mapping[str, Mapping[str, int]], version: str) -> None:
        self.bias = bias
        self.weights = weights
        self.version = version
        self._words = frozenset().union(*weights.values())
        self._rows = _Rows(weights.values())

    def __reduce__(self) -> tuple[type[Learned], tuple[object, ...]]:
        """For other processes: what was read, not what is made of it."""
        return Learned, (self.bias, self.weights, self.version)

    def hear(self, words: Set[str]) -> Heard:
        """All topics at once."""
        known = words & self._words
        share = SCALE / math.sqrt(max(len(words), 1)) / 10
        sums = self._rows.taken_apart(sum(map(self._rows.__getitem__, known)))
        topics = zip(self.bias.items(), sums, strict=True)
        return Heard(known, share, {topic: bias + share * (total - _ZERO) for (topic, bias), total in topics})

    def told(self, topic: str, heard: Heard, words: Set[str]) -> float:
        """What some of the words add to the log-odds of the topic, or take."""
        return heard.share * sum(self.weights[topic].get(word, 0) for word in heard.words & words)

    def loudest(self, topic: str, heard: Heard) -> Iterator[str]:
        """The words that speak for the topic, those that say most of it first."""
        for word, weight in self.weights.get(topic, {}).items():
            if weight <= 0:
                return
            if word in heard.words:
                yield word


_ZERO = 1 << 31


class _Rows(dict[str, int]):
    """By word, its weights for all topics side by side in one long number, so that one addition adds them all.

    Few of the known words are ever met, so none is made before it is.
    """

    def __init__(self, tables: Iterable[Mapping[str, int]]) -> None:
        self._tables = tuple(tables)
        self._fields = Struct(f"<{len(self._tables)}I")
        self._zeros = self._together([_ZERO] * len(self._tables))

    def __missing__(self, word: str) -> int:
        row = self[word] = self._together(table.get(word, 0) for table in self._tables)
        return row

    def taken_apart(self, total: int) -> tuple[int, ...]:
        """By topic, above `_ZERO` or below."""
        return self._fields.unpack((total + self._zeros).to_bytes(self._fields.size, "little"))

    def _together(self, weights: Iterable[int]) -> int:
        return sum(weight << 32 * place for place, weight in enumerate(weights))


class Heard(NamedTuple):
    """The words of an entry that the model knows."""

    words: Set[str]
    share: float
    """What a tenth of a weight says: the more words the entry has, the less."""
    scores: Mapping[str, float]
    """Log-odds of each topic, all these words taken together."""


NOTHING_LEARNED = Learned({}, {}, "")


def read_weights(text: str, version: str) -> Learned:
    """The file that the script writes: a line a topic, `topic bias | 23 word word | 22 word | …`."""
    bias: dict[str, float] = {}
    weights: dict[str, dict[str, int]] = {}
    for line in text.splitlines():
        if line and line[0] != "#":
            head, *groups = line.split(" | ")
            topic, start = head.split()
            bias[topic] = float(start)
            own = weights[topic] = {}
            for group in groups:
                tenths, *words = group.split(" ")
                own.update(dict.fromkeys(words, int(tenths)))
    return Learned(bias, weights, version)


def words_of(parts: Iterable[Part], companies: Iterable[str]) -> set[str]:
    """What the model is given: the words of the beginning, and the companies, which are the same in all languages."""
    words = {f"@{slug}" for slug in companies}
    for part in parts:
        opening = part.opening(round(_READ * part.density))
        words.update(map(stem, set(_LATIN.findall(opening)) - _STOP))
        for run in () if opening.isascii() else _HAN.findall(opening):
            words.update(map(operator.add, run, run[1:]))
    return words


def place(word: str, key: str) -> tuple[int, int] | None:
    """Where a word of the model first stands in a `keyed` text."""
    start = key.find(word)
    while start >= 0:
        found = None if word[0] >= "一" else _LATIN.match(key, start)
        end = found.end() if found else start + len(word)
        if word[0] >= "一" or (not key[start - 1 : start].isalnum() and stem(key[start:end]) == word):
            return start, end
        start = key.find(word, start + 1)
    return None


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Without the ending that a plural or a tense gives it."""
    if len(word) > 4:
        for ending in _ENDINGS:
            if word.endswith(ending):
                return word[: -len(ending)]
    return word
