"""How well the tagger does on labelled entries: those in tests/data, and a larger set where it is at hand.

Traps and stories were labelled before the tagger had seen them. Since then they have taught it rules, and the wording
of topics is learnt from them: these bounds say that nothing was lost, not how well it does on what it has never seen.
That is what scripts/train_topics.py --folds tells, and DESIGN.md. All of them are invented test texts: what
they say of real companies and people is no news, and some quotations in them are made up.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tui_reader.model import Tag
from tui_reader.tagging import Tagger, load_taxonomy

OWN = Path(__file__).parent / "data" / "tagging-sentences.jsonl"
TRAPS = Path(__file__).parent / "data" / "tagging-traps.jsonl"
STORIES = Path(__file__).parent / "data" / "tagging-stories.jsonl"
CHINESE = Path(__file__).parent / "data" / "tagging-chinese.jsonl"
HEADLINES = Path(__file__).parent / "data" / "tagging-headlines.jsonl"
"""What feeds of laboratories, of arXiv and of AI dailies carry: often a headline and nothing else."""
UNLEARNT = Path(__file__).parent / "data" / "unlearnt-stories.jsonl"
NAMESAKES = Path(__file__).parent / "data" / "unlearnt-namesakes.jsonl"
LATE = Path(__file__).parent / "data" / "unlearnt-late.jsonl"
"""The wording learns from none of the three. The rules have learnt some names from them, and what is no name."""
SHARED = Path(__file__).parents[1] / "../shared/tagging-dev.jsonl"

Results = list[tuple[dict[str, Any], tuple[Tag, ...]]]


@pytest.fixture(scope="module")
def tag_file() -> Callable[[Path], Results]:
    tagger = Tagger(load_taxonomy())

    def run(path: Path) -> Results:
        items = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return [(item, tagger.tag(item["title"], item["text"])) for item in items]

    return run


SETS = {
    "own": OWN,
    "traps": TRAPS,
    "stories": STORIES,
    "chinese": CHINESE,
    "headlines": HEADLINES,
    "unlearnt": UNLEARNT,
    "namesakes": NAMESAKES,
    "late": LATE,
    "shared": SHARED,
}


@pytest.fixture(params=SETS.values(), ids=SETS)
def results(request: pytest.FixtureRequest, tag_file: Callable[[Path], Results]) -> Results:
    if not request.param.exists():
        pytest.skip(f"{request.param.name} is not at hand")
    return tag_file(request.param)


def gold(item: dict[str, Any], kind: str) -> set[str]:
    return set(item["topics"]) if kind == "topic" else {*item["companies_primary"], *item["companies_mentioned"]}


def found(tags: tuple[Tag, ...], kind: str) -> set[str]:
    return {tag.slug for tag in tags if tag.kind == kind}


def f1(results: Results, kind: str, lang: str = "") -> float:
    right = wrong = missing = 0
    for item, tags in results:
        if lang in ("", item["lang"]):
            expected, got = gold(item, kind), found(tags, kind)
            right, wrong, missing = (
                right + len(expected & got),
                wrong + len(got - expected),
                missing + len(expected - got),
            )
    return 2 * right / (2 * right + wrong + missing)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_companies(results: Results, lang: str, request: pytest.FixtureRequest) -> None:
    # A headline alone often says too little for a name that is also a word: its feed says more, see test_tagging.py.
    assert f1(results, "company", lang) >= (0.95 if "headlines" in request.node.callspec.id else 0.98)


def test_no_false_company_on_hard_negatives(results: Results) -> None:
    hard = [(item, tags) for item, tags in results if item["hard_negative"]]
    if not hard:
        pytest.skip("this set has no hard negatives")
    assert [(item["id"], found(tags, "company") - gold(item, "company")) for item, tags in hard] == [
        (item["id"], set()) for item, _ in hard
    ]


TOPICS = {
    "own": (0.86, 0.92),
    "traps": (0.83, 0.90),
    "stories": (0.94, 0.94),
    "chinese": (0.90, 0.90),
    "headlines": (0.75, 0.84),
    "unlearnt": (0.82, 0.77),
    "namesakes": (0.80, 0.84),
    "late": (0.77, 0.78),
    "shared": (0.86, 0.86),
}
"""The least F1 of topics, in all and in Chinese. Traps are short: a person infers more from them than is there."""


def test_topics(results: Results, request: pytest.FixtureRequest) -> None:
    least, in_chinese = TOPICS[request.node.callspec.id]
    assert f1(results, "topic") >= least
    assert f1(results, "topic", "zh") >= in_chinese


def test_the_report_switches_each_class_of_rule_off(tmp_path: Path) -> None:
    some = tmp_path / "some.jsonl"
    some.write_text("".join(TRAPS.read_text(encoding="utf-8").splitlines(keepends=True)[:40]), encoding="utf-8")
    command = [sys.executable, "scripts/tagging_report.py", str(some), "--without"]
    run = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=True)
    table = run.stdout.partition("\nwithout ")[2].splitlines()[1:]
    assert table[0].startswith("all rules ")
    assert len(table) > 15
    weak = next(line for line in table if line.startswith("weak names at all"))
    assert float(weak.split()[-5]) < float(table[0].split()[-5])


def test_the_own_set_is_large_mixed_and_labelled_with_known_slugs(tag_file: Callable[[Path], Results]) -> None:
    items = [item for item, _ in tag_file(OWN)]
    taxonomy = load_taxonomy()
    assert len(items) >= 200
    assert sum(item["lang"] == "zh" for item in items) >= 80
    assert {slug for item in items for slug in gold(item, "company")} <= taxonomy.companies.keys()
    assert {slug for item in items for slug in gold(item, "topic")} <= taxonomy.topics.keys()
