"""One line to type into, at the bottom of a screen: searches, filters, addresses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Literal

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static
from textual.widgets.input import Selection

Purpose = Literal["", "search", "filter", "find", "feeds", "save", "add"]
"""What is being asked for; "" while nothing is."""

Complete = Callable[[str, int], tuple[str, tuple[str, ...]]]
"""(text, cursor) → the word before the cursor, and what may stand in its place."""


class Prompt(Horizontal):
    """Hidden until `ask`. Posts `Typed` while somebody types, then `Answered` or `Cancelled`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", show=False),
        Binding("tab", "complete(1)", show=False),
        Binding("shift+tab", "complete(-1)", show=False),
    ]

    class Typed(Message):
        def __init__(self, purpose: Purpose, text: str) -> None:
            super().__init__()
            self.purpose = purpose
            self.text = text

    class Answered(Typed):
        pass

    class Cancelled(Message):
        def __init__(self, purpose: Purpose) -> None:
            super().__init__()
            self.purpose = purpose

    class Offered(Message):
        """What may stand at the cursor; empty if nothing fits."""

        def __init__(self, options: tuple[str, ...]) -> None:
            super().__init__()
            self.options = options

    def __init__(self) -> None:
        super().__init__()
        self.purpose: Purpose = ""
        self.display = False
        self._label = self._hint = ""
        self._complete: Complete | None = None
        self._offer: _Offer | None = None

    def compose(self) -> ComposeResult:
        yield Static("", id="prompt-label")
        yield _Field(id="prompt-input", select_on_focus=False)

    def ask(
        self,
        purpose: Purpose,
        label: str,
        *,
        text: str = "",
        hint: str = "",
        select: bool = False,
        complete: Complete | None = None,
    ) -> None:
        """`select`: the first letter typed takes the place of `text`. `complete`: what tab offers."""
        self.purpose = purpose
        self._label, self._hint, self._complete, self._offer = label, hint, complete, None
        self.query_one("#prompt-label", Static).update(Content(f" {label} "))
        field = self.query_one(Input)
        field.placeholder = hint
        with field.prevent(Input.Changed):
            field.value = text
        field.selection = Selection(0 if select else len(text), len(text))
        self.display = True
        field.focus()

    def ask_again(self, purpose: Purpose, text: str, *, offset: int) -> None:
        """The same question, with the mistake at `offset` marked: what is typed next takes its place."""
        self.ask(purpose, self._label, text=text, hint=self._hint, complete=self._complete)
        end = next((at for at in range(offset, len(text)) if text[at].isspace()), len(text))
        self.query_one(Input).selection = Selection(offset, end)

    def close(self) -> None:
        self.display = False
        self.purpose = ""

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._offer is not None and event.value != self._offer.text:
            self._offer = None
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

    def action_complete(self, by: int) -> None:
        """As far as all that fits begins alike; after that, one after the other."""
        if self._complete is None:
            return
        field = self.query_one(Input)
        if self._offer is None:
            word, options = self._complete(field.value, field.cursor_position)
            at = field.cursor_position
            self._offer = _Offer(field.value[: at - len(word)], field.value[at:], word, options)
        text, cursor = self._offer.next(by)
        field.value = text
        field.cursor_position = cursor
        self.post_message(self.Offered(self._offer.options))
        if len(self._offer.options) == 1:
            self._offer = None


class _Field(Input):
    def on_hide(self, event: events.Hide) -> None:
        """Asked again at once, it hears late that it was hidden, and would give the focus to the article."""
        if all(node.display for node in self.ancestors_with_self if isinstance(node, Widget)):
            event.prevent_default()


class _Offer:
    """What tab goes through: the text around the word, and what may stand in its place."""

    def __init__(self, before: str, after: str, word: str, options: tuple[str, ...]) -> None:
        self.options = options
        self._before, self._after = before, after
        self._at = -1
        common = _common_beginning(options)
        self._shown = common if len(common) > len(word) else word
        self._is_begun = self._shown == word

    @property
    def text(self) -> str:
        return self._before + self._shown + self._after

    def next(self, by: int) -> tuple[str, int]:
        """→ the text, and where the cursor is in it."""
        if self.options and self._is_begun:
            self._at = (self._at + by) % len(self.options) if self._at >= 0 or by > 0 else len(self.options) - 1
            self._shown = self.options[self._at]
        self._is_begun = True
        return self.text, len(self._before + self._shown)


def _common_beginning(options: Sequence[str]) -> str:
    first, last = min(options, default=""), max(options, default="")
    return first[: next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))]
