"""The article: a reading cursor that counts in the text, marks that are painted, and links that can be followed."""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby

import pytest
from driving import lines
from rich.segment import Segment
from textual.app import App, ComposeResult

from tui_reader.doc import Doc, build_doc, text_doc
from tui_reader.fold import fold
from tui_reader.ui.widgets.article_view import ArticleView, Mark

SOURCE = """
<h2>Prices</h2>
<p>Alibaba cut prices. Nobody was surprised. 阿里巴巴降价。市场没有反应。</p>
<p>The <a href="https://wire.example/qwen">notice</a> says so, and so does
<a href="https://wire.example/lab">the lab</a>.</p>
<hr>
<p>Nvidia did not comment.</p>
"""
DOC = build_doc(SOURCE)
LONG = build_doc("".join(f"<p>Paragraph {number} is short.</p>" for number in range(40)))


class ArticleApp(App[None]):
    def __init__(self, doc: Doc = DOC, *, marks: tuple[Mark, ...] = (), max_width: int = 88) -> None:
        super().__init__()
        self.first, self.first_marks, self.max_width = doc, marks, max_width
        self.opened: list[str] = []
        self.scrolled = 0

    def compose(self) -> ComposeResult:
        yield ArticleView(id="article", max_width=self.max_width)

    def on_mount(self) -> None:
        self.view.show(self.first, marks=self.first_marks)
        self.view.focus()

    def on_article_view_link_chosen(self, event: ArticleView.LinkChosen) -> None:
        self.opened.append(event.href)

    def on_article_view_scrolled(self) -> None:
        self.scrolled += 1

    @property
    def view(self) -> ArticleView:
        return self.query_one(ArticleView)


def at(text: str, doc: Doc = DOC) -> int:
    return doc.text.index(text)


def painted(app: ArticleApp) -> list[str]:
    """Stretches of the screen with another background than most of it; the cursor's cell is not one."""
    cells = [
        (y, segment.style and segment.style.bgcolor, segment.style and segment.style.reverse, char)
        for y, strip in enumerate(app.screen._compositor.render_strips())
        for segment in strip
        for char in segment.text
    ]
    plain = Counter(colour for _, colour, _, _ in cells).most_common(1)[0][0]
    found = []
    for (_, other), group in groupby(cells, key=lambda cell: (cell[0], cell[1] != plain or bool(cell[2]))):
        if other:
            found.append("".join(char for _, _, _, char in group))
    return found


def cursor_cell(app: ArticleApp) -> str:
    """The character that is drawn in reverse."""
    reverse = [
        segment.text
        for strip in app.screen._compositor.render_strips()
        for segment in strip
        if isinstance(segment, Segment) and segment.style and segment.style.reverse
    ]
    return "".join(reverse)


def margins(app: ArticleApp) -> list[str]:
    """The two cells left of each line: the cursor's bar and the sign of a highlight."""
    return [line[:2] for line in lines(app)]


# --- moving ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pressed", "where"),
    [
        ([], "Prices"),
        (["right_curly_bracket"], "Alibaba"),
        (["right_curly_bracket"] * 3, "Nvidia"),
        (["right_curly_bracket"] * 9, "Nvidia"),
        (["right_curly_bracket"] * 3 + ["left_curly_bracket"], "The notice"),
        (["right_curly_bracket", "right_parenthesis"], "Nobody"),
        (["right_curly_bracket", *["right_parenthesis"] * 3], "市场"),
        (["right_curly_bracket", *["right_parenthesis"] * 4], "The notice"),
        (["right_curly_bracket", *["right_parenthesis"] * 3, "left_parenthesis"], "阿里巴巴降价"),
        (["right_curly_bracket", "right_parenthesis", "left_curly_bracket"], "Alibaba"),
        (["G", "home"], "Prices"),
    ],
)
async def test_keys_move_the_cursor_by_paragraph_and_sentence(pressed: list[str], where: str) -> None:
    app = ArticleApp()
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press(*pressed)
        await pilot.pause()
        assert app.view.cursor == at(where)
        assert cursor_cell(app) == where[0]


async def test_the_paragraph_under_the_cursor_has_a_bar_and_no_other() -> None:
    app = ArticleApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("right_curly_bracket", "right_curly_bracket")
        barred = [line for line in lines(app) if line.startswith("▎")]
        assert len(barred) == 1
        assert "The notice" in barred[0]


async def test_the_cursor_stays_in_view() -> None:
    app = ArticleApp(LONG)
    async with app.run_test(size=(40, 10)) as pilot:
        for key in ("ctrl+d", "ctrl+d", "j", "j", "right_curly_bracket", "ctrl+u", "ctrl+u", "G", "k", "k", "home"):
            await pilot.press(key)
            assert any(line.startswith("▎") for line in lines(app)), key


async def test_down_scrolls_by_a_line() -> None:
    app = ArticleApp(LONG)
    async with app.run_test(size=(40, 10)) as pilot:
        before = lines(app)
        await pilot.press("j")
        assert [line[1:-1] for line in lines(app)[:-1]] == [line[1:-1] for line in before[1:]]


async def test_pages_end_at_the_end() -> None:
    app = ArticleApp(LONG)
    async with app.run_test(size=(40, 10)) as pilot:
        pages = 1
        while app.view.page_down():
            pages += 1
            await pilot.pause()
            assert pages < 30
        assert "Paragraph 39 is short." in "".join(lines(app))
        assert 8 <= pages <= 12
        app.view.page_up()
        await pilot.pause()
        assert "Paragraph 39" not in "".join(lines(app))


async def test_paging_is_told_and_scrolling_by_a_line_is_not() -> None:
    app = ArticleApp(LONG)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("j", "j", "right_curly_bracket")
        assert app.scrolled == 0
        await pilot.press("ctrl+d")
        assert app.scrolled == 1


async def test_a_page_that_fits_has_no_next_page() -> None:
    app = ArticleApp()
    async with app.run_test(size=(60, 30)):
        assert not app.view.page_down()


async def test_another_width_keeps_the_cursor_on_its_character_and_in_view() -> None:
    app = ArticleApp(LONG)
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.press(*["right_curly_bracket"] * 9)
        cursor = app.view.cursor
        await pilot.resize_terminal(16, 10)
        await pilot.pause()
        assert app.view.cursor == cursor
        assert any(line.startswith("▎") for line in lines(app))


# --- marks -----------------------------------------------------------------------------------------------------------


def marked(*quotes: str, doc: Doc = DOC) -> tuple[Mark, ...]:
    return tuple(Mark(f"id{n}", at(q, doc), at(q, doc) + len(q), "✓") for n, q in enumerate(quotes))


async def test_highlights_are_painted_exactly_and_have_a_sign_in_the_margin() -> None:
    app = ArticleApp(marks=marked("Nobody was surprised."))
    async with app.run_test(size=(60, 12)):
        app.view.blur()
        await app.animator.wait_for_idle()
        assert "Nobody was surprised." in painted(app)
        assert [margin[1] for margin in margins(app) if margin[1] != " "] == ["✓"]


async def test_a_highlight_of_several_lines_is_painted_on_each_with_a_bar_below_its_sign() -> None:
    quote = DOC.text[at("Alibaba") : at("The notice")].strip()
    app = ArticleApp(marks=marked(quote), max_width=30)
    async with app.run_test(size=(40, 14)):
        stretches = [text for text in painted(app) if text.strip() and text in quote]
        assert "".join(stretches).replace(" ", "") == quote.replace(" ", "")
        signs = "".join(margin[1] for margin in margins(app)).strip()
        assert signs == "✓" + "┃" * (len(stretches) - 1)


async def test_brackets_go_from_highlight_to_highlight() -> None:
    app = ArticleApp(marks=marked("surprised", "so does"))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("right_square_bracket")
        assert app.view.cursor == at("surprised")
        await pilot.press("right_square_bracket")
        assert app.view.cursor == at("so does")
        await pilot.press("left_square_bracket")
        assert app.view.cursor == at("surprised")


async def test_the_highlight_at_the_cursor_is_the_innermost_else_that_of_the_paragraph() -> None:
    app = ArticleApp(marks=marked("Alibaba cut prices. Nobody was surprised.", "Nobody", "so does"))
    async with app.run_test(size=(60, 12)):
        view = app.view
        found = {}
        for word in ("Prices", "Alibaba", "Nobody", "市场", "The notice", "Nvidia"):
            view.go_to(at(word))
            mark = view.mark_at_cursor()
            found[word] = mark.id if mark else None
        assert found == {
            "Prices": None, "Alibaba": "id0", "Nobody": "id1", "市场": "id0", "The notice": "id2", "Nvidia": None,
        }  # fmt: skip


async def test_the_paragraph_at_the_cursor_is_a_span_of_the_text() -> None:
    app = ArticleApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("right_curly_bracket", "right_parenthesis")
        span = app.view.block_at_cursor()
        assert span is not None
        assert DOC.text[slice(*span)] == "Alibaba cut prices. Nobody was surprised. 阿里巴巴降价。市场没有反应。"


async def test_evidence_is_painted_and_brought_into_view() -> None:
    app = ArticleApp(LONG)
    async with app.run_test(size=(40, 10)) as pilot:
        start = at("Paragraph 30", LONG)
        app.view.set_evidence([(start, start + 12)])
        await pilot.pause()
        assert any("Paragraph 30" in line for line in lines(app))
        assert "Paragraph 30" in "".join(painted(app))
        app.view.set_evidence([])
        await pilot.pause()
        assert "Paragraph 30" not in "".join(painted(app))


# --- find ------------------------------------------------------------------------------------------------------------


async def test_find_goes_to_the_next_match_and_around() -> None:
    app = ArticleApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("right_curly_bracket", "right_curly_bracket")
        assert app.view.find(re.compile("so|阿里"), fold) == 3
        assert app.view.cursor == at("so, and")
        assert app.view.next_match(1) == (3, 3)
        assert app.view.cursor == at("so does")
        assert app.view.next_match(1) == (1, 3)
        assert app.view.cursor == at("阿里巴巴降价")
        assert app.view.next_match(-1) == (3, 3)
        await pilot.pause()
        assert {"so", "阿里"} <= set(painted(app))


async def test_find_knows_no_case_and_no_full_width() -> None:
    app = ArticleApp()
    async with app.run_test(size=(60, 12)):
        assert app.view.find(re.compile(re.escape(fold("ＮＶＩＤＩＡ"))), fold) == 1
        assert app.view.cursor == at("Nvidia")


async def test_what_is_not_found_leaves_the_cursor_alone() -> None:
    app = ArticleApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("right_curly_bracket")
        assert app.view.find(re.compile("absent"), fold) == 0
        assert app.view.cursor == at("Alibaba")
        assert not app.view.finding
        assert app.view.next_match(1) is None


async def test_the_end_of_finding_takes_the_marks_away() -> None:
    app = ArticleApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.view.find(re.compile("prices"), fold)
        app.view.stop_finding()
        await pilot.pause()
        assert "prices" not in painted(app)
        assert app.view.next_match(1) is None


async def test_matches_can_be_marked_without_moving() -> None:
    app = ArticleApp()
    async with app.run_test(size=(60, 12)) as pilot:
        assert app.view.mark_matches(re.compile("nvidia"), fold) == 1
        await pilot.pause()
        assert app.view.cursor == 0
        assert "Nvidia" in painted(app)
        assert not app.view.finding


# --- links, clicks, text ---------------------------------------------------------------------------------------------


async def test_links_of_the_paragraph_from_the_cursor_on() -> None:
    app = ArticleApp()
    async with app.run_test(size=(60, 12)):
        assert app.view.links_at_cursor() == ()
        app.view.go_to(at("The notice"))
        assert app.view.links_at_cursor() == ("https://wire.example/qwen", "https://wire.example/lab")
        app.view.go_to(at("and so does"))
        assert app.view.links_at_cursor() == ("https://wire.example/lab", "https://wire.example/qwen")


async def test_a_click_puts_the_cursor_there_and_follows_a_link() -> None:
    app = ArticleApp()
    async with app.run_test(size=(60, 12)) as pilot:
        row = next(y for y, line in enumerate(lines(app)) if "The notice" in line)
        column = lines(app)[row].index("notice")
        await pilot.click(ArticleView, offset=(column - 2, row))
        assert (app.view.cursor, app.opened) == (at("The") + 2, [])
        await pilot.click(ArticleView, offset=(column + 2, row))
        assert (app.view.cursor, app.opened) == (at("notice") + 2, ["https://wire.example/qwen"])


async def test_a_click_counts_cells_in_chinese_text() -> None:
    app = ArticleApp()
    async with app.run_test(size=(80, 12)) as pilot:
        row = next(y for y, line in enumerate(lines(app)) if "阿里巴巴降价" in line)
        before = lines(app)[row].split("阿")[0]
        await pilot.click(ArticleView, offset=(len(before) + 5, row))
        assert app.view.cursor == at("阿里巴巴降价") + 2


async def test_a_header_stands_above_the_text_and_scrolls_with_it() -> None:
    app = ArticleApp(LONG)
    async with app.run_test(size=(40, 10)) as pilot:
        app.view.show(LONG, header=((("A [b]title\x1b[2J[/b]", "title"),), (("source · 3h", "meta"),)))
        await pilot.pause()
        top = [line[1:-1].strip() for line in lines(app)[:4]]
        assert top == ["A [b]title[2J[/b]", "source · 3h", "", "Paragraph 0 is short."]
        await pilot.press("j", "j", "j")
        assert "Paragraph 0" in lines(app)[0]


async def test_text_is_neither_markup_nor_a_command_to_the_terminal() -> None:
    text = "[red]x[/red] and [/foo] and [@click=app.quit]y[/]"
    app = ArticleApp(text_doc(text))
    async with app.run_test(size=(80, 6)):
        assert text in lines(app)[0]


async def test_an_article_shown_at_a_passage_has_it_in_view() -> None:
    app = ArticleApp(LONG)
    async with app.run_test(size=(40, 10)) as pilot:
        app.view.show(LONG, cursor=at("Paragraph 30", LONG))
        await pilot.pause()
        assert any("Paragraph 30" in line for line in lines(app))
        app.view.show(DOC)
        await pilot.pause()
        assert "Prices" in lines(app)[0]


async def test_a_passage_is_in_view_also_after_a_short_article() -> None:
    app = ArticleApp(text_doc("Short."))
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        app.view.show(LONG, cursor=at("Paragraph 30", LONG))
        await pilot.pause()
        assert any("Paragraph 30" in line for line in lines(app))


async def test_an_empty_article_answers_every_key() -> None:
    app = ArticleApp(Doc("", (), ()))
    async with app.run_test(size=(40, 6)) as pilot:
        await pilot.press("j", "k", "ctrl+d", "ctrl+u", "G", "home", "right_curly_bracket", "left_curly_bracket")
        await pilot.press("right_parenthesis", "left_parenthesis", "right_square_bracket", "left_square_bracket")
        assert app.view.cursor == 0
        assert app.view.block_at_cursor() is None
        assert not app.view.page_down()


@pytest.mark.parametrize("size", [(1, 1), (4, 2), (8, 3)])
async def test_no_terminal_is_too_small(size: tuple[int, int]) -> None:
    app = ArticleApp(marks=marked("Nobody"))
    async with app.run_test(size=size) as pilot:
        await pilot.press("j", "ctrl+d", "right_curly_bracket", "right_parenthesis", "G")
        assert app.view.cursor > 0


async def test_a_wrapped_line_of_tags_begins_with_a_tag() -> None:
    app = ArticleApp()
    async with app.run_test(size=(30, 12)) as pilot:
        tags = [(name, "company") for name in ("Tencent Holdings", "Google DeepMind", "Moonshot AI")]
        pieces = [piece for tag in tags for piece in (tag, ("  ", "meta"))][:-1]
        app.view.show(text_doc("Text."), header=[tuple(pieces)])
        await pilot.pause()
        assert [line.rstrip() for line in lines(app)[:3]] == [
            "   Tencent Holdings",
            "   Google DeepMind",
            "   Moonshot AI",
        ]
