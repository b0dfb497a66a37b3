"""How much the words of an entry, taken together, sound like each topic: a logistic regression over single words.

Its weights come from scripts/train_topics.py. What it is worth beside the rules: see topics.py.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Iterable, Mapping, Set
from functools import lru_cache
from itertools import repeat
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
    """By topic, how likely it is before a word is read, in log-odds, and what each word adds to that, in tenths."""

    def __init__(self, bias: Mapping[str, float], weights: Mapping[str, Mapping[str, int]], version: str) -> None:
        self.bias = bias
        self.weights = weights
        self.version = version
        self._words = frozenset().union(*weights.values())
        self._tables = tuple(weights.values())
        self._rows: dict[str, tuple[int, ...]] = {}

    def hear(self, words: Set[str]) -> Heard:
        """All topics at once: whole numbers are summed, in whatever order, to the same."""
        known = words & self._words
        sums = map(sum, zip(*map(self._row, known), strict=True)) if known else repeat(0)
        return Heard(known, SCALE / math.sqrt(max(len(words), 1)) / 10, dict(zip(self.bias, sums, strict=False)))

    def likely(self, heard: Heard, least: float) -> set[str]:
        """Topics of so much log-odds or more."""
        share, sums = heard.share, heard.sums
        return {topic for topic, bias in self.bias.items() if bias + share * sums[topic] >= least}

    def score(self, topic: str, heard: Heard) -> float:
        """Log-odds of the topic, all words taken together."""
        return self.bias[topic] + heard.share * heard.sums[topic]

    def told(self, topic: str, heard: Heard) -> dict[str, float]:
        """What each of the words adds to the score, or takes."""
        weights = self.weights[topic]
        return {word: weights[word] * heard.share for word in heard.words & weights.keys()}

    def _row(self, word: str) -> tuple[int, ...]:
        """Its weights for all topics. Few of the known words are ever met, so none is made before it is."""
        row = self._rows.get(word)
        if row is None:
            row = self._rows[word] = tuple(table.get(word, 0) for table in self._tables)
        return row


class Heard(NamedTuple):
    """The words of an entry that the model knows."""

    words: Set[str]
    share: float
    """What a tenth of a weight says: the more words the entry has, the less."""
    sums: Mapping[str, int]
    """By topic, the weights of all these words."""


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
        end = round(_READ * part.density)
        words.update(map(stem, set(_LATIN.findall(part.key, 0, end)) - _STOP))
        for run in () if part.key.isascii() else _HAN.findall(part.key, 0, end):
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
