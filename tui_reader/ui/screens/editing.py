"""Changing one highlight: its note, its tags, its kind, its day. Both screens do it in the same dialogs."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, TypeVar

from textual.app import App, SuspendNotSupported
from textual.screen import Screen

from tui_reader.doc import normal_form, without_controls
from tui_reader.errors import ReaderError
from tui_reader.model import Highlight, HighlightKind
from tui_reader.query import DAY_FORMS, parse_day
from tui_reader.ui.editor import edit_text, editor_command
from tui_reader.ui.screens.deeds import Deeds
from tui_reader.ui.screens.dialogs import NoteDialog
from tui_reader.ui.screens.line_dialog import LineDialog

T = TypeVar("T")
Do = Callable[[Callable[[], str | None]], None]
"""Runs a deed of a screen and reports it, or why it was refused."""


class Editing:
    def __init__(self, screen: Screen[None], deeds: Deeds, *, do: Do, now: Callable[[], datetime]) -> None:
        self._screen = screen
        self._deeds = deeds
        self._do = do
        self._now = now

    def note(self, highlight: Highlight, *, given_up: Callable[[], None] = lambda: None) -> None:
        def save(note: str | None) -> None:
            if note is None:
                given_up()
            else:
                self._do(lambda: self._deeds.set_note(highlight, note))

        self._screen.app.push_screen(NoteDialog(highlight.quote.exact, highlight.note), save)

    def tags(self, highlight: Highlight) -> None:
        def save(text: str | None) -> None:
            if text is not None:
                self._do(lambda: self._deeds.set_tags(highlight, tags_in(text)))

        title = f"Tags of “{_short(highlight)}”"
        hint = "hbm, supply chain, 存储"
        self._screen.app.push_screen(LineDialog(title, text=", ".join(highlight.tags), hint=hint), save)

    def kind(self, highlight: Highlight, kind: HighlightKind) -> None:
        """The kind it has already is taken away. Of a claim, the day is asked for: nobody needs to know one."""
        if kind == highlight.kind:
            kind = ""
        self._do(lambda: self._deeds.set_kind(highlight, kind))
        if kind == "claim":
            self.due(self._deeds.again(highlight))

    def due(self, highlight: Highlight) -> None:
        def save(text: str | None) -> None:
            if text is not None:
                day = day_in(text, self._now())
                self._do(lambda: self._deeds.set_check_by(highlight, day))

        text = highlight.check_by.isoformat() if highlight.check_by else ""
        self._screen.app.push_screen(day_dialog(f"“{_short(highlight)}”", text, self._now), save)

    def outside(self, highlight: Highlight) -> None:
        """Its note, in the reader's own editor."""
        self._do(lambda: self._edit_outside(highlight))
        self._screen.refresh()

    def _edit_outside(self, highlight: Highlight) -> str:
        note = in_editor(self._screen.app, partial(edit_text, highlight.note), otherwise="a edits the note here")
        return self._deeds.set_note(highlight, note)


def in_editor(app: App[Any], work: Callable[[Sequence[str]], T], *, otherwise: str) -> T:
    """Hand the terminal to the reader's editor, for work with it. Raises ReaderError; `otherwise` is what else can be
    done."""
    command = editor_command(os.environ)
    try:
        with app.suspend():
            return work(command)
    except SuspendNotSupported:
        raise ReaderError(f"this terminal cannot be handed to an editor: {otherwise}") from None


def day_dialog(what: str, text: str, now: Callable[[], datetime]) -> LineDialog:
    """Asks by when to check `what`; the answer is for `day_in`."""

    def refuses(typed: str) -> str:
        try:
            day_in(typed, now())
        except (ValueError, OverflowError):
            return f"expected {DAY_FORMS}"
        return ""

    hint = "2027-03-31, 2027-03, 30d, 6m; nothing: no day"
    return LineDialog(f"Check by: {what}", text=text, hint=hint, refuses=refuses)


def day_in(text: str, now: datetime) -> date | None:
    """None for nothing typed. Raises ValueError and OverflowError."""
    return parse_day(text, now=now) if text else None


def tags_in(text: str) -> tuple[str, ...]:
    """`hbm, #存储、supply chain`: parted by commas of either script, or by the signs before them; each once."""
    text = normal_form(without_controls(text))
    parts = (" ".join(part.split()) for part in re.split(r"[,，、;；]|(?:^|\s)[#＃]", text))
    return tuple(dict.fromkeys(part[:80] for part in parts if part))


def _short(highlight: Highlight) -> str:
    quote = highlight.quote.exact
    return quote[:40] + "…" if len(quote) > 40 else quote
