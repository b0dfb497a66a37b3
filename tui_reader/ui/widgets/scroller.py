"""What a dialog has to read: it scrolls by the keys of the article."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll


class Scroller(VerticalScroll, inherit_bindings=False):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "lines(1)", show=False),
        Binding("k,up", "lines(-1)", show=False),
        Binding("space,pagedown,ctrl+d", "pages(1)", show=False),
        Binding("b,pageup,ctrl+u", "pages(-1)", show=False),
        Binding("g,home", "top", show=False),
        Binding("G,end", "bottom", show=False),
    ]

    def action_lines(self, by: int) -> None:
        self.scroll_relative(y=by, animate=False)

    def action_pages(self, by: int) -> None:
        """A line of the page before stays."""
        self.scroll_relative(y=by * max(1, self.size.height - 1), animate=False)

    def action_top(self) -> None:
        self.scroll_home(animate=False)

    def action_bottom(self) -> None:
        self.scroll_end(animate=False)
