"""What the prompt asks on the main screen, and what comes of the answers: searches, filters, names, addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from textual.timer import Timer

from tui_reader.errors import QueryError
from tui_reader.fold import plain
from tui_reader.model import And, Or, View
from tui_reader.query import parse_query
from tui_reader.store import Store, words_pattern
from tui_reader.ui.messages import AddWanted
from tui_reader.ui.screens.asking import SEARCH_HINT, completer
from tui_reader.ui.screens.deeds import Deeds
from tui_reader.ui.screens.editing import Do
from tui_reader.ui.screens.entry_list import EntryList
from tui_reader.ui.screens.reading import Reading
from tui_reader.ui.screens.sidebar import Sidebar
from tui_reader.ui.text import number
from tui_reader.ui.widgets.prompt import Prompt, Purpose

TYPE_FOR = 0.15
"""Seconds without a letter after which what was typed so far is looked for."""


class Searching:
    def __init__(
        self,
        prompt: Prompt,
        sidebar: Sidebar,
        entries: EntryList,
        reading: Reading,
        store: Store,
        deeds: Deeds,
        *,
        show: Callable[[View], None],
        say: Callable[[str], None],
        do: Do,
        now: Callable[[], datetime],
    ) -> None:
        """`show` raises QueryError if a view names what the store does not have."""
        self._prompt = prompt
        self._sidebar = sidebar
        self._list = entries
        self._reading = reading
        self._store = store
        self._deeds = deeds
        self._show = show
        self._say = say
        self._do = do
        self._now = now
        self._before: View | None = None
        self._timer: Timer | None = None

    @property
    def is_on(self) -> bool:
        """Whether the list is what a search or filter has made of another view."""
        return self._before is not None

    # --- what is asked

    def search(self) -> None:
        self._before = self._before or self._list.view
        complete = completer(self._store, self._sidebar.used())
        self._prompt.ask("search", "Search", hint=SEARCH_HINT, complete=complete)

    def filter(self) -> None:
        self._before = self._list.view
        complete = completer(self._store, self._sidebar.used())
        label, hint = f"{self._list.view.name}, only", "the same words as in a search"
        self._prompt.ask("filter", label, hint=hint, complete=complete)

    def filter_feeds(self) -> None:
        self._prompt.ask("feeds", "Feeds named", text=self._sidebar.words)

    def find(self) -> None:
        self._prompt.ask("find", "Find in this article")

    def save(self) -> None:
        """What the list shows gets a name, and a row in the left pane."""
        view = self._list.view
        if view.query:
            name = view.name.rpartition(" · ")[2].strip("“”")
            self._prompt.ask("save", "Save this view as", text=name, select=True)
        else:
            self._say("this is everything: search (S) or filter (/) first, then save what you see")

    def add_feed(self) -> None:
        self._prompt.ask("add", "Add feed", hint="https://… of a feed, or of a page that has one")

    # --- what is answered

    def typed(self, purpose: Purpose, text: str) -> None:
        """So far."""
        self.stop_typing()
        if purpose == "feeds":
            self._sidebar.filter(text)
        elif purpose not in ("add", "save"):
            self._timer = self._prompt.set_timer(TYPE_FOR, lambda: self._look(purpose, text, final=False))

    def answered(self, purpose: Purpose, text: str) -> None:
        """In the end."""
        self.stop_typing()
        if purpose == "add":
            self._prompt.app.post_message(AddWanted(text.strip()))
        elif purpose == "save":
            self._save_as(text.strip())
        elif purpose != "feeds":
            self._look(purpose, text, final=True)

    def stop_typing(self) -> None:
        if self._timer is not None:
            self._timer.stop()

    def end(self) -> bool:
        """Back to the view that the search or filter began in. → whether there was one."""
        view, self._before = self._before, None
        if view is not None:
            self._go_back(view)
        return view is not None

    def _go_back(self, view: View) -> None:
        try:
            self._show(view)
        except QueryError as error:
            # What it names may be gone by now.
            self._say(str(error))

    def _save_as(self, name: str) -> None:
        query = self._list.view.query
        if name:
            self._do(lambda: self._deeds.save_view(name, query))

    def _look(self, purpose: Purpose, text: str, *, final: bool) -> None:
        try:
            self._show_found(purpose, text)
        except QueryError as error:
            # While somebody types, half a query is no mistake yet.
            if final:
                self._say(str(error))
                self._prompt.ask_again(purpose, text, offset=error.offset)

    def _show_found(self, purpose: Purpose, text: str) -> None:
        """Raises QueryError."""
        words = text.strip()
        view = parse_query(text, now=self._now(), name=f"“{words}”")
        if purpose == "find":
            count = self._reading.view.find(words_pattern(view.term), plain)
            if count:
                self._say(f"{number(count, 'match', 'matches')} · n N next, previous · esc ends")
            elif words:
                self._say(f"“{words}” is not in this article")
        elif not words:
            self._go_back(self._before or self._list.view)
        elif purpose == "search":
            self._show(view)
        else:
            self._show(_narrowed(self._before or self._list.view, view, words))


def _narrowed(before: View, view: View, words: str) -> View:
    """What both show."""
    terms = tuple(term for term in (before.term, view.term) if term is not None)
    term = And(terms) if len(terms) > 1 else view.term
    both = " ".join(f"({each.query})" if isinstance(each.term, Or) else each.query for each in (before, view))
    return View(f"{before.name} · {words}", both.strip(), term)
