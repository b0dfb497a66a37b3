"""The panes: a heading over a list or an article, with the keys that the screen answers there."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui_reader.ui.keys import pane_bindings
from tui_reader.ui.text import cells, fit, safe
from tui_reader.ui.widgets.article_view import ArticleView
from tui_reader.ui.widgets.selecting import Selecting
from tui_reader.ui.widgets.virtual_list import VirtualList


class Heading(Static):
    """One line: what the pane shows on the left, a count or date on the right. "▸" marks the focused pane."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._left, self._right = text, ""

    def say(self, left: str, right: str = "") -> None:
        self._left, self._right = safe(left), safe(right)
        self._draw()

    def on_mount(self) -> None:
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def show_focus(self, *, focused: bool) -> None:
        self.set_class(focused, "-focused")
        self._draw()

    def _draw(self) -> None:
        width = max(1, self.size.width)
        lead = "▸" if self.has_class("-focused") else " "
        right = f" {self._right}" if self._right and cells(self._right) + 7 < width else ""
        room = max(1, width - cells(right) - 2)
        # A Content is never read as mark-up: headings show titles of feeds and articles.
        self.update(Content(lead + fit(self._left, room) + right + " "), layout=False)


class FeedsPane(Vertical):
    BINDINGS: ClassVar[list[BindingType]] = pane_bindings("F")
    letter = "F"

    def compose(self) -> ComposeResult:
        yield Heading("tui-reader")
        yield VirtualList(id="feeds")


class EntriesPane(Vertical):
    BINDINGS: ClassVar[list[BindingType]] = pane_bindings("L")
    letter = "L"

    def compose(self) -> ComposeResult:
        yield Heading("")
        yield VirtualList(id="entries")


class ArticlePane(Vertical):
    BINDINGS: ClassVar[list[BindingType]] = pane_bindings("A")
    letter = "A"

    def __init__(self, *, id: str, max_width: int) -> None:
        super().__init__(id=id)
        self._max_width = max_width

    def compose(self) -> ComposeResult:
        yield Heading("")
        with Selecting():
            yield ArticleView(id="article", max_width=self._max_width)


class HighlightsPane(Vertical):
    BINDINGS: ClassVar[list[BindingType]] = pane_bindings("H")
    letter = "H"

    def compose(self) -> ComposeResult:
        yield Heading("Highlights")
        yield VirtualList(id="highlights")
