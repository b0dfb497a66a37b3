"""The whole application over the demo, driven by keys, judged by what a person sees and what the store keeps."""

from __future__ import annotations

import gc
import unicodedata
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from driving import (
    QUIET,
    article,
    check_snapshot,
    drawn,
    entries,
    entry,
    feeds,
    ids,
    keys,
    lines,
    pane,
    press,
    reader,
    screen,
    settle,
    status,
    until,
)  # fmt: skip
from textual.pilot import Pilot
from textual.widgets import Input

from tui_reader.config import Export, Open, Reading, Ui
from tui_reader.demo import MADE_AT
from tui_reader.model import CleanEntry, OpmlFeed
from tui_reader.query import parse_query
from tui_reader.store import Store, open_store
from tui_reader.ui.app import DEMO, ReaderApp, calm_the_collector
from tui_reader.ui.background import Commands
from tui_reader.ui.messages import StoreChanged
from tui_reader.ui.screens import entry_list
from tui_reader.ui.screens.main import MainScreen
from tui_reader.ui.text import cells

AT_ONCE = replace(QUIET, reading=Reading(mark_read_after=0.01))


def shows(pilot: Pilot[str], store: Store, entry_id: int) -> bool:
    """Whether the article pane has this entry."""
    return article(pilot).doc.text == store.entries.article(entry_id).text


def answer(store: Store, query: str) -> list[int]:
    """What a view of this query must list."""
    return list(store.entries.ids(store.condition(parse_query(query, now=MADE_AT).term)))


def unread(store: Store) -> int:
    return sum(feed.unread for feed in store.feeds.all())


def add_entry(store: Store, **parts: object) -> int:
    """One more entry in the first feed; → its id."""
    words: dict[str, object] = {
        "guid": f"test-{len(store.entries.by_guid())}", "url": "https://wire.example/test", "title": "A test",
        "author": "", "lang": "en", "published_at": MADE_AT, "html": "<p>Text.</p>", "text": "Text.",
    }  # fmt: skip
    saved = store.arrivals.save(store.feeds.all()[0].id, [CleanEntry(**{**words, **parts})], MADE_AT)  # type: ignore[arg-type]
    return next(iter(saved.new))


# --- reading ---------------------------------------------------------------------------------------------------------


async def test_the_app_opens_on_what_is_unread_with_the_first_article_shown(store: Store) -> None:
    async with reader(store) as pilot:
        shown = screen(pilot.app)
        assert "▸Unread" in shown
        assert "1/178" in shown
        assert ids(pilot) == answer(store, "is:unread")
        assert shows(pilot, store, ids(pilot)[0])


async def test_the_article_follows_the_cursor_and_nothing_is_marked_read(store: Store) -> None:
    async with reader(store, config=AT_ONCE) as pilot:
        before = unread(store)
        await keys(pilot, "j", "j", "j", "k", "G", "home", "J", "K", "ctrl+d", "j")
        await pilot.pause(0.1)
        assert shows(pilot, store, entry(pilot, store).id)
        assert unread(store) == before


async def test_opening_an_article_for_long_enough_marks_it_read(store: Store) -> None:
    async with reader(store, config=AT_ONCE) as pilot:
        await keys(pilot, "j", "enter")
        await until(pilot, lambda: entry(pilot, store).read)
        assert unread(store) == 177
        assert pane(pilot) == "A"
        assert "177 unread" in await keys(pilot, "h", "h")


async def test_no_delay_marks_read_at_once(store: Store) -> None:
    async with reader(store, config=replace(QUIET, reading=Reading(mark_read_after=0.0))) as pilot:
        await keys(pilot, "enter")
        assert entry(pilot, store).read


async def test_leaving_an_article_at_once_does_not_mark_it_read(store: Store) -> None:
    async with reader(store, config=replace(QUIET, reading=Reading(mark_read_after=3600))) as pilot:
        assert isinstance(pilot.app, ReaderApp)
        await keys(pilot, "enter")
        assert pilot.app.main.reading.about_to_count
        await keys(pilot, "q", "j")
        assert not pilot.app.main.reading.about_to_count
        assert unread(store) == 178


async def test_reading_on_by_a_page_marks_it_read(store: Store) -> None:
    config = replace(QUIET, reading=Reading(mark_read_after=3600))
    async with reader(store, config=config, size=(120, 12)) as pilot:
        await keys(pilot, "enter")
        assert not entry(pilot, store).read
        await keys(pilot, "space")
        assert entry(pilot, store).read


async def test_manual_leaves_marking_to_the_key(store: Store) -> None:
    config = replace(QUIET, reading=Reading(mark_read="manual", mark_read_after=0.0))
    async with reader(store, config=config, size=(120, 12)) as pilot:
        await keys(pilot, "enter", "space")
        await pilot.pause(0.1)
        assert not entry(pilot, store).read
        await keys(pilot, "m")
        assert entry(pilot, store).read


async def test_space_reads_on_and_goes_to_the_next_unread_at_the_end(store: Store) -> None:
    async with reader(store) as pilot:
        first = entry(pilot, store).id
        for _ in range(12):
            await keys(pilot, "space")
            if entry(pilot, store).id != first:
                break
        assert entry(pilot, store).id != first
        assert store.entries.rows([first])[0].read
        assert pane(pilot) == "L"


@pytest.mark.parametrize(("key", "field", "sign"), [("m", "read", ""), ("s", "starred", "★"), ("L", "later", "◷")])
async def test_state_keys_toggle_and_show_it(store: Store, key: str, field: str, sign: str) -> None:
    async with reader(store) as pilot:
        before = getattr(entry(pilot, store), field)
        shown = await keys(pilot, key)
        assert getattr(entry(pilot, store), field) is not before
        row = next(line for line in shown.splitlines() if "▌" in line[20:] and line.split("▌")[1:])
        assert sign in row
        assert ("●" in row) is (field != "read")
        await keys(pilot, key)
        assert getattr(entry(pilot, store), field) is before


async def test_next_and_previous_unread_skip_what_is_read(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "1", "n")
        first = entries(pilot).cursor
        assert not entry(pilot, store).read
        await keys(pilot, "n", "n", "n", "n")
        assert not entry(pilot, store).read
        between = store.entries.rows(ids(pilot)[first + 1 : entries(pilot).cursor])
        assert sum(not each.read for each in between) == 3
        await keys(pilot, "p", "p", "p", "p")
        assert entries(pilot).cursor == first


async def test_next_unread_goes_around_and_says_when_there_is_none(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "G", "n")
        assert entries(pilot).cursor == 0
        await keys(pilot, "3", "A", "n")
        assert "nothing unread here" in status(pilot)


async def test_next_view_with_unread_opens_it_at_its_first_unread(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "N")
        one = ids(pilot)
        assert one != answer(store, "is:unread")
        assert not entry(pilot, store).read
        await keys(pilot, "N")
        assert ids(pilot) != one
        await keys(pilot, "P")
        assert ids(pilot) == one


async def test_marking_all_read_can_be_undone_and_done_again(store: Store) -> None:
    async with reader(store) as pilot:
        shown = await keys(pilot, "A")
        assert "marked 178 entries read" in shown
        assert unread(store) == 0
        await keys(pilot, "u")
        assert unread(store) == 178
        assert "178 unread" in await keys(pilot, "U", "u")
        await keys(pilot, "U")
        assert unread(store) == 0


async def test_marking_above_read_leaves_the_cursor_and_what_is_below(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "j", "j", "j", "M")
        assert unread(store) == 175
        assert not entry(pilot, store).read


async def test_undo_goes_back_step_by_step_and_passes_over_reading(store: Store) -> None:
    async with reader(store, config=AT_ONCE) as pilot:
        await keys(pilot, "s", "j", "enter")
        await until(pilot, lambda: entry(pilot, store).read)
        second = entry(pilot, store).id
        await keys(pilot, "L", "u", "u")
        assert store.entries.count_state("starred") == 11
        assert store.entries.count_state("later") == 5
        assert store.entries.rows([second])[0].read


async def test_undo_outlives_the_app(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "A")
    async with reader(store) as pilot:
        await keys(pilot, "u")
        assert unread(store) == 178


async def test_nothing_to_undo_is_said(store: Store) -> None:
    async with reader(store) as pilot:
        assert "nothing to undo" in await keys(pilot, "u")


# --- views -----------------------------------------------------------------------------------------------------------


def labels(pilot: Pilot[str]) -> list[str]:
    """The names in the left pane, those below the screen too."""
    return [row.label for row in getattr(feeds(pilot).rows, "rows", ())]


async def feed_row(pilot: Pilot[str], label: str) -> None:
    """Put the cursor of the left pane on the row of that name."""
    await keys(pilot, "g", "f")
    await until(pilot, lambda: label in labels(pilot))
    feeds(pilot).move_to(labels(pilot).index(label))
    await settle(pilot)


async def test_views_of_the_left_pane_show_their_entries(store: Store) -> None:
    queries = {
        "All": "", "Unread": "is:unread", "Starred": "is:starred", "Read later": "is:later",
        "Alibaba": "company:alibaba", "Chips": "topic:chips", "Analysis": "folder:Analysis",
        "智能快讯": "feed:智能快讯",
    }  # fmt: skip
    async with reader(store) as pilot:
        await until(pilot, lambda: "Alibaba" in labels(pilot))
        for label, query in queries.items():
            await feed_row(pilot, label)
            assert f"▸{label}" in await keys(pilot, "enter")
            assert pane(pilot) == "L"
            expected = answer(store, query)
            assert expected
            assert ids(pilot) == expected, label
            assert shows(pilot, store, expected[0])


async def test_folders_and_sections_fold_and_unfold(store: Store) -> None:
    async with reader(store) as pilot:
        await feed_row(pilot, "News")
        await keys(pilot, "h")
        assert "Pacific Tech Wire" not in labels(pilot)
        assert "▸ News" in "\n".join(drawn(feeds(pilot)))
        await keys(pilot, "l")
        assert "Pacific Tech Wire" in labels(pilot)
        await until(pilot, lambda: "Alibaba" in labels(pilot))
        await feed_row(pilot, "Companies")
        await keys(pilot, "enter")
        assert "Alibaba" not in labels(pilot)
        await keys(pilot, "g", "c")
        assert "Alibaba" in labels(pilot)


async def test_more_companies_unfold(store: Store) -> None:
    async with reader(store) as pilot:
        await until(pilot, lambda: "Alibaba" in labels(pilot))
        few = labels(pilot)
        await feed_row(pilot, next(label for label in few if label.endswith(" more")))
        await keys(pilot, "enter")
        assert len(labels(pilot)) > len(few)
        assert "fewer" in labels(pilot)
        await keys(pilot, "enter")
        assert labels(pilot) == few


@pytest.mark.parametrize(("key", "name"), [("t", "Today"), ("n", "New since last time"), ("u", "Unread")])
async def test_a_place_to_go_to_is_called_by_its_name(store: Store, key: str, name: str) -> None:
    async with reader(store) as pilot:
        assert f"▸{name}" in (await keys(pilot, "1", "g", key)).splitlines()[0]


async def test_the_left_pane_can_be_filtered_by_name(store: Store) -> None:
    async with reader(store) as pilot:
        await until(pilot, lambda: "Alibaba" in labels(pilot))
        await keys(pilot, "h", "/", ":chip")
        assert "Chips" in labels(pilot)
        assert "Alibaba" not in labels(pilot)
        await keys(pilot, "enter")
        assert pane(pilot) == "F"
        await keys(pilot, "escape")
        assert "Alibaba" in labels(pilot)


async def test_the_filter_of_the_left_pane_finds_what_is_folded_away(store: Store) -> None:
    last = store.following.counts("company", MADE_AT)[-1].name
    folder = next(feed.folder for feed in store.feeds.all() if feed.folder)
    inside = next(feed.title for feed in store.feeds.all() if feed.folder == folder)
    async with reader(store) as pilot:
        await until(pilot, lambda: "Alibaba" in labels(pilot))
        assert last not in labels(pilot)
        await keys(pilot, "h", "/", f":{last}", "enter")
        assert last in labels(pilot)
        await keys(pilot, "escape")
        await keys(pilot, "home", *["j"] * labels(pilot).index(folder), "h")
        assert inside not in labels(pilot)
        await keys(pilot, "/", f":{inside}", "enter")
        assert inside in labels(pilot)


async def test_marking_a_feed_read_from_the_left_pane(store: Store) -> None:
    async with reader(store) as pilot:
        await feed_row(pilot, "智能快讯")
        await keys(pilot, "m")
        assert next(feed.unread for feed in store.feeds.all() if feed.title == "智能快讯") == 0
        assert 0 < unread(store) < 178


async def test_a_feed_with_an_error_shows_a_sign_and_says_why(store: Store) -> None:
    feed = next(feed for feed in store.feeds.all() if feed.title == "Lab Notes")
    store.database.run(
        "UPDATE feeds SET status = 'failed', error = 'no answer [b]in 60 s[/b]', failures = 2 WHERE id = ?", (feed.id,)
    )
    async with reader(store, size=(120, 60)) as pilot:
        await feed_row(pilot, "Lab Notes")
        assert "!" in next(line for line in drawn(feeds(pilot)) if "Lab Notes" in line)
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


async def test_g_shows_where_one_can_go_and_goes_there(store: Store) -> None:
    async with reader(store) as pilot:
        assert "since last time" in await keys(pilot, "g")
        await keys(pilot, "escape")
        for letter, query in {
            "s": "is:starred",
            "r": "is:later",
            "t": "on:today",
            "n": "is:new",
            "u": "is:unread",
        }.items():
            await keys(pilot, "g", letter)
            assert ids(pilot) == answer(store, query), query


async def test_g_and_a_letter_that_leads_nowhere_leaves_all_as_it_was(store: Store) -> None:
    async with reader(store) as pilot:
        before = await keys(pilot, "k")
        assert await keys(pilot, "g", "q") == before


async def test_gg_goes_to_the_top_of_the_pane(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "G", "g", "g")
        assert entries(pilot).cursor == 0


# --- finding ---------------------------------------------------------------------------------------------------------


async def test_search_finds_in_both_scripts_and_shows_the_passage(store: Store) -> None:
    async with reader(store) as pilot:
        for words in ("HBM", "出口管制", "开源"):
            await keys(pilot, "S", f":{words}", "enter")
            await until(pilot, lambda words=words: f"▸“{words}”" in lines(pilot.app)[0])  # type: ignore[misc]
            term = parse_query(words, now=MADE_AT).term
            assert ids(pilot) == list(store.search.ids(term, store.condition(term)))
            assert pane(pilot) == "L"
            hit = next(hit for hit in store.search.hits(ids(pilot)[:8], term) if hit.marks)
            start, end = hit.marks[0]
            assert hit.snippet[start:end] in "".join(drawn(entries(pilot))[1::2])


async def test_results_come_while_one_types_and_escape_brings_the_view_back(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "S", ":qwen")
        await until(pilot, lambda: "“qwen”" in lines(pilot.app)[0])
        await keys(pilot, "escape")
        assert ids(pilot) == answer(store, "is:unread")
        assert pane(pilot) == "L"


@pytest.mark.parametrize("key", ["escape", "q"])
async def test_escape_and_q_leave_a_search(store: Store, key: str) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "S", ":qwen", "enter")
        await until(pilot, lambda: "“qwen”" in lines(pilot.app)[0])
        await keys(pilot, key)
        assert ids(pilot) == answer(store, "is:unread")


async def test_a_search_that_was_left_does_not_come_back(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "S", ":qwen", "enter")
        await keys(pilot, "1")
        await pilot.pause(0.25)
        await settle(pilot)
        assert ids(pilot) == answer(store, "")


async def test_half_a_query_is_no_mistake_until_enter(store: Store) -> None:
    async with reader(store) as pilot:
        before = len(ids(pilot))
        await keys(pilot, "S", ":is:nonsense")
        await pilot.pause(0.2)
        assert len(ids(pilot)) == before
        await keys(pilot, "enter")
        assert "nonsense" in status(pilot)


async def test_a_search_without_result_says_so(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "S", ":qqqqzzzz", "enter")
        await settle(pilot)
        assert "nothing here" in screen(pilot.app)
        await keys(pilot, "j", "enter", "m", "s", "n", "space", "H", "a", "e", "o", "y", "Y", "T", "i", "M")
        assert "1/224" in await keys(pilot, "1")


async def test_filter_narrows_the_view_and_a_second_one_the_first(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "/", ":company:alibaba", "enter")
        await settle(pilot)
        assert ids(pilot) == answer(store, "is:unread company:alibaba")
        await keys(pilot, "/", ":lang:zh", "enter")
        assert ids(pilot) == answer(store, "is:unread company:alibaba lang:zh")


async def test_find_in_the_article_goes_from_match_to_match(store: Store) -> None:
    async with reader(store) as pilot:
        await feed_row(pilot, "Pacific Tech Wire")
        await keys(pilot, "enter", "enter", "/", ":the")
        await until(pilot, lambda: article(pilot).finding)
        await keys(pilot, "enter")
        assert pane(pilot) == "A"
        shown, first = entry(pilot, store).id, article(pilot).cursor
        text = article(pilot).doc.text.lower()
        assert text[first:].startswith("the")
        assert "matches" in status(pilot)
        await keys(pilot, "n")
        second = article(pilot).cursor
        assert second > first
        assert text[second:].startswith("the")
        await keys(pilot, "N")
        assert article(pilot).cursor == first
        assert entry(pilot, store).id == shown
        await keys(pilot, "escape", "n")
        assert entry(pilot, store).id != shown


# --- highlights ------------------------------------------------------------------------------------------------------


async def test_h_highlights_the_paragraph_and_once_more_takes_it_away(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "enter", "}")
        span = article(pilot).block_at_cursor()
        assert span is not None
        quote = article(pilot).doc.text[slice(*span)]
        await keys(pilot, "H")
        (highlight,) = store.highlights.of_entry(entry(pilot, store).id)
        assert highlight.quote.exact == quote
        assert (highlight.quote.start, highlight.quote.end) == span
        assert any(line.startswith("▎▌") for line in drawn(article(pilot)))
        assert "✎" in "".join(drawn(entries(pilot)))
        await keys(pilot, "H")
        assert store.highlights.of_entry(entry(pilot, store).id) == ()
        await keys(pilot, "u")
        assert [each.id for each in store.highlights.of_entry(entry(pilot, store).id)] == [highlight.id]


async def test_a_writes_a_note_on_the_highlight(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "enter", "}", "H", "a", ":先看延迟, then price", "ctrl+s")
        (highlight,) = store.highlights.of_entry(entry(pilot, store).id)
        assert highlight.note == "先看延迟, then price"
        await keys(pilot, "a", ":!", "ctrl+s")
        assert store.highlights.of_entry(entry(pilot, store).id)[0].note == "先看延迟, then price!"
        await keys(pilot, "a", ":lost", "escape")
        assert store.highlights.of_entry(entry(pilot, store).id)[0].note == "先看延迟, then price!"


async def test_a_note_that_is_given_up_leaves_no_highlight_behind(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "enter", "}", "a", ":lost", "escape")
        assert store.highlights.of_entry(entry(pilot, store).id) == ()
        await keys(pilot, "a", ":kept", "ctrl+s")
        assert [each.note for each in store.highlights.of_entry(entry(pilot, store).id)] == ["kept"]


async def test_an_article_shows_the_highlights_it_has(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "S", ':"Kimi now has 40"', "enter")
        await until(pilot, lambda: len(ids(pilot)) == 1)
        assert any(line[1] == "#" for line in drawn(article(pilot)))
        await keys(pilot, "enter", "]")
        assert article(pilot).doc.text[article(pilot).cursor :].startswith("Its assistant Kimi now has 40")


async def test_why_shows_the_passages_of_a_tag_and_can_refuse_it(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "S", ':"Kimi now has 40"', "enter")
        await until(pilot, lambda: len(ids(pilot)) == 1)
        (shown,) = ids(pilot)
        tag = store.entries.article(shown).tags[0]
        told = await keys(pilot, "T")
        assert "Why these tags?" in told
        assert tag.evidence[0].rule in told
        await keys(pilot, "enter")
        assert "passage" in status(pilot)
        assert pane(pilot) == "A"
        await keys(pilot, "T", "x")
        assert "How far does that go?" in screen(pilot.app)
        await keys(pilot, "h")
        assert tag not in store.entries.article(shown).tags
        await keys(pilot, "u")
        assert tag.slug in [each.slug for each in store.entries.article(shown).tags]


async def test_export_writes_the_articles_highlights(store: Store, tmp_path: Path) -> None:
    config = replace(QUIET, export=Export(folder=str(tmp_path / "notes")))
    async with reader(store, config=config, commands=Commands(["--db", str(store.path)], None)) as pilot:
        await keys(pilot, "enter", "}", "H", "e")
        await until(pilot, lambda: "exported 1 highlight" in status(pilot), seconds=30)
        (file,) = (tmp_path / "notes").glob("*.md")
        (highlight,) = store.highlights.of_entry(entry(pilot, store).id)
        assert highlight.quote.exact[:20] in file.read_text(encoding="utf-8")
        await keys(pilot, "g", "f", "home", "e")
        await until(pilot, lambda: "11 files written, 1 unchanged" in status(pilot), seconds=30)
        assert len(list((tmp_path / "notes").glob("*.md"))) == 12


async def test_highlights_are_exported_as_they_are_made_and_edits_come_back(store: Store, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    config = replace(QUIET, export=Export(folder=str(notes), automatic=True))
    async with reader(store, config=config, commands=Commands(["--db", str(store.path)], None)) as pilot:
        await until(pilot, lambda: notes.exists() and len(list(notes.glob("*.md"))) == 11, seconds=30)
        await keys(pilot, "enter", "}", "H")
        (highlight,) = store.highlights.of_entry(entry(pilot, store).id)
        await until(pilot, lambda: len(list(notes.glob("*.md"))) == 12, seconds=30)
        (file,) = [path for path in notes.glob("*.md") if highlight.id in path.read_text("utf-8")]
        await until(pilot, lambda: not store.exports.stale(str(notes.resolve())), seconds=30)
        text = file.read_text("utf-8").replace(
            "<!-- tui-reader:end -->", "> [!note]\n> 从文件来\n\n<!-- tui-reader:end -->"
        )
        file.write_text(text, "utf-8")
        # The next change of this article finds the edit.
        await keys(pilot, "{", "H")
        await until(pilot, lambda: "1 edit read back" in status(pilot), seconds=30)
        assert store.highlights.get(highlight.id).note == "从文件来"
        await keys(pilot, "u")
        await until(pilot, lambda: store.highlights.get(highlight.id).note == "")
        await until(pilot, lambda: "从文件来" not in file.read_text("utf-8"), seconds=30)


async def test_leaving_does_not_wait_for_an_export_and_leaves_no_half_of_one(store: Store, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    config = replace(QUIET, export=Export(folder=str(notes)))
    async with reader(store, config=config, commands=Commands(["--db", str(store.path)], None)) as pilot:
        await keys(pilot, "enter", "}", "H")
        press(pilot, "e")
        for _ in range(4):
            await pilot.pause(0)
    assert all(path.read_text("utf-8").endswith("<!-- tui-reader:end -->\n") for path in notes.glob("*.md"))


async def test_an_article_without_highlights_exports_nothing(store: Store, tmp_path: Path) -> None:
    config = replace(QUIET, export=Export(folder=str(tmp_path / "notes")))
    async with reader(store, config=config, commands=Commands([], None)) as pilot:
        assert "no highlights" in await keys(pilot, "e")
        assert not (tmp_path / "notes").exists()


async def test_the_demo_neither_exports_nor_fetches(memory_store: Store) -> None:
    async with reader(memory_store) as pilot:
        assert "the demo" in await keys(pilot, "g", "f", "home", "e")
        await keys(pilot, "R")
        await until(pilot, lambda: "no network" in status(pilot))
        await keys(pilot, "a", ":https://wire.example/feed", "enter")
        await until(pilot, lambda: "cannot add" in status(pilot))
        await keys(pilot, "r")
        await until(pilot, lambda: "nothing to refresh" in status(pilot))


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
    store: Store, size: tuple[int, int], focus: str, shown: set[str]
) -> None:
    async with reader(store, size=size) as pilot:
        await keys(pilot, "g", focus)
        panes = {each.id for each in pilot.app.screen.query("FeedsPane, EntriesPane, ArticlePane") if each.display}
        assert panes == shown
        assert {cells(line) for line in lines(pilot.app)} == {size[0]}


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (20, 5), (8, 3), (1, 1)])
async def test_every_pane_can_be_used_at_any_size(store: Store, size: tuple[int, int]) -> None:
    async with reader(store, size=size) as pilot:
        await keys(pilot, "j", "enter", "}", "H", "space", "q", "h", "j", "l", "tab", "tab", "tab")
        await keys(pilot, "?", "escape", "g", "h", "j", "q", "S", ":a", "escape", "T", "escape", "i", "escape")
        await keys(pilot, "a", "escape", "z", "z", "<", ">")
        assert isinstance(pilot.app.screen, MainScreen)


async def test_the_terminal_may_change_its_size_at_any_time(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "j", "j", "enter", "}")
        cursor, text = article(pilot).cursor, entry(pilot, store).id
        for size in ((60, 20), (1, 1), (200, 60), (80, 24), (120, 36)):
            await pilot.resize_terminal(*size)
            await settle(pilot)
        assert (article(pilot).cursor, entry(pilot, store).id) == (cursor, text)
        assert pane(pilot) == "A"


async def test_keys_make_panes_wider_and_narrower(store: Store) -> None:
    async with reader(store) as pilot:
        before = pilot.app.screen.query_one("#entries-pane").size.width
        await keys(pilot, ">")
        assert pilot.app.screen.query_one("#entries-pane").size.width == before + 4
        await keys(pilot, "<", "<")
        assert pilot.app.screen.query_one("#entries-pane").size.width == before - 4


async def test_zen_shows_the_article_alone(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "z")
        assert pilot.app.screen.query_one("#article-pane").size.width == 120
        await keys(pilot, "J")
        assert pilot.app.screen.query_one("#article-pane").size.width == 120
        assert entries(pilot).cursor == 1
        await keys(pilot, "q")
        assert pilot.app.screen.query_one("#entries-pane").display


async def test_tab_goes_around_the_panes(store: Store) -> None:
    async with reader(store) as pilot:
        seen = []
        for key in ("tab", "tab", "tab", "shift+tab"):
            await keys(pilot, key)
            seen.append(pane(pilot))
        assert seen == ["A", "F", "L", "F"]


async def test_q_goes_back_and_leaves_at_the_top(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "enter", "q")
        assert pane(pilot) == "L"
        assert pilot.app.return_code is None
        await pilot.press("q")
        assert not pilot.app.is_running or pilot.app._exit
        assert pilot.app.return_code == 0


@pytest.mark.parametrize(
    ("pressed", "sign"),
    [("S sox", "Search"), ("/ ohA", "only"), ("g h", "▸Highlights"), ("enter }H", "highlighted"), ("? q j", "2/178")],
)
async def test_keys_typed_ahead_reach_what_the_first_one_opened(store: Store, pressed: str, sign: str) -> None:
    async with reader(store) as pilot:
        first, *rest = pressed.split()
        await keys(pilot, *[first, *"".join(rest)])
        await until(pilot, lambda: sign in screen(pilot.app))
        assert unread(store) == 178
        assert store.entries.count_state("starred") == 11
        assert store.highlights.count() == (13 if sign == "highlighted" else 12)
        if sign in ("Search", "only"):
            assert pilot.app.screen.query_one(Input).value == "".join(rest)


@pytest.mark.parametrize("key", ["Q", "ctrl+q"])
async def test_quitting_works_from_the_article(store: Store, key: str) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "enter")
        await pilot.press(key)
        assert pilot.app._exit


async def test_dates_can_be_iso(store: Store) -> None:
    async with reader(store, config=replace(QUIET, ui=Ui(dates="iso"))) as pilot:
        assert "  2026-11-20 News Mirror" in screen(pilot.app)


async def test_links_of_the_web_alone_are_opened(store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    log = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >> {log}\n')
    browser.chmod(0o755)
    add_entry(store, title="Local", url="file:///etc/passwd", published_at=MADE_AT + timedelta(minutes=5))
    add_entry(store, title="Script", url="javascript:alert(1)", published_at=MADE_AT + timedelta(minutes=4))
    add_entry(store, title="None", url=None, published_at=MADE_AT + timedelta(minutes=3))
    add_entry(store, title="Web", url="https://wire.example/web", published_at=MADE_AT + timedelta(minutes=2))
    async with reader(store, config=replace(QUIET, open=Open(browser=str(browser)))) as pilot:
        assert "not opened" in await keys(pilot, "o")
        assert "not opened" in await keys(pilot, "j", "o")
        assert "no address" in await keys(pilot, "j", "o")
        assert "opening https://wire.example/web" in await keys(pilot, "j", "o")
        await until(pilot, lambda: log.exists() and log.read_text() == "https://wire.example/web\n")


async def test_copying_uses_the_terminals_clipboard(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "y")
        assert pilot.app.clipboard == entry(pilot, store).url
        await keys(pilot, "Y")
        assert pilot.app.clipboard == f"[{entry(pilot, store).title}](<{entry(pilot, store).url}>)"


# --- hostile and empty -----------------------------------------------------------------------------------------------

HOSTILE = (
    "[red]x[/red] [/foo] [@click=app.quit]y[/]",
    "esc \x1b]0;owned\x07 \x1b[2J c1 \x9b31m bidi \u202egnp.exe\u2066 end",
    "tab\tline\nnull\x00 \u2028 \ufeff",
)


@pytest.mark.parametrize(
    ("title", "size"), [*((title, (160, 40)) for title in HOSTILE), ("".join(HOSTILE), (60, 20))], ids="abcd"
)
async def test_hostile_text_is_shown_to_the_letter_without_control_characters(
    store: Store, title: str, size: tuple[int, int]
) -> None:
    # As if it had slipped through the cleaner: the screen is the last guard.
    add_entry(
        store, title=title, author=title, text=title, html="",
        published_at=MADE_AT + timedelta(hours=1), url="https://wire.example/\x1b[2J",
    )  # fmt: skip
    feed = store.feeds.all()[0]
    store.database.run("UPDATE feeds SET title = ?, folder = ? WHERE id = ?", (title, title, feed.id))
    async with reader(store, size=size) as pilot:
        seen = screen(pilot.app)
        steps = ["enter", "} H", "a", "escape i", "escape h h", "g e", "escape g h", "i", "escape q o", "T", "escape S"]
        for pressed in map(str.split, steps):
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
        await keys(pilot, "j", "enter", "}", "H", "m", "s", "A", "n", "N", "space", "M", "T", "o", "y")
        await keys(
            pilot, "g", "h", "j", "enter", "x", "a", "e", "q", "g", "e", "escape", "g", "c", "x", "m", "i", "escape"
        )
        await keys(pilot, "escape")
        assert isinstance(pilot.app.screen, MainScreen)


async def test_a_first_start_without_a_network_says_so_and_offers_the_demo(empty_store: Store) -> None:
    empty_store.feeds.add([OpmlFeed("http://nowhere.invalid/feed.xml")], MADE_AT)
    commands = Commands(["--db", str(empty_store.path)], None)
    async with reader(empty_store, commands=commands, first_start=True) as pilot:
        assert "welcome" in screen(pilot.app)
        await keys(pilot, "R")
        await until(pilot, lambda: "No feed could be reached" in screen(pilot.app))
        assert "nowhere.invalid" in screen(pilot.app)
        shown = await keys(pilot, "escape")
        assert "no entries yet" in shown
        assert "welcome" not in shown
        await keys(pilot, "R")
        await until(pilot, lambda: "No feed could be reached" in screen(pilot.app))
        await keys(pilot, "d")
        assert pilot.app.return_value == DEMO


async def test_entries_without_title_date_or_text_have_something_to_show(store: Store) -> None:
    add_entry(store, title="", text="First words of a short post.", html="<p>First words of a short post.</p>")
    bare = add_entry(store, title="", text="", html="", url=None, published_at=None)
    async with reader(store) as pilot:
        await keys(pilot, "1")
        shown = screen(pilot.app)
        assert "First words of a short post." in shown
        assert "(no title)" in shown
        assert "the feed gives no text" in await keys(pilot, *["j"] * ids(pilot).index(bare), "enter")


# --- what others write -----------------------------------------------------------------------------------------------


async def test_new_entries_come_on_top_and_the_cursor_stays(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "j", "j", "enter", "}")
        before, place = entry(pilot, store).id, article(pilot).cursor
        assert store.path is not None
        with open_store(store.path) as other:
            add_entry(other, title="Fresh from the wire", published_at=MADE_AT + timedelta(minutes=1))
        pilot.app.screen.post_message(StoreChanged())
        await settle(pilot)
        assert store.entries.rows(ids(pilot)[:1])[0].title == "Fresh from the wire"
        assert (entry(pilot, store).id, article(pilot).cursor) == (before, place)
        assert "4/179" in screen(pilot.app)


async def test_entries_that_come_take_their_place_by_date(store: Store) -> None:
    async with reader(store) as pilot:
        before = ids(pilot)
        days_ago = entry(pilot, store).published_at - timedelta(days=9)
        assert store.path is not None
        with open_store(store.path) as other:
            late = add_entry(other, title="Told late", published_at=days_ago)
        pilot.app.screen.post_message(StoreChanged())
        await settle(pilot)
        after = ids(pilot)
        assert after.index(late) > 1
        assert after == answer(store, "is:unread")
        assert [each for each in after if each != late] == before


async def test_what_comes_far_down_the_list_is_taken_in_too(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry_list, "FIRST_IDS", 20)
    async with reader(store) as pilot:
        await keys(pilot, "j", "j")
        before = entry(pilot, store).id
        assert store.path is not None
        with open_store(store.path) as other:
            for days in (0, 30, 3000):
                title, url = f"{days} days old", f"https://wire.example/{days}"
                add_entry(other, title=title, url=url, published_at=MADE_AT - timedelta(days=days))
        pilot.app.screen.post_message(StoreChanged())
        await settle(pilot)
        assert ids(pilot) == answer(store, "is:unread")
        assert entry(pilot, store).id == before
        assert "/181" in screen(pilot.app)


async def test_undoing_an_unsubscription_gives_the_list_back_as_it_was(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "1")
        before = ids(pilot)
        await keys(pilot, "h", "G", "x", "y", "1")
        assert len(ids(pilot)) < len(before)
        await keys(pilot, "u")
        pilot.app.screen.post_message(StoreChanged())
        await settle(pilot)
        assert ids(pilot) == before


async def test_the_app_looks_for_what_others_wrote(store: Store) -> None:
    async with reader(store, commands=Commands([], None)) as pilot:
        assert store.path is not None
        with open_store(store.path) as other:
            other.entries.mark([entry(pilot, store).id], "starred", value=True, now=MADE_AT)
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
            assert isinstance(pilot.app.screen, MainScreen)


# --- pictures --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=["120x36", "80x24"])
async def test_the_screen_looks_as_it_did(store: Store, size: tuple[int, int]) -> None:
    async with reader(store, size=size) as pilot:
        await keys(pilot, "j", "j")
        await until(pilot, lambda: "Alibaba" in labels(pilot))
        check_snapshot(pilot.app, f"list-{size[0]}x{size[1]}")
        await keys(pilot, "S", ":利用率", "enter")
        await until(pilot, lambda: len(ids(pilot)) == 1)
        await keys(pilot, "enter", "]")
        check_snapshot(pilot.app, f"article-{size[0]}x{size[1]}")
        await keys(pilot, "g", "h", "j", "j")
        quote = store.highlights.all()[2].quote.exact
        await until(pilot, lambda: article(pilot).doc.text[article(pilot).cursor :].startswith(quote))
        check_snapshot(pilot.app, f"highlights-{size[0]}x{size[1]}")


async def test_an_entry_that_the_keep_rules_remove_leaves_the_screen(store: Store) -> None:
    async with reader(store) as pilot:
        rows = pilot.app.screen.list.rows  # type: ignore[attr-defined]
        with open_store(store.path) as other:  # type: ignore[arg-type]
            other.retention.remove(list(rows.ids[:2]))
        pilot.app._look()  # type: ignore[attr-defined]
        await settle(pilot)
        shown = await keys(pilot, "j", "m", "s", "d", "T")
        assert "(no longer in the store)" in shown
        assert article(pilot).doc.text == ""
        await keys(pilot, "escape", "J")
        assert article(pilot).doc.text


async def test_marking_above_passes_over_what_the_keep_rules_removed(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "1", "j", "j", "j")
        above = ids(pilot)[:3]
        assert store.path is not None
        with open_store(store.path) as other:
            other.retention.remove(above[:1])
        await keys(pilot, "M")
        assert "read" in status(pilot)
        assert "error" not in status(pilot)
        assert all(entry.read for entry in store.entries.rows(above[1:]))


async def test_what_calms_the_collector_ends_with_the_application(store: Store) -> None:
    before = gc.get_threshold()
    async with reader(store):
        calm_the_collector()
        assert gc.get_freeze_count() > 0
    assert (gc.get_freeze_count(), gc.get_threshold()) == (0, before)
