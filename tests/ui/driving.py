"""What the tests of the screen share: the app on a store, and what a person would see of it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from textual.app import App
from textual.pilot import Pilot

from tui_reader.config import Config, Poll
from tui_reader.demo import MADE_AT
from tui_reader.store import Store
from tui_reader.ui.app import ReaderApp
from tui_reader.ui.background import Commands

QUIET = Config(poll=Poll(every=None, on_start=False))
"""No refresh by itself: nothing happens but what a test does."""

SNAPSHOTS = Path(__file__).parent / "snapshots"


def lines(app: App[Any]) -> list[str]:
    """The screen as it is now, line by line. The only place that touches Textual's private compositor."""
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


def screen(app: App[Any]) -> str:
    return "\n".join(line.rstrip() for line in lines(app))


@asynccontextmanager
async def reader(
    store: Store, *, size: tuple[int, int] = (120, 36), config: Config = QUIET, commands: Commands | None = None
) -> AsyncIterator[Pilot[str]]:
    """The whole application over the store, at the moment for which the demo was made; pressed by `keys`."""
    app = ReaderApp(store, config, commands=commands, now=lambda: MADE_AT)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        yield pilot


async def keys(pilot: Pilot[Any], *names: str) -> str:
    """Press keys one after the other, and → the screen once it has come to rest.

    Names are Textual's; a word with a colon before it is typed: `":Qwen3"`.
    """
    for name in names:
        for key in name[1:] if name.startswith(":") else [name]:
            await pilot.press("space" if key == " " else key)
    await settle(pilot)
    return screen(pilot.app)


async def settle(pilot: Pilot[Any]) -> None:
    """Until no worker runs and the timers that follow the cursor have fired."""
    from tui_reader.ui.screens.main import FOLLOW_AFTER

    await pilot.pause(FOLLOW_AFTER + 0.02)
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def until(pilot: Pilot[Any], condition: Callable[[], object], *, seconds: float = 5.0) -> None:
    """Wait for something that takes its time, such as a search while one types."""
    give_up = datetime.now(UTC) + timedelta(seconds=seconds)
    while not condition():
        assert datetime.now(UTC) < give_up, screen(pilot.app)
        await pilot.pause(0.02)


def check_snapshot(app: App[Any], name: str) -> None:
    """The screen is what `snapshots/<name>.txt` says; UPDATE_SNAPSHOTS=1 writes it there instead."""
    path = SNAPSHOTS / f"{name}.txt"
    shown = screen(app) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8"), f"differs from {path.name}; UPDATE_SNAPSHOTS=1 accepts it"
