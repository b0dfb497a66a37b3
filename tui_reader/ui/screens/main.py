"""The main screen: feeds and views · entries · article. Keys end here; three helpers, one a pane, do the work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.timer import Timer

from tui_reader.config import Config
from tui_reader.errors import QueryError, ReaderError
from tui_reader.model import Article, HighlightKind, Term, View
from tui_reader.query import describe, parse_query
from tui_reader.store import StateField, Store
from tui_reader.ui.background import BackgroundStore
from tui_reader.ui.keys import hints, row_hints
from tui_reader.ui.messages import (
    FeedRefreshed,
    FullTextWanted,
    HighlightsWanted,
    LinkOpened,
    RefreshEnded,
    RefreshStarted,
    RefreshWanted,
    SplitWanted,
    StoreChanged,
)
from tui_reader.ui.screens.arrangement import PANES, Arrangement
from tui_reader.ui.screens.article_file import open_article
from tui_reader.ui.screens.article_parts import FOLLOW_AFTER, article_markdown
from tui_reader.ui.screens.asking import offers
from tui_reader.ui.screens.deeds import Deeds
from tui_reader.ui.screens.dialogs import Choice, GoTo, TextDialog, help_text
from tui_reader.ui.screens.edits import EditsDialog
from tui_reader.ui.screens.entry_list import FIRST_START, NO_ENTRIES, EntryList, Later
from tui_reader.ui.screens.facts import article_info, feed_info, health_info
from tui_reader.ui.screens.feed_tree import HIGHLIGHTS
from tui_reader.ui.screens.following import Following
from tui_reader.ui.screens.highlighting import Highlighting
from tui_reader.ui.screens.muting import Muting, Subject, subjects_of
from tui_reader.ui.screens.outside import Outside
from tui_reader.ui.screens.piping import ask_command
from tui_reader.ui.screens.progress import Progress
from tui_reader.ui.screens.reading import Reading
from tui_reader.ui.screens.searching import Searching
from tui_reader.ui.screens.selected_entries import SelectedEntries
from tui_reader.ui.screens.sidebar import Sidebar
from tui_reader.ui.screens.tagging import Tagging
from tui_reader.ui.screens.walking import Walking
from tui_reader.ui.text import number
from tui_reader.ui.widgets.article_view import ArticleView
from tui_reader.ui.widgets.panes import ArticlePane, EntriesPane, FeedsPane
from tui_reader.ui.widgets.prompt import Prompt, Purpose
from tui_reader.ui.widgets.selecting import Selecting
from tui_reader.ui.widgets.status_line import StatusLine
from tui_reader.ui.widgets.virtual_list import VirtualList
from tui_reader.ui.widgets.why_rows import WhyRow

LETTERS = {"feeds-pane": "F", "entries-pane": "L", "article-pane": "A"}


class MainScreen(Screen[None]):
    AUTO_FOCUS = "#entries"

    def __init__(
        self,
        store: Store,
        background: BackgroundStore,
        config: Config,
        *,
        now: Callable[[], datetime],
        deeds: Deeds,
        first_start: bool,
        taxonomy: Path | None = None,
        piped: list[str],
        exports: Path | None,
    ) -> None:
        """`taxonomy`: the reader's own file, if any. `piped`: commands that were typed for `|`. `exports`: the folder
        of the Markdown export; None in the demo."""
        super().__init__()
        self.store = store
        self.deeds = deeds
        self._background = background
        self._config = config
        self._now = now
        self._first_start = first_start
        self._taxonomy = taxonomy
        self._piped = piped
        self._exports = exports
        self.arrangement = Arrangement(self)
        self._follow_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        with Horizontal(id="panes"):
            yield FeedsPane(id="feeds-pane")
            yield EntriesPane(id="entries-pane")
            yield ArticlePane(id="article-pane", max_width=self._config.reading.width)
        yield Prompt()
        yield StatusLine()

    def on_mount(self) -> None:
        self.progress = Progress(self, self.status)
        self.sidebar = Sidebar(self.query_one(FeedsPane), self.store, self._background, now=self._now)
        self.list = EntryList(
            self.query_one(EntriesPane),
            self.store,
            self._background,
            company=self.sidebar.company,
            now=self._now,
            iso_dates=self._config.ui.dates == "iso",
            idle=FIRST_START if self._first_start else NO_ENTRIES,
            shown=self._follow,
        )
        self.reading = Reading(
            self.query_one(ArticlePane), self.store, self._config.reading, now=self._now, read=self._read_on
        )
        self.walking = Walking(
            self.sidebar,
            self.list,
            self.reading,
            open_view=self.open_view,
            follow=self._follow,
            say=self.status.say,
        )
        self.searching = Searching(
            self.query_one(Prompt),
            self.sidebar,
            self.list,
            self.reading,
            self.store,
            self.deeds,
            show=self._show,
            say=self.status.say,
            do=self._do,
            now=self._now,
        )
        self.outside = Outside(self, self.sidebar, self.list, self.reading, self.store, say=self.status.say)
        self.tagging = Tagging(
            self,
            self.store,
            self._background,
            now=self._now,
            taxonomy=self._taxonomy,
            do=self._do,
            do_later=self._do_later,
            show=self._show_passages,
        )
        self.following = Following(self, self.store, self._background, now=self._now, do=self._do, say=self.status.say)
        self.muting = Muting(self, self.store, self._background, now=self._now, do_later=self._do_later)
        self.selected = SelectedEntries(
            self, self.list, self._background, self.tagging, do_many=self._do_many, say=self.status.say
        )
        self.highlighting = Highlighting(self, self.reading, self.store, self.deeds, do=self._do, now=self._now)
        unread = self.store.entries.ids(self.store.condition(self._term("is:unread")), limit=1)
        self.sidebar.open()
        self.open_view("is:unread" if len(unread) else "")
        self.update_counts()
        self.arrangement.apply()

    # --- the parts

    @property
    def status(self) -> StatusLine:
        return self.query_one(StatusLine)

    @property
    def pane(self) -> str:
        """Id of the pane that has the focus."""
        return self.arrangement.focused

    def _term(self, query: str) -> Term | None:
        return parse_query(query, now=self._now()).term

    # --- views

    def open_view(self, query: str, name: str = "") -> None:
        """Show another view from its top. A query that does not parse is reported, and nothing changes."""
        try:
            self._show(parse_query(query, now=self._now(), name=name or self.sidebar.name_of(query)))
        except QueryError as error:
            self.status.say(str(error))

    def show_view(self, view: View) -> None:
        """A view that was shown before; what it names may be gone by now."""
        try:
            self._show(view)
        except QueryError as error:
            self.status.say(str(error))

    def _show(self, view: View) -> None:
        """Raises QueryError if the view names what the store does not have, and shows what it showed."""
        self._begin(self.list.show(view), "view")
        self.sidebar.point_to(view.query)
        self.status.keep(describe(self.store.expansions(view.term)))

    def _begin(self, later: Later | None, group: str) -> None:
        """Work in the background, in place of what is under way in its group; refusals go to the status line."""

        async def work() -> None:
            assert later is not None
            try:
                await later()
            except ReaderError as error:
                self.status.say(str(error))

        if later is not None:
            # Textual types the result of this method as Never.
            self.run_worker(work, exclusive=True, group=group)  # type: ignore[arg-type]

    # --- the article follows the cursor

    @on(VirtualList.Moved, "#entries")
    def _moved(self) -> None:
        self.list.say_where()
        if self._follow_timer is not None:
            self._follow_timer.stop()
        self._follow_timer = self.set_timer(FOLLOW_AFTER, self._follow)

    @on(VirtualList.Chosen, "#entries")
    def _chosen(self) -> None:
        self.open_entry()

    def _follow(self) -> None:
        """Show the article under the cursor, now."""
        if self._follow_timer is not None:
            self._follow_timer.stop()
        entry = self.list.entry()
        if entry is None:
            self.reading.clear()
        elif self.reading.article is None or self.reading.article.entry.id != entry.id:
            self.show_article(entry.id)

    def show_article(self, entry_id: int, *, highlight_id: str = "") -> None:
        words = None if highlight_id else self.store.search.pattern(self.list.view.term)
        self.reading.show(entry_id, highlight_id=highlight_id, words=words)
        if self.pane == "article-pane":
            self.reading.begin()

    def show_entry(self, entry_id: int, highlight_id: str, *, attach: bool = False) -> None:
        """An entry from elsewhere, at its highlight, which is to be attached anew or not; the list shows it if it has
        it."""
        if self.list.rows is None or self.list.rows.index_of(entry_id) is None:
            self.open_view("")
        index = self.list.rows.index_of(entry_id) if self.list.rows is not None else None
        if index is not None:
            self.list.list.move_to(index)
        if self._follow_timer is not None:
            self._follow_timer.stop()
        self.show_article(entry_id, highlight_id=highlight_id)
        self.focus_pane("article")
        if attach:
            self.highlighting.start_attaching(highlight_id)

    def open_entry(self) -> None:
        """Go into the article: from now on it is being read."""
        if self.list.entry() is None:
            return
        self._follow()
        self.focus_pane("article")
        self.reading.begin()

    @on(ArticleView.MarkReached)
    def _mark_reached(self, event: ArticleView.MarkReached) -> None:
        highlights = self.reading.article.highlights if self.reading.article is not None else ()
        note = next((each.note for each in highlights if each.id == event.mark.id), "")
        if note:
            self.status.say(f"✎ {' '.join(note.split())}")

    @on(ArticleView.Scrolled)
    def _scrolled(self) -> None:
        self.reading.scrolled()

    def _read_on(self, article: Article) -> None:
        if self.store.writable:
            self._do(lambda: self.deeds.read_on(article.entry))

    # --- what changes

    def update_counts(self) -> None:
        """The left pane, from the store."""
        # While a refresh writes, tags are not counted: that walks all of them.
        self._begin(partial(self.sidebar.count, tags=not self.progress.refreshing), "counts")

    def update(self) -> None:
        """Something in the store is different: show it, and keep cursor, article and place."""
        self.list.redraw()
        self.reading.update()
        self.update_counts()

    @on(StoreChanged)
    def _store_changed(self) -> None:
        # While a refresh writes, most of what comes is among the first; the rest is taken in when it has ended.
        self._begin(partial(self.list.follow, whole=not self.progress.refreshing), "news")
        self.reading.update()
        self.update_counts()

    @on(RefreshStarted)
    def _refresh_started(self, event: RefreshStarted) -> None:
        self.progress.begin(event.feeds)

    @on(FeedRefreshed)
    def _feed_refreshed(self, event: FeedRefreshed) -> None:
        self.progress.tell(event.done, event.feeds)

    @on(RefreshEnded)
    def _refresh_ended(self, event: RefreshEnded) -> None:
        self.list.idle = NO_ENTRIES
        self.progress.end(event)
        self._store_changed()

    # --- the panes

    def focus_pane(self, name: str) -> None:
        self.arrangement.zen = self.arrangement.zen and name == "article"
        # A pane that is not displayed cannot take the focus.
        self.query_one(f"#{name}-pane").display = True
        self.set_focus(self.query_one(f"#{name}"))
        self.arrangement.apply()

    def on_descendant_focus(self) -> None:
        self.arrangement.show_focus()
        if self.pane != "article-pane":
            self.reading.view.set_selection(None)
        if self.pane != "entries-pane":
            self.list.list.stop_selecting()
        self._show_mode()
        self.arrangement.apply()

    def on_resize(self, _event: events.Resize) -> None:
        self.arrangement.apply()

    # --- doing

    def _do(self, deed: Callable[[], str | None]) -> None:
        """Run a deed, report it, show what it changed. Whatever the store refuses is a sentence, not a crash."""
        try:
            told = deed()
        except ReaderError as error:
            self.status.say(str(error))
            return
        if told:
            self.status.say(told)
        self.update()

    def _do_later(self, deed: Callable[[], Awaitable[str]]) -> None:
        """The same for what must not be waited for."""

        async def work() -> None:
            try:
                told = await deed()
            except ReaderError as error:
                told = str(error)
            self.status.say(told)
            self.update()
            self._begin(partial(self.list.follow, whole=True), "news")

        self.run_worker(work, group="deed")  # type: ignore[arg-type]

    async def _do_many(self, deed: Callable[[Deeds], str]) -> None:
        """A deed to any number of entries, in the background: 50,000 of them take half a second.

        Keys that are pressed meanwhile wait for it; the screen does not.
        """
        try:
            told = await self._background.run(lambda store: deed(self.deeds.on(store)))
        except ReaderError as error:
            told = str(error)
        self.status.say(told)
        self.update()

    # --- keys: moving

    def action_left(self) -> None:
        row = self.sidebar.row()
        if self.pane == "feeds-pane" and row and row.unfolded and row.folds:
            self.sidebar.fold(row)
        else:
            self._step_pane(-1)

    def action_right(self) -> None:
        row = self.sidebar.row()
        if self.pane == "feeds-pane" and row and row.unfolded is False:
            self.sidebar.fold(row)
        elif self.pane == "entries-pane":
            self.open_entry()
        else:
            self._step_pane(1)

    def _step_pane(self, by: int) -> None:
        index = PANES.index(self.pane) + by
        if 0 <= index < len(PANES):
            self.focus_pane(PANES[index].removesuffix("-pane"))

    def action_next_pane(self) -> None:
        self.focus_pane(PANES[(PANES.index(self.pane) + 1) % 3].removesuffix("-pane"))

    def action_previous_pane(self) -> None:
        self.focus_pane(PANES[(PANES.index(self.pane) - 1) % 3].removesuffix("-pane"))

    def action_focus_pane(self, name: str) -> None:
        self.focus_pane(name)

    def action_open(self) -> None:
        if self.pane == "feeds-pane":
            self._open_row()
        elif self.pane == "entries-pane":
            self.open_entry()
        else:
            self.outside.open_link()

    @on(VirtualList.Chosen, "#feeds")
    def _open_row(self) -> None:
        row = self.sidebar.row()
        if row is None:
            return
        if row.query == HIGHLIGHTS:
            self.action_highlights()
        elif row.kind in ("section", "more"):
            self.sidebar.fold(row)
        else:
            self.open_view(row.query, row.label)
            self.focus_pane("entries")

    def action_section(self, kind: str) -> None:
        """To the companies or the topics of the left pane."""
        self.sidebar.go_to_section(kind)
        self.focus_pane("feeds")

    def action_page_down(self) -> None:
        self.walking.page_down()

    def action_page_up(self) -> None:
        self.reading.view.page_up()

    def action_next_unread(self) -> None:
        if not self._to_match(1):
            self.walking.to_unread(1)

    def action_previous_unread(self) -> None:
        self.walking.to_unread(-1)

    def action_next_unread_view(self) -> None:
        if not self._to_match(-1):
            self.walking.to_unread_view(1)

    def _to_match(self, by: int) -> bool:
        """While something is being found in the article, n and N go from match to match."""
        return self.pane == "article-pane" and self.walking.to_match(by)

    def action_previous_unread_view(self) -> None:
        self.walking.to_unread_view(-1)

    def action_next_entry(self) -> None:
        self.walking.to_entry(1)

    def action_previous_entry(self) -> None:
        self.walking.to_entry(-1)

    def action_go_to(self) -> None:
        self.app.push_screen(GoTo(), self._gone_to)

    async def _gone_to(self, action: str | None) -> None:
        if action == "top":
            focused = self.focused
            if isinstance(focused, VirtualList | ArticleView):
                focused.action_top()
        elif action:
            await self.run_action(action)

    # --- keys: rows of the list

    @property
    def _on_rows(self) -> bool:
        """Whether keys mean the selected rows."""
        return self.pane == "entries-pane" and self.list.list.selected_count > 0

    @on(VirtualList.Selecting, "#entries")
    def _rows_selected(self) -> None:
        self._show_mode()

    def action_select_rows(self) -> None:
        self.list.list.select_rows()

    def action_select_again(self) -> None:
        self.focus_pane("entries")
        if not self.list.list.select_again():
            self.status.say("no rows were selected here: v selects some")

    # --- keys: views

    def action_view(self, query: str) -> None:
        self.open_view(query)
        self.focus_pane("entries")

    def action_search(self) -> None:
        self.searching.search()

    def action_filter(self) -> None:
        if self.pane == "feeds-pane":
            self.searching.filter_feeds()
        else:
            self.searching.filter()

    def action_find(self) -> None:
        self.searching.find()

    def action_save_view(self) -> None:
        self.searching.save()

    def action_add_feed(self) -> None:
        self.searching.add_feed()

    @on(Prompt.Offered)
    def _offered(self, event: Prompt.Offered) -> None:
        self.status.say(offers(event.options, self.size.width))

    @on(Prompt.Typed)
    def _typed(self, event: Prompt.Typed) -> None:
        if not isinstance(event, Prompt.Answered):
            self.searching.typed(event.purpose, event.text)

    @on(Prompt.Answered)
    def _answered(self, event: Prompt.Answered) -> None:
        self._leave_prompt(event.purpose)
        self.searching.answered(event.purpose, event.text)

    @on(Prompt.Cancelled)
    def _prompt_cancelled(self, event: Prompt.Cancelled) -> None:
        self._leave_prompt(event.purpose)
        self.searching.stop_typing()
        self.action_cancel()

    def _leave_prompt(self, purpose: Purpose) -> None:
        self.focus_pane({"feeds": "feeds", "add": "feeds", "find": "article"}.get(purpose, "entries"))

    def action_cancel(self) -> None:
        """Take the marks out of the article; elsewhere end what is selected, or the search that made this list."""
        self.status.clear()
        if self._on_rows:
            self.list.list.stop_selecting()
            return
        self.highlighting.stop_attaching()
        self.reading.view.set_evidence(())
        if self.pane == "article-pane":
            self.reading.view.stop_finding()
        elif not self.searching.end() and self.sidebar.words:
            self.sidebar.filter("")

    # --- keys: reading and marking

    async def action_toggle_read(self) -> None:
        row = self.sidebar.row()
        if self.pane != "feeds-pane":
            await self._toggle("read")
        elif row is not None and row.kind not in ("section", "more") and row.query != HIGHLIGHTS:
            term = self._term(row.query)
            await self._do_many(lambda deeds: deeds.mark_view_read(term))

    async def action_toggle_star(self) -> None:
        await self._toggle("starred")

    async def action_toggle_later(self) -> None:
        await self._toggle("later")

    async def _toggle(self, field: StateField) -> None:
        if self._on_rows:
            self.reading.stop()
            await self.selected.mark(field)
        else:
            self._toggle_one(field)

    def _toggle_one(self, field: StateField) -> None:
        entry = self.list.entry()
        if entry is not None:
            self.reading.stop()
            self._do(lambda: self.deeds.toggle(entry, field))

    async def action_mark_above_read(self) -> None:
        if self.list.rows is not None:
            ids = self.list.rows.ids[: self.list.list.cursor]
            await self._do_many(lambda deeds: deeds.mark_read(ids))

    async def action_mark_all_read(self) -> None:
        term = self.list.view.term
        await self._do_many(lambda deeds: deeds.mark_view_read(term))

    async def action_undo(self) -> None:
        await self._turn(Deeds.undo)

    async def action_redo(self) -> None:
        await self._turn(Deeds.redo)

    async def _turn(self, turn: Callable[[Deeds], tuple[str, Sequence[int]]]) -> None:
        turned: Sequence[int] = ()

        def deed(deeds: Deeds) -> str:
            nonlocal turned
            told, turned = turn(deeds)
            return told

        await self._do_many(deed)
        issues = set(self.store.stories.issues(turned).values())
        # A split or a join is about one issue.
        if len(issues) == 1:
            self.list.arrange(*issues)
        self._begin(partial(self.list.follow, whole=True), "news")

    def action_full_text(self) -> None:
        """What the page has, fetched if need be; and the feed's words again."""
        article = self.reading.article
        if article is None:
            return
        shown = self.reading.switch_text()
        if shown:
            self.status.say(f"{shown} · f shows the other")
        elif article.entry.url:
            self.app.post_message(FullTextWanted(article.entry.id))
        else:
            self.status.say("this has no address to fetch a full text from")

    def action_split(self) -> None:
        """The issue, or the one that the story stands in: into its stories, or together again."""
        entry = self.list.entry()
        if entry is None:
            return
        issue = entry.parent_id or entry.id
        if self.store.stories.is_split(issue):
            self._do(lambda: self.deeds.join(issue))
            self.list.arrange(issue)
            self._follow()
        else:
            self.app.post_message(SplitWanted(issue))

    def issue_split(self, issue_id: int) -> None:
        self.list.arrange(issue_id, wanted=True)
        self.update()

    # --- keys: highlights

    @on(ArticleView.Selecting)
    def _selection_changed(self) -> None:
        if self.highlighting.selecting:
            self.status.clear()
        self._show_mode()

    @on(Selecting.Done)
    def _selected(self, event: Selecting.Done) -> None:
        self.highlighting.take(event.selection, event.deed)

    def _show_mode(self) -> None:
        rows = self.list.list.selected_count
        self.status.show_mode(f"{rows:,} selected" if rows else self.highlighting.mode)
        self.status.show_hints((row_hints if rows else hints)(self._letter, self._config.keys))

    @property
    def _letter(self) -> str:
        """Of the keys that count now, in `keys.PANES`."""
        return "V" if self.highlighting.selecting else LETTERS[self.pane]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a passage is being selected, its keys alone count."""
        return action == "help" or not any(view.selection for view in self.query(ArticleView))

    def action_highlight(self) -> None:
        self.highlighting.toggle()

    def action_note(self) -> None:
        self.highlighting.note()

    def action_tag_highlight(self) -> None:
        self.highlighting.tags()

    def action_kind(self, kind: HighlightKind) -> None:
        self.highlighting.kind(kind)

    def action_edit_outside(self) -> None:
        """The note of the highlight at the reading cursor, or else the article."""
        article = self.reading.article
        if self.pane == "article-pane" and self.reading.view.mark_at_cursor() is not None:
            self.highlighting.outside()
        elif article is not None:
            self._do(lambda: open_article(self, article, self.reading.view.doc, self._exports))
            self.refresh()

    def action_orphans(self) -> None:
        self.app.post_message(HighlightsWanted("is:orphan"))

    def action_highlights(self) -> None:
        self.app.post_message(HighlightsWanted())

    def action_export(self) -> None:
        """The highlights of the article; in the left pane those of the view under the cursor."""
        row, article = self.sidebar.row(), self.reading.article
        if self._on_rows:
            self.selected.export(lambda ids: self._do(lambda: self.deeds.export_of(ids)))
        elif self.pane == "feeds-pane" and row is not None:
            term = self._term(row.query) if row.query != HIGHLIGHTS else None
            self._do(lambda: self.deeds.export(self.store.highlights.of_entries(self.store.condition(term))))
        elif article is not None:
            self._do(lambda: self.deeds.export(self.store.highlights.of_entry(article.entry.id)))

    # --- keys: tags

    def action_mute(self) -> None:
        row, article = self.sidebar.row(), self.reading.article
        if self.pane == "feeds-pane":
            muted = row and row.kind in ("tag", "feed", "folder", "saved")
            self.muting.ask([Subject(row.label, row.query)] if row and muted else [])
        else:
            self.muting.ask(subjects_of(article) if article else [])

    def action_why(self) -> None:
        if self.reading.article is not None:
            self.tagging.why(self.reading.article)

    def action_edits(self) -> None:
        """What its publisher changed in the article."""
        article = self.reading.article
        if article is None or article.versions < 2:
            self.status.say("not edited: there is one text of this article" if article else "no article here")
        else:
            self.app.push_screen(EditsDialog(self.store.versions.of(article.entry.id)))

    async def action_tags(self) -> None:
        if self._on_rows:
            await self.selected.tags()
        elif self.pane == "feeds-pane":
            self.following.ask(self.sidebar.tag())
        elif self.pane == "article-pane" and self.reading.view.mark_at_cursor() is not None:
            self.highlighting.tags()
        elif self.reading.article is not None:
            self.tagging.edit(self.reading.article)

    def _show_passages(self, row: WhyRow) -> None:
        if row.spans:
            self.focus_pane("article")
            self.reading.view.set_evidence(row.spans)
            self.status.say(f"{row.name}: {number(len(row.spans), 'passage')} marked · esc takes the marks away")
        else:
            self.status.say(f"{row.name}: " + ("named in the title only" if row.passages else "no passage: by hand"))

    # --- keys: the world outside

    @property
    def _in_feeds(self) -> bool:
        return self.pane == "feeds-pane"

    def action_open_browser(self) -> None:
        self.outside.open_address(of_feed=self._in_feeds)

    def action_open_browser_next(self) -> None:
        self.action_open_browser()
        entry = self.list.entry()
        if entry is not None and not entry.read:
            self._toggle_one("read")
        self.walking.to_unread(1)

    @on(ArticleView.LinkChosen)
    def _link_clicked(self, event: ArticleView.LinkChosen) -> None:
        self.app.post_message(LinkOpened(event.href))

    async def action_pipe(self) -> None:
        """The article, or those of the selected rows, through a command."""
        article, count = self.reading.article, self.list.list.selected_count
        if self._on_rows:
            text = await self.selected.markdown()
            if text:
                ask_command(self.app, number(count, "article"), text, self._piped)
        elif article is not None:
            text = article_markdown(article, self.reading.view.doc)
            ask_command(self.app, "the article", text, self._piped)

    def action_link_hints(self) -> None:
        self.outside.choose_link()

    async def action_copy_url(self) -> None:
        if self._on_rows:
            await self.selected.copy_addresses()
        else:
            self.outside.copy_address(of_feed=self._in_feeds)

    async def action_copy_markdown(self) -> None:
        if self._on_rows:
            await self.selected.copy_markdown()
        else:
            self.outside.copy_markdown(of_highlight=self.pane == "article-pane")

    def action_refresh_view(self) -> None:
        self.app.post_message(RefreshWanted(self.outside.feed_ids(of_row=self._in_feeds)))

    def action_refresh_all(self) -> None:
        self.app.post_message(RefreshWanted(()))

    def action_unsubscribe(self) -> None:
        feed, row = self.sidebar.feed(), self.sidebar.row()
        if row is not None and row.kind == "saved":
            self._do(lambda: self.deeds.remove_view(row.label))
            return
        if feed is None:
            self.status.say("x unsubscribes from a feed, or removes a saved view")
            return

        def unsubscribe(answer: str | None) -> None:
            if answer == "y":
                self._do(lambda: self.deeds.unsubscribe(feed))
                self.show_view(self.list.view)

        question = f"Unsubscribe from {feed.title}? What you starred or highlighted stays; u undoes."
        self.app.push_screen(Choice(question, [("y", "unsubscribe")]), unsubscribe)

    # --- keys: the screen

    def action_info(self) -> None:
        feed, article = self.sidebar.feed(), self.reading.article
        tag = self.sidebar.tag() if self.pane == "feeds-pane" else None
        if tag is not None:
            self._begin(lambda: self.following.show_together(tag), "view")
        elif self.pane == "feeds-pane" and feed is not None:
            self.app.push_screen(
                TextDialog(
                    feed.title, feed_info(feed, self.store.feeds.rates(self._now()).get(feed.id, 0), self._now())
                )
            )
        elif self.pane == "feeds-pane":
            self.action_feed_health()
        elif article is not None:
            self.app.push_screen(TextDialog(article.entry.title or "(no title)", article_info(article)))

    def action_feed_health(self) -> None:
        health = health_info(self.store.feeds.all(), self.store.feeds.rates(self._now()), self._now())
        self.app.push_screen(TextDialog("Feed health", health))

    def action_zen(self) -> None:
        self.arrangement.zen = not self.arrangement.zen
        self.focus_pane("article" if self.arrangement.zen else "entries")

    def action_resize(self, by: int) -> None:
        self.arrangement.resize(by)

    def action_help(self) -> None:
        self.app.push_screen(TextDialog("Keys", help_text(self._config.keys, self._letter, width=self.size.width)))

    def action_back(self) -> None:
        """Out of the article, out of a search, out of the program."""
        if self._on_rows:
            self.list.list.stop_selecting()
        elif self.arrangement.zen:
            self.action_zen()
        elif self.pane == "article-pane":
            self.focus_pane("entries")
        elif self.searching.is_on:
            self.action_cancel()
        elif self.pane == "entries-pane" and self.size.width < 72:
            self.focus_pane("feeds")
        else:
            self.app.exit()
