"""Queries on the screen: completed by tab, put right where they are wrong, explained, and kept as views."""

from __future__ import annotations

from typing import Any

import pytest
from driving import entries, feeds, ids, keys, pane, reader, screen, status, until
from textual.events import Hide
from textual.pilot import Pilot
from textual.widgets import Input

from tui_reader.demo import MADE_AT
from tui_reader.query import parse_query
from tui_reader.store import Store
from tui_reader.ui.screens.asking import completer, offers
from tui_reader.ui.widgets.feed_rows import FeedRows


def typed(pilot: Pilot[Any]) -> str:
    return pilot.app.screen.query_one(Input).value


def marked(pilot: Pilot[Any]) -> str:
    """What of the prompt is marked."""
    field = pilot.app.screen.query_one(Input)
    return field.value[field.selection.start : field.selection.end]


def unread_of(pilot: Pilot[Any], label: str) -> int | None:
    """The number behind a row of the left pane; None if there is no such row."""
    rows = feeds(pilot).rows
    assert isinstance(rows, FeedRows)
    return next((row.count for row in rows.rows if row.label == label), None)


def count(store: Store, query: str) -> int:
    return store.entries.count(store.condition(parse_query(query, now=MADE_AT).term))


# --- completion ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tabs", "after"),
    [
        ("compa", 1, "company:"),
        ("chips is:unr", 1, "chips is:unread"),
        ("company:alib", 1, "company:alibaba"),
        ("company:阿里巴", 1, "company:阿里巴巴"),
        ("topic:export-c", 1, "topic:export-controls"),
        ("after:yes", 1, "after:yesterday"),
        # As far as all begin alike, then one after the other
        ("f", 1, "f"),
        ("f", 2, "feed:"),
        ("f", 3, "folder:"),
        ("f", 4, "feed:"),
        ("is:un", 1, "is:unread"),
        ("nothing-like-it", 1, "nothing-like-it"),
    ],
)
async def test_tab_completes(store: Store, text: str, tabs: int, after: str) -> None:
    async with reader(store) as pilot:
        tabs = tabs - 1 if text == "f" else tabs
        await keys(pilot, "S", f":{text}", *["tab"] * tabs)
        assert typed(pilot) == after


async def test_tab_says_what_there_is_and_goes_on_where_it_was(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "S", ":is:", "tab")
        assert typed(pilot) == "is:unread"
        assert "is:unread  is:read  is:starred" in status(pilot)
        await keys(pilot, "tab", ": x")
        assert typed(pilot) == "is:read x"
        await keys(pilot, "tab")
        assert "nothing begins like that" in status(pilot)


async def test_values_with_blanks_are_quoted_and_found(store: Store) -> None:
    folder = next(feed.folder for feed in store.feeds.all() if feed.folder)
    async with reader(store) as pilot:
        await keys(pilot, "S", f":folder:{folder[:4]}", "tab", "enter")
        await until(pilot, lambda: len(ids(pilot)) == count(store, f'folder:"{folder}"'))
        assert pane(pilot) == "L"


async def test_companies_that_are_in_the_news_are_offered_first(store: Store) -> None:
    most = store.tags.counts("company")[0].slug
    async with reader(store) as pilot:
        await until(pilot, lambda: unread_of(pilot, "Alibaba"))
        await keys(pilot, "S", ":company:", "tab")
        assert typed(pilot) == f"company:{most}"


def test_what_is_offered_fits_the_line(store: Store) -> None:
    _, options = completer(store)("company:", 8)
    assert len(options) > 160
    assert len(offers(options, 80)) <= 80
    assert offers(options, 80).endswith(" more")


# --- mistakes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "message", "wrong"),
    [
        ("chips is:unred", "is:unred: did you mean is:unread?", "is:unred"),
        ("chips company:alibabba x", "company:alibabba: did you mean company:alibaba?", "company:alibabba"),
        ("chips (x", "the parenthesis ( at 6 is never closed", "(x"),
    ],
)
async def test_a_mistake_is_marked_and_what_is_typed_takes_its_place(
    store: Store, query: str, message: str, wrong: str
) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "S", f":{query}", "enter")
        assert message in status(pilot)
        assert marked(pilot) == wrong
        await keys(pilot, ":is:read", "enter")
        assert pane(pilot) == "L"


async def test_a_prompt_that_asks_again_keeps_the_focus_when_it_hears_late_that_it_was_hidden(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "S", ":is:unred", "enter")
        field = pilot.app.screen.query_one(Input)
        field.post_message(Hide())
        await keys(pilot, ":is:read")
        assert pilot.app.screen.focused is field
        assert typed(pilot) == "is:read"


async def test_highlights_are_filtered_with_the_same_help(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "g", "h")
        await keys(pilot, "slash")
        await keys(pilot, ":kind:cl", "tab")
        assert typed(pilot) == "kind:claim"
        await keys(pilot, ": company:alibabba", "enter")
        assert marked(pilot) == "company:alibabba"
        await keys(pilot, "escape")
        assert pane(pilot) == "H"


# --- other names -----------------------------------------------------------------------------------------------------


async def test_the_screen_says_what_else_a_search_looked_for_and_quotes_switch_it_off(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "S", ":阿里巴巴", "enter")
        await until(pilot, lambda: len(ids(pilot)) == count(store, "company:alibaba or 阿里巴巴"))
        assert 'also company:alibaba · in quotes only the word: "阿里巴巴"' in status(pilot)
        await keys(pilot, "S", ':"阿里巴巴"', "enter")
        await until(pilot, lambda: len(ids(pilot)) == count(store, '"阿里巴巴"'))
        assert "also" not in status(pilot)


# --- saved views -----------------------------------------------------------------------------------------------------


async def test_a_search_becomes_a_view_with_its_unread_and_can_be_taken_away_again(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "S", ":chips or 芯片", "enter")
        await until(pilot, lambda: "“chips or 芯片”" in screen(pilot.app))
        found = ids(pilot)
        await keys(pilot, "w", "ctrl+u", ":Silicon", "enter")
        assert "saved the view “Silicon”" in status(pilot)
        unread = count(store, "(chips or 芯片) is:unread")
        await until(pilot, lambda: unread_of(pilot, "Silicon") == unread)
        await keys(pilot, "s", "m")
        await until(pilot, lambda: unread_of(pilot, "Silicon") == count(store, "(chips or 芯片) is:unread"))
        assert unread_of(pilot, "Silicon") != unread
        await keys(pilot, "1", "g", "f", "home", "j", "j", "j", "j", "j", "enter")
        await until(pilot, lambda: ids(pilot) == found)
        assert "Silicon" in screen(pilot.app)
        await keys(pilot, "g", "f", "x")
        assert unread_of(pilot, "Silicon") is None
        await keys(pilot, "u")
        assert unread_of(pilot, "Silicon") is not None


async def test_a_filter_of_an_either_or_is_saved_with_its_meaning(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "S", ":chips or policy", "enter")
        await until(pilot, lambda: "“chips or policy”" in screen(pilot.app))
        await keys(pilot, "slash", ":is:read or is:starred", "enter", "w", "ctrl+u", ":Both", "enter")
        (view,) = store.views.all()
        assert view.query == "(chips or policy) (is:read or is:starred)"


async def test_everything_is_no_view_to_save(store: Store) -> None:
    async with reader(store) as pilot:
        assert "this is everything" in await keys(pilot, "1", "w")
        assert store.views.all() == ()


async def test_a_view_of_what_is_gone_says_so_and_the_list_stays(store: Store) -> None:
    store.views.save("Old", "folder:nowhere", now=MADE_AT)
    async with reader(store) as pilot:
        before = ids(pilot)
        await keys(pilot, "g", "f", "home", "j", "j", "j", "j", "j", "enter")
        assert "folder:nowhere at 0: no such folder" in status(pilot)
        assert ids(pilot) == before
        assert entries(pilot).rows is not None


async def test_the_feed_that_is_shown_can_be_unsubscribed(store: Store) -> None:
    feed = store.feeds.all()[-1]
    async with reader(store) as pilot:
        await keys(pilot, "g", "f", "G", "enter")
        assert ids(pilot)
        await keys(pilot, "g", "f", "x", "y")
        assert f"unsubscribed from {feed.title}" in status(pilot)
        assert len(ids(pilot)) == count(store, f"feed:{feed.id}")
