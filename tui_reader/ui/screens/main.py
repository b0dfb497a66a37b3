"""The main screen: feeds and views · entries · article. It opens views and articles, and keeps them true."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.timer import Timer

from tui_reader.config import Config
from tui_reader.doc import Doc
from tui_reader.errors import QueryError, ReaderError
from tui_reader.export import quote_markdown
from tui_reader.fold import fold
from tui_reader.model import And, Article, Entry, SearchHit, Tag, View
from tui_reader.query import parse_query, words_of
from tui_reader.store import StateField, Store, TagCount, words_pattern
from tui_reader.ui.background import BackgroundStore
from tui_reader.ui.keys import hints
from tui_reader.ui.messages import (
    AddWanted,
    FeedRefreshed,
    HighlightsWanted,
    LinkOpened,
    RefreshEnded,
    RefreshStarted,
    RefreshWanted,
    StoreChanged,
)
from tui_reader.ui.screens.article_parts import article_doc, article_header, marks_of
from tui_reader.ui.screens.deeds import Deeds
from tui_reader.ui.screens.dialogs import Choice, GoTo, NoteDialog, TextDialog, help_text
from tui_reader.ui.screens.facts import article_info, feed_info, health_info, link_markdown
from tui_reader.ui.screens.feed_tree import HIGHLIGHTS, feed_rows
from tui_reader.ui.screens.why import WhyDialog
from tui_reader.ui.text import number
from tui_reader.ui.widgets.article_view import ArticleView
from tui_reader.ui.widgets.entry_rows import EntryRows
from tui_reader.ui.widgets.feed_rows import FeedRow, FeedRows
from tui_reader.ui.widgets.panes import ArticlePane, EntriesPane, FeedsPane, Heading
from tui_reader.ui.widgets.prompt import Prompt
from tui_reader.ui.widgets.status_line import StatusLine
from tui_reader.ui.widgets.virtual_list import NoRows, VirtualList

FIRST_IDS = 500
"""Rows of a view that are found before it is painted; the rest follows in the background."""

FOLLOW_AFTER = 0.07
"""Seconds that the cursor must rest on an entry before the article follows: holding a key never parses articles."""

PANES = ("feeds-pane", "entries-pane", "article-pane")


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
        idle: str,
    ) -> None:
        """`idle`: what an empty list says before the first refresh."""
        super().__init__()
        self.store = store
        self.deeds = deeds
        self._background = background
        self._config = config
        self._now = now
        self._idle = idle
        self.view = View("All", "")
        self.article: Article | None = None
        self._before_prompt: View | None = None
        self._folded: set[str] = set()
        self._feed_words = ""
        self._tags: dict[str, tuple[TagCount, ...]] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._generation = 0
        self._follow_timer: Timer | None = None
        self._read_timer: Timer | None = None
        self._type_timer: Timer | None = None
        self._wider = {"feeds-pane": 0, "entries-pane": 0}
        self._zen = False

    def compose(self) -> ComposeResult:
        with Horizontal(id="panes"):
            yield FeedsPane(id="feeds-pane")
            yield EntriesPane(id="entries-pane")
            yield ArticlePane(id="article-pane", max_width=self._config.reading.width)
        yield Prompt()
        yield StatusLine()

    def on_mount(self) -> None:
        self._names = self.store.tags.names()
        unread = self.store.entries.ids(self.store.condition(parse_query("is:unread", now=self._now()).term), limit=1)
        self.open_view("is:unread" if unread else "")
        self.update_counts()
        self._arrange()

    # --- the parts

    @property
    def feeds(self) -> VirtualList:
        return self.query_one("#feeds", VirtualList)

    @property
    def entries(self) -> VirtualList:
        return self.query_one("#entries", VirtualList)

    @property
    def reader(self) -> ArticleView:
        return self.query_one(ArticleView)

    @property
    def status(self) -> StatusLine:
        return self.query_one(StatusLine)

    @property
    def pane(self) -> str:
        """Id of the pane that has the focus."""
        return next((name for name in PANES if self.query_one(f"#{name}").has_focus_within), "entries-pane")

    def entry(self) -> Entry | None:
        """The entry under the cursor."""
        rows = self.entries.rows
        return rows.entry(self.entries.cursor) if isinstance(rows, EntryRows) and len(rows) else None

    def feed_row(self) -> FeedRow | None:
        rows = self.feeds.rows
        return rows.rows[self.feeds.cursor] if isinstance(rows, FeedRows) and len(rows) else None

    # --- views

    def open_view(self, query: str, name: str = "") -> None:
        """Show another view from its top. A query that does not parse is reported, and nothing changes."""
        try:
            view = parse_query(query, now=self._now())
        except QueryError as error:
            self.status.say(str(error))
            return
        self.show_view(replace(view, name=name or self._name_of(query)))

    def show_view(self, view: View) -> None:
        self._generation += 1
        self.view = view
        if words_of(view.term):
            self._search(view, self._generation)
            return
        ids = self.store.entries.ids(self.store.condition(view.term), limit=FIRST_IDS)
        self._show_ids(ids, view)
        if len(ids) == FIRST_IDS:
            self._load_rest(view, self._generation)

    def _show_ids(self, ids: Sequence[int], view: View) -> None:
        if len(ids):
            self.entries.show(self._entry_rows(ids, view), cursor=0)
        else:
            self.entries.show(NoRows(self._reason(view)), cursor=0)
        self._show_heading()
        self._follow()

    def _entry_rows(self, ids: Sequence[int], view: View) -> EntryRows:
        def fetch(some: Sequence[int]) -> Sequence[SearchHit]:
            return self.store.search.hits(some, view.term)

        return EntryRows(
            ids, fetch, company_name=self._company, now=self._now, iso_dates=self._config.ui.dates == "iso"
        )

    @work(exclusive=True, group="view", exit_on_error=True)
    async def _load_rest(self, view: View, generation: int) -> None:
        ids = await self._background.run(lambda store: store.entries.ids(store.condition(view.term)))
        rows = self.entries.rows
        if generation == self._generation and isinstance(rows, EntryRows):
            rows.extend(ids)
            self.entries.redraw()
            self._show_heading()

    @work(exclusive=True, group="view", exit_on_error=True)
    async def _search(self, view: View, generation: int) -> None:
        try:
            ids = await self._background.run(lambda store: store.search.ids(view.term, store.condition(view.term)))
        except ReaderError as error:
            self.status.say(str(error))
            return
        if generation == self._generation:
            self._show_ids(ids, view)

    def _reason(self, view: View) -> str:
        if view.query:
            return "nothing here · 1 shows all"
        return self._idle

    def _name_of(self, query: str) -> str:
        rows = self.feeds.rows
        if isinstance(rows, FeedRows):
            for row in rows.rows:
                if row.query == query and row.label:
                    return row.label
        return {"": "All", "is:unread": "Unread", "is:starred": "Starred", "is:later": "Read later"}.get(query, query)

    def _company(self, slug: str) -> str:
        return self._names.get(("company", slug), slug)

    def _show_heading(self) -> None:
        rows = self.entries.rows
        at = f"{self.entries.cursor + 1:,}/{len(rows):,}" if len(rows) else ""
        self.query_one("#entries-pane", EntriesPane).query_one(Heading).say(self.view.name, at)

    # --- the article follows the cursor

    @on(VirtualList.Moved, "#entries")
    def _moved(self, event: VirtualList.Moved) -> None:
        self._show_heading()
        if self._follow_timer is not None:
            self._follow_timer.stop()
        self._follow_timer = self.set_timer(FOLLOW_AFTER, self._follow)

    @on(VirtualList.Chosen, "#entries")
    def _chosen(self) -> None:
        self.open_entry()

    def _follow(self) -> None:
        if self._follow_timer is not None:
            self._follow_timer.stop()
        entry = self.entry()
        if entry is None:
            self.article = None
            self.reader.show(Doc("", (), ()))
            self.query_one("#article-pane").query_one(Heading).say("")
        elif self.article is None or self.article.entry.id != entry.id:
            self.show_article(entry.id)

    def show_article(self, entry_id: int, *, at: str = "") -> None:
        """`at`: the id of a highlight to go to."""
        self._stop_reading()
        self.article = article = self.store.entries.article(entry_id)
        doc = article_doc(article)
        marks = marks_of(doc, article.highlights)
        cursor = next((mark.start for mark in marks if mark.id == at), 0)
        self.reader.show(doc, header=article_header(article, self._now()), marks=marks, cursor=cursor)
        pattern = words_pattern(self.view.term)
        if pattern is not None and not at:
            self.reader.mark_matches(pattern, fold)
        heading = self.query_one("#article-pane").query_one(Heading)
        heading.say(article.entry.feed_title, f"{article.entry.published_at:%Y-%m-%d}")
        if self.pane == "article-pane":
            self._begin_reading()

    def show_entry(self, entry_id: int, highlight_id: str) -> None:
        """An entry from elsewhere, at its highlight; the list shows it if it has it."""
        rows = self.entries.rows
        index = rows.index_of(entry_id) if isinstance(rows, EntryRows) else None
        if index is None:
            self.open_view("")
            rows = self.entries.rows
            index = rows.index_of(entry_id) if isinstance(rows, EntryRows) else None
        if index is not None:
            self.entries.move_to(index)
        if self._follow_timer is not None:
            self._follow_timer.stop()
        self.show_article(entry_id, at=highlight_id)
        self.focus_pane("article")

    def open_entry(self) -> None:
        """Go into the article: from now on it is being read."""
        if self.entry() is None:
            return
        self._follow()
        self.focus_pane("article")
        self._begin_reading()

    def _begin_reading(self) -> None:
        if self._config.reading.mark_read == "open" and self.article and not self.article.entry.read:
            self._stop_reading()
            self._read_timer = self.set_timer(self._config.reading.mark_read_after, self._read_by_reading)

    def _stop_reading(self) -> None:
        if self._read_timer is not None:
            self._read_timer.stop()
            self._read_timer = None

    @on(ArticleView.Scrolled)
    def _scrolled(self) -> None:
        mode = self._config.reading.mark_read
        at_end = self.reader.scroll_offset.y >= self.reader.max_scroll_y
        if mode == "open" or (mode == "scroll" and at_end):
            self._read_by_reading()

    def _read_by_reading(self) -> None:
        if self.article is None or self.article.entry.read or not self.store.writable:
            return
        self._do(lambda: self.deeds.read_on(self.article.entry) if self.article else None)

    # --- counts, and what others change

    def update_counts(self) -> None:
        """The left pane, from the store: now what is quick, tags when the background has counted them."""
        self._show_feeds()
        self._count_tags()

    def _show_feeds(self) -> None:
        feeds = self.store.feeds.all()
        rows = feed_rows(self.store, feeds, self._tags, folded=self._folded, words=self._feed_words)
        self.feeds.show(FeedRows(rows) if rows else NoRows("no feed has that name"))
        unread = sum(feed.unread for feed in feeds)
        self.query_one("#feeds-pane").query_one(Heading).say("Feeds", f"{unread:,} unread" if unread else "")

    @work(exclusive=True, group="counts", exit_on_error=True)
    async def _count_tags(self) -> None:
        await asyncio.sleep(0.05)
        self._tags = {
            "company": await self._background.run(lambda store: store.tags.counts("company")),
            "topic": await self._background.run(lambda store: store.tags.counts("topic")),
        }
        self._names = self.store.tags.names()
        self._show_feeds()

    def update(self) -> None:
        """Something in the store is different: show it, and keep cursor, article and place."""
        rows = self.entries.rows
        if isinstance(rows, EntryRows):
            rows.forget()
            self.entries.redraw()
        if self.article is not None:
            before, self.article = self.article, self.store.entries.article(self.article.entry.id)
            if self.article.version_id != before.version_id:
                self.show_article(self.article.entry.id)
            else:
                self.reader.set_marks(marks_of(self.reader.doc, self.article.highlights))
                self.reader.set_header(article_header(self.article, self._now()))
        self.update_counts()

    @on(StoreChanged)
    def _store_changed(self) -> None:
        self._take_in_new()
        self.update()

    def _take_in_new(self) -> None:
        """Entries that have come since the snapshot go on top; those that are listed stay, whatever they are now."""
        if words_of(self.view.term):
            return
        rows = self.entries.rows
        ids = self.store.entries.ids(self.store.condition(self.view.term), limit=FIRST_IDS)
        if not isinstance(rows, EntryRows):
            if len(ids):
                self.show_view(self.view)
            return
        new = [entry_id for entry_id in ids if rows.index_of(entry_id) is None]
        if new and (len(rows) < FIRST_IDS or rows.index_of(ids[-1]) is not None or len(new) < FIRST_IDS):
            self.entries.show(self._entry_rows([*new, *rows.ids], self.view))
            self._show_heading()

    @on(RefreshStarted)
    def _refresh_started(self, event: RefreshStarted) -> None:
        self.status.show_progress(f"refreshing 0/{event.feeds}")

    @on(FeedRefreshed)
    def _feed_refreshed(self, event: FeedRefreshed) -> None:
        self.status.show_progress(f"refreshing {event.done}/{event.feeds}")

    @on(RefreshEnded)
    def _refresh_ended(self, event: RefreshEnded) -> None:
        self.status.show_progress("")
        failed = [outcome for outcome in event.outcomes if outcome.status in ("failed", "gone")]
        new = sum(outcome.new for outcome in event.outcomes)
        if event.error:
            self.status.say(event.error)
        elif event.outcomes:
            text = f"{new:,} new from {number(len(event.outcomes), 'feed')}"
            self.status.say(text + (f" · {len(failed)} failed (i on a feed says why)" if failed else ""))
        self._take_in_new()
        self.update()

    # --- the panes

    def focus_pane(self, name: str) -> None:
        self._zen = self._zen and name == "article"
        self.query_one({"feeds": "#feeds", "entries": "#entries", "article": "#article"}[name]).focus()
        self._arrange()

    def on_descendant_focus(self) -> None:
        for name in PANES:
            pane = self.query_one(f"#{name}")
            pane.query_one(Heading).show_focus(focused=pane.has_focus_within)
        letter = {"feeds-pane": "F", "entries-pane": "L", "article-pane": "A"}[self.pane]
        self.status.show_hints(hints(letter, self._config.keys))
        self._arrange()

    def on_resize(self, _event: events.Resize) -> None:
        self._arrange()

    def _arrange(self) -> None:
        """Three panes where there is room, else the two or the one that matter now."""
        width = self.size.width
        focused = self.pane
        if self._zen or width < 72:
            shown = {"article-pane"} if self._zen else {focused}
        elif width < 110:
            shown = {"entries-pane", "feeds-pane" if focused == "feeds-pane" else "article-pane"}
        else:
            shown = set(PANES)
        for name in PANES:
            self.query_one(f"#{name}").display = name in shown
        if len(shown) > 1:
            feeds = max(12, min(width * 3 // 8 if len(shown) == 2 else width * 2 // 9, 32) + self._wider["feeds-pane"])
            entries = max(16, (width * 2 // 5 if len(shown) == 2 else width // 3) + self._wider["entries-pane"])
            self.query_one("#feeds-pane").styles.width = feeds
            self.query_one("#entries-pane").styles.width = entries if "article-pane" in shown else "1fr"
        else:
            for name in PANES:
                self.query_one(f"#{name}").styles.width = "1fr"

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

    # --- keys: moving

    def action_left(self) -> None:
        row = self.feed_row()
        if self.pane == "feeds-pane" and row and row.unfolded and row.folds:
            self._fold(row)
        else:
            self._step_pane(-1, wrap=False)

    def action_right(self) -> None:
        row = self.feed_row()
        if self.pane == "feeds-pane" and row and row.unfolded is False:
            self._fold(row)
        elif self.pane == "entries-pane":
            self.open_entry()
        else:
            self._step_pane(1, wrap=False)

    def action_next_pane(self) -> None:
        self._step_pane(1, wrap=True)

    def action_previous_pane(self) -> None:
        self._step_pane(-1, wrap=True)

    def _step_pane(self, by: int, *, wrap: bool) -> None:
        index = PANES.index(self.pane) + by
        if wrap or 0 <= index < len(PANES):
            self.focus_pane(PANES[index % len(PANES)].removesuffix("-pane"))

    def action_focus_pane(self, name: str) -> None:
        self.focus_pane(name)

    def action_open(self) -> None:
        if self.pane == "feeds-pane":
            self._open_feed_row()
        elif self.pane == "entries-pane":
            self.open_entry()
        else:
            self._open_link()

    @on(VirtualList.Chosen, "#feeds")
    def _feed_chosen(self) -> None:
        self._open_feed_row()

    def _open_feed_row(self) -> None:
        row = self.feed_row()
        if row is None:
            return
        if row.query == HIGHLIGHTS:
            self.action_highlights()
        elif row.kind in ("section", "more"):
            self._fold(row)
        else:
            self.open_view(row.query, row.label)
            self.focus_pane("entries")

    def _fold(self, row: FeedRow) -> None:
        self._folded ^= {row.folds}
        self._show_feeds()

    def action_section(self, kind: str) -> None:
        """To the companies or the topics of the left pane."""
        self._folded.discard(kind)
        self._show_feeds()
        rows = self.feeds.rows
        if isinstance(rows, FeedRows):
            index = next((i for i, row in enumerate(rows.rows) if row.folds == kind), None)
            if index is not None:
                self.feeds.move_to(index)
        self.focus_pane("feeds")

    def action_page_down(self) -> None:
        if not self.reader.page_down():
            self.action_next_unread()

    def action_page_up(self) -> None:
        self.reader.page_up()

    def _step_match(self, by: int) -> bool:
        """While something is being found in the article, n and N go from match to match."""
        at = self.reader.next_match(by) if self.pane == "article-pane" else None
        if at is not None:
            self.status.say(f"match {at[0]} of {at[1]} · esc ends")
        return at is not None

    def action_next_unread(self) -> None:
        if self._step_match(1):
            return
        rows = self.entries.rows
        if not isinstance(rows, EntryRows):
            self.status.say("nothing unread here · N goes to the next view that has some")
            return
        after = self.entries.cursor + 1
        found = self.store.entries.first_unread(rows.ids[after:])
        index = None if found is None else after + found
        if index is None:
            index = self.store.entries.first_unread(rows.ids[: self.entries.cursor])
        self._go_to_unread(index)

    def action_previous_unread(self) -> None:
        rows = self.entries.rows
        if isinstance(rows, EntryRows):
            before = rows.ids[: self.entries.cursor][::-1]
            found = self.store.entries.first_unread(before)
            self._go_to_unread(None if found is None else self.entries.cursor - 1 - found)

    def _go_to_unread(self, index: int | None) -> None:
        if index is None:
            self.status.say("nothing unread here · N goes to the next view that has some")
            return
        self.entries.move_to(index)
        self._follow()

    def action_next_unread_view(self) -> None:
        if not self._step_match(-1):
            self._step_view(1)

    def action_previous_unread_view(self) -> None:
        self._step_view(-1)

    def _step_view(self, by: int) -> None:
        """The next feed or view with unread, from the one that is open."""
        rows = self.feeds.rows
        if not isinstance(rows, FeedRows):
            return
        open_now = next(
            (i for i, row in enumerate(rows.rows) if row.query == self.view.query and row.kind != "section"), 0
        )
        order = [(open_now + by * step) % len(rows) for step in range(1, len(rows))]
        index = next((i for i in order if rows.rows[i].count and rows.rows[i].kind in ("feed", "tag")), None)
        if index is None:
            self.status.say("nothing unread anywhere")
            return
        self.feeds.move_to(index)
        self.open_view(rows.rows[index].query, rows.rows[index].label)
        self.action_next_unread_here()

    def action_next_unread_here(self) -> None:
        rows = self.entries.rows
        if isinstance(rows, EntryRows):
            self._go_to_unread(self.store.entries.first_unread(rows.ids))

    def action_next_entry(self) -> None:
        self.entries.move(1)
        self._follow()

    def action_previous_entry(self) -> None:
        self.entries.move(-1)
        self._follow()

    async def action_go_to(self) -> None:
        self.app.push_screen(GoTo(), self._gone_to)

    async def _gone_to(self, action: str | None) -> None:
        if action == "top":
            focused = self.focused
            if isinstance(focused, VirtualList | ArticleView):
                focused.action_top()
        elif action:
            await self.run_action(action)

    # --- keys: views

    def action_view(self, query: str) -> None:
        self.open_view(query)
        self.focus_pane("entries")

    def action_search(self) -> None:
        self._before_prompt = self.view
        self.query_one(Prompt).ask(
            "search", "Search", hint='words, "a phrase", company:alibaba, topic:chips, is:unread, after:7d, -not, or'
        )

    def action_filter(self) -> None:
        if self.pane == "feeds-pane":
            self.query_one(Prompt).ask("feeds", "Feeds named", text=self._feed_words)
            return
        self._before_prompt = self.view
        self.query_one(Prompt).ask("filter", f"{self.view.name}, only", hint="the same words as in a search")

    def action_find(self) -> None:
        self.query_one(Prompt).ask("find", "Find in this article")

    @on(Prompt.Typed)
    def _typed(self, event: Prompt.Typed) -> None:
        if self._type_timer is not None:
            self._type_timer.stop()
        if isinstance(event, Prompt.Answered):
            return
        if event.purpose == "feeds":
            self._feed_words = event.text.strip()
            self._show_feeds()
        elif event.purpose in ("search", "filter", "find"):
            self._type_timer = self.set_timer(0.15, lambda: self._answer(event.purpose, event.text, final=False))

    @on(Prompt.Answered)
    def _answered(self, event: Prompt.Answered) -> None:
        if self._type_timer is not None:
            self._type_timer.stop()
        focus = {"feeds": "feeds", "add": "feeds", "find": "article"}.get(event.purpose, "entries")
        self.focus_pane(focus)
        if event.purpose == "add":
            if event.text.strip():
                self.app.post_message(AddWanted(event.text.strip()))
        elif event.purpose != "feeds":
            self._answer(event.purpose, event.text, final=True)

    @on(Prompt.Cancelled)
    def _prompt_cancelled(self, event: Prompt.Cancelled) -> None:
        if event.purpose in ("search", "filter") and self._before_prompt is not None:
            self.show_view(self._before_prompt)
        if event.purpose == "feeds":
            self._feed_words = ""
            self._show_feeds()
        if event.purpose == "find":
            self.reader.stop_finding()
        self.focus_pane({"feeds": "feeds", "add": "feeds", "find": "article"}.get(event.purpose, "entries"))

    def _answer(self, purpose: str, text: str, *, final: bool) -> None:
        try:
            view = parse_query(text, now=self._now(), name=f"“{text.strip()}”")
        except QueryError as error:
            # While somebody types, half a query is no mistake yet.
            if final:
                self.status.say(str(error))
            return
        if purpose == "find":
            pattern = words_pattern(view.term)
            count = self.reader.find(pattern, fold)
            if text.strip():
                self.status.say(f"{number(count, 'match', 'matches')} · n N next, previous · esc ends")
            return
        before = self._before_prompt or self.view
        if not text.strip():
            self.show_view(before)
        elif purpose == "search":
            self.show_view(view)
        else:
            terms = tuple(term for term in (before.term, view.term) if term is not None)
            query = f"{before.query} {text}".strip()
            self.show_view(View(f"{before.name} · {text.strip()}", query, And(terms) if len(terms) > 1 else terms[0]))

    def action_cancel(self) -> None:
        if self.reader.finding and self.pane == "article-pane":
            self.reader.stop_finding()
        elif self._before_prompt is not None:
            view, self._before_prompt = self._before_prompt, None
            self.show_view(view)
        elif self._feed_words:
            self._feed_words = ""
            self._show_feeds()
        self.reader.set_evidence(())
        self.status.clear()

    # --- keys: reading and marking

    def action_toggle_read(self) -> None:
        row = self.feed_row()
        if self.pane == "feeds-pane" and row is not None:
            if row.query and row.query != HIGHLIGHTS:
                term = parse_query(row.query, now=self._now()).term
                self._do(lambda: self.deeds.mark_view_read(term))
            return
        self._toggle("read")

    def action_toggle_star(self) -> None:
        self._toggle("starred")

    def action_toggle_later(self) -> None:
        self._toggle("later")

    def _toggle(self, field: StateField) -> None:
        entry = self.entry()
        if entry is not None:
            self._stop_reading()
            self._do(lambda: self.deeds.toggle(entry, field))

    def action_mark_above_read(self) -> None:
        rows = self.entries.rows
        if isinstance(rows, EntryRows):
            self._do(lambda: self.deeds.mark_read(rows.ids[: self.entries.cursor]))

    def action_mark_all_read(self) -> None:
        self._do(lambda: self.deeds.mark_view_read(self.view.term))

    def action_undo(self) -> None:
        self._do(self.deeds.undo)

    def action_redo(self) -> None:
        self._do(self.deeds.redo)

    # --- keys: highlights

    def action_highlight(self) -> None:
        span, article = self.reader.block_at_cursor(), self.article
        if article is None or span is None:
            self.status.say("nothing to highlight here")
            return
        self._do(lambda: self.deeds.toggle_highlight(self._as_shown(article), span, self.reader.mark_at_cursor()))

    def action_note(self) -> None:
        span, article = self.reader.block_at_cursor(), self.article
        if article is None or span is None:
            self.status.say("no article to note anything on")
            return
        self._do(lambda: self._ask_note(self._as_shown(article), span))

    def _ask_note(self, article: Article, span: tuple[int, int]) -> None:
        highlight = self.deeds.highlight_for_note(article, span, self.reader.mark_at_cursor())

        def save(note: str | None) -> None:
            if note is not None:
                self._do(lambda: self.deeds.set_note(highlight, note))

        self.app.push_screen(NoteDialog(highlight.quote.exact, highlight.note), save)

    def _as_shown(self, article: Article) -> Article:
        """Offsets count in the text on screen, should today's cleaner make another one than is stored."""
        return replace(article, text=self.reader.doc.text)

    def action_highlights(self) -> None:
        self.app.post_message(HighlightsWanted())

    def action_export(self) -> None:
        if self.pane == "feeds-pane":
            row = self.feed_row()
            query = row.query if row and row.query != HIGHLIGHTS else ""
            term = parse_query(query, now=self._now()).term
            self._do(lambda: self.deeds.export(self.store.highlights.of_entries(self.store.condition(term))))
        elif self.article is not None:
            self._do(
                lambda: self.deeds.export(self.store.highlights.of_entry(self.article.entry.id) if self.article else ())
            )

    def action_why(self) -> None:
        if self.article is not None:
            self.app.push_screen(WhyDialog(self.article), self._why_answered)

    def _why_answered(self, answer: tuple[str, Tag] | None) -> None:
        article = self.article
        if answer is None or article is None:
            return
        verb, tag = answer
        if verb == "veto":
            self._do(lambda: self.deeds.veto(article.entry, tag))
            return
        spans = [(each.start, each.end) for each in tag.evidence if each.where == "text"]
        if spans:
            self.focus_pane("article")
            self.reader.set_evidence(spans)
            self.status.say(f"{tag.name}: {number(len(spans), 'passage')} marked · esc takes the marks away")

    # --- keys: the world outside

    def _link(self) -> str | None:
        if self.pane == "feeds-pane":
            row = self.feed_row()
            feed = next((feed for feed in self.store.feeds.all() if row and feed.id == row.feed_id), None)
            return (feed.site_url or feed.url) if feed else None
        entry = self.entry()
        return entry.url if entry else None

    def action_open_browser(self) -> None:
        self.app.post_message(LinkOpened(self._link() or ""))

    def action_open_browser_next(self) -> None:
        self.action_open_browser()
        entry = self.entry()
        if entry is not None and not entry.read:
            self._toggle("read")
        self.action_next_unread()

    def _open_link(self) -> None:
        links = self.reader.links_at_cursor()
        if not links:
            self.status.say("no link in this paragraph · o opens the article in the browser")
        elif len(links) == 1:
            self.app.post_message(LinkOpened(links[0]))
        else:
            answers = [(key, link) for key, link in zip("123456789", links, strict=False)]
            self.app.push_screen(
                Choice("Which link?", answers), lambda key: self._link_chosen(dict(answers).get(key or ""))
            )

    def _link_chosen(self, link: str | None) -> None:
        if link:
            self.app.post_message(LinkOpened(link))

    @on(ArticleView.LinkChosen)
    def _link_clicked(self, event: ArticleView.LinkChosen) -> None:
        self.app.post_message(LinkOpened(event.href))

    def action_copy_url(self) -> None:
        self._copy(self._link() or "", "the address")

    def action_copy_markdown(self) -> None:
        mark = self.reader.mark_at_cursor() if self.pane == "article-pane" else None
        if mark is not None:
            self._copy(quote_markdown(self.store.highlights.get(mark.id)), "the quote, as Markdown")
        elif (entry := self.entry()) is not None:
            self._copy(link_markdown(entry.title, entry.url), "a link, as Markdown")

    def _copy(self, text: str, what: str) -> None:
        if text:
            self.app.copy_to_clipboard(text)
            self.status.say(f"copied {what}")
        else:
            self.status.say("nothing to copy: no address")

    def action_refresh_view(self) -> None:
        row = self.feed_row()
        ids: list[int] = []
        if self.pane == "feeds-pane" and row is not None:
            ids = self._feeds_of(row)
        elif self.view.query.startswith("feed:"):
            ids = [int(self.view.query.removeprefix("feed:"))]
        self.app.post_message(RefreshWanted(tuple(ids)))

    def _feeds_of(self, row: FeedRow) -> list[int]:
        if row.kind == "feed":
            return [row.feed_id]
        return [feed.id for feed in self.store.feeds.all() if row.kind == "folder" and feed.folder == row.label]

    def action_refresh_all(self) -> None:
        self.app.post_message(RefreshWanted(()))

    def action_add_feed(self) -> None:
        self.query_one(Prompt).ask("add", "Add feed", hint="https://… of a feed, or of a page that has one")

    def action_unsubscribe(self) -> None:
        row = self.feed_row()
        feed = next((feed for feed in self.store.feeds.all() if row and feed.id == row.feed_id), None)
        if feed is None:
            self.status.say("x unsubscribes from the feed under the cursor")
            return

        def unsubscribe(answer: str | None) -> None:
            if answer == "y":
                self._do(lambda: self.deeds.unsubscribe(feed))
                self.show_view(self.view)

        question = f"Unsubscribe from {feed.title}? What you starred or highlighted stays; u undoes."
        self.app.push_screen(Choice(question, [("y", "unsubscribe")]), unsubscribe)

    # --- keys: the screen

    def action_info(self) -> None:
        row = self.feed_row()
        if self.pane == "feeds-pane":
            feed = next((feed for feed in self.store.feeds.all() if row and feed.id == row.feed_id), None)
            if feed is None:
                self.action_feed_health()
            else:
                self.app.push_screen(TextDialog(feed.title, feed_info(feed, self._now())))
        elif self.article is not None:
            self.app.push_screen(TextDialog(self.article.entry.title or "(no title)", article_info(self.article)))

    def action_feed_health(self) -> None:
        self.app.push_screen(TextDialog("Feed health", health_info(self.store.feeds.all(), self._now())))

    def action_zen(self) -> None:
        self._zen = not self._zen
        self.focus_pane("article" if self._zen else "entries")

    def action_resize(self, by: int) -> None:
        name = self.pane
        if name == "article-pane":
            name, by = "entries-pane", -by
        self._wider[name] = max(-20, min(60, self._wider[name] + by))
        self._arrange()

    def action_help(self) -> None:
        letter = {"feeds-pane": "F", "entries-pane": "L", "article-pane": "A"}[self.pane]
        self.app.push_screen(TextDialog("Keys", help_text(self._config.keys, letter)))

    def action_back(self) -> None:
        """Out of the article, out of a search, out of the program."""
        if self._zen:
            self.action_zen()
        elif self.pane == "article-pane":
            self.focus_pane("entries")
        elif self._before_prompt is not None:
            self.action_cancel()
        elif self.pane == "entries-pane" and self.size.width < 72:
            self.focus_pane("feeds")
        else:
            self.app.exit()
