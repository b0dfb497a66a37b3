"""The application as its reader sees it: when it shows the first entry, and how soon it answers a key."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.archive import copy_of, subscribe
from benchmarks.figures import Figure, Load, percentile
from benchmarks.processes import program
from benchmarks.refreshing import ENTRIES
from benchmarks.server import serving
from benchmarks.terminal import Terminal
from tui_reader.query import parse_query
from tui_reader.store import open_store

QUIET = '[poll]\non_start = false\nevery = "never"\n'
_POLLING = '[poll]\non_start = true\nevery = "never"\n'

REPEAT = 0.02
"""Seconds after an answer: with the answer itself, about how often a held key repeats."""

_PAUSES = (0.02, 0.05, 0.08, 0.11, 0.14)
"""Seconds between keys, in turns: some keys come while the article that follows the cursor is being drawn."""


def opening(archive: Path, *, runs: int) -> Iterator[Figure]:
    seconds, peaks, quits = [], [], []
    with own_copy(archive, QUIET) as (database, config):
        title = _first_title(database)
        load = Load()
        for run in range(runs + 1):
            terminal = Terminal(program(database, config=config))
            try:
                seconds.append(terminal.wait_for(title))
                terminal.rest(1.0)
            finally:
                quits.append(terminal.close())
            peaks.append(terminal.peak.megabytes)
            if not run:
                # The first start may still have to compile, and to read the disk.
                seconds.clear()
                quits.clear()
    yield Figure("start to first entry on screen", "ms", tuple(each * 1000 for each in seconds), load.others, goal=500)
    yield Figure("memory of the app", "MB", tuple(peaks), load.others)
    yield Figure("quitting", "ms", tuple(each * 1000 for each in quits), load.others, goal=500)


def keys(archive: Path, *, downs: int, pages: int) -> Iterator[Figure]:
    with own_copy(archive, QUIET) as (database, config):
        terminal = Terminal(program(database, config=config))
        try:
            terminal.wait_for(_first_title(database))
            terminal.rest(1.5)
            # All entries, and the whole list of them, which comes in the background.
            terminal.send("1")
            terminal.rest(1.5)
            yield from latency("key j, held", terminal, "j" * downs, goal=16, pauses=(REPEAT,))
            yield from latency("key j, at any moment", terminal, "j" * downs, goal=30)
            yield from latency("key ctrl+d, half a page of the list", terminal, "\x04" * pages, goal=30)
            yield from latency("key space, a page of the article", terminal, " " * pages, goal=30, any_frame=True)
        finally:
            terminal.close()


def keys_during_refresh(archive: Path, *, feeds: int) -> Iterator[Figure]:
    with serving(feeds, ENTRIES) as urls, own_copy(archive, _POLLING) as (database, config):
        with open_store(database) as store:
            subscribe(store, urls, now=datetime.now(UTC))
        terminal = Terminal(program(database, config=config))
        try:
            terminal.wait_for(_first_title(database))
            terminal.rest(0.5)
            pressed = iter("jjjk" * 500)
            load, times = Load(), []
            while terminal.has_children and (key := next(pressed, None)):
                times.append(terminal.press(key))
                terminal.rest(_PAUSES[len(times) % len(_PAUSES)])
            yield from _figures(f"key j/k while {feeds} feeds refresh", times, load.others, goal=30)
            yield Figure("memory of the app after that", "MB", (_peak(terminal),), load.others)
        finally:
            terminal.close()
        yield _quitting_during_refresh(database, config, urls)


def _quitting_during_refresh(database: Path, config: Path, urls: Sequence[str]) -> Figure:
    """At several moments of it: before the first answer, among them, and while the last are stored."""
    load, quits = Load(), []
    for moment in (0.1, 0.4, 0.8, 1.2, 1.6):
        with open_store(database) as store:
            for feed in store.feeds.all():
                if feed.url in urls:
                    store.feeds.remove(feed, datetime.now(UTC))
            subscribe(store, list(urls), now=datetime.now(UTC))
        terminal = Terminal(program(database, config=config))
        try:
            terminal.wait_for(_first_title(database))
            terminal.rest(moment)
        finally:
            quits.append(terminal.close() * 1000)
    return Figure("quitting during a refresh", "ms", tuple(quits), load.others, goal=500)


def latency(
    name: str,
    terminal: Terminal,
    pressed: str,
    *,
    goal: float,
    pauses: Sequence[float] = _PAUSES,
    any_frame: bool = False,
) -> Iterator[Figure]:
    load, times = Load(), []
    for number, key in enumerate(pressed):
        times.append(terminal.press(key, any_frame=any_frame))
        terminal.rest(pauses[number % len(pauses)])
    yield from _figures(name, times, load.others, goal=goal)


def _figures(name: str, times: Sequence[float | None], others: float, *, goal: float) -> Iterator[Figure]:
    answered = tuple(each * 1000 for each in times if each is not None)
    lost = len(times) - len(answered)
    note = f"{len(times)} keys" + (f", {lost} without an answer" if lost else "")
    yield Figure(f"{name}, p50", "ms", answered or (0.0,), others, note=note)
    for share in (0.95, 0.99):
        value = percentile(answered or (0.0,), share)
        yield Figure(f"{name}, p{share * 100:.0f}", "ms", (value,), others, goal=goal if share == 0.95 else None)


def _peak(terminal: Terminal) -> float:
    terminal.peak.look()
    return terminal.peak.megabytes


@contextmanager
def own_copy(archive: Path, settings: str) -> Iterator[tuple[Path, Path]]:
    """A store and a configuration that the application may write to."""
    folder = Path(tempfile.mkdtemp(dir=archive.parent))
    try:
        config = folder / "config.toml"
        config.write_text(settings, encoding="utf-8")
        yield copy_of(archive, folder), config
    finally:
        shutil.rmtree(folder)


def _first_title(database: Path) -> str:
    """The beginning of the title that is on top when the application opens."""
    with open_store(database, create=False) as store:
        unread = store.condition(parse_query("is:unread", now=datetime.now(UTC)).term)
        return store.entries.rows(store.entries.ids(unread, limit=1))[0].title[:8]
