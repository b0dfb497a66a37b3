"""Highlights of other programs are read as what they are, and hostile files do no harm."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_vault import made, wild

from tui_reader.clippings import FORMS, Form, read_clippings
from tui_reader.errors import FileError
from tui_reader.export import annotation_lines, csv_text
from tui_reader.model import Clipping

KINDLE = """\ufeffThe Chip War (Doe, Jane)
- Your Highlight on page 12 | location 170-172 | Added on Sunday, 1 March 2026 10:12:13

Memory is the bottleneck.
==========
The Chip War (Doe, Jane)
- Your Note on page 12 | location 172 | Added on Sunday, 1 March 2026 10:13:00

Check this — in May.
==========
The Chip War (Doe, Jane)
- Your Bookmark on page 99 | location 1500 | Added on Sunday, March 1, 2026 10:12:13 AM


==========
三体（典藏版） (刘慈欣)
- 您在第 12 页（位置 #170-172）的标注 | 添加于 2026年3月1日星期日 下午10:12:13

给岁月以文明
==========
三体（典藏版） (刘慈欣)
- 您在位置 #171 的笔记 | 添加于 2026年3月1日星期日 下午10:14:13

名句
==========
Krieg der Chips
- Ihre Markierung bei Position 5-6 | Hinzugefügt am Sonntag, 1. März 2026 10:12:13

Speicher ist knapp.
==========
""".replace("\n", "\r\n")


def read(text: str, form: Form | None = None) -> tuple[Clipping, ...]:
    return read_clippings(text.encode(), name="file", form=form)[0]


def test_a_kindle() -> None:
    found, skipped = read_clippings(KINDLE.encode(), name="My Clippings.txt")
    moment = datetime(2026, 3, 1, 10, 12, 13, tzinfo=UTC)
    assert found == (
        Clipping(
            "Kindle",
            "Memory is the bottleneck.",
            note="Check this — in May.",
            title="The Chip War",
            author="Doe, Jane",
            made_at=moment,
        ),
        Clipping(
            "Kindle",
            "给岁月以文明",
            note="名句",
            title="三体（典藏版）",
            author="刘慈欣",
            made_at=moment.replace(hour=22),
        ),
        Clipping("Kindle", "Speicher ist knapp.", title="Krieg der Chips"),
    )
    assert len(skipped) == 1
    assert "bookmark" in skipped[0]


def test_readwise_in_the_layout_that_it_imports() -> None:
    text = (
        "Highlight,Title,Author,URL,Note,Location,Date\r\n"
        '"He said ""no"",\nthen left.",A title,Mei,https://news.example/a,'
        ".export-control .hbm why?,120,2026-03-02 09:30:00\r\n"
        "'=1+1,,,javascript:alert(1),,,yesterday\r\n"
        ",,,,,,\r\n,No quote,,,,,\r\n"
    )
    found, skipped = read_clippings(text.encode(), name="file")
    assert found == (
        Clipping(
            "Readwise",
            'He said "no",\nthen left.',
            note="why?",
            tags=("export-control", "hbm"),
            title="A title",
            author="Mei",
            url="https://news.example/a",
            made_at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
        ),
        Clipping("Readwise", "=1+1"),
    )
    assert skipped == ("line 6: no highlight",)


def test_readwise_in_the_layout_that_it_exports() -> None:
    text = (
        "Highlight,Book Title,Book Author,Amazon Book ID,Note,Color,Tags,Location Type,Location,Highlighted at,"
        "Document tags\n"
        'Quote,Book,Doe,B0,My note,yellow,"a, b c",page,7,2026-03-02 09:30:00+08:00,x\n'
    )
    (only,) = read(text)
    assert (only.title, only.author, only.note, only.tags) == ("Book", "Doe", "My note", ("a", "b c"))
    assert only.made_at == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def annotation(**more: object) -> dict[str, object]:
    selector = [
        {"type": "RangeSelector", "startContainer": "/p[1]"},
        {"type": "TextQuoteSelector", "exact": "the quote", "prefix": "before ", "suffix": " after"},
    ]
    return {
        "id": "abc",
        "uri": "https://news.example/a",
        "text": "My *note*",
        "tags": ["hbm", "two words"],
        "created": "2026-03-02T09:30:00.123456+00:00",
        "document": {"title": ["A title"]},
        "target": [{"source": "https://news.example/a", "selector": selector}],
        **more,
    }


@pytest.mark.parametrize("key", ["rows", "annotations", ""])
def test_hypothesis(key: str) -> None:
    page_note = annotation(target=[{"source": "https://news.example/a"}])
    listed = [annotation(), page_note, "no annotation"]
    found, skipped = read_clippings(json.dumps({key: listed} if key else listed).encode(), name="file")
    assert found == (
        Clipping(
            "Hypothesis",
            "the quote",
            note="My *note*",
            tags=("hbm", "two words"),
            title="A title",
            url="https://news.example/a",
            prefix="before ",
            suffix=" after",
            made_at=datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC),
        ),
    )
    assert skipped == ("annotation 2: no quote", "annotation 3: no quote")


def test_our_own_annotations_come_back() -> None:
    one = made("The quote", id="abcd234567", note="why?", tags=("two words",), kind="claim")
    (back,) = read("".join(f"{line}\n" for line in annotation_lines([one])))
    assert (back.id, back.quote, back.note, back.tags, back.kind) == (
        one.id,
        "The quote",
        "why?",
        ("two words",),
        "claim",
    )
    assert (back.title, back.url, back.made_at) == ("Title", "https://news.example/a", one.made_at)


def test_our_own_csv_comes_back() -> None:
    one = made("=SUM(A1)\n\nsecond", note="- a list\n- of two", tags=("two words",))
    (back,) = read(csv_text([one]))
    assert (back.quote, back.note, back.tags) == ("=SUM(A1)\n\nsecond", "- a list\n- of two", ("two-words",))


def test_files_of_windows() -> None:
    assert read_clippings("Highlight,Title\r\nQuote,T\r\n".encode("utf-16"), name="x")[0][0].quote == "Quote"


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"", "neither"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"caf\xe9", "UTF-8"),
        (b"%PDF-1.7", "neither"),
        (b"[" * 100_000, "JSON|brackets"),
        (b'{"rows": ', "JSON"),
        (b'{"a": ' + b"9" * 5000 + b"}", "JSON|digits"),
        (b"Highlight\n" + b"x" * 200_000, "line 2"),
        (b"a\n==========\nb\n==========\n", "Kindle"),
    ],
)  # fmt: skip
def test_files_that_are_none(data: bytes, named: str) -> None:
    with pytest.raises(FileError, match=named) as raised:
        read_clippings(data, name="given.txt")
    assert "given.txt" in str(raised.value)


def test_a_cell_that_is_never_closed_ends_with_the_file() -> None:
    assert [each.quote for each in read('Highlight,Title\r\nQuote,T\r\n"open')] == ["Quote", "open"]


nasty = st.text(st.one_of(st.characters(), st.sampled_from('"\\,\n\r{}[]:=-|\x00\x1b\ufeff')))


@pytest.mark.parametrize("form", FORMS)
@given(st.one_of(st.binary(max_size=300), nasty.map(lambda text: text.encode("utf-8", "surrogatepass"))))
@settings(max_examples=100, deadline=None)
def test_no_file_is_a_surprise(form: Form, data: bytes) -> None:
    for asked in (form, None):
        try:
            found, skipped = read_clippings(data, name="file", form=asked)
        except FileError:
            continue
        assert all(isinstance(each, Clipping) for each in found)
        assert all(isinstance(each, str) for each in skipped)


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), wild),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(wild, inner, max_size=3)),
    max_leaves=8,
)
keys_of_annotations = st.sampled_from(
    ["uri", "text", "tags", "created", "document", "target", "body", "type", "id", "selector", "exact", "title"]
)


@given(st.dictionaries(keys_of_annotations, json_values, max_size=6), json_values)
@settings(max_examples=200, deadline=None)
def test_whatever_an_annotation_holds_its_clipping_is_clean(more: dict[str, object], selector: object) -> None:
    quote = {"type": "TextQuoteSelector", "exact": "q\x1b[31mu\u202eote\ud800"}
    for value in (annotation(**more), {**annotation(), "target": {"selector": [selector, quote]}, **{"text": more}}):
        for clipping in read(json.dumps(value), "hypothesis"):
            words = [clipping.quote, clipping.note, clipping.title, clipping.url, clipping.prefix, *clipping.tags]
            assert not any(
                re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", word) for word in words
            )
            assert not clipping.url or clipping.url.lower().startswith(("http://", "https://"))
