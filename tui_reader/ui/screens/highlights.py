"""The highlights screen: all highlights, newest first, each beside its passage in the article."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.timer import Timer

from tui_reader.config import Config
from tui_reader.doc import text_doc
from tui_reader.errors import QueryError, ReaderError
from tui_reader.export import quote_markdown
from tui_reader.model import Highlight
from tui_reader.query import parse_query
from tui_reader.store import Store
from tui_reader.ui.keys import hints
from tui_reader.ui.messages import EntryWanted, LinkOpened, RefreshWanted, StoreChanged
from tui_reader.ui.screens.article_parts import FOLLOW_AFTER, article_doc, article_header, marks_of
from tui_reader.ui.screens.asking import completer, offers
from tui_reader.ui.screens.deeds import Deeds
from tui_reader.ui.screens.dialogs import GoTo, NoteDialog, TextDialog, help_text
from tui_reader.ui.screens.facts import highlight_info
from tui_reader.ui.widgets.article_view import ArticleView
from tui_reader.ui.widgets.highlight_rows import HighlightRows
from tui_reader.ui.widgets.panes import Heading, HighlightsPane
from tui_reader.ui.widgets.prompt import Prompt
from tui_reader.ui.widgets.status_line import StatusLine
from tui_reader.ui.widgets.virtual_list import NoRows, VirtualList

NONE_YET = "no highlights yet\n\nread an article, go to a paragraph with } and press H"


class HighlightsScreen(Screen[None]):
    AUTO_FOCUS = "#highlights"
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, store: Store, config: Config, *, now: Callable[[], datetime], deeds: Deeds) -> None:
        super().__init__()
        self.store = store
        self.deeds = deeds
        self._config = config
        self._now = now
        self._query = ""
        self._follow_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        with Horizontal(id="panes"):
            yield HighlightsPane(id="highlights-pane")
            with Vertical(id="passage-pane"):
                yield Heading("")
                passage = ArticleView(id="passage", max_width=self._config.reading.width)
                passage.can_focus = False
                yield passage
        yield Prompt()
        yield StatusLine()

    def on_mount(self) -> None:
        self.query_one("#highlights-pane").query_one(Heading).show_focus(focused=True)
        self.status.show_hints(hints("H", self._config.keys))
        self.update()

    @property
    def list(self) -> VirtualList:
        return self.query_one("#highlights", VirtualList)

    @property
    def passage(self) -> ArticleView:
        return self.query_one(ArticleView)

    @property
    def status(self) -> StatusLine:
        return self.query_one(StatusLine)

    def highlight(self) -> Highlight | None:
        """The one under the cursor."""
        rows = self.list.rows
        return rows.highlights[self.list.cursor] if isinstance(rows, HighlightRows) and len(rows) else None

    def update(self) -> None:
        """From the store; the cursor stays on its highlight."""
        term = parse_query(self._query, now=self._now()).term
        found = self.store.highlights.all(self.store.highlight_condition(term) if term else None)
        reason = "no highlight fits · esc shows all" if self._query else NONE_YET
        self.list.show(HighlightRows(found, now=self._now()) if found else NoRows(reason))
        title = f"Highlights · {self._query}" if self._query else "Highlights"
        self.query_one("#highlights-pane").query_one(Heading).say(title, f"{len(found):,}")
        self._follow()

    @on(StoreChanged)
    def _store_changed(self) -> None:
        # The folder that the query names may be gone by now; what is listed stays.
        with contextlib.suppress(QueryError):
            self.update()

    @on(VirtualList.Moved)
    def _moved(self) -> None:
        if self._follow_timer is not None:
            self._follow_timer.stop()
        self._follow_timer = self.set_timer(FOLLOW_AFTER, self._follow)

    @on(VirtualList.Chosen)
    def _chosen(self) -> None:
        self.action_open()

    def _follow(self) -> None:
        highlight = self.highlight()
        heading = self.query_one("#passage-pane").query_one(Heading)
        if highlight is None:
            heading.say("")
            self.passage.show(text_doc(""))
            return
        article = self.store.entries.article(highlight.entry_id)
        doc = article_doc(article)
        marks = marks_of(doc, article.highlights)
        at = next((mark.start for mark in marks if mark.id == highlight.id), 0)
        heading.say(highlight.source.feed_title, f"{article.entry.published_at:%Y-%m-%d}")
        self.passage.show(doc, header=article_header(article, self._now()), marks=marks, cursor=at)
        if highlight.state == "orphan":
            self.status.say("this passage is no longer in the article; the quote is kept")

    # --- keys

    def action_open(self) -> None:
        highlight = self.highlight()
        if highlight is not None:
            self.app.post_message(EntryWanted(highlight.entry_id, highlight.id))

    def action_left(self) -> None:
        self.passage.page_up()

    def action_right(self) -> None:
        self.action_open()

    def action_next_pane(self) -> None:
        self.list.focus()

    def action_previous_pane(self) -> None:
        self.list.focus()

    def action_page_down(self) -> None:
        self.passage.page_down()

    def action_page_up(self) -> None:
        self.passage.page_up()

    def action_next_entry(self) -> None:
        self.list.move(1)

    def action_previous_entry(self) -> None:
        self.list.move(-1)

    def action_go_to(self) -> None:
        self.app.push_screen(GoTo(), self._gone_to)

    async def _gone_to(self, action: str | None) -> None:
        if action == "top":
            self.list.action_top()
        elif action and action != "screen.highlights":
            self.dismiss()
            self.app.call_later(self.app.run_action, action)

    def action_undo(self) -> None:
        self._do(self.deeds.undo)

    def action_redo(self) -> None:
        self._do(self.deeds.redo)

    def action_note(self) -> None:
        highlight = self.highlight()
        if highlight is None:
            return

        def save(note: str | None) -> None:
            if note is not None:
                self._do(lambda: self.deeds.set_note(highlight, note))

        self.app.push_screen(NoteDialog(highlight.quote.exact, highlight.note), save)

    def action_remove_highlight(self) -> None:
        highlight = self.highlight()
        if highlight is not None:
            self._do(lambda: self.deeds.remove(highlight))

    def action_export(self) -> None:
        rows = self.list.rows
        listed = rows.highlights if isinstance(rows, HighlightRows) else ()
        self._do(lambda: self.deeds.export(listed))

    def action_filter(self) -> None:
        hint = "words, kind:claim, company:alibaba · tab completes"
        self.query_one(Prompt).ask(
            "filter", "Highlights, only", text=self._query, hint=hint, complete=completer(self.store)
        )

    action_search = action_filter

    @on(Prompt.Typed)
    def _typed(self, event: Prompt.Typed) -> None:
        """Filters as one types; half a query waits."""
        final, before = isinstance(event, Prompt.Answered), self._query
        try:
            self._query = event.text.strip()
            self.update()
        except QueryError as error:
            self._query = before
            if final:
                self.status.say(str(error))
                self.query_one(Prompt).ask_again(event.purpose, event.text, offset=error.offset)
            return
        if final:
            self.list.focus()

    @on(Prompt.Offered)
    def _offered(self, event: Prompt.Offered) -> None:
        self.status.say(offers(event.options, self.size.width))

    @on(Prompt.Cancelled)
    def _prompt_cancelled(self) -> None:
        self.action_cancel()
        self.list.focus()

    def action_cancel(self) -> None:
        self.status.clear()
        if self._query:
            self._query = ""
            self.update()

    def action_copy_url(self) -> None:
        highlight = self.highlight()
        if highlight is not None and highlight.source.url:
            self.app.copy_to_clipboard(highlight.source.url)
            self.status.say("copied the address")

    def action_copy_markdown(self) -> None:
        highlight = self.highlight()
        if highlight is not None:
            self.app.copy_to_clipboard(quote_markdown(highlight))
            self.status.say("copied the quote, as Markdown")

    def action_open_browser(self) -> None:
        highlight = self.highlight()
        if highlight is not None:
            self.app.post_message(LinkOpened(highlight.source.url or ""))

    def action_refresh_all(self) -> None:
        self.app.post_message(RefreshWanted(()))

    def action_info(self) -> None:
        highlight = self.highlight()
        if highlight is not None:
            self.app.push_screen(TextDialog("Highlight", highlight_info(highlight)))

    def action_help(self) -> None:
        self.app.push_screen(TextDialog("Keys", help_text(self._config.keys, "H")))

    def action_back(self) -> None:
        self.dismiss()

    def _do(self, deed: Callable[[], str]) -> None:
        try:
            told = deed()
        except ReaderError as error:
            told = str(error)
        self.update()
        self.status.say(told)
