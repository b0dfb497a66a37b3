"""Text for the screen: what is stripped from it, how wide it is, and where its lines break."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import split_graphemes

from tui_reader.ui.text import age, break_lines, cells, column_of, cut_at, fit, number, safe, sparkline

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)

CLOSING = "，。、；：？！）】》”…%,.;:?!)]}"
WORDS = ("Nvidia", "Qwen3", "token", "OpenAI", "GPU", "a", "0.5")
HAN = "英伟达发布新一代加速卡价格下调三成"

pieces = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(HAN),
    st.sampled_from("，。：；（）《》“”"),
    st.sampled_from(["……", "——", " ", " ", "-", "/"]),
)
mixed = st.lists(pieces, max_size=40).map("".join)
anything = st.lists(
    st.one_of(
        st.sampled_from("ab 英伟达，。（）-\n"),
        st.sampled_from(["❤️", "👩‍👩‍👧", "🇨🇳", "👍🏽", "e\u0301", "1️⃣"]),
        st.characters(exclude_categories=("C",)),
    ),
    max_size=40,
).map("".join)
"""Emoji of several characters take two cells, whatever their parts would take."""


def lines_of(text: str, width: int) -> list[str]:
    return [text[start:end] for start, end in break_lines(text, 0, len(text), width=width)]


# --- safe ------------------------------------------------------------------------------------------------------------


def test_safe_takes_away_what_a_terminal_would_obey() -> None:
    assert safe("a\x1b]0;owned\x07b\x9b31mc\x7fd") == "a]0;ownedb31mcd"
    assert safe("left\u202eright\u2066\u2069end") == "leftrightend"
    assert safe("one\ttwo\nthree\u2028four") == "one two three four"
    assert safe("\ud800") == "\ufffd"


@given(st.text(st.characters(exclude_categories=()), max_size=80))
@settings(max_examples=100)
def test_nothing_that_is_safe_is_a_control_character(text: str) -> None:
    shown = safe(text)
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in shown)
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def test_safe_leaves_every_script_and_emoji_alone() -> None:
    text = "Qwen3 通义千问 아리랑 مرحبا é 👩‍💻 ❤️ 1️⃣ 🇨🇳"
    assert safe(text) == text


# --- fit -------------------------------------------------------------------------------------------------------------


@given(anything.map(safe), st.integers(0, 40))
@settings(max_examples=100)
def test_fit_is_exactly_as_wide_as_asked(text: str, width: int) -> None:
    shown = fit(text, width)
    assert cells(shown) == width
    if cells(text) > width > 0:
        assert shown.rstrip().endswith("…")
    elif width:
        assert shown.rstrip(" ") == text.rstrip(" ")


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("Nvidia", 8, "Nvidia  "),
        ("Nvidia ships", 7, "Nvidia…"),
        ("英伟达发布新卡", 6, "英伟… "),
        ("英伟达", 6, "英伟达"),
        ("英", 1, "…"),
        ("any", 0, ""),
    ],
)
def test_fit_cuts_with_an_ellipsis_and_never_halves_a_wide_character(text: str, width: int, shown: str) -> None:
    assert fit(text, width) == shown


# --- break_lines -----------------------------------------------------------------------------------------------------


@given(anything, st.integers(1, 40))
@settings(max_examples=100)
def test_every_character_is_on_one_line_in_order_and_only_spaces_are_on_none(text: str, width: int) -> None:
    spans = list(break_lines(text, 0, len(text), width=width))
    position = 0
    for start, end in spans:
        assert position <= start <= end <= len(text)
        assert not text[position:start].strip(" \n")
        position = end
    assert not text[position:].strip(" \n")
    assert not any("\n" in text[start:end] for start, end in spans)


@given(anything, st.integers(1, 40))
@settings(max_examples=100)
def test_no_line_is_too_wide_unless_one_character_is(text: str, width: int) -> None:
    for line in lines_of(text, width):
        assert cells(line.rstrip(" ")) <= width or len(split_graphemes(line)[0]) == 1


@given(mixed, st.integers(2, 40))
@settings(max_examples=100)
def test_closing_punctuation_begins_a_line_only_where_nothing_else_is_possible(text: str, width: int) -> None:
    for (start, end), (after, _) in _neighbours(text, width):
        if text[after] in CLOSING and end == after:
            line = text[start:end]
            assert " " not in line
            assert not any(a in HAN and b in HAN for a, b in pairwise(line))


@given(mixed, st.integers(2, 40))
@settings(max_examples=100)
def test_opening_punctuation_ends_a_line_only_where_nothing_else_is_possible(text: str, width: int) -> None:
    for (start, end), (after, _) in _neighbours(text, width):
        if end == after and text[end - 1] in "（《“":
            line = text[start:end]
            assert " " not in line
            assert not any(a in HAN and b in HAN for a, b in pairwise(line))


def _neighbours(text: str, width: int) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    spans = [span for span in break_lines(text, 0, len(text), width=width) if span[0] < span[1]]
    return list(pairwise(spans))


@given(st.lists(st.one_of(st.sampled_from(WORDS), st.sampled_from([*HAN, "，", "。", "……", "——", " "])), max_size=40))
@settings(max_examples=100)
def test_a_word_that_fits_on_a_line_is_never_split(tokens: list[str]) -> None:
    # Two words side by side would be one word.
    parts = [f" {word}" if before in WORDS else word for before, word in zip(["", *tokens], tokens, strict=False)]
    text = "".join(parts)
    cuts = {end for _, end in break_lines(text, 0, len(text), width=12)}
    position = 0
    for part in parts:
        inside = range(position + 1 + (part[0] == " "), position + len(part))
        assert part.strip() not in WORDS or not cuts & set(inside), lines_of(text, 12)
        position += len(part)


def test_lines_break_as_a_reader_of_both_scripts_expects() -> None:
    text = "阿里巴巴发布Qwen3.5-Omni，价格“很低”：每百万token仅0.5元。Nvidia也降价"
    expected = ["阿里巴巴发布", "Qwen3.5-Omni，价格", "“很低”：每百万", "token仅0.5元。", "Nvidia也降价"]
    assert lines_of(text, 18) == expected
    expected = ["Open-weight", "models and", "input/", "output", "prices"]
    assert lines_of("Open-weight models and input/output prices", 11) == expected


@pytest.mark.parametrize("mark", ["……", "——", "”", "》"])
def test_a_line_may_break_between_a_chinese_mark_and_a_word(mark: str) -> None:
    assert lines_of(f"报道{mark}Nvidia", 8) == [f"报道{mark}", "Nvidia"]


def test_a_word_wider_than_the_line_is_cut() -> None:
    assert lines_of("https", 2) == ["ht", "tp", "s"]


def test_line_ends_break_and_empty_text_is_one_empty_line() -> None:
    assert lines_of("a\n\nb", 10) == ["a", "", "b"]
    assert lines_of("", 10) == [""]


def test_the_first_line_may_be_narrower() -> None:
    text = "one two three"
    assert [text[a:b] for a, b in break_lines(text, 0, len(text), width=9, first=3)] == ["one", "two three"]


def test_a_stretch_in_the_middle_is_broken_as_if_it_stood_alone() -> None:
    text = "before: one two: after"
    assert [text[a:b] for a, b in break_lines(text, 8, 15, width=4)] == ["one", "two"]


@given(anything.filter(lambda text: "\n" not in text), st.integers(2, 20))
@settings(max_examples=100)
def test_code_is_cut_without_loss(text: str, width: int) -> None:
    spans = list(cut_at(text, 0, len(text), width=width))
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(cells(text[start:end]) <= width for start, end in spans)


# --- the rest --------------------------------------------------------------------------------------------------------


def test_column_of_counts_cells_not_characters() -> None:
    assert [column_of("a英b", cell) for cell in range(5)] == [0, 1, 1, 2, 3]


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=1), "1m"),
        (timedelta(minutes=59, seconds=59), "59m"),
        (timedelta(hours=1), "1h"),
        (timedelta(hours=23, minutes=59), "23h"),
        (timedelta(days=1), "1d"),
        (timedelta(days=13), "13d"),
        (timedelta(days=14), "2w"),
        (timedelta(days=363), "51w"),
        (timedelta(days=365), "52w"),
        (timedelta(days=400), "1y"),
        (timedelta(days=-1), "now"),
    ],
)
def test_age_names_the_largest_whole_unit(ago: timedelta, shown: str) -> None:
    assert age(NOW - ago, NOW) == shown


@given(st.timedeltas(timedelta(days=-900), timedelta(days=12000)))
@settings(max_examples=100)
def test_age_takes_at_most_four_cells_and_is_never_zero(ago: timedelta) -> None:
    shown = age(NOW - ago, NOW)
    assert len(shown) <= 4
    assert not shown.startswith("0")


def test_numbers_agree_with_their_nouns() -> None:
    assert number(1, "entry", "entries") == "1 entry"
    assert number(1204, "entry", "entries") == "1,204 entries"
    assert number(2, "file") == "2 files"


def test_a_sparkline_has_the_usual_level_at_half_a_bar() -> None:
    assert sparkline((0, 1, 2, 4, 9), 2) == "·▂▄██"
    assert sparkline((0, 1, 2), 0.1) == "·▂▄"
    assert sparkline((0, 0, 3), 0) == "··█"
    assert sparkline((), 0) == ""
