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

from tui_reader.ui.keys import GO_TO, KEYS, PANES, QUIT, shown
from tui_reader.ui.text import cells, fit, safe
from tui_reader.ui.widgets.scroller import Scroller


class TextDialog(ModalScreen[None]):
    """Something to read. Any of esc, q, enter closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        QUIT,
        Binding("escape,q,enter,question_mark,fullwidth_question_mark", "dismiss", show=False),
    ]

    def __init__(self, title: str, body: Content) -> None:
        super().__init__()
        self._title = title
        self._body = body

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            with Scroller(classes="dialog-body"):
                yield Static(Content.styled(safe(self._title), "bold"), classes="dialog-title")
                yield Static(self._body)
            yield Static(Content.styled("esc close · j k scroll", "$foreground-muted"), classes="dialog-keys")


class Choice(ModalScreen[str]):
    """A question with answers by letter. Dismisses with the letter, "" for none of them."""

    BINDINGS: ClassVar[list[BindingType]] = [QUIT, Binding("escape,q", "dismiss('')", show=False)]

    def __init__(self, question: str, answers: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._question = question
        self._answers = tuple(answers)

    def compose(self) -> ComposeResult:
        lines = [*(Content(safe(line)) for line in self._question.split("\n")), Content("")]
        lines += [Content.assemble(("  " + key, "bold $accent"), f"  {text}") for key, text in self._answers]
        lines.append(Content.assemble(("  esc", "bold $accent"), "  cancel"))
        # Not a `Scroller`: any letter may be an answer.
        with Vertical(classes="dialog small"), VerticalScroll(classes="dialog-body"):
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
            with VerticalScroll(id="noted"):
                yield Static(Content.styled("“" + (quote[:300] + "…" if len(quote) > 300 else quote) + "”", "italic"))
            # A text area writes what it holds as it is, and a note may come from another program.
            note = "\n".join(map(safe, self._note.split("\n")))
            yield TextArea(note, soft_wrap=True, show_line_numbers=False, id="note")
            yield Static(Content.styled("ctrl+s save · esc give up", "$foreground-muted"), classes="dialog-keys")

    def on_mount(self) -> None:
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)
        area.focus()

    def action_save(self) -> None:
        self.dismiss(self.query_one(TextArea).text.strip())


class GoTo(ModalScreen[str | None]):
    """After `g`: shows where one can go; the next key goes there. Dismisses with an action, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [QUIT]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog small"), VerticalScroll(classes="dialog-body"):
            yield Static(id="places")

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        """In two columns where there is room for them."""
        parts = [Content.assemble((f"g{key}", "bold $accent"), f" {text}") for key, _, text in GO_TO]
        room = self.query_one(VerticalScroll).scrollable_content_region.width
        # A long name on the left moves what is beside it, and nothing else.
        column = min(max(cells(part.plain) for part in parts) + 2, room // 2 + 1)
        pairs = [
            (left.pad_right(max(1, column - cells(left.plain))), right)
            for left, right in zip(parts[::2], [*parts[1::2], Content("")], strict=False)
        ]
        fit_in = all(cells(left.plain) + cells(right.plain) <= room for left, right in pairs)
        lines = [left + right for left, right in pairs] if fit_in else parts
        self.query_one("#places", Static).update(Content("\n").join(lines))

    def on_key(self, event: events.Key) -> None:
        found = {key: action for key, action, _ in GO_TO}
        place = found.get(event.character or "")
        if place is None and event.key != "escape" and event.key in self.active_bindings:
            return  # It scrolls, or quits.
        event.stop()
        self.dismiss(place)


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
    lines += [Content.styled("Signs", "bold $secondary"), *(Content(sign) for sign in _SIGNS), Content("")]
    lines.append(
        Content("The names at the right are for the [keys] table of config.toml.")
        if width >= _WIDE
        else Content("A wider window also shows the names for the [keys] table.")
    )
    return Content("\n").join(lines)


_WIDE = 100

_SIGNS = (
    "● unread · ★ starred · ◷ read later · ✎ highlighted",
    "~ edited since you read it, where it matters (d shows how)",
    "└ a story of the issue above · ┃ selected (v)",
    "(Name) a company that the article only mentions",
    "▌ highlight · ✓ fact · ! claim · # number · ? question",
)
