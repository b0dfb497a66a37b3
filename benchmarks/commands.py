"""Whole commands as a shell or a status bar sees them, start-up of Python included."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure, Load, percentile
from benchmarks.processes import program, run
from benchmarks.queries import SEARCHES

_COMMANDS = ("--version", "count", "count is:unread", "list --limit 1", "feeds --json", "show 1")


def commands(archive: Path, *, runs: int) -> Iterator[Figure]:
    bare = [sys.executable, "-c", "pass"]
    yield _timed("Python alone", bare, runs)
    for words in _COMMANDS:
        yield _timed(f"command: {words}", program(archive, *words.split()), runs)
    for name in ("rare English", "common English", "Chinese, 2 characters", "Chinese, 4 characters"):
        command = program(archive, "search", SEARCHES[name], "--json", "--limit", "20")
        yield _timed(f"command: search, {name}", command, runs)


def _timed(name: str, command: list[str], runs: int) -> Figure:
    # The first run compiles what is not compiled yet, and warms the disk's cache.
    run(command)
    load = Load()
    times = tuple(run(command).seconds * 1000 for _ in range(runs))
    return Figure(name, "ms", times, load.others, note=f"p95 {percentile(times, 0.95):.0f}")
