"""How fast new entries are tagged and stored, once their feeds are parsed."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from statistics import median
from typing import Literal, NamedTuple

from benchmarks.archive import insert
from benchmarks.corpus import clean_entries
from benchmarks.figures import Figure, Load, stopwatch
from benchmarks.processes import cpu_seconds
from tui_reader.model import CleanEntry, Feed, OpmlFeed, TagRow
from tui_reader.parse import killable
from tui_reader.store import Store
from tui_reader.tagging import Tagger, load_taxonomy, tag_entries

FEEDS, ENTRIES = 40, 25

How = Literal["meanwhile", "here", "before"]


def inserts(store: Store, name: str, runs: int, *, first: int = 10_000, how: How = "meanwhile") -> Figure:
    """`how` they are tagged: by other processes meanwhile, as in a refresh; by this one; or before the clock runs,
    which leaves the store's part. `first`: numbers of feeds from which on the store has none.
    """
    spent: list[_Spent] = []
    load = Load()
    for run in range(runs):
        spent.append(asyncio.run(_insert(store, range(first + run * FEEDS, first + (run + 1) * FEEDS), how)))
    rates = tuple(FEEDS * ENTRIES / each.seconds for each in spent)
    here, elsewhere = (median(each) * 1000 / (FEEDS * ENTRIES) for each in list(zip(*spent, strict=True))[1:])
    note = f"processor time an entry: {here:.2f} ms here, {elsewhere:.2f} ms elsewhere"
    return Figure(name, "entries/s", rates, load.others, goal=2000, more_is_better=True, note=note)


class _Spent(NamedTuple):
    seconds: float
    here: float
    """Seconds of processor time in this process."""
    elsewhere: float


async def _insert(store: Store, numbers: range, how: How) -> _Spent:
    now, taxonomy = datetime.now(UTC), load_taxonomy()
    store.feeds.add([OpmlFeed(f"https://news{number}.example/feed") for number in numbers], now)
    feeds = store.feeds.all()[-len(numbers) :]
    batches = [clean_entries(number, ENTRIES) for number in numbers]
    tagger, make_tagger = Tagger(taxonomy), partial(Tagger, taxonomy)
    seconds: list[float] = []
    async with killable() as run:

        async def tag(batch: Sequence[CleanEntry]) -> dict[str, tuple[TagRow, ...]]:
            if how == "here":
                return tag_entries(tagger, entries=batch, feed_title="")
            return await run(partial(tag_entries, entries=batch, feed_title=""), tool=make_tagger)

        async def take_in(feed: Feed, batch: Sequence[CleanEntry]) -> None:
            insert(store, feed.id, batch, tagger, now=now, given=given.get(feed.id) or await tag(batch))

        # In a refresh the processes are at work by then.
        warm = await asyncio.gather(*map(tag, batches))
        given = {feed.id: rows for feed, rows in zip(feeds, warm, strict=True)} if how == "before" else {}
        here, everywhere = time.process_time(), cpu_seconds(os.getpid())
        with stopwatch(seconds):
            await asyncio.gather(*map(take_in, feeds, batches))
        here = time.process_time() - here
        everywhere = cpu_seconds(os.getpid()) - everywhere
    return _Spent(seconds[0], here, max(0.0, everywhere - here))
