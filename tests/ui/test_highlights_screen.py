"""The highlights screen: all that was marked, beside its article; filter, note, remove, undo, jump, export."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from driving import QUIET, article, drawn, ids, keys, pane, reader, screen, settle, status, until
from textual.pilot import Pilot

from tui_reader.config import Export
from tui_reader.demo import MADE_AT
from tui_reader.model import CleanEntry, Highlight
from tui_reader.query import parse_query
from tui_reader.store import Store, open_store
from tui_reader.ui.background import Commands
from tui_reader.ui.messages import StoreChanged
from tui_reader.ui.screens.highlights import HighlightsScreen
from tui_reader.ui.screens.main import MainScreen
from tui_reader.ui.widgets.highlight_rows import HighlightRows
from tui_reader.ui.widgets.virtual_list import VirtualList


def rows(pilot: Pilot[str]) -> VirtualList:
    return pilot.app.screen.query_one("#highlights", VirtualList)


def listed(pilot: Pilot[str]) -> list[Highlight]:
    shown = rows(pilot).rows
    found = [shown.highlight(index) for index in range(len(shown))] if isinstance(shown, HighlightRows) else []
    return [each for each in found if each is not None]


async def test_all_highlights_are_listed_newest_first_beside_their_passage(store: Store) -> None:
    async with reader(store) as pilot:
        shown = await keys(pilot, "g", "h")
        assert isinstance(pilot.app.screen, HighlightsScreen)
        assert [each.id for each in listed(pilot)] == [each.id for each in store.highlights.all()]
        first = listed(pilot)[0]
        assert first.quote.exact[:20] in shown
        assert f"✎ {first.note[:20]}" in shown
        assert first.source.title[:15] in shown
        passage = article(pilot)
        assert passage.doc.text[passage.cursor :].startswith(first.quote.exact)
        assert any(line.startswith("▎!") for line in drawn(passage))


async def test_the_passage_follows_the_cursor(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "g", "h")
        for key in ("j", "J", "G", "k", "K", "home"):
            await keys(pilot, key)
            quote = listed(pilot)[rows(pilot).cursor].quote.exact
            await until(pilot, lambda q=quote: article(pilot).doc.text[article(pilot).cursor :].startswith(q))  # type: ignore[misc]


async def test_highlights_of_one_article_go_from_passage_to_passage_in_it(store: Store) -> None:
    of_one = store.entries.article(store.highlights.all()[0].entry_id)
    text = of_one.text
    first = store.highlights.add(of_one, 0, text.index("."), now=MADE_AT + timedelta(days=1))
    last = store.highlights.add(of_one, text.rindex(" ", 0, -20) + 1, len(text), now=MADE_AT + timedelta(days=2))
    async with reader(store) as pilot:
        await keys(pilot, "g", "h")
        assert [each.id for each in listed(pilot)][:2] == [last.id, first.id]
        doc = article(pilot).doc
        await keys(pilot, "j")
        await until(pilot, lambda: article(pilot).cursor == first.quote.start)
        assert article(pilot).doc is doc  # laid out once: that takes longer than a key may
        await keys(pilot, "3")
        assert {mark.id: mark.sign for mark in article(pilot).marks}[first.id] == "#"
        await keys(pilot, "k")
        await until(pilot, lambda: article(pilot).cursor == last.quote.start)
        # What its publisher changes meanwhile is another text.
        store.arrivals.save_page(of_one.entry.id, html="<p>All new.</p>", text="All new.", now=MADE_AT)
        pilot.app.screen.post_message(StoreChanged())
        await until(pilot, lambda: article(pilot).doc.text == "All new.")


async def test_the_list_is_filtered_as_one_types(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "g", "h", "/", ":kind:number")
        expected = store.highlights.all(store.highlight_condition(parse_query("kind:number", now=MADE_AT).term))
        assert 0 < len(expected) < 12
        assert [each.id for each in listed(pilot)] == [each.id for each in expected]
        await keys(pilot, "enter")
        assert pane(pilot) == "H"
        await keys(pilot, "escape")
        assert len(listed(pilot)) == 12


async def test_chinese_words_are_found_in_quotes_and_notes(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "g", "h", "/", ":利用率", "enter")
        assert [each.quote.exact[:3] for each in listed(pilot)] == ["利用率"]


async def test_a_filter_that_fits_nothing_says_so(store: Store) -> None:
    async with reader(store) as pilot:
        assert "no highlight fits" in await keys(pilot, "g", "h", "/", ":qqqzzz", "enter")
        await keys(pilot, "j", "enter", "x", "a", "e", "i", "o", "y", "Y", "space", "b")
        assert isinstance(pilot.app.screen, HighlightsScreen)


async def test_a_wrong_query_is_reported_on_enter(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "g", "h", "/", ":is:nonsense", "enter")
        assert "nonsense" in status(pilot)


async def test_a_note_is_edited_and_undone(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "g", "h", "j")
        highlight = listed(pilot)[1]
        await keys(pilot, "a", ": 复查", "ctrl+s")
        assert store.highlights.get(highlight.id).note == f"{highlight.note} 复查"
        assert rows(pilot).cursor == 1
        await keys(pilot, "u")
        assert store.highlights.get(highlight.id).note == highlight.note
        await keys(pilot, "U", "a", ":x", "escape")
        assert store.highlights.get(highlight.id).note == f"{highlight.note} 复查"


async def test_a_highlight_is_removed_and_comes_back_with_undo(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "g", "h", "j", "j")
        gone = listed(pilot)[2]
        shown = await keys(pilot, "x")
        assert "u undoes" in shown
        assert gone.id not in [each.id for each in listed(pilot)]
        assert store.highlights.count() == 11
        await keys(pilot, "u")
        assert store.highlights.get(gone.id) == gone
        assert [each.id for each in listed(pilot)][2] == gone.id


async def test_enter_jumps_to_the_passage_in_its_article(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "g", "h", "G", "k")
        highlight = listed(pilot)[-2]
        await keys(pilot, "enter")
        assert isinstance(pilot.app.screen, MainScreen)
        assert pane(pilot) == "A"
        assert article(pilot).doc.text[article(pilot).cursor :].startswith(highlight.quote.exact)
        assert highlight.entry_id in ids(pilot)
        assert any(line.startswith("▎!") for line in drawn(article(pilot)))
        await keys(pilot, "J")
        assert article(pilot).doc.text != store.entries.article(highlight.entry_id).text


async def test_q_goes_back_and_the_main_screen_knows_what_changed(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "enter", "}", "H", "g", "h", "x", "q")
        assert isinstance(pilot.app.screen, MainScreen)
        assert not article(pilot).marks
        assert "Highlights         12" in screen(pilot.app)


async def test_g_leads_from_the_highlights_to_other_views(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "g", "h", "g", "s")
        await until(pilot, lambda: isinstance(pilot.app.screen, MainScreen))
        await until(pilot, lambda: len(ids(pilot)) == 11)


async def test_those_that_are_listed_are_exported(store: Store, tmp_path: Path) -> None:
    config = replace(QUIET, export=Export(folder=str(tmp_path / "notes")))
    commands = Commands(["--db", str(store.path)], None)
    async with reader(store, config=config, commands=commands, size=(240, 36)) as pilot:
        # Typed ahead: each key goes to what the one before it opens.
        await keys(pilot, "g", "h", "/", ":kind:question", "enter", "e")
        await until(pilot, lambda: "exported" in status(pilot), seconds=30)
        files = list((tmp_path / "notes").glob("*.md"))
        assert len(files) == 1
        assert "一块成品卡里的内存" in files[0].read_text(encoding="utf-8")
        await keys(pilot, "e")
        await until(pilot, lambda: "1 unchanged" in status(pilot), seconds=30)


async def test_a_passage_that_is_gone_from_its_article_keeps_its_quote(store: Store) -> None:
    highlight = store.highlights.all()[0]
    store.arrivals.save_page(highlight.entry_id, html="<p>All new.</p>", text="All new.", now=MADE_AT)
    async with reader(store) as pilot:
        shown = await keys(pilot, "g", "h")
        assert "orphan" in shown
        assert highlight.quote.exact[:20] in shown
        assert "no longer in the article" in shown
        await keys(pilot, "enter")
        assert article(pilot).doc.text == "All new."


async def test_what_others_highlight_appears(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "g", "h", "j")
        before = listed(pilot)[1].id
        assert store.path is not None
        with open_store(store.path) as other:
            made = other.highlights.add(other.entries.article(ids_of(other)[0]), 0, 10, now=MADE_AT)
        pilot.app.screen.post_message(StoreChanged())
        await settle(pilot)
        assert made.id in [each.id for each in listed(pilot)]
        assert listed(pilot)[rows(pilot).cursor].id == before


def ids_of(store: Store) -> list[int]:
    return list(store.entries.ids(store.condition(None)))


async def test_copying_takes_the_address_or_the_quote_as_markdown(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "g", "h", "y")
        first = listed(pilot)[0]
        assert pilot.app.clipboard == first.source.url
        await keys(pilot, "Y")
        assert first.quote.exact[:20] in pilot.app.clipboard
        assert pilot.app.clipboard.startswith(">")


async def test_info_and_help_are_about_highlights(store: Store) -> None:
    async with reader(store, size=(120, 80)) as pilot:
        told = await keys(pilot, "g", "h", "i")
        assert "found in the article" in told
        assert store.highlights.all()[0].id in told
        told = await keys(pilot, "escape", "?")
        assert "remove the highlight" in told


async def test_a_hostile_quote_and_note_are_shown_to_the_letter(store: Store) -> None:
    text = "[red]x[/red] [/foo] \x1b]0;owned\x07 end"
    feed = store.feeds.all()[0]
    entry = CleanEntry("hostile", None, text, text, "en", MADE_AT, "", text)
    (entry_id,) = store.arrivals.save(feed.id, [entry], MADE_AT).new
    store.highlights.add(store.entries.article(entry_id), 0, len(text), now=MADE_AT, note=text, tags=["[b]"])
    async with reader(store, size=(160, 40)) as pilot:
        for pressed in (["g", "h"], ["i"], ["escape", "a"], ["escape", "enter"]):
            shown = await keys(pilot, *pressed)
            assert "\x1b" not in shown
            assert "\x07" not in shown
            assert "[red]x[/red] [/foo]" in shown


async def test_an_empty_screen_says_how_to_begin(empty_store: Store) -> None:
    async with reader(empty_store) as pilot:
        shown = await keys(pilot, "g", "h")
        assert "no highlights yet" in shown
        await keys(pilot, "j", "G", "enter", "x", "a", "e", "i", "o", "u", "y", "Y", "l", "h", "space", "tab")
        assert isinstance(pilot.app.screen, HighlightsScreen)


# --- groups, orders, changes -----------------------------------------------------------------------------------------


async def test_they_are_grouped_with_counts(store: Store) -> None:
    async with reader(store) as pilot:
        shown = await keys(pilot, "g", "h", "c", "k")
        assert "Highlights · by kind" in shown
        kinds = [each.kind for each in listed(pilot)]
        assert kinds == sorted(kinds, key=lambda kind: (not kind, kind))
        assert f"claims · {kinds.count('claim')}" in shown
        await keys(pilot, "c", "c")
        companies = [each.group for each in rows(pilot).rows.listed]  # type: ignore[attr-defined]
        assert len(companies) > 12
        assert "alibaba" in companies
        # One of several companies stands in each of their groups, and the cursor keeps its place.
        await keys(pilot, "G")
        at = rows(pilot).cursor
        await keys(pilot, "1", "u")
        assert rows(pilot).cursor == at
        assert "by company" not in await keys(pilot, "c", "n")


async def test_they_are_sorted(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "g", "h", "s", "o")
        assert [each.id for each in listed(pilot)] == [each.id for each in reversed(store.highlights.all())]
        await keys(pilot, "s", "escape", "s", "n")
        assert [each.id for each in listed(pilot)] == [each.id for each in store.highlights.all()]


async def test_kind_tags_and_day_are_changed_and_undone(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "g", "h")
        first = listed(pilot)[0]
        await keys(pilot, "3")
        assert store.highlights.get(first.id).kind == "number"
        await keys(pilot, "t", ":, memory", "enter")
        assert store.highlights.get(first.id).tags == (*first.tags, "memory")
        shown = await keys(pilot, "d", ":today", "enter")
        assert (store.highlights.get(first.id).kind, store.highlights.get(first.id).check_by) == (
            "claim",
            MADE_AT.date(),
        )
        assert "DUE 2026-11-20" in shown
        assert "1 due" in shown
        await keys(pilot, "/", ":is:due", "enter")
        assert [each.id for each in listed(pilot)] == [first.id]
        await keys(pilot, "u", "u", "u", "escape")
        assert store.highlights.get(first.id) == first


async def test_a_dialog_that_is_given_up_changes_nothing(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "g", "h", "t", ":x", "escape", "d", "escape", "c", "escape")
        assert "Nothing" not in screen(pilot.app)
        assert [each.id for each in listed(pilot)] == [each.id for each in store.highlights.all()]
        assert store.undo(MADE_AT) is None


async def test_only_those_on_screen_are_read(store: Store) -> None:
    entry_id = store.highlights.all()[0].entry_id
    found = store.entries.article(entry_id)
    for index in range(600):
        store.highlights.add(found, index % 50, index % 50 + 9, now=MADE_AT)
    async with reader(store) as pilot:
        await keys(pilot, "g", "h")
        await until(pilot, lambda: len(rows(pilot).rows) == 612)
        shown = rows(pilot).rows
        assert isinstance(shown, HighlightRows)
        assert len(shown._fetched) < 100
        await keys(pilot, "G")
        assert shown.highlight(611) == store.highlights.all()[-1]
        # A change keeps the place in the long list, and a word is sought in all of it.
        await keys(pilot, "1")
        await until(pilot, lambda: store.highlights.all()[-1].kind == "fact")
        assert rows(pilot).cursor == 611
        await keys(pilot, "/", ":kind:question", "enter")
        await until(pilot, lambda: len(rows(pilot).rows) < 12)
