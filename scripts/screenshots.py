"""Makes screenshots/*.svg from the demo, at 120 × 36, with a clock that stands still: the same files every time."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual.pilot import Pilot

from tui_reader.config import Config
from tui_reader.demo import MADE_AT, fill_demo
from tui_reader.store import open_demo_store
from tui_reader.ui.app import ReaderApp

FOLDER = Path(__file__).parents[1] / "screenshots"

Steps = Callable[[Pilot[str]], Awaitable[None]]


async def main_screen(pilot: Pilot[str]) -> None:
    await _view(pilot, "")
    await pilot.press("g", "g", "j", "j")


async def article(pilot: Pilot[str]) -> None:
    await _find(pilot, "一块加速卡的四百天")
    await pilot.press("right_square_bracket", "right_square_bracket")


async def highlights(pilot: Pilot[str]) -> None:
    await pilot.press("g", "h", "j", "j")


async def tags(pilot: Pilot[str]) -> None:
    await _find(pilot, "Qwen3.5-Omni 量")
    await pilot.press("T")


async def search(pilot: Pilot[str]) -> None:
    await pilot.press("S")
    await pilot.press(*"出口管制")
    await pilot.press("enter")
    await pilot.pause(0.3)
    await pilot.press("j", "enter")


async def help_screen(pilot: Pilot[str]) -> None:
    await _find(pilot, "HBM")
    await pilot.press("question_mark")


SHOTS: dict[str, Steps] = {
    "main": main_screen,
    "article": article,
    "highlights": highlights,
    "tags": tags,
    "search": search,
    "help": help_screen,
}


async def _view(pilot: Pilot[str], query: str) -> None:
    app = pilot.app
    assert isinstance(app, ReaderApp)
    app.main.open_view(query)
    await _settle(pilot)


async def _find(pilot: Pilot[str], words: str) -> None:
    """Open the newest article whose title has the words."""
    await _view(pilot, f'title:"{words}"')
    await pilot.press("enter")
    await _settle(pilot)


async def _settle(pilot: Pilot[str]) -> None:
    await pilot.app.workers.wait_for_complete()
    await pilot.pause(0.2)


async def _shoot(name: str, steps: Steps) -> None:
    with open_demo_store() as store:
        fill_demo(store, MADE_AT)
        app = ReaderApp(store, Config(), commands=None, now=lambda: MADE_AT)
        async with app.run_test(size=(120, 36)) as pilot:
            await _settle(pilot)
            await steps(pilot)
            await _settle(pilot)
            app.main.status.clear()
            await pilot.pause()
            (FOLDER / f"{name}.svg").write_text(app.export_screenshot(title="tui-reader"), encoding="utf-8")


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name in sys.argv[1:] or SHOTS:
        asyncio.run(_shoot(name, SHOTS[name]))
        print(f"screenshots/{name}.svg")


if __name__ == "__main__":
    main()
