"""One line to type into, at the bottom of a screen: searches, filters, addresses."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static


class Prompt(Horizontal):
    """Hidden until `ask`. Posts `Typed` while somebody types, then `Answered` or `Cancelled`."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", show=False)]

    class Typed(Message):
        def __init__(self, purpose: str, text: str) -> None:
            super().__init__()
            self.purpose = purpose
            self.text = text

    class Answered(Typed):
        pass

    class Cancelled(Message):
        def __init__(self, purpose: str) -> None:
            super().__init__()
            self.purpose = purpose

    def __init__(self) -> None:
        super().__init__()
        self.purpose = ""
        self.display = False

    def compose(self) -> ComposeResult:
        yield Static("", id="prompt-label")
        yield Input(id="prompt-input", select_on_focus=False)

    def ask(self, purpose: str, label: str, *, text: str = "", hint: str = "") -> None:
        self.purpose = purpose
        self.query_one("#prompt-label", Static).update(Content(f" {label} "))
        field = self.query_one(Input)
        field.placeholder = hint
        with field.prevent(Input.Changed):
            field.value = text
        field.cursor_position = len(text)
        self.display = True
        field.focus()

    def close(self) -> None:
        self.display = False
        self.purpose = ""

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self.display:
            self.post_message(self.Typed(self.purpose, event.value))

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        event.stop()
        purpose = self.purpose
        self.close()
        self.post_message(self.Answered(purpose, event.value))

    def action_cancel(self) -> None:
        purpose = self.purpose
        self.close()
        self.post_message(self.Cancelled(purpose))
