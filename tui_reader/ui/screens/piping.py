"""`|`: a text through a command that the reader types, and what it says of it, to scroll through."""

from __future__ import annotations

import shlex
from collections.abc import Hashable
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui_reader.errors import FileError
from tui_reader.ui.keys import QUIT
from tui_reader.ui.piping import pipe, plain_lines
from tui_reader.ui.screens.line_dialog import LineDialog
from tui_reader.ui.screens.outside import CLIPBOARD
from tui_reader.ui.text import Piece, break_lines, safe
from tui_reader.ui.widgets.virtual_list import NoRows, VirtualList


def ask_command(app: App[Any], what: str, text: str, history: list[str]) -> None:
    """Ask through which command `what` is to go, and show what comes of it. `history`: the last one typed is last."""

    def answered(command: str | None) -> None:
        if command:
            history[:] = [*(each for each in history if each != command), command]
            app.push_screen(OutputDialog(command, text))

    hint = "wc -w, or sh -c 'sort | head'"
    app.push_screen(LineDialog(f"Pipe {what} to", hint=hint, refuses=_refuses, history=history), answered)


def _refuses(command: str) -> str:
    try:
        words = shlex.split(command)
    except ValueError as error:
        return f"this is no command: {error}"
    return "" if words or not command else "this is no command"


class OutputDialog(ModalScreen[None]):
    """While the command runs, closing cancels it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        QUIT,
        Binding("escape,q", "dismiss(None)", show=False),
        Binding("space,pagedown", "pages(1)", show=False),
        Binding("b,pageup", "pages(-1)", show=False),
        Binding("y", "copy", show=False),
    ]

    def __init__(self, command: str, text: str) -> None:
        super().__init__()
        self._command = command
        self._text = text
        self._lines = _Lines()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(id="output-title", classes="dialog-title")
            yield VirtualList(id="output")
            keys = Content.styled("esc close · j k scroll · y copy", "$foreground-muted")
            yield Static(keys, classes="dialog-keys")

    def on_mount(self) -> None:
        self.query_one(VirtualList).focus()
        self.run_worker(self._run(), group="view")

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    async def _run(self) -> None:
        self._say("runs … esc cancels it")
        try:
            code = await pipe(self._text, shlex.split(self._command), on_output=self._take)
        except FileError as error:
            self._say(str(error))
        else:
            self._say(f"ended with {code}" if code else "done")
            if not len(self._lines):
                self.query_one(VirtualList).show(NoRows("it said nothing"))

    def _say(self, state: str) -> None:
        title = Content.styled(f"{safe(self._command)} · {safe(state)}", "bold")
        self.query_one("#output-title", Static).update(title)

    def _take(self, output: str) -> None:
        self._lines.take(output)
        self._show()

    def _show(self) -> None:
        found = self.query_one(VirtualList)
        # A cell for the cursor's bar.
        self._lines.wrap(found.scrollable_content_region.width - 1)
        if len(self._lines):
            found.show(self._lines)

    def action_pages(self, by: int) -> None:
        found = self.query_one(VirtualList)
        found.move(by * found.page)

    def action_copy(self) -> None:
        text = self._lines.text
        if len(text.encode()) > CLIPBOARD:
            self._say("too much for the clipboard of a terminal")
        else:
            self.app.copy_to_clipboard(text)
            self._say("copied")


class _Lines:
    height = 1

    def __init__(self) -> None:
        self._said = [""]
        """By line; the last is not finished."""
        self._width = 0
        self._rows: list[str] = []
        self._wrapped = 0
        """Lines that `_rows` has, all of them finished; behind them come the rows of the rest."""
        self._done = 0
        """Rows of these."""

    @property
    def text(self) -> str:
        return "\n".join(map(safe, self._said))

    def take(self, output: str) -> None:
        self._said[-1:] = plain_lines(self._said[-1] + output)

    def wrap(self, width: int) -> None:
        """What has come since; all of it where the width is another one."""
        if width != self._width:
            self._width, self._wrapped, self._done = width, 0, 0
        del self._rows[self._done :]
        for line in map(safe, self._said[self._wrapped :]):
            self._done = len(self._rows)
            self._rows += [line[start:end] for start, end in break_lines(line, 0, len(line), width=max(8, width))]
        self._wrapped = len(self._said) - 1
        if not self._said[-1]:
            del self._rows[self._done :]

    def __len__(self) -> int:
        return len(self._rows)

    def key(self, index: int) -> Hashable:
        return index

    def index_of(self, key: Hashable) -> int | None:
        return key if isinstance(key, int) and key < len(self) else None

    def lines(self, index: int, width: int) -> tuple[tuple[Piece, ...], ...]:
        return (((self._rows[index], "plain"),),)
