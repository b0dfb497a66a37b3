"""What the screen tells its reader: where they are, what happened, what a passage is noted with."""

from __future__ import annotations

import time
import webbrowser
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

import pytest
from driving import QUIET, article, entry, keys, reader, screen, settle, status, until
from pytest_httpserver import HTTPServer

from tui_reader.config import Open
from tui_reader.demo import MADE_AT
from tui_reader.model import CleanEntry, OpmlFeed
from tui_reader.store import Store
from tui_reader.ui.app import ReaderApp
from tui_reader.ui.background import Commands


async def test_the_left_pane_shows_which_view_is_open(store: Store) -> None:
    async with reader(store) as pilot:
        app = pilot.app
        assert isinstance(app, ReaderApp)
        for key, label in (("1", "All"), ("3", "Starred"), ("2", "Unread")):
            await keys(pilot, key)
            row = app.main.sidebar.row()
            assert row is not None
            assert row.label == label


async def test_a_message_goes_with_the_next_key_but_not_how_a_search_was_widened(store: Store) -> None:
    async with reader(store) as pilot:
        assert "read · u undoes" in await keys(pilot, "m")
        assert "undoes" not in await keys(pilot, "j")
        await keys(pilot, "S", ":千问", "enter")
        await until(pilot, lambda: "Qwen" in status(pilot))
        assert "starred" in await keys(pilot, "s")
        await keys(pilot, "j")
        assert "Qwen" in status(pilot)


async def test_a_word_that_is_not_in_the_article_is_named(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "enter", "/", ":zyzzyva", "enter")
        assert "“zyzzyva” is not in this article" in status(pilot)


async def test_the_note_of_a_highlight_is_read_at_the_highlight(store: Store) -> None:
    async with reader(store) as pilot:
        assert "note saved" in await keys(pilot, "enter", "a", ":look again", "ctrl+s")
        await keys(pilot, "}")
        assert "look again" not in status(pilot)
        assert "✎ look again" in await keys(pilot, "{")


async def test_an_article_opens_at_its_top_on_the_smallest_screen(store: Store) -> None:
    async with reader(store, size=(40, 12)) as pilot:
        await keys(pilot, "enter")
        assert article(pilot).scroll_offset.y == 0


async def test_times_are_those_of_the_machines_zone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        async with reader(store) as pilot:
            published = entry(pilot, store).published_at
            there = published.astimezone(timezone(timedelta(hours=8)))
            assert f"{there:%Y-%m-%d %H:%M}" in " ".join(screen(pilot.app).split())
    finally:
        monkeypatch.undo()
        time.tzset()


async def test_where_there_is_no_browser_the_reader_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("BROWSER", raising=False)
    monkeypatch.setattr(webbrowser, "_tryorder", [])
    async with reader(store, config=replace(QUIET, open=Open(browser=""))) as pilot:
        await keys(pilot, "o")
        await until(pilot, lambda: "no browser was found" in status(pilot))


async def test_f_fetches_the_full_text_and_shows_either(store: Store, httpserver: HTTPServer) -> None:
    whole = "".join(
        f"<p>The page tells part {n} of it, at some length, for those who want it all.</p>" for n in range(9)
    )
    page = f"<html><head><title>Longer</title></head><body><article><h1>Longer</h1>{whole}</article></body></html>"
    httpserver.expect_request("/longer").respond_with_data(page, content_type="text/html")
    given, url = "The feed tells the beginning …", httpserver.url_for("/longer")
    words = CleanEntry("longer", url, "Longer", "", "en", MADE_AT + timedelta(minutes=9), f"<p>{given}</p>", given)
    store.feeds.add([OpmlFeed(httpserver.url_for("/feed"))], MADE_AT)
    store.arrivals.save(store.feeds.all()[-1].id, [words], MADE_AT)
    async with reader(store, commands=Commands(["--db", str(store.path)], None)) as pilot:
        await keys(pilot, "1", "enter", "f")
        await until(pilot, lambda: "part 8" in article(pilot).doc.text)
        assert "the full text" in status(pilot)
        await keys(pilot, "}", "H")
        await keys(pilot, "f")
        assert article(pilot).doc.text == "The feed tells the beginning …"
        await keys(pilot, "f")
        assert "part 8" in article(pilot).doc.text
        assert len(article(pilot).marks) == 1


async def test_the_left_pane_knows_companies_by_all_their_names(store: Store) -> None:
    async with reader(store) as pilot:
        await until(pilot, lambda: "Alibaba" in screen(pilot.app))
        await keys(pilot, "h", "/", ":通義", "enter")
        app = pilot.app
        assert isinstance(app, ReaderApp)
        assert [row.label for row in app.main.sidebar.rows] == ["Alibaba"]
        await keys(pilot, "/", ":nobody of that name", "enter")
        assert "no feed has that name" in screen(pilot.app)


async def test_a_deed_while_the_background_looks_is_not_undone_on_the_screen(store: Store) -> None:
    async with reader(store) as pilot:
        app = pilot.app
        assert isinstance(app, ReaderApp)
        entries, look = app.main.list, app.main.list._background.run
        starred = entry(pilot, store)
        assert not starred.starred

        async def run_and_star(query: Callable[[Store], Any]) -> Any:
            found = await look(query)
            entries._background.run = look  # type: ignore[method-assign]
            await keys(pilot, "s")
            return found

        entries._background.run = run_and_star  # type: ignore[method-assign]
        await entries.follow()
        await settle(pilot)
        assert store.entries.article(starred.id).entry.starred
        row = entries.entry()
        assert row is not None
        assert row.id == starred.id
        assert row.starred
