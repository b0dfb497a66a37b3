"""Refreshes of served feeds by the command that the application, cron and timers run."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.archive import subscribe
from benchmarks.figures import Figure, Load
from benchmarks.processes import Run, program, run
from benchmarks.server import serving
from tui_reader.store import open_store

ENTRIES = 25


def refreshing(*, feeds: int, runs: int) -> Iterator[Figure]:
    """Cold and with nothing new, without latency: how much of the time is our own work."""
    cold: list[Run] = []
    unchanged: list[Run] = []
    with serving(feeds, ENTRIES) as urls:
        load = Load()
        for _ in range(runs):
            with tempfile.TemporaryDirectory() as folder:
                database = _subscribed(Path(folder), urls)
                cold.append(_refresh(database, status="ok", feeds=feeds))
                unchanged.append(_refresh(database, status="not-modified", feeds=feeds))
        others = load.others
    size = f"{feeds} feeds × {ENTRIES}"
    seconds = tuple(run.seconds for run in cold)
    rates = tuple(feeds * ENTRIES / each for each in seconds)
    yield Figure(f"refresh, all new, {size}", "s", seconds, others)
    yield Figure(f"refresh, all new, {size}", "entries/s", rates, others, more_is_better=True)
    yield Figure(f"refresh, nothing new, {feeds} feeds", "s", tuple(run.seconds for run in unchanged), others)
    peaks = tuple(run.peak.megabytes_with_children for run in cold)
    yield Figure("memory of a refresh, all processes", "MB", peaks, others)


def slow_network(*, feeds: int, latency: float, runs: int) -> Iterator[Figure]:
    """Many feeds, nothing new, and a network that takes its time: how well we wait for many at once."""
    seconds = []
    with serving(feeds, 5, latency=latency) as urls, tempfile.TemporaryDirectory() as folder:
        database = _subscribed(Path(folder), urls)
        _refresh(database, status="ok", feeds=feeds)
        load = Load()
        for _ in range(runs):
            seconds.append(_refresh(database, status="not-modified", feeds=feeds).seconds)
    name = f"refresh, nothing new, {feeds:,} feeds, {latency * 1000:.0f} ms latency"
    yield Figure(name, "s", tuple(seconds), load.others)


def _subscribed(folder: Path, urls: list[str]) -> Path:
    database = folder / "reader.db"
    with open_store(database) as store:
        subscribe(store, urls, now=datetime.now(UTC))
    return database


def _refresh(database: Path, *, status: str, feeds: int) -> Run:
    """A benchmark of a refresh that did not work would be a fast one: every feed must have come to `status`."""
    done = run(program(database, "refresh", "--json"), watch=True)
    outcomes = [json.loads(line) for line in done.output.splitlines()]
    wrong = [outcome for outcome in outcomes if outcome["status"] != status]
    if wrong or len(outcomes) != feeds:
        raise RuntimeError(f"{len(outcomes)} of {feeds} feeds were polled, {len(wrong)} not {status}: {wrong[:1]}")
    return done
