"""The keys of visual mode: while a passage of the article is selected, they grow it, shrink it, highlight it."""

from __future__ import annotations

from typing import ClassVar, Literal

from textual import events
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message

from tui_reader.ui.keys import own_bindings
from tui_reader.ui.selection import Selection, Unit, cycle_unit, move, swap_ends, widen
from tui_reader.ui.widgets.article_view import ArticleView

Deed = Literal["save", "note", "tag", "fact", "claim", "number", "question", "copy", "quote", "reach"]
"""What is to be done with what is selected. After `reach` (to the next match) one goes on selecting."""


class Selecting(Vertical):
    """Around the article, so that its keys are asked after the article's own, which rest as long as one selects."""

    BINDINGS: ClassVar[list[BindingType]] = own_bindings("V")

    class Done(Message):
        """The reader is done selecting and wants something of it."""

        def __init__(self, selection: Selection, deed: Deed) -> None:
            super().__init__()
            self.selection = selection
            self.deed = deed

    @property
    def view(self) -> ArticleView:
        return self.query_one(ArticleView)

    @property
    def letter(self) -> str:
        """Of `keys.PANES`."""
        return "V" if self.view.selection is not None else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.view.selection is not None

    def on_key(self, event: events.Key) -> None:
        if self.view.selection is not None and event.key in ("tab", "shift+tab"):
            event.stop()  # Textual's own keys would leave the article

    def action_extend(self, unit: Unit | Literal[""], direction: int) -> None:
        """By a unit, or by the one that was chosen; forward (1) or back (-1)."""
        selection = self._selection
        self.view.set_selection(move(self.view.doc, selection, unit or selection.unit, forward=direction > 0))

    def action_swap_ends(self) -> None:
        self.view.set_selection(swap_ends(self._selection))

    def action_cycle_unit(self) -> None:
        self.view.set_selection(cycle_unit(self.view.doc, self._selection))

    def action_widen(self) -> None:
        self.view.set_selection(widen(self.view.doc, self._selection))

    def action_finish(self, deed: Deed) -> None:
        selection = self._selection
        if deed != "reach":
            self.view.set_selection(None)
        self.post_message(self.Done(selection, deed))

    def action_stop_selecting(self) -> None:
        self.view.set_selection(None)

    @property
    def _selection(self) -> Selection:
        assert self.view.selection is not None, "its actions are checked first"
        return self.view.selection
