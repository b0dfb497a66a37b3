"""What is different between two texts, and whether it matters to a reader."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import NOW

from tui_reader.changes import Part, base_of, compare, matters
from tui_reader.model import Version


def shown(old: str, new: str) -> str:
    signs = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(signs[part.kind].format(part.text) for part in compare(old, new))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("One text.", "One text.", "One text."),
        ("The plant opens in March.", "The plant opens in May.", "The plant opens in [-March-]{+May+}."),
        ("", "New.", "{+New.+}"),
        ("Gone.", "", "[-Gone.-]"),
        ("", "", ""),
        ("It costs $1,200 a year.", "It costs $1,500 a year.", "It costs $[-1,200-]{+1,500+} a year."),
        ("Mara doesn't say.", "Mara didn't say.", "Mara [-doesn't-]{+didn't+} say."),
        ("智谱周四开放了权重。", "智谱周五开放了权重。", "智谱周[-四-]{+五+}开放了权重。"),
        ("阿里发布Qwen3模型。", "阿里发布Qwen4模型。", "阿里发布Qwen[-3-]{+4+}模型。"),
        # Words that stayed by luck between others that went are not shown as a mosaic.
        ("He said that it was.", "They wrote on and on.", "[-He said that it was.-]{+They wrote on and on.+}"),
        ("One.\n\nTwo two.\n\nThree.", "One.\n\nThree.", "One.\n\n[-Two two.\n\n-]Three."),
        ("One.\n\nThree.", "One.\n\nTwo two.\n\nThree.", "One.\n\n{+Two two.\n\n+}Three."),
    ],
)  # fmt: skip
def test_words_in_english_and_characters_in_chinese(old: str, new: str, expected: str) -> None:
    assert shown(old, new) == expected


TEXTS = st.text(alphabet="ab 1.，。中文\n", max_size=40)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_made_from_it(old: str, new: str) -> None:
    parts = compare(old, new)
    assert "".join(part.text for part in parts if part.kind != "added") == old
    assert "".join(part.text for part in parts if part.kind != "removed") == new
    assert all(part.text for part in parts)
    assert all(one.kind != two.kind for one, two in pairwise(parts))


@given(TEXTS)
def test_a_text_is_no_change_of_itself(text: str) -> None:
    assert compare(text, text) == ((Part("same", text),) if text else ())
    assert not matters(text, text, ["中", "a"])


@pytest.mark.parametrize(
    ("old", "new", "does"),
    [
        ("The modle is free.", "The model is free.", False),
        ("It costs 5 dollars.", "It costs 6 dollars.", True),
        ("It costs $5.", "It costs €5.", True),
        ("Profit rose 5%.", "Profit rose 5 %.", False),
        ("It sold 5,000 of them.", "It sold 5000 of them.", False),
        ("It raised two billion.", "It raised two million.", True),
        ("The plant opens in March.", "The plant opens in May.", True),
        ("It comes on Monday.", "It comes on Tuesday.", True),
        ("Rivals of Nvidia wait.", "Rivals of AMD wait.", True),
        ("Nvidia waits for AMD.", "AMD waits for Nvidia.", True),
        ("An nvidiator came.", "A robot came.", False),
        ("阿里降价了。", "阿里已经降价了。", False),
        ("阿里降价了。", "百度降价了。", True),
        ("价格是3元。", "价格是5元。", True),
        ("價格是３元。", "价格是3元。", False),
        ("用户有三千万。", "用户有五千万。", True),
        ("他们周四开会。", "他们周五开会。", True),
        ("这是一个模型。", "这是那个模型。", False),
        ("增长了三倍。", "增长了两倍。", True),
    ],
)
def test_numbers_dates_and_names_matter(old: str, new: str, *, does: bool) -> None:
    assert matters(old, new, ["Nvidia", "AMD", "阿里", "百度", " ", "C++ (lab)"]) is does
    assert matters(new, old, ["Nvidia", "AMD", "阿里", "百度"]) is does


def versions(*described: str) -> list[Version]:
    """`feed`, `page`, `feed read` …"""
    return [
        Version(number, "", "", each.split()[0], NOW + timedelta(hours=number), each.endswith("read"))  # type: ignore[arg-type]
        for number, each in enumerate(described, 1)
    ]


@pytest.mark.parametrize(
    ("described", "base"),
    [
        (["feed"], None),
        (["feed", "feed"], 1),
        (["feed", "feed", "feed"], 2),
        (["feed read", "feed", "feed"], 1),
        (["feed", "feed", "feed read"], 2),
        (["feed", "page"], 1),
        (["feed", "page", "feed"], 1),
        (["feed", "page read", "feed"], 1),
        (["page read", "feed", "feed"], 2),
    ],
)
def test_a_text_is_compared_with_the_one_that_was_read_else_with_the_one_before(
    described: list[str], base: int | None
) -> None:
    found = base_of(versions(*described))
    assert (found.id if found else None) == base
