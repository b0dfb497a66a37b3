"""Articles as lines: every character of the text once, at its offset, and no line wider than the screen."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_reader.doc import Block, Doc, build_doc, text_doc
from tui_reader.ui.layout import Layout, Line, Run, header_lines, lay_out
from tui_reader.ui.text import cells

ARTICLE = """
<h2>Three prices for one model 一个模型三个价</h2>
<p>Alibaba cut the price of Qwen3-Max by a third on Thursday, <a href="https://wire.example/qwen">its second cut this
year</a>. 阿里巴巴周四把Qwen3-Max的价格下调三成，为“今年第二次”；百炼平台上每百万token只要2.4元。</p>
<ul><li>Input: $0.86 a million tokens
  <ul><li>缓存命中：0.17美元，降了<strong>一半</strong>
    <ol start="9"><li>batch jobs</li><li>only at night, says the notice</li></ol></li></ul></li>
  <li>Output: unchanged</li></ul>
<blockquote><p>We do not sell at a loss, 我们不亏本卖。</p>
  <blockquote><p>“Nobody believes that,” an analyst answered.</p></blockquote></blockquote>
<pre><code class="language-python">def price(tokens: int) -> float:
    return tokens / 1_000_000 * 0.86  # 美元，不含缓存，含一行很长很长很长的注释

</code></pre>
<table>
  <tr><th>Model</th><th>Input</th><th>上下文长度</th></tr>
  <tr><td>Qwen3-Max</td><td>$0.86 a million</td><td>262K，其中一半按长文本计价</td></tr>
  <tr><td>DeepSeek-V4</td><td></td><td>128K</td></tr>
</table>
<hr>
<p>The notice ends there. 公告到此为止。</p>
"""
WIDTHS = (8, 9, 11, 16, 20, 27, 40, 64, 88, 120)


def shown(line: Line) -> str:
    return "".join(run.shown for run in line.runs)


def texts(layout: Layout) -> list[str]:
    return [shown(line).rstrip() for line in layout.lines]


def runs_of(layout: Layout) -> list[tuple[int, Run]]:
    return [(number, run) for number, line in enumerate(layout.lines) for run in line.runs if run.start >= 0]


def check(doc: Doc, width: int) -> None:
    layout = lay_out(doc, width)
    times = [0] * len(doc.text)
    for number, run in runs_of(layout):
        assert run.shown == doc.text[run.start : run.end].replace("\t", " ")
        for offset in range(run.start, run.end):
            times[offset] += 1
        assert layout.line_of(run.start) == layout.line_of(max(run.start, run.end - 1)) == number
        block = doc.blocks[layout.lines[number].block]
        assert block.start <= run.start <= run.end <= block.end
    lost = [char for char, count in zip(doc.text, times, strict=True) if count != 1 and char not in " \n\t"]
    assert not lost
    assert all(count <= 1 for count in times)
    assert max(map(cells, map(shown, layout.lines)), default=0) <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_every_character_is_shown_once_and_no_line_is_too_wide(width: int) -> None:
    check(build_doc(ARTICLE), width)


words = st.lists(
    st.sampled_from(["Nvidia", "英伟达", "，", "。", "（", "0.5%", "❤️", "a-b", "GB300"]), min_size=1, max_size=12
).map(" ".join)
html = st.lists(
    st.one_of(
        words.map("<p>{}</p>".format),
        words.map("<h3>{}</h3>".format),
        words.map("<pre>{}</pre>".format),
        words.map("<pre>\tif x:\n\t\t{}</pre>".format),
        words.map("<blockquote><p>{}</p></blockquote>".format),
        words.map(("<blockquote>" * 5 + "<p>{}</p>" + "</blockquote>" * 5).format),
        words.map("<blockquote><ul><li>{}</li></ul><pre>x</pre></blockquote>".format),
        st.lists(words, min_size=1, max_size=4).map(lambda items: "<ol start=98><li>" + "<li>".join(items) + "</ol>"),
        st.integers(1, 9).map(lambda depth: "<ul><li>deep" * depth + "</ul>" * depth),
        st.lists(st.lists(words, min_size=1, max_size=5), min_size=1, max_size=3).map(
            lambda rows: "<table>" + "".join("<tr><td>" + "<td>".join(row) for row in rows) + "</table>"
        ),
        st.just("<hr>"),
    ),
    max_size=5,
).map("".join)


@given(html, st.integers(8, 120))
@settings(max_examples=100, deadline=None)
def test_whatever_an_article_is_made_of(source: str, width: int) -> None:
    check(build_doc(source), width)


def test_blocks_are_parted_by_an_empty_line_and_items_of_a_list_are_not() -> None:
    doc = build_doc("<h2>Title</h2><p>One.</p><ul><li>a<li>b<ul><li>c</ul></ul><p>Two.</p>")
    assert texts(lay_out(doc, 30)) == ["Title", "", "One.", "", "• a", "• b", "  • c", "", "Two."]


def test_items_hang_below_their_bullets() -> None:
    doc = build_doc("<ol start=9><li>first of two<li>second 第二项</ol>")
    assert texts(lay_out(doc, 12)) == ["9. first of", "   two", "10. second", "    第二项"]


def test_quotes_have_a_bar_for_each_depth_also_between_their_paragraphs() -> None:
    doc = build_doc("<blockquote><p>One</p><p>Two</p><blockquote><p>In</p></blockquote></blockquote><p>Out</p>")
    assert texts(lay_out(doc, 30)) == ["▎ One", "▎", "▎ Two", "▎", "▎ ▎ In", "", "Out"]


def test_code_keeps_its_lines_and_spaces_and_marks_where_it_was_cut() -> None:
    doc = build_doc("<pre>if x:\n    go(1, 2)\n\nend</pre>")
    assert texts(lay_out(doc, 12)) == ["  if x:", "      go(1,", "↪ 2)", "", "  end"]


def test_tabs_indent_code_by_more_than_a_space() -> None:
    doc = build_doc("<pre>func main() {\n\tif ok {\n\t\treturn\n</pre>")
    indents = [len(line) - len(line.lstrip()) for line in texts(lay_out(doc, 40))]
    assert indents[1] - indents[0] == indents[2] - indents[1] >= 2


def test_a_tab_behind_blanks_goes_on_to_the_next_stop() -> None:
    doc = build_doc("<pre>a\n  \tb\n\t  c\n \t d</pre>")
    assert texts(lay_out(doc, 40)) == ["  a", "      b", "        c", "       d"]


def test_tables_have_columns_where_there_is_room() -> None:
    doc = build_doc("<table><tr><th>Model<th>Price<tr><td>Qwen3<td>2.4元<tr><td><td>free</table>")
    assert texts(lay_out(doc, 30)) == ["Model │ Price", "──────┼──────", "Qwen3 │ 2.4元", "      │ free"]


def test_cells_wrap_inside_their_columns() -> None:
    doc = build_doc("<table><tr><th>Model<th>Note<tr><td>Qwen3-Max<td>cheaper than it was a year ago</table>")
    lines = texts(lay_out(doc, 27))
    assert lines[0].startswith("Model     │ Note")
    assert [line.split("│")[1].strip() for line in lines[2:]] == ["cheaper than it", "was a year ago"]
    assert [line.split("│")[0].strip() for line in lines[2:]] == ["Qwen3-Max", ""]


def test_a_table_without_room_is_a_cell_a_line() -> None:
    doc = build_doc("<table><tr><th>Model<th>Input<th>Output<tr><td>Qwen3<td>2.4元<td>9.6元</table>")
    assert texts(lay_out(doc, 12)) == ["Model", "Input", "Output", "────────", "Qwen3", "2.4元", "9.6元"]


def test_offsets_lead_to_their_block() -> None:
    doc = text_doc("One.\n\nTwo.")
    layout = lay_out(doc, 20)
    assert [layout.block_of(offset) for offset in (0, 3, 6, 9, 10)] == [0, 0, 1, 1, 1]
    assert lay_out(Doc("", (), ()), 20).block_of(0) == -1


def test_an_empty_article_has_no_lines() -> None:
    assert lay_out(Doc("", (), ()), 20).lines == ()
    assert lay_out(Doc("", (), ()), 20).line_of(0) == 0


def test_what_a_doc_should_never_hold_still_does_not_reach_the_screen() -> None:
    text = "\x1b]0;owned\x07red\x9b31m"
    layout = lay_out(Doc(text, (Block("paragraph", 0, len(text)),), ()), 40)
    assert "\x1b" not in shown(layout.lines[0])
    assert "\x9b" not in shown(layout.lines[0])


def test_the_header_is_wrapped_and_has_no_offsets() -> None:
    (first,), (second,) = header_lines([("英伟达发布 Blackwell", "title")], 12)
    assert (first.shown, second.shown, first.style, first.start) == ("英伟达发布", "Blackwell", "title", -1)
