"""The list that draws only what is on screen: its cursor, its scrolling, and text that stays text."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import pytest
from driving import lines
from textual.app import App, ComposeResult

from tui_reader.ui.text import Piece
from tui_reader.ui.widgets.panes import EntriesPane
from tui_reader.ui.widgets.virtual_list import NoRows, VirtualList


class Titles:
    """Rows of one title each, that remember which of them were asked for."""

    def __init__(self, titles: Sequence[str], *, height: int = 1) -> None:
        self.titles = titles
        self.height = height
        self.drawn: list[int] = []

    def __len__(self) -> int:
        return len(self.titles)

    def key(self, index: int) -> Hashable:
        return self.titles[index]

    def lines(self, index: int, width: int) -> tuple[tuple[Piece, ...], ...]:
        self.drawn.append(index)
        return tuple(((self.titles[index] if line == 0 else f"line {line}", "plain"),) for line in range(self.height))


class ListApp(App[None]):
    def __init__(self, rows: Titles | NoRows) -> None:
        super().__init__()
        self.first = rows
        self.moved: list[int] = []
        self.chosen: list[int] = []

    def compose(self) -> ComposeResult:
        yield VirtualList(id="entries")

    def on_mount(self) -> None:
        self.list.show(self.first)
        self.list.focus()

    def on_virtual_list_moved(self, event: VirtualList.Moved) -> None:
        self.moved.append(event.index)

    def on_virtual_list_chosen(self, event: VirtualList.Chosen) -> None:
        self.chosen.append(event.index)

    @property
    def list(self) -> VirtualList:
        return self.query_one(VirtualList)


def many(count: int = 10_000) -> Titles:
    return Titles([f"entry {number}" for number in range(count)])


class PointedApp(ListApp):
    """The cursor is put on a row before there is a size."""

    def on_mount(self) -> None:
        super().on_mount()
        self.list.move_to(1)


async def test_a_cursor_that_is_set_before_the_first_layout_does_not_scroll_the_list() -> None:
    app = PointedApp(many())
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        assert (app.list.cursor, app.list.scroll_offset.y) == (1, 0)


def cursor_line(app: ListApp) -> int:
    """The line of the screen that has the cursor's bar."""
    return next(number for number, line in enumerate(lines(app)) if line.startswith("▌"))


async def test_only_rows_on_screen_are_drawn() -> None:
    app = ListApp(many())
    async with app.run_test(size=(40, 20)) as pilot:
        await pilot.press("G")
        assert lines(app)[-1].rstrip().startswith("▌entry 9999")
        assert isinstance(app.list.rows, Titles)
        assert len(set(app.list.rows.drawn)) <= 60


@pytest.mark.parametrize(
    ("pressed", "cursor"),
    [
        (["j", "j", "down"], 3),
        (["j", "j", "k"], 1),
        (["k"], 0),
        (["G"], 9999),
        (["G", "j"], 9999),
        (["end", "home"], 0),
        (["ctrl+d"], 10),
        (["ctrl+d", "ctrl+d", "ctrl+u"], 10),
    ],
)
async def test_keys_move_the_cursor_and_stop_at_both_ends(pressed: list[str], cursor: int) -> None:
    app = ListApp(many())
    async with app.run_test(size=(40, 20)) as pilot:
        await pilot.press(*pressed)
        assert app.list.cursor == cursor
        assert f"entry {cursor}" in lines(app)[cursor_line(app)]


async def test_every_move_to_another_row_is_told_once() -> None:
    app = ListApp(many(3))
    async with app.run_test(size=(40, 20)) as pilot:
        await pilot.press("j", "j", "j", "k")
        assert app.moved == [1, 2, 1]


async def test_the_cursor_scrolls_the_list_by_whole_rows() -> None:
    app = ListApp(Titles([f"entry {number}" for number in range(50)], height=2))
    async with app.run_test(size=(40, 6)) as pilot:
        await pilot.press("j", "j", "j", "j")
        assert [line.split()[0] for line in lines(app)[-2:]] == ["▌entry", "▌line"]
        await pilot.press("k", "k", "k")
        assert lines(app)[0].startswith("▌entry 1")


async def test_rows_that_come_on_top_leave_the_cursor_on_its_row_and_its_line() -> None:
    app = ListApp(many(100))
    async with app.run_test(size=(40, 20)) as pilot:
        await pilot.press("ctrl+d", "ctrl+d", "ctrl+d")
        line = cursor_line(app)
        app.list.show(Titles(["new 1", "new 2", "new 3", *many(100).titles]))
        await pilot.pause()
        assert app.list.cursor == 33
        assert cursor_line(app) == line
        assert "entry 30" in lines(app)[line]


async def test_a_row_that_is_gone_leaves_the_cursor_where_it_was() -> None:
    app = ListApp(many(10))
    async with app.run_test(size=(40, 20)) as pilot:
        await pilot.press("G")
        app.list.show(many(4))
        await pilot.pause()
        assert app.list.cursor == 3
        assert "entry 3" in lines(app)[cursor_line(app)]


async def test_other_rows_can_begin_at_their_top() -> None:
    app = ListApp(many())
    async with app.run_test(size=(40, 20)) as pilot:
        await pilot.press("G")
        app.list.show(many(), cursor=0)
        await pilot.pause()
        assert lines(app)[0].startswith("▌entry 0 ")


async def test_rows_are_drawn_anew_when_what_they_show_has_changed() -> None:
    rows = Titles(["old title"])
    app = ListApp(rows)
    async with app.run_test(size=(40, 5)) as pilot:
        rows.titles = ["new title"]
        app.list.redraw()
        await pilot.pause()
        assert "new title" in lines(app)[0]


async def test_a_click_moves_the_cursor_and_a_second_one_chooses() -> None:
    app = ListApp(Titles([f"entry {number}" for number in range(50)], height=2))
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.click(VirtualList, offset=(5, 5))
        assert (app.list.cursor, app.chosen) == (2, [])
        await pilot.click(VirtualList, offset=(5, 4))
        assert app.chosen == [2]


async def test_a_click_below_the_last_row_does_nothing() -> None:
    app = ListApp(many(2))
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.click(VirtualList, offset=(5, 8))
        assert (app.list.cursor, app.chosen) == (0, [])


@pytest.mark.parametrize("title", ["[red]x[/red]", "[/foo]", "[bold", "[@click=app.quit]x[/]", "\\[b]", ":smile:"])
async def test_text_is_never_markup(title: str) -> None:
    app = ListApp(Titles([title]))
    async with app.run_test(size=(40, 3)):
        assert lines(app)[0][1:].rstrip() == title


async def test_control_characters_never_reach_the_screen() -> None:
    hostile = "one\x1b]52;c;cm0=\x07two\x9b31mthree\u202efour\x00five\nsix\tseven\x7f"
    app = ListApp(Titles([hostile]))
    async with app.run_test(size=(80, 5)) as pilot:
        assert lines(app)[0][1:].rstrip() == "one]52;c;cm0=two31mthreefourfive six seven"
        app.list.show(NoRows(hostile))
        await pilot.pause()
        assert not {char for line in lines(app) for char in line} & set("\x1b\x07\x9b\u202e\x00\t\x7f")


async def test_wide_characters_are_cut_to_the_width() -> None:
    app = ListApp(Titles(["英伟达发布新一代加速卡，价格下调三成" * 3]))
    async with app.run_test(size=(21, 3)):
        assert lines(app)[0].startswith("▌英伟达")
        assert "…" in lines(app)[0]


async def test_an_empty_list_says_why_and_its_keys_do_nothing() -> None:
    app = ListApp(NoRows("nothing here\n1 shows all"))
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("j", "k", "G", "home", "ctrl+d")
        assert [line.strip() for line in lines(app) if line.strip()] == ["nothing here", "1 shows all"]
        assert app.list.cursor == 0


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (3, 1)])
async def test_no_terminal_is_too_small(size: tuple[int, int]) -> None:
    app = ListApp(many(10))
    async with app.run_test(size=size) as pilot:
        await pilot.press("j", "G", "home")
        assert app.list.cursor == 0


async def test_panes_hold_a_list_below_a_heading_that_marks_the_focus() -> None:
    class PaneApp(App[None]):
        def compose(self) -> ComposeResult:
            yield EntriesPane(id="pane")

    app = PaneApp()
    async with app.run_test(size=(30, 5)) as pilot:
        heading = app.query_one("Heading")
        heading.say("Unread [b]\x1b[2J", "1/2")  # type: ignore[attr-defined]
        heading.show_focus(focused=True)  # type: ignore[attr-defined]
        await pilot.pause()
        assert lines(app)[0].startswith("▸Unread [b][2J")
        assert lines(app)[0].rstrip().endswith("1/2")
        heading.say("All · company:openai topic:coding", "1/11")  # type: ignore[attr-defined]
        await pilot.pause()
        assert lines(app)[0].rstrip().endswith("… 1/11")
