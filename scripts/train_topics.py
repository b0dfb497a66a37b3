"""Learns from labelled texts how the topics sound, and writes tui_reader/tagging/topic_weights.txt.

    uv run --with scikit-learn python scripts/train_topics.py [--folds 5] [FILE…]

It learns from tests/data/tagging-*.jsonl, from topic-examples.txt beside it, and from further files of the same kind as
the former, if any. With --folds it writes nothing and prints how well the tagger does on texts that it has not learnt
from, with the wording and without. Same data, same file.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from tui_reader.tagging import Tagger, load_taxonomy
from tui_reader.tagging.learned import NOTHING_LEARNED, SCALE, Learned, read_weights, words_of
from tui_reader.tagging.page import Page

HERE = Path(__file__).parent
DATA = HERE.parent / "tests" / "data"
TARGET = HERE.parent / "tui_reader" / "tagging" / "topic_weights.txt"

RARE = 2
"""A word must be in so many texts."""
FAINT = 2
"""Tenths of log-odds: weights below are left out."""

Item = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, help="more labelled files")
    parser.add_argument("--folds", type=int, default=0, help="measure instead of writing")
    arguments = parser.parse_args()
    taxonomy = replace(load_taxonomy(), learned=NOTHING_LEARNED)
    tagger = Tagger(taxonomy)
    items = [item for file in (*sorted(DATA.glob("tagging-*.jsonl")), *arguments.files) for item in read(file)]
    items += examples(HERE / "topic-examples.txt")
    words = [heard(tagger, item) for item in items]
    if arguments.folds:
        measure(tagger, items, words, folds=arguments.folds)
        return 0
    text = learn(items, words, list(taxonomy.topics))
    TARGET.write_text(text, encoding="utf-8")
    print(f"{len(items)} texts, {len(text.split())} words, {len(text.encode()) // 1024} KB")
    return 0


def read(file: Path) -> list[Item]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def examples(file: Path) -> Iterator[Item]:
    for line in file.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            topics, _, text = line.partition(" | ")
            yield {"title": "", "text": text, "topics": [] if topics == "-" else topics.split(", "), "written": True}


def heard(tagger: Tagger, item: Item) -> set[str]:
    """The words as the tagger hears them."""
    parts = Page(item["title"], item["text"], tagger.matcher).parts
    companies = [tag.slug for tag in tagger.tag(item["title"], item["text"]) if tag.kind == "company"]
    return words_of(parts, companies)


def learn(items: list[Item], words: list[set[str]], topics: list[str]) -> str:
    """The text of the file."""
    counts = Counter(word for each in words for word in each)
    known = sorted(word for word, count in counts.items() if count >= RARE)
    # Rare words tell more: the matrix says so, and the weights then carry it, so that the tagger need not know.
    telling = np.log((len(items) + 1) / (np.array([counts[word] for word in known]) + 1))
    telling /= telling.mean()
    matrix = _matrix(words, known, telling)
    lines = ["# Made by scripts/train_topics.py: topic, log-odds before a word is read | weight in tenths, words | …"]
    for topic in topics:
        labels = np.array([topic in item["topics"] for item in items])
        # Of rare topics each example counts for more, or they would hardly ever be found.
        heavier = (len(items) / max(1, labels.sum()) / 10) ** 0.5
        model = LogisticRegression(C=20, max_iter=1000).fit(matrix, labels, np.where(labels, heavier, 1))
        tenths = np.round(10 * model.coef_[0] * telling)
        tenths[np.abs(tenths) < FAINT] = 0
        # What is left out and rounded off is made up for on average.
        start = model.intercept_[0] + (matrix @ (model.coef_[0] - tenths / 10 / telling)).mean()
        pairs = [(int(weight), word) for weight, word in zip(tenths, known, strict=True) if weight]
        told = groupby(sorted(pairs, key=lambda pair: (-pair[0], pair[1])), key=lambda pair: pair[0])
        groups = (" ".join((str(weight), *(word for _, word in group))) for weight, group in told)
        lines.append(" | ".join((f"{topic} {start:.2f}", *groups)))
    return "\n".join(lines) + "\n"


def _matrix(words: list[set[str]], known: list[str], telling: np.ndarray) -> csr_matrix:
    column = {word: number for number, word in enumerate(known)}
    cells = [
        (row, column[word], telling[column[word]] * SCALE / max(len(each), 1) ** 0.5)
        for row, each in enumerate(words)
        for word in sorted(each & column.keys())
    ]
    rows, columns, values = zip(*cells, strict=True)
    return csr_matrix((values, (rows, columns)), shape=(len(words), len(known)))


def measure(tagger: Tagger, items: list[Item], words: list[set[str]], *, folds: int) -> None:
    """Each text is tagged by what was learnt from the other folds; the examples only teach."""
    order = sorted(range(len(items)), key=lambda at: hashlib.sha256(items[at]["text"].encode()).digest())
    totals = {"rules": Counter[str](), "with the wording": Counter[str]()}
    for fold in range(folds):
        apart = {at for place, at in enumerate(order) if place % folds == fold and not items[at].get("written")}
        rest = [at for at in range(len(items)) if at not in apart]
        topics = list(tagger.taxonomy.topics)
        learnt = read_weights(learn([items[at] for at in rest], [words[at] for at in rest], topics), "")
        for name, learned in (("rules", NOTHING_LEARNED), ("with the wording", learnt)):
            totals[name] += count(tagger, learned, [items[at] for at in apart])
    for name, total in totals.items():
        f1 = 2 * total["right"] / (2 * total["right"] + total["wrong"] + total["missing"])
        print(f"{name:18} F1 {f1:.3f}  {dict(total)}")


def count(tagger: Tagger, learned: Learned, items: list[Item]) -> Counter[str]:
    other = Tagger(replace(tagger.taxonomy, learned=learned))
    found: Counter[str] = Counter()
    for item in items:
        gold = set(item["topics"])
        got = {tag.slug for tag in other.tag(item["title"], item["text"]) if tag.kind == "topic"}
        found += Counter(right=len(gold & got), wrong=len(got - gold), missing=len(gold - got))
    return found


if __name__ == "__main__":
    sys.exit(main())
