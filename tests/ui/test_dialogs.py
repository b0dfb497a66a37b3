"""The small screens: text to read, a choice, a note, the places to go to."""

from __future__ import annotations

from typing import Any

import pytest
from driving import keys, lines, screen
from textual.app import App, ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from tui_reader.ui.screens.dialogs import Choice, GoTo, NoteDialog, TextDialog
from tui_reader.ui.widgets.prompt import Prompt
from tui_reader.ui.widgets.status_line import StatusLine

NOTHING = object()


class DialogApp(App[None]):
    CSS_PATH = None

    def __init__(self, dialog: Screen[Any]) -> None:
        super().__init__()
        self.dialog = dialog
        self.answer: object = NOTHING

    def compose(self) -> ComposeResult:
        yield Static("below")

    def on_mount(self) -> None:
        self.push_screen(self.dialog, self._answered)

    def _answered(self, answer: object) -> None:
        self.answer = answer


@pytest.mark.parametrize(
    ("pressed", "answer"),
    [(["y"], "y"), (["escape"], ""), (["q"], ""), (["x"], NOTHING), (["enter"], NOTHING), (["x", "n"], "n")],
)
async def test_a_choice_answers_with_a_letter(pressed: list[str], answer: object) -> None:
    app = DialogApp(Choice("Unsubscribe from [b]Lab[/b]?", [("y", "yes"), ("n", "no")]))
    async with app.run_test(size=(60, 20)) as pilot:
        assert "Unsubscribe from [b]Lab[/b]?" in screen(app)
        await keys(pilot, *pressed)
        assert app.answer is answer or app.answer == answer


@pytest.mark.parametrize("key", ["escape", "q", "enter", "question_mark"])
async def test_a_text_closes_by_any_of_its_keys(key: str) -> None:
    app = DialogApp(TextDialog("Title", Content("body")))
    async with app.run_test(size=(60, 20)) as pilot:
        assert "body" in screen(app)
        await keys(pilot, key)
        assert app.screen is not app.dialog


@pytest.mark.parametrize(("end", "top"), [("G", "g"), ("end", "home")])
async def test_a_long_text_has_a_top_and_an_end(end: str, top: str) -> None:
    app = DialogApp(TextDialog("Title", Content("\n".join(f"line {number}" for number in range(200)))))
    async with app.run_test(size=(80, 24)) as pilot:
        assert "line 199" in await keys(pilot, end)
        assert "line 0" in await keys(pilot, top)


async def test_a_long_text_scrolls() -> None:
    app = DialogApp(TextDialog("Title", Content("\n".join(f"line {n}" for n in range(100)))))
    async with app.run_test(size=(60, 20)) as pilot:
        assert "line 0" in screen(app)
        assert "line 1\n" not in await keys(pilot, "j", "j", "space")
        assert "line 1\n" in await keys(pilot, "b", "k", "k", "b")


@pytest.mark.parametrize(
    ("pressed", "answer"),
    [
        ([": and more", "ctrl+s"], "old note and more"),
        (["enter", ":二", "ctrl+s"], "old note\n二"),
        (["home", "delete", "delete", "delete", "delete", "ctrl+s"], "note"),
        ([":lost", "escape"], None),
    ],
)
async def test_a_note_is_saved_or_given_up(pressed: list[str], answer: object) -> None:
    app = DialogApp(NoteDialog("the quote [/foo] \x1b[2J", "old note"))
    async with app.run_test(size=(60, 24)) as pilot:
        assert "the quote [/foo] [2J" in screen(app)
        await keys(pilot, *pressed)
        assert app.answer == answer


@pytest.mark.parametrize(
    ("key", "answer"),
    [("h", "screen.highlights"), ("g", "top"), ("u", "screen.view('is:unread')"), ("q", None), ("escape", None)],
)
async def test_go_to_answers_with_an_action(key: str, answer: str | None) -> None:
    app = DialogApp(GoTo())
    async with app.run_test(size=(80, 20)) as pilot:
        assert "highlights" in screen(app)
        await keys(pilot, key)
        assert app.answer == answer


class LineApp(App[None]):
    CSS_PATH = None

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[str, str, str]] = []

    def compose(self) -> ComposeResult:
        yield Prompt()
        yield StatusLine()

    def on_prompt_typed(self, event: Prompt.Typed) -> None:
        self.told.append(("typed", event.purpose, event.text))

    def on_prompt_answered(self, event: Prompt.Answered) -> None:
        self.told.append(("answered", event.purpose, event.text))

    def on_prompt_cancelled(self, event: Prompt.Cancelled) -> None:
        self.told.append(("cancelled", event.purpose, ""))


async def test_a_prompt_tells_what_is_typed_and_answered() -> None:
    app = LineApp()
    async with app.run_test(size=(60, 6)) as pilot:
        assert not app.query_one(Prompt).display
        app.query_one(Prompt).ask("search", "Search [b]", text="q")
        await keys(pilot, ":w", "enter")
        assert app.told == [("typed", "search", "qw"), ("answered", "search", "qw")]
        assert not app.query_one(Prompt).display


async def test_a_prompt_is_given_up_with_escape() -> None:
    app = LineApp()
    async with app.run_test(size=(60, 6)) as pilot:
        app.query_one(Prompt).ask("find", "Find")
        await keys(pilot, "escape")
        assert app.told == [("cancelled", "find", "")]
        assert app.query_one(Input).value == ""


async def test_the_last_hint_the_help_always_has_its_place() -> None:
    app = LineApp()
    async with app.run_test(size=(40, 6)) as pilot:
        line = app.query_one(StatusLine)
        line.show_hints([("j", "down"), ("enter", "open"), ("space", "read on and on"), ("?", "help")])
        await pilot.pause()
        assert lines(app)[0].split() == ["j", "down", "enter", "open", "?", "help"]
        line.show_progress("refreshing 3/12")
        await pilot.pause()
        assert lines(app)[0].split() == ["j", "down", "?", "help", "refreshing", "3/12"]


async def test_the_status_line_says_a_message_else_hints_and_progress_at_the_right() -> None:
    app = LineApp()
    async with app.run_test(size=(40, 6)) as pilot:
        line = app.query_one(StatusLine)
        line.show_hints([("j", "down"), ("?", "help"), ("x", "a very long hint that does not fit here")])
        await pilot.pause()
        assert lines(app)[0].split() == ["j", "down", "?", "help"]
        line.show_progress("refreshing 3/12")
        line.say("done [b]\x1b[2J")
        await pilot.pause()
        assert lines(app)[0].startswith(" done [b][2J")
        assert lines(app)[0].rstrip().endswith("refreshing 3/12")
        line.clear()
        line.show_progress("")
        await pilot.pause()
        assert lines(app)[0].split() == ["j", "down", "?", "help"]
