"""Which panes are on the main screen, and how wide: three where there is room, else the two or the one that matter."""

from __future__ import annotations

from textual.screen import Screen

from tui_reader.ui.widgets.panes import Heading

PANES = ("feeds-pane", "entries-pane", "article-pane")

_ONE, _THREE = 72, 110
"""Columns below which one pane is shown, and from which on all three are."""


class Arrangement:
    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen
        self._wider = {"feeds-pane": 0, "entries-pane": 0}
        self.zen = False
        """The article alone, whatever the width."""

    @property
    def focused(self) -> str:
        """Id of the pane that has the focus."""
        return next((name for name in PANES if self._screen.query_one(f"#{name}").has_focus_within), "entries-pane")

    def show_focus(self) -> None:
        for name in PANES:
            pane = self._screen.query_one(f"#{name}")
            pane.query_one(Heading).show_focus(focused=pane.has_focus_within)

    def resize(self, by: int) -> None:
        """Columns for the focused pane; the article's come from the list."""
        name = "feeds-pane" if self.focused == "feeds-pane" else "entries-pane"
        by = -by if self.focused == "article-pane" else by
        self._wider[name] = max(-20, min(60, self._wider[name] + by))
        self.apply()

    def apply(self) -> None:
        width, shown = self._screen.size.width, self._shown()
        for name in PANES:
            self._screen.query_one(f"#{name}").display = name in shown
        feeds, entries = self._screen.query_one("#feeds-pane"), self._screen.query_one("#entries-pane")
        if len(shown) == 1:
            feeds.styles.width = entries.styles.width = "1fr"
            return
        three = len(shown) == 3
        feeds.styles.width = max(12, min(width * 2 // 9 if three else width * 3 // 8, 32) + self._wider["feeds-pane"])
        if "article-pane" in shown:
            entries.styles.width = max(16, (width // 3 if three else width * 2 // 5) + self._wider["entries-pane"])
        else:
            entries.styles.width = "1fr"

    def _shown(self) -> set[str]:
        width, focused = self._screen.size.width, self.focused
        if self.zen:
            return {"article-pane"}
        if width < _ONE:
            return {focused}
        if width < _THREE:
            return {"entries-pane", "feeds-pane" if focused == "feeds-pane" else "article-pane"}
        return set(PANES)
