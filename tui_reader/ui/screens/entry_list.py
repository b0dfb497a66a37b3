"""The middle pane at work: it shows a view as a snapshot of ids, and keeps the snapshot true."""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from tui_reader.model import Entry, SearchHit, View
from tui_reader.query import words_of
from tui_reader.store import Store
from tui_reader.ui.background import BackgroundStore
from tui_reader.ui.screens.splitting import in_order
from tui_reader.ui.widgets.entry_rows import EntryRows
from tui_reader.ui.widgets.panes import EntriesPane, Heading
from tui_reader.ui.widgets.virtual_list import NoRows, VirtualList

Later = Callable[[], Coroutine[Any, Any, None]]
"""Work that is left to do in the background."""

FIRST_IDS = 500
"""Rows of a view that are found before it is painted; the rest follows from the background."""

FIRST_START = "welcome\n\nyour feeds are being fetched for the first time;\nnews appears here as it comes"
NO_ENTRIES = "no entries yet\n\nR fetches all feeds · a in the left pane adds one\n? shows all keys"


class EntryList:
    def __init__(
        self,
        pane: EntriesPane,
        store: Store,
        background: BackgroundStore,
        *,
        company: Callable[[str], str],
        now: Callable[[], datetime],
        iso_dates: bool,
        idle: str,
        shown: Callable[[], None],
    ) -> None:
        """`shown`: called when other rows are there."""
        self.list = pane.query_one(VirtualList)
        self.view = View("All", "")
        self.idle = idle
        """What an empty list says while there is no entry at all."""
        self._heading = pane.query_one(Heading)
        self._store = store
        self._background = background
        self._company = company
        self._now = now
        self._iso_dates = iso_dates
        self._shown = shown
        self._generation = 0

    @property
    def rows(self) -> EntryRows | None:
        """None if the view is empty."""
        return self.list.rows if isinstance(self.list.rows, EntryRows) else None

    def entry(self) -> Entry | None:
        """The entry under the cursor."""
        return self.rows.entry(self.list.cursor) if self.rows is not None else None

    def show(self, view: View) -> Later | None:
        """Show another view from its top. → what is left to do in the background, if anything.

        Raises QueryError if it names what the store does not have; the list then stays as it is.
        """
        condition = self._store.condition(view.term)
        self._generation += 1
        self.view = view
        if words_of(view.term):
            return partial(self._search, view, self._generation)
        ids = self._store.entries.ids(condition, limit=FIRST_IDS)
        self._show_ids(ids)
        return partial(self._take_in_rest, self._generation) if len(ids) == FIRST_IDS else None

    def say_where(self) -> None:
        """In the heading: which view, and the place in it."""
        count = len(self.list.rows)
        self._heading.say(self.view.name, f"{self.list.cursor + 1:,}/{count:,}" if count else "")

    def next_unread(self, by: int) -> int | None:
        """Index of the next unread entry (-1: of the one before); forwards it begins again at the top."""
        if self.rows is None:
            return None
        ids, here = self.rows.ids, self.list.cursor
        if by < 0:
            found = self._store.entries.first_unread(ids[:here][::-1])
            return None if found is None else here - 1 - found
        found = self._store.entries.first_unread(ids[here + 1 :])
        return here + 1 + found if found is not None else self._store.entries.first_unread(ids[:here])

    def first_unread(self) -> int | None:
        return self._store.entries.first_unread(self.rows.ids) if self.rows is not None else None

    def redraw(self) -> None:
        """Entries have changed: what is on screen is fetched again."""
        if self.rows is not None:
            self.rows.forget()
            self.list.redraw()

    def take_in_new(self) -> Later | None:
        """Entries that have come since the snapshot take their places; what is listed stays, whatever it is now.

        → what is left to do in the background, if anything.
        """
        if words_of(self.view.term):
            return None
        if self.rows is None:
            return self.show(self.view)
        rows = self.rows
        ids = self._store.entries.ids(self._store.condition(self.view.term), limit=FIRST_IDS)
        new = [entry_id for entry_id in ids if rows.index_of(entry_id) is None]
        if new:
            issues = self._store.stories.issues(new)
            below = {issue for issue in issues.values() if rows.index_of(issue) is not None}
            out = {each for each in new if issues.get(each) in below}
            self.list.show(self._entry_rows(_taken_in(rows.ids, ids, out)))
            for issue in below:
                self.arrange(issue)
            self.say_where()
        return partial(self._take_in_rest, self._generation) if new and len(ids) == FIRST_IDS else None

    def arrange(self, issue_id: int, *, wanted: bool = False) -> None:
        """An issue was split or joined: its stories come to stand below it, or leave.

        Those that the view would not list stay out, unless they were `wanted`.
        """
        if self.rows is None:
            return
        rows, stories = self.rows, self._store.stories
        told = [issue_id, *stories.of(issue_id)]
        fitting = self._store.entries.fitting(told, self._store.condition(self.view.term))
        shown = [each for each in told if wanted or each in fitting or rows.index_of(each) is not None]
        here = self.list.cursor
        ids = in_order(rows.ids, issue_id, shown, known=stories.every(issue_id))
        on = rows.ids[here] if rows.ids[here] in ids else issue_id
        self.list.show(self._entry_rows(ids))
        self.list.move_to(self.rows.index_of(on) or 0)
        self.say_where()

    def _show_ids(self, ids: Sequence[int]) -> None:
        reason = "nothing here · 1 shows all" if self.view.query else self.idle
        self.list.show(self._entry_rows(ids) if len(ids) else NoRows(reason), cursor=0)
        self.say_where()
        self._shown()

    def _entry_rows(self, ids: Sequence[int]) -> EntryRows:
        term = self.view.term

        def fetch(some: Sequence[int]) -> Sequence[SearchHit]:
            return self._store.search.hits(some, term)

        return EntryRows(ids, fetch, company_name=self._company, now=self._now, iso_dates=self._iso_dates)

    async def _take_in_rest(self, generation: int) -> None:
        """What the view lists beyond the first ids."""
        while generation == self._generation and self.rows is not None:
            listed, view = self.rows.ids, self.view

            def whole(store: Store, listed: Sequence[int] = listed, view: View = view) -> list[int]:
                return _taken_in(listed, store.entries.ids(store.condition(view.term)))

            ids = await self._background.run(whole)
            # The list may have changed meanwhile: then from there.
            if generation == self._generation and self.rows is not None and self.rows.ids is listed:
                self.list.show(self._entry_rows(ids))
                self.say_where()
                return

    async def _search(self, view: View, generation: int) -> None:
        def best(store: Store, limit: int | None) -> Sequence[int]:
            return store.search.ids(view.term, store.condition(view.term), limit=limit)

        ids = await self._background.run(lambda store: best(store, FIRST_IDS))
        if generation == self._generation:
            self._show_ids(ids)
        if generation == self._generation and len(ids) == FIRST_IDS:
            ids = await self._background.run(lambda store: best(store, None))
            self._extend(ids, generation)

    def _extend(self, ids: Sequence[int], generation: int) -> None:
        if generation == self._generation and self.rows is not None:
            self.rows.extend(ids)
            self.list.redraw()
            self.say_where()


def _taken_in(listed: Sequence[int], ids: Sequence[int], out: Collection[int] = ()) -> list[int]:
    """The list with what else is in `ids`, the view's own order: each behind the one that it follows there.

    What is `out` does not come.
    """
    index_of = {entry_id: index for index, entry_id in enumerate(listed)}
    placed, done = list[int](), 0
    for entry_id in ids:
        index = index_of.get(entry_id)
        if index is None:
            if entry_id not in out:
                placed.append(entry_id)
        elif index >= done:
            placed += listed[done : index + 1]
            done = index + 1
    return [*placed, *listed[done:]]
