"""How much the words of an entry, taken together, sound like each topic: a logistic regression over single words.

Its weights come from scripts/train_topics.py. It only adds to, or takes from, what the rules find; see topics.py.
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


class Learned(NamedTuple):
    """By topic, how likely it is before a word is read, in log-odds, and what each word adds to that."""

    bias: Mapping[str, float]
    weights: Mapping[str, Mapping[str, float]]
    words: Set[str]
    """Those that have a weight for any topic: of an entry's words, one in three or fewer."""
    version: str

    def hear(self, words: Set[str]) -> Heard:
        return Heard(words & self.words, SCALE / math.sqrt(max(len(words), 1)))

    def score(self, topic: str, heard: Heard) -> float:
        """Log-odds of the topic, all words taken together."""
        return self.bias[topic] + heard.share * sum(map(self.weights[topic].get, heard.words, repeat(0.0)))

    def told(self, topic: str, heard: Heard) -> dict[str, float]:
        """What each of the words adds to the score, or takes."""
        weights = self.weights[topic]
        return {word: weights[word] * heard.share for word in heard.words & weights.keys()}


class Heard(NamedTuple):
    """The words of an entry that the model knows."""

    words: Set[str]
    share: float
    """What each says: the more words the entry has, the less."""


NOTHING_LEARNED = Learned({}, {}, frozenset(), "")


def read_weights(text: str, version: str) -> Learned:
    """The file that the script writes: a line a topic, `topic bias | word weight, word weight …`."""
    bias: dict[str, float] = {}
    weights: dict[str, dict[str, float]] = {}
    for line in text.splitlines():
        if line and line[0] != "#":
            head, _, tail = line.partition(" | ")
            topic, start = head.split()
            bias[topic] = float(start)
            pairs = (pair.split(" ") for pair in tail.split(", "))
            weights[topic] = {word: float(weight) for word, weight in pairs}
    return Learned(bias, weights, frozenset().union(*weights.values()), version)


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
