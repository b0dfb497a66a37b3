from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from samples import FEED_URL, NOW, entry, later, save, subscribe

from tui_reader.errors import NotFoundError
from tui_reader.model import Highlight, Tag
from tui_reader.query import parse_query
from tui_reader.store import Store, open_store

TEXT = (
    "The foundry will double its output of memory stacks by spring. Its chief said that demand has not slowed. "
    "Two buyers have paid for the whole of next year in advance, she added."
)
QUOTE = "demand has not slowed"


def highlight(store: Store, text: str = TEXT, quote: str = QUOTE, **given: object) -> Highlight:
    (entry_id,) = save(store, entry("memory", "Memory is sold out", text))
    article = store.entries.article(entry_id)
    start = article.text.index(quote)
    return store.highlights.add(article, start, start + len(quote), now=NOW, **given)  # type: ignore[arg-type]


def state(store: Store) -> str:
    (each,) = store.highlights.all()
    return each.state


def test_it_is_on_the_disk_once_made(store: Store, db: Path) -> None:
    made = highlight(store, note="Ask who the two are.", kind="claim", tags=["hbm", "存储"])
    with open_store(db) as other:
        assert other.highlights.get(made.id) == made
    assert (made.quote.exact, made.state, made.kind, made.tags) == (QUOTE, "anchored", "claim", ("hbm", "存储"))
    assert TEXT[made.quote.start : made.quote.end] == QUOTE
    assert TEXT[: made.quote.start].endswith(made.quote.prefix)
    assert TEXT[made.quote.end :].startswith(made.quote.suffix)
    assert (made.made_at, made.version_id) == (NOW, store.entries.article(made.entry_id).version_id)


def test_it_keeps_a_copy_of_its_source(store: Store) -> None:
    subscribe(store, title="Harbour Weekly")
    made = highlight(store)
    store.tags.save(made.entry_id, [Tag("company", "sk-hynix", "SK hynix")], "v1")
    (kept,) = store.highlights.all()
    source = kept.source
    assert (source.title, source.feed_title, source.feed_url) == ("Memory is sold out", "Harbour Weekly", FEED_URL)
    assert (source.url, source.author, source.lang) == ("https://harbour.example/memory", "Mara Ellison", "en")
    assert source.companies == ("sk-hynix",)


@pytest.mark.parametrize(
    ("edited", "expected"),
    [
        (f"Updated on Friday. {TEXT}", "anchored"),
        (TEXT.replace(QUOTE, "demand has still not slowed"), "moved"),
        ("The company has withdrawn this announcement and apologises to its readers.", "orphan"),
    ],
)
def test_after_an_edit_it_is_found_again_or_lost_but_never_gone(store: Store, edited: str, expected: str) -> None:
    made = highlight(store, note="Keep.")
    save(store, entry("memory", "Memory is sold out", edited))
    (kept,) = store.highlights.all()
    assert (kept.state, kept.id, kept.note, kept.quote) == (expected, made.id, "Keep.", made.quote)
    save(store, entry("memory", "Memory is sold out", TEXT))
    assert state(store) == "anchored"


def test_taking_a_note_back_does_not_take_back_what_became_of_the_article(store: Store) -> None:
    made = highlight(store)
    changed = store.highlights.change(made, now=later(minutes=1), note="Who are the buyers?", kind="question")
    assert (changed.note, changed.kind, changed.changed_at) == ("Who are the buyers?", "question", later(minutes=1))
    save(store, entry("memory", text="All of it is gone."))
    # The screen still holds the highlight as it was before the edit.
    store.highlights.change(changed, now=later(minutes=2), tags=["hbm"])
    assert state(store) == "orphan"
    store.undo(later(minutes=3))
    store.undo(later(minutes=4))
    (kept,) = store.highlights.all()
    assert (kept.note, kept.kind, kept.tags, kept.state) == ("", "", (), "orphan")


def test_a_highlight_that_comes_back_by_undo_is_sought_in_the_text_of_today(store: Store) -> None:
    made = highlight(store)
    store.highlights.remove(made, now=NOW)
    assert store.highlights.all() == ()
    save(store, entry("memory", text="All of it is gone."))
    undone = store.undo(NOW)
    assert undone is not None
    assert (undone.description, undone.entry_ids) == (f"removed the highlight “{QUOTE}”", (made.entry_id,))
    assert state(store) == "orphan"
    store.redo(NOW)
    assert store.highlights.count() == 0


def test_undo_of_making_one(store: Store) -> None:
    made = highlight(store)
    assert store.entries.rows([made.entry_id])[0].highlights == 1
    store.undo(NOW)
    assert store.entries.rows([made.entry_id])[0].highlights == 0
    store.redo(NOW)
    assert store.highlights.get(made.id) == made


def test_highlights_of_an_entry_are_in_order_of_its_text_and_all_newest_first(store: Store) -> None:
    (entry_id,) = save(store, entry("memory", text=TEXT))
    article = store.entries.article(entry_id)
    for minutes, start in enumerate((60, 0, 30)):
        store.highlights.add(article, start, start + 20, now=later(minutes=minutes))
    assert [each.quote.start for each in store.highlights.of_entry(entry_id)] == [0, 30, 60]
    assert [each.quote.start for each in store.highlights.all()] == [30, 0, 60]
    assert len(store.entries.article(entry_id).highlights) == 3


def test_white_space_is_no_highlight(store: Store) -> None:
    (entry_id,) = save(store, entry("memory", text="One. Two."))
    with pytest.raises(ValueError, match="empty"):
        store.highlights.add(store.entries.article(entry_id), 4, 5, now=NOW)
    assert store.highlights.count() == 0


def test_an_unknown_one_is_named(store: Store) -> None:
    with pytest.raises(NotFoundError, match="no highlight abcdefghij"):
        store.highlights.get("abcdefghij")


def test_the_database_itself_refuses_to_lose_what_a_highlight_hangs_on(store: Store, db: Path) -> None:
    made = highlight(store)
    with sqlite3.connect(db) as raw:
        raw.execute("PRAGMA foreign_keys = ON")
        for table in ("entries", "versions"):
            with pytest.raises(sqlite3.IntegrityError):
                raw.execute(f"DELETE FROM {table}")
    assert store.highlights.get(made.id)


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("", True),
        ("slowed", True),
        ("BUYERS", True),
        ("memory", True),
        ("kind:claim", True),
        ("kind:fact", False),
        ("tag:存儲", True),
        ("tag:hb", False),
        ("feed:harbour", True),
        ("title:sold", True),
        ("author:ellison", True),
        ("company:sk-hynix", True),
        ("company:micron", False),
        ("lang:en", True),
        ("-feed:harbour", False),
        ("is:unread", True),
        ("-slowed", False),
        ("oranges or slowed", True),
        ("near(demand slowed, 4)", True),
        ("on:2026-11-20", True),
        ("before:2026-11-20", False),
    ],
)
def test_queries_over_highlights(store: Store, query: str, *, fits: bool) -> None:
    made = highlight(store, note="Which buyers?", kind="claim", tags=["hbm", "存储"])
    store.tags.save(made.entry_id, [Tag("company", "sk-hynix", "SK hynix")], "v1")
    found = store.highlights.all(store.highlight_condition(parse_query(query, now=NOW).term))
    assert [each.id for each in found] == ([made.id] if fits else [])


def test_highlights_of_a_view(store: Store) -> None:
    made = highlight(store)
    assert store.highlights.of_entries(store.condition(None)) == (made,)
    read = store.condition(parse_query("is:read", now=NOW).term)
    assert store.highlights.of_entries(read) == ()
