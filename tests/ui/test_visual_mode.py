"""Selecting a passage of the article and making a highlight of it: by keys and by mouse."""

from __future__ import annotations

from pathlib import Path

import pytest
from driving import article, drawn, entries, ids, keys, lines, pane, reader, screen, settle, status
from textual.pilot import Pilot

from tui_reader.demo import MADE_AT
from tui_reader.doc import build_doc
from tui_reader.model import CleanEntry
from tui_reader.store import Store
from tui_reader.ui.screens.editing import tags_in
from tui_reader.ui.screens.main import MainScreen

HTML = (
    "<p>Cards cost more now. Two buyers paid early! Nobody waits.</p>"
    "<p>英伟达的H20停产了。阿里云表示没有库存，百度也一样。</p>"
    "<ul><li>First point.</li><li>Second point.</li></ul>"
    "<table><tr><th>Card</th><th>Price</th></tr><tr><td>H20</td><td>12 万元</td></tr></table>"
    "<pre><code>def f(x):\n    return x</code></pre>"
    "<p>The last cards cost less.</p>"
)


@pytest.fixture
def page(empty_store: Store) -> Store:
    """A store with one article of every kind of block."""
    from tui_reader.model import OpmlFeed

    empty_store.feeds.add([OpmlFeed("https://harbour.example/feed")], MADE_AT)
    text = build_doc(HTML).text
    made = CleanEntry("g", "https://harbour.example/g", "Cards", "", "en", MADE_AT, HTML, text)
    empty_store.arrivals.save(empty_store.feeds.all()[0].id, [made], MADE_AT)
    return empty_store


def selected(pilot: Pilot[str]) -> str:
    view = article(pilot)
    assert view.selection is not None, screen(pilot.app)
    return view.doc.text[view.selection.start : view.selection.end]


def quotes(store: Store) -> list[str]:
    """In order of the text."""
    return [each.quote.exact for each in sorted(store.highlights.all(), key=lambda each: each.quote.start)]


async def test_v_enter_highlights_the_sentence(page: Store) -> None:
    async with reader(page) as pilot:
        await keys(pilot, "enter", "v")
        assert selected(pilot) == "Cards cost more now."
        await keys(pilot, "enter")
        assert quotes(page) == ["Cards cost more now."]
        assert article(pilot).selection is None
        assert any(line[:2] == "▎▌" for line in drawn(article(pilot)))
        await keys(pilot, "u")
        assert quotes(page) == []


async def test_the_path_of_three_sentences_and_a_number(page: Store) -> None:
    async with reader(page) as pilot:
        await keys(pilot, "enter", ")", "v", ")", ")", "3")
        (made,) = page.highlights.all()
        assert made.quote.exact == "Two buyers paid early! Nobody waits.\n\n英伟达的H20停产了。"
        assert made.kind == "number"
        await keys(pilot, "a", ":Check.", "ctrl+s")
        assert page.highlights.get(made.id).note == "Check."


@pytest.mark.parametrize(
    ("pressed", "expected"),
    [
        (["v", "j", "j", "k"], "Cards cost more now. Two buyers paid early!"),
        (["v", "v"], "Cards"),
        (["v", "v", "w", "w", "b"], "Cards cost"),
        (["v", "v", "v"], "C"),
        (["v", "v", "v", "l", "right", "h"], "Ca"),
        (["v", "h"], "Cards cost more now"),
        (["V", "}"], HTML[3:60] + "\n\n英伟达的H20停产了。阿里云表示没有库存，百度也一样。"),
        (["V", "}", "{"], HTML[3:60]),
        (["v", "V"], HTML[3:60]),
        ([")", "v", "o", "("], "Cards cost more now. Two buyers paid early!"),
        ([")", "v", "o", "w"], "buyers paid early!"),
        (["}", "v", "v"], "英伟达的"),
        (["}", "v", "v", "w", "w"], "英伟达的H20停产了"),
        (["}", "}", "V", "}"], "First point.\nSecond point."),
        (["}", "}", "}", "}", "v", ")", ")"], "Card\tPrice\nH20"),
        (["}", "}", "}", "}", "}", "v", ")"], "def f(x):\n    return x"),
        (
            ["}", "}", "v", "/", ":last", "enter"],
            "First point.\nSecond point.\n\nCard\tPrice\nH20\t12 万元\n\ndef f(x):\n    return x\n\nThe last",
        ),
        (["/", ":buyers", "enter", "v"], "buyers"),
        (["/", ":buyers", "enter", "v", ")"], "buyers paid early!"),
        (["/", ":cost", "enter", "n", "v"], "cost"),
    ],
)
async def test_what_the_keys_select_is_what_is_saved(page: Store, pressed: list[str], expected: str) -> None:
    async with reader(page) as pilot:
        await keys(pilot, "enter", *pressed)
        assert selected(pilot) == expected
        await keys(pilot, "H")
        assert quotes(page) == [expected]


async def test_the_selection_shows_without_colour_and_the_status_line_names_it(page: Store) -> None:
    async with reader(page) as pilot:
        await keys(pilot, "enter", "V", "j")
        assert [line[2] for line in drawn(article(pilot)) if line[2] != " "] == ["│", "│", "│", "▸"]
        reversed_text = "".join(
            segment.text
            for y in range(article(pilot).size.height)
            for segment in article(pilot).render_line(y)
            if segment.style is not None and segment.style.reverse
        )
        assert reversed_text.startswith("Cards cost more now.")
        assert reversed_text.endswith("百度也一样。")
        assert status(pilot).startswith("SELECT by paragraph · 86 characters  j more")
        await keys(pilot, "k", "v")
        assert status(pilot).startswith("SELECT by sentence · 57 characters")
        await keys(pilot, "escape")
        assert "SELECT" not in status(pilot)
        assert "highlight" in status(pilot)
        assert quotes(page) == []


async def test_while_selecting_no_key_does_what_it_does_otherwise(page: Store) -> None:
    async with reader(page) as pilot:
        await keys(pilot, "enter", "v")
        before = screen(pilot.app)
        await keys(pilot, "m", "s", "L", "A", "n", "N", "J", "tab", "shift+tab", "space", "S", "z", "R", "x", "T", "r")
        assert screen(pilot.app) == before
        assert pane(pilot) == "A"
        assert "Article, while selecting" in await keys(pilot, "?")
        await keys(pilot, "escape", "q")
        assert pane(pilot) == "A"
        assert article(pilot).selection is None


async def test_a_note_and_tags_follow_at_once(page: Store) -> None:
    async with reader(page) as pilot:
        await keys(pilot, "enter", "v", "a", ":Why?", "ctrl+s", ")", "v", "t", ":hbm, #存储 #hbm", "enter")
        first, second = sorted(page.highlights.all(), key=lambda each: each.quote.start)
        assert (first.note, first.tags) == ("Why?", ())
        assert (second.note, second.tags) == ("", ("hbm", "存储"))
        await keys(pilot, "u", "u")
        assert quotes(page) == ["Cards cost more now."]
        # What was selected stays highlighted though nothing is noted.
        await keys(pilot, "}", "v", "a", "escape")
        assert len(quotes(page)) == 2


async def test_a_claim_has_a_day_to_check_it(page: Store) -> None:
    async with reader(page) as pilot:
        assert "a day (2027" in await keys(pilot, "enter", "v", "2", ":soon", "enter")
        await keys(pilot, *["backspace"] * 4, ":30d", "enter")
        (made,) = page.highlights.all()
        assert made.kind == "claim"
        assert made.check_by is not None
        assert (made.check_by - MADE_AT.date()).days == 30
        await keys(pilot, "u")
        assert page.highlights.get(made.id).check_by is None
        await keys(pilot, "}", "v", "2", "enter")
        assert [each.check_by for each in page.highlights.all()] == [None, None]


async def test_kinds_and_tags_of_the_highlight_at_the_cursor_change_later(page: Store) -> None:
    async with reader(page) as pilot:
        assert "no highlight here" in await keys(pilot, "enter", "1")
        await keys(pilot, "H", "1")
        (made,) = page.highlights.all()
        assert made.kind == "fact"
        assert any(line[:2] == "▎✓" for line in drawn(article(pilot)))
        await keys(pilot, "4")
        assert page.highlights.get(made.id).kind == "question"
        await keys(pilot, "4")
        assert page.highlights.get(made.id).kind == ""
        await keys(pilot, "u", "u", "u")
        assert page.highlights.get(made.id).kind == ""
        await pilot.app.run_action("screen.tag_highlight")
        await keys(pilot, ":prices", "enter")
        assert page.highlights.get(made.id).tags == ("prices",)


async def test_copying_leaves_nothing_behind(page: Store) -> None:
    async with reader(page) as pilot:
        await keys(pilot, "enter", "v", "y")
        assert pilot.app.clipboard == "Cards cost more now."
        await keys(pilot, ")", "v", "Y")
        assert pilot.app.clipboard.startswith("> Two buyers paid early!")
        assert "https://harbour.example/g" in pilot.app.clipboard
        assert quotes(page) == []


# --- over and in each other ------------------------------------------------------------------------------------------


async def test_one_across_the_edge_of_another_extends_it(page: Store) -> None:
    async with reader(page) as pilot:
        await keys(pilot, "enter", "v", ")", "enter")
        (first,) = page.highlights.all()
        await keys(pilot, "home", ")", "v", ")", "4")
        (joined,) = page.highlights.all()
        assert (joined.id, joined.kind) == (first.id, "question")
        assert joined.quote.exact == HTML[3:60]
        assert "joined" in status(pilot)
        await keys(pilot, "u")
        assert quotes(page) == ["Cards cost more now. Two buyers paid early!"]


async def test_one_within_another_is_stacked_and_removed_by_itself(page: Store) -> None:
    async with reader(page) as pilot:
        await keys(pilot, "enter", "H", ")", "v", "3")
        assert quotes(page) == [HTML[3:60], "Two buyers paid early!"]
        await keys(pilot, "H")
        assert quotes(page) == [HTML[3:60]]
        await keys(pilot, "H")
        assert quotes(page) == []


async def test_the_same_passage_twice_is_one_highlight(page: Store) -> None:
    async with reader(page) as pilot:
        await keys(pilot, "enter", "v", "enter", "home", "v", "enter")
        assert "already" in status(pilot)
        await keys(pilot, "home", "v", "1")
        (only,) = page.highlights.all()
        assert only.kind == "fact"


async def test_h_highlights_a_paragraph_that_holds_a_highlight_elsewhere(page: Store) -> None:
    async with reader(page) as pilot:
        await keys(pilot, "enter", ")", "v", "3", "home", "H")
        assert quotes(page) == [HTML[3:60], "Two buyers paid early!"]


# --- by mouse --------------------------------------------------------------------------------------------------------


def cell(pilot: Pilot[str], words: str) -> tuple[int, int]:
    """Where in the article's widget these words begin on screen."""
    for y, line in enumerate(drawn(article(pilot))):
        if words in line:
            return line.index(words), y
    raise AssertionError(screen(pilot.app))


async def drag(pilot: Pilot[str], begin: tuple[int, int], end: tuple[int, int]) -> None:
    await pilot.mouse_down("#article", offset=begin)
    await pilot.hover("#article", offset=end)
    await pilot.mouse_up("#article", offset=end)
    await settle(pilot)


async def test_a_drag_selects_and_the_same_keys_save(page: Store) -> None:
    async with reader(page) as pilot:
        await keys(pilot, "enter")
        x, y = cell(pilot, "cost more")
        await drag(pilot, (x, y), (x + 8, y))
        assert selected(pilot) == "cost more"
        await keys(pilot, "1")
        assert quotes(page) == ["cost more"]
        # Back to front, over blocks, from beside the text.
        end = cell(pilot, "First")
        await drag(pilot, (end[0] + 4, end[1]), (0, y + 2))
        assert selected(pilot).startswith("英伟达的")
        assert selected(pilot).endswith("First")
        await keys(pilot, "escape")
        assert quotes(page) == ["cost more"]


async def test_a_click_selects_nothing_and_gives_a_selection_up(page: Store) -> None:
    async with reader(page) as pilot:
        await keys(pilot, "enter")
        at = cell(pilot, "buyers")
        await pilot.click("#article", offset=at)
        assert article(pilot).selection is None
        assert article(pilot).doc.text[article(pilot).cursor :].startswith("buyers")
        await keys(pilot, "v")
        await pilot.click("#article", offset=at)
        assert article(pilot).selection is None


async def test_to_leave_the_article_is_to_leave_the_selection(page: Store) -> None:
    async with reader(page) as pilot:
        await keys(pilot, "enter", "v")
        await pilot.click("#entries", offset=(5, 1))
        await settle(pilot)
        assert article(pilot).selection is None
        assert "SELECT" not in lines(pilot.app)[-1]
        await keys(pilot, "j", "k")
        assert entries(pilot).cursor == 0
        assert len(ids(pilot)) == 1
        assert isinstance(pilot.app.screen, MainScreen)


# --- by hand ---------------------------------------------------------------------------------------------------------


async def test_an_orphan_is_attached_to_what_one_selects(page: Store, tmp_path: Path) -> None:
    (entry_id,) = page.entries.ids(page.condition(None))
    old = page.entries.article(entry_id)
    made = page.highlights.add(old, 0, 20, now=MADE_AT, note="Keep.")
    page.arrivals.save_page(entry_id, html="<p>Prices rose. All new.</p>", text="Prices rose. All new.", now=MADE_AT)
    assert page.highlights.get(made.id).state == "orphan"
    async with reader(page) as pilot:
        shown = await keys(pilot, "g", "x")
        assert "is:orphan" in shown
        assert "1 orphan" in shown
        assert "where is it now" in await keys(pilot, "r")
        await keys(pilot, "v")
        assert "ATTACH by sentence" in status(pilot)
        await keys(pilot, "enter")
        attached = page.highlights.get(made.id)
        assert (attached.quote.exact, attached.state, attached.note) == ("Prices rose.", "anchored", "Keep.")
        await keys(pilot, "u")
        assert page.highlights.get(made.id).state == "orphan"
        await keys(pilot, "g", "x", "r", "escape", "v", "enter")
        assert page.highlights.get(made.id).state == "orphan"
        assert page.highlights.count() == 2


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("", ()),
        ("hbm", ("hbm",)),
        ("supply chain, HBM，存储、 存储", ("supply chain", "HBM", "存储")),
        ("#one #two", ("one", "two")),
        ("c#, f#", ("c#", "f#")),
        ("a\x1b[31mb", ("a[31mb",)),
    ],
)
def test_tags_as_people_write_them(typed: str, tags: tuple[str, ...]) -> None:
    assert tags_in(typed) == tags
