"""Prints how well the tagger does on a labelled JSON Lines file, by language and by kind of tag.

    python scripts/tagging_report.py tests/data/tagging-sentences.jsonl [--errors] [--topics] [--without]

A line has id, lang, title, text, companies_primary, companies_mentioned, topics, and may have hard_negative.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tui_reader.model import Tag
from tui_reader.tagging import Tagger, court, load_taxonomy, page


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--errors", action="store_true", help="list every company that is wrong or missing")
    parser.add_argument("--topics", action="store_true", help="list every topic that is wrong or missing")
    parser.add_argument("--without", action="store_true", help="how it does without each class of rule")
    arguments = parser.parse_args()
    started = time.perf_counter()
    tagger = Tagger(load_taxonomy())
    print(f"loaded in {(time.perf_counter() - started) * 1000:.0f} ms, taxonomy {tagger.taxonomy.version}")
    items = [json.loads(line) for line in arguments.file.read_text(encoding="utf-8").splitlines() if line.strip()]
    started = time.perf_counter()
    results = [(item, tagger.tag(item["title"], item["text"])) for item in items]
    spent = time.perf_counter() - started
    size = sum(len(item["title"]) + len(item["text"]) for item in items)
    print(f"{len(items)} items, {spent / len(items) * 1000:.2f} ms each, {spent / size * 2048 * 1000:.2f} ms per 2 KB")
    report(results)
    if arguments.without:
        report_without(items)
    if arguments.errors:
        list_errors(results, "company")
    if arguments.topics:
        list_errors(results, "topic")
    return 0


def report(results: list[tuple[dict[str, Any], tuple[Tag, ...]]]) -> None:
    for kind in ("company", "topic"):
        for lang in ("", *sorted({item["lang"] for item, _ in results})):
            some = [(item, tags) for item, tags in results if lang in ("", item["lang"])]
            print(f"{kind:8} {lang or 'all':4} {score((gold(i, kind), found(t, kind)) for i, t in some)}")
    chosen = [
        (set(i["companies_primary"]), found((t for t in tags if t.salience == "primary"), "company"))
        for i, tags in results
    ]
    print(f"primary  all  {score(chosen)}")
    hard = [(item, tags) for item, tags in results if item.get("hard_negative")]
    false = [slug for item, tags in hard for slug in found(tags, "company") - gold(item, "company")]
    print(f"false companies on {len(hard)} hard negatives: {len(false)} {' '.join(false)}")
    by_rule(results)
    by_topic(results)


WITHOUT: dict[str, Callable[[ExitStack], object]] = {
    "all rules": lambda stack: None,
    "people": lambda stack: _no(stack, "is_person", "is_called", "has_age"),
    "namesakes": lambda stack: stack.enter_context(patch.object(page, "_namesake", lambda phrase: ())),
    "figures of speech": lambda stack: _no(stack, "is_figure"),
    "compounds, places, sponsors": lambda stack: _no(stack, "is_compound", "is_sponsor"),
    "what something runs on": lambda stack: _no(stack, "is_host"),
    "credits": lambda stack: stack.enter_context(patch.object(page.Part, "is_credit", lambda part, start: False)),
    "sources": lambda stack: _no(stack, "is_source"),
    "places of posts": lambda stack: _no(stack, "is_place_of_post"),
    "furniture": lambda stack: stack.enter_context(patch.object(page, "furniture", lambda key: [])),
    "words against": lambda stack: _court(stack, "_opponent", ""),
    "phrases that veto": lambda stack: stack.enter_context(patch.object(page.Spans, "cover", lambda *span: False)),
    "English within Chinese": lambda stack: stack.enter_context(
        patch.object(court, "_is_foreign", lambda claim: False)
    ),
    "words near by": lambda stack: _court(stack, "_close", ""),
    "lists of names": lambda stack: stack.enter_context(patch.object(court, "_is_listed", lambda *claims: False)),
    "backing of the entry": lambda stack: _court(stack, "_backing", ""),
    "AI, business, assistants": lambda stack: _court(stack, "_home", ""),
    "weak names at all": lambda stack: _court(stack, "support", "", keep=court.STRONG),
    "rejected names as signs": lambda stack: stack.enter_context(patch.object(page.Part, "rejected", frozenset())),
}
"""Classes of rules, and how to switch each off."""


def report_without(items: list[dict[str, Any]]) -> None:
    print("without".ljust(28), "companies     en     zh  false on hard   topics")
    for name, switch_off in WITHOUT.items():
        with ExitStack() as stack:
            switch_off(stack)
            tagger = Tagger(load_taxonomy())
            results = [(item, tagger.tag(item["title"], item["text"])) for item in items]
        ones = [_f1(results, "company", lang) for lang in ("", "en", "zh")]
        false = sum(len(found(t, "company") - gold(i, "company")) for i, t in results if i.get("hard_negative"))
        print(name.ljust(28), "   ".join(f"{one:.3f}" for one in ones), f"{false:10}      {_f1(results, 'topic'):.3f}")


def _f1(results: list[tuple[dict[str, Any], tuple[Tag, ...]]], kind: str, lang: str = "") -> float:
    some = [(item, tags) for item, tags in results if lang in ("", item["lang"])]
    return float(score((gold(i, kind), found(t, kind)) for i, t in some).split()[1])


def _no(stack: ExitStack, *rules: str) -> None:
    for rule in rules:
        stack.enter_context(patch.object(court, rule, lambda *where, **how: False))


def _court(stack: ExitStack, method: str, answer: str, *, keep: frozenset[str] = frozenset()) -> None:
    old = getattr(court.Court, method)

    def heard(self: Any, claim: Any, *rest: Any) -> str:
        return str(old(self, claim, *rest)) if getattr(claim, "role", "") in keep else answer

    stack.enter_context(patch.object(court.Court, method, heard))


def score(pairs: Iterable[tuple[set[str], set[str]]]) -> str:
    right = wrong = missing = 0
    for expected, got in pairs:
        right += len(expected & got)
        wrong += len(got - expected)
        missing += len(expected - got)
    f1 = 2 * right / max(1, 2 * right + wrong + missing)
    return f"F1 {f1:.3f}  right {right}  wrong {wrong}  missing {missing}"


def gold(item: dict[str, Any], kind: str) -> set[str]:
    return set(item["topics"]) if kind == "topic" else {*item["companies_primary"], *item["companies_mentioned"]}


def found(tags: Iterable[Tag], kind: str) -> set[str]:
    return {tag.slug for tag in tags if tag.kind == kind}


def by_rule(results: list[tuple[dict[str, Any], tuple[Tag, ...]]]) -> None:
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for item, tags in results:
        for tag in tags:
            rules = "+".join(sorted({evidence.rule for evidence in tag.evidence}))
            (right if tag.slug in gold(item, tag.kind) else wrong)[f"{tag.kind} by {rules}"] += 1
    for rules in sorted(right | wrong):
        print(f"  {rules:40} right {right[rules]:4} wrong {wrong[rules]:4}")


def by_topic(results: list[tuple[dict[str, Any], tuple[Tag, ...]]]) -> None:
    counts: dict[str, Counter[str]] = {}
    for item, tags in results:
        expected, got = gold(item, "topic"), found(tags, "topic")
        for slug in expected | got:
            verdict = "right" if slug in expected & got else "wrong" if slug in got else "missing"
            counts.setdefault(slug, Counter())[verdict] += 1
    for slug, count in sorted(counts.items()):
        print(f"  {slug:22} right {count['right']:3} wrong {count['wrong']:3} missing {count['missing']:3}")


def list_errors(results: list[tuple[dict[str, Any], tuple[Tag, ...]]], kind: str) -> None:
    for item, tags in results:
        expected, got = gold(item, kind), found(tags, kind)
        if expected != got:
            why = {tag.slug: [e.alias for e in tag.evidence] for tag in tags if tag.slug in got - expected}
            print(f"{item['id']} {item['title'][:50]!r} missing {sorted(expected - got)} wrong {why}")


if __name__ == "__main__":
    sys.exit(main())
