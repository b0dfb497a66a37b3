"""The left pane at work: what is folded, what is counted, which view comes next."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime
from itertools import chain

from tui_reader.errors import QueryError
from tui_reader.model import Feed
from tui_reader.query import parse_query
from tui_reader.store import Store, TagCount
from tui_reader.ui.background import BackgroundStore
from tui_reader.ui.keys import GO_TO
from tui_reader.ui.screens.feed_tree import Counts, count, feed_rows
from tui_reader.ui.widgets.feed_rows import FeedRow, FeedRows
from tui_reader.ui.widgets.panes import FeedsPane, Heading
from tui_reader.ui.widgets.virtual_list import NoRows, VirtualList


class Sidebar:
    def __init__(
        self, pane: FeedsPane, store: Store, background: BackgroundStore, *, now: Callable[[], datetime]
    ) -> None:
        self.list = pane.query_one(VirtualList)
        self._heading = pane.query_one(Heading)
        self._store = store
        self._background = background
        self._now = now
        self._folded: set[str] = set()
        self._counts = Counts()
        self._tags: dict[str, tuple[TagCount, ...]] = {}
        self._saved: dict[str, int] = {}
        """Unread entries of saved views, by query."""
        self._names = store.tags.names()
        self.words = ""
        """Only rows that have them in one of their names are shown."""

    @property
    def rows(self) -> tuple[FeedRow, ...]:
        return self.list.rows.rows if isinstance(self.list.rows, FeedRows) else ()

    def row(self) -> FeedRow | None:
        """The one under the cursor."""
        return self.rows[self.list.cursor] if self.rows else None

    def tag(self) -> TagCount | None:
        """The company or topic under the cursor."""
        row = self.row()
        counts = (count for some in self._tags.values() for count in some)
        return next((each for each in counts if row and f"{each.kind}:{each.slug}" == row.query), None)

    def company(self, slug: str) -> str:
        return self._names.get(("company", slug), slug)

    def name_of(self, query: str) -> str:
        """What the row with this query is called, or the place to go to; the query itself if there is neither."""
        named = (row.label for row in self.rows if row.query == query and row.kind != "section")
        places = (text.capitalize() for _, action, text in GO_TO if action == f"screen.view('{query}')")
        return next(chain(named, places), query)

    def feed(self) -> Feed | None:
        """The feed under the cursor."""
        row = self.row()
        return next((feed for feed in self._counts.feeds if row and feed.id == row.feed_id), None)

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """As they were counted last."""
        return self._counts.feeds

    def show(self) -> None:
        """As counted last."""
        named = {f"{kind}:{slug}" for kind, slug in self._store.aliases.named_like(self.words)} if self.words else ()
        rows = feed_rows(self._counts, self._tags, self._saved, folded=self._folded, words=self.words, named_so=named)
        self.list.show(FeedRows(rows) if rows else NoRows("no feed has that name"))
        unread = self._counts.unread
        self._heading.say("Feeds", f"{unread:,} unread" if unread else "")

    def open(self) -> None:
        """For the first frame: what is quick to count, at once."""
        self._counts = count(self._store)
        self.show()

    async def count(self, *, tags: bool) -> None:
        """In the background: feeds and states at once; tags and saved views, which may take a while, once for a flurry
        of changes."""
        self._counts = await self._background.run(count)
        self.show()
        if not tags:
            return
        await asyncio.sleep(0.05)
        now = self._now()
        self._tags = {
            "company": await self._background.run(lambda store: store.following.counts("company", now)),
            "topic": await self._background.run(lambda store: store.following.counts("topic", now)),
        }
        self._saved = await self._background.run(lambda store: _count_saved(store, now))
        self._names = self._store.tags.names()
        self.show()

    def used(self) -> dict[str, list[str]]:
        """Slugs of companies and topics as they were counted last, the most unread first."""
        return {kind: [each.slug for each in counts] for kind, counts in self._tags.items()}

    def filter(self, words: str) -> None:
        self.words = words.strip()
        self.show()

    def fold(self, row: FeedRow) -> None:
        """Fold or unfold what the row folds."""
        self._folded ^= {row.folds}
        self.show()

    def point_to(self, query: str) -> None:
        """Put the cursor on the row of the view that the list shows, if there is one."""
        index = next((i for i, row in enumerate(self.rows) if row.query == query and row.kind != "section"), None)
        if index is not None:
            self.list.move_to(index)

    def go_to_section(self, kind: str) -> None:
        """Unfold the companies or the topics, and put the cursor there."""
        self._folded.discard(kind)
        self.show()
        index = next((i for i, row in enumerate(self.rows) if row.folds == kind), None)
        if index is not None:
            self.list.move_to(index)

    def step_to_unread(self, query: str, by: int) -> FeedRow | None:
        """Put the cursor on the next feed or tag with unread, from the row of `query` on; None if there is none."""
        rows = self.rows
        here = next((i for i, row in enumerate(rows) if row.query == query and row.kind != "section"), 0)
        order = [(here + by * step) % len(rows) for step in range(1, len(rows))]
        index = next((i for i in order if rows[i].count and rows[i].kind in ("feed", "tag", "saved")), None)
        if index is None:
            return None
        self.list.move_to(index)
        return rows[index]


def _count_saved(store: Store, now: datetime) -> dict[str, int]:
    """Unread entries of each saved view; one that names a feed or tag that is gone has none."""
    counts = {}
    for view in store.views.all():
        with contextlib.suppress(QueryError):
            term = parse_query(view.query, now=now).term
            counts[view.query] = store.entries.count_unread(store.condition(term, whole=True))
    return counts
