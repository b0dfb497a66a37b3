"""Extraction finds the article of a page and keeps its structure; what is no page is an error in words."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tui_reader.clean import clean_html
from tui_reader.doc import build_doc
from tui_reader.errors import ParseError
from tui_reader.extract import extract

PAGE = Path(__file__).parent / "data/html/page.html"
URL = "https://harbor.example/blog/tern-2"


def test_the_article_of_a_page() -> None:
    found = extract(PAGE.read_bytes(), url=URL)
    assert found.title == "Tern 2 runs on a single card"
    assert found.author == "Mina Okafor"
    assert found.published_at == datetime(2026, 7, 14, tzinfo=UTC)


def test_the_structure_is_kept_and_the_page_around_it_is_not() -> None:
    doc = build_doc(clean_html(extract(PAGE.read_bytes(), url=URL).html, base=URL))
    blocks = [(block.kind, block.marker, doc.text[block.start : block.end]) for block in doc.blocks]
    assert ("heading", "", "How to try it") in blocks
    assert ("item", "2.", "Run it with a prompt of your own.") in blocks
    assert ("item", "•", "A card with 48 GB of memory") in blocks
    assert ("code", "", "pip install tern\ntern serve --model tern-2") in blocks
    assert ("table", "", "Model\tMemory\tSpeed\nTern 1\t96 GB\t41\nTern 2\t44 GB\t97") in blocks
    assert any("Set tern_cache to a fast disk" in text for _, _, text in blocks)
    assert not re.search("Cookie|Careers|Related stories|©", doc.text)
    spans = {(span.kind, doc.text[span.start : span.end], span.href) for span in doc.spans}
    assert ("link", "the paper", "https://harbor.example/papers/tern-2.pdf") in spans
    assert ("code", "tern_cache", "") in spans
    assert ("strong", "half the memory", "") in spans


def test_a_chinese_page_whose_charset_only_its_markup_names() -> None:
    paragraphs = "".join(
        f"<p>北辰智能在第{n}季度发布了新一代模型，价格比上一代低了三成，开发者可以申请试用。</p>" for n in "一二三四"
    )
    page = f'<html><head><meta charset="gb2312"><title>新模型</title></head><body>{paragraphs}</body></html>'
    found = extract(page.encode("gb2312"), url="https://beichen.example/")
    assert build_doc(found.html).text.startswith("北辰智能在第一季度发布了新一代模型")


@pytest.mark.parametrize(
    "page", [b"", b"\x00\xff\xfe", "", "no markup", b"<html></html>", "<" * 5_000, b"%PDF-1.7\n\x93\x8c"]
)
def test_a_page_without_an_article_is_an_error(page: bytes | str) -> None:
    with pytest.raises(ParseError, match=r"https://harbor\.example/blog/tern-2"):
        extract(page, url=URL)


def test_real_pages_are_extracted_well() -> None:
    pages = Path(__file__).parents[1] / "../shared/corpus/pages"
    if not pages.is_dir():
        pytest.skip("the corpus of real pages is not here")
    for name in ("ars-1", "bbc-1", "gitlab-blog", "heise", "medium-1", "v8-blog"):
        found = extract((pages / f"readability-{name}.source.html").read_bytes(), url=URL)
        expected = (pages / f"readability-{name}.expected.html").read_text(encoding="utf-8")
        assert likeness(text_of(found.html), text_of(expected)) > 0.95, name


def text_of(html: str) -> str:
    return build_doc(clean_html(html, base=URL)).text


def likeness(one: str, other: str) -> float:
    """The F1 measure of the words."""
    first, second = Counter(re.findall(r"\w+", one)), Counter(re.findall(r"\w+", other))
    return 2 * (first & second).total() / (first.total() + second.total())
