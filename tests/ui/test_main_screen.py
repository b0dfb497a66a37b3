"""The whole application over the demo, driven by keys, judged by what a person sees and what the store keeps."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from driving import QUIET, check_snapshot, keys, lines, reader, screen, settle, until
from textual.pilot import Pilot

from tui_reader.config import Config, Export, Reading, Ui
from tui_reader.demo import MADE_AT
from tui_reader.model import CleanEntry, Entry, OpmlFeed
from tui_reader.query import parse_query
from tui_reader.store import Store, open_store
from tui_reader.ui.background import Commands
from tui_reader.ui.messages import StoreChanged
from tui_reader.ui.screens.main import MainScreen

AT_ONCE = replace(QUIET, reading=Reading(mark_read_after=0.01))


def main(pilot: Pilot[str]) -> MainScreen:
    assert isinstance(pilot.app.screen, MainScreen)
    return pilot.app.screen


def listed(pilot: Pilot[str]) -> list[str]:
    """Titles of the entries in the list, from the rows on screen and off."""
    rows = main(pilot).entries.rows
    return [rows.entry(index).title for index in range(len(rows))]  # type: ignore[attr-defined]


def entry(pilot: Pilot[str]) -> Entry:
    """The entry under the cursor, as the store has it now."""
    found = main(pilot).entry()
    assert found is not None
    return main(pilot).store.entries.rows([found.id])[0]


def status(pilot: Pilot[str]) -> str:
    return lines(pilot.app)[-1].strip()


def unread(store: Store) -> int:
    return sum(feed.unread for feed in store.feeds.all())


def add_entry(store: Store, **parts: object) -> int:
    """One more entry in the first feed; → its id."""
    words: dict[str, object] = {
        "guid": f"test-{len(store.entries.by_guid())}", "url": "https://wire.example/test", "title": "A test",
        "author": "", "lang": "en", "published_at": MADE_AT, "html": "<p>Text.</p>", "text": "Text.",
    }  # fmt: skip
    saved = store.entries.save(store.feeds.all()[0].id, [CleanEntry(**{**words, **parts})], MADE_AT)  # type: ignore[arg-type]
    return next(iter(saved.new))


# --- reading ---------------------------------------------------------------------------------------------------------


async def test_the_app_opens_on_what_is_unread_with_the_first_article_shown(store: Store) -> None:
    async with reader(store) as pilot:
        shown = screen(pilot.app)
        assert "▸Unread" in shown
        assert "1/128" in shown
        first = entry(pilot)
        assert first.title.split()[0] in shown
        assert main(pilot).article is not None
        assert main(pilot).article.entry.id == first.id  # type: ignore[union-attr]


async def test_the_article_follows_the_cursor_and_nothing_is_marked_read(store: Store) -> None:
    async with reader(store, config=AT_ONCE) as pilot:
        before = unread(store)
        await keys(pilot, "j", "j", "j", "k", "G", "home", "J", "K", "ctrl+d", "j")
        await pilot.pause(0.1)
        assert main(pilot).article.entry.id == entry(pilot).id  # type: ignore[union-attr]
        assert unread(store) == before
        assert not store.entries.rows([entry(pilot).id])[0].read


async def test_opening_an_article_for_long_enough_marks_it_read(store: Store) -> None:
    async with reader(store, config=AT_ONCE) as pilot:
        await keys(pilot, "j", "enter")
        await until(pilot, lambda: entry(pilot).read)
        assert unread(store) == 127
        assert main(pilot).pane == "article-pane"
        assert "127 unread" in await keys(pilot, "h", "h")


async def test_leaving_an_article_at_once_does_not_mark_it_read(store: Store) -> None:
    async with reader(store, config=replace(QUIET, reading=Reading(mark_read_after=0.3))) as pilot:
        await pilot.press("enter", "q", "j")
        await pilot.pause(0.5)
        assert unread(store) == 128


async def test_reading_on_by_a_page_marks_it_read(store: Store) -> None:
    config = replace(QUIET, reading=Reading(mark_read_after=3600))
    async with reader(store, config=config, size=(120, 12)) as pilot:
        await keys(pilot, "enter")
        assert not entry(pilot).read
        await keys(pilot, "space")
        assert entry(pilot).read


async def test_manual_leaves_marking_to_the_key(store: Store) -> None:
    config = replace(QUIET, reading=Reading(mark_read="manual", mark_read_after=0.0))
    async with reader(store, config=config, size=(120, 12)) as pilot:
        await keys(pilot, "enter", "space")
        await pilot.pause(0.1)
        assert not entry(pilot).read
        await keys(pilot, "m")
        assert entry(pilot).read


async def test_space_reads_on_and_goes_to_the_next_unread_at_the_end(store: Store) -> None:
    async with reader(store) as pilot:
        first = entry(pilot).id
        for _ in range(12):
            await keys(pilot, "space")
            if entry(pilot).id != first:
                break
        assert entry(pilot).id != first
        assert store.entries.rows([first])[0].read
        assert main(pilot).pane == "entries-pane"


@pytest.mark.parametrize(
    ("key", "field", "sign"), [("m", "read", ""), ("s", "starred", "★"), ("L", "later", "◷")]
)
async def test_state_keys_toggle_and_show_it(store: Store, key: str, field: str, sign: str) -> None:
    async with reader(store) as pilot:
        before = getattr(entry(pilot), field)
        shown = await keys(pilot, key)
        assert getattr(entry(pilot), field) is not before
        row = next(line for line in shown.splitlines() if "▌" in line[20:] and line.split("▌")[1:])
        assert sign in row
        assert ("●" in row) is (field != "read")
        await keys(pilot, key)
        assert getattr(entry(pilot), field) is before


async def test_next_and_previous_unread_skip_what_is_read(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "1", "n")
        rows = main(pilot).entries.rows
        first = main(pilot).entries.cursor
        assert not entry(pilot).read
        await keys(pilot, "n", "n", "n", "n")
        later = main(pilot).entries.cursor
        between = [rows.entry(index) for index in range(first + 1, later)]  # type: ignore[attr-defined]
        assert sum(not each.read for each in between) == 3
        assert not entry(pilot).read
        await keys(pilot, "p", "p", "p", "p")
        assert main(pilot).entries.cursor == first


async def test_next_unread_goes_around_and_says_when_there_is_none(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "G", "n")
        assert main(pilot).entries.cursor == 0
        await keys(pilot, "3", "A", "n")
        assert "nothing unread here" in status(pilot)


async def test_next_view_with_unread_opens_it_at_its_first_unread(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "N")
        assert main(pilot).view.query.startswith(("company:", "topic:", "feed:"))
        assert not entry(pilot).read
        one = main(pilot).view.query
        await keys(pilot, "N")
        assert main(pilot).view.query != one
        await keys(pilot, "P")
        assert main(pilot).view.query == one


async def test_marking_all_read_can_be_undone_and_done_again(store: Store) -> None:
    async with reader(store) as pilot:
        shown = await keys(pilot, "A")
        assert "marked 128 entries read" in shown
        assert unread(store) == 0
        await keys(pilot, "u")
        assert unread(store) == 128
        assert "128 unread" in await keys(pilot, "U", "u")
        await keys(pilot, "U")
        assert unread(store) == 0


async def test_marking_above_read_leaves_the_cursor_and_what_is_below(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "j", "j", "j", "M")
        assert unread(store) == 125
        assert not entry(pilot).read


async def test_undo_goes_back_step_by_step_and_passes_over_reading(store: Store) -> None:
    async with reader(store, config=AT_ONCE) as pilot:
        await keys(pilot, "s", "j", "enter")
        await until(pilot, lambda: entry(pilot).read)
        second = entry(pilot).id
        await keys(pilot, "L", "u", "u")
        assert store.entries.count_state("starred") == 11
        assert store.entries.count_state("later") == 5
        assert store.entries.rows([second])[0].read


async def test_undo_outlives_the_app(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "A")
    async with reader(store) as pilot:
        await keys(pilot, "u")
        assert unread(store) == 128


async def test_nothing_to_undo_is_said(store: Store) -> None:
    async with reader(store) as pilot:
        assert "nothing to undo" in await keys(pilot, "u")


# --- views -----------------------------------------------------------------------------------------------------------


async def feed_row(pilot: Pilot[str], label: str) -> None:
    """Put the cursor of the left pane on the row of that name."""
    await keys(pilot, "g", "f")
    rows = main(pilot).feeds.rows
    index = next(i for i, row in enumerate(rows.rows) if row.label == label)  # type: ignore[attr-defined]
    main(pilot).feeds.move_to(index)
    await settle(pilot)


@pytest.mark.parametrize(
    ("label", "query"),
    [
        ("All", ""),
        ("Unread", "is:unread"),
        ("Starred", "is:starred"),
        ("Read later", "is:later"),
        ("Alibaba", "company:alibaba"),
        ("Chips", "topic:chips"),
        ("Analysis", 'folder:"Analysis"'),
        ("智能快讯", "feed:智能快讯"),
    ],
)
async def test_views_of_the_left_pane_show_their_entries(store: Store, label: str, query: str) -> None:
    async with reader(store) as pilot:
        await feed_row(pilot, label)
        shown = await keys(pilot, "enter")
        assert f"▸{label}" in shown
        assert main(pilot).pane == "entries-pane"
        expected = store.entries.ids(store.condition(parse_query(query, now=MADE_AT).term))
        assert len(expected) > 0
        assert list(main(pilot).entries.rows.ids) == list(expected)  # type: ignore[attr-defined]
        assert main(pilot).article.entry.id == expected[0]  # type: ignore[union-attr]


async def test_folders_and_sections_fold_and_unfold(store: Store) -> None:
    async with reader(store) as pilot:
        await feed_row(pilot, "News")
        assert "Pacific Tech Wire" not in _left(await keys(pilot, "h"))
        assert "▸ News" in _left(screen(pilot.app))
        assert "Pacific Tech Wire" in _left(await keys(pilot, "l"))
        await feed_row(pilot, "Companies")
        assert "Alibaba" not in _left(await keys(pilot, "enter"))
        assert "Alibaba" in _left(await keys(pilot, "g", "c"))


def _left(shown: str) -> str:
    return "\n".join(line[:25] for line in shown.splitlines())


async def test_more_companies_unfold(store: Store) -> None:
    async with reader(store, size=(120, 70)) as pilot:
        await keys(pilot, "g", "c")
        more = next(line.strip() for line in _left(screen(pilot.app)).splitlines() if "more" in line)
        await feed_row(pilot, more.lstrip("…▌ ").split("  ")[0].strip())
        rows = len(main(pilot).feeds.rows)
        await keys(pilot, "enter")
        assert len(main(pilot).feeds.rows) > rows
        assert "fewer" in [row.label for row in main(pilot).feeds.rows.rows]  # type: ignore[attr-defined]


async def test_the_left_pane_can_be_filtered_by_name(store: Store) -> None:
    async with reader(store) as pilot:
        shown = await keys(pilot, "h", "slash", ":chip")
        assert "Chips" in _left(shown)
        assert "Alibaba" not in _left(shown)
        await keys(pilot, "enter")
        assert main(pilot).pane == "feeds-pane"
        assert "Alibaba" in _left(await keys(pilot, "escape"))


async def test_marking_a_feed_read_from_the_left_pane(store: Store) -> None:
    async with reader(store) as pilot:
        await feed_row(pilot, "智能快讯")
        await keys(pilot, "m")
        assert next(feed.unread for feed in store.feeds.all() if feed.title == "智能快讯") == 0
        assert 0 < unread(store) < 128


async def test_a_feed_with_an_error_shows_a_sign_and_says_why(store: Store) -> None:
    feed = next(feed for feed in store.feeds.all() if feed.title == "Lab Notes")
    store.database.run("UPDATE feeds SET status = 'failed', error = 'no answer [b]in 60 s[/b]', failures = 2 WHERE id = ?", (feed.id,))  # noqa: E501
    async with reader(store, size=(120, 60)) as pilot:
        row = next(line for line in _left(screen(pilot.app)).splitlines() if "Lab Notes" in line)
        assert "!" in row
        await feed_row(pilot, "Lab Notes")
        told = await keys(pilot, "i")
        assert "no answer [b]in 60 s[/b] (2 in a row)" in told
        assert "no answer [b]in 60 s[/b]" in await keys(pilot, "escape", "g", "e")


async def test_unsubscribing_asks_and_can_be_undone(store: Store) -> None:
    async with reader(store) as pilot:
        await feed_row(pilot, "Lab Notes")
        feeds = len(store.feeds.all())
        assert "Unsubscribe from Lab Notes?" in await keys(pilot, "x")
        await keys(pilot, "escape")
        assert len(store.feeds.all()) == feeds
        await keys(pilot, "x", "y")
        assert "Lab Notes" not in [feed.title for feed in store.feeds.all()]
        await keys(pilot, "u")
        assert "Lab Notes" in [feed.title for feed in store.feeds.all()]


@pytest.mark.parametrize(("pressed", "query"), [("u", "is:unread"), ("s", "is:starred"), ("r", "is:later"), ("t", "on:today")])
async def test_g_shows_where_one_can_go_and_goes_there(memory_store: Store, pressed: str, query: str) -> None:
    async with reader(memory_store) as pilot:
        assert "since the last session" in await keys(pilot, "g")
        await keys(pilot, pressed)
        assert main(pilot).view.query == query


async def test_g_and_a_letter_that_leads_nowhere_leaves_all_as_it_was(memory_store: Store) -> None:
    async with reader(memory_store) as pilot:
        before = screen(pilot.app)
        assert await keys(pilot, "g", "q") == before


async def test_gg_goes_to_the_top_of_the_pane(memory_store: Store) -> None:
    async with reader(memory_store) as pilot:
        await keys(pilot, "G", "g", "g")
        assert main(pilot).entries.cursor == 0


# --- finding ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["HBM", "出口管制", "开源"])
async def test_search_finds_shows_a_snippet_and_marks_it_in_the_article(store: Store, words: str) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "S", f":{words}", "enter")
        term = parse_query(words, now=MADE_AT).term
        await until(pilot, lambda: main(pilot).view.name == f"“{words}”")
        await settle(pilot)
        found = store.search.ids(term, store.condition(term))
        assert list(main(pilot).entries.rows.ids) == list(found)  # type: ignore[attr-defined]
        hit = store.search.hits(found[:1], term)[0]
        if hit.marks:
            start, end = hit.marks[0]
            assert hit.snippet[start:end] in screen(pilot.app)
        assert main(pilot).pane == "entries-pane"


async def test_results_come_while_one_types_and_escape_brings_the_view_back(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "S", ":qwen")
        await until(pilot, lambda: main(pilot).view.name == "“qwen”")
        await settle(pilot)
        assert "▸" not in lines(pilot.app)[0][40:80] or "qwen" in lines(pilot.app)[0]
        await keys(pilot, "escape")
        assert main(pilot).view.query == "is:unread"
        assert main(pilot).pane == "entries-pane"


async def test_escape_and_q_leave_a_search(store: Store) -> None:
    for key in ("escape", "q"):
        async with reader(store) as pilot:
            await keys(pilot, "S", ":qwen", "enter")
            await settle(pilot)
            assert main(pilot).view.name == "“qwen”"
            await keys(pilot, key)
            assert main(pilot).view.query == "is:unread"


async def test_half_a_query_is_no_mistake_until_enter(store: Store) -> None:
    async with reader(store) as pilot:
        before = len(main(pilot).entries.rows)
        await keys(pilot, "S", ":is:nonsense")
        await pilot.pause(0.2)
        assert len(main(pilot).entries.rows) == before
        await keys(pilot, "enter")
        assert "nonsense" in status(pilot)


async def test_a_search_without_result_says_so(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "S", ":qqqqzzzz", "enter")
        await settle(pilot)
        assert "nothing here" in screen(pilot.app)
        await keys(pilot, "j", "enter", "m", "s", "n", "space", "H", "a", "e", "o", "y", "Y", "T", "i", "M")
        assert "1/151" in await keys(pilot, "1")


async def test_filter_narrows_the_view_and_a_second_one_the_first(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "slash", ":company:alibaba", "enter")
        await settle(pilot)
        one = len(main(pilot).entries.rows)
        term = parse_query("is:unread company:alibaba", now=MADE_AT).term
        assert one == store.entries.count(store.condition(term))
        await keys(pilot, "slash", ":lang:zh", "enter")
        await settle(pilot)
        term = parse_query("is:unread company:alibaba lang:zh", now=MADE_AT).term
        assert len(main(pilot).entries.rows) == store.entries.count(store.condition(term)) < one


async def test_find_in_the_article_goes_from_match_to_match(store: Store) -> None:
    async with reader(store) as pilot:
        await feed_row(pilot, "Pacific Tech Wire")
        await keys(pilot, "enter", "enter", "slash", ":the")
        await until(pilot, lambda: main(pilot).reader.finding)
        await keys(pilot, "enter")
        assert main(pilot).pane == "article-pane"
        article, first = entry(pilot).id, main(pilot).reader.cursor
        text = main(pilot).reader.doc.text.lower()
        assert text[first:].startswith("the")
        assert "matches" in status(pilot)
        await keys(pilot, "n")
        second = main(pilot).reader.cursor
        assert second > first
        assert text[second:].startswith("the")
        await keys(pilot, "N")
        assert main(pilot).reader.cursor == first
        assert entry(pilot).id == article
        await keys(pilot, "escape", "n")
        assert entry(pilot).id != article


# --- highlights ------------------------------------------------------------------------------------------------------


async def test_h_highlights_the_paragraph_and_once_more_takes_it_away(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "enter", "right_curly_bracket")
        span = main(pilot).reader.block_at_cursor()
        assert span is not None
        quote = main(pilot).reader.doc.text[slice(*span)]
        await keys(pilot, "H")
        (highlight,) = store.highlights.of_entry(entry(pilot).id)
        assert highlight.quote.exact == quote
        assert (highlight.quote.start, highlight.quote.end) == span
        assert "▌" in "".join(line[80:] for line in lines(pilot.app))
        assert "✎" in screen(pilot.app)
        await keys(pilot, "H")
        assert store.highlights.of_entry(entry(pilot).id) == ()
        await keys(pilot, "u")
        assert [each.id for each in store.highlights.of_entry(entry(pilot).id)] == [highlight.id]


async def test_a_writes_a_note_on_the_highlight(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "enter", "right_curly_bracket", "H", "a", ":先看延迟, then price", "ctrl+s")
        (highlight,) = store.highlights.of_entry(entry(pilot).id)
        assert highlight.note == "先看延迟, then price"
        await keys(pilot, "a", ":!", "ctrl+s")
        assert store.highlights.of_entry(entry(pilot).id)[0].note == "先看延迟, then price!"
        await keys(pilot, "a", ":lost", "escape")
        assert store.highlights.of_entry(entry(pilot).id)[0].note == "先看延迟, then price!"


async def test_an_article_shows_the_highlights_it_has(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "S", ":Moonshot 600", "enter")
        await settle(pilot)
        row = next(i for i, title in enumerate(listed(pilot)) if title.startswith("Moonshot AI closes $600"))
        main(pilot).entries.move_to(row)
        await settle(pilot)
        assert "#" in "".join(line[78:84] for line in lines(pilot.app))
        await keys(pilot, "enter", "right_square_bracket")
        assert main(pilot).reader.doc.text[main(pilot).reader.cursor :].startswith("Its assistant Kimi now has 40")


async def test_why_shows_the_passages_of_a_tag_and_can_refuse_it(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "S", ":Moonshot 600", "enter")
        await settle(pilot)
        tag = main(pilot).article.tags[0]  # type: ignore[union-attr]
        told = await keys(pilot, "T")
        assert "Why these tags?" in told
        assert tag.evidence[0].rule in told
        await keys(pilot, "enter")
        assert "passage" in status(pilot)
        assert main(pilot).pane == "article-pane"
        await keys(pilot, "T", "x")
        assert tag.slug not in [each.slug for each in main(pilot).article.tags]  # type: ignore[union-attr]
        await keys(pilot, "u")
        assert tag.slug in [each.slug for each in main(pilot).article.tags]  # type: ignore[union-attr]


async def test_export_writes_the_articles_highlights(store: Store, tmp_path: Path) -> None:
    config = replace(QUIET, export=Export(folder=str(tmp_path / "notes")))
    async with reader(store, config=config, commands=Commands([], None)) as pilot:
        await keys(pilot, "enter", "right_curly_bracket", "H")
        told = await keys(pilot, "e")
        assert "exported 1 highlight" in told
        (file,) = (tmp_path / "notes").glob("*.md")
        (highlight,) = store.highlights.of_entry(entry(pilot).id)
        assert highlight.quote.exact[:20] in file.read_text(encoding="utf-8")
        await keys(pilot, "g", "f", "home", "e")
        assert len(list((tmp_path / "notes").glob("*.md"))) == 12


async def test_an_article_without_highlights_exports_nothing(store: Store, tmp_path: Path) -> None:
    config = replace(QUIET, export=Export(folder=str(tmp_path / "notes")))
    async with reader(store, config=config, commands=Commands([], None)) as pilot:
        assert "no highlights" in await keys(pilot, "e")
        assert not (tmp_path / "notes").exists()


async def test_the_demo_neither_exports_nor_fetches(memory_store: Store) -> None:
    async with reader(memory_store) as pilot:
        assert "the demo" in await keys(pilot, "g", "f", "home", "e")
        assert "no network" in await keys(pilot, "R")
        assert "no network" in await keys(pilot, "r")
        await keys(pilot, "a", ":https://wire.example/feed", "enter")
        assert "cannot add" in status(pilot)


# --- the screen ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "focus", "shown"),
    [
        ((120, 36), "l", {"feeds-pane", "entries-pane", "article-pane"}),
        ((80, 24), "l", {"entries-pane", "article-pane"}),
        ((80, 24), "a", {"entries-pane", "article-pane"}),
        ((80, 24), "f", {"feeds-pane", "entries-pane"}),
        ((60, 20), "l", {"entries-pane"}),
        ((60, 20), "a", {"article-pane"}),
        ((20, 10), "f", {"feeds-pane"}),
    ],
)
async def test_panes_fold_as_the_terminal_narrows(
    memory_store: Store, size: tuple[int, int], focus: str, shown: set[str]
) -> None:
    async with reader(memory_store, size=size) as pilot:
        await keys(pilot, "g", focus)
        panes = {pane.id for pane in main(pilot).query("FeedsPane, EntriesPane, ArticlePane") if pane.display}
        assert panes == shown
        assert max(map(len, lines(pilot.app))) <= size[0]


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (20, 5), (8, 3), (1, 1)])
async def test_every_pane_can_be_used_at_any_size(memory_store: Store, size: tuple[int, int]) -> None:
    async with reader(memory_store, size=size) as pilot:
        await keys(pilot, "j", "enter", "right_curly_bracket", "H", "space", "q", "h", "j", "l", "tab", "tab", "tab")
        await keys(pilot, "question_mark", "escape", "g", "h", "j", "q", "S", ":a", "escape", "T", "escape", "i", "escape")
        await keys(pilot, "a", "escape", "z", "z", "less_than_sign", "greater_than_sign")
        assert main(pilot).is_active


async def test_the_terminal_may_change_its_size_at_any_time(memory_store: Store) -> None:
    async with reader(memory_store) as pilot:
        await keys(pilot, "j", "j", "enter", "right_curly_bracket")
        cursor, text = main(pilot).reader.cursor, entry(pilot).id
        for size in ((60, 20), (1, 1), (200, 60), (80, 24), (120, 36)):
            await pilot.resize_terminal(*size)
            await settle(pilot)
        assert (main(pilot).reader.cursor, entry(pilot).id) == (cursor, text)
        assert main(pilot).pane == "article-pane"


async def test_keys_make_panes_wider_and_narrower(memory_store: Store) -> None:
    async with reader(memory_store) as pilot:
        before = main(pilot).query_one("#entries-pane").size.width
        await keys(pilot, "greater_than_sign")
        assert main(pilot).query_one("#entries-pane").size.width == before + 4
        await keys(pilot, "less_than_sign", "less_than_sign")
        assert main(pilot).query_one("#entries-pane").size.width == before - 4


async def test_zen_shows_the_article_alone(memory_store: Store) -> None:
    async with reader(memory_store) as pilot:
        await keys(pilot, "z")
        assert main(pilot).query_one("#article-pane").size.width == 120
        await keys(pilot, "J")
        assert main(pilot).query_one("#article-pane").size.width == 120
        assert main(pilot).entries.cursor == 1
        await keys(pilot, "q")
        assert main(pilot).query_one("#entries-pane").display


async def test_tab_goes_around_the_panes(memory_store: Store) -> None:
    async with reader(memory_store) as pilot:
        seen = []
        for key in ("tab", "tab", "tab", "shift+tab"):
            await keys(pilot, key)
            seen.append(main(pilot).pane)
        assert seen == ["article-pane", "feeds-pane", "entries-pane", "feeds-pane"]


async def test_q_goes_back_and_leaves_at_the_top(memory_store: Store) -> None:
    async with reader(memory_store) as pilot:
        await keys(pilot, "enter", "q")
        assert main(pilot).pane == "entries-pane"
        assert pilot.app.return_code is None
        await pilot.press("q")
        assert not pilot.app.is_running or pilot.app._exit
        assert pilot.app.return_code == 0


@pytest.mark.parametrize("key", ["Q", "ctrl+q"])
async def test_quitting_works_from_the_article(memory_store: Store, key: str) -> None:
    async with reader(memory_store) as pilot:
        await keys(pilot, "enter")
        await pilot.press(key)
        assert pilot.app._exit


async def test_dates_can_be_iso(memory_store: Store) -> None:
    async with reader(memory_store, config=replace(QUIET, ui=Ui(dates="iso"))) as pilot:
        assert "  2026-11-20 News Mirror" in screen(pilot.app)


async def test_links_of_the_web_alone_are_opened(
    memory_store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    log = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >> {log}\n')
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(browser))
    add_entry(memory_store, title="Local", url="file:///etc/passwd", published_at=MADE_AT + timedelta(minutes=5))
    add_entry(memory_store, title="Script", url="javascript:alert(1)", published_at=MADE_AT + timedelta(minutes=4))
    add_entry(memory_store, title="None", url=None, published_at=MADE_AT + timedelta(minutes=3))
    add_entry(memory_store, title="Web", url="https://wire.example/web", published_at=MADE_AT + timedelta(minutes=2))
    async with reader(memory_store) as pilot:
        assert "not opened" in await keys(pilot, "o")
        assert "not opened" in await keys(pilot, "j", "o")
        assert "no address" in await keys(pilot, "j", "o")
        assert "opened https://wire.example/web" in await keys(pilot, "j", "o")
        await until(pilot, lambda: log.exists() and log.read_text() == "https://wire.example/web\n")


async def test_copying_uses_the_terminals_clipboard(memory_store: Store) -> None:
    async with reader(memory_store) as pilot:
        await keys(pilot, "y")
        assert pilot.app.clipboard == entry(pilot).url
        await keys(pilot, "Y")
        assert pilot.app.clipboard == f"[{entry(pilot).title}](<{entry(pilot).url}>)"


# --- hostile and empty -----------------------------------------------------------------------------------------------

HOSTILE = (
    "[red]x[/red] [/foo] [@click=app.quit]y[/]",
    "esc \x1b]0;owned\x07 \x1b[2J c1 \x9b31m bidi \u202egnp.exe\u2066 end",
    "tab\tline\nnull\x00 \u2028 \ufeff",
)


@pytest.mark.parametrize("title", HOSTILE)
@pytest.mark.parametrize("size", [(160, 40), (60, 20)])
async def test_hostile_text_is_shown_to_the_letter_without_control_characters(
    memory_store: Store, title: str, size: tuple[int, int]
) -> None:
    # As if it had slipped through the cleaner: the screen is the last guard.
    add_entry(
        memory_store, title=title, author=title, text=title, html="",
        published_at=MADE_AT + timedelta(hours=1), url="https://wire.example/\x1b[2J",
    )  # fmt: skip
    feed = memory_store.feeds.all()[0]
    memory_store.database.run("UPDATE feeds SET title = ?, folder = ? WHERE id = ?", (title, title, feed.id))
    async with reader(memory_store, size=size) as pilot:
        seen = screen(pilot.app)
        for pressed in (["enter"], ["right_curly_bracket", "H"], ["a"], ["escape", "i"], ["escape", "h", "h"], ["g", "e"],
                        ["escape", "g", "h"], ["i"], ["escape", "q", "o"], ["T"], ["escape", "S", ":owned"]):  # fmt: skip
            seen += "\n" + await keys(pilot, *pressed)
        bad = {char for char in seen if char != "\n" and unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")}
        assert not bad | (set(seen) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
        if title.startswith("["):
            assert title in seen.replace("\n", " ") or size[0] < 100
            assert "[red]x[/red] [/foo]" in seen


async def test_an_empty_store_says_what_to_do(empty_store: Store) -> None:
    async with reader(empty_store, commands=Commands([], None)) as pilot:
        shown = screen(pilot.app)
        assert "no entries yet" in shown
        assert "R fetches all feeds" in shown
        await keys(pilot, "j", "enter", "right_curly_bracket", "H", "m", "s", "A", "n", "N", "space", "M", "T", "o", "y")
        await keys(pilot, "g", "h", "j", "enter", "x", "a", "e", "q", "g", "e", "escape", "g", "c", "x", "m", "i", "escape")
        assert main(pilot).is_active


async def test_entries_without_title_date_or_text_have_something_to_show(memory_store: Store) -> None:
    add_entry(memory_store, title="", text="First words of a short post.", html="<p>First words of a short post.</p>")
    add_entry(memory_store, title="", text="", html="", url=None, published_at=None)
    async with reader(memory_store) as pilot:
        await keys(pilot, "1")
        shown = screen(pilot.app)
        assert "First words of a short post." in shown
        assert "(no title)" in shown


# --- what others write -----------------------------------------------------------------------------------------------


async def test_new_entries_come_on_top_and_the_cursor_stays(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "j", "j", "enter", "right_curly_bracket")
        before, place = entry(pilot).id, main(pilot).reader.cursor
        assert store.path is not None
        with open_store(store.path) as other:
            add_entry(other, title="Fresh from the wire", published_at=MADE_AT + timedelta(minutes=1))
        main(pilot).post_message(StoreChanged())
        await settle(pilot)
        assert "Fresh from the wire" in screen(pilot.app)
        assert (entry(pilot).id, main(pilot).reader.cursor) == (before, place)
        assert "4/129" in screen(pilot.app)


async def test_the_app_looks_for_what_others_wrote(store: Store) -> None:
    async with reader(store, commands=Commands([], None)) as pilot:
        assert store.path is not None
        with open_store(store.path) as other:
            other.entries.mark([entry(pilot).id], "starred", value=True, now=MADE_AT)
        await until(pilot, lambda: "★" in lines(pilot.app)[1])


async def test_a_read_only_store_can_be_read(store: Store, tmp_path: Path) -> None:
    assert store.path is not None
    store.database.close()
    store.path.chmod(0o444)
    with open_store(store.path) as again:
        if again.writable:
            pytest.skip("whoever runs this may write everywhere")
        async with reader(again, config=AT_ONCE) as pilot:
            await keys(pilot, "enter", "m", "H", "s")
            assert main(pilot).is_active


# --- pictures --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
@pytest.mark.parametrize(
    ("name", "pressed"),
    [
        ("list", ["j", "j"]),
        ("article", ["S", ":利用率", "enter", "enter", "right_square_bracket"]),
        ("highlights", ["g", "h", "j", "j"]),
    ],
)
async def test_the_screen_looks_as_it_did(
    memory_store: Store, size: tuple[int, int], name: str, pressed: list[str]
) -> None:
    async with reader(memory_store, size=size) as pilot:
        await keys(pilot, *pressed)
        await settle(pilot)
        check_snapshot(pilot.app, f"{name}-{size[0]}x{size[1]}")
