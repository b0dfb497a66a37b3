"""`;` in the article: each link on the screen gets letters, and typing them opens it; `y` before them copies it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widgets import Static

from tui_reader.ui.keys import QUIT
from tui_reader.ui.widgets.article_view import ArticleView
from tui_reader.ui.widgets.link_labels import LETTERS, LinkPlace, labels


class LinkHints(ModalScreen[tuple[Literal["open", "copy"], str] | None]):
    """Lies over the article without hiding it. Dismisses with what to do to which address."""

    BINDINGS: ClassVar[list[BindingType]] = [QUIT]

    def __init__(self, view: ArticleView, places: Sequence[LinkPlace]) -> None:
        super().__init__()
        self._view = view
        self._places = dict(zip(labels(len(places)), places, strict=False))
        self._typed = ""
        self._verb: Literal["open", "copy"] = "open"
        self._window: Size | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="link-hints")

    def on_mount(self) -> None:
        self._show()

    def on_unmount(self) -> None:
        self._view.set_labels(())

    def on_resize(self, event: events.Resize) -> None:
        """The lines are other ones then."""
        if self._window not in (None, event.size):
            self.dismiss(None)
        self._window = event.size

    def on_key(self, event: events.Key) -> None:
        if event.key in self.active_bindings and event.key != "escape":
            return
        event.stop()
        if event.key == "backspace" and self._typed:
            self._typed = self._typed[:-1]
        elif event.character == "y" and not self._typed:
            self._verb = "copy"
        elif event.character and event.character in LETTERS and self._fitting(self._typed + event.character):
            self._typed += event.character
        else:
            self.dismiss(None)
            return
        self._show()

    def _show(self) -> None:
        chosen = self._places.get(self._typed)
        if chosen is not None:
            self.dismiss((self._verb, chosen.href))
            return
        rest = len(self._typed)
        self._view.set_labels([(place, label[rest:]) for label, place in self._fitting(self._typed).items()])
        told = "letters copy a link" if self._verb == "copy" else "letters open a link · y letters copy it"
        self.query_one("#link-hints", Static).update(Content.styled(f" {told} · esc gives up", "bold"))

    def _fitting(self, typed: str) -> dict[str, LinkPlace]:
        return {label: place for label, place in self._places.items() if label.startswith(typed)}
