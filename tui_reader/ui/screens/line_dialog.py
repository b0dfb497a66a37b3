"""A small dialog with one line to type into: tags, a day, words to look for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui_reader.ui.text import safe


class LineDialog(ModalScreen[str | None]):
    """Dismisses with the text, or None if it was given up."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", show=False),
        Binding("up", "recall(-1)", show=False),
        Binding("down", "recall(1)", show=False),
    ]

    def __init__(
        self,
        title: str,
        *,
        text: str = "",
        hint: str = "",
        refuses: Callable[[str], str] = lambda _: "",
        history: Sequence[str] = (),
    ) -> None:
        """`refuses` says what is wrong with a text, in a sentence; "" takes it. ↑ brings back the last of `history`."""
        super().__init__()
        self._title = title
        self._text = safe(text)
        self._hint = hint
        self._refuses = refuses
        self._history = (*history, self._text)
        self._at = len(history)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog small"):
            yield Static(Content.styled(safe(self._title), "bold"), classes="dialog-title")
            yield Input(self._text, placeholder=self._hint, select_on_focus=False, id="line")
            keys = Content.styled(
                "enter done · esc give up" + (" · ↑ earlier ones" if len(self._history) > 1 else ""),
                "$foreground-muted",
            )
            yield Static(keys, id="line-help", classes="dialog-keys")

    def action_recall(self, by: int) -> None:
        self._at = max(0, min(self._at + by, len(self._history) - 1))
        field = self.query_one(Input)
        field.value = self._history[self._at]
        field.cursor_position = len(field.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        wrong = self._refuses(event.value.strip())
        if wrong:
            self.query_one("#line-help", Static).update(Content.styled(safe(wrong), "$error"))
        else:
            self.dismiss(event.value.strip())
