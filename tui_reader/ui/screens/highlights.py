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

from tui_reader.config import Config
from tui_reader.errors import QueryError, ReaderError
from tui_reader.model import Highlight, HighlightCounts, HighlightKind, Listed
from tui_reader.query import parse_query, words_of
from tui_reader.store import Grouping, Sorting, Store
from tui_reader.ui.background import BackgroundStore
from tui_reader.ui.keys import hints, row_hints
from tui_reader.ui.messages import EntryWanted, LinkOpened, RefreshWanted, StoreChanged
from tui_reader.ui.screens.asking import completer, offers
from tui_reader.ui.screens.beside import Beside
from tui_reader.ui.screens.deeds import Deeds
from tui_reader.ui.screens.dialogs import GoTo, TextDialog, help_text
from tui_reader.ui.screens.editing import Editing
from tui_reader.ui.screens.facts import highlight_info
from tui_reader.ui.screens.grouping import ask_group, ask_order, named
from tui_reader.ui.screens.piping import ask_command
from tui_reader.ui.screens.selected_highlights import SelectedHighlights
from tui_reader.ui.text import number
from tui_reader.ui.widgets.article_view import ArticleView
from tui_reader.ui.widgets.highlight_rows import HighlightRows
from tui_reader.ui.widgets.panes import Heading, HighlightsPane
from tui_reader.ui.widgets.prompt import Prompt
from tui_reader.ui.widgets.status_line import StatusLine
from tui_reader.ui.widgets.virtual_list import NoRows, VirtualList

NONE_YET = "no highlights yet\n\nread an article, go to a paragraph with } and press H"

FIRST_IDS = 500
"""Highlights that are listed at once; the rest of a long list follows from the background."""


class HighlightsScreen(Screen[None]):
    AUTO_FOCUS = "#highlights"
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self,
        store: Store,
        background: BackgroundStore,
        config: Config,
        *,
        now: Callable[[], datetime],
        deeds: Deeds,
        query: str = "",
        piped: list[str],
    ) -> None:
        """`piped`: commands that were typed for `|`."""
        super().__init__()
        self.store = store
        self.deeds = deeds
        self._background = background
        self._config = config
        self._now = now
        self._query = query
        self._piped = piped
        self._group: Grouping = ""
        self._order: Sorting = "newest"
        self._shown: tuple[str, Grouping, Sorting] | None = None
        self._editing = Editing(self, deeds, do=self._do, now=now)

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
        heading = self.query_one("#passage-pane").query_one(Heading)
        self._beside = Beside(self.passage, heading, self.store, self._now)
        self._selected = SelectedHighlights(
            self, self.list, self._background, do_many=self._do_many, say=self.status.say, now=self._now
        )
        self._show_mode()
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

    @property
    def rows(self) -> HighlightRows | None:
        """None if nothing is listed."""
        return self.list.rows if isinstance(self.list.rows, HighlightRows) else None

    def highlight(self) -> Highlight | None:
        """The one under the cursor."""
        return self.rows.highlight(self.list.cursor) if self.rows else None

    def filter(self, query: str) -> None:
        """Show others, from the top."""
        self._query = query
        self.update()

    def update(self) -> None:
        """From the store: at once where that is quick, the rest of a long list from the background."""
        term, group, order = parse_query(self._query, now=self._now()).term, self._group, self._order
        today, counts = self._now().date(), self.store.highlights.counts(self._now().date())
        other = (self._query, group, order) != self._shown
        self._shown = (self._query, group, order)
        if other:
            self.list.stop_selecting()

        def find(store: Store, limit: int | None = None) -> tuple[Listed, ...]:
            condition = store.highlight_condition(term) if term else None
            return store.highlights.listed(condition, group=group, order=order, limit=limit)

        async def work() -> None:
            try:
                listed = await self._background.run(find)
            except ReaderError as error:
                self.status.say(str(error))
            else:
                self._show(listed, self.store.highlights.counts(today))

        few = counts.total <= FIRST_IDS
        if few or (other and not group and not words_of(term)):
            self._show(find(self.store, FIRST_IDS if group == "" else None), counts)
        if few:
            self.workers.cancel_group(self, "view")
        else:
            # Textual types the result of this method as Never.
            self.run_worker(work, exclusive=True, group="view")  # type: ignore[arg-type]

    def _show(self, listed: tuple[Listed, ...], counts: HighlightCounts) -> None:
        if listed:
            fetch = self.store.highlights.some
            self.list.show(HighlightRows(named(listed, self._group), fetch, now=self._now(), grouped=bool(self._group)))
        else:
            self.list.show(NoRows(f"no highlight fits {self._query} · esc shows all" if self._query else NONE_YET))
        self._say_what_is_listed(len({each.id for each in listed}), counts)
        self._follow()

    def _say_what_is_listed(self, shown: int, counts: HighlightCounts) -> None:
        parts = ["Highlights", self._query, f"by {self._group}" if self._group else ""]
        numbers = [f"{shown:,} of {counts.total:,}" if self._query else f"{counts.total:,}"]
        numbers += [number(counts.orphans, "orphan")] if counts.orphans else []
        numbers += [f"{counts.due:,} due"] if counts.due else []
        heading = self.query_one("#highlights-pane").query_one(Heading)
        heading.say(" · ".join(part for part in parts if part), " · ".join(numbers))

    @on(StoreChanged)
    def _store_changed(self) -> None:
        # The folder that the query names may be gone by now; what is listed stays.
        with contextlib.suppress(QueryError):
            self.update()

    @on(VirtualList.Moved)
    def _moved(self) -> None:
        self._beside.follow(self._follow)

    @on(VirtualList.Chosen)
    def _chosen(self) -> None:
        self.action_open()

    def _follow(self) -> None:
        if not self.is_attached:
            return  # The screen was left before the cursor had rested.
        highlight = self.highlight()
        if highlight is None:
            self._beside.clear()
            return
        self._beside.show(highlight)
        if highlight.state == "orphan":
            self.status.say("this passage is no longer in the article; the quote is kept · r attaches it by hand")

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
        elif action == "screen.orphans":
            self.action_orphans()
        elif action == "screen.highlights":
            self.filter("")
        elif action == "screen.select_again":
            self.action_select_again()
        elif action:
            self.dismiss()
            self.app.call_later(self.app.run_action, action)

    @on(VirtualList.Selecting, "#highlights")
    def _show_mode(self) -> None:
        rows = self.list.selected_count
        self.status.show_mode(f"{rows:,} selected" if rows else "")
        self.status.show_hints((row_hints if rows else hints)("H", self._config.keys))

    def action_select_rows(self) -> None:
        self.list.select_rows()

    def action_select_again(self) -> None:
        if not self.list.select_again():
            self.status.say("no rows were selected here: v selects some")

    async def action_undo(self) -> None:
        await self._do_many(lambda deeds: deeds.undo()[0])

    async def action_redo(self) -> None:
        await self._do_many(lambda deeds: deeds.redo()[0])

    def _edit(self, edit: Callable[[Highlight], None]) -> None:
        highlight = self.highlight()
        if highlight is not None:
            edit(highlight)

    def action_note(self) -> None:
        self._edit(self._editing.note)

    async def action_tag_highlight(self) -> None:
        if self._selected:
            await self._selected.tags()
        else:
            self._edit(self._editing.tags)

    async def action_kind(self, kind: HighlightKind) -> None:
        if self._selected:
            await self._selected.kind(kind)
        else:
            self._edit(lambda highlight: self._editing.kind(highlight, kind))

    def action_due(self) -> None:
        if self._selected:
            self._selected.due()
        else:
            self._edit(self._editing.due)

    def action_edit_outside(self) -> None:
        self._edit(self._editing.outside)

    async def action_remove_highlight(self) -> None:
        if self._selected:
            await self._selected.remove()
        else:
            self._edit(lambda highlight: self._do(lambda: self.deeds.remove(highlight)))

    def action_attach(self) -> None:
        """In its article, where one selects the passage that it is about now."""
        highlight = self.highlight()
        if highlight is not None:
            self.app.post_message(EntryWanted(highlight.entry_id, highlight.id, attach=True))

    async def action_export(self) -> None:
        """Those that are selected, or all that are listed."""
        ids = [each.id for each in (self.rows.listed if self.rows else ())]
        some = await self._selected.some() if self._selected else self.store.highlights.some(ids)
        self._do(lambda: self.deeds.export(some))

    def action_orphans(self) -> None:
        self.filter("is:orphan")

    def action_group(self) -> None:
        def chosen(group: Grouping) -> None:
            self._group = group
            self.update()

        ask_group(self.app, chosen)

    def action_sort(self) -> None:
        def chosen(order: Sorting) -> None:
            self._order = order
            self.update()

        ask_order(self.app, chosen)

    def action_filter(self) -> None:
        self.query_one(Prompt).ask(
            "filter",
            "Highlights, only",
            text=self._query,
            hint="words, kind:claim, company:alibaba, is:orphan, is:due · tab completes",
            complete=completer(self.store),
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
        if self._selected:
            self.list.stop_selecting()
        elif self._query:
            self._query = ""
            self.update()

    async def action_copy_url(self) -> None:
        highlight = self.highlight()
        if self._selected:
            await self._selected.copy_addresses()
        elif highlight is not None and highlight.source.url:
            self.app.copy_to_clipboard(highlight.source.url)
            self.status.say("copied the address")

    async def action_copy_markdown(self) -> None:
        highlight = self.highlight()
        if self._selected:
            await self._selected.copy_quotes()
        elif highlight is not None:
            from tui_reader.export import quote_markdown

            self.app.copy_to_clipboard(quote_markdown(highlight))
            self.status.say("copied the quote, as Markdown")

    async def action_pipe(self) -> None:
        """The quotes of the selected rows, or of the one under the cursor, through a command."""
        from tui_reader.export import quote_markdown

        highlight = self.highlight()
        some = await self._selected.some() if self._selected else (highlight,) if highlight is not None else ()
        if some:
            text = "\n".join(quote_markdown(each).rstrip("\n") + "\n" for each in some)
            ask_command(self.app, number(len(some), "quote"), text, self._piped)

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
        self.app.push_screen(TextDialog("Keys", help_text(self._config.keys, "H", width=self.size.width)))

    def action_back(self) -> None:
        if self._selected:
            self.list.stop_selecting()
        else:
            self.dismiss()

    async def _do_many(self, deed: Callable[[Deeds], str]) -> None:
        """In the background: there may be thousands. Keys wait for it, the screen does not."""
        try:
            told = await self._background.run(lambda store: deed(self.deeds.on(store)))
        except ReaderError as error:
            told = str(error)
        self.update()
        self.status.say(told)

    def _do(self, deed: Callable[[], str | None]) -> None:
        try:
            told = deed()
        except ReaderError as error:
            told = str(error)
        self.update()
        self.status.say(told or "")
