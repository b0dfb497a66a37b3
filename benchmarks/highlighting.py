"""The highlights screen with a store of 10,000 highlights: its lists, groups and filters, and its keys."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from benchmarks.archive import insert, subscribe
from benchmarks.corpus import clean_entries
from benchmarks.figures import Figure, Load, milliseconds
from benchmarks.processes import program
from benchmarks.screen import QUIET, REPEAT, latency, own_copy
from benchmarks.terminal import Terminal
from tui_reader.model import HighlightKind
from tui_reader.query import parse_query
from tui_reader.store import Grouping, Store, open_store
from tui_reader.tagging import Tagger, load_taxonomy

ENTRIES = 1000
_GROUPS: tuple[Grouping, ...] = ("article", "company", "topic", "kind", "day")
_KINDS: tuple[HighlightKind, ...] = ("", "fact", "claim", "number", "question")
_FILTERS = ("inference", "芯片", "kind:claim company:nvidia", "is:orphan")


def highlighting(*, highlights: int, runs: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "reader.db"
        with open_store(database) as store:
            _fill(store, highlights)
            yield from _lists(store, highlights, runs)
        yield from _keys(database)


def _fill(store: Store, highlights: int) -> None:
    now = datetime.now(UTC)
    subscribe(store, [f"https://feed-{number}.example/" for number in range(10)], now=now)
    tagger = Tagger(load_taxonomy())
    for number, feed in enumerate(store.feeds.all()):
        insert(store, feed.id, clean_entries(number, ENTRIES // 10), tagger, now=now)
    ids = list(store.entries.ids(store.condition(None)))
    with store.writing():
        for number, entry_id in enumerate(islice(cycle(ids), highlights)):
            article = store.entries.article(entry_id)
            start = 7 * (number // len(ids)) % max(1, len(article.text) - 80)
            store.highlights.add(
                article, start, start + 80, now=now - timedelta(minutes=17 * number), kind=_KINDS[number % len(_KINDS)]
            )


def _lists(store: Store, highlights: int, runs: int) -> Iterator[Figure]:
    load = Load()
    everything = milliseconds(store.highlights.listed, runs=runs)
    yield Figure(f"ids of {highlights:,} highlights", "ms", everything, load.others, goal=50)
    ids = [each.id for each in store.highlights.listed()[:64]]
    yield Figure(
        "64 highlights by id", "ms", milliseconds(partial(store.highlights.some, ids), runs=runs), load.others, goal=10
    )
    for group in _GROUPS:
        times = milliseconds(partial(store.highlights.listed, group=group), runs=runs)
        yield Figure(f"ids, by {group}", "ms", times, load.others, goal=200)
    for query in _FILTERS:
        condition = store.highlight_condition(parse_query(query, now=datetime.now(UTC)).term)
        times = milliseconds(partial(store.highlights.listed, condition), runs=runs)
        yield Figure(
            f"ids, filtered: {query}",
            "ms",
            times,
            load.others,
            goal=200,
            note=f"{len(store.highlights.listed(condition)):,}",
        )


def _keys(database: Path) -> Iterator[Figure]:
    with own_copy(database, QUIET) as (path, config):
        terminal = Terminal(program(path, config=config))
        try:
            terminal.wait_for("unread")
            terminal.rest(1.0)
            terminal.send("g")
            terminal.rest(0.3)
            yield from latency("key h after g: the highlights screen", terminal, "h", goal=100, any_frame=True)
            terminal.rest(1.0)
            yield from latency("key j among highlights, held", terminal, "j" * 100, goal=16, pauses=(REPEAT,))
            yield from latency("key j among highlights, at any moment", terminal, "j" * 100, goal=30)
            yield from latency("key ctrl+d among highlights", terminal, "\x04" * 40, goal=30)
        finally:
            terminal.close()
