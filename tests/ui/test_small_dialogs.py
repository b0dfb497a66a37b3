"""Every dialog on every terminal: all of it can be read by scrolling, what has the focus is seen, nothing breaks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from driving import QUIET, keys, lines, reader, screen, settle, until
from textual.content import Content
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from tui_reader.demo import MADE_AT
from tui_reader.model import Version
from tui_reader.store import Store
from tui_reader.ui.keys import GO_TO
from tui_reader.ui.screens.dialogs import Choice, GoTo, NoteDialog, TextDialog, help_text
from tui_reader.ui.screens.edits import EditsDialog
from tui_reader.ui.screens.line_dialog import LineDialog
from tui_reader.ui.screens.tag_dialog import TagDialog, TagName
from tui_reader.ui.screens.taxonomy_watch import RetagDialog
from tui_reader.ui.widgets.virtual_list import VirtualList

SIZES = [(120, 36), (80, 24), (60, 16), (40, 12), (20, 6)]
WORDS = [f"w{number}" for number in range(60)]
LONG = " ".join(WORDS)
CHANGES = {
    "tagged": 1, "entries": 2, "new": 3, "gone": 4, "changed": 60,
    "changes": [{"title": word, "new": ["chips"], "gone": []} for word in WORDS],
}  # fmt: skip


def version(number: int, text: str) -> Version:
    return Version(id=number, title="Title", text=text, origin="feed", made_at=MADE_AT, read=number == 1)


TEXTS: dict[str, tuple[Callable[[], Screen[Any]], list[str]]] = {
    "text": (lambda: TextDialog(LONG, Content("\n".join(f"line {word}" for word in WORDS))), WORDS),
    "choice": (lambda: Choice(LONG, [(letter, f"answer {letter}") for letter in "abcdefgh"]), [*WORDS, "cancel"]),
    "go to": (GoTo, [f"g{key}" for key, _, _ in GO_TO]),
    "edits": (lambda: EditsDialog([version(1, "old"), version(2, LONG)]), WORDS),
    "retag": (lambda: RetagDialog(CHANGES), WORDS),
    "help": (lambda: TextDialog("Keys", help_text({}, "L", width=20)), ["next", "highlights", "quit"]),
}


FIELDS: dict[str, Callable[[], Screen[Any]]] = {
    "note": lambda: NoteDialog(LONG, ""),
    "line": lambda: LineDialog(LONG, hint=LONG),
    "tag": lambda: TagDialog(LONG, [], [TagName("company", "alibaba", "Alibaba")], lambda: []),
}


async def opened(pilot: Pilot[str], dialog: Screen[Any]) -> None:
    pilot.app.push_screen(dialog)
    await settle(pilot)
    await settle(pilot)


def focus_is_seen(pilot: Pilot[str]) -> bool:
    focused = pilot.app.focused
    assert focused is not None
    region = focused.region
    return region.height > 0 and region.width > 3 and pilot.app.screen.region.contains_region(region)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", TEXTS)
async def test_all_of_a_text_is_reached_by_scrolling(memory_store: Store, name: str, size: tuple[int, int]) -> None:
    make, words = TEXTS[name]
    async with reader(memory_store, size=size) as pilot:
        dialog = make()
        await opened(pilot, dialog)
        seen = ""
        for _ in range(100):
            seen += " ".join(lines(pilot.app)) + " "
            before = screen(pilot.app)
            await keys(pilot, "pagedown")
            # Textual's own containers scroll after the next frame.
            await settle(pilot)
            if screen(pilot.app) == before:
                break
        assert set(words) - set(re.findall(r"\w+", seen)) == set()
        assert pilot.app.screen is dialog


@pytest.mark.parametrize("key", ["Q", "ctrl+q"])
@pytest.mark.parametrize("name", [*TEXTS, "why"])
async def test_the_app_is_quit_from_any_dialog(memory_store: Store, name: str, key: str) -> None:
    async with reader(memory_store) as pilot:
        if name == "why":
            await keys(pilot, "T")
        else:
            await opened(pilot, TEXTS[name][0]())
        await keys(pilot, key)
        assert pilot.app._exit


async def test_the_key_that_quits_may_be_another_one_in_dialogs_too(memory_store: Store) -> None:
    async with reader(memory_store, config=replace(QUIET, keys={"quit": "X"})) as pilot:
        await keys(pilot, "g", "Q")
        assert not pilot.app._exit
        await keys(pilot, "g", "X")
        assert pilot.app._exit


@pytest.mark.parametrize("name", ["note", "line", "tag"])
async def test_in_a_field_q_is_a_letter_and_control_q_quits(memory_store: Store, name: str) -> None:
    async with reader(memory_store) as pilot:
        await opened(pilot, FIELDS[name]())
        assert "Qq" in await keys(pilot, ":Qq")
        await keys(pilot, "ctrl+q")
        assert pilot.app._exit


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", ["note", "line", "tag"])
async def test_the_field_is_seen_and_what_is_typed_in_it(memory_store: Store, name: str, size: tuple[int, int]) -> None:
    async with reader(memory_store, size=size) as pilot:
        await opened(pilot, FIELDS[name]())
        assert focus_is_seen(pilot)
        assert "xyzzy" in await keys(pilot, ":xyzzy")
        if name == "tag":
            assert "+ xyzzy" in screen(pilot.app)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_reasons_for_tags_are_wrapped_and_can_be_gone_through(
    memory_store: Store, size: tuple[int, int]
) -> None:
    async with reader(memory_store, size=size) as pilot:
        await keys(pilot, "T")
        why = pilot.app.screen.query_one(VirtualList)
        await until(pilot, lambda: len(why.rows) > 1 and why.rows.height > 1)
        assert focus_is_seen(pilot)
        for index in range(len(why.rows)):
            assert why.cursor == index
            row = " ".join(line.strip().lstrip("▌").strip() for line in lines(pilot.app))
            head = "".join(text for text, _ in why.rows.lines(index, 0)[0]).strip()
            assert head in row
            await keys(pilot, "j")


@pytest.mark.parametrize("size", [(40, 12), (20, 6)], ids=str)
async def test_the_prompt_leaves_room_for_what_is_typed(memory_store: Store, size: tuple[int, int]) -> None:
    async with reader(memory_store, size=size) as pilot:
        await keys(pilot, "S", ":Qwen")
        await keys(pilot, "enter", "/")
        assert focus_is_seen(pilot)
        assert "abc" in await keys(pilot, ":abc")


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_palette_shows_what_it_finds(memory_store: Store, size: tuple[int, int]) -> None:
    async with reader(memory_store, size=size) as pilot:
        await keys(pilot, ":")
        pilot.app.screen.query_one(Input).value = "star"
        await until(pilot, lambda: "star" in "\n".join(lines(pilot.app)[2:]))
        assert focus_is_seen(pilot)


@pytest.mark.parametrize("size", [(1, 1), (3, 2)], ids=str)
async def test_no_terminal_is_too_small_for_a_dialog(memory_store: Store, size: tuple[int, int]) -> None:
    dialogs = [make() for make, _ in TEXTS.values()]
    dialogs += [NoteDialog(LONG, LONG), LineDialog(LONG), TagDialog(LONG, [], [], lambda: [])]
    async with reader(memory_store, size=size) as pilot:
        for dialog in dialogs:
            await opened(pilot, dialog)
            assert pilot.app.screen is dialog
            await keys(pilot, "down", "escape")
            assert pilot.app.screen is not dialog
        await keys(pilot, "T", "escape", ":", "escape", "t", "escape", "v", "j")


async def test_a_dialog_follows_the_size_of_the_window(memory_store: Store) -> None:
    async with reader(memory_store, size=(20, 6)) as pilot:
        await keys(pilot, "g")
        assert "gf" not in lines(pilot.app)[0]
        await pilot.resize_terminal(120, 36)
        await settle(pilot)
        line = next(line for line in lines(pilot.app) if "gg" in line)
        assert "gf" in line
        assert "│" in line
