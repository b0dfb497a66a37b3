"""What the tests of the screen share: the app on a store, keys into it, and what a person would see of it."""

from __future__ import annotations

import asyncio
import os
import unicodedata
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from textual import events
from textual.app import App
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from tui_reader.config import Config, Open, Poll
from tui_reader.demo import MADE_AT
from tui_reader.model import Entry
from tui_reader.store import Store
from tui_reader.ui.app import ReaderApp
from tui_reader.ui.background import Commands
from tui_reader.ui.widgets.article_view import ArticleView
from tui_reader.ui.widgets.virtual_list import VirtualList

QUIET = Config(poll=Poll(every=None, on_start=False), open=Open(browser="true %s"))
"""No refresh by itself and no browser: nothing happens but what a test does."""

SNAPSHOTS = Path(__file__).parent / "snapshots"
PANES = {"feeds": "F", "entries": "L", "article": "A", "highlights": "H"}


@asynccontextmanager
async def reader(
    store: Store,
    *,
    size: tuple[int, int] = (120, 36),
    config: Config = QUIET,
    commands: Commands | None = None,
    first_start: bool = False,
) -> AsyncIterator[Pilot[str]]:
    """The whole application over the store, at the moment for which the demo was made."""
    app = ReaderApp(store, config, commands=commands, first_start=first_start, now=lambda: MADE_AT)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        yield pilot


async def keys(pilot: Pilot[Any], *names: str) -> str:
    """Press keys, and → the screen once it has come to rest.

    A character, or a name of Textual's; what begins with a colon is typed letter by letter: `":Qwen3"`.
    """
    for name in names:
        for key in name[1:] if len(name) > 1 and name.startswith(":") else [name]:
            press(pilot, key)
            if not isinstance(pilot.app, ReaderApp):
                # The reader takes keys one at a time, however fast they come; other apps need to be waited for.
                await _handled(pilot)
    await _handled(pilot)
    give_up = monotonic() + 3
    while _keys_left(pilot.app):
        assert monotonic() < give_up, f"{names} are still waiting:\n{screen(pilot.app)}"
        await pilot.pause(0.002)
    await settle(pilot)
    return screen(pilot.app)


def press(pilot: Pilot[Any], key: str) -> None:
    """As from the terminal, and without `Pilot.press`'s wait for an idle processor after every key."""
    name, char = _key(key)
    event = events.Key(name, char)
    event.set_sender(pilot.app)
    driver = pilot.app._driver
    assert driver is not None
    driver.send_message(event)


def _keys_left(app: App[Any]) -> bool:
    """Whether it has keys to answer; none is when it ends."""
    return isinstance(app, ReaderApp) and not app._exit and app.keys_pending


async def _handled(pilot: Pilot[Any]) -> None:
    """From the app to the screen to the widget to its action, and what that sends."""
    for _ in range(4):
        await pilot.pause(0)


def _key(key: str) -> tuple[str, str | None]:
    """What Textual calls a key, and the character that comes with it."""
    if len(key) == 1:
        return (key if key.isalnum() else _character_to_key(key)), key
    if key.startswith("fullwidth_"):
        return key, unicodedata.lookup(key.replace("_", " ").upper())
    return key, {"enter": "\r", "tab": "\t", "space": " ", "escape": "\x1b"}.get(key)


_AWAITED = ("view", "news", "deed")
"""Groups of workers that what is seen depends on."""


async def settle(pilot: Pilot[Any]) -> None:
    """Until the article has followed the cursor and what was asked of the background is there."""
    await pilot.pause(0.01)
    while _keys_left(pilot.app):
        await pilot.pause(0)
    while True:
        try:
            await pilot.app.workers.wait_for_complete([work for work in pilot.app.workers if work.group in _AWAITED])
            break
        except WorkerCancelled:
            # A newer one has taken its place: that is the one to wait for.
            await pilot.pause(0)
    for _ in range(3):
        await pilot.pause(0)


async def until(pilot: Pilot[Any], condition: Callable[[], object], *, seconds: float = 10.0) -> None:
    """Wait for what takes its time, such as a search while one types."""
    give_up = monotonic() + seconds
    while not condition():
        assert monotonic() < give_up, screen(pilot.app)
        await asyncio.sleep(0.01)
        await settle(pilot)


# --- what is on screen -----------------------------------------------------------------------------------------------


def lines(app: App[Any]) -> list[str]:
    """The screen as it is now, line by line. The only place that touches Textual's private compositor."""
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


def screen(app: App[Any]) -> str:
    return "\n".join(line.rstrip() for line in lines(app))


def status(pilot: Pilot[Any]) -> str:
    return lines(pilot.app)[-1].strip()


def entries(pilot: Pilot[Any]) -> VirtualList:
    return pilot.app.screen.query_one("#entries", VirtualList)


def feeds(pilot: Pilot[Any]) -> VirtualList:
    return pilot.app.screen.query_one("#feeds", VirtualList)


def article(pilot: Pilot[Any]) -> ArticleView:
    return pilot.app.screen.query_one(ArticleView)


def drawn(widget: VirtualList | ArticleView) -> list[str]:
    """The lines of one widget."""
    return [widget.render_line(y).text for y in range(widget.size.height)]


def pane(pilot: Pilot[Any]) -> str:
    """The letter of the pane that has the focus; "" in a dialog."""
    focused = pilot.app.screen.focused
    return PANES.get(focused.id or "", "") if focused is not None else ""


def ids(pilot: Pilot[Any]) -> list[int]:
    """The entries of the list, in its order."""
    return list(getattr(entries(pilot).rows, "ids", ()))


def entry(pilot: Pilot[Any], store: Store) -> Entry:
    """The entry under the cursor, as the store has it now."""
    return store.entries.rows([ids(pilot)[entries(pilot).cursor]])[0]


def check_snapshot(app: App[Any], name: str) -> None:
    """The screen is what `snapshots/<name>.txt` says; UPDATE_SNAPSHOTS=1 writes it there instead."""
    path = SNAPSHOTS / f"{name}.txt"
    shown = screen(app) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8"), f"differs from {path.name}; UPDATE_SNAPSHOTS=1 accepts it"
