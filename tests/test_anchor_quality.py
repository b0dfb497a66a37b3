"""Highlights in edited articles of the corpus, a sample of what `scripts/anchoring_report.py` measures."""

from __future__ import annotations

import importlib.util
from argparse import Namespace
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "../shared/corpus"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus is not here")
def test_highlights_are_found_again_in_edited_articles_or_not_at_all(capsys: pytest.CaptureFixture[str]) -> None:
    import sys

    spec = importlib.util.spec_from_file_location("anchoring_report", ROOT / "scripts/anchoring_report.py")
    assert spec is not None
    assert spec.loader is not None
    script = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    corpus = script.read_corpus(CORPUS)
    options = Namespace(seed=11, highlights=40, errors=True, alone=False)
    edits = script._edits()
    total = sum((script.report(name, edits[name], corpus, options) for name in edits), Counter())
    assert total["wrong"] == 0, capsys.readouterr().out
    assert total["less wrong"] == 0
    assert total["right"] / total["tried"] > 0.99
