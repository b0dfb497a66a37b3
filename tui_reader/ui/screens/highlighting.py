"""Highlights in the article that is being read: what becomes of a selection, and of the highlight at the cursor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from textual.screen import Screen

from tui_reader.fold import fold
from tui_reader.model import Article, Highlight, HighlightKind
from tui_reader.query import parse_query
from tui_reader.store import Store, words_pattern
from tui_reader.ui.screens.deeds import Deeds
from tui_reader.ui.screens.editing import Do, Editing
from tui_reader.ui.screens.line_dialog import LineDialog
from tui_reader.ui.screens.overlaps import Lying
from tui_reader.ui.screens.reading import Reading
from tui_reader.ui.selection import Selection
from tui_reader.ui.text import number
from tui_reader.ui.widgets.selecting import Deed
from tui_reader.ui.widgets.status_line import StatusLine

_KINDS: dict[Deed, HighlightKind] = {"fact": "fact", "claim": "claim", "number": "number", "question": "question"}
_NONE_HERE = "no highlight here: v selects a passage, H takes the paragraph"


class Highlighting:
    def __init__(
        self,
        screen: Screen[None],
        reading: Reading,
        store: Store,
        deeds: Deeds,
        *,
        do: Do,
        now: Callable[[], datetime],
    ) -> None:
        self._screen = screen
        self._reading = reading
        self._store = store
        self._deeds = deeds
        self._do = do
        self._now = now
        self._editing = Editing(screen, deeds, do=do, now=now)
        self._attaching: Highlight | None = None
        self._words = ""

    @property
    def selecting(self) -> bool:
        return self._reading.view.selection is not None

    @property
    def mode(self) -> str:
        """For the status line: what the keys are about now; "" as usual."""
        selection = self._reading.view.selection
        if selection is not None:
            lead = "ATTACH" if self._attaching else "SELECT"
            length = number(selection.end - selection.start, "character")
            return f"{lead} by {selection.unit} · {length}"
        if self._attaching is not None:
            return "ATTACH: select the passage with v or V, then enter"
        return ""

    # --- the paragraph

    def toggle(self) -> None:
        """Highlight the paragraph; if it is highlighted, or the cursor is on a highlight, take that away."""
        article, span = self._reading.as_shown(), self._reading.view.block_at_cursor()
        if article is None or span is None:
            self._status.say("nothing to highlight here")
            return
        mark = self._reading.view.mark_over_cursor()
        if mark is not None:
            self._do(lambda: self._deeds.remove(self._store.highlights.get(mark.id)))
        else:
            self._highlight(article, *span)

    def note(self) -> None:
        """On the highlight at the cursor, or on a new one of the paragraph, which goes if the note is given up."""
        highlight = self.at_cursor()
        if highlight is not None:
            self._editing.note(highlight)
            return
        article, span = self._reading.as_shown(), self._reading.view.block_at_cursor()
        if article is None or span is None:
            self._status.say("no article to note anything on")
            return
        made = self._highlight(article, *span)
        if made is not None:
            self._editing.note(made, given_up=lambda: self._do(lambda: self._deeds.remove(made)))

    # --- what is selected

    def take(self, selection: Selection, deed: Deed) -> None:
        article = self._reading.as_shown()
        if article is None:
            return
        if deed == "reach":
            self._reach()
        elif deed == "copy":
            self._copy(article.text[selection.start : selection.end], "the text")
        elif deed == "quote":
            from tui_reader.export import quote_markdown

            self._copy(quote_markdown(self._deeds.quoted(article, selection.start, selection.end)), "the quote")
        elif self._attaching is not None:
            self._attach(self._attaching, article, selection)
        else:
            made = self._highlight(article, selection.start, selection.end, kind=_KINDS.get(deed, ""))
            if made is not None:
                self._go_on(made, deed)

    def _go_on(self, made: Highlight, deed: Deed) -> None:
        match deed:
            case "note":
                self._editing.note(made)
            case "tag":
                self._editing.tags(made)
            case "claim":
                self._editing.due(made)

    def _highlight(self, article: Article, start: int, end: int, *, kind: HighlightKind = "") -> Highlight | None:
        """None where the store refuses, which is told."""
        kinds = {each.id: each.kind for each in article.highlights}
        marks = self._reading.view.marks
        others = [Lying(mark.id, mark.start, mark.end, kinds[mark.id]) for mark in marks if mark.id in kinds]
        made: Highlight | None = None

        def make() -> str:
            nonlocal made
            made, told = self._deeds.highlight(article, start, end, kind=kind, others=others)
            return told

        self._do(make)
        return made

    def _reach(self) -> None:
        def go_on(text: str | None) -> None:
            words = words_pattern(parse_query(text, now=self._now()).term) if text else None
            if words is not None:
                self._words = text or ""
                if not self._reading.view.select_to_match(words, fold):
                    self._status.say(f"no further {text}")

        self._screen.app.push_screen(LineDialog("Select up to the next", text=self._words, hint="words"), go_on)

    def _copy(self, text: str, what: str) -> None:
        self._screen.app.copy_to_clipboard(text)
        self._status.say(f"copied {what}")

    # --- the highlight at the cursor

    def at_cursor(self) -> Highlight | None:
        mark = self._reading.view.mark_at_cursor()
        return self._store.highlights.get(mark.id) if mark is not None else None

    def tags(self) -> None:
        self._edit(self._editing.tags)

    def kind(self, kind: HighlightKind) -> None:
        self._edit(lambda highlight: self._editing.kind(highlight, kind))

    def outside(self) -> None:
        self._edit(self._editing.outside)

    def _edit(self, edit: Callable[[Highlight], None]) -> None:
        highlight = self.at_cursor()
        if highlight is None:
            self._status.say(_NONE_HERE)
        else:
            edit(highlight)

    # --- attaching

    def start_attaching(self, highlight_id: str) -> None:
        """From now on the next selection is where this highlight belongs."""
        self._attaching = self._store.highlights.get(highlight_id)
        self._status.show_mode(self.mode)
        self._status.say(f"where is it now? “{self._attaching.quote.exact[:60]}” · esc gives up")

    def stop_attaching(self) -> None:
        self._attaching = None
        self._status.show_mode(self.mode)

    def _attach(self, highlight: Highlight, article: Article, selection: Selection) -> None:
        self.stop_attaching()
        if article.entry.id != highlight.entry_id:
            self._status.say("a highlight stays with its article: this is another one")
        else:
            self._do(lambda: self._deeds.attach(highlight, article, selection.start, selection.end))

    @property
    def _status(self) -> StatusLine:
        return self._screen.query_one(StatusLine)
