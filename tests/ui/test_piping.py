"""`|`: the article goes through a command of the reader's own, and what that says is shown."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest
from driving import entries, ids, keys, lines, reader, screen, settle, until
from textual.pilot import Pilot
from textual.widgets import Input

from tui_reader.errors import FileError
from tui_reader.store import Store
from tui_reader.ui.piping import LONGEST, pipe, plain_lines
from tui_reader.ui.screens.main import MainScreen
from tui_reader.ui.screens.piping import OutputDialog
from tui_reader.ui.widgets.virtual_list import VirtualList

HOSTILE = "a\x1b]0;owned\x07 $(touch trap) `touch trap`; touch trap\n--help"


async def piped(text: str, *words: str) -> tuple[int, str]:
    said: list[str] = []
    code = await pipe(text, words, on_output=said.append)
    return code, "".join(said)


# --- the command -----------------------------------------------------------------------------------------------------


async def test_the_text_comes_on_the_standard_input_and_nowhere_else(tmp_path: Path) -> None:
    log = tmp_path / "log"
    look = f"import sys, os; open({str(log)!r}, 'w').write(repr((sys.argv[1:], 'owned' in str(dict(os.environ)))))"
    code, said = await piped(HOSTILE, sys.executable, "-c", f"{look}; sys.stdout.write(sys.stdin.read())", "word")
    assert (code, said) == (0, HOSTILE)
    assert log.read_text() == "(['word'], False)"
    assert not (tmp_path / "trap").exists()


async def test_errors_and_the_exit_code_are_told() -> None:
    assert await piped("x", "sh", "-c", "cat >/dev/null; echo wrong >&2; exit 3") == (3, "wrong\n")
    with pytest.raises(FileError, match="cannot run no-such-command: No such file"):
        await piped("x", "no-such-command")


async def test_a_command_may_stop_reading_and_has_no_terminal() -> None:
    code, said = await piped("line\n" * 200_000, "sh", "-c", "head -n 1; (: </dev/tty) 2>/dev/null || echo none")
    assert (code, said) == (0, "line\nnone\n")


async def test_output_without_end_is_cut_off() -> None:
    _, said = await piped("", "yes", "一二三四五六七八九")
    assert said.startswith("一二三")
    assert said.endswith("is left out")
    assert len(said) < LONGEST + 100


async def test_who_is_cancelled_ends_the_command_and_its_children(tmp_path: Path) -> None:
    log = tmp_path / "pids"
    begun = asyncio.Event()
    line = f"trap '' TERM; sleep 600 & echo $$ $! > {log}; echo ready; wait; sleep 600"
    task = asyncio.create_task(pipe("", ["sh", "-c", line], on_output=lambda _: begun.set()))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    for pid in map(int, log.read_text().split()):
        await _until(lambda pid=pid: not _runs(pid))


async def _until(condition: Callable[[], bool]) -> None:
    """Without waiting for workers to end."""
    give_up = monotonic() + 10
    while not condition():
        assert monotonic() < give_up
        await asyncio.sleep(0.01)


def _runs(pid: int) -> bool:
    """Whether it does anything still: who has no parent to collect it stays as a zombie."""
    try:
        os.kill(pid, 0)
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_what_is_for_a_terminal_becomes_lines_of_text() -> None:
    assert plain_lines("\x1b[1;31mred\x1b[0m\r\n\x1b]0;title\x07x\ty\r") == ["red", "x   y", ""]


# --- the dialog ------------------------------------------------------------------------------------------------------


async def run(pilot: Pilot[str], command: str) -> str:
    await keys(pilot, "|")
    pilot.app.screen.query_one(Input).value = command
    await keys(pilot, "enter")
    await until(pilot, lambda: "esc cancels" not in screen(pilot.app))
    return screen(pilot.app)


async def test_the_article_goes_through_and_the_output_scrolls(store: Store) -> None:
    async with reader(store) as pilot:
        entry = store.entries.article(ids(pilot)[0])
        shown = await run(pilot, "cat")
        assert f"# {entry.entry.title[:30]}" in shown
        assert "cat · done" in shown
        await keys(pilot, "y")
        assert pilot.app.clipboard.startswith(f"# {entry.entry.title[:30]}")
        await keys(pilot, "escape")
        assert isinstance(pilot.app.screen, MainScreen)
        shown = await run(pilot, f"{sys.executable} -c 'for i in range(500): print(\"line\", i)'")
        assert "line 3" in shown
        assert "line 499" in await keys(pilot, "G")


async def test_nothing_that_it_says_commands_the_terminal(store: Store) -> None:
    async with reader(store) as pilot:
        shown = await run(pilot, "printf '\\033[31mred\\033[0m \\033]0;owned\\007 [b]bold[/b] \\302\\2331m'")
        assert "red  [b]bold[/b] 1m" in shown
        assert "\x1b" not in shown
        assert "\u009b" not in shown


async def test_what_fails_is_told(store: Store) -> None:
    async with reader(store) as pilot:
        assert "ended with 4" in await run(pilot, "sh -c 'exit 4'")
        assert "it said nothing" in screen(pilot.app)
        await keys(pilot, "q")
        assert "cannot run no-such" in await run(pilot, "no-such")
        await keys(pilot, "q", "|")
        pilot.app.screen.query_one(Input).value = "cat '"
        assert "this is no command" in await keys(pilot, "enter")


async def test_closing_cancels_it(store: Store, tmp_path: Path) -> None:
    log = tmp_path / "pid"
    async with reader(store) as pilot:
        await keys(pilot, "|")
        pilot.app.screen.query_one(Input).value = f"sh -c 'echo $$ > {log}; echo begun; sleep 600'"
        await pilot.press("enter")
        dialog = pilot.app.screen
        assert isinstance(dialog, OutputDialog)
        await _until(lambda: "begun" in screen(pilot.app))
        assert "runs … esc cancels it" in screen(pilot.app)
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, MainScreen)
        await _until(lambda: not _runs(int(log.read_text())))


async def test_quitting_ends_it(store: Store, tmp_path: Path) -> None:
    log = tmp_path / "pid"
    async with reader(store) as pilot:
        await keys(pilot, "|")
        pilot.app.screen.query_one(Input).value = f"sh -c 'echo $$ > {log}; echo begun; sleep 600'"
        await pilot.press("enter")
        await _until(lambda: "begun" in screen(pilot.app))
        await pilot.press("Q")
    await _until(lambda: not _runs(int(log.read_text())))


async def test_earlier_commands_come_back_on_any_screen(store: Store) -> None:
    async with reader(store) as pilot:
        for command in ("cat", "wc -w", "cat"):
            await run(pilot, command)
            await keys(pilot, "escape")
        await keys(pilot, "g", "h", "|", "up", "up")
        assert pilot.app.screen.query_one(Input).value == "wc -w"
        await keys(pilot, "up", "down")
        assert pilot.app.screen.query_one(Input).value == "cat"
        await keys(pilot, "enter")
        await until(pilot, lambda: "cat · done" in screen(pilot.app))
        assert store.highlights.all()[0].quote.exact[:20] in screen(pilot.app)


async def test_selected_articles_go_through_together(store: Store) -> None:
    async with reader(store) as pilot:
        some = store.entries.rows(ids(pilot)[:3])
        await keys(pilot, "v", "j", "j")
        assert "3 articles" in await keys(pilot, "|")
        pilot.app.screen.query_one(Input).value = "grep '^# '"
        await keys(pilot, "enter")
        await until(pilot, lambda: "done" in screen(pilot.app))
        found = pilot.app.screen.query_one(VirtualList)
        assert len(found.rows) == 3
        assert all(any(each.title[:20] in line for line in lines(pilot.app)) for each in some)
        await keys(pilot, "escape")
        assert entries(pilot).selected_count == 3


async def test_output_is_wrapped_anew_in_another_window(store: Store) -> None:
    async with reader(store) as pilot:
        await run(pilot, f"{sys.executable} -c 'print(\"word \" * 40)'")
        found = pilot.app.screen.query_one(VirtualList)
        before = len(found.rows)
        await pilot.resize_terminal(40, 12)
        await settle(pilot)
        await settle(pilot)
        assert len(found.rows) > before
