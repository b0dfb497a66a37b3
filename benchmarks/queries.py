"""What the store does for screens and commands, in this process: views, counts, search, marks, inserts, size."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks.archive import copy_of
from benchmarks.corpus import RARE_EN, RARE_ZH
from benchmarks.figures import Figure, Load, milliseconds, percentile, stopwatch
from benchmarks.inserting import inserts
from tui_reader.query import parse_query
from tui_reader.store import Store, open_store

FIRST_IDS, SCREENFUL = 500, 64
"""What the list asks for before it is painted: see `ui.screens.main` and `ui.widgets.entry_rows`."""

_VIEWS = (
    "", "is:unread", "is:starred", "is:later", "is:read", "is:highlighted", "is:changed", "is:new", "feed:7",
    'folder:"Folder 3"', "company:nvidia", "company:alibaba is:unread", "topic:export-controls", "lang:zh",
    "tag:openai", "on:2025-05-30", "-company:nvidia is:unread",
)  # fmt: skip

SEARCHES = {
    "rare English": RARE_EN, "common English": "model training", "company": "Nvidia", "phrase": '"new model"',
    "by another name": "阿里", "rare Chinese": RARE_ZH, "Chinese, 2 characters": "芯片",
    "Chinese, 4 characters": "出口管制", "with a filter": "inference is:unread company:openai",
}  # fmt: skip


def reading(archive: Path, *, runs: int) -> Iterator[Figure]:
    """What changes nothing."""
    with open_store(archive, create=False) as store:
        yield from _views(store, runs)
        load = Load()
        yield Figure("counts of all views", "ms", milliseconds(partial(_count, store), runs=runs), load.others, goal=50)
        yield from _searches(store, runs)
        yield _size(store, archive)


def writing(archive: Path, *, marks: int, runs: int) -> Iterator[Figure]:
    """What changes the store, on a copy of it."""
    with tempfile.TemporaryDirectory(dir=archive.parent) as folder, open_store(copy_of(archive, Path(folder))) as store:
        yield from _marks(store, marks, runs)
        yield inserts(store, "insert with index and tags, full store", runs)
        yield inserts(store, "the same in one process", runs, first=20_000, how="here")
    with tempfile.TemporaryDirectory(dir=archive.parent) as folder, open_store(Path(folder) / "new.db") as store:
        yield inserts(store, "insert with index and tags, new store", runs)
        yield inserts(store, "the same, tagged before", runs, first=20_000, how="before")


def growing(archive: Path, *, times: int, runs: int) -> Iterator[Figure]:
    """Views of a store that is so many times as large: its entries again and again, with states and tags.

    Texts and index stay as they are, for no view looks at them.
    """
    with tempfile.TemporaryDirectory(dir=archive.parent) as folder, open_store(copy_of(archive, Path(folder))) as store:
        small = _medians(store, runs)
        _multiply(store, times)
        load = Load()
        large = _medians(store, runs)
        total = store.entries.count(store.condition(None))
        ratios = {query: large[query] / max(small[query], 0.5) for query in small}
        worst = max(ratios, key=lambda query: ratios[query])
        yield Figure(f"first page of a view, {total:,} entries", "ms", tuple(large.values()), load.others)
        note = f"slowest growth: {worst or 'all'}"
        yield Figure(
            f"the same, {times} × as many entries", "×", tuple(ratios.values()), load.others, goal=3, note=note
        )


def _medians(store: Store, runs: int) -> dict[str, float]:
    return {query: percentile(milliseconds(partial(_first_page, store, query), runs=runs), 0.5) for query in _VIEWS}


def _multiply(store: Store, times: int) -> None:
    shift = int(store.database.value("SELECT max(id) FROM entries"))
    for number in range(1, times):
        with store.writing():
            for table, key in (("entries", "id"), ("states", "entry_id"), ("tags", "entry_id")):
                names = [row["name"] for row in store.database.rows(f"PRAGMA table_info({table})")]
                values = [
                    f"{name} + {number * shift}" if name == key else f"guid || '#{number}'" if name == "guid" else name
                    for name in names
                ]
                store.database.run(
                    f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table} "
                    f"WHERE {key} <= {shift}"
                )


def _views(store: Store, runs: int) -> Iterator[Figure]:
    all_times: list[float] = []
    medians: dict[str, float] = {}
    load = Load()
    for query in _VIEWS:
        times = milliseconds(partial(_first_page, store, query), runs=runs)
        all_times += times
        medians[query] = percentile(times, 0.5)
    worst = max(medians, key=lambda query: medians[query])
    figure = partial(Figure, unit="ms", others=load.others, goal=20)
    yield figure(f"first page, {len(_VIEWS)} views", values=tuple(all_times))
    times = milliseconds(partial(_first_page, store, worst), runs=runs)
    yield figure("first page, slowest view", values=times, note=worst or "all")
    everything = milliseconds(lambda: store.entries.ids(store.condition(None)), runs=runs)
    yield Figure("all ids of the largest view", "ms", everything, load.others)


def _first_page(store: Store, query: str) -> None:
    term = parse_query(query, now=datetime.now(UTC)).term
    ids = store.entries.ids(store.condition(term), limit=FIRST_IDS)
    store.search.hits(ids[:SCREENFUL], term)


def _count(store: Store) -> None:
    """All numbers of the left pane, with three saved views."""
    for query in ("芯片 company:nvidia", "topic:export-controls or is:starred", "inference after:30d"):
        term = parse_query(query, now=datetime.now(UTC)).term
        store.entries.count_unread(store.condition(term, whole=True))
    store.feeds.all()
    store.entries.count_state("starred")
    store.entries.count_state("later")
    store.highlights.count()
    store.tags.counts("company")
    store.tags.counts("topic")


def _searches(store: Store, runs: int) -> Iterator[Figure]:
    all_times: list[float] = []
    load = Load()
    for name, query in SEARCHES.items():
        times = milliseconds(partial(_search, store, query, limit=FIRST_IDS), runs=runs)
        all_times += times
        term = parse_query(query, now=datetime.now(UTC)).term
        found = len(store.search.ids(term, store.condition(term)))
        yield Figure(f"search, {name}", "ms", times, load.others, goal=100, note=f"{query} → {found:,}")
    yield Figure("search, p95 of all", "ms", (percentile(all_times, 0.95),), load.others, goal=100)
    everything = milliseconds(partial(_search, store, "芯片", limit=None), runs=runs)
    yield Figure("search, all ids of the most common", "ms", everything, load.others)


def _search(store: Store, query: str, *, limit: int | None) -> None:
    """As the screen does: the best first, the rest when they are painted."""
    term = parse_query(query, now=datetime.now(UTC)).term
    ids = store.search.ids(term, store.condition(term), limit=limit)
    store.search.hits(ids[:SCREENFUL], term)


def _marks(store: Store, marks: int, runs: int) -> Iterator[Figure]:
    done: list[float] = []
    undone: list[float] = []
    now = datetime.now(UTC)
    ids = store.entries.ids(store.condition(parse_query("is:unread", now=now).term))[:marks]
    load = Load()
    for _ in range(runs):
        with stopwatch(done, scale=1000):
            store.entries.mark(ids, "read", value=True, now=now)
        with stopwatch(undone, scale=1000):
            store.undo(now)
    yield Figure(f"mark {len(ids):,} read", "ms", tuple(done), load.others)
    yield Figure("undo that", "ms", tuple(undone), load.others)


def _size(store: Store, archive: Path) -> Figure:
    raw = store.database.value("SELECT sum(length(CAST(title AS BLOB)) + length(CAST(text AS BLOB))) FROM versions")
    note = f"{archive.stat().st_size / 2**20:,.0f} MB of {raw / 2**20:,.0f} MB text"
    return Figure("database against raw text", "×", (archive.stat().st_size / raw,), 0.0, goal=3, note=note)
