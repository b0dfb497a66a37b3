"""`d`: what the publisher of an article changed."""

from __future__ import annotations

import pytest
from driving import article, entries, keys, reader, screen, status
from textual.content import Content

from tui_reader.demo import MADE_AT
from tui_reader.model import CleanEntry, Version
from tui_reader.store import Store
from tui_reader.ui.screens.edits import edits_content

LONG = "Nothing of this was touched, word by word. " * 30


def edited(store: Store, *texts: str, title: str = "Pier prices") -> int:
    """The newest entry of the demo, in these texts one after the other. → its id."""
    (feed, *_) = store.feeds.all()
    for text in texts:
        made = CleanEntry("edited", None, title, "", "en", MADE_AT, f"<p>{text}</p>", text)
        saved = store.arrivals.save(feed.id, [made], MADE_AT)
        title += "!"
    return next(iter(saved.updated or saved.new))


@pytest.mark.parametrize("pane", ["list", "article"])
async def test_d_shows_what_changed_and_d_closes_it(store: Store, pane: str) -> None:
    edited(store, f"{LONG}It costs 3 cents.", f"{LONG}It costs 5 cents.")
    async with reader(store) as pilot:
        assert "~\N{NO-BREAK SPACE}edited\N{NO-BREAK SPACE}(d)" in screen(pilot.app)
        if pane == "article":
            await keys(pilot, "enter")
        shown = await keys(pilot, "d")
        assert "What changed since 2026-11-20" in shown
        assert "Pier prices!" in shown
        assert "… " in shown
        assert "3 5 cents." in shown
        assert "[ ]" not in shown
        assert "What changed" not in await keys(pilot, "d")


async def test_earlier_texts_can_be_compared_too(store: Store) -> None:
    edited(store, "It costs 3 cents.", "It costs 5 cents.", "It costs 7 cents.")
    async with reader(store, size=(80, 24)) as pilot:
        assert "It costs 5 7 cents." in await keys(pilot, "d")
        shown = await keys(pilot, "[", "[")
        assert "It costs 3 7 cents." in shown
        assert "1 of 3" in shown
        assert "2 of 3" in await keys(pilot, "]", "]")


async def test_it_compares_with_what_was_read_and_the_list_marks_it(store: Store) -> None:
    entry_id = edited(store, "It costs 3 cents.")
    store.entries.mark([entry_id], "read", value=True, now=MADE_AT)
    edited(store, "It costs 3 cents.", "It costs 5 cents.", "It costs 7 cents.")
    async with reader(store) as pilot:
        await keys(pilot, "1")
        assert entries(pilot).render_line(0).text[2] == "~"
        shown = await keys(pilot, "d")
        assert "It costs 3 7 cents." in shown
        assert "which you know" in shown


async def test_what_was_not_edited_says_so(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "d")
        assert "not edited" in status(pilot)
        assert article(pilot).doc.text


async def test_hostile_text_is_no_markup(store: Store) -> None:
    edited(store, "It costs [red]3[/red] \x1b[31mcents.", "It costs [red]5[/red] \x1b[31mcents.")
    async with reader(store) as pilot:
        shown = await keys(pilot, "d")
        assert "It costs [red]3 5[/red] [31mcents." in shown
        assert "\x1b" not in shown


def spans(content: Content) -> list[tuple[str, str]]:
    return [(content.plain[span.start : span.end], str(span.style)) for span in content.spans]


def test_what_went_and_what_came_differ_without_colour() -> None:
    old, new = (Version(number, "", f"It costs {number} cents.", "feed", MADE_AT, False) for number in (3, 5))
    assert spans(edits_content(old, new)) == [("3", "strike $error"), ("5", "bold underline $success")]
    assert edits_content(new, new).plain == "nothing"


def test_unchanged_text_is_cut_between_words_and_keeps_its_spaces() -> None:
    before, after = "word " * 60, " yuan each" + " word" * 60
    old, new = (Version(number, "", f"{before}0.{number}{after}", "feed", MADE_AT, False) for number in (3, 5))
    assert edits_content(old, new).plain == "… " + "word " * 23 + "0.3 0.5 yuan each" + " word" * 21 + " … "
