"""The small screens over the others: a text to read, a choice, a note to write, the places to go to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static, TextArea

from tui_reader.ui.keys import GO_TO, KEYS, PANES, shown
from tui_reader.ui.text import cells, fit, safe


class TextDialog(ModalScreen[None]):
    """Something to read. Any of esc, q, enter closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter,question_mark,fullwidth_question_mark", "dismiss", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
        Binding("space,pagedown,ctrl+d", "scroll(12)", show=False),
        Binding("b,pageup,ctrl+u", "scroll(-12)", show=False),
        Binding("g,home", "top", show=False),
        Binding("G,end", "end", show=False),
    ]

    def __init__(self, title: str, body: Content) -> None:
        super().__init__()
        self._title = title
        self._body = body

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content.styled(safe(self._title), "bold"), classes="dialog-title")
            with VerticalScroll(classes="dialog-body", can_focus=False):
                yield Static(self._body)
            yield Static(Content.styled("esc close · j k scroll", "$foreground-muted"))

    def action_scroll(self, by: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)

    def action_top(self) -> None:
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def action_end(self) -> None:
        self.query_one(VerticalScroll).scroll_end(animate=False)


class Choice(ModalScreen[str]):
    """A question with answers by letter. Dismisses with the letter, "" for none of them."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "dismiss('')", show=False)]

    def __init__(self, question: str, answers: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._question = question
        self._answers = tuple(answers)

    def compose(self) -> ComposeResult:
        lines = [*(Content(safe(line)) for line in self._question.split("\n")), Content("")]
        lines += [Content.assemble(("  " + key, "bold $accent"), f"  {text}") for key, text in self._answers]
        lines.append(Content.assemble(("  esc", "bold $accent"), "  cancel"))
        with Vertical(classes="dialog small"):
            yield Static(Content("\n").join(lines))

    def on_key(self, event: events.Key) -> None:
        if event.character and event.character in dict(self._answers):
            event.stop()
            self.dismiss(event.character)


class NoteDialog(ModalScreen[str | None]):
    """A note to write, in Markdown. Dismisses with the text, or None if it was given up."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", show=False, priority=True),
        Binding("escape", "dismiss(None)", show=False),
    ]

    def __init__(self, quote: str, note: str) -> None:
        super().__init__()
        self._quote = quote
        self._note = note

    def compose(self) -> ComposeResult:
        quote = safe(self._quote)
        with Vertical(classes="dialog"):
            yield Static(Content.styled("“" + (quote[:300] + "…" if len(quote) > 300 else quote) + "”", "italic"))
            # A text area writes what it holds as it is, and a note may come from another program.
            note = "\n".join(map(safe, self._note.split("\n")))
            yield TextArea(note, soft_wrap=True, show_line_numbers=False, id="note")
            yield Static(Content.styled("ctrl+s save · esc give up", "$foreground-muted"))

    def on_mount(self) -> None:
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)
        area.focus()

    def action_save(self) -> None:
        self.dismiss(self.query_one(TextArea).text.strip())


class GoTo(ModalScreen[str | None]):
    """After `g`: shows where one can go; the next key goes there. Dismisses with an action, or None."""

    def compose(self) -> ComposeResult:
        parts = [Content.assemble((f"g{key}", "bold $accent"), f" {text}") for key, _, text in GO_TO]
        width = max(cells(part.plain) for part in parts) + 2
        with Vertical(classes="dialog small"):
            lines = [
                Content("").join([part.pad_right(width - cells(part.plain)) for part in parts[i : i + 2]])
                for i in range(0, len(parts), 2)
            ]
            yield Static(Content("\n").join(lines))

    def on_key(self, event: events.Key) -> None:
        event.stop()
        found = {key: action for key, action, _ in GO_TO}
        self.dismiss(found.get(event.character or ""))


def help_text(remapped: Mapping[str, str], pane: str, *, width: int) -> Content:
    """All keys, those of the pane first; the names of their actions where a screen of `width` columns has room."""
    letters = [pane, *(letter for letter in PANES if letter != pane)]
    lines: list[Content] = []
    told: set[str] = set()
    for letter in letters:
        own = [key for key in KEYS if letter in key.panes and key.id not in told]
        told |= {key.id for key in own}
        lines += [
            Content.styled(f"{PANES[letter]}" if letter == pane else f"Also in: {PANES[letter]}", "bold $secondary")
        ]
        for key in own:
            keys = fit(shown(remapped.get(key.id, key.keys)), 12)
            name = (key.id, "$foreground-muted") if width >= _WIDE else ("", "")
            lines.append(Content.assemble((f"  {keys} ", "bold $accent"), fit(key.text, 48 if name[0] else 44), name))
        lines.append(Content(""))
    lines.append(
        Content("The names at the right are for the [keys] table of config.toml.")
        if width >= _WIDE
        else Content("A wider window also shows the names for the [keys] table.")
    )
    return Content("\n").join(lines)


_WIDE = 100
