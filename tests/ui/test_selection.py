"""Selecting by offsets alone: what a unit is, and that growing and shrinking undo each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_reader.doc import Doc, build_doc, text_doc
from tui_reader.ui.selection import (
    Selection,
    Unit,
    cycle_unit,
    drag,
    move,
    reach,
    select,
    span_of,
    swap_ends,
    widen,
)

UNITS: tuple[Unit, ...] = ("sentence", "word", "character", "paragraph")
PAGE = build_doc(
    "<h2>Prices rise</h2><p>Cards cost $4,100 now. That's 12.5% more! <b>Nobody</b> waits.</p>"
    "<p>英伟达的H20停产了。阿里云表示：“没有库存”，百度也一样。</p>"
    "<ul><li>First point. It has two.</li><li>Second point.</li></ul>"
    "<table><tr><th>Card</th><th>Price</th></tr><tr><td>H20 PCIe</td><td>12 万元</td></tr></table>"
    "<pre><code>def f(x):\n    return x + 1\n</code></pre>"
    "<p>An e\u0301migre\u0301 👨‍👩‍👧 came.</p>"
)


def at(words: str, unit: Unit, doc: Doc = PAGE) -> Selection:
    found = select(doc, doc.text.index(words), unit)
    assert found is not None
    return found


def text(selection: Selection | None, doc: Doc = PAGE) -> str:
    assert selection is not None
    return doc.text[selection.start : selection.end]


@pytest.mark.parametrize(
    ("words", "unit", "expected"),
    [
        ("cost", "sentence", "Cards cost $4,100 now."),
        ("4,100", "word", "4,100"),
        ("That's", "word", "That's"),
        ("12.5", "word", "12.5%"),
        ("cost", "character", "c"),
        ("cost", "paragraph", "Cards cost $4,100 now. That's 12.5% more! Nobody waits."),
        ("阿里云", "sentence", "阿里云表示：“没有库存”，百度也一样。"),
        ("阿里云", "word", "阿里云表示"),
        ("达的", "word", "英伟达的"),
        ("H20停产", "word", "H20"),
        ("停产", "character", "停"),
        ("It has", "sentence", "It has two."),
        ("Second", "paragraph", "Second point."),
        ("PCIe", "sentence", "H20 PCIe"),
        ("return", "sentence", "return x + 1"),
        ("def", "paragraph", "def f(x):\n    return x + 1"),
        ("émigré", "word", "émigré"),
        ("👨", "character", "👨‍👩‍👧"),
    ],
)
def test_what_a_unit_is(words: str, unit: Unit, expected: str) -> None:
    assert text(at(words, unit)) == expected


def test_at_the_end_of_the_text_the_last_unit_is_taken() -> None:
    assert text(select(PAGE, len(PAGE.text), "word")) == "came"
    assert select(text_doc(""), 0, "sentence") is None


def test_sentences_grow_over_paragraphs_items_cells_and_code() -> None:
    taken = [text(selection := at("Nobody waits", "sentence"))]
    for _ in range(10):
        selection = move(PAGE, selection, "sentence", forward=True)
        taken.append(text(selection))
    endings = ["waits.", "停产了。", "百度也一样。", "First point.", "It has two.", "Second point.", "Card", "Price"]
    endings += ["H20 PCIe", "12 万元", "def f(x):"]
    assert [each.endswith(ending) for each, ending in zip(taken, endings, strict=True)] == [True] * 11


def test_an_end_that_can_shrink_no_further_turns() -> None:
    selection = at("That's", "sentence")
    before = move(PAGE, selection, "sentence", forward=False)
    assert text(before) == "Cards cost $4,100 now. That's 12.5% more!"
    assert before.backward
    back = move(PAGE, before, "sentence", forward=True)
    assert text(back) == text(selection)
    assert text(move(PAGE, back, "sentence", forward=True)).endswith("Nobody waits.")


def test_with_its_ends_swapped_the_start_moves() -> None:
    selection = swap_ends(at("Nobody", "sentence"))
    assert selection.head == selection.start
    shorter = move(PAGE, selection, "word", forward=True)
    assert text(shorter) == "waits."
    assert text(move(PAGE, shorter, "character", forward=False)) == "y waits."


def test_the_unit_cycles_and_takes_less_until_something_was_moved() -> None:
    selection = at("waits", "sentence")
    units = [(selection := cycle_unit(PAGE, selection)).unit for _ in range(3)]
    assert units == ["word", "character", "sentence"]
    assert text(cycle_unit(PAGE, at("waits", "sentence"))) == "waits"
    grown = move(PAGE, at("That's", "sentence"), "sentence", forward=True)
    assert text(cycle_unit(PAGE, grown)) == text(grown)
    assert cycle_unit(PAGE, grown).unit == "word"


def test_it_is_widened_to_whole_paragraphs_and_reaches_a_match() -> None:
    grown = move(PAGE, at("Nobody", "sentence"), "sentence", forward=True)
    wide = widen(PAGE, grown)
    assert text(wide).startswith("Cards cost")
    assert text(wide).endswith("百度也一样。")
    start = PAGE.text.index("Second")
    assert text(reach(grown, (start, start + 6))).endswith("Second")
    assert text(reach(grown, (0, 6))).startswith("Prices")
    assert reach(grown, (0, 6)).backward


def test_a_match_is_selected_without_the_space_around_it() -> None:
    start = PAGE.text.index(" cost ")
    assert text(span_of(PAGE, start, start + 6)) == "cost"
    assert span_of(PAGE, start, start + 1) is None


def test_dragging_takes_both_characters_in_either_direction() -> None:
    first, last = PAGE.text.index("cost"), PAGE.text.index("now.")
    assert text(drag(PAGE, first, last)) == "cost $4,100 n"
    dragged = drag(PAGE, last, first)
    assert text(dragged) == "cost $4,100 n"
    assert dragged is not None
    assert dragged.backward
    emoji = PAGE.text.index("👨")
    assert text(drag(PAGE, emoji + 1, emoji + 2)) == "👨‍👩‍👧"
    blank = PAGE.text.index("\n\n")
    assert drag(PAGE, blank, blank + 1) is None


# --- whatever the text -----------------------------------------------------------------------------------------------

letters = st.text(alphabet=st.sampled_from("ab 1。，.!\n文中é👧\u200d\u0301'-"), min_size=1, max_size=120)
units = st.sampled_from(UNITS)
steps = st.lists(st.tuples(units, st.booleans(), st.booleans()), max_size=12)


@given(letters, st.integers(0, 130), units, steps)
def test_a_selection_is_never_empty_and_never_begins_or_ends_with_white_space(
    written: str, offset: int, unit: Unit, moves: list[tuple[Unit, bool, bool]]
) -> None:
    doc = text_doc(written)
    selection = select(doc, offset, unit)
    if selection is None:
        return
    for by, forward, swap in moves:
        selection = move(doc, swap_ends(selection) if swap else selection, by, forward=forward)
        assert 0 <= selection.start <= selection.head < selection.end <= len(doc.text)
        assert text(selection, doc) == text(selection, doc).strip()


@given(letters, st.integers(0, 130), units, st.integers(0, 4), st.booleans())
def test_growing_and_shrinking_undo_each_other(
    written: str, offset: int, unit: Unit, grown: int, forward: bool
) -> None:
    doc = text_doc(written)
    selection = select(doc, offset, unit)
    if selection is None:
        return
    if not forward:
        selection = swap_ends(selection)
    for _ in range(grown):
        selection = move(doc, selection, unit, forward=forward)
    more = move(doc, selection, unit, forward=forward)
    back = move(doc, more, unit, forward=not forward)
    if (more.start, more.end) != (selection.start, selection.end):
        assert (back.start, back.end) == (selection.start, selection.end)


@given(letters, st.integers(0, 130), st.integers(0, 130))
def test_a_drag_holds_what_was_dragged_over(written: str, first: int, last: int) -> None:
    doc = text_doc(written)
    low, high = sorted((first, last))
    selection = drag(doc, first, last)
    over = doc.text[low : high + 1].strip()
    if selection is None:
        assert not over
    elif over:
        assert over in text(selection, doc)
