"""The app, refreshes, a status bar and scripts at work on one store, each in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from driving import entries, keys, reader, screen, status, until
from fake_web import FakeWeb
from textual.pilot import Pilot

from tui_reader.demo import MADE_AT
from tui_reader.model import OpmlFeed
from tui_reader.store import Store, open_store
from tui_reader.ui.app import LOOK_EVERY
from tui_reader.ui.background import Commands

ROUNDS = 3


async def command(db: Path, *words: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tui_reader", "--db", str(db), *words,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


@asynccontextmanager
async def watching(store: Store) -> AsyncIterator[Pilot[str]]:
    """The app as people have it: it looks for what others wrote, by itself."""
    commands = Commands(["--db", str(store.path)], None)
    async with reader(store, commands=commands) as pilot:
        yield pilot


@pytest.mark.timeout(300)
async def test_all_at_once_and_nobody_is_locked_out(store: Store, web: FakeWeb, home: Path) -> None:
    assert store.path is not None
    db = store.path
    feed = web.feed().titled("Pier Wire")
    for each in store.feeds.all():
        store.feeds.remove(each, MADE_AT)
    store.feeds.add([OpmlFeed(feed.url)], MADE_AT)
    marked = list(store.entries.ids(store.condition(None)))
    answers: list[tuple[str, int, str, str]] = []

    async def loop(*words: str) -> None:
        for _ in range(ROUNDS):
            answers.append((words[0], *await command(db, *words)))

    async def refreshing() -> None:
        for number in range(ROUNDS):
            feed.entry(str(number), f"Tide table {number}", "<p>High water.</p>", at=MADE_AT + timedelta(hours=number))
            answers.append(("refresh", *await command(db, "refresh", "--json")))

    async with watching(store) as pilot:
        await keys(pilot, "1")
        await asyncio.gather(
            refreshing(),
            loop("count", "is:unread"),
            loop("list", "--json"),
            loop("mark", *map(str, marked), "--star"),
            loop("mark", *map(str, marked), "--unstar"),
            loop("doctor"),
        )
        await until(pilot, lambda: f"/{len(marked) + ROUNDS}" in screen(pilot.app), seconds=60)
        assert "locked" not in screen(pilot.app)
    assert [answer for answer in answers if answer[1] or answer[3]] == []
    lists = [[json.loads(line) for line in out.splitlines()] for name, _, out, _ in answers if name == "list"]
    assert all(len(listed) >= len(marked) for listed in lists)
    assert sum(json.loads(out)["new"] for name, _, out, _ in answers if name == "refresh") == ROUNDS
    assert store.check() == ()


async def test_what_others_do_is_on_the_screen_within_a_second(store: Store) -> None:
    assert store.path is not None
    assert LOOK_EVERY <= 0.5  # and one look is a pragma: see `changes_by_others`
    async with watching(store) as pilot:
        entry_id = store.entries.ids(store.condition(None), limit=1)[0]
        await keys(pilot, "1")
        assert "★" not in entries(pilot).render_line(0).text
        code, _, err = await command(store.path, "mark", str(entry_id), "--star")
        assert (code, err) == (0, "")
        await until(pilot, lambda: "★" in entries(pilot).render_line(0).text, seconds=60)


async def test_an_app_whose_database_is_moved_away_says_so_and_writes_nothing(store: Store, tmp_path: Path) -> None:
    assert store.path is not None
    db, moved = store.path, tmp_path / "moved.db"
    starred = store.entries.count_state("starred")
    async with watching(store) as pilot:
        db.rename(moved)
        await until(pilot, lambda: "was replaced or removed" in status(pilot), seconds=60)
        await keys(pilot, "s")
        assert "was replaced or removed" in status(pilot)
    with open_store(moved) as kept:
        assert kept.entries.count_state("starred") == starred


@pytest.mark.parametrize("words", [["count"], ["list", "--json"], ["feeds", "--json"]])
async def test_who_only_reads_does_not_wait_for_who_writes(store: Store, words: list[str]) -> None:
    assert store.path is not None
    with store.writing():
        store.entries.mark(store.entries.ids(store.condition(None)), "read", value=True, now=MADE_AT)
        code, out, err = await command(store.path, *words)
    assert (code, err) == (0, "")
    assert out


def children() -> set[str]:
    return {pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()}


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="no /proc here to see children in")
@pytest.mark.parametrize("cancelled", [True, False])
async def test_leaving_leaves_no_child_behind(db: Path, cancelled: bool) -> None:
    commands, before = Commands(["--db", str(db)], None), children()
    running = asyncio.create_task(commands.run("doctor"))
    while not children() - before:  # noqa: ASYNC110
        await asyncio.sleep(0)
    if cancelled:
        running.cancel()
    await commands.close()
    assert children() <= before
    with contextlib.suppress(asyncio.CancelledError):
        await running
