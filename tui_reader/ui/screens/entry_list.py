"""The middle pane at work: it shows a view as a snapshot of ids, and keeps the snapshot true."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from tui_reader.errors import QueryError
from tui_reader.model import Entry, SearchHit, Term, View
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
        """Of views: each that is shown has its own."""
        self._redrawn = 0

    @property
    def rows(self) -> EntryRows | None:
        """None if the view is empty."""
        return self.list.rows if isinstance(self.list.rows, EntryRows) else None

    def entry(self) -> Entry | None:
        """The entry under the cursor."""
        return self.rows.entry(self.list.cursor) if self.rows is not None else None

    def selected(self) -> Sequence[int]:
        """The ids of the selected entries, in order; empty while none is being selected."""
        return [key for key in self.list.selected() if isinstance(key, int)]

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
        return partial(self.follow, whole=True) if len(ids) == FIRST_IDS else None

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
        self._redrawn += 1
        if self.rows is not None:
            self.rows.forget()
            self.list.redraw()

    async def follow(self, *, whole: bool = False) -> None:
        """After others have written: what is on screen is fetched again, in the background.

        Entries that have come since the snapshot take their places; what is listed stays, whatever it is now, unless
        the reader has muted it.
        `whole`: looked for in all of the view, not only among its first.
        """
        view, rows, redrawn = self.view, self.rows, self._redrawn
        seen = [rows.ids[index] for index in self.list.on_screen] if rows is not None else []
        limit = None if whole else FIRST_IDS
        now = await self._background.run(lambda store: _now(store, view.term, limit, rows, seen))
        if now is None or view is not self.view:
            return
        if rows is not self.rows:
            await self.follow(whole=whole)
        elif rows is not None:
            # If the reader has done something meanwhile, these hits may not know of it.
            self._take_in(rows, now, hits=now.hits if redrawn == self._redrawn else ())
        elif not words_of(view.term):
            self._show_ids(now.ids)

    def _take_in(self, rows: EntryRows, now: _Now, *, hits: Sequence[SearchHit]) -> None:
        rows.take(hits)
        if now.ids is rows.ids:
            self.list.redraw()
        elif len(now.ids):
            other = self._entry_rows(now.ids)
            other.take(rows.hits)
            self.list.show(other)
            self._shown()
        else:
            self._show_ids(())
        for issue in now.issues:
            self.arrange(issue)
        self.say_where()

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


@dataclass(frozen=True, slots=True)
class _Now:
    """A list as it should be by now."""

    ids: Sequence[int]
    hits: Sequence[SearchHit]
    """Of the rows that are seen."""
    issues: Collection[int]
    """Listed issues that have new stories, which `ids` do not have yet."""


def _now(
    store: Store, term: Term | None, limit: int | None, rows: EntryRows | None, seen: Sequence[int]
) -> _Now | None:
    """None if what the view is of is gone by now; what is listed stays then.

    A search lists what it has found, and nothing that comes later.
    """
    with contextlib.suppress(QueryError):
        now = _as_it_is(store, term, limit, rows, seen)
        muted = store.mutes.left(term, now.ids)
        return replace(now, ids=[each for each in now.ids if each not in muted]) if muted else now
    return None


def _as_it_is(store: Store, term: Term | None, limit: int | None, rows: EntryRows | None, seen: Sequence[int]) -> _Now:
    hits = store.search.hits(seen, term)
    if words_of(term):
        return _Now(rows.ids if rows is not None else (), hits, ())
    ids = store.entries.ids(store.condition(term), limit=limit)
    if rows is None:
        return _Now(ids, hits, ())
    new = [entry_id for entry_id in ids if rows.index_of(entry_id) is None]
    issues = store.stories.issues(new)
    below = {issue for issue in issues.values() if rows.index_of(issue) is not None}
    coming = {each for each in new if issues.get(each) not in below}
    return _Now(_taken_in(rows, ids, coming) if coming else rows.ids, hits, below)


def _taken_in(rows: EntryRows, ids: Sequence[int], coming: Collection[int]) -> list[int]:
    """The list with those that come, each behind the one that it follows in `ids`, the view's own order."""
    placed, done = list[int](), 0
    for entry_id in ids:
        index = rows.index_of(entry_id)
        if entry_id in coming:
            placed.append(entry_id)
        elif index is not None and index >= done:
            placed += rows.ids[done : index + 1]
            done = index + 1
    return [*placed, *rows.ids[done:]]
